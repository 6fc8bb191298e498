package simulate

import (
	"fmt"
	"strings"
)

// assumed says what was supposed, with the configuration given or the log's.
func (a *Answer) assumed(given bool) string {
	var b strings.Builder
	var drawn string
	if a.Demand != nil {
		days := "1 giorno"
		if n := a.Demand.Learned; n != 1 {
			days = fmt.Sprintf("%d giorni", n)
		}
		drawn = "a caso, quanti se ne attendono per giorno della settimana, ora, mese e festività vicine, secondo " + days + " di storico"
	}
	b.WriteString("Si è supposto: ")
	switch a.Drawn {
	case 0:
		b.WriteString("arrivi e tempi allo sportello come nel registro")
	case a.Days:
		b.WriteString("arrivi " + drawn)
	default:
		missing := "in 1 giorno che manca"
		if a.Drawn > 1 {
			missing = fmt.Sprintf("nei %d giorni che mancano", a.Drawn)
		}
		fmt.Fprintf(&b, "arrivi e tempi allo sportello come nel registro, e %s %s", missing, drawn)
	}
	if given {
		b.WriteString("; canali, sportelli e regole di chiamata della configurazione")
	} else {
		b.WriteString("; canali e sportelli del registro, chiamando per ordine d'arrivo")
	}
	b.WriteString("; a uno sportello c'è qualcuno finché ha lavorato, tranne quando, senza chiamare nessuno, ha fatto aspettare qualcuno; " +
		"chi se n'è andato aspetta quanto ha aspettato, chi è stato chiamato può andarsene più tardi come gli altri; chi era assente lo resta; " +
		"alla chiusura si serve chi ha il biglietto")
	if a.Asked > 0 || a.More != 0 {
		b.WriteString("; togliendone restano gli sportelli più usati, aggiungendone il primo nuovo lavora come il più usato, il secondo come il secondo, e così via")
	}
	if a.Target > 0 {
		b.WriteString("; il piano è senza pause, ed è il più piccolo da cui non si può togliere uno sportello in nessuna ora")
	}
	fmt.Fprintf(&b, ". Ciò che il registro non dice è tirato a sorte con il seme %d.", a.Seed)
	return b.String()
}

package queue

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/eliminacode/eliminacode/pkg/calendar"
)

// Configure replaces the office's configuration.
type Configure struct {
	Config *Config
	// Version is the one that the change was made from; 0 for an office's first.
	Version int64
	// Move says where those go who wait for a channel that the new configuration
	// lacks, or are to return to it.
	Move map[ChannelID]ChannelID
}

func (a Configure) decide(s *State, d *decision) error {
	if a.Config == nil {
		return refuseField("config", "Manca la configurazione.", "The configuration is missing.")
	}
	if faults := a.Config.Validate(); len(faults) > 0 {
		r := refuse(Invalid, "La configurazione ha errori: "+faults[0].String("it"), "The configuration has faults: "+faults[0].String("en"))
		r.Faults = faults
		return r
	}
	var version int64
	if s.Config != nil {
		version = s.Config.Version
	}
	if a.Version != version {
		return refuse(Conflict,
			fmt.Sprintf("La configurazione è cambiata nel frattempo (versione %d): ricaricarla e ripetere la modifica.", version),
			fmt.Sprintf("The configuration has changed meanwhile (version %d): load it again and repeat the change.", version))
	}
	if err := a.keepsTickets(s); err != nil {
		return err
	}
	next := *a.Config
	next.Version = version + 1
	since, err := a.figuresSince(s, d)
	if err != nil {
		return err
	}
	next.OperatorFigures.Since = since
	d.emit(Event{Kind: ConfigChanged, Config: &next, Move: a.Move})
	if s.Config == nil {
		if loc, err := next.Location(); err == nil {
			d.now = d.now.In(loc)
		}
		d.emit(Event{Kind: DayStarted, Day: calendar.DateOf(d.now)})
	}
	return nil
}

// figuresSince returns when the figures by operator were switched on. Only a
// person may do that, whose name is then in the journal.
func (a Configure) figuresSince(s *State, d *decision) (time.Time, error) {
	switch {
	case !a.Config.OperatorFigures.Enabled:
		return time.Time{}, nil
	case s.Config != nil && s.Config.OperatorFigures.Enabled:
		return s.Config.OperatorFigures.Since, nil
	case d.cmd.By != "dev" && !strings.HasPrefix(d.cmd.By, "user/"):
		return time.Time{}, refuseField("operator_figures.enabled",
			"Solo un amministratore, entrando con il proprio nome, può accendere le cifre per operatore di una sede che c'è già (PUT /config).",
			"Only an administrator who is signed in by name can switch on the figures by operator, of an office that is there already (PUT /config).")
	}
	return d.now, nil
}

// keepsTickets refuses a change that would lose somebody: who waits for a
// removed channel must be told where to go, and no counter vanishes under a citizen.
func (a Configure) keepsTickets(s *State) error {
	for _, from := range slices.Sorted(maps.Keys(a.Move)) {
		if to := a.Move[from]; a.Config.Channel(to) == nil {
			return unknownChannel(to)
		}
	}
	lost := map[ChannelID]int{}
	for _, t := range s.live() {
		for _, id := range []ChannelID{t.Channel, t.Back} {
			if _, moved := a.Move[id]; id != "" && !moved && a.Config.Channel(id) == nil {
				lost[id]++
			}
		}
		if (t.State == Called || t.State == Serving) && a.Config.Counter(t.Counter) == nil {
			return refuse(Conflict,
				fmt.Sprintf("Allo sportello %s c'è ancora qualcuno%s: concludere la visita prima di togliere lo sportello.", t.Counter, with(t.Number)),
				fmt.Sprintf("Somebody%s is still at counter %s: finish the visit before removing the counter.", with(t.Number), t.Counter))
		}
	}
	if len(lost) == 0 {
		return nil
	}
	names := make([]string, 0, len(lost))
	for _, id := range slices.Sorted(maps.Keys(lost)) {
		names = append(names, fmt.Sprintf("%s (%d)", id, lost[id]))
	}
	list := strings.Join(names, ", ")
	r := refuse(Conflict,
		"Ci sono persone in attesa nei canali tolti: "+list+". Indicare in «move» in quale canale passano.",
		"People are waiting in the removed channels: "+list+". Say in “move” to which channel they go.")
	r.Field = "move"
	return r
}

// with gives a ticket's number as it stands within a sentence; a visit without a ticket has none.
func with(number string) string {
	if number == "" {
		return ""
	}
	return " (" + number + ")"
}

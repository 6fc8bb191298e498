package queue

import "github.com/eliminacode/eliminacode/pkg/calendar"

// Default returns the configuration of a new installation: the public-relations
// office of Empoli's town hall.
func Default() *Config {
	long := []calendar.Interval{{From: 8 * 60, To: 18*60 + 30}}
	short := []calendar.Interval{{From: 8 * 60, To: 14*60 + 30}}
	own := func(ids ...ChannelID) (s []Serve) {
		for _, id := range ids {
			s = append(s, Serve{Channel: id})
		}
		return s
	}
	counter := func(id, name, en string, serves []Serve) Counter {
		return Counter{ID: CounterID(id), Name: Text{"it": name, "en": en}, Serves: serves, Others: OthersHelp}
	}
	return &Config{
		Version:   1,
		Name:      Text{"it": "URP del Comune di Empoli", "en": "Empoli Town Hall – Public Relations Office"},
		TimeZone:  "Europe/Rome",
		Languages: []string{"it", "en"},
		Hours: calendar.Week{
			Mon: long, Tue: long, Thu: long, Wed: short, Fri: short,
			Sat: []calendar.Interval{{From: 8*60 + 30, To: 12 * 60}},
		},
		PatronSaint: "11-30",
		Policy: Policy{
			Patience:    map[Class]Seconds{Standard: 20 * 60, Priority: 0, Appointment: 0},
			HelpAfter:   10 * 60,
			AbsentGrace: 30 * 60,
			UndoFor:     60,
			HoardMax:    6,
			HoardWindow: 20,
		},
		Channels: []Channel{
			{
				ID: "protocollo", Letter: "P", Color: "#0066cc", ServiceTime: 300,
				Name: Text{"it": "Protocollo", "en": "Document registry"},
				Hint: Text{"it": "Consegna di domande e documenti", "en": "Hand in applications and documents"},
			},
			{
				ID: "anagrafe", Letter: "A", Color: "#00695c", ServiceTime: 480,
				Name: Text{"it": "Servizi anagrafici", "en": "Civil registry"},
				Hint: Text{"it": "Carte d'identità, certificati, autentiche", "en": "Identity cards, certificates, authentications"},
			},
			{
				ID: "altri-servizi", Letter: "S", Color: "#7a3e9d", ServiceTime: 240,
				Name: Text{"it": "Altri servizi", "en": "Other services"},
				Hint: Text{"it": "Permessi di sosta, sacchi per i rifiuti, informazioni", "en": "Parking permits, waste bags, information"},
			},
			{
				ID: "bando-affitti", Letter: "B", Color: "#a63d00", ServiceTime: 600,
				Name:   Text{"it": "Bando affitti", "en": "Rent support"},
				Public: Text{"it": "Bandi comunali", "en": "Town grants"},
				Hint:   Text{"it": "Domande per i contributi del Comune", "en": "Applications for the town's grants"},
				Season: &calendar.Season{From: "09-15", To: "10-31"},
				Notice: Text{"it": "È aperto il bando affitti: domande allo sportello fino al 31 ottobre.", "en": "Rent support: apply at the office until 31 October."},
			},
			{
				ID: "trasporto-scolastico", Letter: "T", Color: "#8a6100", ServiceTime: 420,
				Name:   Text{"it": "Esenzioni trasporto scolastico", "en": "School transport exemptions"},
				Public: Text{"it": "Trasporto scolastico", "en": "School transport"},
				Hint:   Text{"it": "Richieste per l'anno scolastico", "en": "Applications for the school year"},
				Season: &calendar.Season{From: "06-15", To: "09-10"},
				Notice: Text{"it": "Trasporto scolastico: richieste di esenzione fino al 10 settembre.", "en": "School transport: exemption requests until 10 September."},
			},
			{
				ID: "permessi-sosta", Letter: "R", Color: "#b3004b", ServiceTime: 180,
				Name:   Text{"it": "Ritiro permessi sosta", "en": "Parking permit collection"},
				Hint:   Text{"it": "Ritiro dei permessi già richiesti", "en": "Collect permits already applied for"},
				Season: &calendar.Season{From: "12-01", To: "01-31"},
				Notice: Text{"it": "Ritiro dei permessi di sosta: fino al 31 gennaio.", "en": "Parking permit collection until 31 January."},
			},
		},
		Counters: []Counter{
			counter("1", "Sportello 1", "Counter 1", own("protocollo")),
			counter("2", "Sportello 2", "Counter 2", own("anagrafe")),
			counter("3", "Sportello 3", "Counter 3", own("anagrafe", "bando-affitti")),
			counter("4", "Sportello 4", "Counter 4", own("altri-servizi", "trasporto-scolastico", "permessi-sosta")),
		},
		Services: []Service{
			{ID: "protocollazione", Channel: "protocollo", Name: Text{"it": "Registrazione al protocollo", "en": "Registration of a document"}},
			{ID: "accesso-atti", Channel: "protocollo", Name: Text{"it": "Accesso agli atti", "en": "Access to records"}},
			{ID: "carta-identita", Channel: "anagrafe", Name: Text{"it": "Carta d'identità", "en": "Identity card"}},
			{ID: "certificato", Channel: "anagrafe", Name: Text{"it": "Certificato", "en": "Certificate"}},
			{ID: "autentica", Channel: "anagrafe", Name: Text{"it": "Autentica", "en": "Authentication"}},
			{ID: "permesso-sosta", Channel: "altri-servizi", Name: Text{"it": "Permesso di sosta", "en": "Parking permit"}},
			{ID: "sacchi-rifiuti", Channel: "altri-servizi", Name: Text{"it": "Sacchi per i rifiuti", "en": "Waste bags"}},
			{ID: "informazioni", Channel: "altri-servizi", Name: Text{"it": "Informazioni", "en": "Information"}},
			{ID: "segnalazione", Channel: "altri-servizi", Name: Text{"it": "Segnalazione", "en": "Report"}},
		},
		Displays: []Display{
			{ID: "sala", Name: Text{"it": "Sala d'attesa", "en": "Waiting room"}, Sound: true},
			{ID: "protocollo", Name: Text{"it": "Protocollo", "en": "Document registry"}, Channels: []ChannelID{"protocollo"}},
			{ID: "anagrafe", Name: Text{"it": "Servizi anagrafici", "en": "Civil registry"}, Channels: []ChannelID{"anagrafe"}},
			{ID: "altri-servizi", Name: Text{"it": "Altri servizi", "en": "Other services"}, Channels: []ChannelID{"altri-servizi", "bando-affitti", "trasporto-scolastico", "permessi-sosta"}},
			{ID: "ingresso", Name: Text{"it": "Ingresso", "en": "Entrance"}},
		},
	}
}

package view

import "github.com/eliminacode/eliminacode/pkg/queue"

// TotemPage is what the kiosk's screen shows, and what its printer needs to know.
type TotemPage struct {
	PublicPage
	Classes  []queue.Class  `json:"classes"` // that the citizen may choose
	Services []TotemService `json:"services"`
	Paper    Paper          `json:"paper"`
	Print    []Print        `json:"print"` // copies that are wanted of this totem, the oldest ticket first
}

// TotemService is something that is done for citizens, as they look for it.
type TotemService struct {
	ID      string          `json:"id"`
	Channel queue.ChannelID `json:"channel"` // empty: none of its own
	Names   queue.Text      `json:"names"`
	Words   queue.Text      `json:"words"`    // everyday ones, with commas between them
	Bring   queue.Text      `json:"bring"`    // what to bring along
	OnTotem bool            `json:"on_totem"` // it is offered under its channel
}

// Paper is what printed tickets show.
type Paper struct {
	Arms  string       `json:"arms"` // a PNG in base64; empty: none
	Line  queue.Text   `json:"line"`
	Parts []queue.Part `json:"parts"` // in their order; none: the default one
}

// Print is a copy of a ticket to be printed. The same ticket and copy are the same job, which is
// never printed twice.
type Print struct {
	Ticket *Ticket `json:"ticket"`
	Copy   int     `json:"copy"` // 0 for the first
}

// NewTotemPage derives the view of a totem.
func NewTotemPage(scene *Scene, totem string) *TotemPage {
	cfg := scene.State.Config
	v := &TotemPage{
		PublicPage: *NewPublicPage(scene),
		Classes:    []queue.Class{queue.Standard, queue.Priority},
		Services:   []TotemService{},
		Paper:      Paper{Arms: cfg.Paper.Arms, Line: orEmpty(cfg.Paper.Line), Parts: append([]queue.Part{}, cfg.Paper.Parts...)},
		Print:      []Print{},
	}
	for i := range cfg.Services {
		s := &cfg.Services[i]
		v.Services = append(v.Services, TotemService{
			ID: s.ID, Channel: s.Channel, Names: s.Name, Words: orEmpty(s.Words), Bring: orEmpty(s.Bring), OnTotem: s.OnTotem,
		})
	}
	for _, p := range scene.State.Prints(totem) {
		v.Print = append(v.Print, Print{Ticket: NewTicket(scene, p.Ticket, scene.State.Ahead(p.Ticket, scene.now())), Copy: p.Copy})
	}
	return v
}

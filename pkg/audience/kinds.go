package audience

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/eliminacode/eliminacode/pkg/live"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/view"
)

// Kind is a kind of view that can be watched.
type Kind struct {
	Name string
	// ByID says that it is of one display, counter or ticket.
	ByID bool
	// Elsewhere lets the pages of listed sites watch it as well: everybody may see it.
	Elsewhere bool
	// Rank is that of a viewer who hasn't shown who they are.
	Rank live.Rank

	// Waits says that it tells of expected waits.
	Waits bool

	// missing refuses a viewer of one that the office doesn't have.
	missing func(s *queue.State, id string) error
	// write makes the view as it goes over the wire; nil if the office no longer has it.
	write func(p *picture, id string) ([]byte, error)
}

// Kinds are all there are, in the order in which the views are made: the few screens of the office
// before the phones of all who wait.
var Kinds = []Kind{
	{
		Name: "display", ByID: true, Rank: live.Screen, Waits: true,
		missing: func(s *queue.State, id string) error {
			if s.Config.Display(queue.DisplayID(id)) == nil {
				return queue.Refuse(queue.NotFound, reasonUnknownDisplay)
			}
			return nil
		},
		write: func(p *picture, id string) ([]byte, error) {
			d, ok := view.NewDisplayPage(p.scene, queue.DisplayID(id))
			if !ok {
				return nil, nil
			}
			return p.display(d)
		},
	},
	{
		Name: "counter", ByID: true,
		missing: func(s *queue.State, id string) error {
			if s.Counters[queue.CounterID(id)] == nil {
				return queue.Refuse(queue.UnknownCounter, queue.ReasonUnknownCounter, "counter", id)
			}
			return nil
		},
		write: func(p *picture, id string) ([]byte, error) {
			v, ok := view.NewCounterPage(p.scene, queue.CounterID(id))
			if !ok {
				return nil, nil
			}
			return p.message(v)
		},
	},
	{
		Name:    "totem", // of one, to whose printer it says what to print; of none without an id
		Waits:   true,
		missing: nothing,
		write:   func(p *picture, id string) ([]byte, error) { return p.message(view.NewTotemPage(p.scene, id)) },
	},
	{
		Name: "public", Elsewhere: true, Waits: true,
		missing: nothing,
		write:   func(p *picture, _ string) ([]byte, error) { return p.message(view.NewPublicPage(p.scene)) },
	},
	{
		Name: "ticket", ByID: true, Elsewhere: true, Waits: true,
		missing: func(s *queue.State, id string) error {
			if s.Tickets[queue.TicketID(id)] == nil {
				return queue.Refuse(queue.UnknownTicket, queue.ReasonUnknownTicket)
			}
			return nil
		},
		write: func(p *picture, id string) ([]byte, error) { // without the ticket, once its day is over
			return p.message(view.NewTicketPage(p.scene, queue.TicketID(id)))
		},
	},
}

func nothing(*queue.State, string) error { return nil }

// The reasons for refusing a viewer.
const (
	reasonUnknownKind    queue.Reason = "view_form"
	reasonUnknownDisplay queue.Reason = "unknown_display"
)

// KindOf finds a kind by its name, and refuses another one.
func KindOf(name string) (*Kind, error) {
	i := slices.IndexFunc(Kinds, func(k Kind) bool { return k.Name == name })
	if i < 0 {
		return nil, queue.Refuse(queue.Invalid, reasonUnknownKind).At("view")
	}
	return &Kinds[i], nil
}

// rank is the kind's place in the order of making.
func rank(name string) int {
	return slices.IndexFunc(Kinds, func(k Kind) bool { return k.Name == name })
}

// Topic names a view of an office: of a display, a counter or a ticket if it has an id.
type Topic struct{ Office, Kind, ID string }

// String ends every part, so that no topic's name begins another's.
func (t Topic) String() string { return under(t.Office) + t.Kind + "\n" + t.ID + "\n" }

// under begins the names of an office's topics.
func under(office string) string { return office + "\n" }

func parseTopic(name string) Topic {
	office, rest, _ := strings.Cut(name, "\n")
	kind, id, _ := strings.Cut(rest, "\n")
	return Topic{office, kind, strings.TrimSuffix(id, "\n")}
}

// Missing refuses a topic that there isn't.
func Missing(s *queue.State, t Topic) error {
	k, err := KindOf(t.Kind)
	if err != nil {
		return err
	}
	return k.missing(s, t.ID)
}

// picture is an office at one moment, of which several views are written.
type picture struct {
	scene    *view.Scene
	displays *view.DisplayWriter // nil until a monitor's view is written
}

// topic writes one view; nil if the office has no such view.
func (p *picture) topic(t Topic) ([]byte, error) {
	k, err := KindOf(t.Kind)
	if err != nil {
		return nil, err
	}
	return k.write(p, t.ID)
}

func (p *picture) message(v any) ([]byte, error) {
	public := view.NewPublicPage(p.scene)
	return json.Marshal(view.Message{Type: "view", Seq: public.Seq, At: public.At, View: v})
}

func (p *picture) display(d *view.DisplayPage) (b []byte, err error) {
	if p.displays == nil {
		if p.displays, err = view.NewDisplayWriter(p.scene); err != nil {
			return nil, err
		}
	}
	return p.displays.Message(d)
}

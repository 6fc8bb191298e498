package view

import (
	"slices"
	"time"

	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/words"
)

// Display is what one monitor shows.
type Display struct {
	Public
	Display Monitor `json:"display"`
}

// Monitor describes the monitor itself.
type Monitor struct {
	ID    queue.DisplayID   `json:"id"`
	Names queue.Text        `json:"names"`
	Only  []queue.ChannelID `json:"channels"` // its own, which come first; empty: all
	Sound bool              `json:"sound"`
}

// NewDisplay makes the public view a monitor's: with its own channels alone, but
// every call, since who looks at the wrong monitor must find the number as well.
// ok is false for an unknown monitor.
func NewDisplay(s *queue.State, id queue.DisplayID, public *Public) (v *Display, ok bool) {
	d := s.Config.Display(id)
	if d == nil {
		return nil, false
	}
	v = &Display{Public: *public, Display: Monitor{ID: d.ID, Names: d.Name, Only: append([]queue.ChannelID{}, d.Channels...), Sound: d.Sound}}
	if len(d.Channels) > 0 {
		v.Channels = []Channel{}
		for _, c := range public.Channels {
			if slices.Contains(d.Channels, c.ID) {
				v.Channels = append(v.Channels, c)
			}
		}
	}
	return v, true
}

// Counter is what a clerk's console shows.
type Counter struct {
	Seq      int64      `json:"seq"`
	At       time.Time  `json:"at"`
	Office   Office     `json:"office"`
	Counter  Position   `json:"counter"`
	Ticket   *Ticket    `json:"ticket"` // now at the counter
	Since    *time.Time `json:"since"`  // of the ticket's present state
	Call     *Call      `json:"call"`   // its call, while called
	Next     *Choice    `json:"next"`   // null: nobody waits for this counter
	Lines    []Line     `json:"lines"`  // who waits, by channel
	Absent   []Ticket   `json:"absent"` // may come back
	Held     []Ticket   `json:"held"`
	Undo     *Undo      `json:"undo"` // null: nothing to undo
	Counters []Position `json:"counters"`
	Channels []Channel  `json:"channels"`
	Services []Service  `json:"services"`
}

// Position is a counter as the staff see it.
type Position struct {
	ID       queue.CounterID  `json:"id"`
	Names    queue.Text       `json:"names"`
	Status   queue.DeskStatus `json:"status" ts:"'closed' | 'open' | 'paused'"`
	Operator string           `json:"operator"` // empty: nobody
	Reason   string           `json:"reason"`   // of a pause
	Alarm    bool             `json:"alarm"`    // the panic button was pressed
	Number   string           `json:"number"`   // of the ticket there; empty: none
}

// Choice is the ticket that "next" will call, and why.
type Choice struct {
	Ticket Ticket     `json:"ticket"`
	Why    queue.Why  `json:"why"`
	Text   queue.Text `json:"text"` // the reason in words
}

// Line is who waits for a channel, in the order of calling, the first fifty.
type Line struct {
	Channel queue.ChannelID `json:"channel"`
	Waiting int             `json:"waiting"`
	Tickets []Ticket        `json:"tickets"`
}

// Undo is the step that can be taken back.
type Undo struct {
	Kind  queue.Kind `json:"kind"`
	Until time.Time  `json:"until"`
}

// Service is something that is done for citizens.
type Service struct {
	ID      string          `json:"id"`
	Channel queue.ChannelID `json:"channel"`
	Names   queue.Text      `json:"names"`
}

const lineShown = 50

// NewCounter derives a clerk's view. ok is false for an unknown counter.
func NewCounter(s *queue.State, id queue.CounterID, public *Public, base string) (v *Counter, ok bool) {
	desk := s.Counters[id]
	if desk == nil {
		return nil, false
	}
	v = &Counter{
		Seq: s.Seq, At: public.At, Office: public.Office, Channels: public.Channels,
		Lines: []Line{}, Absent: []Ticket{}, Held: []Ticket{}, Counters: Positions(s), Services: []Service{},
	}
	for _, p := range v.Counters {
		if p.ID == id {
			v.Counter = p
		}
	}
	if t := s.Current(id); t != nil {
		v.Ticket, v.Since = NewTicket(t, 0, base), new(t.Entered)
		if c, ok := t.LastCall(); ok && t.State == queue.Called {
			call := NewCall(s.Config, &c)
			v.Call = &call
		}
	}
	if c, ok := s.Next(id, public.At); ok {
		v.Next = &Choice{Ticket: *NewTicket(c.Ticket, 0, base), Why: c.Why, Text: words.Why(c.Why)}
	}
	for _, ch := range public.Channels {
		line := Line{Channel: ch.ID, Waiting: ch.Waiting, Tickets: []Ticket{}}
		for i, t := range s.Line(ch.ID, public.At) {
			if i == lineShown {
				break
			}
			line.Tickets = append(line.Tickets, *NewTicket(t, i, base))
		}
		v.Lines = append(v.Lines, line)
	}
	for _, t := range s.Aside() {
		if t.State == queue.Absent {
			v.Absent = append(v.Absent, *NewTicket(t, 0, base))
		} else {
			v.Held = append(v.Held, *NewTicket(t, 0, base))
		}
	}
	if u := desk.Undoable(s.Config, public.At); !u.IsZero() {
		v.Undo = &Undo{Kind: desk.Step.Kind, Until: u}
	}
	for i := range s.Config.Services {
		sv := &s.Config.Services[i]
		v.Services = append(v.Services, Service{ID: sv.ID, Channel: sv.Channel, Names: sv.Name})
	}
	return v, true
}

// Positions lists every counter as the staff see it.
func Positions(s *queue.State) []Position {
	list := []Position{}
	for i := range s.Config.Counters {
		c := &s.Config.Counters[i]
		list = append(list, NewPosition(s.Config, s.Counters[c.ID], s.Tickets[s.Counters[c.ID].Current]))
	}
	return list
}

// NewPosition derives a counter as the staff see it; t is the ticket there, or nil.
func NewPosition(cfg *queue.Config, d *queue.Desk, t *queue.Ticket) Position {
	p := Position{ID: d.ID, Names: queue.Text{}, Status: d.Status, Operator: d.Operator, Reason: d.Reason, Alarm: d.Alarm}
	if c := cfg.Counter(d.ID); c != nil {
		p.Names = c.Name
	}
	if t != nil {
		p.Number = t.Number
	}
	return p
}

// Totem is what the kiosk's screen shows.
type Totem struct {
	Public
	Classes []queue.Class `json:"classes"` // that the citizen may choose
}

// NewTotem derives the kiosk's view.
func NewTotem(public *Public) *Totem {
	return &Totem{Public: *public, Classes: []queue.Class{queue.Standard, queue.Priority}}
}

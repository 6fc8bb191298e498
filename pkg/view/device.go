package view

import (
	"slices"
	"time"

	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/words"
)

// DisplayPage is what one monitor shows.
type DisplayPage struct {
	PublicPage
	Display Display `json:"display"`
}

// Display describes the monitor itself.
type Display struct {
	ID    queue.DisplayID   `json:"id"`
	Names queue.Text        `json:"names"`
	Only  []queue.ChannelID `json:"channels"` // its own, which come first; empty: all
	Sound bool              `json:"sound"`
}

// NewDisplayPage makes the public view a monitor's: with its own channels alone, but
// every call, since who looks at the wrong monitor must find the number as well.
// ok is false for an unknown monitor.
func NewDisplayPage(s *Scene, id queue.DisplayID) (v *DisplayPage, ok bool) {
	d, public := s.State.Config.Display(id), NewPublicPage(s)
	if d == nil {
		return nil, false
	}
	v = &DisplayPage{PublicPage: *public, Display: Display{ID: d.ID, Names: d.Name, Only: append([]queue.ChannelID{}, d.Channels...), Sound: d.Sound}}
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

// CounterPage is what a clerk's console shows.
type CounterPage struct {
	Seq    int64     `json:"seq"`
	At     time.Time `json:"at"`
	Office Office    `json:"office"`
	Opening
	Counter   Desk       `json:"counter"`
	Ticket    *Ticket    `json:"ticket"`    // now at the counter
	Since     *time.Time `json:"since"`     // of the ticket's present state
	Forgotten bool       `json:"forgotten"` // it is there for so long that the visit may have been forgotten
	Call      *Call      `json:"call"`      // its call, while called
	Next      *Choice    `json:"next"`      // null: nobody waits for this counter
	Lines     []Line     `json:"lines"`     // who waits, by channel
	Absent    []Ticket   `json:"absent"`    // may come back
	Held      []Ticket   `json:"held"`
	Undo      *Undo      `json:"undo"` // null: nothing to undo
	Counters  []Desk     `json:"counters"`
	Channels  []Channel  `json:"channels"`
	Services  []Service  `json:"services"`
}

// Desk is a counter as the staff see it.
type Desk struct {
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

// NewCounterPage derives a clerk's view. ok is false for an unknown counter.
func NewCounterPage(scene *Scene, id queue.CounterID) (v *CounterPage, ok bool) {
	s := scene.State
	desk := s.Counters[id]
	if desk == nil {
		return nil, false
	}
	public := NewPublicPage(scene)
	v = &CounterPage{
		Seq: s.Seq, At: public.At, Office: public.Office, Opening: public.Opening, Channels: public.Channels,
		Lines: []Line{}, Absent: []Ticket{}, Held: []Ticket{}, Counters: NewDesks(scene), Services: []Service{},
	}
	for _, p := range v.Counters {
		if p.ID == id {
			v.Counter = p
		}
	}
	if t := s.Current(id); t != nil {
		v.Ticket, v.Since, v.Forgotten = NewTicket(scene, t, 0), new(t.Entered), s.Forgotten(t, scene.now())
		if c, ok := t.LastCall(); ok && t.State == queue.Called {
			call := NewCall(scene, &c)
			v.Call = &call
		}
	}
	if c, ok := s.Next(id, scene.now()); ok {
		v.Next = &Choice{Ticket: *NewTicket(scene, c.Ticket, 0), Why: c.Why, Text: words.Why(c.Why)}
	}
	for _, ch := range public.Channels {
		line := Line{Channel: ch.ID, Waiting: ch.Waiting, Tickets: []Ticket{}}
		for i, t := range s.Line(ch.ID, scene.now()) {
			if i == lineShown {
				break
			}
			line.Tickets = append(line.Tickets, *NewTicket(scene, t, i))
		}
		v.Lines = append(v.Lines, line)
	}
	for _, t := range s.Aside() {
		if t.State == queue.Absent {
			v.Absent = append(v.Absent, *NewTicket(scene, t, 0))
		} else {
			v.Held = append(v.Held, *NewTicket(scene, t, 0))
		}
	}
	if u := desk.Undoable(s.Config, scene.now()); !u.IsZero() {
		v.Undo = &Undo{Kind: desk.Step.Kind, Until: u}
	}
	for i := range s.Config.Services {
		sv := &s.Config.Services[i]
		v.Services = append(v.Services, Service{ID: sv.ID, Channel: sv.Channel, Names: sv.Name})
	}
	return v, true
}

// NewDesks lists every counter as the staff see it.
func NewDesks(scene *Scene) []Desk {
	s := scene.State
	list := []Desk{}
	for i := range s.Config.Counters {
		c := &s.Config.Counters[i]
		list = append(list, NewDesk(scene, s.Counters[c.ID]))
	}
	return list
}

// NewDesk derives a counter as the staff see it. The desk may be of an earlier moment than the
// scene.
func NewDesk(s *Scene, d *queue.Desk) Desk {
	v := Desk{ID: d.ID, Names: queue.Text{}, Status: d.Status, Operator: d.Operator, Reason: d.Reason, Alarm: d.Alarm}
	if c := s.State.Config.Counter(d.ID); c != nil {
		v.Names = c.Name
	}
	if t := s.State.Tickets[d.Current]; t != nil {
		v.Number = t.Number
	}
	return v
}

package view

import (
	"cmp"
	"slices"
	"time"

	"github.com/eliminacode/eliminacode/pkg/calendar"
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
	ID       queue.DisplayID   `json:"id"`
	Names    queue.Text        `json:"names"`
	Layout   queue.Layout      `json:"layout" ts:"'sala' | 'channels' | 'entrance' | 'counter' | 'playlist'"`
	Only     []queue.ChannelID `json:"channels"` // its own, which come first; empty: all
	Counter  queue.CounterID   `json:"counter"`  // of a counter's sign
	Playlist []Slide           `json:"playlist"`
	Sound    bool              `json:"sound"`
	Volume   int               `json:"volume"` // percent, 1 to 100
	Gong     queue.Gong        `json:"gong" ts:"'two-tone' | 'three-tone' | 'bell' | 'none'"`
	Voices   []string          `json:"voices"` // addresses of the voices that calls are spoken in first; empty: it is silent
	Quiet    []Hours           `json:"quiet"`  // of each day, in the office's time zone
	Inches   float64           `json:"inches"` // diagonal; 0: not known
	Metres   float64           `json:"metres"` // from how far away it is read; 0: not known
	Look     Look              `json:"look"`
	Today    []Hours           `json:"today"`   // when the office is open today
	Address  string            `json:"address"` // of the office's public page; empty: the server's, as the monitor calls it
}

// Hours are a stretch of a day, "13:00" to "15:00".
type Hours struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// Look is how a monitor differs from others of its layout.
type Look struct {
	Accent     string `json:"accent"`     // "#004d99"; empty: the product's
	Background string `json:"background"` // empty: the layout's
	Arms       string `json:"arms"`       // address of a picture; empty: none
	Picture    string `json:"picture"`
}

// Slide is a part of a playlist.
type Slide struct {
	Texts   queue.Text `json:"texts"`
	File    string     `json:"file"`    // address of a picture or a film; empty: a text alone
	Seconds float64    `json:"seconds"` // 0: as the page thinks best
}

// NewDisplayPage makes the public view a monitor's: with its own channels alone, but
// every call, since who looks at the wrong monitor must find the number as well.
// ok is false for an unknown monitor.
func NewDisplayPage(s *Scene, id queue.DisplayID) (v *DisplayPage, ok bool) {
	d, public := s.State.Config.Display(id), NewPublicPage(s)
	if d == nil {
		return nil, false
	}
	v = &DisplayPage{PublicPage: *public, Display: newDisplay(s, d)}
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

func newDisplay(s *Scene, d *queue.Display) Display {
	v := Display{
		ID: d.ID, Names: d.Name, Layout: cmp.Or(d.Layout, queue.LayoutHall), Only: append([]queue.ChannelID{}, d.Channels...),
		Counter: d.Counter, Playlist: []Slide{}, Sound: d.Sound, Volume: cmp.Or(d.Volume, 100), Gong: cmp.Or(d.Gong, queue.GongTwoTone),
		Voices: []string{}, Quiet: newHours(d.Quiet), Inches: d.Inches, Metres: d.Metres,
		Look:  Look{Accent: d.Look.Accent, Background: d.Look.Background, Arms: media(d.Look.Arms), Picture: media(d.Look.Picture)},
		Today: newHours(s.State.Config.HoursOn(calendar.DateOf(s.now()))), Address: s.Base,
	}
	if d.Sound && s.Voice != nil {
		v.Voices = s.Voice.Voices()
	}
	for _, slide := range d.Playlist {
		v.Playlist = append(v.Playlist, Slide{Texts: orEmpty(slide.Text), File: media(slide.File), Seconds: float64(slide.Seconds)})
	}
	return v
}

func newHours(intervals []calendar.Interval) []Hours {
	list := []Hours{}
	for _, i := range intervals {
		list = append(list, Hours{From: clock(i.From), To: clock(i.To)})
	}
	return list
}

// media is the address of a file of the server's folder for media; empty: none.
func media(file string) string {
	if file == "" {
		return ""
	}
	return "/media/" + file
}

func clock(c calendar.Clock) string {
	b, _ := c.MarshalText() // never fails
	return string(b)
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

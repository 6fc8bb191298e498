package queue

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/eliminacode/eliminacode/pkg/calendar"
)

// callsShown is how many calls [State.Calls] gives, unless more hold.
const callsShown = 12

// State is an office at one moment: what its journal amounts to up to Seq. The
// zero value is an office before its first event. It is not safe for concurrent use.
type State struct {
	Seq      int64                  `json:"seq"`
	At       time.Time              `json:"at"` // of the last event
	Day      calendar.Date          `json:"day"`
	Config   *Config                `json:"config"`
	Tickets  map[TicketID]*Ticket   `json:"tickets"`  // of the day, and older ones still live
	Counters map[CounterID]*Desk    `json:"counters"` // every configured counter
	Last     map[ChannelID][]Last   `json:"last"`     // newest calls of the day by channel, the oldest first
	Numbers  map[string]int         `json:"numbers"`  // last number of the day by letter
	Recent   map[string][]time.Time `json:"recent"`   // last issues by totem, against hoarding
	Answers  map[string]Answer      `json:"answers"`  // of the day's commands, by id

	// Filled are the channels that give no tickets until they close, and when that is: see [Fit].
	Filled map[ChannelID]time.Time `json:"filled,omitempty"`

	// Worked is the last moment of the day at which somebody was at a counter, or at which a change
	// of the configuration closed the office for the day.
	Worked time.Time `json:"worked,omitzero"`

	Began  time.Time `json:"began,omitzero"`   // when the office's day was found to have begun
	Days   []DayEnd  `json:"days,omitempty"`   // other days, in order: to return to, if the clock was wrong, or to come again, if it began them
	Lapsed []Lapse   `json:"lapsed,omitempty"` // what time alone has ended today and on the day before: as well
	Leases []Lease   `json:"leases,omitempty"` // numbers that totems give by themselves
	Handed []Handed  `json:"handed,omitempty"` // tickets of other days that totems may still hand over, or have

	loc      *time.Location
	midnight time.Time // the end of Day
	hours    memo      // of the office
	lines    []*line   // in the order of the configuration
	channels map[ChannelID]*line
	numbered map[string]*Ticket   // tickets of the day by number
	aside    map[TicketID]*Ticket // the absent and the held ones
	past     []*Ticket            // those called who no longer hold a counter, by announcement
	gone     map[TicketID]*Ticket // those that the start of the day, or an undo, dropped
	scratch  decision             // of the command being executed
}

// Desk is the state of a counter.
type Desk struct {
	ID       CounterID  `json:"id"`
	Status   DeskStatus `json:"status"`
	Operator string     `json:"operator,omitempty"`
	Reason   string     `json:"reason,omitempty"` // of a pause
	Alarm    bool       `json:"alarm,omitempty"`  // the panic button was pressed
	Since    time.Time  `json:"since,omitzero"`   // of the status
	Current  TicketID   `json:"current,omitempty"`
	Step     Step       `json:"step,omitzero"`
}

// DeskStatus says whether a counter is attended.
type DeskStatus string

// The statuses of a counter.
const (
	DeskClosed DeskStatus = "closed"
	DeskOpen   DeskStatus = "open"
	DeskPaused DeskStatus = "paused"
)

// Step is the last thing done to tickets at a counter, kept so that it can be undone.
type Step struct {
	Command string    `json:"command"`
	Kind    Kind      `json:"kind"`
	At      time.Time `json:"at"`
	Seq     int64     `json:"seq"`    // of its last event
	Before  []Ticket  `json:"before"` // the tickets as they were
}

// Answer is what a command amounted to. The same command id gets it again.
type Answer struct {
	Digest string `json:"digest,omitempty"` // of the command; empty: of a version that didn't tell
	Kind   Kind   `json:"kind"`             // of the command's last event
	Ticket Ticket `json:"ticket,omitzero"`
	Call   Call   `json:"call,omitzero"`
	Ahead  int    `json:"ahead,omitempty"`
	Desk   Desk   `json:"desk,omitzero"`
	Count  int    `json:"count,omitempty"` // of the tickets of a roll, of which Ticket is the last
}

// Last is a call as [State.LastCalled] remembers it.
type Last struct {
	Call   int64  `json:"call"` // its id
	Number string `json:"number"`
}

// line is a channel with those who wait for it, by class, in order of seniority.
type line struct {
	cfg      *Channel
	patience [len(Classes)]time.Duration
	waiting  [len(Classes)][]*Ticket
	hours    memo
}

// memo is an answer of [Config.Open] and the times in [from, until) that it holds for.
type memo struct {
	open        bool
	change      time.Time
	from, until time.Time
}

// Load reads a state that was written by [json.Marshal].
func Load(b []byte) (*State, error) {
	s := new(State)
	old := struct {
		*State
		Calls []Call `json:"calls"` // what told the calls before tickets told their announcements
	}{State: s}
	if err := json.Unmarshal(b, &old); err != nil {
		return nil, fmt.Errorf("state of an office: %w", err)
	}
	if old.State == nil {
		return new(State), nil // of "null"
	}
	if s.Config == nil {
		return s, nil
	}
	for id, t := range s.Tickets {
		if t == nil || t.ID != id {
			return nil, fmt.Errorf("state of an office: ticket %q is not what it is listed as", id)
		}
		if t.Given == "" { // of an older version
			t.Given = t.Channel
		}
	}
	for id, d := range s.Counters {
		if d != nil && (d.ID != id || d.Step.Command != "" && len(d.Step.Before) == 0) {
			return nil, fmt.Errorf("state of an office: counter %q contradicts itself", id)
		}
	}
	if s.Last == nil {
		s.recollect(old.Calls)
	}
	s.fill()
	s.index()
	return s, nil
}

// recollect fills in what a state that kept its last calls didn't keep of its tickets.
func (s *State) recollect(calls []Call) {
	s.Last = map[ChannelID][]Last{}
	at := map[int64]time.Time{}
	for i := range calls {
		at[calls[i].ID] = calls[i].At
	}
	byCall := func(a, b *Ticket) int { return cmp.Compare(a.Call, b.Call) }
	for _, t := range slices.SortedFunc(maps.Values(s.Tickets), byCall) {
		if t.Call == 0 || t.Announced != 0 {
			continue
		}
		if t.State != Waiting && t.State != Held {
			t.Announced, t.AnnouncedAt = t.Call, t.Entered
			if at, known := at[t.Call]; known {
				t.AnnouncedAt = at
			}
		}
		s.Last[t.Channel] = append(s.Last[t.Channel], Last{t.Call, t.Number})
	}
}

// fill makes the maps that are missing.
func (s *State) fill() {
	if s.Tickets == nil {
		s.Tickets = map[TicketID]*Ticket{}
	}
	if s.Last == nil {
		s.Last = map[ChannelID][]Last{}
	}
	if s.Numbers == nil {
		s.Numbers = map[string]int{}
	}
	if s.Filled == nil {
		s.Filled = map[ChannelID]time.Time{}
	}
	if s.Recent == nil {
		s.Recent = map[string][]time.Time{}
	}
	if s.Answers == nil {
		s.Answers = map[string]Answer{}
	}
}

// Location returns the office's time zone; UTC before its first configuration.
func (s *State) Location() *time.Location {
	if s.loc == nil {
		return time.UTC
	}
	return s.loc
}

// index builds what is derived from the configuration and the tickets.
func (s *State) index() {
	if loc, err := s.Config.Location(); err == nil {
		s.loc = loc
	}
	s.midnight = s.Day.Next().In(s.Location(), 0)
	s.hours = memo{}
	s.lines = make([]*line, len(s.Config.Channels))
	s.channels = make(map[ChannelID]*line, len(s.Config.Channels))
	for i := range s.Config.Channels {
		l := newLine(s.Config, &s.Config.Channels[i])
		s.lines[i], s.channels[l.cfg.ID] = l, l
	}
	counters := make(map[CounterID]*Desk, len(s.Config.Counters))
	for i := range s.Config.Counters {
		id := s.Config.Counters[i].ID
		if counters[id] = s.Counters[id]; counters[id] == nil {
			counters[id] = &Desk{ID: id, Status: DeskClosed}
		}
	}
	s.Counters = counters
	s.aside, s.past = map[TicketID]*Ticket{}, nil
	if s.gone == nil {
		s.gone = map[TicketID]*Ticket{}
	}
	s.numbered = make(map[string]*Ticket, len(s.Tickets))
	for _, t := range slices.SortedFunc(maps.Values(s.Tickets), order) {
		if t.Number != "" {
			s.numbered[t.Number] = t
		}
		s.enter(t)
	}
}

// live returns the live tickets in order of seniority.
func (s *State) live() (list []*Ticket) {
	for _, t := range s.Tickets {
		if t.State.Live() {
			list = append(list, t)
		}
	}
	slices.SortFunc(list, order)
	return list
}

func newLine(cfg *Config, ch *Channel) *line {
	l := &line{cfg: ch}
	for i, class := range Classes {
		p, own := ch.Patience[class]
		if !own {
			p = cfg.Policy.Patience[class]
		}
		l.patience[i] = p.Duration()
	}
	return l
}

func (l *line) add(t *Ticket) {
	q := &l.waiting[t.rank()]
	if n := len(*q); n == 0 || order((*q)[n-1], t) < 0 {
		*q = append(*q, t)
		return
	}
	at, _ := slices.BinarySearchFunc(*q, t, order)
	*q = slices.Insert(*q, at, t)
}

func (l *line) remove(t *Ticket) {
	q := &l.waiting[t.rank()]
	at, found := slices.BinarySearchFunc(*q, t, order)
	switch {
	case !found:
	case at == 0: // the usual case, without moving the others
		(*q)[0] = nil
		*q = (*q)[1:]
	default:
		*q = slices.Delete(*q, at, at+1)
	}
}

// at is [Config.Open] of the channel, nil for the office, remembered for as long as it holds.
func (m *memo) at(cfg *Config, ch *Channel, now time.Time) (open bool, change time.Time) {
	if now.Before(m.from) || !now.Before(m.until) {
		m.open, m.change = cfg.Open(ch, now)
		m.from, m.until = now, m.change
		if m.change.IsZero() { // nothing within the 400 days from now
			m.until = now.AddDate(0, 0, 1)
		}
	}
	return m.open, m.change
}

// Waiting returns how many wait for the channel.
func (s *State) Waiting(id ChannelID) int {
	if l := s.channels[id]; l != nil {
		return l.len()
	}
	return 0
}

func (l *line) len() (n int) {
	for _, q := range l.waiting {
		n += len(q)
	}
	return n
}

// Line returns those who wait for the channel, in the order in which a counter
// of its own would call them: at the end those who may not be called yet at now.
func (s *State) Line(id ChannelID, now time.Time) []*Ticket {
	l := s.channels[id]
	if l == nil {
		return nil
	}
	var all []*Ticket
	for _, q := range l.waiting {
		all = append(all, q...)
	}
	slices.SortStableFunc(all, func(t, u *Ticket) int { return s.turn(l, t, u, now) })
	return all
}

// OnDeck returns those who are asked to come near: the first of [State.Line], as many as the
// channel's OnDeck says, of those who may be called at now.
func (s *State) OnDeck(c *Channel, now time.Time) []*Ticket {
	if c.OnDeck == 0 {
		return nil
	}
	near := s.Line(c.ID, now)
	near = near[:min(len(near), c.OnDeck)]
	if early := slices.IndexFunc(near, func(t *Ticket) bool { return now.Before(s.callable(t)) }); early >= 0 {
		near = near[:early]
	}
	return near
}

// turn compares tickets of the line by when it is their turn.
func (s *State) turn(l *line, t, u *Ticket, now time.Time) int {
	if early := now.Before(s.callable(t)); early != now.Before(s.callable(u)) {
		if early {
			return 1
		}
		return -1
	}
	if c := l.dueAt(t).Compare(l.dueAt(u)); c != 0 {
		return c
	}
	return order(t, u)
}

// Ahead returns how many come before the ticket in [State.Line]; 0 unless it waits.
func (s *State) Ahead(t *Ticket, now time.Time) (n int) {
	l := s.channels[t.Channel]
	if l == nil || t.State != Waiting {
		return 0
	}
	due, early := l.dueAt(t), now.Before(s.callable(t))
	for c, q := range l.waiting {
		switch {
		case Classes[c] == Appointment: // some may be early
			for _, u := range q {
				if s.turn(l, u, t, now) < 0 {
					n++
				}
			}
		case early:
			n += len(q)
		default:
			since := due.Add(-l.patience[c]) // where t would stand among those of the class
			at, _ := slices.BinarySearchFunc(q, since, func(u *Ticket, since time.Time) int {
				if c := u.Since.Compare(since); c != 0 {
					return c
				}
				return order(u, t)
			})
			n += at
		}
	}
	return n
}

func (l *line) dueAt(t *Ticket) time.Time { return t.Since.Add(l.patience[t.rank()]) }

// ByNumber returns the day's ticket with the number, or nil.
func (s *State) ByNumber(number string) *Ticket { return s.numbered[number] }

// Current returns the ticket now at the counter, or nil.
func (s *State) Current(id CounterID) *Ticket {
	if d := s.Counters[id]; d != nil {
		return s.Tickets[d.Current]
	}
	return nil
}

// Aside returns the absent and the held tickets, those longest so first.
func (s *State) Aside() []*Ticket {
	return slices.SortedFunc(maps.Values(s.aside), func(a, b *Ticket) int {
		if c := a.Entered.Compare(b.Entered); c != 0 {
			return c
		}
		return order(a, b)
	})
}

// Undoable returns until when the counter's last step can be undone, or the
// zero time when there is none. Whether its tickets have moved on since, [Undo] sees.
func (d *Desk) Undoable(cfg *Config, now time.Time) time.Time {
	until := d.Step.At.Add(cfg.Policy.UndoFor.Duration())
	if d.Step.Command == "" || cfg.Policy.UndoFor == 0 || now.After(until) {
		return time.Time{}
	}
	return until
}

// Clone returns a state of its own with the same content.
func (s *State) Clone() *State {
	c := *s
	c.Tickets = make(map[TicketID]*Ticket, len(s.Tickets))
	for id, t := range s.Tickets {
		t := *t
		c.Tickets[id] = &t
	}
	c.Counters = make(map[CounterID]*Desk, len(s.Counters))
	for id, d := range s.Counters {
		d := *d
		c.Counters[id] = &d
	}
	c.Last = make(map[ChannelID][]Last, len(s.Last))
	for id, list := range s.Last {
		c.Last[id] = slices.Clone(list)
	}
	c.Lapsed = slices.Clone(s.Lapsed)
	c.Leases = slices.Clone(s.Leases)
	c.Handed = slices.Clone(s.Handed)
	c.Numbers = maps.Clone(s.Numbers)
	c.Filled = maps.Clone(s.Filled)
	c.Answers = maps.Clone(s.Answers)
	c.gone = maps.Clone(s.gone)
	c.Recent = make(map[string][]time.Time, len(s.Recent))
	for device, list := range s.Recent {
		c.Recent[device] = slices.Clone(list)
	}
	if c.Config != nil {
		c.index()
	}
	return &c
}

// Touched returns the tickets that the last events changed, as they are now, each
// once; also those that the state no longer shows.
func (s *State) Touched(events []Event) []Ticket {
	list := make([]Ticket, 0, len(events))
	seen := make(map[TicketID]bool, len(events))
	add := func(id TicketID) {
		t := s.Tickets[id]
		if t == nil {
			t = s.gone[id]
		}
		if t != nil && !seen[id] {
			seen[id] = true
			list = append(list, *t)
		}
	}
	for i := range events {
		add(events[i].Ticket)
		for j := range events[i].Restored {
			add(events[i].Restored[j].ID)
		}
	}
	return list
}

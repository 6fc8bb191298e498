// Package simulate plays an office by the rules of package queue, and asks what would be if it were
// staffed another way. [Run] is given who comes and how long their visits last; who is called where
// and when comes out. It draws nothing at random: the same plan has the same visits.
package simulate

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/visits"
)

// Plan is what an office can't choose, and who is at its counters.
type Plan struct {
	// Config is taken as it is: [queue.Config.Validate] says whether an office may have it.
	Config *queue.Config
	Comers []Comer
	Shifts []Shift
	// Pace, where given, is how long visits last at a counter, as a multiple of [Comer.Service].
	Pace map[queue.CounterID]float64
	// Watch, where given, is shown every event as it happens, which it must not keep.
	Watch func(e *queue.Event)
}

// Comer is somebody who comes. None of the durations is negative.
type Comer struct {
	At      time.Time
	Channel queue.ChannelID
	Class   queue.Class   // empty: standard
	Slot    time.Time     // of an appointment
	Service time.Duration // from the call to the end of the visit
	Tidy    time.Duration // from the end of the visit until its clerk may call the next
	Stays   time.Duration // without being called; 0: until the office ends its day
	Absent  bool          // won't come when called; Service is how long the clerk waits
}

// Shift is a time during which a clerk is at a counter, within one day of the office: breaks are
// between shifts. A visit that has begun is ended, whatever the time.
type Shift struct {
	Counter  queue.CounterID
	From, To time.Time
	Stays    bool // longer, as long as somebody waits whom the counter may call
}

// Result is what became of a plan.
type Result struct {
	Visits []visits.Visit // of those who got a ticket, in the order of arrival
	Comers []int          // of each visit: the index of its comer in the plan
	Turned []Turned       // those who got none, in the order of arrival
}

// Turned is somebody who was turned away.
type Turned struct {
	Comer int // its index in the plan
	Why   *queue.Refusal
}

// Run plays a plan. It fails where the plan can't be: a shift at a counter that the office doesn't
// have, over midnight, or while another is on at the same counter, or a duration below zero.
func Run(p Plan) (*Result, error) {
	loc, err := p.check()
	if err != nil {
		return nil, err
	}
	r := &run{plan: &p, desks: map[queue.CounterID]*desk{}}
	for i := range p.Comers {
		r.moments.add(moment{at: p.Comers[i].At, kind: comes, of: i})
	}
	for i, s := range p.Shifts {
		r.desks[s.Counter] = &desk{id: s.Counter}
		r.moments.add(moment{at: s.From, kind: begins, of: i})
		r.moments.add(moment{at: s.To, kind: ends, of: i})
	}
	if len(r.moments) == 0 {
		return &r.result, nil
	}
	r.open(r.moments[0].at.In(loc))
	for len(r.moments) > 0 {
		m := r.moments.next()
		if err := r.happen(m); err != nil {
			return nil, err
		}
		r.callAll(m.at)
	}
	return &r.result, nil
}

func (p *Plan) check() (*time.Location, error) {
	loc, err := p.Config.Location()
	if err != nil {
		return nil, err
	}
	for i := range p.Comers {
		if c := &p.Comers[i]; c.Service < 0 || c.Tidy < 0 || c.Stays < 0 {
			return nil, fmt.Errorf("comer %d: a duration is below zero", i)
		}
	}
	last := map[queue.CounterID]time.Time{}
	p.Shifts = slices.SortedFunc(slices.Values(p.Shifts), func(a, b Shift) int {
		return cmp.Or(a.From.Compare(b.From), cmp.Compare(a.Counter, b.Counter))
	})
	for _, s := range p.Shifts {
		switch {
		case p.Config.Counter(s.Counter) == nil:
			return nil, fmt.Errorf("a shift is at counter %q, which the office doesn't have", s.Counter)
		case !s.To.After(s.From):
			return nil, fmt.Errorf("a shift at counter %q ends before it begins", s.Counter)
		case s.From.Before(last[s.Counter]):
			return nil, fmt.Errorf("two shifts at counter %q overlap", s.Counter)
		case s.To.After(calendar.DateOf(s.From.In(loc)).Next().In(loc, 0)):
			return nil, fmt.Errorf("a shift at counter %q goes on over midnight", s.Counter)
		}
		last[s.Counter] = s.To
	}
	return loc, nil
}

// run is a plan that is being played.
type run struct {
	plan    *Plan
	state   queue.State
	moments moments
	desks   map[queue.CounterID]*desk
	free    []*desk // those who may call, who has been longest first
	result  Result
	due     time.Time     // of the last [passes]
	events  []queue.Event // lent to the state
}

// desk is a counter and the clerk at it.
type desk struct {
	id    queue.CounterID
	does  does
	on    bool      // a shift is on
	stays bool      // though no shift is on, as long as somebody waits
	tidy  time.Time // until then
	visit int       // its index in the result
}

// does is what a clerk does.
type does int

const (
	away does = iota
	waits
	serves
	tidies
)

// open is the office's first event.
func (r *run) open(now time.Time) {
	for i, e := range []queue.Event{
		{Kind: queue.ConfigChanged, Config: r.plan.Config},
		{Kind: queue.DayStarted, Day: calendar.DateOf(now)},
	} {
		e.Seq, e.At = int64(i+1), now
		r.state.Apply(&e)
		r.watch(&e)
	}
}

func (r *run) watch(e *queue.Event) {
	if r.plan.Watch != nil {
		r.plan.Watch(e)
	}
}

func (r *run) do(a queue.Action, now time.Time) (answer queue.Answer, err error) {
	r.events, answer, err = r.state.ExecuteTo(r.events[:0], queue.Command{By: "dev", Do: a}, now)
	for i := range r.events {
		e := &r.events[i]
		if e.Kind == queue.TicketExpired {
			r.expire(e)
		}
		r.watch(e)
	}
	return answer, err
}

// expire notes that somebody waited until the office ended its day.
func (r *run) expire(e *queue.Event) {
	v := &r.result.Visits[index(e.Ticket)]
	if !v.Called.IsZero() {
		return
	}
	if v.Ended = e.At; !e.Until.IsZero() && e.Until.Before(e.At) {
		v.Ended = e.Until
	}
}

// ticket is the id of a visit's ticket, and index is the visit of a ticket.
func ticket(visit int) queue.TicketID { return queue.TicketID(strconv.Itoa(visit)) }

func index(id queue.TicketID) int {
	n, _ := strconv.Atoi(string(id))
	return n
}

func (r *run) happen(m moment) error {
	if _, err := r.do(queue.Tick{}, m.at); err != nil { // what time alone has brought about until now
		return err
	}
	switch m.kind {
	case comes:
		r.come(m)
		return nil
	case leaves:
		return r.leave(m)
	case begins:
		s := &r.plan.Shifts[m.of]
		d := r.desks[s.Counter]
		if d.on = true; d.does == away {
			return r.ready(d, m.at)
		}
		return nil
	case ends:
		s := &r.plan.Shifts[m.of]
		d := r.desks[s.Counter]
		d.on, d.stays = false, s.Stays
		if d.does == serves || d.stays {
			return nil
		}
		return r.close(d, m.at)
	case frees:
		return r.end(m.desk, m.at)
	case tidied:
		if m.desk.does == tidies && m.desk.tidy.Equal(m.at) {
			return r.ready(m.desk, m.at)
		}
		return nil
	}
	return nil
}

func (r *run) come(m moment) {
	c := &r.plan.Comers[m.of]
	n := len(r.result.Visits)
	_, err := r.do(queue.Issue{Ticket: ticket(n), Channel: c.Channel, Class: c.Class, Slot: c.Slot}, m.at)
	if why, refused := errors.AsType[*queue.Refusal](err); refused {
		r.result.Turned = append(r.result.Turned, Turned{m.of, why})
		return
	}
	r.result.Visits = append(r.result.Visits, visits.Visit{Arrived: m.at, Channel: string(c.Channel), Outcome: visits.Left})
	r.result.Comers = append(r.result.Comers, m.of)
	if c.Stays > 0 {
		r.moments.add(moment{at: m.at.Add(c.Stays), kind: leaves, of: n})
	}
}

func (r *run) leave(m moment) error {
	t := r.state.Tickets[ticket(m.of)]
	if t == nil || t.State != queue.Waiting {
		return nil
	}
	r.result.Visits[m.of].Ended = m.at
	_, err := r.do(queue.Cancel{Ticket: t.ID}, m.at)
	return err
}

// ready has a clerk be at the counter and free.
func (r *run) ready(d *desk, now time.Time) error {
	if d.does = waits; r.state.Counters[d.id].Status != queue.DeskOpen {
		if _, err := r.do(queue.Open{Counter: d.id}, now); err != nil {
			return err
		}
	}
	r.free = append(r.free, d)
	return nil
}

func (r *run) close(d *desk, now time.Time) error {
	r.free = slices.DeleteFunc(r.free, func(f *desk) bool { return f == d })
	d.does, d.stays = away, false
	_, err := r.do(queue.Close{Counter: d.id}, now)
	return err
}

// end ends the visit at a counter.
func (r *run) end(d *desk, now time.Time) error {
	v := &r.result.Visits[d.visit]
	v.Ended = now
	var do queue.Action = queue.Done{Counter: d.id}
	if v.Outcome == visits.Absent {
		do = queue.MarkAbsent{Counter: d.id}
	}
	if r.state.Current(d.id) != nil { // else midnight has ended it
		if _, err := r.do(do, now); err != nil {
			return err
		}
	}
	if !d.on && !d.stays {
		return r.close(d, now)
	}
	tidy := r.plan.Comers[r.result.Comers[d.visit]].Tidy
	if tidy == 0 {
		return r.ready(d, now)
	}
	d.does, d.tidy = tidies, now.Add(tidy)
	r.moments.add(moment{at: d.tidy, kind: tidied, desk: d, of: d.visit})
	return nil
}

// callAll has the clerks who are free call, who has been longest first. Who only stays as long as
// somebody waits goes else.
func (r *run) callAll(now time.Time) {
	for _, d := range slices.Clone(r.free) {
		if !r.call(d, now) && !d.on {
			_ = r.close(d, now) // a free counter can be closed
		}
	}
	if len(r.free) == 0 && len(r.moments) > 0 || !r.waited() {
		return // what happens next changes more than time alone
	}
	if due := r.state.Due(now); !due.Equal(r.due) {
		r.due = due
		r.moments.add(moment{at: due, kind: passes})
	}
}

// waited reports whether anybody waits.
func (r *run) waited() bool {
	return slices.ContainsFunc(r.plan.Config.Channels, func(c queue.Channel) bool { return r.state.Waiting(c.ID) > 0 })
}

// call has a clerk call, if there is anybody to be called.
func (r *run) call(d *desk, now time.Time) bool {
	if _, any := r.state.Next(d.id, now); !any {
		return false
	}
	a, err := r.do(queue.Next{Counter: d.id}, now)
	if err != nil || a.Kind != queue.TicketCalled {
		return false
	}
	r.free = slices.DeleteFunc(r.free, func(f *desk) bool { return f == d })
	n := index(a.Ticket.ID)
	c, v := &r.plan.Comers[r.result.Comers[n]], &r.result.Visits[n]
	v.Called, v.Counter, v.Outcome = now, string(d.id), visits.Served
	if c.Absent {
		v.Outcome = visits.Absent
	}
	lasts := c.Service
	if pace, ok := r.plan.Pace[d.id]; ok {
		lasts = time.Duration(float64(lasts) * pace)
	}
	d.does, d.visit = serves, n
	r.moments.add(moment{at: now.Add(lasts), kind: frees, desk: d, of: n})
	return true
}

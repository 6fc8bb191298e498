// Package simulate plays an office from its opening to its end by the rules of package queue: who
// comes and how long their visits last is given, who is called where and when comes out. It draws
// nothing at random: the same plan has the same visits.
package simulate

import (
	"cmp"
	"container/heap"
	"fmt"
	"slices"
	"time"

	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/visits"
)

// Plan is what an office can't choose.
type Plan struct {
	Config *queue.Config
	Comers []Comer
	Shifts []Shift
	// Tidy is how long a clerk takes from the end of a visit to the next call.
	Tidy time.Duration
	// Pace, where given, is how long visits last at a counter, as a multiple of [Comer.Service].
	Pace map[queue.CounterID]float64
	// Watch, where given, is shown every event as it happens, which it must not keep.
	Watch func(e *queue.Event)
}

// Comer is somebody who comes.
type Comer struct {
	At      time.Time
	Channel queue.ChannelID
	Class   queue.Class // empty: standard
	Slot    time.Time   // of an appointment
	Service time.Duration
	Stays   time.Duration // before leaving without having been called; 0: as long as it takes
	Absent  bool          // won't come when called; Service is how long the clerk waits
}

// Shift is a time during which a clerk is at a counter: breaks are between shifts. A visit that has
// begun is ended.
type Shift struct {
	Counter  queue.CounterID
	From, To time.Time
}

// Result is what became of a plan.
type Result struct {
	Visits []visits.Visit // of those who got a ticket, in the order of arrival
	Turned []Turned       // those who got none
}

// Turned is somebody who was turned away.
type Turned struct {
	Comer Comer
	Why   *queue.Refusal
}

// Run plays a plan. It fails where the plan can't be: a shift at a counter that the office doesn't
// have, or two at one at a time.
func Run(p Plan) (*Result, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	r := &run{plan: p, state: new(queue.State), desks: map[queue.CounterID]*desk{}, at: map[queue.TicketID]int{}}
	for i, c := range p.Comers {
		heap.Push(&r.moments, moment{at: c.At, kind: comes, comer: i})
	}
	for i, s := range p.Shifts {
		r.desks[s.Counter] = new(desk)
		heap.Push(&r.moments, moment{at: s.From, kind: begins, shift: i})
		heap.Push(&r.moments, moment{at: s.To, kind: ends, shift: i})
	}
	if r.moments.Len() == 0 {
		return &r.result, nil
	}
	if _, err := r.do(queue.Configure{Config: p.Config}, r.moments[0].at); err != nil {
		return nil, err
	}
	for r.moments.Len() > 0 {
		m := heap.Pop(&r.moments).(moment)
		if err := r.happen(m); err != nil {
			return nil, err
		}
		r.callAll(m.at)
	}
	return &r.result, nil
}

func (p *Plan) check() error {
	last := map[queue.CounterID]time.Time{}
	p.Shifts = slices.SortedFunc(slices.Values(p.Shifts), func(a, b Shift) int { return a.From.Compare(b.From) })
	for _, s := range p.Shifts {
		switch {
		case p.Config.Counter(s.Counter) == nil:
			return fmt.Errorf("a shift is at counter %q, which the office doesn't have", s.Counter)
		case !s.To.After(s.From):
			return fmt.Errorf("a shift at counter %q ends before it begins", s.Counter)
		case s.From.Before(last[s.Counter]):
			return fmt.Errorf("two shifts at counter %q overlap", s.Counter)
		}
		last[s.Counter] = s.To
	}
	return nil
}

// kind is what a moment brings, in the order of those at one time.
type kind int

const (
	frees  kind = iota // a visit ends
	ends               // a shift does
	begins             // a shift does
	tidied             // a counter is ready for the next
	comes
	leaves
	due // time alone may change who can be called
)

type moment struct {
	at    time.Time
	kind  kind
	comer int
	shift int
	desk  queue.CounterID
}

// moments is a heap.
type moments []moment

func (m moments) Len() int { return len(m) }
func (m moments) Less(i, j int) bool {
	return cmp.Or(m[i].at.Compare(m[j].at), cmp.Compare(m[i].kind, m[j].kind), cmp.Compare(m[i].comer, m[j].comer), cmp.Compare(m[i].shift, m[j].shift)) < 0
}
func (m moments) Swap(i, j int) { m[i], m[j] = m[j], m[i] }
func (m *moments) Push(x any)   { *m = append(*m, x.(moment)) }
func (m *moments) Pop() any {
	n := len(*m) - 1
	last := (*m)[n]
	*m = (*m)[:n]
	return last
}

// desk is a counter as a clerk is at it.
type desk struct {
	open  bool
	ends  bool      // the shift has ended, the visit not
	ready bool      // to call
	since time.Time // ready: who has been longest calls first
	visit int       // of the result
}

type run struct {
	plan    Plan
	state   *queue.State
	moments moments
	desks   map[queue.CounterID]*desk
	at      map[queue.TicketID]int // index of its visit
	comer   []int                  // of each visit
	result  Result
	next    time.Time // the moment of the last [due]
}

func (r *run) do(a queue.Action, now time.Time) (queue.Answer, error) {
	events, answer, err := r.state.Execute(queue.Command{By: "dev", Do: a}, now)
	if r.plan.Watch != nil {
		for i := range events {
			r.plan.Watch(&events[i])
		}
	}
	return answer, err
}

func id(visit int) queue.TicketID { return queue.TicketID(fmt.Sprint(visit + 1)) }

func (r *run) happen(m moment) error {
	switch m.kind {
	case comes:
		r.come(m)
		return nil
	case leaves:
		if t := r.state.Tickets[id(m.comer)]; t != nil && t.State == queue.Waiting {
			v := &r.result.Visits[m.comer]
			v.Ended, v.Outcome = m.at, visits.Left
			_, err := r.do(queue.Cancel{Ticket: t.ID}, m.at)
			return err
		}
		return nil
	case begins:
		return r.begin(r.plan.Shifts[m.shift].Counter, m.at)
	case ends:
		return r.end(r.plan.Shifts[m.shift].Counter, m.at)
	case frees:
		return r.free(m.desk, m.at)
	case tidied:
		if d := r.desks[m.desk]; d.open && !d.ends {
			d.ready, d.since = true, m.at
		}
		return nil
	default:
		_, err := r.do(queue.Tick{}, m.at)
		return err
	}
}

func (r *run) come(m moment) {
	c := r.plan.Comers[m.comer]
	n := len(r.result.Visits)
	_, err := r.do(queue.Issue{Ticket: id(n), Channel: c.Channel, Class: c.Class, Slot: c.Slot}, m.at)
	if err != nil {
		why, _ := err.(*queue.Refusal)
		r.result.Turned = append(r.result.Turned, Turned{c, why})
		return
	}
	r.result.Visits = append(r.result.Visits, visits.Visit{Arrived: m.at, Channel: string(c.Channel), Outcome: visits.Left})
	r.at[id(n)] = n
	r.comer = append(r.comer, m.comer)
	if c.Stays > 0 {
		heap.Push(&r.moments, moment{at: m.at.Add(c.Stays), kind: leaves, comer: n})
	}
}

func (r *run) begin(at queue.CounterID, now time.Time) error {
	if d := r.desks[at]; d.open { // still with the last visit of the shift before
		d.ends = false
		return nil
	}
	if _, err := r.do(queue.Open{Counter: at}, now); err != nil {
		return err
	}
	*r.desks[at] = desk{open: true, ready: true, since: now}
	return nil
}

func (r *run) end(at queue.CounterID, now time.Time) error {
	d := r.desks[at]
	if r.state.Current(at) != nil {
		d.ends = true
		return nil
	}
	*d = desk{}
	_, err := r.do(queue.Close{Counter: at}, now)
	return err
}

// free ends the visit at a counter.
func (r *run) free(at queue.CounterID, now time.Time) error {
	d := r.desks[at]
	v := &r.result.Visits[d.visit]
	v.Ended = now
	var do queue.Action = queue.Done{Counter: at}
	if v.Outcome == visits.Absent {
		do = queue.MarkAbsent{Counter: at}
	}
	if r.state.Current(at) != nil { // else midnight has ended it
		if _, err := r.do(do, now); err != nil {
			return err
		}
	}
	if d.ends {
		return r.end(at, now)
	}
	heap.Push(&r.moments, moment{at: now.Add(r.plan.Tidy), kind: tidied, desk: at})
	return nil
}

// callAll has the counters that are ready call, who has been longest first.
func (r *run) callAll(now time.Time) {
	var ready []queue.CounterID
	for id, d := range r.desks {
		if d.ready {
			ready = append(ready, id)
		}
	}
	slices.SortFunc(ready, func(a, b queue.CounterID) int {
		return cmp.Or(r.desks[a].since.Compare(r.desks[b].since), cmp.Compare(a, b))
	})
	for _, at := range ready {
		r.call(at, now)
	}
	if next := r.state.Due(now); !next.IsZero() && !next.Equal(r.next) && r.moments.Len() > 0 {
		r.next = next
		heap.Push(&r.moments, moment{at: next, kind: due})
	}
}

func (r *run) call(at queue.CounterID, now time.Time) {
	if _, any := r.state.Next(at, now); !any {
		return
	}
	a, err := r.do(queue.Next{Counter: at}, now)
	if err != nil {
		return
	}
	n := r.at[a.Ticket.ID]
	c, v := &r.plan.Comers[r.comer[n]], &r.result.Visits[n]
	v.Called, v.Counter, v.Outcome = now, string(at), visits.Served
	if c.Absent {
		v.Outcome = visits.Absent
	}
	lasts := c.Service
	if pace, ok := r.plan.Pace[at]; ok {
		lasts = time.Duration(float64(lasts) * pace)
	}
	d := r.desks[at]
	d.ready, d.visit = false, n
	heap.Push(&r.moments, moment{at: now.Add(lasts), kind: frees, desk: at})
}

package simulate_test

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/simulate"
	"github.com/eliminacode/eliminacode/pkg/visits"
)

// plans draws a morning: some channels and counters, of which some are for a channel alone, people
// of all classes who come, and clerks with breaks.
func plans(t *rapid.T) simulate.Plan {
	p := simulate.Plan{Config: office(rapid.IntRange(1, 3).Draw(t, "channels"), rapid.IntRange(1, 4).Draw(t, "counters"))}
	p.Config.Policy = queue.Policy{
		Patience:  map[queue.Class]queue.Seconds{queue.Standard: queue.Seconds(rapid.IntRange(0, 1200).Draw(t, "patience"))},
		HelpAfter: queue.Seconds(rapid.IntRange(0, 600).Draw(t, "help")),
	}
	p.Config.Hours.Tue = []calendar.Interval{{From: 0, To: calendar.Clock(rapid.IntRange(8*60, 24*60).Draw(t, "closes"))}}
	moment := func(label string) time.Time {
		return at(8, 0).Add(time.Duration(rapid.IntRange(0, 4*3600).Draw(t, label)) * time.Second)
	}
	lasts := func(label string, most int) time.Duration {
		return time.Duration(rapid.IntRange(0, most).Draw(t, label)) * time.Second
	}
	for i := range p.Config.Counters {
		c := &p.Config.Counters[i]
		if i > 0 && rapid.Bool().Draw(t, "own") { // the first serves all
			own := rapid.SampledFrom(p.Config.Channels).Draw(t, "serves").ID
			c.Serves = []queue.Serve{{Channel: own}}
			c.Others = rapid.SampledFrom([]queue.Others{queue.OthersHelp, queue.OthersIdle, queue.OthersNever}).Draw(t, "others")
		}
		times := []time.Time{moment("from"), moment("to"), moment("from"), moment("to")}
		slices.SortFunc(times, time.Time.Compare)
		for j := 0; j < len(times); j += 2 {
			if times[j].Before(times[j+1]) {
				p.Shifts = append(p.Shifts, simulate.Shift{Counter: c.ID, From: times[j], To: times[j+1], Stays: rapid.Bool().Draw(t, "stays")})
			}
		}
	}
	for range rapid.IntRange(0, 60).Draw(t, "comers") {
		c := simulate.Comer{
			At: moment("at"), Channel: rapid.SampledFrom(p.Config.Channels).Draw(t, "channel").ID, Class: rapid.SampledFrom(queue.Classes[:]).Draw(t, "class"),
			Service: lasts("service", 900), Tidy: lasts("tidy", 60), Absent: rapid.IntRange(0, 9).Draw(t, "absent") == 0,
		}
		if rapid.IntRange(0, 3).Draw(t, "leaves") == 0 {
			c.Stays = lasts("stays", 1800)
		}
		if c.Class == queue.Appointment {
			c.Slot = c.At.Add(lasts("slot", 3600) - 20*time.Minute)
		}
		p.Comers = append(p.Comers, c)
	}
	return p
}

// TestPlans plays what can be, and wants it to be right.
func TestPlans(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := plans(t)
		r, err := simulate.Run(p)
		if err != nil {
			t.Fatal(err)
		}
		nobodyIsLost(t, &p, r)
		for i := range r.Visits {
			visitIsRight(t, &p, &p.Comers[r.Comers[i]], &r.Visits[i])
		}
		oneAtATime(t, &p, r)
		inOrder(t, &p, r)
		nobodyIdles(t, &p, r)
		again, err := simulate.Run(p)
		if err != nil || !reflect.DeepEqual(r, again) {
			t.Errorf("%v, the same plan again (-first +second):\n%s", err, gocmp.Diff(r, again))
		}
	})
}

// TestOrderOfPlan wants the order in which a plan tells of people who come at different times, and
// of shifts, to matter to nobody.
func TestOrderOfPlan(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := plans(t)
		for i := range p.Comers {
			p.Comers[i].At = p.Comers[i].At.Add(time.Duration(i) * time.Millisecond)
		}
		first, err := simulate.Run(p)
		if err != nil {
			t.Fatal(err)
		}
		p.Comers = rapid.Permutation(p.Comers).Draw(t, "comers")
		p.Shifts = rapid.Permutation(p.Shifts).Draw(t, "shifts")
		second, err := simulate.Run(p)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(first.Visits, second.Visits) {
			t.Errorf("in another order (-first +second):\n%s", gocmp.Diff(first.Visits, second.Visits))
		}
	})
}

func nobodyIsLost(t *rapid.T, p *simulate.Plan, r *simulate.Result) {
	seen := slices.Clone(r.Comers)
	for _, x := range r.Turned {
		seen = append(seen, x.Comer)
		if x.Why.Code != queue.OfficeClosed || p.Comers[x.Comer].At.Before(closes(p)) {
			t.Errorf("%+v was turned away: %v", p.Comers[x.Comer], x.Why)
		}
	}
	for _, v := range r.Visits {
		if !v.Arrived.Before(closes(p)) {
			t.Errorf("%+v got a ticket at a closed office", v)
		}
	}
	slices.Sort(seen)
	for i := range seen {
		if seen[i] != i {
			t.Fatalf("comer %d is told twice, or never", i)
		}
	}
	if len(seen) != len(p.Comers) || len(r.Visits) != len(r.Comers) {
		t.Fatalf("%d came, %d got a ticket (%d visits), %d none", len(p.Comers), len(r.Comers), len(r.Visits), len(r.Turned))
	}
	if !slices.IsSortedFunc(r.Visits, func(a, b visits.Visit) int { return a.Arrived.Compare(b.Arrived) }) {
		t.Errorf("visits aren't in the order of arrival")
	}
}

func visitIsRight(t *rapid.T, p *simulate.Plan, c *simulate.Comer, v *visits.Visit) {
	bad := func(why string) { t.Errorf("%s: %+v of %+v", why, *v, *c) }
	if !v.Arrived.Equal(c.At) || v.Channel != string(c.Channel) {
		bad("another's visit")
	}
	leaves := c.At.Add(c.Stays)
	if v.Called.IsZero() {
		switch {
		case v.Outcome != visits.Left || v.Counter != "":
			bad("was never called")
		case v.Ended.IsZero() || v.Ended.Before(v.Arrived):
			bad("left at no time")
		case c.Stays > 0 && v.Ended.After(leaves):
			bad("left later")
		case (c.Stays == 0 || v.Ended.Before(leaves)) && v.Ended.Before(closes(p)):
			bad("left before the office closed")
		case (c.Stays == 0 || v.Ended.Before(leaves)) && slices.ContainsFunc(p.Shifts, func(s simulate.Shift) bool { return v.Ended.Before(s.To) && v.Ended.After(s.From) }):
			bad("left while somebody was at a counter")
		}
		return
	}
	switch {
	case v.Called.Before(v.Arrived):
		bad("was called before coming")
	case c.Stays > 0 && v.Called.After(leaves):
		bad("was called after leaving")
	case !c.Slot.IsZero() && v.Called.Before(c.Slot.Add(-10*time.Minute)):
		bad("was called long before the slot")
	case !v.Ended.Equal(v.Called.Add(c.Service)):
		bad("took another time")
	case c.Absent != (v.Outcome == visits.Absent) || !c.Absent && v.Outcome != visits.Served:
		bad("ended otherwise")
	case !serves(p.Config.Counter(queue.CounterID(v.Counter)), c.Channel):
		bad("was served by a counter for others")
	}
	if !slices.ContainsFunc(p.Shifts, func(s simulate.Shift) bool {
		return string(s.Counter) == v.Counter && !v.Called.Before(s.From) && (s.Stays || v.Called.Before(s.To))
	}) {
		bad("was called to a counter without a clerk")
	}
}

func closes(p *simulate.Plan) time.Time { return at(0, int(p.Config.Hours.Tue[0].To)) }

func serves(c *queue.Counter, ch queue.ChannelID) bool {
	return len(c.Serves) == 0 || c.Others != queue.OthersNever || c.Serves[0].Channel == ch
}

// stint is a time in which a clerk has somebody, and then tidies up.
type stint struct{ called, ended, tidied time.Time }

// stints are those at a counter, in order.
func stints(p *simulate.Plan, r *simulate.Result, at queue.CounterID) (all []stint) {
	for i, v := range r.Visits {
		if v.Counter == string(at) && !v.Called.IsZero() {
			all = append(all, stint{v.Called, v.Ended, v.Ended.Add(p.Comers[r.Comers[i]].Tidy)})
		}
	}
	slices.SortFunc(all, func(a, b stint) int {
		return cmp.Or(a.called.Compare(b.called), a.ended.Compare(b.ended), a.tidied.Compare(b.tidied))
	})
	return all
}

func oneAtATime(t *rapid.T, p *simulate.Plan, r *simulate.Result) {
	for _, c := range p.Config.Counters {
		all := stints(p, r, c.ID)
		for i := 1; i < len(all); i++ {
			last, next := all[i-1], all[i]
			another := slices.ContainsFunc(p.Shifts, func(s simulate.Shift) bool { // a clerk who needn't tidy up
				return s.Counter == c.ID && s.From.After(last.called) && !s.From.After(next.called)
			})
			if next.called.Before(last.ended) || next.called.Before(last.tidied) && !another {
				t.Errorf("two at counter %s: %v and %v", c.ID, last, next)
			}
		}
	}
}

// inOrder wants people of one class and channel called in the order in which they are due.
func inOrder(t *rapid.T, p *simulate.Plan, r *simulate.Result) {
	last := map[string]visits.Visit{}
	for i, v := range r.Visits {
		c := p.Comers[r.Comers[i]]
		if v.Called.IsZero() || c.Class == queue.Appointment {
			continue
		}
		key := fmt.Sprint(c.Channel, c.Class)
		if before, any := last[key]; any && v.Called.Before(before.Called) {
			t.Errorf("%+v was called before %+v", v, before)
		}
		last[key] = v
	}
}

// nobodyIdles wants no clerk free while somebody waits whom the counter may call.
func nobodyIdles(t *rapid.T, p *simulate.Plan, r *simulate.Result) {
	for _, s := range p.Shifts {
		free := s.From
		for _, b := range append(stints(p, r, s.Counter), stint{s.To, s.To, s.To}) {
			until := b.called
			if until.After(s.To) {
				until = s.To
			}
			for i, v := range r.Visits {
				c := p.Comers[r.Comers[i]]
				begin, end := v.Arrived, v.Called
				if end.IsZero() {
					end = v.Ended
				}
				if early := c.Slot.Add(-10 * time.Minute); !c.Slot.IsZero() && early.After(begin) {
					begin = early
				}
				if begin.Before(free) {
					begin = free
				}
				if end.After(until) {
					end = until
				}
				if serves(p.Config.Counter(s.Counter), c.Channel) && begin.Before(end) {
					t.Errorf("counter %s is free from %v to %v, and %+v waits", s.Counter, free, until, v)
				}
			}
			if b.tidied.After(free) {
				free = b.tidied
			}
		}
	}
}

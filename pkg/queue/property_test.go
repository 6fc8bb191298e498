package queue_test

import (
	"bytes"
	"encoding/json"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/words"
)

// played is one step of a history: what was wanted, and what came of it.
type played struct {
	cmd    queue.Command
	now    time.Time
	before []byte
	events []queue.Event
	answer queue.Answer
	err    error
}

// always plays random histories and wants see to hold after each of their steps.
func always(t *testing.T, steps int, before bool, fresh func() func(t *rapid.T, s *queue.State, p played)) {
	t.Helper()
	t.Parallel()
	check(t, steps, before, false, fresh)
}

// whatever is [always] whatever the clock shows: it also does so of histories in which that is
// wrong by up to months and set right.
func whatever(t *testing.T, steps int, fresh func() func(t *rapid.T, s *queue.State, p played)) {
	t.Helper()
	t.Parallel()
	for name, wild := range map[string]bool{"RightClock": false, "WildClock": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			check(t, steps, false, wild, fresh)
		})
	}
}

func check(t *testing.T, steps int, before, wild bool, fresh func() func(t *rapid.T, s *queue.State, p played)) {
	t.Helper()
	rapid.Check(t, func(t *rapid.T) {
		morning := moment(t, rapid.SampledFrom(mornings).Draw(t, "morning"))
		see := fresh()
		history(t, morning, steps, before, wild, func(s *queue.State, c queue.Command, now time.Time, was []byte, events []queue.Event, a queue.Answer, err error) {
			see(t, s, played{c, now, was, events, a, err})
		})
	})
}

func same(t *rapid.T, what string, got, want []byte) {
	t.Helper()
	if bytes.Equal(got, want) {
		return
	}
	var g, w map[string]any
	if json.Unmarshal(got, &g) != nil || json.Unmarshal(want, &w) != nil {
		t.Fatalf("%s:\n got %s\nwant %s", what, got, want)
	}
	t.Fatalf("%s (-want +got):\n%s", what, cmp.Diff(w, g))
}

// copied is the event as the journal gives it back.
func copied(t failer, e queue.Event) *queue.Event {
	t.Helper()
	b, err := json.Marshal(e)
	if err != nil {
		t.Fatalf("marshal an event: %v", err)
	}
	back := new(queue.Event)
	if err := json.Unmarshal(b, back); err != nil {
		t.Fatalf("unmarshal an event: %v", err)
	}
	return back
}

func TestOneTicketAtACounter(t *testing.T) {
	whatever(t, 40, func() func(*rapid.T, *queue.State, played) {
		return func(t *rapid.T, s *queue.State, p played) {
			at := map[queue.CounterID]queue.TicketID{}
			for id, v := range s.Tickets {
				if v.State != queue.Called && v.State != queue.Serving {
					continue
				}
				if other, taken := at[v.Counter]; taken {
					t.Fatalf("after %T: %s and %s are both at counter %s", p.cmd.Do, id, other, v.Counter)
				}
				at[v.Counter] = id
			}
			for id, d := range s.Counters {
				if d.Current != at[id] {
					t.Fatalf("after %T: counter %s has %q, the tickets say %q", p.cmd.Do, id, d.Current, at[id])
				}
				delete(at, id)
			}
			if len(at) > 0 {
				t.Fatalf("after %T: tickets at counters that don't exist: %v", p.cmd.Do, at)
			}
		}
	})
}

// TestNumbersNeverRepeat wants each number to be given once a day, also on a day that was begun
// more than once, by the server, by a roll and by several totems, and to be one ticket's at a time.
// No ticket is handed over twice.
func TestNumbersNeverRepeat(t *testing.T) {
	whatever(t, 40, func() func(*rapid.T, *queue.State, played) {
		var day calendar.Date
		given := map[calendar.Date]map[string]queue.TicketID{}
		issued := map[queue.TicketID]calendar.Date{}
		return func(t *rapid.T, s *queue.State, p played) {
			for _, e := range p.events {
				switch {
				case e.Kind == queue.DayStarted && e.Day <= day:
					t.Fatalf("day %s after %s", e.Day, day)
				case e.Kind == queue.DayStarted, e.Kind == queue.ClockSet:
					if day = e.Day; given[day] == nil {
						given[day] = map[string]queue.TicketID{}
					}
				}
				on := day
				switch {
				case e.Number == "":
					continue
				case e.Kind == queue.TicketRenumbered: // which a totem has asked for
					on = issued[e.Ticket]
				case e.Kind != queue.TicketIssued:
					continue
				case e.Day != "":
					on = e.Day
				}
				if e.Kind == queue.TicketIssued && e.Offline && issued[e.Ticket] == on {
					t.Fatalf("%s: %s handed over twice", on, e.Ticket)
				}
				if e.Totem != "" { // which makes its ids itself
					issued[e.Ticket] = on
				}
				if given[on] == nil {
					given[on] = map[string]queue.TicketID{}
				}
				if first, again := given[on][e.Number]; again {
					t.Fatalf("%s: number %s of %s given again to %s", on, e.Number, first, e.Ticket)
				}
				given[on][e.Number] = e.Ticket
				if n, ok := queue.ParseNumber(e.Number); !ok || n != e.Number || s.Tickets[e.Ticket] != nil && s.ByNumber(n) == nil {
					t.Fatalf("number %q can't be typed", e.Number)
				}
			}
			for id, v := range s.Tickets {
				if v.Number != "" && s.ByNumber(v.Number) != v {
					t.Fatalf("after %T on %s: number %s is that of %s and of %s", p.cmd.Do, day, v.Number, id, s.ByNumber(v.Number).ID)
				}
			}
		}
	})
}

func TestReplay(t *testing.T) {
	whatever(t, 40, func() func(*rapid.T, *queue.State, played) {
		again, n := new(queue.State), 0
		return func(t *rapid.T, s *queue.State, p played) {
			for _, e := range p.events {
				again.Apply(copied(t, e))
			}
			if n++; n%8 == 0 {
				same(t, "the replayed journal", stateJSON(t, again), stateJSON(t, s))
			}
		}
	})
}

// TestLentSlice lends one slice for the events of a whole history, and spoils it
// after every command: the state keeps nothing of it.
func TestLentSlice(t *testing.T) {
	whatever(t, 40, func() func(*rapid.T, *queue.State, played) {
		other, lent := new(queue.State), []queue.Event{{Kind: "kept"}}
		return func(t *rapid.T, s *queue.State, p played) {
			all, a, err := other.ExecuteTo(lent[:1], p.cmd, p.now)
			if codeOf(t, err) != codeOf(t, p.err) || all[0].Kind != "kept" {
				t.Fatalf("%T: %v after the events %v, want %v", p.cmd.Do, err, all[:1], p.err)
			}
			same(t, "events", asJSON(t, append([]queue.Event{}, all[1:]...)), asJSON(t, append([]queue.Event{}, p.events...)))
			same(t, "answer", asJSON(t, a), asJSON(t, p.answer))
			for i := range all[1:] {
				all[1+i] = queue.Event{Kind: "spoilt", Ticket: "spoilt", Outcomes: []queue.Outcome{{Service: "spoilt"}}}
			}
			lent = all
			same(t, "state", stateJSON(t, other), stateJSON(t, s))
		}
	})
}

// TestReload goes on from a state that was written and read, and from a clone of
// that, beside the one that never was.
func TestReload(t *testing.T) {
	whatever(t, 40, func() func(*rapid.T, *queue.State, played) {
		var loaded, cloned *queue.State
		n := 0
		return func(t *rapid.T, s *queue.State, p played) {
			if n++; n > 1 {
				for name, other := range map[string]*queue.State{"loaded": loaded, "cloned": cloned} {
					events, a, err := other.Execute(p.cmd, p.now)
					if got, want := codeOf(t, err), codeOf(t, p.err); got != want {
						t.Fatalf("%s: %T: code %q, want %q", name, p.cmd.Do, got, want)
					}
					same(t, name+": events", asJSON(t, events), asJSON(t, p.events))
					same(t, name+": answer", asJSON(t, a), asJSON(t, p.answer))
				}
			}
			if n%8 != 1 {
				return
			}
			now := stateJSON(t, s)
			if n > 1 {
				same(t, "loaded: state", stateJSON(t, loaded), now)
				same(t, "cloned: state", stateJSON(t, cloned), now)
			}
			var err error
			if loaded, err = queue.Load(now); err != nil {
				t.Fatal(err)
			}
			cloned = loaded.Clone()
			same(t, "a clone", stateJSON(t, cloned), now)
			if diff := cmp.Diff(ids(s.Aside()), ids(loaded.Aside())); diff != "" {
				t.Fatalf("aside (-was +loaded):\n%s", diff)
			}
			for _, c := range s.Config.Counters {
				want, _ := s.Next(c.ID, p.now)
				got, _ := loaded.Next(c.ID, p.now)
				if got.Why != want.Why || !got.Due.Equal(want.Due) || (got.Ticket == nil) != (want.Ticket == nil) || got.Ticket != nil && got.Ticket.ID != want.Ticket.ID {
					t.Fatalf("next at %s after loading: %+v, was %+v", c.ID, got, want)
				}
			}
		}
	})
}

func asJSON(t failer, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatalf("marshal: %v", err)
	}
	return b
}

func TestEventsInOrder(t *testing.T) {
	always(t, 40, false, func() func(*rapid.T, *queue.State, played) {
		var seq int64
		var at time.Time
		return func(t *rapid.T, s *queue.State, p played) {
			for _, e := range p.events {
				if e.Seq != seq+1 || e.At.Before(at) {
					t.Fatalf("event %d of %v after %d of %v", e.Seq, e.At, seq, at)
				}
				seq, at = e.Seq, e.At
				if e.By == "" || e.By != "system" && (e.By != p.cmd.By || e.Command != p.cmd.ID) {
					t.Fatalf("%s by %q in %q: not of %+v", e.Kind, e.By, e.Command, p.cmd)
				}
			}
			if s.Seq != seq || !s.At.Equal(at) {
				t.Fatalf("state at %d %v, its events end at %d %v", s.Seq, s.At, seq, at)
			}
		}
	})
}

func TestRefusalChangesNothing(t *testing.T) {
	always(t, 25, true, func() func(*rapid.T, *queue.State, played) {
		return func(t *rapid.T, s *queue.State, p played) {
			if p.err != nil && len(p.events) == 0 {
				same(t, "state after a refusal", stateJSON(t, s), p.before)
			}
			if p.err != nil {
				whole(t, words.Refusal(p.err.(*queue.Refusal)))
			}
		}
	})
}

func TestSameCommandAgain(t *testing.T) {
	always(t, 25, false, func() func(*rapid.T, *queue.State, played) {
		return func(t *rapid.T, s *queue.State, p played) {
			if p.err != nil || p.answer.Kind == "" {
				return
			}
			if _, _, err := s.Execute(queue.Command{By: "system", Do: queue.Tick{}}, p.now); err != nil { // it may have ended the day
				t.Fatal(err)
			}
			after, answer := stateJSON(t, s), asJSON(t, p.answer)
			loaded, err := queue.Load(after)
			if err != nil {
				t.Fatal(err)
			}
			for _, office := range []*queue.State{s, loaded} {
				events, a, err := office.Execute(p.cmd, p.now)
				if err != nil || len(events) > 0 {
					t.Fatalf("%T again: %d events, %v", p.cmd.Do, len(events), err)
				}
				same(t, "answer", asJSON(t, a), answer)
				saw := queue.TicketID("another")
				for _, other := range []queue.Command{
					{ID: p.cmd.ID, By: p.cmd.By, Do: queue.Tick{}},
					{ID: p.cmd.ID, By: p.cmd.By, Do: p.cmd.Do, Current: &saw},
				} {
					events, _, err = office.Execute(other, p.now)
					if r, ok := err.(*queue.Refusal); !ok || r.Code != queue.Invalid || r.Field != "Idempotency-Key" || len(events) > 0 {
						t.Fatalf("%T with the id of %T: %v", other.Do, p.cmd.Do, err)
					}
				}
				same(t, "state", stateJSON(t, office), after)
			}
		}
	})
}

func TestPeriodsMakeALife(t *testing.T) {
	always(t, 40, false, func() func(*rapid.T, *queue.State, played) {
		return func(t *rapid.T, s *queue.State, p played) {
			for id, v := range s.Tickets {
				life := v.Entered.Sub(v.Issued).Seconds()
				sum := float64(v.Waited + v.Way + v.Service + v.HeldFor + v.AbsentFor + v.Away)
				if math.Abs(life-sum) > 1e-6 || min(v.Waited, v.Way, v.Service, v.HeldFor, v.AbsentFor, v.Away) < 0 {
					t.Fatalf("after %T: %s lived %f s until it became %s, its periods make %f", p.cmd.Do, id, life, v.State, sum)
				}
			}
		}
	})
}

// office is what can be seen of an office, but for what only grows: seq, time,
// answers and the announcements that were made.
func office(t failer, s *queue.State) []byte {
	t.Helper()
	c := s.Clone()
	c.Seq, c.At, c.Answers, c.Recent = 0, time.Time{}, nil, nil
	c.Worked = time.Time{} // somebody was there
	for _, d := range c.Counters {
		d.Step = queue.Step{}
	}
	for _, v := range c.Tickets {
		v.Touched, v.Calls, v.Announced, v.AnnouncedAt = 0, 0, 0, time.Time{}
	}
	for id, list := range c.Last {
		if c.Last[id] = list[max(0, len(list)-1):]; len(list) == 0 {
			delete(c.Last, id)
		}
	}
	var calls []queue.Call
	for _, call := range s.Calls() {
		call.Times, call.At = 0, time.Time{}
		calls = append(calls, call)
	}
	slices.SortFunc(calls, func(a, b queue.Call) int { return int(b.ID - a.ID) })
	return append(stateJSON(t, c), asJSON(t, calls)...)
}

// TestNextIsFirstByClaims wants the counters' claims to say whom each calls next, now and as far as
// time alone changes it.
func TestNextIsFirstByClaims(t *testing.T) {
	always(t, 40, false, func() func(*rapid.T, *queue.State, played) {
		return func(t *rapid.T, s *queue.State, p played) {
			for _, now := range []time.Time{p.now, p.now.Add(5 * time.Minute), p.now.Add(20 * time.Minute)} {
				for i := range s.Config.Counters {
					id := s.Config.Counters[i].ID
					next, ok := s.Next(id, now)
					first := firstByClaims(s, id, now)
					if ok != (first != nil) || ok && next.Ticket != first {
						t.Fatalf("%s calls %+v next, and by the claims %+v", id, next.Ticket, first)
					}
				}
			}
		}
	})
}

func firstByClaims(s *queue.State, id queue.CounterID, now time.Time) (first *queue.Ticket) {
	var due time.Time
	for i := range s.Config.Channels {
		for _, t := range s.Line(s.Config.Channels[i].ID, now) {
			c, ok := s.Claim(id, t)
			if !ok || now.Before(c.From) {
				continue
			}
			if first == nil || c.Due.Before(due) || c.Due.Equal(due) && (t.Since.Before(first.Since) || t.Since.Equal(first.Since) && t.Order < first.Order) {
				first, due = t, c.Due
			}
		}
	}
	return first
}

func TestUndoRestores(t *testing.T) {
	always(t, 25, true, func() func(*rapid.T, *queue.State, played) {
		return func(t *rapid.T, s *queue.State, p played) {
			switch p.cmd.Do.(type) {
			case queue.Next, queue.CallTicket, queue.Recall, queue.Start, queue.Done, queue.MarkAbsent, queue.Hold, queue.Requeue, queue.Transfer, queue.WalkIn:
			default:
				return
			}
			if p.err != nil || len(p.events) == 0 || p.events[0].Command != p.cmd.ID {
				return // nothing done, or done earlier, or time did something too
			}
			counter := counterOf(p.cmd.Do)
			before, err := queue.Load(p.before)
			if err != nil {
				t.Fatal(err)
			}
			after := s.Clone()
			if after.Counters[counter].Status != queue.DeskOpen {
				return // a step at a closed counter; it can be undone once that is open
			}
			if _, _, err := after.Execute(queue.Command{ID: "undo", By: "dev", Do: queue.Undo{Counter: counter}}, p.now); err != nil {
				t.Fatalf("undo of %T: %v", p.cmd.Do, err)
			}
			same(t, "after the undo", office(t, after), office(t, before))
			for _, ch := range s.Config.Channels {
				if diff := cmp.Diff(ids(before.Line(ch.ID, p.now)), ids(after.Line(ch.ID, p.now))); diff != "" {
					t.Fatalf("undo of %T: line of %s (-before +after):\n%s", p.cmd.Do, ch.ID, diff)
				}
			}
		}
	})
}

func ids(tickets []*queue.Ticket) (list []queue.TicketID) {
	for _, t := range tickets {
		list = append(list, t.ID)
	}
	return list
}

func TestDayEnds(t *testing.T) {
	always(t, 40, false, func() func(*rapid.T, *queue.State, played) {
		return func(t *rapid.T, s *queue.State, p played) {
			c := s.Clone()
			y, m, d := p.now.Date()
			midnight := time.Date(y, m, d+1, 0, 0, 0, 0, p.now.Location())
			if !c.At.Before(midnight) {
				return // the clock stepped back from the next day
			}
			serving, states := map[queue.TicketID]bool{}, map[queue.TicketID]queue.TicketState{}
			for id, v := range s.Tickets {
				serving[id] = v.State == queue.Serving
			}
			events, _, err := c.Execute(queue.Command{By: "system", Do: queue.Tick{}}, midnight)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range events {
				if e.Kind == queue.TicketServed || e.Kind == queue.TicketExpired {
					if states[e.Ticket] != "" || (e.Kind == queue.TicketServed) != serving[e.Ticket] || e.Inexact != serving[e.Ticket] {
						t.Fatalf("%s of %s, serving: %v", e.Kind, e.Ticket, serving[e.Ticket])
					}
					states[e.Ticket] = queue.Expired
				}
			}
			for id, v := range s.Tickets {
				if v.State.Live() != (states[id] != "") {
					t.Fatalf("%s was %s and got an end: %q", id, v.State, states[id])
				}
			}
			if len(c.Tickets)+len(c.Calls())+len(c.Aside()) > 0 || c.Day != calendar.DateOf(midnight) {
				t.Fatalf("left over on %s: %v, %v", c.Day, c.Tickets, c.Calls())
			}
			for id, d := range c.Counters {
				if d.Status != queue.DeskClosed || d.Current != "" || d.Operator != "" || d.Step.Command != "" {
					t.Fatalf("counter %s on the morning after: %+v", id, *d)
				}
			}
		}
	})
}

// TestDueTellsOfChanges wants the choices and the lines to stay until the moment that Due tells.
func TestDueTellsOfChanges(t *testing.T) {
	always(t, 40, false, func() func(*rapid.T, *queue.State, played) {
		return func(t *rapid.T, s *queue.State, p played) {
			now := p.now
			if now.Before(s.At) {
				now = s.At
			}
			due := s.Due(now)
			before := due.Add(-time.Microsecond)
			for _, c := range s.Config.Counters {
				first, _ := s.Next(c.ID, now)
				last, _ := s.Next(c.ID, before)
				if first != last {
					t.Fatalf("next at %s: %+v at %s, %+v at %s, due is %s", c.ID, first, now, last, before, due)
				}
			}
			for _, c := range s.Config.Channels {
				if diff := cmp.Diff(ids(s.Line(c.ID, now)), ids(s.Line(c.ID, before))); diff != "" {
					t.Fatalf("line of %s (-%s +%s), due is %s:\n%s", c.ID, now, before, due, diff)
				}
			}
		}
	})
}

package queue_test

import (
	"fmt"
	"reflect"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/eliminacode/eliminacode/pkg/queue"
)

// TestModel plays random histories in the package and in the model, and compares
// all that can be seen after every step.
func TestModel(t *testing.T) {
	t.Parallel()
	for _, morning := range mornings {
		for part := range 5 { // each is rapid's number of histories, 100 unless told
			t.Run(fmt.Sprintf("%s/%d", morning[:10], part), func(t *testing.T) {
				t.Parallel()
				start := moment(t, morning)
				rapid.Check(t, func(t *rapid.T) { compare(t, start) })
			})
		}
	}
}

func compare(t *rapid.T, morning time.Time) {
	const steps = 40
	sc, c := begin(t, morning)
	now := morning
	s, m := new(queue.State), new(model)
	sc.office = s
	for range steps {
		want := m.code(c, now)
		_, a, err := s.Execute(c, now)
		if got := codeOf(t, err); got != want {
			t.Fatalf("%s: %T%+v: code %q, want %q", now.Format(time.DateTime), c.Do, c.Do, got, want)
		}
		if first, again := m.said[c.ID]; again {
			if diff := cmp.Diff(first, a); diff != "" {
				t.Fatalf("%T again: another answer (-first +again):\n%s", c.Do, diff)
			}
		} else if err == nil && a.Kind != "" {
			m.said[c.ID] = a
		}
		m.compare(t, s, c, now)
		sc.version = s.Config.Version
		c, now = sc.step(t)
	}
}

// compare fails where the office differs from the model.
func (m *model) compare(t *rapid.T, s *queue.State, c queue.Command, now time.Time) {
	t.Helper()
	check := func(what string, got, want any) {
		if reflect.DeepEqual(got, want) {
			return
		}
		t.Helper()
		if g, w := fmt.Sprint(got), fmt.Sprint(want); g != w {
			t.Fatalf("%s: after %T%+v: %s:\n got %s\nwant %s", now.Format(time.DateTime), c.Do, c.Do, what, g, w)
		}
	}
	check("day", s.Day, m.day)
	check("number of tickets", len(s.Tickets), len(m.tickets))
	var aside int
	for _, v := range m.tickets {
		got := s.Tickets[v.id]
		if got == nil {
			t.Fatalf("after %T%+v: ticket %s is gone", c.Do, c.Do, v.id)
		}
		check("ticket "+string(v.id), seen(got), v.seen())
		if v.number != "" && s.ByNumber(v.number) != got {
			t.Fatalf("number %s isn't found", v.number)
		}
		if v.state == queue.Held || v.state == queue.Absent {
			aside++
		}
	}
	for _, v := range m.handed {
		got := s.Known(v.id)
		if got == nil {
			t.Fatalf("after %T%+v: ticket %s of another day is forgotten", c.Do, c.Do, v.id)
		}
		check("ticket of another day "+string(v.id), fmt.Sprint(got.Number, got.Printed, got.PrintReason, got.Offline, got.State.Live()),
			fmt.Sprint(v.number, v.printed, v.printReason, v.offline, false))
	}
	check("number of tickets of other days", len(s.Handed), len(m.handed))
	check("number aside", len(s.Aside()), aside)
	for _, t := range s.Aside() {
		check("aside", t.State == queue.Held || t.State == queue.Absent, true)
	}
	for i := range m.cfg.Channels {
		id := m.cfg.Channels[i].ID
		want := m.line(id, now)
		var got []queue.TicketID
		for n, v := range s.Line(id, now) {
			got = append(got, v.ID)
			check("ahead of "+string(v.ID), s.Ahead(v, now), n)
		}
		check("line of "+string(id), got, want)
		check("waiting for "+string(id), s.Waiting(id), len(want))
		check("last called of "+string(id), s.LastCalled(id), m.lastCalled(id))
	}
	open, change := s.Opening(now)
	check("open", open, m.opening(now))
	check("ended", s.Ended(now), m.ended(latest(now, m.last)) && (m.opensToday(latest(now, m.last)) || !m.worked.IsZero()))
	check("change is to come", change.IsZero() || change.After(s.At) && change.After(now), true)
	check("number of counters", len(s.Counters), len(m.desks))
	for i := range m.cfg.Counters {
		m.compareDesk(check, s, &m.cfg.Counters[i], now)
	}
	var got, want []string
	for _, c := range s.Calls() {
		got = append(got, fmt.Sprint(c.Ticket, c.Number, c.Channel, c.Counter, c.Times, c.At.UnixMicro(), c.Holds))
	}
	for _, v := range m.calls() {
		holds := v.state == queue.Called || v.state == queue.Serving
		want = append(want, fmt.Sprint(v.id, v.number, v.channel, v.counter, v.calls, v.spoken.UnixMicro(), holds))
	}
	check("calls", got, want)
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

func (m *model) compareDesk(check func(string, any, any), s *queue.State, c *queue.Counter, now time.Time) {
	d, want := s.Counters[c.ID], m.desks[c.ID]
	check("counter "+string(c.ID),
		[]any{d.Status, d.Operator, d.Reason, d.Alarm}, []any{want.status, want.operator, want.reason, want.alarm})
	var current queue.TicketID
	if v := m.at(c.ID); v != nil {
		current = v.id
	}
	check("current of "+string(c.ID), d.Current, current)
	var next, got queue.TicketID
	if v := m.next(c, now); v != nil {
		next = v.id
	}
	if choice, ok := s.Next(c.ID, now); ok {
		got = choice.Ticket.ID
	}
	check("next of "+string(c.ID), got, next)
}

// seen is all of a ticket but the numbers of events. It is made by hand, since
// it is made more than a million times.
func seen(t *queue.Ticket) string {
	b := make([]byte, 0, 256)
	for _, word := range []string{
		string(t.ID), t.Number, string(t.Channel), string(t.Class), string(t.State), "at", string(t.Counter),
		"for", string(t.For), "not", string(t.Avoid), "back", string(t.Back), string(t.BackTo), "reason", t.Reason,
	} {
		b = append(append(b, word...), ' ')
	}
	for _, at := range []time.Time{t.AvoidUntil, t.Until, t.Issued, t.Since, t.Slot, t.Entered} {
		if at.IsZero() {
			b = append(b, "- "...)
		} else {
			b = append(strconv.AppendInt(b, at.UnixMicro(), 10), ' ')
		}
	}
	for _, s := range []queue.Seconds{t.Waited, t.Way, t.Service, t.HeldFor, t.AbsentFor, t.Away} {
		b = append(strconv.AppendInt(b, s.Duration().Round(time.Millisecond).Milliseconds(), 10), "ms "...)
	}
	b = fmt.Append(b, t.Postponed, t.Returned, t.Out, t.Left, t.Inexact, t.Offline)
	for _, word := range []string{t.Totem, string(t.Printed), t.PrintReason, t.Printer} {
		b = append(append(b, word...), ' ')
	}
	for _, n := range []int{t.Calls, t.Passed, t.Legs, t.Reprints} {
		b = append(strconv.AppendInt(b, int64(n), 10), ' ')
	}
	for _, o := range t.Outcomes {
		b = strconv.AppendInt(append(b, o.Service...), int64(o.Quantity), 10)
	}
	return string(b)
}

func (v *visit) seen() string {
	spent := func(st queue.TicketState) queue.Seconds { return queue.Seconds(v.spent[st].Seconds()) }
	return seen(&queue.Ticket{
		ID: v.id, Number: v.number, Channel: v.channel, Class: v.class, State: v.state, Counter: v.counter, Calls: v.calls,
		For: v.only, Avoid: v.avoid, AvoidUntil: v.avoidUntil, Back: v.back, BackTo: v.backTo, Reason: v.reason, Until: v.until,
		Postponed: v.postponed, Returned: v.returned, Out: v.out, Left: v.left, Inexact: v.inexact, Passed: v.passed, Legs: v.legs, Outcomes: v.outcomes, Issued: v.issued, Since: v.since, Slot: v.slot, Entered: v.entered,
		Totem: v.totem, Printed: v.printed, PrintReason: v.printReason, Printer: v.printer, Reprints: v.reprints, Offline: v.offline,
		Waited: spent(queue.Waiting), Way: spent(queue.Called), Service: spent(queue.Serving),
		HeldFor: spent(queue.Held), AbsentFor: spent(queue.Absent), Away: spent(queue.Served),
	})
}

package queue_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// kiosk is an office with the totem t1, which has its numbers since nine.
func kiosk(t *testing.T) (s *queue.State, now time.Time) {
	t.Helper()
	s, now = new(queue.State), moment(t, mornings[0])
	must(t, s, queue.Configure{Config: plain()}, now)
	must(t, s, queue.LeaseNumbers{Totem: "t1"}, now)
	return s, now
}

func offline(id queue.TicketID, number string, at time.Time) queue.IssueOffline {
	return queue.IssueOffline{Totem: "t1", Ticket: id, Number: number, Channel: "a", At: at, Printed: queue.PrintYes}
}

// step is a clerk's, who may undo it.
func step(t *testing.T, s *queue.State, do queue.Action, now time.Time) {
	t.Helper()
	if _, _, err := s.Execute(queue.Command{ID: fmt.Sprint(s.Seq), By: "dev", Do: do}, now); err != nil {
		t.Fatalf("%T: %v", do, err)
	}
}

func refused(t *testing.T, s *queue.State, do queue.Action, now time.Time, why queue.Reason) {
	t.Helper()
	_, _, err := s.Execute(queue.Command{By: "totem/t1", Do: do}, now)
	if r, ok := err.(*queue.Refusal); !ok || r.Reason != why {
		t.Errorf("%+v: %v, want %s", do, err, why)
	}
}

// TestNobodyIsLost plays totems that go offline and come back, whose clocks and the server's are
// right: whatever they gave is taken over, each ticket once, under the number that its holder saw.
func TestNobodyIsLost(t *testing.T) {
	always(t, 40, false, func() func(*rapid.T, *queue.State, played) {
		return func(t *rapid.T, s *queue.State, p played) {
			a, hands := p.cmd.Do.(queue.IssueOffline)
			if !hands {
				return
			}
			if p.err != nil {
				why := p.err.(*queue.Refusal).Reason
				odd := a.Class == queue.Appointment || why == queue.ReasonNumberOfAnother || why == queue.ReasonNotANumber
				if usedUp := why == queue.ReasonNumberUsed; !odd && !usedUp {
					t.Fatalf("%+v is lost: %v", a, p.err)
				}
				return
			}
			v := s.Known(a.Ticket)
			if v == nil || v.Number != a.Number || !v.Offline && len(p.events) > 0 && p.answer.Kind != "" {
				t.Fatalf("%+v became %+v", a, v)
			}
			if again, _, err := s.Clone().Execute(queue.Command{ID: "again", By: "totem/t1", Do: a}, p.now); err != nil ||
				slices.ContainsFunc(again, func(e queue.Event) bool { return e.Command == "again" }) {
				t.Fatalf("%+v again: %v, %v", a, again, err)
			}
		}
	})
}

// TestHandOverInTime has somebody wait by the time at which a totem gave the ticket.
func TestHandOverInTime(t *testing.T) {
	t.Parallel()
	s, nine := kiosk(t)
	now := nine.Add(time.Hour)
	must(t, s, queue.Issue{Ticket: "online", Channel: "a"}, now)
	given := now.Add(-30 * time.Minute)
	a := must(t, s, offline("x", "A900", given), now.Add(time.Minute))
	v := a.Ticket
	if !v.Issued.Equal(given) || !v.Since.Equal(given) || !v.Entered.Equal(given) || a.Ahead != 0 || !v.Offline || v.Printed != queue.PrintYes {
		t.Errorf("%+v, %d ahead", v, a.Ahead)
	}
	must(t, s, queue.Open{Counter: "1", Operator: "maria"}, now.Add(2*time.Minute))
	v = must(t, s, queue.Next{Counter: "1"}, now.Add(2*time.Minute)).Ticket
	if v.ID != "x" || v.Waited.Duration() != 32*time.Minute {
		t.Errorf("%s waited %v", v.Number, v.Waited.Duration())
	}
	// A clock that can't be right: whoever came, came now.
	for i, at := range []time.Time{now.Add(time.Hour), nine.Add(-time.Microsecond), time.Unix(0, 0)} {
		number := fmt.Sprint("A91", i)
		if v := must(t, s, offline(queue.TicketID(number), number, at), now.Add(3*time.Minute)).Ticket; !v.Issued.Equal(now.Add(3*time.Minute)) || v.State != queue.Waiting {
			t.Errorf("given at %v: %+v", at, v)
		}
	}
	if v := must(t, s, queue.IssueOffline{Totem: "t1", Ticket: "z", Number: "B900", Channel: "gone", At: now}, now.Add(4*time.Minute)).Ticket; v.Channel != "b" {
		t.Errorf("of an unknown channel: %+v", v)
	}
}

// TestHandOverPastLimits counts neither hours nor limits nor how many come at once.
func TestHandOverPastLimits(t *testing.T) {
	t.Parallel()
	s, now := new(queue.State), moment(t, mornings[0])
	c := plain()
	c.Channels[0].DailyLimit, c.Channels[0].LastTicket, c.Policy.HoardMax, c.Policy.HoardWindow = 1, 3600, 1, 60
	must(t, s, queue.Configure{Config: c}, now)
	must(t, s, queue.LeaseNumbers{Totem: "t1"}, now)
	for i := range 20 {
		id := fmt.Sprintf("A9%02d", i)
		must(t, s, offline(queue.TicketID(id), id, now.Add(time.Duration(i)*time.Second)), now.Add(time.Minute))
	}
	if n := s.Waiting("a"); n != 20 {
		t.Errorf("%d wait", n)
	}
	refused(t, s, queue.Issue{Ticket: "y", Channel: "a"}, now.Add(time.Minute), queue.ReasonDailyLimit)
}

// TestHandOverOfAnEndedDay records a ticket in the day on which it was given.
func TestHandOverOfAnEndedDay(t *testing.T) {
	t.Parallel()
	s, nine := kiosk(t)
	must(t, s, queue.Issue{Ticket: "asked", Channel: "a", Totem: "t1", Print: true}, nine) // the answer was lost
	next := nine.AddDate(0, 0, 1)
	must(t, s, queue.Tick{}, next)
	for range 2 {
		loaded, err := queue.Load(stateJSON(t, s))
		if err != nil {
			t.Fatal(err)
		}
		s = loaded
		v := must(t, s, offline("x", "A900", nine.Add(time.Hour)), next).Ticket
		if v.State != queue.Expired && v.ID != "" || s.Tickets["x"] != nil {
			t.Errorf("%+v", v)
		}
	}
	v := s.Known("x")
	if calendar.DateOf(v.Issued) != calendar.DateOf(nine) || v.State != queue.Expired || !v.Left || v.Entered.Before(v.Issued) {
		t.Errorf("%+v", v)
	}
	events, a, err := s.Execute(queue.Command{ID: "r", By: "totem/t1", Do: offline("asked", "A901", nine.Add(time.Minute))}, next)
	if err != nil || a.Ticket.Number != "A901" || a.Kind != queue.TicketRenumbered || a.Ticket.State.Live() {
		t.Errorf("%+v, %v", a, err)
	}
	if rows := s.Touched(events); len(rows) != 1 || rows[0].Number != "A901" {
		t.Errorf("rows: %+v", rows)
	}
	refused(t, s, offline("y", "A900", nine.Add(2*time.Hour)), next, queue.ReasonNumberUsed)
	refused(t, s, queue.Issue{Ticket: "x", Channel: "a", Totem: "t1"}, next, queue.ReasonTicketIDUsed) // the request that was late
	must(t, s, offline("y", "A900", next), next)
	must(t, s, queue.Printed{Ticket: "x", Result: queue.PrintFailed}, next)
	if s.Known("x").Printed != queue.PrintFailed {
		t.Error("nothing can be said of it")
	}
	for day := range 40 {
		must(t, s, queue.Tick{}, next.AddDate(0, 0, day))
	}
	if s.Known("x") != nil {
		t.Error("it is kept for ever")
	}
}

// TestRenumbered gives whoever asked for a ticket online, and got one of the totem's own numbers,
// that number, and never a second place.
func TestRenumbered(t *testing.T) {
	t.Parallel()
	s, nine := kiosk(t)
	for _, id := range []queue.TicketID{"waits", "called", "absent", "served"} {
		must(t, s, queue.Issue{Ticket: id, Channel: "a", Totem: "t1", Print: true}, nine)
	}
	must(t, s, queue.Open{Counter: "1", Operator: "maria"}, nine)
	must(t, s, queue.CallTicket{Counter: "1", Ticket: "served"}, nine)
	must(t, s, queue.Done{Counter: "1"}, nine)
	must(t, s, queue.CallTicket{Counter: "1", Ticket: "absent"}, nine)
	must(t, s, queue.MarkAbsent{Counter: "1"}, nine)
	step(t, s, queue.CallTicket{Counter: "1", Ticket: "called"}, nine)
	now := nine.Add(10 * time.Second)
	for i, tt := range []struct {
		id    queue.TicketID
		state queue.TicketState
	}{{"waits", queue.Waiting}, {"called", queue.Called}, {"absent", queue.Waiting}, {"served", queue.Served}} {
		number := fmt.Sprintf("A90%d", i)
		v := must(t, s, offline(tt.id, number, now), now).Ticket
		if v.State != tt.state || v.Number != number || !v.Since.Equal(nine) || s.ByNumber(number) != s.Tickets[tt.id] {
			t.Errorf("%+v", v)
		}
	}
	if len(s.Tickets) != 4 || s.ByNumber("A001") != nil {
		t.Errorf("%d tickets", len(s.Tickets))
	}
	if calls := s.Calls(); calls[0].Number != "A901" {
		t.Errorf("the monitors show %s", calls[0].Number)
	}
	if v := must(t, s, queue.Issue{Ticket: "next", Channel: "a"}, now).Ticket; v.Number != "A005" {
		t.Errorf("the next one is %s", v.Number)
	}
	refused(t, s, offline("waits", "A950", now), now, queue.ReasonTicketIDUsed)
	refused(t, s, offline("next", "A950", now), now, queue.ReasonTicketIDUsed) // nobody asked a totem for it
	// What is in somebody's hand can't be undone.
	step(t, s, queue.Undo{Counter: "1"}, now)
	if v := s.Tickets["called"]; v.State != queue.Waiting || v.Number != "A901" || v.Printed != queue.PrintYes {
		t.Errorf("undone: %+v", v)
	}
}

// TestPaperLeavesTheCounterAlone has paper come out while its holder is called: the call can be
// undone.
func TestPaperLeavesTheCounterAlone(t *testing.T) {
	t.Parallel()
	s, now := kiosk(t)
	must(t, s, queue.Open{Counter: "1", Operator: "maria"}, now)
	must(t, s, queue.Issue{Ticket: "x", Channel: "a", Totem: "t1", Print: true}, now)
	step(t, s, queue.Next{Counter: "1"}, now)
	must(t, s, queue.Printed{Ticket: "x", Result: queue.PrintFailed, Reason: "paper_out"}, now)
	must(t, s, queue.Reprint{Ticket: "x"}, now)
	step(t, s, queue.Undo{Counter: "1"}, now)
	if v := s.Tickets["x"]; v.State != queue.Waiting || v.Printed != queue.PrintPending || v.Reprints != 1 {
		t.Errorf("%+v", v)
	}
	if list := s.Prints("t1"); len(list) != 1 || list[0].Copy != 1 || list[0].Ticket.ID != "x" {
		t.Errorf("to print: %+v", list)
	}
}

// TestLeasedNumbers gives totems numbers far above those of the server.
func TestLeasedNumbers(t *testing.T) {
	t.Parallel()
	s, now := kiosk(t)
	of := func(totem string) (b queue.Block) { return s.Leased(totem)[0] }
	must(t, s, queue.LeaseNumbers{Totem: "t2"}, now)
	must(t, s, queue.LeaseNumbers{Totem: "t1"}, now) // it has them
	if of("t1") != (queue.Block{Letter: "A", From: 900, To: 999}) || of("t2") != (queue.Block{Letter: "A", From: 800, To: 899}) {
		t.Errorf("%v %v", of("t1"), of("t2"))
	}
	must(t, s, queue.Roll{Channel: "a", First: 799, Last: 799, Tickets: []queue.TicketID{"r"}}, now)
	if v := must(t, s, queue.Issue{Ticket: "o", Channel: "a"}, now).Ticket; v.Number != "A1000" {
		t.Errorf("online, after all that is reserved: %s", v.Number)
	}
	must(t, s, queue.LeaseNumbers{Totem: "t3"}, now)
	if of("t3") != (queue.Block{Letter: "A", From: 1001, To: 1100}) {
		t.Errorf("beyond those given: %v", of("t3"))
	}
	must(t, s, queue.LeaseNumbers{Totem: "t1", Fresh: true}, now)
	if b := of("t1"); b.From != 1101 {
		t.Errorf("anew: %v", b)
	}
	must(t, s, offline("x", "A900", now), now) // of the block that it lost
	refused(t, s, offline("y", "A700", now), now, queue.ReasonNumberOfAnother)
	next := now.AddDate(0, 0, 1)
	if v := must(t, s, queue.Issue{Ticket: "p", Channel: "a"}, next).Ticket; v.Number != "A001" || of("t2").From != 800 {
		t.Errorf("the next day: %s, %v", v.Number, of("t2"))
	}
	swapped := *plain()
	swapped.Channels[0].Letter = "K"
	must(t, s, queue.Configure{Config: &swapped, Version: 1}, next)
	must(t, s, queue.LeaseNumbers{Totem: "t2"}, next)
	if n := len(s.Leased("t2")); n != 4 {
		t.Errorf("%d blocks, one for each letter and the one that was", n)
	}
	for i := range 2000 {
		if _, _, err := s.Execute(queue.Command{By: "totem/t9", Do: queue.LeaseNumbers{Totem: "t9", Fresh: true}}, next); err != nil {
			if r := err.(*queue.Refusal); r.Code != queue.RateLimited || i < 100 {
				t.Errorf("after %d: %v", i, err)
			}
			return
		}
	}
	t.Error("a totem may lose its numbers without end")
}

// TestHandOverAfterAWrongClock has the server believe for a moment that months have passed: what a
// totem gave before is still known when the time is right again.
func TestHandOverAfterAWrongClock(t *testing.T) {
	t.Parallel()
	s, nine := kiosk(t)
	must(t, s, queue.Issue{Ticket: "asked", Channel: "a", Totem: "t1", Print: true}, nine)
	must(t, s, offline("x", "A900", nine), nine)
	next := nine.AddDate(0, 0, 1)
	must(t, s, queue.Tick{}, next)
	must(t, s, queue.Tick{}, next.AddDate(0, 0, 166))
	must(t, s, queue.Tick{}, next)
	if v := must(t, s, offline("asked", "A901", nine), next).Ticket; v.ID != "asked" || v.Number != "A901" || v.State.Live() {
		t.Errorf("%+v", v)
	}
	refused(t, s, offline("y", "A900", nine), next, queue.ReasonNumberUsed)
	if v := s.Known("x"); v == nil || v.Number != "A900" {
		t.Errorf("%+v", v)
	}
}

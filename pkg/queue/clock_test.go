package queue_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// clockOffice is Empoli's office on Monday 2 March 2026, with counter 1 open, where a and b wait
// and h is held for ten minutes.
func clockOffice(t *testing.T) (*queue.State, time.Time) {
	t.Helper()
	at := clockTime(t, "2026-03-02T09:00:00+01:00")
	s := new(queue.State)
	clockDo(t, s, "setup", queue.Configure{Config: queue.Default()}, at)
	clockDo(t, s, "open", queue.Open{Counter: "1", Operator: "maria"}, at)
	for i, id := range []queue.TicketID{"h", "a", "b"} {
		clockDo(t, s, "issue-"+string(id), queue.Issue{Ticket: id, Channel: "anagrafe"}, at.Add(time.Duration(i)*time.Minute))
	}
	clockDo(t, s, "next", queue.Next{Counter: "1"}, at.Add(3*time.Minute))
	clockDo(t, s, "hold", queue.Hold{Counter: "1", Reason: "modulo", For: 10 * time.Minute}, at.Add(4*time.Minute))
	return s, at.Add(5 * time.Minute)
}

func clockTime(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// clockDo executes a command by the user maria and wants the state that replay gives.
func clockDo(t *testing.T, s *queue.State, id string, a queue.Action, at time.Time) (queue.Answer, []queue.Event) {
	t.Helper()
	before := s.Clone()
	events, answer, err := s.Execute(queue.Command{ID: id, By: "user/maria", Do: a}, at)
	if err != nil {
		t.Fatalf("%s: %v", id, err)
	}
	for i := range events {
		before.Apply(&events[i])
	}
	if got, want := clockJSON(t, before), clockJSON(t, s); got != want {
		t.Fatalf("%s: replay gives\n%s, want\n%s", id, got, want)
	}
	return answer, events
}

func clockJSON(t *testing.T, s *queue.State) string {
	t.Helper()
	b, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestImplausibleClock has a clock show 2036 for a while: nothing ends, time stands still, and
// tickets are given.
func TestImplausibleClock(t *testing.T) {
	t.Parallel()
	s, _ := clockOffice(t)
	last, far := s.At, clockTime(t, "2036-05-05T11:00:00+02:00")
	if s.Plausible(far) || !s.Plausible(last.AddDate(0, 11, 0)) {
		t.Error("2036 is plausible, or eleven months later isn't")
	}
	a, _ := clockDo(t, s, "issue-c", queue.Issue{Ticket: "c", Channel: "anagrafe"}, far)
	if a.Ticket.Number != "A004" || !s.At.Equal(last) || s.Day != "2026-03-02" || s.Tickets["a"].State != queue.Waiting {
		t.Errorf("got %s at %v on %s, a is %s; want A004 at %v on the same day, a waiting", a.Ticket.Number, s.At, s.Day, s.Tickets["a"].State, last)
	}
}

// TestClockBehind has a machine start in the time when its system was built: an office that has had
// days enough isn't moved by it, nor any by a time before the program's; one that
// began in such a time leaves it.
func TestClockBehind(t *testing.T) {
	t.Parallel()
	s, right := clockOffice(t)
	if early := clockTime(t, "1970-01-01T00:00:10Z"); s.Plausible(early) {
		t.Error("1970 is plausible")
	}
	for day := range 20 {
		clockDo(t, s, "", queue.Tick{}, right.AddDate(0, 0, 30*day))
	}
	last := s.At
	clockDo(t, s, "open-c", queue.Open{Counter: "2", Operator: "gino"}, right)
	if !s.At.Equal(last) {
		t.Errorf("it is %v, want %v still", s.At, last)
	}

	s = new(queue.State)
	clockDo(t, s, "setup", queue.Configure{Config: queue.Default()}, clockTime(t, "2023-05-02T10:00:00+02:00"))
	clockDo(t, s, "issue-a", queue.Issue{Ticket: "a", Channel: "anagrafe"}, right)
	if !s.At.Equal(right) {
		t.Errorf("it is %v, want %v", s.At, right)
	}
}

// TestClockSetForward says that a clock is right that is years ahead: the days that passed end.
func TestClockSetForward(t *testing.T) {
	t.Parallel()
	s, _ := clockOffice(t)
	far := clockTime(t, "2036-05-05T11:00:00+02:00")
	clockDo(t, s, "", queue.SetClock{}, far)
	if s.Day != "2036-05-05" || !s.At.Equal(far) || len(s.Tickets) != 0 {
		t.Errorf("on %s at %v there are %d tickets, want 2036-05-05, %v, none", s.Day, s.At, len(s.Tickets), far)
	}
	if s.Settled(far.Add(time.Minute)) || !s.Settled(far.Add(2*time.Hour)) {
		t.Error("what is old may be deleted at once after a leap of ten years, or never")
	}
}

// TestClockSetBack has a clock go back by less and by more, on the day and over days: who waited
// waits, in order, with the waits and the graces that they had, and no number is given twice.
func TestClockSetBack(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, wrong string }{
		{"Hours", "2026-03-02T11:00:00+01:00"},
		{"OverNight", "2026-03-03T10:00:00+01:00"},
		{"Months", "2026-09-07T10:00:00+02:00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, right := clockOffice(t)
			wrong := clockTime(t, c.wrong)
			clockDo(t, s, "", queue.Tick{}, wrong)
			if c.name == "Months" {
				clockDo(t, s, "issue-w0", queue.Issue{Ticket: "w0", Channel: "anagrafe"}, wrong)
				if got := s.Tickets["w0"].Number; got != "A004" { // though nobody leaves
					t.Errorf("the first number after months is %s, want A004, beyond those of who may be back", got)
				}
				clockDo(t, s, "cancel-w0", queue.Cancel{Ticket: "w0"}, wrong)
			}
			for _, id := range []queue.TicketID{"x1", "x2", "x3"} { // who have the first numbers of that day, and go
				clockDo(t, s, "issue-"+string(id), queue.Issue{Ticket: id, Channel: "anagrafe"}, wrong)
				clockDo(t, s, "cancel-"+string(id), queue.Cancel{Ticket: id}, wrong)
			}
			first, _ := clockDo(t, s, "issue-w1", queue.Issue{Ticket: "w1", Channel: "anagrafe"}, wrong.Add(time.Minute))
			clockDo(t, s, "issue-w2", queue.Issue{Ticket: "w2", Channel: "anagrafe"}, wrong.Add(3*time.Minute))
			_, events := clockDo(t, s, "", queue.Tick{}, right)
			if len(events) == 0 || events[0].Kind != queue.ClockSet || !events[0].At.Equal(right) || !events[0].Since.Equal(wrong.Add(3*time.Minute)) {
				t.Fatalf("got %+v, want first that the clock was set", events)
			}
			if s.Day != "2026-03-02" || !s.At.Equal(right) {
				t.Errorf("it is %v on %s, want %v on 2026-03-02", s.At, s.Day, right)
			}
			var line []queue.TicketID
			for _, w := range s.Line("anagrafe", right) {
				line = append(line, w.ID)
			}
			if want := []queue.TicketID{"h", "a", "b", "w1", "w2"}; s.Tickets["h"].State == queue.Held {
				if got := s.Tickets["h"].Until; !got.Equal(right.Add(9 * time.Minute)) {
					t.Errorf("h is held until %v, want 9 minutes more", got)
				}
				if len(line) != 4 || line[0] != "a" || line[3] != "w2" {
					t.Errorf("waiting: %v, want a, b, w1, w2", line)
				}
			} else if len(line) != 5 || line[0] != want[0] || line[4] != want[4] {
				t.Errorf("waiting: %v, want %v", line, want)
			}
			if got := s.Tickets["w1"].Waited; got != 120 {
				t.Errorf("w1 waited %v s so far, want the two minutes of the wrong time", got)
			}
			for _, id := range []queue.TicketID{"h", "a", "b", "w1", "w2"} {
				if v := s.Tickets[id]; s.ByNumber(v.Number) != v {
					t.Errorf("number %s isn't that of %s, which lives", v.Number, id)
				}
			}
			clockDo(t, s, "open-again", queue.Open{Counter: "1", Operator: "maria"}, right)
			got, _ := clockDo(t, s, "next-a", queue.Next{Counter: "1"}, right.Add(time.Minute))
			if waited := got.Ticket.Waited; line[0] == "a" && (got.Ticket.ID != "a" || waited != 300) {
				t.Errorf("%s is next, after %v s; want a, after 300", got.Ticket.ID, waited)
			}
			d, _ := clockDo(t, s, "issue-d", queue.Issue{Ticket: "d", Channel: "anagrafe"}, right.Add(time.Minute))
			if n := d.Ticket.Number; n == first.Ticket.Number || n < "A004" {
				t.Errorf("number %s is given twice in the day", n)
			}
		})
	}
}

// TestFirstClockWrong begins an office in 2036 and sets the clock right.
func TestFirstClockWrong(t *testing.T) {
	t.Parallel()
	s := new(queue.State)
	wrong, right := clockTime(t, "2036-03-03T10:00:00+01:00"), clockTime(t, "2026-03-02T09:00:00+01:00")
	clockDo(t, s, "setup", queue.Configure{Config: queue.Default()}, wrong)
	clockDo(t, s, "issue-a", queue.Issue{Ticket: "a", Channel: "anagrafe"}, wrong.Add(time.Minute))
	b, _ := clockDo(t, s, "issue-b", queue.Issue{Ticket: "b", Channel: "anagrafe"}, right)
	if s.Day != calendar.DateOf(right) || b.Ticket.Number != "A002" || b.Ahead != 1 || s.Waiting("anagrafe") != 2 {
		t.Errorf("on %s %s has %d ahead of it, %d wait; want 2026-03-02, A002, 1, 2", s.Day, b.Ticket.Number, b.Ahead, s.Waiting("anagrafe"))
	}
	s.Execute(queue.Command{By: "system", Do: queue.Tick{}}, right.AddDate(0, 0, 1))
	if s.Day != "2026-03-03" || len(s.Tickets) != 0 {
		t.Errorf("the next day is %s with %d tickets, want 2026-03-03 with none", s.Day, len(s.Tickets))
	}
}

// TestClockSetBackFromCalled has a clock that was wrong end a day with somebody called: set right,
// they wait again and are expected nowhere, also when they go.
func TestClockSetBackFromCalled(t *testing.T) {
	t.Parallel()
	s, right := clockOffice(t)
	clockDo(t, s, "call", queue.CallTicket{Counter: "1", Ticket: "a"}, right)
	clockDo(t, s, "", queue.Tick{}, right.AddDate(0, 0, 1))
	clockDo(t, s, "", queue.Tick{}, right)
	if a := s.Tickets["a"]; a == nil || a.State != queue.Waiting {
		t.Fatalf("a is %+v, want it waiting", a)
	}
	clockDo(t, s, "cancel", queue.Cancel{Ticket: "a"}, right)
	for _, c := range s.Calls() {
		if c.Ticket == "a" {
			t.Errorf("a is still told: %+v", c)
		}
	}
}

// TestClockSetBackAmongNumbers has the same numbers be given on a day that never was: of two who
// have one, the one who waits by then keeps it, and the other stays ended.
func TestClockSetBackAmongNumbers(t *testing.T) {
	t.Parallel()
	s, right := clockOffice(t)
	wrong := right.AddDate(0, 0, 5)
	for i, id := range []queue.TicketID{"w1", "w2"} { // A001, as h, and A002, as a
		clockDo(t, s, "issue-"+string(id), queue.Issue{Ticket: id, Channel: "anagrafe"}, wrong.Add(time.Duration(i)*time.Minute))
	}
	clockDo(t, s, "cancel-w2", queue.Cancel{Ticket: "w2"}, wrong.Add(2*time.Minute))
	clockDo(t, s, "", queue.Tick{}, right)
	for number, id := range map[string]queue.TicketID{"A001": "w1", "A002": "a", "A003": "b"} {
		if got := s.ByNumber(number); got == nil || got.ID != id || got.State != queue.Waiting {
			t.Errorf("%s is %+v, want %s, waiting", number, got, id)
		}
	}
	if len(s.Tickets) != 3 {
		t.Errorf("the day has the tickets %v, want those three", s.Tickets)
	}
	// The day that never was comes: its numbers go on.
	got, _ := clockDo(t, s, "issue-later", queue.Issue{Ticket: "later", Channel: "anagrafe"}, wrong)
	if got.Ticket.Number != "A003" {
		t.Errorf("the next number of %s is %s, want A003", s.Day, got.Ticket.Number)
	}
}

// TestClockBehindAmongDays has a clock be days behind and then right again: the numbers of the day
// go on, which was begun twice.
func TestClockBehindAmongDays(t *testing.T) {
	t.Parallel()
	s, right := clockOffice(t)
	clockDo(t, s, "issue-c", queue.Issue{Ticket: "c", Channel: "anagrafe"}, right.AddDate(0, 0, -5))
	got, _ := clockDo(t, s, "issue-d", queue.Issue{Ticket: "d", Channel: "anagrafe"}, right)
	if got.Ticket.Number != "A004" {
		t.Errorf("the next number of %s is %s, want A004", s.Day, got.Ticket.Number)
	}
	got, _ = clockDo(t, s, "issue-e", queue.Issue{Ticket: "e", Channel: "anagrafe"}, right.AddDate(0, 0, 1))
	if got.Ticket.Number != "A001" {
		t.Errorf("the first number of %s is %s, want A001", s.Day, got.Ticket.Number)
	}
}

// TestClockSetBackWhileServing has a false midnight end a visit: set right, it goes on at its
// counter, unless that has another by then.
func TestClockSetBackWhileServing(t *testing.T) {
	t.Parallel()
	for _, another := range []bool{false, true} {
		s, right := clockOffice(t)
		clockDo(t, s, "next-a", queue.Next{Counter: "1"}, right)
		clockDo(t, s, "start", queue.Start{Counter: "1"}, right.Add(time.Minute))
		wrong := right.AddDate(0, 0, 1)
		clockDo(t, s, "", queue.Tick{}, wrong)
		if another {
			clockDo(t, s, "open-wrong", queue.Open{Counter: "1", Operator: "maria"}, wrong)
			clockDo(t, s, "walk-in", queue.WalkIn{Counter: "1", Ticket: "w", Channel: "anagrafe"}, wrong)
		}
		_, events := clockDo(t, s, "", queue.Tick{}, right.Add(2*time.Minute))
		if another {
			if got := s.Current("1"); got == nil || got.ID != "w" || s.Tickets["a"] != nil {
				t.Errorf("at the counter is %+v, and a %+v; want w, and a served", got, s.Tickets["a"])
			}
			continue
		}
		if touched := s.Touched(events); len(touched) != 3 || touched[0].ID != "a" && touched[1].ID != "a" && touched[2].ID != "a" {
			t.Errorf("changed: %+v, want h, a and b", touched)
		}
		clockDo(t, s, "open-again", queue.Open{Counter: "1", Operator: "maria"}, right.Add(3*time.Minute))
		got, _ := clockDo(t, s, "done", queue.Done{Counter: "1"}, right.Add(6*time.Minute))
		if v := got.Ticket; v.ID != "a" || v.State != queue.Served || v.Inexact || v.Service != 300 || v.Legs != 1 {
			t.Errorf("done is %+v; want a, served in five minutes", v)
		}
	}
}

// TestHolidays switches an office off for weeks that has ended its day: its numbers begin anew.
func TestHolidays(t *testing.T) {
	t.Parallel()
	s, now := clockOffice(t)
	evening := clockTime(t, "2026-03-02T20:00:00+01:00")
	clockDo(t, s, "close", queue.Close{Counter: "1"}, now)
	clockDo(t, s, "", queue.Tick{}, evening)
	got, _ := clockDo(t, s, "issue-later", queue.Issue{Ticket: "later", Channel: "anagrafe"}, now.AddDate(0, 0, 21))
	if got.Ticket.Number != "A001" {
		t.Errorf("the first number after the holidays is %s, want A001", got.Ticket.Number)
	}
}

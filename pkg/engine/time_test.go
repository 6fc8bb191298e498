package engine_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/engine"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// TestOpeningHours leaves an office alone for a day: it is shown when it closes, when its day ends
// and when it opens, and its tickets end with the day.
func TestOpeningHours(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, start string
		want        []string // the moments at which the office is shown, with + when it is open
	}{
		{"AnyDay", "2026-03-02T18:00:00+01:00", []string{
			"2026-03-02T18:30:00+01:00", "2026-03-03T00:00:00+01:00", "2026-03-03T08:00:00+01:00+",
		}},
		{"OverASunday", "2026-03-07T11:00:00+01:00", []string{
			"2026-03-07T12:00:00+01:00", "2026-03-08T00:00:00+01:00", "2026-03-09T00:00:00+01:00", "2026-03-09T08:00:00+01:00+",
		}},
		{"ClocksGoForward", "2026-03-28T11:00:00+01:00", []string{ // on Sunday 29 March, a day of 23 hours
			"2026-03-28T12:00:00+01:00", "2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00", "2026-03-30T08:00:00+02:00+",
		}},
		{"ClocksGoBack", "2026-10-24T11:00:00+02:00", []string{ // on Sunday 25 October, a day of 25 hours
			"2026-10-24T12:00:00+02:00", "2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00", "2026-10-26T08:00:00+01:00+",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T, b *bench) {
				b.clock.set(t, c.start)
				b.issue("a")
				b.shown.take()
				last := moment(t, c.want[len(c.want)-1][:len(time.RFC3339)])
				<-time.After(last.Sub(b.clock.now()) + time.Second)

				rome, err := time.LoadLocation("Europe/Rome")
				if err != nil {
					t.Fatal(err)
				}
				var got []string
				for _, s := range b.shown.take() {
					mark := ""
					if s.open {
						mark = "+"
					}
					got = append(got, s.at.In(rome).Format(time.RFC3339)+mark)
				}
				if len(got) != len(c.want) {
					t.Fatalf("shown at %v, want %v", got, c.want)
				}
				for i := range got {
					if got[i] != c.want[i] {
						t.Errorf("shown at %s, want %s", got[i], c.want[i])
					}
				}
				s := b.look()
				if want := calendar.DateOf(last); s.Day != want || len(s.Tickets) != 0 || s.Counters["1"].Status != queue.DeskClosed {
					t.Errorf("day %s with %d tickets, counter 1 %s; want %s, none, closed", s.Day, len(s.Tickets), s.Counters["1"].Status, want)
				}
				if got := b.issue("b").Ticket.Number; got != "A001" {
					t.Errorf("the day's first number is %s, want A001", got)
				}
			})
		})
	}
}

// TestGraceEnds has an absent ticket expire and a held one wait again, by time alone.
func TestGraceEnds(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, b *bench) {
		b.issue("a")
		b.issue("h")
		b.must(b.do("next-1", queue.Next{Counter: "2"}))
		b.must(b.do("absent", queue.MarkAbsent{Counter: "2"}))
		b.must(b.do("next-2", queue.Next{Counter: "2"}))
		b.must(b.do("hold", queue.Hold{Counter: "2", Reason: "modulo", For: 5 * time.Minute}))
		begin := b.clock.now()
		b.shown.take()
		<-time.After(31 * time.Minute)
		list := b.shown.take()
		if len(list) != 2 || list[0].at.Sub(begin) != 5*time.Minute || list[0].waiting != 1 || list[1].at.Sub(begin) != 30*time.Minute {
			t.Errorf("shown %v, want after 5 minutes, with one waiting, and after 30", list)
		}
		s := b.look()
		if a, h := s.Tickets["a"].State, s.Tickets["h"].State; a != queue.Expired || h != queue.Waiting {
			t.Errorf("the absent one is %s and the held one %s, want expired and waiting", a, h)
		}
	})
}

// TestGraceEndsWhileLost has a hold end while nothing can be written: it ends once that works
// again.
func TestGraceEndsWhileLost(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, b *bench) {
		b.issue("h")
		b.must(b.do("next", queue.Next{Counter: "2"}))
		b.must(b.do("hold", queue.Hold{Counter: "2", Reason: "modulo", For: 5 * time.Minute}))
		b.journal.set(func(s *server) { s.before = fail })
		<-time.After(6 * time.Minute)
		b.journal.set(func(s *server) { s.before = nil })
		<-time.After(21 * time.Second)
		if got := b.look().Tickets["h"].State; got != queue.Waiting {
			t.Errorf("the ticket is %s, want waiting", got)
		}
	})
}

// TestDayEndsWhileLost lets midnight pass while nothing can be written: the engine tries again
// now and then, not as fast as it can.
func TestDayEndsWhileLost(t *testing.T) {
	t.Parallel()
	for name, unreadable := range map[string]error{"Readable": nil, "Unreadable": errDisk} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T, b *bench) {
				b.clock.set(t, "2026-03-02T23:59:00+01:00")
				b.look()
				before, _, _ := b.journal.counts()
				ctx, cancel := context.WithCancel(context.Background())
				b.journal.set(func(s *server) {
					s.reading = unreadable
					tries := 0
					s.before = func() error {
						if tries++; tries > 1000 {
							<-ctx.Done() // it spins: let the test end
						}
						return fail()
					}
				})
				<-time.After(2 * time.Minute)
				cancel()
				batches, _, _ := b.journal.counts()
				if n := batches - before; n > 70 {
					t.Errorf("tried %d times within the minute after midnight, want at most once a second", n)
				}
				b.journal.set(func(s *server) { s.reading, s.before = nil, nil })
				<-time.After(21 * time.Second)
				if got := b.look().Day; got != "2026-03-03" {
					t.Errorf("the day is %s, want 2026-03-03", got)
				}
			})
		})
	}
}

// TestClockStepsBack sets the clock back by two minutes, an hour, and then a day: times decrease
// only where an event says so, numbers go on, and what was issued first is called first.
func TestClockStepsBack(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, b *bench) {
		b.clock.set(t, "2026-03-03T10:00:00+01:00")
		b.must(b.do("open", queue.Open{Counter: "2", Operator: "gino"}))
		b.issue("a")
		b.clock.set(t, "2026-03-03T09:58:00+01:00")
		b.issue("b")
		b.clock.set(t, "2026-03-03T09:00:00+01:00")
		b.issue("c")
		<-time.After(51 * time.Second)
		b.clock.set(t, "2026-03-02T08:55:00+01:00")
		if got := b.issue("d").Ticket.Number; got != "A004" {
			t.Errorf("number %s, want A004", got)
		}
		for _, want := range []string{"A001", "A002", "A003", "A004"} {
			if got := b.must(b.do("next-"+want, queue.Next{Counter: "2"})).Ticket.Number; got != want {
				t.Errorf("called %s, want %s", got, want)
			}
		}
		events, err := b.journal.Events(t.Context(), urp, 0, 1000)
		if err != nil {
			t.Fatal(err)
		}
		set := 0
		for i := range events[1:] {
			if events[i+1].Kind == queue.ClockSet {
				set++
			} else if events[i+1].At.Before(events[i].At) {
				t.Errorf("event %d is of %v, the one before of %v", events[i+1].Seq, events[i+1].At, events[i].At)
			}
		}
		if got := b.look().Day; got != "2026-03-02" || set != 2 {
			t.Errorf("the day is %s and the clock was set %d times, want 2026-03-02 and twice", got, set)
		}
	})
}

// TestServersDisagree has two servers with clocks twenty minutes apart: the times of their office
// don't decrease while both work, and the one that is left goes on by its own within a minute.
func TestServersDisagree(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, b *bench) {
		b.restart(engine.Options{PollEvery: time.Second})
		ahead := b.second(engine.Options{PollEvery: time.Second})
		ahead.stop()
		ahead.clock = new(clock)
		ahead.clock.set(t, "2026-03-02T09:20:00+01:00")
		ahead.start(engine.Options{PollEvery: time.Second})
		set := func() (n int) {
			t.Helper()
			events, err := b.journal.Events(t.Context(), urp, 0, 10_000)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range events {
				if e.Kind == queue.ClockSet {
					n++
				}
			}
			return n
		}
		for i := range 60 {
			b.issue(fmt.Sprint("b", i))
			<-time.After(2 * time.Second)
			ahead.issue(fmt.Sprint("a", i))
			<-time.After(2 * time.Second)
		}
		if n := set(); n != 0 {
			t.Errorf("the time was set back %d times while both servers worked, want never", n)
		}
		ahead.stop()
		<-time.After(time.Minute)
		if n := set(); n != 1 {
			t.Errorf("the time was set back %d times, want once", n)
		}
	})
}

// TestClockCantBeRight has a running machine's clock show 2036 for two hours: the office goes on in
// its own time, says that the clock is wrong, and is back in the true time within half a minute.
func TestClockCantBeRight(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, b *bench) {
		b.issue("a")
		b.clock.set(t, "2036-05-05T11:00:00+02:00")
		<-time.After(2 * time.Hour)
		if err := b.engine.Clock(); !errors.Is(err, engine.ErrClock) {
			t.Errorf("got %v, want engine.ErrClock", err)
		}
		if got := b.issue("b").Ticket.Number; got != "A002" {
			t.Errorf("number %s, want A002", got)
		}
		want := moment(t, "2026-03-02T11:00:00+01:00")
		if s := b.look(); s.Waiting("anagrafe") != 2 || s.At.Sub(want).Abs() > time.Minute {
			t.Errorf("%d wait at %v, want 2 at about %v", s.Waiting("anagrafe"), s.At, want)
		}
		if got := b.engine.Now(); got.Sub(want).Abs() > time.Minute {
			t.Errorf("the engine's time is %v, want about %v", got, want)
		}
		b.clock.set(t, "2026-03-02T11:02:00+01:00")
		<-time.After(21 * time.Second)
		if err := b.engine.Clock(); err != nil {
			t.Errorf("the clock is right again: %v", err)
		}
		if got := b.must(b.do("next", queue.Next{Counter: "1"})).Ticket; got.ID != "a" || got.Waited < 7200 || got.Waited > 7400 {
			t.Errorf("called %s after %v s, want a after two hours", got.ID, got.Waited)
		}
	})
}

// TestClockWasRight has a server start after ten years, and say so.
func TestClockWasRight(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, b *bench) {
		b.stop()
		b.clock.set(t, "2036-05-05T11:00:00+02:00")
		b.start(engine.Options{TrustClock: true})
		if got := b.look().Day; got != "2036-05-05" || b.engine.Clock() != nil {
			t.Errorf("the day is %s, the clock %v; want 2036-05-05, right", got, b.engine.Clock())
		}
	})
}

// TestClockSetRight sets a clock right that was a month ahead: the office is shown as of now.
func TestClockSetRight(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, b *bench) {
		b.clock.set(t, "2026-04-02T20:00:00+02:00")
		<-time.After(21 * time.Second)
		b.shown.take()
		b.clock.set(t, "2026-03-02T17:00:00+01:00")
		<-time.After(2 * time.Hour)
		list := b.shown.take()
		if len(list) != 2 || !list[0].open || list[1].open || !list[1].at.Equal(moment(t, "2026-03-02T18:30:00+01:00")) {
			t.Errorf("shown %v, want soon, open, and at 18:30, closed", list)
		}
	})
}

// TestClockJumps wakes a machine that slept over the night: that is noticed soon, though the timers
// of the program stood still.
func TestClockJumps(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, b *bench) {
		b.issue("a")
		b.shown.take()
		b.clock.set(t, "2026-03-04T07:00:00+01:00")
		<-time.After(21 * time.Second)
		synctest.Wait()
		list := b.shown.take()
		if len(list) != 1 || list[0].open || list[0].waiting != 0 {
			t.Fatalf("shown %v, want once, closed and empty", list)
		}
		if got := b.look().Day; got != "2026-03-04" {
			t.Errorf("the day is %s, want 2026-03-04", got)
		}
	})
}

// TestBusyOffice has somebody look at an office so often that it never rests: its timer goes on.
func TestBusyOffice(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, b *bench) {
		b.restart(engine.Options{PollEvery: 2 * time.Second})
		other := b.second(engine.Options{})
		other.issue("a")
		b.look()
		other.issue("b") // of which no doorbell tells b
		waiting := 0
		for range 30 {
			<-time.After(100 * time.Millisecond)
			waiting = b.look().Waiting("anagrafe")
		}
		if waiting != 2 {
			t.Errorf("%d wait after three seconds of a poll every two, want 2", waiting)
		}
	})
}

package queue_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// opened is an office on Monday 2 March 2026 at nine, its four counters open.
func opened(tb testing.TB) (*queue.State, time.Time) {
	tb.Helper()
	rome, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		tb.Fatal(err)
	}
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, rome)
	s := new(queue.State)
	must(tb, s, queue.Configure{Config: queue.Default()}, now)
	for _, c := range queue.Default().Counters {
		must(tb, s, queue.Open{Counter: c.ID, Operator: "maria"}, now)
	}
	return s, now
}

func must(tb testing.TB, s *queue.State, do queue.Action, now time.Time) queue.Answer {
	tb.Helper()
	_, a, err := s.Execute(queue.Command{By: "dev", Do: do}, now)
	if err != nil {
		tb.Fatalf("%T: %v", do, err)
	}
	return a
}

// BenchmarkTicket simulates whole visits in the reference office: a ticket is
// issued, called, started (or not: clerks may leave that out) and done, each by
// a command of its own that is decided and applied. A day has 250 of them, with
// 20 people waiting throughout, and an end. As in a simulator, commands have no
// id and nobody wants their events. The goal is 500,000 visits a second a core.
func BenchmarkTicket(b *testing.B) {
	b.Run("started", func(b *testing.B) { benchmarkTicket(b, true) })
	b.Run("not-started", func(b *testing.B) { benchmarkTicket(b, false) })
}

func benchmarkTicket(b *testing.B, start bool) {
	const aDay, waiting = 250, 20
	channels := []queue.ChannelID{"protocollo", "anagrafe", "altri-servizi"}
	counters := queue.Default().Counters
	s, at := opened(b)
	var events []queue.Event
	do := func(a queue.Action) {
		var err error
		if events, _, err = s.ExecuteTo(events[:0], queue.Command{By: "dev", Do: a}, at); err != nil {
			b.Fatalf("%T: %v", a, err)
		}
	}
	issued := 0
	issue := func() {
		issued++
		do(queue.Issue{Ticket: queue.TicketID(strconv.Itoa(issued)), Channel: channels[issued%len(channels)]})
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if i%aDay == 0 { // nine o'clock of a coming Monday
			if i > 0 {
				at = calendar.DateOf(at).In(s.Location(), 9*60).AddDate(0, 0, 7)
				for s.Issuable(channels[0], at) != nil {
					at = at.AddDate(0, 0, 7)
				}
				for _, c := range counters {
					do(queue.Open{Counter: c.ID, Operator: "maria"})
				}
			}
			for range waiting {
				issue()
			}
		}
		at = at.Add(time.Minute)
		c := counters[i%len(counters)].ID
		issue()
		do(queue.Next{Counter: c})
		if start {
			do(queue.Start{Counter: c})
		}
		do(queue.Done{Counter: c})
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "tickets/s")
}

package queue_test

import (
	"strconv"
	"testing"
	"time"

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
	_, a, err := s.Execute(queue.Command{By: "user/maria", Do: do}, now)
	if err != nil {
		tb.Fatalf("%T: %v", do, err)
	}
	return a
}

// BenchmarkTicket is one whole visit: issued, called, served; the goal is 500,000 a second a core.
func BenchmarkTicket(b *testing.B) {
	s, start := opened(b)
	open := func(s *queue.State, at time.Time) bool { open, _ := s.Config.Open(nil, at); return open }
	channels := []queue.ChannelID{"protocollo", "anagrafe", "altri-servizi"}
	counters := []queue.CounterID{"1", "2", "3", "4"}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if i%20_000 == 19_999 { // the next morning
			for start = start.AddDate(0, 0, 7); !open(s, start); start = start.AddDate(0, 0, 7) {
			}
			for _, c := range counters {
				must(b, s, queue.Open{Counter: c, Operator: "maria"}, start)
			}
		}
		at := start.Add(time.Duration(i%20_000) * time.Second)
		must(b, s, queue.Issue{Ticket: queue.TicketID(strconv.Itoa(i)), Channel: channels[i%3]}, at)
		if i%4 == 0 {
			must(b, s, queue.Next{Counter: counters[i/4%4]}, at)
			must(b, s, queue.Done{Counter: counters[i/4%4]}, at)
		} else {
			must(b, s, queue.Next{Counter: counters[i%4]}, at)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "tickets/s")
}

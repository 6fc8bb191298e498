package journaltest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/journal"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// Bench measures events a second in batches of 1 to 256 events, each beside its floor: floor makes
// one row durable by one connection of the same engine. Batches are as the engine makes them of
// visits that are issued, called, started and served.
func Bench(b *testing.B, open func(b *testing.B) journal.Store, floor func() error) {
	for _, size := range []int{1, 16, 64, 256} {
		b.Run(fmt.Sprintf("events=%d", size), func(b *testing.B) {
			j := open(b)
			defer j.Close()
			o := newStream(b, j)
			const rounds = 40 // the two take turns, so that a busy machine disturbs both
			var spent, base time.Duration
			var each []time.Duration
			var events, rows int
			for b.Loop() {
				batches := o.batches(rounds, size)
				begin := time.Now()
				for _, batch := range batches {
					start := time.Now()
					if err := j.Append(b.Context(), batch); err != nil {
						b.Fatal(err)
					}
					each = append(each, time.Since(start))
				}
				middle := time.Now()
				for range rounds {
					if err := floor(); err != nil {
						b.Fatal(err)
					}
				}
				spent += middle.Sub(begin)
				base += time.Since(middle)
				events += rounds * size
				rows += rounds
			}
			rate, floorRate := float64(events)/spent.Seconds(), float64(rows)/base.Seconds()
			b.ReportMetric(rate, "events/s")
			b.ReportMetric(floorRate, "floor/s")
			b.ReportMetric(rate/floorRate, "x-floor")
			slices.Sort(each)
			b.ReportMetric(each[len(each)/2].Seconds()*1e3, "p50-ms")
			b.ReportMetric(each[len(each)*99/100].Seconds()*1e3, "p99-ms")
		})
	}
}

// stream makes batches of an office where many visits go on at the same time, each of four events.
type stream struct {
	seq    int64
	at     time.Time
	n      int
	visits []queue.Ticket
}

func newStream(b *testing.B, j journal.Journal) *stream {
	b.Helper()
	o := NewOffice("urp")
	begin := o.Begin(b)
	if err := j.Append(b.Context(), begin); err != nil {
		b.Fatal(err)
	}
	const together = 400 // more than the largest batch, so that none is twice in one
	return &stream{seq: o.State.Seq, at: o.Now, visits: make([]queue.Ticket, together)}
}

func (s *stream) batches(n, size int) []journal.Batch {
	list := make([]journal.Batch, n)
	for i := range list {
		list[i] = s.batch(size)
	}
	return list
}

func (s *stream) batch(size int) journal.Batch {
	b := journal.Batch{Office: "urp"}
	for range size {
		s.seq++
		s.n++
		s.at = s.at.Add(time.Millisecond)
		e := queue.Event{Seq: s.seq, At: s.at, Command: fmt.Sprintf("0195f3c2-7a11-7000-8000-%012d", s.n), By: "user/maria", Counter: "2"}
		t := &s.visits[s.n%len(s.visits)]
		switch t.State {
		case queue.Waiting:
			e.Kind, t.State, t.Counter, t.Call, t.Calls = queue.TicketCalled, queue.Called, "2", s.seq, 1
		case queue.Called:
			e.Kind, t.State = queue.TicketStarted, queue.Serving
		case queue.Serving:
			e.Kind, t.State, t.Outcomes = queue.TicketServed, queue.Served, []queue.Outcome{{Service: "carta-identita", Quantity: 1}}
			e.Outcomes = t.Outcomes
		default:
			*t = queue.Ticket{
				ID: queue.TicketID(fmt.Sprintf("%x-%d", uint32(s.n)*2654435761, s.n)), Number: fmt.Sprintf("A%03d", s.n), Channel: "anagrafe",
				Class: queue.Standard, State: queue.Waiting, Issued: s.at, Since: s.at, Order: s.seq,
			}
			e.Kind, e.Number, e.Channel, e.Class, e.Since, e.Counter = queue.TicketIssued, t.Number, t.Channel, t.Class, t.Since, ""
		}
		e.Ticket = t.ID
		t.Entered, t.Touched = s.at, s.seq
		b.Events = append(b.Events, e)
		b.Tickets = append(b.Tickets, *t)
	}
	return b
}

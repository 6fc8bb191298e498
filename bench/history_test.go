//go:build unix

package bench_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/journal"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// history writes days of an office, each with so many visits from the ticket to its end and some
// who wait, as the engine would have written them. The last is the day of morning.
func history(b *testing.B, j journal.Journal, name string, days, visits, waiting int) (seq int64) {
	b.Helper()
	s := new(queue.State)
	cfg := alwaysOpen()
	for day := range days {
		now := morning(b).AddDate(0, 0, day-days+1)
		var events []queue.Event
		n := 0
		do := func(a queue.Action) {
			n++
			now = now.Add(15 * time.Second)
			more, _, err := s.Execute(queue.Command{ID: fmt.Sprintf("%s-%d-%d", name, day, n), By: "dev", Do: a}, now)
			if err != nil {
				b.Fatal(err)
			}
			events = append(events, more...)
		}
		issue := func(v int) {
			do(queue.Issue{Ticket: queue.TicketID(fmt.Sprintf("%s-%d-%d", name, day, v)), Channel: cfg.Channels[v%3].ID})
		}
		if day == 0 {
			do(queue.Configure{Config: cfg})
		}
		for _, c := range cfg.Counters {
			do(queue.Open{Counter: c.ID, Operator: "maria-" + string(c.ID)})
		}
		for v := range visits {
			counter := cfg.Counters[v%len(cfg.Counters)].ID
			issue(v)
			do(queue.Next{Counter: counter})
			do(queue.Start{Counter: counter})
			do(queue.Done{Counter: counter, Outcomes: []queue.Outcome{{Service: "informazioni", Quantity: 1}}})
		}
		for v := range waiting {
			issue(visits + v)
		}
		if err := j.Append(b.Context(), journal.Batch{Office: name, Events: events, Tickets: s.Touched(events)}); err != nil {
			b.Fatal(err)
		}
	}
	return s.Seq
}

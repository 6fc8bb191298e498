package queue_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/eliminacode/eliminacode/pkg/queue"
)

// TestNobodyStarves floods one counter with people of every class. Whoever comes
// after somebody's due time is called after them, so each is called at the latest
// when those who waited at that moment are through.
func TestNobodyStarves(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		const service = time.Minute
		cfg := plain()
		cfg.Policy.Patience = map[queue.Class]queue.Seconds{queue.Standard: 1200, queue.Appointment: 30}
		cfg.Policy.HelpAfter = 600
		cfg.Counters[0].Serves = []queue.Serve{{Channel: "a"}, {Channel: "b", After: 120}} // and helps with c
		further := map[queue.ChannelID]time.Duration{"b": 2 * time.Minute, "c": 10 * time.Minute}
		patience := map[queue.Class]time.Duration{queue.Standard: 20 * time.Minute, queue.Appointment: 30 * time.Second}

		start := moment(t, mornings[0])
		s, n := new(queue.State), 0
		do := func(a queue.Action, now time.Time) queue.Answer {
			_, answer, err := s.Execute(queue.Command{By: "user/maria", Do: a}, now)
			if err != nil {
				t.Fatalf("%T: %v", a, err)
			}
			return answer
		}
		do(queue.Configure{Config: cfg}, start)
		do(queue.Open{Counter: "1", Operator: "maria"}, start)

		arrived, due := map[queue.TicketID]time.Time{}, map[queue.TicketID]time.Time{}
		latest := map[queue.TicketID]time.Time{} // the bound, known when the ticket is due
		now := start
		call := func() bool {
			answer := do(queue.Next{Counter: "1"}, now)
			if answer.Kind != queue.TicketCalled {
				return false
			}
			id := answer.Ticket.ID
			if by, bounded := latest[id]; bounded && now.After(by) {
				t.Fatalf("%s arrived %s, due %s: called %s, not by %s", id, arrived[id], due[id], now, by)
			}
			for other, at := range due {
				if at.Before(arrived[id]) {
					t.Fatalf("%s, who came at %s, is called before %s, due at %s", id, arrived[id], other, at)
				}
			}
			delete(due, id)
			return true
		}
		for range 120 {
			for range rapid.IntRange(0, 3).Draw(t, "arrivals") {
				n++
				id := queue.TicketID(fmt.Sprint("t", n))
				a := queue.Issue{
					Ticket:  id,
					Channel: rapid.SampledFrom([]queue.ChannelID{"a", "b", "c"}).Draw(t, "channel"),
					Class:   rapid.SampledFrom([]queue.Class{queue.Standard, queue.Priority, queue.Priority, queue.Appointment}).Draw(t, "class"),
				}
				do(a, now)
				arrived[id], due[id] = now, now.Add(patience[a.Class]+further[a.Channel])
			}
			for id, at := range due {
				if _, known := latest[id]; !known && !now.Before(at) {
					latest[id] = now.Add(time.Duration(len(due)) * service)
				}
			}
			call()
			now = now.Add(service)
		}
		for call() {
			now = now.Add(service)
		}
		if len(due) > 0 {
			t.Fatalf("never called: %v", due)
		}
	})
}

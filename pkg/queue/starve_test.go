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

// TestNobodySentStarves sends people to counter 2, with and without the way back, whose clerk
// takes a break, goes home with or without closing, or stays and never calls. Whoever is not
// called there comes to the one counter that goes on, serve it their channel or not, at the
// latest when all who waited when they became anybody's are through.
func TestNobodySentStarves(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		const service = time.Minute
		cfg := plain()
		cfg.Policy.SentPatience = rapid.SampledFrom([]queue.Seconds{0, 60, 900}).Draw(t, "sent patience")
		patience := cfg.Policy.SentPatience.Duration()
		if patience == 0 {
			patience = 10 * time.Minute
		}
		cfg.Counters = cfg.Counters[:2]
		cfg.Counters[0].Serves = []queue.Serve{{Channel: "a"}, {Channel: "b"}}
		cfg.Counters[0].Others = rapid.SampledFrom([]queue.Others{queue.OthersHelp, queue.OthersNever}).Draw(t, "others")
		start := moment(t, mornings[0])
		s, n, now := new(queue.State), 0, start
		do := func(a queue.Action) queue.Answer {
			_, answer, err := s.Execute(queue.Command{By: "dev", Do: a}, now)
			if err != nil {
				t.Fatalf("%T: %v", a, err)
			}
			return answer
		}
		do(queue.Configure{Config: cfg})
		do(queue.Open{Counter: "1", Operator: "maria"})
		do(queue.Open{Counter: "2", Operator: "luca"})
		latest := map[queue.TicketID]time.Time{}
		call := func() (queue.TicketID, bool) {
			answer := do(queue.Next{Counter: "1"})
			if answer.Kind != queue.TicketCalled {
				return "", false
			}
			id := answer.Ticket.ID
			if by, sent := latest[id]; sent && now.After(by) {
				t.Fatalf("%s was called %s, not by %s", id, now, by)
			}
			delete(latest, id)
			return id, true
		}
		gone := false
		for i := range 60 {
			for range rapid.IntRange(0, 2).Draw(t, "arrivals") {
				n++
				a := queue.Issue{
					Ticket: queue.TicketID(fmt.Sprint("t", n)), Class: rapid.SampledFrom([]queue.Class{queue.Standard, queue.Priority}).Draw(t, "class"),
					Channel: rapid.SampledFrom([]queue.ChannelID{"a", "b"}).Draw(t, "channel"),
				}
				do(a)
			}
			if id, called := call(); called && rapid.IntRange(0, 4).Draw(t, "send") == 0 {
				to := rapid.SampledFrom([]queue.ChannelID{"", "c"}).Draw(t, "to")
				do(queue.Transfer{Counter: "1", ToCounter: "2", Channel: to, Return: rapid.Bool().Draw(t, "return")})
				waiting := 0
				for _, c := range cfg.Channels {
					waiting += s.Waiting(c.ID)
				}
				due := max(2*patience, 20*time.Minute) // by then it is anybody's, and due, whatever its class
				most := waiting + 2*int(due/service)   // ahead of it then: two may come a minute
				latest[id] = now.Add(due + time.Duration(most)*service)
			}
			if !gone && i > 10 && rapid.IntRange(0, 9).Draw(t, "leave") == 0 {
				gone = true
				switch rapid.SampledFrom([]string{"pauses", "closes", "stays"}).Draw(t, "the clerk") {
				case "pauses":
					do(queue.Pause{Counter: "2"})
				case "closes":
					do(queue.Close{Counter: "2"})
				}
			}
			now = now.Add(service)
		}
		for idle := time.Duration(0); idle <= 2*patience; {
			if _, called := call(); called {
				idle = 0
			} else {
				idle += service
			}
			now = now.Add(service)
		}
		for _, c := range cfg.Channels {
			if cfg.Counters[0].Others == queue.OthersHelp || c.ID != "c" {
				if left := s.Line(c.ID, now); len(left) > 0 {
					t.Fatalf("never called: %v", ids(left))
				}
			}
		}
		if len(latest) > 0 {
			t.Fatalf("sent and never called: %v", latest)
		}
	})
}

package queue_test

import (
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/queue"
)

// TestForgottenVisit: a visit that has lasted for two hours and a half may have been forgotten, and
// the office wakes to say so.
func TestForgottenVisit(t *testing.T) {
	t.Parallel()
	for name, after := range map[string]queue.Seconds{"by default": 0, "as the office says": 3600} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg := plain()
			cfg.Policy.ForgottenAfter = after
			s, now := new(queue.State), moment(t, mornings[0])
			for _, do := range []queue.Action{
				queue.Configure{Config: cfg},
				queue.Open{Counter: "1", Operator: "maria"},
				queue.Issue{Ticket: "x", Channel: "a"},
				queue.Next{Counter: "1"},
				queue.Start{Counter: "1"},
			} {
				must(t, s, do, now)
			}
			wait := after.Duration()
			if after == 0 {
				wait = 150 * time.Minute
			}
			began, due := now, now
			for due.Before(began.Add(wait)) {
				if due = s.Due(due); due.IsZero() {
					t.Fatal("the office never wakes")
				}
				if got, want := s.Forgotten(s.Tickets["x"], due), !due.Before(began.Add(wait)); got != want {
					t.Errorf("at %v: %v", due.Sub(began), got)
				}
			}
			if !due.Equal(began.Add(wait)) {
				t.Errorf("the office wakes after %v, want %v", due.Sub(began), wait)
			}
		})
	}
}

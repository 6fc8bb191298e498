package queue_test

import (
	"strings"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/queue"
)

// TestDigestsStay holds the digests that commands are remembered by: a request that is sent again
// may reach another version of the program, to which it must be the same.
func TestDigestsStay(t *testing.T) {
	t.Parallel()
	none := queue.TicketID("")
	now := moment(t, "2026-03-02T09:00:00+01:00")
	s := new(queue.State)
	must(t, s, queue.Configure{Config: plain()}, now)
	must(t, s, queue.Open{Counter: "1", Operator: "maria"}, now)
	for want, c := range map[string]queue.Command{
		"1q72yzfmzfwua":   {Do: queue.Issue{Ticket: "t", Channel: "a", Class: queue.Standard}},
		"1kg52675hkavz":   {Do: queue.Issue{Ticket: "u", Channel: "a", Class: queue.Appointment, Slot: now.Add(time.Hour)}},
		"1q72yzfmzfwua  ": {Do: queue.Issue{Ticket: "w", Channel: "a", Expected: &queue.Expected{High: 60}}}, // nor what is said of the wait
		"1q72yzfmzfwua ":  {Do: queue.Issue{Ticket: "v", Channel: "a", Totem: "t1", Printer: "t2"}},          // what the sender is doesn't count
		"1ceol7rw4cahi":   {Do: queue.Pause{Counter: "1", Reason: "caffè"}, Current: &none},
	} {
		c.ID, c.By = want, "dev"
		if _, _, err := s.Execute(c, now); err != nil {
			t.Fatalf("%T: %v", c.Do, err)
		}
		if got := s.Answers[c.ID].Digest; got != strings.TrimSpace(want) {
			t.Errorf("%T has the digest %s, want %s", c.Do, got, want)
		}
	}
}

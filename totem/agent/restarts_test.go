package agent_test

import (
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/totem/agent"
)

// TestClockBehindTwice starts the agent in the morning without the server, on a machine whose clock
// stood still overnight, and once more before the server is back: who took a ticket this morning
// waits.
func TestClockBehindTwice(t *testing.T) {
	t.Parallel()
	s, k := newCutOff(t)
	evening := s.now()
	k.stop()
	s.pass(24 * time.Hour)
	still := func(o *agent.Options) { o.Wall = func() time.Time { return evening } }
	k.restart(still)
	first := k.take("1")
	k.restart(still)
	second := k.take("2")
	s.set(none)
	k.online()
	for _, p := range []paper{first, second} {
		if got := s.ticket(string(p.ID)); got == nil || got.State != queue.Waiting || s.now().Sub(got.Issued).Abs() > time.Minute {
			t.Errorf("the office has of %s: %+v", p.Number, got)
		}
	}
}

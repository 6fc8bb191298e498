package engine_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/eliminacode/eliminacode/pkg/engine"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// TestSenderGone has a clerk's console give up a command that waits at a slow server, and hear from
// another server that there is nothing to do: the slow one must not carry it out later on.
func TestSenderGone(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		hold func(b *bench) // what keeps the slow server from the command
	}{
		{"NotDecided", func(b *bench) { b.send(b.Context(), "busy", queue.Pause{Counter: "2"}) }},
		{"DecidedInVain", func(*bench) {}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T, b *bench) {
				other := b.second(engine.Options{PollEvery: time.Hour})
				other.issue("first") // so that the slow server's decision is to call it
				b.restart(engine.Options{PollEvery: time.Hour})
				b.look()
				g := newGate()
				b.journal.set(func(s *server) { s.before = g.pass })
				c.hold(b)
				synctest.Wait()
				ctx, cancel := context.WithCancel(t.Context())
				slow := b.send(ctx, "next", queue.Next{Counter: "1"})
				synctest.Wait()
				cancel()
				synctest.Wait()
				if slow.err == nil {
					t.Fatal("the slow server has answered")
				}

				other.must(other.do("elsewhere", queue.Next{Counter: "2"}))
				if a := other.must(other.do("next", queue.Next{Counter: "1"})); a.Kind != "" {
					t.Fatalf("the other server did %s, want nothing to do", a.Kind)
				}
				other.issue("second")
				close(g.open)
				synctest.Wait()
				if got := b.catchUp().Tickets["second"].State; got != queue.Waiting {
					t.Errorf("the ticket is %s, want waiting: its call was given up", got)
				}
			})
		})
	}
}

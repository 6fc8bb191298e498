package engine_test

import (
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/engine"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// TestObservers wants every observer to be told of every event of the journal once and in order,
// also of those that another server wrote, and told when it must begin anew.
func TestObservers(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, b *bench) {
		b.restart(engine.Options{PollEvery: time.Second})
		too := new(shown)
		b.engine.Observe(too)
		other := b.second(engine.Options{})
		b.look()
		loaded := b.look().Seq
		b.issue("a")
		other.issue("b")
		<-time.After(2 * time.Second)
		b.issue("c")
		b.must(b.do("next", queue.Next{Counter: "1"}))
		b.journal.set(func(s *server) { s.before = fail })
		_, err := b.do("d", ticket("d"))
		wantUnavailable(t, err)
		b.journal.set(func(s *server) { s.before = nil })
		b.issue("e")
		<-time.After(2 * time.Second)

		for name, o := range map[string]*shown{"first": b.shown, "second": too} {
			seq := loaded
			for i, c := range o.take() {
				if c.anew != (i == 0) {
					t.Errorf("%s observer: change %d is anew: %v, want that of the first alone", name, i, c.anew)
				}
				for _, e := range c.events {
					if seq++; e.Seq != seq {
						t.Fatalf("%s observer: told of event %d, want %d", name, e.Seq, seq)
					}
				}
				if c.seq != seq {
					t.Errorf("%s observer: the state has %d events, %d were told of", name, c.seq, seq)
				}
			}
			if want := b.look().Seq; seq != want {
				t.Errorf("%s observer: told of events up to %d, want %d", name, seq, want)
			}
		}
	})
}

package engine_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/eliminacode/eliminacode/pkg/engine"
)

// lose takes the office's last events away, as a standby does that takes over without them.
func (m *memory) lose(n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.events[urp] = m.events[urp][:len(m.events[urp])-n]
}

// TestJournalLostItsEnd has a database take over that lacks the last tickets, perhaps with others
// in their place: the server goes by what the journal has.
func TestJournalLostItsEnd(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		since int // tickets given since by another server
		heard func(b *bench)
		want  string // the next number
	}{
		{"NextCommand", 0, func(*bench) {}, "A002"},
		{"SlowTimer", 0, func(*bench) { <-time.After(2 * time.Second) }, "A002"},
		{"FewerSince", 1, func(b *bench) { b.catchUp() }, "A003"},
		{"AsManySince", 2, func(b *bench) { b.catchUp() }, "A004"},
		{"MoreSince", 5, func(b *bench) { b.catchUp() }, "A007"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T, b *bench) {
				b.restart(engine.Options{PollEvery: 2 * time.Second})
				for i := range 3 {
					b.issue(fmt.Sprint("a", i))
				}
				b.memory.lose(2)
				other := b.second(engine.Options{PollEvery: time.Hour})
				for i := range c.since {
					other.issue(fmt.Sprint("b", i))
				}
				c.heard(b)
				synctest.Wait()
				if got := b.must(b.do("next-number", ticket("c"))).Ticket.Number; got != c.want {
					t.Errorf("got number %s, want %s", got, c.want)
				}
				if d := diff(replay(t, b.journal, urp), b.look()); d != "" {
					t.Errorf("the state isn't the journal's (-journal +state):\n%s", d)
				}
				// What was lost is carried out when it is sent again.
				again := b.must(b.do("issue-a2", ticket("a2"))).Ticket
				if got := b.look().Tickets["a2"]; got == nil || got.Number != again.Number {
					t.Errorf("the lost ticket was answered with %s, the state has %v", again.Number, got)
				}
			})
		})
	}
}

package engine_test

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/eliminacode/eliminacode/pkg/engine"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// TestTwoServers has two servers call at the same time, neither of which has heard of the other's
// events: nobody is called twice, and both come to the same state.
func TestTwoServers(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, b *bench) {
		b.restart(engine.Options{PollEvery: time.Hour})
		other := b.second(engine.Options{PollEvery: time.Hour})
		other.look()
		const people = 40
		b.sendIssues("p", people)
		called := map[string]string{}
		for round := range people / 2 {
			one := b.send(t.Context(), fmt.Sprint("one", round), queue.Next{Counter: "1"})
			two := other.send(t.Context(), fmt.Sprint("two", round), queue.Next{Counter: "2"})
			synctest.Wait()
			for _, p := range []*pending{one, two} {
				number := p.answer.Ticket.Number
				if p.err != nil || number == "" || called[number] != "" {
					t.Fatalf("%s called %q, as %q did; error %v", p.id, number, called[number], p.err)
				}
				called[number] = p.id
			}
		}
		if d := diff(b.catchUp(), other.catchUp()); d != "" {
			t.Errorf("the servers' states differ:\n%s", d)
		}
		if d := diff(replay(t, b.journal, urp), b.look()); d != "" {
			t.Errorf("the state isn't the journal's (-journal +state):\n%s", d)
		}
		if n, _, _ := other.journal.counts(); n <= people/2 {
			t.Errorf("%d appends of %d commands: there was no race", n, people/2)
		}
	})
}

// catchUp has the server read the journal, and returns its state.
func (b *bench) catchUp() *queue.State {
	b.engine.Ring(urp)
	synctest.Wait()
	return b.look()
}

// TestSameCommandOnTwoServers sends a command again to another server, as a balancer does when the
// first one doesn't answer.
func TestSameCommandOnTwoServers(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, b *bench) {
		other := b.second(engine.Options{})
		other.look()
		one := b.send(t.Context(), "a", ticket("a"))
		two := other.send(t.Context(), "a", ticket("another"))
		synctest.Wait()
		if one.err != nil || two.err != nil || one.answer.Ticket.ID != two.answer.Ticket.ID || one.answer.Ticket.Number != "A001" {
			t.Errorf("got %v (%v) and %v (%v), want the same ticket A001", one.answer.Ticket, one.err, two.answer.Ticket, two.err)
		}
		if n := len(b.catchUp().Tickets); n != 1 {
			t.Errorf("%d tickets, want 1", n)
		}
	})
}

// TestDoorbell shows what another server wrote as soon as it rings, or soon after by the slow
// timer when the ring is lost.
func TestDoorbell(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		deaf bool
		late time.Duration
	}{{"Rung", false, 0}, {"Lost", true, 2 * time.Second}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T, b *bench) {
				other := b.second(engine.Options{PollEvery: 2 * time.Second})
				other.look()
				stop := other.follow()
				defer stop()
				other.journal.set(func(s *server) { s.deaf = c.deaf })
				other.shown.take()
				b.issue("a")
				<-time.After(c.late)
				synctest.Wait()
				if list := other.shown.take(); len(list) != 1 || list[0].waiting != 1 {
					t.Errorf("shown %v, want one waiting", list)
				}
				other.engine.Ring("nowhere") // of an office that isn't loaded
			})
		})
	}
}

// TestRefusalOfTheUninformed asks a server that hasn't heard of the latest events: it reads on
// before it refuses.
func TestRefusalOfTheUninformed(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, b *bench) {
		b.restart(engine.Options{PollEvery: time.Hour})
		other := b.second(engine.Options{PollEvery: time.Hour})
		other.look()
		b.issue("a")
		if got := other.must(other.do("next", queue.Next{Counter: "2"})).Ticket.Number; got != "A001" {
			t.Errorf("called %q, want A001: it was given on the other server", got)
		}
		b.must(b.do("recall", queue.Recall{Counter: "2"}))
		if got := other.must(other.do("done", queue.Done{Counter: "2"})).Ticket.State; got != queue.Served {
			t.Errorf("the ticket is %q, want served", got)
		}
	})
}

// TestRaceLostAndJournalToo loses a race, and the journal while reading on: the outcome is the
// usual one.
func TestRaceLostAndJournalToo(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, b *bench) {
		other := b.second(engine.Options{})
		other.look()
		b.issue("a")
		other.journal.set(func(s *server) { s.reading = errDisk })
		_, err := other.do("b", ticket("b"))
		wantUnavailable(t, err)
		other.journal.set(func(s *server) { s.reading = nil })
		if got := other.must(other.do("b", ticket("b"))).Ticket.Number; got != "A002" {
			t.Errorf("sent again: number %s, want A002", got)
		}
	})
}

// TestRaceWithoutEnd has the other server win every race: the command gives up some time.
func TestRaceWithoutEnd(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, b *bench) {
		other := b.second(engine.Options{})
		other.look()
		n := 0
		other.journal.set(func(s *server) {
			s.before = func() error {
				n++
				_, err := b.engine.Do(context.Background(), urp, queue.Command{ID: fmt.Sprint("faster", n), Do: ticket(fmt.Sprint("faster", n))})
				return err
			}
		})
		_, err := other.do("slow", ticket("slow"))
		wantUnavailable(t, err)
		other.journal.set(func(s *server) { s.before = nil })
		if got := other.must(other.do("slow", ticket("slow"))).Ticket.Number; got != fmt.Sprintf("A%03d", n+1) {
			t.Errorf("sent again: number %s, want A%03d", got, n+1)
		}
	})
}

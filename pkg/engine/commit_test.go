package engine_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/eliminacode/eliminacode/pkg/engine"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// TestGroupCommit has commands wait while another is committed: they are committed together.
func TestGroupCommit(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, b *bench) {
		g := newGate()
		b.journal.set(func(s *server) { s.before = g.pass })
		before, _, _ := b.journal.counts()

		first := b.sendIssues("first-", 1)
		waiting := b.sendIssues("waiting-", 40)
		if n, _, _ := b.journal.counts(); n != before+1 {
			t.Fatalf("%d appends while the first one is going on, want 1", n-before)
		}
		for _, p := range append(first, waiting...) {
			if p.done.Load() {
				t.Fatalf("%s was answered before its events were durable", p.id)
			}
		}
		if list := b.shown.take(); list[len(list)-1].waiting != 0 {
			t.Error("a ticket was shown before it was durable")
		}
		close(g.open)
		synctest.Wait()

		n, _, _ := b.journal.counts()
		if n != before+2 {
			t.Errorf("%d appends of 41 commands, want 2", n-before)
		}
		if got := len(b.journal.batches[n-1].Events); got != 40 {
			t.Errorf("%d events in the second append, want 40", got)
		}
		if got := len(b.journal.batches[n-1].Tickets); got != 40 {
			t.Errorf("%d tickets in the second append, want 40", got)
		}
		numbers := map[string]bool{}
		for _, p := range append(first, waiting...) {
			if p.err != nil || numbers[p.answer.Ticket.Number] {
				t.Errorf("%s: ticket %q, error %v", p.id, p.answer.Ticket.Number, p.err)
			}
			numbers[p.answer.Ticket.Number] = true
		}
		if list := b.shown.take(); len(list) != 2 || list[1].waiting != 41 {
			t.Errorf("shown %v, want the first and then all 41", list)
		}
	})
}

// TestSlowCommit has every commit take two seconds: answers come at that time, not sooner.
func TestSlowCommit(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, b *bench) {
		b.journal.set(func(s *server) { s.before = slow(2 * time.Second) })
		begin := time.Now()
		b.issue("a")
		if took := time.Since(begin); took != 2*time.Second {
			t.Errorf("answered after %v, want after 2 s", took)
		}
	})
}

// TestSameCommandInOneBatch sends a command twice at once: a nervous finger on a clerk's mouse.
func TestSameCommandInOneBatch(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, b *bench) {
		for _, id := range []string{"a", "b"} {
			b.issue(id)
		}
		g := newGate()
		b.journal.set(func(s *server) { s.before = g.pass })
		b.sendIssues("x", 1)
		one := b.send(b.Context(), "next", queue.Next{Counter: "2"})
		two := b.send(b.Context(), "next", queue.Next{Counter: "2"})
		synctest.Wait()
		close(g.open)
		synctest.Wait()
		if one.err != nil || two.err != nil || one.answer.Ticket.Number != "A001" || two.answer.Call != one.answer.Call {
			t.Errorf("got %v (%v) and %v (%v), want the call of A001 twice", one.answer.Call, one.err, two.answer.Call, two.err)
		}
		if n := b.look().Waiting("anagrafe"); n != 2 {
			t.Errorf("%d wait, want 2: b and x", n)
		}
	})
}

func TestRefusedCommandWritesNothing(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, b *bench) {
		before, _, _ := b.journal.counts()
		_, err := b.do("recall", queue.Recall{Counter: "1"})
		wantRefusal(t, err, queue.NoCurrentTicket)
		_, err = b.do("issue", queue.Issue{Ticket: "t", Channel: "nowhere"})
		wantRefusal(t, err, queue.UnknownChannel)
		if n, _, _ := b.journal.counts(); n != before {
			t.Errorf("%d appends for refused commands", n-before)
		}
	})
}

// TestAppendFails has the storage refuse a batch: nothing has happened, and each is told.
func TestAppendFails(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, b *bench) {
		b.issue("a")
		want := b.look()
		b.shown.take()
		b.journal.set(func(s *server) { s.before = fail })

		_, err := b.do("lost", ticket("lost"))
		wantUnavailable(t, err)
		if !errors.Is(err, errDisk) {
			t.Errorf("error %v hides the cause", err)
		}
		if d := diff(want, b.look()); d != "" {
			t.Errorf("the state changed (-before +after):\n%s", d)
		}
		if list := b.shown.take(); len(list) != 0 {
			t.Errorf("shown %v, want nothing", list)
		}

		b.journal.set(func(s *server) { s.before = nil })
		if got := b.must(b.do("lost", ticket("lost"))).Ticket.Number; got != "A002" {
			t.Errorf("sent again: number %s, want A002", got)
		}
	})
}

// TestRefusalInFailedBatch refuses a command because of another one in its batch, which is then
// not carried out: that refusal would be untrue.
func TestRefusalInFailedBatch(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, b *bench) {
		b.issue("a")
		g := newGate()
		b.journal.set(func(s *server) { s.before = g.pass })
		b.sendIssues("x", 1)
		next := b.send(b.Context(), "next", queue.Next{Counter: "2"})
		synctest.Wait()
		cancel := b.send(b.Context(), "cancel", queue.Cancel{Ticket: "a"}) // refused if a was called
		synctest.Wait()
		b.journal.set(func(s *server) { s.before = fail })
		close(g.open)
		synctest.Wait()
		wantUnavailable(t, next.err)
		wantUnavailable(t, cancel.err)
		b.journal.set(func(s *server) { s.before = nil })
		if got := b.must(b.do("cancel", queue.Cancel{Ticket: "a"})).Kind; got != queue.TicketCancelled {
			t.Errorf("sent again: %q, want %q", got, queue.TicketCancelled)
		}
	})
}

// TestAppendFailsUnderMore has a commit fail, or lose a race to another server, after further
// commands were decided upon it: they are decided again, without one whose sender has gone since.
func TestAppendFailsUnderMore(t *testing.T) {
	t.Parallel()
	for _, raced := range []bool{false, true} {
		t.Run(fmt.Sprintf("raced=%t", raced), func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T, b *bench) {
				g, outcome := newGate(), once()
				if raced {
					outcome = func() error { return nil }
				}
				b.journal.set(func(s *server) {
					s.before = func() error { return errors.Join(g.pass(), outcome()) }
				})
				first := b.sendIssues("first-", 1)[0]
				ctx, leave := context.WithCancel(t.Context())
				b.send(ctx, "left", ticket("left"))
				synctest.Wait()
				more := b.sendIssues("more-", 3)
				leave()
				synctest.Wait()
				want := 3
				if raced {
					b.second(engine.Options{PollEvery: time.Second}).issue("other")
					want = 5
				}
				close(g.open)
				synctest.Wait()
				if raced && first.err != nil {
					t.Errorf("the first: %v", first.err)
				}
				if !raced {
					wantUnavailable(t, first.err)
				}
				seen := map[string]bool{}
				for _, p := range more {
					if p.err != nil || seen[p.answer.Ticket.Number] {
						t.Errorf("%s: number %s, error %v", p.id, p.answer.Ticket.Number, p.err)
					}
					seen[p.answer.Ticket.Number] = true
				}
				s := b.look()
				if len(s.Tickets) != want || s.Tickets["left"] != nil {
					t.Errorf("%d tickets, want %d, and none whose citizen has gone", len(s.Tickets), want)
				}
				if d := diff(replay(t, b.journal, urp), s); d != "" {
					t.Errorf("the state isn't the journal's (-journal +state):\n%s", d)
				}
			})
		})
	}
}

// TestRefusalUponFailedBatch refuses a command because of one that is being committed, which then
// fails.
func TestRefusalUponFailedBatch(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, b *bench) {
		b.issue("a")
		g, outcome := newGate(), once()
		b.journal.set(func(s *server) {
			s.before = func() error { return errors.Join(g.pass(), outcome()) }
		})
		next := b.send(b.Context(), "next", queue.Next{Counter: "2"})
		synctest.Wait()
		cancel := b.send(b.Context(), "cancel", queue.Cancel{Ticket: "a"})
		synctest.Wait()
		close(g.open)
		synctest.Wait()
		wantUnavailable(t, next.err)
		if cancel.err != nil || cancel.answer.Kind != queue.TicketCancelled {
			t.Errorf("got %q (%v), want %q", cancel.answer.Kind, cancel.err, queue.TicketCancelled)
		}
	})
}

// TestGoneBeforeCommit drops a command that was decided, but not yet on its way, when its sender
// left.
func TestGoneBeforeCommit(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, b *bench) {
		g := newGate()
		b.journal.set(func(s *server) { s.before = g.pass })
		b.sendIssues("first-", 1)
		ctx, leave := context.WithCancel(t.Context())
		b.send(ctx, "left", ticket("left"))
		synctest.Wait()
		last := b.sendIssues("last-", 1)[0]
		leave()
		synctest.Wait()
		close(g.open)
		synctest.Wait()
		if last.err != nil || last.answer.Ticket.Number != "A002" || b.look().Tickets["left"] != nil {
			t.Errorf("the last one is %s (%v), want A002, and no ticket for who left", last.answer.Ticket.Number, last.err)
		}
	})
}

// TestAppendFailsAfterCommit breaks the connection once the storage has committed: the commands
// were carried out, and their senders hear of it.
func TestAppendFailsAfterCommit(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, b *bench) {
		b.journal.set(func(s *server) { s.after = once() })
		if got := b.issue("a").Ticket.Number; got != "A001" {
			t.Errorf("number %s, want A001", got)
		}
		if got := b.issue("b").Ticket.Number; got != "A002" {
			t.Errorf("number %s, want A002", got)
		}
		if d := diff(replay(t, b.journal, urp), b.look()); d != "" {
			t.Errorf("the state isn't the journal's (-journal +state):\n%s", d)
		}
	})
}

// TestAppendFailsAndCannotBeRead leaves the outcome open: it is told so, and asking again with the
// same id, once the journal is back, tells what became of the command.
func TestAppendFailsAndCannotBeRead(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, b *bench) {
		b.journal.set(func(s *server) { s.after, s.reading = once(), errDisk })
		_, err := b.do("issue-a", ticket("a"))
		wantUnavailable(t, err)
		_, err = b.do("issue-b", ticket("b"))
		wantUnavailable(t, err)

		b.journal.set(func(s *server) { s.reading = nil })
		if got := b.issue("a").Ticket.Number; got != "A001" {
			t.Errorf("a sent again: number %s, want A001", got)
		}
		if got := b.issue("b").Ticket.Number; got != "A002" {
			t.Errorf("b sent again: number %s, want A002", got)
		}
		if n := len(b.look().Tickets); n != 2 {
			t.Errorf("%d tickets, want 2", n)
		}
	})
}

// TestSameCommandAfterRestart sends commands again to a new server: they get the first answers.
func TestSameCommandAfterRestart(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, b *bench) {
		issued := b.issue("a")
		b.issue("b")
		called := b.must(b.do("next", queue.Next{Counter: "2"}))
		for _, how := range []string{"snapshot", "replay"} {
			b.stop()
			if how == "replay" {
				b.journal.set(func(s *server) { clear(s.snapshots) })
			}
			b.start(engine.Options{})
			again := b.must(b.do("issue-a", ticket("another")))
			if again.Ticket.ID != "a" || again.Ticket.Number != issued.Ticket.Number || again.Ahead != issued.Ahead {
				t.Errorf("%s: issued again: %v, want the first answer %v", how, again.Ticket, issued.Ticket)
			}
			if again := b.must(b.do("next", queue.Next{Counter: "2"})); again.Call.ID != called.Call.ID || again.Ticket.ID != "a" {
				t.Errorf("%s: called again: %v, want the first answer %v", how, again.Call, called.Call)
			}
			if s := b.look(); len(s.Tickets) != 2 || s.Waiting("anagrafe") != 1 {
				t.Errorf("%s: %d tickets of which %d wait, want 2 and 1", how, len(s.Tickets), s.Waiting("anagrafe"))
			}
		}
	})
}

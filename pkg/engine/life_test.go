package engine_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/eliminacode/eliminacode/pkg/engine"
	"github.com/eliminacode/eliminacode/pkg/journal"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

func TestUnknownOffice(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, b *bench) {
		_, err := b.engine.Do(t.Context(), "nowhere", queue.Command{ID: "x", Do: ticket("x")})
		if !errors.Is(err, engine.ErrUnknownOffice) {
			t.Errorf("got error %v, want ErrUnknownOffice", err)
		}
		if n := b.engine.Loaded(); n != 1 {
			t.Errorf("%d offices loaded, want 1", n)
		}
		err = b.engine.Create(t.Context(), urp, queue.Default())
		wantRefusal(t, err, queue.Conflict)
		if err := b.engine.Create(t.Context(), "nowhere", queue.Default()); err != nil {
			t.Fatal(err)
		}
		_, err = b.engine.Do(t.Context(), "nowhere", queue.Command{ID: "x", Do: ticket("x")})
		if err != nil {
			t.Errorf("in the new office: %v", err)
		}
		if n := b.engine.Loaded(); n != 2 {
			t.Errorf("%d offices loaded, want 2", n)
		}
	})
}

// TestIdleOffice lets an office go that nobody uses, and not one that somebody looks at.
func TestIdleOffice(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, b *bench) {
		var inUse atomic.Bool
		b.restart(engine.Options{IdleAfter: 15 * time.Minute, InUse: func(string) bool { return inUse.Load() }})
		b.issue("a")
		loaded := func(when string, want int) {
			t.Helper()
			synctest.Wait()
			if got := b.engine.Loaded(); got != want {
				t.Errorf("%s: %d loaded, want %d", when, got, want)
			}
		}
		inUse.Store(true)
		<-time.After(time.Hour)
		loaded("in use", 1)
		inUse.Store(false)
		<-time.After(time.Minute)
		loaded("not in use for an hour", 0)

		_, before, _ := b.journal.counts()
		if got := b.issue("b").Ticket.Number; got != "A002" {
			t.Errorf("number %s, want A002", got)
		}
		if _, after, _ := b.journal.counts(); after != before {
			t.Errorf("%d events read, want none: the snapshot has them", after-before)
		}
		<-time.After(14 * time.Minute)
		loaded("used a while ago", 1)
		<-time.After(2 * time.Minute)
		loaded("not used", 0)
	})
}

// TestManyCommandsOnTheThreshold sends commands at the very moments at which the office is let go.
func TestManyCommandsOnTheThreshold(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, b *bench) {
		b.restart(engine.Options{IdleAfter: 20 * time.Second})
		for round := range 10 {
			list := b.sendIssues(fmt.Sprintf("r%d-", round), 3)
			<-time.After(20 * time.Second)
			list = append(list, b.sendIssues(fmt.Sprintf("s%d-", round), 3)...)
			synctest.Wait()
			for _, p := range list {
				if p.err != nil || !p.done.Load() {
					t.Fatalf("%s: done %t, error %v", p.id, p.done.Load(), p.err)
				}
			}
			<-time.After(time.Minute)
		}
		if n := len(b.look().Tickets); n != 60 {
			t.Errorf("%d tickets, want 60", n)
		}
	})
}

// TestClose stops an engine at work: what was sent is carried out, new commands are refused.
func TestClose(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, b *bench) {
		g := newGate()
		b.journal.set(func(s *server) { s.before = g.pass })
		running := append(b.sendIssues("first-", 1), b.sendIssues("waiting-", 100)...)

		short, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := b.engine.Close(short); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("close while a commit hangs: %v, want deadline exceeded", err)
		}
		_, err := b.do("late", ticket("late"))
		if !errors.Is(err, engine.ErrStopped) {
			t.Errorf("a new command: %v, want ErrStopped", err)
		}
		if err := b.engine.Read(t.Context(), urp, func(*queue.State, time.Time) {}); !errors.Is(err, engine.ErrStopped) {
			t.Errorf("a new look: %v, want ErrStopped", err)
		}
		before, _, _ := b.journal.counts()
		close(g.open)
		for range 2 {
			if err := b.engine.Close(t.Context()); err != nil {
				t.Errorf("close: %v", err)
			}
		}
		synctest.Wait()
		for _, p := range running {
			if p.err != nil || !p.done.Load() {
				t.Errorf("%s: done %t, error %v", p.id, p.done.Load(), p.err)
			}
		}
		batches, _, _ := b.journal.counts()
		if n := batches - before; n != 1 {
			t.Errorf("the 100 that waited were committed in %d batches, want 1", n)
		}

		_, before, _ = b.journal.counts()
		b.journal.set(func(s *server) { s.before = nil })
		b.start(engine.Options{})
		if n := len(b.look().Tickets); n != 101 {
			t.Errorf("%d tickets after the restart, want 101", n)
		}
		if _, after, _ := b.journal.counts(); after != before {
			t.Errorf("%d events read at the start, want none: the snapshot has them", after-before)
		}
	})
}

// TestSnapshots keeps a snapshot every 5000 events, so that a server that was killed starts soon.
func TestSnapshots(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, b *bench) {
		b.fill(4996)
		b.sendIssues("before-", 3)
		if _, _, saved := b.journal.counts(); saved != 0 {
			t.Errorf("%d snapshots of 4999 events, want none", saved)
		}
		b.issue("snapshot")
		b.sendIssues("after-", 100)
		if _, _, saved := b.journal.counts(); saved != 1 {
			t.Errorf("%d snapshots of 5100 events, want 1", saved)
		}
		want := b.look()
		killed := b.second(engine.Options{}) // as after a kill: nothing more is kept
		if d := diff(want, killed.look()); d != "" {
			t.Errorf("the state differs (-before +after):\n%s", d)
		}
		if _, read, _ := killed.journal.counts(); read != 100 {
			t.Errorf("%d events read at the start, want the 100 since the snapshot", read)
		}
	})
}

// fill starts the engine anew, without a snapshot, on a journal that has seq events.
func (b *bench) fill(seq int64) {
	b.Helper()
	b.stop()
	s := replay(b, b.journal, urp)
	var all []queue.Event
	for s.Seq < seq {
		var a queue.Action = queue.Alarm{Counter: "1"}
		if s.Counters["1"].Alarm {
			a = queue.Calm{Counter: "1"}
		}
		events, _, err := s.Execute(queue.Command{By: "dev", Do: a}, b.clock.now())
		if err != nil {
			b.Fatal(err)
		}
		all = append(all, events...)
	}
	if err := b.journal.Append(context.Background(), journal.Batch{Office: urp, Events: all}); err != nil {
		b.Fatal(err)
	}
	b.journal.set(func(s *server) {
		clear(s.snapshots)
		s.saved = 0
	})
	b.start(engine.Options{})
}

// TestUnreadableSnapshot starts from the journal when the snapshot is of no use.
func TestUnreadableSnapshot(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, b *bench) {
		b.issue("a")
		want := b.look()
		b.stop()
		b.journal.set(func(s *server) {
			s.snapshots[urp] = journal.Snapshot{Seq: want.Seq, State: []byte(`{"seq":`)}
		})
		b.start(engine.Options{})
		if d := diff(want, b.look()); d != "" {
			t.Errorf("the state differs (-before +after):\n%s", d)
		}
	})
}

// TestSnapshotNotKept goes on when snapshots can't be written.
func TestSnapshotNotKept(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, b *bench) {
		b.journal.set(func(s *server) { s.saving = errDisk })
		b.fill(5000)
		b.issue("a")
		want := b.look()
		b.restart(engine.Options{})
		if d := diff(want, b.look()); d != "" {
			t.Errorf("the state differs (-before +after):\n%s", d)
		}
		b.journal.set(func(s *server) { s.saving = nil })
	})
}

// TestJournalLostAndBack loses the journal between two commands, and at the start.
func TestJournalLostAndBack(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, b *bench) {
		b.issue("a")
		b.stop()
		b.journal.set(func(s *server) { s.before, s.reading = fail, errDisk })
		b.start(engine.Options{})
		_, err := b.do("b", ticket("b"))
		wantUnavailable(t, err)
		if n := b.engine.Loaded(); n != 0 {
			t.Errorf("%d offices loaded that can't be read, want none", n)
		}
		b.journal.set(func(s *server) { s.before, s.reading = nil, nil })
		b.issue("b")

		b.journal.set(func(s *server) { s.before, s.reading = fail, errDisk })
		_, err = b.do("c", ticket("c"))
		wantUnavailable(t, err)
		<-time.After(time.Minute)
		before := b.reads()
		<-time.After(time.Minute)
		if n := b.reads() - before; n < 50 || n > 70 {
			t.Errorf("the lost journal was tried %d times in a minute, want once a second", n)
		}
		b.journal.set(func(s *server) { s.before, s.reading = nil, nil })
		<-time.After(2 * time.Second)
		before = b.reads()
		<-time.After(time.Minute)
		if n := b.reads() - before; n != 0 {
			t.Errorf("the journal that is back was read %d times in a minute, want never", n)
		}
		if got := b.issue("c").Ticket.Number; got != "A003" {
			t.Errorf("number %s, want A003", got)
		}
	})
}

// TestSilentJournal has a shared journal that doesn't answer, as behind a network that is cut: to
// reads, or to a commit. Other servers may go on, so the screens are told within five seconds.
func TestSilentJournal(t *testing.T) {
	t.Parallel()
	for _, committing := range []bool{false, true} {
		t.Run(fmt.Sprint("committing ", committing), func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T, b *bench) {
				b.restart(engine.Options{PollEvery: 2 * time.Second})
				b.issue("a")
				<-time.After(time.Minute + 500*time.Millisecond) // the journal was just read
				silence := newGate()
				b.journal.set(func(s *server) { s.silent, s.before = true, silence.pass })
				var sent *pending
				if committing {
					sent = b.send(t.Context(), "b", ticket("b"))
				}
				<-time.After(5*time.Second + time.Millisecond)
				b.shown.mu.Lock()
				if b.shown.lost != 1 {
					t.Errorf("told %d times within five seconds that the journal is lost, want once", b.shown.lost)
				}
				b.shown.mu.Unlock()
				b.journal.set(func(s *server) { s.silent, s.before = false, nil })
				close(silence.open)
				<-time.After(5 * time.Second)
				synctest.Wait()
				if committing && (sent.err != nil || sent.answer.Ticket.Number != "A002") {
					t.Errorf("the command in between was answered %q, %v", sent.answer.Ticket.Number, sent.err)
				}
				b.issue("c")
				if d := diff(replay(t, b.journal, urp), b.look()); d != "" {
					t.Errorf("the journal says otherwise:\n%s", d)
				}
				if list := b.shown.take(); len(list) == 0 || list[len(list)-1].seq != b.look().Seq {
					t.Error("the screens aren't told what came after the silence")
				}
			})
		})
	}
}

// TestNothingOldIsShown wants the screens told, once, that the journal can't be read, and that it
// is back; and no look at a state that may be old. A journal that is only full can be read.
func TestNothingOldIsShown(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, b *bench) {
		lost := func() int {
			b.shown.mu.Lock()
			defer b.shown.mu.Unlock()
			return b.shown.lost
		}
		look := func() error { return b.engine.Read(t.Context(), urp, func(*queue.State, time.Time) {}) }
		b.journal.set(func(s *server) { s.before = fail })
		_, err := b.do("a", ticket("a"))
		wantUnavailable(t, err)
		if err := look(); err != nil || lost() != 0 {
			t.Errorf("a full disk: %v, lost %d times; want what is there to be shown", err, lost())
		}
		b.journal.set(func(s *server) { s.reading = errDisk })
		_, err = b.do("a", ticket("a"))
		wantUnavailable(t, err)
		<-time.After(time.Minute)
		wantUnavailable(t, look())
		if n := lost(); n != 1 {
			t.Errorf("told %d times that the journal is lost, want once", n)
		}
		b.shown.take()
		b.journal.set(func(s *server) { s.before, s.reading = nil, nil })
		<-time.After(2 * time.Second)
		if list := b.shown.take(); len(list) == 0 {
			t.Error("nobody was told that the journal is back")
		}
		if err := look(); err != nil {
			t.Errorf("the journal is back: %v", err)
		}
	})
}

func (b *bench) reads() int {
	b.memory.mu.Lock()
	defer b.memory.mu.Unlock()
	return b.journal.reads
}

// TestJournalHangs gives up a commit that doesn't end within ten seconds.
func TestJournalHangs(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, b *bench) {
		b.look()
		b.journal.set(func(s *server) { s.before = slow(time.Minute) })
		begin := time.Now()
		_, err := b.do("a", ticket("a"))
		wantUnavailable(t, err)
		if took := time.Since(begin); took > time.Minute {
			t.Errorf("gave up after %v", took)
		}
		b.journal.set(func(s *server) { s.before = nil })
		if got := b.issue("a").Ticket.Number; got != "A001" {
			t.Errorf("number %s, want A001", got)
		}
	})
}

// TestContext gives up waiting, which doesn't take the command back.
func TestContext(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, b *bench) {
		g := newGate()
		b.journal.set(func(s *server) { s.before = g.pass })
		running := b.sendIssues("first-", 1)
		ctx, cancel := context.WithCancel(t.Context())
		command := b.send(ctx, "a", ticket("a"))
		synctest.Wait()
		cancel()
		synctest.Wait()
		if !errors.Is(command.err, context.Canceled) {
			t.Errorf("a command: %v, want context.Canceled", command.err)
		}
		close(g.open)
		synctest.Wait()
		if running[0].err != nil {
			t.Errorf("another command: %v", running[0].err)
		}
		if got := b.must(b.do("a", ticket("a"))).Ticket.Number; got != "A002" {
			t.Errorf("sent again: number %s, want A002", got)
		}
		if n := len(b.look().Tickets); n != 2 {
			t.Errorf("%d tickets, want 2", n)
		}

		before, _, _ := b.journal.counts()
		for i := range 100 { // whose sender has gone before it is sent
			if _, err := b.engine.Do(ctx, urp, queue.Command{ID: fmt.Sprint("gone", i), Do: ticket(fmt.Sprint("gone", i))}); !errors.Is(err, context.Canceled) {
				t.Fatalf("got error %v, want context.Canceled", err)
			}
		}
		synctest.Wait()
		if after, _, _ := b.journal.counts(); after != before {
			t.Errorf("%d commands carried out whose sender had gone", after-before)
		}
	})
}

// TestLookDuringCommit shows the state as it is durable to whoever looks meanwhile.
func TestLookDuringCommit(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, b *bench) {
		g := newGate()
		b.journal.set(func(s *server) { s.before = g.pass })
		b.sendIssues("first-", 1)
		b.sendIssues("more-", 3)
		if n := len(b.look().Tickets); n != 0 {
			t.Errorf("%d tickets are shown before they are durable", n)
		}
		close(g.open)
		synctest.Wait()
		if n := len(b.look().Tickets); n != 4 {
			t.Errorf("%d tickets, want 4", n)
		}
	})
}

// TestContextOfLook gives up a look that hasn't begun.
func TestContextOfLook(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, b *bench) {
		slowly := make(chan struct{})
		go func() {
			_ = b.engine.Read(t.Context(), urp, func(*queue.State, time.Time) { <-slowly }) // keeps the office busy
		}()
		synctest.Wait()
		ctx, cancel := context.WithCancel(t.Context())
		looking := make(chan error)
		go func() {
			looking <- b.engine.Read(ctx, urp, func(*queue.State, time.Time) { t.Error("looked at the state after Read had returned") })
		}()
		synctest.Wait()
		cancel()
		if err := <-looking; !errors.Is(err, context.Canceled) {
			t.Errorf("a look: %v, want context.Canceled", err)
		}
		close(slowly)
		synctest.Wait()
	})
}

// TestContextWhileLooking lets a look end whose caller's time has run out: what it writes is the
// caller's.
func TestContextWhileLooking(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, b *bench) {
		ctx, cancel := context.WithCancel(t.Context())
		seq := int64(0)
		err := b.engine.Read(ctx, urp, func(st *queue.State, _ time.Time) {
			cancel()
			<-time.After(time.Second)
			seq = st.Seq
		})
		if got := seq; err != nil || got == 0 {
			t.Errorf("saw seq %d, error %v; want the look to have ended", got, err)
		}
	})
}

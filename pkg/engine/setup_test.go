package engine_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
	_ "time/tzdata" // the office's time zone must be known on any machine

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/eliminacode/eliminacode/pkg/engine"
	"github.com/eliminacode/eliminacode/pkg/journal"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// urp is the office of these tests.
const urp = "urp"

// clock tells the time of the bubble, shifted.
type clock struct{ shift atomic.Int64 }

func (c *clock) now() time.Time { return time.Now().Add(time.Duration(c.shift.Load())) }

// set shifts the clock so that it shows s, of RFC 3339.
func (c *clock) set(t testing.TB, s string) {
	t.Helper()
	c.shift.Store(int64(time.Until(moment(t, s))))
}

func moment(t testing.TB, s string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// change is what an engine showed at a moment.
type change struct {
	at      time.Time
	seq     int64
	open    bool
	waiting int
	events  []queue.Event
	anew    bool
}

// shown collects what engines show.
type shown struct {
	mu   sync.Mutex
	list []change
	lost int
}

// Changed implements [engine.Observer].
func (s *shown) Changed(c engine.Change) {
	s.mu.Lock()
	defer s.mu.Unlock()
	open, _ := c.State.Config.Open(nil, c.Now.In(c.State.Location()))
	s.list = append(s.list, change{c.Now, c.State.Seq, open, c.State.Waiting("anagrafe"), slices.Clone(c.Events), c.Anew})
}

// Lost implements [engine.Observer].
func (s *shown) Lost(string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lost++
}

// take returns what was shown since it was asked last. Commands are answered before they are shown.
func (s *shown) take() []change {
	synctest.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	list := s.list
	s.list = nil
	return list
}

// bench is a server on a journal, in a bubble of its own time.
type bench struct {
	*testing.T
	clock   *clock
	memory  *memory
	journal *server
	shown   *shown
	engine  *engine.Engine
}

// bubble runs a test in a bubble, at nine of a Monday, with an office whose
// counters 1 and 2 are open. At the end no goroutine may be left: the bubble sees to that.
func bubble(t *testing.T, test func(t *testing.T, b *bench)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		b := &bench{T: t, clock: new(clock), memory: newMemory()}
		b.clock.set(t, "2026-03-02T09:00:00+01:00")
		b.journal = b.memory.server()
		b.start(engine.Options{})
		if err := b.engine.Create(t.Context(), urp, queue.Default()); err != nil {
			t.Fatal(err)
		}
		b.must(b.do("open-1", queue.Open{Counter: "1", Operator: "maria"}))
		b.must(b.do("open-2", queue.Open{Counter: "2", Operator: "gino"}))
		test(t, b)
	})
}

// start puts a new engine on the server's journal, which ends with the test.
func (b *bench) start(opt engine.Options) {
	b.shown = new(shown)
	opt.Journal, opt.Now = b.journal, b.clock.now
	b.engine = engine.New(opt)
	b.engine.Observe(b.shown)
	b.Cleanup(b.stop)
}

// stop ends the engine; it also ends by itself with the test.
func (b *bench) stop() {
	b.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := b.engine.Close(ctx); err != nil {
		b.Error(err)
	}
}

// restart ends the engine and starts a new one with other options.
func (b *bench) restart(opt engine.Options) {
	b.Helper()
	b.stop()
	b.start(opt)
}

// second returns another server on the same storage.
func (b *bench) second(opt engine.Options) *bench {
	o := &bench{T: b.T, clock: b.clock, memory: b.memory, journal: b.memory.server()}
	o.start(opt)
	return o
}

// follow has the server hear the doorbell until the returned func is called.
func (b *bench) follow() (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var following sync.WaitGroup
	following.Go(func() { _ = b.journal.Follow(ctx, b.engine.Ring) }) // it ends with its context's error
	return func() {
		cancel()
		following.Wait()
	}
}

func (b *bench) do(id string, a queue.Action) (queue.Answer, error) {
	return b.engine.Do(b.Context(), urp, queue.Command{ID: id, By: "dev", Do: a})
}

// must returns the answer of a command that must succeed.
func (b *bench) must(a queue.Answer, err error) queue.Answer {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
	return a
}

// issue gives the ticket with the id.
func (b *bench) issue(id string) queue.Answer {
	b.Helper()
	return b.must(b.do("issue-"+id, ticket(id)))
}

func ticket(id string) queue.Action {
	return queue.Issue{Ticket: queue.TicketID(id), Channel: "anagrafe"}
}

// look returns a copy of the state.
func (b *bench) look() (s *queue.State) {
	b.Helper()
	err := b.engine.Read(b.Context(), urp, func(st *queue.State, _ time.Time) { s = st.Clone() })
	if err != nil {
		b.Fatal(err)
	}
	return s
}

// pending is a command whose answer hasn't come.
type pending struct {
	id     string
	answer queue.Answer
	err    error
	done   atomic.Bool
}

// send sends a command without waiting for its answer; [synctest.Wait] waits for it to get where it
// can.
func (b *bench) send(ctx context.Context, id string, a queue.Action) *pending {
	p := &pending{id: id}
	go func() {
		p.answer, p.err = b.engine.Do(ctx, urp, queue.Command{ID: id, By: "dev", Do: a})
		p.done.Store(true)
	}()
	return p
}

// sendIssues sends n commands that give tickets.
func (b *bench) sendIssues(prefix string, n int) []*pending {
	list := make([]*pending, n)
	for i := range list {
		id := fmt.Sprintf("%s%d", prefix, i)
		list[i] = b.send(b.Context(), id, ticket(id))
	}
	synctest.Wait()
	return list
}

func wantRefusal(t testing.TB, err error, code queue.Code) {
	t.Helper()
	if r, ok := errors.AsType[*queue.Refusal](err); !ok || r.Code != code {
		t.Errorf("got error %v, want a refusal with code %s", err, code)
	}
}

func wantUnavailable(t testing.TB, err error) {
	t.Helper()
	if !errors.Is(err, journal.ErrUnavailable) || errors.Is(err, journal.ErrConflict) {
		t.Errorf("got error %v, want journal.ErrUnavailable alone", err)
	}
}

// diff compares states by what they tell.
func diff(want, got *queue.State) string {
	a, errA := json.Marshal(want)
	b, errB := json.Marshal(got)
	if errA == nil && errB == nil && bytes.Equal(a, b) {
		return "" // the usual case, and much faster
	}
	return cmp.Diff(want, got, cmpopts.IgnoreUnexported(queue.State{}), cmpopts.EquateEmpty())
}

// replay returns what the journal amounts to.
func replay(t testing.TB, j journal.Journal, office string) *queue.State {
	t.Helper()
	const chunk = 1000
	s := new(queue.State)
	for {
		events, err := j.Events(context.Background(), office, s.Seq, chunk)
		if err != nil {
			t.Fatal(err)
		}
		for i := range events {
			s.Apply(&events[i])
		}
		if len(events) < chunk {
			return s
		}
	}
}

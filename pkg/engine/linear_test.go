package engine_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"github.com/eliminacode/eliminacode/pkg/engine"
	"github.com/eliminacode/eliminacode/pkg/journal"
	"github.com/eliminacode/eliminacode/pkg/journal/sqlite"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// history is what clients do to one or more servers, and when they were told what.
type history struct {
	servers []*engine.Engine
	clients int
	each    int  // operations of a client
	forget  bool // a command that is sent again gets a new id, a control: this must be found
	between func(done int)

	clock      atomic.Int64
	mu         sync.Mutex
	operations []porcupine.Operation
}

// TestLinearizable lets clients give and call tickets at the same time, by one server and by two,
// also with commits that fail before or after they were durable: there is an order of all commands
// in which each was answered as one person with pencil and paper would have.
func TestLinearizable(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		servers func(t *testing.T, chance *rand.Rand) []*engine.Engine
	}{
		{"OneServerOnSQLite", func(t *testing.T, _ *rand.Rand) []*engine.Engine {
			return []*engine.Engine{lineServer(t, openSQLite(t), 0)}
		}},
		{"OneServer", func(t *testing.T, _ *rand.Rand) []*engine.Engine {
			return lineServers(t, newMemory(), 1, nil)
		}},
		{"OneServerWithFaults", func(t *testing.T, chance *rand.Rand) []*engine.Engine {
			return lineServers(t, newMemory(), 1, sometimes(chance))
		}},
		{"TwoServers", func(t *testing.T, _ *rand.Rand) []*engine.Engine {
			return lineServers(t, newMemory(), 2, nil)
		}},
		{"TwoServersWithFaults", func(t *testing.T, chance *rand.Rand) []*engine.Engine {
			return lineServers(t, newMemory(), 2, sometimes(chance))
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			explain(t, c.servers)
		})
	}
}

// explain makes histories and finds the order that explains each. They are short, since the search
// takes a time that grows with what goes on at once.
func explain(t *testing.T, servers func(t *testing.T, chance *rand.Rand) []*engine.Engine) {
	t.Helper()
	for range 6 {
		seed := rand.Uint64()
		h := &history{servers: servers(t, rand.New(rand.NewPCG(seed, 0))), clients: 6, each: 15}
		if err := h.run(t, seed); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if result := h.check(); result != porcupine.Ok {
			t.Fatalf("seed %d: %s: see %s", seed, result, h.draw(t))
		}
	}
}

// TestLinearizableControls puts faults in on purpose, each of which the checker must find.
func TestLinearizableControls(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		make func(t *testing.T, chance *rand.Rand) *history
	}{
		{"AcknowledgesWithoutStoring", func(t *testing.T, _ *rand.Rand) *history {
			return &history{servers: lineServers(t, newMemory(), 2, func(s *server) { s.careless = true })}
		}},
		{"TakesASeqTwice", func(t *testing.T, _ *rand.Rand) *history {
			return &history{servers: lineServers(t, newMemory(), 2, func(s *server) { s.lax = true })}
		}},
		{"HearsNothing", func(t *testing.T, _ *rand.Rand) *history { // and refuses all the same
			m := newMemory()
			lineServer(t, m.server(), 0)
			deaf := func(s *server) { s.deaf = true }
			one, two := m.server(), m.server()
			one.set(deaf)
			two.set(deaf)
			return &history{servers: []*engine.Engine{runServer(t, one, 0), runServer(t, two, 0)}, clients: 1, each: 200}
		}},
		{"ForgetsTheCommand", func(t *testing.T, chance *rand.Rand) *history {
			return &history{servers: lineServers(t, newMemory(), 1, func(s *server) {
				failing := sometimesFails(chance, 5)
				s.after = func() error {
					err := failing()
					if err != nil { // and what became of the command can't be found out for a while
						s.reading = errDisk
						time.AfterFunc(time.Millisecond, func() { s.set(func(s *server) { s.reading = nil }) })
					}
					return err
				}
			}), forget: true}
		}},
		{"LosesTheLastEvents", func(t *testing.T, _ *rand.Rand) *history { // as after a crash without durable commits
			m := newMemory()
			s := m.server()
			h := &history{servers: []*engine.Engine{lineServer(t, s, 0)}}
			h.between = func(done int) {
				if done != 45 {
					return
				}
				m.mu.Lock()
				m.events[urp] = m.events[urp][:len(m.events[urp])-10]
				m.mu.Unlock()
				h.mu.Lock()
				h.servers[0] = runServer(t, s, 0)
				h.mu.Unlock()
			}
			return h
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			const tries = 5
			for range tries {
				seed := rand.Uint64()
				h := c.make(t, rand.New(rand.NewPCG(seed, 0)))
				if h.clients == 0 {
					h.clients, h.each = 6, 15
				}
				err := h.run(t, seed) // a client may well get no answer at all
				t.Logf("seed %d: %d answers, %v", seed, len(h.operations), err)
				if h.check() == porcupine.Illegal {
					return
				}
			}
			t.Errorf("the fault wasn't found in %d histories", tries)
		})
	}
}

// sometimes makes one commit in ten fail, half of them after it was durable.
func sometimes(chance *rand.Rand) func(s *server) {
	failing := sometimesFails(chance, 20)
	return func(s *server) { s.before, s.after = failing, failing }
}

// sometimesFails fails once in n times.
func sometimesFails(chance *rand.Rand, n int) func() error {
	var mu sync.Mutex
	return func() error {
		mu.Lock()
		defer mu.Unlock()
		if chance.IntN(n) == 0 {
			return fail()
		}
		return nil
	}
}

func openSQLite(t testing.TB) *sqlite.Journal {
	t.Helper()
	j, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "eliminacode.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := j.Close(); err != nil {
			t.Error(err)
		}
	})
	return j
}

// lineServers makes the office, and n servers with faults on its storage.
func lineServers(t *testing.T, m *memory, n int, faults func(s *server)) (servers []*engine.Engine) {
	t.Helper()
	lineServer(t, m.server(), 0)
	for range n {
		s := m.server()
		servers = append(servers, sharedServer(t, s))
		if faults != nil {
			s.set(faults)
		}
	}
	return servers
}

// sharedServer runs a server of several, which has loaded the office and hears the doorbell.
func sharedServer(t *testing.T, j journal.Journal) *engine.Engine {
	t.Helper()
	e := runServer(t, j, 50*time.Millisecond)
	if err := e.Read(t.Context(), urp, func(*queue.State, time.Time) {}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var following sync.WaitGroup
	following.Go(func() { _ = j.Follow(ctx, e.Ring) }) // it ends with its context's error
	t.Cleanup(func() { cancel(); following.Wait() })
	return e
}

// lineServer makes the office with all counters open, and a server for it.
func lineServer(t testing.TB, j journal.Journal, pollEvery time.Duration) *engine.Engine {
	t.Helper()
	e := runServer(t, j, pollEvery)
	if err := e.Create(t.Context(), urp, lineConfig()); err != nil {
		t.Fatal(err)
	}
	for _, id := range lineCounters {
		c := queue.Command{ID: "open-" + string(id), By: "dev", Do: queue.Open{Counter: id, Operator: "maria"}}
		if _, err := e.Do(t.Context(), urp, c); err != nil {
			t.Fatal(err)
		}
	}
	return e
}

// runServer runs a server at nine of a Monday until the test ends.
func runServer(t testing.TB, j journal.Journal, pollEvery time.Duration) *engine.Engine {
	t.Helper()
	monday := moment(t, "2026-03-02T09:00:00+01:00")
	e := engine.New(engine.Options{Journal: j, Now: func() time.Time { return monday }, PollEvery: pollEvery})
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := e.Close(ctx); err != nil {
			t.Error(err)
		}
	})
	return e
}

// run has the clients do what chance tells them, and returns why some gave up.
func (h *history) run(t *testing.T, seed uint64) error {
	t.Helper()
	failed := make([]error, h.clients)
	var done atomic.Int64
	var working sync.WaitGroup
	for client := range h.clients {
		working.Go(func() {
			chance := rand.New(rand.NewPCG(seed, uint64(client+1)))
			for n := range h.each {
				if failed[client] = h.operate(t.Context(), client, n, choose(chance)); failed[client] != nil {
					return
				}
				if d := done.Add(1); h.between != nil {
					h.between(int(d))
				}
			}
		})
	}
	working.Wait()
	return errors.Join(failed...)
}

// choose is what a client does next: more tickets are given than called.
func choose(chance *rand.Rand) lineInput {
	in := lineInput{channel: chance.IntN(len(lineChannels)), counter: chance.IntN(len(lineCounters))}
	switch n := chance.IntN(20); {
	case n < 8:
		in.verb = "issue"
	case n < 15:
		in.verb = "next"
	case n < 17:
		in.verb = "done"
	default:
		in.verb = "call"
		in.number = fmt.Sprintf("%s%03d", lineLetters[in.channel], 1+chance.IntN(40))
	}
	return in
}

// operate sends the client's n-th command until it is answered, each time to the next server, and
// notes the answer.
func (h *history) operate(ctx context.Context, client, n int, in lineInput) error {
	id := fmt.Sprintf("%d-%d", client, n)
	command := queue.Command{ID: id, By: "dev", Do: in.action(id)}
	call := h.clock.Add(1)
	for try := range 2000 {
		if h.forget {
			command.ID = fmt.Sprintf("%s-%d", id, try)
			command.Do = in.action(command.ID)
		}
		a, err := h.server(client+n+try).Do(ctx, urp, command)
		if errors.Is(err, journal.ErrUnavailable) {
			continue
		}
		out := lineOutput{number: a.Ticket.Number}
		if r, ok := errors.AsType[*queue.Refusal](err); ok {
			out.code = r.Code
		} else if err != nil {
			return fmt.Errorf("%s: %w", id, err)
		}
		if in.verb == "next" && a.Kind != queue.TicketCalled {
			out.number = ""
		}
		op := porcupine.Operation{ClientId: client, Input: in, Call: call, Output: out, Return: h.clock.Add(1)}
		h.mu.Lock()
		h.operations = append(h.operations, op)
		h.mu.Unlock()
		return nil
	}
	return fmt.Errorf("%s was never answered", id)
}

func (h *history) server(n int) *engine.Engine {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.servers[n%len(h.servers)]
}

func (in lineInput) action(id string) queue.Action {
	counter := lineCounters[in.counter]
	switch in.verb {
	case "issue":
		return queue.Issue{Ticket: queue.TicketID(id), Channel: lineChannels[in.channel]}
	case "next":
		return queue.Next{Counter: counter}
	case "call":
		return queue.CallTicket{Counter: counter, Number: in.number}
	}
	return queue.Done{Counter: counter}
}

// searchMax bounds the search for an order, which now and then takes long on a busy machine.
const searchMax = 2 * time.Minute

// check looks for an order that explains the history.
func (h *history) check() porcupine.CheckResult {
	return porcupine.CheckOperationsTimeout(lineModel(), h.operations, searchMax)
}

// draw writes the history as a page to look at, and returns its name.
func (h *history) draw(t *testing.T) string {
	t.Helper()
	_, info := porcupine.CheckOperationsVerbose(lineModel(), h.operations, 10*time.Second)
	name := filepath.Join(t.ArtifactDir(), "history.html")
	if err := porcupine.VisualizePath(lineModel(), info, name); err != nil {
		t.Error(err)
	}
	return name
}

//go:build unix

package cluster_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"github.com/eliminacode/eliminacode/cmd/eliminacode/programtest"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/queue/queuetest"
	"github.com/eliminacode/eliminacode/pkg/view"
)

const (
	unknownMax = 2 // operations of a history without an answer, which may have happened at any time
	searchTime = programtest.Patience
)

var letters = map[string]queue.ChannelID{"A": "anagrafe", "P": "protocollo"}

// history is what clients did to the servers, and when they were told what.
type history struct {
	servers []*programtest.Server
	office  string // its path
	clients int
	each    int  // operations of a client: the search takes time that grows with what goes on at once
	hasty   bool // some hang up before the answer can be there
	breaks  map[int]func()

	clock, done, unknown atomic.Int64
	mu                   sync.Mutex
	operations           []porcupine.Operation
}

// TestLinearizable lets clients give and call tickets by two servers, whose clocks are apart, at
// the same counters. One server is killed and started again with another clock, the other one's
// connections to the database are slow, and cut. There is an order of all commands in which each
// was answered as one person with pencil and paper would have; one without an answer may have
// happened at any time since, or never.
func TestLinearizable(t *testing.T) {
	t.Parallel()
	w := newWire(t, cluster.Host())
	database := emptyDatabase(t)
	a := serve(t, "A", database)
	b := programtest.New(t, programtest.Options{Name: "B", Database: w.through(database), Race: true})
	b.Start(t, "2026-03-02T09:20:00+01:00")
	for round := range rounds(t, 4) {
		seed := rand.Uint64()
		chance := rand.New(rand.NewPCG(seed, 0))
		h := &history{servers: []*programtest.Server{a, b}, office: fmt.Sprint("/offices/carta-", round), clients: 5, each: 12, hasty: true}
		h.open(t)
		clock := fmt.Sprintf("2026-03-02T09:%02d:00+01:00", chance.IntN(60))
		n := func() int { return 5 + chance.IntN(h.clients*h.each-10) }
		h.breaks = map[int]func(){n(): w.cut, n(): w.cut, n(): w.cut, n(): func() { a.Kill(); a.Start(t, clock) }}
		w.set(func() { w.late = time.Duration(chance.IntN(4)) * time.Millisecond })
		h.run(t, seed)
		h.check(t, seed)
		checkJournal(t, b.Journal(t, h.office, 0))
		t.Logf("seed %d: %d operations, %d without an answer", seed, len(h.operations), min(h.unknown.Load(), unknownMax))
	}
}

// TestLinearizableControl puts faults into a history of two servers that was well, each of which
// the checker must find.
func TestLinearizableControl(t *testing.T) {
	t.Parallel()
	database := emptyDatabase(t)
	h := &history{
		servers: []*programtest.Server{serve(t, "A", database), serve(t, "B", database)},
		office:  "/offices/carta", clients: 3, each: 12,
	}
	h.open(t)
	seed := rand.Uint64()
	h.run(t, seed)
	h.check(t, seed)
	called, given := h.numbers(queuetest.Next), h.numbers(queuetest.Issue)
	if len(called) < 2 || len(given) < 2 {
		t.Fatalf("seed %d: %d calls and %d tickets: nothing to put a fault into", seed, len(called), len(given))
	}
	for _, c := range []struct {
		name  string
		fault func(all []porcupine.Operation)
	}{
		{"a double call", func(all []porcupine.Operation) { all[called[1]].Output = all[called[0]].Output }},
		{"a number given twice", func(all []porcupine.Operation) { all[given[1]].Output = all[given[0]].Output }},
		{"a number out of the air", func(all []porcupine.Operation) { all[called[0]].Output = queuetest.Told{Number: "A900"} }},
		{"a call of nobody", func(all []porcupine.Operation) { all[called[0]].Output = queuetest.Told{} }},
	} {
		all := slices.Clone(h.operations)
		c.fault(all)
		if result := porcupine.CheckOperationsTimeout(queuetest.Model(), all, searchTime); result != porcupine.Illegal {
			t.Errorf("seed %d: a history with %s is %s", seed, c.name, result)
		}
	}
}

// numbers lists the operations that were told a number, in the order in which they began.
func (h *history) numbers(verb queuetest.Verb) (at []int) {
	for i, op := range h.operations {
		if op.Input.(queuetest.Ask).Verb == verb && op.Output.(queuetest.Told).Number != "" {
			at = append(at, i)
		}
	}
	slices.SortFunc(at, func(i, j int) int { return int(h.operations[i].Call - h.operations[j].Call) })
	return at
}

// open makes the office, with three counters open.
func (h *history) open(t *testing.T) {
	t.Helper()
	createOffice(t, h.servers[1], h.office, queuetest.Plain())
	for counter := range 3 {
		h.servers[1].Want(t, http.StatusOK, http.MethodPost, fmt.Sprintf("/api/v1%s/counters/%d/open", h.office, counter+1), nil)
	}
}

// run has the clients do what chance tells them.
func (h *history) run(t *testing.T, seed uint64) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 4*programtest.Patience)
	defer cancel()
	var working sync.WaitGroup
	for client := range h.clients {
		working.Go(func() {
			chance := rand.New(rand.NewPCG(seed, uint64(client+1)))
			for n := range h.each {
				if err := h.operate(ctx, chance, client, n); err != nil {
					t.Errorf("seed %d: %v", seed, err)
					return
				}
				if broken := h.breaks[int(h.done.Add(1))]; broken != nil {
					working.Go(broken)
				}
			}
		})
	}
	working.Wait()
}

// choose is what a client does next: more tickets are given than called.
func choose(chance *rand.Rand) queuetest.Ask {
	letter := [...]string{"A", "P"}[chance.IntN(2)]
	counter := chance.IntN(3)
	switch n := chance.IntN(20); {
	case n < 8:
		return queuetest.Ask{Verb: queuetest.Issue, Letter: letter}
	case n < 15:
		return queuetest.Ask{Verb: queuetest.Next, Counter: counter}
	case n < 17:
		return queuetest.Ask{Verb: queuetest.Done, Counter: counter}
	}
	return queuetest.Ask{Verb: queuetest.Call, Counter: counter, Number: fmt.Sprintf("%s%03d", letter, 1+chance.IntN(30))}
}

// operate sends a command, mostly until it is answered, each time to the other server, and notes
// the answer.
func (h *history) operate(ctx context.Context, chance *rand.Rand, client, n int) error {
	ask := choose(chance)
	op := porcupine.Operation{ClientId: client, Input: ask, Call: h.clock.Add(1)}
	for try := 0; ; try++ {
		short, cancel := ctx, context.CancelFunc(func() {})
		if h.hasty && try == 0 && chance.IntN(8) == 0 { // it hangs up
			short, cancel = context.WithTimeout(ctx, time.Duration(chance.IntN(8_000))*time.Microsecond)
		}
		told, answered, err := h.send(short, h.servers[(client+n+try)%len(h.servers)], ask, fmt.Sprintf("%d-%d", client, n))
		cancel()
		op.Output, op.Return = told, h.clock.Add(1)
		switch {
		case err != nil:
			return err
		case !answered && ctx.Err() != nil:
			return fmt.Errorf("%v was never answered: %w", ask, ctx.Err())
		case !answered && (chance.IntN(3) > 0 || h.unknown.Add(1) > unknownMax):
			<-time.After(10 * time.Millisecond)
			continue
		case !answered:
			op.Output, op.Return = queuetest.Told{Unknown: true}, int64(1)<<60
		}
		h.mu.Lock()
		h.operations = append(h.operations, op)
		h.mu.Unlock()
		return nil
	}
}

// send sends a command once.
func (h *history) send(ctx context.Context, s *programtest.Server, ask queuetest.Ask, key string) (told queuetest.Told, answered bool, err error) {
	path, in := fmt.Sprintf("/counters/%d/%s", ask.Counter+1, ask.Verb), any(nil)
	switch ask.Verb {
	case queuetest.Issue:
		path, in = "/tickets", ticketOf(letters[ask.Letter])
	case queuetest.Call:
		in = map[string]string{"number": ask.Number}
	}
	a, failed := s.Do(ctx, http.MethodPost, "/api/v1"+h.office+path, in, "Idempotency-Key", key)
	if failed != nil || a.Status == http.StatusServiceUnavailable {
		return told, false, nil
	}
	switch a.Status {
	case http.StatusOK, http.StatusCreated:
		var v struct {
			view.Ticket
			Called *view.Ticket `json:"ticket"`
		}
		err = a.Into(&v)
		if told.Number = v.Number; v.Called != nil {
			told.Number = v.Called.Number
		}
	case http.StatusNoContent:
	case http.StatusNotFound, http.StatusConflict:
		told.Code = a.Code()
	default:
		err = fmt.Errorf("%v: %s", ask, a)
	}
	return told, true, err
}

// check looks for an order that explains the history: at first the journal's, and then any.
func (h *history) check(t *testing.T, seed uint64) {
	t.Helper()
	begin := time.Now()
	defer func() { t.Logf("searched for %v", time.Since(begin)) }()
	events := h.servers[1].Journal(t, h.office, 0)
	if model, operations := inJournalOrder(h.operations, events); porcupine.CheckOperationsTimeout(model, operations, searchTime) == porcupine.Ok {
		return
	}
	result, info := porcupine.CheckOperationsVerbose(queuetest.Model(), h.operations, searchTime)
	if result == porcupine.Ok {
		return
	}
	page := filepath.Join(t.ArtifactDir(), "history.html")
	if err := porcupine.VisualizePath(queuetest.Model(), info, page); err != nil {
		t.Error(err)
	}
	slices.SortFunc(h.operations, func(a, b porcupine.Operation) int { return int(a.Call - b.Call) })
	for _, op := range h.operations {
		t.Logf("%d-%d client %d: %s", op.Call, op.Return, op.ClientId, queuetest.Model().DescribeOperation(op.Input, op.Output))
	}
	for _, e := range events {
		t.Logf("event %d at %v: %s %s %s at %s, command %.6s", e.Seq, e.At, e.Kind, e.Number, e.Ticket, e.Counter, e.Command)
	}
	t.Fatalf("seed %d: the history is %s: see %s (kept with -artifacts)", seed, result, page)
}

// placed is an operation's input with its place among those that the journal has, from 1 on; 0: it
// isn't told which of the journal's it is, if any.
type placed struct {
	queuetest.Ask
	place int
}

// progress is the sheet of paper with the place of the last operation that has one.
type progress struct {
	paper any
	place int
}

// inJournalOrder returns the operations with their places, and the model of the sheet of paper on
// which they happen in the order of the journal. Such an order explains the history, and is found
// at once, where the search in the whole history now and then takes minutes.
func inJournalOrder(operations []porcupine.Operation, events []queue.Event) (porcupine.Model, []porcupine.Operation) {
	numbers := map[queue.TicketID]string{}
	var twice []string // called twice: served, and called again
	seqs := map[queuetest.Verb]map[string]int64{queuetest.Issue: {}, queuetest.Next: {}, queuetest.Done: {}}
	for _, e := range events {
		switch e.Kind {
		case queue.TicketIssued:
			numbers[e.Ticket] = e.Number
			seqs[queuetest.Issue][e.Number] = e.Seq
		case queue.TicketCalled:
			if _, again := seqs[queuetest.Next][numbers[e.Ticket]]; again {
				twice = append(twice, numbers[e.Ticket])
			}
			seqs[queuetest.Next][numbers[e.Ticket]] = e.Seq
		case queue.TicketServed:
			seqs[queuetest.Done][numbers[e.Ticket]] = e.Seq
		}
	}
	for _, number := range twice { // which operation was which of the legs, the number doesn't tell
		delete(seqs[queuetest.Next], number)
		delete(seqs[queuetest.Done], number)
	}
	at := map[int64]int{} // index of the operation, by the event's number
	all := slices.Clone(operations)
	for i := range all {
		ask, number := all[i].Input.(queuetest.Ask), all[i].Output.(queuetest.Told).Number
		all[i].Input = placed{Ask: ask}
		verb := ask.Verb
		if verb == queuetest.Call {
			verb = queuetest.Next
		}
		if seq, ok := seqs[verb][number]; ok {
			at[seq] = i
		}
	}
	for n, seq := range slices.Sorted(maps.Keys(at)) {
		in := all[at[seq]].Input.(placed)
		in.place = n + 1
		all[at[seq]].Input = in
	}
	plain := queuetest.Model()
	return porcupine.Model{
		Init: func() any { return progress{paper: plain.Init()} },
		Step: func(state, in, out any) (bool, any) {
			now, asked := state.(progress), in.(placed)
			if asked.place > 0 {
				if asked.place != now.place+1 {
					return false, state
				}
				now.place = asked.place
			}
			ok, paper := plain.Step(now.paper, asked.Ask, out)
			return ok, progress{paper, now.place}
		},
	}, all
}

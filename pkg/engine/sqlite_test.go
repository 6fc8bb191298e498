package engine_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/engine"
	"github.com/eliminacode/eliminacode/pkg/journal/sqlite"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// TestSQLite has 64 senders at work at once on a real file: no number is given twice, nobody is
// called twice, nothing is lost, and the file tells the same as the server.
func TestSQLite(t *testing.T) {
	t.Parallel()
	const senders, each = 64, 12
	path := filepath.Join(t.TempDir(), "eliminacode.db")
	j, err := sqlite.Open(t.Context(), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	e := lineServer(t, j, 0)

	var mu sync.Mutex
	given := map[string]queue.TicketID{}
	called := map[queue.TicketID]int64{}
	served := map[queue.TicketID]bool{}
	send := func(id string, a queue.Action) (queue.Answer, error) {
		return e.Do(t.Context(), urp, queue.Command{ID: id, By: "dev", Do: a})
	}
	var working sync.WaitGroup
	for sender := range senders {
		counter := lineCounters[sender%len(lineCounters)]
		working.Go(func() {
			for n := range each {
				id := fmt.Sprintf("%d-%d", sender, n)
				issued, err := send("issue-"+id, queue.Issue{Ticket: queue.TicketID(id), Channel: lineChannels[n%len(lineChannels)]})
				if err != nil {
					t.Error(err)
					return
				}
				next, err := send("next-"+id, queue.Next{Counter: counter})
				if err != nil {
					t.Error(err)
					return
				}
				done, err := send("done-"+id, queue.Done{Counter: counter})
				refused, ok := errors.AsType[*queue.Refusal](err) // another sender at this counter was faster
				if err != nil && (!ok || refused.Code != queue.NoCurrentTicket) {
					t.Error(err)
					return
				}
				mu.Lock()
				if other := given[issued.Ticket.Number]; other != "" {
					t.Errorf("number %s was given to %s and %s", issued.Ticket.Number, other, issued.Ticket.ID)
				}
				given[issued.Ticket.Number] = issued.Ticket.ID
				if next.Kind == queue.TicketCalled {
					if first := called[next.Ticket.ID]; first != 0 {
						t.Errorf("ticket %s was called by %d and %d", next.Ticket.Number, first, next.Call.ID)
					}
					called[next.Ticket.ID] = next.Call.ID
				}
				if err == nil {
					served[done.Ticket.ID] = true
				}
				mu.Unlock()
			}
		})
	}
	working.Wait()

	var live *queue.State
	if err := e.Read(t.Context(), urp, func(s *queue.State, _ time.Time) { live = s.Clone() }); err != nil {
		t.Fatal(err)
	}
	if d := diff(replay(t, j, urp), live); d != "" {
		t.Errorf("the state isn't the journal's (-journal +state):\n%s", d)
	}
	for c, letter := range lineLetters {
		for n := range senders * each / len(lineChannels) {
			if number := fmt.Sprintf("%s%03d", letter, n+1); given[number] == "" {
				t.Errorf("number %s of %s was given to nobody", number, lineChannels[c])
			}
		}
	}
	for number, id := range given {
		if kept := live.Tickets[id]; kept == nil || kept.Number != number || kept.Call != called[id] {
			t.Errorf("ticket %s, called by %d, is kept as %v", number, called[id], kept)
		}
	}
	for id := range served {
		if kept := live.Tickets[id].State; kept != queue.Served {
			t.Errorf("ticket %s was finished and is %s", id, kept)
		}
	}

	if err := errors.Join(e.Close(t.Context()), j.Close()); err != nil {
		t.Fatal(err)
	}
	j, err = sqlite.Open(t.Context(), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	again, saved, err := engine.Load(context.Background(), j, urp)
	if err != nil {
		t.Fatal(err)
	}
	if d := diff(live, again); d != "" || saved != live.Seq {
		t.Errorf("after a restart, from a snapshot at %d, the state differs (-before +after):\n%s", saved, d)
	}
	if err := j.Close(); err != nil {
		t.Error(err)
	}
}

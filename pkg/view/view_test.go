package view_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/view"
)

// TestViewsStayAsTheyWere has views that are still read when their office has gone on.
func TestViewsStayAsTheyWere(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	s, commands := new(queue.State), 0
	do := func(actions ...queue.Action) {
		t.Helper()
		for _, a := range actions {
			now, commands = now.Add(time.Minute), commands+1
			if _, _, err := s.Execute(queue.Command{ID: fmt.Sprint(commands), By: "user/maria", Do: a}, now); err != nil {
				t.Fatalf("%T: %v", a, err)
			}
		}
	}
	do(
		queue.Configure{Config: queue.Default()},
		queue.Open{Counter: "1", Operator: "anna"}, queue.Open{Counter: "2", Operator: "maria"},
		queue.Issue{Ticket: "called", Channel: "anagrafe"}, queue.Issue{Ticket: "held", Channel: "anagrafe"},
		queue.Issue{Ticket: "later", Channel: "anagrafe"}, queue.Issue{Ticket: "last", Channel: "protocollo"},
		queue.CallTicket{Counter: "1", Ticket: "last"}, queue.Done{Counter: "1"}, // a third call: now the state has room for a fourth
		queue.CallTicket{Counter: "2", Ticket: "held"}, queue.Hold{Counter: "2", For: 10 * time.Minute, Reason: "modulo"},
		queue.CallTicket{Counter: "2", Ticket: "called"},
	)
	scene := &view.Scene{Office: "urp", State: s, Now: now}
	counter, ok := view.NewCounterPage(scene, "2")
	if !ok {
		t.Fatal("no counter 2")
	}
	views := map[string]any{
		"public": view.NewPublicPage(scene), "totem": view.NewTotemPage(scene), "counter": counter, "counters": view.NewDesks(scene),
		"called": view.NewTicketPage(scene, "called"), "held": view.NewTicketPage(scene, "held"),
	}
	before := map[string]any{}
	for name, v := range views {
		before[name] = decode(t, encode(t, v))
	}
	do(
		queue.Recall{Counter: "2"}, queue.Start{Counter: "2"}, queue.Done{Counter: "2"},
		queue.CallTicket{Counter: "2", Ticket: "later"},
		queue.CallTicket{Counter: "1", Ticket: "held"}, queue.Hold{Counter: "1", For: time.Hour, Reason: "altro"},
		queue.Close{Counter: "1"},
	)
	for name, v := range views {
		if diff := cmp.Diff(before[name], decode(t, encode(t, v))); diff != "" {
			t.Errorf("%s changed with the office (-before +after):\n%s", name, diff)
		}
	}
}

func encode(t *testing.T, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

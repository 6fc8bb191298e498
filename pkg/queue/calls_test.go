package queue_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/eliminacode/eliminacode/pkg/queue"
)

// TestCallsTellTheTruth calls many more people than a view has room for.
func TestCallsTellTheTruth(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		now, m := moment(t, mornings[0]), new(model)
		s := new(queue.State)
		send := func(do queue.Action) {
			now = now.Add(time.Duration(rapid.IntRange(0, 3).Draw(t, "seconds")) * time.Second)
			c := queue.Command{ID: fmt.Sprint(now.UnixMicro(), s.Seq), By: "dev", Do: do}
			want := m.code(c, now)
			_, _, err := s.Execute(c, now)
			if got := codeOf(t, err); got != want {
				t.Fatalf("%T%+v: code %q, want %q", do, do, got, want)
			}
		}
		send(queue.Configure{Config: plain()})
		for i := range 60 {
			send(queue.Issue{Ticket: queue.TicketID(fmt.Sprint("t", i)), Channel: "a"})
		}
		for _, id := range []queue.CounterID{"1", "2", "3"} {
			send(queue.Open{Counter: id, Operator: "maria"})
		}
		for range 80 {
			c := rapid.SampledFrom([]queue.CounterID{"1", "2", "2", "2", "2", "3", "3"}).Draw(t, "counter")
			send(rapid.SampledFrom([]queue.Action{
				queue.Next{Counter: c},
				queue.Next{Counter: c},
				queue.Next{Counter: c},
				queue.Recall{Counter: c},
				queue.MarkAbsent{Counter: c},
				queue.Requeue{Counter: c},
				queue.Hold{Counter: c},
				queue.Transfer{Counter: c, Channel: "b"},
				queue.Undo{Counter: c},
				queue.CallTicket{Counter: c, Number: fmt.Sprint("A", 1+rapid.IntRange(0, 8).Draw(t, "number"))},
			}).Draw(t, "do"))
			m.compare(t, s, queue.Command{Do: queue.Tick{}}, now)
			numbers := map[string]bool{}
			for _, call := range s.Calls() {
				if numbers[call.Number] {
					t.Fatalf("%s is called twice: %+v", call.Number, s.Calls())
				}
				numbers[call.Number] = true
			}
		}
		loaded, err := queue.Load(stateJSON(t, s))
		if err != nil {
			t.Fatal(err)
		}
		for name, other := range map[string]*queue.State{"loaded": loaded, "cloned": s.Clone()} {
			if diff := cmp.Diff(asJSON(t, s.Calls()), asJSON(t, other.Calls())); diff != "" {
				t.Fatalf("calls (-was +%s):\n%s", name, diff)
			}
		}
	})
}

// TestCallsOfAnOldSnapshot reads a state of a version that kept the last calls.
func TestCallsOfAnOldSnapshot(t *testing.T) {
	t.Parallel()
	now := moment(t, mornings[0])
	s := busy(t)
	must(t, s, queue.Issue{Ticket: "w", Channel: "b"}, now)
	must(t, s, queue.CallTicket{Counter: "2", Ticket: "w"}, now.Add(time.Minute))
	must(t, s, queue.Recall{Counter: "2"}, now.Add(2*time.Minute))

	var old map[string]any
	if err := json.Unmarshal(stateJSON(t, s), &old); err != nil {
		t.Fatal(err)
	}
	old["calls"] = s.Calls()
	delete(old, "last")
	for _, ticket := range old["tickets"].(map[string]any) {
		delete(ticket.(map[string]any), "announced")
		delete(ticket.(map[string]any), "announced_at")
	}
	loaded, err := queue.Load(asJSON(t, old))
	if err != nil {
		t.Fatal(err)
	}
	byID := func(calls []queue.Call) []queue.Call {
		slices.SortFunc(calls, func(a, b queue.Call) int { return int(a.ID - b.ID) })
		return calls
	}
	if diff := cmp.Diff(byID(s.Calls()), byID(loaded.Calls())); diff != "" {
		t.Errorf("calls (-was +loaded):\n%s", diff)
	}
	for _, id := range []queue.ChannelID{"a", "b", "c"} {
		if got, want := loaded.LastCalled(id), s.LastCalled(id); got != want {
			t.Errorf("last called of %s: %q, want %q", id, got, want)
		}
	}
}

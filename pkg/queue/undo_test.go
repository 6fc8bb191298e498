package queue_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/eliminacode/eliminacode/pkg/queue"
)

// TestUndoTooLate leaves alone what has moved on elsewhere, or is too old.
func TestUndoTooLate(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		moved  queue.Action
		second int // of the undo
		want   queue.Code
	}{
		{"in time", nil, 60, ""},
		{"a second late", nil, 61, queue.Conflict},
		{"called elsewhere", queue.CallTicket{Counter: "2", Ticket: "x"}, 10, queue.Conflict},
		{"cancelled", queue.Cancel{Ticket: "x"}, 10, queue.Conflict},
		{"another one here", queue.WalkIn{Counter: "1", Ticket: "y", Channel: "a"}, 10, ""}, // the newer step
	} {
		s, now := new(queue.State), moment(t, mornings[0])
		n := 0
		do := func(a queue.Action, at time.Time) queue.Code {
			n++
			_, _, err := s.Execute(queue.Command{ID: string(rune('a' + n)), By: "dev", Do: a}, at)
			return codeOf(t, err)
		}
		for _, a := range []queue.Action{
			queue.Configure{Config: plain()},
			queue.Open{Counter: "1", Operator: "maria"},
			queue.Open{Counter: "2", Operator: "luca"},
			queue.Issue{Ticket: "x", Channel: "a"},
			queue.Next{Counter: "1"},
			queue.Transfer{Counter: "1", Channel: "b"},
		} {
			if code := do(a, now); code != "" {
				t.Fatalf("%T: %s", a, code)
			}
		}
		if tt.moved != nil {
			if code := do(tt.moved, now); code != "" {
				t.Fatalf("%s: %s", tt.name, code)
			}
		}
		if got := do(queue.Undo{Counter: "1"}, now.Add(time.Duration(tt.second)*time.Second)); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// TestReloadKeepsThoseAside reads back an office with somebody absent and somebody held.
func TestReloadKeepsThoseAside(t *testing.T) {
	t.Parallel()
	s := busy(t)
	loaded, err := queue.Load(stateJSON(t, s))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(ids(s.Aside()), ids(loaded.Aside())); diff != "" || len(s.Aside()) != 2 {
		t.Errorf("aside (-before +after):\n%s", diff)
	}
	held := s.At.Add(time.Minute) // its form is filled in
	must(t, loaded, queue.Tick{}, held)
	if aside := loaded.Aside(); len(aside) != 1 || aside[0].State != queue.Absent {
		t.Errorf("aside a minute later: %v", ids(aside))
	}
}

// TestNoUndo switches the undo off, also for a clock that stands still.
func TestNoUndo(t *testing.T) {
	t.Parallel()
	cfg := plain()
	cfg.Policy.UndoFor = 0
	s, now := new(queue.State), moment(t, mornings[0])
	must(t, s, queue.Configure{Config: cfg}, now)
	must(t, s, queue.Open{Counter: "1", Operator: "maria"}, now)
	must(t, s, queue.Issue{Ticket: "x", Channel: "a"}, now)
	if _, _, err := s.Execute(queue.Command{ID: "1", By: "dev", Do: queue.Next{Counter: "1"}}, now); err != nil {
		t.Fatal(err)
	}
	_, _, err := s.Execute(queue.Command{ID: "2", By: "dev", Do: queue.Undo{Counter: "1"}}, now.Add(-time.Hour))
	if codeOf(t, err) != queue.Conflict {
		t.Errorf("undone though it is switched off: %v", err)
	}
}

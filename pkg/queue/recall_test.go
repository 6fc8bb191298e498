package queue_test

import (
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/queue"
)

// TestRecall is a call announced again: not at once, and not for ever.
func TestRecall(t *testing.T) {
	t.Parallel()
	cfg := plain()
	cfg.Policy.RecallEvery, cfg.Policy.RecallMax = 20, 2
	s, now := new(queue.State), moment(t, mornings[0])
	must(t, s, queue.Configure{Config: cfg}, now)
	must(t, s, queue.Open{Counter: "1", Operator: "maria"}, now)
	must(t, s, queue.Issue{Ticket: "x", Channel: "a"}, now)
	first := must(t, s, queue.Next{Counter: "1"}, now).Call
	for n, tt := range []struct {
		second int
		code   queue.Code
		state  queue.TicketState
		times  int
	}{
		{19, queue.RateLimited, queue.Called, 1},
		{20, "", queue.Called, 2},
		{39, queue.RateLimited, queue.Called, 2},
		{40, "", queue.Called, 3},
		{60, "", queue.Absent, 3}, // one more than the two
		{61, queue.NoCurrentTicket, queue.Absent, 3},
	} {
		_, _, err := s.Execute(queue.Command{By: "dev", Do: queue.Recall{Counter: "1"}}, now.Add(time.Duration(tt.second)*time.Second))
		if got := codeOf(t, err); got != tt.code {
			t.Errorf("recall %d: %q, want %q", n, got, tt.code)
		}
		if v := s.Tickets["x"]; v.State != tt.state || v.Calls != tt.times {
			t.Errorf("recall %d: %s after %d announcements, want %s after %d", n, v.State, v.Calls, tt.state, tt.times)
		}
		if len(s.Calls()) != 1 || s.Calls()[0].ID != first.ID || s.Calls()[0].Times != tt.times {
			t.Errorf("recall %d: calls %+v, want the first one %d times", n, s.Calls(), tt.times)
		}
	}
}

// TestUndoneRecall takes back nothing that was heard: the next one is a third announcement.
func TestUndoneRecall(t *testing.T) {
	t.Parallel()
	s, now := new(queue.State), moment(t, mornings[0])
	must(t, s, queue.Configure{Config: plain()}, now)
	for i, do := range []queue.Action{
		queue.Open{Counter: "1", Operator: "maria"},
		queue.Issue{Ticket: "x", Channel: "a"},
		queue.Next{Counter: "1"},
		queue.Recall{Counter: "1"},
		queue.Undo{Counter: "1"},
		queue.Recall{Counter: "1"},
	} {
		c := queue.Command{ID: string(rune('a' + i)), By: "dev", Do: do}
		if _, _, err := s.Execute(c, now.Add(time.Duration(i)*time.Second)); err != nil {
			t.Fatalf("%T: %v", do, err)
		}
	}
	if v := s.Tickets["x"]; v.Calls != 3 || s.Calls()[0].Times != 3 {
		t.Errorf("the ticket was announced %d times, its call %d times, want 3", v.Calls, s.Calls()[0].Times)
	}
}

// TestRecallSaysWhen rounds up: nobody is told to try again in 0 seconds.
func TestRecallSaysWhen(t *testing.T) {
	t.Parallel()
	cfg := plain()
	cfg.Policy.RecallEvery = 20
	s, now := new(queue.State), moment(t, mornings[0])
	must(t, s, queue.Configure{Config: cfg}, now)
	must(t, s, queue.Open{Counter: "1", Operator: "maria"}, now)
	must(t, s, queue.Issue{Ticket: "x", Channel: "a"}, now)
	must(t, s, queue.Next{Counter: "1"}, now)
	for _, tt := range []struct {
		after time.Duration
		want  int // seconds
	}{
		{5 * time.Second, 15},
		{19*time.Second + 600*time.Millisecond, 1},
	} {
		_, _, err := s.Execute(queue.Command{By: "dev", Do: queue.Recall{Counter: "1"}}, now.Add(tt.after))
		if codeOf(t, err) != queue.RateLimited || err.(*queue.Refusal).Args["seconds"] != tt.want {
			t.Errorf("after %s: %v, want %d", tt.after, err, tt.want)
		}
	}
}

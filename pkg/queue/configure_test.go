package queue_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/words"
)

// TestWayBackMoves removes the channel to which somebody is to return: the change
// asks where they go, and there they return.
func TestWayBackMoves(t *testing.T) {
	t.Parallel()
	s, now := new(queue.State), moment(t, mornings[0])
	must(t, s, queue.Configure{Config: plain()}, now)
	for _, do := range []queue.Action{
		queue.Open{Counter: "1", Operator: "maria"},
		queue.Open{Counter: "2", Operator: "luca"},
		queue.Issue{Ticket: "x", Channel: "c"},
		queue.Next{Counter: "1"},
		queue.Transfer{Counter: "1", Channel: "b", Return: true},
	} {
		must(t, s, do, now)
	}
	without := plain()
	without.Channels = without.Channels[:2]
	_, _, err := s.Execute(queue.Command{By: "user/admin", Do: queue.Configure{Config: without, Version: 1}}, now)
	if codeOf(t, err) != queue.Conflict || err.(*queue.Refusal).Args["channels"] != "c (1)" {
		t.Errorf("a change that forgets the way back: %v", err)
	}
	must(t, s, queue.Configure{Config: without, Version: 1, Move: map[queue.ChannelID]queue.ChannelID{"c": "a"}}, now)
	must(t, s, queue.Next{Counter: "2"}, now)
	must(t, s, queue.Done{Counter: "2"}, now)
	if v := s.Tickets["x"]; v.State != queue.Waiting || v.Channel != "a" || v.For != "1" {
		t.Errorf("done at the second counter, it is %s for channel %s, counter %q; want waiting for a at 1", v.State, v.Channel, v.For)
	}
}

// TestWordsWithoutNumber has refusals about a visit without a ticket read well.
func TestWordsWithoutNumber(t *testing.T) {
	t.Parallel()
	s, now := new(queue.State), moment(t, mornings[0])
	must(t, s, queue.Configure{Config: plain()}, now)
	must(t, s, queue.Open{Counter: "3", Operator: "maria"}, now)
	must(t, s, queue.Open{Counter: "1", Operator: "luca"}, now)
	must(t, s, queue.WalkIn{Counter: "3", Ticket: "x", Channel: "a"}, now)
	less := plain()
	less.Counters = less.Counters[:2]
	for _, do := range []queue.Action{
		queue.Configure{Config: less, Version: 1},
		queue.CallTicket{Counter: "1", Ticket: "x"},
	} {
		_, _, err := s.Execute(queue.Command{By: "dev", Do: do}, now)
		if code := codeOf(t, err); code != queue.Conflict && code != queue.NotCallable {
			t.Fatalf("%T: %v", do, err)
		}
		for lang, said := range words.Refusal(err.(*queue.Refusal)) {
			if strings.Contains(said, "  ") || strings.Contains(said, " :") || strings.Contains(said, "()") {
				t.Errorf("%T, %s: %q", do, lang, said)
			}
		}
	}
}

// TestAppointmentEarlyOfDocuments reads configurations that don't say how early an appointment may
// be called, as those of older versions don't, and that say: not at all.
func TestAppointmentEarlyOfDocuments(t *testing.T) {
	t.Parallel()
	slot := moment(t, mornings[0]).Add(time.Hour)
	for says, early := range map[string]time.Duration{``: 10 * time.Minute, `"appointment_early_s":0,`: 0, `"appointment_early_s":60,`: time.Minute} {
		doc := strings.Replace(string(asJSON(t, plain())), `"appointment_early_s":0,`, says, 1)
		var cfg queue.Config
		if err := json.Unmarshal([]byte(doc), &cfg); err != nil {
			t.Fatal(err)
		}
		s := new(queue.State)
		must(t, s, queue.Configure{Config: copied(t, queue.Event{Config: &cfg}).Config}, slot.Add(-time.Hour))
		must(t, s, queue.Issue{Ticket: "s", Channel: "a", Class: queue.Appointment, Slot: slot}, slot.Add(-time.Hour))
		_, before := s.Next("1", slot.Add(-early-time.Second))
		if _, then := s.Next("1", slot.Add(-early)); before || !then {
			t.Errorf("with %q: called before %s ahead of the slot: %v, then: %v; want false, true", says, early, before, then)
		}
	}
}

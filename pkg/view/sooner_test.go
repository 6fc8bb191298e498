package view_test

import (
	"cmp"
	"fmt"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/eliminacode/eliminacode/pkg/estimate"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/view"
)

// day is an office whose counters 1 and 2 are for both channels "a" and "b", and call a before b;
// counter 3 is for "c", and helps the others. Appointments are called from their time on.
type day struct {
	t        *testing.T
	s        *queue.State
	now      time.Time
	commands int
}

func newDay(t *testing.T) *day {
	d := &day{t: t, s: new(queue.State), now: time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)}
	cfg := queue.Default()
	channel := func(id, letter string) queue.Channel {
		return queue.Channel{ID: queue.ChannelID(id), Letter: letter, Color: "#0066cc", Name: queue.Text{"it": "Canale " + letter}}
	}
	cfg.Channels = []queue.Channel{channel("a", "A"), channel("b", "B"), channel("c", "C")}
	both := []queue.Serve{{Channel: "a"}, {Channel: "b", After: 60 * 60}}
	cfg.Counters = []queue.Counter{
		{ID: "1", Name: queue.Text{"it": "Sportello 1"}, Serves: both, Others: queue.OthersNever},
		{ID: "2", Name: queue.Text{"it": "Sportello 2"}, Serves: both, Others: queue.OthersNever},
		{ID: "3", Name: queue.Text{"it": "Sportello 3"}, Serves: []queue.Serve{{Channel: "c"}}, Others: queue.OthersHelp},
	}
	cfg.Services, cfg.Displays = nil, nil
	early := queue.Seconds(0)
	cfg.Policy.AppointmentEarly = &early
	d.do(queue.Configure{Config: cfg}, queue.Open{Counter: "1", Operator: "anna"}, queue.Open{Counter: "2", Operator: "maria"}, queue.Open{Counter: "3", Operator: "ada"})
	return d
}

// do has each done a minute after the one before.
func (d *day) do(actions ...queue.Action) {
	d.t.Helper()
	for _, a := range actions {
		d.now, d.commands = d.now.Add(time.Minute), d.commands+1
		if _, _, err := d.s.Execute(queue.Command{ID: fmt.Sprint(d.commands), By: "dev", Do: a}, d.now); err != nil {
			d.t.Fatalf("%T: %v", a, err)
		}
	}
}

func (d *day) page(id queue.TicketID) *view.TicketPage {
	return view.NewTicketPage(&view.Scene{Office: "urp", State: d.s, Now: d.now}, id)
}

// TestSooner has people called before somebody who came first, each for another reason.
func TestSooner(t *testing.T) {
	t.Parallel()
	a := func(id queue.TicketID, class queue.Class) queue.Issue {
		return queue.Issue{Ticket: id, Channel: "a", Class: class}
	}
	for name, c := range map[string]struct {
		before  []queue.Action  // then "mine" is issued
		channel queue.ChannelID // in this one; empty: a
		after   []queue.Action
		want    []view.Sooner
	}{
		"nobody": {
			before: []queue.Action{a("x", "")},
			after:  []queue.Action{a("y", ""), queue.Next{Counter: "1"}},
		},
		"precedence": {
			after: []queue.Action{a("x", queue.Priority), queue.Next{Counter: "1"}},
			want:  []view.Sooner{{Number: "A002", Why: view.SoonerPriority}},
		},
		"called directly": {
			after: []queue.Action{a("x", ""), queue.CallTicket{Counter: "2", Number: "A002"}},
			want:  []view.Sooner{{Number: "A002", Why: view.SoonerDirect}},
		},
		"called directly, and taken back": {
			after: []queue.Action{a("x", ""), queue.CallTicket{Counter: "2", Number: "A002"}, queue.Requeue{Counter: "2"}},
		},
		"sent on": {
			channel: "b", // for which the counter has less haste than for who was sent to it
			after: []queue.Action{
				queue.Issue{Ticket: "x", Channel: "b"},
				queue.CallTicket{Counter: "2", Number: "B002"},
				queue.Transfer{Counter: "2", ToCounter: "1"},
				queue.Next{Counter: "1"},
			},
			want: []view.Sooner{{Number: "B002", Why: view.SoonerSent}},
		},
		"who came before, sent on": {
			before: []queue.Action{a("x", ""), queue.Next{Counter: "2"}},
			after:  []queue.Action{queue.Transfer{Counter: "2", ToCounter: "1"}, queue.Next{Counter: "1"}},
		},
		"at a counter that never calls for the channel": {
			before: []queue.Action{queue.Issue{Ticket: "x", Channel: "c", Class: queue.Priority}},
			after:  []queue.Action{queue.Issue{Ticket: "y", Channel: "c"}, queue.Next{Counter: "3"}, queue.Next{Counter: "3"}},
		},
		"three of more, the newest first": {
			after: []queue.Action{
				a("2", queue.Priority), a("3", queue.Priority), a("4", queue.Priority), a("5", queue.Priority),
				queue.Next{Counter: "1"},
				queue.Next{Counter: "2"},
				queue.Next{Counter: "1"},
				queue.Next{Counter: "2"},
			},
			want: []view.Sooner{{Number: "A005", Why: view.SoonerPriority}, {Number: "A004", Why: view.SoonerPriority}, {Number: "A003", Why: view.SoonerPriority}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDay(t)
			d.do(c.before...)
			d.do(queue.Issue{Ticket: "mine", Channel: cmp.Or(c.channel, "a")})
			d.do(c.after...)
			if c.want == nil {
				c.want = []view.Sooner{}
			}
			if diff := gocmp.Diff(c.want, d.page("mine").Sooner); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestSoonerByAppointment has appointments called before somebody who came before their time, also
// where their tickets are older.
func TestSoonerByAppointment(t *testing.T) {
	t.Parallel()
	d := newDay(t)
	slot := d.now.Add(3 * time.Minute).In(d.s.Location())
	d.do(queue.Issue{Ticket: "booked", Channel: "a", Class: queue.Appointment, Slot: slot}, queue.Issue{Ticket: "mine", Channel: "b"})
	d.now = slot
	d.do(queue.Next{Counter: "1"})
	if diff := gocmp.Diff([]view.Sooner{{Number: "A001", Why: view.SoonerAppointment, Slot: &slot}}, d.page("mine").Sooner); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	d.do(queue.Issue{Ticket: "own", Channel: "a"}, queue.Next{Counter: "1"})
	if diff := gocmp.Diff([]view.Sooner{{Number: "A002", Why: view.SoonerOwn}, {Number: "A001", Why: view.SoonerAppointment, Slot: &slot}}, d.page("mine").Sooner); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	// Whoever has an appointment later couldn't be called instead.
	late := d.now.Add(time.Hour).In(d.s.Location())
	d.do(queue.Issue{Ticket: "late", Channel: "a", Class: queue.Appointment, Slot: late}, queue.Issue{Ticket: "first", Channel: "a", Class: queue.Priority}, queue.Next{Counter: "2"})
	if got := d.page("late").Sooner; len(got) > 0 {
		t.Errorf("before the appointment's time: %+v", got)
	}
	d.do(queue.Next{Counter: "2"})
	if got := d.page("mine"); got.Ticket.State != queue.Called || len(got.Sooner) > 0 {
		t.Errorf("once it is called itself: %s, %+v", got.Ticket.State, got.Sooner)
	}
}

// TestNear asks people to come near shortly before their turn.
func TestNear(t *testing.T) {
	t.Parallel()
	d := newDay(t)
	d.do(queue.Issue{Ticket: "first", Channel: "a"}, queue.Issue{Ticket: "second", Channel: "a"}, queue.Issue{Ticket: "third", Channel: "a"})
	near := func(likely time.Duration) string {
		var said strings.Builder
		for _, id := range []queue.TicketID{"first", "second", "third"} {
			scene := &view.Scene{Office: "urp", State: d.s, Now: d.now}
			if likely > 0 {
				scene.Waits.Tickets = map[queue.TicketID]estimate.Wait{id: {Low: likely / 2, Likely: likely, High: 2 * likely}}
			}
			if view.NewTicketPage(scene, id).Near {
				said.WriteString(string(id) + " ")
			}
		}
		return said.String()
	}
	for _, c := range []struct {
		likely time.Duration
		want   string
	}{
		{0, "first second "}, // not known: one before it at most
		{6 * time.Minute, ""},
		{4 * time.Minute, "first second third "},
	} {
		if got := near(c.likely); got != c.want {
			t.Errorf("%s: %q are near, want %q", c.likely, got, c.want)
		}
	}
	cfg := *d.s.Config
	cfg.Channels[0].OnDeck = 1
	d.do(queue.Configure{Config: &cfg, Version: cfg.Version})
	if got := near(6 * time.Minute); got != "first " {
		t.Errorf("asked for by the monitors: %q", got)
	}
	d.do(queue.Next{Counter: "1"})
	if d.page("first").Near {
		t.Error("near, though it is called")
	}
	d.do(queue.Issue{Ticket: "else", Channel: "c"})
	if !d.page("else").Near {
		t.Error("the only one of a channel isn't near")
	}
	d.do(queue.Close{Counter: "3"})
	if d.page("else").Near || !d.page("second").Near {
		t.Error("near, with nobody at the counter that calls for its channel; or not near, though somebody is at those of the other")
	}
	d.do(queue.Done{Counter: "1"}, queue.Close{Counter: "1"}, queue.Close{Counter: "2"})
	if got := near(0); got != "" {
		t.Errorf("with nobody at the counters: %q", got)
	}
}

// TestPostponingIsOffered where somebody would go first then, and only there.
func TestPostponingIsOffered(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		after time.Duration // another one comes
		other queue.Issue
		want  bool
	}{
		"nobody comes":                    {},
		"soon after":                      {time.Minute, queue.Issue{Channel: "a"}, true},
		"as late as it postpones":         {11 * time.Minute, queue.Issue{Channel: "a"}, false},
		"who goes first anyway":           {time.Minute, queue.Issue{Channel: "a", Class: queue.Priority}, false},
		"with precedence, but late":       {25 * time.Minute, queue.Issue{Channel: "a", Class: queue.Priority}, true},
		"for another of the counter's":    {time.Minute, queue.Issue{Channel: "b"}, true}, // with both of which it only helps
		"for what the counter does first": {time.Minute, queue.Issue{Channel: "c"}, false},
		"for that, but late":              {12 * time.Minute, queue.Issue{Channel: "c"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDay(t)
			d.do(queue.Issue{Ticket: "mine", Channel: "a"})
			if c.after > 0 {
				d.now = d.now.Add(c.after - time.Minute)
				c.other.Ticket = "other"
				d.do(c.other)
			}
			if got := d.page("mine").MayPostpone; got != c.want {
				t.Errorf("offered: %v", got)
			}
		})
	}
	d := newDay(t)
	d.do(queue.Issue{Ticket: "mine", Channel: "a"}, queue.Issue{Ticket: "other", Channel: "a"}, queue.Postpone{Ticket: "mine"}, queue.Issue{Ticket: "third", Channel: "a"})
	if got := d.page("mine"); got.MayPostpone || got.Ticket.Ahead != 2 {
		t.Errorf("a second time: %v, with %d ahead", got.MayPostpone, got.Ticket.Ahead)
	}
}

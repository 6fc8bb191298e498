package queue_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/queue"
)

// arrival is somebody who comes so many minutes after nine.
type arrival struct {
	id      queue.TicketID
	minute  int
	channel queue.ChannelID
	class   queue.Class
	slot    int // minutes after nine, of an appointment
}

// TestWhoIsNext states for one counter who is called in which order, all at one
// moment, and why the first.
func TestWhoIsNext(t *testing.T) {
	t.Parallel()
	std, prio, appt := queue.Standard, queue.Priority, queue.Appointment
	for _, tt := range []struct {
		name     string
		config   func(c *queue.Config)
		arrivals []arrival
		minute   int // of the calls
		want     string
		why      queue.Why
	}{
		{"nobody", nil, nil, 0, "[]", ""},
		{"the only one", nil, []arrival{{"x", 0, "a", std, 0}}, 5, "[x]", queue.WhyOnly},
		{"by arrival across channels", nil, []arrival{{"x", 0, "b", std, 0}, {"y", 1, "a", std, 0}, {"z", 2, "b", std, 0}}, 5, "[x y z]", queue.WhyFirst},
		{"priority passes within the patience", nil, []arrival{{"x", 0, "a", std, 0}, {"p", 19, "a", prio, 0}}, 19, "[p x]", queue.WhyPriority},
		{"at equal due the elder", nil, []arrival{{"x", 0, "a", std, 0}, {"p", 20, "a", prio, 0}}, 20, "[x p]", queue.WhyFirst},
		{"beyond the patience it doesn't", nil, []arrival{{"x", 0, "a", std, 0}, {"p", 21, "a", prio, 0}}, 21, "[x p]", queue.WhyFirst},
		{"an appointment counts from its slot", nil, []arrival{{"s", 0, "a", appt, 30}, {"x", 5, "a", std, 0}, {"y", 11, "a", std, 0}}, 40, "[x s y]", queue.WhyFirst},
		{"an early one isn't called, though nobody else waits", nil, []arrival{{"s", 0, "a", appt, 30}}, 29, "[]", ""},
		{
			"not earlier than the policy says", func(c *queue.Config) { c.Policy.AppointmentEarly = new(queue.Seconds(600)) },
			[]arrival{{"s", 0, "a", appt, 30}, {"x", 5, "a", std, 0}, {"s2", 6, "a", appt, 31}},
			20, "[x s]", queue.WhyFirst,
		},
		{
			"ten minutes earlier where the policy says nothing", func(c *queue.Config) { c.Policy.AppointmentEarly = nil },
			[]arrival{{"s", 0, "a", appt, 30}, {"s2", 6, "a", appt, 31}},
			20, "[s]", queue.WhyOnly,
		},
		{"before its slot it counts for nobody's reason", nil, []arrival{{"s", 0, "a", appt, 30}, {"x", 20, "a", std, 0}}, 29, "[x]", queue.WhyOnly},
		{"a slot passed over long ago comes first", nil, []arrival{{"p", 1, "a", prio, 0}, {"s", 2, "a", appt, -30}}, 40, "[s p]", queue.WhyAppointment},
		{"appointment against standard", nil, []arrival{{"x", 0, "a", std, 0}, {"s", 1, "b", appt, 10}}, 12, "[s x]", queue.WhyAppointment},
		{
			"own channels before help", func(c *queue.Config) {
				c.Policy.HelpAfter = 600
				c.Counters[0].Serves = []queue.Serve{{Channel: "a"}}
			},
			[]arrival{{"b1", 0, "b", std, 0}, {"a1", 9, "a", std, 0}, {"a2", 11, "a", std, 0}},
			12, "[a1 b1 a2]", queue.WhyOwn,
		},
		{
			"the second of its own later", func(c *queue.Config) {
				c.Counters[0].Serves = []queue.Serve{{Channel: "a"}, {Channel: "b", After: 300}}
			},
			[]arrival{{"b1", 0, "b", std, 0}, {"a1", 4, "a", std, 0}, {"a2", 6, "a", std, 0}},
			7, "[a1 b1 a2]", queue.WhyOwn,
		},
		{
			"others only when idle", func(c *queue.Config) {
				c.Counters[0].Serves, c.Counters[0].Others = []queue.Serve{{Channel: "a"}}, queue.OthersIdle
			},
			[]arrival{{"b1", 0, "b", prio, 0}, {"a1", 600, "a", std, 0}, {"a2", 601, "a", std, 0}},
			602, "[a1 a2 b1]", queue.WhyOwn,
		},
		{
			"others never", func(c *queue.Config) {
				c.Counters[0].Serves, c.Counters[0].Others = []queue.Serve{{Channel: "a"}}, queue.OthersNever
			},
			[]arrival{{"b1", 0, "b", prio, 0}, {"a1", 5, "a", std, 0}},
			60, "[a1]", queue.WhyOnly,
		},
		{
			"reserved for classes", func(c *queue.Config) { c.Counters[0].Classes = []queue.Class{prio} },
			[]arrival{{"x", 0, "a", std, 0}, {"s", 1, "a", appt, 1}, {"p", 2, "b", prio, 0}},
			60, "[p]", queue.WhyOnly,
		},
		{
			"a channel's own patience", func(c *queue.Config) {
				c.Channels[1].Patience = map[queue.Class]queue.Seconds{std: 60}
			},
			[]arrival{{"a1", 0, "a", std, 0}, {"b1", 15, "b", std, 0}, {"b2", 20, "b", std, 0}},
			20, "[b1 a1 b2]", queue.WhyDue, // all channels are its own
		},
		{
			"the rest is the office's", func(c *queue.Config) {
				c.Channels[1].Patience = map[queue.Class]queue.Seconds{prio: 1800}
			},
			[]arrival{{"b1", 0, "b", std, 0}, {"p", 1, "b", prio, 0}},
			20, "[b1 p]", queue.WhyFirst,
		},
		{
			"priority of its own before an elder one it helps", func(c *queue.Config) {
				c.Policy.HelpAfter = 600
				c.Counters[0].Serves = []queue.Serve{{Channel: "a"}}
			},
			[]arrival{{"p1", 0, "b", prio, 0}, {"p2", 5, "a", prio, 0}},
			6, "[p2 p1]", queue.WhyOwn,
		},
		{
			"one it helps before one of its own, later still", func(c *queue.Config) {
				c.Policy.HelpAfter = 60
				c.Counters[0].Serves = []queue.Serve{{Channel: "a", After: 600}}
			},
			[]arrival{{"a1", 0, "a", std, 0}, {"b1", 5, "b", std, 0}},
			6, "[b1 a1]", queue.WhyDue,
		},
		{
			"no patience: first come, first served", func(c *queue.Config) { c.Policy.Patience = nil },
			[]arrival{{"x", 0, "a", std, 0}, {"p", 1, "b", prio, 0}, {"y", 2, "c", std, 0}},
			3, "[x p y]", queue.WhyFirst,
		},
	} {
		cfg := plain()
		if tt.config != nil {
			tt.config(cfg)
		}
		s, nine := new(queue.State), moment(t, mornings[0])
		minute := func(n int) time.Time { return nine.Add(time.Duration(n) * time.Minute) }
		must(t, s, queue.Configure{Config: cfg}, nine)
		must(t, s, queue.Open{Counter: "1", Operator: "maria"}, nine)
		for _, a := range tt.arrivals {
			do := queue.Issue{Ticket: a.id, Channel: a.channel, Class: a.class}
			if a.class == appt {
				do.Slot = minute(a.slot)
			}
			must(t, s, do, minute(a.minute))
		}
		first, _ := s.Next("1", minute(tt.minute))
		if first.Why != tt.why {
			t.Errorf("%s: why %q, want %q", tt.name, first.Why, tt.why)
		}
		called := []queue.TicketID{}
		for {
			a := must(t, s, queue.Next{Counter: "1"}, minute(tt.minute))
			if a.Kind != queue.TicketCalled {
				break
			}
			called = append(called, a.Ticket.ID)
		}
		if got := fmt.Sprint(called); got != tt.want {
			t.Errorf("%s: called %s, want %s", tt.name, got, tt.want)
		}
	}
}

// TestSentToACounter follows a ticket that was sent to one counter alone.
func TestSentToACounter(t *testing.T) {
	t.Parallel()
	cfg := plain()
	cfg.Policy.HelpAfter, cfg.Policy.RequeueAvoid = 600, 300
	cfg.Counters[1].Serves = []queue.Serve{{Channel: "b"}} // counter 2 only helps with a
	s, now := new(queue.State), moment(t, mornings[0])
	must(t, s, queue.Configure{Config: cfg}, now)
	for _, c := range []queue.CounterID{"1", "2", "3"} {
		must(t, s, queue.Open{Counter: c, Operator: "maria"}, now)
	}
	for _, id := range []queue.TicketID{"sent", "second", "third"} {
		must(t, s, queue.Issue{Ticket: id, Channel: "a"}, now)
		now = now.Add(time.Second)
	}
	next := func(c queue.CounterID, id queue.TicketID, why queue.Why) {
		t.Helper()
		if got, ok := s.Next(c, now); (id != "") != ok || ok && (got.Ticket.ID != id || got.Why != why) {
			t.Errorf("next at %s: %+v, want %s: %s", c, got, id, why)
		}
	}
	must(t, s, queue.CallTicket{Counter: "1", Ticket: "second"}, now)
	must(t, s, queue.Transfer{Counter: "1", ToCounter: "2"}, now)
	next("2", "second", queue.WhyForYou) // behind "sent" in its line, but sent here
	next("1", "sent", queue.WhyFirst)
	must(t, s, queue.Next{Counter: "1"}, now)
	must(t, s, queue.Requeue{Counter: "1"}, now)
	next("1", "third", queue.WhyOnly) // not the one just sent back
	next("3", "sent", queue.WhyFirst)
	now = now.Add(299 * time.Second)
	next("1", "third", queue.WhyOnly)
	now = now.Add(time.Second)
	next("1", "sent", queue.WhyFirst)
	must(t, s, queue.Cancel{Ticket: "third"}, now)
	next("1", "sent", queue.WhyOnly) // the other one of its line isn't for it
}

// TestAheadAtEqualDue has the elder of two classes first when both are due at the same moment.
func TestAheadAtEqualDue(t *testing.T) {
	t.Parallel()
	s, now := new(queue.State), moment(t, mornings[0])
	must(t, s, queue.Configure{Config: plain()}, now)
	slot := now.Add(20 * time.Minute) // a standard one's patience
	must(t, s, queue.Issue{Ticket: "slot", Channel: "a", Class: queue.Appointment, Slot: slot}, now)
	must(t, s, queue.Issue{Ticket: "elder", Channel: "a"}, now)
	for n, v := range s.Line("a", slot) {
		if want := []queue.TicketID{"elder", "slot"}[n]; v.ID != want || s.Ahead(v, slot) != n {
			t.Errorf("%d in line is %s with %d ahead, want %s", n, v.ID, s.Ahead(v, slot), want)
		}
	}
}

// TestAppointmentAtFive comes in the morning: it is nobody's turn before its time, and everything
// that tells of the line says so.
func TestAppointmentAtFive(t *testing.T) {
	t.Parallel()
	cfg := plain()
	cfg.Policy.AppointmentEarly, cfg.Policy.AbsentGrace, cfg.Policy.AbsentDelay = new(queue.Seconds(600)), 300, 120
	s, nine := new(queue.State), moment(t, mornings[0])
	must(t, s, queue.Configure{Config: cfg}, nine)
	must(t, s, queue.Open{Counter: "1", Operator: "maria"}, nine)
	five := nine.Add(8 * time.Hour)
	must(t, s, queue.Issue{Ticket: "five", Channel: "a", Class: queue.Appointment, Slot: five}, nine)
	must(t, s, queue.Issue{Ticket: "late", Channel: "a", Class: queue.Appointment, Slot: nine.Add(-time.Hour)}, nine)
	must(t, s, queue.Issue{Ticket: "x", Channel: "a"}, nine)
	if _, _, err := s.Execute(queue.Command{By: "dev", Do: queue.Issue{Ticket: "z", Channel: "a", Class: queue.Appointment, Slot: nine.AddDate(0, 0, 1)}}, nine); codeOf(t, err) != queue.Invalid {
		t.Errorf("a slot of tomorrow: %v", err)
	}
	if slot := s.Tickets["five"].Slot; !slot.Equal(five) {
		t.Errorf("slot %s", slot)
	}
	want := func(at time.Time, line ...queue.TicketID) {
		t.Helper()
		if got := ids(s.Line("a", at)); fmt.Sprint(got) != fmt.Sprint(line) {
			t.Errorf("%s: line %s, want %s", at, got, line)
		}
		for n, v := range s.Line("a", at) {
			if s.Ahead(v, at) != n {
				t.Errorf("%s: %d ahead of %s, want %d", at, s.Ahead(v, at), v.ID, n)
			}
		}
	}
	want(nine, "late", "x", "five")
	for _, id := range []queue.TicketID{"late", "x", ""} {
		if a := must(t, s, queue.Next{Counter: "1"}, nine); a.Ticket.ID != id && a.Kind == queue.TicketCalled {
			t.Errorf("called %s, want %q", a.Ticket.ID, id)
		}
	}
	early := five.Add(-10 * time.Minute)
	if due := s.Due(nine); due.After(early) {
		t.Errorf("Due = %s, want a tick at %s", due, early)
	}
	must(t, s, queue.Issue{Ticket: "y", Channel: "a"}, five.Add(-15*time.Minute)) // due at five past five
	want(early.Add(-time.Microsecond), "y", "five")
	want(early, "five", "y")
	if c, _ := s.Next("1", early); c.Ticket.ID != "five" || c.Why != queue.WhyAppointment {
		t.Errorf("at ten to five: %+v", c)
	}

	must(t, s, queue.Next{Counter: "1"}, early)
	must(t, s, queue.MarkAbsent{Counter: "1"}, early)
	if until := s.Tickets["five"].Until; !until.Equal(five.Add(300 * time.Second)) {
		t.Errorf("who has an appointment at five may come back until %s", until)
	}
	must(t, s, queue.Reinstate{Ticket: "five"}, five.Add(-time.Minute))
	if since := s.Tickets["five"].Since; !since.Equal(five) {
		t.Errorf("who is back before five counts from %s", since)
	}
	want(five.Add(-time.Minute), "five", "y")
	must(t, s, queue.Next{Counter: "1"}, five)
	must(t, s, queue.MarkAbsent{Counter: "1"}, five)
	must(t, s, queue.Reinstate{Ticket: "five"}, five.Add(time.Minute))
	if since := s.Tickets["five"].Since; !since.Equal(five.Add(120 * time.Second)) {
		t.Errorf("who was absent at five counts from %s", since)
	}
}

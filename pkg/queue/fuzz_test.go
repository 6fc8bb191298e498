package queue_test

import (
	"bytes"
	"encoding/json"
	"regexp"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/words"
)

// everything is one command of each kind, in an order that gives each something to do.
func everything() []queue.Action {
	return []queue.Action{
		queue.Tick{},
		queue.Open{Counter: "1", Operator: "maria", TakeOver: true},
		queue.Issue{Ticket: "f1", Channel: "a"},
		queue.Issue{Ticket: "f2", Channel: "b", Class: queue.Priority},
		queue.Next{Counter: "1"},
		queue.Recall{Counter: "1"},
		queue.Start{Counter: "1"},
		queue.Transfer{Counter: "1", Channel: "b", Return: true},
		queue.CallTicket{Counter: "1", Number: "A001"},
		queue.MarkAbsent{Counter: "1"},
		queue.Reinstate{Ticket: "f1"},
		queue.Next{Counter: "1"},
		queue.Hold{Counter: "1", For: time.Minute},
		queue.Undo{Counter: "1"},
		queue.Requeue{Counter: "1"},
		queue.Cancel{Ticket: "f2"},
		queue.WalkIn{Counter: "1", Ticket: "f3", Channel: "a"},
		queue.Done{Counter: "1"},
		queue.Alarm{Counter: "1"},
		queue.Calm{Counter: "1"},
		queue.Pause{Counter: "1"},
		queue.Resume{Counter: "1"},
		queue.LeaseNumbers{Totem: "t1"},
		queue.Issue{Ticket: "f4", Channel: "a", Totem: "t1", Print: true},
		queue.IssueOffline{Totem: "t1", Ticket: "f4", Number: "A900", Channel: "a", At: time.Unix(1772442000, 0)},
		queue.IssueOffline{Totem: "t1", Ticket: "f5", Number: "A901", Channel: "a", At: time.Unix(1772442000, 0)},
		queue.IssueOffline{Totem: "t1", Ticket: "f6", Number: "B901", Channel: "b", At: time.Unix(1772356000, 0)},
		queue.Printed{Ticket: "f4", Result: queue.PrintFailed, Reason: "paper_out"},
		queue.Reprint{Ticket: "f4"},
		queue.LeaseNumbers{Totem: "t1", Fresh: true},
		queue.Roll{Channel: "a", Last: 20, Tickets: []queue.TicketID{"g1", "g2", "g3"}},
		queue.Configure{Config: plain(), Version: 1},
		queue.Close{Counter: "1"},
	}
}

// use tries everything on an office, now and a day later; refusals are fine.
func use(t *testing.T, s *queue.State) {
	t.Helper()
	start := moment(t, mornings[0])
	if s.At.After(start) && s.At.Year() < 9000 {
		start = s.At
	}
	for day := range 2 {
		now := start.AddDate(0, 0, day)
		for i, do := range everything() {
			_, _, err := s.Execute(queue.Command{ID: string(rune('a'+day)) + string(rune('a'+i)), By: "totem/t1", Do: do}, now)
			codeOf(t, err)
			now = now.Add(time.Second)
		}
		s.Due(now)
	}
	if s.Config == nil {
		return
	}
	for _, c := range s.Config.Counters {
		s.Next(c.ID, start)
		s.Current(c.ID)
	}
	for _, c := range s.Config.Channels {
		for _, v := range s.Line(c.ID, start) {
			s.Ahead(v, start)
		}
	}
	s.Aside()
	s.Clone()
}

// busy is an office with a ticket in every state that lasts.
func busy(t testing.TB) *queue.State {
	s, now := new(queue.State), moment(t, mornings[0])
	must(t, s, queue.Configure{Config: plain()}, now)
	for _, c := range []queue.CounterID{"1", "2"} {
		must(t, s, queue.Open{Counter: c, Operator: "maria"}, now)
	}
	for i, class := range []queue.Class{"", queue.Priority, "", queue.Appointment, "", ""} {
		must(t, s, queue.Issue{Ticket: queue.TicketID(rune('p' + i)), Channel: "a", Class: class}, now)
	}
	for _, do := range []queue.Action{
		queue.Next{Counter: "1"},
		queue.MarkAbsent{Counter: "1"},
		queue.Next{Counter: "1"},
		queue.Hold{Counter: "1", Reason: "modulo", For: time.Minute},
		queue.Next{Counter: "1"},
		queue.Start{Counter: "1"},
		queue.Next{Counter: "2"},
	} {
		must(t, s, do, now)
	}
	return s
}

func FuzzLoad(f *testing.F) {
	f.Add(stateJSON(f, new(queue.State)))
	f.Add(stateJSON(f, busy(f)))
	f.Add([]byte(`{"config":{"time_zone":"Europe/Rome"}}`))
	f.Add([]byte(`{"config":{"channels":[{"id":"a","letter":"A"}],"counters":[{"id":"1"}]},"tickets":{"x":null}}`))
	f.Add(bytes.ReplaceAll(stateJSON(f, busy(f)), []byte(`"class":"standard"`), []byte(`"class":"vip"`)))
	f.Add(bytes.ReplaceAll(stateJSON(f, busy(f)), []byte(`"letter":"A"`), []byte(`"letter":""`)))
	f.Add([]byte(`null`))
	f.Fuzz(func(t *testing.T, b []byte) {
		if s, err := queue.Load(b); err == nil {
			use(t, s)
		}
	})
}

func FuzzConfig(f *testing.F) {
	for _, c := range []*queue.Config{plain(), queue.Default(), {}} {
		f.Add(asJSON(f, c))
	}
	f.Add([]byte(`{"hours":{"mon":[{"from":"24:00","to":"00:00"}]},"exceptions":[{"from":"","to":"x"}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		c := new(queue.Config)
		if json.Unmarshal(b, c) != nil {
			return
		}
		if faults := c.Validate(); len(faults) > 0 {
			for _, fault := range faults {
				if said := words.Fault(fault); said["it"] == string(fault.Reason) || said["en"] == "" {
					t.Errorf("fault without words: %+v", fault)
				}
			}
			return
		}
		s := new(queue.State)
		must(t, s, queue.Configure{Config: c}, moment(t, mornings[0]))
		loaded, err := queue.Load(stateJSON(t, s))
		if err != nil {
			t.Fatalf("a valid configuration isn't read again: %v", err)
		}
		use(t, s)
		use(t, loaded)
	})
}

func FuzzParseNumber(f *testing.F) {
	for _, s := range []string{"A042", "a 42", "", "A000", "Z999999999", "ı7", "ſ9", "A٤"} {
		f.Add(s)
	}
	form := regexp.MustCompile(`^[A-Z](0\d\d|[1-9]\d{2,})$`)
	f.Fuzz(func(t *testing.T, s string) {
		n, ok := queue.ParseNumber(s)
		if !ok {
			return
		}
		if !form.MatchString(n) || n[1:] == "000" {
			t.Errorf("ParseNumber(%q) = %q: no number of a ticket", s, n)
		}
		if again, ok := queue.ParseNumber(n); !ok || again != n {
			t.Errorf("ParseNumber(%q) = %q, %v", n, again, ok)
		}
	})
}

func FuzzClock(f *testing.F) {
	for _, s := range []string{"00:00", "08:30", "24:00", "24:01", "8:30", "08:60", "-1:00", "aa:bb"} {
		f.Add(s)
	}
	form := regexp.MustCompile(`^(([01]\d|2[0-3]):[0-5]\d|24:00)$`)
	f.Fuzz(func(t *testing.T, s string) {
		var c calendar.Clock
		err := c.UnmarshalText([]byte(s))
		if (err == nil) != form.MatchString(s) {
			t.Fatalf("%q: %v", s, err)
		}
		if err != nil {
			return
		}
		if back, _ := c.MarshalText(); string(back) != s {
			t.Errorf("%q became %q", s, back)
		}
	})
}

// FuzzEvents applies arbitrary events to an office that has its configuration.
func FuzzEvents(f *testing.F) {
	s, now := busy(f), moment(f, mornings[0])
	var lines []byte
	for _, do := range everything() {
		events, _, _ := s.Execute(queue.Command{ID: "x", By: "totem/t1", Do: do}, now)
		for _, e := range events {
			lines = append(append(lines, asJSON(f, e)...), '\n')
		}
	}
	f.Add(lines)
	f.Add([]byte(`{"kind":"ticket_issued","ticket":"q","number":"è","channel":"a","class":"vip"}`))
	f.Add([]byte(`{"kind":"config_changed"}`))
	f.Add([]byte(`{"kind":"config_changed","config":{}}{"kind":"day_started"}{"kind":"ticket_called","ticket":"p","counter":"1"}`))
	f.Add([]byte(`{"kind":"step_undone","counter":"1","restored":[{"id":"p","state":"waiting","class":"?"}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		s := busy(t)
		for d := json.NewDecoder(bytes.NewReader(b)); ; {
			e := new(queue.Event)
			if d.Decode(e) != nil {
				break
			}
			s.Apply(e)
		}
		use(t, s)
	})
}

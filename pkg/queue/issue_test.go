package queue_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

func codeOfIssue(t *testing.T, s *queue.State, id string, channel queue.ChannelID, by string, now time.Time) queue.Code {
	t.Helper()
	_, _, err := s.Execute(queue.Command{ID: id, By: by, Do: queue.Issue{Ticket: queue.TicketID(id), Channel: channel}}, now)
	return codeOf(t, err)
}

// TestDailyLimit is exact, counts visits without a ticket, and begins anew each day.
func TestDailyLimit(t *testing.T) {
	t.Parallel()
	cfg := plain()
	cfg.Channels[0].DailyLimit = 3
	s, now := new(queue.State), moment(t, mornings[0])
	must(t, s, queue.Configure{Config: cfg}, now)
	for day := range 3 {
		at := now.AddDate(0, 0, day)
		must(t, s, queue.Open{Counter: "1", Operator: "maria"}, at)
		for n, want := range []queue.Code{"", "", "", queue.ChannelFull, queue.ChannelFull} {
			if got := codeOfIssue(t, s, fmt.Sprint(day, "-", n), "a", "public", at); got != want {
				t.Errorf("day %d, ticket %d: %q, want %q", day, n+1, got, want)
			}
		}
		must(t, s, queue.Next{Counter: "1"}, at) // a call gives no place back
		if got := codeOfIssue(t, s, "late", "a", "public", at); got != queue.ChannelFull {
			t.Errorf("day %d, after a call: %q", day, got)
		}
		if got := codeOfIssue(t, s, fmt.Sprint(day, "-b"), "b", "public", at); got != "" {
			t.Errorf("another channel: %q", got)
		}
	}
}

func TestHoarding(t *testing.T) {
	t.Parallel()
	cfg := plain()
	cfg.Policy.HoardMax, cfg.Policy.HoardWindow = 3, 20
	s, now := new(queue.State), moment(t, mornings[0])
	must(t, s, queue.Configure{Config: cfg}, now)
	for n, tt := range []struct {
		second int
		by     string
		want   queue.Code
	}{
		{0, "totem/t1", ""},
		{1, "totem/t1", ""},
		{2, "totem/t1", ""},
		{3, "totem/t1", queue.RateLimited},
		{3, "totem/t2", ""},   // another totem
		{3, "user/maria", ""}, // a clerk
		{19, "totem/t1", queue.RateLimited},
		{20, "totem/t1", ""}, // the first has left the window; the refused never were in it
		{20, "totem/t1", queue.RateLimited},
		{21, "totem/t1", ""},
	} {
		if got := codeOfIssue(t, s, fmt.Sprint(n), "a", tt.by, now.Add(time.Duration(tt.second)*time.Second)); got != tt.want {
			t.Errorf("%d: %s after %d s: %q, want %q", n, tt.by, tt.second, got, tt.want)
		}
	}
}

// TestLastTickets closes the issue ahead of closing time, by the clock or because nobody else fits.
func TestLastTickets(t *testing.T) {
	t.Parallel()
	clock := queue.Default() // closes at 18:30
	clock.Channels[0].LastTicket = 900
	work := queue.Default()
	work.Channels[0].FitHours = true
	for _, tt := range []struct {
		name   string
		config *queue.Config
		at     string
		full   bool // since the morning
		want   queue.Code
	}{
		{"long before", clock, "18:14:59", false, ""},
		{"at the cut-off", clock, "18:15:00", false, queue.ChannelClosed},
		{"before opening", clock, "07:59:59", false, queue.OfficeClosed},
		{"after closing", clock, "18:30:00", false, queue.OfficeClosed},
		{"nobody has said that it is full", work, "18:29:59", false, ""},
		{"it was said", work, "09:00:00", true, queue.ChannelClosed},
		{"until it closes", work, "18:29:59", true, queue.ChannelClosed},
		{"where that counts", clock, "09:00:00", true, ""},
		{"the next morning", work, "08:30:00", true, ""},
	} {
		morning := moment(t, mornings[0])
		s := new(queue.State)
		must(t, s, queue.Configure{Config: tt.config}, morning)
		if tt.full {
			must(t, s, queue.Fit{Channel: "protocollo"}, morning)
		}
		at := moment(t, "2026-03-02T"+tt.at+"+01:00")
		if at.Before(s.At) { // the morning before
			at = at.AddDate(0, 0, 1)
		}
		if got := codeOfIssue(t, s, "x", "protocollo", "public", at); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// TestLastTicketsOfTheMorning says when the office opens again on the same day,
// and closes nothing where one interval goes over into the next.
func TestLastTicketsOfTheMorning(t *testing.T) {
	t.Parallel()
	minutes := func(list ...calendar.Clock) (hours []calendar.Interval) {
		for i := 0; i < len(list); i += 2 {
			hours = append(hours, calendar.Interval{From: list[i], To: list[i+1]})
		}
		return hours
	}
	clock, work := plain(), plain()
	clock.Channels[0].LastTicket = 900
	work.Channels[0].FitHours = true
	for _, tt := range []struct {
		name   string
		config *queue.Config
		hours  []calendar.Interval
		want   queue.Reason
	}{
		{"clock, then the afternoon", clock, minutes(8*60, 13*60, 15*60, 18*60), queue.ReasonReopensToday},
		{"work, then the afternoon", work, minutes(8*60, 13*60, 15*60, 18*60), queue.ReasonReopensToday},
		{"clock, the day's end", clock, minutes(8*60, 13*60), queue.ReasonLastTicketsGiven},
		{"work, the day's end", work, minutes(8*60, 13*60), queue.ReasonNoTimeLeft},
		{"clock, without a break", clock, minutes(8*60, 13*60, 13*60, 18*60), ""},
		{"work, without a break", work, minutes(8*60, 13*60, 13*60, 18*60), queue.ReasonNoTimeLeft},
	} {
		tt.config.Hours = calendar.Week{Mon: tt.hours}
		s, at := new(queue.State), moment(t, "2026-03-02T12:50:00+01:00")
		must(t, s, queue.Configure{Config: tt.config}, at.Add(-time.Hour))
		must(t, s, queue.Fit{Channel: "a"}, at.Add(-time.Hour))
		got := queue.Reason("")
		if r := s.Issuable("a", at); r != nil {
			got = r.Reason
		}
		if got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// TestGraceSwitchedOff keeps an absent citizen's place for the day: zero switches a limit off.
func TestGraceSwitchedOff(t *testing.T) {
	t.Parallel()
	cfg := plain()
	cfg.Policy.AbsentGrace = 0
	s, now := new(queue.State), moment(t, mornings[0])
	must(t, s, queue.Configure{Config: cfg}, now)
	must(t, s, queue.Open{Counter: "1", Operator: "maria"}, now)
	must(t, s, queue.Issue{Ticket: "x", Channel: "a"}, now)
	must(t, s, queue.Next{Counter: "1"}, now)
	must(t, s, queue.MarkAbsent{Counter: "1"}, now)
	must(t, s, queue.Tick{}, now.Add(5*time.Hour))
	if got := s.Tickets["x"].State; got != queue.Absent {
		t.Errorf("five hours later it is %s, want absent", got)
	}
}

// TestPassedOver goes on from a ticket that was called and never begun with.
func TestPassedOver(t *testing.T) {
	t.Parallel()
	for over, want := range map[queue.PassedOver]queue.TicketState{"": queue.Served, queue.PassedServed: queue.Served, queue.PassedAbsent: queue.Absent} {
		for name, next := range map[string]queue.Action{
			"next": queue.Next{Counter: "1"}, "close": queue.Close{Counter: "1"}, "call": queue.CallTicket{Counter: "1", Ticket: "second"},
		} {
			cfg := plain()
			cfg.Policy.PassedOver = over
			s, now := new(queue.State), moment(t, mornings[0])
			must(t, s, queue.Configure{Config: cfg}, now)
			must(t, s, queue.Open{Counter: "1", Operator: "maria"}, now)
			must(t, s, queue.Issue{Ticket: "first", Channel: "a"}, now)
			must(t, s, queue.Issue{Ticket: "second", Channel: "a"}, now)
			must(t, s, queue.Next{Counter: "1"}, now)
			must(t, s, next, now)
			if got := s.Tickets["first"].State; got != want {
				t.Errorf("passed over by %s, %q: %s, want %s", name, over, got, want)
			}
			must(t, s, queue.Open{Counter: "1", Operator: "maria"}, now)
			must(t, s, queue.Issue{Ticket: "third", Channel: "a"}, now)
			must(t, s, queue.CallTicket{Counter: "1", Ticket: "third"}, now)
			must(t, s, queue.Start{Counter: "1"}, now)
			must(t, s, queue.Next{Counter: "1"}, now)
			if got := s.Tickets["third"].State; got != queue.Served {
				t.Errorf("who was at the counter: %s, want served", got)
			}
		}
	}
}

// TestForgotten leaves a citizen at the counter for hours: the clerk is asked, and the time is
// nobody's.
func TestForgotten(t *testing.T) {
	t.Parallel()
	s, now := new(queue.State), moment(t, mornings[0])
	must(t, s, queue.Configure{Config: plain()}, now)
	must(t, s, queue.Open{Counter: "1", Operator: "maria"}, now)
	must(t, s, queue.WalkIn{Counter: "1", Ticket: "w", Channel: "a"}, now)
	asked := now.Add(150 * time.Minute)
	if due := s.Due(now); !due.Equal(asked) || s.Forgotten(s.Tickets["w"], asked.Add(-time.Second)) || !s.Forgotten(s.Tickets["w"], asked) {
		t.Errorf("due %s, want the clerk asked at %s and not before", due, asked)
	}
	must(t, s, queue.Done{Counter: "1"}, asked)
	if w := s.Tickets["w"]; w.State != queue.Served || !w.Inexact {
		t.Errorf("%+v; want it served, in a time that nobody noted", w)
	}
}

// TestLimits counts what a channel has given: tickets with a number that weren't given back before
// their call.
func TestLimits(t *testing.T) {
	t.Parallel()
	cfg := plain()
	cfg.Hours.Mon = []calendar.Interval{{From: 8 * 60, To: 13 * 60}, {From: 14 * 60, To: 18 * 60}}
	cfg.Channels[0].DailyLimit, cfg.Channels[0].IntervalLimit = 3, 2
	at := func(clock string) time.Time { return moment(t, "2026-03-02T"+clock+":00+01:00") }
	s := new(queue.State)
	wants := func(clock string, want queue.Reason) {
		t.Helper()
		got := queue.Reason("")
		if r := s.Issuable("a", at(clock)); r != nil {
			got = r.Reason
		}
		if got != want {
			t.Errorf("%s: refused by %q, want %q", clock, got, want)
		}
	}
	must(t, s, queue.Configure{Config: cfg}, at("07:00"))
	must(t, s, queue.Open{Counter: "1", Operator: "maria"}, at("08:00"))
	must(t, s, queue.WalkIn{Counter: "1", Ticket: "w", Channel: "a"}, at("08:00"))
	must(t, s, queue.Done{Counter: "1"}, at("08:01"))
	must(t, s, queue.Issue{Ticket: "back", Channel: "a"}, at("08:02"))
	must(t, s, queue.Cancel{Ticket: "back"}, at("08:03"))
	must(t, s, queue.Issue{Ticket: "one", Channel: "a"}, at("08:04"))
	wants("08:05", "")
	must(t, s, queue.Issue{Ticket: "two", Channel: "a"}, at("08:06"))
	wants("08:07", queue.ReasonIntervalLimitOpens)
	must(t, s, queue.Cancel{Ticket: "two"}, at("08:08"))
	wants("08:08", "")
	must(t, s, queue.Issue{Ticket: "three", Channel: "a"}, at("08:09"))
	must(t, s, queue.CallTicket{Counter: "1", Ticket: "three"}, at("08:10"))
	must(t, s, queue.Requeue{Counter: "1"}, at("08:10"))
	must(t, s, queue.Cancel{Ticket: "three"}, at("08:11")) // was called: it counts
	wants("12:59", queue.ReasonIntervalLimitOpens)
	wants("14:00", "")
	must(t, s, queue.Issue{Ticket: "four", Channel: "a"}, at("14:00"))
	wants("14:01", queue.ReasonDailyLimit)
	cfg.Channels[0].DailyLimit = 0
	must(t, s, queue.Configure{Config: cfg, Version: 1}, at("14:01"))
	wants("14:01", "")
	must(t, s, queue.Issue{Ticket: "five", Channel: "a"}, at("14:02"))
	wants("14:03", queue.ReasonIntervalLimit)
}

// TestLimitOfIntervalsWithoutBreak has an opening begin at the moment at which another ends: the
// channel gives tickets anew, and that is due.
func TestLimitOfIntervalsWithoutBreak(t *testing.T) {
	t.Parallel()
	cfg := plain()
	cfg.Hours.Mon = []calendar.Interval{{From: 8 * 60, To: 10 * 60}, {From: 10 * 60, To: 12 * 60}}
	cfg.Channels[0].IntervalLimit = 1
	first, second := moment(t, "2026-03-02T09:00:00+01:00"), moment(t, "2026-03-02T10:00:00+01:00")
	s := new(queue.State)
	must(t, s, queue.Configure{Config: cfg}, first)
	must(t, s, queue.Issue{Ticket: "one", Channel: "a"}, first)
	if s.Issuable("a", first) == nil || s.Issuable("a", second) != nil {
		t.Fatal("the limit isn't that of each interval")
	}
	if due := s.Due(first); !due.Equal(second) {
		t.Errorf("due %v, want %v", due, second)
	}
}

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

// TestLastTickets closes the issue ahead of closing time, by the clock or by the work that waits.
func TestLastTickets(t *testing.T) {
	t.Parallel()
	clock := queue.Default() // closes at 18:30
	clock.Channels[0].LastTicket = 900
	work := queue.Default()
	work.Channels[0].FitHours, work.Channels[0].ServiceTime = true, 600
	for _, tt := range []struct {
		name    string
		config  *queue.Config
		at      string
		waiting int
		desks   int
		want    queue.Code
	}{
		{"long before", clock, "18:14:59", 0, 1, ""},
		{"at the cut-off", clock, "18:15:00", 0, 1, queue.ChannelClosed},
		{"before opening", clock, "07:59:59", 0, 1, queue.OfficeClosed},
		{"after closing", clock, "18:30:00", 0, 1, queue.OfficeClosed},
		{"work fits to the minute", work, "18:00:00", 3, 1, ""},
		{"a second too much", work, "18:00:01", 3, 1, queue.ChannelClosed},
		{"two counters", work, "18:00:01", 4, 2, ""},
		{"nobody attends: counted as one", work, "18:00:00", 4, 0, queue.ChannelClosed},
		{"nobody waits", work, "18:29:59", 0, 1, ""},
	} {
		morning := moment(t, mornings[0])
		s := new(queue.State)
		must(t, s, queue.Configure{Config: tt.config}, morning)
		for i := range tt.desks {
			must(t, s, queue.Open{Counter: tt.config.Counters[i].ID, Operator: "maria"}, morning)
		}
		for n := range tt.waiting {
			must(t, s, queue.Issue{Ticket: queue.TicketID(fmt.Sprint(n)), Channel: "protocollo"}, morning)
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
	work.Channels[0].FitHours, work.Channels[0].ServiceTime = true, 900
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
		{"work, without a break", work, minutes(8*60, 13*60, 13*60, 18*60), ""},
	} {
		tt.config.Hours = calendar.Week{Mon: tt.hours}
		s, at := new(queue.State), moment(t, "2026-03-02T12:50:00+01:00")
		must(t, s, queue.Configure{Config: tt.config}, at.Add(-time.Hour))
		must(t, s, queue.Issue{Ticket: "x", Channel: "a"}, at.Add(-time.Hour))
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

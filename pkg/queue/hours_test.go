package queue_test

import (
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// TestOpen reads the reference office's hours; each answer is the next change too.
func TestOpen(t *testing.T) {
	t.Parallel()
	reference := queue.Default()
	reference.Exceptions = []queue.Exception{
		{From: "2026-08-10", To: "2026-08-16"},
		{From: "2026-05-01", To: "2026-05-01", Hours: []calendar.Interval{{From: 9 * 60, To: 11 * 60}}},
		{From: "2026-03-10", To: "2026-03-10", Only: []queue.ChannelID{"anagrafe"}},
		{From: "2026-03-11", To: "2026-03-11", Only: []queue.ChannelID{"anagrafe"}, Hours: []calendar.Interval{{From: 15 * 60, To: 16 * 60}}},
	}
	split := plain()
	day := []calendar.Interval{{From: 8 * 60, To: 13 * 60}, {From: 15 * 60, To: 24 * 60}}
	split.Hours = calendar.Week{Mon: day, Tue: []calendar.Interval{{From: 0, To: 60}}}
	own := queue.Default()
	own.Channels[0].Hours = &calendar.Week{
		Mon: []calendar.Interval{{From: 18 * 60, To: 20 * 60}}, Sat: []calendar.Interval{{From: 9 * 60, To: 10 * 60}},
	}
	nested := queue.Default()
	nine := []calendar.Interval{{From: 9 * 60, To: 11 * 60}}
	nested.Exceptions = []queue.Exception{
		{From: "2026-08-10", To: "2026-08-21"},
		{From: "2026-08-12", To: "2026-08-12", Hours: nine},
		{From: "2026-08-16", To: "2026-08-16", Only: []queue.ChannelID{"anagrafe"}, Hours: nine}, // a Sunday
		{From: "2026-08-19", To: "2026-08-19", Only: []queue.ChannelID{"anagrafe"}},
		{From: "2026-08-19", To: "2026-08-19", Hours: nine},
	}
	night := plain() // hours inside both changes of the clock
	night.Hours = calendar.Week{Sun: []calendar.Interval{{From: 60, To: 4 * 60}}}
	for _, tt := range []struct {
		name    string
		config  *queue.Config
		channel queue.ChannelID // empty: the office
		at      string
		open    bool
		change  string // empty: never
	}{
		{"before opening", reference, "", "2026-03-02T07:59:59+01:00", false, "2026-03-02T08:00:00+01:00"},
		{"at opening", reference, "", "2026-03-02T08:00:00+01:00", true, "2026-03-02T18:30:00+01:00"},
		{"last second", reference, "", "2026-03-02T18:29:59+01:00", true, "2026-03-02T18:30:00+01:00"},
		{"at closing", reference, "", "2026-03-02T18:30:00+01:00", false, "2026-03-03T08:00:00+01:00"},
		{"short day", reference, "", "2026-03-04T14:30:00+01:00", false, "2026-03-05T08:00:00+01:00"},
		{"saturday into sunday", reference, "", "2026-03-07T12:00:00+01:00", false, "2026-03-09T08:00:00+01:00"},

		{"before the clocks go forward", reference, "", "2026-03-28T12:00:00+01:00", false, "2026-03-30T08:00:00+02:00"},
		{"the sunday they do", reference, "", "2026-03-29T09:00:00+02:00", false, "2026-03-30T08:00:00+02:00"},
		{"the monday after", reference, "", "2026-03-30T07:59:00+02:00", false, "2026-03-30T08:00:00+02:00"},
		{"before the clocks go back", reference, "", "2026-10-24T12:00:00+02:00", false, "2026-10-26T08:00:00+01:00"},
		{"the sunday they do", reference, "", "2026-10-25T08:30:00+01:00", false, "2026-10-26T08:00:00+01:00"},
		{"the monday after", reference, "", "2026-10-26T08:00:00+01:00", true, "2026-10-26T18:30:00+01:00"},
		{"open while they go forward", night, "", "2026-03-29T01:30:00+01:00", true, "2026-03-29T04:00:00+02:00"},
		{"still open after it", night, "", "2026-03-29T03:59:00+02:00", true, "2026-03-29T04:00:00+02:00"},
		{"open while they go back", night, "", "2026-10-25T02:30:00+02:00", true, "2026-10-25T04:00:00+01:00"},
		{"the same hour again", night, "", "2026-10-25T02:30:00+01:00", true, "2026-10-25T04:00:00+01:00"},

		{"the patron's day", reference, "", "2026-11-30T09:00:00+01:00", false, "2026-12-01T08:00:00+01:00"},
		{"a holiday", reference, "", "2026-06-02T09:00:00+02:00", false, "2026-06-03T08:00:00+02:00"},
		{"easter monday", reference, "", "2026-04-06T09:00:00+02:00", false, "2026-04-07T08:00:00+02:00"},
		{"christmas to sunday", reference, "", "2026-12-25T09:00:00+01:00", false, "2026-12-28T08:00:00+01:00"},
		{"4 October on a monday", reference, "", "2027-10-04T09:00:00+02:00", false, "2027-10-05T08:00:00+02:00"},

		{"extraordinary closure", reference, "", "2026-08-10T09:00:00+02:00", false, "2026-08-17T08:00:00+02:00"},
		{"extraordinary opening on a holiday", reference, "", "2026-05-01T09:30:00+02:00", true, "2026-05-01T11:00:00+02:00"},
		{"one channel closed", reference, "anagrafe", "2026-03-10T09:00:00+01:00", false, "2026-03-11T15:00:00+01:00"},
		{"the other isn't", reference, "protocollo", "2026-03-10T09:00:00+01:00", true, "2026-03-10T18:30:00+01:00"},
		{"the office isn't", reference, "", "2026-03-10T09:00:00+01:00", true, "2026-03-10T18:30:00+01:00"},

		{"before the season", reference, "bando-affitti", "2026-09-14T09:00:00+02:00", false, "2026-09-15T08:00:00+02:00"},
		{"in the season", reference, "bando-affitti", "2026-09-15T08:00:00+02:00", true, "2026-09-15T18:30:00+02:00"},
		{"after the season", reference, "bando-affitti", "2026-10-31T12:00:00+01:00", false, "2027-09-15T08:00:00+02:00"},
		{"season over the new year", reference, "permessi-sosta", "2027-01-30T09:00:00+01:00", true, "2027-01-30T12:00:00+01:00"},
		{"its end", reference, "permessi-sosta", "2027-02-01T09:00:00+01:00", false, "2027-12-01T08:00:00+01:00"},

		{"between two intervals", split, "", "2026-03-02T13:00:00+01:00", false, "2026-03-02T15:00:00+01:00"},
		{"until midnight", split, "", "2026-03-02T23:59:59+01:00", true, "2026-03-03T00:00:00+01:00"},
		{"and from it", split, "", "2026-03-03T00:00:00+01:00", true, "2026-03-03T01:00:00+01:00"},
		{"a channel's own hours", own, "protocollo", "2026-03-02T09:00:00+01:00", false, "2026-03-02T18:00:00+01:00"},
		{"which outlast the office's", own, "", "2026-03-02T09:00:00+01:00", true, "2026-03-02T20:00:00+01:00"},
		{"while the others are closed", own, "", "2026-03-02T19:00:00+01:00", true, "2026-03-02T20:00:00+01:00"},
		{"and to the next opening", own, "", "2026-03-02T20:00:00+01:00", false, "2026-03-03T08:00:00+01:00"},

		{"a day within a closure", nested, "protocollo", "2026-08-12T09:30:00+02:00", true, "2026-08-12T11:00:00+02:00"},
		{"and the day after", nested, "", "2026-08-13T09:30:00+02:00", false, "2026-08-16T09:00:00+02:00"},
		{"a Sunday of one channel", nested, "anagrafe", "2026-08-16T09:30:00+02:00", true, "2026-08-16T11:00:00+02:00"},
		{"isn't the others'", nested, "protocollo", "2026-08-16T09:30:00+02:00", false, "2026-08-19T09:00:00+02:00"},
		{"but opens the office", nested, "", "2026-08-16T09:30:00+02:00", true, "2026-08-16T11:00:00+02:00"},
		{"a named channel before the whole office", nested, "anagrafe", "2026-08-19T09:30:00+02:00", false, "2026-08-22T08:30:00+02:00"},
		{"never open", &queue.Config{}, "", "2026-03-02T09:00:00+01:00", false, ""},
	} {
		at := moment(t, tt.at)
		open, change := tt.config.Open(tt.config.Channel(tt.channel), at)
		want := time.Time{}
		if tt.change != "" {
			want = moment(t, tt.change)
		}
		if open != tt.open || !change.Equal(want) {
			t.Errorf("%s: Open(%q, %s) = %v until %s; want %v until %s", tt.name, tt.channel, tt.at, open, change, tt.open, want)
		}
	}
}

// TestDue says when the office wants its next tick.
func TestDue(t *testing.T) {
	t.Parallel()
	office := queue.Default()
	office.Channels[0].LastTicket = 900
	s := new(queue.State)
	if due := s.Due(moment(t, mornings[0])); !due.IsZero() {
		t.Errorf("due before any configuration: %s", due)
	}
	must(t, s, queue.Configure{Config: office}, moment(t, mornings[0]))
	for _, tt := range [][2]string{
		{"2026-03-02T07:00:00+01:00", "2026-03-02T08:00:00+01:00"},
		{"2026-03-02T08:00:00+01:00", "2026-03-02T18:15:00+01:00"},
		{"2026-03-02T18:15:00+01:00", "2026-03-02T18:30:00+01:00"},
		{"2026-03-02T18:30:00+01:00", "2026-03-03T00:00:00+01:00"},
		{"2026-03-28T20:00:00+01:00", "2026-03-29T00:00:00+01:00"},
		{"2026-03-29T00:30:00+01:00", "2026-03-30T00:00:00+02:00"},
		{"2026-10-25T00:30:00+02:00", "2026-10-26T00:00:00+01:00"},
	} {
		must(t, s, queue.Tick{}, moment(t, tt[0]))
		if due := s.Due(moment(t, tt[0])); !due.Equal(moment(t, tt[1])) {
			t.Errorf("Due(%s) = %s, want %s", tt[0], due, tt[1])
		}
	}
	now := moment(t, "2026-10-27T09:00:00+01:00")
	must(t, s, queue.Open{Counter: "1", Operator: "maria"}, now)
	must(t, s, queue.Issue{Ticket: "t", Channel: "protocollo"}, now)
	must(t, s, queue.Next{Counter: "1"}, now)
	must(t, s, queue.MarkAbsent{Counter: "1"}, now)
	grace := now.Add(30 * time.Minute)
	if due := s.Due(now); !due.Equal(grace) {
		t.Errorf("Due = %s, want the end of the grace at %s", due, grace)
	}
	must(t, s, queue.Tick{}, grace.Add(-time.Second))
	if st := s.Tickets["t"].State; st != queue.Absent {
		t.Errorf("a second before the end of the grace it is %s", st)
	}
	must(t, s, queue.Tick{}, grace)
	if st := s.Tickets["t"].State; st != queue.Expired {
		t.Errorf("at the end of the grace it is %s", st)
	}
}

// TestDueOfChoices wants a tick when a counter may call again whom it sent back.
func TestDueOfChoices(t *testing.T) {
	t.Parallel()
	cfg := plain() // closes at midnight
	cfg.Policy.RequeueAvoid = 300
	s, now := new(queue.State), moment(t, mornings[0])
	must(t, s, queue.Configure{Config: cfg}, now)
	must(t, s, queue.Open{Counter: "1", Operator: "maria"}, now)
	must(t, s, queue.Issue{Ticket: "x", Channel: "a"}, now)
	must(t, s, queue.Next{Counter: "1"}, now)
	must(t, s, queue.Requeue{Counter: "1"}, now)
	if again := s.Due(now); !again.Equal(now.Add(300 * time.Second)) {
		t.Errorf("Due = %s, want the moment at which counter 1 may call it again", again)
	}
}

// TestFarSeason has a channel that doesn't open within the coming 400 days: that
// is found out once a day, not at every question.
func TestFarSeason(t *testing.T) { // not in parallel, which AllocsPerRun doesn't bear
	c := plain()
	c.Channels[0].Season = &calendar.Season{From: "2028-01-01", To: "2028-01-31"}
	s, now := new(queue.State), moment(t, mornings[0])
	must(t, s, queue.Configure{Config: c}, now)
	if n := testing.AllocsPerRun(10, func() { s.Due(now) }); n > 0 {
		t.Errorf("Due allocates %v times, so it looks through the calendar each time", n)
	}
	for _, tt := range [][2]string{
		{"2026-03-02T09:00:00+01:00", "channel_closed"},
		{"2026-10-01T09:00:00+02:00", "channel_closed"},
		{"2027-03-01T09:00:00+01:00", "channel_opens_on 2028-01-02 00:00:00"}, // 1 January is a holiday
		{"2028-01-01T09:00:00+01:00", "office_opens_on 2028-01-02 00:00:00"},
		{"2028-01-31T09:00:00+01:00", ""},
	} {
		got := ""
		if r := s.Issuable("a", moment(t, tt[0])); r != nil {
			got = string(r.Reason)
			if opens, ok := r.Args["opens"].(time.Time); ok {
				got += " " + opens.Format(time.DateTime)
			}
		}
		if got != tt[1] {
			t.Errorf("%s: %q, want %q", tt[0], got, tt[1])
		}
	}
}

// TestOpening tells the office's openness by the tickets that its channels give.
func TestOpening(t *testing.T) {
	t.Parallel()
	cfg := queue.Default()
	sunday := []calendar.Interval{{From: 9 * 60, To: 12 * 60}}
	cfg.Exceptions = []queue.Exception{{From: "2026-03-08", To: "2026-03-08", Only: []queue.ChannelID{"anagrafe"}, Hours: sunday, Reason: queue.Text{"it": "Carte d'identità"}}}
	cfg.Channels[1].LastTicket = 1800
	s := new(queue.State)
	must(t, s, queue.Configure{Config: cfg}, moment(t, "2026-03-08T07:00:00+01:00"))
	for _, tt := range []struct {
		at     string
		open   bool
		change string
		code   queue.Code // of the registry
	}{
		{"2026-03-08T08:00:00+01:00", false, "2026-03-08T09:00:00+01:00", queue.OfficeClosed},
		{"2026-03-08T09:00:00+01:00", true, "2026-03-08T12:00:00+01:00", queue.ChannelClosed},
		{"2026-03-08T11:30:00+01:00", false, "2026-03-09T08:00:00+01:00", queue.ChannelClosed}, // the last tickets have been given
		{"2026-03-08T12:00:00+01:00", false, "2026-03-09T08:00:00+01:00", queue.OfficeClosed},
		{"2026-03-09T18:15:00+01:00", true, "2026-03-09T18:30:00+01:00", ""},
	} {
		at := moment(t, tt.at)
		if open, change := s.Opening(at); open != tt.open || !change.Equal(moment(t, tt.change)) {
			t.Errorf("Opening(%s) = %v, %s; want %v, %s", tt.at, open, change, tt.open, tt.change)
		}
		var code queue.Code
		if r := s.Issuable("protocollo", at); r != nil {
			code = r.Code
		}
		if code != tt.code {
			t.Errorf("%s: the registry is refused by %q, want %q", tt.at, code, tt.code)
		}
	}
	for day, want := range map[calendar.Date]string{"2026-03-07": "", "2026-03-08": "Carte d'identità"} {
		got := ""
		x, usual := cfg.Exception(day)
		if x != nil {
			got = x.Reason["it"]
		}
		if got != want || usual != (x == nil) {
			t.Errorf("the reason of %s is %q, want %q", day, got, want)
		}
	}
}

// TestReasonOfSomeChannels tells a reason that is one channel's from the office's, and an opening
// from the closing around it.
func TestReasonOfSomeChannels(t *testing.T) {
	t.Parallel()
	const day = "2026-03-02"
	registry := []queue.ChannelID{"anagrafe"}
	morning := []calendar.Interval{{From: 9 * 60, To: 12 * 60}}
	down := queue.Exception{From: day, To: day, Only: registry, Reason: queue.Text{"it": "sistema fermo"}}
	short := queue.Exception{From: day, To: day, Only: registry, Hours: morning, Reason: queue.Text{"it": "solo carte elettorali"}}
	holidays := queue.Exception{From: "2026-03-01", To: "2026-03-09", Reason: queue.Text{"it": "ferie"}}
	for name, tt := range map[string]struct {
		all    []queue.Exception
		reason string
		usual  bool
	}{
		"a channel closed":                     {[]queue.Exception{down}, "sistema fermo", true},
		"a channel with other hours":           {[]queue.Exception{short}, "solo carte elettorali", true},
		"closed":                               {[]queue.Exception{holidays}, "ferie", false},
		"closed, and so is a channel":          {[]queue.Exception{down, holidays}, "ferie", false},
		"a channel opens while all are closed": {[]queue.Exception{holidays, short}, "solo carte elettorali", false},
	} {
		cfg := queue.Default()
		cfg.Exceptions = tt.all
		if x, usual := cfg.Exception(day); x == nil || x.Reason["it"] != tt.reason || usual != tt.usual {
			t.Errorf("%s: %v, usual %v; want %q, %v", name, x, usual, tt.reason, tt.usual)
		}
	}
}

// TestOfficeEndsItsDay closes the office with people waiting: they stay while somebody is at a
// counter, and over lunch, and their wait ends when the office ended its day, whenever that is
// noted.
func TestOfficeEndsItsDay(t *testing.T) {
	t.Parallel()
	at := func(clock string) time.Time { return moment(t, "2026-03-02T"+clock+":00+01:00") }
	start := func(t *testing.T) *queue.State {
		cfg := queue.Default()
		cfg.Hours.Mon = []calendar.Interval{{From: 8 * 60, To: 13 * 60}, {From: 15 * 60, To: 18 * 60}}
		s := new(queue.State)
		must(t, s, queue.Configure{Config: cfg}, at("07:00"))
		must(t, s, queue.Issue{Ticket: "early", Channel: "anagrafe"}, at("09:00"))
		must(t, s, queue.Open{Counter: "2", Operator: "maria"}, at("09:00"))
		return s
	}
	ended := func(t *testing.T, s *queue.State, id queue.TicketID, clock string, waited time.Duration) {
		t.Helper()
		v := s.Tickets[id]
		if v == nil || v.State != queue.Expired || v.Reason != queue.ReasonClosing || !v.Entered.Equal(at(clock)) || v.Waited.Duration() != waited {
			t.Errorf("%s is %+v; want it expired for the closing at %s, after %s", id, v, clock, waited)
		}
	}
	t.Run("lunch ends nothing", func(t *testing.T) {
		t.Parallel()
		s := start(t)
		must(t, s, queue.Close{Counter: "2"}, at("13:00"))
		must(t, s, queue.Tick{}, at("14:59"))
		if v := s.Tickets["early"]; v.State != queue.Waiting || s.Ended(at("14:59")) {
			t.Errorf("over lunch the ticket is %s, ended %v", v.State, s.Ended(at("14:59")))
		}
	})
	t.Run("whoever is at a counter serves on", func(t *testing.T) {
		t.Parallel()
		s := start(t)
		must(t, s, queue.Issue{Ticket: "late", Channel: "anagrafe"}, at("17:50"))
		must(t, s, queue.Next{Counter: "2"}, at("18:10"))
		if v := s.Tickets["early"]; v.State != queue.Called || s.Ended(at("18:10")) {
			t.Errorf("ten minutes after closing the ticket is %s, ended %v", v.State, s.Ended(at("18:10")))
		}
		must(t, s, queue.Close{Counter: "2"}, at("18:20"))
		due := s.Due(at("18:20"))
		if !s.Ended(at("18:20")) || due.Sub(at("18:20")) > time.Second {
			t.Errorf("ended %v, due %s; want a tick at once", s.Ended(at("18:20")), due)
		}
		must(t, s, queue.Tick{}, due)
		ended(t, s, "late", "18:20", 30*time.Minute)

		must(t, s, queue.Open{Counter: "2", Operator: "maria"}, at("18:30"))
		if s.Ended(at("18:30")) || s.Issuable("anagrafe", at("18:30")) == nil {
			t.Error("a counter that opens again gives tickets")
		}
	})
	t.Run("at the next start", func(t *testing.T) {
		t.Parallel()
		s := start(t)
		must(t, s, queue.Close{Counter: "2"}, at("17:00"))
		b := stateJSON(t, s)
		s, err := queue.Load(b)
		if err != nil {
			t.Fatal(err)
		}
		events, _, err := s.Execute(queue.Command{By: "system", Do: queue.Tick{}}, moment(t, "2026-03-03T07:55:00+01:00"))
		if err != nil || len(events) == 0 || !events[0].Until.Equal(at("18:00")) || !events[0].At.After(events[0].Until) {
			t.Fatalf("the next start: %+v, %v; want the wait to end at 18:00", events, err)
		}
		if got := s.Touched(events[:1]); len(got) != 1 || got[0].Waited.Duration() != 9*time.Hour {
			t.Errorf("the ticket: %+v; want nine hours of waiting", got)
		}
	})
	t.Run("a counter that nobody closed", func(t *testing.T) {
		t.Parallel()
		s := start(t)
		must(t, s, queue.Issue{Ticket: "late", Channel: "anagrafe"}, at("17:50"))
		must(t, s, queue.Next{Counter: "2"}, at("18:05"))
		must(t, s, queue.Done{Counter: "2"}, at("18:15")) // and home
		must(t, s, queue.Tick{}, at("23:59"))
		events, _, _ := s.Execute(queue.Command{By: "system", Do: queue.Tick{}}, moment(t, "2026-03-03T00:00:00+01:00"))
		if got := s.Touched(events[:1]); len(got) != 1 || got[0].ID != "late" || got[0].Waited.Duration() != 25*time.Minute {
			t.Errorf("the ticket: %+v; want 25 minutes of waiting", got)
		}
	})
	t.Run("an early closing, and a late opening", func(t *testing.T) {
		t.Parallel()
		s := start(t)
		closing := *s.Config
		closing.Exceptions = []queue.Exception{{From: "2026-03-02", To: "2026-03-02", Hours: []calendar.Interval{{From: 8 * 60, To: 9 * 60}}}}
		must(t, s, queue.Close{Counter: "2"}, at("09:20"))
		must(t, s, queue.Configure{Config: &closing, Version: 1}, at("09:40"))
		must(t, s, queue.Tick{}, at("09:40"))
		ended(t, s, "early", "09:40", 40*time.Minute)

		again := closing
		again.Exceptions = []queue.Exception{{From: "2026-03-02", To: "2026-03-02", Hours: []calendar.Interval{{From: 8 * 60, To: 20 * 60}}}}
		must(t, s, queue.Configure{Config: &again, Version: 2}, at("19:00"))
		must(t, s, queue.Issue{Ticket: "again", Channel: "anagrafe"}, at("19:01"))
		must(t, s, queue.Tick{}, at("19:59"))
		if st := s.Tickets["again"].State; st != queue.Waiting {
			t.Errorf("after an extraordinary opening the ticket is %s", st)
		}
		must(t, s, queue.Tick{}, at("20:00"))
		ended(t, s, "again", "20:00", 59*time.Minute)
	})
}

package view_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/view"
	"github.com/eliminacode/eliminacode/pkg/voice"
)

// TestViewsStayAsTheyWere has views that are still read when their office has gone on.
func TestViewsStayAsTheyWere(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	s, commands := new(queue.State), 0
	do := func(actions ...queue.Action) {
		t.Helper()
		for _, a := range actions {
			now, commands = now.Add(time.Minute), commands+1
			if _, _, err := s.Execute(queue.Command{ID: fmt.Sprint(commands), By: "dev", Do: a}, now); err != nil {
				t.Fatalf("%T: %v", a, err)
			}
		}
	}
	do(
		queue.Configure{Config: queue.Default()},
		queue.Open{Counter: "1", Operator: "anna"}, queue.Open{Counter: "2", Operator: "maria"},
		queue.Issue{Ticket: "called", Channel: "anagrafe"}, queue.Issue{Ticket: "held", Channel: "anagrafe"},
		queue.Issue{Ticket: "later", Channel: "anagrafe"}, queue.Issue{Ticket: "last", Channel: "protocollo"},
		queue.CallTicket{Counter: "1", Ticket: "last"}, queue.Done{Counter: "1"}, // a third call: now the state has room for a fourth
		queue.CallTicket{Counter: "2", Ticket: "held"}, queue.Hold{Counter: "2", For: 10 * time.Minute, Reason: "modulo"},
		queue.CallTicket{Counter: "2", Ticket: "called"},
	)
	scene := &view.Scene{Office: "urp", State: s, Now: now}
	counter, ok := view.NewCounterPage(scene, "2")
	if !ok {
		t.Fatal("no counter 2")
	}
	views := map[string]any{
		"public": view.NewPublicPage(scene), "totem": view.NewTotemPage(scene, "t1"), "counter": counter, "counters": view.NewDesks(scene),
		"called": view.NewTicketPage(scene, "called"), "held": view.NewTicketPage(scene, "held"),
	}
	before := map[string]any{}
	for name, v := range views {
		before[name] = decode(t, encode(t, v))
	}
	do(
		queue.Recall{Counter: "2"}, queue.Start{Counter: "2"}, queue.Done{Counter: "2"},
		queue.CallTicket{Counter: "2", Ticket: "later"},
		queue.CallTicket{Counter: "1", Ticket: "held"}, queue.Hold{Counter: "1", For: time.Hour, Reason: "altro"},
		queue.Close{Counter: "1"},
	)
	for name, v := range views {
		if diff := cmp.Diff(before[name], decode(t, encode(t, v))); diff != "" {
			t.Errorf("%s changed with the office (-before +after):\n%s", name, diff)
		}
	}
}

// TestClosingReachesEverybody has an office that closes early today: who waits learns it from every
// view.
func TestClosingReachesEverybody(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC) // 9:00 in Empoli
	cfg := queue.Default()
	cfg.Exceptions = []queue.Exception{{
		From: "2026-03-02", To: "2026-03-02", Hours: []calendar.Interval{{From: 8 * 60, To: 9*60 + 30}},
		Reason: queue.Text{"it": "assemblea del personale", "en": "staff meeting"},
	}}
	s := new(queue.State)
	for i, a := range []queue.Action{queue.Configure{Config: cfg}, queue.Open{Counter: "2", Operator: "maria"}, queue.Issue{Ticket: "waits", Channel: "anagrafe"}} {
		if _, _, err := s.Execute(queue.Command{ID: fmt.Sprint(i), By: "user/maria", Do: a}, now); err != nil {
			t.Fatal(err)
		}
	}
	opening := func(at time.Time) view.Opening {
		t.Helper()
		scene := &view.Scene{Office: "urp", State: s, Now: at}
		counter, _ := view.NewCounterPage(scene, "2")
		display, _ := view.NewDisplayPage(scene, "anagrafe")
		public := view.NewPublicPage(scene).Opening
		for name, v := range map[string]view.Opening{
			"counter": counter.Opening, "display": display.Opening, "totem": view.NewTotemPage(scene, "t1").Opening, "ticket": view.NewTicketPage(scene, "waits").Public.Opening,
		} {
			if diff := cmp.Diff(public, v); diff != "" {
				t.Errorf("%s (-public +%s):\n%s", at, name, diff)
			}
		}
		return public
	}
	if v := opening(now); !v.Open || v.ClosesAt == nil || !v.ClosesAt.Equal(now.Add(30*time.Minute)) || v.Reason == nil || *v.Reason != "assemblea del personale" || v.Reasons["en"] != "staff meeting" || !v.Attended || v.Ended || v.Situation != view.IsClosing {
		t.Errorf("before it closes: %+v", v)
	}
	if v := opening(now.Add(time.Hour)); v.Open || v.Reason == nil || !v.Attended || v.Ended || v.Situation != view.IsAttended {
		t.Errorf("closed, with somebody at a counter: %+v", v)
	}
	if _, _, err := s.Execute(queue.Command{ID: "close", By: "user/maria", Do: queue.Close{Counter: "2"}}, now.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if v := opening(now.Add(time.Hour)); v.Open || v.Attended || !v.Ended || v.OpensAt == nil || v.Situation != view.HasEnded {
		t.Errorf("when the office has ended its day: %+v", v)
	}
	if v := opening(now.Add(24 * time.Hour)); v.Reason != nil || len(v.Reasons) > 0 || !v.Open || v.Situation != view.IsOpen {
		t.Errorf("the day after: %+v", v)
	}
	cfg.Exceptions[0].Only, cfg.Version = []queue.ChannelID{"anagrafe"}, s.Config.Version
	if _, _, err := s.Execute(queue.Command{ID: "part", By: "user/ada", Do: queue.Configure{Config: cfg, Version: cfg.Version}}, now.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if v := opening(now.Add(time.Hour)); !v.Open || v.Reason == nil || v.ReasonFor["it"] != "Servizi anagrafici" || v.Situation != view.IsOpen {
		t.Errorf("closed for one channel: %+v", v)
	}
}

// TestSituationOfADayInTwoParts has nobody at a counter: over lunch the office opens again today,
// on Sunday it doesn't open at all.
func TestSituationOfADayInTwoParts(t *testing.T) {
	t.Parallel()
	cfg := queue.Default()
	cfg.Exceptions = []queue.Exception{{
		From: "2026-03-02", To: "2026-03-02", Hours: []calendar.Interval{{From: 8 * 60, To: 12 * 60}, {From: 15 * 60, To: 17 * 60}},
		Reason: queue.Text{"it": "orario ridotto"},
	}}
	monday := time.Date(2026, 3, 2, 7, 0, 0, 0, time.UTC)
	for at, want := range map[time.Time]view.Situation{
		monday.Add(-24 * time.Hour):           view.IsClosed,
		monday.Add(5 * time.Hour):             view.OnBreak,
		monday.Add(7*time.Hour + time.Minute): view.IsClosing,
		monday.Add(10 * time.Hour):            view.HasEnded,
	} {
		s := new(queue.State)
		if _, _, err := s.Execute(queue.Command{ID: "configure", By: "user/ada", Do: queue.Configure{Config: cfg}}, at); err != nil {
			t.Fatal(err)
		}
		if v := view.NewPublicPage(&view.Scene{Office: "urp", State: s, Now: at}); v.Situation != want {
			t.Errorf("at %s it is %s, want %s", at, v.Situation, want)
		}
	}
}

// TestSituationBeforeTheOfficeOpens has a clerk at a counter ten minutes before: nobody is told
// that the office has closed.
func TestSituationBeforeTheOfficeOpens(t *testing.T) {
	t.Parallel()
	s, opens := new(queue.State), time.Date(2026, 3, 2, 7, 0, 0, 0, time.UTC) // 8:00 in Empoli
	do := func(a queue.Action, at time.Time) view.Situation {
		t.Helper()
		if _, _, err := s.Execute(queue.Command{ID: fmt.Sprint(at), By: "user/maria", Do: a}, at); err != nil {
			t.Fatal(err)
		}
		return view.NewPublicPage(&view.Scene{Office: "urp", State: s, Now: at}).Situation
	}
	do(queue.Configure{Config: queue.Default()}, opens.Add(-time.Hour))
	if got := do(queue.Open{Counter: "2", Operator: "maria"}, opens.Add(-10*time.Minute)); got != view.OnBreak {
		t.Errorf("with a clerk there before it opens it is %s", got)
	}
	if got := do(queue.Issue{Ticket: "waits", Channel: "anagrafe"}, opens); got != view.IsOpen {
		t.Errorf("when it opens it is %s", got)
	}
	if got := do(queue.Tick{}, opens.Add(11*time.Hour)); got != view.IsAttended {
		t.Errorf("with somebody who waits after it has closed it is %s", got)
	}
}

// TestSituationWithoutTickets has an office within its hours whose tickets are over: it hasn't
// closed, whoever is at a counter or not.
func TestSituationWithoutTickets(t *testing.T) {
	t.Parallel()
	s, opens := new(queue.State), time.Date(2026, 3, 2, 7, 0, 0, 0, time.UTC) // 8:00 in Empoli
	do := func(a queue.Action, at time.Time) *view.PublicPage {
		t.Helper()
		if _, _, err := s.Execute(queue.Command{ID: fmt.Sprint(a, at), By: "user/maria", Do: a}, at); err != nil {
			t.Fatal(err)
		}
		return view.NewPublicPage(&view.Scene{Office: "urp", State: s, Now: at})
	}
	cfg := queue.Default()
	for i := range cfg.Channels {
		cfg.Channels[i].DailyLimit = 1
	}
	do(queue.Configure{Config: cfg}, opens.Add(-time.Hour))
	for i := range cfg.Channels {
		if ch := &cfg.Channels[i]; ch.Season == nil || ch.Season.Contains("2026-03-02") {
			do(queue.Issue{Ticket: queue.TicketID(ch.ID), Channel: ch.ID}, opens)
		}
	}
	for i, a := range []queue.Action{queue.Tick{}, queue.Open{Counter: "2", Operator: "maria"}} {
		at := time.Duration(i+1) * time.Hour
		if v := do(a, opens.Add(at)); v.Open || v.Situation != view.IsFull || v.OpensAt == nil {
			t.Errorf("after %s it is %s, opens at %v", at, v.Situation, v.OpensAt)
		}
	}
	if v := do(queue.Tick{}, opens.Add(11*time.Hour)); v.Situation != view.IsAttended {
		t.Errorf("after it has closed it is %s", v.Situation)
	}
}

func encode(t *testing.T, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestViewsChangeWhenDue has visits that began within a millisecond: the view that is made at the
// moment at which one may be forgotten says so.
func TestViewsChangeWhenDue(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 8, 0, 0, 700_000, time.UTC)
	s := new(queue.State)
	for i, a := range []queue.Action{
		queue.Configure{Config: queue.Default()},
		queue.Open{Counter: "2", Operator: "maria"},
		queue.Issue{Ticket: "long", Channel: "anagrafe"},
		queue.Next{Counter: "2"},
		queue.Start{Counter: "2"},
	} {
		if _, _, err := s.Execute(queue.Command{ID: fmt.Sprint(i), By: "user/maria", Do: a}, now); err != nil {
			t.Fatal(err)
		}
	}
	for end := now.Add(3 * time.Hour); now.Before(end); now = s.Due(now) {
		v, ok := view.NewCounterPage(&view.Scene{Office: "urp", State: s, Now: now}, "2")
		if !ok {
			t.Fatal("no counter 2")
		}
		if v.Forgotten {
			return
		}
	}
	t.Error("nothing was due when the visit may have been forgotten")
}

// TestUnusualHours needs no reason to tell of them: who waits must know when it closes.
func TestUnusualHours(t *testing.T) {
	t.Parallel()
	morning := []calendar.Interval{{From: 9 * 60, To: 12 * 60}}
	monday, sunday := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC), time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		of   string
		now  time.Time
		x    []queue.Exception
		want view.Situation
	}{
		{"a usual day", monday, nil, view.IsOpen},
		{"an early closing", monday, []queue.Exception{{Hours: morning}}, view.IsClosing},
		{"an early closing of a channel", monday, []queue.Exception{{Hours: morning, Only: []queue.ChannelID{"anagrafe"}}}, view.IsOpen},
		{"a Sunday", sunday, []queue.Exception{{Hours: morning}}, view.IsExtra},
		{"a Sunday of one channel", sunday, []queue.Exception{{Hours: morning, Only: []queue.ChannelID{"anagrafe"}, Reason: queue.Text{"it": "elezioni"}}}, view.IsExtra},
		{"a late closing, before the usual one", monday, []queue.Exception{{Hours: []calendar.Interval{{From: 8 * 60, To: 18*60 + 30}, {From: 19 * 60, To: 20 * 60}}}}, view.IsOpen},
		{"a late opening", monday, []queue.Exception{{Hours: []calendar.Interval{{From: 10 * 60, To: 18*60 + 30}}, Reason: queue.Text{"it": "assemblea"}}}, view.IsOpen},
	} {
		cfg, s := queue.Default(), new(queue.State)
		for _, x := range tt.x {
			x.From = calendar.DateOf(tt.now)
			x.To = x.From
			cfg.Exceptions = append(cfg.Exceptions, x)
		}
		if _, _, err := s.Execute(queue.Command{ID: "configure", By: "user/ada", Do: queue.Configure{Config: cfg}}, tt.now); err != nil {
			t.Fatal(err)
		}
		if v := view.NewPublicPage(&view.Scene{Office: "urp", State: s, Now: tt.now}); v.Situation != tt.want {
			t.Errorf("%s: %s, want %s", tt.of, v.Situation, tt.want)
		}
	}
}

// TestChannelThatClosesEarly tells until when, also without a reason.
func TestChannelThatClosesEarly(t *testing.T) {
	t.Parallel()
	monday := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	nine := calendar.Interval{From: 8 * 60, To: 10 * 60}
	for _, tt := range []struct {
		of    string
		x     queue.Exception
		whose string
		until time.Time
	}{
		{"an early closing", queue.Exception{Hours: []calendar.Interval{nine}, Reason: queue.Text{"it": "guasto"}}, "Servizi anagrafici", monday.Add(time.Hour)},
		{"without a reason", queue.Exception{Hours: []calendar.Interval{nine}}, "Servizi anagrafici", monday.Add(time.Hour)},
		{"a channel that doesn't open", queue.Exception{Reason: queue.Text{"it": "guasto"}}, "Servizi anagrafici", time.Time{}},
		{"a late opening without a reason", queue.Exception{Hours: []calendar.Interval{{From: 9 * 60, To: 18*60 + 30}}}, "", time.Time{}},
	} {
		cfg, s := queue.Default(), new(queue.State)
		tt.x.From, tt.x.To, tt.x.Only = "2026-03-02", "2026-03-02", []queue.ChannelID{"anagrafe"}
		cfg.Exceptions = []queue.Exception{tt.x}
		if _, _, err := s.Execute(queue.Command{ID: "configure", By: "user/ada", Do: queue.Configure{Config: cfg}}, monday); err != nil {
			t.Fatal(err)
		}
		v := view.NewPublicPage(&view.Scene{Office: "urp", State: s, Now: monday})
		var until time.Time
		if v.ReasonUntil != nil {
			until = *v.ReasonUntil
		}
		if v.ReasonFor["it"] != tt.whose || !until.Equal(tt.until) || v.Situation != view.IsOpen {
			t.Errorf("%s: of %q until %s, %s", tt.of, v.ReasonFor["it"], until, v.Situation)
		}
	}
}

// TestAppointmentAfterAnEarlyClosing promises nobody a time at which nobody will be there.
func TestAppointmentAfterAnEarlyClosing(t *testing.T) {
	t.Parallel()
	monday := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	cfg, s := queue.Default(), new(queue.State)
	do := func(a queue.Action) {
		t.Helper()
		if _, _, err := s.Execute(queue.Command{By: "user/ada", Do: a}, monday); err != nil {
			t.Fatal(err)
		}
	}
	do(queue.Configure{Config: cfg})
	do(queue.Issue{Ticket: "five", Channel: "anagrafe", Class: queue.Appointment, Slot: monday.Add(8 * time.Hour)})
	do(queue.Issue{Ticket: "soon", Channel: "anagrafe", Class: queue.Appointment, Slot: monday.Add(30 * time.Minute)})
	late := func(id queue.TicketID) bool {
		return view.NewTicketPage(&view.Scene{Office: "urp", State: s, Now: monday}, id).Late
	}
	if late("five") || late("soon") {
		t.Error("an appointment is late on a usual day")
	}
	cfg = queue.Default()
	cfg.Exceptions = []queue.Exception{{From: "2026-03-02", To: "2026-03-02", Hours: []calendar.Interval{{From: 8 * 60, To: 10 * 60}}}}
	cfg.Version = s.Config.Version
	do(queue.Configure{Config: cfg, Version: cfg.Version})
	if !late("five") || late("soon") {
		t.Errorf("with a closing at ten, of 17:00: %v, of 9:30: %v", late("five"), late("soon"))
	}
}

// TestOnDeck asks nobody to come near whose appointment is hours away, though nobody else waits.
func TestOnDeck(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	cfg, s := queue.Default(), new(queue.State)
	cfg.Channels[0].OnDeck = 2
	channel := cfg.Channels[0].ID
	for _, a := range []queue.Action{
		queue.Configure{Config: cfg},
		queue.Issue{Ticket: "later", Channel: channel, Class: queue.Appointment, Slot: now.Add(3 * time.Hour)},
		queue.Issue{Ticket: "first", Channel: channel},
	} {
		if _, _, err := s.Execute(queue.Command{By: "user/ada", Do: a}, now); err != nil {
			t.Fatal(err)
		}
	}
	near := func() []string {
		return view.NewPublicPage(&view.Scene{Office: "urp", State: s, Now: now}).Channels[0].OnDeck
	}
	if got := near(); !slices.Equal(got, []string{s.Tickets["first"].Number}) {
		t.Errorf("at %v: %v", now, got)
	}
	for slot := now.Add(3 * time.Hour); now.Before(slot); now = s.Due(now) {
		if len(near()) == 2 {
			return
		}
	}
	t.Error("whose slot has come isn't asked")
}

// speaking is a voice with a command that says whole sentences.
func speaking(t *testing.T) *voice.Voice {
	t.Helper()
	v, err := voice.New(voice.Options{Folder: t.TempDir(), Command: "true", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(v.Close)
	return v
}

// languages are those in which something is said.
func languages(say []voice.Utterance) []string {
	list := []string{}
	for _, u := range say {
		list = append(list, u.Language)
	}
	return list
}

// TestCallInTheTicketsLanguage has calls spoken in Italian, then in the language of the ticket
// where the office wants that.
func TestCallInTheTicketsLanguage(t *testing.T) {
	t.Parallel()
	now, speaker := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC), speaking(t)
	for _, tt := range []struct {
		wanted bool
		ticket string
		want   []string
	}{
		{true, "en", []string{"it", "en"}},
		{true, "it", []string{"it"}},
		{false, "en", []string{"it"}},
	} {
		cfg, s := queue.Default(), new(queue.State)
		cfg.Voice.TicketLanguage = tt.wanted
		for _, a := range []queue.Action{
			queue.Configure{Config: cfg},
			queue.Open{Counter: "2", Operator: "maria"},
			queue.Issue{Ticket: "called", Channel: "anagrafe", Language: tt.ticket},
			queue.Next{Counter: "2"},
		} {
			if _, _, err := s.Execute(queue.Command{By: "user/maria", Do: a}, now); err != nil {
				t.Fatal(err)
			}
		}
		v, _ := view.NewDisplayPage(&view.Scene{Office: "urp", State: s, Now: now, Voice: speaker}, "sala")
		if len(v.Calls) != 1 {
			t.Fatalf("calls: %+v", v.Calls)
		}
		if got := languages(v.Calls[0].Say); !slices.Equal(got, tt.want) {
			t.Errorf("wanted: %v, a ticket in %s is called in %v, want %v", tt.wanted, tt.ticket, got, tt.want)
		}
	}
}

// TestNoticesReadAloud has a display read those that are to be, in each of their languages, if
// something says whole sentences.
func TestNoticesReadAloud(t *testing.T) {
	t.Parallel()
	now, cfg, s := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC), queue.Default(), new(queue.State)
	text := queue.Text{"en": "The lift is out of order.", "it": "L'ascensore è guasto."}
	cfg.Notices = []queue.Notice{{ID: "aloud", Text: text, Spoken: true}, {ID: "shown", Text: text}}
	if _, _, err := s.Execute(queue.Command{By: "user/ada", Do: queue.Configure{Config: cfg}}, now); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		voice *voice.Voice
		want  []string
	}{"with a command": {speaking(t), []string{"it", "en"}}, "without a voice": {nil, nil}} {
		v, _ := view.NewDisplayPage(&view.Scene{Office: "urp", State: s, Now: now, Voice: tt.voice}, "sala")
		said := map[string][]string{}
		for _, n := range v.Notices {
			said[n.ID] = languages(n.Say)
			for _, u := range n.Say {
				if u.Sentence == "" {
					t.Errorf("%s: %s in %s has no sound", name, n.ID, u.Language)
				}
			}
		}
		if !slices.Equal(said["aloud"], tt.want) || len(said["shown"]) > 0 {
			t.Errorf("%s: %v, want %v of the first alone", name, said, tt.want)
		}
	}
}

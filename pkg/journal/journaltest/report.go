package journaltest

import (
	"errors"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/journal"
	"github.com/eliminacode/eliminacode/pkg/journal/figures"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/google/go-cmp/cmp"
)

// rome is the zone of the default office.
func rome(t *testing.T) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

// twoDays appends a Monday of five visits and a Tuesday of one; nobody is left over.
func twoDays(t *testing.T, j journal.Store) *Office {
	t.Helper()
	o := NewOffice("urp")
	mustAppend(t, j, o.Begin(t))
	at := func(day, hour, minute int, actions ...queue.Action) {
		t.Helper()
		o.Now = time.Date(2026, 3, day, hour, minute, 0, 0, rome(t)).Add(-time.Second) // Do takes a second
		mustAppend(t, j, o.Do(t, actions...))
	}
	at(2, 9, 10, told("late", 600, 1200))
	at(2, 9, 20, Issue("quick"))
	at(2, 9, 30, Issue("absent"))
	at(2, 9, 31, told("gives-up", 600, 1200))
	at(2, 9, 32, queue.Cancel{Ticket: "gives-up"})
	at(2, 9, 40, queue.Next{Counter: "2"}) // after 30 minutes
	at(2, 9, 41, queue.Start{Counter: "2"})
	at(2, 9, 45, queue.Done{Counter: "2", Outcomes: []queue.Outcome{{Service: "carta-identita", Quantity: 1}, {Service: "certificato", Quantity: 3}}})
	at(2, 9, 35+11, queue.CallTicket{Counter: "2", Ticket: "absent"}) // after 16
	at(2, 9, 47, queue.MarkAbsent{Counter: "2"})
	at(2, 9, 50, queue.CallTicket{Counter: "2", Ticket: "quick"}) // after 30 as well
	at(2, 9, 50, queue.Start{Counter: "2"})
	at(2, 9, 52, queue.Done{Counter: "2", Outcomes: []queue.Outcome{{Service: "certificato", Quantity: 1}}})
	at(2, 10, 0, queue.WalkIn{Counter: "1", Ticket: "walk-in", Channel: "protocollo"})
	at(2, 10, 20, queue.Done{Counter: "1"})
	at(3, 8, 30, queue.Tick{})
	at(3, 8, 31, told("tuesday", 240, 360))
	at(3, 8, 31, queue.Open{Counter: "3", Operator: "maria"})
	at(3, 8, 36, queue.Next{Counter: "3"})
	at(3, 8, 36, queue.Start{Counter: "3"})
	at(3, 8, 46, queue.Done{Counter: "3", Outcomes: []queue.Outcome{{Service: "certificato", Quantity: 1}}})
	return o
}

// told is a ticket whose holder is told to wait so many seconds.
func told(id string, low, high queue.Seconds) queue.Action {
	return queue.Issue{
		Ticket: queue.TicketID(id), Channel: "anagrafe", Expected: &queue.Expected{Low: low, Likely: (low + high) / 2, High: high},
	}
}

// wantStats is what twoDays amounts to.
func wantStats() map[figures.By][]figures.Row {
	times := func(count int, mean, p50, p90 queue.Seconds) figures.Times {
		return figures.Times{Count: count, Mean: mean, P50: p50, P90: p90}
	}
	monday9 := figures.Row{
		Issued: 4, Served: 2, Absent: 1, Cancelled: 1, Left: 1, Told: 1,
		Wait: times(4, (1800+1800+960+60)/4, 960, 1800), Service: times(2, 180, 120, 240), Late: 0.5,
	}
	walkIn := figures.Row{Issued: 1, Served: 1, Service: times(1, 1200, 1200, 1200)}
	monday := figures.Row{
		Issued: 5, Served: 3, Absent: 1, Cancelled: 1, Left: 1, Told: 1,
		Wait: monday9.Wait, Service: times(3, (120+240+1200)/3, 240, 1200), Late: 0.5,
	}
	tuesday := figures.Row{Issued: 1, Served: 1, Told: 1, AsTold: 1, Wait: times(1, 300, 300, 300), Service: times(1, 600, 600, 600)}
	registry := figures.Row{
		Issued: 5, Served: 3, Absent: 1, Cancelled: 1, Left: 1, Told: 2, AsTold: 1,
		Wait: times(5, (1800+1800+960+300+60)/5, 960, 1800), Service: times(3, (120+240+600)/3, 240, 600), Late: 0.4,
	}
	never := figures.Row{Issued: 1, Cancelled: 1, Left: 1, Wait: times(1, 60, 60, 60)}
	second := figures.Row{
		Issued: 3, Served: 2, Absent: 1, Told: 1,
		Wait: times(3, (1800+1800+960)/3, 1800, 1800), Service: monday9.Service, Late: 2.0 / 3,
	}
	card := figures.Row{Issued: 1, Served: 1, Told: 1, Quantity: 1, Wait: times(1, 1800, 1800, 1800), Service: times(1, 240, 240, 240), Late: 1}
	certificate := figures.Row{
		Issued: 3, Served: 3, Told: 2, AsTold: 1, Quantity: 5,
		Wait: times(3, (1800+1800+300)/3, 1800, 1800), Service: times(3, (120+240+600)/3, 240, 600), Late: 2.0 / 3,
	}
	key := func(key string, r figures.Row) figures.Row {
		r.Key = key
		return r
	}
	return map[figures.By][]figures.Row{
		figures.ByHour:    {key("08", tuesday), key("09", monday9), key("10", walkIn)},
		figures.ByDay:     {key("2026-03-02", monday), key("2026-03-03", tuesday)},
		figures.ByWeekday: {key("1", monday), key("2", tuesday)},
		figures.ByChannel: {key("anagrafe", registry), key("protocollo", walkIn)},
		figures.ByCounter: {key("", never), key("1", walkIn), key("2", second), key("3", tuesday)},
		figures.ByService: {key("carta-identita", card), key("certificato", certificate)},
	}
}

// checkStats compares all reports of twoDays; quantiles may be off by as much as slack, in seconds.
func checkStats(t *testing.T, j journal.Store, slack float64) {
	t.Helper()
	for by, want := range wantStats() {
		got, err := j.Stats(t.Context(), "urp", "2026-03-02", "2026-03-03", by)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got, near(slack)); diff != "" {
			t.Errorf("by %s (-want +got):\n%s", by, diff)
		}
	}
}

func stats(t *testing.T, j journal.Store) {
	twoDays(t, j)
	checkStats(t, j, 0)
	got, err := j.Stats(t.Context(), "urp", "2026-03-03", "2026-03-03", figures.ByDay)
	if err != nil || len(got) != 1 || got[0].Key != "2026-03-03" {
		t.Errorf("Tuesday alone: %v, %v", got, err)
	}
	for _, c := range []struct {
		office   string
		from, to calendar.Date
	}{{"urp", "2026-03-04", "2026-12-31"}, {"urp", "2026-03-03", "2026-03-02"}, {"other", "2026-03-02", "2026-03-03"}} {
		if got, err := j.Stats(t.Context(), c.office, c.from, c.to, figures.ByDay); err != nil || len(got) != 0 {
			t.Errorf("%v: %v, %v; want nothing", c, got, err)
		}
	}
}

// plainDay counts a Monday by hand on which people give up, come twice when it's too late, are
// passed on and wait for ever, are forgotten at the counter or never called; the office notes its
// end on Tuesday.
func plainDay(t *testing.T, j journal.Store) {
	o := NewOffice("urp")
	mustAppend(t, j, o.Begin(t))
	at := func(day, hour, minute int, actions ...queue.Action) {
		t.Helper()
		o.Now = time.Date(2026, 3, day, hour, minute, 0, 0, rome(t)).Add(-time.Second) // Do takes a second
		mustAppend(t, j, o.Do(t, actions...))
	}
	call := func(ticket queue.TicketID) queue.Action { return queue.CallTicket{Counter: "1", Ticket: ticket} }
	at(2, 9, 10, Issue("served"))
	at(2, 9, 20, call("served")) // after 10 minutes
	at(2, 9, 20, queue.Start{Counter: "1"})
	at(2, 9, 25, queue.Done{Counter: "1"})
	at(2, 9, 30, Issue("gives-up"))
	at(2, 10, 0, queue.Cancel{Ticket: "gives-up"}) // after 30
	at(2, 10, 0, Issue("twice"))
	at(2, 10, 10, call("twice")) // after 10
	at(2, 10, 11, queue.MarkAbsent{Counter: "1"})
	at(2, 10, 15, call("twice"))
	at(2, 10, 16, queue.MarkAbsent{Counter: "1"})
	at(2, 10, 50, Issue("passed-on"))
	at(2, 10, 55, call("passed-on")) // after 5, and then for ever
	at(2, 10, 55, queue.Start{Counter: "1"})
	at(2, 11, 0, queue.Transfer{Counter: "1", Channel: "altri-servizi"})
	at(2, 11, 0, Issue("forgotten"))
	at(2, 11, 5, call("forgotten")) // after 5
	at(2, 11, 5, queue.Start{Counter: "1"})
	at(2, 12, 0, Issue("never-called"))
	at(2, 14, 5, queue.Done{Counter: "1"}) // three hours
	at(2, 18, 0, queue.Close{Counter: "1"})
	at(2, 18, 0, queue.Close{Counter: "2"})
	at(3, 7, 55, queue.Tick{}) // the office ended its day at 18:30

	const passedOn, neverCalled = 5*60 + 7.5*3600, 6.5 * 3600
	want := figures.Row{
		Key: "2026-03-02", Issued: 6, Served: 2, Absent: 1, Cancelled: 1, Left: 3, Inexact: 1,
		Wait:    figures.Times{Count: 6, Mean: (600 + 1800 + 600 + passedOn + 300 + neverCalled) / 6, P50: 600, P90: passedOn},
		Service: figures.Times{Count: 1, Mean: 300, P50: 300, P90: 300},
		Late:    0.5,
	}
	check := func(slack float64) {
		t.Helper()
		got, err := j.Stats(t.Context(), "urp", "2026-03-02", "2026-03-02", figures.ByDay)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]figures.Row{want}, got, near(slack)); diff != "" {
			t.Errorf("(-counted by hand +got):\n%s", diff)
		}
	}
	check(0)
	save(t, j, o)
	if err := j.Prune(t.Context(), "urp", o.Now); err != nil {
		t.Fatal(err)
	}
	if n := count(t, j, "tickets"); n != 0 {
		t.Errorf("%d tickets are left", n)
	}
	check(150)
}

// near compares durations, of which quantiles may be off by as much as slack, in seconds.
func near(slack float64) cmp.Option {
	return cmp.Comparer(func(a, b figures.Times) bool {
		near := func(a, b queue.Seconds, slack float64) bool { return math.Abs(float64(a-b)) <= slack }
		return a.Count == b.Count && near(a.Mean, b.Mean, 1e-6) && near(a.P50, b.P50, slack) && near(a.P90, b.P90, slack)
	})
}

// save keeps a snapshot of an office as it is.
func save(t *testing.T, j journal.Store, o *Office) {
	t.Helper()
	if err := j.SaveSnapshot(t.Context(), o.Name, journal.Snapshot{Seq: o.State.Seq, State: fmt.Appendf(nil, `{"seq":%d}`, o.State.Seq)}); err != nil {
		t.Fatal(err)
	}
}

// prune prunes Monday, then Tuesday too: the reports stay what they were.
func prune(t *testing.T, j journal.Store) {
	o := twoDays(t, j)
	save(t, j, o)
	other := NewOffice("other")
	mustAppend(t, j, other.Begin(t))
	mustAppend(t, j, other.Do(t, Issue("a")))
	save(t, j, other)

	for _, c := range []struct {
		before                               time.Time
		tickets, calls, outcomes, aggregates int
	}{
		{time.Date(2026, 3, 2, 23, 0, 0, 0, rome(t)), 7, 4, 4, 0},
		{time.Date(2026, 3, 3, 0, 0, 0, 0, rome(t)), 2, 1, 1, 5},
		{time.Date(2026, 3, 3, 12, 0, 0, 0, rome(t)), 2, 1, 1, 5},
		{time.Date(2026, 3, 4, 0, 0, 0, 0, rome(t)), 1, 0, 0, 7},
		{time.Date(2026, 3, 4, 0, 0, 0, 0, rome(t)), 1, 0, 0, 7},
	} {
		if err := j.Prune(t.Context(), "urp", c.before); err != nil {
			t.Fatal(err)
		}
		checkStats(t, j, 150)
		for table, want := range map[string]int{"tickets": c.tickets, "calls": c.calls, "outcomes": c.outcomes, "aggregates": c.aggregates} {
			if got := count(t, j, table); got != want {
				t.Errorf("before %v: %d rows in %s, want %d", c.before, got, table, want)
			}
		}
	}
	events, err := j.Events(t.Context(), "urp", 0, 1000)
	if err != nil || len(events) != 2 || events[0].Config == nil || events[1].Seq != o.State.Seq {
		t.Errorf("%d events are left, %v; want the configuration and the newest", len(events), err)
	}
	mustAppend(t, j, o.Do(t, Issue("next"))) // the journal goes on
	if err := j.Append(t.Context(), journal.Batch{Office: "urp", Events: events[1:]}); !errors.Is(err, journal.ErrConflict) {
		t.Errorf("a seq that is taken: %v, want ErrConflict", err)
	}
	if events, err := j.Events(t.Context(), "other", 0, 1000); err != nil || int64(len(events)) != other.State.Seq {
		t.Errorf("the other office has %d events, %v; want %d", len(events), err, other.State.Seq)
	}
	if names, err := j.Offices(t.Context()); err != nil || len(names) != 2 {
		t.Errorf("offices: %q, %v", names, err)
	}
}

// pruneKeeps prunes what mustn't go.
func pruneKeeps(t *testing.T, j journal.Store) {
	o := NewOffice("urp")
	mustAppend(t, j, o.Begin(t))
	mustAppend(t, j, o.Do(t, Issue("waits"), Issue("comes"), queue.CallTicket{Counter: "2", Ticket: "comes"}, queue.Done{Counter: "2"}))
	far := o.Now.AddDate(1, 0, 0)
	if err := j.Prune(t.Context(), "urp", far); err != nil {
		t.Fatal(err)
	}
	if events, err := j.Events(t.Context(), "urp", 0, 1000); err != nil || int64(len(events)) != o.State.Seq {
		t.Errorf("without a snapshot: %d events, %v; want all %d", len(events), err, o.State.Seq)
	}
	if n := count(t, j, "tickets"); n != 1 {
		t.Errorf("%d tickets, want the one that waits", n)
	}
	save(t, j, o)
	saved := o.State.Seq
	mustAppend(t, j, o.Do(t, Issue("after"), queue.CallTicket{Counter: "2", Ticket: "waits"}, queue.Done{Counter: "2"}))
	if err := j.Prune(t.Context(), "urp", far); err != nil {
		t.Fatal(err)
	}
	events, err := j.Events(t.Context(), "urp", 0, 1000)
	if err != nil || int64(len(events)) != 1+o.State.Seq-saved || events[0].Config == nil || events[1].Seq != saved+1 {
		t.Errorf("%d events, %v; want the configuration and those after %d", len(events), err, saved)
	}
	// The office is still there: it doesn't begin a second time where its first events were.
	if err := j.Append(t.Context(), NewOffice("urp").Begin(t)); !errors.Is(err, journal.ErrConflict) {
		t.Errorf("a second beginning: %v, want a conflict", err)
	}
	rows, err := j.Stats(t.Context(), "urp", "2026-03-02", "2026-03-02", figures.ByDay)
	if err != nil || len(rows) != 1 || rows[0].Issued != 3 || rows[0].Served != 2 {
		t.Errorf("a day that was pruned in parts: %+v, %v; want 3 issued and 2 served", rows, err)
	}
}

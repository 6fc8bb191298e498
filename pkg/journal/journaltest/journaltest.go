// Package journaltest is what every journal is held to. It looks at the rows,
// too: both engines have the same tables.
package journaltest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/journal"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/google/go-cmp/cmp"
)

// Run runs the suite. Open gives each test a new, empty journal, which the test closes.
func Run(t *testing.T, open func(t *testing.T) journal.Store) {
	for name, test := range map[string]func(t *testing.T, j journal.Store){
		"RoundTrip":  roundTrip,
		"Limits":     limits,
		"Conflict":   conflict,
		"Gap":        gap,
		"Atomicity":  atomicity,
		"Large":      large,
		"Text":       text,
		"Snapshots":  snapshots,
		"Offices":    offices,
		"Race":       race,
		"Cancelled":  cancelled,
		"Ping":       ping,
		"Follow":     follow,
		"Closed":     closed,
		"Rows":       rowsAgree,
		"RowsAtOnce": rowsAgreeAtOnce,
		"NeverWas":   neverWas,
		"Stats":      stats,
		"Hours":      hours,
		"Waited":     waited,
		"Visits":     visitLog,
		"PlainDay":   plainDay,
		"Prune":      prune,
		"PruneKeeps": pruneKeeps,
		"Operators":  operators,
		"Versions":   versions,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			j := open(t)
			t.Cleanup(func() {
				if err := j.Close(); err != nil {
					t.Errorf("close: %v", err)
				}
			})
			test(t, j)
		})
	}
}

// morning is a sequence of batches in which everything happens that events can say.
func morning(t *testing.T, o *Office) []journal.Batch {
	t.Helper()
	one := func(a ...queue.Action) journal.Batch { return o.Do(t, a...) }
	batches := []journal.Batch{
		o.Begin(t),
		one(Issue("a"), Issue("b"), Issue("c"), Issue("d"), queue.Issue{Ticket: "p", Channel: "protocollo", Class: queue.Priority}),
		one(queue.Next{Counter: "2"}),
		one(queue.Recall{Counter: "2"}),
		one(queue.Recall{Counter: "2"}, queue.Undo{Counter: "2"}),
		one(queue.Start{Counter: "2"}),
		one(queue.Done{Counter: "2", Outcomes: []queue.Outcome{{Service: "carta-identita", Quantity: 1}, {Service: "certificato", Quantity: 2}, {Service: "certificato", Quantity: 1}}}),
		one(queue.Undo{Counter: "2"}),
		one(queue.Done{Counter: "2", Outcomes: []queue.Outcome{{Service: "certificato", Quantity: 5}}}),
		one(queue.Next{Counter: "2"}, queue.MarkAbsent{Counter: "2"}, queue.Next{Counter: "2"}),
		one(queue.Hold{Counter: "2", Reason: "modulo", For: time.Minute}),
		one(queue.CallTicket{Counter: "1", Number: "A004"}, queue.Undo{Counter: "1"}),
		one(queue.CallTicket{Counter: "1", Number: "A004"}, queue.Transfer{Counter: "1", Channel: "altri-servizi", Return: true, Outcomes: []queue.Outcome{{Service: "informazioni", Quantity: 1}}}),
		one(queue.WalkIn{Counter: "1", Ticket: "w", Channel: "protocollo"}),
		one(queue.Undo{Counter: "1"}),
		one(queue.WalkIn{Counter: "1", Ticket: "w", Channel: "protocollo"}, queue.Undo{Counter: "1"}, queue.WalkIn{Counter: "1", Ticket: "v", Channel: "protocollo"}),
		one(queue.Cancel{Ticket: "c", Reason: "se ne va"}),
		one(queue.Reinstate{Ticket: "a"}),
		one(queue.LeaseNumbers{Totem: "t1"}, queue.Issue{Ticket: "asked", Channel: "anagrafe", Totem: "t1", Print: true}),
		one(queue.Printed{Ticket: "asked", Result: queue.PrintFailed, Reason: "paper_out"}, queue.Reprint{Ticket: "asked"}),
		one(handOver("asked", "A900", o.Now), handOver("offline", "A901", o.Now)), // the first is renumbered
		one(queue.Roll{Channel: "anagrafe", Last: 9, Tickets: []queue.TicketID{"r1", "r2", "r3", "r4"}}),
	}
	given := o.Now
	o.Now = o.Now.Add(24 * time.Hour)
	return append(
		batches,
		one(queue.Tick{}),
		one(handOver("late", "A902", given)), // of the day before
		one(queue.Printed{Ticket: "late", Result: queue.PrintYes}),
	)
}

func handOver(id queue.TicketID, number string, at time.Time) queue.Action {
	return queue.IssueOffline{Totem: "t1", Ticket: id, Number: number, Channel: "anagrafe", At: at}
}

func roundTrip(t *testing.T, j journal.Store) {
	ctx, o := t.Context(), NewOffice("urp")
	var want []queue.Event
	for _, b := range morning(t, o) {
		mustAppend(t, j, b)
		want = append(want, b.Events...)
	}
	got, err := j.Events(ctx, "urp", 0, 10_000)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("events come back changed (-want +got):\n%s", diff)
	}
	kinds := map[queue.Kind]bool{}
	again := new(queue.State)
	for i := range got {
		kinds[got[i].Kind] = true
		again.Apply(&got[i])
	}
	if !kinds[queue.ConfigChanged] || !kinds[queue.StepUndone] {
		t.Errorf("the morning lacks what is hard to store: %v", kinds)
	}
	if diff := cmp.Diff(o.State.Tickets, again.Tickets); diff != "" {
		t.Errorf("the replayed state differs (-want +got):\n%s", diff)
	}
}

func limits(t *testing.T, j journal.Store) {
	ctx, o := t.Context(), NewOffice("urp")
	mustAppend(t, j, o.Begin(t))
	mustAppend(t, j, o.Do(t, Issue("a"), Issue("b"), Issue("c")))
	last := o.State.Seq
	for _, c := range []struct {
		office string
		after  int64
		limit  int
		want   []int64
	}{
		{"urp", 0, 2, []int64{1, 2}},
		{"urp", 2, 2, []int64{3, 4}},
		{"urp", last - 1, 100, []int64{last}},
		{"urp", last, 100, nil},
		{"urp", 0, 0, nil},
		{"nowhere", 0, 100, nil},
	} {
		events, err := j.Events(ctx, c.office, c.after, c.limit)
		if err != nil {
			t.Fatal(err)
		}
		var seqs []int64
		for _, e := range events {
			seqs = append(seqs, e.Seq)
		}
		if diff := cmp.Diff(c.want, seqs); diff != "" {
			t.Errorf("%d events of %s after %d (-want +got):\n%s", c.limit, c.office, c.after, diff)
		}
	}
}

func conflict(t *testing.T, j journal.Store) {
	o := NewOffice("urp")
	first := o.Begin(t)
	mustAppend(t, j, first)
	second := o.Do(t, Issue("a"), Issue("b"))
	mustAppend(t, j, second)
	for name, b := range map[string]journal.Batch{"the last batch again": second, "the first batch again": first} {
		if err := j.Append(t.Context(), b); !errors.Is(err, journal.ErrConflict) || errors.Is(err, journal.ErrUnavailable) {
			t.Errorf("%s: %v, want ErrConflict alone", name, err)
		}
	}
	mustAppend(t, j, o.Do(t, Issue("c"))) // the journal goes on
}

func gap(t *testing.T, j journal.Store) {
	o := NewOffice("urp")
	first := o.Begin(t)
	lost := o.Do(t, Issue("a"))
	early := o.Do(t, Issue("b"))
	if err := j.Append(t.Context(), lost); !errors.Is(err, journal.ErrConflict) {
		t.Errorf("an office that doesn't begin with 1: %v, want ErrConflict", err)
	}
	mustAppend(t, j, first)
	if err := j.Append(t.Context(), early); !errors.Is(err, journal.ErrConflict) {
		t.Errorf("a seq is missing before the batch: %v, want ErrConflict", err)
	}
	hole := journal.Batch{Office: "urp", Events: append(lost.Events[:1:1], o.Do(t, Issue("c")).Events...)}
	if err := j.Append(t.Context(), hole); !errors.Is(err, journal.ErrConflict) {
		t.Errorf("a seq is missing inside the batch: %v, want ErrConflict", err)
	}
	mustAppend(t, j, lost)
	mustAppend(t, j, early)
}

// atomicity appends a batch whose last row can't be written: nothing of it may stay.
func atomicity(t *testing.T, j journal.Store) {
	ctx, o := t.Context(), NewOffice("urp")
	mustAppend(t, j, o.Begin(t))
	last := o.State.Seq
	b := o.Do(t, Issue("a"), queue.Next{Counter: "2"}, queue.Done{Counter: "2", Outcomes: []queue.Outcome{{Service: "certificato", Quantity: 1}}})
	const inTheWay = `
INSERT INTO outcomes (office, seq, service, quantity, at, day, ticket, counter)
VALUES ('urp', $1, 'certificato', 1, 0, '', '', '')`
	if _, err := j.DB().ExecContext(ctx, inTheWay, o.State.Seq); err != nil {
		t.Fatal(err)
	}
	if err := j.Append(ctx, b); err == nil || errors.Is(err, journal.ErrConflict) {
		t.Fatalf("%v, want an error that isn't ErrConflict", err)
	}
	events, err := j.Events(ctx, "urp", last, 10)
	if err != nil || len(events) != 0 {
		t.Errorf("after a refused batch: %d events, %v", len(events), err)
	}
	for _, table := range []string{"tickets", "calls"} {
		if n := count(t, j, table); n != 0 {
			t.Errorf("after a refused batch: %d rows in %s", n, table)
		}
	}
	if _, err := j.DB().ExecContext(ctx, `DELETE FROM outcomes`); err != nil {
		t.Fatal(err)
	}
	twice := b
	twice.Tickets = append(b.Tickets[:1:1], b.Tickets[0])
	for name, bad := range map[string]journal.Batch{"without events": {Office: "urp"}, "without an office": {Events: b.Events}, "with a ticket twice": twice} {
		if err := j.Append(ctx, bad); err == nil || errors.Is(err, journal.ErrUnavailable) {
			t.Errorf("a batch %s: %v", name, err)
		}
	}
	mustAppend(t, j, b)
}

// large appends more in one batch than a statement of SQLite takes, several times.
func large(t *testing.T, j journal.Store) {
	o := NewOffice("urp")
	mustAppend(t, j, o.Begin(t))
	const n = 3_001
	var actions []queue.Action
	for i := range n {
		actions = append(actions, Issue(fmt.Sprintf("ticket-%d", i)))
	}
	mustAppend(t, j, o.Do(t, actions...))
	events, err := j.Events(t.Context(), "urp", 0, 10_000)
	if err != nil || int64(len(events)) != o.State.Seq {
		t.Errorf("%d events, %v; want %d", len(events), err, o.State.Seq)
	}
	if rows := count(t, j, "tickets"); rows != n {
		t.Errorf("%d tickets, want %d", rows, n)
	}
}

// text appends what people type.
func text(t *testing.T, j journal.Store) {
	o := NewOffice("urp")
	mustAppend(t, j, o.Begin(t))
	for _, reason := range []string{`l'"annullo" \ %s $1 ?`, "però: ±€ 😀", "a\x00b", "a\xffb", "\n\t\u2028"} {
		e := queue.Event{Seq: o.State.Seq + 1, At: o.Now, Kind: queue.CounterPaused, Counter: "1", Reason: reason}
		o.State.Apply(&e)
		mustAppend(t, j, Batch("urp", []queue.Event{e}, o.State))
		events, err := j.Events(t.Context(), "urp", e.Seq-1, 1)
		if err != nil || len(events) != 1 {
			t.Fatalf("%d events, %v", len(events), err)
		}
		want := string([]rune(reason)) // what isn't UTF-8 becomes a replacement character
		if events[0].Reason != want {
			t.Errorf("%q came back as %q", want, events[0].Reason)
		}
	}
}

func snapshots(t *testing.T, j journal.Store) {
	ctx := t.Context()
	save := func(office string, s journal.Snapshot) {
		t.Helper()
		if err := j.SaveSnapshot(ctx, office, s); err != nil {
			t.Fatal(err)
		}
	}
	want := func(office string, want journal.Snapshot) {
		t.Helper()
		got, err := j.Snapshot(ctx, office)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("snapshot of %s (-want +got):\n%s", office, diff)
		}
	}
	want("urp", journal.Snapshot{})
	save("urp", journal.Snapshot{Seq: 5, State: []byte(`{"seq":5, "calls":null}`)})
	want("urp", journal.Snapshot{Seq: 5, State: []byte(`{"seq":5, "calls":null}`)})
	save("urp", journal.Snapshot{Seq: 9, State: []byte(`{"seq":9}`)})
	save("urp", journal.Snapshot{Seq: 7, State: []byte(`{"seq":7}`)}) // a slower server's
	want("urp", journal.Snapshot{Seq: 9, State: []byte(`{"seq":9}`)})
	want("other", journal.Snapshot{})
	if n := count(t, j, "snapshots"); n != 1 {
		t.Errorf("%d snapshots, want the newest alone", n)
	}
}

func offices(t *testing.T, j journal.Store) {
	ctx := t.Context()
	if names, err := j.Offices(ctx); err != nil || len(names) != 0 {
		t.Errorf("offices of an empty journal: %q, %v", names, err)
	}
	for _, name := range []string{"urp", "anagrafe", "ponte-a-elsa", "Urp", "città"} {
		o := NewOffice(name)
		mustAppend(t, j, o.Begin(t))
		mustAppend(t, j, o.Do(t, Issue("same-id")))
	}
	names, err := j.Offices(ctx)
	if err != nil {
		t.Fatal(err)
	}
	// In the order of bytes, whatever the database thinks of languages.
	if diff := cmp.Diff([]string{"Urp", "anagrafe", "città", "ponte-a-elsa", "urp"}, names); diff != "" {
		t.Errorf("offices (-want +got):\n%s", diff)
	}
	if n := count(t, j, "tickets"); n != len(names) {
		t.Errorf("%d tickets, want one in each of %d offices", n, len(names))
	}
}

func mustAppend(t *testing.T, j journal.Journal, b journal.Batch) {
	t.Helper()
	if err := j.Append(t.Context(), b); err != nil {
		t.Fatal(err)
	}
}

func count(t *testing.T, j journal.Store, table string) (n int) {
	t.Helper()
	if err := j.DB().QueryRowContext(t.Context(), "SELECT COUNT(*) FROM "+table).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

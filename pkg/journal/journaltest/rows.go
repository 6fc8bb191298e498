package journaltest

import (
	"cmp"
	"database/sql"
	"slices"
	"testing"

	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/journal"
	"github.com/eliminacode/eliminacode/pkg/queue"
	gocmp "github.com/google/go-cmp/cmp"
)

// call and outcome are the rows that an auditor would derive from the events.
type (
	call struct {
		Seq       int64
		Ticket    string
		Counter   string
		Recall    bool
		OutOfTurn bool
		At        int64
		Day       string
	}
	outcome struct {
		Ticket   string
		Service  string
		Quantity int
	}
)

func rowsAgree(t *testing.T, j journal.Store) {
	o := NewOffice("urp")
	var events []queue.Event
	tickets := map[queue.TicketID]queue.Ticket{}
	for _, b := range morning(t, o) {
		mustAppend(t, j, b)
		events = append(events, b.Events...)
		for _, row := range b.Tickets {
			tickets[row.ID] = row
		}
	}
	checkRows(t, j, events, tickets)
}

// rowsAgreeAtOnce joins the whole morning in one batch: undone within it.
func rowsAgreeAtOnce(t *testing.T, j journal.Store) {
	o := NewOffice("urp")
	var events []queue.Event
	tickets := map[queue.TicketID]queue.Ticket{}
	for _, b := range morning(t, o) {
		events = append(events, b.Events...)
		for _, row := range b.Tickets {
			tickets[row.ID] = row
		}
	}
	b := journal.Batch{Office: "urp", Events: events}
	for _, row := range tickets {
		b.Tickets = append(b.Tickets, row)
	}
	mustAppend(t, j, b)
	checkRows(t, j, events, tickets)
}

// checkRows compares the rows with what the events say.
func checkRows(t *testing.T, j journal.Store, events []queue.Event, tickets map[queue.TicketID]queue.Ticket) {
	t.Helper()
	var calls []call
	done := map[outcome]int{}
	var dropped []int64 // seqs of the events that were undone
	for i := range events {
		for _, old := range events[i].Restored {
			for _, e := range events[:i] {
				if e.Ticket == old.ID && e.Seq > old.Touched {
					dropped = append(dropped, e.Seq)
				}
			}
			if old.State == "" && tickets[old.ID].Touched <= events[i].Seq {
				delete(tickets, old.ID)
			}
		}
	}
	for _, e := range events {
		if slices.Contains(dropped, e.Seq) && e.Kind != queue.TicketRecalled { // that was heard
			continue
		}
		if e.Kind == queue.TicketCalled || e.Kind == queue.TicketRecalled {
			calls = append(calls, call{
				Seq: e.Seq, Ticket: string(e.Ticket), Counter: string(e.Counter), Recall: e.Kind == queue.TicketRecalled,
				OutOfTurn: e.OutOfTurn, At: e.At.UnixMicro(), Day: string(calendar.DateOf(tickets[e.Ticket].Issued)),
			})
		}
		for _, o := range e.Outcomes {
			done[outcome{Ticket: string(e.Ticket), Service: o.Service}] += o.Quantity
		}
	}
	got := query(t, j, `SELECT seq, ticket, counter, recall, out_of_turn, at, day FROM calls ORDER BY seq`, func(r *sql.Rows, c *call) error {
		return r.Scan(&c.Seq, &c.Ticket, &c.Counter, &c.Recall, &c.OutOfTurn, &c.At, &c.Day)
	})
	if diff := gocmp.Diff(calls, got); diff != "" || len(calls) == 0 {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
	rows := query(t, j, `SELECT ticket, service, SUM(quantity) FROM outcomes GROUP BY ticket, service`, func(r *sql.Rows, o *outcome) error {
		return r.Scan(&o.Ticket, &o.Service, &o.Quantity)
	})
	sums := map[outcome]int{}
	for _, o := range rows {
		sums[outcome{Ticket: o.Ticket, Service: o.Service}] = o.Quantity
	}
	if diff := gocmp.Diff(done, sums); diff != "" || len(done) == 0 {
		t.Errorf("outcomes (-want +got):\n%s", diff)
	}
	checkTickets(t, j, tickets)
	for id, k := range tickets {
		if k.State.Live() {
			t.Errorf("ticket %s is %s after the day's end: the morning isn't whole", id, k.State)
		}
	}
}

// ticket is a row of the table tickets.
type ticket struct {
	ID, Day                            string
	Hour                               int
	Number, Channel, Class, State      string
	Counter                            string
	Issued, Entered                    int64
	Waited, Way, Service, Held, Absent float64
	Calls, Transferred                 int
	Inexact                            bool
	Touched                            int64
	GaveUp                             bool
	Expected                           int
}

// asExpected is 1 where somebody who was called waited otherwise than was said, and 2 where as was
// said.
func asExpected(t *queue.Ticket) int {
	e := t.Expected
	if e == nil || t.Call == 0 || t.Out || t.Passed > 0 || t.Returned || t.Postponed {
		return 0
	}
	if e.Low <= t.Waited && t.Waited <= e.High {
		return 2
	}
	return 1
}

const ticketsQuery = `
SELECT id, day, hour, number, channel, class, state, counter, issued, entered,
    waited_s, way_s, service_s, held_s, absent_s, calls, transferred, inexact, touched, gave_up, expected
FROM tickets`

func checkTickets(t *testing.T, j journal.Store, tickets map[queue.TicketID]queue.Ticket) {
	t.Helper()
	var want []ticket
	for _, k := range tickets {
		want = append(want, ticket{
			ID: string(k.ID), Day: k.Issued.Format("2006-01-02"), Hour: k.Issued.Hour(), Number: k.Number,
			Channel: string(k.Channel), Class: string(k.Class), State: string(k.State), Counter: string(k.Counter),
			Issued: k.Issued.UnixMicro(), Entered: k.Entered.UnixMicro(),
			Waited: float64(k.Waited), Way: float64(k.Way), Service: float64(k.Service), Held: float64(k.HeldFor), Absent: float64(k.AbsentFor),
			Calls: k.Calls, Transferred: k.Passed, Inexact: k.Inexact, Touched: k.Touched, GaveUp: k.Left, Expected: asExpected(&k),
		})
	}
	got := query(t, j, ticketsQuery, func(r *sql.Rows, k *ticket) error {
		return r.Scan(&k.ID, &k.Day, &k.Hour, &k.Number, &k.Channel, &k.Class, &k.State, &k.Counter, &k.Issued, &k.Entered,
			&k.Waited, &k.Way, &k.Service, &k.Held, &k.Absent, &k.Calls, &k.Transferred, &k.Inexact, &k.Touched, &k.GaveUp, &k.Expected)
	})
	byID := func(a, b ticket) int { return cmp.Compare(a.ID, b.ID) }
	slices.SortFunc(want, byID)
	slices.SortFunc(got, byID)
	if diff := gocmp.Diff(want, got); diff != "" || len(want) == 0 {
		t.Errorf("tickets (-want +got):\n%s", diff)
	}
}

// neverWas undoes a visit without a ticket, in batches of their own and in the same one.
func neverWas(t *testing.T, j journal.Store) {
	o := NewOffice("urp")
	mustAppend(t, j, o.Begin(t))
	mustAppend(t, j, o.Do(t, queue.WalkIn{Counter: "1", Ticket: "w", Channel: "protocollo"}))
	if n := count(t, j, "tickets"); n != 1 {
		t.Fatalf("%d tickets, want the visit", n)
	}
	mustAppend(t, j, o.Do(t, queue.Undo{Counter: "1"}))
	if n := count(t, j, "tickets"); n != 0 {
		t.Errorf("%d tickets after the visit was undone", n)
	}
	walk := queue.WalkIn{Counter: "1", Ticket: "w", Channel: "protocollo"}
	begun := o.Do(t, walk)
	undone := o.Do(t, queue.Undo{Counter: "1"})
	both := journal.Batch{Office: "urp", Events: append(begun.Events, undone.Events...), Tickets: begun.Tickets}
	mustAppend(t, j, both)
	if n := count(t, j, "tickets"); n != 0 {
		t.Errorf("%d tickets after the visit was undone in its own batch", n)
	}
	mustAppend(t, j, o.Do(t, walk, queue.Undo{Counter: "1"}, walk))
	if n := count(t, j, "tickets"); n != 1 {
		t.Errorf("%d tickets after the visit was undone and begun again", n)
	}
}

func query[T any](t *testing.T, j journal.Store, query string, scan func(*sql.Rows, *T) error) (all []T) {
	t.Helper()
	rows, err := j.DB().QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var row T
		if err := scan(rows, &row); err != nil {
			t.Fatal(err)
		}
		all = append(all, row)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

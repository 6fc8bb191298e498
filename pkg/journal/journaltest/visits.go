package journaltest

import (
	"bytes"
	"errors"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/eliminacode/eliminacode/pkg/journal"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/visits"
)

// visitLog writes visits of two days as a log, and reads it again: who was served, absent, or left,
// who was passed on, put aside and called again, and who came without a ticket.
func visitLog(t *testing.T, j journal.Store) {
	o := NewOffice("urp")
	mustAppend(t, j, o.Begin(t))
	rome := rome(t)
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 3, day, hour, minute, 0, 0, rome) }
	do := func(now time.Time, actions ...queue.Action) {
		t.Helper()
		for _, a := range actions {
			o.Now = now.Add(-time.Second) // Do takes a second
			mustAppend(t, j, o.Do(t, a))
		}
	}
	call := func(ticket queue.TicketID) queue.Action { return queue.CallTicket{Counter: "1", Ticket: ticket} }
	start, done := queue.Start{Counter: "1"}, queue.Done{Counter: "1"}
	do(at(2, 9, 10), Issue("served"), Issue("passed-on"), Issue("absent"))
	do(at(2, 9, 11), Issue("gives-up"))
	do(at(2, 9, 12), Issue("undone"), Issue("never"))
	do(at(2, 9, 20), call("served"))
	do(at(2, 9, 21), queue.Recall{Counter: "1"}) // which is no other call
	do(at(2, 9, 22), start)
	do(at(2, 9, 30), done)
	do(at(2, 9, 31), queue.Cancel{Ticket: "gives-up"})
	do(at(2, 9, 32), call("undone"))
	do(at(2, 9, 32), queue.Undo{Counter: "1"}) // the call never was
	do(at(2, 9, 35), call("passed-on"))
	do(at(2, 9, 36), start)
	do(at(2, 9, 40), queue.Transfer{Counter: "1", Channel: "protocollo"}) // after 5 minutes
	do(at(2, 9, 41), queue.WalkIn{Counter: "1", Ticket: "walk-in", Channel: "altri-servizi"})
	do(at(2, 9, 44), done)
	do(at(2, 9, 45), call("absent"))
	do(at(2, 9, 47), queue.MarkAbsent{Counter: "1"})
	do(at(2, 9, 50), queue.CallTicket{Counter: "2", Ticket: "passed-on"})
	do(at(2, 9, 50), queue.Start{Counter: "2"})
	do(at(2, 9, 53), queue.Done{Counter: "2"}) // after another 3
	do(at(2, 10, 0), call("undone"), start)
	do(at(2, 10, 1), queue.Hold{Counter: "1"})
	do(at(2, 10, 10), queue.Cancel{Ticket: "undone"})
	do(at(2, 18, 30), queue.Close{Counter: "1"}, queue.Close{Counter: "2"})
	do(at(3, 8, 1), queue.Tick{}, queue.Open{Counter: "1", Operator: "maria"})
	do(at(3, 8, 2), Issue("tuesday"), Issue("still-there"))
	do(at(3, 8, 3), call("tuesday"), done, call("still-there"))

	registry := func(arrived, called, ended time.Time, counter string, outcome visits.Outcome) visits.Visit {
		return visits.Visit{Arrived: arrived, Called: called, Ended: ended, Channel: "anagrafe", Counter: counter, Outcome: outcome}
	}
	passedOn := registry(at(2, 9, 10), at(2, 9, 35), at(2, 9, 43), "2", visits.Served)
	passedOn.Channel = "protocollo"
	walkIn := registry(at(2, 9, 41), at(2, 9, 41), at(2, 9, 44), "1", visits.Served)
	walkIn.Channel = "altri-servizi"
	want := []visits.Visit{
		registry(at(2, 9, 10), at(2, 9, 45), at(2, 9, 47), "1", visits.Absent),
		passedOn,
		registry(at(2, 9, 10), at(2, 9, 20), at(2, 9, 30), "1", visits.Served),
		registry(at(2, 9, 11), time.Time{}, at(2, 9, 31), "", visits.Left),
		registry(at(2, 9, 12), time.Time{}, time.Time{}, "", visits.Left),
		registry(at(2, 9, 12), at(2, 10, 0), at(2, 10, 1), "1", visits.Absent),
		walkIn,
		registry(at(3, 8, 2), at(3, 8, 3), at(3, 8, 3), "1", visits.Served),
	}
	check := func(want []visits.Visit) {
		t.Helper()
		var b bytes.Buffer
		w := visits.NewWriter(&b)
		for v, err := range j.Visits(t.Context(), "urp", "2026-01-01", "2026-12-31", rome) {
			if err := errors.Join(err, w.Write(v)); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		got, err := visits.Read(&b)
		if diff := gocmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
	}
	check(want)
	for v, err := range j.Visits(t.Context(), "urp", "2026-03-02", "2026-03-02", rome) {
		if err != nil || !v.Arrived.Equal(at(2, 9, 10)) {
			t.Errorf("the first one: %+v, %v", v, err)
		}
		break // and no more of them
	}
	for v, err := range j.Visits(t.Context(), "other", "2026-03-02", "2026-03-03", rome) {
		t.Errorf("another office: %+v, %v", v, err)
	}
	save(t, j, o)
	if err := j.Prune(t.Context(), "urp", at(3, 0, 0)); err != nil {
		t.Fatal(err)
	}
	check(want[7:])
}

package journaltest

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/journal"
	"github.com/eliminacode/eliminacode/pkg/journal/figures"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/google/go-cmp/cmp"
)

// operators counts the visits of two days by clerk, and finds nothing of any clerk once the days
// are pruned.
func operators(t *testing.T, j journal.Store) {
	o := NewOffice("urp")
	o.By = "user/ada"
	mustAppend(t, j, o.Begin(t))
	at := func(day, hour, minute int, by string, actions ...queue.Action) {
		t.Helper()
		o.By, o.Now = by, time.Date(2026, 3, day, hour, minute, 0, 0, rome(t)).Add(-time.Second) // Do takes a second
		mustAppend(t, j, o.Do(t, actions...))
	}
	call := func(counter queue.CounterID, ticket queue.TicketID) queue.Action {
		return queue.CallTicket{Counter: counter, Ticket: ticket}
	}
	at(2, 9, 10, "totem/t1", Issue("early"), Issue("mine"), Issue("absent"), Issue("passed"), Issue("undone"), Issue("waits"))
	at(2, 9, 15, "user/maria", call("1", "early"))
	at(2, 9, 20, "user/maria", queue.Done{Counter: "1"})
	at(2, 9, 21, "user/maria", call("1", "mine"), queue.Start{Counter: "1"})
	at(2, 9, 26, "dev", queue.Done{Counter: "1"}) // who closes it doesn't count
	at(2, 9, 30, "user/maria", call("1", "absent"))
	at(2, 9, 31, "dev", queue.Recall{Counter: "1"}, queue.MarkAbsent{Counter: "1"}) // nor does who recalls
	at(2, 9, 40, "user/maria", call("1", "passed"), queue.Transfer{Counter: "1", Channel: "altri-servizi"})
	at(2, 9, 45, "user/gino", call("2", "passed"), queue.Start{Counter: "2"})
	at(2, 9, 50, "user/gino", queue.Done{Counter: "2", Outcomes: []queue.Outcome{{Service: "informazioni", Quantity: 1}}})
	at(2, 9, 51, "user/gino", call("2", "undone"), queue.Undo{Counter: "2"})
	walkIn := queue.WalkIn{Counter: "2", Ticket: "w", Channel: "protocollo"}
	at(2, 10, 0, "dev", walkIn, queue.Undo{Counter: "2"})
	at(2, 10, 1, "user/gino", walkIn)
	at(2, 10, 11, "user/gino", queue.Done{Counter: "2"})
	at(3, 8, 30, "system", queue.Tick{})
	at(3, 8, 31, "user/maria", Issue("tuesday"), queue.Open{Counter: "3", Operator: "maria"}, call("3", "tuesday"), queue.Start{Counter: "3"})
	at(3, 8, 32, "user/maria", queue.Done{Counter: "3"})
	at(4, 8, 0, "system", queue.Tick{})

	type row struct {
		Name                                            string
		Issued, Served, Absent, Waits, Services, Minute int // Minute: the mean at the counter, rounded
	}
	const monday, tuesday = calendar.Date("2026-03-02"), calendar.Date("2026-03-03")
	switched := time.Date(2026, 3, 2, 9, 20, 0, 0, rome(t))
	midnight := time.Date(2026, 3, 3, 0, 0, 0, 0, rome(t))
	check := func(what string, from, to calendar.Date, since time.Time, want ...row) {
		t.Helper()
		rows, err := j.Operators(t.Context(), "urp", from, to, since)
		if err != nil {
			t.Fatal(err)
		}
		var got []row
		for _, r := range rows {
			got = append(got, row{r.Key, r.Issued, r.Served, r.Absent, r.Wait.Count, r.Service.Count, int(r.Service.Mean+30) / 60})
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", what, diff)
		}
	}
	gino := row{"gino", 2, 2, 0, 1, 2, 7} // 4:59, and 10:00 without a ticket
	check("Monday", monday, monday, switched, gino, row{"maria", 2, 1, 1, 2, 1, 5})
	check("both days", monday, tuesday, switched, gino, row{"maria", 3, 2, 1, 3, 2, 3})
	check("before they were switched on", monday, monday, time.Date(2026, 3, 2, 9, 0, 0, 0, rome(t)), gino, row{"maria", 3, 2, 1, 3, 1, 5})
	check("switched on at midnight", monday, tuesday, midnight, row{"maria", 1, 1, 0, 1, 1, 1})
	check("no day", tuesday, monday, switched)

	body, err := json.Marshal(o.State)
	if err != nil {
		t.Fatal(err)
	}
	if err := j.SaveSnapshot(t.Context(), "urp", journal.Snapshot{Seq: o.State.Seq, State: body}); err != nil {
		t.Fatal(err)
	}
	prune := func(before time.Time) {
		t.Helper()
		if err := j.Prune(t.Context(), "urp", before); err != nil {
			t.Fatal(err)
		}
	}
	prune(midnight)
	check("Monday is pruned", monday, tuesday, switched, row{"maria", 1, 1, 0, 1, 1, 1})
	prune(midnight.AddDate(0, 0, 1))
	check("both days are pruned", monday, tuesday, switched)
	if rows, err := j.Stats(t.Context(), "urp", monday, tuesday, figures.ByDay); err != nil || len(rows) != 2 {
		t.Errorf("the sums of two days: %+v, %v", rows, err)
	}
	for _, table := range []string{"events", "snapshots", "tickets", "calls", "outcomes", "aggregates"} {
		for _, name := range []string{"maria", "gino"} {
			if strings.Contains(dump(t, j, table), name) {
				t.Errorf("%s still names %s", table, name)
			}
		}
	}
}

// dump gives all that a table has.
func dump(t *testing.T, j journal.Store, table string) string {
	t.Helper()
	rows, err := j.DB().QueryContext(t.Context(), "SELECT * FROM "+table)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for rows.Next() {
		row := make([]any, len(columns))
		for i := range row {
			row[i] = new(string)
		}
		if err := rows.Scan(row...); err != nil {
			t.Fatal(err)
		}
		for _, v := range row {
			fmt.Fprintln(&all, *v.(*string))
		}
	}
	if err := rows.Err(); err != nil || all.Len() == 0 && table != "calls" && table != "outcomes" && table != "tickets" {
		t.Fatalf("%s: %d bytes, %v", table, all.Len(), err)
	}
	return all.String()
}

// versions changes the configuration, and prunes: all versions are there, each with its author.
func versions(t *testing.T, j journal.Store) {
	o := NewOffice("urp")
	mustAppend(t, j, o.Begin(t))
	begun := o.State.Config
	change := func(by string, change func(*queue.Config)) (*queue.Config, time.Time) {
		t.Helper()
		c := *o.State.Config
		change(&c)
		o.By = by
		mustAppend(t, j, o.Do(t, queue.Configure{Config: &c, Version: c.Version}))
		return o.State.Config, o.State.At
	}
	second, at2 := change("user/ada", func(c *queue.Config) { c.Name, c.PatronSaint = queue.Text{"it": "URP"}, "" })
	mustAppend(t, j, o.Do(t, Issue("a")))
	third, at3 := change("system", func(c *queue.Config) { c.Notices = []queue.Notice{{ID: "a", Text: queue.Text{"it": "Avviso"}}} })
	fourth, at4 := change("user/ada", func(*queue.Config) {})
	mustAppend(t, j, o.Do(t, Issue("b")))
	other := NewOffice("other")
	mustAppend(t, j, other.Begin(t))

	want := []figures.Version{
		{Version: 1, At: Monday.Add(time.Second), By: "dev", Changed: []string{}, Config: begun},
		{Version: 2, At: at2, By: "user/ada", Changed: []string{"name", "patron_saint"}, Config: second},
		{Version: 3, At: at3, By: "system", Changed: []string{"notices"}, Config: third},
		{Version: 4, At: at4, By: "user/ada", Changed: []string{}, Config: fourth},
	}
	for range 2 {
		got, err := j.Versions(t.Context(), "urp")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("versions (-want +got):\n%s", diff)
		}
		save(t, j, o)
		if err := j.Prune(t.Context(), "urp", o.Now.AddDate(1, 0, 0)); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := j.Versions(t.Context(), "nowhere"); err != nil || len(got) != 0 {
		t.Errorf("versions of no office: %v, %v", got, err)
	}
}

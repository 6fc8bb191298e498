//go:build unix

package engine_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/engine"
	"github.com/eliminacode/eliminacode/pkg/journal"
	"github.com/eliminacode/eliminacode/pkg/journal/postgres"
	"github.com/eliminacode/eliminacode/pkg/journal/postgres/pgtest"
	"github.com/eliminacode/eliminacode/pkg/journal/sqlite"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// BenchmarkCommands measures the durable commands a second of one office on either engine, each of
// so many senders waiting for the answer to its last command. Its floor is one connection that
// makes one row after the other durable. The two take turns, so that a busy machine disturbs both;
// each turn is a day, so that no more tickets are in the state than in a town's.
func BenchmarkCommands(b *testing.B) {
	for name, open := range map[string]func(*testing.B) (journal.Journal, *sql.DB){"SQLite": onSQLite, "PostgreSQL": onPostgres} {
		b.Run(name, func(b *testing.B) { benchCommands(b, open) })
	}
}

func onSQLite(b *testing.B) (journal.Journal, *sql.DB) {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(b.TempDir(), "floor.db")+"?_pragma=journal_mode(wal)&_pragma=synchronous(full)")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() }) // a temporary file
	return openSQLite(b), db
}

func onPostgres(b *testing.B) (journal.Journal, *sql.DB) {
	j, err := postgres.Open(b.Context(), pgtest.New(b).Address("postgres"), postgres.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = j.Close() }) // its server goes, too
	return j, j.DB()
}

func benchCommands(b *testing.B, open func(*testing.B) (journal.Journal, *sql.DB)) {
	for _, senders := range []int{1, 16, 64, 256} {
		b.Run(fmt.Sprintf("senders=%d", senders), func(b *testing.B) {
			j, db := open(b)
			o := newBenchOffice(b, j)
			floor := newFloor(b, db)
			const turn = 100 * time.Millisecond
			var commands, rows int64
			var spent, base time.Duration
			for b.Loop() {
				o.nextDay(b)
				begin := time.Now()
				commands += o.work(b, senders, turn)
				middle := time.Now()
				for time.Since(middle) < turn {
					floor()
					rows++
				}
				spent += middle.Sub(begin)
				base += time.Since(middle)
			}
			rate, floorRate := float64(commands)/spent.Seconds(), float64(rows)/base.Seconds()
			b.ReportMetric(rate, "commands/s")
			b.ReportMetric(floorRate, "floor/s")
			b.ReportMetric(rate/floorRate, "x-floor")
			b.ReportMetric(0, "ns/op") // of a turn: tells nothing
		})
	}
}

// newFloor returns a function that makes a row durable, on one connection.
func newFloor(b *testing.B, db *sql.DB) func() {
	b.Helper()
	conn, err := db.Conn(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = conn.Close() })
	if _, err := conn.ExecContext(b.Context(), `CREATE TABLE floor (id BIGINT PRIMARY KEY, body TEXT)`); err != nil {
		b.Fatal(err)
	}
	insert, err := conn.PrepareContext(b.Context(), `INSERT INTO floor (id, body) VALUES ($1, $2)`)
	if err != nil {
		b.Fatal(err)
	}
	id := 0
	return func() {
		id++
		if _, err := insert.Exec(id, `{"seq":1,"at":"2026-03-02T09:00:00+01:00","kind":"ticket_issued","ticket":"abcdef"}`); err != nil {
			b.Fatal(err)
		}
	}
}

// benchOffice is an office that is always open.
type benchOffice struct {
	engine *engine.Engine
	days   atomic.Int64
}

func newBenchOffice(b *testing.B, j journal.Journal) *benchOffice {
	b.Helper()
	monday := moment(b, "2026-03-02T09:00:00+01:00")
	o := new(benchOffice)
	o.engine = engine.New(engine.Options{
		Journal: j,
		Now:     func() time.Time { return monday.AddDate(0, 0, int(o.days.Load())) },
	})
	b.Cleanup(func() {
		if err := o.engine.Close(context.Background()); err != nil {
			b.Error(err)
		}
	})
	if err := o.engine.Create(b.Context(), urp, alwaysOpen()); err != nil {
		b.Fatal(err)
	}
	return o
}

// alwaysOpen is an office that is open also at night, on Sundays and holidays.
func alwaysOpen() *queue.Config {
	cfg := lineConfig()
	cfg.Exceptions = []queue.Exception{{From: "2025-01-01", To: "2099-12-31", Hours: []calendar.Interval{{From: 0, To: 24 * 60}}}}
	return cfg
}

func (o *benchOffice) do(b *testing.B, id string, a queue.Action) {
	c := queue.Command{ID: fmt.Sprintf("%d-%s", o.days.Load(), id), By: "dev", Do: a}
	if _, err := o.engine.Do(b.Context(), urp, c); err != nil {
		b.Error(err)
	}
}

// nextDay begins a day, on which all counters open.
func (o *benchOffice) nextDay(b *testing.B) {
	b.Helper()
	o.days.Add(1)
	for _, id := range lineCounters {
		o.do(b, "open-"+string(id), queue.Open{Counter: id, Operator: "maria"})
	}
}

// work has each sender give tickets and call the next, and returns how many commands that took.
func (o *benchOffice) work(b *testing.B, senders int, during time.Duration) int64 {
	b.Helper()
	var commands atomic.Int64
	var working sync.WaitGroup
	begin := time.Now()
	for sender := range senders {
		counter := lineCounters[sender%len(lineCounters)]
		working.Go(func() {
			for n := 0; time.Since(begin) < during && !b.Failed(); n++ {
				id := fmt.Sprintf("%d-%d", sender, n)
				o.do(b, "issue-"+id, queue.Issue{Ticket: queue.TicketID(fmt.Sprintf("%d-%s", o.days.Load(), id)), Channel: "anagrafe"})
				o.do(b, "next-"+id, queue.Next{Counter: counter})
				commands.Add(2)
			}
		})
	}
	working.Wait()
	return commands.Load()
}

// BenchmarkStart measures the start of an office whose journal has 100,000 tickets of 400 days, as
// after an orderly stop, and as after a kill that left thousands of events since the last snapshot.
// Its floor is the start of a process that does nothing.
func BenchmarkStart(b *testing.B) {
	path := filepath.Join(b.TempDir(), "eliminacode.db")
	year(b, path)
	for _, killed := range []bool{false, true} {
		b.Run(map[bool]string{false: "stopped", true: "killed"}[killed], func(b *testing.B) {
			snapshot(b, path, killed)
			var spent, base time.Duration
			for b.Loop() {
				begin := time.Now()
				j, err := sqlite.Open(b.Context(), path, sqlite.Options{})
				if err != nil {
					b.Fatal(err)
				}
				s, _, err := engine.Load(b.Context(), j, urp)
				if err != nil {
					b.Fatal(err)
				}
				middle := time.Now()
				if err := exec.CommandContext(b.Context(), os.Args[0], "-test.run=^$").Run(); err != nil {
					b.Fatal(err)
				}
				spent += middle.Sub(begin)
				base += time.Since(middle)
				if s.Seq < 300_000 {
					b.Fatalf("the journal has only %d events", s.Seq)
				}
				if err := j.Close(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(spent.Seconds()*1e3/float64(b.N), "ms/start")
			b.ReportMetric(base.Seconds()*1e3/float64(b.N), "floor-ms")
			b.ReportMetric(0, "ns/op") // of both
		})
	}
}

// year writes a journal of 400 days with 250 visits each.
func year(b *testing.B, path string) {
	b.Helper()
	const days, visits = 400, 250
	j, err := sqlite.Open(b.Context(), path, sqlite.Options{})
	if err != nil {
		b.Fatal(err)
	}
	s := new(queue.State)
	for d := range days {
		now := moment(b, "2025-01-01T09:00:00+01:00").AddDate(0, 0, d)
		var events []queue.Event
		n := 0
		do := func(a queue.Action) {
			n++
			now = now.Add(20 * time.Second)
			more, _, err := s.Execute(queue.Command{ID: fmt.Sprintf("%d-%d", d, n), By: "dev", Do: a}, now)
			if err != nil {
				b.Fatal(err)
			}
			events = append(events, more...)
		}
		if d == 0 {
			do(queue.Configure{Config: alwaysOpen()})
		}
		do(queue.Open{Counter: "1", Operator: "maria"})
		for v := range visits {
			do(queue.Issue{Ticket: queue.TicketID(fmt.Sprintf("%d-%d", d, v)), Channel: "anagrafe"})
			do(queue.Next{Counter: "1"})
			do(queue.Start{Counter: "1"})
			do(queue.Done{Counter: "1"})
		}
		if err := j.Append(b.Context(), journal.Batch{Office: urp, Events: events, Tickets: s.Touched(events)}); err != nil {
			b.Fatal(err)
		}
	}
	if err := j.Close(); err != nil {
		b.Fatal(err)
	}
}

// snapshot leaves the snapshot that a stop keeps, or one that is almost 5000 events old.
func snapshot(b *testing.B, path string, old bool) {
	b.Helper()
	j, err := sqlite.Open(b.Context(), path, sqlite.Options{})
	if err != nil {
		b.Fatal(err)
	}
	s := replay(b, j, urp)
	const snapshotEvery = 5000
	if old {
		upTo := s.Seq - snapshotEvery + 1
		s = new(queue.State)
		for s.Seq < upTo {
			events, err := j.Events(b.Context(), urp, s.Seq, int(min(1000, upTo-s.Seq)))
			if err != nil {
				b.Fatal(err)
			}
			for i := range events {
				s.Apply(&events[i])
			}
		}
	}
	body, err := json.Marshal(s)
	if err != nil {
		b.Fatal(err)
	}
	if _, err := j.DB().ExecContext(b.Context(), `DELETE FROM snapshots`); err != nil {
		b.Fatal(err)
	}
	if err := j.SaveSnapshot(b.Context(), urp, journal.Snapshot{Seq: s.Seq, State: body}); err != nil {
		b.Fatal(err)
	}
	if err := j.Close(); err != nil {
		b.Fatal(err)
	}
}

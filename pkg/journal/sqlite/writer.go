package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/eliminacode/eliminacode/pkg/journal"
	"github.com/eliminacode/eliminacode/pkg/journal/internal/rows"
)

// writer is the one connection that the journal writes through.
type writer struct {
	turn       chan struct{} // holds one token: whoever has it may write
	closed     <-chan struct{}
	db         *sql.DB
	conn       *sql.Conn
	statements map[string]*sql.Stmt
	commits    int // so far
	files      files
	tidy       chan struct{} // asks for the log to be carried over, see Journal.tidying
}

// tidyEvery is after how many commits the log is carried over into the database:
// some megabytes of it, mostly.
const tidyEvery = 256

// open readies the connection.
func (w *writer) open(ctx context.Context, address string, closed <-chan struct{}) (err error) {
	w.closed = closed
	w.turn = make(chan struct{}, 1)
	w.statements = map[string]*sql.Stmt{}
	w.tidy = make(chan struct{}, 1)
	if w.db, err = sql.Open("sqlite", address); err != nil {
		return err
	}
	if w.conn, err = w.db.Conn(ctx); err != nil {
		return err
	}
	w.turn <- struct{}{}
	return nil
}

// close waits for the turn, and never gives it back.
func (w *writer) close() error {
	if w.db == nil {
		return nil
	}
	if w.conn == nil {
		return w.db.Close()
	}
	<-w.turn
	// SQLite leaves its log behind when a statement outlives the connection.
	var errs []error
	for _, s := range w.statements {
		errs = append(errs, s.Close())
	}
	return errors.Join(append(errs, w.conn.Close(), w.db.Close())...)
}

// do runs f in a transaction. The context counts until its turn comes; from
// there on the outcome is certain, and only some milliseconds away.
func (w *writer) do(ctx context.Context, f func() error) (err error) {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-w.closed:
		return errClosed
	case <-w.turn:
		defer func() { w.turn <- struct{}{} }()
	}
	if err := w.files.inPlace(); err != nil {
		return err
	}
	if err := w.exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	if err = f(); err == nil {
		err = w.exec("COMMIT")
	}
	if err != nil {
		// Some errors have rolled back already, and then there is nothing to roll back.
		_ = w.exec("ROLLBACK")
		return err
	}
	if w.commits++; w.commits%tidyEvery == 0 {
		select {
		case w.tidy <- struct{}{}:
		default: // it is at it
		}
	}
	return nil
}

// exec runs a statement of the transaction, prepared once.
func (w *writer) exec(query string, args ...any) error {
	s, err := w.prepared(query)
	if err != nil {
		return err
	}
	_, err = s.ExecContext(context.Background(), args...)
	return err
}

func (w *writer) prepared(query string) (*sql.Stmt, error) {
	s := w.statements[query]
	if s == nil {
		var err error
		if s, err = w.conn.PrepareContext(context.Background(), query); err != nil {
			return nil, err
		}
		w.statements[query] = s
	}
	return s, nil
}

// chunks are the numbers of rows that one INSERT writes. A few fixed sizes keep
// the statements prepared.
var chunks = [...]int{64, 16, 4, 1}

// table is an INSERT of many rows. OR ROLLBACK spares SQLite the notes that it
// would need to undo one statement alone.
type table struct {
	into    string // "events (office, ...)"
	columns int
	suffix  string // what follows the values
	queries [len(chunks)]string
}

func newTable(into, suffix string) *table {
	t := &table{into: into, columns: strings.Count(into, ",") + 1, suffix: suffix}
	row := "(?" + strings.Repeat(", ?", t.columns-1) + ")"
	for i, n := range chunks {
		t.queries[i] = "INSERT OR ROLLBACK INTO " + into + "\nVALUES " + row + strings.Repeat(", "+row, n-1) + suffix
	}
	return t
}

// insert writes the rows whose values, one row after the other, are given.
func (w *writer) insert(t *table, values []any) error {
	for i, n := range chunks {
		for size := n * t.columns; len(values) >= size; values = values[size:] {
			if err := w.exec(t.queries[i], values[:size]...); err != nil {
				return err
			}
		}
	}
	return nil
}

// tables are where a batch is written.
var (
	eventsTable  = newTable(`events (office, seq, at, kind, ticket, counter, body)`, "")
	ticketsTable = newTable(`tickets (office, day, id, hour, number, channel, class, state, counter, issued, entered,
    waited_s, way_s, service_s, held_s, absent_s, calls, transferred, inexact, touched, gave_up, expected)`, `
ON CONFLICT (office, day, id) DO UPDATE SET
    number = excluded.number,
    channel = excluded.channel,
    class = excluded.class,
    state = excluded.state,
    counter = excluded.counter,
    entered = excluded.entered,
    waited_s = excluded.waited_s,
    way_s = excluded.way_s,
    service_s = excluded.service_s,
    held_s = excluded.held_s,
    absent_s = excluded.absent_s,
    calls = excluded.calls,
    transferred = excluded.transferred,
    inexact = excluded.inexact,
    touched = excluded.touched,
    gave_up = excluded.gave_up,
    expected = excluded.expected`)
	callsTable    = newTable(`calls (office, seq, at, day, ticket, counter, recall, out_of_turn)`, "")
	outcomesTable = newTable(`outcomes (office, seq, service, quantity, at, day, ticket, counter)`, "")
)

const lastQuery = `
SELECT COALESCE(MAX(seq), 0)
FROM events
WHERE office = ?`

// Append implements [journal.Journal].
func (j *Journal) Append(ctx context.Context, b journal.Batch) (err error) {
	defer j.wrap(&err, "sqlite.Append(%q)", b.Office)

	r, err := rows.Of(b)
	if err != nil {
		return err
	}
	w := &j.writer
	return w.do(ctx, func() error {
		if err := w.follows(b.Office, r.Events[0].Seq); err != nil {
			return err
		}
		for _, u := range r.Undone {
			if err := w.undo(b.Office, u); err != nil {
				return err
			}
		}
		return w.write(r)
	})
}

// follows refuses a seq that isn't the one after the office's last.
func (w *writer) follows(office string, seq int64) error {
	s, err := w.prepared(lastQuery)
	if err != nil {
		return err
	}
	var last int64
	if err := s.QueryRowContext(context.Background(), office).Scan(&last); err != nil {
		return err
	}
	if seq != last+1 {
		return fmt.Errorf("%w: %d, after %d", journal.ErrConflict, seq, last)
	}
	return nil
}

func (w *writer) undo(office string, u rows.Undone) error {
	if u.Never {
		return w.exec(`DELETE FROM tickets WHERE office = ? AND day >= ? AND id = ?`, office, u.Day, u.Ticket)
	}
	if err := w.exec(`DELETE FROM calls WHERE office = ? AND seq > ? AND ticket = ? AND NOT recall`, office, u.After, u.Ticket); err != nil {
		return err
	}
	return w.exec(`DELETE FROM outcomes WHERE office = ? AND seq > ? AND ticket = ?`, office, u.After, u.Ticket)
}

// write inserts the rows of a batch.
func (w *writer) write(r *rows.Rows) error {
	values := make([]any, 0, max(len(r.Events)*eventsTable.columns, len(r.Tickets)*ticketsTable.columns))
	for i := range r.Events {
		e := &r.Events[i]
		values = append(values, r.Office, e.Seq, e.At, e.Kind, e.Ticket, e.Counter, e.Body)
	}
	if err := w.insert(eventsTable, values); err != nil {
		return err
	}
	values = values[:0]
	for i := range r.Tickets {
		t := &r.Tickets[i]
		values = append(values, r.Office, t.Day, string(t.ID), t.Hour, t.Number, string(t.Channel), string(t.Class), string(t.State), string(t.Counter),
			t.Issued.UnixMicro(), t.Entered.UnixMicro(),
			float64(t.Waited), float64(t.Way), float64(t.Service), float64(t.HeldFor), float64(t.AbsentFor),
			t.Calls, t.Passed, t.Inexact, t.Touched, t.Left, t.AsExpected())
	}
	if err := w.insert(ticketsTable, values); err != nil {
		return err
	}
	values = values[:0]
	for _, c := range r.Calls {
		values = append(values, r.Office, c.Seq, c.At, c.Day, c.Ticket, c.Counter, c.Recall, c.OutOfTurn)
	}
	if err := w.insert(callsTable, values); err != nil {
		return err
	}
	values = values[:0]
	for _, o := range r.Outcomes {
		values = append(values, r.Office, o.Seq, o.Service, o.Quantity, o.At, o.Day, o.Ticket, o.Counter)
	}
	return w.insert(outcomesTable, values)
}

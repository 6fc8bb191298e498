// Package figures counts: what an office's visits amount to by hour, day, channel
// and so on, and what of them is kept when the visits themselves are deleted.
// Both engines have the same tables, so this is written once, on database/sql.
//
// Only [Figures.Operators] is by clerk, for an office that has switched that on, and nothing
// by clerk is ever kept: see docs/decisions/0023-figures-by-operator.md.
package figures

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// By is what the rows of a report are by.
type By string

// The ways to divide the visits, with the keys of their rows. Days and hours are
// of the ticket's issue, by the office's clock.
const (
	ByHour    By = "hour"    // "00" to "23"
	ByDay     By = "day"     // "2026-03-02"
	ByWeekday By = "weekday" // "1", Monday, to "7"
	ByChannel By = "channel" // the channel's id; where the visit ended
	ByCounter By = "counter" // the counter's id, of the last call; "" for never called
	ByService By = "service" // the service's id; a visit with several outcomes counts in each
)

// ParseBy returns the way to divide visits that s names.
func ParseBy(s string) (By, error) {
	by := By(s)
	if !slices.Contains([]By{ByHour, ByDay, ByWeekday, ByChannel, ByCounter, ByService}, by) {
		return "", fmt.Errorf("there is no report by %q", s)
	}
	return by, nil
}

// Row is a line of a report.
type Row struct {
	Key       string `json:"key"`
	Issued    int    `json:"issued"`    // visits begun, with a ticket or without
	Served    int    `json:"served"`    // closed at a counter
	Absent    int    `json:"absent"`    // called, and not there to the end
	Cancelled int    `json:"cancelled"` // by their holder or the staff
	Left      int    `json:"left"`      // waited and left without being called: cancelled then, or never called
	Inexact   int    `json:"inexact"`   // served, at the counter for a time that nobody noted: forgotten open
	Told      int    `json:"told"`      // were told when they came what wait to expect, and were called
	AsTold    int    `json:"as_told"`   // of these, waited as long as they were told
	Quantity  int    `json:"quantity"`  // by service alone: how many were done
	Wait      Times  `json:"wait"`      // of all who waited: until they were called, left, or the office ended its day
	Service   Times  `json:"service"`   // of the visits that a clerk began and closed, but for the inexact ones
	// Late is the share of the waits that took more than 20 minutes, 0 to 1: ISTAT's indicator.
	Late float64 `json:"late"`
}

// Times sums up durations. Those of visits that were deleted count with the
// middle of their class, see [Figures.Prune]: P50 and P90 are then exact to 15 seconds
// under ten minutes, to 30 under an hour, and to 150 above.
type Times struct {
	Count int           `json:"count"`
	Mean  queue.Seconds `json:"mean_s"`
	P50   queue.Seconds `json:"p50_s"`
	P90   queue.Seconds `json:"p90_s"`
}

// late is the wait, in seconds, over which ISTAT counts a wait as long.
const late = 20 * 60

// DB is what Prune works through: [sql.Conn] or [sql.Tx].
type DB interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// visit is what a report needs of a ticket.
type visit struct {
	cell
	state    queue.TicketState
	number   string
	calls    int
	waited   float64
	service  float64
	inexact  bool
	gaveUp   bool
	expected int // 1: it waited otherwise than was said, 2: as was said
	quantity int
	id       string
	issued   int64 // as in the table
}

// waits reports whether the visit counts among the waits: it was called, or left before.
func (v *visit) waits() bool { return (v.calls > 0 || v.gaveUp) && v.number != "" }

// cell is a row of the table aggregates, as far as its key goes.
type cell struct {
	day     string
	hour    int
	channel string
	counter string
	outcome string // a service; "" in the cell of all visits
}

const visitsQuery = `
SELECT day, hour, channel, counter, '', state, number, calls, waited_s, service_s, inexact, gave_up, expected, 0, id, issued
FROM tickets
WHERE office = $1 AND day BETWEEN $2 AND $3`

const visitsByServiceQuery = `
SELECT t.day, t.hour, t.channel, t.counter, o.service, t.state, t.number, t.calls, t.waited_s, t.service_s, t.inexact, t.gave_up, t.expected, o.quantity, t.id, t.issued
FROM tickets t
JOIN (
    SELECT day, ticket, service, SUM(quantity) AS quantity
    FROM outcomes
    WHERE office = $1 AND day BETWEEN $2 AND $3
    GROUP BY day, ticket, service
) o ON o.day = t.day AND o.ticket = t.id
WHERE t.office = $1 AND t.day BETWEEN $2 AND $3`

// eachVisit reads the tickets of some days; by service, once for each of their outcomes.
func eachVisit(ctx context.Context, db DB, query string, add func(*visit), args ...any) error {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var v visit
		if err := rows.Scan(&v.day, &v.hour, &v.channel, &v.counter, &v.outcome,
			&v.state, &v.number, &v.calls, &v.waited, &v.service, &v.inexact, &v.gaveUp, &v.expected, &v.quantity, &v.id, &v.issued); err != nil {
			return err
		}
		add(&v)
	}
	return rows.Err()
}

// Stats counts the visits of the days from..to, both included, and gives a row
// for each key that has any, in the order of the keys.
func (f *Figures) Stats(ctx context.Context, office string, from, to calendar.Date, by By) (_ []Row, err error) {
	defer f.wrap(&err, "figures of %q, %s to %s by %s", office, from, to, by)

	sums := map[string]*sum{}
	at := func(c *cell) *sum {
		key := c.key(by)
		if sums[key] == nil {
			sums[key] = &sum{}
		}
		return sums[key]
	}
	add := func(v *visit) { at(&v.cell).add(v) }
	merge := func(c cell, s *sum) { at(&c).merge(s) }
	if err := f.each(ctx, office, from, to, by == ByService, add, merge); err != nil {
		return nil, err
	}
	return rowsOf(sums), nil
}

// each reads the visits of the days from..to, both included, and the sums of those that were
// pruned, as of one moment: of all visits, or by service, once for each of their outcomes.
func (f *Figures) each(ctx context.Context, office string, from, to calendar.Date, services bool, add func(*visit), merge func(cell, *sum)) error {
	tx, err := look(ctx, f.db)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // it only reads
	query := visitsQuery
	if services {
		query = visitsByServiceQuery
	}
	if err := eachVisit(ctx, tx, query, add, office, string(from), string(to)); err != nil {
		return err
	}
	return aggregates(ctx, tx, office, string(from), string(to), services, merge)
}

// look begins to read, with one view of all tables: a visit that is pruned meanwhile counts once.
func look(ctx context.Context, db *sql.DB) (*sql.Tx, error) {
	return db.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
}

// rowsOf gives a row for each key, in order.
func rowsOf(sums map[string]*sum) (rows []Row) {
	for _, key := range slices.Sorted(maps.Keys(sums)) {
		rows = append(rows, sums[key].row(key))
	}
	return rows
}

// key gives the cell's key in a report.
func (c *cell) key(by By) string {
	switch by {
	case ByHour:
		return fmt.Sprintf("%02d", c.hour)
	case ByDay:
		return c.day
	case ByWeekday:
		day, err := time.Parse(time.DateOnly, c.day)
		if err != nil {
			return ""
		}
		return fmt.Sprint(cmp.Or(int(day.Weekday()), 7))
	case ByChannel:
		return c.channel
	case ByCounter:
		return c.counter
	default:
		return c.outcome
	}
}

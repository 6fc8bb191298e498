package figures

import (
	"context"
	"database/sql"
	"time"

	"github.com/eliminacode/eliminacode/pkg/calendar"
)

// Transact runs f in a transaction that can write.
type Transact func(ctx context.Context, f func(tx DB) error) error

// Prune deletes what an office knows in detail of the days before the day of
// before, in before's own zone, which must be the office's; that day must not be
// later than the office's present one. What statistics need is kept as sums,
// without numbers or ids: durations in classes of 30 s up to ten minutes, of 60 s
// up to an hour, of 300 s above.
//
// Each day is one transaction, so that the counters wait a moment at most: its
// visits become sums and go at once, never one without the other. Pruning again
// changes nothing. What stays: the events after the last snapshot, which a start
// needs, the newest event, which says what seq comes next, the versions of the
// configuration, and a visit that is still going on.
func (f *Figures) Prune(ctx context.Context, office string, before time.Time) (err error) {
	defer f.wrap(&err, "prune %q before %s", office, calendar.DateOf(before))

	first := calendar.DateOf(before) // the first day that stays
	for {
		var day string
		err := f.transact(ctx, func(tx DB) (err error) {
			if day, err = oldest(ctx, tx, office, string(first)); err != nil || day == "" {
				return err
			}
			return pruneDay(ctx, tx, office, day)
		})
		if err != nil {
			return err
		}
		if day == "" {
			break
		}
	}
	start := first.In(before.Location(), 0).UnixMicro()
	for {
		var deleted int64
		err := f.transact(ctx, func(tx DB) error {
			result, err := tx.ExecContext(ctx, pruneEventsQuery, office, start, eventsAtOnce)
			if err != nil {
				return err
			}
			deleted, err = result.RowsAffected()
			return err
		})
		if err != nil || deleted == 0 {
			return err
		}
	}
}

const finalStates = `('served', 'cancelled', 'expired')`

// oldest finds the first day before another that has a visit to prune; "" if none has.
func oldest(ctx context.Context, tx DB, office, before string) (day string, err error) {
	const query = `
SELECT COALESCE(MIN(day), '')
FROM tickets
WHERE office = $1 AND day < $2 AND state IN ` + finalStates
	rows, err := tx.QueryContext(ctx, query, office, before)
	if err != nil {
		return "", err
	}
	defer rows.Close()
	for rows.Next() {
		if err := rows.Scan(&day); err != nil {
			return "", err
		}
	}
	return day, rows.Err()
}

// eventsAtOnce is how many events one transaction deletes.
const eventsAtOnce = 5000

const pruneEventsQuery = `
DELETE FROM events
WHERE office = $1 AND seq IN (
    SELECT e.seq
    FROM events e
    WHERE e.office = $1
        AND e.at < $2
        AND e.kind <> 'config_changed' -- the versions of the configuration are kept: they are about no visit
        AND e.seq <= (SELECT s.seq FROM snapshots s WHERE s.office = $1)
        AND e.seq < (SELECT MAX(l.seq) FROM events l WHERE l.office = $1)
    ORDER BY e.seq
    LIMIT $3
)`

// pruneDay turns the finished visits of a day into sums.
func pruneDay(ctx context.Context, tx DB, office, day string) error {
	sums := map[cell]*sum{}
	at := func(c cell) *sum {
		if sums[c] == nil {
			sums[c] = &sum{}
		}
		return sums[c]
	}
	for _, query := range []string{visitsQuery, visitsByServiceQuery} {
		err := eachVisit(ctx, tx, query, func(v *visit) {
			if !v.state.Live() {
				at(v.cell).add(v)
			}
		}, office, day, day)
		if err != nil {
			return err
		}
	}
	for _, services := range []bool{false, true} { // an earlier visit of the day may have gone before
		err := aggregates(ctx, tx, office, day, day, services, func(c cell, s *sum) {
			if sums[c] != nil {
				sums[c].merge(s)
			}
		})
		if err != nil {
			return err
		}
	}
	for c, s := range sums {
		if err := save(ctx, tx, office, c, s); err != nil {
			return err
		}
	}
	for _, query := range []string{
		`DELETE FROM tickets WHERE office = $1 AND day = $2 AND state IN ` + finalStates,
		`DELETE FROM calls WHERE office = $1 AND day = $2 AND ticket NOT IN (SELECT id FROM tickets WHERE office = $1 AND day = $2)`,
		`DELETE FROM outcomes WHERE office = $1 AND day = $2 AND ticket NOT IN (SELECT id FROM tickets WHERE office = $1 AND day = $2)`,
	} {
		if _, err := tx.ExecContext(ctx, query, office, day); err != nil {
			return err
		}
	}
	return nil
}

const aggregatesQuery = `
SELECT day, hour, channel, counter, service, issued, served, absent, cancelled, gave_up, inexact, told, as_told, quantity, late, waits, wait_s, services, service_s
FROM aggregates
WHERE office = $1 AND day BETWEEN $2 AND $3 AND (service <> '') = $4`

// aggregates reads what was kept of some days, of all visits or by service.
func aggregates(ctx context.Context, db DB, office, from, to string, services bool, add func(cell, *sum)) error {
	rows, err := db.QueryContext(ctx, aggregatesQuery, office, from, to, services)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var c cell
		var s sum
		var waits, served string
		if err := rows.Scan(&c.day, &c.hour, &c.channel, &c.counter, &c.outcome,
			&s.issued, &s.served, &s.absent, &s.cancelled, &s.left, &s.inexact, &s.told, &s.asTold, &s.quantity, &s.late, &waits, &s.wait.total, &served, &s.service.total); err != nil {
			return err
		}
		if err := s.wait.parse(waits); err != nil {
			return err
		}
		if err := s.service.parse(served); err != nil {
			return err
		}
		add(c, &s)
	}
	return rows.Err()
}

const saveQuery = `
INSERT INTO aggregates (office, day, hour, channel, counter, service,
    issued, served, absent, cancelled, gave_up, inexact, told, as_told, quantity, late, waits, wait_s, services, service_s)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
ON CONFLICT (office, day, hour, channel, counter, service) DO UPDATE SET
    issued = excluded.issued,
    served = excluded.served,
    absent = excluded.absent,
    cancelled = excluded.cancelled,
    gave_up = excluded.gave_up,
    inexact = excluded.inexact,
    told = excluded.told,
    as_told = excluded.as_told,
    quantity = excluded.quantity,
    late = excluded.late,
    waits = excluded.waits,
    wait_s = excluded.wait_s,
    services = excluded.services,
    service_s = excluded.service_s`

func save(ctx context.Context, tx DB, office string, c cell, s *sum) error {
	_, err := tx.ExecContext(ctx, saveQuery, office, c.day, c.hour, c.channel, c.counter, c.outcome,
		s.issued, s.served, s.absent, s.cancelled, s.left, s.inexact, s.told, s.asTold, s.quantity, s.late,
		s.wait.histogram(), s.wait.total, s.service.histogram(), s.service.total)
	return err
}

// In gives Prune the transactions of a database.
func In(db *sql.DB) Transact {
	return func(ctx context.Context, f func(tx DB) error) error {
		tx, err := db.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		defer func() { _ = tx.Rollback() }() // nothing to do after the commit
		if err := f(tx); err != nil {
			return err
		}
		return tx.Commit()
	}
}

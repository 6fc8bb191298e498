package figures

import (
	"context"
	"iter"
	"time"

	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/visits"
)

// visitsAtOnce is of how many days the visits are read together: nothing is being read while
// whoever asked for them, who may be slow, takes them.
const visitsAtOnce = 31

// spanQuery finds the days that there is anything of.
const spanQuery = `
SELECT
    COALESCE((SELECT MIN(day) FROM tickets WHERE office = $1 AND day BETWEEN $2 AND $3), ''),
    COALESCE((SELECT MAX(day) FROM tickets WHERE office = $1 AND day BETWEEN $2 AND $3), '')`

// The first call of a visit is in calls alone: a ticket remembers its last one.
const logQuery = `
SELECT t.issued, t.entered, COALESCE(c.at, 0), t.waited_s, t.way_s, t.service_s, t.channel, t.counter, t.state
FROM tickets t
LEFT JOIN (
    SELECT day, ticket, MIN(at) AS at
    FROM calls
    WHERE office = $1 AND day BETWEEN $2 AND $3 AND NOT recall
    GROUP BY day, ticket
) c ON c.day = t.day AND c.ticket = t.id
WHERE t.office = $1 AND t.day BETWEEN $2 AND $3 AND t.state IN ` + finalStates + `
ORDER BY t.issued, t.id`

// Visits gives the visits of the days from..to, both included, that have ended, in the order in
// which they came, with their times in loc: those of which the details are still kept. An error
// ends them.
//
// Who was called arrived with the ticket and was called for the first time. Who came without a
// ticket was called at once. The visit ended after as long as it was at counters, or on the way to
// them, in all: several legs are told as if they followed one another, without the waits between
// them. Its channel and counter are the last ones. Who was called and not served in the end was
// absent; who wasn't called left, when the ticket was cancelled, or nobody knows when.
func (f *Figures) Visits(ctx context.Context, office string, from, to calendar.Date, loc *time.Location) iter.Seq2[visits.Visit, error] {
	return func(yield func(visits.Visit, error) bool) {
		from, to, err := f.span(ctx, office, from, to)
		for err == nil && from != "" && from <= to {
			var some []visits.Visit
			last := min(to, from.Plus(visitsAtOnce-1))
			some, err = f.log(ctx, office, from, last, loc)
			for _, v := range some {
				if !yield(v, nil) {
					return
				}
			}
			from = last.Next()
		}
		if err != nil {
			yield(visits.Visit{}, err)
		}
	}
}

// span narrows a period to the days that have visits; without any, both are empty.
func (f *Figures) span(ctx context.Context, office string, from, to calendar.Date) (first, last calendar.Date, err error) {
	defer f.wrap(&err, "days of %q, %s to %s", office, from, to)

	err = f.db.QueryRowContext(ctx, spanQuery, office, string(from), string(to)).Scan(&first, &last)
	return first, last, err
}

// log reads the visits of some days.
func (f *Figures) log(ctx context.Context, office string, from, to calendar.Date, loc *time.Location) (all []visits.Visit, err error) {
	defer f.wrap(&err, "visits of %q, %s to %s", office, from, to)

	rows, err := f.db.QueryContext(ctx, logQuery, office, string(from), string(to))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var v visits.Visit
		var issued, entered, called int64
		var waited, way, service queue.Seconds
		var state queue.TicketState
		if err := rows.Scan(&issued, &entered, &called, &waited, &way, &service, &v.Channel, &v.Counter, &state); err != nil {
			return nil, err
		}
		v.Arrived = time.UnixMicro(issued).In(loc)
		if called == 0 && state == queue.Served {
			called = v.Arrived.Add(waited.Duration()).UnixMicro()
		}
		switch {
		case called != 0:
			if v.Called = time.UnixMicro(called).In(loc); v.Called.Before(v.Arrived) {
				v.Called = v.Arrived // the clock was set back
			}
			v.Ended = v.Called.Add((way + service).Duration())
			v.Outcome = visits.Absent
			if state == queue.Served {
				v.Outcome = visits.Served
			}
		default:
			v.Counter, v.Outcome = "", visits.Left
			if state == queue.Cancelled {
				v.Ended = time.UnixMicro(max(entered, issued)).In(loc)
			}
		}
		all = append(all, v)
	}
	return all, rows.Err()
}

package figures

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/eliminacode/eliminacode/pkg/calendar"
)

// ByOperator is what the rows of [Figures.Operators] are by: the login name of the clerk who
// called the visit last. No other report is by it.
const ByOperator By = "operator"

// Who began a visit at a counter is in the events alone, and goes with them.
const (
	walkInsQuery = `
SELECT ticket, body
FROM events
WHERE office = $1 AND at >= $2 AND kind = 'ticket_issued' AND counter <> ''
ORDER BY seq`

	callsQuery = `
SELECT c.ticket, e.body
FROM calls c
JOIN events e ON e.office = c.office AND e.seq = c.seq
WHERE c.office = $1 AND c.at >= $2 AND c.day BETWEEN $3 AND $4 AND NOT c.recall
ORDER BY c.seq`
)

// Operators counts the visits of the days from..to, both included, by the clerk
// who called them last, as far as the events go back but not before since. Whether
// the office may have such figures at all is for the caller to know.
func (f *Figures) Operators(ctx context.Context, office string, from, to calendar.Date, since time.Time) (_ []Row, err error) {
	defer f.wrap(&err, "figures of %q by operator, %s to %s", office, from, to)

	tx, err := look(ctx, f.db)
	if err != nil {
		return nil, err
	}
	defer func() { _ = tx.Rollback() }() // it only reads
	clerks := map[string]string{}        // by ticket; a later one replaces an earlier one
	if err := clerksOf(ctx, tx, clerks, walkInsQuery, office, since.UnixMicro()); err != nil {
		return nil, err
	}
	if err := clerksOf(ctx, tx, clerks, callsQuery, office, since.UnixMicro(), string(from), string(to)); err != nil {
		return nil, err
	}
	sums := map[string]*sum{}
	add := func(v *visit) {
		name, called := clerks[v.id]
		if !called {
			return
		}
		if sums[name] == nil {
			sums[name] = &sum{}
		}
		sums[name].add(v)
	}
	if err := eachVisit(ctx, tx, visitsQuery, add, office, string(from), string(to)); err != nil {
		return nil, err
	}
	return rowsOf(sums), nil
}

// clerksOf notes for each ticket of a query who sent the command behind its event.
func clerksOf(ctx context.Context, db DB, clerks map[string]string, query string, args ...any) error {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var ticket string
		var body []byte
		if err := rows.Scan(&ticket, &body); err != nil {
			return err
		}
		var e struct {
			By string `json:"by"`
		}
		if err := json.Unmarshal(body, &e); err != nil {
			return fmt.Errorf("event of ticket %s: %w", ticket, err)
		}
		clerks[ticket] = strings.TrimPrefix(e.By, "user/")
	}
	return rows.Err()
}

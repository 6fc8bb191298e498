package report

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/eliminacode/eliminacode/pkg/queue"
)

// ByOperator is what the rows of [Operators] are by: the login name of who
// called the visit last. No other report is by it.
const ByOperator By = "operator"

// Who called is in the events alone, and goes with them.
const operatorsQuery = `
SELECT t.day, t.hour, t.channel, t.counter, '', t.state, t.number, t.calls, t.waited_s, t.service_s, t.inexact, 0, e.body
FROM tickets t
JOIN (
    SELECT ticket, MAX(seq) AS seq
    FROM (
        SELECT ticket, seq
        FROM calls
        WHERE office = $1 AND at >= $4 AND NOT recall
        UNION ALL
        SELECT ticket, seq -- visits without a ticket
        FROM events
        WHERE office = $1 AND at >= $4 AND kind = 'ticket_issued' AND counter <> ''
    ) begun
    GROUP BY ticket
) latest ON latest.ticket = t.id
JOIN events e ON e.office = $1 AND e.seq = latest.seq
WHERE t.office = $1 AND t.day BETWEEN $2 AND $3`

// Operators counts the visits of the days from..to, both included, by the clerk
// who called them last, as far as the events go back but not before since. Whether
// the office may have such figures at all is for the caller to know.
func Operators(ctx context.Context, db *sql.DB, office string, from, to queue.Date, since time.Time) ([]Row, error) {
	sums := map[string]*sum{}
	var failed error
	add := func(v *visit) {
		var called struct {
			By string `json:"by"`
		}
		if err := json.Unmarshal([]byte(v.called), &called); err != nil {
			failed = fmt.Errorf("who called: %w", err)
			return
		}
		name := strings.TrimPrefix(called.By, "user/")
		if sums[name] == nil {
			sums[name] = &sum{}
		}
		sums[name].add(v)
	}
	err := visits(ctx, db, operatorsQuery, add, office, string(from), string(to), since.UnixMicro())
	if err == nil {
		err = failed
	}
	if err != nil {
		return nil, err
	}
	return rowsOf(sums), nil
}

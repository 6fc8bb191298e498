package figures

import (
	"context"

	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/visits"
)

const countsQuery = `
SELECT day, hour, CAST(SUM(n) AS BIGINT)
FROM (
    SELECT day, hour, 1 AS n
    FROM tickets
    WHERE office = $1 AND day BETWEEN $2 AND $3
    UNION ALL
    SELECT day, hour, issued
    FROM aggregates
    WHERE office = $1 AND day BETWEEN $2 AND $3 AND service = ''
) AS began
GROUP BY day, hour
ORDER BY day, hour`

// Counts returns how many visits began in the hours of the days from..to, both included, in order:
// as [Figures.Hours], without the waits. They outlive the visits' details.
func (f *Figures) Counts(ctx context.Context, office string, from, to calendar.Date) (counts []visits.Count, err error) {
	defer f.wrap(&err, "counts of %q, %s to %s", office, from, to)

	rows, err := f.db.QueryContext(ctx, countsQuery, office, string(from), string(to))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var c visits.Count
		if err := rows.Scan(&c.Day, &c.Hour, &c.Visits); err != nil {
			return nil, err
		}
		counts = append(counts, c)
	}
	return counts, rows.Err()
}

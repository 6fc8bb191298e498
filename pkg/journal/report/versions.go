package report

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"github.com/eliminacode/eliminacode/pkg/queue"
)

const versionsQuery = `
SELECT seq, body
FROM events
WHERE office = $1 AND kind = 'config_changed'
ORDER BY seq`

// Versions returns the events that changed an office's configuration, in order.
// They are kept for good: see [Prune].
func Versions(ctx context.Context, db *sql.DB, office string) ([]queue.Event, error) {
	rows, err := db.QueryContext(ctx, versionsQuery, office)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var versions []queue.Event
	for rows.Next() {
		var seq int64
		var body []byte
		if err := rows.Scan(&seq, &body); err != nil {
			return nil, err
		}
		var e queue.Event
		if err := json.Unmarshal(body, &e); err != nil {
			return nil, fmt.Errorf("event %d: %w", seq, err)
		}
		versions = append(versions, e)
	}
	return versions, rows.Err()
}

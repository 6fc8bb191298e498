package rows

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/eliminacode/eliminacode/pkg/journal"
)

// What follows from events is never without them: an office's newest one always stays.
const lostQuery = `
SELECT sign
FROM (
    SELECT 'the snapshot of office ' || office AS sign
    FROM snapshots
    WHERE NOT EXISTS (SELECT 1 FROM events WHERE events.office = snapshots.office AND events.seq >= snapshots.seq)
    UNION ALL
    SELECT 'tickets' WHERE NOT EXISTS (SELECT 1 FROM events) AND EXISTS (SELECT 1 FROM tickets)
    UNION ALL
    SELECT 'sums of past days' WHERE NOT EXISTS (SELECT 1 FROM events) AND EXISTS (SELECT 1 FROM aggregates)
    UNION ALL
    SELECT 'users' WHERE NOT EXISTS (SELECT 1 FROM events) AND EXISTS (SELECT 1 FROM users)
) AS signs
ORDER BY sign
LIMIT 1`

// CheckEvents refuses to take a database for a new one whose events were deleted: its numbers would
// begin anew. Restore says how to get them back.
func CheckEvents(ctx context.Context, db *sql.DB, restore string) error {
	var sign string
	err := db.QueryRowContext(ctx, lostQuery).Scan(&sign)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return &journal.Error{Reason: journal.Damaged, Detail: fmt.Sprintf("events are missing beside what followed from them (%s); %s", sign, restore)}
}

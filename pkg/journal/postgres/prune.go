package postgres

import (
	"context"

	"github.com/eliminacode/eliminacode/pkg/journal/figures"
)

// pruneLock is the advisory lock of the server that prunes: two servers that pruned one day
// together would both count its visits.
const pruneLock = upgradeLock + 1

// pruning is a transaction of the one server that prunes.
func (j *Journal) pruning(ctx context.Context, f func(figures.DB) error) error {
	return figures.In(j.db)(ctx, func(tx figures.DB) error {
		if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock($1)`, int64(pruneLock)); err != nil {
			return err
		}
		return f(tx)
	})
}

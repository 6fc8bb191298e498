package postgres

import (
	"context"
	"time"

	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/journal/report"
)

// Stats counts the visits of the days from..to, both included: see [report.Stats].
func (j *Journal) Stats(ctx context.Context, office string, from, to calendar.Date, by report.By) (_ []report.Row, err error) {
	defer wrap(&err, "postgres.Stats(%q, %s, %s, %s)", office, from, to, by)

	rows, err := report.Stats(ctx, j.db, office, from, to, by)
	return rows, j.failure(err)
}

// Operators counts the visits of the days from..to by clerk: see [report.Operators].
func (j *Journal) Operators(ctx context.Context, office string, from, to calendar.Date, since time.Time) (_ []report.Row, err error) {
	defer wrap(&err, "postgres.Operators(%q, %s, %s)", office, from, to)

	rows, err := report.Operators(ctx, j.db, office, from, to, since)
	return rows, j.failure(err)
}

// Versions returns the versions of the configuration: see [report.Versions].
func (j *Journal) Versions(ctx context.Context, office string) (_ []report.Version, err error) {
	defer wrap(&err, "postgres.Versions(%q)", office)

	versions, err := report.Versions(ctx, j.db, office)
	return versions, j.failure(err)
}

// Prune deletes what is known in detail of the days before before's: see [report.Prune].
func (j *Journal) Prune(ctx context.Context, office string, before time.Time) (err error) {
	defer wrap(&err, "postgres.Prune(%q, %s)", office, calendar.DateOf(before))

	return j.failure(report.Prune(ctx, j.pruning, office, before))
}

// pruneLock is the advisory lock of who prunes: two servers that pruned one day
// together would both count its visits.
const pruneLock = upgradeLock + 1

// pruning is a transaction of the one server that prunes.
func (j *Journal) pruning(ctx context.Context, f func(report.DB) error) error {
	return report.In(j.db)(ctx, func(tx report.DB) error {
		if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock($1)`, int64(pruneLock)); err != nil {
			return err
		}
		return f(tx)
	})
}

package sqlite

import (
	"context"
	"time"

	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/journal/report"
)

// Stats counts the visits of the days from..to, both included: see [report.Stats].
func (j *Journal) Stats(ctx context.Context, office string, from, to calendar.Date, by report.By) (_ []report.Row, err error) {
	defer j.wrap(&err, "sqlite.Stats(%q, %s, %s, %s)", office, from, to, by)

	return report.Stats(ctx, j.pool, office, from, to, by)
}

// Operators counts the visits of the days from..to by clerk: see [report.Operators].
func (j *Journal) Operators(ctx context.Context, office string, from, to calendar.Date, since time.Time) (_ []report.Row, err error) {
	defer j.wrap(&err, "sqlite.Operators(%q, %s, %s)", office, from, to)

	return report.Operators(ctx, j.pool, office, from, to, since)
}

// Versions returns the versions of the configuration: see [report.Versions].
func (j *Journal) Versions(ctx context.Context, office string) (_ []report.Version, err error) {
	defer j.wrap(&err, "sqlite.Versions(%q)", office)

	return report.Versions(ctx, j.pool, office)
}

// Prune deletes what is known in detail of the days before before's: see [report.Prune].
func (j *Journal) Prune(ctx context.Context, office string, before time.Time) (err error) {
	defer j.wrap(&err, "sqlite.Prune(%q, %s)", office, calendar.DateOf(before))

	transact := func(ctx context.Context, f func(report.DB) error) error {
		return j.writer.do(ctx, func() error { return f(j.writer.conn) })
	}
	return report.Prune(ctx, transact, office, before)
}

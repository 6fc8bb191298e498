package journal

import (
	"context"
	"database/sql"
	"iter"
	"time"

	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/journal/figures"
	"github.com/eliminacode/eliminacode/pkg/visits"
)

// Store is all that a server keeps: the events first, and the figures that follow from them, in one
// database. journal/sqlite and journal/postgres are the two there are.
type Store interface {
	Journal
	Figures
	// DB is the database, for the packages that keep tables of their own in it.
	DB() *sql.DB
}

// Figures are what the events amount to, day by day; see package figures.
type Figures interface {
	// Stats counts the visits of the days from..to, both included.
	Stats(ctx context.Context, office string, from, to calendar.Date, by figures.By) ([]figures.Row, error)
	// Hours returns the hours of the days from..to in which visits began, with their waits.
	Hours(ctx context.Context, office string, from, to calendar.Date) ([]figures.Hour, error)
	// Counts returns how many visits began in the hours of the days from..to, both included.
	Counts(ctx context.Context, office string, from, to calendar.Date) ([]visits.Count, error)
	// Waited returns who waited on the days from..to, and how long, by day, hour and channel.
	Waited(ctx context.Context, office string, from, to calendar.Date) ([]figures.Waited, error)
	// Known returns the first and the last day up to until of which there are figures.
	Known(ctx context.Context, office string, until calendar.Date) (first, last calendar.Date, err error)
	// Visits gives the visits of the days from..to that have ended, in the order in which they
	// came, with their times in loc.
	Visits(ctx context.Context, office string, from, to calendar.Date, loc *time.Location) iter.Seq2[visits.Visit, error]
	// Operators counts the visits of the days from..to by clerk, since an office has switched that
	// on.
	Operators(ctx context.Context, office string, from, to calendar.Date, since time.Time) ([]figures.Row, error)
	// Versions returns the versions of an office's configuration, the oldest first.
	Versions(ctx context.Context, office string) ([]figures.Version, error)
	// Prune deletes what is known in detail of the days before before's, and keeps its sums.
	Prune(ctx context.Context, office string, before time.Time) error
}

package report

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/eliminacode/eliminacode/pkg/calendar"
)

// Figures are the reports of one database. The engines embed them.
type Figures struct {
	db       *sql.DB
	transact Transact
	meaning  func(error) error // what an error of the driver means
}

// New returns the figures of a database, with the engine's transactions and its errors.
func New(db *sql.DB, transact Transact, meaning func(error) error) *Figures {
	return &Figures{db: db, transact: transact, meaning: meaning}
}

// Stats is [Stats] of the database.
func (f *Figures) Stats(ctx context.Context, office string, from, to calendar.Date, by By) (_ []Row, err error) {
	defer f.wrap(&err, "figures of %q, %s to %s by %s", office, from, to, by)

	return Stats(ctx, f.db, office, from, to, by)
}

// Operators is [Operators] of the database.
func (f *Figures) Operators(ctx context.Context, office string, from, to calendar.Date, since time.Time) (_ []Row, err error) {
	defer f.wrap(&err, "figures of %q by operator, %s to %s", office, from, to)

	return Operators(ctx, f.db, office, from, to, since)
}

// Versions is [Versions] of the database.
func (f *Figures) Versions(ctx context.Context, office string) (_ []Version, err error) {
	defer f.wrap(&err, "versions of %q", office)

	return Versions(ctx, f.db, office)
}

// Prune is [Prune] of the database.
func (f *Figures) Prune(ctx context.Context, office string, before time.Time) (err error) {
	defer f.wrap(&err, "prune %q before %s", office, calendar.DateOf(before))

	return Prune(ctx, f.transact, office, before)
}

func (f *Figures) wrap(err *error, format string, args ...any) {
	if *err != nil {
		*err = fmt.Errorf(format+": %w", append(args, f.meaning(*err))...)
	}
}

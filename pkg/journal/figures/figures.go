package figures

import (
	"database/sql"
	"fmt"
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

func (f *Figures) wrap(err *error, format string, args ...any) {
	if *err != nil {
		*err = fmt.Errorf(format+": %w", append(args, f.meaning(*err))...)
	}
}

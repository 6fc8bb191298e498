package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/eliminacode/eliminacode/pkg/journal"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// errClosed says that Close was called before or meanwhile.
var errClosed = &journal.Error{Reason: journal.Closed}

// wrap names the operation of an error, and says what it means for the caller:
// whatever SQLite can't do now is [journal.ErrUnavailable].
func (j *Journal) wrap(err *error, format string, args ...any) {
	if *err == nil {
		return
	}
	*err = fmt.Errorf(format+": %w", append(args, j.meaning(*err))...)
}

func (j *Journal) meaning(err error) error {
	if errors.Is(err, journal.ErrUnavailable) || errors.Is(err, journal.ErrConflict) {
		return err
	}
	select {
	case <-j.closed:
		return errClosed
	default:
	}
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return &journal.Error{Reason: reason(e.Code()), Err: err}
	}
	for _, gone := range []error{sql.ErrConnDone, context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, gone) {
			return &journal.Error{Reason: journal.Failed, Err: err}
		}
	}
	return err
}

// reason is what a result code of SQLite means.
func reason(code int) journal.Reason {
	if code == sqlite3.SQLITE_IOERR_SHORT_READ { // the file ends too early
		return journal.Damaged
	}
	switch code & 0xff { // the rest is detail
	case sqlite3.SQLITE_FULL:
		return journal.Full
	case sqlite3.SQLITE_READONLY:
		return journal.ReadOnly
	case sqlite3.SQLITE_CORRUPT:
		return journal.Damaged
	case sqlite3.SQLITE_NOTADB:
		return journal.NotADatabase
	case sqlite3.SQLITE_CANTOPEN:
		return journal.NoFile
	case sqlite3.SQLITE_IOERR:
		return journal.BadDisk
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return journal.Locked
	case sqlite3.SQLITE_CONSTRAINT:
		return journal.Refused
	}
	return journal.Failed
}

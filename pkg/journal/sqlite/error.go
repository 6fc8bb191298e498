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
var errClosed = fmt.Errorf("%w: the journal is closed", journal.ErrUnavailable)

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
		return fmt.Errorf("%w: %s: %w", journal.ErrUnavailable, sentence(e.Code()), err)
	}
	for _, gone := range []error{sql.ErrConnDone, context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, gone) {
			return fmt.Errorf("%w: %w", journal.ErrUnavailable, err)
		}
	}
	return err
}

// sentence says what a result code of SQLite means to whoever runs the server.
func sentence(code int) string {
	switch code & 0xff { // the rest is detail
	case sqlite3.SQLITE_FULL:
		return "the disk is full"
	case sqlite3.SQLITE_READONLY:
		return "the database can only be read: check its permissions and the disk"
	case sqlite3.SQLITE_CORRUPT:
		return "the database is damaged: restore a backup"
	case sqlite3.SQLITE_NOTADB:
		return "the file is not a database of eliminacode"
	case sqlite3.SQLITE_CANTOPEN:
		return "the database can't be opened: check its permissions"
	case sqlite3.SQLITE_IOERR:
		return "the disk can't be read or written"
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return "another program holds the database"
	case sqlite3.SQLITE_CONSTRAINT:
		return "the database refuses the rows"
	}
	return "SQLite failed"
}

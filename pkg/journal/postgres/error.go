package postgres

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"

	"github.com/eliminacode/eliminacode/pkg/journal"
	"github.com/jackc/pgx/v5/pgconn"
)

// wrap names the operation of an error.
func wrap(err *error, format string, args ...any) {
	if *err != nil {
		*err = fmt.Errorf(format+": %w", append(args, *err)...)
	}
}

// failure says what an error of the driver means for the caller. What isn't an
// answer of the server is a connection that broke, or never was.
func failure(err error) error {
	if err == nil || errors.Is(err, journal.ErrConflict) || errors.Is(err, journal.ErrUnavailable) {
		return err
	}
	e, answered := errors.AsType[*pgconn.PgError](err)
	if !answered {
		return &journal.Error{Reason: journal.Unreachable, Detail: whereTo(err), Err: err}
	}
	switch {
	case e.Code == "23505" && e.TableName == "events", // unique_violation: the seq is taken
		e.Code == "23502" && e.TableName == "events" && e.ColumnName == "office", // not_null_violation: see insertEvents
		e.Code == "40001", e.Code == "40P01": // serialization_failure, deadlock_detected: another one went first
		return fmt.Errorf("%w: %w", journal.ErrConflict, err)
	}
	for _, kind := range []struct {
		class  string
		reason journal.Reason
	}{
		{"08", journal.Broken},
		{"25006", journal.ReadOnly},
		{"28", journal.WrongPassword},
		{"3D", journal.UnknownDatabase},
		{"42501", journal.NotAllowed},
		{"53100", journal.Full},
		{"53", journal.Lacking},
		{"55P03", journal.Locked},
		{"57", journal.Stopping},
		{"58", journal.BadDisk},
		{"XX", journal.Damaged},
	} {
		if strings.HasPrefix(e.Code, kind.class) {
			return &journal.Error{Reason: kind.reason, Err: err}
		}
	}
	return err
}

// whereTo says which address couldn't be reached and why, if the network says so.
func whereTo(err error) string {
	if e, ok := errors.AsType[*net.OpError](err); ok {
		return e.Error()
	}
	if e, ok := errors.AsType[*pgconn.ConnectError](err); ok { // a name that nobody knows; it has no password in it
		return strings.Join(strings.Fields(e.Error()), " ")
	}
	return ""
}

// failure says what an error means, and has the pool connect anew when the
// server is gone or has become a standby: without that, as many commands would
// fail as there are connections before one finds the server that took over.
func (j *Journal) failure(err error) error {
	e, answered := errors.AsType[*pgconn.PgError](err)
	switch {
	case err == nil, errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
	case !answered, e.Code == "25006", strings.HasPrefix(e.Code, "57P"):
		j.pool.Reset()
	}
	return failure(err)
}

package journal

import "fmt"

// Reason says why a store can't be used, in a form to decide by. Its text is a sentence for whoever
// runs the server.
type Reason string

// The reasons. The first three are wrong settings: waiting doesn't mend them.
const (
	WrongAddress    Reason = "the address can't be understood"
	WrongPassword   Reason = "the server refuses the user or the password"
	UnknownDatabase Reason = "there is no such database"
	NotAllowed      Reason = "the user may not use the tables"
	Unreachable     Reason = "the database can't be reached"
	Broken          Reason = "the connection broke"
	ReadOnly        Reason = "it can only be read"
	Full            Reason = "the disk is full"
	Lacking         Reason = "the server lacks resources"
	Locked          Reason = "another program holds the database for too long"
	Stopping        Reason = "the server is stopping, starting or cancelled the statement"
	BadDisk         Reason = "the disk can't be read or written"
	Damaged         Reason = "the database is damaged: restore a backup"
	Gone            Reason = "the database's file was moved, deleted or replaced under the running server: stop it, put the file in its place, and start it again"
	NotADatabase    Reason = "the file is not a database of eliminacode"
	NoFile          Reason = "the file or its folder can't be opened or made: check the path and its permissions"
	InUse           Reason = "the data folder is in use by another eliminacode, or can't be locked"
	OtherVersion    Reason = "the database is of another version"
	Refused         Reason = "the database refuses the rows"
	Closed          Reason = "the journal is closed"
	Failed          Reason = "the database failed"
)

// Error is an [ErrUnavailable] with its reason.
type Error struct {
	Reason Reason
	Detail string // for whoever runs the server, perhaps empty: one line, without a secret
	Err    error  // the cause; nil: none
}

// Error tells everything, for the log.
func (e *Error) Error() string {
	if e.Err == nil {
		return fmt.Sprintf("%v: %s", ErrUnavailable, e.Line())
	}
	return fmt.Sprintf("%v: %s: %v", ErrUnavailable, e.Reason, e.Err)
}

// Line tells the reason in one line.
func (e *Error) Line() string {
	if e.Detail == "" {
		return string(e.Reason)
	}
	return string(e.Reason) + ": " + e.Detail
}

// Is makes every Error an [ErrUnavailable].
func (e *Error) Is(target error) bool { return target == ErrUnavailable }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

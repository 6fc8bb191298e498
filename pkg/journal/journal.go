// Package journal is the durable log of every office: the truth from which all
// else is derived. It says what a journal must do; journal/sqlite and
// journal/postgres do it, and journal/journaltest holds both to it.
package journal

import (
	"context"
	"errors"

	"github.com/eliminacode/eliminacode/pkg/queue"
)

var (
	// ErrConflict says that another server appended first: read on from the
	// last known seq and decide again.
	ErrConflict = errors.New("journal: the sequence number is taken")
	// ErrUnavailable says that the journal can't be reached or written now, in a
	// sentence for whoever runs the server. Nothing was appended, unless the
	// connection broke, or the context ended, while committing: read the journal to know.
	ErrUnavailable = errors.New("journal: unavailable")
)

// Batch is what is committed together: the events of one or more commands of an
// office, and the tickets that they changed, as they are after the last event.
type Batch struct {
	Office  string
	Events  []queue.Event  // seq without gaps, from the office's last one on
	Tickets []queue.Ticket // rows that follow from the events, for reports; each ticket once
}

// Snapshot is an office's state at Seq as [encoding/json] writes it. The journal
// of a new office has none.
type Snapshot struct {
	Seq   int64
	State []byte
}

// Journal is a durable log. It is safe for concurrent use. Every method returns
// ErrUnavailable, wrapped, when the storage can't be reached, was closed, or
// doesn't answer before ctx ends; ctx's own error is then wrapped as well.
type Journal interface {
	// Append commits the batch durably, all of it or nothing. It returns
	// ErrConflict, wrapped, if a seq of the batch is taken or one before it is missing.
	Append(ctx context.Context, b Batch) error
	// Events returns up to limit events of an office after a seq, in order.
	Events(ctx context.Context, office string, after int64, limit int) ([]queue.Event, error)
	// Snapshot returns the office's newest snapshot; Seq 0 if there is none.
	Snapshot(ctx context.Context, office string) (Snapshot, error)
	// SaveSnapshot keeps a snapshot in the place of older ones; one that is older
	// itself, from a slower server, is dropped. Pruning deletes no event after it.
	SaveSnapshot(ctx context.Context, office string, s Snapshot) error
	// Offices lists the offices that have events, in order of name.
	Offices(ctx context.Context) ([]string, error)
	// Follow calls changed with the name of an office, soon after another
	// server has appended to it, until ctx ends, and returns its error. It is a
	// doorbell: rings may be coalesced, lost or false. Changed must be quick. It
	// bears any outage; after one it rings for every office. An embedded journal
	// has no other server and just waits for the end.
	Follow(ctx context.Context, changed func(office string)) error
	// Ring tells the other servers that an office has new events; it may be lost.
	Ring(office string)
	// Ping returns nil when the journal can be written: it commits what is as much work as a
	// command, and leaves no trace.
	Ping(ctx context.Context) error
	// Close waits for what is going on, and ends Follow. Closing again does nothing.
	Close() error
}

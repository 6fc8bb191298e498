package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/eliminacode/eliminacode/pkg/journal"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// Load reads an office from its last snapshot, whose seq it returns as well, and
// the events since. It returns [ErrUnknownOffice] when there is nothing to read.
func Load(ctx context.Context, j journal.Journal, name string) (s *queue.State, saved int64, err error) {
	s, saved, _, err = load(ctx, j, name)
	return s, saved, err
}

// load is [Load]; it also returns the last event that it read.
func load(ctx context.Context, j journal.Journal, name string) (s *queue.State, saved int64, last *queue.Event, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("load office %s: %w", name, err)
		}
	}()
	short, cancel := context.WithTimeout(ctx, journalTimeout)
	snapshot, err := j.Snapshot(short, name)
	cancel()
	if err != nil {
		return nil, 0, nil, err
	}
	s = new(queue.State)
	if snapshot.Seq > 0 {
		if s, err = queue.Load(snapshot.State); err != nil {
			s, snapshot.Seq = new(queue.State), 0 // of another version: the journal has it all
		}
	}
	if last, err = read(ctx, j, journalTimeout, name, s.Seq, nil, s.Apply); err != nil {
		return nil, 0, nil, err
	}
	if s.Seq == 0 {
		return nil, 0, nil, ErrUnknownOffice
	}
	return s, snapshot.Seq, last, nil
}

// gap is [ErrGap] as damage of the journal.
func gap(office, what string) error {
	return &journal.Error{Reason: journal.Damaged, Detail: "office " + office + ": " + what, Err: fmt.Errorf("%w: %s", ErrGap, what)}
}

// errRewritten says that the journal no longer has the event that the state ends
// with: a standby took over that lacked it, or a backup was restored.
var errRewritten = errors.New("engine: the journal is another than before")

// read hands the journal's further events, after seq, to apply. Last is the event of that
// seq, or nil; the journal must still have it. The new last event is returned, also with an error.
func read(ctx context.Context, j journal.Journal, within time.Duration, name string, seq int64, last *queue.Event, apply func(*queue.Event)) (*queue.Event, error) {
	for {
		after := seq
		if last != nil {
			after--
		}
		short, cancel := context.WithTimeout(ctx, within)
		events, err := j.Events(short, name, after, chunk)
		cancel()
		if err != nil {
			return last, err
		}
		full := len(events) == chunk
		if last != nil {
			if len(events) == 0 || !same(&events[0], last) {
				return last, errRewritten
			}
			events = events[1:]
		}
		for i := range events {
			if events[i].Seq > seq+1 { // old events were deleted, and the snapshot that stood for them can't be read
				if i > 0 {
					last = new(events[i-1])
				}
				return last, gap(name, fmt.Sprintf("events %d to %d are missing", seq+1, events[i].Seq-1))
			}
			apply(&events[i])
			seq = events[i].Seq
		}
		if n := len(events); n > 0 {
			last = new(events[n-1]) // a copy: the others may go
		}
		if !full {
			return last, nil
		}
	}
}

// same reports whether two events are one.
func same(a, b *queue.Event) bool {
	return a.Seq == b.Seq && a.Kind == b.Kind && a.Command == b.Command && a.Ticket == b.Ticket && a.At.Equal(b.At)
}

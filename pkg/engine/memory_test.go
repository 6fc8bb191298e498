package engine_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/eliminacode/eliminacode/pkg/journal"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// errDisk is what the storage itself says when it fails.
var errDisk = errors.New("memory: input/output error")

// memory is the storage that several servers share. Events are kept as JSON, so
// that nothing is shared with their writer.
type memory struct {
	mu        sync.Mutex
	events    map[string][][]byte
	snapshots map[string]journal.Snapshot
	servers   []*server
}

func newMemory() *memory {
	return &memory{events: map[string][][]byte{}, snapshots: map[string]journal.Snapshot{}}
}

// server is the journal as one server sees it: with faults and a doorbell of its own.
type server struct {
	*memory
	bell chan string

	// The faults and what was counted are guarded by memory.mu.
	before   func() error // called before a commit, without the lock: an error keeps it from happening
	after    func() error // called after a commit: an error is told although it happened
	reading  error        // of every read
	silent   bool         // reads aren't answered
	saving   error        // of every snapshot
	deaf     bool         // rings don't come
	lax      bool         // seqs aren't checked, a control: this must be found
	careless bool         // commits are acknowledged and not kept, a control: this must be found

	batches []journal.Batch // every Append that was tried
	read    int             // events read
	reads   int             // calls of Events
	saved   int             // snapshots kept
}

// server returns a further view of the storage.
func (m *memory) server() *server {
	m.mu.Lock()
	defer m.mu.Unlock()
	s := &server{memory: m, bell: make(chan string, 1)}
	m.servers = append(m.servers, s)
	return s
}

// set changes the faults.
func (s *server) set(change func(s *server)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(s)
}

// counts returns how many batches were tried, events read and snapshots kept.
func (s *server) counts() (batches, read, saved int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.batches), s.read, s.saved
}

func (s *server) Append(ctx context.Context, b journal.Batch) error {
	s.mu.Lock()
	b.Events = slices.Clone(b.Events)
	s.batches = append(s.batches, b)
	before := s.before
	s.mu.Unlock()
	if before != nil {
		if err := before(); err != nil {
			return fmt.Errorf("append: %w", err)
		}
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("append: %w: %w", journal.ErrUnavailable, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(b.Events) == 0 {
		return errors.New("append: no events")
	}
	for i := range b.Events {
		if want := int64(len(s.events[b.Office]) + 1 + i); b.Events[i].Seq != want && !s.lax && !s.careless {
			return fmt.Errorf("append: %w: %d, expected %d", journal.ErrConflict, b.Events[i].Seq, want)
		}
	}
	if s.careless {
		return nil
	}
	for i := range b.Events {
		body, err := json.Marshal(&b.Events[i])
		if err != nil {
			return err
		}
		s.events[b.Office] = append(s.events[b.Office], body)
	}
	if s.after != nil {
		if err := s.after(); err != nil {
			return fmt.Errorf("append: %w", err)
		}
	}
	return nil
}

func (s *server) Events(ctx context.Context, office string, after int64, limit int) ([]queue.Event, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reads++
	if s.silent {
		s.mu.Unlock()
		<-ctx.Done()
		s.mu.Lock()
	}
	if err := errors.Join(s.reading, ctx.Err()); err != nil {
		return nil, fmt.Errorf("events: %w: %w", journal.ErrUnavailable, err)
	}
	bodies := s.events[office]
	bodies = bodies[min(int(after), len(bodies)):]
	bodies = bodies[:min(limit, len(bodies))]
	events := make([]queue.Event, len(bodies))
	for i, body := range bodies {
		if err := json.Unmarshal(body, &events[i]); err != nil {
			return nil, err
		}
	}
	s.read += len(events)
	return events, nil
}

func (s *server) Snapshot(_ context.Context, office string) (journal.Snapshot, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.reading != nil {
		return journal.Snapshot{}, fmt.Errorf("snapshot: %w: %w", journal.ErrUnavailable, s.reading)
	}
	return s.snapshots[office], nil
}

func (s *server) SaveSnapshot(_ context.Context, office string, snapshot journal.Snapshot) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.saving != nil {
		return fmt.Errorf("save snapshot: %w: %w", journal.ErrUnavailable, s.saving)
	}
	s.saved++
	if snapshot.Seq >= s.snapshots[office].Seq {
		s.snapshots[office] = snapshot
	}
	return nil
}

func (s *server) Offices(context.Context) ([]string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(maps.Keys(s.events)), nil
}

func (s *server) Follow(ctx context.Context, changed func(office string)) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case name := <-s.bell:
			changed(name)
		}
	}
}

func (s *server) Ring(office string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, other := range s.servers {
		if other == s || other.deaf {
			continue
		}
		select {
		case other.bell <- office:
		default: // coalesced
		}
	}
}

func (s *server) Ping(context.Context) error { return nil }

func (s *server) Close() error { return nil }

// fail is a fault that lasts.
func fail() error { return fmt.Errorf("%w: %w", journal.ErrUnavailable, errDisk) }

// once is a fault that happens only the first time.
func once() func() error {
	var done bool
	return func() error {
		if done {
			return nil
		}
		done = true
		return fail()
	}
}

// gate is a fault that keeps commits waiting until it is opened.
type gate struct{ open chan struct{} }

func newGate() gate { return gate{make(chan struct{})} }

func (g gate) pass() error { <-g.open; return nil }

// slow is a fault that makes every commit take d.
func slow(d time.Duration) func() error {
	return func() error {
		<-time.After(d)
		return nil
	}
}

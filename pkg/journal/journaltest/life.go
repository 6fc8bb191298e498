package journaltest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/journal"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// race lets several servers append to one office: exactly one wins each seq.
func race(t *testing.T, j journal.Store) {
	ctx := t.Context()
	o := NewOffice("urp")
	mustAppend(t, j, o.Begin(t))
	begun, err := j.Events(ctx, "urp", 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	const servers, each = 8, 20
	var conflicts atomic.Int64
	var all sync.WaitGroup
	for server := range servers {
		all.Go(func() {
			mine := NewOffice("urp")
			catchUp := func(events []queue.Event) {
				for i := range events {
					mine.State.Apply(&events[i])
				}
			}
			catchUp(begun)
			for i := 0; i < each; {
				e := queue.Event{
					Seq: mine.State.Seq + 1, At: Monday.Add(time.Minute), Kind: queue.TicketIssued, Command: fmt.Sprintf("%d-%d", server, i),
					Ticket: queue.TicketID(fmt.Sprintf("t-%d-%d", server, i)), Channel: "anagrafe", Class: queue.Standard, Since: Monday,
				}
				err := j.Append(ctx, journal.Batch{Office: "urp", Events: []queue.Event{e}})
				switch {
				case err == nil:
					i++
				case errors.Is(err, journal.ErrConflict):
					conflicts.Add(1)
				default:
					t.Error(err)
					return
				}
				events, err := j.Events(ctx, "urp", mine.State.Seq, 1000)
				if err != nil {
					t.Error(err)
					return
				}
				catchUp(events)
			}
		})
	}
	all.Wait()
	events, err := j.Events(ctx, "urp", int64(len(begun)), 1000)
	if err != nil {
		t.Fatal(err)
	}
	won := map[string]bool{}
	for i, e := range events {
		if want := int64(len(begun) + i + 1); e.Seq != want {
			t.Fatalf("seq %d where %d should be", e.Seq, want)
		}
		won[e.Command] = true
	}
	if len(events) != servers*each || len(won) != servers*each {
		t.Errorf("%d events of %d commands, want %d of each", len(events), len(won), servers*each)
	}
	t.Logf("%d conflicts", conflicts.Load())
}

func cancelled(t *testing.T, j journal.Store) {
	o := NewOffice("urp")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	b := o.Begin(t)
	if err := j.Append(ctx, b); !errors.Is(err, context.Canceled) || errors.Is(err, journal.ErrConflict) {
		t.Errorf("append after the context's end: %v", err)
	}
	if _, err := j.Events(ctx, "urp", 0, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("events after the context's end: %v", err)
	}
	if err := j.Ping(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("ping after the context's end: %v", err)
	}
	mustAppend(t, j, b) // nothing was appended, and the journal goes on
}

func ping(t *testing.T, j journal.Store) {
	if err := j.Ping(t.Context()); err != nil {
		t.Error(err)
	}
}

func follow(t *testing.T, j journal.Store) {
	ctx, cancel := context.WithCancel(t.Context())
	followed := make(chan error, 1)
	go func() { followed <- j.Follow(ctx, func(string) {}) }()
	j.Ring("urp")
	cancel()
	if err := <-followed; !errors.Is(err, context.Canceled) {
		t.Errorf("follow after the context's end: %v", err)
	}
}

func closed(t *testing.T, j journal.Store) {
	ctx := t.Context()
	o := NewOffice("urp")
	mustAppend(t, j, o.Begin(t))
	followed := make(chan error, 1)
	go func() { followed <- j.Follow(ctx, func(string) {}) }()
	for range 2 {
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
	}
	_, events := j.Events(ctx, "urp", 0, 1)
	_, snapshot := j.Snapshot(ctx, "urp")
	_, list := j.Offices(ctx)
	_, hours := j.Hours(ctx, "urp", "2026-03-02", "2026-03-02")
	visits := errors.New("none")
	for _, visits = range j.Visits(ctx, "urp", "2026-03-02", "2026-03-02", time.UTC) {
	}
	for name, err := range map[string]error{
		"append":        j.Append(ctx, o.Do(t, Issue("a"))),
		"events":        events,
		"snapshot":      snapshot,
		"save snapshot": j.SaveSnapshot(ctx, "urp", journal.Snapshot{Seq: 1, State: []byte("{}")}),
		"offices":       list,
		"hours":         hours,
		"visits":        visits,
		"ping":          j.Ping(ctx),
		"follow":        <-followed,
	} {
		if !errors.Is(err, journal.ErrUnavailable) {
			t.Errorf("%s of a closed journal: %v, want ErrUnavailable", name, err)
		}
	}
	j.Ring("urp") // is harmless
}

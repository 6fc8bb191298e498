package main

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/engine"
	"github.com/eliminacode/eliminacode/pkg/journal/sqlite"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// TestPruneAll has an office that can't be read: the others' clerks have a right to be forgotten
// all the same.
func TestPruneAll(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	j, err := sqlite.Open(ctx, filepath.Join(t.TempDir(), "eliminacode.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = j.Close() })
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	run := func(work func(*engine.Engine)) {
		t.Helper()
		offices := engine.New(engine.Options{Journal: j, Now: func() time.Time { return now }})
		work(offices)
		if err := offices.Close(ctx); err != nil {
			t.Error(err)
		}
	}
	run(func(offices *engine.Engine) {
		for _, name := range []string{"broken", "urp"} {
			if err := offices.Create(ctx, name, queue.Default()); err != nil {
				t.Fatal(err)
			}
			open := queue.Command{ID: "1", By: "user/maria", Do: queue.Open{Counter: "1", Operator: "maria"}}
			if _, err := offices.Do(ctx, name, open); err != nil {
				t.Fatal(err)
			}
		}
	})
	for _, table := range []string{"snapshots WHERE office = 'broken'", "events WHERE office = 'broken' AND seq = 1"} {
		if _, err := j.DB().ExecContext(ctx, "DELETE FROM "+table); err != nil {
			t.Fatal(err)
		}
	}
	now = now.AddDate(0, 0, 40)
	named := func() (n int) {
		t.Helper()
		if err := j.DB().QueryRowContext(ctx, "SELECT COUNT(*) FROM events WHERE office = 'urp' AND body LIKE '%maria%'").Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if named() == 0 {
		t.Fatal("nothing to prune")
	}
	run(func(offices *engine.Engine) {
		if err := pruneAll(ctx, j, offices, 30); !errors.Is(err, engine.ErrGap) {
			t.Errorf("%v, want the gap of the broken office", err)
		}
	})
	if n := named(); n != 0 {
		t.Errorf("%d events still name the clerk", n)
	}
}

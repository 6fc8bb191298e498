package sqlite_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/eliminacode/eliminacode/pkg/journal"
	"github.com/eliminacode/eliminacode/pkg/journal/journaltest"
	"github.com/eliminacode/eliminacode/pkg/journal/sqlite"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// wantUnavailable wants an error that says so in words that help.
func wantUnavailable(t *testing.T, err error, words string) {
	t.Helper()
	if !errors.Is(err, journal.ErrUnavailable) || !strings.Contains(err.Error(), words) {
		t.Errorf("%v, want ErrUnavailable with %q", err, words)
	}
}

// breaks is a batch of n breaks at a counter, of about 600 bytes each.
func breaks(t *testing.T, o *journaltest.Office, n int) journal.Batch {
	t.Helper()
	var actions []queue.Action
	for range n {
		actions = append(actions, queue.Pause{Counter: "1", Reason: strings.Repeat("x", 200)}, queue.Resume{Counter: "1"})
	}
	return o.Do(t, actions...)
}

func TestOpenMakesPrivateFiles(t *testing.T) {
	t.Parallel()

	// A path that an address would read otherwise.
	dir := filepath.Join(t.TempDir(), "50% più? #1 & co")
	path := filepath.Join(dir, "eliminacode.db")
	j := open(t, path)
	o := journaltest.NewOffice("urp")
	if err := j.Append(t.Context(), o.Begin(t)); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) < 3 {
		t.Errorf("%d files, want the database, its log and its lock at least", len(entries))
	}
	for _, e := range entries {
		if info, err := e.Info(); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v; want mode 0600", e.Name(), info.Mode(), err)
		}
	}
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("folder: %v, %v; want mode 0700", info.Mode(), err)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	j = open(t, path)
	defer j.Close()
	if events, err := j.Events(t.Context(), "urp", 0, 100); err != nil || int64(len(events)) != o.State.Seq {
		t.Errorf("after opening it again: %d events, %v", len(events), err)
	}
}

func TestOpenTwice(t *testing.T) {
	t.Parallel()

	path := filepath.Join(t.TempDir(), "eliminacode.db")
	j := open(t, path)
	_, err := sqlite.Open(t.Context(), path, sqlite.Options{})
	wantUnavailable(t, err, "another eliminacode")
	if err := j.Ping(t.Context()); err != nil {
		t.Errorf("the first: %v", err)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	if err := open(t, path).Close(); err != nil {
		t.Fatal(err)
	}
}

func TestOpenNoDatabase(t *testing.T) {
	t.Parallel()

	path := filepath.Join(t.TempDir(), "eliminacode.db")
	if err := os.WriteFile(path, bytes.Repeat([]byte("Caro diario, "), 1000), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := sqlite.Open(t.Context(), path, sqlite.Options{})
	wantUnavailable(t, err, "not a database")

	_, err = sqlite.Open(t.Context(), filepath.Join(path, "below-a-file.db"), sqlite.Options{})
	wantUnavailable(t, err, "not a directory")
}

func TestDamaged(t *testing.T) {
	t.Parallel()

	path := filepath.Join(t.TempDir(), "eliminacode.db")
	j := open(t, path)
	o := journaltest.NewOffice("urp")
	for _, b := range []journal.Batch{o.Begin(t), breaks(t, o, 2000)} {
		if err := j.Append(t.Context(), b); err != nil {
			t.Fatal(err)
		}
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	const head = 100 * 4096 // what Open itself reads stays whole
	if _, err := f.WriteAt(bytes.Repeat([]byte{0xa5}, int(info.Size())-head), head); err != nil {
		t.Fatal(err)
	}
	j = open(t, path)
	defer j.Close()
	_, err = j.Events(t.Context(), "urp", 0, 10_000)
	wantUnavailable(t, err, "damaged")
}

// TestCutShort has a copy that wasn't finished: it isn't the disk that is at fault.
func TestCutShort(t *testing.T) {
	t.Parallel()

	path := filepath.Join(t.TempDir(), "eliminacode.db")
	j := open(t, path)
	o := journaltest.NewOffice("urp")
	for _, b := range []journal.Batch{o.Begin(t), breaks(t, o, 2000)} {
		if err := j.Append(t.Context(), b); err != nil {
			t.Fatal(err)
		}
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, info.Size()-1000); err != nil {
		t.Fatal(err)
	}
	j, err = sqlite.Open(t.Context(), path, sqlite.Options{})
	if err == nil {
		defer j.Close()
		_, err = j.Events(t.Context(), "urp", 0, 10_000)
	}
	wantUnavailable(t, err, "damaged")
}

func TestDiskFull(t *testing.T) {
	t.Parallel()

	j := open(t, filepath.Join(t.TempDir(), "eliminacode.db"))
	defer j.Close()
	o := journaltest.NewOffice("urp")
	if err := j.Append(t.Context(), o.Begin(t)); err != nil {
		t.Fatal(err)
	}
	before := o.State.Seq
	if err := j.LimitPages(1); err != nil { // no less than it has
		t.Fatal(err)
	}
	b := breaks(t, o, 400)
	wantUnavailable(t, j.Append(t.Context(), b), "the disk is full")
	wantUnavailable(t, j.Ping(t.Context()), "the disk is full")
	if events, err := j.Events(t.Context(), "urp", before, 1); err != nil || len(events) != 0 {
		t.Errorf("after a refused batch: %d events, %v", len(events), err)
	}
	if err := j.LimitPages(1 << 30); err != nil {
		t.Fatal(err)
	}
	if err := j.Append(t.Context(), b); err != nil {
		t.Errorf("with room again: %v", err)
	}
	for range 50 {
		if err := j.Ping(t.Context()); err != nil {
			t.Fatalf("with room again: %v", err)
		}
	}
	pages := func() (n int) {
		if err := j.DB().QueryRowContext(t.Context(), `PRAGMA page_count`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	size := pages()
	for range 50 {
		if err := j.Ping(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if got := pages(); got != size {
		t.Errorf("fifty probes made the database grow from %d pages to %d", size, got)
	}
	if events, err := j.Events(t.Context(), "urp", b.Events[len(b.Events)-1].Seq, 1); err != nil || len(events) != 0 {
		t.Errorf("the probes left %d events, %v", len(events), err)
	}
}

func TestOnlyReadable(t *testing.T) {
	t.Parallel()

	j := open(t, filepath.Join(t.TempDir(), "eliminacode.db"))
	defer j.Close()
	if err := j.ReadOnly(); err != nil {
		t.Fatal(err)
	}
	wantUnavailable(t, j.Append(t.Context(), journaltest.NewOffice("urp").Begin(t)), "can only be read")
	wantUnavailable(t, j.Ping(t.Context()), "can only be read")
}

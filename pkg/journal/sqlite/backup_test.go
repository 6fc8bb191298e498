package sqlite_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/eliminacode/eliminacode/pkg/journal"
	"github.com/eliminacode/eliminacode/pkg/journal/journaltest"
	"github.com/eliminacode/eliminacode/pkg/journal/sqlite"
)

// TestBackup copies an office that goes on: the copy is an office at one moment.
func TestBackup(t *testing.T) {
	t.Parallel()

	dir := t.TempDir()
	path := filepath.Join(dir, "eliminacode.db")
	j := open(t, path)
	defer j.Close()
	o := journaltest.NewOffice("urp")
	batches := []journal.Batch{o.Begin(t)}
	for i := range 60 {
		batches = append(batches, o.Do(t, journaltest.Issue(fmt.Sprint("a", i)), journaltest.Issue(fmt.Sprint("b", i))))
	}
	first := int64(len(batches[0].Events))
	copies := []func(to string) error{
		func(to string) error { return j.Backup(t.Context(), to) },
		func(to string) error { return sqlite.Backup(t.Context(), path, to) },
	}
	var done []<-chan error
	for i, b := range batches {
		if err := j.Append(t.Context(), b); err != nil {
			t.Fatal(err)
		}
		if i%20 == 0 && len(done) < len(copies) {
			back, c := make(chan error, 1), copies[len(done)]
			to := filepath.Join(dir, fmt.Sprintf("copy %d?.db", len(done)))
			go func() { back <- c(to) }()
			done = append(done, back)
		}
	}
	for i, back := range done {
		if err := <-back; err != nil {
			t.Fatal(err)
		}
		copied := filepath.Join(dir, fmt.Sprintf("copy %d?.db", i))
		if info, err := os.Stat(copied); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%v, %v; want mode 0600", info.Mode(), err)
		}
		place := filepath.Join(t.TempDir(), "eliminacode.db") // a server has a folder of its own
		if err := os.Rename(copied, place); err != nil {
			t.Fatal(err)
		}
		restored := open(t, place)
		events, err := restored.Events(t.Context(), "urp", 0, 10_000)
		if err != nil {
			t.Fatal(err)
		}
		if n := int64(len(events)); n < first || (n-first)%2 != 0 {
			t.Errorf("%d events: half a batch was copied", n)
		}
		var tickets int
		if err := restored.DB().QueryRowContext(t.Context(), `SELECT COUNT(*) FROM tickets`).Scan(&tickets); err != nil {
			t.Fatal(err)
		}
		if int64(tickets) != int64(len(events))-first {
			t.Errorf("%d tickets with %d events: not of one moment", tickets, len(events))
		}
		if err := restored.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestBackupErrors(t *testing.T) {
	t.Parallel()

	dir := t.TempDir()
	j := open(t, filepath.Join(dir, "eliminacode.db"))
	defer j.Close()
	kept := filepath.Join(dir, "diary.txt")
	if err := os.WriteFile(kept, []byte("Caro diario"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := j.Backup(t.Context(), kept); !errors.Is(err, os.ErrExist) {
		t.Errorf("onto a file: %v, want ErrExist", err)
	}
	if text, err := os.ReadFile(kept); err != nil || string(text) != "Caro diario" {
		t.Errorf("the file now holds %q, %v", text, err)
	}
	if err := j.Backup(t.Context(), filepath.Join(dir, "nowhere", "copy.db")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("into no folder: %v, want ErrNotExist", err)
	}
	absent := filepath.Join(dir, "absent.db")
	if err := sqlite.Backup(t.Context(), absent, filepath.Join(dir, "copy.db")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("of no database: %v, want ErrNotExist", err)
	}
	if err := sqlite.Backup(t.Context(), kept, filepath.Join(dir, "copy.db")); !errors.Is(err, journal.ErrUnavailable) {
		t.Errorf("of no database: %v, want ErrUnavailable", err)
	}
	for _, path := range []string{absent, filepath.Join(dir, "copy.db")} {
		if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s was left behind: %v", path, err)
		}
	}
}

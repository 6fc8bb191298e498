package sqlite_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/eliminacode/eliminacode/pkg/journal"
	"github.com/eliminacode/eliminacode/pkg/journal/journaltest"
	"github.com/eliminacode/eliminacode/pkg/journal/sqlite"
)

// TestLockDeleted deletes the lock's file beside a server: no second one is admitted.
func TestLockDeleted(t *testing.T) {
	t.Parallel()

	path := filepath.Join(t.TempDir(), "eliminacode.db")
	j := open(t, path)
	defer j.Close()
	if err := os.Remove(path + ".lock"); err != nil {
		t.Fatal(err)
	}
	_, err := sqlite.Open(t.Context(), path, sqlite.Options{})
	wantUnavailable(t, err, "another eliminacode")
}

// TestSignsOfEarlierDays has the database be lost in several ways: it isn't taken for a new
// installation.
func TestSignsOfEarlierDays(t *testing.T) {
	t.Parallel()

	for name, c := range map[string]struct {
		lose func(path string) error
		want string
	}{
		"Emptied": {func(path string) error { return os.Truncate(path, 0) }, "eliminacode.db.lock"},
		"Removed": {os.Remove, "is not there"},
		"BackupBeside": {func(path string) error {
			folder := filepath.Dir(path)
			for _, f := range []string{path, path + ".lock"} {
				if err := os.Truncate(f, 0); err != nil {
					return err
				}
			}
			return os.WriteFile(filepath.Join(folder, "marzo.db"), []byte("SQLite"), 0o600)
		}, "marzo.db"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			path := filepath.Join(t.TempDir(), "eliminacode.db")
			if err := open(t, path).Close(); err != nil {
				t.Fatal(err)
			}
			if err := c.lose(path); err != nil {
				t.Fatal(err)
			}
			for _, beside := range []bool{false, true} {
				_, err := sqlite.Open(t.Context(), path, sqlite.Options{Beside: beside})
				wantUnavailable(t, err, c.want)
			}
		})
	}
}

// TestEventsDeleted deletes the events, all of them or the last ones, beside what followed from
// them: the numbers don't begin anew.
func TestEventsDeleted(t *testing.T) {
	t.Parallel()

	for name, c := range map[string]struct{ lose, want string }{
		"All":     {`DELETE FROM events`, "the snapshot of office urp"},
		"Tickets": {`DELETE FROM events; DELETE FROM snapshots`, "(tickets)"},
		"Last":    {`DELETE FROM events WHERE seq > 2`, "the snapshot of office urp"},
		"Users":   {`DELETE FROM events; DELETE FROM tickets; DELETE FROM snapshots`, "(users)"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			path := filepath.Join(t.TempDir(), "eliminacode.db")
			j := open(t, path)
			office := journaltest.NewOffice("urp")
			for _, batch := range []journal.Batch{office.Begin(t), office.Do(t, journaltest.Issue("a"))} {
				if err := j.Append(t.Context(), batch); err != nil {
					t.Fatal(err)
				}
			}
			if err := j.SaveSnapshot(t.Context(), "urp", journal.Snapshot{Seq: office.State.Seq, State: []byte(`{}`)}); err != nil {
				t.Fatal(err)
			}
			const user = `INSERT INTO users (name, full_name, role, password, disabled, created_at) VALUES ('maria', '', 'admin', '', 0, 0)`
			for _, statement := range []string{user, c.lose} {
				if _, err := j.DB().ExecContext(t.Context(), statement); err != nil {
					t.Fatal(err)
				}
			}
			if err := j.Close(); err != nil {
				t.Fatal(err)
			}
			for _, beside := range []bool{false, true} {
				_, err := sqlite.Open(t.Context(), path, sqlite.Options{Beside: beside})
				wantUnavailable(t, err, c.want)
				wantUnavailable(t, err, "eliminacode backup")
			}
		})
	}
}

// TestBesideMakesNothing has a tool look into a folder that isn't there.
func TestBesideMakesNothing(t *testing.T) {
	t.Parallel()

	folder := filepath.Join(t.TempDir(), "wrong")
	_, err := sqlite.Open(t.Context(), filepath.Join(folder, "eliminacode.db"), sqlite.Options{Beside: true})
	wantUnavailable(t, err, "no such file")
	if _, err := os.Stat(folder); !os.IsNotExist(err) {
		t.Errorf("the folder is made: %v", err)
	}
}

// TestDamagedEvent breaks an event: the error says which one, and what to do.
func TestDamagedEvent(t *testing.T) {
	t.Parallel()

	for name, body := range map[string]string{
		"cut short":       `SUBSTR(body, 1, 20)`,
		"nothing":         `'null'`,
		"without a field": `'{}'`,
		"another's":       `(SELECT body FROM events WHERE seq = 1)`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			j := open(t, filepath.Join(t.TempDir(), "eliminacode.db"))
			defer j.Close()
			if err := j.Append(t.Context(), journaltest.NewOffice("urp").Begin(t)); err != nil {
				t.Fatal(err)
			}
			if _, err := j.DB().ExecContext(t.Context(), `UPDATE events SET body = `+body+` WHERE seq = 2`); err != nil {
				t.Fatal(err)
			}
			_, err := j.Events(t.Context(), "urp", 0, 10)
			for _, words := range []string{"event 2 of office urp", "eliminacode backup"} {
				wantUnavailable(t, err, words)
			}
		})
	}
}

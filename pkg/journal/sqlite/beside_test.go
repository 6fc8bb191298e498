package sqlite_test

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/eliminacode/eliminacode/pkg/journal"
	"github.com/eliminacode/eliminacode/pkg/journal/journaltest"
	"github.com/eliminacode/eliminacode/pkg/journal/sqlite"
)

// TestBeside works on a file that a server has open: of two who append one seq, one wins.
func TestBeside(t *testing.T) {
	t.Parallel()

	path := filepath.Join(t.TempDir(), "eliminacode.db")
	server := open(t, path)
	defer server.Close()
	o := journaltest.NewOffice("urp")
	if err := server.Append(t.Context(), o.Begin(t)); err != nil {
		t.Fatal(err)
	}
	tool, err := sqlite.Open(t.Context(), path, sqlite.Options{Beside: true})
	if err != nil {
		t.Fatal(err)
	}
	last := o.State.Seq
	b := o.Do(t, journaltest.Issue("a"))
	if err := tool.Append(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	if err := server.Append(t.Context(), b); !errors.Is(err, journal.ErrConflict) {
		t.Errorf("the server's append of the same seq: %v, want ErrConflict", err)
	}
	if events, err := server.Events(t.Context(), "urp", last, 10); err != nil || len(events) != 1 {
		t.Errorf("the server finds %d events, %v; want the tool's", len(events), err)
	}
	if err := tool.Close(); err != nil {
		t.Fatal(err)
	}
	if err := server.Append(t.Context(), o.Do(t, journaltest.Issue("b"))); err != nil {
		t.Errorf("the server goes on: %v", err)
	}
}

// TestBesideOlder finds a database that a server of an older version may have open.
func TestBesideOlder(t *testing.T) {
	t.Parallel()

	path := filepath.Join(t.TempDir(), "eliminacode.db")
	script, err := os.ReadFile("../migrations/testdata/0001.sql")
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.ExecContext(t.Context(), string(script))
	if err = errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	if _, err = sqlite.Open(t.Context(), path, sqlite.Options{Beside: true}); err == nil || !strings.Contains(err.Error(), "start its server once") {
		t.Errorf("beside: %v, want to be told to start the server", err)
	}
	if err := sqlite.Backup(t.Context(), path, path+".copy"); err != nil {
		t.Errorf("a backup before the upgrade: %v", err)
	}
	if err := open(t, path).Close(); err != nil {
		t.Fatal(err)
	}
	j, err := sqlite.Open(t.Context(), path, sqlite.Options{Beside: true})
	if err != nil {
		t.Fatalf("beside, after the upgrade: %v", err)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
}

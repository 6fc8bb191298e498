package sqlite_test

import (
	"path/filepath"
	"testing"

	"github.com/eliminacode/eliminacode/pkg/journal"
	"github.com/eliminacode/eliminacode/pkg/journal/journaltest"
	"github.com/eliminacode/eliminacode/pkg/journal/sqlite"
)

func open(t testing.TB, path string) *sqlite.Journal {
	t.Helper()
	j, err := sqlite.Open(t.Context(), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func TestJournal(t *testing.T) {
	t.Parallel()

	journaltest.Run(t, func(t *testing.T) journal.Store {
		return open(t, filepath.Join(t.TempDir(), "data", "eliminacode.db"))
	})
}

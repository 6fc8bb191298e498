package sqlite_test

import (
	"database/sql"
	"path/filepath"
	"testing"

	"github.com/eliminacode/eliminacode/pkg/journal"
	"github.com/eliminacode/eliminacode/pkg/journal/journaltest"
)

func BenchmarkAppend(b *testing.B) {
	floor, err := sql.Open("sqlite", "file:"+filepath.Join(b.TempDir(), "floor.db")+"?_pragma=journal_mode(wal)&_pragma=synchronous(full)")
	if err != nil {
		b.Fatal(err)
	}
	defer floor.Close()
	floor.SetMaxOpenConns(1)
	if _, err := floor.Exec(`CREATE TABLE floor (id INTEGER PRIMARY KEY, body TEXT)`); err != nil {
		b.Fatal(err)
	}
	insert, err := floor.Prepare(`INSERT INTO floor (body) VALUES (?)`)
	if err != nil {
		b.Fatal(err)
	}
	journaltest.Bench(b, func(b *testing.B) journal.Store {
		return open(b, filepath.Join(b.TempDir(), "eliminacode.db"))
	}, func() error {
		_, err := insert.Exec(`{"seq":1,"at":"2026-03-02T09:00:00+01:00","kind":"ticket_issued","ticket":"abcdef"}`)
		return err
	})
}

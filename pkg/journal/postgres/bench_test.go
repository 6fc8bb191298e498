package postgres_test

import (
	"testing"

	"github.com/eliminacode/eliminacode/pkg/journal"
	"github.com/eliminacode/eliminacode/pkg/journal/journaltest"
)

func BenchmarkAppend(b *testing.B) {
	j := open(b, cluster.Database(b))
	defer j.Close()
	conn, err := j.DB().Conn(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.ExecContext(b.Context(), `CREATE TABLE floor (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body TEXT)`); err != nil {
		b.Fatal(err)
	}
	insert, err := conn.PrepareContext(b.Context(), `INSERT INTO floor (body) VALUES ($1)`)
	if err != nil {
		b.Fatal(err)
	}
	journaltest.Bench(b, func(b *testing.B) journal.Store {
		return open(b, cluster.Database(b))
	}, func() error {
		_, err := insert.ExecContext(b.Context(), `{"seq":1,"at":"2026-03-02T09:00:00+01:00","kind":"ticket_issued","ticket":"abcdef"}`)
		return err
	})
}

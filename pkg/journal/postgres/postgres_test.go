package postgres_test

import (
	"os"
	"testing"

	"github.com/eliminacode/eliminacode/pkg/journal"
	"github.com/eliminacode/eliminacode/pkg/journal/journaltest"
	"github.com/eliminacode/eliminacode/pkg/journal/postgres"
	"github.com/eliminacode/eliminacode/pkg/journal/postgres/pgtest"
)

// cluster is where the tests have their databases, each its own.
var cluster *pgtest.Cluster

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m, &cluster)) }

// open opens the journal in a database. Few connections: many tests run at once.
func open(t testing.TB, address string) *postgres.Journal {
	t.Helper()
	j, err := postgres.Open(t.Context(), address, postgres.Options{Connections: 4})
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func TestJournal(t *testing.T) {
	t.Parallel()

	journaltest.Run(t, func(t *testing.T) journal.Store { return open(t, cluster.Database(t)) })
}

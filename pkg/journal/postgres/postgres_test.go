package postgres_test

import (
	"errors"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

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

// TestEventsDeleted deletes the events beside what followed from them: the numbers don't begin
// anew.
func TestEventsDeleted(t *testing.T) {
	t.Parallel()

	address := cluster.Database(t)
	j := open(t, address)
	if err := j.Append(t.Context(), journaltest.NewOffice("urp").Begin(t)); err != nil {
		t.Fatal(err)
	}
	if err := j.SaveSnapshot(t.Context(), "urp", journal.Snapshot{Seq: 2, State: []byte(`{}`)}); err != nil {
		t.Fatal(err)
	}
	_, err := j.DB().ExecContext(t.Context(), `DELETE FROM events`)
	if err := errors.Join(err, j.Close()); err != nil {
		t.Fatal(err)
	}
	_, err = postgres.Open(t.Context(), address, postgres.Options{})
	if known, ok := errors.AsType[*journal.Error](err); !ok || known.Reason != journal.Damaged || !strings.Contains(known.Line(), "pg_dump") {
		t.Errorf("opened with %v, want that it is damaged, and what to do", err)
	}
}

// TestFailedOpenLeavesNothing tries to open a database that isn't up, as a server does each second
// until it is. Not in parallel: it looks at all that runs.
func TestFailedOpenLeavesNothing(t *testing.T) {
	running := func() int {
		stacks := make([]byte, 1<<22)
		return strings.Count(string(stacks[:runtime.Stack(stacks, true)]), "database/sql.(*DB).connectionOpener")
	}
	before := running()
	for range 3 {
		if _, err := postgres.Open(t.Context(), "postgres://nobody@127.0.0.1:1/none", postgres.Options{}); err == nil {
			t.Fatal("opened")
		}
	}
	for deadline := time.Now().Add(5 * time.Second); running() > before; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d goroutines wait for connections, %d before", running(), before)
		}
	}
}

func TestJournal(t *testing.T) {
	t.Parallel()

	journaltest.Run(t, func(t *testing.T) journal.Store { return open(t, cluster.Database(t)) })
}

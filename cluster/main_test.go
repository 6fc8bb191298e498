//go:build unix

// Package cluster runs the real program, one server or several on one real PostgreSQL, breaks what
// can break, and holds what the servers answered against what the journal has.
package cluster_test

import (
	"os"
	"strconv"
	"testing"

	"github.com/eliminacode/eliminacode/cmd/eliminacode/programtest"
	"github.com/eliminacode/eliminacode/pkg/journal/postgres/pgtest"
)

// soakRounds names the environment variable with the number of rounds of the tests that go by
// chance, a few without it. `make soak` sets it to 200.
const soakRounds = "ELIMINACODE_SOAK_ROUNDS"

var cluster *pgtest.Cluster // for the tests that don't stop it

func TestMain(m *testing.M) {
	os.Exit(programtest.Main(func() int { return pgtest.Main(m, &cluster) }))
}

// rounds is how many rounds a test does that does n without the setting.
func rounds(t *testing.T, n int) int {
	t.Helper()
	v := os.Getenv(soakRounds)
	if v == "" {
		return n
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < 1 {
		t.Fatalf("%s=%q: write a number of rounds", soakRounds, v)
	}
	return n
}

// emptyDatabase makes a database. Servers are to use few connections: to break and make many takes
// more time than all else.
func emptyDatabase(t *testing.T) string {
	t.Helper()
	return cluster.Database(t) + "&pool_max_conns=4"
}

// serve starts a server on PostgreSQL that lives as long as the test.
func serve(t *testing.T, name, database string) *programtest.Server {
	t.Helper()
	return programtest.Start(t, programtest.Options{Name: name, Database: database, Race: true})
}

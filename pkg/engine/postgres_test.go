//go:build unix

package engine_test

import (
	"math/rand/v2"
	"testing"

	"github.com/eliminacode/eliminacode/pkg/engine"
	"github.com/eliminacode/eliminacode/pkg/journal/postgres"
	"github.com/eliminacode/eliminacode/pkg/journal/postgres/pgtest"
)

// TestLinearizableOnPostgreSQL is TestLinearizable with two servers on a real PostgreSQL.
func TestLinearizableOnPostgreSQL(t *testing.T) {
	t.Parallel()
	cluster := pgtest.New(t)
	explain(t, func(t *testing.T, _ *rand.Rand) (servers []*engine.Engine) {
		address := cluster.Database(t)
		lineServer(t, openPostgres(t, address), 0)
		for range 2 {
			servers = append(servers, sharedServer(t, openPostgres(t, address)))
		}
		return servers
	})
}

func openPostgres(t *testing.T, address string) *postgres.Journal {
	t.Helper()
	j, err := postgres.Open(t.Context(), address, postgres.Options{Connections: 4})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := j.Close(); err != nil {
			t.Error(err)
		}
	})
	return j
}

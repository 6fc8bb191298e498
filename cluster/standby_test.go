//go:build unix

package cluster_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/eliminacode/eliminacode/cmd/eliminacode/programtest"
	"github.com/eliminacode/eliminacode/pkg/journal/postgres/pgtest"
	"github.com/eliminacode/eliminacode/pkg/queue/queuetest"
)

// TestStandbyAway takes the synchronous standby away, so that no commit is confirmed, and then the
// primary, so that the standby takes over. What the standby lacks was acknowledged to nobody,
// though one server gave up waiting, and the connections of the other were cut while it waited.
func TestStandbyAway(t *testing.T) {
	t.Parallel()
	primary := pgtest.New(t)
	standby := primary.Standby(t)
	w := newWire(t, primary.Host())
	servers := []*programtest.Server{
		serve(t, "waiting", either(primary, standby)),
		serve(t, "cut", w.through(either(primary, standby))),
	}
	issue := func(s *programtest.Server) programtest.Answer { // each in its own office, or the two would wait for each other
		path := "/api/v1/offices/" + s.Name() + "/tickets"
		return s.Must(t, http.MethodPost, path, ticketOf("anagrafe"), "Idempotency-Key", "ticket")
	}
	for _, s := range servers {
		createOffice(t, s, "/offices/"+s.Name(), queuetest.Plain())
	}

	standby.Stop(t)
	var sending []func()
	for _, s := range servers {
		sending = append(sending, func() {
			for range 2 { // again, when the first one may be in the journal
				if a := issue(s); a.Status != http.StatusServiceUnavailable {
					t.Errorf("server %s: %s; want it refused: no standby has the ticket", s.Name(), a)
				}
			}
		})
	}
	together(t, append(sending, func() {
		untilWaiting(t, primary, len(servers))
		w.cut()
	})...)

	primary.Kill(t)
	standby.Start(t)
	standby.Promote(t)
	for _, s := range servers {
		s.Until(t, "ready", func() bool { return s.Get(t, "/readyz").Status == http.StatusOK })
		if a := issue(s); a.Status != http.StatusCreated {
			t.Errorf("server %s, after the standby took over: %s", s.Name(), a)
		}
		office := "/offices/" + s.Name()
		events := s.Journal(t, office, 0)
		if tickets, _ := checkJournal(t, events); len(tickets) != 1 {
			t.Errorf("%d tickets, want the one that was acknowledged", len(tickets))
		}
		agree(t, events, 0, office, servers...)
	}
}

// untilWaiting waits until n commits wait for the standby.
func untilWaiting(t *testing.T, c *pgtest.Cluster, n int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), programtest.Patience)
	defer cancel()
	conn, err := pgx.Connect(ctx, c.Address("postgres"))
	if err != nil {
		t.Error(err)
		return
	}
	defer conn.Close(context.WithoutCancel(ctx))
	const query = `SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'`
	for tick := time.NewTicker(20 * time.Millisecond); ; <-tick.C {
		var waiting int
		if err := conn.QueryRow(ctx, query).Scan(&waiting); err != nil {
			t.Error(fmt.Errorf("%d commits wait for the standby, want %d: %w", waiting, n, err))
			return
		}
		if waiting >= n {
			return
		}
	}
}

//go:build unix

package cluster_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/cmd/eliminacode/programtest"
	"github.com/eliminacode/eliminacode/pkg/journal/postgres/pgtest"
)

// either is the address of a database that one of two clusters has, whichever can be written.
func either(one, two *pgtest.Cluster) string {
	return fmt.Sprintf("postgres://postgres@%s,%s/postgres?sslmode=disable&target_session_attrs=read-write", one.Host(), two.Host())
}

// TestFailover kills the database under load and has its synchronous standby take over.
func TestFailover(t *testing.T) {
	t.Parallel()
	primary := pgtest.New(t)
	standby := primary.Standby(t)
	a := serve(t, "A", either(primary, standby))
	b := serve(t, "B", either(primary, standby))
	m := watch(t, b, "", "view=display&display=sala")

	c := newCrowd(t, 6, 4, a, b)
	c.work(t, 600, map[int]func(){300: func() {
		primary.Kill(t)
		for _, s := range c.servers {
			s.Until(t, "unready", func() bool { return s.Get(t, "/readyz").Status == http.StatusServiceUnavailable })
			wantUnavailable(t, s)
		}
		standby.Promote(t)
		begin := time.Now()
		for _, s := range c.servers {
			s.Until(t, "ready", func() bool { return s.Get(t, "/readyz").Status == http.StatusOK })
		}
		t.Logf("both servers are ready %v after the standby took over", time.Since(begin))
	}})
	c.check(t)
	m.untilSeq(t, a.State(t, "").Seq)
	if c.refused.Load() == 0 {
		t.Error("no command was refused: nobody was at work while there was no database")
	}
}

// wantUnavailable wants a command refused, soon and in the words of the contract.
func wantUnavailable(t *testing.T, s *programtest.Server) {
	t.Helper()
	begin := time.Now()
	a := s.Want(t, http.StatusServiceUnavailable, http.MethodPost, "/api/v1/tickets", ticketOf("protocollo"), "Accept-Language", "en")
	if a.Code() != "unavailable" || a.Header.Get("Retry-After") == "" {
		t.Errorf("%s (Retry-After %q), want the code unavailable and when to try again", a, a.Header.Get("Retry-After"))
	}
	if took := time.Since(begin); took > 10*time.Second {
		t.Errorf("the refusal took %v", took)
	}
}

// TestRestart stops the database as an administrator does, and starts it again.
func TestRestart(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	s := serve(t, "A", db.Address("postgres"))
	m := watch(t, s, "", "view=display&display=sala&tick=1")
	s.Want(t, http.StatusOK, http.MethodPost, "/api/v1/counters/1/open", nil)
	ticket := ticketOf("protocollo")
	s.Want(t, http.StatusCreated, http.MethodPost, "/api/v1/tickets", ticket, "Idempotency-Key", "before")
	for range rounds(t, 2) {
		db.Stop(t)
		s.Until(t, "unready", func() bool { return s.Get(t, "/readyz").Status == http.StatusServiceUnavailable })
		wantUnavailable(t, s)
		s.Want(t, http.StatusServiceUnavailable, http.MethodGet, "/api/v1/state", nil) // another server may have gone on: nothing old is shown
		s.Want(t, http.StatusOK, http.MethodGet, "/healthz", nil)                      // or else it would be restarted, in vain
		db.Start(t)
		took := s.Until(t, "ready", func() bool { return s.Get(t, "/readyz").Status == http.StatusOK })
		t.Logf("ready %v after the database", took)
		s.Want(t, http.StatusCreated, http.MethodPost, "/api/v1/tickets", ticket)
		s.Want(t, http.StatusOK, http.MethodPost, "/api/v1/counters/1/next", nil)
		m.untilSeq(t, s.State(t, "").Seq)
	}
	if n := m.connected(); n > 1 {
		t.Logf("the monitor connected %d times", n)
	}
	tickets, _ := checkJournal(t, s.Journal(t, "", 0))
	if want := 1 + rounds(t, 2); len(tickets) != want { // wantUnavailable's were refused, and carried out by nobody
		t.Errorf("%d tickets, want %d", len(tickets), want)
	}
}

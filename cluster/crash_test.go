//go:build unix

package cluster_test

import (
	"math"
	"math/rand/v2"
	"net/http"
	"syscall"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/cmd/eliminacode/programtest"
	"github.com/eliminacode/eliminacode/pkg/view"
)

// TestCrash ends one server, kindly and not, on each engine.
func TestCrash(t *testing.T) {
	t.Parallel()
	for engine, database := range map[string]func(*testing.T) string{
		"SQLite":     func(*testing.T) string { return "" }, // in the data folder
		"PostgreSQL": emptyDatabase,
	} {
		t.Run("Kill/"+engine, func(t *testing.T) {
			t.Parallel()
			testKill(t, programtest.New(t, programtest.Options{Name: engine, Database: database(t)}))
		})
		t.Run("Terminate/"+engine, func(t *testing.T) {
			t.Parallel()
			testTerminate(t, programtest.New(t, programtest.Options{Name: engine, Database: database(t)}))
		})
	}
}

// testKill kills the server at random moments while citizens and clerks are at work. After each
// start, what it had acknowledged must be there, and whoever got no answer asks again.
func testKill(t *testing.T, s *programtest.Server) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	chance := rand.New(rand.NewPCG(seed, 0))
	s.Start(t, programtest.Monday)
	c := newCrowd(t, 8, 3, s)
	for round := range rounds(t, 10) {
		kill := 1 + chance.IntN(400)
		c.work(t, kill+20, map[int]func(){kill: func() {
			s.Kill()
			if chance.IntN(3) == 0 { // also while it starts
				s.Launch(t, programtest.Monday)
				<-time.After(time.Duration(chance.IntN(60)) * time.Millisecond)
				s.Kill()
			}
			s.Start(t, programtest.Monday)
		}})
		c.check(t)
		c.askAgain(t)
		if t.Failed() {
			t.Fatalf("in round %d", round)
		}
	}
	s.Kill()
	s.Start(t, programtest.Monday)
	c.recheck(t)
	if c.repeated.Load() == 0 {
		t.Error("no command was under way at any kill: they came at no interesting moment")
	}
}

// testTerminate ends the server as an administrator does, under load: it ends within five seconds
// with status 0, and no command is carried out whose sender got no answer.
func testTerminate(t *testing.T, s *programtest.Server) {
	s.Start(t, programtest.Monday)
	c := newCrowd(t, 16, 3, s)
	c.leaving = true
	for range 3 {
		c.work(t, math.MaxInt, map[int]func(){200: func() {
			begin := time.Now()
			s.Signal(t, syscall.SIGTERM)
			status := s.Wait()
			if took := time.Since(begin); status != 0 || took > 5*time.Second {
				t.Errorf("ended with status %d after %v, want 0 within 5 s", status, took)
			}
		}})
		s.Start(t, programtest.Monday)
		c.check(t)
		c.askAgain(t)
	}
	c.recheck(t)
}

// askAgain looks at everybody's last ticket, and sends the last command again: the answer is the
// same.
func (c *crowd) askAgain(t *testing.T) {
	t.Helper()
	for _, p := range c.people {
		if p.last.ID == "" {
			continue
		}
		s := c.servers[0]
		var shown, again view.Ticket
		for _, err := range []error{
			s.Want(t, http.StatusOK, http.MethodGet, "/api/v1/tickets/"+string(p.last.ID), nil).Into(&shown),
			s.Want(t, http.StatusCreated, http.MethodPost, "/api/v1/tickets", ticketOf("anagrafe"), "Idempotency-Key", p.key(p.n-1)).Into(&again),
		} {
			if err != nil {
				t.Error(err)
			}
		}
		if shown.Number != p.last.Number || again.ID != p.last.ID || again.Number != p.last.Number {
			t.Errorf("%s got ticket %s (%s), which is shown as %s; asking again gives %s (%s)",
				p.name, p.last.Number, p.last.ID, shown.Number, again.Number, again.ID)
		}
	}
}

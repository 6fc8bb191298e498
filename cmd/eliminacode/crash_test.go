//go:build unix

package main_test

import (
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/journal/postgres/pgtest"
)

// soakRounds names the environment variable with the number of kills of TestKill, 10 without it.
// `make soak` sets it to 200.
const soakRounds = "ELIMINACODE_SOAK_ROUNDS"

// databases are the engines under which the program must survive. Open readies an empty one, and
// returns the settings that select it.
var databases = []struct {
	name string
	open func(t *testing.T) (env []string)
}{
	{"SQLite", func(*testing.T) []string { return nil }}, // in the data folder
	{"PostgreSQL", func(t *testing.T) []string {
		return []string{"ELIMINACODE_DATABASE=" + pgtest.New(t).Database(t)}
	}},
}

// TestCrash runs the real program and ends it, kindly and not.
func TestCrash(t *testing.T) {
	t.Parallel()
	binary := filepath.Join(t.TempDir(), "eliminacode")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", binary, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	for _, d := range databases {
		t.Run("Kill/"+d.name, func(t *testing.T) {
			t.Parallel()
			testKill(t, &installation{binary: binary, data: t.TempDir(), env: d.open(t)})
		})
		t.Run("Terminate/"+d.name, func(t *testing.T) {
			t.Parallel()
			testTerminate(t, &installation{binary: binary, data: t.TempDir(), env: d.open(t)})
		})
	}
}

// testKill kills the server at random moments while citizens and clerks are at work. After each
// start, what it had acknowledged must be there, and whoever got no answer asks again.
func testKill(t *testing.T, in *installation) {
	rounds := 10
	if v := os.Getenv(soakRounds); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 {
			t.Fatalf("%s=%q: write a number of rounds", soakRounds, v)
		}
		rounds = n
	}
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	chance := rand.New(rand.NewPCG(seed, 0))

	c := newCrowd(8, 3)
	for round := range rounds {
		if chance.IntN(3) == 0 { // also while it starts
			s := in.launch(t)
			<-time.After(time.Duration(chance.IntN(60)) * time.Millisecond)
			s.kill(t)
		}
		s := in.start(t)
		c.check(t, s, round == rounds-1)
		c.work(t, s, 1+chance.IntN(400), s.kill)
		if t.Failed() {
			t.Fatalf("in round %d", round)
		}
	}
	s := in.start(t)
	c.check(t, s, true)
	s.kill(t)
	t.Logf("%d kills, %d commands, %d answered only when they were sent again", rounds, c.answered.Load(), c.repeated.Load())
	if c.repeated.Load() == 0 {
		t.Error("no command was under way at any kill: they came at no interesting moment")
	}
}

// testTerminate ends the server as an administrator does, under load: it ends within five seconds
// with status 0, and no command is carried out whose sender got no answer.
func testTerminate(t *testing.T, in *installation) {
	c := newCrowd(16, 3)
	for range 3 {
		s := in.start(t)
		c.work(t, s, 200, func(t *testing.T) {
			begin := time.Now()
			s.signal(t, syscall.SIGTERM)
			status := s.wait()
			if took := time.Since(begin); status != 0 || took > 5*time.Second {
				t.Errorf("ended with status %d after %v, want 0 within 5 s", status, took)
			}
		})

		s = in.start(t)
		answered := c.issued()
		events := s.journal(t, 0)
		issued := 0
		for _, e := range events {
			if e.Kind == "ticket_issued" {
				issued++
			}
		}
		if issued != answered {
			t.Errorf("%d tickets were given and %d answered", issued, answered)
		}
		c.check(t, s, true)
		s.kill(t)
	}
}

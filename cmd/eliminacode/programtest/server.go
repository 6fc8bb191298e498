//go:build unix

package programtest

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"
)

const (
	// DevToken is what a server takes from this machine as staff, administrator and device at once.
	DevToken = "programtest-token"
	// Monday is when the servers' clocks start, if nothing else is said.
	Monday = "2026-03-02T09:00:00+01:00"
	// Patience is how long a busy machine may take for what takes a moment.
	Patience = time.Minute
)

// Options say what a server is to be like. The zero value is one on SQLite, in a folder of its own.
type Options struct {
	Name     string // in what tests tell
	Database string // address of PostgreSQL; empty: SQLite
	Race     bool   // with the race detector, if the tests have it: slower
	SamePort bool   // each start listens where the first one did, as browsers expect

	VoiceCommand string // says whole sentences; empty: none
}

// Server is one server of a town. It may be killed and started again.
type Server struct {
	program
	listen   string
	same     bool
	password string
	data     string
}

// Data is the server's data folder.
func (s *Server) Data() string { return s.data }

// New readies a server, which doesn't run yet. It is killed at the end of the test, of which it
// tells the log if the test has failed. A data race in it fails the test.
func New(tb testing.TB, o Options) *Server {
	tb.Helper()
	build := installed
	if o.Race && raceDetector {
		build = racing
	}
	s := &Server{
		program: program{
			name: o.Name, binary: must(tb, build), token: DevToken,
			client: &http.Client{Timeout: Patience, Transport: &http.Transport{MaxIdleConnsPerHost: 64}},
		},
		same: o.SamePort, listen: "127.0.0.1:0", data: tb.TempDir(),
	}
	s.set("ELIMINACODE_DATA="+s.data, "ELIMINACODE_DATABASE="+o.Database, "ELIMINACODE_DEV_TOKEN="+DevToken, "ELIMINACODE_VOICE_COMMAND="+o.VoiceCommand, "GORACE=halt_on_error=1")
	s.endWith(tb)
	return s
}

// Start readies a server and starts it on [Monday].
func Start(tb testing.TB, o Options) *Server {
	tb.Helper()
	s := New(tb, o)
	s.Start(tb, Monday)
	return s
}

// Launch starts the program with its clock at a moment, and doesn't wait until it is ready.
func (s *Server) Launch(tb testing.TB, clock string) {
	tb.Helper()
	if s.same && strings.HasSuffix(s.listen, ":0") {
		s.listen = freeAddress(tb)
	}
	s.launch(tb, s.printed, "serve", "--dev", "--clock="+clock, "--listen="+s.listen)
}

var (
	printedAddress  = regexp.MustCompile(`http://localhost(:\d+)/console`)
	printedPassword = regexp.MustCompile(`password «([^»]+)»`)
)

// printed takes note of what the program prints at its start.
func (s *Server) printed(line string, ready chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if found := printedAddress.FindStringSubmatch(line); found != nil {
		s.base = "http://127.0.0.1" + found[1]
	}
	if found := printedPassword.FindStringSubmatch(line); found != nil {
		s.password = found[1]
	}
	if strings.Contains(line, "Development mode") { // the last line; it listens
		close(ready)
	}
}

// Start starts the program with its clock at a moment, and returns when it is ready.
func (s *Server) Start(tb testing.TB, clock string) {
	tb.Helper()
	s.Launch(tb, clock)
	s.await(tb)
	s.Until(tb, "ready", func() bool { return s.Get(tb, "/readyz").Status == http.StatusOK })
}

// Password returns the one of the user admin, which the first start of all prints; empty if it was
// another's.
func (s *Server) Password() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.password
}

// PairURL returns an address that, opened on the totem within ten minutes, pairs it, once.
func (s *Server) PairURL(tb testing.TB) string {
	tb.Helper()
	var invitation struct {
		PairURL string `json:"pair_url"`
	}
	a := s.Want(tb, http.StatusCreated, http.MethodPost, "/api/v1/pairings/invite", map[string]string{"kind": "totem", "target": "totem"})
	if err := json.Unmarshal(a.Body, &invitation); err != nil {
		tb.Fatal(err)
	}
	return invitation.PairURL
}

// freeAddress finds a port that nobody uses, below those that the system gives away by itself: one
// of these could be taken by another program while the server is stopped.
func freeAddress(tb testing.TB) string {
	tb.Helper()
	for range 100 {
		address := fmt.Sprint("127.0.0.1:", 10_000+rand.IntN(10_000))
		l, err := net.Listen("tcp", address)
		if err != nil {
			continue
		}
		if err := l.Close(); err != nil {
			tb.Fatal(err)
		}
		return address
	}
	tb.Fatal("no free port from 10000 to 20000")
	return ""
}

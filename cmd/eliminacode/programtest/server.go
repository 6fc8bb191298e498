//go:build unix

package programtest

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
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
}

// Server is one server of a town. It may be killed and started again.
type Server struct {
	name   string
	env    []string
	binary string
	listen string
	same   bool
	client *http.Client

	mu       sync.Mutex
	running  *process
	log      bytes.Buffer
	base     string
	password string
}

// process is a run of the program.
type process struct {
	cmd   *exec.Cmd
	ready chan struct{} // closed once it has printed all that it prints at its start
	ended chan struct{} // closed once it has ended
}

// New readies a server, which doesn't run yet. It is killed at the end of the test, of which it
// tells the log if the test has failed. A data race in it fails the test.
func New(tb testing.TB, o Options) *Server {
	tb.Helper()
	s := &Server{
		name: o.Name, same: o.SamePort, listen: "127.0.0.1:0",
		client: &http.Client{Timeout: Patience, Transport: &http.Transport{MaxIdleConnsPerHost: 64}},
	}
	build := installed
	if o.Race && raceDetector {
		build = racing
	}
	s.binary = must(tb, build)
	s.env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "ELIMINACODE_") })
	s.env = append(s.env, "ELIMINACODE_DATA="+tb.TempDir(), "ELIMINACODE_DATABASE="+o.Database,
		"ELIMINACODE_DEV_TOKEN="+DevToken, "GORACE=halt_on_error=1")
	tb.Cleanup(func() {
		s.Kill()
		s.client.CloseIdleConnections()
		if log := s.Log(); tb.Failed() || strings.Contains(log, "DATA RACE") {
			tb.Errorf("log of server %s:\n%s", s.name, log[max(0, len(log)-6000):])
		}
	})
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
	p := &process{
		cmd:   exec.Command(s.binary, "serve", "--dev", "--clock="+clock, "--listen="+s.listen),
		ready: make(chan struct{}), ended: make(chan struct{}),
	}
	p.cmd.Env, p.cmd.Stderr, p.cmd.SysProcAttr = s.env, s, attributes()
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	started := make(chan error)
	go func() {
		runtime.LockOSThread() // the process ends with the thread: no killed test leaves one behind
		err := p.cmd.Start()
		started <- err
		if err != nil {
			return
		}
		defer close(p.ended)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			s.printed(p, lines.Text())
		}
		_ = p.cmd.Wait() // its status is in ProcessState
	}()
	if err := <-started; err != nil {
		tb.Fatal(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running = p
}

var (
	printedAddress  = regexp.MustCompile(`http://localhost(:\d+)/console`)
	printedPassword = regexp.MustCompile(`password «([^»]+)»`)
)

// printed takes note of what the program prints at its start.
func (s *Server) printed(p *process, line string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if found := printedAddress.FindStringSubmatch(line); found != nil {
		s.base = "http://127.0.0.1" + found[1]
	}
	if found := printedPassword.FindStringSubmatch(line); found != nil {
		s.password = found[1]
	}
	if strings.Contains(line, "Development mode") { // the last line; it listens
		close(p.ready)
	}
}

// Start starts the program with its clock at a moment, and returns when it is ready.
func (s *Server) Start(tb testing.TB, clock string) {
	tb.Helper()
	s.Launch(tb, clock)
	p := s.process()
	select {
	case <-p.ready:
	case <-p.ended:
		tb.Fatalf("server %s ended at its start:\n%s", s.name, s.Log())
	case <-time.After(Patience):
		tb.Fatalf("server %s isn't up after %v:\n%s", s.name, Patience, s.Log())
	}
	s.Until(tb, "ready", func() bool { return s.Get(tb, "/readyz").Status == http.StatusOK })
}

// Signal sends the program a signal.
func (s *Server) Signal(tb testing.TB, sig os.Signal) {
	tb.Helper()
	if err := s.process().cmd.Process.Signal(sig); err != nil {
		tb.Errorf("server %s: %v", s.name, err)
	}
}

// Wait waits for the end of the program and returns its exit status, -1 if it was killed.
func (s *Server) Wait() int {
	p := s.process()
	<-p.ended
	return p.cmd.ProcessState.ExitCode()
}

// Kill ends the program at once, if it runs.
func (s *Server) Kill() {
	p := s.process()
	if p == nil {
		return
	}
	_ = p.cmd.Process.Signal(syscall.SIGKILL) // it may have ended
	<-p.ended
}

func (s *Server) process() *process {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.running
}

// Write collects what the program logs.
func (s *Server) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log.Write(b)
}

// Log returns what the program has logged, in all its runs.
func (s *Server) Log() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log.String()
}

// Name returns the server's name.
func (s *Server) Name() string { return s.name }

// URL returns the address of a path of the server: "http://127.0.0.1:1234/path".
func (s *Server) URL(path string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.base + path
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

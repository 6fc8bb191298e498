//go:build unix

package cluster_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/view"
)

const (
	devToken = "cluster-test-token"
	monday   = "2026-03-02T09:00:00+01:00"
	// patient is how long a busy machine may take for what takes a moment.
	patient = 30 * time.Second
)

// server is one of the servers of a town. It may be killed and started again, at another address.
type server struct {
	name     string
	database string
	client   *http.Client

	mu       sync.Mutex
	cmd      *exec.Cmd
	ended    chan struct{}
	base     string
	password string // of the first administrator, if this server made it
	log      bytes.Buffer
}

// emptyDatabase makes a database. Servers are to use few connections: to break and make many takes
// more time than all else.
func emptyDatabase(t *testing.T) string {
	t.Helper()
	return cluster.Database(t) + "&pool_max_conns=4"
}

// serve starts a server that lives as long as the test.
func serve(t *testing.T, name, database, clock string) *server {
	t.Helper()
	s := &server{
		name: name, database: database,
		client: &http.Client{Timeout: patient, Transport: &http.Transport{MaxIdleConnsPerHost: 64}},
	}
	t.Cleanup(func() {
		s.kill()
		s.client.CloseIdleConnections()
		if log := s.logged(); t.Failed() || strings.Contains(log, "DATA RACE") {
			t.Errorf("log of server %s:\n%s", name, log[max(0, len(log)-6000):])
		}
	})
	s.start(t, clock)
	return s
}

var (
	printedAddress  = regexp.MustCompile(`http://localhost(:\d+)/console`)
	printedPassword = regexp.MustCompile(`password «([^»]+)»`)
)

// start starts the program, and returns when it is ready.
func (s *server) start(t *testing.T, clock string) {
	t.Helper()
	cmd := exec.Command(binary, "serve", "--dev", "--clock="+clock)
	cmd.Env = append(os.Environ(), "ELIMINACODE_LISTEN=127.0.0.1:0", "ELIMINACODE_DATABASE="+s.database,
		"ELIMINACODE_DEV_TOKEN="+devToken, "GORACE=halt_on_error=1")
	cmd.Dir = t.TempDir()
	cmd.Stderr = s
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended, address := make(chan struct{}), make(chan string, 1)
	s.mu.Lock()
	s.cmd, s.ended = cmd, ended
	s.mu.Unlock()
	go func() {
		defer close(ended)
		base := ""
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if found := printedAddress.FindStringSubmatch(lines.Text()); found != nil {
				base = "http://127.0.0.1" + found[1]
			}
			if found := printedPassword.FindStringSubmatch(lines.Text()); found != nil {
				s.password = found[1]
			}
			if strings.Contains(lines.Text(), "Development mode") { // the last line
				address <- base
			}
		}
		_ = cmd.Wait() // how it ended is in its log
	}()
	select {
	case base := <-address:
		s.mu.Lock()
		s.base = base
		s.mu.Unlock()
	case <-ended:
		t.Fatalf("server %s ended at its start:\n%s", s.name, s.logged())
	case <-time.After(patient):
		t.Fatalf("server %s printed no address:\n%s", s.name, s.logged())
	}
	s.until(t, "ready", func() bool { return s.get(t, "/readyz").status == http.StatusOK })
}

// kill ends the server at once.
func (s *server) kill() {
	s.mu.Lock()
	cmd, ended := s.cmd, s.ended
	s.mu.Unlock()
	_ = cmd.Process.Kill() // it may have ended
	<-ended
}

// Write collects what the server logs.
func (s *server) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log.Write(b)
}

func (s *server) logged() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log.String()
}

// address is where the server is, with the given scheme.
func (s *server) address(scheme string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return scheme + strings.TrimPrefix(s.base, "http")
}

// answer is what a server answered.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// into decodes the answer.
func (a answer) into(v any) error {
	if err := json.Unmarshal(a.body, v); err != nil {
		return fmt.Errorf("%s: %w", a, err)
	}
	return nil
}

// code is the code of a refusal.
func (a answer) code() queue.Code {
	var p struct{ Error struct{ Code queue.Code } }
	_ = a.into(&p) // what isn't a refusal has no code
	return p.Error.Code
}

func (a answer) String() string { return fmt.Sprintf("status %d: %s", a.status, a.body) }

// do makes a call of the API. Headers are pairs of a name and a value.
func (s *server) do(ctx context.Context, method, path string, in any, headers ...string) (a answer, err error) {
	var sent io.Reader = http.NoBody
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return a, err
		}
		sent = bytes.NewReader(b)
	}
	r, err := http.NewRequestWithContext(ctx, method, s.address("http")+path, sent)
	if err != nil {
		return a, err
	}
	r.Header.Set("Authorization", "Bearer "+devToken)
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	got, err := s.client.Do(r)
	if err != nil {
		return a, err
	}
	defer got.Body.Close()
	a.status, a.header = got.StatusCode, got.Header
	a.body, err = io.ReadAll(got.Body)
	return a, err
}

// get reads; the server must answer.
func (s *server) get(t *testing.T, path string) answer {
	t.Helper()
	return s.must(t, http.MethodGet, path, nil)
}

// must makes a call that the server must answer somehow.
func (s *server) must(t *testing.T, method, path string, in any, headers ...string) answer {
	t.Helper()
	a, err := s.do(t.Context(), method, path, in, headers...)
	if err != nil {
		t.Fatalf("server %s: %v", s.name, err)
	}
	return a
}

// want makes a call that must have the status.
func (s *server) want(t *testing.T, status int, method, path string, in any, headers ...string) answer {
	t.Helper()
	a := s.must(t, method, path, in, headers...)
	if a.status != status {
		t.Fatalf("server %s: %s %s: %s; want status %d", s.name, method, path, a, status)
	}
	return a
}

// state returns the public view of an office; its path is empty for the default one.
func (s *server) state(t *testing.T, office string) (v view.Public) {
	t.Helper()
	if err := s.want(t, http.StatusOK, http.MethodGet, "/api/v1"+office+"/state", nil).into(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

// journal returns all events of an office.
func (s *server) journal(t *testing.T, office string) (all []queue.Event) {
	t.Helper()
	for {
		var events []queue.Event
		path := fmt.Sprintf("/api/v1%s/journal?after=%d", office, len(all))
		if err := s.want(t, http.StatusOK, http.MethodGet, path, nil).into(&events); err != nil {
			t.Fatal(err)
		}
		if len(events) == 0 {
			return all
		}
		all = append(all, events...)
	}
}

// until asks again and again, for what the server tells nobody by itself.
func (s *server) until(t *testing.T, what string, holds func() bool) time.Duration {
	t.Helper()
	begin := time.Now()
	late := time.After(patient)
	for tick := time.NewTicker(20 * time.Millisecond); !holds(); {
		select {
		case <-late:
			t.Fatalf("server %s: not %s within %v:\n%s", s.name, what, patient, s.logged())
		case <-tick.C:
		}
	}
	return time.Since(begin)
}

// Package e2e drives the real program in a real browser, as the people do who use it.
package e2e_test

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// program builds the real binary once.
var program = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "eliminacode-e2e-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "eliminacode")
	build := exec.Command("go", "build", "-o", path, "../cmd/eliminacode")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build: %w\n%s", err, out)
	}
	return path, nil
})

func TestMain(m *testing.M) {
	status := m.Run()
	if path, err := program(); err == nil {
		_ = os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(status)
}

// server is the program at work on a folder of its own.
type server struct {
	t       *testing.T
	url     string
	address string
	data    string

	password string // of the user admin
	pair     string // opened on the totem, signs it in

	cmd *exec.Cmd
}

var (
	passwordLine = regexp.MustCompile(`password «([^»]+)»`)
	pairLine     = regexp.MustCompile(`/totem\?pair=\S+`)
)

// serve starts the program on a Monday morning.
func serve(t *testing.T) *server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &server{t: t, address: l.Addr().String(), url: "http://" + l.Addr().String(), data: t.TempDir()}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.stop(syscall.SIGKILL) })
	s.start("2026-03-02T09:00:00+01:00")
	if s.password == "" || s.pair == "" {
		t.Fatalf("the first start printed no password or no pairing link")
	}
	return s
}

// start runs the program until it is ready.
func (s *server) start(clock string) {
	s.t.Helper()
	path, err := program()
	if err != nil {
		s.t.Fatal(err)
	}
	s.cmd = exec.Command(path, "serve", "--dev", "--clock="+clock, "--listen", s.address, "--data", s.data)
	s.cmd.Stderr = s.t.Output()
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if m := passwordLine.FindStringSubmatch(lines.Text()); m != nil {
			s.password = m[1]
		}
		if m := pairLine.FindString(lines.Text()); m != "" {
			s.pair = s.url + m
		}
		if strings.Contains(lines.Text(), "Development mode") { // the last line
			break
		}
	}
	s.ready()
}

func (s *server) ready() {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), 60*time.Second)
	defer cancel()
	for tick := time.NewTicker(50 * time.Millisecond); ; {
		r, _ := http.NewRequestWithContext(ctx, http.MethodGet, s.url+"/readyz", http.NoBody)
		if answer, err := http.DefaultClient.Do(r); err == nil {
			_ = answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return
			}
		}
		select {
		case <-ctx.Done():
			s.t.Fatal("the server doesn't get ready")
		case <-tick.C:
		}
	}
}

// stop ends the program with a signal and waits for its end.
func (s *server) stop(sig syscall.Signal) {
	if s.cmd == nil || s.cmd.ProcessState != nil {
		return
	}
	_ = s.cmd.Process.Signal(sig)
	_ = s.cmd.Wait()
}

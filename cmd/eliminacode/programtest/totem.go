//go:build unix

package programtest

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
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

// Totem is the agent of a kiosk. It may be killed and started again, and keeps its folder.
type Totem struct {
	binary string
	env    []string
	client *http.Client

	mu      sync.Mutex
	running *process
	log     bytes.Buffer
	base    string
}

// NewTotem readies an agent, which doesn't run yet, with settings such as "ELIMINACODE_SERVER=…".
// It is killed at the end of the test, of which it tells the log if the test has failed.
func NewTotem(tb testing.TB, settings ...string) *Totem {
	tb.Helper()
	t := &Totem{binary: must(tb, installed), client: &http.Client{Timeout: Patience}}
	t.env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "ELIMINACODE_") })
	t.env = append(t.env, "ELIMINACODE_DATA="+tb.TempDir(), "ELIMINACODE_LISTEN=127.0.0.1:0")
	t.env = append(t.env, settings...)
	tb.Cleanup(func() {
		t.Kill()
		t.client.CloseIdleConnections()
		if log := t.Log(); tb.Failed() {
			tb.Errorf("log of the totem:\n%s", log[max(0, len(log)-6000):])
		}
	})
	return t
}

var printedScreen = regexp.MustCompile(`Schermo +http://localhost(:\d+)/`)

// Start starts the program and returns when it listens.
func (t *Totem) Start(tb testing.TB) {
	tb.Helper()
	p := &process{cmd: exec.Command(t.binary, "totem"), ready: make(chan struct{}), ended: make(chan struct{})}
	p.cmd.Env, p.cmd.Stderr, p.cmd.SysProcAttr = t.env, t, attributes()
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
			if found := printedScreen.FindStringSubmatch(lines.Text()); found != nil {
				t.mu.Lock()
				t.base = "http://127.0.0.1" + found[1]
				t.mu.Unlock()
				close(p.ready)
			}
		}
		_ = p.cmd.Wait() // its status is in ProcessState
	}()
	if err := <-started; err != nil {
		tb.Fatal(err)
	}
	t.mu.Lock()
	t.running = p
	t.mu.Unlock()
	select {
	case <-p.ready:
	case <-p.ended:
		tb.Fatalf("the totem ended at its start:\n%s", t.Log())
	case <-time.After(Patience):
		tb.Fatalf("the totem isn't up after %v:\n%s", Patience, t.Log())
	}
}

// Kill ends the program at once, if it runs.
func (t *Totem) Kill() {
	if p := t.process(); p != nil {
		_ = p.cmd.Process.Signal(syscall.SIGKILL) // it may have ended
		<-p.ended
	}
}

// Stop ends the program as systemd does, and returns its exit status and how long it took.
func (t *Totem) Stop() (status int, took time.Duration) {
	p, begin := t.process(), time.Now()
	_ = p.cmd.Process.Signal(syscall.SIGTERM) // it may have ended
	<-p.ended
	return p.cmd.ProcessState.ExitCode(), time.Since(begin)
}

// PID is the process's.
func (t *Totem) PID() int { return t.process().cmd.Process.Pid }

func (t *Totem) process() *process {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.running
}

// Write collects what the program logs.
func (t *Totem) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.log.Write(b)
}

// Log returns what the program has logged, in all its runs.
func (t *Totem) Log() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.log.String()
}

// URL returns the address of a path of the totem's.
func (t *Totem) URL(path string) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.base + path
}

// Do makes a call. Headers are pairs of a name and a value.
func (t *Totem) Do(ctx context.Context, method, path string, in any, headers ...string) (a Answer, err error) {
	var sent io.Reader = http.NoBody
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return a, err
		}
		sent = bytes.NewReader(b)
	}
	r, err := http.NewRequestWithContext(ctx, method, t.URL(path), sent)
	if err != nil {
		return a, err
	}
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	got, err := t.client.Do(r)
	if err != nil {
		return a, err
	}
	defer got.Body.Close()
	a.Status, a.Header = got.StatusCode, got.Header
	a.Body, err = io.ReadAll(got.Body)
	return a, err
}

// TotemStatus is how it stands with a totem.
type TotemStatus struct {
	Server  struct{ Online bool }
	Printer struct{ State string }
	Unsent  int
	Disk    string
}

// Status asks the totem how it stands.
func (t *Totem) Status(tb testing.TB) (s TotemStatus) {
	tb.Helper()
	a, err := t.Do(tb.Context(), http.MethodGet, "/api/v1/status", nil)
	if err == nil {
		err = a.Into(&s)
	}
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// Until asks again and again, for what the totem tells nobody by itself.
func (t *Totem) Until(tb testing.TB, what string, holds func(TotemStatus) bool) {
	tb.Helper()
	late := time.After(Patience)
	for tick := time.NewTicker(20 * time.Millisecond); ; {
		s := t.Status(tb)
		if holds(s) {
			return
		}
		select {
		case <-late:
			tb.Fatalf("the totem isn't %s within %v: %+v\n%s", what, Patience, s, t.Log())
		case <-tick.C:
		}
	}
}

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
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// program is one of our programs, which may be killed and started again.
type program struct {
	name   string // in what tests tell
	binary string
	token  string // with which it is called; empty: none
	env    []string
	client *http.Client

	mu      sync.Mutex
	running *process
	log     bytes.Buffer
	base    string
}

// process is a run of the program.
type process struct {
	cmd   *exec.Cmd
	ready chan struct{} // closed once it has printed all that it prints at its start
	ended chan struct{} // closed once it has ended
}

// set sets the program's environment: this one's, with other settings.
func (p *program) set(settings ...string) {
	p.env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "ELIMINACODE_") })
	p.env = append(p.env, settings...)
}

// endWith kills the program at the end of the test, and tells its log if the test has failed. A
// data race fails it.
func (p *program) endWith(tb testing.TB) {
	tb.Helper()
	tb.Cleanup(func() {
		p.Kill()
		p.client.CloseIdleConnections()
		if log := p.Log(); tb.Failed() || strings.Contains(log, "DATA RACE") {
			tb.Errorf("log of program %s:\n%s", p.name, log[max(0, len(log)-6000):])
		}
	})
}

// launch starts the program. printed is told each line of its output, and closes ready after the
// last one of its start.
func (p *program) launch(tb testing.TB, printed func(line string, ready chan struct{}), args ...string) {
	tb.Helper()
	run := &process{cmd: exec.Command(p.binary, args...), ready: make(chan struct{}), ended: make(chan struct{})}
	run.cmd.Env, run.cmd.Stderr, run.cmd.SysProcAttr = p.env, p, attributes()
	out, err := run.cmd.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	started := make(chan error)
	go func() {
		runtime.LockOSThread() // the process ends with the thread: no killed test leaves one behind
		err := run.cmd.Start()
		started <- err
		if err != nil {
			return
		}
		defer close(run.ended)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			printed(lines.Text(), run.ready)
		}
		_ = run.cmd.Wait() // its status is in ProcessState
	}()
	if err := <-started; err != nil {
		tb.Fatal(err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.running = run
}

// await returns once the program has printed all that it prints at its start.
func (p *program) await(tb testing.TB) {
	tb.Helper()
	run := p.process()
	select {
	case <-run.ready:
	case <-run.ended:
		tb.Fatalf("program %s ended at its start:\n%s", p.name, p.Log())
	case <-time.After(Patience):
		tb.Fatalf("program %s isn't up after %v:\n%s", p.name, Patience, p.Log())
	}
}

// Signal sends the program a signal.
func (p *program) Signal(tb testing.TB, sig os.Signal) {
	tb.Helper()
	if err := p.process().cmd.Process.Signal(sig); err != nil {
		tb.Errorf("program %s: %v", p.name, err)
	}
}

// Wait waits for the end of the program and returns its exit status, -1 if it was killed.
func (p *program) Wait() int {
	run := p.process()
	<-run.ended
	return run.cmd.ProcessState.ExitCode()
}

// Kill ends the program at once, if it runs.
func (p *program) Kill() {
	if run := p.process(); run != nil {
		_ = run.cmd.Process.Signal(syscall.SIGKILL) // it may have ended
		<-run.ended
	}
}

// PID is the process's.
func (p *program) PID() int { return p.process().cmd.Process.Pid }

func (p *program) process() *process {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.running
}

// Write collects what the program logs.
func (p *program) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.log.Write(b)
}

// Name returns the program's name.
func (p *program) Name() string { return p.name }

// Log returns what the program has logged, in all its runs.
func (p *program) Log() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.log.String()
}

// URL returns the address of a path of the program: "http://127.0.0.1:1234/path".
func (p *program) URL(path string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.base + path
}

// Do makes a call, to a server with the development token. Headers are pairs of a name and a value.
func (p *program) Do(ctx context.Context, method, path string, in any, headers ...string) (a Answer, err error) {
	var sent io.Reader = http.NoBody
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return a, err
		}
		sent = bytes.NewReader(b)
	}
	r, err := http.NewRequestWithContext(ctx, method, p.URL(path), sent)
	if err != nil {
		return a, err
	}
	if p.token != "" {
		r.Header.Set("Authorization", "Bearer "+p.token)
	}
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	got, err := p.client.Do(r)
	if err != nil {
		return a, err
	}
	defer got.Body.Close()
	a.Status, a.Header = got.StatusCode, got.Header
	a.Body, err = io.ReadAll(got.Body)
	return a, err
}

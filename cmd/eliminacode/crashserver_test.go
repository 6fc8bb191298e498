//go:build unix

package main_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/queue"
)

// devToken is what these tests act with.
const devToken = "crash-test-token"

// installation is the program with its data, of which one server runs at a time.
type installation struct {
	binary, data string
	env          []string
}

// process is a running server.
type process struct {
	cmd     *exec.Cmd
	address chan string // its address once it has printed it; closed at its end
	base    string
	client  *http.Client
	ended   chan struct{}

	mu  sync.Mutex
	log bytes.Buffer
}

var printed = regexp.MustCompile(`http://localhost(:\d+)/console`)

// launch starts a server, without waiting for it to be ready.
func (in *installation) launch(t *testing.T) *process {
	t.Helper()
	p := &process{
		cmd:     exec.Command(in.binary, "serve", "--dev", "--clock=2026-03-02T09:00:00+01:00"),
		address: make(chan string, 1),
		client:  &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 64}},
		ended:   make(chan struct{}),
	}
	p.cmd.Env = append(os.Environ(), "ELIMINACODE_LISTEN=127.0.0.1:0", "ELIMINACODE_DATA="+in.data, "ELIMINACODE_DEV_TOKEN="+devToken)
	p.cmd.Env = append(p.cmd.Env, in.env...)
	p.cmd.Stderr = p
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(p.ended)
		defer close(p.address)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if found := printed.FindStringSubmatch(lines.Text()); found != nil {
				p.address <- "http://127.0.0.1" + found[1]
			}
		}
		_ = p.cmd.Wait() // its status is in ProcessState
	}()
	t.Cleanup(func() {
		_ = p.cmd.Process.Kill() // it has ended, mostly
		<-p.ended
		p.client.CloseIdleConnections()
		if t.Failed() {
			t.Logf("log of the server:\n%s", p.tail())
		}
	})
	return p
}

// Write collects what the server logs.
func (p *process) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.log.Write(b)
}

// tail returns the last lines of the log.
func (p *process) tail() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.log.String()
	return s[max(0, len(s)-2000):]
}

// start starts a server and returns when it is ready.
func (in *installation) start(t *testing.T) *process {
	t.Helper()
	const within = 20 * time.Second // what a busy machine of a build server may take
	p := in.launch(t)
	select {
	case base, ok := <-p.address:
		if !ok {
			t.Fatalf("the server ended at its start:\n%s", p.tail())
		}
		p.base = base
	case <-time.After(within):
		t.Fatalf("no address printed within %v:\n%s", within, p.tail())
	}
	status, body, err := p.call(http.MethodGet, "/readyz", "", nil)
	if err != nil || status != http.StatusOK {
		t.Fatalf("not ready: status %d %s: %v", status, body, err)
	}
	return p
}

func (p *process) signal(t *testing.T, s os.Signal) {
	t.Helper()
	if err := p.cmd.Process.Signal(s); err != nil {
		t.Error(err)
	}
}

// kill ends the server at once.
func (p *process) kill(t *testing.T) {
	t.Helper()
	p.signal(t, syscall.SIGKILL)
	p.wait()
}

// wait waits for the server's end and returns its exit status, -1 if it was killed.
func (p *process) wait() int {
	<-p.ended
	return p.cmd.ProcessState.ExitCode()
}

// call makes a call of the API.
func (p *process) call(method, path, key string, in any) (status int, body []byte, err error) {
	var sent io.Reader = http.NoBody
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return 0, nil, err
		}
		sent = bytes.NewReader(b)
	}
	r, err := http.NewRequest(method, p.base+path, sent)
	if err != nil {
		return 0, nil, err
	}
	r.Header.Set("Authorization", "Bearer "+devToken)
	r.Header.Set("Content-Type", "application/json")
	if key != "" {
		r.Header.Set("Idempotency-Key", key)
	}
	answer, err := p.client.Do(r)
	if err != nil {
		return 0, nil, err
	}
	defer answer.Body.Close()
	body, err = io.ReadAll(answer.Body)
	return answer.StatusCode, body, err
}

// journal returns the events after a seq.
func (p *process) journal(t *testing.T, after int64) (all []queue.Event) {
	t.Helper()
	for {
		status, body, err := p.call(http.MethodGet, fmt.Sprintf("/api/v1/journal?after=%d", after), "", nil)
		if err != nil || status != http.StatusOK {
			t.Fatalf("journal: status %d %s: %v", status, strings.TrimSpace(string(body)), err)
		}
		var events []queue.Event
		if err := json.Unmarshal(body, &events); err != nil {
			t.Fatal(err)
		}
		if len(events) == 0 {
			return all
		}
		all = append(all, events...)
		after = events[len(events)-1].Seq
	}
}

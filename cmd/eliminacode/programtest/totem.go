//go:build unix

package programtest

import (
	"net/http"
	"regexp"
	"syscall"
	"testing"
	"time"
)

// Totem is the agent of a kiosk. It may be killed and started again, and keeps its folder.
type Totem struct{ program }

// NewTotem readies an agent, which doesn't run yet, with settings such as "ELIMINACODE_SERVER=…".
// It is killed at the end of the test, of which it tells the log if the test has failed.
func NewTotem(tb testing.TB, settings ...string) *Totem {
	tb.Helper()
	t := &Totem{program{name: "totem", binary: must(tb, installed), client: &http.Client{Timeout: Patience}}}
	t.set(append([]string{"ELIMINACODE_DATA=" + tb.TempDir(), "ELIMINACODE_LISTEN=127.0.0.1:0"}, settings...)...)
	t.endWith(tb)
	return t
}

var printedScreen = regexp.MustCompile(`Schermo +http://localhost(:\d+)/`)

// Start starts the program and returns when it listens.
func (t *Totem) Start(tb testing.TB) {
	tb.Helper()
	t.launch(tb, t.printed, "totem")
	t.await(tb)
}

// printed takes note of what the program prints at its start.
func (t *Totem) printed(line string, ready chan struct{}) {
	if found := printedScreen.FindStringSubmatch(line); found != nil {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.base = "http://127.0.0.1" + found[1]
		close(ready)
	}
}

// Stop ends the program as systemd does, and returns its exit status and how long it took.
func (t *Totem) Stop(tb testing.TB) (status int, took time.Duration) {
	tb.Helper()
	begin := time.Now()
	t.Signal(tb, syscall.SIGTERM)
	return t.Wait(), time.Since(begin)
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

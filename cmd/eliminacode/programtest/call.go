//go:build unix

package programtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/view"
)

// Answer is what a server answered.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Into decodes the answer.
func (a Answer) Into(v any) error {
	if err := json.Unmarshal(a.Body, v); err != nil {
		return fmt.Errorf("%s: %w", a, err)
	}
	return nil
}

// Code is the code of a refusal; empty for any other answer.
func (a Answer) Code() queue.Code {
	var p struct{ Error struct{ Code queue.Code } }
	_ = a.Into(&p) // what isn't a refusal has no code
	return p.Error.Code
}

func (a Answer) String() string { return fmt.Sprintf("status %d: %s", a.Status, a.Body) }

// Get reads a path; the server must answer somehow.
func (s *Server) Get(tb testing.TB, path string) Answer {
	tb.Helper()
	return s.Must(tb, http.MethodGet, path, nil)
}

// Must makes a call that the server must answer somehow.
func (s *Server) Must(tb testing.TB, method, path string, in any, headers ...string) Answer {
	tb.Helper()
	a, err := s.Do(tb.Context(), method, path, in, headers...)
	if err != nil {
		tb.Fatalf("server %s: %v", s.name, err)
	}
	return a
}

// Want makes a call whose answer must have the status.
func (s *Server) Want(tb testing.TB, status int, method, path string, in any, headers ...string) Answer {
	tb.Helper()
	a := s.Must(tb, method, path, in, headers...)
	if a.Status != status {
		tb.Fatalf("server %s: %s %s: %s; want status %d", s.name, method, path, a, status)
	}
	return a
}

// State returns the public view of an office, whose path is empty for the default one.
func (s *Server) State(tb testing.TB, office string) (v view.PublicPage) {
	tb.Helper()
	if err := s.Want(tb, http.StatusOK, http.MethodGet, "/api/v1"+office+"/state", nil).Into(&v); err != nil {
		tb.Fatal(err)
	}
	return v
}

// Journal returns the events of an office after a seq.
func (s *Server) Journal(tb testing.TB, office string, after int64) (all []queue.Event) {
	tb.Helper()
	for {
		var events []queue.Event
		path := fmt.Sprintf("/api/v1%s/journal?after=%d", office, after+int64(len(all)))
		if err := s.Want(tb, http.StatusOK, http.MethodGet, path, nil).Into(&events); err != nil {
			tb.Fatal(err)
		}
		if len(events) == 0 {
			return all
		}
		all = append(all, events...)
	}
}

// Until asks again and again, for what the server tells nobody by itself, and returns how long it
// took.
func (s *Server) Until(tb testing.TB, what string, holds func() bool) time.Duration {
	tb.Helper()
	begin := time.Now()
	late := time.After(Patience)
	for tick := time.NewTicker(20 * time.Millisecond); !holds(); {
		select {
		case <-late:
			tb.Fatalf("server %s: not %s within %v:\n%s", s.name, what, Patience, s.Log())
		case <-tick.C:
		}
	}
	return time.Since(begin)
}

package agent_test

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/eliminacode/eliminacode/totem/agent"
)

// older has a server not know yet that tickets are handed over.
type older struct{ asked atomic.Int32 }

func (o *older) RoundTrip(r *http.Request) (*http.Response, error) {
	if !strings.HasSuffix(r.URL.Path, "/tickets/offline") {
		return http.DefaultTransport.RoundTrip(r)
	}
	o.asked.Add(1)
	return &http.Response{
		StatusCode: http.StatusNotFound, Header: http.Header{}, Request: r,
		Body: io.NopCloser(strings.NewReader(`{"error":{"code":"not_found"}}`)),
	}, nil
}

// said is a log.
type said struct {
	mu  sync.Mutex
	all bytes.Buffer
}

func (s *said) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.all.Write(b)
}

func (s *said) times(what string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Count(s.all.String(), what)
}

// TestOlderServer hands tickets over to a server that can't take them yet: it is tried again and
// again, and the log says so once.
func TestOlderServer(t *testing.T) {
	t.Parallel()
	s := newTown(t)
	var server older
	var log said
	k := newKiosk(s, func(o *agent.Options) {
		o.HTTP = &http.Client{Transport: &server}
		o.Log = slog.New(slog.NewTextHandler(&log, nil))
	})
	k.online()
	s.set(cut)
	k.offline()
	p := k.take("1")
	s.set(none)
	k.until("tried again", func() bool { return server.asked.Load() > 2 })
	if n := log.times("can't take it now"); n != 1 || k.status().Unsent != 1 {
		t.Errorf("said %d times; %+v, of %s", n, k.status(), p.Number)
	}
}

//go:build unix

package cluster_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/eliminacode/eliminacode/cmd/eliminacode/programtest"
	"github.com/eliminacode/eliminacode/pkg/view"
)

// viewer is a monitor: it shows the newest view, and connects again when it is cut off.
type viewer struct {
	mu          sync.Mutex
	conn        *websocket.Conn
	shown       view.PublicPage
	connections int
	ended       bool
	news        chan struct{} // a view has come
}

// watch connects a viewer, which lives as long as the test. The query names its view.
func watch(t *testing.T, s *programtest.Server, office, query string) *viewer {
	t.Helper()
	v := &viewer{news: make(chan struct{}, 1)}
	var running sync.WaitGroup
	running.Go(func() {
		for v.connect(strings.Replace(s.URL(""), "http", "ws", 1) + "/api/v1" + office + "/ws?" + query) {
			<-time.After(50 * time.Millisecond)
		}
	})
	t.Cleanup(func() {
		v.mu.Lock()
		v.ended = true
		if v.conn != nil {
			_ = v.conn.Close()
		}
		v.mu.Unlock()
		running.Wait()
	})
	v.until(t, "a first view", func(p view.PublicPage) bool { return p.Seq > 0 })
	return v
}

// connect watches until something breaks, and reports whether to connect again.
func (v *viewer) connect(address string) (again bool) {
	conn, _, err := websocket.DefaultDialer.Dial(address, http.Header{"Authorization": {"Bearer " + programtest.DevToken}})
	v.mu.Lock()
	if err == nil {
		v.conn = conn
		v.connections++
		defer conn.Close()
	}
	ended := v.ended
	v.mu.Unlock()
	for err == nil && !ended {
		var message struct {
			Type string
			View json.RawMessage
		}
		if err = conn.ReadJSON(&message); err != nil || message.Type != "view" {
			continue
		}
		var p view.PublicPage
		if err = json.Unmarshal(message.View, &p); err != nil {
			break
		}
		v.mu.Lock()
		v.shown = p
		v.mu.Unlock()
		select {
		case v.news <- struct{}{}:
		default: // whoever waits will look
		}
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	return !v.ended
}

// until waits for a view, and tells how long it took.
func (v *viewer) until(t *testing.T, what string, holds func(view.PublicPage) bool) time.Duration {
	t.Helper()
	begin := time.Now()
	late := time.After(programtest.Patience)
	for {
		v.mu.Lock()
		shown := v.shown
		v.mu.Unlock()
		if holds(shown) {
			return time.Since(begin)
		}
		select {
		case <-v.news:
		case <-late:
			t.Fatalf("a monitor doesn't show %s within %v, but %+v", what, programtest.Patience, shown)
		}
	}
}

// untilSeq waits until the viewer shows what was so at seq.
func (v *viewer) untilSeq(t *testing.T, seq int64) time.Duration {
	t.Helper()
	return v.until(t, "the last event", func(p view.PublicPage) bool { return p.Seq >= seq })
}

func (v *viewer) connected() int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.connections
}

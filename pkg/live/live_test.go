package live_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"

	"github.com/eliminacode/eliminacode/pkg/live"
)

// pipes is a listener whose connections are net.Pipe, so that a real HTTP server can live in a
// synctest bubble.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func (l *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *pipes) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

func (l *pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipes", Net: "unix"} }

func (l *pipes) dial(context.Context, string, string) (net.Conn, error) {
	client, server := net.Pipe()
	select {
	case l.conns <- server:
		return client, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

// room is a hub behind an HTTP server; the path is the topic, the header X-From the address.
type room struct {
	hear   func(*live.Line, []byte)
	left   func(*live.Line)
	hub    *live.Hub
	listen *pipes
	server *http.Server
	holds  map[string]func() bool // by the query's holds
}

// ranks are those of the header X-Rank.
var ranks = map[string]live.Rank{"": live.Public, "screen": live.Screen, "known": live.Known}

func newRoom(t *testing.T, opts live.Options) *room {
	t.Helper()
	r := &room{
		hub:    live.New(opts),
		listen: &pipes{conns: make(chan net.Conn), closed: make(chan struct{})},
	}
	r.server = &http.Server{
		ErrorLog: slog.NewLogLogger(slog.NewTextHandler(t.Output(), nil), slog.LevelError),
		Handler: http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
			err := r.hub.Serve(w, q, live.Watch{
				Topic: q.URL.Path[1:], Rank: ranks[q.Header.Get("X-Rank")], Address: q.Header.Get("X-From"), Pulse: q.URL.Query().Has("pulse"), Holds: r.holds[q.URL.Query().Get("holds")],
				Hear: r.hear, Left: r.left,
			})
			switch {
			case err == nil:
			case errors.Is(err, live.ErrHandshake):
				http.Error(w, "", http.StatusBadRequest)
			case errors.Is(err, live.ErrTooMany):
				http.Error(w, "", http.StatusTooManyRequests)
			default:
				http.Error(w, "", http.StatusServiceUnavailable)
			}
		}),
	}
	go func() { _ = r.server.Serve(r.listen) }()
	t.Cleanup(func() {
		if err := r.hub.Shutdown(context.Background()); err != nil {
			t.Errorf("Shutdown: %v", err)
		}
		_ = r.server.Close()
	})
	return r
}

// dial connects a client that answers pings only while somebody reads from it.
func (r *room) dial(t *testing.T, topic string, header http.Header) *websocket.Conn {
	t.Helper()
	conn, status := r.try(t, topic, header)
	if conn == nil {
		t.Fatalf("dial %q: status %d", topic, status)
	}
	t.Cleanup(func() { _ = conn.Close() })
	// The client has its answer before the hub has its viewer.
	synctest.Wait()
	return conn
}

func (r *room) try(t *testing.T, topic string, header http.Header) (*websocket.Conn, int) {
	t.Helper()
	dialer := websocket.Dialer{NetDialContext: r.listen.dial}
	conn, resp, err := dialer.Dial("ws://office.example/"+topic, header)
	if err != nil {
		if resp == nil {
			t.Fatalf("dial %q: %v", topic, err)
		}
		return nil, resp.StatusCode
	}
	return conn, http.StatusSwitchingProtocols
}

func read(t *testing.T, conn *websocket.Conn, want string) {
	t.Helper()
	_, got, err := conn.ReadMessage()
	if err != nil {
		t.Fatalf("read: %v, want %q", err, want)
	}
	if string(got) != want {
		t.Fatalf("read %q, want %q", got, want)
	}
}

func wantClose(t *testing.T, conn *websocket.Conn, code int) {
	t.Helper()
	_, message, err := conn.ReadMessage()
	if err == nil {
		t.Fatalf("read %q, want close %d", message, code)
	}
	if !websocket.IsCloseError(err, code) {
		t.Fatalf("read: %v, want close %d", err, code)
	}
}

func TestRetainedMessageGreetsTheNewcomer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRoom(t, live.Options{})
		r.hub.Publish("public", []byte(`1`))
		r.hub.Publish("public", []byte(`2`))
		r.hub.Publish("other", []byte(`9`))
		conn := r.dial(t, "public", nil)
		read(t, conn, `2`)
		r.hub.Publish("public", []byte(`3`))
		read(t, conn, `3`)
	})
}

func TestMessagesArriveInOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRoom(t, live.Options{})
		var clients sync.WaitGroup
		for range 20 {
			conn := r.dial(t, "public", nil)
			clients.Go(func() {
				last := -1
				for last < 999 {
					_, message, err := conn.ReadMessage()
					if err != nil {
						t.Errorf("read after %d: %v", last, err)
						return
					}
					var n int
					if _, err := fmt.Sscan(string(message), &n); err != nil || n <= last {
						t.Errorf("read %q after %d", message, last)
						return
					}
					last = n
				}
			})
		}
		for n := range 1000 {
			r.hub.Publish("public", fmt.Append(nil, n))
		}
		clients.Wait()
	})
}

func TestNewestWinsAndNobodyWaitsForTheSlow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRoom(t, live.Options{})
		slow, quick := r.dial(t, "public", nil), r.dial(t, "public", nil)
		start := time.Now()
		for n := range 50 {
			r.hub.Publish("public", fmt.Append(nil, n))
			read(t, quick, fmt.Sprint(n))
			synctest.Wait() // the slow one's writer has begun, too
		}
		if waited := time.Since(start); waited != 0 {
			t.Errorf("the quick one waited %v", waited)
		}
		// One was on its way when the others came; of those only the last is left.
		read(t, slow, "0")
		read(t, slow, "49")
		r.hub.Publish("public", []byte("50"))
		read(t, slow, "50")
	})
}

func TestManySlowViewersDelayNobodyForLong(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRoom(t, live.Options{})
		for range 200 {
			r.dial(t, "public", nil)
		}
		quick := r.dial(t, "public", nil)
		start := time.Now()
		r.hub.Publish("public", []byte("1"))
		read(t, quick, "1")
		if waited := time.Since(start); waited > 10*time.Millisecond {
			t.Errorf("waited %v for the first", waited)
		}
		time.Sleep(time.Second)
		start = time.Now()
		for n := range 20 {
			r.hub.Publish("public", fmt.Append(nil, n))
			read(t, quick, fmt.Sprint(n))
		}
		if waited := time.Since(start); waited != 0 {
			t.Errorf("waited %v for the next", waited)
		}
	})
}

func TestSlowViewerIsCut(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRoom(t, live.Options{})
		slow := r.dial(t, "public", nil)
		r.hub.Publish("public", []byte("1"))
		time.Sleep(9 * time.Second)
		synctest.Wait()
		if s := r.hub.Stats(); s.Viewers != 1 || s.Slow != 0 {
			t.Fatalf("before the deadline: %+v", s)
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if s := r.hub.Stats(); s.Viewers != 0 || s.Slow != 1 {
			t.Fatalf("after the deadline: %+v", s)
		}
		if _, _, err := slow.ReadMessage(); !websocket.IsUnexpectedCloseError(err) {
			t.Fatalf("the slow one read %v", err)
		}
	})
}

func TestSilentViewerIsDroppedAtThePongDeadline(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRoom(t, live.Options{})
		conn := r.dial(t, "public", nil)
		pings := 0
		conn.SetPingHandler(func(string) error { pings++; return nil })
		start := time.Now()
		wantClose(t, conn, live.CloseSilent)
		if lived := time.Since(start); lived != 40*time.Second {
			t.Errorf("dropped after %v", lived)
		}
		if pings < 2 || pings > 3 {
			t.Errorf("%d pings in 40 s", pings)
		}
		synctest.Wait()
		if s := r.hub.Stats(); s.Viewers != 0 || s.Silent != 1 {
			t.Errorf("%+v", s)
		}
	})
}

func TestAnsweringViewerStays(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRoom(t, live.Options{})
		conn := r.dial(t, "public", nil)
		time.AfterFunc(12*time.Hour, func() { r.hub.Publish("public", []byte("evening")) })
		read(t, conn, "evening")
	})
}

func TestShutdown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRoom(t, live.Options{})
		polite, deaf, stuck := r.dial(t, "public", nil), r.dial(t, "quiet", nil), r.dial(t, "stuck", nil)
		r.hub.Publish("stuck", []byte("nobody reads this"))
		start := time.Now()
		done := make(chan error)
		go func() { done <- r.hub.Shutdown(t.Context()) }()
		wantClose(t, polite, live.CloseGoingAway)
		if err := <-done; err != nil {
			t.Errorf("Shutdown: %v", err)
		}
		if took := time.Since(start); took > 2*time.Second {
			t.Errorf("took %v", took)
		}
		if s := r.hub.Stats(); s.Viewers != 0 || s.Slow != 0 {
			t.Errorf("%+v", s)
		}
		for _, conn := range []*websocket.Conn{deaf, stuck} {
			if _, _, err := conn.ReadMessage(); err == nil {
				t.Error("still connected")
			}
		}
		if _, status := r.try(t, "public", nil); status != http.StatusServiceUnavailable {
			t.Errorf("a latecomer got %d", status)
		}
	})
}

func TestShutdownGivesUpWithItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRoom(t, live.Options{})
		r.dial(t, "public", nil)
		r.hub.Publish("public", []byte("nobody reads this"))
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		start := time.Now()
		if err := r.hub.Shutdown(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Shutdown: %v", err)
		}
		if took := time.Since(start); took != 100*time.Millisecond {
			t.Errorf("took %v", took)
		}
	})
}

func TestForgetSendsTheViewersAway(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRoom(t, live.Options{})
		r.hub.Publish("display/1", []byte("old"))
		gone, stays := r.dial(t, "display/1", nil), r.dial(t, "display/2", nil)
		read(t, gone, "old")
		r.hub.Forget("display/1")
		wantClose(t, gone, live.CloseForgotten)
		back := r.dial(t, "display/1", nil)
		r.hub.Publish("display/1", []byte("new"))
		r.hub.Publish("display/2", []byte("here"))
		read(t, back, "new")
		read(t, stays, "here")
	})
}

func TestUnwatchedTopicsAreAskedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		truth := "1"
		r := newRoom(t, live.Options{Current: func(topic string) ([]byte, error) {
			switch topic {
			case "empty":
				return nil, nil
			case "unknown":
				return nil, errors.New("nobody knows")
			}
			return []byte(topic + truth), nil
		}})
		watched := func(prefix string, want ...string) {
			t.Helper()
			got := r.hub.Watched(prefix)
			slices.Sort(got)
			if !slices.Equal(got, want) {
				t.Errorf("watched: %q, want %q", got, want)
			}
		}
		watched("")
		r.hub.Publish("a", []byte("a0"))
		if s := r.hub.Stats(); s.Topics != 0 {
			t.Errorf("holds what nobody watches: %+v", s)
		}
		conn := r.dial(t, "a", nil)
		read(t, conn, "a1")
		watched("a", "a")
		watched("b")
		_ = conn.Close()
		synctest.Wait()
		watched("")
		truth = "2" // a change whose message the publisher skips
		read(t, r.dial(t, "a", nil), "a2")

		empty := r.dial(t, "empty", nil)
		watched("", "a", "empty")
		r.hub.Publish("empty", []byte("first"))
		read(t, empty, "first")

		wantClose(t, r.dial(t, "unknown", nil), live.CloseForgotten)
	})
}

func TestPulse(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRoom(t, live.Options{})
		conn := r.dial(t, "hall?pulse", nil)
		r.hub.Publish("hall", []byte(`"a view"`))
		read(t, conn, `"a view"`)
		for range 8 { // half a minute: longer than between two pings
			start := time.Now()
			read(t, conn, `{"type":"tick"}`)
			if waited := time.Since(start); waited > 4*time.Second {
				t.Errorf("waited %v for a tick", waited)
			}
		}
	})
}

func TestRecheck(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRoom(t, live.Options{})
		holds := true
		r.holds = map[string]func() bool{"no": func() bool { return holds }, "yes": func() bool { return true }}
		free, bound, ended := r.dial(t, "hall", nil), r.dial(t, "hall?holds=yes", nil), r.dial(t, "hall?holds=no", nil)
		r.hub.Recheck()
		r.hub.Publish("hall", []byte(`1`))
		for _, conn := range []*websocket.Conn{free, bound, ended} {
			read(t, conn, `1`)
		}
		holds = false
		r.hub.Recheck()
		r.hub.Publish("hall", []byte(`2`))
		wantClose(t, ended, live.CloseEnded) // and no word more
		read(t, free, `2`)
		read(t, bound, `2`)
	})
}

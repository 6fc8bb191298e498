package live_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"

	"github.com/eliminacode/eliminacode/pkg/live"
)

// pipes is a listener whose connections are net.Pipe, so that a real HTTP server can live in a synctest bubble.
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
	hub    *live.Hub
	listen *pipes
	server *http.Server
}

func newRoom(t *testing.T, opts live.Options) *room {
	t.Helper()
	r := &room{
		hub:    live.New(opts),
		listen: &pipes{conns: make(chan net.Conn), closed: make(chan struct{})},
	}
	r.server = &http.Server{
		ErrorLog: slog.NewLogLogger(slog.NewTextHandler(t.Output(), nil), slog.LevelError),
		Handler: http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
			err := r.hub.Serve(w, q, q.URL.Path[1:], q.Header.Get("X-From"), q.URL.Query().Has("pulse"))
			switch {
			case err == nil:
			case errors.Is(err, live.ErrHandshake):
				http.Error(w, "", http.StatusBadRequest)
			case errors.Is(err, live.ErrOrigin):
				http.Error(w, "", http.StatusForbidden)
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
	for {
		_, message, err := conn.ReadMessage()
		if err == nil {
			t.Fatalf("read %q, want close %d", message, code)
		}
		if !websocket.IsCloseError(err, code) {
			t.Fatalf("read: %v, want close %d", err, code)
		}
		return
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
		r := newRoom(t, live.Options{Current: func(topic string) []byte {
			if topic == "empty" {
				return nil
			}
			return []byte(topic + truth)
		}})
		if r.hub.Watched("a") {
			t.Error("watched by nobody")
		}
		r.hub.Publish("a", []byte("a0"))
		if s := r.hub.Stats(); s.Topics != 0 {
			t.Errorf("holds what nobody watches: %+v", s)
		}
		conn := r.dial(t, "a", nil)
		read(t, conn, "a1")
		if !r.hub.Watched("a") {
			t.Error("not watched")
		}
		_ = conn.Close()
		synctest.Wait()
		if r.hub.Watched("a") {
			t.Error("still watched")
		}
		truth = "2" // a change whose message the publisher skips
		read(t, r.dial(t, "a", nil), "a2")

		empty := r.dial(t, "empty", nil)
		r.hub.Publish("empty", []byte("first"))
		read(t, empty, "first")
	})
}

func TestAbusiveViewers(t *testing.T) {
	t.Parallel()
	// A client frame's first bytes: opcode, masked length, mask of zeros.
	frame := func(opcode byte, payload []byte) []byte {
		b := []byte{opcode, 0x80 | byte(len(payload))}
		if len(payload) > 125 {
			b = binary.BigEndian.AppendUint16([]byte{opcode, 0x80 | 126}, uint16(len(payload)))
		}
		return append(append(b, 0, 0, 0, 0), payload...)
	}
	tests := []struct {
		name  string
		bytes []byte
		times int
		code  int
	}{
		{"random bytes", []byte("GET / HTTP/1.1\r\n\r\n"), 1, live.CloseProtocol},
		{"unmasked", []byte{0x81, 0x01, 'x'}, 1, live.CloseProtocol},
		{"big message", frame(0x81, make([]byte, 600)), 1, live.CloseTooBig},
		{"big message in fragments", append(frame(0x01, make([]byte, 400)), append(frame(0x00, make([]byte, 400)), frame(0x80, make([]byte, 400))...)...), 1, live.CloseTooBig},
		{"huge length", []byte{0x81, 0xff, 0x7f, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, 1, live.CloseTooBig},
		{"many messages", frame(0x81, make([]byte, 100)), 100, live.CloseFlood},
		{"many pings", frame(0x89, nil), 2000, live.CloseFlood},
		{"empty fragments", append(frame(0x01, nil), frame(0x00, nil)...), 1, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				r := newRoom(t, live.Options{})
				bad, good := r.dial(t, "public", nil), r.dial(t, "public", nil)
				raw := bad.NetConn()
				go func() {
					for range tt.times {
						if _, err := raw.Write(tt.bytes); err != nil {
							return
						}
					}
				}()
				if tt.code == 0 {
					// Harmless so far: it is served like the others.
					synctest.Wait()
					r.hub.Publish("public", []byte("served"))
					read(t, bad, "served")
				} else {
					wantClose(t, bad, tt.code)
					_ = bad.Close()
					synctest.Wait()
					if s := r.hub.Stats(); s.Viewers != 1 || s.Abusive != 1 {
						t.Errorf("%+v", s)
					}
					r.hub.Publish("public", []byte("served"))
				}
				read(t, good, "served")
			})
		})
	}
}

func TestEndlessFragmentsAreAFlood(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRoom(t, live.Options{})
		bad := r.dial(t, "public", nil)
		go func() {
			_, err := bad.NetConn().Write([]byte{0x01, 0x80, 0, 0, 0, 0})
			for err == nil {
				_, err = bad.NetConn().Write([]byte{0x00, 0x80, 0, 0, 0, 0})
			}
		}()
		wantClose(t, bad, live.CloseFlood)
	})
}

func TestChattyButModestViewerStays(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRoom(t, live.Options{})
		conn := r.dial(t, "public", nil)
		received := make(chan error, 1)
		go func() {
			_, _, err := conn.ReadMessage()
			received <- err
		}()
		for range 600 {
			if err := conn.WriteMessage(websocket.TextMessage, []byte(`{"type":"hello"}`)); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Second)
		}
		r.hub.Publish("public", []byte("1"))
		if err := <-received; err != nil {
			t.Errorf("cut: %v", err)
		}
	})
}

func TestOrigin(t *testing.T) {
	t.Parallel()
	tests := []struct {
		origins []string
		status  int
	}{
		{nil, http.StatusSwitchingProtocols},
		{[]string{"http://office.example"}, http.StatusSwitchingProtocols},
		{[]string{"https://OFFICE.example"}, http.StatusSwitchingProtocols},
		{[]string{"https://www.town.example"}, http.StatusSwitchingProtocols},
		{[]string{"http://www.town.example"}, http.StatusForbidden},
		{[]string{"https://evil.example"}, http.StatusForbidden},
		{[]string{"https://office.example.evil.example"}, http.StatusForbidden},
		{[]string{"https://office.example:8443"}, http.StatusForbidden},
		{[]string{"null"}, http.StatusForbidden},
		{[]string{""}, http.StatusForbidden},
		{[]string{"https://office.example", "https://evil.example"}, http.StatusForbidden},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprint(tt.origins), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				r := newRoom(t, live.Options{Origins: []string{"https://www.town.example"}})
				conn, status := r.try(t, "public", http.Header{"Origin": tt.origins})
				if status != tt.status {
					t.Errorf("status %d, want %d", status, tt.status)
				}
				if conn != nil {
					_ = conn.Close()
				}
			})
		})
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRoom(t, live.Options{MaxViewers: 6, MaxPerAddress: 2})
		from := func(address string) http.Header { return http.Header{"X-From": {address}} }
		first := r.dial(t, "a", from("192.0.2.1:1000"))
		r.dial(t, "b", from("192.0.2.1:1001"))
		if _, status := r.try(t, "a", from("[::ffff:192.0.2.1]:7")); status != http.StatusTooManyRequests {
			t.Errorf("third of an address: %d", status)
		}
		r.dial(t, "a", from("2001:db8::1"))
		r.dial(t, "a", from("2001:db8::2"))
		if _, status := r.try(t, "a", from("[2001:db8::ffff]:80")); status != http.StatusTooManyRequests {
			t.Errorf("third of a /64: %d", status)
		}
		r.dial(t, "a", from("2001:db8:0:1::1"))
		r.dial(t, "a", nil)
		if _, status := r.try(t, "a", nil); status != http.StatusServiceUnavailable {
			t.Errorf("seventh: %d", status)
		}
		_ = first.Close()
		synctest.Wait()
		r.dial(t, "a", from("192.0.2.1:1002"))
		if s := r.hub.Stats(); s.Viewers != 6 || s.Refused != 3 || s.Topics != 2 {
			t.Errorf("%+v", s)
		}
	})
}

func TestPlainRequestIsRefused(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRoom(t, live.Options{})
		client := &http.Client{Transport: &http.Transport{DialContext: r.listen.dial, DisableKeepAlives: true}}
		resp, err := client.Get("http://office.example/public")
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
		if resp.StatusCode != http.StatusBadRequest {
			t.Errorf("status %d", resp.StatusCode)
		}
		if s := r.hub.Stats(); s.Viewers != 0 {
			t.Errorf("%+v", s)
		}
	})
}

func TestRetryRule(t *testing.T) {
	t.Parallel()
	for code, want := range map[int]bool{
		live.CloseGoingAway: true, 1006: true, 1011: true, live.CloseSlow: true, live.CloseSilent: true, live.CloseForgotten: true, 4499: true,
		live.CloseProtocol: false, live.CloseFlood: false, live.CloseTooBig: false, 4500: false, 4999: false,
	} {
		if got := live.Retry(code); got != want {
			t.Errorf("Retry(%d) = %v", code, got)
		}
	}
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

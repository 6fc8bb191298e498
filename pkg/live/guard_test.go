package live_test

import (
	"encoding/binary"
	"io"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"

	"github.com/eliminacode/eliminacode/pkg/live"
)

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

func TestLimits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRoom(t, live.Options{MaxViewers: 8, MaxPerAddress: 2})
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

// TestRanks has a public that has used up its room, and one address that has used up its own.
func TestRanks(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRoom(t, live.Options{MaxViewers: 16, MaxPerAddress: 4})
		as := func(rank, address string) http.Header { return http.Header{"X-Rank": {rank}, "X-From": {address}} }
		const hall = "192.0.2.1:1"
		refused := func(h http.Header, want int) {
			t.Helper()
			if _, status := r.try(t, "a", h); status != want {
				t.Errorf("%v: %d, want %d", h, status, want)
			}
		}
		for range 4 {
			r.dial(t, "a", as("", hall))
		}
		refused(as("", hall), http.StatusTooManyRequests)
		r.dial(t, "a", as("screen", hall))
		refused(as("screen", hall), http.StatusTooManyRequests)
		r.dial(t, "a", as("known", "user/anna"))
		for range 8 {
			r.dial(t, "a", as("", ""))
		}
		refused(as("", "192.0.2.2:1"), http.StatusServiceUnavailable)
		r.dial(t, "a", as("screen", "192.0.2.2:1"))
		refused(as("screen", "192.0.2.3:1"), http.StatusServiceUnavailable)
		r.dial(t, "a", as("known", "display/sala"))
		refused(as("known", "display/sala"), http.StatusServiceUnavailable) // now there is no room at all
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

package httpd_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/eliminacode/eliminacode/pkg/auth"
	"github.com/eliminacode/eliminacode/pkg/live"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// viewer is a WebSocket client. What it gets is held to the document.
type viewer struct {
	*server
	path string
	conn *websocket.Conn
	seq  int64
	last []byte // message that next read
}

// dial opens a WebSocket, or returns the refusal.
func (c client) dial(query string) (*viewer, *answer) {
	c.Helper()
	return c.dialAt("/api/v1", query)
}

func (c client) dialAt(api, query string) (*viewer, *answer) {
	c.Helper()
	path := api + "/ws?" + query
	dialer := websocket.Dialer{HandshakeTimeout: 10 * time.Second}
	conn, resp, err := dialer.DialContext(c.Context(), strings.Replace(c.web.URL, "http", "ws", 1)+path, c.header)
	if err == nil {
		c.Cleanup(func() { _ = conn.Close() })
		return &viewer{server: c.server, path: path, conn: conn}, nil
	}
	if !errors.Is(err, websocket.ErrBadHandshake) {
		c.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		c.Fatal(err)
	}
	a := &answer{TB: c.TB, Response: resp, call: "GET " + path, body: body}
	hold(c.TB, resp.Request, "", resp, body)
	return nil, a
}

func (c client) watch(query string) *viewer {
	c.Helper()
	return c.watchAt("/api/v1", query)
}

func (c client) watchAt(api, query string) *viewer {
	c.Helper()
	v, refused := c.dialAt(api, query)
	if refused != nil {
		c.Fatalf("%s: %d: %s", query, refused.StatusCode, refused.body)
	}
	return v
}

// next reads the next message of a kind and decodes its view.
func (v *viewer) next(kind string, view any) {
	v.Helper()
	for {
		if err := v.conn.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
			v.Fatal(err)
		}
		_, b, err := v.conn.ReadMessage()
		if err != nil {
			v.Fatalf("%s: %v", v.path, err)
		}
		v.last = b
		req, err := http.NewRequestWithContext(v.Context(), http.MethodGet, v.web.URL+v.path, nil)
		if err != nil {
			v.Fatal(err)
		}
		hold(v.TB, req, "", &http.Response{
			StatusCode: http.StatusSwitchingProtocols, Header: http.Header{"Content-Type": {"application/json"}},
			Body: io.NopCloser(bytes.NewReader(b)),
		}, b)
		var m struct {
			Type string          `json:"type"`
			Seq  int64           `json:"seq"`
			At   time.Time       `json:"at"`
			View json.RawMessage `json:"view"`
		}
		if err := json.Unmarshal(b, &m); err != nil {
			v.Fatalf("%s: %v in %.200s", v.path, err, b)
		}
		if m.Type == "view" {
			if m.Seq < v.seq || m.At.IsZero() {
				v.Fatalf("%s: seq %d after %d, at %v", v.path, m.Seq, v.seq, m.At)
			}
			v.seq = m.Seq
		}
		if m.Type != kind {
			continue
		}
		if view != nil {
			if err := json.Unmarshal(m.View, view); err != nil {
				v.Fatal(err)
			}
		}
		return
	}
}

// until reads views until one fits.
func (v *viewer) until(view any, fits func() bool) {
	v.Helper()
	for v.next("view", view); !fits(); v.next("view", view) {
	}
}

func TestViews(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.dev().at("2", "open", "").want(http.StatusOK)
	mine := s.dev().issue("anagrafe")

	type calls []struct {
		Number string `json:"number"`
	}
	var public, display, totem, elsewhere struct {
		Calls    calls `json:"calls"`
		Channels []struct {
			ID string `json:"id"`
		} `json:"channels"`
		Classes []string `json:"classes"`
		Display struct {
			ID    string `json:"id"`
			Sound bool   `json:"sound"`
		} `json:"display"`
	}
	var counter struct {
		Counter desk    `json:"counter"`
		Ticket  *ticket `json:"ticket"`
		Next    *struct {
			Ticket ticket            `json:"ticket"`
			Text   map[string]string `json:"text"`
		} `json:"next"`
	}
	var visit struct {
		Ticket *ticket           `json:"ticket"`
		Where  map[string]string `json:"where"`
	}
	watchers := map[*viewer]any{
		s.public().watch("view=public"):                     &public,
		s.public().watch("view=display&display=sala"):       &display,
		s.public().watch("view=display&display=protocollo"): &elsewhere,
		s.dev().watch("view=counter&counter=2"):             &counter,
		s.dev().watch("view=totem"):                         &totem,
		s.public().watch("view=ticket&ticket=" + mine.ID):   &visit,
	}
	for v, view := range watchers {
		v.next("view", view)
	}
	if len(public.Calls) != 0 || display.Display.ID != "sala" || !display.Display.Sound || len(totem.Classes) != 2 {
		t.Errorf("%+v %+v %+v", public, display, totem)
	}
	if counter.Counter.ID != "2" || counter.Next == nil || counter.Next.Ticket.Number != "A001" || counter.Next.Text["it"] == "" || counter.Ticket != nil {
		t.Errorf("%+v", counter)
	}
	if visit.Ticket == nil || visit.Ticket.State != "waiting" {
		t.Errorf("%+v", visit)
	}

	s.dev().at("2", "next", "").want(http.StatusOK)
	seq := s.seq()
	for v, view := range watchers {
		v.until(view, func() bool { return v.seq == seq })
	}
	if len(public.Calls) != 1 || len(display.Calls) != 1 || len(totem.Calls) != 1 || len(elsewhere.Calls) != 1 {
		t.Errorf("%+v %+v %+v %+v", public, display, totem, elsewhere)
	}
	if len(elsewhere.Channels) != 1 || elsewhere.Channels[0].ID != "protocollo" {
		t.Errorf("%+v", elsewhere)
	}
	if counter.Ticket == nil || counter.Ticket.State != "called" || counter.Next != nil {
		t.Errorf("%+v", counter)
	}
	if visit.Ticket.State != "called" || visit.Where["it"] != "Sportello 2" {
		t.Errorf("%+v", visit)
	}
}

func TestViewsRefused(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	refused := func(c client, query string) *answer {
		t.Helper()
		v, a := c.dial(query)
		if v != nil {
			t.Fatalf("%s was accepted", query)
		}
		return a
	}
	refused(s.public(), "").refused(http.StatusBadRequest, "invalid", "view")
	refused(s.public(), "view=everything").refused(http.StatusBadRequest, "invalid", "view")
	refused(s.public(), "view=display").refused(http.StatusNotFound, "not_found", "")
	refused(s.public(), "view=display&display=cantina").refused(http.StatusNotFound, "not_found", "")
	refused(s.public(), "view=ticket&ticket=NONE").refused(http.StatusNotFound, "unknown_ticket", "")
	refused(s.dev(), "view=counter&counter=9").refused(http.StatusNotFound, "unknown_counter", "")
	refused(s.public(), "view=counter&counter=2").refused(http.StatusUnauthorized, "unauthenticated", "")
	refused(s.device(auth.Totem, "t1"), "view=counter&counter=2").refused(http.StatusForbidden, "forbidden", "")
	refused(s.public().with("Origin", "https://evil.example"), "view=public").refused(http.StatusForbidden, "forbidden", "")
	s.public().with("Origin", s.web.URL).watch("view=public").next("view", nil)
	s.public().get("/api/v1/ws?view=public").refused(http.StatusBadRequest, "invalid", "")
	s.public().get("/api/v1/offices/luna/ws?view=public").refused(http.StatusNotFound, "unknown_office", "")
}

// slowHandshake is a connection on which something happens just before it becomes a WebSocket.
type slowHandshake struct {
	http.ResponseWriter
	meanwhile func()
}

func (w slowHandshake) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	w.meanwhile()
	return http.NewResponseController(w.ResponseWriter).Hijack()
}

// TestChangeDuringHandshake has an office that changes after a phone asked for its ticket and
// before it hears of changes.
func TestChangeDuringHandshake(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.dev().at("2", "open", "").want(http.StatusOK)
	mine := s.dev().issue("anagrafe")
	handler := s.web.Config.Handler
	phones := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handler.ServeHTTP(slowHandshake{w, func() { s.dev().issue("anagrafe") }}, r)
	}))
	t.Cleanup(phones.Close)
	conn, _, err := websocket.DefaultDialer.DialContext(t.Context(), strings.Replace(phones.URL, "http", "ws", 1)+"/api/v1/ws?view=ticket&ticket="+mine.ID, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	v := &viewer{server: s, path: "/api/v1/ws?view=ticket&ticket=" + mine.ID, conn: conn}
	v.next("view", nil)
	s.dev().at("2", "next", "").want(http.StatusOK)
	var visit struct {
		Ticket ticket `json:"ticket"`
	}
	v.until(&visit, func() bool { return visit.Ticket.State == "called" })
}

// TestViewsThatEnd has a monitor and a counter that the configuration no longer has: what they
// showed last isn't shown on as if it were so.
func TestViewsThatEnd(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	gone := []*viewer{s.public().watch("view=display&display=ingresso&tick=1"), s.dev().watch("view=counter&counter=4")}
	stays := s.public().watch("view=display&display=sala")
	for _, v := range append(gone, stays) {
		v.next("view", nil)
	}
	s.configure(func(c *queue.Config) {
		c.Displays = slices.DeleteFunc(c.Displays, func(d queue.Display) bool { return d.ID == "ingresso" })
		c.Counters = slices.DeleteFunc(c.Counters, func(d queue.Counter) bool { return d.ID == "4" })
	})
	stays.next("view", nil)
	for _, v := range gone {
		if err := v.conn.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
			t.Fatal(err)
		}
		var err error
		for err == nil { // a pulse may have been on its way
			_, _, err = v.conn.ReadMessage()
		}
		if !websocket.IsCloseError(err, live.CloseForgotten) {
			t.Errorf("%s: %v", v.path, err)
		}
	}
}

func TestPulse(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	v := s.public().watch("view=display&display=sala&tick=1")
	v.next("view", nil)
	v.next("tick", nil)
}

func TestStopClosesViewers(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	v := s.public().watch("view=public")
	v.next("view", nil)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- s.httpd.Shutdown(ctx) }()
	_, _, err := v.conn.ReadMessage()
	if !websocket.IsCloseError(err, websocket.CloseGoingAway) {
		t.Errorf("closed with %v", err)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if v, a := s.public().dial("view=public"); v != nil {
		t.Error("a stopped server took a viewer")
	} else {
		a.refused(http.StatusServiceUnavailable, "unavailable", "")
	}
}

// TestWatchingEndsWithAuthority has a clerk, a supervisor and a totem who watch, and every way to
// end what lets them.
func TestWatchingEndsWithAuthority(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		end  func(s *server, who client) // of anna, or of the device
	}{
		{"signed out", func(_ *server, who client) { who.post("/api/v1/logout", "").want(http.StatusNoContent) }},
		{"disabled", func(s *server, _ client) {
			s.dev().do("PUT", "/api/v1/users/anna", `{"disabled":true}`).want(http.StatusNoContent)
		}},
		{"new password from an administrator", func(s *server, _ client) {
			s.dev().do("PUT", "/api/v1/users/anna", `{"password":"una password nuova"}`).want(http.StatusNoContent)
		}},
		{"new password", func(_ *server, who client) {
			who.post("/api/v1/password", `{"old":"`+password+`","new":"una password nuova"}`).want(http.StatusNoContent)
		}},
		{"other offices", func(s *server, _ client) {
			s.dev().do("PUT", "/api/v1/users/anna", `{"offices":["cascine"]}`).want(http.StatusNoContent)
		}},
		{"run out", func(s *server, _ client) {
			for range 12 { // a socket doesn't keep a session alive that nobody uses
				s.httpd.Recheck()
				s.clock.pass(20 * time.Minute)
			}
			s.httpd.Recheck()
		}},
		{"ended by another server", func(s *server, _ client) {
			other := auth.New(s.journal.DB(), auth.Options{Now: s.clock.now})
			if err := other.ChangeUser(s.Context(), "anna", auth.Change{Disabled: new(true)}); err != nil {
				s.Error(err)
			}
			s.clock.pass(2 * time.Second)
			s.httpd.Recheck()
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t)
			if err := s.engine.Create(t.Context(), branch, queue.Default()); err != nil {
				t.Fatal(err)
			}
			s.user("ada", auth.Admin)
			anna, bruno := s.user("anna", auth.Operator), s.user("bruno", auth.Operator)
			mine, colleague, hall := anna.watch("view=counter&counter=2"), bruno.watch("view=counter&counter=2"), s.public().watch("view=public")
			var view json.RawMessage
			for _, v := range []*viewer{mine, colleague, hall} {
				v.next("view", &view)
			}
			s.httpd.Recheck()
			s.dev().issue("anagrafe")
			mine.next("view", &view)
			colleague.next("view", &view)
			hall.next("view", &view)
			tt.end(s, anna)
			s.dev().issue("anagrafe")
			mine.closed(live.CloseEnded)
			if tt.name == "run out" { // bruno's too
				colleague.closed(live.CloseEnded)
			} else {
				colleague.next("view", &view)
			}
			hall.next("view", &view)
			if _, refused := anna.dial("view=counter&counter=2"); refused == nil {
				t.Error("came back as if nothing had been")
			}
		})
	}
	t.Run("revoked", func(t *testing.T) {
		t.Parallel()
		s := newServer(t)
		device, token, err := s.auth.CreateDevice(t.Context(), auth.Totem, office, "t1")
		if err != nil {
			t.Fatal(err)
		}
		totem := s.bearer(token).watch("view=totem")
		var view json.RawMessage
		totem.next("view", &view)
		s.dev().delete("/api/v1/devices/" + device.ID).want(http.StatusNoContent)
		totem.closed(live.CloseEnded)
	})
}

// closed wants the socket closed with a code before another message.
func (v *viewer) closed(code int) {
	v.Helper()
	if err := v.conn.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
		v.Fatal(err)
	}
	if _, message, err := v.conn.ReadMessage(); !websocket.IsCloseError(err, code) {
		v.Errorf("%s: %.100s, %v; want close %d", v.path, message, err, code)
	}
}

// TestNobodySigningOutEndsNothing has somebody without a session sign out, again and again if they
// like: the server doesn't ask about every viewer for them. That anna's session has run out shows
// only when it is asked for.
func TestNobodySigningOutEndsNothing(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	anna := s.user("anna", auth.Operator).watch("view=counter&counter=2")
	anna.next("view", nil)
	s.clock.pass(5 * time.Hour)
	s.public().post("/api/v1/logout", "").want(http.StatusNoContent)
	s.dev().issue("anagrafe")
	anna.next("view", nil)
	s.httpd.Recheck()
	anna.closed(live.CloseEnded)
}

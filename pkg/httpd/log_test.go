package httpd_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/gorilla/websocket"

	"github.com/eliminacode/eliminacode/pkg/auth"
	"github.com/eliminacode/eliminacode/pkg/httpd"
	"github.com/eliminacode/eliminacode/pkg/live"
)

// logbook is a log that tests read.
type logbook struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logbook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logbook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// TestLogHasNoSecrets has everything go wrong that is logged, with whatever lets somebody in.
func TestLogHasNoSecrets(t *testing.T) {
	t.Parallel()
	var log logbook
	s := newServer(t, func(o *httpd.Options) {
		o.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	s.user("anna", auth.Operator)
	login := s.public().post("/api/v1/login", `{"name":"anna","password":"`+password+`"}`).want(http.StatusOK)
	session, browser := login.cookie("eliminacode_session").Value, login.cookie("eliminacode_browser").Value
	_, device, err := s.auth.CreateDevice(t.Context(), auth.Totem, office, "t1")
	if err != nil {
		t.Fatal(err)
	}
	ticket := s.dev().issue("anagrafe").ID

	viewer := s.public().watch("view=ticket&ticket=" + ticket)
	var view any
	viewer.next("view", &view)
	if err := viewer.conn.WriteMessage(websocket.TextMessage, make([]byte, 4096)); err != nil { // viewers have nothing to say
		t.Fatal(err)
	}
	viewer.closed(live.CloseTooBig)
	if err := s.journal.DB().Close(); err != nil {
		t.Fatal(err)
	}
	for _, token := range []string{session, device} {
		s.bearer(token).get("/api/v1/counters").want(http.StatusServiceUnavailable)
		s.public().get("/totem?pair=" + token)
	}
	s.public().with("Cookie", "eliminacode_browser="+browser).post("/api/v1/login", `{"name":"anna","password":"`+password+`"}`).
		want(http.StatusServiceUnavailable)
	s.dev().post("/api/v1/users", `{"name":"bruno","role":"operator","password":"`+password+`"}`).want(http.StatusServiceUnavailable)
	s.public().get("/t/" + ticket)
	s.public().delete("/api/v1/tickets/" + ticket)

	text := log.String()
	if strings.Count(text, "request failed") < 4 || !strings.Contains(text, "viewer cut") {
		t.Errorf("less was logged than this test wants:\n%s", text)
	}
	for what, secret := range map[string]string{
		"a session": session[4:], "a browser": browser[4:], "a device": device[4:], "a ticket": ticket, "a password": password, "the development token": devToken,
	} {
		if strings.Contains(text, secret) {
			t.Errorf("the log tells %s:\n%s", what, text)
		}
	}
}

package httpd_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/httpd"
)

func TestHealth(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.public().get("/healthz").want(http.StatusOK).contains(`"ok"`, `"test"`)
	newServer(t).public().get("/readyz").want(http.StatusOK) // another one: an answer holds for a second
	if err := s.journal.Close(); err != nil {
		t.Fatal(err)
	}
	s.public().get("/healthz").want(http.StatusOK)
	a := s.public().get("/readyz")
	a.refused(http.StatusServiceUnavailable, "unavailable", "")
	a.headers("Retry-After", "2")
	s.bearer("ecd_x").get("/api/v1/state").refused(http.StatusServiceUnavailable, "unavailable", "")
	s.dev().post("/api/v1/tickets", `{"channel":"anagrafe"}`).refused(http.StatusServiceUnavailable, "unavailable", "")
}

func TestMetrics(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.dev().issue("anagrafe")
	_ = s.public().watch("view=public").conn.Close()
	for _, method := range []string{"QUX", "QUUX"} { // methods are the client's words
		s.public().do(method, "/nothing", "").want(http.StatusNotFound)
	}
	a := s.public().get("/metrics").want(http.StatusOK)
	for range 10 { // a WebSocket is counted a moment after its client knows of it, and figures hold for a second
		if strings.Contains(string(a.body), `status="101"`) {
			break
		}
		time.Sleep(time.Second)
		a = s.public().get("/metrics").want(http.StatusOK)
	}
	if kind := a.Header.Get("Content-Type"); !strings.HasPrefix(kind, "text/plain") {
		t.Errorf("Content-Type %q", kind)
	}
	a.contains("eliminacode_viewers", "eliminacode_offices 1", `route="/api/v1/tickets"`, `status="201"`, `route="/api/v1/ws",status="101"`, "go_goroutines")
	if strings.Contains(string(a.body), "QUX") {
		t.Error("clients can make as many series as they like")
	}
}

// TestOperations has what is for whoever runs the server, asked from elsewhere.
func TestOperations(t *testing.T) {
	t.Parallel()
	s := newServer(t, func(o *httpd.Options) { o.MetricsToken = "token-for-the-figures" })
	elsewhere := s.public().with("X-Forwarded-For", "192.0.2.7")
	elsewhere.get("/metrics").refused(http.StatusForbidden, "forbidden", "")
	elsewhere.with("Authorization", "Bearer wrong").get("/metrics").refused(http.StatusForbidden, "forbidden", "")
	elsewhere.with("Authorization", "Bearer token-for-the-figures").get("/metrics").want(http.StatusOK).contains("go_goroutines")
	elsewhere.get("/readyz").want(http.StatusOK)
	if a := elsewhere.get("/healthz").want(http.StatusOK); strings.Contains(string(a.body), "test") {
		t.Errorf("the version is public: %s", a.body)
	}
	without := newServer(t)
	without.public().with("X-Forwarded-For", "192.0.2.7").with("Authorization", "Bearer ").get("/metrics").refused(http.StatusForbidden, "forbidden", "")
}

// TestMetricsAreGatheredOnce has many who ask at once.
func TestMetricsAreGatheredOnce(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	first := s.public().get("/metrics").want(http.StatusOK)
	for range 3 {
		s.public().get("/metrics").want(http.StatusOK)
	}
	again := s.public().get("/metrics").want(http.StatusOK)
	if took := again.Header.Get("Date") == first.Header.Get("Date"); took && string(again.body) != string(first.body) {
		t.Error("gathered again within a second")
	}
}

func TestStoppedEngine(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	if err := s.engine.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	a := s.dev().post("/api/v1/tickets", `{"channel":"anagrafe"}`)
	a.refused(http.StatusServiceUnavailable, "unavailable", "")
	a.headers("Retry-After", "2")
}

func TestWrongOptions(t *testing.T) {
	t.Parallel()
	for name, opt := range map[string]httpd.Options{
		"proxies": {Proxies: []string{"10.0.0.1"}},
		"origins": {Origins: []string{"www.comune.example.it"}},
	} {
		if s, err := httpd.New(opt); err == nil {
			t.Errorf("%s: %v", name, s)
		}
	}
}

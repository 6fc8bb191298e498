package httpd_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/queue"
)

// FuzzRequests sends anything at all to the handler: it never fails, and without a login nothing
// changes.
func FuzzRequests(f *testing.F) {
	seeds := []struct{ method, target, body string }{
		{"GET", "/", ""},
		{"GET", "/api/v1/state", ""},
		{"GET", "/api/v1/ws?view=display&display=%00", ""},
		{"GET", "/api/v1/journal?after=-9223372036854775809&limit=1e9", ""},
		{"GET", "/api/v1/offices/../state", ""},
		{"GET", "/t/%2e%2e%2f", ""},
		{"GET", "/pair?x=ecd_", ""},
		{"GET", "/assets/%2e%2e/go.mod", ""},
		{"POST", "/api/v1/tickets", `{"channel":"anagrafe","slot":"2026-03-02T10:00:00+01:00","class":"appointment"}`},
		{"POST", "/api/v1/counters/2/hold", `{"for_s":1e308,"reason":"\u0000"}`},
		{"POST", "/api/v1/counters/2/done", `{"outcomes":[{"service":"certificato","quantity":-1}]}`},
		{"POST", "/api/v1/login", `{"name":"admin","password":"admin"}`},
		{"POST", "/api/v1/devices", `{"kind":"totem","target":"\ud800"}`},
		{"PUT", "/api/v1/config?move=:", `{"hours":{"mon":[{"from":"24:01","to":"00:00"}]}}`},
		{"PUT", "/api/v1/users/%20", `{"disabled":null}`},
		{"DELETE", "/api/v1/tickets/", ""},
		{"QUX", "*", "\xff"},
	}
	for _, s := range seeds {
		f.Add(s.method, s.target, s.body, "x")
	}
	s := newServer(f)
	handler := s.httpd.Handler()
	seq := func(t *testing.T) (seq int64) {
		err := s.engine.Read(t.Context(), office, func(st *queue.State, _ time.Time) { seq = st.Seq })
		if err != nil {
			t.Fatal(err)
		}
		return seq
	}
	f.Fuzz(func(t *testing.T, method, target, body, key string) {
		send := func(token string) {
			req, err := http.NewRequestWithContext(t.Context(), method, "http://localhost"+target, strings.NewReader(body))
			if err != nil || !strings.HasPrefix(target, "/") {
				return // no request can be made of it
			}
			req.RemoteAddr = "127.0.0.1:4000"
			req.Header.Set("Idempotency-Key", key)
			req.Header.Set("Accept-Language", key)
			if token != "" {
				req.Header.Set("Authorization", "Bearer "+token)
			}
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, req)
			if w.Code >= http.StatusInternalServerError {
				t.Errorf("%s %q %q: %d %s", method, target, body, w.Code, w.Body)
			}
		}
		before := seq(t)
		send("")
		if seq(t) != before {
			t.Errorf("%s %q %q changed something without a login", method, target, body)
		}
		send(devToken)
	})
}

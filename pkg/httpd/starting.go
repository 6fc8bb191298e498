package httpd

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"

	"github.com/eliminacode/eliminacode/pkg/web"
	"github.com/eliminacode/eliminacode/pkg/words"
)

// Starting answers in the place of a [Server] that waits for its database: that the program runs,
// that it isn't ready, and to people by the page of failures, which opens theirs as soon as it can
// be shown.
func Starting(log *slog.Logger) (http.Handler, error) {
	p, err := newPages(log)
	if err != nil {
		return nil, err
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, asset := strings.CutPrefix(r.URL.Path, "/assets/")
		if asset && !strings.HasSuffix(name, ".html") && p.assets.Serve(w, r, name) {
			return
		}
		w.Header().Set("Cache-Control", "no-store")
		if r.URL.Path == "/healthz" {
			w.Header().Set("Content-Type", "application/json")
			_ = json.NewEncoder(w).Encode(map[string]string{"status": "ok"}) // or else nobody is there any more
			return
		}
		w.Header().Set("Retry-After", "2")
		p.notReady(w, r)
	}), nil
}

func (p *pages) notReady(w http.ResponseWriter, r *http.Request) {
	const status = http.StatusServiceUnavailable
	refusal := refuse(unavailable, reasonStarting)
	if !strings.HasPrefix(r.URL.Path, "/api/") && strings.Contains(r.Header.Get("Accept"), "text/html") {
		if body, err := failureOf(r, refusal, status).HTML(); err == nil {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.Header().Set("Content-Security-Policy", web.CSP)
			w.WriteHeader(status)
			_, _ = w.Write(p.assets.Page(body))
			return
		}
	}
	lang := languageOf(r)
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Language", lang)
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(problem{problemBody{Code: refusal.Code, Message: words.Refusal(refusal).In(lang), Reason: refusal.Reason}})
}

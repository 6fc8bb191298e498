package agent

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"mime"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/eliminacode/eliminacode/displays"
	"github.com/eliminacode/eliminacode/pkg/client"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/web"
	"github.com/eliminacode/eliminacode/pkg/words"
	"github.com/eliminacode/eliminacode/totem"
	"github.com/eliminacode/eliminacode/totem/qr"
)

const (
	// bodyMax is the longest body that is read, in bytes, and keyMax the longest Idempotency-Key.
	bodyMax, keyMax = 8 << 10, 200
	// screenMax is how long the name of a screen's size may be.
	screenMax = 20
)

func newAssets(log *slog.Logger) (*web.Assets, error) {
	return web.NewAssets(map[string]fs.FS{"displays": displays.FS, "totem": totem.FS, "pkg/web": web.FS}, log)
}

// http is the server for the kiosk's browser.
func (a *Agent) http() *http.Server {
	return &http.Server{
		Handler: a.handler(), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: 30 * time.Second,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 16 << 10, ErrorLog: slog.NewLogLogger(a.opt.Log.Handler(), slog.LevelDebug),
	}
}

// handle answers a request, or says why not.
type handle func(w http.ResponseWriter, r *http.Request) error

// handler answers the kiosk's browser, and nobody else.
func (a *Agent) handler() http.Handler {
	mux := http.NewServeMux()
	for route, h := range map[string]handle{
		"GET /{$}":              a.start,
		"GET /totem":            a.face,
		"GET /assets/{file...}": a.asset,
		"GET /voice/{file...}":  a.voiceFile,
		"GET /favicon.ico":      func(w http.ResponseWriter, r *http.Request) error { return a.file(w, r, "displays/lib/icon.svg") },
		"GET /healthz":          a.healthz,

		"GET /api/v1/status":                func(w http.ResponseWriter, _ *http.Request) error { return send(w, http.StatusOK, a.Status()) },
		"GET /api/v1/ws":                    a.watch,
		"POST /api/v1/tickets":              a.postTicket,
		"POST /api/v1/invitations":          a.postInvitation,
		"GET /api/v1/tickets/{id}":          a.getTicket,
		"DELETE /api/v1/tickets/{id}":       a.deleteTicket,
		"POST /api/v1/tickets/{id}/reprint": a.postReprint,
		"GET /api/v1/tickets/{id}/qr.svg":   a.qrCode,
		"POST /api/v1/say":                  a.postSay,
		"POST /api/v1/pairings":             a.postPairing,
		"GET /api/v1/pairings/{id}":         a.getPairing,
		"POST /api/v1/pairings/redeem":      a.redeem,
		"/":                                 nowhere,
	} {
		mux.Handle(route, a.answering(h))
	}
	return a.guarded(mux)
}

func nowhere(http.ResponseWriter, *http.Request) error {
	return queue.Refuse(queue.NotFound, reasonNoPage)
}

// guarded lets in this machine alone, by a name that is its own: a page of another site could have
// its name lead here.
func (a *Agent) guarded(next http.Handler) http.Handler {
	protection := http.NewCrossOriginProtection()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		web.Secure(w.Header(), r.Host)
		switch kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); {
		case !isLoopback(r.RemoteAddr) || !isOwnName(r.Host):
			refuse(w, r, queue.Refuse(queue.Forbidden, reasonOnlyHere))
		case !isOwnOrigin(r) || protection.Check(r) != nil:
			refuse(w, r, queue.Refuse(queue.Forbidden, reasonOtherSite))
		case r.ContentLength != 0 && r.Method != http.MethodGet && kind != "application/json":
			refuse(w, r, queue.Refuse(unsupportedMedia, reasonNotDeclaredJSON))
		default:
			r.Body = http.MaxBytesReader(w, r.Body, bodyMax)
			next.ServeHTTP(w, r)
		}
	})
}

func isLoopback(address string) bool {
	from, err := netip.ParseAddrPort(address)
	return err == nil && from.Addr().Unmap().IsLoopback()
}

// isOwnName reports whether a host, with or without a port, is this machine and no name that
// somebody else gives it.
func isOwnName(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && ip.IsLoopback()
}

// isOwnOrigin reports whether the page that sent the request, if one did, is the agent's.
func isOwnOrigin(r *http.Request) bool {
	from := r.Header["Origin"]
	if len(from) == 0 {
		return true
	}
	u, err := url.Parse(from[0])
	return len(from) == 1 && err == nil && u.Host != "" && strings.EqualFold(u.Host, r.Host)
}

// answering turns an error into an answer.
func (a *Agent) answering(h handle) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		err := h(w, r)
		if err == nil {
			return
		}
		if refused, ok := errors.AsType[*client.Error](err); ok && len(refused.Body) > 0 && json.Valid(refused.Body) {
			write(w, refused.Status, refused.Body)
			return
		}
		refusal, ok := errors.AsType[*queue.Refusal](err)
		if !ok {
			a.opt.Log.Warn("request failed", "method", r.Method, "err", err)
			refusal = queue.Refuse(unavailable, reasonUnavailable)
		}
		refuse(w, r, refusal)
	})
}

// statuses are those of refusals; any other one is a conflict.
var statuses = map[queue.Code]int{
	queue.Invalid: http.StatusBadRequest, queue.UnknownChannel: http.StatusNotFound, queue.UnknownTicket: http.StatusNotFound,
	queue.NotFound: http.StatusNotFound, queue.Forbidden: http.StatusForbidden, unauthenticated: http.StatusUnauthorized,
	unavailable: http.StatusServiceUnavailable, unsupportedMedia: http.StatusUnsupportedMediaType,
	queue.RateLimited: http.StatusTooManyRequests,
}

func statusOf(r *queue.Refusal) int {
	switch status, ok := statuses[r.Code]; {
	case r.Reason == queue.ReasonKeyOfAnother:
		return http.StatusUnprocessableEntity
	case r.Reason == reasonBodyTooLarge:
		return http.StatusRequestEntityTooLarge
	case ok:
		return status
	}
	return http.StatusConflict
}

// refuse answers as the server does.
func refuse(w http.ResponseWriter, r *http.Request, why *queue.Refusal) {
	var body struct {
		Error struct {
			Code    queue.Code   `json:"code"`
			Message string       `json:"message"`
			Reason  queue.Reason `json:"reason"`
			Field   string       `json:"field,omitempty"`
		} `json:"error"`
	}
	lang := "it"
	if strings.HasPrefix(r.Header.Get("Accept-Language"), "en") {
		lang = "en"
	}
	body.Error.Code, body.Error.Reason, body.Error.Field = why.Code, why.Reason, why.Field
	body.Error.Message = words.Refusal(why).In(lang)
	_ = send(w, statusOf(why), body) // whoever is gone hears nothing
}

func send(w http.ResponseWriter, status int, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	write(w, status, b)
	return nil
}

func write(w http.ResponseWriter, status int, b []byte) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(b) // whoever is gone hears nothing
}

// decode reads a body into v. An empty one leaves v as it is.
func decode(r *http.Request, v any) error {
	b, err := io.ReadAll(r.Body)
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		return queue.Refuse(queue.Invalid, reasonBodyTooLarge)
	}
	if err != nil || len(b) == 0 {
		return err
	}
	read := json.NewDecoder(bytes.NewReader(b))
	read.DisallowUnknownFields()
	if err := read.Decode(v); err != nil {
		return queue.Refuse(queue.Invalid, reasonNotJSON, "error", err)
	}
	if _, err := read.Token(); !errors.Is(err, io.EOF) {
		return queue.Refuse(queue.Invalid, reasonNotJSON, "error", "more than one value")
	}
	return nil
}

// keyOf is a request's Idempotency-Key, or one that nobody else has.
func keyOf(r *http.Request) (string, error) {
	key := r.Header.Get("Idempotency-Key")
	if len(key) > keyMax {
		return "", queue.Refuse(queue.Invalid, reasonKeyTooLong).At("Idempotency-Key")
	}
	if key == "" {
		key = rand.Text()
	}
	return key, nil
}

// languageOf is what the browser reads.
func languageOf(r *http.Request) string { return r.Header.Get("Accept-Language") }

func (a *Agent) postTicket(w http.ResponseWriter, r *http.Request) error {
	key, err := keyOf(r)
	if err != nil {
		return err
	}
	var in struct {
		wish
		Print bool `json:"print"` // whether there is a printer, the agent knows
	}
	if err := decode(r, &in); err != nil {
		return err
	}
	if in.Channel == "" {
		return queue.Refuse(queue.Invalid, reasonChannelMissing).At("channel")
	}
	ticket, err := a.issue(r.Context(), key, in.wish, languageOf(r))
	if err != nil {
		return err
	}
	var given struct{ ID string }
	if err := json.Unmarshal(ticket, &given); err != nil {
		return err
	}
	w.Header().Set("Location", r.URL.Path+"/"+given.ID)
	write(w, http.StatusCreated, ticket)
	return nil
}

// postInvitation passes on what a citizen wants on the phone alone. Without the server there is
// none.
func (a *Agent) postInvitation(w http.ResponseWriter, r *http.Request) error {
	var in client.Invite
	if err := decode(r, &in); err != nil {
		return err
	}
	c := a.online(r.Context())
	if c == nil {
		return queue.Refuse(unavailable, reasonUnavailable)
	}
	short, cancel := context.WithTimeout(r.Context(), askWithin)
	defer cancel()
	invitation, err := c.Invite(short, in, languageOf(r))
	if err != nil {
		return err
	}
	write(w, http.StatusCreated, invitation)
	return nil
}

func (a *Agent) getTicket(w http.ResponseWriter, r *http.Request) error {
	return sendTicket(w)(a.find(r.Context(), r.PathValue("id")))
}

func (a *Agent) deleteTicket(w http.ResponseWriter, r *http.Request) error {
	return sendTicket(w)(a.cancel(r.Context(), r.PathValue("id"), languageOf(r)))
}

func (a *Agent) postReprint(w http.ResponseWriter, r *http.Request) error {
	key, err := keyOf(r)
	if err != nil {
		return err
	}
	return sendTicket(w)(a.reprint(r.Context(), r.PathValue("id"), key, languageOf(r)))
}

func sendTicket(w http.ResponseWriter) func(json.RawMessage, error) error {
	return func(ticket json.RawMessage, err error) error {
		if err == nil {
			write(w, http.StatusOK, ticket)
		}
		return err
	}
}

func (a *Agent) qrCode(w http.ResponseWriter, r *http.Request) error {
	address, err := a.address(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	code, err := qr.Encode(address)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "image/svg+xml")
	_, _ = w.Write(code.SVG()) // whoever is gone sees nothing
	return nil
}

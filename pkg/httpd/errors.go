package httpd

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"
	"golang.org/x/text/language"

	"github.com/eliminacode/eliminacode/pkg/auth"
	"github.com/eliminacode/eliminacode/pkg/engine"
	"github.com/eliminacode/eliminacode/pkg/journal"
	"github.com/eliminacode/eliminacode/pkg/live"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/words"
)

// The codes of refusals that aren't the queue's own.
const (
	unauthenticated  queue.Code = "unauthenticated"
	unavailable      queue.Code = "unavailable"
	notAllowed       queue.Code = "method_not_allowed"
	preconditions    queue.Code = "precondition_failed"
	unknownOffice    queue.Code = "unknown_office"
	unsupportedMedia queue.Code = "unsupported_media_type"
	internal         queue.Code = "internal"
	busy             queue.Code = "busy"
)

// statuses is the one table from codes to HTTP statuses.
var statuses = map[queue.Code]int{
	queue.Invalid:         http.StatusBadRequest,
	queue.UnknownChannel:  http.StatusNotFound,
	queue.UnknownCounter:  http.StatusNotFound,
	queue.UnknownTicket:   http.StatusNotFound,
	queue.ChannelClosed:   http.StatusConflict,
	queue.OfficeClosed:    http.StatusConflict,
	queue.ChannelFull:     http.StatusConflict,
	queue.CounterClosed:   http.StatusConflict,
	queue.NoCurrentTicket: http.StatusConflict,
	queue.NotCallable:     http.StatusConflict,
	queue.Conflict:        http.StatusConflict,
	queue.RateLimited:     http.StatusTooManyRequests,
	unauthenticated:       http.StatusUnauthorized,
	queue.Forbidden:       http.StatusForbidden,
	unavailable:           http.StatusServiceUnavailable,
	queue.NotFound:        http.StatusNotFound,
	notAllowed:            http.StatusMethodNotAllowed,
	preconditions:         http.StatusPreconditionFailed,
	unknownOffice:         http.StatusNotFound,
	unsupportedMedia:      http.StatusUnsupportedMediaType,
	internal:              http.StatusInternalServerError,
	busy:                  http.StatusConflict,
}

// finer are the statuses of reasons that say more than their code.
var finer = map[queue.Reason]int{
	queue.ReasonKeyOfAnother: http.StatusUnprocessableEntity,
	queue.ReasonConfigFaulty: http.StatusUnprocessableEntity,
	reasonBodyTooLarge:       http.StatusRequestEntityTooLarge,
}

func statusOf(r *queue.Refusal) int {
	if status, ok := finer[r.Reason]; ok {
		return status
	}
	return statuses[r.Code]
}

// problem is the body of every refusal.
type problem struct {
	Error problemBody `json:"error"`
}

type problemBody struct {
	Code    queue.Code   `json:"code"`
	Message string       `json:"message"`
	Reason  queue.Reason `json:"reason"` // finer than the code
	Field   string       `json:"field,omitempty"`
	Faults  []fault      `json:"faults,omitempty"`
}

type fault struct {
	Path    string       `json:"path"`
	Message string       `json:"message"`
	Reason  queue.Reason `json:"reason"`
}

// refuse takes the arguments by name and value in turn.
func refuse(code queue.Code, why queue.Reason, args ...any) *queue.Refusal {
	return queue.Refuse(code, why, args...)
}

func invalid(field string, why queue.Reason, args ...any) *queue.Refusal {
	return queue.Refuse(queue.Invalid, why, args...).At(field)
}

// fail answers a request that failed: a refusal in the reader's language, or
// a neutral text for what isn't the reader's business, which is logged here.
func (s *Server) fail(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	r := s.refusal(err)
	status := statusOf(r)
	busy := auth.CodeOf(err) == auth.Busy                                                        // a crowd's doing, and none of the server's
	if status >= http.StatusInternalServerError && !busy && c.Request().Context().Err() == nil { // or else nobody is there any more
		s.logFailure(c, r, err)
	}
	if limited, ok := errors.AsType[*auth.Error](err); ok && limited.RetryAfter > 0 {
		c.Response().Header().Set("Retry-After", strconv.Itoa(int(limited.RetryAfter.Seconds())+1))
	} else if status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable {
		c.Response().Header().Set("Retry-After", "2")
	}
	if status == http.StatusUnauthorized {
		c.Response().Header().Set("WWW-Authenticate", "Bearer")
	}
	lang := languageOf(c.Request())
	text := words.Refusal(r)
	body := problemBody{Code: r.Code, Message: text.In(lang), Reason: r.Reason, Field: r.Field}
	for _, f := range r.Faults {
		body.Faults = append(body.Faults, fault{Path: f.Path, Message: words.Fault(f).In(lang), Reason: f.Reason})
	}
	c.Response().Header().Set("Content-Language", lang)
	if !strings.HasPrefix(c.Request().URL.Path, "/api/") && strings.Contains(c.Request().Header.Get("Accept"), "text/html") {
		if err := s.failurePage(c, r, status); err != nil {
			s.opt.Log.Error("error page not written", "err", err)
		}
		return
	}
	if err := c.JSON(status, problem{body}); err != nil {
		s.opt.Log.Debug("answer not sent", "err", err)
	}
}

// outageTold is how often the log says that requests fail by an outage, which all do.
const outageTold = time.Minute

// outage is when the log was last told of one.
type outage struct {
	mu   sync.Mutex
	told time.Time
}

// due reports whether the log is to be told, once in a while.
func (o *outage) due() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	now := time.Now() // of the machine: the office's clock may be shifted
	if now.Sub(o.told) < outageTold {
		return false
	}
	o.told = now
	return true
}

// logFailure logs why a request failed that the server is to blame for; an outage not for each
// request, nor one that the engine has told of.
func (s *Server) logFailure(c echo.Context, r *queue.Refusal, err error) {
	level := slog.LevelError
	if r.Code == unavailable && (errors.Is(err, engine.ErrTold) || !s.outage.due()) {
		level = slog.LevelDebug
	}
	s.opt.Log.Log(c.Request().Context(), level, "request failed", "method", c.Request().Method, "route", c.Path(), "err", err)
}

// refusal brings any error to the form that clients get.
func (s *Server) refusal(err error) *queue.Refusal {
	if r, ok := errors.AsType[*queue.Refusal](err); ok {
		return r
	}
	if a, ok := errors.AsType[*auth.Error](err); ok {
		return authRefusal(a)
	}
	if h, ok := errors.AsType[*echo.HTTPError](err); ok {
		switch h.Code {
		case http.StatusNotFound:
			return refuse(queue.NotFound, reasonNoPage)
		case http.StatusMethodNotAllowed:
			return refuse(notAllowed, reasonWrongMethod)
		}
	}
	switch {
	case errors.Is(err, live.ErrHandshake):
		return invalid("", reasonNoHandshake)
	case errors.Is(err, live.ErrTooMany):
		return refuse(queue.RateLimited, reasonTooManyConnections)
	case errors.Is(err, engine.ErrUnknownOffice):
		return refuse(unknownOffice, reasonUnknownOffice)
	case errors.Is(err, engine.ErrClock):
		return refuse(unavailable, reasonClockWrong)
	case errors.Is(err, journal.ErrUnavailable), errors.Is(err, auth.ErrUnavailable), errors.Is(err, engine.ErrStopped), errors.Is(err, live.ErrFull), errors.Is(err, live.ErrClosed),
		errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return refuse(unavailable, reasonUnavailable)
	}
	return refuse(internal, reasonInternal)
}

// languages are those that messages come in.
var languages = matcher(words.Languages)

// languageOf is the language of messages to the sender.
func languageOf(r *http.Request) string { return preferred(r, languages, words.Languages) }

func matcher(of []string) language.Matcher {
	tags := make([]language.Tag, len(of))
	for i, lang := range of {
		tags[i] = language.MustParse(lang)
	}
	return language.NewMatcher(tags)
}

// preferred is the language that the browser asks for, of some that a matcher was made of; the
// first of them if it asks for none of them.
func preferred(r *http.Request, by language.Matcher, of []string) string {
	tags, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	if err != nil || len(tags) == 0 {
		return of[0]
	}
	_, i, _ := by.Match(tags...)
	return of[i]
}

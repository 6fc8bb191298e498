package httpd

import (
	"sync"
	"time"

	"github.com/labstack/echo/v4"
	"golang.org/x/time/rate"

	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/web"
)

const (
	// publicRate and publicBurst bound what one address may change without a login, a second.
	publicRate  = 2
	publicBurst = 20
	// addressesMax bounds the addresses that are remembered.
	addressesMax = 10_000
)

// limits bounds how often an address may do something.
type limits struct {
	now func() time.Time

	mu sync.Mutex
	by map[string]*rate.Limiter
}

func newLimits(now func() time.Time) *limits {
	return &limits{now: now, by: map[string]*rate.Limiter{}}
}

func (l *limits) allow(address string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.by[address]
	if b == nil {
		if len(l.by) >= addressesMax {
			clear(l.by) // whoever floods from ten thousand addresses gains a burst each, no more
		}
		b = rate.NewLimiter(publicRate, publicBurst)
		l.by[address] = b
	}
	return b.AllowN(l.now(), 1)
}

// limitPublic bounds a call that needs no login.
func (s *Server) limitPublic(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if identity(c).Kind == "" && !s.limits.allow(c.RealIP()) {
			return refuse(queue.RateLimited, reasonTooManyRequests)
		}
		return next(c)
	}
}

// secureHeaders tells browsers to take nothing for what it isn't.
func (s *Server) secureHeaders(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		h := c.Response().Header()
		web.Secure(h, c.Request().Host)
		if s.proxies.secure(c.Request()) {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		return next(c)
	}
}

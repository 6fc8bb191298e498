package httpd

import (
	"regexp"
	"sync"
	"time"

	"github.com/labstack/echo/v4"
	"golang.org/x/time/rate"

	"github.com/eliminacode/eliminacode/pkg/queue"
)

const (
	// publicRate and publicBurst bound what one address may change without a login, a second.
	publicRate  = 2
	publicBurst = 20
	// addressesMax bounds the addresses that are remembered.
	addressesMax = 10_000
)

// hostForm is a host with or without a port, fit to stand in a header.
var hostForm = regexp.MustCompile(`^[A-Za-z0-9.\-\[\]:]{1,255}$`)

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

// csp has browsers load nothing from elsewhere and run nothing inline.
const csp = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; connect-src 'self'"

// secureHeaders tells browsers to take nothing for what it isn't.
func (s *Server) secureHeaders(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		h := c.Response().Header()
		// Named, because older browsers don't count WebSockets as the page's own.
		host := c.Request().Host
		if !hostForm.MatchString(host) {
			host = "localhost"
		}
		h.Set("Content-Security-Policy", csp+" ws://"+host+" wss://"+host)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin") // the address of a ticket is its key
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		if s.proxies.secure(c.Request()) {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		return next(c)
	}
}

package httpd

import (
	"net/http"
	"net/netip"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/eliminacode/eliminacode/pkg/auth"
)

// The cookies: a user's session, a paired device's token, the development token.
const (
	sessionCookie  = "eliminacode_session"
	deviceCookie   = "eliminacode_device"
	browserCookie  = "eliminacode_browser" // a browser that somebody signed in with before
	devTokenCookie = "eliminacode_dev"     // the development token, for browsers in development
)

// cookieLife is how long a browser keeps what it is known by, in seconds: as long as browsers keep
// any cookie. A device's is renewed as it is used.
const cookieLife = 400 * 24 * 3600

const (
	identityKey      = "identity"
	bearingKey       = "bearing"        // the token that showed it
	identityErrorKey = "identity error" // why a bearer token that was sent is nobody's
)

// identify finds out who sends the request. A token or cookie that is wrong or has run out counts
// as none, so that what is public is still answered.
func (s *Server) identify(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		if strings.HasPrefix(r.URL.Path, "/assets/") {
			return next(c)
		}
		if token, ok := bearer(r); ok {
			who, err := s.token(c, token)
			switch auth.CodeOf(err) {
			case auth.Unauthenticated:
				c.Set(identityErrorKey, err)
			case "":
				if err != nil {
					return err
				}
				c.Set(identityKey, who)
				c.Set(bearingKey, token)
			}
			return next(c)
		}
		for _, name := range []string{sessionCookie, deviceCookie, devTokenCookie} {
			cookie, err := r.Cookie(name)
			if err != nil {
				continue
			}
			who, err := s.token(c, cookie.Value)
			if err == nil {
				c.Set(identityKey, who)
				c.Set(bearingKey, cookie.Value)
				break
			} else if auth.CodeOf(err) == "" {
				return err
			}
		}
		return next(c)
	}
}

// bearer is the token that a program shows; ok is false where it shows none.
func bearer(r *http.Request) (token string, ok bool) {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	return strings.TrimSpace(token), strings.EqualFold(scheme, "Bearer")
}

// token finds out who holds a token. The development token is one only on this very machine.
func (s *Server) token(c echo.Context, token string) (auth.Identity, error) {
	if who, ok := s.opt.Auth.Dev(token); ok && loopback(c.Request()) {
		return who, nil
	}
	return s.opt.Auth.Identify(c.Request().Context(), token)
}

// forwarding are the headers by which a proxy shows that it passes a request on.
var forwarding = []string{"Forwarded", "Via", "X-Real-Ip", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"}

// loopback reports whether the request was made on this machine, and not passed on by a proxy on
// it.
func loopback(r *http.Request) bool {
	for _, name := range forwarding {
		if r.Header.Get(name) != "" {
			return false
		}
	}
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	return err == nil && from.Addr().Unmap().IsLoopback()
}

// identity is who sent the request; the zero identity is the public.
func identity(c echo.Context) auth.Identity {
	who, _ := c.Get(identityKey).(auth.Identity)
	return who
}

// bearing is the token that showed who sent the request; empty for the public.
func bearing(c echo.Context) string {
	token, _ := c.Get(bearingKey).(string)
	return token
}

// setCookie gives the browser a token that scripts can't read and other sites can't send.
func (s *Server) setCookie(c echo.Context, name, value string, maxAge int) {
	c.SetCookie(&http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: maxAge,
		HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: s.proxies.secure(c.Request()),
	})
}

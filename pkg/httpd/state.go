package httpd

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/eliminacode/eliminacode/pkg/audience"
)

// Audience is who watches this server's offices: the engine is to have it as an observer.
func (s *Server) Audience() *audience.Audience { return s.audience }

func (s *Server) state(c echo.Context) error {
	p, err := s.audience.Public(c.Request().Context(), s.office(c))
	if err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set("Cache-Control", "public, max-age=1")
	h.Set("ETag", p.ETag)
	h.Set("Access-Control-Allow-Origin", "*")
	for tag := range strings.SplitSeq(c.Request().Header.Get("If-None-Match"), ",") {
		if tag = strings.TrimSpace(tag); tag == p.ETag || tag == "*" {
			return c.NoContent(http.StatusNotModified)
		}
	}
	return c.JSONBlob(http.StatusOK, p.Body)
}

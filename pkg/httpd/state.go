package httpd

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/eliminacode/eliminacode/pkg/audience"
	"github.com/eliminacode/eliminacode/pkg/web"
)

// Audience is who watches this server's offices: the engine is to have it as an observer.
func (s *Server) Audience() *audience.Audience { return s.audience }

// answers are the forms in which a public view is asked for all the time. Each is written and
// compressed once.
type answers struct {
	of   *audience.Public
	json *web.Packed
}

func (s *Server) publicAnswers(c echo.Context) (*answers, error) {
	office := s.office(c)
	p, err := s.audience.Public(c.Request().Context(), office)
	if err != nil {
		return nil, err
	}
	if last, ok := s.answers.Load(office); ok && last.(*answers).of == p {
		return last.(*answers), nil
	}
	a := &answers{of: p, json: web.Pack(p.Body)}
	s.answers.Store(office, a)
	return a, nil
}

func (s *Server) state(c echo.Context) error {
	a, err := s.publicAnswers(c)
	if err != nil {
		return err
	}
	return shared(c, time.Second, a.of.ETag, a.json)
}

// shared answers with JSON that anybody may read, from any page, and keep for a while. The tag is a
// weak one, which stands for the plain form and the compressed one.
func shared(c echo.Context, fresh time.Duration, tag string, body *web.Packed) error {
	h := c.Response().Header()
	h.Set("Cache-Control", fmt.Sprintf("public, max-age=%d", int(fresh.Seconds())))
	h.Set("ETag", tag)
	h.Set("Access-Control-Allow-Origin", "*")
	form := body.For(h, c.Request())
	for known := range strings.SplitSeq(c.Request().Header.Get("If-None-Match"), ",") {
		if known = strings.TrimSpace(known); known == tag || known == "*" {
			h.Del("Content-Encoding")
			return c.NoContent(http.StatusNotModified)
		}
	}
	return c.JSONBlob(http.StatusOK, form)
}

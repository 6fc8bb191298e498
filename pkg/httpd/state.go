package httpd

import (
	"github.com/labstack/echo/v4"

	"github.com/eliminacode/eliminacode/pkg/audience"
	"github.com/eliminacode/eliminacode/pkg/web"
)

// Audience is who watches this server's offices: the engine is to have it as an observer.
func (s *Server) Audience() *audience.Audience { return s.audience }

func (s *Server) state(c echo.Context) error {
	office := s.office(c)
	p, err := s.audience.Public(c.Request().Context(), office)
	if err != nil {
		return err
	}
	a, err := once(s.answers, "state of "+office, p, func() (*answer, error) {
		return &answer{kind: echo.MIMEApplicationJSON, body: web.Pack(p.Body), tag: p.ETag}, nil
	})
	if err != nil {
		return err
	}
	return giveAnySite(c, a, keepState)
}

package httpd

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/eliminacode/eliminacode/pkg/queue"
)

// about is what the administration should know of the server itself.
type about struct {
	PublicURL *string       `json:"public_url"` // null: none is set
	TicketURL string        `json:"ticket_url"` // what the QR codes of tickets begin with, as far as this request can tell
	Clock     bool          `json:"clock_plausible"`
	Offices   []namedOffice `json:"offices"`
}

type namedOffice struct {
	ID    string     `json:"id"`
	Names queue.Text `json:"names"`
}

// about answers what the settings amount to. Without a public address the QR code of a ticket has
// the one that its totem uses, which may be another than the administrator's.
func (s *Server) about(c echo.Context) error {
	ctx := c.Request().Context()
	answer := about{TicketURL: s.base(c) + "/t/", Clock: s.opt.Engine.Clock() == nil, Offices: []namedOffice{}}
	if s.opt.PublicURL != "" {
		answer.PublicURL = &s.opt.PublicURL
	}
	names, err := s.opt.Journal.Offices(ctx)
	if err != nil {
		return err
	}
	for _, name := range names {
		answer.Offices = append(answer.Offices, namedOffice{ID: name, Names: queue.Text{}})
	}
	if err := s.eachOffice(ctx, names, func(i int, st *queue.State) { answer.Offices[i].Names = st.Config.Name }); err != nil {
		s.opt.Log.Warn("offices without their names", "err", err)
	}
	return c.JSON(http.StatusOK, answer)
}

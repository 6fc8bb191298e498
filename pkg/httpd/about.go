package httpd

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// about is what the administration should know of the server itself.
type about struct {
	PublicURL *string `json:"public_url"` // null: none is set
	TicketURL string  `json:"ticket_url"` // what the QR codes of tickets begin with, as far as this request can tell
	Clock     bool    `json:"clock_plausible"`
}

// about answers what the settings amount to. Without a public address the QR code of a ticket has
// the one that its totem uses, which may be another than the administrator's.
func (s *Server) about(c echo.Context) error {
	answer := about{TicketURL: s.base(c) + "/t/", Clock: s.opt.Engine.Clock() == nil}
	if s.opt.PublicURL != "" {
		answer.PublicURL = &s.opt.PublicURL
	}
	return c.JSON(http.StatusOK, answer)
}

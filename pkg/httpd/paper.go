package httpd

import (
	"bytes"
	"fmt"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/words"
	"github.com/eliminacode/eliminacode/totem/pdf"
	"github.com/eliminacode/eliminacode/totem/qr"
)

// ticketPDF is the ticket on paper, or to keep on a phone.
func (s *Server) ticketPDF(c echo.Context) error {
	t, err := s.find(c)
	if err != nil {
		return err
	}
	var p pdf.Ticket
	err = s.read(c, func(st *queue.State, _ time.Time) {
		p = pdf.Ticket{
			Number: t.Number, Class: string(t.Class), Ahead: t.Ahead, URL: t.URL,
			Office:  pdf.Label{It: st.Config.Name["it"], En: st.Config.Name["en"]},
			Issued:  t.IssuedAt.In(st.Location()),
			Privacy: pdf.Label{It: "Nessun dato personale è registrato.", En: "No personal data is recorded."},
		}
		if t.Slot != nil {
			p.Slot = t.Slot.In(st.Location())
		}
		if w := t.Wait; w != nil {
			p.Wait = pdf.Label{It: words.Wait("it", w.Low, w.High), En: words.Wait("en", w.Low, w.High)}
		}
		if ch := st.Config.Channel(t.Channel); ch != nil {
			p.Channel = pdf.Label{It: ch.Label()["it"], En: ch.Label()["en"]}
		}
	})
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := pdf.Render(&b, p); err != nil {
		return fmt.Errorf("ticket as pdf: %w", err)
	}
	h := c.Response().Header()
	h.Set("Content-Disposition", fmt.Sprintf(`inline; filename="biglietto-%s.pdf"`, t.Number))
	return c.Blob(http.StatusOK, "application/pdf", b.Bytes())
}

// ticketQR is the QR code of the ticket's page.
func (s *Server) ticketQR(c echo.Context) error {
	t, err := s.find(c)
	if err != nil {
		return err
	}
	code, err := qr.Encode(t.URL)
	if err != nil {
		return err
	}
	return c.Blob(http.StatusOK, "image/svg+xml", code.SVG())
}

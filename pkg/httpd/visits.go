package httpd

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/visits"
)

// visits gives a log of the visits of a period that have ended, as [visits.Read] reads it. From and
// to are days, both included, today by default.
func (s *Server) visits(c echo.Context) error {
	var now time.Time
	if err := s.read(c, func(st *queue.State, at time.Time) { now = at.In(st.Location()) }); err != nil {
		return err
	}
	from, to, err := period(c, calendar.DateOf(now))
	if err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set(echo.HeaderContentType, "text/csv; charset=utf-8")
	h.Set(echo.HeaderContentDisposition, `attachment; filename="eliminacode-`+string(from)+`-`+string(to)+`.csv"`)
	w := visits.NewWriter(c.Response())
	for v, err := range s.opt.Journal.Visits(c.Request().Context(), s.office(c), from, to, now.Location()) {
		if err != nil && c.Response().Committed {
			panic(http.ErrAbortHandler) // what is there mustn't be taken for the whole
		}
		if err != nil {
			h.Del(echo.HeaderContentType)
			h.Del(echo.HeaderContentDisposition)
			return err
		}
		if err := w.Write(v); err != nil {
			return err
		}
	}
	return w.Flush()
}

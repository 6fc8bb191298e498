package httpd

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/eliminacode/eliminacode/pkg/queue"
)

// journalMax is how many events one request reads at most.
const journalMax = 1000

func (s *Server) journal(c echo.Context) error {
	after, limit := int64(0), journalMax
	if v := c.QueryParam("after"); v != "" {
		n, err := strconv.ParseInt(v, 10, 64)
		if err != nil || n < 0 {
			return invalid("after", reasonAfter)
		}
		after = n
	}
	if v := c.QueryParam("limit"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 || n > journalMax {
			return invalid("limit", queue.ReasonNotInRange, "min", 1, "max", journalMax)
		}
		limit = n
	}
	var operators queue.OperatorFigures
	if err := s.read(c, func(st *queue.State, _ time.Time) { operators = st.Config.OperatorFigures }); err != nil {
		return err
	}
	events, err := s.opt.Journal.Events(c.Request().Context(), s.office(c), after, limit)
	if err != nil {
		return err
	}
	if events == nil {
		events = []queue.Event{}
	}
	for i := range events {
		if e := &events[i]; !operators.Enabled || e.At.Before(operators.Since) {
			unnamed(e)
		}
	}
	return c.JSON(http.StatusOK, events)
}

// unnamed leaves out which of the staff it was: figures by operator could be made
// of it. Who changes the configuration answers for it by name.
func unnamed(e *queue.Event) {
	if e.Kind == queue.ConfigChanged {
		return
	}
	if strings.HasPrefix(e.By, "user/") {
		e.By = "user"
	}
	e.Operator = ""
}

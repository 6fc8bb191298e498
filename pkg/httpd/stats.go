package httpd

import (
	"encoding/csv"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/journal/figures"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// statsDaysMax is the longest time that one report covers.
const statsDaysMax = 3660

// stats counts visits: from and to are days, both included, today by default.
func (s *Server) stats(c echo.Context) error {
	var today calendar.Date
	var operators queue.OperatorFigures
	err := s.read(c, func(st *queue.State, now time.Time) {
		today, operators = calendar.DateOf(now.In(st.Location())), st.Config.OperatorFigures
	})
	if err != nil {
		return err
	}
	asCSV, err := wantsCSV(c)
	if err != nil {
		return err
	}
	from, to, err := period(c, today)
	if err != nil {
		return err
	}
	by, rows := figures.ByDay, []figures.Row(nil)
	switch v := c.QueryParam("by"); {
	case v == string(figures.ByOperator) && !operators.Enabled:
		return refuse(queue.Forbidden, reasonFiguresOff)
	case v == string(figures.ByOperator):
		by = figures.ByOperator
		rows, err = s.opt.Journal.Operators(c.Request().Context(), s.office(c), from, to, operators.Since)
	default:
		if v != "" {
			if by, err = figures.ParseBy(v); err != nil {
				return invalid("by", reasonBy)
			}
		}
		rows, err = s.opt.Journal.Stats(c.Request().Context(), s.office(c), from, to, by)
	}
	if err != nil {
		return err
	}
	c.Response().Header().Set("Vary", "Accept")
	if asCSV {
		return statsCSV(c, by, rows)
	}
	if rows == nil {
		rows = []figures.Row{}
	}
	return c.JSON(http.StatusOK, rows)
}

// period is what a report is about: the days from..to, both included, each of them today if it
// isn't said.
func period(c echo.Context, today calendar.Date) (from, to calendar.Date, err error) {
	if from, err = dayParam(c, "from", today); err != nil {
		return "", "", err
	}
	if to, err = dayParam(c, "to", today); err != nil {
		return "", "", err
	}
	if days := to.In(time.UTC, 0).Sub(from.In(time.UTC, 0)).Hours() / 24; days < 0 || days > statsDaysMax {
		return "", "", invalid("to", reasonPeriod)
	}
	return from, to, nil
}

func dayParam(c echo.Context, name string, missing calendar.Date) (calendar.Date, error) {
	v := c.QueryParam(name)
	if v == "" {
		return missing, nil
	}
	if _, err := time.Parse(time.DateOnly, v); err != nil {
		return "", invalid(name, reasonNotADay, "name", name)
	}
	return calendar.Date(v), nil
}

// wantsCSV reports whether the report is to be CSV, by the parameter format or else by Accept.
func wantsCSV(c echo.Context) (bool, error) {
	switch c.QueryParam("format") {
	case "":
	case "csv":
		return true, nil
	case "json":
		return false, nil
	default:
		return false, invalid("format", reasonFormat)
	}
	for v := range strings.SplitSeq(c.Request().Header.Get("Accept"), ",") {
		if kind, _, err := mime.ParseMediaType(v); err == nil && kind == "text/csv" {
			return true, nil
		}
	}
	return false, nil
}

// statsCSV writes the report as the guidelines for open data want it: one header
// row, lower-case names, ISO dates, a dot before decimals, no totals.
func statsCSV(c echo.Context, by figures.By, rows []figures.Row) error {
	c.Response().Header().Set(echo.HeaderContentType, "text/csv; charset=utf-8")
	c.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="eliminacode-`+string(by)+`.csv"`)
	c.Response().WriteHeader(http.StatusOK)
	w := csv.NewWriter(c.Response())
	secs := func(v queue.Seconds) string { return strconv.FormatFloat(float64(v), 'f', 1, 64) }
	_ = w.Write([]string{
		string(by), "issued", "served", "absent", "cancelled", "left", "inexact", "quantity",
		"wait_mean_s", "wait_p50_s", "wait_p90_s", "service_mean_s", "service_p50_s", "service_p90_s", "late_share",
	})
	for _, r := range rows {
		_ = w.Write([]string{
			r.Key, strconv.Itoa(r.Issued), strconv.Itoa(r.Served), strconv.Itoa(r.Absent), strconv.Itoa(r.Cancelled), strconv.Itoa(r.Left), strconv.Itoa(r.Inexact), strconv.Itoa(r.Quantity),
			secs(r.Wait.Mean), secs(r.Wait.P50), secs(r.Wait.P90), secs(r.Service.Mean), secs(r.Service.P50), secs(r.Service.P90),
			strconv.FormatFloat(r.Late, 'f', 4, 64),
		})
	}
	w.Flush() // keeps the first error
	return w.Error()
}

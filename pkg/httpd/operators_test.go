package httpd_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/eliminacode/eliminacode/pkg/auth"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// operatorRow is a row of the figures by operator, as far as these tests look.
type operatorRow struct {
	Key     string `json:"key"`
	Issued  int    `json:"issued"`
	Served  int    `json:"served"`
	Absent  int    `json:"absent"`
	Service struct {
		Count int     `json:"count"`
		Mean  float64 `json:"mean_s"`
		P90   float64 `json:"p90_s"`
	} `json:"service"`
}

// visit has a clerk call and serve somebody at counter 2, for some minutes.
func (c client) visit(minutes time.Duration) {
	c.Helper()
	c.issue("anagrafe")
	c.at("2", "open", `{"take_over":true}`).want(http.StatusOK)
	c.at("2", "next", "").want(http.StatusOK)
	c.at("2", "start", "").want(http.StatusOK)
	c.clock.pass(minutes * time.Minute)
	c.at("2", "done", "").want(http.StatusOK)
}

func TestFiguresByOperator(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	maria, gino := s.user("maria", auth.Operator), s.user("gino", auth.Operator)
	head := s.user("capo", auth.Supervisor)
	ada := s.user("ada", auth.Admin)
	const path = "/api/v1/stats?by=operator"

	// Off: it is said why, and who may switch them on.
	maria.visit(3)
	for lang, words := range map[string]string{"it": "accordo", "en": "agreement"} {
		r := head.with("Accept-Language", lang).get(path).refused(http.StatusForbidden, "forbidden", "")
		for _, w := range []string{words, "art. 4", "operator_figures"} {
			if !strings.Contains(r.Message, w) {
				t.Errorf("%s: no %q in %q", lang, w, r.Message)
			}
		}
	}
	head.with("Accept", "text/csv").get(path).refused(http.StatusForbidden, "forbidden", "")
	maria.get(path).refused(http.StatusForbidden, "forbidden", "")

	// No version is valid that switches them on without a basis, and that warns.
	var cfg queue.Config
	got := ada.get("/api/v1/config").want(http.StatusOK)
	got.read(&cfg)
	put := func(c client, body string) *answer {
		t.Helper()
		whole := strings.TrimSuffix(strings.TrimSpace(string(got.body)), "}") + `,"operator_figures":` + body + `}`
		return c.with("If-Match", got.Header.Get("ETag")).do(http.MethodPut, "/api/v1/config", whole)
	}
	for _, body := range []string{`{"enabled":true}`, `{"enabled":true,"basis":" "}`} {
		faults := put(ada, body).refused(http.StatusUnprocessableEntity, "invalid", "").Faults
		if len(faults) != 1 || faults[0].Path != "operator_figures.basis" || !strings.Contains(faults[0].Message, "500.000") {
			t.Errorf("%s: %+v", body, faults)
		}
	}
	const on = `{"enabled":true,"basis":"accordo sindacale del 12/01/2026","since":"2020-01-01T00:00:00Z"}`
	put(head, on).refused(http.StatusForbidden, "forbidden", "")
	s.clock.pass(time.Minute)
	switched := s.clock.now()
	put(ada, on).want(http.StatusOK).read(&cfg)
	if !cfg.OperatorFigures.Since.Equal(switched) {
		t.Errorf("since %v, want %v whatever was sent", cfg.OperatorFigures.Since, switched)
	}

	// On: from now on, and not for the time before.
	var rows []operatorRow
	head.get(path).want(http.StatusOK).headers("Cache-Control", "no-store").read(&rows)
	if rows == nil || len(rows) != 0 {
		t.Errorf("before anybody was called: %+v", rows)
	}
	s.clock.pass(time.Minute)
	maria.visit(5)
	gino.visit(10)
	gino.visit(20)
	s.dev().visit(1)
	head.get(path).want(http.StatusOK).read(&rows)
	row := func(name string, n int, mean, p90 float64) operatorRow {
		r := operatorRow{Key: name, Issued: n, Served: n}
		r.Service.Count, r.Service.Mean, r.Service.P90 = n, mean, p90
		return r
	}
	if diff := cmp.Diff([]operatorRow{row("dev", 1, 60, 60), row("gino", 2, 900, 1200), row("maria", 1, 300, 300)}, rows); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	csv := head.with("Accept", "text/csv").get(path).want(http.StatusOK).headers("Content-Disposition", `attachment; filename="eliminacode-operator.csv"`)
	csv.contains("operator,issued,served,", "gino,2,2,0,")
	maria.get(path).refused(http.StatusForbidden, "forbidden", "")
	head.get(path+"&from=2026-03-02&to=2026-03-01").refused(http.StatusBadRequest, "invalid", "to")

	// Off again: at once.
	s.configure(func(c *queue.Config) { c.OperatorFigures = queue.OperatorFigures{} })
	head.get(path).refused(http.StatusForbidden, "forbidden", "")
}

// TestNobodyIsNamed has a day with the figures off: no call that looks back says who served.
func TestNobodyIsNamed(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	maria, ada := s.user("maria", auth.Operator), s.user("ada", auth.Admin)
	maria.visit(3)
	s.clock.pass(time.Minute)
	s.configure(func(c *queue.Config) { c.Name["it"] = "Sede" })
	maria.at("2", "close", "").want(http.StatusOK)
	looks := []string{"/api/v1/journal", "/api/v1/config", "/api/v1/config/versions", "/metrics", "/api/v1/state", "/api/v1/counters"}
	for _, by := range []string{"hour", "day", "weekday", "channel", "counter", "service"} {
		looks = append(looks, "/api/v1/stats?by="+by)
	}
	for _, path := range looks {
		for _, accept := range []string{"", "text/csv"} {
			a := ada.with("Accept", accept).get(path).want(http.StatusOK)
			if strings.Contains(string(a.body), "maria") {
				t.Errorf("%s %s names the clerk: %.2000s", path, accept, a.body)
			}
		}
	}
	type event struct{ Kind, By, Operator string }
	journal := func() (list []event) {
		t.Helper()
		ada.get("/api/v1/journal").want(http.StatusOK).read(&list)
		return list
	}
	list := journal()
	for _, want := range []event{{"ticket_called", "user", ""}, {"counter_opened", "user", ""}, {"config_changed", "dev", ""}, {"config_changed", "system", ""}} {
		if !slices.Contains(list, want) {
			t.Errorf("no %+v in %+v", want, list)
		}
	}

	// Switched on, the journal names them from then on.
	before := len(list)
	s.clock.pass(time.Minute)
	s.configure(func(c *queue.Config) { c.OperatorFigures = queue.OperatorFigures{Enabled: true, Basis: "accordo"} })
	maria.visit(3)
	list = journal()
	if slices.ContainsFunc(list[:before], func(e event) bool { return e.By == "user/maria" || e.Operator != "" }) {
		t.Errorf("the time before is named: %+v", list[:before])
	}
	for _, want := range []event{{"ticket_called", "user/maria", ""}, {"counter_opened", "user/maria", "maria"}} {
		if !slices.Contains(list[before:], want) {
			t.Errorf("no %+v in %+v", want, list[before:])
		}
	}
}

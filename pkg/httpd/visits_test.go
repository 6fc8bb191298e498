package httpd_test

import (
	"bytes"
	"fmt"
	"net/http"
	"regexp"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/eliminacode/eliminacode/pkg/auth"
	"github.com/eliminacode/eliminacode/pkg/visits"
)

// TestVisits writes a morning, and reads it as the command line does.
func TestVisits(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.dev().at("2", "open", "").want(http.StatusOK)
	var ids []string
	for range 3 {
		ids = append(ids, s.dev().issue("anagrafe").ID)
	}
	s.clock.pass(10 * time.Minute)
	s.dev().at("2", "next", "").want(http.StatusOK)
	s.clock.pass(5 * time.Minute)
	s.dev().at("2", "done", "").want(http.StatusOK)
	s.dev().delete("/api/v1/tickets/" + ids[1]).want(http.StatusOK)

	c := s.user("capo", auth.Supervisor)
	a := c.get("/api/v1/visits").want(http.StatusOK).headers(
		"Content-Type", "text/csv; charset=utf-8", "Cache-Control", "no-store",
		"Content-Disposition", `attachment; filename="eliminacode-2026-03-02-2026-03-02.csv"`,
	)
	later := func(minutes int) time.Time { return start.Add(time.Duration(minutes) * time.Minute) }
	want := []visits.Visit{
		{Arrived: start, Called: later(10), Ended: later(15), Channel: "anagrafe", Counter: "2", Outcome: visits.Served},
		{Arrived: start, Ended: later(15), Channel: "anagrafe", Outcome: visits.Left},
	}
	got, err := visits.Read(bytes.NewReader(a.body))
	if got[0].Outcome == visits.Left { // of those who came together, any may be the first
		got[0], got[1] = got[1], got[0]
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	for _, id := range append(ids, "A00") {
		if bytes.Contains(a.body, []byte(id)) {
			t.Errorf("%s is told", id)
		}
	}
	if !regexp.MustCompile(`(?m)^2026-03-02T09:00:00\+01:00,`).Match(a.body) {
		t.Errorf("times aren't the office's: %s", a.body)
	}
	for query, rows := range map[string]int{"from=2026-03-01&to=2026-03-02": 2, "from=2026-03-01&to=2026-03-01": 0, "from=2016-03-02": 2} {
		a := c.get("/api/v1/visits?" + query).want(http.StatusOK)
		if got, err := visits.Read(bytes.NewReader(a.body)); err != nil || len(got) != rows {
			t.Errorf("%s: %d rows, %v; want %d", query, len(got), err, rows)
		}
	}
	for query, field := range map[string]string{"from=ieri": "from", "to=2026-02-30": "to", "to=2026-03-01": "to", "from=1900-01-01": "to"} {
		if a := c.get("/api/v1/visits?" + query); a.Header.Get("Content-Disposition") != "" {
			t.Errorf("%s: the refusal is to be saved as a file", query)
		} else {
			a.refused(http.StatusBadRequest, "invalid", field)
		}
	}
}

// TestVisitsAreWhole cuts an answer off whose rest can't be read: it isn't to be taken for all.
func TestVisitsAreWhole(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	c := s.user("capo", auth.Supervisor)
	const insert = `
INSERT INTO tickets (office, day, id, hour, number, channel, class, state, counter, issued, entered,
    waited_s, way_s, service_s, held_s, absent_s, calls, transferred, inexact, touched)
VALUES ('urp', $1, $2, 9, 'A001', 'anagrafe', 'standard', 'cancelled', '', $3, $4, 60, 0, 0, 0, 0, 0, 0, FALSE, 1)`
	begun := start.AddDate(0, -3, 0)
	for i := range 200 {
		if _, err := s.journal.DB().ExecContext(t.Context(), insert, begun.Format(time.DateOnly), fmt.Sprint(i), begun.UnixMicro(), begun.UnixMicro()); err != nil {
			t.Fatal(err)
		}
	}
	c.get("/api/v1/visits?from=2025-12-02&to=2026-03-02").want(http.StatusOK)
	if _, err := s.journal.DB().ExecContext(t.Context(), insert, "2026-02-02", "broken", "yesterday", 0); err != nil {
		t.Fatal(err)
	}
	c.get("/api/v1/visits?from=2026-02-02&to=2026-03-02").refused(http.StatusInternalServerError, "internal", "")
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.web.URL+"/api/v1/visits?from=2025-12-02&to=2026-03-02", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header = c.header.Clone()
	resp, err := s.web.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var body bytes.Buffer
	if _, err := body.ReadFrom(resp.Body); err == nil {
		t.Errorf("%d bytes are told as if they were all", body.Len())
	}
}

package httpd_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/eliminacode/eliminacode/pkg/auth"
	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/httpd"
	"github.com/eliminacode/eliminacode/pkg/journal"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/simulate"
	"github.com/eliminacode/eliminacode/pkg/visits"
)

// crowded gives the office a past: visits every three minutes at two counters, each of seven, on
// days before now.
func (s *server) crowded(days ...calendar.Date) {
	s.Helper()
	const insert = `
INSERT INTO tickets (office, day, id, hour, number, channel, class, state, counter, issued, entered,
    waited_s, way_s, service_s, held_s, absent_s, calls, transferred, inexact, touched)
VALUES ('urp', $1, $2, 9, 'A001', 'anagrafe', 'standard', 'served', $3, $4, $4, $5, 0, 420, 0, 0, 1, 0, FALSE, 1)`
	for _, day := range days {
		for i := range 40 {
			came, called := 3*i, max(3*i, 7*(i/2)) // minutes after nine
			issued := day.In(start.Location(), calendar.Clock(9*60+came))
			if _, err := s.journal.DB().ExecContext(s.Context(), insert, day, fmt.Sprint(day, i), fmt.Sprint(i%2+1), issued.UnixMicro(), 60*(called-came)); err != nil {
				s.Fatal(err)
			}
		}
	}
}

const yesterdays = `{"from":"2026-02-26","to":"2026-02-27","more":1,"target_s":600,"share":0.9}`

// simulationLine is written down from the contract.
type simulationLine struct {
	Progress *struct{ Done, Of int } `json:"progress"`
	Answer   *simulate.Answer        `json:"answer"`
}

// simulated reads the lines of an answer.
func (a *answer) simulated() (lines []simulationLine) {
	a.Helper()
	a.want(http.StatusOK).headers("Content-Type", "application/x-ndjson", "Cache-Control", "no-store")
	for line := range strings.Lines(string(a.body)) {
		var l simulationLine
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			a.Fatalf("%v in %s", err, line)
		}
		lines = append(lines, l)
	}
	return lines
}

// TestSimulation asks what the command line asks, of the visits that the command line reads.
func TestSimulation(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.crowded("2026-02-26", "2026-02-27")
	c := s.user("capo", auth.Supervisor)
	lines := c.post("/api/v1/simulation", yesterdays).simulated()
	last := len(lines) - 1
	if last < 1 || lines[last].Answer == nil {
		t.Fatalf("%+v", lines)
	}
	for _, l := range lines[:last] {
		if l.Progress == nil || l.Progress.Of != 2 || l.Progress.Done > 1 || l.Answer != nil {
			t.Errorf("%+v", l)
		}
	}

	log, err := visits.Read(bytes.NewReader(c.get("/api/v1/visits?from=2026-02-01&to=2026-03-02").body))
	if err != nil {
		t.Fatal(err)
	}
	var cfg queue.Config
	s.dev().get("/api/v1/config").read(&cfg)
	want, err := simulate.Ask(t.Context(), simulate.History{Log: log}, &cfg, simulate.Question{
		From: "2026-02-26", To: "2026-02-27", More: 1, Target: 10 * time.Minute, Share: 0.9, Seed: 1,
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, lines[last].Answer); diff != "" {
		t.Errorf("(-command +route):\n%s", diff)
	}
	if a := lines[last].Answer; a.Real.Visits != 80 || a.WhatIf.Mean >= a.Model.Mean || a.Assumed == "" || a.ByChannel[0].Names["it"] != "Servizi anagrafici" {
		t.Errorf("%+v, with one more %+v", a.Real, a.WhatIf)
	}
	if named := c.post("/api/v1/offices/urp/simulation", yesterdays).simulated(); cmp.Diff(lines[last], named[len(named)-1]) != "" {
		t.Error("the named office has another answer")
	}
	ahead := c.post("/api/v1/simulation", `{"from":"2026-03-05","to":"2026-03-06"}`).simulated()
	if a := ahead[len(ahead)-1].Answer; a.Drawn != 2 || a.Real != nil || len(a.Demand.Days) != 2 {
		t.Errorf("days to come: %+v", a)
	}
}

// TestSimulationLearns has how many are expected learned from the sums of days of which no visit is
// kept, as the command line has it.
func TestSimulationLearns(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.crowded("2026-02-26", "2026-02-27")
	const insert = `
INSERT INTO aggregates (office, day, hour, channel, counter, service, issued, served, absent, cancelled, quantity, late, waits, wait_s, services, service_s)
VALUES ('urp', $1, 9, 'anagrafe', $2, $3, $4, $4, 0, 0, 0, 0, '', 0, '', 0)`
	var counts []visits.Count
	for d := calendar.Date("2025-03-03"); d <= "2026-02-25"; d = d.Next() {
		if d.Weekday() == time.Saturday || d.Weekday() == time.Sunday {
			continue
		}
		counts = append(counts, visits.Count{Day: d, Hour: 9, Visits: 40})
		for _, of := range [][2]string{{"1", ""}, {"2", ""}, {"2", "certificato"}} { // the last is of visits that are there already
			if _, err := s.journal.DB().ExecContext(t.Context(), insert, d, of[0], of[1], 20); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, d := range []calendar.Date{"2026-02-26", "2026-02-27"} {
		counts = append(counts, visits.Count{Day: d, Hour: 9, Visits: 40})
	}
	c := s.user("capo", auth.Supervisor)
	const ahead = `{"from":"2026-03-05","to":"2026-03-06"}`
	lines := c.post("/api/v1/simulation", ahead).simulated()
	a := lines[len(lines)-1].Answer
	want := simulate.Expect(counts, []calendar.Date{"2026-03-05", "2026-03-06"}, func(calendar.Date) bool { return true })
	if diff := cmp.Diff(want, a.Demand); diff != "" || a.Demand.Learned != len(counts) {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if want := fmt.Sprintf("secondo %d giorni di storico", len(counts)); !strings.Contains(a.Assumed, want) {
		t.Errorf("%q isn't in %q", want, a.Assumed)
	}
	s.dev().issue("anagrafe") // on the day that goes on, which doesn't count yet
	lines = c.post("/api/v1/simulation", ahead).simulated()
	if diff := cmp.Diff(want, lines[len(lines)-1].Answer.Demand); diff != "" {
		t.Errorf("on a day that goes on (-want +got):\n%s", diff)
	}
}

func TestSimulationFaults(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	c := s.user("capo", auth.Supervisor)
	for body, field := range map[string]string{
		`{"from":"ieri"}`:                         "from",
		`{"to":"2026-02-30"}`:                     "to",
		`{"from":"2026-02-27","to":"2026-02-26"}`: "to",
		`{"counters":0}`:                          "counters",
		`{"counters":201}`:                        "counters",
		`{"counters":1.5}`:                        "counters",
		`{"more":-201}`:                           "more",
		`{"counters":2,"more":1}`:                 "more",
		`{"target_s":900}`:                        "share",
		`{"share":0.9}`:                           "share",
		`{"target_s":0,"share":0.9}`:              "target_s",
		`{"target_s":86401,"share":0.9}`:          "target_s",
		`{"target_s":900,"share":90}`:             "share",
		`{"seed":-1}`:                             "seed",
		`{"office":"urp"}`:                        "office",
	} {
		c.post("/api/v1/simulation", body).refused(http.StatusBadRequest, "invalid", field)
	}
	if r := c.post("/api/v1/simulation", `{}`).refused(http.StatusConflict, "conflict", ""); !strings.Contains(r.Message, "nessun giorno") {
		t.Errorf("%q", r.Message)
	}
	s.crowded("2026-02-26")
	c.post("/api/v1/simulation", `{"from":"2026-03-01","to":"2026-03-01"}`).refused(http.StatusBadRequest, "invalid", "from") // a Sunday
	c.post("/api/v1/simulation", `{"from":"2026-03-03","to":"2036-03-02"}`).refused(http.StatusBadRequest, "invalid", "to")
	c.post("/api/v1/offices/luna/simulation", `{}`).refused(http.StatusNotFound, "unknown_office", "")
}

// heldStore gives no visits until it is let go.
type heldStore struct {
	journal.Store
	asked chan struct{}
	let   chan struct{}
}

func held(into **heldStore) option {
	return func(o *httpd.Options) {
		*into = &heldStore{o.Journal, make(chan struct{}), make(chan struct{})}
		o.Journal = *into
	}
}

func (h *heldStore) Visits(ctx context.Context, office string, from, to calendar.Date, loc *time.Location) iter.Seq2[visits.Visit, error] {
	return func(yield func(visits.Visit, error) bool) {
		select {
		case h.asked <- struct{}{}:
		case <-h.let:
		}
		select {
		case <-h.let:
			h.Store.Visits(ctx, office, from, to, loc)(yield)
		case <-ctx.Done():
			yield(visits.Visit{}, ctx.Err())
		}
	}
}

// TestSimulationsOneByOne makes one simulation at a time, which keeps nobody else waiting, and
// gives up one whose sender has left.
func TestSimulationsOneByOne(t *testing.T) {
	t.Parallel()
	var store *heldStore
	s := newServer(t, held(&store))
	s.crowded("2026-02-26", "2026-02-27")
	c := s.user("capo", auth.Supervisor)
	ctx, leave := context.WithCancel(t.Context())
	left := make(chan error)
	go func() {
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.web.URL+"/api/v1/simulation", strings.NewReader(yesterdays))
		if err == nil {
			req.Header = c.with("Content-Type", "application/json").header
			_, err = s.web.Client().Do(req)
		}
		left <- err
	}()
	<-store.asked
	if r := c.post("/api/v1/simulation", yesterdays).refused(http.StatusConflict, "busy", ""); !strings.Contains(r.Message, "uno alla volta") {
		t.Errorf("%q", r.Message)
	}
	s.dev().issue("anagrafe")
	s.dev().at("2", "open", "").want(http.StatusOK)
	s.dev().at("2", "next", "").want(http.StatusOK)
	leave()
	if err := <-left; err == nil {
		t.Error("who left was answered")
	}
	close(store.let)
	a := c.post("/api/v1/simulation", yesterdays)
	for a.StatusCode == http.StatusConflict { // until the server knows
		a = c.post("/api/v1/simulation", yesterdays)
	}
	a.simulated()
}

// TestSimulationEndsWithTheServer has a server stop that is making a simulation.
func TestSimulationEndsWithTheServer(t *testing.T) {
	t.Parallel()
	var store *heldStore
	s := newServer(t, held(&store))
	c := s.user("capo", auth.Supervisor)
	done := make(chan *answer)
	go func() { done <- c.post("/api/v1/simulation", `{}`) }()
	<-store.asked
	go func() { _ = s.web.Config.Shutdown(t.Context()) }() // as cmd does first of all
	(<-done).refused(http.StatusServiceUnavailable, "unavailable", "")
}

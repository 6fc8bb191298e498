package httpd_test

import (
	"bytes"
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/eliminacode/eliminacode/pkg/estimate"
	"github.com/eliminacode/eliminacode/pkg/httpd"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// crowding is what the API tells of an office, written down from the contract.
type crowding struct {
	Level *string `json:"level"`
	Today []struct {
		At      time.Time      `json:"at"`
		Waiting map[string]int `json:"waiting"`
		Called  int            `json:"called"`
		Wait    *int           `json:"wait_s"`
	} `json:"today"`
	Typical []struct {
		Weekday int     `json:"weekday"`
		Hour    int     `json:"hour"`
		Days    int     `json:"days"`
		Count   int     `json:"count"`
		Visits  float64 `json:"visits"`
		Waiting float64 `json:"waiting"`
		P50     *int    `json:"wait_p50_s"`
		P90     *int    `json:"wait_p90_s"`
	} `json:"typical"`
	Best []struct {
		Date string `json:"date"`
		Hour int    `json:"hour"`
	} `json:"best"`
}

// mondays begins a server at a Monday at nine that has had four of them, at which three people came
// at nine and waited a quarter of an hour each, and one at ten who didn't wait long.
func mondays(t *testing.T) *server {
	t.Helper()
	s := startServer(t, t.TempDir(), &clock{t: start.AddDate(0, 0, -28)})
	for range 4 {
		s.dev().at("2", "open", "").want(http.StatusOK)
		for range 3 {
			s.dev().issue("anagrafe")
		}
		s.clock.pass(15 * time.Minute)
		for range 3 {
			s.dev().at("2", "next", "").want(http.StatusOK)
		}
		s.dev().at("2", "done", "").want(http.StatusOK)
		s.clock.pass(45 * time.Minute)
		s.dev().issue("protocollo")
		s.dev().at("2", "next", "").want(http.StatusOK)
		s.dev().at("2", "done", "").want(http.StatusOK)
		s.clock.pass(7*24*time.Hour - time.Hour)
	}
	return s
}

func (s *server) crowding() (c crowding) {
	s.Helper()
	s.public().get("/api/v1/crowding").want(http.StatusOK).read(&c)
	return c
}

func levelOf(level *string) string {
	if level == nil {
		return "null"
	}
	return *level
}

func TestCrowding(t *testing.T) {
	t.Parallel()
	s := mondays(t)
	c := s.crowding()
	if level := levelOf(c.Level); level != "calm" || len(c.Today) != 12 || !c.Today[0].At.Equal(start.Add(-time.Hour)) {
		t.Errorf("before anybody came: %s, %+v", level, c.Today)
	}
	if len(c.Typical) != 2 || len(c.Best) != 1 || c.Best[0].Date != "2026-03-02" || c.Best[0].Hour != 10 {
		t.Fatalf("usually: %+v, best %+v", c.Typical, c.Best)
	}
	if h := c.Typical[0]; h.Weekday != 1 || h.Hour != 9 || h.Days != 4 || h.Count != 12 || h.Visits != 3 || h.Waiting != 0.8 || h.P50 == nil || *h.P50 != 900 || *h.P90 != 900 {
		t.Errorf("at nine: %+v", h)
	}
	if h := c.Typical[1]; h.Hour != 10 || h.Count != 4 || h.P50 != nil || h.P90 != nil {
		t.Errorf("at ten, when too few came to tell of their waits: %+v", h)
	}
	for range 8 {
		s.dev().issue("anagrafe")
	}
	s.clock.pass(6 * time.Minute)
	s.dev().at("2", "open", "").want(http.StatusOK)
	s.dev().at("2", "next", "").want(http.StatusOK)
	c = s.crowding()
	if level := levelOf(c.Level); level != "very_busy" {
		t.Errorf("with seven people: %s", level)
	}
	last := c.Today[len(c.Today)-1]
	want := map[string]int{"protocollo": 0, "anagrafe": 8, "altri-servizi": 0}
	if diff := cmp.Diff(want, last.Waiting); diff != "" || !last.At.Equal(start.Add(5*time.Minute)) || last.Called != 1 || last.Wait == nil || *last.Wait != 360 {
		t.Errorf("%+v (-want +got):\n%s", last, diff)
	}
	var public struct {
		Level *string `json:"level"`
	}
	s.public().get("/api/v1/state").want(http.StatusOK).read(&public)
	if level := levelOf(public.Level); level != "very_busy" {
		t.Errorf("the public view says %s", level)
	}
	again := s.restart()
	if diff := cmp.Diff(c, again.crowding()); diff != "" {
		t.Errorf("after a restart (-before +after):\n%s", diff)
	}
	again.configure(func(cfg *queue.Config) {
		cfg.Exceptions = append(cfg.Exceptions, queue.Exception{From: "2026-03-02", To: "2026-03-03"})
	})
	again.clock.pass(6 * time.Minute)
	if c := again.crowding(); c.Level != nil || len(c.Best) != 0 {
		t.Errorf("closed for two days: %s, best %+v", levelOf(c.Level), c.Best)
	}
}

// TestCrowdingOfAnOffice that is new, of another one, and of one that there isn't.
func TestCrowdingOfAnOffice(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	a := s.public().get("/api/v1/offices/urp/crowding").want(http.StatusOK)
	a.contains(`"level":null`, `"typical":[]`, `"best":[]`)
	s.public().get("/api/v1/offices/luna/crowding").refused(http.StatusNotFound, "unknown_office", "")
	s.clock.pass(6 * 24 * time.Hour) // Sunday
	s.public().get("/api/v1/crowding").want(http.StatusOK).contains(`"today":[]`)
}

func TestCrowdingIsCached(t *testing.T) {
	t.Parallel()
	s := mondays(t)
	get := func(tag string) *answer { return s.public().with("If-None-Match", tag).get("/api/v1/crowding") }
	first := get(`"none"`).want(http.StatusOK).headers("Cache-Control", "public, max-age=60", "Access-Control-Allow-Origin", "*", "Vary", "Accept-Encoding")
	tag := first.Header.Get("ETag")
	get(tag).want(http.StatusNotModified).headers("ETag", tag, "Cache-Control", "public, max-age=60")
	s.public().outside().with("Accept-Encoding", "gzip").get("/api/v1/crowding").want(http.StatusOK).headers("Content-Encoding", "gzip", "ETag", tag)
	s.dev().issue("anagrafe")
	s.clock.pass(5 * time.Second)
	get(tag).want(http.StatusNotModified) // of some seconds ago
	s.clock.pass(5 * time.Second)
	if now := get(tag).want(http.StatusOK); bytes.Equal(now.body, first.body) {
		t.Error("nothing has changed")
	}
}

// TestLearn has a server that was started anew tell who watches its public view how busy it is, as
// soon as it knows, though nothing happens.
func TestLearn(t *testing.T) {
	t.Parallel()
	s := mondays(t).restart()
	viewer := s.public().watch("view=public")
	level := func() string {
		t.Helper()
		var v struct {
			Level *string `json:"level"`
		}
		viewer.next("view", &v)
		return levelOf(v.Level)
	}
	if got := level(); got != "null" {
		t.Errorf("before anything is known: %s", got)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		s.httpd.Learn(ctx)
	}()
	if got := level(); got != "calm" {
		t.Errorf("with nobody there: %s", got)
	}
	cancel()
	<-ended
}

func TestCrowdingInASentence(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.dev().issue("anagrafe")
	for _, path := range []string{"/crowding.txt", "/api/v1/crowding.txt", "/offices/urp/crowding.txt", "/api/v1/offices/urp/crowding.txt"} {
		a := s.public().get(path).want(http.StatusOK).headers(
			"Content-Type", "text/plain; charset=UTF-8", "Content-Language", "it", "Access-Control-Allow-Origin", "*", "Vary", "Accept-Language",
		)
		a.contains("La sede è aperta fino alle 18:30: aspetta 1 persona (Servizi anagrafici 1")
		s.public().with("Accept-Language", "en-GB").get(path).want(http.StatusOK).headers("Content-Language", "en").contains("1 person is waiting (Civil registry 1")
	}
	s.public().get("/api/v1/offices/luna/crowding.txt").refused(http.StatusNotFound, "unknown_office", "")
}

// TestCrowdingByAnotherClock has a server tell of what happened by a clock ahead of its own.
func TestCrowdingByAnotherClock(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.clock.pass(10 * time.Second)
	s.dev().issue("anagrafe")
	s.dev().at("2", "open", "").want(http.StatusOK)
	s.dev().at("2", "next", "").want(http.StatusOK)
	s.clock.pass(-10 * time.Second)
	if c := s.crowding(); len(c.Today) != 13 || c.Today[12].Called != 1 {
		t.Errorf("%+v", c.Today)
	}
}

// TestKeptPromises tells of how many people who were told what wait to expect it was true.
func TestKeptPromises(t *testing.T) {
	t.Parallel()
	s := startServer(t, t.TempDir(), &clock{t: start.AddDate(0, 0, -4)}, func(o *httpd.Options) {
		wait := estimate.Wait{Low: time.Minute, Likely: 3 * time.Minute, High: 10 * time.Minute}
		o.Waits = func(string) estimate.Waits {
			return estimate.Waits{Now: map[queue.ChannelID]map[queue.Class]estimate.Wait{"anagrafe": {queue.Standard: wait}}}
		}
	})
	var kept struct {
		Kept *struct {
			Told   int `json:"told"`
			AsTold int `json:"as_told"`
		} `json:"kept"`
	}
	read := func() {
		t.Helper()
		s.public().get("/api/v1/crowding").want(http.StatusOK).read(&kept)
	}
	if read(); kept.Kept != nil {
		t.Errorf("nobody was told anything, and %+v of them waited so", kept.Kept)
	}
	s.dev().at("2", "open", "").want(http.StatusOK)
	serve := func(n int, after time.Duration) {
		for range n {
			if mine := s.dev().issue("anagrafe"); mine.Wait["high_s"] != 600 {
				t.Fatalf("%+v isn't what was expected", mine.Wait)
			}
			s.clock.pass(after)
			s.dev().at("2", "next", "").want(http.StatusOK)
		}
	}
	serve(45, 5*time.Minute)
	serve(15, 11*time.Minute)
	s.clock.pass(96 * time.Hour)
	if read(); kept.Kept == nil || kept.Kept.Told != 60 || kept.Kept.AsTold != 45 {
		t.Errorf("%+v, want 45 of 60", kept.Kept)
	}
}

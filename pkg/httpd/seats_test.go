package httpd_test

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/auth"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// sits is the counter that the API says somebody is at; empty if none.
func (c client) sits(api string) string {
	c.Helper()
	var me struct{ Counter *string }
	c.get(api + "/me").want(http.StatusOK).read(&me)
	if me.Counter == nil {
		return ""
	}
	return *me.Counter
}

// operators are who is at the counters of the default office, by counter.
func (s *server) operators() map[string]string {
	s.Helper()
	var list []struct{ ID, Operator string }
	s.dev().get("/api/v1/counters").want(http.StatusOK).read(&list)
	open := map[string]string{}
	for _, p := range list {
		if p.Operator != "" {
			open[p.ID] = p.Operator
		}
	}
	return open
}

func TestSigningOutClosesTheCounter(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	if err := s.engine.Create(t.Context(), branch, queue.Default()); err != nil {
		t.Fatal(err)
	}
	anna, bruno := s.user("anna", auth.Operator), s.user("bruno", auth.Operator)
	const there = "/api/v1/offices/" + branch
	if at := anna.sits("/api/v1"); at != "" {
		t.Errorf("at %q before anything", at)
	}
	anna.at("2", "open", "").want(http.StatusOK)
	bruno.at("3", "open", "").want(http.StatusOK)
	if at := anna.sits("/api/v1"); at != "2" {
		t.Errorf("at %q", at)
	}
	if at := anna.sits(there); at != "" {
		t.Errorf("in the other office at %q", at)
	}
	first := s.dev().issue("anagrafe")
	anna.at("2", "next", "").want(http.StatusOK)

	// A citizen is there: nothing is done until it is said that the visit is finished.
	anna.post("/api/v1/logout", "").refused(http.StatusConflict, "conflict", "")
	anna.post("/api/v1/logout", `{"finish":false}`).refused(http.StatusConflict, "conflict", "")
	anna.get("/api/v1/me").want(http.StatusOK)
	if got := s.operators(); got["2"] != "anna" {
		t.Errorf("%v", got)
	}
	anna.post("/api/v1/logout", `{"finish":true}`).want(http.StatusNoContent)
	anna.get("/api/v1/me").want(http.StatusUnauthorized)
	if got := s.operators(); got["2"] != "" || got["3"] != "bruno" {
		t.Errorf("%v", got)
	}
	var served ticket
	s.public().get("/api/v1/tickets/" + first.ID).want(http.StatusOK).read(&served)
	if served.State != "served" {
		t.Errorf("the ticket is %s", served.State)
	}

	// Nobody is there: nothing to ask. Nor for somebody at no counter.
	anna = s.session("anna")
	anna.at("2", "open", "").want(http.StatusOK)
	anna.post("/api/v1/logout", "").want(http.StatusNoContent)
	s.session("anna").post("/api/v1/logout", "").want(http.StatusNoContent)
	if got := s.operators(); len(got) != 1 {
		t.Errorf("%v", got)
	}
}

// TestSigningOutElsewhere has a clerk signed in at two computers: the counter closes with the
// session that they are at it with, or with the last one.
func TestSigningOutElsewhere(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	desk := s.user("anna", auth.Operator)
	desk.at("2", "open", "").want(http.StatusOK)
	s.dev().issue("anagrafe")
	desk.at("2", "next", "").want(http.StatusOK)
	s.session("anna").post("/api/v1/logout", "").want(http.StatusNoContent)
	if got := s.operators(); got["2"] != "anna" {
		t.Errorf("%v after signing out elsewhere", got)
	}
	other := s.session("anna")
	desk.post("/api/v1/logout", "").refused(http.StatusConflict, "conflict", "")
	desk.post("/api/v1/logout", `{"finish":true}`).want(http.StatusNoContent)
	if got := s.operators(); got["2"] != "" {
		t.Errorf("%v after signing out at the desk", got)
	}

	// Who goes on at another computer without opening the counter there is at it there.
	desk = s.session("anna")
	desk.at("2", "open", "").want(http.StatusOK)
	s.dev().issue("anagrafe")
	other.at("2", "next", "").want(http.StatusOK)
	other.at("2", "done", "").want(http.StatusOK)
	desk.post("/api/v1/logout", "").want(http.StatusNoContent)
	if got := s.operators(); got["2"] != "anna" {
		t.Errorf("%v after signing out where the counter was opened", got)
	}
	// So is who signs in again after a browser has failed, whose session goes on.
	again := s.session("anna")
	again.at("2", "pause", "").want(http.StatusOK)
	again.post("/api/v1/logout", "").want(http.StatusNoContent)
	if got := s.operators(); got["2"] != "" {
		t.Errorf("%v after signing out where they went on", got)
	}

	// The session that opened it runs out, and the other one goes on.
	desk = s.session("anna")
	desk.at("3", "open", "").want(http.StatusOK)
	s.clock.pass(3 * time.Hour)
	other.get("/api/v1/me").want(http.StatusOK)
	s.clock.pass(2 * time.Hour)
	desk.get("/api/v1/me").want(http.StatusUnauthorized)
	if got := s.operators(); got["3"] != "anna" {
		t.Errorf("%v after a session ran out", got)
	}
	other.post("/api/v1/logout", "").want(http.StatusNoContent)
	if got := s.operators(); got["3"] != "" {
		t.Errorf("%v after the last session", got)
	}
}

// TestSigningOutLoadsNoOffice has a clerk of all offices, who was at no counter, leave a server
// that has loaded none.
func TestSigningOutLoadsNoOffice(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	if err := s.engine.Create(t.Context(), branch, queue.Default()); err != nil {
		t.Fatal(err)
	}
	s.user("anna", auth.Operator)
	s = s.restart()
	before := s.engine.Loaded()
	s.session("anna").post("/api/v1/logout", "").want(http.StatusNoContent)
	if after := s.engine.Loaded(); after != before {
		t.Errorf("%d offices are loaded, and %d after signing out", before, after)
	}
}

// TestOneCounterInAllOffices has a clerk of two offices open a counter in each.
func TestOneCounterInAllOffices(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	if err := s.engine.Create(t.Context(), branch, queue.Default()); err != nil {
		t.Fatal(err)
	}
	anna := s.user("anna", auth.Operator)
	const there = "/api/v1/offices/" + branch
	anna.at("2", "open", "").want(http.StatusOK)
	first := s.dev().issue("anagrafe")
	anna.at("2", "next", "").want(http.StatusOK)

	r := anna.post(there+"/counters/1/open", "").refused(http.StatusConflict, "conflict", "")
	if !strings.Contains(r.Message, first.Number) {
		t.Errorf("%q doesn't name %s", r.Message, first.Number)
	}
	if here, other := anna.sits("/api/v1"), anna.sits(there); here != "2" || other != "" {
		t.Errorf("at %q and %q", here, other)
	}
	anna.at("2", "done", "").want(http.StatusOK)
	anna.post(there+"/counters/1/open", "").want(http.StatusOK)
	if here, other := anna.sits("/api/v1"), anna.sits(there); here != "" || other != "1" {
		t.Errorf("at %q and %q", here, other)
	}
}

func TestShuttingSomebodyOutFreesTheCounter(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	if err := s.engine.Create(t.Context(), branch, queue.Default()); err != nil {
		t.Fatal(err)
	}
	s.user("ada", auth.Admin)
	s.user("bruno", auth.Operator).at("3", "open", "").want(http.StatusOK)
	for body, frees := range map[string]bool{
		`{"disabled":true}`:                 true,
		`{"password":"una password nuova"}`: true,
		`{"offices":["cascine"]}`:           true,
		`{"offices":["cascine","urp"]}`:     false,
		`{"offices":[]}`:                    false,
		`{"role":"supervisor"}`:             false,
		`{"disabled":false}`:                false,
	} {
		name := "anna" + strconv.Itoa(len(body))
		s.user(name, auth.Operator).at("2", "open", `{}`).want(http.StatusOK)
		s.dev().issue("anagrafe")
		s.session(name).at("2", "next", "").want(http.StatusOK)
		s.dev().do("PUT", "/api/v1/users/"+strings.ToUpper(name), body).want(http.StatusNoContent)
		got := s.operators()
		if (got["2"] == "") != frees || got["3"] != "bruno" {
			t.Errorf("%s: %v", body, got)
		}
		s.dev().at("2", "close", "")
	}
	anna := s.user("anna", auth.Operator)
	anna.at("2", "open", "").want(http.StatusOK)
	anna.post("/api/v1/password", `{"old":"`+password+`","new":"una password nuova"}`).want(http.StatusNoContent)
	if got := s.operators(); !slices.Equal([]string{got["2"], got["3"]}, []string{"", "bruno"}) {
		t.Errorf("%v", got)
	}
}

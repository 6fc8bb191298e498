package httpd_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/eliminacode/eliminacode/pkg/auth"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

type desk struct {
	ID       string `json:"id"`
	Status   string `json:"status"`
	Operator string `json:"operator"`
	Reason   string `json:"reason"`
	Alarm    bool   `json:"alarm"`
	Number   string `json:"number"`
}

// wantTicket reads the ticket of an answer and compares what matters of it.
func wantTicket(t *testing.T, a *answer, number, channel, state string) ticket {
	t.Helper()
	var got ticket
	a.want(http.StatusOK).read(&got)
	if got.Number != number || got.Channel != channel || got.State != state {
		t.Errorf("%s: %s %s %s, want %s %s %s", a.call, got.Number, got.Channel, got.State, number, channel, state)
	}
	return got
}

func wantDesk(t *testing.T, a *answer, want desk) {
	t.Helper()
	var got desk
	a.want(http.StatusOK).read(&got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", a.call, diff)
	}
}

func TestDesk(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	anna, bruno := s.user("anna", auth.Operator), s.user("bruno", auth.Operator)
	wantDesk(t, anna.at("2", "open", ""), desk{ID: "2", Status: "open", Operator: "anna"})
	wantDesk(t, anna.at("2", "open", `{}`), desk{ID: "2", Status: "open", Operator: "anna"})
	bruno.at("2", "open", "").refused(http.StatusConflict, "conflict", "")
	wantDesk(t, bruno.at("2", "open", `{"take_over":true}`), desk{ID: "2", Status: "open", Operator: "bruno"})
	wantDesk(t, bruno.at("2", "pause", `{"reason":"caffè"}`), desk{ID: "2", Status: "paused", Operator: "bruno", Reason: "caffè"})
	bruno.at("2", "next", "").refused(http.StatusConflict, "counter_closed", "")
	wantDesk(t, bruno.at("2", "resume", ""), desk{ID: "2", Status: "open", Operator: "bruno"})
	bruno.at("2", "resume", "").refused(http.StatusConflict, "conflict", "")
	wantDesk(t, bruno.at("2", "alarm", ""), desk{ID: "2", Status: "open", Operator: "bruno", Alarm: true})
	bruno.at("2", "alarm", "").refused(http.StatusConflict, "conflict", "")
	wantDesk(t, bruno.at("2", "calm", ""), desk{ID: "2", Status: "open", Operator: "bruno"})
	bruno.issue("anagrafe")
	bruno.at("2", "next", "").want(http.StatusOK)
	bruno.at("2", "pause", "").refused(http.StatusConflict, "conflict", "")
	var all []desk
	bruno.get("/api/v1/counters").want(http.StatusOK).read(&all)
	want := []desk{
		{ID: "1", Status: "closed"},
		{ID: "2", Status: "open", Operator: "bruno", Number: "A001"},
		{ID: "3", Status: "closed"},
		{ID: "4", Status: "closed"},
	}
	if diff := cmp.Diff(want, all); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	wantDesk(t, bruno.at("2", "close", ""), desk{ID: "2", Status: "closed"})
	bruno.at("2", "next", "").refused(http.StatusConflict, "counter_closed", "")
}

func TestNext(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	c := s.dev()
	c.at("2", "open", "").want(http.StatusOK)
	if a := c.at("2", "next", "").want(http.StatusNoContent); len(a.body) > 0 {
		t.Errorf("204 with a body: %q", a.body)
	}
	first := c.issue("anagrafe")
	s.clock.pass(time.Minute)
	c.issue("anagrafe")
	var got called
	c.at("2", "next", "").want(http.StatusOK).read(&got)
	if got.Ticket.ID != first.ID || got.Ticket.State != "called" || got.Ticket.Counter == nil || *got.Ticket.Counter != "2" {
		t.Errorf("%+v", got.Ticket)
	}
	if got.Call.Number != "A001" || got.Call.Channel != "anagrafe" || got.Call.Counter != "2" || got.Call.Recalled || !got.Call.At.Equal(start.Add(time.Minute)) {
		t.Errorf("%+v", got.Call)
	}
	// Who is still there is served first.
	before := got.Call.ID
	c.at("2", "next", "").want(http.StatusOK).read(&got)
	if got.Ticket.Number != "A002" || got.Call.ID <= before {
		t.Errorf("%+v", got)
	}
	wantTicket(t, c.get("/api/v1/tickets/"+first.ID), "A001", "anagrafe", "served")
	c.at("2", "next", "").want(http.StatusNoContent)
	// Every counter serves all channels, its own first.
	c.issue("protocollo")
	c.at("2", "next", "").want(http.StatusOK).read(&got)
	if got.Ticket.Number != "P001" {
		t.Errorf("%+v", got)
	}
	c.at("9", "next", "").refused(http.StatusNotFound, "unknown_counter", "counter")
}

func TestVisit(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	c := s.dev()
	c.at("2", "open", "").want(http.StatusOK)
	for _, verb := range []string{"recall", "start", "absent", "hold", "requeue", "done", "transfer"} {
		c.at("2", verb, "").refused(http.StatusConflict, "no_current_ticket", "")
	}
	mine := c.issue("anagrafe")
	c.at("2", "next", "").want(http.StatusOK)
	wantTicket(t, c.at("2", "recall", ""), "A001", "anagrafe", "called")
	wantTicket(t, c.at("2", "start", ""), "A001", "anagrafe", "serving")
	c.at("2", "recall", "").refused(http.StatusConflict, "conflict", "")
	c.at("2", "absent", "").refused(http.StatusConflict, "conflict", "")
	wantTicket(t, c.at("2", "done", `{"outcomes":[{"service":"carta-identita","quantity":1}]}`), "A001", "anagrafe", "served")
	wantTicket(t, c.at("2", "undo", ""), "A001", "anagrafe", "serving")
	c.at("2", "done", `{"outcomes":[{"service":"pizza","quantity":1}]}`).refused(http.StatusBadRequest, "invalid", "outcomes[0].service")
	c.at("2", "done", `{"outcomes":[{"service":"carta-identita","quantity":1},{"service":"certificato","quantity":1000}]}`).
		refused(http.StatusBadRequest, "invalid", "outcomes[1].quantity")
	wantTicket(t, c.at("2", "done", ""), "A001", "anagrafe", "served")
	s.clock.pass(2 * time.Minute)
	c.at("2", "undo", "").refused(http.StatusConflict, "conflict", "")
	c.at("2", "call", `{"ticket":"`+mine.ID+`"}`).want(http.StatusOK)
	c.at("2", "call", `{"ticket":"`+mine.ID+`"}`).refused(http.StatusConflict, "ticket_not_callable", "")
}

// TestFurtherLeg has somebody who was served come back: the visit goes on, and is one in the
// figures.
func TestFurtherLeg(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	c := s.dev()
	c.at("2", "open", "").want(http.StatusOK)
	c.issue("anagrafe")
	for _, leg := range []struct{ call, body, outcome string }{
		{"next", "", "carta-identita"},
		{"call", `{"number":"A001"}`, "certificato"},
	} {
		c.at("2", leg.call, leg.body).want(http.StatusOK)
		c.at("2", "start", "").want(http.StatusOK)
		s.clock.pass(3 * time.Minute)
		c.at("2", "done", `{"outcomes":[{"service":"`+leg.outcome+`","quantity":1}]}`).want(http.StatusOK)
		s.clock.pass(time.Hour)
	}
	wantLegs := func() {
		t.Helper()
		var rows []struct {
			Issued  int                 `json:"issued"`
			Served  int                 `json:"served"`
			Absent  int                 `json:"absent"`
			Wait    struct{ Count int } `json:"wait"`
			Service struct {
				Count int     `json:"count"`
				Mean  float64 `json:"mean_s"`
			} `json:"service"`
		}
		c.get("/api/v1/stats?from=2026-03-02&to=2026-03-02&by=day").want(http.StatusOK).read(&rows)
		if len(rows) != 1 || rows[0].Issued != 1 || rows[0].Served != 1 || rows[0].Absent != 0 || rows[0].Wait.Count != 1 || rows[0].Service.Count != 1 || rows[0].Service.Mean != 360 {
			t.Errorf("%+v", rows)
		}
	}
	wantLegs()
	// Called once more in vain, it was served all the same.
	c.at("2", "call", `{"number":"A001"}`).want(http.StatusOK)
	wantTicket(t, c.at("2", "absent", ""), "A001", "anagrafe", "served")
	wantLegs()
}

// TestCountersAndPeople has every verb be for whoever is at the counter.
func TestCountersAndPeople(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	anna, bruno, capo := s.user("anna", auth.Operator), s.user("bruno", auth.Operator), s.user("capo", auth.Supervisor)
	anna.at("2", "open", "").want(http.StatusOK)
	anna.issue("anagrafe")
	anna.at("2", "next", "").want(http.StatusOK)
	seq := s.seq()
	verbs := map[string]string{
		"pause": "", "resume": "", "alarm": "", "calm": "", "next": "", "call": `{"number":"A001"}`, "recall": "", "start": "", "absent": "",
		"requeue": "", "undo": "", "done": "", "hold": "", "transfer": `{"channel":"protocollo"}`, "walkin": `{"channel":"protocollo"}`,
		"reinstate": `{"ticket":"x"}`,
	}
	for verb, body := range verbs {
		for _, c := range []client{bruno, capo} {
			c.at("2", verb, body).refused(http.StatusForbidden, "forbidden", "")
			c.at("3", verb, body).refused(http.StatusConflict, "counter_closed", "")
		}
	}
	bruno.at("2", "close", "").refused(http.StatusForbidden, "forbidden", "")
	anna.at("3", "open", "").refused(http.StatusConflict, "conflict", "") // a citizen is at 2
	anna.at("3", "open", `{"take_over":true}`).refused(http.StatusConflict, "conflict", "")
	if s.seq() != seq {
		t.Error("a refused request changed something")
	}

	anna.at("2", "done", "").want(http.StatusOK)
	anna.at("2", "walkin", `{"channel":"anagrafe"}`).want(http.StatusOK)
	// Somebody without a ticket has no number to name.
	if r := anna.at("3", "open", "").refused(http.StatusConflict, "conflict", ""); !strings.Contains(r.Message, "senza biglietto") {
		t.Errorf("refused by %q, want it to name somebody without a ticket", r.Message)
	}
	anna.at("2", "done", "").want(http.StatusOK)
	wantDesk(t, anna.at("3", "open", ""), desk{ID: "3", Status: "open", Operator: "anna"})
	var all []desk
	anna.get("/api/v1/counters").want(http.StatusOK).read(&all)
	if all[1].Status != "closed" || all[1].Operator != "" {
		t.Errorf("who opened another counter is still at %+v", all[1])
	}
	wantDesk(t, capo.at("3", "close", ""), desk{ID: "3", Status: "closed"}) // she went home
	wantDesk(t, bruno.at("3", "close", ""), desk{ID: "3", Status: "closed"})

	dev := s.dev() // may act everywhere
	anna.at("2", "open", "").want(http.StatusOK)
	dev.at("3", "open", "").want(http.StatusOK)
	dev.at("4", "open", "").want(http.StatusOK)
	dev.at("2", "next", "").want(http.StatusNoContent)
	dev.at("3", "next", "").want(http.StatusNoContent)
}

// TestCurrent has two windows of one console press the same key.
func TestCurrent(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	c := s.dev()
	current := func(id string) string { return `{"current":"` + id + `"}` }
	c.at("2", "open", current("x")).refused(http.StatusConflict, "conflict", "current")
	c.at("2", "open", current("")).want(http.StatusOK)
	first, second := c.issue("anagrafe"), c.issue("anagrafe")
	c.at("2", "next", current("")).want(http.StatusOK)
	c.at("2", "next", current("")).refused(http.StatusConflict, "conflict", "current")
	wantTicket(t, c.get("/api/v1/tickets/"+first.ID), "A001", "anagrafe", "called")
	for _, verb := range []string{"recall", "start", "absent", "hold", "requeue", "done", "undo", "pause", "close"} {
		c.at("2", verb, current(second.ID)).refused(http.StatusConflict, "conflict", "current")
	}
	c.at("2", "next", `{"current":"`+first.ID+`","outcomes":[{"service":"carta-identita","quantity":1}]}`).want(http.StatusOK)
	c.at("2", "next", `{"current":"`+first.ID+`","outcomes":[{"service":"carta-identita","quantity":1}]}`).refused(http.StatusConflict, "conflict", "current")
	c.at("2", "next", `{"outcomes":[{"service":"pizza","quantity":1}]}`).refused(http.StatusBadRequest, "invalid", "outcomes[0].service")
	wantTicket(t, c.at("2", "recall", current(second.ID)), "A002", "anagrafe", "called")
	c.at("2", "next", "").want(http.StatusNoContent)
	c.at("2", "next", `{"outcomes":[{"service":"carta-identita","quantity":1}]}`).refused(http.StatusConflict, "no_current_ticket", "")
}

func TestAwayAndBack(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	c := s.dev()
	c.at("2", "open", "").want(http.StatusOK)
	absent := c.issue("anagrafe")
	c.at("2", "next", "").want(http.StatusOK)
	wantTicket(t, c.at("2", "absent", ""), "A001", "anagrafe", "absent")
	var got called
	c.at("2", "call", `{"ticket":"`+absent.ID+`"}`).want(http.StatusOK).read(&got)
	if got.Ticket.State != "called" || got.Call.Number != "A001" {
		t.Errorf("%+v", got)
	}
	wantTicket(t, c.at("2", "hold", `{"reason":"compila il modulo","for_s":600}`), "A001", "anagrafe", "held")
	c.at("2", "call", `{"number":"a 1"}`).want(http.StatusOK).read(&got)
	if got.Ticket.Number != "A001" {
		t.Errorf("%+v", got)
	}
	wantTicket(t, c.at("2", "requeue", ""), "A001", "anagrafe", "waiting")
	c.at("2", "next", "").want(http.StatusOK)
	wantTicket(t, c.at("2", "absent", ""), "A001", "anagrafe", "absent")
	wantTicket(t, c.at("2", "reinstate", `{"ticket":"`+absent.ID+`"}`), "A001", "anagrafe", "waiting")
	c.at("2", "reinstate", `{"ticket":"`+absent.ID+`"}`).refused(http.StatusConflict, "conflict", "")
	c.at("2", "reinstate", `{"ticket":"NONE"}`).refused(http.StatusNotFound, "unknown_ticket", "ticket")
	c.at("2", "call", `{"number":"A099"}`).refused(http.StatusNotFound, "unknown_ticket", "ticket")
	c.at("2", "call", `{"number":"?"}`).refused(http.StatusBadRequest, "invalid", "number")
	c.at("2", "call", "").refused(http.StatusBadRequest, "invalid", "number")
}

func TestTransferAndWalkIn(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	c := s.dev()
	c.at("2", "open", "").want(http.StatusOK)
	mine := c.issue("anagrafe")
	c.at("2", "next", "").want(http.StatusOK)
	c.at("2", "transfer", `{"channel":"bar"}`).refused(http.StatusNotFound, "unknown_channel", "channel")
	c.at("2", "transfer", `{"channel":"anagrafe"}`).refused(http.StatusBadRequest, "invalid", "channel")
	c.at("2", "transfer", `{"counter":"9"}`).refused(http.StatusNotFound, "unknown_counter", "counter")
	moved := wantTicket(t, c.at("2", "transfer", `{"channel":"protocollo"}`), "A001", "protocollo", "waiting")
	if moved.ID != mine.ID || moved.Counter != nil {
		t.Errorf("%+v", moved)
	}
	wantTicket(t, c.at("2", "walkin", `{"channel":"altri-servizi"}`), "", "altri-servizi", "serving")
	c.at("2", "requeue", "").refused(http.StatusConflict, "conflict", "")
	c.at("2", "walkin", `{"channel":"bar"}`).refused(http.StatusNotFound, "unknown_channel", "channel")
	wantTicket(t, c.at("2", "done", `{"outcomes":[{"service":"informazioni","quantity":2}]}`), "", "altri-servizi", "served")
}

func TestRecallTooSoon(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.configure(func(c *queue.Config) { c.Policy.RecallEvery = 10 })
	c := s.dev()
	c.at("2", "open", "").want(http.StatusOK)
	c.issue("anagrafe")
	c.at("2", "next", "").want(http.StatusOK)
	c.at("2", "recall", "").refused(http.StatusTooManyRequests, "rate_limited", "")
	s.clock.pass(10 * time.Second)
	c.at("2", "recall", "").want(http.StatusOK)
	var p struct {
		Calls []struct {
			Recalled bool `json:"recalled"`
		} `json:"calls"`
	}
	s.public().get("/api/v1/state").want(http.StatusOK).read(&p)
	if len(p.Calls) != 1 || !p.Calls[0].Recalled {
		t.Errorf("%+v", p)
	}
}

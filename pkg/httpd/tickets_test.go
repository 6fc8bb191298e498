package httpd_test

import (
	"bytes"
	"net/http"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/auth"
	"github.com/eliminacode/eliminacode/pkg/estimate"
	"github.com/eliminacode/eliminacode/pkg/httpd"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

func TestIssue(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	var first, second, urgent ticket
	a := s.dev().post("/api/v1/tickets", `{"channel":"anagrafe","class":"standard"}`).want(http.StatusCreated)
	a.read(&first)
	if first.Number != "A001" || first.Channel != "anagrafe" || first.Class != "standard" || first.State != "waiting" ||
		first.Ahead != 0 || first.Counter != nil || !first.IssuedAt.Equal(start) {
		t.Errorf("%+v", first)
	}
	if len(first.ID) < 20 {
		t.Errorf("id %q can be guessed", first.ID)
	}
	if want := s.web.URL + "/t/" + first.ID; first.URL != want {
		t.Errorf("url %q, want %q", first.URL, want)
	}
	if _, offset := first.IssuedAt.Zone(); offset != 3600 {
		t.Errorf("issued_at %v isn't in the office's zone", first.IssuedAt)
	}
	a.headers("Location", "/api/v1/tickets/"+first.ID, "Content-Type", "application/json")

	s.dev().post("/api/v1/tickets", `{"channel":"anagrafe"}`).want(http.StatusCreated).read(&second)
	if second.Number != "A002" || second.Class != "standard" || second.Ahead != 1 {
		t.Errorf("%+v", second)
	}
	s.dev().post("/api/v1/tickets", `{"channel":"anagrafe","class":"priority"}`).want(http.StatusCreated).read(&urgent)
	if urgent.Number != "A003" || urgent.Class != "priority" || urgent.Ahead != 0 {
		t.Errorf("%+v", urgent)
	}
	slot := `{"channel":"protocollo","class":"appointment","slot":"2026-03-02T10:30:00+01:00"}`
	var booked struct {
		Slot     *time.Time `json:"slot"`
		IssuedAt time.Time  `json:"issued_at"`
	}
	s.dev().post("/api/v1/tickets", slot).want(http.StatusCreated).read(&booked)
	if booked.Slot == nil || !booked.Slot.Equal(start.Add(90*time.Minute)) || !booked.IssuedAt.Equal(start) {
		t.Errorf("%+v", booked)
	}
	a.read(&booked)
	if booked.Slot != nil {
		t.Errorf("a slot without an appointment: %s", booked.Slot)
	}
	var chosen struct {
		ID       string `json:"id"`
		Language string `json:"language"`
	}
	for body, want := range map[string]string{`{"channel":"altri-servizi"}`: "it", `{"channel":"altri-servizi","class":"standard","language":"en"}`: "en"} {
		s.dev().post("/api/v1/tickets", body).want(http.StatusCreated).read(&chosen)
		s.public().get("/api/v1/tickets/" + chosen.ID).want(http.StatusOK).read(&chosen)
		if chosen.Language != want {
			t.Errorf("%s: language %q, want %q", body, chosen.Language, want)
		}
	}
	s.dev().post("/api/v1/tickets", `{"channel":"altri-servizi","language":"l'italiano"}`).refused(http.StatusBadRequest, "invalid", "language")
	if p := s.dev().issue("protocollo"); p.Number != "P002" {
		t.Errorf("%+v", p)
	}
}

func TestAppointment(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.dev().post("/api/v1/tickets", `{"channel":"protocollo","class":"appointment","slot":"2026-03-02T17:00:00+01:00"}`).want(http.StatusCreated)
	s.dev().at("1", "open", "").want(http.StatusOK)
	s.dev().at("1", "next", "").want(http.StatusNoContent)
	s.clock.pass(8*time.Hour - 10*time.Minute - time.Second)
	s.dev().at("1", "next", "").want(http.StatusNoContent)
	s.clock.pass(time.Second)
	s.dev().at("1", "next", "").want(http.StatusOK)
}

func TestTicket(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	mine := s.dev().issue("anagrafe")
	path := "/api/v1/tickets/" + mine.ID
	var got ticket
	s.public().get(path).want(http.StatusOK).headers("Cache-Control", "no-store").read(&got)
	if got.Number != "A001" || got.State != "waiting" || got.URL != mine.URL {
		t.Errorf("%+v", got)
	}
	s.dev().at("2", "open", "").want(http.StatusOK)
	s.dev().at("2", "next", "").want(http.StatusOK)
	s.public().get(path).read(&got)
	if got.State != "called" || got.Counter == nil || *got.Counter != "2" {
		t.Errorf("%+v", got)
	}
	s.public().get("/api/v1/offices/urp/tickets/" + mine.ID).want(http.StatusOK)
	s.public().get("/api/v1/tickets/NONE").refused(http.StatusNotFound, "unknown_ticket", "")

	pdf := s.public().get(path+"/pdf").want(http.StatusOK).headers("Content-Type", "application/pdf", "Cache-Control", "no-store")
	if !strings.HasPrefix(string(pdf.body), "%PDF-") {
		t.Errorf("%.20q is no PDF", pdf.body)
	}
	s.public().get(path+"/qr.svg").want(http.StatusOK).headers("Content-Type", "image/svg+xml", "Cache-Control", "no-store").contains("<svg")
	s.public().get("/api/v1/tickets/NONE/pdf").refused(http.StatusNotFound, "unknown_ticket", "")
	s.public().get("/api/v1/tickets/NONE/qr.svg").refused(http.StatusNotFound, "unknown_ticket", "")
}

// TestTicketAsPDF has the PDF say of the wait what the ticket's page says at the same time.
func TestTicketAsPDF(t *testing.T) {
	t.Parallel()
	var waits estimate.Waits
	s := newServer(t, func(o *httpd.Options) { o.Waits = func(string) estimate.Waits { return waits } })
	mine := s.dev().issue("anagrafe")
	says := func() string {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), "pdftotext", "-", "-") // setup-test.sh installs it
		cmd.Stdin = bytes.NewReader(s.public().get("/api/v1/tickets/" + mine.ID + "/pdf").want(http.StatusOK).body)
		text, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	if text := says(); strings.Contains(text, "Attesa") || !strings.Contains(text, "Nessuna persona prima di te") {
		t.Errorf("of a wait that isn't known: %s", text)
	}
	waits.Tickets = map[queue.TicketID]estimate.Wait{queue.TicketID(mine.ID): {Low: 11 * time.Minute, Likely: 15 * time.Minute, High: 19 * time.Minute}}
	s.public().get("/t/" + mine.ID).contains("Attesa prevista: 10–\u206020 minuti")
	if text := says(); !strings.Contains(text, "Attesa prevista: 10–20 minuti") || !strings.Contains(text, "Expected wait: 10–20 minutes") {
		t.Errorf("of a wait that is known: %s", text)
	}
}

// TestPostpone lets the next one go first, once.
func TestPostpone(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	mine, other := s.dev().issue("anagrafe"), s.dev().issue("anagrafe")
	path := "/api/v1/tickets/" + mine.ID
	var got ticket
	s.public().post(path+"/postpone", "").want(http.StatusOK).read(&got)
	if got.State != "waiting" || got.Ahead != 1 {
		t.Errorf("%+v", got)
	}
	s.public().post(path+"/postpone", "").refused(http.StatusConflict, "conflict", "")
	s.public().post("/api/v1/tickets/NONE/postpone", "").refused(http.StatusNotFound, "unknown_ticket", "ticket")
	s.dev().at("2", "open", "").want(http.StatusOK)
	s.dev().at("2", "next", "").want(http.StatusOK)
	s.public().get("/api/v1/tickets/" + other.ID).read(&got)
	if got.State != "called" {
		t.Errorf("the next one is %s", got.State)
	}
	s.public().post("/api/v1/tickets/"+other.ID+"/postpone", "").refused(http.StatusConflict, "conflict", "")
}

func TestCancel(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	mine, other := s.dev().issue("anagrafe"), s.dev().issue("anagrafe")
	var got ticket
	for range 2 { // the second time it is cancelled already
		s.public().delete("/api/v1/tickets/" + mine.ID).want(http.StatusOK).read(&got)
		if got.State != "cancelled" || got.Number != "A001" {
			t.Errorf("%+v", got)
		}
	}
	s.public().delete("/api/v1/tickets/NONE").refused(http.StatusNotFound, "unknown_ticket", "ticket")
	s.dev().at("2", "open", "").want(http.StatusOK)
	s.dev().at("2", "next", "").want(http.StatusOK)
	r := s.public().delete("/api/v1/tickets/"+other.ID).refused(http.StatusConflict, "conflict", "")
	if r.Message != "Il biglietto non si può più annullare: è chiamato." {
		t.Error(r.Message)
	}
}

func TestIssueRefused(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.configure(func(c *queue.Config) {
		c.Channels[0].DailyLimit = 1
		c.Channels[2].DailyLimit = 2
		c.Policy.HoardMax = 2
	})
	s.dev().issue("protocollo")
	post := func(c client, body string) *answer { return c.post("/api/v1/tickets", body) }

	r := post(s.dev(), `{"channel":"protocollo"}`).refused(http.StatusConflict, "channel_full", "")
	if r.Message != "Il biglietto di oggi è finito: tornare un altro giorno." {
		t.Error(r.Message)
	}
	s.dev().issue("altri-servizi")
	s.dev().issue("altri-servizi")
	r = post(s.dev(), `{"channel":"altri-servizi"}`).refused(http.StatusConflict, "channel_full", "")
	if r.Message != "I 2 biglietti di oggi sono finiti: tornare un altro giorno." {
		t.Error(r.Message)
	}
	post(s.dev(), `{"channel":"bar"}`).refused(http.StatusNotFound, "unknown_channel", "channel")
	post(s.dev(), `{}`).refused(http.StatusBadRequest, "invalid", "channel")
	post(s.dev(), `{"channel":"anagrafe","class":"vip"}`).refused(http.StatusBadRequest, "invalid", "class")
	post(s.dev(), `{"channel":"anagrafe","slot":"2026-03-02T10:30:00+01:00"}`).refused(http.StatusBadRequest, "invalid", "slot")
	for _, slot := range []string{"0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "2026-03-03T10:30:00+01:00", "9999-12-31T23:59:59Z"} {
		for _, class := range []string{"standard", "appointment"} {
			post(s.dev(), `{"channel":"anagrafe","class":"`+class+`","slot":"`+slot+`"}`).refused(http.StatusBadRequest, "invalid", "slot")
		}
	}
	r = post(s.dev(), `{"channel":"bando-affitti"}`).refused(http.StatusConflict, "channel_closed", "")
	if !strings.HasPrefix(r.Message, "Chiuso") || strings.Contains(r.Message, "affitti") {
		t.Errorf("%q repeats the channel's name, which is beside it", r.Message)
	}
	s.dev().post("/api/v1/offices/luna/tickets", `{"channel":"anagrafe"}`).refused(http.StatusNotFound, "unknown_office", "")

	totem := s.device(auth.Totem, "t1")
	post(totem, `{"channel":"anagrafe"}`).want(http.StatusCreated)
	post(totem, `{"channel":"anagrafe"}`).want(http.StatusCreated)
	limited := post(totem, `{"channel":"anagrafe"}`)
	limited.refused(http.StatusTooManyRequests, "rate_limited", "")
	limited.headers("Retry-After", "2")

	s.clock.pass(12 * time.Hour)
	r = post(s.dev(), `{"channel":"anagrafe"}`).refused(http.StatusConflict, "office_closed", "")
	if r.Message != "La sede è chiusa: riapre il 03/03/2026 alle 08:00." {
		t.Error(r.Message)
	}
	english := post(s.dev().with("Accept-Language", "en-GB,en;q=0.9,it;q=0.5"), `{"channel":"anagrafe"}`).headers("Content-Language", "en")
	if r := english.refused(http.StatusConflict, "office_closed", ""); r.Message != "The office is closed: opens again on 3 March 2026 at 08:00." {
		t.Error(r.Message)
	}
}

// TestLanguages says in which language messages come.
func TestLanguages(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	tests := map[string]string{
		"": "it", "it": "it", "it-IT,it;q=0.9,en;q=0.8": "it", "en": "en", "en-US": "en",
		"de,en;q=0.5": "en", "de": "it", "*": "it", "%%%": "it", "it;q=0.1, en;q=0.9": "en",
	}
	for accept, want := range tests {
		a := s.public().with("Accept-Language", accept).get("/api/v1/tickets/NONE")
		a.refused(http.StatusNotFound, "unknown_ticket", "")
		if got := a.Header.Get("Content-Language"); got != want {
			t.Errorf("%q: in %q, want %q", accept, got, want)
		}
	}
}

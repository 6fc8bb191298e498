package httpd_test

import (
	"encoding/base64"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/auth"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/words"
)

// invitation is what a kiosk gets to show.
type invitation struct {
	URL       string
	QR        string
	Ticket    string
	ExpiresAt time.Time `json:"expires_at"`
}

// invite asks for an invitation, and returns its path too.
func (c client) invite(body string) (in invitation, path string) {
	c.Helper()
	c.post("/api/v1/invitations", body).want(http.StatusCreated).read(&in)
	return in, strings.TrimPrefix(in.URL, c.web.URL)
}

// phone is a browser that follows nothing by itself.
func (s *server) phone() client { return s.public().with("Accept", "text/html") }

// TestInvitation takes a ticket by a kiosk's invitation: looking makes none, and however often it
// is taken, it is one.
func TestInvitation(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	totem := s.device(auth.Totem, "t1")
	in, path := totem.invite(`{"channel":"anagrafe","class":"priority","language":"en"}`)
	if want := s.clock.now().Add(90 * time.Second); !in.ExpiresAt.Equal(want) {
		t.Errorf("it ends at %v, want %v", in.ExpiresAt, want)
	}
	if !strings.HasPrefix(in.QR, "data:image/svg+xml;base64,") {
		t.Errorf("no picture: %.40s", in.QR)
	}
	before := s.seq()
	for range 3 { // a preview of the link, a reader, a reader who loads it again
		a := s.phone().get(path).want(http.StatusOK)
		a.headers("X-Robots-Tag", "noindex")
		a.contains(`<html lang="en"`, `method="post"`, words.Say("ticket", "take", nil)["en"], words.Say("ticket", "take", nil)["it"])
	}
	s.public().get("/api/v1/tickets/" + in.Ticket).want(http.StatusNotFound)
	if s.seq() != before {
		t.Fatal("looking at an invitation has changed something")
	}
	var all sync.WaitGroup
	for range 8 { // of one address, at once
		all.Go(func() {
			s.phone().post(path, "").want(http.StatusSeeOther).headers("Location", "/t/"+in.Ticket)
		})
	}
	all.Wait()
	if got := s.seq(); got != before+1 {
		t.Errorf("%d events, want one ticket", got-before)
	}
	var got struct {
		paper
		Class    string
		Language string
	}
	s.public().get("/api/v1/tickets/" + in.Ticket).want(http.StatusOK).read(&got)
	if got.Number != "A001" || got.Class != "priority" || got.Language != "en" || got.Printed != "no" {
		t.Errorf("%+v", got)
	}
	var view totemView
	totem.watch("view=totem").next("view", &view)
	if len(view.Print) != 0 {
		t.Errorf("the totem is to print %+v", view.Print)
	}
	s.clock.pass(5 * time.Minute) // whoever has taken it finds it, also by the old address
	s.phone().get(path).want(http.StatusSeeOther).headers("Location", "/t/"+in.Ticket)
	s.phone().post(path, "").want(http.StatusSeeOther).headers("Location", "/t/"+in.Ticket)
	if s.seq() != before+1 {
		t.Error("a second ticket")
	}
}

// TestInvitationHoldsNoLonger opens one whose time is over, and such as never were any.
func TestInvitationHoldsNoLonger(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	if err := s.engine.Create(t.Context(), branch, queue.Default()); err != nil {
		t.Fatal(err)
	}
	in, path := s.dev().invite(`{"channel":"anagrafe"}`)
	token := strings.TrimPrefix(path, "/i/")
	before := s.seqOf(branch)
	gone := func(path string) {
		t.Helper()
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			a := s.dev().with("Accept", "text/html").with("Accept-Language", "fr").do(method, path, "").want(http.StatusNotFound)
			a.contains(words.Say("ticket", "code_gone", nil)["it"], words.Say("ticket", "code_gone_means", nil)["it"])
			if strings.Contains(string(a.body), "<form") {
				t.Errorf("%s %s offers a ticket", method, path)
			}
		}
	}
	box, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		t.Fatal(err)
	}
	for i := range box {
		forged := append([]byte{}, box...)
		forged[i] ^= 1
		s.dev().with("Accept", "text/html").post("/i/"+base64.RawURLEncoding.EncodeToString(forged), "").want(http.StatusNotFound)
	}
	for _, none := range []string{"x", "AAAA", token[:20], token + "AAAA", "%FF", strings.Repeat("A", 3000)} {
		gone("/i/" + none)
	}
	gone("/offices/" + branch + path) // of another office
	s.clock.pass(90 * time.Second)
	gone(path)
	s.public().get("/api/v1/tickets/" + in.Ticket).want(http.StatusNotFound)
	if s.seqOf(branch) != before {
		t.Error("something was changed in another office")
	}
}

// TestInvitationRefused asks for what no ticket is given for, at once or by the time that somebody
// scans it.
func TestInvitationRefused(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	for _, tt := range []struct {
		body   string
		status int
		code   string
		field  string
	}{
		{`{}`, http.StatusBadRequest, "invalid", "channel"},
		{`{"channel":"nessuno"}`, http.StatusNotFound, "unknown_channel", "channel"},
		{`{"channel":"anagrafe","class":"first"}`, http.StatusBadRequest, "invalid", "class"},
		{`{"channel":"anagrafe","language":"l'italiano"}`, http.StatusBadRequest, "invalid", "language"},
		{`{"channel":"anagrafe","print":true}`, http.StatusBadRequest, "invalid", "print"},
	} {
		s.dev().post("/api/v1/invitations", tt.body).refused(tt.status, tt.code, tt.field)
	}
	s.configure(func(c *queue.Config) { c.Channel("anagrafe").DailyLimit = 1 })
	_, path := s.dev().invite(`{"channel":"anagrafe","language":"es"}`)
	s.dev().issue("anagrafe") // somebody was faster
	before := s.seq()
	a := s.phone().post(path, "").want(http.StatusConflict)
	a.contains(`<html lang="es"`, words.Say("ticket", "not_given", nil)["es"], words.Say("refused", "full", nil)["es"], words.Say("ticket", "not_given_means", nil)["it"])
	if s.seq() != before {
		t.Error("something was changed")
	}
	s.dev().post("/api/v1/invitations", `{"channel":"anagrafe"}`).refused(http.StatusConflict, "channel_full", "")
	s.clock.pass(12 * time.Hour)
	s.dev().post("/api/v1/invitations", `{"channel":"protocollo"}`).refused(http.StatusConflict, "office_closed", "")
}

// TestInvitationsAreBounded has a kiosk ask for more than anybody scans.
func TestInvitationsAreBounded(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	mad, other := s.device(auth.Totem, "t1"), s.device(auth.Totem, "t2")
	for range 20 {
		mad.invite(`{"channel":"anagrafe"}`)
	}
	mad.post("/api/v1/invitations", `{"channel":"anagrafe"}`).refused(http.StatusTooManyRequests, "rate_limited", "")
	other.invite(`{"channel":"anagrafe"}`)
	s.clock.pass(time.Second)
	mad.invite(`{"channel":"anagrafe"}`)
}

// TestInvitationOutlivesARestart wants one that a server made be taken from the next.
func TestInvitationOutlivesARestart(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	in, path := s.dev().invite(`{"channel":"anagrafe"}`)
	s = s.restart()
	s.phone().post(path, "").want(http.StatusSeeOther).headers("Location", "/t/"+in.Ticket)
}

package agent_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/eliminacode/eliminacode/totem/agent"
)

// withoutInvitations has a server not know them yet.
type withoutInvitations struct{}

func (withoutInvitations) RoundTrip(r *http.Request) (*http.Response, error) {
	if !strings.HasSuffix(r.URL.Path, "/invitations") {
		return http.DefaultTransport.RoundTrip(r)
	}
	return &http.Response{
		StatusCode: http.StatusNotFound, Header: http.Header{}, Request: r,
		Body: io.NopCloser(strings.NewReader(`{"error":{"code":"not_found"}}`)),
	}, nil
}

// TestInvitation has the kiosk show a code, learn that it was scanned, and print nothing. Without
// the server there is none, nor is there with one that doesn't know them.
func TestInvitation(t *testing.T) {
	t.Parallel()
	s := newTown(t)
	k := newKiosk(s)
	k.online()
	var in struct{ URL, QR, Ticket string }
	r := k.do(http.MethodPost, "/api/v1/invitations", map[string]string{"channel": "anagrafe", "language": "en"})
	if r.status != http.StatusCreated {
		t.Fatalf("%d %s", r.status, r.body)
	}
	s.must(json.Unmarshal(r.body, &in))
	if r := k.do(http.MethodGet, "/api/v1/tickets/"+in.Ticket, nil); r.status != http.StatusNotFound {
		t.Errorf("before anybody scans it: %d %s", r.status, r.body)
	}
	answer, err := http.Post(in.URL, "", nil)
	s.must(err)
	s.must(answer.Body.Close())
	if answer.StatusCode != http.StatusOK { // of the ticket's page
		t.Errorf("scanned: %d", answer.StatusCode)
	}
	p := k.ticket(in.Ticket)
	if p.Number != "A001" || p.Printed != "no" {
		t.Errorf("%+v", p)
	}
	if jobs := k.printer.printed(); len(jobs) != 0 {
		t.Errorf("printed: %q", jobs)
	}
	if r := k.do(http.MethodPost, "/api/v1/invitations", map[string]string{"channel": "nessuno"}); !strings.HasPrefix(r.code(), "404 unknown_channel ") {
		t.Errorf("%d %s", r.status, r.body)
	}
	s.set(cut)
	k.offline()
	if r := k.do(http.MethodPost, "/api/v1/invitations", map[string]string{"channel": "anagrafe"}); r.status != http.StatusServiceUnavailable {
		t.Errorf("without the server: %d %s", r.status, r.body)
	}
	s.set(none)

	old := newKiosk(s, func(o *agent.Options) { o.HTTP = &http.Client{Transport: withoutInvitations{}} })
	old.online()
	if r := old.do(http.MethodPost, "/api/v1/invitations", map[string]string{"channel": "anagrafe"}); !strings.HasPrefix(r.code(), "404 not_found ") {
		t.Errorf("with an older server: %d %s", r.status, r.body)
	}
}

package httpd_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/auth"
	"github.com/eliminacode/eliminacode/pkg/httpd"
)

type about struct {
	PublicURL *string `json:"public_url"`
	TicketURL string  `json:"ticket_url"`
	Clock     bool    `json:"clock_plausible"`
}

func TestServerTellsWhatQRCodesContain(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	ada := s.user("ada", auth.Admin)
	var got about
	ada.get("/api/v1/server").want(http.StatusOK).read(&got)
	if got.PublicURL != nil || got.TicketURL != s.web.URL+"/t/" || !got.Clock {
		t.Errorf("%+v, want the address that was asked", got)
	}
}

func TestServerTellsItsPublicAddress(t *testing.T) {
	t.Parallel()
	s := newServer(t, func(o *httpd.Options) { o.PublicURL = "https://coda.example.it" })
	var got about
	s.user("ada", auth.Admin).get("/api/v1/server").want(http.StatusOK).read(&got)
	if got.PublicURL == nil || *got.PublicURL != "https://coda.example.it" || got.TicketURL != "https://coda.example.it/t/" {
		t.Errorf("%+v", got)
	}
}

func TestServerTellsThatItsClockIsWrong(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.clock.pass(10 * 365 * 24 * time.Hour)
	s.dev().post("/api/v1/counters/1/open", "").want(http.StatusOK)
	var got about
	s.dev().get("/api/v1/server").want(http.StatusOK).read(&got)
	if got.Clock {
		t.Error("a clock that is ten years ahead passes for right")
	}
}

package httpd_test

import (
	"net/http"
	"testing"

	"github.com/eliminacode/eliminacode/pkg/auth"
	"github.com/eliminacode/eliminacode/pkg/httpd"
)

// TestOfficeBehindACrowd has the public of the office's own address use up what the public has, as
// behind a proxy that isn't configured: the office's screens and people go on.
func TestOfficeBehindACrowd(t *testing.T) {
	t.Parallel()
	for name, limits := range map[string]httpd.Limits{"address": {ViewersEach: 12}, "all": {Viewers: 16}} {
		s := newServer(t, withoutDev, func(o *httpd.Options) { o.Limits = limits })
		anna, totem := s.user("anna", auth.Operator), s.device(auth.Totem, "totem")
		for range 12 {
			s.public().watch("view=public")
		}
		status := map[string]int{"address": http.StatusTooManyRequests, "all": http.StatusServiceUnavailable}[name]
		if v, a := s.public().dial("view=public"); v != nil {
			t.Fatalf("%s: no limit", name)
		} else {
			a.want(status)
		}
		for _, v := range []*viewer{
			s.public().watch("view=display&display=sala"), // a monitor that isn't paired
			totem.watch("view=totem"),
			s.device(auth.Display, "sala").watch("view=display&display=sala"),
			anna.watch("view=counter&counter=2"),
		} {
			v.next("view", nil)
		}
		totem.issue("anagrafe")
		for range 50 { // the public's budget of changes isn't the office's either
			s.public().delete("/api/v1/tickets/NONE")
		}
		s.public().delete("/api/v1/tickets/NONE").refused(http.StatusTooManyRequests, "rate_limited", "")
		for range 50 {
			anna.delete("/api/v1/tickets/NONE").want(http.StatusNotFound)
		}
	}
}

// TestDevelopmentBehindACrowd has more viewers on this machine than the public may have, in
// development, where they count for no address: whoever shows the token goes on.
func TestDevelopmentBehindACrowd(t *testing.T) {
	t.Parallel()
	s := newServer(t, func(o *httpd.Options) { o.Limits = httpd.Limits{Viewers: 16, ViewersEach: 3} })
	for range 12 {
		s.public().watch("view=public")
	}
	if v, a := s.public().dial("view=public"); v != nil {
		t.Fatal("the public takes the room of the office")
	} else {
		a.want(http.StatusServiceUnavailable)
	}
	for _, query := range []string{"view=totem", "view=counter&counter=2", "view=display&display=sala"} {
		s.dev().watch(query).next("view", nil)
	}
}

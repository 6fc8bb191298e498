package httpd_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/eliminacode/eliminacode/pkg/auth"
	"github.com/eliminacode/eliminacode/pkg/live"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// TestPairedDisplay has a display that only its device may be, and staff look at; another one stays
// open to everybody.
func TestPairedDisplay(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	const sala = "view=display&display=sala"
	strangers := []*viewer{s.public().watch(sala), s.device(auth.Display, "ingresso").watch(sala), s.device(auth.Totem, "t1").watch(sala)}
	known := []*viewer{s.device(auth.Display, "sala").watch(sala), s.user("ada", auth.Operator).watch(sala), s.dev().watch(sala)}
	all := slices.Concat(strangers, known)
	for _, v := range all {
		v.next("view", nil)
	}
	s.configure(func(c *queue.Config) { c.Display("sala").Paired = true })
	for _, v := range all {
		v.next("view", nil)
	}
	s.httpd.Recheck()
	for _, v := range strangers {
		v.closed(live.CloseEnded)
	}
	s.configure(func(c *queue.Config) { c.Display("sala").Sound = false })
	for _, v := range known {
		v.next("view", nil)
	}

	const page = "/display/sala"
	for name, who := range map[string]client{
		"its device": s.device(auth.Display, "sala"), "staff": s.user("ugo", auth.Operator), "development": s.dev(),
	} {
		who.get(page).want(http.StatusOK)
		if _, refused := who.dial("view=display&display=sala"); refused != nil {
			t.Errorf("%s may not watch: %s", name, refused.body)
		}
	}
	for name, who := range map[string]client{
		"anybody": s.public(), "another display": s.device(auth.Display, "ingresso"), "a totem": s.device(auth.Totem, "t1"),
	} {
		if to := who.get(page).want(http.StatusSeeOther).Header.Get("Location"); to != "/display" {
			t.Errorf("%s is led to %q", name, to)
		}
		if v, _ := who.dial("view=display&display=sala"); v != nil {
			t.Errorf("%s may watch", name)
		}
	}
	s.public().get("/display/ingresso").want(http.StatusOK)
	s.public().watch("view=display&display=ingresso").next("view", nil)
}

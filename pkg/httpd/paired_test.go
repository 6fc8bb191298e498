package httpd_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/audience"
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

// TestPairedDisplayWithoutDatabase has somebody of another office signed in on a display's device
// when the database goes away: it is still who they are that is known, and no longer whose device
// it is. That ends nothing.
func TestPairedDisplayWithoutDatabase(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	if err := s.engine.Create(t.Context(), branch, queue.Default()); err != nil {
		t.Fatal(err)
	}
	s.configure(func(c *queue.Config) { c.Display("sala").Paired = true })
	if _, err := s.auth.AddUser(t.Context(), auth.User{Name: "carla", Role: auth.Operator, Offices: []string{branch}}, password); err != nil {
		t.Fatal(err)
	}
	_, token, err := s.auth.CreateDevice(t.Context(), auth.Display, office, "sala")
	if err != nil {
		t.Fatal(err)
	}
	carla := s.session("carla")
	browser := s.public().with("Cookie", carla.header.Get("Cookie")+"; eliminacode_device="+token)
	screen := browser.watch("view=display&display=sala")
	screen.next("view", nil)
	s.clock.pass(5 * time.Second)
	carla.get("/api/v1/state").want(http.StatusOK)
	if err := s.journal.DB().Close(); err != nil {
		t.Fatal(err)
	}
	s.httpd.Recheck()
	s.httpd.Audience().Hub.Publish(audience.Topic{Office: office, Kind: "display", ID: "sala"}.String(), []byte(`{}`))
	if _, refused := browser.dial("view=display&display=sala"); refused == nil || refused.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("not refused as away: %v", refused != nil)
	}
	if err := screen.conn.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, message, err := screen.conn.ReadMessage(); err != nil {
		t.Errorf("%.100s, %v", message, err)
	}
}

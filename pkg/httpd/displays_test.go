package httpd_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/gorilla/websocket"

	"github.com/eliminacode/eliminacode/pkg/auth"
	"github.com/eliminacode/eliminacode/pkg/httpd"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// shown is what the API says of a display.
type shown struct {
	Windows  int
	Sound    string
	Owner    bool
	Shown    string
	Spoken   string
	SpokenAt *time.Time `json:"spoken_at"`
	Legible  string
	Outdated bool
}

type displayDevice struct {
	ID, Screen, Version string
	Online              bool
	Display             *shown
}

func (c client) displays() map[string]displayDevice {
	c.Helper()
	var list []displayDevice
	c.get("/api/v1/devices").want(http.StatusOK).read(&list)
	byID := map[string]displayDevice{}
	for _, d := range list {
		byID[d.ID] = d
	}
	return byID
}

// say has a display's page say how it is.
func (v *viewer) say(status string) {
	v.Helper()
	if err := v.conn.WriteMessage(websocket.TextMessage, []byte(status)); err != nil {
		v.Fatal(err)
	}
}

// told reads what it alone is told next, of a kind.
func (v *viewer) told(kind string) map[string]any {
	v.Helper()
	v.next(kind, nil)
	var m map[string]any
	if err := json.Unmarshal(v.last, &m); err != nil {
		v.Fatal(err)
	}
	return m
}

func status(sound, more string) string {
	return `{"type":"status","sound":"` + sound + `","screen":"1920x1080","version":"abc","shown":"A042","spoken":""` + more + `}`
}

// TestDisplaysAreKnown has two displays of one room, one of them a paired device, and the other
// open in two windows.
func TestDisplaysAreKnown(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.configure(func(c *queue.Config) {
		for i := range c.Displays {
			c.Displays[i].Sound = true
		}
	})
	lia := s.user("lia", auth.Supervisor)
	d, token, err := s.auth.CreateDevice(t.Context(), auth.Display, office, "sala")
	if err != nil {
		t.Fatal(err)
	}
	device := s.bearer(token).watch("view=display&display=sala")
	windows := []*viewer{s.public().watch("view=display&display=ingresso"), s.public().watch("view=display&display=ingresso")}
	silent := s.public().watch("view=display&display=protocollo")
	silent.next("view", nil)
	if got := lia.displays(); len(got) != len(queue.Default().Displays) || got[d.ID].Display != nil || got["display.ingresso"].Online {
		t.Errorf("before they say anything: %+v", got)
	}
	silent.say(`{"type":"status","sound":"on","screen":"1920x1080","more":1}`)
	device.say(status("on", `,"spoken_at":"2026-03-02T09:00:00Z","legible":"rest"`))
	if got := device.told("sound"); got["owner"] != true {
		t.Errorf("the first one: %v", got)
	}
	for _, w := range windows {
		w.say(status("on", ""))
		w.told("sound")
	}
	got := lia.displays()
	at := time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC)
	want := map[string]displayDevice{
		d.ID:                 {d.ID, "1920x1080", "abc", true, &shown{1, "on", true, "A042", "", &at, "rest", true}},
		"display.ingresso":   {"display.ingresso", "1920x1080", "abc", true, &shown{2, "on", false, "A042", "", nil, "", true}},
		"display.protocollo": {ID: "display.protocollo"}, "display.anagrafe": {ID: "display.anagrafe"}, "display.altri-servizi": {ID: "display.altri-servizi"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	version := s.pagesVersion()
	device.say(strings.Replace(status("muted", ""), "abc", version, 1))
	device.told("sound")
	if got := lia.displays()[d.ID].Display; got.Outdated || got.Owner || got.Sound != "muted" {
		t.Errorf("%+v", got)
	}

	s.clock.pass(7 * time.Second)
	for id, d := range lia.displays() {
		if d.Online {
			t.Errorf("%s hasn't been heard for seven seconds", id)
		}
	}
	lia.post("/api/v1/devices/"+d.ID+"/identify", "").refused(http.StatusConflict, "conflict", "")
}

// TestEveryDisplayIsListed has displays that nobody looks at, and one that is paired and open
// besides: they come after the totem, as the configuration has them.
func TestEveryDisplayIsListed(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.configure(func(c *queue.Config) {
		c.Displays = []queue.Display{
			{ID: "zeta", Name: queue.Text{"it": "Prima"}}, {ID: "atrio", Name: queue.Text{"it": "Atrio"}}, {ID: "sala", Name: queue.Text{"it": "Sala"}},
		}
	})
	s.device(auth.Display, "cantina") // which the configuration doesn't have any more
	s.device(auth.Display, "sala")
	s.device(auth.Totem, "t1")
	window := s.public().watch("view=display&display=sala")
	window.say(status("on", ""))
	window.told("sound")
	var list []struct {
		ID, Kind, Target string
		Names            map[string]string
		CreatedAt        *time.Time `json:"created_at"`
		Online           bool
	}
	s.user("lia", auth.Supervisor).get("/api/v1/devices").want(http.StatusOK).read(&list)
	var got []string
	for _, d := range list {
		paired := !strings.HasPrefix(d.ID, "display.")
		if paired != (d.CreatedAt != nil) {
			t.Errorf("%+v", d)
		}
		got = append(got, fmt.Sprint(d.Kind, " ", d.Target, " ", d.Names["it"], " paired ", paired, " online ", d.Online))
	}
	want := []string{
		"totem t1  paired true online false", "display zeta Prima paired false online false", "display atrio Atrio paired false online false",
		"display sala Sala paired true online false", "display sala Sala paired false online true", "display cantina  paired true online false",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// pagesVersion is what the pages are of.
func (s *server) pagesVersion() string {
	s.Helper()
	var health struct{ Pages string }
	s.public().get("/healthz").want(http.StatusOK).read(&health)
	return health.Pages
}

// TestDisplaysObey has a supervisor ask something of displays.
func TestDisplaysObey(t *testing.T) {
	t.Parallel()
	s := newServer(t, func(o *httpd.Options) { o.Shared = true })
	lia := s.user("lia", auth.Supervisor)
	sala, token, err := s.auth.CreateDevice(t.Context(), auth.Display, office, "sala")
	if err != nil {
		t.Fatal(err)
	}
	device, window := s.bearer(token).watch("view=display&display=sala"), s.public().watch("view=display&display=sala")
	for _, v := range []*viewer{device, window} {
		v.say(status("on", ""))
		v.told("sound")
	}
	for id, v := range map[string]*viewer{sala.ID: device, "display.sala": window} {
		path := "/api/v1/devices/" + id
		lia.post(path+"/identify", "").want(http.StatusNoContent)
		if got := v.told("identify"); got["name"] == "" || got["number"] != 1.0 {
			t.Errorf("%v", got)
		}
		lia.post(path+"/reload", "").want(http.StatusNoContent)
		v.told("reload")
		for _, on := range []bool{true, false} {
			lia.post(path+"/mute", map[bool]string{true: `{"on":true}`, false: `{"on":false}`}[on]).want(http.StatusNoContent)
			if got := v.told("mute"); got["on"] != on {
				t.Errorf("%v", got)
			}
		}
	}
	lia.post("/api/v1/devices/display.sala/mute", `{}`).refused(http.StatusBadRequest, "invalid", "on")
	lia.post("/api/v1/devices/none/reload", "").refused(http.StatusNotFound, "not_found", "")
	lia.post("/api/v1/devices/display.cantina/reload", "").refused(http.StatusNotFound, "not_found", "")
	lia.post("/api/v1/devices/display.ingresso/reload", "").refused(http.StatusConflict, "conflict", "")

	totem, _, err := s.auth.CreateDevice(t.Context(), auth.Totem, office, "t1")
	if err != nil {
		t.Fatal(err)
	}
	lia.post("/api/v1/devices/"+totem.ID+"/identify", "").refused(http.StatusConflict, "conflict", "")

	elsewhere, token, err := s.auth.CreateDevice(t.Context(), auth.Display, office, "ingresso")
	if err != nil {
		t.Fatal(err)
	}
	if got := lia.post("/api/v1/devices/"+elsewhere.ID+"/reload", "").refused(http.StatusConflict, "conflict", ""); strings.Contains(got.Message, "server") {
		t.Errorf("never seen: %q", got.Message)
	}
	if _, err := auth.New(s.journal.DB(), auth.Options{Now: s.clock.now}).Holder(t.Context(), token); err != nil {
		t.Fatal(err)
	}
	if got := lia.post("/api/v1/devices/"+elsewhere.ID+"/reload", "").refused(http.StatusConflict, "conflict", ""); !strings.Contains(got.Message, "server") {
		t.Errorf("seen at another server: %q", got.Message)
	}
}

// TestSoundFollowsTheConfiguration has a room's sound pass on at once when its display has none any
// more.
func TestSoundFollowsTheConfiguration(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.configure(func(c *queue.Config) { c.Display("sala").Sound, c.Display("ingresso").Sound = true, true })
	sala, ingresso := s.public().watch("view=display&display=sala"), s.public().watch("view=display&display=ingresso")
	sala.say(status("on", ""))
	if got := sala.told("sound"); got["owner"] != true {
		t.Errorf("%v", got)
	}
	ingresso.say(status("on", ""))
	if got := ingresso.told("sound"); got["owner"] != false {
		t.Errorf("%v", got)
	}
	s.configure(func(c *queue.Config) { c.Display("sala").Sound = false })
	for v, owner := range map[*viewer]bool{sala: false, ingresso: true} {
		if got := v.told("sound"); got["owner"] != owner {
			t.Errorf("%s: %v", v.path, got)
		}
	}
}

// TestWhoIsInTheRoom has open pages of a display watched from several networks: those of the house
// share one sound, and one from elsewhere doesn't take it.
func TestWhoIsInTheRoom(t *testing.T) {
	t.Parallel()
	s := newServer(t, func(o *httpd.Options) { o.Proxies = []string{"127.0.0.0/8"} })
	s.configure(func(c *queue.Config) {
		for i := range c.Displays {
			c.Displays[i].Sound = true
		}
	})
	for _, tt := range []struct {
		from string
		owns bool
	}{
		{"192.0.2.7", true},
		{"192.0.2.7", false}, // a phone far away, and another
		{"10.0.4.11", true},
		{"10.0.5.12", false},
		{"fd00::1", false},
		{"::ffff:192.168.1.2", false},
		{"2001:db8:1:2::3", true},
		{"2001:db8:1:2::4", false},
		{"2001:db8:1:3::4", true},
	} {
		v := s.public().with("X-Forwarded-For", tt.from).watch("view=display&display=sala")
		v.next("view", nil)
		v.say(status("on", ""))
		if got := v.told("sound"); got["owner"] != tt.owns {
			t.Errorf("%s: %v", tt.from, got)
		}
	}
}

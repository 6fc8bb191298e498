package httpd_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/eliminacode/eliminacode/pkg/auth"
	"github.com/eliminacode/eliminacode/pkg/httpd"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

type pairedDevice struct {
	ID     string     `json:"id"`
	Kind   string     `json:"kind"`
	Office string     `json:"office"`
	Target string     `json:"target"`
	Online bool       `json:"online"`
	SeenAt *time.Time `json:"seen_at"`
}

// devices are those that somebody is told of, by target.
func (c client) devices(api string) map[string]pairedDevice {
	c.Helper()
	var list []pairedDevice
	c.get(api + "/devices").want(http.StatusOK).read(&list)
	byTarget := map[string]pairedDevice{}
	for _, d := range list {
		byTarget[d.Target] = d
	}
	return byTarget
}

// TestSupervisorsSeeTheirDevices has a supervisor of one office, who is told of that office's
// devices and changes none.
func TestSupervisorsSeeTheirDevices(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	if err := s.engine.Create(t.Context(), branch, queue.Default()); err != nil {
		t.Fatal(err)
	}
	for target, at := range map[string]string{"sala": office, "ingresso": branch} {
		if _, _, err := s.auth.CreateDevice(t.Context(), auth.Display, at, target); err != nil {
			t.Fatal(err)
		}
	}
	lia := s.user("lia", auth.Supervisor)
	here, there := lia.devices("/api/v1"), lia.devices("/api/v1/offices/"+branch)
	if got := here["sala"]; len(here) != len(queue.Default().Displays) || got.Kind != "display" || got.Office != office || got.Online || got.SeenAt != nil {
		t.Errorf("%+v", here)
	}
	if got := there["ingresso"]; len(there) != len(queue.Default().Displays) || got.Office != branch || strings.HasPrefix(got.ID, "display.") {
		t.Errorf("%+v", there)
	}
	lia.delete("/api/v1/devices/"+here["sala"].ID).refused(http.StatusForbidden, "forbidden", "")
	lia.get("/api/v1/offices/luna/devices").refused(http.StatusNotFound, "unknown_office", "")
}

// TestDevicesThatWatch has a monitor that does nothing but hold its WebSocket.
func TestDevicesThatWatch(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	shared := startServer(t, t.TempDir(), s.clock, func(o *httpd.Options) { o.Shared = true })
	for _, at := range []*server{s, shared} {
		monitor := at.device(auth.Display, "sala").watch("view=display&display=sala")
		monitor.next("view", nil)
		at.device(auth.Display, "ingresso")
	}
	since := s.clock.now()
	for range 70 { // as serve does it every two seconds
		s.clock.pass(2 * time.Second)
		s.httpd.Recheck()
		shared.httpd.Recheck()
	}
	for _, at := range []*server{s, shared} {
		got := at.dev().devices("/api/v1")
		if d := got["sala"]; !d.Online || d.SeenAt == nil || !d.SeenAt.Equal(at.clock.now()) {
			t.Errorf("the one that watches: %+v", d)
		}
		if d := got["ingresso"]; d.Online || d.SeenAt != nil {
			t.Errorf("the one that was never used: %+v", d)
		}
		// What is written down, for other servers to see.
		kept, err := at.auth.Devices(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(kept, func(d auth.Device) bool { return d.Target == "sala" })
		if age := at.clock.now().Sub(kept[i].SeenAt); age > time.Minute+4*time.Second || !kept[i].SeenAt.After(since) {
			t.Errorf("kept as seen %v ago", age)
		}
	}
}

// TestOnlineElsewhere has a device that watches at another server on the same journal.
func TestOnlineElsewhere(t *testing.T) {
	t.Parallel()
	for _, shared := range []bool{true, false} {
		s := newServer(t, func(o *httpd.Options) { o.Shared = shared })
		_, token, err := s.auth.CreateDevice(t.Context(), auth.Display, office, "sala")
		if err != nil {
			t.Fatal(err)
		}
		other := auth.New(s.journal.DB(), auth.Options{Now: s.clock.now})
		if _, err := other.Holder(t.Context(), token); err != nil {
			t.Fatal(err)
		}
		s.clock.pass(time.Minute + 5*time.Second)
		if got := s.dev().devices("/api/v1")["sala"]; got.Online != shared || got.SeenAt == nil {
			t.Errorf("shared %v: %+v", shared, got)
		}
		s.clock.pass(time.Minute)
		if got := s.dev().devices("/api/v1")["sala"]; got.Online {
			t.Errorf("shared %v: %+v", shared, got)
		}
	}
}

// TestRefusedTickets has a totem tell which of its tickets the office didn't take: staff read why
// in words, whatever it says.
func TestRefusedTickets(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	totem, eva := s.device(auth.Totem, "t1"), s.user("eva", auth.Supervisor)
	refused := func(c client) (messages []string) {
		t.Helper()
		var list []struct {
			Refused []struct {
				Number, Message string
				IssuedAt        time.Time `json:"issued_at"`
			}
		}
		c.get("/api/v1/devices").want(http.StatusOK).read(&list)
		for _, r := range list[0].Refused {
			messages = append(messages, r.Number+" "+r.IssuedAt.Format("15:04")+" "+r.Message)
		}
		return messages
	}
	say := func(list ...string) string {
		return `{"printer":{"state":"ready"},"refused":[` + strings.Join(list, ",") + `]}`
	}
	one := func(number, reason string) string {
		return `{"number":"` + number + `","issued_at":"2026-03-02T08:59:00+01:00","reason":"` + reason + `"}`
	}
	const path = "/api/v1/totems/status"
	totem.post(path, say(one("A900", "number_used"), one("A901", "unknown_class"), one("A902", "of_tomorrow"), one("A903", "hand_over_refused"))).want(http.StatusNoContent)
	for lang, want := range map[string][]string{
		"it": {"A900 08:59 Il numero A900 è già di un altro biglietto.", "A901 08:59 La sede non l’ha accettato.", "A902 08:59 La sede non l’ha accettato.", "A903 08:59 La sede non l’ha accettato."},
		"en": {"A900 08:59 Number A900 is another ticket's already.", "A901 08:59 The office did not take it.", "A902 08:59 The office did not take it.", "A903 08:59 The office did not take it."},
	} {
		if diff := cmp.Diff(want, refused(eva.with("Accept-Language", lang))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", lang, diff)
		}
	}
	for field, list := range map[string][]string{
		"refused[1].number":    {one("A900", "number_used"), one("900", "number_used")},
		"refused[0].reason":    {one("A900", "")},
		"refused[0].issued_at": {`{"number":"A900","reason":"number_used"}`},
		"refused":              slices.Repeat([]string{one("A900", "number_used")}, 101),
	} {
		totem.post(path, say(list...)).refused(http.StatusBadRequest, "invalid", field)
	}
	if got := refused(eva); len(got) != 4 {
		t.Errorf("after what was no status: %q", got)
	}
	totem.post(path, `{"printer":{"state":"ready"}}`).want(http.StatusNoContent)
	if got := refused(eva); len(got) > 0 {
		t.Errorf("once there are none: %q", got)
	}
}

// TestDismissingPairings has an administrator who wants nothing of a device that asks, nor of an
// invitation any more.
func TestDismissingPairings(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	admin := s.user("capo", auth.Admin)
	kiosk, _ := s.public().ask(`{"kind":"totem"}`)
	other, _ := s.public().ask(`{"kind":"display"}`)
	var invitation asked
	admin.post("/api/v1/pairings/invite", `{"kind":"totem","target":"t1"}`).want(http.StatusCreated).read(&invitation)
	s.bearer(kiosk.Secret).delete("/api/v1/pairings/"+kiosk.ID).refused(http.StatusUnauthorized, "unauthenticated", "")
	for _, id := range []string{kiosk.ID, invitation.ID} {
		admin.delete("/api/v1/pairings/" + id).want(http.StatusNoContent)
		admin.delete("/api/v1/pairings/"+id).refused(http.StatusNotFound, "not_found", "code")
	}
	s.bearer(kiosk.Secret).get("/api/v1/pairings/"+kiosk.ID).refused(http.StatusNotFound, "not_found", "code")
	admin.post("/api/v1/pairings/confirm", `{"code":"`+kiosk.Code+`","kind":"totem","target":"t1"}`).refused(http.StatusNotFound, "not_found", "code")
	s.public().post("/api/v1/pairings/redeem", `{"code":"`+invitation.Code+`"}`).refused(http.StatusNotFound, "not_found", "code")
	var waiting []asked
	admin.get("/api/v1/pairings").want(http.StatusOK).read(&waiting)
	if len(waiting) != 1 || waiting[0].ID != other.ID {
		t.Errorf("%+v", waiting)
	}
}

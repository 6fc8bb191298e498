package httpd_test

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/eliminacode/eliminacode/pkg/auth"
	"github.com/eliminacode/eliminacode/pkg/httpd"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// other makes another office, with a display that the default one doesn't have, and returns the
// path above its calls.
func (s *server) other(name string) string {
	s.Helper()
	cfg := queue.Default()
	cfg.Name = queue.Text{"it": "Sportello di " + name, "en": "Desk of " + name}
	cfg.Displays = []queue.Display{{ID: "atrio", Name: queue.Text{"it": "Atrio"}}}
	b, err := json.Marshal(cfg)
	if err != nil {
		s.Fatal(err)
	}
	s.dev().with("If-None-Match", "*").do(http.MethodPut, "/api/v1/offices/"+name+"/config", string(b)).want(http.StatusOK)
	return "/api/v1/offices/" + name
}

// TestOfficesOfWhoAsks has users of all offices and of one.
func TestOfficesOfWhoAsks(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.other(branch)
	type named struct {
		ID      string
		Names   map[string]string
		Default bool
	}
	theirs := named{branch, map[string]string{"it": "Sportello di cascine", "en": "Desk of cascine"}, false}
	all := []named{{office, queue.Default().Name, true}, theirs}
	for name, tt := range map[string]struct {
		role    auth.Role
		offices []string
		want    []named
	}{
		"lia": {auth.Supervisor, nil, all}, "ada": {auth.Admin, nil, all},
		"ugo": {auth.Operator, []string{branch}, []named{theirs}}, "eva": {auth.Admin, []string{branch}, []named{theirs}},
	} {
		if _, err := s.auth.AddUser(t.Context(), auth.User{Name: name, Role: tt.role, Offices: tt.offices}, password); err != nil {
			t.Fatal(err)
		}
		var got []named
		s.session(name).get("/api/v1/offices").want(http.StatusOK).read(&got)
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestPagesOfAnotherOffice(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	api := s.other("cascine")
	s.dev().issue("anagrafe")
	var mine, done ticket
	for _, v := range []*ticket{&mine, &done} {
		s.dev().post(api+"/tickets", `{"channel":"anagrafe"}`).want(http.StatusCreated).read(v)
	}
	if want := s.web.URL + "/offices/cascine/t/" + mine.ID; mine.URL != want {
		t.Errorf("url %q, want %q", mine.URL, want)
	}
	for _, path := range []string{"", "/affluenza"} {
		s.public().get("/offices/cascine" + path).want(http.StatusOK).contains("Sportello di cascine")
	}
	page := s.public().get("/offices/cascine/t/" + mine.ID).want(http.StatusOK)
	page.contains("Sportello di cascine", "A001", "In attesa", `action="/offices/cascine/t/`+mine.ID+`/cancel"`, `href="/offices/cascine/affluenza"`)
	form := s.public().with("Content-Type", "application/x-www-form-urlencoded")
	form.post("/offices/cascine/t/"+mine.ID+"/cancel", "").want(http.StatusSeeOther).headers("Location", "/offices/cascine/t/"+mine.ID)
	s.public().get("/offices/cascine/t/" + mine.ID).want(http.StatusOK).contains("Annullato")
	s.public().get("/offices/cascine/display/atrio").want(http.StatusOK).contains("monitor.js")
	s.dev().get("/offices/cascine/totem").want(http.StatusOK).contains("totem.js")
	s.public().get("/offices/cascine/console").want(http.StatusOK).contains("console.js")
	// Each office has its own.
	s.public().get("/t/" + done.ID).want(http.StatusNotFound)
	s.public().get("/display/atrio").want(http.StatusNotFound)
	s.public().get("/offices/cascine/display/sala").want(http.StatusNotFound)
	// The default office's pages are under its name, too, and its tickets stay at the short
	// address.
	var short ticket
	s.dev().post("/api/v1/offices/urp/tickets", `{"channel":"anagrafe"}`).want(http.StatusCreated).read(&short)
	if want := s.web.URL + "/t/" + short.ID; short.URL != want {
		t.Errorf("url %q, want %q", short.URL, want)
	}
	s.public().get("/offices/urp/t/" + short.ID).want(http.StatusOK).contains(`action="/t/` + short.ID)

	person := s.public().with("Accept", "text/html")
	for _, path := range []string{"", "/affluenza", "/t/" + mine.ID, "/display/sala", "/totem", "/display", "/console"} {
		a := person.get("/offices/luna" + path).want(http.StatusNotFound)
		a.contains("<h1>Questa sede non esiste.</h1>")
	}
	form.post("/offices/luna/t/"+mine.ID+"/cancel", "").want(http.StatusNotFound)
}

// TestImpossibleOffices has names that no office has: to know that, no database is needed, and not
// every database could look.
func TestImpossibleOffices(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	if err := s.journal.Close(); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"%00", "%ff", "Luna", "-", strings.Repeat("x", 33)} {
		api := "/api/v1/offices/" + name
		s.public().get(api+"/state").refused(http.StatusNotFound, "unknown_office", "")
		s.public().get(api+"/tickets/x").refused(http.StatusNotFound, "unknown_office", "")
		s.public().delete(api+"/tickets/x").refused(http.StatusNotFound, "unknown_office", "")
		s.dev().post(api+"/counters/2/next", "").refused(http.StatusNotFound, "unknown_office", "")
		s.public().get("/offices/" + name).want(http.StatusNotFound)
	}
}

func TestDevicesOfAnotherOffice(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.other("cascine")
	for body, page := range map[string]string{
		`{"kind":"totem","office":"cascine","target":"t1"}`:      "/offices/cascine/totem",
		`{"kind":"display","office":"cascine","target":"atrio"}`: "/offices/cascine/display/atrio",
	} {
		browser, opened := s.invited(body)
		if opened != page {
			t.Errorf("%q, want %q", opened, page)
		}
		browser.post("/api/v1/tickets", `{"channel":"anagrafe"}`).refused(http.StatusForbidden, "forbidden", "")
		if strings.Contains(page, "totem") {
			browser.post("/api/v1/offices/cascine/tickets", `{"channel":"anagrafe"}`).want(http.StatusCreated)
		}
	}
	s.dev().post("/api/v1/devices", `{"kind":"display","office":"cascine","target":"sala"}`).refused(http.StatusBadRequest, "invalid", "target")
}

// TestURLsOfTickets has the addresses of tickets where many look at the same view, who don't all
// come by the same host.
func TestURLsOfTickets(t *testing.T) {
	t.Parallel()
	for public, base := range map[string]string{"": "", "https://coda.example.it": "https://coda.example.it"} {
		s := newServer(t, func(o *httpd.Options) { o.PublicURL = public })
		api := s.other("cascine")
		for prefix, faces := range map[string]string{"/api/v1": "", api: "/offices/cascine"} {
			var mine ticket
			s.dev().post(prefix+"/tickets", `{"channel":"anagrafe"}`).want(http.StatusCreated).read(&mine)
			path := faces + "/t/" + mine.ID
			if absolute := base + path; public == "" && mine.URL != s.web.URL+path || public != "" && mine.URL != absolute {
				t.Errorf("%q", mine.URL)
			}
			var visit struct {
				Ticket ticket `json:"ticket"`
			}
			s.public().watchAt(prefix, "view=ticket&ticket="+mine.ID).next("view", &visit)
			if want := base + path; visit.Ticket.URL != want {
				t.Errorf("over WebSocket: %q, want %q", visit.Ticket.URL, want)
			}
		}
	}
}

// TestOfficeThatCannotBeRead takes nothing away that is of all offices.
func TestOfficeThatCannotBeRead(t *testing.T) {
	t.Parallel()
	var log logbook
	s := newServer(t, speaking(t), func(o *httpd.Options) { o.Log = slog.New(slog.NewTextHandler(&log, nil)) })
	if _, err := s.journal.DB().ExecContext(t.Context(), `INSERT INTO events (office, seq, at, kind, ticket, counter, body) VALUES ('luna', 1, 0, '', '', '', 'lost')`); err != nil {
		t.Fatal(err)
	}
	s.public().get("/api/v1/offices/luna/state").want(http.StatusServiceUnavailable)
	ada := s.user("ada", auth.Admin)
	var spoken struct {
		Languages []struct{ Counters []string }
	}
	ada.get("/api/v1/voice").want(http.StatusOK).read(&spoken)
	if len(spoken.Languages) == 0 || !slices.Contains(spoken.Languages[0].Counters, "sportello") {
		t.Errorf("%+v", spoken)
	}
	var got []struct {
		ID    string
		Names map[string]string
	}
	ada.get("/api/v1/offices").want(http.StatusOK).read(&got)
	if len(got) != 2 || got[0].Names["it"] == "" || got[1].ID != "luna" || got[1].Names == nil {
		t.Errorf("%+v", got)
	}
	for _, want := range []string{"counters whose clips aren't known", "offices without their names", "luna"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log has no %q: %s", want, log.String())
		}
	}
}

package httpd_test

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/eliminacode/eliminacode/pkg/audience"
	"github.com/eliminacode/eliminacode/pkg/auth"
	"github.com/eliminacode/eliminacode/pkg/httpd"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// branch is an office besides the default one.
const branch = "cascine"

// Who may make a call: o, s, a are operators, supervisors and administrators of the office, t its
// totems, S whoever signed in, M administrators of all offices, * everybody.
var mayCall = map[string]string{
	"GET /healthz": "*", "GET /readyz": "*", "GET /metrics": "*", "GET /assets/*": "*", "GET /voice/*": "*", "GET /favicon.ico": "*", "GET /display-worker.js": "*",
	"GET /": "*", "GET /offices/{office}": "*", "GET /affluenza": "*", "GET /crowding.txt": "*", "GET /widget": "*", "GET /badge.svg": "*", "GET /avvisi.atom": "*", "GET /opendata": "*", "GET /opendata/catalog.rdf": "*", "GET /opendata/{table}": "*", "GET /privacy": "*", "GET /accessibilita": "*", "GET /t/worker.js": "*", "GET /t/{ticket}": "*", "GET /t/{ticket}/manifest.webmanifest": "*", "POST /t/{ticket}/cancel": "*", "POST /t/{ticket}/postpone": "*", "GET /i/{invitation}": "*", "POST /i/{invitation}": "*",
	"GET /display/{display}": "*", "GET /display": "*", "GET /qr.svg": "*", "GET /media/{file}": "*", "GET /pair": "*", "GET /totem": "*", "GET /console": "*", "GET /login": "*", "GET /admin": "*", "GET /simulatore": "*",

	"GET /api/v1/openapi.json": "*", "POST /api/v1/login": "*", "POST /api/v1/logout": "*",
	"GET /api/v1/me": "S", "POST /api/v1/password": "S",
	"GET /api/v1/offices": "S", "GET /api/v1/server": "M",
	"GET /api/v1/voice": "M", "PUT /api/v1/voice/{lang}/{clip}": "M", "DELETE /api/v1/voice/{lang}/{clip}": "M",
	"GET /api/v1/users": "M", "POST /api/v1/users": "M", "PUT /api/v1/users/{name}": "M",
	"POST /api/v1/devices": "M", "DELETE /api/v1/devices/{device}": "M",
	"GET /api/v1/pairings": "M", "POST /api/v1/pairings": "*", "GET /api/v1/pairings/{pairing}": "*", "DELETE /api/v1/pairings/{pairing}": "M",
	"POST /api/v1/pairings/confirm": "M", "POST /api/v1/pairings/invite": "M", "POST /api/v1/pairings/redeem": "*",

	"GET /api/v1/state": "*", "GET /api/v1/crowding": "*", "GET /api/v1/crowding.txt": "*", "GET /api/v1/ws": "*",
	"GET /api/v1/ws?view=public": "*", "GET /api/v1/ws?view=display": "*", "GET /api/v1/ws?view=totem": "tosa", "GET /api/v1/ws?view=ticket": "*",
	"GET /api/v1/ws?view=counter": "osa",
	"POST /api/v1/tickets":        "tosa", "GET /api/v1/tickets/{ticket}": "*", "DELETE /api/v1/tickets/{ticket}": "*",
	"POST /api/v1/tickets/{ticket}/postpone": "*",
	"GET /api/v1/tickets/{ticket}/pdf":       "*", "GET /api/v1/tickets/{ticket}/qr.svg": "*",
	"POST /api/v1/tickets/offline": "t", "POST /api/v1/invitations": "tosa", "POST /api/v1/leases": "t", "POST /api/v1/totems/status": "t", "POST /api/v1/tickets/roll": "osa",
	"POST /api/v1/tickets/{ticket}/printed": "tosa", "POST /api/v1/tickets/{ticket}/reprint": "tosa",
	"GET /api/v1/counters":                   "osa",
	"GET /api/v1/devices":                    "sa",
	"POST /api/v1/devices/{device}/identify": "sa", "POST /api/v1/devices/{device}/reload": "sa", "POST /api/v1/devices/{device}/mute": "sa",
	"GET /api/v1/journal": "sa", "GET /api/v1/stats": "sa", "GET /api/v1/visits": "sa", "POST /api/v1/simulation": "sa",
	"GET /api/v1/config": "a", "PUT /api/v1/config": "a", "POST /api/v1/config/paper": "a", "POST /api/v1/config/display": "a", "GET /api/v1/media": "a", "GET /api/v1/config/versions": "a", "GET /api/v1/config/versions/{version}": "a",
}

func init() {
	for _, verb := range []string{
		"open", "close", "pause", "resume", "alarm", "calm", "next", "call", "recall", "start", "absent", "requeue",
		"undo", "done", "reinstate", "hold", "transfer", "walkin",
	} {
		mayCall["POST /api/v1/counters/{counter}/"+verb] = "osa"
	}
}

// TestWhoMayDoWhat makes every call that the server knows, of every office, in the name of
// everybody: of each kind, and of either office or all. What is allowed isn't carried out: what it
// is about doesn't exist. A route that the table above doesn't have fails.
func TestWhoMayDoWhat(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	if err := s.engine.Create(t.Context(), branch, queue.Default()); err != nil {
		t.Fatal(err)
	}
	type sender struct {
		client
		kind    byte // as in the table; '-' for nobody
		offices []string
	}
	senders := map[string]sender{
		"nobody": {s.public(), '-', nil}, "who has a wrong token": {s.bearer("ecs_wrong"), '-', nil},
		"a display": {s.device(auth.Display, "sala"), 'd', []string{office}},
	}
	for _, at := range []string{office, branch} {
		_, token, err := s.auth.CreateDevice(t.Context(), auth.Totem, at, "t1")
		if err != nil {
			t.Fatal(err)
		}
		senders["a totem of "+at] = sender{s.bearer(token), 't', []string{at}}
	}
	for _, role := range []auth.Role{auth.Operator, auth.Supervisor, auth.Admin} {
		for of, offices := range map[string][]string{"all": nil, office: {office}, branch: {branch}} {
			u := auth.User{Name: string(role) + "." + of, Role: role, Offices: offices}
			if _, err := s.auth.AddUser(t.Context(), u, password); err != nil {
				t.Fatal(err)
			}
			senders[u.Name] = sender{s.session(u.Name), role[0], offices}
		}
	}
	may := func(who sender, rule, at string) bool {
		isStaff := strings.ContainsRune("osa", rune(who.kind))
		switch rule {
		case "*":
			return true
		case "S":
			return isStaff
		case "M":
			return who.kind == 'a' && who.offices == nil
		}
		return strings.ContainsRune(rule, rune(who.kind)) && (isStaff && who.offices == nil || slices.Contains(who.offices, at))
	}

	calls := httpd.Routes(s.httpd)
	for _, k := range audience.Kinds {
		calls = append(calls, "GET /api/v1/ws?view="+k.Name, "GET /api/v1/offices/{office}/ws?view="+k.Name)
	}
	events := func() (n int64) {
		for _, at := range []string{office, branch} {
			n += s.seqOf(at)
		}
		return n
	}
	// Whoever signs out can make no other call.
	slices.SortStableFunc(calls, func(a, b string) int { return strings.Count(a, "/logout") - strings.Count(b, "/logout") })
	before, seen := events(), map[string]bool{}
	for _, call := range calls {
		rule := mayCall[call]
		ats := []string{office}
		if strings.Contains(call, "/offices/{office}/") {
			rule = mayCall[strings.Replace(call, "/offices/{office}/", "/", 1)]
			ats = []string{office, branch}
		}
		seen[strings.Replace(call, "/offices/{office}/", "/", 1)] = true
		if rule == "" {
			t.Errorf("nobody has decided who may %s: say it in the tables of access", call)
			continue
		}
		for _, at := range ats {
			method, path, _ := strings.Cut(strings.NewReplacer("{office}", at, "{counter}", "9", "{ticket}", "NONE", "{invitation}", "NONE").Replace(call), " ")
			for name, who := range senders {
				body := ""
				if method == http.MethodPost || method == http.MethodPut {
					body = `{"nothing of this kind":1}`
				}
				a := who.outside().do(method, path, body)
				allowed := a.StatusCode != http.StatusUnauthorized && a.StatusCode != http.StatusForbidden
				switch {
				case allowed != may(who, rule, at):
					t.Errorf("%s %s by %s: %d", method, path, name, a.StatusCode)
				case allowed:
				case who.kind == '-', rule == "S": // a device is nobody there
					a.refused(http.StatusUnauthorized, "unauthenticated", "")
					a.headers("WWW-Authenticate", "Bearer")
				default:
					a.refused(http.StatusForbidden, "forbidden", "")
				}
			}
		}
	}
	for call := range mayCall {
		if !seen[call] {
			t.Errorf("the server has no %s any more", call)
		}
	}
	if events() != before {
		t.Error("something was changed")
	}
}

func TestUsersBelongToOffices(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	if err := s.engine.Create(t.Context(), branch, queue.Default()); err != nil {
		t.Fatal(err)
	}
	ada := s.user("ada", auth.Admin)
	type user struct {
		Name    string   `json:"name"`
		Offices []string `json:"offices"`
	}
	var got user
	ada.post("/api/v1/users", `{"name":"anna","role":"operator","offices":["cascine"],"password":"`+password+`"}`).want(http.StatusCreated).read(&got)
	if !slices.Equal(got.Offices, []string{branch}) {
		t.Errorf("%+v", got)
	}
	anna := s.session("anna")
	var me struct{ User user }
	anna.get("/api/v1/me").want(http.StatusOK).read(&me)
	if !slices.Equal(me.User.Offices, []string{branch}) {
		t.Errorf("%+v", me)
	}
	anna.get("/api/v1/offices/cascine/counters").want(http.StatusOK)
	r := anna.get("/api/v1/counters").refused(http.StatusForbidden, "forbidden", "")
	if !strings.Contains(r.Message, "sede") {
		t.Errorf("%q doesn't say that it's the office", r.Message)
	}
	ada.do("PUT", "/api/v1/users/anna", `{"offices":["urp","cascine"]}`).want(http.StatusNoContent)
	anna.get("/api/v1/counters").want(http.StatusOK)
	ada.do("PUT", "/api/v1/users/anna", `{"offices":["urp"]}`).want(http.StatusNoContent)
	anna.get("/api/v1/offices/cascine/counters").refused(http.StatusForbidden, "forbidden", "")
	ada.do("PUT", "/api/v1/users/anna", `{"offices":[]}`).want(http.StatusNoContent)
	anna.get("/api/v1/offices/cascine/counters").want(http.StatusOK)

	var all []user
	ada.get("/api/v1/users").want(http.StatusOK).read(&all)
	for _, u := range all {
		if u.Offices == nil || len(u.Offices) != 0 {
			t.Errorf("%+v", u)
		}
	}
	ada.do("PUT", "/api/v1/users/anna", `{"offices":["luna"]}`).refused(http.StatusBadRequest, "invalid", "offices")
	ada.post("/api/v1/users", `{"name":"bruno","role":"operator","offices":["luna"],"password":"`+password+`"}`).
		refused(http.StatusBadRequest, "invalid", "offices")
	ada.do("PUT", "/api/v1/users/ada", `{"offices":["urp"]}`).refused(http.StatusBadRequest, "invalid", "offices")
	ada.do("PUT", "/api/v1/users/anna", `{"offices":["Non Così"]}`).refused(http.StatusBadRequest, "invalid", "offices")
}

// TestNothingIsKeptOnTheWay looks at the answer of every call of the API, to who may and who may
// not.
func TestNothingIsKeptOnTheWay(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	public := map[string]string{"state": "public, max-age=1", "crowding": "public, max-age=60", "crowding.txt": "public, max-age=10"}
	for _, call := range httpd.Routes(s.httpd) {
		method, path, _ := strings.Cut(strings.NewReplacer("{office}", office, "{counter}", "9", "{ticket}", "NONE").Replace(call), " ")
		if !strings.HasPrefix(path, "/api/") {
			continue
		}
		for _, c := range []client{s.dev(), s.public()} {
			a := c.outside().do(method, path, "")
			a.headers("Cache-Control", cmp.Or(public[path[strings.LastIndex(path, "/")+1:]], "no-store"))
		}
	}
	s.public().get("/api/v1/offices/luna/state").want(http.StatusNotFound).headers("Cache-Control", "no-store")
}

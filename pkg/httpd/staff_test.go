package httpd_test

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/eliminacode/eliminacode/pkg/auth"
	"github.com/eliminacode/eliminacode/pkg/httpd"
)

func TestTokens(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	for _, token := range []string{"x", "ecs_x", "ecd_x", devToken + "x"} {
		s.bearer(token).get("/api/v1/state").want(http.StatusOK) // the public may, and so may who isn't known
		s.bearer(token).get("/api/v1/counters").refused(http.StatusUnauthorized, "unauthenticated", "")
		s.bearer(token).post("/api/v1/tickets", `{"channel":"anagrafe"}`).refused(http.StatusUnauthorized, "unauthenticated", "")
	}
	for _, scheme := range []string{"bearer ", "BEARER  "} {
		s.public().with("Authorization", scheme+devToken).get("/api/v1/counters").want(http.StatusOK)
	}
	s.public().with("Authorization", "Basic "+devToken).get("/api/v1/counters").refused(http.StatusUnauthorized, "unauthenticated", "")
	s.public().with("Cookie", "eliminacode_session=ecs_old").get("/api/v1/state").want(http.StatusOK)
	s.public().with("Cookie", "eliminacode_session=ecs_old").get("/api/v1/me").refused(http.StatusUnauthorized, "unauthenticated", "")
}

func TestDevelopmentToken(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.dev().issue("anagrafe")
	for header, value := range map[string]string{
		"X-Forwarded-For": "192.0.2.7", "Forwarded": "for=192.0.2.7", "X-Real-IP": "192.0.2.7", "Via": "1.1 proxy",
		"X-Forwarded-Proto": "https", "X-Forwarded-Host": "coda.comune.example.it",
	} {
		s.dev().with(header, value).post("/api/v1/tickets", `{"channel":"anagrafe"}`).refused(http.StatusUnauthorized, "unauthenticated", "")
		s.public().with("Cookie", "eliminacode_dev="+devToken).with(header, value).get("/api/v1/config").refused(http.StatusUnauthorized, "unauthenticated", "")
	}
	s.public().outside().with("Cookie", "eliminacode_dev="+devToken).get("/api/v1/config").want(http.StatusOK)
	without := newServer(t, withoutDev)
	without.dev().get("/api/v1/config").refused(http.StatusUnauthorized, "unauthenticated", "")
}

type userAnswer struct {
	User struct {
		Name string `json:"name"`
		Role string `json:"role"`
	} `json:"user"`
}

func TestSession(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.user("anna", auth.Operator)
	login := s.public().post("/api/v1/login", `{"name":" Anna ","password":"`+password+`"}`).want(http.StatusOK)
	var got userAnswer
	login.read(&got)
	if got.User.Name != "anna" || got.User.Role != "operator" {
		t.Errorf("%+v", got)
	}
	cookie := login.cookie("eliminacode_session")
	if !cookie.HttpOnly || cookie.SameSite != http.SameSiteStrictMode || cookie.Path != "/" || cookie.Secure {
		t.Errorf("%+v", cookie)
	}
	if strings.Contains(string(login.body), cookie.Value) {
		t.Error("the token is in the body, where scripts can read it")
	}
	anna := s.public().with("Cookie", cookie.Name+"="+cookie.Value)
	anna.get("/api/v1/me").want(http.StatusOK).headers("Cache-Control", "no-store").read(&got)
	s.bearer(cookie.Value).get("/api/v1/me").want(http.StatusOK)

	gone := anna.post("/api/v1/logout", "").want(http.StatusNoContent).cookie("eliminacode_session")
	if gone.MaxAge >= 0 || gone.Value != "" {
		t.Errorf("%+v", gone)
	}
	anna.get("/api/v1/me").refused(http.StatusUnauthorized, "unauthenticated", "")
	s.public().post("/api/v1/logout", "").want(http.StatusNoContent)

	anna = s.session("anna")
	s.clock.pass(13 * time.Hour)
	anna.get("/api/v1/me").refused(http.StatusUnauthorized, "unauthenticated", "")
}

func TestPassword(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	anna, elsewhere := s.user("anna", auth.Operator), s.session("anna")
	change := func(old, next string) *answer {
		return anna.post("/api/v1/password", `{"old":"`+old+`","new":"`+next+`"}`)
	}
	r := change("sbagliata", "una password nuova").refused(http.StatusBadRequest, "invalid", "old_password")
	if r.Message != "La password attuale non è giusta." {
		t.Error(r.Message)
	}
	change(password, "corta").refused(http.StatusBadRequest, "invalid", "password")
	anna.get("/api/v1/me").want(http.StatusOK)
	change(password, "una password nuova").want(http.StatusNoContent)
	anna.get("/api/v1/me").want(http.StatusUnauthorized)
	elsewhere.get("/api/v1/me").want(http.StatusUnauthorized)
	s.public().post("/api/v1/login", `{"name":"anna","password":"`+password+`"}`).refused(http.StatusUnauthorized, "unauthenticated", "")
	s.public().post("/api/v1/login", `{"name":"anna","password":"una password nuova"}`).want(http.StatusOK)
}

func TestLoginIsLimited(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.user("anna", auth.Operator)
	login := func(name, word string) *answer {
		return s.public().post("/api/v1/login", `{"name":"`+name+`","password":"`+word+`"}`)
	}
	// A wrong name is told in the same words as a wrong password.
	wrong := login("anna", "sbagliata sbagliata").refused(http.StatusUnauthorized, "unauthenticated", "")
	if r := login("nessuno", password).refused(http.StatusUnauthorized, "unauthenticated", ""); r.Message != wrong.Message {
		t.Errorf("%q, %q", r.Message, wrong.Message)
	}
	var a *answer
	for range 10 {
		if a = login("anna", "sbagliata sbagliata"); a.StatusCode != http.StatusUnauthorized {
			break
		}
	}
	a.refused(http.StatusTooManyRequests, "rate_limited", "")
	wait, err := strconv.Atoi(a.Header.Get("Retry-After"))
	if err != nil || wait < 1 || wait > 60 {
		t.Errorf("Retry-After %q", a.Header.Get("Retry-After"))
	}
	login("anna", password).refused(http.StatusTooManyRequests, "rate_limited", "")
	s.clock.pass(time.Duration(wait) * time.Second)
	login("anna", password).want(http.StatusOK)
}

// TestNobodyLocksOutAnother has a browser that signed in before, at an address from which somebody
// guesses.
func TestNobodyLocksOutAnother(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.user("anna", auth.Operator)
	right, wrong := `{"name":"anna","password":"`+password+`"}`, `{"name":"anna","password":"sbagliata sbagliata"}`
	first := s.public().post("/api/v1/login", right).want(http.StatusOK).cookie("eliminacode_browser")
	if !first.HttpOnly || first.SameSite != http.SameSiteStrictMode || first.MaxAge != 400*24*3600 {
		t.Errorf("%+v", first)
	}
	for range 10 {
		s.public().post("/api/v1/login", wrong)
	}
	s.public().post("/api/v1/login", right).refused(http.StatusTooManyRequests, "rate_limited", "")
	browser := s.public().with("Cookie", first.Name+"="+first.Value)
	again := browser.post("/api/v1/login", right).want(http.StatusOK).cookie("eliminacode_browser")
	if again.Value != first.Value || again.MaxAge != first.MaxAge {
		t.Errorf("%+v, then %+v", first, again)
	}
	browser.get("/api/v1/counters").refused(http.StatusUnauthorized, "unauthenticated", "") // it is no session
}

func TestUsers(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	ada := s.user("ada", auth.Admin)
	type user struct {
		Name     string `json:"name"`
		FullName string `json:"full_name"`
		Role     string `json:"role"`
		Disabled bool   `json:"disabled"`
	}
	var got user
	ada.post("/api/v1/users", `{"name":"anna","full_name":" Anna R. ","role":"operator","password":"`+password+`"}`).want(http.StatusCreated).read(&got)
	if got != (user{Name: "anna", FullName: "Anna R.", Role: "operator"}) {
		t.Errorf("%+v", got)
	}
	ada.post("/api/v1/users", `{"name":"anna","role":"admin","password":"`+password+`"}`).refused(http.StatusBadRequest, "invalid", "name")
	anna := s.session("anna")
	anna.get("/api/v1/journal").refused(http.StatusForbidden, "forbidden", "")
	ada.do("PUT", "/api/v1/users/anna", `{"role":"supervisor"}`).want(http.StatusNoContent)
	anna.get("/api/v1/journal").want(http.StatusOK)
	ada.do("PUT", "/api/v1/users/anna", `{"password":"una password nuova"}`).want(http.StatusNoContent)
	anna.get("/api/v1/me").want(http.StatusUnauthorized)
	s.public().post("/api/v1/login", `{"name":"anna","password":"una password nuova"}`).want(http.StatusOK)
	ada.do("PUT", "/api/v1/users/anna", `{"disabled":true}`).want(http.StatusNoContent)
	s.public().post("/api/v1/login", `{"name":"anna","password":"una password nuova"}`).refused(http.StatusUnauthorized, "unauthenticated", "")
	ada.do("PUT", "/api/v1/users/ada", `{"disabled":true}`).refused(http.StatusBadRequest, "invalid", "disabled")
	ada.do("PUT", "/api/v1/users/ada", `{"role":"operator"}`).refused(http.StatusBadRequest, "invalid", "role")

	ada.do("PUT", "/api/v1/users/anna", `{"password":"corta"}`).refused(http.StatusBadRequest, "invalid", "password")
	ada.do("PUT", "/api/v1/users/anna", `{"disabled":false,"role":"king"}`).refused(http.StatusBadRequest, "invalid", "role")
	// All or nothing: anna stays disabled, and the old password stays hers.
	ada.do("PUT", "/api/v1/users/anna", `{"disabled":false,"role":"admin","password":"corta"}`).refused(http.StatusBadRequest, "invalid", "password")
	ada.do("PUT", "/api/v1/users/ada", `{"password":"una password nuova","disabled":true}`).refused(http.StatusBadRequest, "invalid", "disabled")
	ada.get("/api/v1/me").want(http.StatusOK)
	ada.do("PUT", "/api/v1/users/anna", `{}`).refused(http.StatusBadRequest, "invalid", "")
	// The answer has what is stored.
	got = user{}
	ada.post("/api/v1/users", `{"name":"Bruno","role":"operator","password":"`+password+`"}`).want(http.StatusCreated).read(&got)
	if got != (user{Name: "bruno", Role: "operator"}) {
		t.Errorf("%+v", got)
	}
	var all []user
	ada.get("/api/v1/users").want(http.StatusOK).read(&all)
	want := []user{{Name: "ada", Role: "admin"}, {Name: "anna", FullName: "Anna R.", Role: "supervisor", Disabled: true}, got}
	if diff := cmp.Diff(want, all); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestAccountsUnavailable has a database that is away: that's nothing the sender did, and worth
// another try.
func TestAccountsUnavailable(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.public().get("/api/v1/state").want(http.StatusOK) // the office is in memory
	if err := s.journal.DB().Close(); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ method, path, body string }{
		{"POST", "/login", `{"name":"anna","password":"` + password + `"}`},
		{"POST", "/password", `{"old":"` + password + `","new":"una password nuova"}`},
		{"GET", "/users", ``},
		{"POST", "/users", `{"name":"anna","role":"operator","password":"` + password + `"}`},
		{"PUT", "/users/anna", `{"disabled":true}`},
		{"GET", "/devices", ``},
		{"POST", "/devices", `{"kind":"totem","target":"t1"}`},
		{"DELETE", "/devices/x", ``},
	} {
		a := s.dev().do(tt.method, "/api/v1"+tt.path, tt.body)
		a.refused(http.StatusServiceUnavailable, "unavailable", "")
		a.headers("Retry-After", "2")
	}
	for _, header := range []string{"Authorization", "Cookie"} {
		value := map[string]string{"Authorization": "Bearer ecs_x", "Cookie": "eliminacode_session=ecs_x"}[header]
		s.public().with(header, value).post("/api/v1/logout", "").refused(http.StatusServiceUnavailable, "unavailable", "")
	}
}

func TestDevices(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	type device struct {
		ID     string  `json:"id"`
		Kind   string  `json:"kind"`
		Office string  `json:"office"`
		Target string  `json:"target"`
		SeenAt *string `json:"seen_at"`
	}
	var paired struct {
		Device device `json:"device"`
		Token  string `json:"token"`
	}
	pair := func(body string) {
		t.Helper()
		s.dev().post("/api/v1/devices", body).want(http.StatusCreated).read(&paired)
	}
	for _, tt := range []struct{ kind, target, page string }{{"totem", "t1", "/totem"}, {"display", "sala", "/display/sala"}} {
		pair(`{"kind":"` + tt.kind + `","target":"` + tt.target + `"}`)
		d := paired.Device
		if d.Kind != tt.kind || d.Office != office || d.Target != tt.target || d.ID == "" || d.SeenAt != nil {
			t.Errorf("%+v", d)
		}
		browser := s.public().with("Cookie", "eliminacode_device="+paired.Token)
		browser.at("2", "next", "").refused(http.StatusForbidden, "forbidden", "")
		if tt.kind == "totem" {
			browser.issue("anagrafe")
		}
		// The browser keeps the token for as long as it is used.
		cookie := browser.get(tt.page).want(http.StatusOK).cookie("eliminacode_device")
		if cookie.Value != paired.Token || !cookie.HttpOnly || cookie.SameSite != http.SameSiteStrictMode || cookie.MaxAge < 365*24*3600 {
			t.Errorf("%+v", cookie)
		}
		if browser.post("/api/v1/tickets", `{"channel":"anagrafe"}`).cookie("eliminacode_device").MaxAge < 365*24*3600 {
			t.Error("a totem whose page stays open loses its pairing")
		}
		var all []device
		s.dev().get("/api/v1/devices").want(http.StatusOK).read(&all)
		if i := slices.IndexFunc(all, func(other device) bool { return other.ID == d.ID }); i < 0 || all[i].SeenAt == nil {
			t.Errorf("%+v", all)
		}
		s.dev().delete("/api/v1/devices/" + d.ID).want(http.StatusNoContent)
		s.bearer(paired.Token).post("/api/v1/tickets", `{"channel":"anagrafe"}`).refused(http.StatusUnauthorized, "unauthenticated", "")
		// A revoked totem learns it at the next press; a monitor goes on, since what it shows is
		// public.
		browser.post("/api/v1/tickets", `{"channel":"anagrafe"}`).refused(http.StatusUnauthorized, "unauthenticated", "")
		browser.get(tt.page).want(http.StatusOK)
	}
	for body, field := range map[string]string{
		`{"kind":"display","target":"cantina"}`:     "target",
		`{"kind":"display","target":"sala?pair=x"}`: "target",
		`{"kind":"lamp","target":"sala"}`:           "kind",
	} {
		s.dev().post("/api/v1/devices", body).refused(http.StatusBadRequest, "invalid", field)
	}
	s.dev().post("/api/v1/devices", `{"kind":"totem","office":"luna","target":"t1"}`).refused(http.StatusNotFound, "unknown_office", "office")
}

func TestOtherSites(t *testing.T) {
	t.Parallel()
	s := newServer(t, func(o *httpd.Options) { o.Origins = []string{"https://www.comune.example.it"} })
	anna := s.user("anna", auth.Operator)
	mine := anna.issue("anagrafe")
	seq := s.seq()
	for header, value := range map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"} {
		c := anna.with(header, value)
		c.post("/api/v1/tickets", `{"channel":"anagrafe"}`).refused(http.StatusForbidden, "forbidden", "")
		c.delete("/api/v1/tickets/"+mine.ID).refused(http.StatusForbidden, "forbidden", "")
		c.post("/t/"+mine.ID+"/cancel", "").refused(http.StatusForbidden, "forbidden", "")
		c.post("/api/v1/login", `{"name":"anna","password":"`+password+`"}`).refused(http.StatusForbidden, "forbidden", "")
		c.post("/api/v1/logout", "").refused(http.StatusForbidden, "forbidden", "")
		c.get("/api/v1/state").want(http.StatusOK)
	}
	if s.seq() != seq {
		t.Error("another site changed something")
	}
	anna.with("Sec-Fetch-Site", "same-origin").issue("anagrafe")
}

func TestBehindProxy(t *testing.T) {
	t.Parallel()
	trusting := newServer(t, func(o *httpd.Options) { o.Proxies = []string{"127.0.0.0/8", "::1/128"} })
	wary := newServer(t)
	for _, s := range []*server{trusting, wary} {
		s.user("anna", auth.Operator)
		a := s.public().with("X-Forwarded-Proto", "https").with("X-Forwarded-For", "192.0.2.7").
			post("/api/v1/login", `{"name":"anna","password":"`+password+`"}`).want(http.StatusOK)
		secure := s == trusting
		if got := a.cookie("eliminacode_session").Secure; got != secure {
			t.Errorf("Secure is %v, want %v", got, secure)
		}
		if got := a.Header.Get("Strict-Transport-Security") != ""; got != secure {
			t.Errorf("Strict-Transport-Security: %v, want %v", got, secure)
		}
		var got ticket
		s.dev().issue("anagrafe")
		s.session("anna").with("X-Forwarded-Proto", "https").with("Host", "coda.comune.example.it").
			post("/api/v1/tickets", `{"channel":"anagrafe"}`).want(http.StatusCreated).read(&got)
		if scheme := "http"; strings.HasPrefix(got.URL, scheme+"s://coda.comune.example.it/t/") != secure {
			t.Errorf("url %q", got.URL)
		}
	}
	named := newServer(t, func(o *httpd.Options) { o.PublicURL = "https://coda.comune.example.it" })
	if got := named.dev().issue("anagrafe"); got.URL != "https://coda.comune.example.it/t/"+got.ID {
		t.Errorf("url %q", got.URL)
	}
}

func TestPublicIsLimited(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	var a *answer
	for range 50 {
		if a = s.public().delete("/api/v1/tickets/NONE"); a.StatusCode != http.StatusNotFound {
			break
		}
	}
	a.refused(http.StatusTooManyRequests, "rate_limited", "")
	a.headers("Retry-After", "2")
	s.public().post("/t/NONE/cancel", "").refused(http.StatusTooManyRequests, "rate_limited", "")
	for range 60 { // the development token isn't limited
		s.dev().delete("/api/v1/tickets/NONE").want(http.StatusNotFound)
	}
	s.public().with("Cookie", "eliminacode_session=ecs_old").post("/api/v1/logout", "").refused(http.StatusTooManyRequests, "rate_limited", "")
	s.clock.pass(2 * time.Second)
	s.public().delete("/api/v1/tickets/NONE").want(http.StatusNotFound)
}

// TestNetworksAreLimitedWhole has somebody with more IPv6 addresses than can be counted.
func TestNetworksAreLimitedWhole(t *testing.T) {
	t.Parallel()
	s := newServer(t, func(o *httpd.Options) { o.Proxies = []string{"127.0.0.0/8", "::1/128"} })
	from := func(address string) *answer {
		return s.public().with("X-Forwarded-For", address).delete("/api/v1/tickets/NONE")
	}
	for n := range 20 {
		from("2001:db8::" + strconv.Itoa(n)).want(http.StatusNotFound)
	}
	from("2001:db8::ffff").refused(http.StatusTooManyRequests, "rate_limited", "")
	from("2001:db8:0:1::1").want(http.StatusNotFound)
	for n := range 20 {
		login := s.public().with("X-Forwarded-For", "2001:db8::"+strconv.Itoa(n))
		login.post("/api/v1/login", `{"name":"nessuno`+strconv.Itoa(n)+`","password":"`+password+`"}`).want(http.StatusUnauthorized)
	}
	s.public().with("X-Forwarded-For", "2001:db8::ffff").post("/api/v1/login", `{"name":"anna","password":"`+password+`"}`).
		refused(http.StatusTooManyRequests, "rate_limited", "")
}

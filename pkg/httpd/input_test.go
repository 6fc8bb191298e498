package httpd_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// bodies are the calls that take a body, each with a field of it and a value of the wrong type for
// it.
var bodies = []struct{ method, path, field, wrong string }{
	{"POST", "/tickets", "channel", `7`},
	{"POST", "/tickets", "class", `["priority"]`},
	{"POST", "/counters/2/open", "take_over", `"yes"`},
	{"POST", "/counters/2/pause", "reason", `{}`},
	{"POST", "/counters/2/hold", "for_s", `"600"`},
	{"POST", "/counters/2/call", "ticket", `1`},
	{"POST", "/counters/2/call", "number", `42`},
	{"POST", "/counters/2/done", "outcomes", `{}`},
	{"POST", "/counters/2/transfer", "channel", `true`},
	{"POST", "/counters/2/transfer", "return", `1`},
	{"POST", "/counters/2/walkin", "channel", `[]`},
	{"POST", "/counters/2/reinstate", "ticket", `3.5`},
	{"PUT", "/config", "channels", `{}`},
	{"PUT", "/config", "policy", `[]`},
	{"POST", "/login", "name", `1`},
	{"POST", "/password", "old", `1`},
	{"POST", "/users", "role", `1`},
	{"PUT", "/users/anna", "disabled", `"no"`},
	{"POST", "/devices", "target", `1`},
}

func TestBadBodies(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	c := s.dev().with("If-Match", `"1"`)
	c.at("2", "open", "").want(http.StatusOK)
	c.issue("anagrafe")
	c.at("2", "next", "").want(http.StatusOK)
	seq := s.seq()
	huge := `{"x":"` + strings.Repeat("x", 1<<20) + `"}`
	for _, b := range bodies {
		path := "/api/v1" + b.path
		c.do(b.method, path, `{"`+b.field+`":`+b.wrong+`}`).refused(http.StatusBadRequest, "invalid", b.field)
		c.do(b.method, path, `{"`+b.field+`x":1}`).refused(http.StatusBadRequest, "invalid", b.field+"x")
	}
	for i, b := range bodies {
		if i > 0 && bodies[i-1].path == b.path {
			continue
		}
		path := "/api/v1" + b.path
		for _, body := range []string{`{`, `{"`, `nulla`, `{} {}`, `{}]`, `{}}`, `[]`, `"x"`, `7`, "\x00", "channel=anagrafe", `{"a":1,}`} {
			c.do(b.method, path, body).refused(http.StatusBadRequest, "invalid", "")
		}
		c.do(b.method, path, huge).refused(http.StatusRequestEntityTooLarge, "invalid", "")
	}
	if s.seq() != seq {
		t.Error("a refused request changed something")
	}
}

// TestBadValues is about input of the right type that won't do. What the counters refuse is in
// their own tests.
func TestBadValues(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	c := s.dev()
	c.at("2", "open", "").want(http.StatusOK)
	c.issue("anagrafe")
	c.at("2", "next", "").want(http.StatusOK)
	long := strings.Repeat("x", 5000)
	tests := []struct {
		method, path, body string
		status             int
		code, field        string
	}{
		{"POST", "/tickets", ``, 400, "invalid", "channel"},
		{"POST", "/tickets", `null`, 400, "invalid", "channel"},
		{"POST", "/tickets", `{"channel":"` + long + `"}`, 404, "unknown_channel", "channel"},
		{"POST", "/tickets", `{"channel":"anagrafe","class":"` + long + `"}`, 400, "invalid", "class"},
		{"POST", "/tickets", `{"channel":"anagrafe","class":"appointment","slot":"10:30"}`, 400, "invalid", "slot"},
		{"POST", "/tickets", `{"channel":"anagrafe","class":"appointment","slot":1030}`, 400, "invalid", "slot"},
		{"PUT", "/config", `{"hours":{"mon":[{"from":"08:00","to":"12:00"}],"tue":[{"from":"08:00","to":"12:00"},{"from":"14:00","to":"25:00"}]}}`, 400, "invalid", "hours.tue[1].to"},
		{"PUT", "/config", `{"channels":[{},{"hours":{"sat":[{"from":"8:30","to":"12:00"}]}}]}`, 400, "invalid", "channels[1].hours.sat[0].from"},
		{"PUT", "/config", `{"exceptions":[{"from":"2026-08-14","hours":[{"from":"","to":"12:00"}]}]}`, 400, "invalid", "exceptions[0].hours[0].from"},
		{"POST", "/tickets", `{"channel":"anagrafe","class":"appointment","slot":"2026-03-03T10:00:00+01:00"}`, 400, "invalid", "slot"},
		{"GET", "/tickets/" + long, ``, 404, "unknown_ticket", ""},
		{"GET", "/tickets/%00%ff", ``, 404, "unknown_ticket", ""},
		{"DELETE", "/tickets/" + long, ``, 404, "unknown_ticket", "ticket"},
		{"POST", "/counters/" + long + "/open", ``, 404, "unknown_counter", "counter"},
		{"POST", "/counters/9/close", ``, 404, "unknown_counter", "counter"},
		{"POST", "/counters/9/pause", ``, 404, "unknown_counter", "counter"},
		{"POST", "/counters/9/resume", ``, 404, "unknown_counter", "counter"},
		{"POST", "/counters/9/alarm", ``, 404, "unknown_counter", "counter"},
		{"POST", "/counters/9/calm", ``, 404, "unknown_counter", "counter"},
		{"POST", "/counters/9/recall", ``, 404, "unknown_counter", "counter"},
		{"POST", "/counters/9/start", ``, 404, "unknown_counter", "counter"},
		{"POST", "/counters/9/absent", ``, 404, "unknown_counter", "counter"},
		{"POST", "/counters/9/hold", ``, 404, "unknown_counter", "counter"},
		{"POST", "/counters/9/requeue", ``, 404, "unknown_counter", "counter"},
		{"POST", "/counters/9/done", ``, 404, "unknown_counter", "counter"},
		{"POST", "/counters/9/transfer", `{"channel":"protocollo"}`, 404, "unknown_counter", "counter"},
		{"POST", "/counters/9/undo", ``, 404, "unknown_counter", "counter"},
		{"POST", "/counters/9/walkin", `{"channel":"anagrafe"}`, 404, "unknown_counter", "counter"},
		{"POST", "/counters/2/hold", `{"reason":"` + long + `"}`, 400, "invalid", "reason"},
		{"POST", "/counters/2/hold", `{"for_s":-1}`, 400, "invalid", "for_s"},
		{"POST", "/counters/2/hold", `{"for_s":86401}`, 400, "invalid", "for_s"},
		{"POST", "/counters/2/hold", `{"for_s":1e300}`, 400, "invalid", "for_s"},
		{"POST", "/counters/2/done", `{"outcomes":[{"service":"certificato","quantity":0}]}`, 400, "invalid", "outcomes[0].quantity"},
		{"POST", "/counters/2/done", `{"outcomes":[` + strings.Repeat(`{"service":"certificato","quantity":1},`, 50) + `{"service":"certificato","quantity":1}]}`, 400, "invalid", "outcomes"},
		{"POST", "/counters/2/call", `{"number":"` + long + `"}`, 400, "invalid", "number"},
		{"POST", "/counters/2/transfer", ``, 400, "invalid", "channel"},
		{"POST", "/counters/2/walkin", ``, 404, "unknown_channel", "channel"},
		{"PUT", "/config", ``, 422, "invalid", ""},
		{"PUT", "/config", `{}`, 422, "invalid", ""},
		{"POST", "/users", `{}`, 400, "invalid", "name"},
		{"POST", "/users", `{"name":"Anna Rossi","role":"operator","password":"` + password + `"}`, 400, "invalid", "name"},
		{"POST", "/users", `{"name":"anna","role":"king","password":"` + password + `"}`, 400, "invalid", "role"},
		{"POST", "/users", `{"name":"anna","role":"operator","password":"corta"}`, 400, "invalid", "password"},
		{"POST", "/users", `{"name":"anna","role":"operator","full_name":"` + long + `","password":"` + password + `"}`, 400, "invalid", "full_name"},
		{"PUT", "/users/nessuno", `{"disabled":true}`, 404, "not_found", ""},
		{"POST", "/devices", `{}`, 400, "invalid", "kind"},
		{"POST", "/devices", `{"kind":"totem"}`, 400, "invalid", "target"},
		{"POST", "/devices", `{"kind":"totem","target":"` + long + `"}`, 400, "invalid", "target"},
		{"DELETE", "/devices/nessuno", ``, 404, "not_found", ""},
		{"POST", "/login", ``, 401, "unauthenticated", ""},
		{"POST", "/login", `{"name":"` + long[:1500] + `","password":"` + long[:1500] + `"}`, 401, "unauthenticated", ""},
	}
	seq := s.seq()
	for _, tt := range tests {
		c.with("If-Match", `"1"`).do(tt.method, "/api/v1"+tt.path, tt.body).refused(tt.status, tt.code, tt.field)
	}
	c.with("Idempotency-Key", strings.Repeat("k", 201)).post("/api/v1/tickets", `{"channel":"anagrafe"}`).
		refused(http.StatusBadRequest, "invalid", "Idempotency-Key")
	if s.seq() != seq {
		t.Error("a refused request changed something")
	}
}

// TestFixes has messages that say what to write instead.
func TestFixes(t *testing.T) {
	t.Parallel()
	c := newServer(t).dev().with("If-Match", `"1"`)
	for _, tt := range []struct{ method, path, body, it, en string }{
		{"POST", "/tickets", `[]`, "oggetto JSON", "a JSON object"},
		{"PUT", "/config", `"x"`, "oggetto JSON", "a JSON object"},
		{"POST", "/login", `7`, "oggetto JSON", "a JSON object"},
		{"POST", "/tickets", `{"channel":"anagrafe","slot":"10:30"}`, "«slot» non va bene: scrivere data, ora e fuso come 2026-03-02T10:30:00+01:00", "“slot” won't do"},
		{"PUT", "/config", `{"hours":{"mon":[{"from":"8","to":"12:00"}]}}`, "«hours.mon[0].from» non va bene", "such as 08:30"},
	} {
		for lang, want := range map[string]string{"it": tt.it, "en": tt.en} {
			var r struct {
				Error refusal `json:"error"`
			}
			c.with("Accept-Language", lang).do(tt.method, "/api/v1"+tt.path, tt.body).want(http.StatusBadRequest).read(&r)
			if !strings.Contains(r.Error.Message, want) {
				t.Errorf("%s: %q, want %q in it", tt.body, r.Error.Message, want)
			}
		}
	}
}

func TestUnknownPathsAndMethods(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	c := s.dev().outside()
	for _, path := range []string{"/api/v1", "/api/v1/", "/api/v2/state", "/api/v1/nothing", "/api/v1/counters/2", "/nothing", "/assets/", "/assets/../go.mod", "/assets/displays/public/index.html", "/assets/displays/page.go"} {
		c.get(path).refused(http.StatusNotFound, "not_found", "")
	}
	c.do(http.MethodPut, "/api/v1/state", "").refused(http.StatusMethodNotAllowed, "method_not_allowed", "")
	a := c.get("/api/v1/counters/2/next")
	a.refused(http.StatusMethodNotAllowed, "method_not_allowed", "")
	if allow := a.Header.Get("Allow"); !strings.Contains(allow, "POST") {
		t.Errorf("Allow: %q", allow)
	}
}

func TestIdempotency(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	const body = `{"channel":"anagrafe"}`
	key := func(c client, k string) client { return c.with("Idempotency-Key", k) }
	first := key(s.dev(), "one").post("/api/v1/tickets", body).want(http.StatusCreated).body
	seq := s.seq()
	same := func(s *server) {
		t.Helper()
		if again := key(s.dev(), "one").post("/api/v1/tickets", body).want(http.StatusCreated).body; withoutURL(t, again) != withoutURL(t, first) {
			t.Errorf("the same key got another answer:\n%s%s", first, again)
		}
		if s.seq() != seq {
			t.Error("the same key changed something")
		}
	}
	same(s)
	s = s.restart()
	same(s)

	number := func(c client) string {
		t.Helper()
		var got ticket
		c.post("/api/v1/tickets", body).want(http.StatusCreated).read(&got)
		return got.Number
	}
	if got := number(key(s.dev(), "two")); got != "A002" {
		t.Errorf("another key got %s", got)
	}
	totem := s.device("totem", "t1")
	if got := number(key(totem, "one")); got != "A003" {
		t.Errorf("another sender's key got %s", got)
	}
	if got := number(key(totem, "one")); got != "A003" {
		t.Errorf("the same key got %s", got)
	}

	// A call whose answer was lost doesn't call a second one.
	s.dev().at("2", "open", "").want(http.StatusOK)
	call := key(s.dev(), "call").at("2", "next", "").want(http.StatusOK).body
	s.dev().at("2", "start", "").want(http.StatusOK)
	if again := key(s.dev(), "call").at("2", "next", "").want(http.StatusOK).body; string(again) != string(call) {
		t.Errorf("the same call got another answer:\n%s%s", call, again)
	}
	// However it is addressed, it is the same request.
	const named = "/api/v1/offices/" + office
	if again := key(s.dev(), "call").post(named+"/counters/2/next", "").want(http.StatusOK).body; string(again) != string(call) {
		t.Errorf("the same call at the office's own address got another answer:\n%s%s", call, again)
	}
	again := key(s.dev(), "two").post(named+"/tickets", body).want(http.StatusCreated).body
	if two := key(s.dev(), "two").post("/api/v1/tickets", body).want(http.StatusCreated).body; string(again) != string(two) {
		t.Errorf("%s%s", again, two)
	}

	for _, class := range []string{"", `,"class":"standard"`} { // which is what it is if none is given
		var got ticket
		key(s.dev(), "two").post("/api/v1/tickets", `{"channel":"anagrafe"`+class+`}`).want(http.StatusCreated).read(&got)
		if got.Number != "A002" {
			t.Errorf("with%s the same request got %s", class, got.Number)
		}
	}

	// The same key with another content is a mistake: with another body, verb, counter or ticket.
	seq = s.seq()
	s.dev().at("3", "open", "").want(http.StatusOK)
	opened := s.seq() - seq
	for path, body := range map[string]string{
		"/tickets":          `{"channel":"protocollo"}`,
		"/counters/2/next":  `{"current":""}`,
		"/counters/3/next":  ``,
		"/counters/2/done":  ``,
		"/counters/2/close": ``,
	} {
		for _, api := range []string{"/api/v1", named} {
			used := "call"
			if path == "/tickets" {
				used = "one"
			}
			key(s.dev(), used).post(api+path, body).refused(http.StatusUnprocessableEntity, "invalid", "Idempotency-Key")
		}
	}
	if s.seq() != seq+opened {
		t.Error("a key of another request did something")
	}
	// Two citizens who chose the same key are two senders; a key is good for one thing in each
	// office.
	for range 2 {
		mine := s.dev().issue("anagrafe")
		for range 2 {
			var got ticket
			key(s.public(), "mine").delete("/api/v1/tickets/" + mine.ID).want(http.StatusOK).read(&got)
			if got.ID != mine.ID || got.State != "cancelled" {
				t.Errorf("%+v", got)
			}
		}
	}
}

// withoutURL leaves out where the server was reached: a restarted one has another port.
func withoutURL(t *testing.T, body []byte) string {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal(body, &v); err != nil {
		t.Fatal(err)
	}
	delete(v, "url")
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestInvisibleCharacters has texts that look like others, or that not every database takes.
func TestInvisibleCharacters(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.dev().at("2", "open", "").want(http.StatusOK)
	for _, bad := range []string{`\u0000`, `\n`, `\u001b`, `\u007f`, `\u0085`, `\u202e`, "\u202e", "\u2066", "\u200f", "\u061c", "\u200b", "\ufeff", "\u00ad", "\u2028", "\u2029"} {
		s.dev().at("2", "pause", `{"reason":"caffè`+bad+`"}`).refused(http.StatusBadRequest, "invalid", "reason")
		s.dev().post("/api/v1/users", `{"name":"anna","full_name":"Anna`+bad+`","role":"operator","password":"`+password+`"}`).
			refused(http.StatusBadRequest, "invalid", "full_name")
		s.dev().with("If-Match", `"1"`).do(http.MethodPut, "/api/v1/config", `{"version":1,"channels":[{"id":"a","name":{"it":"A`+bad+`"}}]}`).
			refused(http.StatusBadRequest, "invalid", "channels[0].name.it")
		s.dev().at("2", "call", `{"number":"A0`+bad+`01"}`).refused(http.StatusBadRequest, "invalid", "number")
	}
	s.dev().at("2", "pause", `{"reason":"caffè \u00e8 \"pronto\" – 咖啡 ☕ نمی\u200cخواهم"}`).want(http.StatusOK)
	// What to bring along is a list.
	s.dev().with("If-Match", `"1"`).do(http.MethodPut, "/api/v1/config", `{"version":1,"channels":[{"id":"a","bring":{"it":"foto\n22 euro\u202e"}}]}`).
		refused(http.StatusBadRequest, "invalid", "channels[0].bring.it")
	s.dev().with("If-Match", `"1"`).do(http.MethodPut, "/api/v1/config", `{"version":1,"channels":[{"id":"a","bring":{"it":"foto\n22 euro"}}]}`).
		refused(http.StatusUnprocessableEntity, "invalid", "") // for what else it lacks
	// A password isn't read by anybody.
	s.dev().post("/api/v1/users", `{"name":"anna","role":"operator","password":"`+password+`\u202e"}`).want(http.StatusCreated)
}

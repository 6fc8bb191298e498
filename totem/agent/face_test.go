package agent_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/totem/agent"
	"github.com/eliminacode/eliminacode/totem/escpos"
)

// TestOnlyThisKiosk lets pages of other sites, and names that only lead here, do and see nothing.
func TestOnlyThisKiosk(t *testing.T) {
	t.Parallel()
	s := newTown(t)
	k := newKiosk(s)
	k.online()
	host := strings.TrimPrefix(k.base, "http://")
	_, port, _ := strings.Cut(host, ":")
	want := map[string]string{"channel": "anagrafe"}
	for _, tt := range []struct {
		name, method, path string
		body               any
		headers            []string
		status             int
	}{
		{"own page", http.MethodPost, "/api/v1/tickets", want, []string{"Origin", k.base, "Sec-Fetch-Site", "same-origin"}, http.StatusCreated},
		{"as localhost", http.MethodGet, "/api/v1/status", nil, []string{"Host", "localhost:" + port}, http.StatusOK},
		{"as ::1", http.MethodGet, "/api/v1/status", nil, []string{"Host", "[::1]:" + port}, http.StatusOK},
		{"rebound name", http.MethodGet, "/api/v1/status", nil, []string{"Host", "evil.example:" + port}, http.StatusForbidden},
		{"rebound name's page", http.MethodPost, "/api/v1/tickets", want, []string{"Host", "evil.example:" + port, "Origin", "http://evil.example:" + port}, http.StatusForbidden},
		{"name that begins well", http.MethodGet, "/", nil, []string{"Host", "127.0.0.1.evil.example"}, http.StatusForbidden},
		{"other site", http.MethodPost, "/api/v1/tickets", want, []string{"Origin", "https://evil.example"}, http.StatusForbidden},
		{"other port", http.MethodPost, "/api/v1/tickets", want, []string{"Origin", "http://127.0.0.1:1"}, http.StatusForbidden},
		{"no origin, cross-site", http.MethodPost, "/api/v1/tickets", want, []string{"Sec-Fetch-Site", "cross-site"}, http.StatusForbidden},
		{"opaque origin", http.MethodPost, "/api/v1/tickets", want, []string{"Origin", "null"}, http.StatusForbidden},
		{"not JSON", http.MethodPost, "/api/v1/tickets", want, []string{"Content-Type", "text/plain"}, http.StatusUnsupportedMediaType},
		{"unknown field", http.MethodPost, "/api/v1/tickets", map[string]string{"chanel": "anagrafe"}, nil, http.StatusBadRequest},
		{"no channel", http.MethodPost, "/api/v1/tickets", map[string]string{}, nil, http.StatusBadRequest},
		{"long body", http.MethodPost, "/api/v1/tickets", map[string]string{"channel": strings.Repeat("a", 10_000)}, nil, http.StatusRequestEntityTooLarge},
		{"long key", http.MethodPost, "/api/v1/tickets", want, []string{"Idempotency-Key", strings.Repeat("a", 201)}, http.StatusBadRequest},
		{"unknown channel", http.MethodPost, "/api/v1/tickets", map[string]string{"channel": "none"}, nil, http.StatusNotFound},
		{"unknown ticket", http.MethodGet, "/api/v1/tickets/NOBODY", nil, nil, http.StatusNotFound},
		{"no such page", http.MethodGet, "/console", nil, nil, http.StatusNotFound},
		{"no handshake", http.MethodGet, "/api/v1/ws?view=totem", nil, nil, http.StatusBadRequest},
		{"other view", http.MethodGet, "/api/v1/ws?view=counter", nil, nil, http.StatusNotFound},
	} {
		if r := k.do(tt.method, tt.path, tt.body, tt.headers...); r.status != tt.status {
			t.Errorf("%s: %d %s, want %d", tt.name, r.status, r.body, tt.status)
		}
	}
	dial := func(origin string) error {
		conn, _, err := websocket.DefaultDialer.Dial("ws://"+host+"/api/v1/ws?view=totem", http.Header{"Origin": {origin}})
		if err == nil {
			_ = conn.Close()
		}
		return err
	}
	if err := dial(k.base); err != nil {
		t.Errorf("the own page's view: %v", err)
	}
	if dial("https://evil.example") == nil {
		t.Error("another site may watch")
	}
}

// TestFaces serves the screen and what it needs, or the page that pairs.
func TestFaces(t *testing.T) {
	t.Parallel()
	s := newTown(t)
	k := newKiosk(s)
	for _, path := range []string{"/", "/totem"} {
		r := k.do(http.MethodGet, path, nil)
		if r.status != http.StatusOK || !strings.Contains(string(r.body), "totem/screen/totem.js") {
			t.Errorf("%s: %d %.100s", path, r.status, r.body)
		}
	}
	for _, path := range []string{"/assets/totem/screen/totem.js", "/assets/displays/lib/live.js", "/favicon.ico", "/healthz"} {
		if r := k.do(http.MethodGet, path, nil); r.status != http.StatusOK {
			t.Errorf("%s: %d", path, r.status)
		}
	}
	answer, err := http.Get(k.base + "/")
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if csp := answer.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'self'") || !strings.Contains(csp, "ws://127.0.0.1") {
		t.Errorf("Content-Security-Policy: %s", csp)
	}
}

// TestFirstPairing starts a kiosk that nobody knows: it shows a code, or takes one.
func TestFirstPairing(t *testing.T) {
	t.Parallel()
	s := newTown(t)
	k := newKiosk(s, func(o *agent.Options) { o.Token = "" })
	if r := k.do(http.MethodGet, "/", nil); !strings.Contains(string(r.body), "displays/pair/pair.js") {
		t.Errorf("the page of a kiosk that isn't paired: %.200s", r.body)
	}
	k.confirm(s, "totem")
	k.online()
	if p := k.take("1"); p.Number != "A001" {
		t.Errorf("then %s", p.Number)
	}
	k.restart()
	k.online()

	other := newKiosk(s, func(o *agent.Options) { o.Token = "" })
	var invited struct{ Code string }
	s.call(http.StatusCreated, http.MethodPost, "/pairings/invite", map[string]string{"kind": "totem", "target": "totem"}, &invited)
	if r := other.do(http.MethodPost, "/api/v1/pairings/redeem", map[string]any{"code": "AAAA-AAAA", "cookie": true}); r.status != http.StatusNotFound {
		t.Errorf("a wrong code: %s", r.code())
	}
	if r := other.do(http.MethodPost, "/api/v1/pairings/redeem", map[string]any{"code": invited.Code, "cookie": true}); r.status != http.StatusCreated {
		t.Fatalf("an invitation's code: %d %s", r.status, r.body)
	}
	other.online()
}

// message is what the screen hears.
type message struct {
	Type string
	Seq  int64
	At   time.Time
	View struct {
		Seq      int64
		At       time.Time
		Channels []struct{ ID string }
		Agent    *agent.Status
	}
}

// TestScreenHears relays the server's view with how it stands with the agent, also while the server
// is away and after a restart without it.
func TestScreenHears(t *testing.T) {
	t.Parallel()
	s := newTown(t)
	k := newKiosk(s)
	k.online()
	watch := func() (next func(what string, is func(message) bool) message) {
		conn, _, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(k.base, "http")+"/api/v1/ws?view=totem&screen=1080x1920", nil)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close() })
		var last message
		return func(what string, is func(message) bool) (m message) {
			t.Helper()
			_ = conn.SetReadDeadline(time.Now().Add(patience))
			for {
				if err := conn.ReadJSON(&m); err != nil {
					t.Fatalf("%s: %v", what, err)
				}
				if m.Type != "view" || m.View.Agent == nil || len(m.View.Channels) == 0 || m.View.Seq != m.Seq || !m.View.At.Equal(m.At) {
					t.Fatalf("%s: %+v", what, m)
				}
				if m.Seq < last.Seq || !m.At.After(last.At) {
					t.Errorf("%s: seq %d of %v after seq %d of %v", what, m.Seq, m.At, last.Seq, last.At)
				}
				if last = m; is(m) {
					return m
				}
			}
		}
	}
	next := watch()
	next("at once", func(m message) bool { return m.View.Agent.Server.Online })
	p := k.take("1")
	printed := func(m message) bool {
		return slices.Contains(m.View.Agent.Prints, agent.PrintStatus{Ticket: string(p.ID), Printed: "yes"})
	}
	next("printed", printed)
	k.printer.be(escpos.Status{State: escpos.StatePaperOut, Reason: escpos.ReasonPaperOut}, escpos.Outcome{Result: escpos.Failed, Reason: escpos.ReasonPaperOut})
	next("no paper", func(m message) bool { return m.View.Agent.Printer.State == "paper_out" })
	s.set(cut)
	next("away", func(m message) bool { return !m.View.Agent.Server.Online })
	k.restart()
	next = watch()
	next("after a restart", func(m message) bool { return !m.View.Agent.Server.Online && printed(m) })
	s.set(none)
	next("back", func(m message) bool { return m.View.Agent.Server.Online })
}

// TestPaperFails tells that there is no paper, and prints nothing by itself afterwards.
func TestPaperFails(t *testing.T) {
	t.Parallel()
	s := newTown(t)
	token := s.pair("totem")
	k := newKiosk(s, func(o *agent.Options) { o.Token = token })
	k.online()
	k.printer.be(escpos.Status{State: escpos.StatePaperOut, Reason: escpos.ReasonPaperOut}, escpos.Outcome{Result: escpos.Failed, Reason: escpos.ReasonPaperOut})
	p := k.take("1")
	k.until("failed", func() bool {
		now := k.ticket(string(p.ID))
		return now.Printed == "failed" && now.PrintReason == "paper_out"
	})
	k.until("told", func() bool { return s.ticket(string(p.ID)).Printed == queue.PrintFailed })
	k.until("shown", func() bool {
		var devices []struct {
			Printer *struct{ State string } `json:"printer"`
		}
		s.call(http.StatusOK, http.MethodGet, "/devices", nil, &devices)
		for _, d := range devices {
			if d.Printer != nil && d.Printer.State == "paper_out" {
				return true
			}
		}
		return false
	})
	k.printer.be(escpos.Status{State: escpos.StateReady}, escpos.Outcome{Result: escpos.Yes})
	again := k.take("1")
	if again.Printed != "failed" || len(k.printer.printed()) != 1 {
		t.Errorf("asked again: %s, jobs %v", again.Printed, k.printer.printed())
	}
	// The staff, then the citizen, want a copy.
	s.call(http.StatusOK, http.MethodPost, "/tickets/"+string(p.ID)+"/reprint", map[string]any{}, nil)
	k.until("printed again", func() bool { return k.ticket(string(p.ID)).Printed == "yes" && len(k.printer.printed()) == 2 })
	if r := k.do(http.MethodPost, "/api/v1/tickets/"+string(p.ID)+"/reprint", map[string]any{}); r.status != http.StatusOK {
		t.Errorf("a copy: %d %s", r.status, r.body)
	}
	k.until("printed once more", func() bool { return len(k.printer.printed()) == 3 })
	k.until("told", func() bool { got := s.ticket(string(p.ID)); return got.Printed == queue.PrintYes && got.Reprints == 2 })
}

// TestNewestCopy has a copy fail that the agent made by itself, then one come out before the server
// has heard of the first: it is the newest one that the screen and the server hear of.
func TestNewestCopy(t *testing.T) {
	t.Parallel()
	s := newTown(t)
	k := newKiosk(s)
	k.online()
	k.printer.be(escpos.Status{State: escpos.StatePaperOut, Reason: escpos.ReasonPaperOut}, escpos.Outcome{Result: escpos.Failed, Reason: escpos.ReasonPaperOut})
	p := k.take("1")
	k.until("failed", func() bool { return k.ticket(string(p.ID)).Printed == "failed" })
	s.set(cut)
	k.offline()
	copied := func() {
		t.Helper()
		if r := k.do(http.MethodPost, "/api/v1/tickets/"+string(p.ID)+"/reprint", map[string]any{}); r.status != http.StatusOK {
			t.Fatalf("a copy: %d %s", r.status, r.body)
		}
	}
	copied()
	k.until("tried again", func() bool { return len(k.printer.printed()) == 2 && k.ticket(string(p.ID)).Printed == "failed" })
	s.set(busy)
	k.until("online", func() bool { return k.status().Server.Online })
	k.printer.be(escpos.Status{State: escpos.StateReady}, escpos.Outcome{Result: escpos.Yes})
	copied()
	k.until("printed", func() bool { return len(k.printer.printed()) == 3 })
	s.set(none)
	k.until("told", func() bool { return s.ticket(string(p.ID)).Printed == queue.PrintYes })
	if got := s.ticket(string(p.ID)).Reprints; got != 2 {
		t.Errorf("%d reprints, want 2", got)
	}
	if got := k.status().Prints[0]; got.Printed != "yes" {
		t.Errorf("the screen hears %+v", got)
	}
	k.restart()
	if got := k.status().Prints[0]; got.Printed != "yes" {
		t.Errorf("after a restart it hears %+v", got)
	}
}

// TestLostFolder starts an agent in an empty folder: what may have been printed isn't printed
// again, and its numbers are others.
func TestLostFolder(t *testing.T) {
	t.Parallel()
	s := newTown(t)
	token := s.pair("totem")
	k := newKiosk(s, func(o *agent.Options) { o.Token = token })
	k.online()
	p := k.take("1")
	s.set(cut)
	k.offline()
	first := k.take("2")
	k.stop()
	s.call(http.StatusOK, http.MethodPost, "/tickets/"+string(p.ID)+"/reprint", map[string]any{}, nil)
	s.set(none)
	folder := t.TempDir()
	k.restart(func(o *agent.Options) { o.Folder = folder })
	k.online()
	k.until("told", func() bool { return s.ticket(string(p.ID)).Printed == queue.PrintUnknown })
	s.set(cut)
	k.offline()
	if second := k.take("3"); second.Number == first.Number {
		t.Errorf("%s was given twice", second.Number)
	}
	k.until("printed", func() bool { return k.status().Prints[0].Printed == "yes" })
	if got := k.printer.printed(); len(got) != 3 {
		t.Errorf("on paper: %v", got)
	}
}

// TestGiveUp gives places up, with and without the server, before and after it has heard of them.
func TestGiveUp(t *testing.T) {
	t.Parallel()
	s := newTown(t)
	k := newKiosk(s)
	k.online()
	first, second := k.take("1"), k.take("2")
	giveUp := func(p paper) {
		t.Helper()
		r := k.do(http.MethodDelete, "/api/v1/tickets/"+string(p.ID), nil)
		var got paper
		if err := json.Unmarshal(r.body, &got); err != nil || r.status != http.StatusOK || got.State != queue.Cancelled {
			t.Fatalf("give up %s: %d %s", p.Number, r.status, r.body)
		}
	}
	giveUp(first)
	s.set(cut)
	k.offline()
	third := k.take("3")
	giveUp(second)
	giveUp(third)
	giveUp(third)
	if r := k.do(http.MethodDelete, "/api/v1/tickets/NOBODYKNOWSTHIS", nil); r.status != http.StatusServiceUnavailable {
		t.Errorf("an unknown one: %s", r.code())
	}
	s.set(none)
	checkHanded(k, s, first, second, third)
	for _, p := range []paper{first, second, third} {
		k.until("given up", func() bool { return s.ticket(string(p.ID)).State == queue.Cancelled })
	}
}

// TestOfflineCopies prints copies while the server is away, which counts them later, once, and
// draws the code of the ticket's page.
func TestOfflineCopies(t *testing.T) {
	t.Parallel()
	s := newTown(t)
	k := newKiosk(s)
	k.online()
	online := k.take("1")
	s.set(cut)
	k.offline()
	offline := k.take("2")
	k.until("printed", func() bool { return k.ticket(string(offline.ID)).Printed == "yes" })
	for _, p := range []paper{online, offline} {
		r := k.do(http.MethodPost, "/api/v1/tickets/"+string(p.ID)+"/reprint", map[string]any{})
		if r.status != http.StatusOK {
			t.Errorf("a copy of %s: %d %s", p.Number, r.status, r.body)
		}
		if r := k.do(http.MethodGet, "/api/v1/tickets/"+string(p.ID)+"/qr.svg", nil); r.status != http.StatusOK || !strings.HasPrefix(string(r.body), "<svg") {
			t.Errorf("the code of %s: %d %.50s", p.Number, r.status, r.body)
		}
		if !strings.HasPrefix(p.URL, s.web.URL+"/t/") {
			t.Errorf("the page of %s: %s", p.Number, p.URL)
		}
	}
	k.until("printed", func() bool { return len(k.printer.printed()) == 4 && k.ticket(string(offline.ID)).Printed == "yes" })
	for i := range 4 {
		if says := k.printer.says(i, "Ristampa 1"); says != (i > 1) {
			t.Errorf("paper %d is marked as a copy: %v", i+1, says)
		}
	}
	k.restart()
	s.set(none)
	k.online()
	for _, p := range []paper{online, offline} {
		k.until("counted", func() bool { return s.ticket(string(p.ID)).Reprints == 1 })
	}
	third := k.take("3") // once the office has heard of its paper, it has of theirs
	k.until("told", func() bool { return s.ticket(string(third.ID)).Printed == queue.PrintYes })
	for _, p := range []paper{online, offline} {
		if got := s.ticket(string(p.ID)); got.Printed != queue.PrintYes || got.Reprints != 1 {
			t.Errorf("the office has of %s: printed %s, %d copies", p.Number, got.Printed, got.Reprints)
		}
	}
	if got := k.printer.printed(); len(got) != 5 {
		t.Errorf("on paper: %v", got)
	}
}

// TestPaperOfService prints what to bring for the service that a ticket was taken for, as the
// screen says it, on each copy.
func TestPaperOfService(t *testing.T) {
	t.Parallel()
	s := newTown(t)
	s.configure(func(c *queue.Config) {
		c.Services = append(c.Services, queue.Service{ID: "cie", Channel: "anagrafe", Name: queue.Text{"it": "CIE"}, Bring: queue.Text{"it": "Una fototessera"}})
	})
	k := newKiosk(s)
	k.online()
	take := func(key string) (p paper) {
		t.Helper()
		r := k.do(http.MethodPost, "/api/v1/tickets", map[string]string{"channel": "anagrafe", "service": "cie"}, "Idempotency-Key", key)
		if err := json.Unmarshal(r.body, &p); err != nil || r.status != http.StatusCreated {
			t.Fatalf("no ticket: %d %s", r.status, r.body)
		}
		return p
	}
	online := take("1")
	k.until("printed", func() bool { return s.ticket(string(online.ID)).Printed == queue.PrintYes })
	if r := k.ask("1", "anagrafe"); r.status != http.StatusUnprocessableEntity {
		t.Errorf("the same key for no service: %d %s", r.status, r.body)
	}
	k.restart()
	k.online()
	s.call(http.StatusOK, http.MethodPost, "/tickets/"+string(online.ID)+"/reprint", map[string]any{}, nil)
	k.until("printed again", func() bool { return len(k.printer.printed()) == 2 })
	s.set(cut)
	k.offline()
	offline := take("2")
	k.until("printed", func() bool { return k.ticket(string(offline.ID)).Printed == "yes" })
	k.do(http.MethodPost, "/api/v1/tickets/"+string(offline.ID)+"/reprint", map[string]any{})
	k.until("printed", func() bool { return len(k.printer.printed()) == 4 })
	s.set(none)
	k.online() // the server takes what it is handed over, too
	for i, number := range k.printer.printed() {
		if !k.printer.says(i, "fototessera") {
			t.Errorf("paper %d, of %s, doesn't say what to bring", i, number)
		}
	}
}

// TestAtOnce has many ask at once, some by the same key, as the link goes and comes: everybody has
// one ticket, and no number is somebody else's.
func TestAtOnce(t *testing.T) {
	t.Parallel()
	s := newTown(t)
	s.configure(func(c *queue.Config) { c.Policy.HoardMax = 0 })
	k := newKiosk(s)
	k.online()
	got := make(chan paper, 200)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for _, f := range []fault{loses, cut, none, refuses, none} {
			s.set(f)
			time.Sleep(150 * time.Millisecond) // while they ask
		}
	}()
	for i := range 20 {
		go func() {
			for j := range 5 {
				key := string(rune('a'+i%10)) + string(rune('0'+j)) // two ask by each
				got <- k.take(key)
			}
		}()
	}
	numbers := map[string]string{}
	tickets := map[string]paper{}
	for range 100 {
		p := <-got
		if before, ok := tickets[string(p.ID)]; ok && before.Number != p.Number {
			t.Errorf("one ticket is %s and %s", before.Number, p.Number)
		}
		if id, ok := numbers[p.Number]; ok && id != string(p.ID) {
			t.Errorf("%s are two tickets", p.Number)
		}
		tickets[string(p.ID)], numbers[p.Number] = p, string(p.ID)
	}
	<-done
	if len(tickets) != 50 {
		t.Errorf("%d tickets for 50 keys", len(tickets))
	}
	var all []paper
	for _, p := range tickets {
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b paper) int { return a.IssuedAt.Compare(b.IssuedAt) })
	k.online()
	for _, p := range all {
		if t := s.ticket(string(p.ID)); t == nil || t.Number != p.Number {
			k.Errorf("the office has %+v, its holder saw %s", t, p.Number)
		}
	}
	k.until("printed", func() bool { return len(k.printer.printed()) == len(tickets) })
}

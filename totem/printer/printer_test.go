package printer_test

import (
	"bufio"
	"encoding/json"
	"image/png"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/displays"
	"github.com/eliminacode/eliminacode/pkg/web"
	"github.com/eliminacode/eliminacode/totem/escpos/virtual"
	"github.com/eliminacode/eliminacode/totem/printer"
)

const patience = 20 * time.Second

// start runs a printer and its page.
func start(t *testing.T) (*virtual.Machine, *httptest.Server) {
	t.Helper()
	model := virtual.Plain(576)
	m, err := virtual.Start(t.Context(), "127.0.0.1:0", virtual.Options{Model: model})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Close)
	assets, err := web.NewAssets(map[string]fs.FS{"displays": displays.FS, "totem/printer": printer.FS}, slog.New(slog.NewTextHandler(t.Output(), nil)))
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(printer.New(m, model, assets))
	t.Cleanup(s.Close)
	return m, s
}

// call sends a request, and returns the answer's status and body.
func call(t *testing.T, method, url, body string, header ...string) (int, string, http.Header) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	r.Host = r.Header.Get("Host")
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	b, err := io.ReadAll(a.Body)
	if err != nil {
		t.Fatal(err)
	}
	return a.StatusCode, string(b), a.Header
}

// TestStrangers checks that other sites' pages can neither read nor press, and that the page loads
// nothing but its own files.
func TestStrangers(t *testing.T) {
	t.Parallel()
	_, s := start(t)
	for name, c := range map[string]struct {
		method, path, body string
		header             []string
		status             int
	}{
		"page":           {"GET", "/", "", nil, 200},
		"rebound name":   {"GET", "/state", "", []string{"Host", "printer.example"}, 403},
		"localhost":      {"GET", "/state", "", []string{"Host", "localhost:1"}, 200},
		"other site":     {"POST", "/tear", "", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		"own site":       {"POST", "/tear", "", []string{"Sec-Fetch-Site", "same-origin"}, 204},
		"unknown fault":  {"POST", "/faults/fire", "{}", nil, 404},
		"no order":       {"POST", "/faults/slow", "on", nil, 400},
		"wrong length":   {"POST", "/faults/slow", `{"on":true,"after_mm":-1}`, nil, 400},
		"long order":     {"POST", "/faults/slow", `{"x":"` + strings.Repeat("x", 2000) + `"}`, nil, 400},
		"no ticket":      {"GET", "/tickets/1.png", "", nil, 404},
		"no such page":   {"GET", "/x", "", nil, 404},
		"no such asset":  {"GET", "/assets/x", "", nil, 404},
		"wrong method":   {"POST", "/state", "", nil, 405},
		"fault as a GET": {"GET", "/faults/slow", "", nil, 405},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			status, body, header := call(t, c.method, s.URL+c.path, c.body, c.header...)
			if status != c.status {
				t.Errorf("status %d, want %d: %s", status, c.status, body)
			}
			if csp := header.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
				t.Errorf("policy %q", csp)
			}
		})
	}
}

// TestPage loads the page with the bundles that it names.
func TestPage(t *testing.T) {
	t.Parallel()
	_, s := start(t)
	_, page, _ := call(t, http.MethodGet, s.URL+"/", "")
	bundles := regexp.MustCompile(`/assets/[0-9a-f]{16}/[^"]+`).FindAllString(page, -1)
	if len(bundles) != 2 {
		t.Errorf("its style and its script come as %q", bundles)
	}
	for _, path := range bundles {
		if status, body, _ := call(t, http.MethodGet, s.URL+path, ""); status != http.StatusOK || strings.Contains(body, "@import") {
			t.Errorf("%s: %d, %.80s", path, status, body)
		}
	}
}

// TestEvents follows a ticket from the button that ends the paper to the picture of what came out.
func TestEvents(t *testing.T) {
	t.Parallel()
	m, s := start(t)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+"/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	type look struct {
		Online  bool
		Faults  []string
		Tickets []struct {
			Text, Torn string
			Taken      bool
		}
	}
	lines := bufio.NewScanner(a.Body)
	until := func(what string, wanted func(look) bool) {
		t.Helper()
		for lines.Scan() {
			var l look
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok && json.Unmarshal([]byte(data), &l) == nil && wanted(l) {
				return
			}
		}
		t.Fatalf("%s never came", what)
	}
	until("the beginning", func(l look) bool { return l.Online && len(l.Tickets) == 0 })
	if status, body, _ := call(t, http.MethodPost, s.URL+"/faults/paper_out", `{"on":true,"after_mm":4}`); status != http.StatusNoContent {
		t.Fatalf("the button: %d %s", status, body)
	}
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", m.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(patience))
	if _, err := io.WriteString(conn, "\x1b@A001\nA002\n\x1dVB\x00"); err != nil {
		t.Fatal(err)
	}
	until("the torn ticket", func(l look) bool {
		return !l.Online && len(l.Faults) == 1 && len(l.Tickets) == 1 && l.Tickets[0].Torn == "paper_out" && l.Tickets[0].Text == "A001"
	})
	call(t, http.MethodPost, s.URL+"/faults/paper_out", `{"on":false}`)
	until("the rest", func(l look) bool { return l.Online && len(l.Tickets) == 2 && l.Tickets[1].Text == "A002" })
	call(t, http.MethodPost, s.URL+"/tear", "")
	until("taken tickets", func(l look) bool { return l.Tickets[0].Taken && l.Tickets[1].Taken })
	for _, path := range []string{"/tickets/1.png", "/paper.png"} {
		_, body, _ := call(t, http.MethodGet, s.URL+path, "")
		if p, err := png.Decode(strings.NewReader(body)); err != nil || p.Bounds().Dx() != 576 {
			t.Errorf("%s: %v", path, err)
		}
	}
}

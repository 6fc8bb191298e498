package httpd_test

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"image/png"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/displays"
	"github.com/eliminacode/eliminacode/pkg/httpd"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

func TestPages(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	mine := s.dev().issue("anagrafe")
	asset := regexp.MustCompile(`(?:src|href)="(/assets/[^"]+)"`)
	for _, path := range []string{"/", "/affluenza", "/privacy", "/accessibilita?lang=en", "/t/" + mine.ID, "/display/sala", "/display/ingresso", "/totem", "/login", "/console", "/admin", "/simulatore"} {
		a := s.public().get(path).want(http.StatusOK)
		a.headers("X-Content-Type-Options", "nosniff")
		microphone := "()"
		if path == "/admin" { // records voices
			microphone = "(self)"
		}
		a.headers("Permissions-Policy", "camera=(), geolocation=(), microphone="+microphone)
		// The address of a ticket is its key: it must not get to other sites.
		if p := a.Header.Get("Referrer-Policy"); p != "no-referrer" && p != "same-origin" {
			t.Errorf("%s: Referrer-Policy %q", path, p)
		}
		if kind := a.Header.Get("Content-Type"); !strings.EqualFold(kind, "text/html; charset=utf-8") {
			t.Errorf("%s: Content-Type %q", path, kind)
		}
		if !strings.HasPrefix(strings.ToLower(string(a.body)), "<!doctype html>") {
			t.Errorf("%s begins with %.30q", path, a.body)
		}
		csp := a.Header.Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"} {
			if !strings.Contains(csp, want) {
				t.Errorf("%s: no %s in %q", path, want, csp)
			}
		}
		if strings.Contains(csp, "unsafe") {
			t.Errorf("%s: %q", path, csp)
		}
		for _, bad := range []string{"<style", " style=", " onclick=", " onload="} { // the policy would block them
			if strings.Contains(string(a.body), bad) {
				t.Errorf("%s has %q", path, bad)
			}
		}
		links := asset.FindAllStringSubmatch(string(a.body), -1)
		if len(links) == 0 || len(links) > 6 {
			t.Errorf("%s loads %d files", path, len(links))
		}
		for _, link := range links {
			a := s.public().get(link[1]).want(http.StatusOK)
			asItIs := strings.HasSuffix(link[1], "/old.js") // a bundle would be in a newer language
			if kind := a.Header.Get("Content-Type"); !asItIs && !strings.HasPrefix(kind, "image/") {
				a.headers("Cache-Control", "public, max-age=31536000, immutable")
			}
		}
	}
}

func TestUnknownPages(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.public().get("/display/cantina").refused(http.StatusNotFound, "not_found", "")
	person := s.public().with("Accept", "text/html,*/*;q=0.8")
	for _, path := range []string{"/display/cantina", "/nothing", "/offices/luna/totem"} {
		a := person.get(path)
		if kind := a.Header.Get("Content-Type"); a.StatusCode < 400 || !strings.HasPrefix(kind, "text/html") {
			t.Errorf("%s: %d, %s", path, a.StatusCode, kind)
		}
		a.contains("<h1>", `lang="en"`)
	}
	person.get("/api/v1/tickets/NONE").refused(http.StatusNotFound, "unknown_ticket", "")
	a := s.public().get("/t/NONE").want(http.StatusNotFound).headers("X-Robots-Tag", "noindex")
	a.contains("Biglietto non trovato", "Ticket not found")
}

// TestFailurePages says on every face what happened and what to do, in Italian and English, with
// what helps there.
func TestFailurePages(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	for _, tt := range []struct {
		path     string
		status   int
		has, not []string
	}{
		{"/nothing", 404, []string{"Questa pagina non esiste", `href="/affluenza"`}, []string{"data-every", "/login"}},
		{"/offices/luna/affluenza", 404, []string{"Questa sede non esiste", `href="/"`}, []string{"data-every", "/login"}},
		{"/display/cantina", 404, []string{"Questo monitor non esiste", "failure-wall", `data-every="15"`, "failure.js", `<noscript><meta http-equiv="refresh" content="15">`}, []string{"<a "}},
		{"/offices/luna/totem", 404, []string{"failure-wall", `data-every`}, []string{"<a "}},
		{"/console/nothing", 404, []string{`href="/login"`}, []string{"data-every", "/affluenza"}},
	} {
		a := s.public().with("Accept", "text/html").get(tt.path).want(tt.status)
		a.contains(append(tt.has, "<h1>", `lang="en"`, `+pkg/web/failure.css">`)...)
		for _, bad := range tt.not {
			if strings.Contains(string(a.body), bad) {
				t.Errorf("%s has %q", tt.path, bad)
			}
		}
	}
	s.public().get("/assets/pkg/web/failure.css").want(http.StatusOK)
	if err := s.journal.Close(); err != nil {
		t.Fatal(err)
	}
	s.public().with("Accept", "text/html").get("/offices/other/affluenza").want(http.StatusServiceUnavailable).contains("Riprova", `content="10"`)
}

// TestHead asks for every page and every call as monitors and link checkers do.
func TestHead(t *testing.T) {
	t.Parallel()
	media := t.TempDir()
	if err := os.WriteFile(filepath.Join(media, "stemma.svg"), []byte("<svg/>"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := newServer(t, speaking(t), func(o *httpd.Options) { o.Media = media })
	mine := s.dev().issue("anagrafe")
	var invited struct{ URL string }
	s.dev().post("/api/v1/invitations", `{"channel":"anagrafe"}`).want(http.StatusCreated).read(&invited)
	invitation := invited.URL[strings.LastIndex(invited.URL, "/")+1:]
	fill := strings.NewReplacer("{office}", office, "{ticket}", mine.ID, "{invitation}", invitation, "{display}", "sala", "{device}", "x", "{version}", "1", "/voice/*", "/voice/it.json", "*", "displays/lib/base.css", "{file}", "stemma.svg", "{table}", "attese-2026.csv")
	c := s.dev().outside()
	for _, route := range httpd.Routes(s.httpd) {
		path, ok := strings.CutPrefix(route, "GET ")
		if !ok {
			continue
		}
		if strings.HasSuffix(path, "{pairing}") { // its own device's alone
			continue
		}
		path = fill.Replace(path)
		got, head := c.get(path), c.do(http.MethodHead, path, "")
		if head.StatusCode != got.StatusCode || head.Header.Get("Content-Type") != got.Header.Get("Content-Type") || len(head.body) > 0 {
			t.Errorf("HEAD %s: %d, %q, %d bytes; GET: %d, %q", path, head.StatusCode, head.Header.Get("Content-Type"), len(head.body),
				got.StatusCode, got.Header.Get("Content-Type"))
		}
		if got.StatusCode != http.StatusOK && !strings.HasSuffix(path, "/ws") {
			t.Errorf("GET %s: %d", path, got.StatusCode)
		}
	}
	c.do(http.MethodHead, "/nothing", "").want(http.StatusNotFound)
	c.do(http.MethodHead, "/api/v1/login", "").want(http.StatusMethodNotAllowed)
	c.with("Upgrade", "websocket").do(http.MethodHead, "/api/v1/ws?view=public", "").want(http.StatusMethodNotAllowed)
}

func TestAssets(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	kinds := map[string]string{
		"/assets/displays/lib/base.css":                            "text/css; charset=utf-8",
		"/assets/displays/public/public.js":                        "text/javascript; charset=utf-8",
		"/assets/displays/lib/icon.svg":                            "image/svg+xml",
		"/assets/displays/lib/fonts/titillium-web-latin-400.woff2": "font/woff2",
		"/favicon.ico":       "image/svg+xml",
		"/display-worker.js": "text/javascript; charset=utf-8",
		"/display/sala":      "text/html; charset=utf-8",
	}
	for path, kind := range kinds {
		first := s.public().get(path).want(http.StatusOK).headers("Content-Type", kind, "Cache-Control", "no-cache")
		tag := first.Header.Get("ETag")
		if tag == "" || len(first.body) == 0 {
			t.Errorf("%s: tag %q, %d bytes", path, tag, len(first.body))
		}
		if again := s.public().with("If-None-Match", tag).get(path).want(http.StatusNotModified).headers("ETag", tag); len(again.body) > 0 {
			t.Errorf("%s: 304 with a body", path)
		}
		s.public().with("If-None-Match", `"old"`).get(path).want(http.StatusOK)
	}
	// A page is at its own address alone.
	for _, page := range []string{"displays/monitor/index.html", "totem/screen/index.html", "pkg/console/admin.html"} {
		s.public().get("/assets/" + page).want(http.StatusNotFound)
		s.public().get("/assets/" + s.pagesVersion() + "/" + page).want(http.StatusNotFound)
	}
	s.public().get("/assets/"+s.pagesVersion()+"/displays/lib/icon.svg").want(http.StatusOK).headers("Cache-Control", "public, max-age=31536000, immutable")
}

// TestPublicPageWithoutScripts reads what a browser without JavaScript shows.
func TestPublicPageWithoutScripts(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.dev().at("2", "open", "").want(http.StatusOK)
	for range 4 {
		s.dev().issue("anagrafe")
	}
	s.dev().at("2", "next", "").want(http.StatusOK)
	s.public().get("/affluenza?lang=en").want(http.StatusOK).contains("Civil registry", "A001", "Counter 2", "Open", `http-equiv="refresh"`)
	a := s.public().get("/affluenza").want(http.StatusOK)
	a.contains("Servizi anagrafici", "A001", "Sportello 2", "Aperto", `http-equiv="refresh"`)
	text := regexp.MustCompile(`<[^>]*>`).ReplaceAllString(string(a.body), " ")
	if !regexp.MustCompile(`3\s+persone in attesa`).MatchString(text) {
		t.Error("the number of people waiting isn't shown")
	}
}

// TestPublicPageLanguage opens the page in the browser's language, then in the one that its reader
// chooses; each names the others.
func TestPublicPageLanguage(t *testing.T) {
	t.Parallel()
	s := newServer(t, func(o *httpd.Options) { o.PublicURL = "https://coda.example.it" })
	for _, tt := range []struct{ accepted, query, language, vary string }{
		{"", "", "it", "Accept-Encoding Accept-Language"},
		{"de-DE,de;q=0.9,en;q=0.5", "", "en", "Accept-Encoding Accept-Language"},
		{"it-IT,it;q=0.9,en;q=0.5", "", "it", "Accept-Encoding Accept-Language"},
		{"it-IT,it;q=0.9,en;q=0.5", "?lang=en", "en", "Accept-Encoding"},
		{"en", "?lang=it", "it", "Accept-Encoding"},
		{"en", "?lang=xx", "en", "Accept-Encoding Accept-Language"},
		{"en", "?lang=%22%3E", "en", "Accept-Encoding Accept-Language"},
	} {
		says := map[string][]string{"it": {"<h1>Affluenza</h1>", "Servizi anagrafici"}, "en": {"<h1>How busy we are</h1>", "Civil registry"}}
		a := s.public().with("Accept-Language", tt.accepted).get("/affluenza" + tt.query).want(http.StatusOK)
		a.contains(append(says[tt.language], `<html lang="`+tt.language+`" dir="ltr"`, `hreflang="en" href="https://coda.example.it/affluenza?lang=en"`)...)
		a.headers("Content-Language", tt.language)
		if vary := strings.Join(a.Header.Values("Vary"), " "); vary != tt.vary {
			t.Errorf("%q%s: Vary %q, want %q", tt.accepted, tt.query, vary, tt.vary)
		}
		for other, words := range says {
			if other != tt.language && strings.Contains(string(a.body), words[1]) {
				t.Errorf("%q%s is in %s too", tt.accepted, tt.query, other)
			}
		}
	}
}

func TestTicketPage(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.dev().at("2", "open", "").want(http.StatusOK)
	called, mine := s.dev().issue("anagrafe"), s.dev().issue("anagrafe")
	s.dev().at("2", "next", "").want(http.StatusOK)
	s.public().get("/t/"+mine.ID).want(http.StatusOK).headers("X-Robots-Tag", "noindex").contains("A002", "Avvicinati", "/t/"+mine.ID+"/cancel", "per circa 10 minuti", "/t/"+mine.ID+"/postpone")
	s.public().get("/t/"+called.ID).want(http.StatusOK).contains("A001", "Sportello 2")

	// The form of a browser without scripts.
	form := s.public().with("Content-Type", "application/x-www-form-urlencoded")
	form.post("/t/"+called.ID+"/cancel", "").want(http.StatusConflict).contains("non si può più annullare")
	form.post("/t/"+mine.ID+"/postpone", "").want(http.StatusSeeOther).headers("Location", "/t/"+mine.ID)
	form.post("/t/"+mine.ID+"/postpone", "").want(http.StatusConflict).contains("Non puoi più lasciar passare", `<details id="postpone" class="wish" hidden>`)
	form.post("/t/"+mine.ID+"/cancel", "").want(http.StatusSeeOther).headers("Location", "/t/"+mine.ID)
	s.public().get("/t/" + mine.ID).want(http.StatusOK).contains("Annullato")
	form.post("/t/NONE/cancel", "").want(http.StatusNotFound)
}

// TestTextPages says how data are kept and how accessible the pages are, in the reader's language
// and with the office's contact; a deadline that there isn't isn't promised.
func TestTextPages(t *testing.T) {
	t.Parallel()
	s := newServer(t, func(o *httpd.Options) { o.Retention = 45 })
	s.configure(func(c *queue.Config) { c.Contact.Phone = "+39 0571 757999" })
	s.public().get("/privacy").want(http.StatusOK).contains(`<html lang="it"`, "<h1>Privacy</h1>", "dopo 45 giorni", `href="tel:&#43;390571757999"`, "URP del Comune di Empoli")
	s.public().get("/privacy?lang=en").want(http.StatusOK).headers("Content-Language", "en").contains("after 45 days", `href="/affluenza?lang=en"`)
	s.public().with("Accept-Language", "en-GB").get("/accessibilita").want(http.StatusOK).contains("<h1>Accessibility</h1>", "WCAG 2.2")
	newServer(t, func(o *httpd.Options) { o.Retention = 0 }).public().get("/privacy").want(http.StatusOK).contains("senza scadenza")
}

// TestWidget lets the pages of the sites in the settings, and no others, have it in a frame; no
// other page may be in one.
func TestWidget(t *testing.T) {
	t.Parallel()
	s := newServer(t, func(o *httpd.Options) {
		o.Origins = []string{"https://www.comune.example.it", "https://turismo.example.it"}
	})
	for path, by := range map[string]string{
		"/widget": "frame-ancestors 'self' https://www.comune.example.it https://turismo.example.it;", "/affluenza": "frame-ancestors 'none'",
	} {
		a := s.public().get(path).want(http.StatusOK)
		if csp := a.Header.Get("Content-Security-Policy"); !strings.Contains(csp, by) {
			t.Errorf("%s: %s", path, csp)
		}
	}
	s.public().get("/widget").contains("Servizi anagrafici", `href="/affluenza?lang=it" target="_blank"`)
	a := newServer(t).public().get("/widget?lang=en").want(http.StatusOK)
	a.contains("Civil registry", "0 people waiting")
	if csp := a.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "frame-ancestors 'self';") {
		t.Error(csp)
	}
}

// TestBadge draws how many wait for any site, in words that can't become markup.
func TestBadge(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.dev().issue("anagrafe")
	s.dev().issue("protocollo")
	s.configure(func(c *queue.Config) { c.Name = queue.Text{"it": `URP "<b>" & altri`} })
	a := s.public().get("/badge.svg").want(http.StatusOK)
	a.contains("2 persone in attesa")
	a.headers("Content-Type", "image/svg+xml", "Cache-Control", "public, max-age=30", "Access-Control-Allow-Origin", "*", "Content-Language", "it")
	s.public().get("/badge.svg?lang=en").contains("2 people waiting", `xml:lang="en"`)
	if err := xml.Unmarshal(a.body, new(struct {
		XMLName xml.Name `xml:"http://www.w3.org/2000/svg svg"`
	})); err != nil {
		t.Errorf("%v in %s", err, a.body)
	}
}

// TestFeed has the notices that are shown and the closures to come, each since it has been so.
func TestFeed(t *testing.T) {
	t.Parallel()
	s := newServer(t, func(o *httpd.Options) { o.PublicURL = "https://coda.example.it" })
	lift := queue.Notice{ID: "lift", Text: queue.Text{"it": "L’ascensore è <guasto>", "en": "The lift is out of order"}}
	s.configure(func(c *queue.Config) { c.Notices = []queue.Notice{lift} })
	s.clock.pass(time.Hour)
	s.configure(func(c *queue.Config) {
		c.Exceptions = append(c.Exceptions, queue.Exception{From: "2026-03-09", To: "2026-03-09", Reason: queue.Text{"it": "assemblea"}})
		c.Notices = append(c.Notices, queue.Notice{ID: "past", Text: queue.Text{"it": "Passato"}, To: "2026-03-01"})
	})
	var feed struct {
		XMLName xml.Name  `xml:"http://www.w3.org/2005/Atom feed"`
		Updated time.Time `xml:"updated"`
		Links   []struct {
			Rel  string `xml:"rel,attr"`
			Href string `xml:"href,attr"`
		} `xml:"link"`
		Entries []struct {
			ID      string    `xml:"id"`
			Content string    `xml:"content"`
			Updated time.Time `xml:"updated"`
		} `xml:"entry"`
	}
	a := s.public().get("/avvisi.atom").want(http.StatusOK).headers("Content-Type", "application/atom+xml; charset=utf-8", "Content-Language", "it")
	if err := xml.Unmarshal(a.body, &feed); err != nil {
		t.Fatalf("%v in %s", err, a.body)
	}
	if len(feed.Entries) != 2 || feed.Entries[0].Content != lift.Text["it"] || feed.Entries[1].Content != "lunedì 9 marzo: chiuso – assemblea" {
		t.Fatalf("%s", a.body)
	}
	if age := feed.Entries[1].Updated.Sub(feed.Entries[0].Updated); age != time.Hour || !feed.Updated.Equal(feed.Entries[1].Updated) {
		t.Errorf("the closure is %v younger than the notice, the feed of %v", age, feed.Updated)
	}
	if len(feed.Links) != 2 || feed.Links[0].Href != "https://coda.example.it/avvisi.atom?lang=it" || feed.Entries[0].ID == feed.Entries[1].ID {
		t.Errorf("%s", a.body)
	}
	s.public().get("/avvisi.atom?lang=en").contains("The lift is out of order", "Monday 9 March: closed")
}

// TestTicketAsAnApp has a ticket's page installed: what the browser reads of it names this ticket
// in its reader's language, and all that it names is there.
func TestTicketAsAnApp(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	mine := s.dev().issue("anagrafe")
	address := "/t/" + mine.ID + "/manifest.webmanifest"
	s.public().get("/t/" + mine.ID).want(http.StatusOK).contains(`<link rel="manifest" href="` + address + `">`)
	s.public().get("/t/" + mine.ID + "?lang=en").want(http.StatusOK).contains(`<link rel="manifest" href="` + address + `?lang=en">`)
	var app displays.Manifest
	s.public().get(address+"?lang=en").want(http.StatusOK).headers("Content-Type", "application/manifest+json", "X-Robots-Tag", "noindex", "Cache-Control", "no-cache").read(&app)
	if app.StartURL != "/t/"+mine.ID+"?lang=en" || app.Scope != "/t/"+mine.ID || app.ShortName != "A001" || app.Lang != "en" || !strings.HasPrefix(app.Name, "A001 · ") || app.Display != "standalone" {
		t.Errorf("%+v", app)
	}
	for _, icon := range app.Icons {
		size, err := png.DecodeConfig(bytes.NewReader(s.public().get(icon.Source).want(http.StatusOK).headers("Content-Type", icon.Type).body))
		if err != nil || fmt.Sprintf("%dx%d", size.Width, size.Height) != icon.Sizes {
			t.Errorf("%s: %v, %v", icon.Source, size, err)
		}
	}
	s.public().get("/t/NONE/manifest.webmanifest").want(http.StatusNotFound)
	s.public().get("/t/worker.js").want(http.StatusOK).headers("Content-Type", "text/javascript; charset=utf-8").contains("notificationclick")
}

// TestTicketPageLanguage opens the page in the ticket's language, then in the one that its reader
// chooses of those that the office offers, also after a form of a browser without scripts.
func TestTicketPageLanguage(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.configure(func(c *queue.Config) { c.Languages = []string{"it", "en", "zh"} })
	var mine ticket
	s.dev().post("/api/v1/tickets", `{"channel":"anagrafe","language":"ar"}`).want(http.StatusCreated).read(&mine)
	page := "/t/" + mine.ID
	for _, tt := range []struct{ query, language, says string }{
		{"", `<html lang="ar" dir="rtl"`, "في الانتظار"},
		{"?lang=zh", `<html lang="zh" dir="ltr"`, "等候中"},
		{"?lang=it", `<html lang="it" dir="ltr"`, "In attesa"},
		{"?lang=fr", `<html lang="ar" dir="rtl"`, "في الانتظار"}, // which the office doesn't offer
		{"?lang=%22%3E", `<html lang="ar" dir="rtl"`, "في الانتظار"},
	} {
		s.public().get(page+tt.query).want(http.StatusOK).contains(tt.language, tt.says, "A001", "Servizi anagrafici")
	}
	form := s.public().with("Content-Type", "application/x-www-form-urlencoded")
	s.public().get(page+"?lang=zh").contains(page+`/cancel?lang=zh"`, "")
	form.post(page+"/cancel?lang=zh", "").want(http.StatusSeeOther).headers("Location", page+"?lang=zh")
	form.post(page+"/cancel?lang=%0d%0ax", "").want(http.StatusSeeOther).headers("Location", page)
	s.public().with("Accept-Language", "zh-CN,zh;q=0.9").get("/t/NONE").want(http.StatusNotFound).contains(`<html lang="zh"`, "找不到此票")
}

// TestHostileNames has names in the configuration that would be markup.
func TestHostileNames(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	const evil = `<script>alert("x")</script><img src=x onerror=alert(1)>'"&`
	s.configure(func(c *queue.Config) {
		c.Name = queue.Text{"it": evil, "en": evil + "en"}
		for i := range c.Channels {
			c.Channels[i].Name = queue.Text{"it": evil, "en": evil + "en"}
			c.Channels[i].Public = nil
		}
		for i := range c.Counters {
			c.Counters[i].Name = queue.Text{"it": evil, "en": evil + "en"}
			c.Counters[i].Place = queue.Text{"it": evil}
		}
		c.Notices = []queue.Notice{{ID: "n", Text: queue.Text{"it": evil, "en": evil + "en"}}}
	})
	mine := s.dev().issue("anagrafe")
	s.dev().at("2", "open", "").want(http.StatusOK)
	s.dev().at("2", "next", "").want(http.StatusOK)
	for _, path := range []string{"/", "/t/" + mine.ID, "/api/v1/state"} {
		a := s.public().get(path).want(http.StatusOK)
		if body := string(a.body); strings.Contains(body, "<script>alert") || strings.Contains(body, "<img src=x") {
			t.Errorf("%s has the name as markup", path)
		}
	}
	s.public().get("/").contains("&lt;script&gt;alert")
	s.public().get("/api/v1/tickets/" + mine.ID + "/pdf").want(http.StatusOK)
}

// TestPagesAreNamed holds that every page can learn that the server has others now: anybody's, also
// without the version.
func TestPagesAreNamed(t *testing.T) {
	t.Parallel()
	var health struct{ Pages string }
	newServer(t).public().outside().get("/healthz").want(http.StatusOK).read(&health)
	if health.Pages == "" {
		t.Error("the server doesn't name its pages")
	}
}

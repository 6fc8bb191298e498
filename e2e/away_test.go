package e2e_test

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"

	"github.com/eliminacode/eliminacode/cmd/eliminacode/programtest"
)

// TestMonitorWithoutServer switches a monitor on while the server is away: it shows itself and what
// it waits for, and goes on by itself once the server is back.
func TestMonitorWithoutServer(t *testing.T) {
	t.Parallel()
	s := serve(t)
	b := openBrowser(t)
	sala := b.open("sala", s.URL("/display/sala"), 1920, 1080)
	sala.shows("#waiting", "Servizi anagrafici")
	sala.holds(`navigator.serviceWorker.controller !== null`)
	kept := eval[string](sala, `(async () => {
		for (;;) {
			const names = await caches.keys();
			const kept = names.length === 1 ? await (await caches.open(names[0])).keys() : [];
			const paths = kept.map((request) => new URL(request.url).pathname);
			if (paths.some((path) => path.endsWith('.woff2'))) return paths.join(' ');
			await new Promise((wake) => setTimeout(wake, 100));
		}
	})()`)
	for path := range strings.FieldsSeq(kept) { // nothing of what anybody did
		if path != "/display/sala" && !strings.HasPrefix(path, "/assets/") {
			t.Errorf("%s is kept", path)
		}
	}

	s.Kill()
	tab := b.open("again", s.URL("/display/sala"), 1920, 1080)
	for _, p := range []*page{sala, tab} {
		p.do(reloaded)
		p.shows("#starting", "In attesa del server")
		p.shows("#starting", strings.TrimPrefix(s.URL(""), "http://"))
		// A long date would look out from under the banner.
		p.holds(`!!document.querySelector('.connection-banner') && !document.querySelector('#date').checkVisibility({visibilityProperty: true})`)
		p.holds(`/^\d\d:\d\d/.test(document.querySelector('#time').innerText) && document.fonts.check('700 20px "Titillium Web"')`)
	}
	tab.accessible()

	s.Start(t, programtest.Monday)
	s.Want(t, http.StatusOK, http.MethodPost, "/api/v1/counters/1/open", nil)
	s.Want(t, http.StatusCreated, http.MethodPost, "/api/v1/tickets", map[string]string{"channel": "anagrafe"})
	s.Want(t, http.StatusOK, http.MethodPost, "/api/v1/counters/1/next", nil)
	for _, p := range []*page{sala, tab} {
		p.holds(`document.querySelector('[data-number="A001"]') !== null && document.documentElement.dataset.connection === 'live'`)
	}
}

// TestOldBrowser shows words instead of nothing to a browser that the page is too new for.
func TestOldBrowser(t *testing.T) {
	t.Parallel()
	s := serve(t)
	to, err := url.Parse(s.URL(""))
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(to)
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/monitor.js") { // what today's syntax is to yesterday's browser
			w.Header().Set("Content-Type", "text/javascript")
			_, _ = w.Write([]byte("let monitor = new;"))
			return
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(front.Close)
	b := openBrowser(t)
	for _, p := range []*page{
		b.open("old", front.URL+"/display/sala", 1280, 720),
		b.open("older", s.URL("/display/sala"), 1280, 720, onNew(`delete Element.prototype.replaceChildren`)), // its language is new enough
	} {
		p.shows("#old-browser", "Questo browser è troppo vecchio")
		p.shows("#old-browser", "Chrome 86")
	}
}

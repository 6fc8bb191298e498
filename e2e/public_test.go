package e2e_test

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/eliminacode/eliminacode/displays"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/view"
	"github.com/eliminacode/eliminacode/pkg/web"
)

// withoutScripts has a page run none.
func withoutScripts(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
	_, err := cdp.Call(ctx, t, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	return chromedp.Void{}, err
}

// scheme has a page prefer light or dark colours.
func scheme(name string) chromedp.Action[chromedp.Void] {
	return func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		preferred := []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: name}}
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: preferred})
		return chromedp.Void{}, err
	}
}

// homes are the sizes of the screens of those who look at home, and what is left of them at 200 %.
var homes = [][2]int{{390, 844}, {768, 1024}, {1366, 768}, {683, 384}, {320, 568}}

// TestPublicPageSpeaksOneLanguage chooses another language, finds it again at the page's own
// address, and goes back.
func TestPublicPageSpeaksOneLanguage(t *testing.T) {
	t.Parallel()
	s := serve(t)
	const live = `document.documentElement.dataset.connection === 'live' && document.documentElement.lang === `
	p := openBrowser(t).open("languages", s.URL("/affluenza"), 390, 844)
	p.holds(live + `'it'`)
	p.shows("h1", "Affluenza")
	p.press("English")
	p.holds(live + `'en'`)
	p.shows("#updated", "Live")
	p.shows("main", "Civil registry")
	for _, italian := range []string{"Affluenza", "Servizi", "Orari", "attesa", "marzo"} {
		p.holds(`!document.querySelector('main').innerText.includes('` + italian + `')`)
	}
	p.do(chromedp.Navigate(s.URL("/")))
	p.holds(live + `'en'`)
	s.Kill()
	p.shows("#connection", "Connection lost")
	p.holds(`!document.querySelector('#connection').innerText.includes('Connessione')`)
	s.Start(t, "2026-03-02T09:10:00+01:00")
	p.holds(live + `'en'`)
	p.press("Privacy")
	p.shows("main", "no cookies")
	p.press("Italiano")
	p.shows("main", "Non usano cookie")
	p.press("Torna")
	p.holds(live + `'it'`)
}

// TestPublicPageWithAndWithoutScripts has the page say the same to both, of a counter that has
// called somebody while others wait.
func TestPublicPageWithAndWithoutScripts(t *testing.T) {
	t.Parallel()
	s := serve(t)
	b := openBrowser(t)
	totem := b.open("totem", s.PairURL(t), 1080, 1920)
	take(totem, "Servizi anagrafici")
	take(totem, "Servizi anagrafici")
	console := signIn(b, s, "/console")
	console.do(chromedp.Click(chromedp.CSS(`[data-counter="2"]`)))
	console.shows("#next", "A001")
	console.do(chromedp.KeyEvent("n"))
	console.shows("#current", "A001")

	live := b.open("live", s.URL("/affluenza"), 390, 844)
	live.shows("#updated", "In diretta")
	plain := b.open("plain", s.URL("/affluenza"), 390, 844, withoutScripts)
	plain.shows("#updated", "Aggiornato alle")
	for _, part := range []string{"#opening", "#channels", "#calls", "#desks", "#oggi", "#quando", "#orari", "#servizi"} {
		said := `document.querySelector('` + part + `').innerText.replace(/\s+/g, ' ').trim()`
		if with, without := eval[string](live, said), eval[string](plain, said); with != without || with == "" {
			t.Errorf("%s with scripts:\n%s\nwithout:\n%s", part, with, without)
		}
	}
	live.accessible()
	for _, colours := range []string{"light", "dark"} {
		live.do(scheme(colours))
		live.accessible()
		live.fitsAt(colours, homes)
	}
}

// TestPublicPageIsRenewed has what changes slowly come anew without a reload, some minutes
// later; what its reader has opened stays open.
func TestPublicPageIsRenewed(t *testing.T) {
	t.Parallel()
	s := serve(t)
	p := openBrowser(t).open("renewed", s.URL("/affluenza"), 390, 844)
	p.holds(`document.documentElement.dataset.connection === 'live'`)
	p.shows("#orari", "2 marzo (oggi)")
	eval[chromedp.Void](p, `(() => {
		window.same = true;
		document.querySelector('#oggi details').open = true;
		const real = fetch, clock = Date.now;
		window.later = (minutes) => (Date.now = () => clock() + minutes * 60000);
		window.fetch = async (...asked) => {
			const text = await (await real(...asked)).text();
			return new Response(text.replaceAll('(oggi)', '(rinnovato)').replaceAll('In attesa', 'In coda'));
		};
	})()`)
	p.shows("#orari", "(oggi)")
	eval[chromedp.Void](p, `later(6)`)
	p.shows("#orari", "(rinnovato)")
	p.shows("#oggi table", "In coda")
	p.holds(`window.same && document.querySelector('#oggi details').open && !document.querySelector('#quando details')`)
}

// TestPublicPageByKeyboard goes through the page by Tab: first the way past the head, then each
// thing that can be used, every one in sight.
func TestPublicPageByKeyboard(t *testing.T) {
	t.Parallel()
	s := serve(t)
	p := openBrowser(t).open("keyboard", s.URL("/affluenza"), 390, 844)
	p.holds(`document.documentElement.dataset.connection === 'live'`)
	p.do(chromedp.KeyEvent(kb.Tab))
	p.holds(`document.activeElement.matches('.skip') && document.activeElement.getBoundingClientRect().top >= 0`)
	all := eval[int](p, `[...document.querySelectorAll('a, button, summary, [tabindex="0"]')].filter((e) => e.checkVisibility()).length`)
	for range all - 1 {
		p.do(chromedp.KeyEvent(kb.Tab))
		p.holds(`(() => {
			const e = document.activeElement, r = e.getBoundingClientRect();
			return e !== document.body && r.top >= 0 && r.bottom <= innerHeight && getComputedStyle(e).outlineStyle !== 'none';
		})()`)
	}
	if last := eval[string](p, `document.activeElement.innerText`); last != "Dati aperti" {
		t.Errorf("after %d steps the focus is at %q", all, last)
	}
}

// TestTextPages looks at the pages of privacy, accessibility and open data, and at the one for a
// frame.
func TestTextPages(t *testing.T) {
	t.Parallel()
	s := serve(t)
	b := openBrowser(t)
	for _, path := range []string{"/privacy", "/accessibilita?lang=en", "/opendata", "/widget"} {
		p := b.open("text"+path[1:4], s.URL(path), 390, 844)
		for _, colours := range []string{"light", "dark"} {
			p.do(scheme(colours))
			p.accessible()
			p.fitsAt(colours, homes)
		}
	}
}

// crowded is an office on a Monday at twelve, that has been busy since eight as on most Mondays.
func crowded(t *testing.T) displays.PublicPage {
	t.Helper()
	c := *queue.Default()
	c.Contact = queue.Contact{Address: "via Giuseppe Del Papa 41, Empoli", Phone: "+39 0571 757999", Email: "urp@comune.example.it", URL: "https://www.comune.example.it/urp"}
	zone, err := c.Location()
	if err != nil {
		t.Fatal(err)
	}
	s, now := new(queue.State), time.Date(2026, 3, 2, 12, 2, 0, 0, zone)
	do := []queue.Command{{By: "user/ada", Do: queue.Configure{Config: &c}}}
	desks := []queue.CounterID{"1", "2", "3"}
	for _, desk := range desks {
		do = append(do, queue.Command{By: "user/clerk" + string(desk), Do: queue.Open{Counter: desk, Operator: "clerk" + string(desk)}})
	}
	for i := range 14 {
		channel := []queue.ChannelID{"anagrafe", "protocollo", "anagrafe", "anagrafe", "altri-servizi"}[i%5]
		do = append(do, queue.Command{By: "device/totem", Do: queue.Issue{Ticket: queue.TicketID(fmt.Sprint("t", i)), Channel: channel}})
	}
	for _, desk := range desks {
		do = append(do, queue.Command{By: "user/clerk" + string(desk), Do: queue.Next{Counter: desk}})
	}
	for i, command := range do {
		if _, _, err := s.Execute(command, now.Add(time.Duration(i-len(do))*20*time.Second)); err != nil {
			t.Fatalf("%T: %v", command.Do, err)
		}
	}
	crowd := &view.Crowding{Level: new(view.Busy)}
	for i := range 49 {
		step := view.TodayStep{At: time.Date(2026, 3, 2, 8, 5*i, 0, 0, zone), Waiting: map[queue.ChannelID]int{"anagrafe": min(i, 40-i/2)/4 + i*7%3, "protocollo": i / 16}}
		if i%4 != 0 {
			step.Called, step.Wait = 1+i%3, new(60*(2+min(i, 40-i/2)/2+i*5%4))
		}
		crowd.Today = append(crowd.Today, step)
	}
	for day := 1; day <= 6; day++ {
		for hour := 8; hour < []int{0, 19, 19, 15, 19, 15, 12}[day]; hour++ {
			h := view.TypicalHour{Weekday: day, Hour: hour, Days: 8, Count: 90, Visits: 11, Waiting: float64((day*hour)%9) / 2}
			if (day+hour)%7 != 0 {
				p50 := 60 * max(1, 22-(hour-10)*(hour-10)-day*5%8+max(0, hour-13)*5)
				h.WaitP50, h.WaitP90 = new(p50), new(2*p50+120)
			}
			crowd.Typical = append(crowd.Typical, h)
		}
	}
	crowd.Best = []view.BestHour{
		{Date: "2026-03-04", Hour: 13, WaitP50: new(100), WaitP90: new(280)},
		{Date: "2026-03-04", Hour: 12, WaitP50: new(100), WaitP90: new(500)},
		{Date: "2026-03-02", Hour: 17},
		{Date: "2026-03-05", Hour: 9, WaitP50: new(200), WaitP90: new(900)},
	}
	v := view.NewPublicPage(&view.Scene{Office: "urp", State: s, Now: now, Level: crowd.Level})
	for i, high := range []int{900, 1500, 290} {
		v.Channels[i].Wait = &view.Wait{Low: high / 2, Likely: high * 2 / 3, High: high}
	}
	return displays.PublicPage{Public: v, Guide: view.NewGuide(&c, now), Crowding: crowd}
}

// TestPublicPageCharts draws the charts of an office that has a past, and looks at them in both
// schemes and languages at all sizes. Each has a table that says the same.
func TestPublicPageCharts(t *testing.T) {
	t.Parallel()
	page := crowded(t)
	assets, err := web.NewAssets(map[string]fs.FS{"displays": displays.FS, "pkg/web": web.FS}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	public, err := displays.Public()
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		web.Secure(w.Header(), r.Host)
		if name, is := strings.CutPrefix(r.URL.Path, "/assets/"); is {
			assets.Serve(w, r, name)
			return
		}
		page := page
		page.Language = r.URL.Query().Get("lang")
		var b bytes.Buffer
		if err := public.Execute(&b, page); err != nil {
			t.Error(err)
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		// Its script would find no server behind it.
		_, _ = w.Write(assets.Page(bytes.ReplaceAll(b.Bytes(), []byte(`<script type="module"`), []byte(`<link rel="nothing"`))))
	}))
	t.Cleanup(server.Close)
	b := openBrowser(t)
	for _, lang := range []string{"it", "en"} {
		p := b.open("charts-"+lang, server.URL+"/?lang="+lang, 390, 844)
		for _, colours := range []string{"light", "dark"} {
			p.do(scheme(colours))
			p.accessible()
			p.fitsAt(colours, homes)
			// Both drawings are as wide as their card, and the present is marked within them.
			p.holds(`[...document.querySelectorAll('.chart')].every((c) => {
				const box = c.getBoundingClientRect(), now = c.querySelector('.chart-now').getBoundingClientRect();
				return box.width > 200 && now.left > box.left + box.width * 0.35 && now.left < box.left + box.width * 0.4;
			})`)
		}
		eval[chromedp.Void](p, `document.querySelectorAll('details').forEach((d) => (d.open = true))`)
		p.accessible()
		p.fitsAt("open", homes)
	}
	p := b.open("charts", server.URL+"/?lang=it", 1366, 768)
	for _, want := range []string{
		"Al massimo 11 persone in attesa, alle 12:00.", "L’attesa più lunga è stata di circa 18 minuti, alle 10:15.",
		"mercoledì 4 marzo, dalle 12 alle 14: quasi sempre meno di 10 minuti", "oggi, dalle 17 alle 18", "11:30",
	} {
		if text := eval[string](p, `document.querySelector('main').textContent.replace(/\s+/g, ' ')`); !strings.Contains(text, want) {
			t.Errorf("the page doesn't say %q:\n%s", want, text)
		}
	}
	// What is drawn in a field of the week stands in the table as well.
	drawn := eval[int](p, `document.querySelectorAll('.heat text[text-anchor]').length`)
	told := eval[int](p, `[...document.querySelectorAll('#quando tbody td:last-child')].filter((d) => d.textContent !== '–').length`)
	if drawn == 0 || drawn != told {
		t.Errorf("%d fields are drawn, %d are in the table", drawn, told)
	}
	if os.Getenv("PICTURES") != "" {
		p.picture("charts-wide")
	}
}

package e2e_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"github.com/eliminacode/eliminacode/cmd/eliminacode/programtest"
)

// asLayout bends a monitor's view to a layout with settings of its own.
func asLayout(layout, bend string) string {
	return fmt.Sprintf(`(v, w) => { if (w.display) w.display.layout = %q; %s }`, layout, bend)
}

// morning is an office with four counters open and somebody waiting for each channel.
func morning(t *testing.T, s *programtest.Server) (do func(path string)) {
	t.Helper()
	do = func(path string) {
		t.Helper()
		s.Want(t, http.StatusOK, http.MethodPost, "/api/v1/counters/"+path, nil)
	}
	for _, counter := range []string{"1", "2", "3", "4"} {
		do(counter + "/open")
	}
	for range 3 {
		for _, channel := range []string{"protocollo", "anagrafe", "altri-servizi"} {
			s.Want(t, http.StatusCreated, http.MethodPost, "/api/v1/tickets", map[string]string{"channel": channel})
		}
	}
	return do
}

// TestMonitorShowsACounterOnce has one row for each counter, and those who missed their call in a
// line of their own, with the counter that they are to return to.
func TestMonitorShowsACounterOnce(t *testing.T) {
	t.Parallel()
	s := serve(t)
	b := openBrowser(t)
	do := morning(t, s)
	do("1/next")
	do("2/next")
	p := b.open("sala", s.URL("/display/sala"), 1920, 1080, onNew(`window.seldom = []; window.setInterval = ((real) => (run, ms) => { if (ms > 100000) seldom.push(run); return real(run, ms); })(setInterval)`))
	p.holds(`document.querySelector('#stage').dataset.number === 'A001'`)
	p.holds(`document.querySelector('#absent').hidden`)

	// A call flashes once a second, four times, and not at all for whoever wants no motion.
	const flash = `(() => {
		const {animationName, animationDuration, animationIterationCount} = getComputedStyle(document.querySelector('.stage-ticket'));
		return [animationName, animationDuration, animationIterationCount].join(' ');
	})()`
	eval[chromedp.Void](p, `document.querySelector('#stage').classList.add('fresh')`)
	if got := eval[string](p, flash); got != "call 1s 4" {
		t.Errorf("a call is animated by %q", got)
	}
	p.do(func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		still := []*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: "reduce"}}
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: still})
		return chromedp.Void{}, err
	})
	if got := eval[string](p, flash); !strings.HasPrefix(got, "none ") {
		t.Errorf("with reduced motion a call is animated by %q", got)
	}
	eval[chromedp.Void](p, `document.querySelector('#stage').classList.remove('fresh')`)

	// Against burn-in the whole picture moves, by a little, and shows no scrollbars for it.
	places := eval[string](p, `(() => {
		const places = new Set();
		for (let i = 0; i < 9; i++) {
			seldom.forEach((run) => run());
			const {left, top} = document.querySelector('#screen').getBoundingClientRect();
			const {scrollWidth, scrollHeight} = document.documentElement;
			places.add([left, top].join());
			if (Math.abs(left) > 8 || Math.abs(top) > 8 || scrollWidth > innerWidth || scrollHeight > innerHeight) return [left, top, scrollWidth, scrollHeight].join();
		}
		return places.size + ' places';
	})()`)
	if places != "9 places" {
		t.Errorf("the picture moves to %s", places)
	}
	do("2/absent")
	p.shows("#absent", "A001")
	p.shows("#absent", "tornare allo sportello")
	do("2/next")
	p.holds(`document.querySelector('#stage').dataset.number === 'A002'`)
	p.holds(`[...document.querySelectorAll('.row:not(.row-past) .row-desk')].map((e) => e.innerText).join() === '1'`)
	if rows := eval[int](p, `document.querySelectorAll('[data-number="A001"].row').length`); rows != 0 {
		t.Error("who missed a call has a row besides the line")
	}

	// Many who missed theirs: as many as fit, and how many more.
	many := b.openBent("many", s.URL("/display/sala"), 1280, 720, `(v) => { v.absent = Array.from({length: 20}, (_, i) => ({...v.absent[0], number: 'A10' + (10 + i)})); }`)
	many.holds(`(() => {
		const shown = [...document.querySelectorAll('#absent .numbers-item')].filter((e) => !e.hidden);
		const rest = document.querySelector('#absent .numbers-more').innerText;
		return shown.length > 2 && shown[0].dataset.number === 'A1029' && rest === '+' + (20 - shown.length);
	})()`)
}

// TestChannelBoard has its own calls large and others' in a line, and no list where there is
// nothing to list.
func TestChannelBoard(t *testing.T) {
	t.Parallel()
	s := serve(t)
	b := openBrowser(t)
	do := morning(t, s)
	do("2/next")
	p := b.open("protocollo", s.URL("/display/protocollo"), 1920, 1080)
	p.shows("#others", "A001")
	p.holds(`getComputedStyle(document.querySelector('#previous')).display === 'none'`)
	p.accessible()
	do("1/next")
	p.holds(`document.querySelector('#stage').dataset.number === 'P001'`)
	p.shows("#others", "A001")
	p.holds(`document.querySelector('#layout').dataset.legible === 'ok'`)
}

// TestCounterSign tells who sits under it, or why nobody does and where to go.
func TestCounterSign(t *testing.T) {
	t.Parallel()
	s := serve(t)
	b := openBrowser(t)
	do := morning(t, s)
	p := b.openBent("sign", s.URL("/display/sala"), 1280, 720, asLayout("counter", `w.display.counter = '2';`))
	p.shows("#sign", "Si prega di attendere")
	p.shows(".sign-desk", "2")
	p.accessible()
	do("1/next") // elsewhere
	do("2/next")
	p.holds(`document.querySelector('#sign').dataset.number === 'A001' && document.querySelector('#sign').matches('.fresh')`)
	p.shows(".sign-number", "A001")
	p.holds(`!document.querySelector('#sign').matches('.fresh')`)
	p.accessible()
	do("2/done")
	p.shows("#sign", "Si prega di attendere")
	do("2/pause")
	p.shows("#sign", "in pausa")
	do("2/close")
	p.shows("#sign", "Chiuso")
	p.shows(".sign-others", "Sportello 3")
	p.accessible()
	p.fits("closed")
	many := b.openBent("sign-many", s.URL("/display/sala"), 1280, 720, asLayout("counter", `w.display.counter = '2';
		for (let i = 5; i < 30; i++) v.counters.push({id: 'x' + i, names: {it: 'Sportello ' + i}, status: 'open'});`))
	many.shows(".sign-others", "Sportello 5")
	many.fits("many")
}

// TestEntrance orients whoever comes in.
func TestEntrance(t *testing.T) {
	t.Parallel()
	s := serve(t)
	b := openBrowser(t)
	do := morning(t, s)
	do("1/next")
	p := b.openBent("entrance", s.URL("/display/ingresso"), 1920, 1080, `(v) => { v.channels[1].wait = {low_s: 600, likely_s: 700, high_s: 1200}; }`)
	p.shows(".services", "Carte d'identità")
	p.shows(".services", "10–\u206020\u00a0min")
	p.shows(".services", "3 persone in attesa")
	p.shows(".entrance-hours", "08:00–18:30")
	p.shows(".entrance-ticket", "Prenda il biglietto al totem")
	p.shows("#called", "P001")
	p.holds(`document.querySelector('.entrance-code').naturalWidth > 0`)
	p.accessible()
	p.fits("open")
	// Where nobody waits it may take long all the same.
	figures := `document.querySelector('[data-channel="altri-servizi"] .service-figures').innerText`
	p.bends(`(v) => { v.channels[2].waiting = 0; v.channels[2].wait = null; }`)
	p.holds(`/^nessuno in attesa\s*nobody waiting$/.test(` + figures + `)`)
	p.fits("nobody")
	p.bends(`(v) => { v.channels[2].waiting = 0; v.channels[2].wait = {low_s: 600, likely_s: 700, high_s: 1200}; }`)
	p.holds(`/^10–\u206020\u00a0min\s*nessuno in attesa\s*nobody waiting$/.test(` + figures + `)`)
	p.fits("nobody but long")

	// A counter's long name becomes smaller in the line of calls; English stands close below the
	// Italian.
	long := b.openBent("entrance-long", s.URL("/display/ingresso"), 1080, 1920, `(v) => {
		const desk = v.counters[0];
		desk.names = {it: 'Sportello unico per le attività produttive, primo piano'};
		v.calls.forEach((c) => { if (c.counter === desk.id) c.where = desk.names; });
		v.channels[0].names = {it: 'Protocollo', en: 'Registry of the documents handed in to the town'};
	}`)
	long.shows("#called", "Sportello unico per le attività produttive, primo piano")
	long.fits("long")
	long.holds(`(() => {
		const [name, english] = [...document.querySelectorAll('.service-name > span')].map((e) => e.getBoundingClientRect());
		return english.top >= name.bottom - 10 && english.top - name.bottom < 8;
	})()`)

	// With calls and a closing below, there is less room for how to take a ticket.
	p.bends(early + `}`)
	p.shows("#opening", "09:30")
	p.shows("#called", "P001")
	p.fits("early")

	p.bends(`(v) => { ` + closedBy + ` v.calls = []; }`)
	p.shows(".entrance-ticket", "domani alle 08:00")
	p.accessible()
	p.bends(`(v, w) => { (` + crowd + `)(v, w); v.counters.pop(); v.calls = []; }`)
	p.fits("crowd")
}

// TestPlaylistYieldsToCalls has a call take the screen at once and for long enough, and a file that
// isn't there passed over.
func TestPlaylistYieldsToCalls(t *testing.T) {
	t.Parallel()
	s := serve(t)
	b := openBrowser(t)
	do := morning(t, s)
	const slides = `w.display.playlist = [{texts: {}, file: '/media/manca.png', seconds: 3}, {texts: {it: 'Biblioteca chiusa', ar: 'مغلقة'}, file: '', seconds: 3},
		{texts: {}, file: '/media/rotta.png', seconds: 3}, {texts: {}, file: '/media/piazza.svg', seconds: 3}, {texts: {}, file: '/media/film.webm'}];`
	film, err := os.ReadFile("testdata/film.webm") // four seconds
	if err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(s.Data(), "media")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{
		"film.webm": string(film), "rotta.png": "no picture", "piazza.svg": `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 9"><path fill="#0a0" d="M0 0h16v9H0z"/></svg>`,
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p := b.openBent("playlist", s.URL("/display/sala"), 1920, 1080, asLayout("playlist", slides))
	p.shows(".slides", "Biblioteca chiusa")
	p.holds(`!document.querySelector('.playlist').matches('.yielding')`)
	p.accessible()
	p.holds(`[...document.querySelectorAll('.slides img')].some((i) => i.src.endsWith('piazza.svg') && i.naturalWidth > 0)`)
	p.holds(`[...document.querySelectorAll('.slides img')].every((i) => i.naturalWidth > 0)`)
	eval[bool](p, `(() => {
		new MutationObserver(() => {
			const yields = document.querySelector('.playlist').matches('.yielding');
			if (yields && !window.began) window.began = performance.now();
			if (!yields && window.began && !window.ended) window.ended = performance.now();
		}).observe(document.querySelector('.playlist'), {attributes: true});
		return true;
	})()`)
	// A call has the screen of a film too, which goes on to its end.
	p.holds(`[...document.querySelectorAll('.slide-in video')].some((film) => film.currentTime > 0 && !film.paused)`)
	do("2/next")
	p.holds(`document.querySelector('.playlist').matches('.yielding') && document.querySelector('#stage').dataset.number === 'A001'`)
	p.shows("#stage", "A001")
	p.holds(`[...document.querySelectorAll('.slides video')].every((film) => !film.checkVisibility({visibilityProperty: true}))`)
	p.shows(".slides", "Biblioteca chiusa")
	p.holds(`window.ended > 0`)
	if ms := eval[float64](p, `window.ended - window.began`); ms < 9500 {
		t.Errorf("the call had the screen for %.0f ms", ms)
	}
	p.shows("#called", "A001")
}

// TestLettersByReadingDistance measures the letters on a screen whose size and distance are known:
// capitals of 12.2 mm a metre for numbers and counters, of 9 mm for the rest.
func TestLettersByReadingDistance(t *testing.T) {
	t.Parallel()
	s := serve(t)
	b := openBrowser(t)
	do := morning(t, s)
	for _, verb := range []string{"1/next", "2/next", "3/next", "4/next"} {
		do(verb)
	}
	const calling = ".row:not(.row-past)"
	for _, at := range []struct {
		layout         string
		inches, metres float64
		size           [2]int
		rows           string // each is shown in its turn: a selector
		count          int
	}{
		{"sala", 55, 3, [2]int{1920, 1080}, calling, 3},
		{"sala", 43, 5, [2]int{1920, 1080}, calling, 3},
		{"sala", 43, 4, [2]int{1280, 720}, calling, 3},
		{"sala", 55, 5, [2]int{1080, 1920}, calling, 3},
		{"entrance", 55, 2, [2]int{1920, 1080}, ".service", 3},
		{"entrance", 55, 5, [2]int{1920, 1080}, ".service", 3},
		{"entrance", 55, 5, [2]int{1080, 1920}, ".service", 3},
		{"counter", 32, 4, [2]int{1920, 1080}, "#sign", 1},
	} {
		name := fmt.Sprintf("%s-%v-%v-%d", at.layout, at.inches, at.metres, at.size[0])
		p := b.openBent(name, s.URL("/display/sala"), at.size[0], at.size[1],
			asLayout(at.layout, fmt.Sprintf(`w.display.counter = '2'; w.display.inches = %v; w.display.metres = %v;`, at.inches, at.metres)))
		p.holds(`document.querySelector('#layout').dataset.legible === 'ok' && document.fonts.status === 'loaded'`)
		small := eval[string](p, fmt.Sprintf(`(() => {
			const millimetre = Math.hypot(innerWidth, innerHeight) / (%v * 25.4), metres = %v;
			const capitals = (element) => {
				const style = getComputedStyle(element), paint = document.createElement('canvas').getContext('2d');
				paint.font = style.fontWeight + ' 1000px "Titillium Web"';
				return paint.measureText('H').actualBoundingBoxAscent / 1000 * parseFloat(style.fontSize) / millimetre;
			};
			const small = [];
			for (const element of document.querySelectorAll('body *')) {
				const own = [...element.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
				if (!own || !element.checkVisibility() || element.closest('noscript, script, [hidden]') || !element.getBoundingClientRect().width) continue;
				const least = element.matches('.stage-number, .stage-desk, .row-number, .row-desk, .numbers-number, .numbers-desk, .sign-number, .sign-desk') ? 12.2 : 9;
				const mm = capitals(element);
				if (mm < least * metres * 0.99) small.push(element.className + ' ' + element.innerText + ': ' + mm.toFixed(1));
			}
			return small.join('\n');
		})()`, at.inches, at.metres))
		if small != "" {
			p.picture("small-" + name)
			t.Errorf("%s: too small, in millimetres:\n%s", name, small)
		}
		// Every counter where somebody is expected, and every service, is shown in its turn.
		eval[bool](p, fmt.Sprintf(`(() => {
			window.seen = new Set();
			setInterval(() => document.querySelectorAll(%q).forEach((row) => row.checkVisibility() && window.seen.add(row.dataset.number || row.dataset.channel)), 200);
			return true;
		})()`, at.rows))
		p.holds(fmt.Sprintf(`window.seen.size >= %d`, at.count))
		if list := eval[string](p, spills); list != "[]" {
			p.picture("far-" + name)
			t.Errorf("%s spills: %s", name, list)
		}
	}
}

// TestFarLettersCutNothing has bands, waits and names at the foot of a screen that is read from far
// away: what has no room is left out whole, calls never are, and what is left out is told.
func TestFarLettersCutNothing(t *testing.T) {
	t.Parallel()
	s := serve(t)
	b := openBrowser(t)
	do := morning(t, s)
	for _, verb := range []string{"1/next", "2/next", "2/absent", "2/next", "3/next", "4/next"} {
		do(verb)
	}
	const (
		waits  = `v.channels.forEach((c) => { c.wait = {low_s: 540, likely_s: 700, high_s: 900}; }); `
		longer = `v.channels.forEach((c) => { c.wait = {low_s: 3600, likely_s: 4000, high_s: 5400}; }); `
		notice = `v.notices = [{id: 'n', text: '', texts: {it: 'Giovedì 5 marzo gli uffici chiudono alle 12:00 per assemblea del personale: si prega di ritirare prima i documenti'}}]; `
	)
	for _, at := range []struct {
		name, bend, legible string
		metres              float64
		size                [2]int
		shown, left         string // selectors
	}{
		{"waits", `(v, w) => {` + waits, "ok", 4, [2]int{1920, 1080}, ".line-wait", "#strip-heading"},
		{"long waits", `(v, w) => {` + longer, "ok", 4.4, [2]int{1920, 1080}, "#strip-heading", ".line-wait"},
		{"upright", `(v, w) => {` + longer, "ok", 5, [2]int{1080, 1920}, ".line-count", ".line-wait"},
		{"many", `(v, w) => { (` + crowd + `)(v, w); v.channels.length = 5; v.calls = v.calls.filter((c) => c.counter !== 'scuola'); `, "ok", 4, [2]int{1920, 1080}, ".line-count", ".line-wait"},
		{"long name", `(v, w) => { (` + crowd + `)(v, w); v.channels.length = 3; `, "number", 4, [2]int{1920, 1080}, ".row-desk-long", ".line-wait"},
		{"notice", `(v, w) => {` + notice, "ok", 4, [2]int{1920, 1080}, "#notices", "#strip"},
		{"notice and early", early + notice, "rest", 4, [2]int{1920, 1080}, "#opening", "#notices"},
		{"too far", `(v, w) => {` + waits, "number", 20, [2]int{1920, 1080}, ".row-number", "#strip"},
		{"uneven waits", `(v, w) => {` + waits + `v.channels[2].wait = {low_s: 5400, likely_s: 6000, high_s: 7200}; `, "ok", 4, [2]int{1920, 1080}, "#strip-heading", ".line-wait"},
		{"early, farther", early, "rest", 6, [2]int{1920, 1080}, "#opening", ".band-text + .band-text"},
	} {
		p := b.openBent(at.name, s.URL("/display/sala"), at.size[0], at.size[1], fmt.Sprintf(`%s w.display.inches = 55; w.display.metres = %v; }`, at.bend, at.metres))
		const seen = `[...document.querySelectorAll(%q)].some((e) => e.checkVisibility()) === %v`
		p.holds(fmt.Sprintf(`document.fonts.status === 'loaded' && document.querySelector('#layout').dataset.legible === %q`, at.legible))
		p.holds(fmt.Sprintf(seen+` && `+seen, at.shown, true, at.left, false))
		if list := eval[string](p, spills); list != "[]" {
			p.picture("far-" + at.name)
			t.Errorf("%s spills: %s", at.name, list)
		}
		if big := eval[float64](p, `document.querySelector('.stage-number').getBoundingClientRect().height`); big < 80 {
			t.Errorf("%s: the number called is %.0f pixels high", at.name, big)
		}
	}
}

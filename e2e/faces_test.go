package e2e_test

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// sizes are those of the screens on walls, kiosks, desks and in hands.
var sizes = [][2]int{{1920, 1080}, {1080, 1920}, {1280, 1024}, {1366, 768}, {390, 844}}

// walls are those of monitors.
var walls = [][2]int{{1920, 1080}, {1080, 1920}, {1280, 720}, {3840, 2160}, {1280, 1024}, {390, 844}}

// bent has the function bend change every view before the page sees it, so that an office can be in
// any state.
const bent = `(() => {
	window.bend = BEND;
	const Real = window.WebSocket;
	window.WebSocket = class extends Real {
		set onmessage(handle) {
			super.onmessage = handle && ((event) => {
				const hand = (message) => {
					if (message.type === 'view') window.bend(message.view.public || message.view, message.view);
					handle({data: JSON.stringify(message)});
				};
				const message = JSON.parse(event.data);
				// The same view once more, as it would come after a change.
				if (message.type === 'view') window.rebend = () => hand(Object.assign(JSON.parse(event.data), {at: new Date(Date.parse(message.at) + performance.now()).toISOString()}));
				hand(message);
			});
		}
	};
})()`

// openBent shows an address whose views pass through bend, a function of the public view (and of
// the whole one).
func (b *browser) openBent(name, url string, width, height int, bend string) *page {
	b.t.Helper()
	p := b.open(name, url, width, height, onNew(strings.Replace(bent, "BEND", bend, 1)))
	p.holds(`document.documentElement.dataset.connection === 'live'`)
	return p
}

// bends has the page show its view with another bend.
func (p *page) bends(bend string) {
	p.t.Helper()
	eval[chromedp.Void](p, `window.bend = `+bend+`; window.rebend()`)
}

// Bends: crowd is an office on a full day.
const crowd = `(v, whole) => {
	const name = 'Certificazionielettorali26';
	v.channels = Array.from({length: 12}, (_, i) => ({...v.channels[0], id: 'c' + i, letter: 'PASTQRUVWXYZ'[i], waiting: i === 1 ? 1004 : i * 7,
		names: {it: i % 2 ? name : 'Servizi anagrafici', en: 'Electoral certificates 26 x'}, last_called: 'A1004',
		hints: {it: 'Carte d’identità, residenza, stato civile'}, wait: {low_s: 3600, likely_s: 4000, high_s: 5400}}));
	v.counters.push({id: 'scuola', names: {it: 'Ufficio Scuola, primo piano', en: 'School office, first floor'}, status: 'open'});
	v.calls = ['A1004>1', 'P1000>scuola', 'A997>2', 'A996>scuola', 'A995>3', 'A994>4', 'A993>4'].map((text, i) => {
		const [number, counter] = text.split('>');
		const desk = v.counters.find((c) => c.id === counter);
		return {id: 100 - i, number, channel: 'c1', letter: 'A', color: i % 2 ? '#0066cc' : '#00665c', counter, where: desk.names,
			at: new Date(Date.parse(v.at) - 90000 - i * 60000).toISOString(), recalled: false, times: 1, holds: i < 6};
	});
	if (whole.display) whole.display.channels = [];
	if (whole.ticket) Object.assign(whole.ticket, {number: 'A1004', channel: 'c1', ahead: 1003});
}`

// full has as many channels as an office may have.
const full = `(v, w) => { (` + crowd + `)(v, w); v.channels = Array.from({length: 26}, (_, i) => ({...v.channels[i % 12], id: 'f' + i, letter: String.fromCharCode(65 + i), waiting: 1004 + i})); `

// spills lists the texts that leave their box or the screen, or lie over one another.
const spills = `(() => {
	const spilled = [], seen = [];
	const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	for (let node; (node = texts.nextNode()); ) {
		const el = node.parentElement;
		if (!node.data.trim() || !el.checkVisibility({visibilityProperty: true}) || el.closest('.unseen, .skip, script, noscript, .stage-service [lang], .line-en')) continue;
		const em = parseFloat(getComputedStyle(el).fontSize) * (el.currentCSSZoom || 1);
		const range = document.createRange();
		range.selectNodeContents(node);
		for (const r of range.getClientRects()) {
			if (r.width < 1) continue;
			const box = {left: 0, right: innerWidth, top: -Infinity, bottom: Infinity};
			for (let p = el; p; p = p.parentElement) {
				const style = getComputedStyle(p), b = p.getBoundingClientRect();
				if (style.overflowX !== 'visible') { box.left = Math.max(box.left, b.left); box.right = Math.min(box.right, b.right); }
				if (style.overflowY === 'auto' || style.overflowY === 'scroll') break;
				if (style.overflowY !== 'visible') { box.top = Math.max(box.top, b.top); box.bottom = Math.min(box.bottom, b.bottom); }
			}
			const sink = em * 0.42; // above and below the letters themselves
			if (r.left < box.left - 2 || r.right > box.right + 2 || r.top + sink < box.top || r.bottom - sink > box.bottom) {
				spilled.push((el.className || el.id || el.tagName) + ': ' + node.data.trim().slice(0, 40));
			}
			const core = {left: r.left + 1, right: r.right - 1, top: r.top + sink, bottom: r.bottom - sink, text: node.data.trim().slice(0, 30)};
			for (const o of seen) {
				if (core.left < o.right && core.right > o.left && core.top < o.bottom && core.bottom > o.top) spilled.push('over one another: ' + o.text + ' / ' + core.text);
			}
			seen.push(core);
		}
	}
	return JSON.stringify([...new Set(spilled)]);
})()`

// fits checks a page at every size: no text leaves its box, and no page scrolls sideways.
func (p *page) fits(state string) {
	p.t.Helper()
	p.fitsAt(state, sizes)
}

func (p *page) fitsAt(state string, sizes [][2]int) {
	p.t.Helper()
	for _, size := range sizes {
		p.do(chromedp.EmulateViewport(int64(size[0]), int64(size[1])))
		eval[chromedp.Void](p, `new Promise((wake) => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(wake)), 250))`)
		name := fmt.Sprintf("%s-%s-%dx%d", p.name, state, size[0], size[1])
		var list []string
		if err := json.Unmarshal([]byte(eval[string](p, spills)), &list); err != nil {
			p.t.Fatal(err)
		}
		if len(list) > 0 {
			p.t.Errorf("%s spills:\n  %s", name, strings.Join(list, "\n  "))
		}
		if wide := eval[int](p, `document.documentElement.scrollWidth - innerWidth`); wide > 0 {
			p.t.Errorf("%s is %d px too wide", name, wide)
		}
		if high := eval[int](p, `document.querySelector('#layout') && innerWidth > 700 ? document.documentElement.scrollHeight - innerHeight : 0`); high > 0 {
			p.t.Errorf("%s is %d px too high", name, high)
		}
		if len(list) > 0 || os.Getenv("PICTURES") != "" {
			p.picture(name)
		}
	}
}

// TestPagesFit measures the totem, the public page and the page of a ticket, on a full day and when
// the office closes early.
func TestPagesFit(t *testing.T) {
	t.Parallel()
	s := serve(t)
	b := openBrowser(t)
	ticket := take(b.open("totem", s.PairURL(t), 1080, 1920), "Protocollo")
	for name, bend := range map[string]string{
		"early": early + `}`,
		"ended": `(v, w) => { ` + closedBy + `v.situation = 'ended'; v.ended = true; if (w.ticket) w.ticket.state = 'expired'; }`,
		"after": `(v, w) => { ` + closedBy + `v.situation = 'attended'; v.attended = true; if (w.ticket) w.ticket.slot = v.at; }`,
	} {
		b.openBent("totem", s.URL("/totem"), 1080, 1920, bend).fits(name)
		p := b.openBent("ticket", s.URL("/t/"+ticket.id), 390, 844, bend)
		p.shows("body", "assemblea del personale")
		p.fits(name)
		p = b.openBent("public", s.URL("/affluenza"), 390, 844, bend)
		p.shows("body", "assemblea del personale")
		p.fits(name)
	}
	p := b.openBent("ticket", s.URL("/t/"+ticket.id), 390, 844, `(v, w) => { if (w.ticket) w.ticket.slot = v.at.slice(0, 10) + 'T11:00:00+01:00'; }`)
	p.shows("#ahead", "intorno alle 11:00")
	p.fits("appointment")
	b.openBent("public", s.URL("/affluenza"), 390, 844, crowd).fits("crowd")
	b.openBent("ticket", s.URL("/t/"+ticket.id), 390, 844, crowd).fits("crowd")
}

// TestMonitorsFit measures a monitor of each layout at every size: full, quiet, with a counter's
// long name, and through a day's closings. Nobody scrolls it, and it has no cursor.
func TestMonitorsFit(t *testing.T) {
	t.Parallel()
	s := serve(t)
	b := openBrowser(t)
	type state struct{ name, bend string }
	everywhere := []state{
		{"crowd", `(v, w) => { (` + crowd + `)(v, w); `},
		{"early", early},
		{"ended", `(v, w) => { ` + closedBy + `v.situation = 'ended'; v.ended = true; v.calls = []; `},
		{"none", `(v, w) => { v.calls = []; v.office.name = 'Unione dei Comuni del Circondario dell’Empolese Valdelsa – Sportello Unico Polifunzionale del Cittadino e delle Imprese'; ` +
			`v.notices = [{id: 'n', texts: {it: 'Giovedì 5 marzo gli uffici chiudono alle 12:00', ar: 'تغلق المكاتب يوم الخميس 5 مارس الساعة 12:00'}}]; `},
	}
	for _, layout := range []struct {
		name, bend string
		more       []state
	}{
		{"sala", ``, []state{
			{"full", full},
			{"long", `(v, w) => { (` + crowd + `)(v, w); v.channels.length = 3; v.calls = v.calls.slice(1, 5); v.calls[3].holds = false; `},
			{"past", `(v, w) => { (` + crowd + `)(v, w); v.channels.length = 5; v.calls.forEach((c) => c.holds = false); `},
			{"after", `(v, w) => { (` + crowd + `)(v, w); v.channels.length = 4; ` + closedBy + `v.situation = 'attended'; v.attended = true; `},
			{"lunch", `(v, w) => { ` + closedBy + `v.situation = 'break'; v.opens_at = v.at.slice(0, 10) + 'T15:00:00+01:00'; v.reasons = {}; `},
			{"single", `(v, w) => { (` + crowd + `)(v, w); v.channels = [v.channels[1]]; w.display.channels = ['c1']; `},
			{"named", `(v, w) => { v.channels.length = 1; w.display.channels = [v.channels[0].id]; w.display.names = {it: 'Tributi, TARI e canone unico patrimoniale', en: 'Taxes, waste tax and municipal levy'}; `},
			{"idle", `(v, w) => { v.channels = [{...v.channels[0], last_called: 'P007'}]; w.display.channels = ['protocollo']; v.calls = []; `},
		}},
		{"channels", `v.channels.length = Math.min(3, v.channels.length); w.display.channels = v.channels.map((c) => c.id); v.calls.forEach((c, i) => i % 2 && (c.channel = 'other')); `, nil},
		{"entrance", ``, []state{{"full", full}}},
		{"counter", `w.display.counter = '1'; `, nil},
		{"playlist", `w.display.playlist = [{file: '', seconds: 60, texts: {it: 'Dal 2 marzo la carta d’identità si chiede su appuntamento, anche per i minori', en: 'From 2 March identity cards are by appointment, for minors too', ar: 'من 2 مارس تُطلب بطاقة الهوية بموعد'}}]; `, nil},
	} {
		p := b.openBent("display-"+layout.name, s.URL("/display/sala"), 1920, 1080, `() => {}`)
		for _, state := range append(everywhere, layout.more...) {
			p.bends(state.bend + layout.bend + `w.display.layout = '` + layout.name + `'; }`)
			if state.name == "long" {
				// "Ufficio Scuola, primo piano" takes no room from "2".
				p.holds(`parseFloat(getComputedStyle(document.querySelector('[data-number="A997"] .row-desk')).fontSize) > 140`)
			}
			if state.name == "none" {
				p.holds(`getComputedStyle(document.querySelector('#notices [lang="ar"]')).direction === 'rtl'`)
			}
			p.fitsAt(state.name, walls)
			p.do(chromedp.EmulateViewport(1920, 1080))
		}
		p.holds(`getComputedStyle(document.querySelector('#layout *')).cursor === 'none'`)
	}
}

// Beginnings of bends about a closing for a reason.
const (
	early    = `(v, w) => { v.situation = 'closing'; v.open = true; v.attended = true; v.ended = false; v.closes_at = v.at.slice(0, 10) + 'T09:30:00+01:00'; v.reasons = {it: 'assemblea del personale', en: 'staff meeting'}; `
	closedBy = `v.situation = 'closed'; v.open = false; v.attended = false; v.ended = false; v.closes_at = null; v.opens_at = '2026-03-03T08:00:00+01:00'; v.reasons = {it: 'assemblea del personale', en: 'staff meeting'}; v.channels.forEach((c) => c.open = false); `
)

// TestTotemPacksManyServices has twelve services with long names on few pages, with a notice above.
func TestTotemPacksManyServices(t *testing.T) {
	t.Parallel()
	s := serve(t)
	b := openBrowser(t)
	b.open("pairing", s.PairURL(t), 1080, 1920).shows("#channels", "Protocollo")
	p := b.openKiosk("kiosk-many", s.URL("/totem"), `w.agent.printer.state = 'paper_out';
		v.channels = Array.from({length: 12}, (_, i) => ({...v.channels[0], id: 'c' + i, letter: 'PASTQRUVWXYZ'[i], waiting: 1004,
			names: {it: 'Tributi, TARI e canone unico patrimoniale', en: 'Taxes, waste tax and municipal levy'}}));`)
	p.shows("#channels", "1004 persone")
	p.shows("#paper", "Manca la carta")
	p.everySize("many")
	p.holds(`/^1 \/ [123]\b/.test(document.querySelector('#pager').innerText.trim())`)
}

// TestTotemHidesNoButton goes through the pages of a kiosk with twelve services at every size, as
// it is and with the help of its tools: each service has its button on one of them, wholly in
// sight, and larger text is never smaller.
func TestTotemHidesNoButton(t *testing.T) {
	t.Parallel()
	s := serve(t)
	b := openBrowser(t)
	b.open("pairing", s.PairURL(t), 1080, 1920).shows("#channels", "Protocollo")
	p := b.openBent("totem", s.URL("/totem"), 1080, 1920, crowd)
	p.shows("#channels", "Servizi")
	for _, size := range sizes {
		var plain float64
		for _, mode := range []struct{ name, pressed string }{
			{"plain", ``}, {"low", `[1]`}, {"low+large", `[2]`}, {"large", `[1]`}, {"plain-again", `[2]`},
		} {
			p.do(chromedp.EmulateViewport(int64(size[0]), int64(size[1])))
			for range mode.pressed[:min(1, len(mode.pressed))] {
				eval[chromedp.Void](p, `document.querySelectorAll('.tool')`+mode.pressed+`.click()`)
			}
			eval[chromedp.Void](p, `new Promise((wake) => setTimeout(wake, 200))`)
			name := fmt.Sprintf("totem-%s-%dx%d", mode.name, size[0], size[1])
			// Whether somebody is still there is asked in room of its own: nothing moves under a
			// hand.
			if room := eval[string](p, `(() => {
				const countdown = document.querySelector('#countdown'), tiles = () => document.querySelector('.reach').getBoundingClientRect().bottom;
				const before = tiles();
				countdown.dataset.running = '';
				const after = tiles(), top = countdown.getBoundingClientRect().top;
				delete countdown.dataset.running;
				return after === before && top >= after ? '' : [before, after, top].join(' ');
			})()`); room != "" {
				t.Errorf("%s: services end at, and with the countdown, which begins at: %s", name, room)
			}
			if os.Getenv("PICTURES") != "" {
				p.picture(name)
			}
			letters := eval[string](p, `(async () => {
				let letters = '';
				const back = document.querySelector('.pager-button'), next = document.querySelectorAll('.pager-button')[1];
				while (back.checkVisibility() && !back.disabled) back.click();
				for (let more = true; more; ) {
					for (const button of document.querySelectorAll('button')) {
						if (!button.checkVisibility({visibilityProperty: true})) continue;
						const r = button.getBoundingClientRect(), box = (button.closest('.screen') || document.body).getBoundingClientRect();
						const hit = document.elementFromPoint(r.left + r.width / 2, r.bottom - 3);
						if (r.top < box.top - 1 || r.bottom > box.bottom + 1 || r.right > innerWidth + 1 || !button.contains(hit)) return 'hidden: ' + button.innerText;
						if (button.matches('.tile')) letters += button.querySelector('.tile-letter').innerText;
					}
					more = next.checkVisibility() && !next.disabled;
					if (more) next.click();
				}
				while (back.checkVisibility() && !back.disabled) back.click();
				return letters;
			})()`)
			if letters != "PASTQRUVWXYZ" {
				p.picture(name)
				t.Errorf("%s: buttons %q", name, letters)
			}
			text := eval[float64](p, `parseFloat(getComputedStyle(document.querySelector('.tile-name')).fontSize)`)
			if mode.name == "plain" {
				plain = text
			} else if text < plain {
				t.Errorf("%s: text of %.1f px, plain %.1f px", name, text, plain)
			}
		}
	}
	p.fits("crowd")
}

// TestTotemKeysChooseWhatIsShown turns a page at a kiosk with more services than one page has: the
// digits stand on its buttons and choose them, and none that is out of sight.
func TestTotemKeysChooseWhatIsShown(t *testing.T) {
	t.Parallel()
	s := serve(t)
	b := openBrowser(t)
	b.open("pairing", s.PairURL(t), 1080, 1920).shows("#channels", "Protocollo")
	p := b.openBent("totem", s.URL("/totem"), 390, 844, `(v, whole) => { (`+crowd+`)(v, whole); whole.classes = ['standard']; }`)
	p.shows("#channels", "Servizi")
	eval[chromedp.Void](p, `new Promise((wake) => setTimeout(wake, 600))`) // a press so soon is meant for the screen before
	p.holds(`document.fonts.status === 'loaded'`)
	// Presses every key, beginning with those that are too high.
	shown := eval[string](p, `(() => {
		document.querySelectorAll('.pager-button')[1].click();
		window.fetch = () => new Promise(() => {}); // no answer: what was asked for stays in sight
		const shown = Array.from(document.querySelectorAll('.tile:not([hidden])'), (tile) => tile.querySelector('.tile-letter').innerText + tile.querySelector('.tile-key').innerText).join(' ');
		for (let n = 9; n > 0; n--) dispatchEvent(new KeyboardEvent('keydown', {key: String(n)}));
		return shown;
	})()`)
	sent := eval[string](p, `document.querySelector('.tile.is-sending .tile-letter').innerText + document.querySelector('.tile.is-sending').hidden`)
	if tiles := strings.Fields(shown); len(tiles) == 0 || strings.Contains(shown, "P") || tiles[0][1:] != "1" || sent != tiles[len(tiles)-1][:1]+"false" {
		t.Errorf("shown are %q, chosen was %s", shown, sent)
	}
}

// TestPairing opens the kiosk's page on a device that nobody paired: it says at once that it isn't
// in service, and shows the code with which an administrator, at another computer, puts it there.
func TestPairing(t *testing.T) {
	t.Parallel()
	s := serve(t)
	b := openBrowser(t)
	// The code of a QR code outlives the sign-in.
	admin := b.open("phone", s.URL("/admin#pair=H7KMQ2XA"), 390, 844)
	admin.shows("body", "Entra")
	admin.do(
		chromedp.Navigate(s.URL("/login?next=/admin")),
		chromedp.SendKeys(chromedp.CSS(`input[name="name"]`), "admin"),
		chromedp.SendKeys(chromedp.CSS(`input[name="password"]`), s.Password()+"\r"),
	)
	admin.holds(`location.pathname === '/admin' && document.querySelector('#pair-code').value === 'H7KMQ2XA'`)
	other := openBrowser(t)
	for _, size := range [][2]int{{1920, 1080}, {1366, 768}, {1280, 1024}, {390, 844}, {1080, 1920}} {
		p := other.open(fmt.Sprintf("pairing-%dx%d", size[0], size[1]), s.URL("/totem"), size[0], size[1])
		p.shows("#citizens", "rivolgersi agli sportelli")
		p.holds(`/^[2-9A-Y]{4}-[2-9A-Y]{4}$/.test(document.querySelector('#code').innerText) && document.querySelector('#qr').complete`)
		p.holds(`document.documentElement.scrollWidth <= innerWidth`)
		p.shows("#left-en", "Holds for another")
		if size[0] > 390 { // nobody scrolls a kiosk that isn't in service
			p.holds(`document.documentElement.scrollHeight <= innerHeight`)
		}
		if os.Getenv("PICTURES") != "" {
			p.picture(p.name)
		}
		if size[0] != 1080 {
			continue
		}
		p.accessible()
		code := eval[string](p, `document.querySelector('#code').innerText`)
		admin.shows("#pairing-rows", "Totem")
		eval[chromedp.Void](admin, `(() => {
			document.querySelector('#pair-code').value = '`+code+`';
			document.querySelector('#pair-place').value = 'totem/totem';
			document.querySelector('#pair-confirm').click();
		})()`)
		p.shows("#channels", "Protocollo")
		admin.shows("#device-rows", "Totem")
		admin.accessible()
		admin.holds(`document.querySelector('.toasts').innerText.trim() === ''`)
		admin.fits("pairing")
		// The other way round, a link makes the browser that opens it first a monitor.
		eval[chromedp.Void](admin, `(() => {
			document.querySelector('#pair-place').value = 'display/sala';
			document.querySelector('#pair').click();
		})()`)
		admin.shows("#pairing-rows", "Collegamento non ancora aperto")
		if os.Getenv("PICTURES") != "" {
			admin.picture("pairing-admin")
		}
		link := eval[string](admin, `document.querySelector('.paired-url').value`)
		monitor := other.open("invited", link, 1920, 1080)
		monitor.shows("#room", "Sala")
		monitor.holds(`location.pathname === '/display/sala' && location.hash === ''`)
		again := other.open("used", link, 1920, 1080)
		again.shows("#failure", "già usato")
	}
}

// TestDevicesComeAndGo has an administrator who leaves the page open: it shows by itself who asks,
// as what, who is there and who is gone. A monitor that is revoked, and an open one that becomes
// its paired device's alone, show how to pair them.
func TestDevicesComeAndGo(t *testing.T) {
	t.Parallel()
	s := serve(t)
	admin := signIn(openBrowser(t), s, "/admin")
	admin.shows("#user-rows", "admin")
	other := openBrowser(t)
	monitor := other.open("monitor", s.URL("/display"), 1280, 1024)
	const code = `document.querySelector('#code').innerText`
	monitor.holds(`!` + code + `.includes('·')`)
	admin.shows("#pairing-rows", "Mostra un codice")
	admin.holds(`document.querySelector('#pair-place').selectedOptions[0].innerText === 'Monitor: scegliere quale'`)
	admin.accessible()
	admin.fits("asking")

	admin.press("Rifiuta")
	monitor.shows("#dismissed", "L’amministrazione ha tolto questo codice")
	admin.holds(`document.querySelector('#pairing-rows').childElementCount === 0`)
	monitor.accessible()
	monitor.fits("dismissed")

	monitor.do(chromedp.EmulateViewport(1280, 1024), chromedp.Navigate(s.URL("/display")))
	monitor.holds(`!` + code + `.includes('·')`)
	eval[chromedp.Void](admin, `(() => {
		document.querySelector('#pair-code').value = '`+eval[string](monitor, code)+`';
		document.querySelector('#pair-place').value = 'display/sala';
		document.querySelector('#pair-confirm').click();
	})()`)
	monitor.shows("#room", "Sala")
	admin.shows("#device-rows", "Monitor Sala")
	admin.shows("#device-rows", "Collegato")
	admin.accessible()
	admin.holds(`document.querySelector('.toasts').innerText.trim() === ''`)
	admin.fits("online")

	monitor.holds(`document.documentElement.dataset.connection === 'live'`)
	admin.press("Revoca")
	admin.shows("dialog", "Revocare Monitor Sala")
	eval[chromedp.Void](admin, `document.querySelector('dialog .button-danger').click()`)
	monitor.holds(`location.pathname === '/display' && !!document.querySelector('#code')`)
	admin.holds(`!document.querySelector('#device-rows').innerText.includes('Abbinato')`)

	monitor.do(chromedp.Navigate(s.URL("/display/sala")))
	monitor.holds(`document.documentElement.dataset.connection === 'live'`)
	eval[chromedp.Void](admin, `(async () => {
		const document = await (await fetch('/api/v1/config')).json();
		document.displays.find(({id}) => id === 'sala').paired = true;
		await fetch('/api/v1/config', {method: 'PUT', headers: {'Content-Type': 'application/json', 'If-Match': '"' + document.version + '"'}, body: JSON.stringify(document)});
	})()`)
	monitor.holds(`location.pathname === '/display' && !!document.querySelector('#code')`)
}

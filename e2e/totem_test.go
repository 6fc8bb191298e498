package e2e_test

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// kiosks are the sizes of the screens that kiosks have.
var kiosks = [][2]int{{1080, 1920}, {1920, 1080}, {1280, 1024}, {1366, 768}}

// kiosk is the beginning of a bend that has the view come from a kiosk's agent, with services,
// as window.kiosk says.
const kiosk = `(v, w) => {
	v.office.languages = ['it', 'en', 'fr', 'es', 'ro', 'sq', 'uk', 'ar', 'zh'];
	w.agent = {server: {online: true, since: v.at}, printer: {state: 'ready'}, disk: 'ok', clock: 'synced', unsent: 0, left: {}, prints: [], ...(window.kiosk || {})};
	const service = (id, channel, it, en, words, more) => ({id, channel, names: {it, en}, words: {it: words}, bring: {}, on_totem: false, ...more});
	w.services = [
		service('carta', 'anagrafe', 'Carta d’identità', 'Identity card', 'documento, tessera, rinnovo', {bring: {it: 'La carta vecchia, una foto e 22 euro', en: 'Your old card, a photo and 22 euros'}, on_totem: true}),
		service('residenza', 'anagrafe', 'Cambio di residenza', 'Change of residence', 'trasloco, casa, indirizzo', {on_totem: true}),
		service('certificato', 'anagrafe', 'Certificati', 'Certificates', 'nascita, famiglia, matrimonio', {on_totem: true}),
		service('atto', 'protocollo', 'Deposito di atti', 'Handing in documents', 'raccomandata, notifica, lettera'),
	]; `

// openKiosk shows the kiosk's screen as an agent serves it. What the agent says is window.kiosk,
// until rebend tells another; a ticket asked for is being printed.
func (b *browser) openKiosk(name, url string, bend string) *page {
	b.t.Helper()
	p := b.openBent(name, url, 1080, 1920, kiosk+bend+`}`)
	eval[chromedp.Void](p, `{
		const real = window.fetch;
		window.fetch = async (url, init) => {
			if (!/tickets$/.test(url) || init.method !== 'POST') return real(url, init);
			const {service, ...body} = JSON.parse(init.body); // which is for the agent alone
			window.service = service;
			const answer = await real(url, {...init, body: JSON.stringify(body)});
			const ticket = await answer.json();
			window.issued = ticket;
			return new Response(JSON.stringify({...ticket, printed: 'pending', ...(window.given || {})}), {status: answer.status});
		};
		window.say = (kiosk) => { window.kiosk = kiosk; rebend(); };
		window.printed = (printed, reason) => say({...window.kiosk, prints: [{ticket: issued.id, printed, reason}]});
	}`)
	return p
}

// everySize looks at the screen in each size of a kiosk: nothing spills, and every button is there
// and large.
func (p *page) everySize(state string) {
	p.t.Helper()
	for _, size := range kiosks {
		p.do(chromedp.EmulateViewport(int64(size[0]), int64(size[1])))
		eval[chromedp.Void](p, `new Promise((wake) => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(wake)), 250))`)
		name := fmt.Sprintf("%s-%s-%dx%d", p.name, state, size[0], size[1])
		var list []string
		if err := json.Unmarshal([]byte(eval[string](p, spills)), &list); err != nil {
			p.t.Fatal(err)
		}
		if wrong := eval[string](p, small); wrong != "" {
			list = append(list, wrong)
		}
		if len(list) > 0 {
			p.t.Errorf("%s:\n  %s", name, strings.Join(list, "\n  "))
		}
		if len(list) > 0 || os.Getenv("PICTURES") != "" {
			p.picture(name)
		}
	}
	p.do(chromedp.EmulateViewport(1080, 1920))
}

// readable says how large a ticket's number and words are in each size of a kiosk, in pixels.
func (p *page) readable() []readable {
	p.t.Helper()
	var all []readable
	for _, size := range kiosks {
		p.do(chromedp.EmulateViewport(int64(size[0]), int64(size[1])))
		all = append(all, eval[readable](p, `new Promise((wake) => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(() => wake({
			number: document.querySelector('.ticket-number').getBoundingClientRect().height,
			words: parseFloat(document.querySelector('.ticket-facts').style.zoom),
			across: Math.min(innerWidth, innerHeight),
		}))), 250))`))
	}
	p.do(chromedp.EmulateViewport(1080, 1920))
	return all
}

type readable struct {
	Number float64 `json:"number"`
	Words  float64 `json:"words"`  // times the style sheet's
	Across float64 `json:"across"` // the screen's shorter side
}

// small lists the buttons that are smaller than 20 mm, out of sight or cut off, and says whether
// the page scrolls.
const small = `(() => {
	const wrong = [], target = parseFloat(getComputedStyle(document.documentElement).getPropertyValue('--target'));
	for (const button of document.querySelectorAll('button, a[href], input')) {
		if (!button.checkVisibility({visibilityProperty: true})) continue;
		const r = button.getBoundingClientRect(), name = button.innerText.replace(/\s+/g, ' ') || button.id;
		if (r.width < target - 1 || r.height < target - 1) wrong.push('small: ' + name + ' ' + r.width + 'x' + r.height);
		if (r.left < 0 || r.right > innerWidth + 1 || r.top < 0 || r.bottom > innerHeight + 1) wrong.push('out of sight: ' + name);
	}
	for (const screen of document.querySelectorAll('.screen')) {
		if (screen.checkVisibility() && screen.scrollHeight > screen.clientHeight + 1) wrong.push('scrolls: ' + screen.id + ' by ' + (screen.scrollHeight - screen.clientHeight));
	}
	return wrong.join('\n  ');
})()`

// choose presses what says something until the screen has changed.
func (p *page) choose(words, until string) {
	p.t.Helper()
	p.holds(fmt.Sprintf(`(() => {
		if (%s) return true;
		[...document.querySelectorAll('#stage button')].find((b) => b.checkVisibility() && b.innerText.includes(%q))?.click();
		return false;
	})()`, until, words))
}

// TestTotemPaper follows a ticket's paper on the screen: being printed, there to be taken, lost or
// unknown, with the question whether to keep the place.
func TestTotemPaper(t *testing.T) {
	t.Parallel()
	s := serve(t)
	b := openBrowser(t)
	b.open("pairing", s.PairURL(t), 1080, 1920).shows("#channels", "Protocollo")
	p := b.openKiosk("kiosk", s.URL("/totem"), ``)
	p.shows("#channels", "Servizi anagrafici")
	p.everySize("start")
	p.accessible()

	take := func() {
		t.Helper()
		p.choose("Servizi anagrafici", `document.querySelector('#start').dataset.place === 'services'`)
		p.choose("Carta d’identità", `document.documentElement.dataset.screen === 'class'`)
		p.choose("No", `document.documentElement.dataset.screen === 'ticket'`)
	}
	p.choose("Servizi anagrafici", `document.querySelector('#start').dataset.place === 'services'`)
	p.shows("#channels", "Altro")
	p.everySize("services")
	p.accessible()
	p.choose("Carta d’identità", `document.documentElement.dataset.screen === 'class'`)
	p.everySize("class")
	p.accessible()
	p.choose("Sì, ho la precedenza", `document.documentElement.dataset.screen === 'ticket'`)
	p.shows("#ticket", "Stampa in corso")
	p.shows("#ticket", "Con precedenza")
	p.shows("#ticket", "22 euro")
	p.holds(`!document.querySelector('#countdown').checkVisibility({visibilityProperty: true})`)
	p.everySize("printing")
	p.accessible()
	eval[chromedp.Void](p, `printed('yes')`)
	p.shows("#ticket", "Prendi il biglietto")
	p.shows("#countdown", "Ho bisogno di più tempo")
	p.everySize("take")
	p.accessible()
	plain := p.readable()
	p.press("Testo grande")
	p.everySize("take-large")
	for i, large := range p.readable() {
		if plain[i].Number < plain[i].Across/6 {
			t.Errorf("at %v the number is %v pixels tall on a screen of %v", kiosks[i], plain[i].Number, plain[i].Across)
		}
		if large.Number < plain[i].Number || large.Words < plain[i].Words {
			t.Errorf("at %v large text is %+v, and else %+v", kiosks[i], large, plain[i])
		}
	}
	p.press("Ho finito")

	// The next one isn't on paper, and its holder keeps the place.
	take()
	p.holds(`issued.class === 'standard'`)
	eval[chromedp.Void](p, `say({printer: {state: 'paper_out'}}), printed('failed', 'paper_out')`)
	p.shows("#ticket", "Il biglietto non è stato stampato")
	p.shows("#ticket", "Vuoi tenere il posto?")
	p.shows("#countdown", "il posto resta tuo")
	p.holds(`!document.querySelector('#ticket').innerText.includes('Stampa di nuovo')`)
	p.everySize("failed")
	p.accessible()
	p.press("Sì, tengo il posto")
	p.shows("#ticket", "Ho finito")
	p.everySize("kept")
	p.press("Ho finito")
	p.shows("#paper", "Manca la carta")
	p.everySize("no-paper")
	p.accessible()

	// Of this one nobody knows: it can be printed again, or given up.
	eval[chromedp.Void](p, `say({printer: {state: 'ready'}})`)
	p.holds(`document.querySelector('#paper').hidden`)
	take()
	eval[chromedp.Void](p, `printed('unknown', 'no_answer')`)
	p.shows("#ticket", "Forse il biglietto non è stato stampato")
	p.shows("#ticket", "Stampa di nuovo")
	p.everySize("unknown")
	p.accessible()
	p.press("No, rinuncio")
	p.shows("#message", "Hai rinunciato al posto")
	p.holds(`fetch('/api/v1/tickets/' + issued.id).then((r) => r.json()).then((t) => (window.state = t.state)) && window.state === 'cancelled'`)
	p.everySize("gone")
	p.accessible()
	p.press("Torna alla scelta")

	// Without the network nothing old is shown as if it were live.
	eval[chromedp.Void](p, `say({server: {online: false}, left: {A: 0, P: 50}, printer: {state: 'cover_open'}})`)
	p.shows("#offline", "Senza rete")
	p.shows("#paper", "La stampante non funziona")
	p.holds(`!document.querySelector('#channels').innerText.includes('in attesa')`)
	p.holds(`[...document.querySelectorAll('.tile.is-closed')].some((tile) => tile.innerText.includes('rivolgiti agli sportelli'))`)
	p.everySize("offline")
	p.accessible()
	eval[chromedp.Void](p, `window.given = {offline: true, wait: null}`)
	p.choose("Protocollo", `document.documentElement.dataset.screen === 'class'`)
	p.choose("No", `document.documentElement.dataset.screen === 'ticket'`)
	p.shows("#ticket", "Senza rete")
	p.everySize("offline-ticket")
}

// TestTotemSearches types an everyday word on the keyboard of the screen and takes a ticket for
// what is found.
func TestTotemSearches(t *testing.T) {
	t.Parallel()
	s := serve(t)
	b := openBrowser(t)
	b.open("pairing", s.PairURL(t), 1080, 1920).shows("#channels", "Protocollo")
	p := b.openKiosk("kiosk", s.URL("/totem"), `for (let i = 1; i <= 6; i++) w.services.push(service('other' + i, 'altri-servizi', 'Altro servizio ' + i, 'Other service ' + i, ''));`)
	p.choose("Per che cosa sei qui?", `document.querySelector('#start').dataset.place === 'search'`)
	p.everySize("search")
	p.accessible()
	p.press("Testo grande")
	p.everySize("search-large")
	p.press("Testo normale")
	for _, letter := range "trasl" {
		eval[chromedp.Void](p, fmt.Sprintf(`[...document.querySelectorAll('.key')].find((key) => key.innerText === %q).click()`, string(letter)))
	}
	p.holds(`[...document.querySelectorAll('.tile:not([hidden]) .tile-name .first')].map((e) => e.innerText).join() === 'Cambio di residenza'`)
	p.everySize("found")
	p.choose("Cambio di residenza", `document.documentElement.dataset.screen === 'class'`)
	p.press("Indietro")
	p.holds(`document.querySelector('#start').dataset.place === 'search'`)
	eval[chromedp.Void](p, `document.querySelector('#field').value = 'xyz'; document.querySelector('#field').dispatchEvent(new Event('input'))`)
	p.shows("#none", "Nessun servizio")
	p.everySize("found-none")
	for _, language := range []string{"ar", "uk", "zh"} {
		eval[chromedp.Void](p, fmt.Sprintf(`document.querySelector('.language[lang=%s]').click()`, language))
		p.holds(fmt.Sprintf(`document.documentElement.lang === %q`, language))
		p.everySize("search-" + language)
	}
}

// TestTotemSpeaksNineLanguages takes a ticket in each of the nine, and then finds the kiosk in
// Italian again.
func TestTotemSpeaksNineLanguages(t *testing.T) {
	t.Parallel()
	s := serve(t)
	b := openBrowser(t)
	b.open("pairing", s.PairURL(t), 1080, 1920).shows("#channels", "Protocollo")
	p := b.openKiosk("kiosk", s.URL("/totem"), `v.channels.forEach((c, i) => { c.waiting = 2 + i * 9; c.wait = {low_s: 600, likely_s: 700, high_s: 1500}; }); v.closes_at = new Date(Date.parse(v.at) + 25 * 60000).toISOString();`)
	for language, done := range map[string]string{
		"it": "Ho finito", "en": "I’m done", "fr": "J’ai fini", "es": "He terminado", "ro": "Am terminat", "sq": "Mbarova", "uk": "Готово", "ar": "انتهيت", "zh": "完成",
	} {
		eval[chromedp.Void](p, fmt.Sprintf(`document.querySelector('.language[lang=%s]').click()`, language))
		p.holds(fmt.Sprintf(`document.documentElement.lang === %q`, language))
		p.holds(fmt.Sprintf(`(getComputedStyle(document.querySelector('.tile-words')).direction === 'rtl') === %t`, language == "ar"))
		p.everySize(language + "-start")
		p.choose("Protocollo", `document.documentElement.dataset.screen === 'class'`)
		p.everySize(language + "-class")
		p.holds(`(() => { if (document.documentElement.dataset.screen === 'ticket') return true; document.querySelector('.answer').click(); return false; })()`)
		p.holds(fmt.Sprintf(`issued.language === %q`, language))
		eval[chromedp.Void](p, `printed('failed', 'paper_out')`)
		p.holds(`document.querySelector('[data-about="ask"]') !== null`)
		p.everySize(language + "-failed")
		p.accessible()
		eval[chromedp.Void](p, `printed('yes')`)
		p.press(done)
		p.holds(`document.documentElement.lang === 'it' && document.documentElement.dir === 'ltr'`)
	}
}

// TestTotemLow has all that is pressed within the reach of a hand from a wheelchair, on every
// screen.
func TestTotemLow(t *testing.T) {
	t.Parallel()
	s := serve(t)
	b := openBrowser(t)
	b.open("pairing", s.PairURL(t), 1080, 1920).shows("#channels", "Protocollo")
	p := b.openKiosk("kiosk-low", s.URL("/totem?inches=27&edge_mm=800"), ``)
	p.press("Pulsanti in basso")
	const within = `(() => {
		const mm = 27 * 25.4 / Math.hypot(innerWidth, innerHeight);
		const high = [...document.querySelectorAll('button, a[href], input')].filter((e) => e.checkVisibility({visibilityProperty: true}) && 800 + (innerHeight - e.getBoundingClientRect().top) * mm > 1221);
		return high.map((e) => e.innerText).join();
	})()`
	check := func(state string) {
		t.Helper()
		p.everySize(state)
		for _, size := range kiosks {
			p.do(chromedp.EmulateViewport(int64(size[0]), int64(size[1])))
			eval[chromedp.Void](p, `new Promise((wake) => setTimeout(wake, 250))`)
			if high := eval[string](p, within); high != "" {
				t.Errorf("%s at %v: too high are %s", state, size, high)
			}
		}
		p.do(chromedp.EmulateViewport(1080, 1920))
	}
	check("start")
	p.choose("Per che cosa sei qui?", `document.querySelector('#start').dataset.place === 'search'`)
	check("search")
	p.holds(`document.querySelectorAll('.tile:not([hidden])').length > 1 && document.querySelector('#start').scrollHeight <= document.querySelector('#start').clientHeight + 1`)
	p.press("Indietro")
	p.choose("Servizi anagrafici", `document.querySelector('#start').dataset.place === 'services'`)
	check("services")
	p.choose("Carta d’identità", `document.documentElement.dataset.screen === 'class'`)
	check("class")
	p.choose("No", `document.documentElement.dataset.screen === 'ticket'`)
	p.holds(`service === 'carta'`)
	check("ticket")
	eval[chromedp.Void](p, `printed('failed', 'paper_out')`)
	p.shows("#ticket", "Vuoi tenere il posto?")
	check("failed")
	p.press("Sì, tengo il posto")
	p.press("Ho finito")

	// The code of a ticket without paper: with low buttons from the beginning, and asked for then.
	p.press("Pulsanti in basso")
	p.press("Biglietto sul telefono")
	p.choose("Protocollo", `document.documentElement.dataset.screen === 'class'`)
	p.choose("No", `document.documentElement.dataset.screen === 'invited'`)
	p.holds(`document.querySelector('.invitation').naturalWidth > 0`)
	check("code")
	p.press("Testo grande")
	check("code-large")
	p.press("Testo normale")
	p.press("Pulsanti in alto")
	p.everySize("code-high")
	p.press("Pulsanti in basso")
	check("code-low-again")
}

// TestTotemByKeys takes a ticket with a keypad alone: digits, arrows and the key that goes back.
// While the office is closed nothing is offered that is of use for a ticket alone.
func TestTotemByKeys(t *testing.T) {
	t.Parallel()
	s := serve(t)
	b := openBrowser(t)
	b.open("pairing", s.PairURL(t), 1080, 1920).shows("#channels", "Protocollo")
	p := b.openKiosk("kiosk-keys", s.URL("/totem"), `if (w.agent.shut) { `+closedBy+`}`)
	press := func(key, until string) {
		t.Helper()
		p.holds(fmt.Sprintf(`(() => { if (%s) return true; dispatchEvent(new KeyboardEvent('keydown', {key: %q})); return false; })()`, until, key))
	}
	eval[chromedp.Void](p, `say({shut: true})`)
	p.shows("#message", "La sede è chiusa")
	p.holds(`![...document.querySelectorAll('button')].some((b) => b.checkVisibility() && b.innerText.includes('Biglietto sul telefono'))`)
	eval[chromedp.Void](p, `say({})`)
	p.shows("#tools", "Biglietto sul telefono")
	p.shows("#channels", "Servizi anagrafici")
	n := eval[string](p, `[...document.querySelectorAll('.tile')].find((tile) => tile.innerText.includes('Servizi anagrafici')).querySelector('.tile-key').innerText || '2'`)
	press(n, `document.querySelector('#start').dataset.place === 'services'`)
	press("1", `document.documentElement.dataset.screen === 'class'`)
	press("0", `document.querySelector('#start').dataset.place === 'services'`)
	press("2", `document.documentElement.dataset.screen === 'class'`)
	press("1", `document.documentElement.dataset.screen === 'ticket'`)
	p.holds(`issued.class === 'standard'`)
	press("ArrowDown", `document.activeElement.innerText?.includes('Ho finito')`)
	press("0", `document.documentElement.dataset.screen === 'start'`)
	// With a keyboard a word is typed wherever the focus is.
	p.choose("Per che cosa sei qui?", `document.querySelector('#start').dataset.place === 'search'`)
	p.do(chromedp.KeyEvent("cax\brta"))
	p.holds(`document.querySelector('#field').value === 'carta'`)
}

// TestTotemAnswersTouches has a touch change the page before anything else happens: what is drawn
// next shows it, however long the server takes.
func TestTotemAnswersTouches(t *testing.T) {
	t.Parallel()
	s := serve(t)
	b := openBrowser(t)
	b.open("pairing", s.PairURL(t), 1080, 1920).shows("#channels", "Protocollo")
	p := b.openKiosk("kiosk-touches", s.URL("/totem"), ``)
	p.shows("#channels", "Protocollo")
	eval[chromedp.Void](p, `{
		const real = window.fetch;
		window.fetch = (url, init) => /tickets$/.test(url) ? new Promise((wake) => { window.answers = () => wake(real(url, init)); }) : real(url, init);
		window.touch = (find, answered) => {
			const button = [...document.querySelectorAll('button')].find((b) => b.checkVisibility() && find(b));
			if (!button || answered(button)) return false;
			button.click();
			return answered(button);
		};
	}`)
	p.holds(`touch((b) => b.matches('.tile') && b.innerText.includes('Protocollo'), () => document.documentElement.dataset.screen === 'class')`)
	p.holds(`touch((b) => b.matches('.answer'), () => document.querySelector('.answer.is-sending') !== null)`)
	p.holds(`document.querySelector('.class-sending').innerText !== ''`)
	eval[chromedp.Void](p, `answers()`)
	p.holds(`document.documentElement.dataset.screen === 'ticket'`)
}

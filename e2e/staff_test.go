package e2e_test

import (
	"fmt"
	"os"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestStaffComeAndGo is a clerk's comings and goings: the counter that is theirs is gone back to,
// and left only after a question while a citizen is there; and what the administration shows when
// the server is gone.
func TestStaffComeAndGo(t *testing.T) {
	t.Parallel()
	s := serve(t)
	b := openBrowser(t)
	totem := b.open("totem", s.PairURL(t), 1080, 1920)
	take(totem, "Servizi anagrafici")

	console := signIn(b, s, "/console")
	console.shows("#choose", "Sportello 1")
	s.Want(t, 200, "POST", "/api/v1/counters/3/open", nil)
	console.shows(`[data-counter="3"]`, "Aperto")
	console.do(chromedp.Click(chromedp.CSS(`[data-counter="2"]`)))
	console.shows("#next", "A001")
	console.do(chromedp.KeyEvent("n"))
	console.shows("#current", "A001")

	// Another window of the same clerk goes to where the clerk sits, whatever the browser
	// remembers.
	eval[chromedp.Void](console, `localStorage.clear()`)
	again := b.open("again", s.URL("/console"), 1366, 768)
	again.shows("#current", "A001")

	console.press("Esci")
	console.shows("dialog", "A001")
	console.accessible()
	console.press("Annulla")
	console.shows("#current", "A001")
	console.press("Esci")
	console.press("Chiudi ed esci")
	console.holds(`location.pathname === '/login'`)

	admin := signIn(b, s, "/admin")
	admin.shows("#device-rows", "02/03/26, 09:0")
	admin.shows("#notices", "Manca l’indirizzo pubblico")
	if closed := eval[string](admin, `fetch('/api/v1/counters').then(r => r.json()).then(all => all.find(c => c.id === '2').status)`); closed != "closed" {
		t.Errorf("the counter is %s after the clerk signed out", closed)
	}
	s.Kill()
	admin.holds(cutOff)
	admin.shows("#connection", "Le modifiche si fanno quando il server torna.")
}

// busy is a counter at its fullest: four digits, long names, many who wait.
const busy = `(v) => {
	const long = 'Certificazioni elettorali e leva', who = 'mariannina.dellagherardesca';
	const ticket = (number, more) => ({...(v.ticket || v.next?.ticket), id: number, number, slot: null, class: 'standard', state: 'waiting', ...more});
	v.channels = Array.from({length: 12}, (_, i) => ({...v.channels[0], id: 'c' + i, letter: 'PASTQRUVWXYZ'[i], names: {it: i % 2 ? long : 'Servizi anagrafici', en: 'Electoral certificates'}}));
	v.lines = v.channels.map((c, i) => ({channel: c.id, waiting: i * 90, tickets: Array.from({length: Math.min(i * 9, 50)}, (_, n) =>
		ticket(c.letter + (995 + n), {channel: c.id, class: ['standard', 'priority', 'appointment'][n % 3], slot: n % 3 === 2 ? v.at : null}))}));
	v.absent = [ticket('A1002', {until: new Date(Date.parse(v.at) + 600000).toISOString()}), ticket('S007', {reason: 'Va a pagare al tabaccaio in piazza della Vittoria', printed: 'unknown', print_reason: 'cutter_error'})];
	v.held = [ticket('P1000', {reason: 'Compila un modulo'})];
	v.services = Array.from({length: 9}, (_, i) => ({id: 's' + i, channel: i < 6 ? 'c1' : 'c2', names: {it: 'Carta d’identità elettronica ' + i, en: 'Card'}}));
	v.counters = v.counters.map((c, i) => i ? {...c, names: {it: 'Ufficio Scuola, primo piano', en: 'School'}, status: ['open', 'paused'][i % 2], operator: who, reason: 'Pausa pranzo', number: i === 2 ? 'A1003' : ''} : c);
	v.ticket = ticket('A1004', {channel: 'c1', state: 'serving', class: 'priority', printed: 'failed', print_reason: 'paper_out'});
	v.since = new Date(Date.parse(v.at) - 9060000).toISOString();
	v.forgotten = true;
	if (v.next) v.next.ticket = ticket('A1005', {channel: 'c1', class: 'appointment', slot: v.at});
}`

// usable checks that a page of staff needs no sideways scrolling and offends no rule of axe, on a
// desk and on a phone.
func (p *page) usable(state string) {
	p.t.Helper()
	for _, size := range [][2]int64{{1366, 768}, {390, 844}} {
		p.do(chromedp.EmulateViewport(size[0], size[1]))
		// What sticks to an edge covers some of what scrolls beneath it: at the end it doesn't.
		eval[chromedp.Void](p, `scrollTo({ top: document.documentElement.scrollHeight, behavior: 'instant' })`)
		if wide := eval[int](p, `document.documentElement.scrollWidth - innerWidth`); wide > 0 {
			p.t.Errorf("%s, %s, at %d px: %d px too wide", p.name, state, size[0], wide)
		}
		p.accessible()
		if os.Getenv("PICTURES") != "" {
			p.picture(fmt.Sprintf("%s-%s-%d", p.name, state, size[0]))
		}
	}
}

// TestStaffPagesFit looks at the pages of staff in every state.
func TestStaffPagesFit(t *testing.T) {
	t.Parallel()
	s := serve(t)
	b := openBrowser(t)
	totem := b.open("totem", s.PairURL(t), 1080, 1920)
	take(totem, "Servizi anagrafici")
	take(totem, "Servizi anagrafici")

	login := b.open("login", s.URL("/login"), 1366, 768)
	login.shows("body", "Entra")
	login.usable("empty")
	console := signIn(b, s, "/console")
	console.shows("#choose", "Sportello 1")
	console.usable("choose")
	console.do(chromedp.EmulateViewport(1366, 768))
	console.do(chromedp.Click(chromedp.CSS(`[data-counter="2"]`)))
	console.shows("#next", "A001")
	console.usable("free")
	console.do(chromedp.KeyEvent("n"))
	console.shows("#current", "A001")

	admin := b.open("admin", s.URL("/admin"), 1366, 768)
	admin.shows("#device-rows", "Totem")
	eval[chromedp.Void](admin, `fetch('/api/v1/users', {method: 'POST', headers: {'Content-Type': 'application/json'},
		body: JSON.stringify({name: 'mariannina.della-gherardesca', full_name: 'Mariannina Della Gherardesca Bandinelli Vettori', role: 'operator', password: 'passavamo per Empoli'})}).then(() => location.reload())`)
	admin.shows("#user-rows", "Gherardesca")
	admin.usable("users")

	for name, bend := range map[string]string{
		"busy":   busy,
		"early":  early + `}`,
		"after":  `(v) => { ` + closedBy + `v.situation = 'attended'; v.attended = true; }`,
		"nobody": `(v) => { v.ticket = v.since = v.call = v.next = null; v.lines.forEach((l) => { l.waiting = 0; l.tickets = []; }); }`,
		"alarm":  `(v) => { v.counters.forEach((c) => { c.alarm = c.id > '1'; }); }`,
	} {
		p := b.openBent("desk", s.URL("/console?counter=2"), 1366, 768, bend)
		p.holds(`document.querySelector('#desk').checkVisibility()`)
		p.usable(name)
	}
}

// TestStaffSeeThePaper has a totem's paper fail: the counters and the administration are told, a
// further copy is wanted, and a roll of paper helps.
func TestStaffSeeThePaper(t *testing.T) {
	t.Parallel()
	s := serve(t)
	b := openBrowser(t)
	totem := b.open("totem", s.PairURL(t), 1080, 1920)
	totem.shows("body", "Servizi anagrafici")
	eval[chromedp.Void](totem, `(async () => {
		const post = (path, body) => fetch('/api/v1' + path, {method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify(body)}).then((r) => r.ok && r.status !== 204 ? r.json() : null);
		const { id } = await post('/tickets', {channel: 'anagrafe', print: true});
		await post('/tickets/' + id + '/printed', {result: 'failed', reason: 'paper_out'});
		await post('/totems/status', {printer: {state: 'paper_low'}, unsent: 2, screen: '1080x1920', version: 'test'});
	})()`)
	console := signIn(b, s, "/console")
	console.shows("#choose", "Sportello 1")
	console.do(chromedp.Click(chromedp.CSS(`[data-counter="2"]`)))
	console.shows("#lines", "non stampato: carta finita")
	console.usable("not-printed")
	console.press("Ristampa")
	console.shows(".toasts", "Ristampa di A001 chiesta al totem")
	console.holds(`!document.querySelector('#lines').innerText.includes('non stampato')`)

	console.press("Numeri dal rotolo")
	console.shows("dialog", "Ultimo numero strappato")
	console.usable("question-roll")
	eval[chromedp.Void](console, `document.querySelector('#last').value = 'P3'; document.querySelector('#first').value = '2'`)
	console.press("Metti in coda")
	console.shows("#lines", "P003")

	admin := signIn(b, s, "/admin")
	admin.shows("#device-rows", "Stampante: carta quasi finita dal")
	admin.shows("#device-rows", "2 biglietti dati senza rete, da consegnare")
	admin.usable("printer")
}

// TestStaffPreviewThePaper looks at tickets as they would be printed: by the configuration in use
// and by a document that isn't, whole or with faults, on either width of paper, by keyboard alone.
func TestStaffPreviewThePaper(t *testing.T) {
	t.Parallel()
	s := serve(t)
	admin := signIn(openBrowser(t), s, "/admin")
	drawn := func(dots int, words string) {
		t.Helper()
		admin.holds(fmt.Sprintf(`(() => {
			const figure = document.querySelector('#paper-figure'), image = figure.querySelector('img');
			return figure.ariaBusy === 'false' && image.checkVisibility() && image.complete && image.naturalWidth === %d && image.alt.includes(%q);
		})()`, dots, words))
	}
	// choose puts the keyboard on a list and goes on to what follows.
	choose := func(id, key string) {
		t.Helper()
		eval[chromedp.Void](admin, `document.querySelector('#`+id+`').focus()`)
		admin.do(chromedp.KeyEvent(key))
	}
	try := func(change string) {
		t.Helper()
		eval[chromedp.Void](admin, `(async () => {
			const draft = await (await fetch('/api/v1/config')).json();
			(`+change+`)(draft);
			const files = new DataTransfer(), input = document.querySelector('#paper input[type="file"]');
			files.items.add(new File([JSON.stringify(draft)], 'bozza.json', {type: 'application/json'}));
			input.files = files.files;
			input.dispatchEvent(new Event('change'));
		})()`)
	}
	drawn(576, "P042; Protocollo; 3 persone prima di te")
	admin.shows("#paper-figure", "Carta da 80 mm")
	admin.shows("#paper", "Secondo la configurazione in uso.")
	eval[chromedp.Void](admin, `document.querySelector('#paper').scrollIntoView()`)
	admin.usable("paper")
	admin.do(chromedp.EmulateViewport(1366, 768))
	choose("paper-channel", kb.ArrowDown)
	drawn(576, "A042; Servizi anagrafici")
	choose("paper-width", kb.ArrowDown)
	drawn(384, "A042")
	choose("paper-class", kb.ArrowDown)
	drawn(384, "Con precedenza")
	admin.do(chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent(" "))
	drawn(384, "A942; Servizi anagrafici; Con precedenza; Senza rete")
	admin.holds(`document.querySelector('#paper-class option[value="appointment"]').disabled`)

	try(`(draft) => {
		draft.languages = ['it', 'uk'];
		draft.channels[1].name = {it: 'Carte d’identità', uk: 'Посвідчення особи'};
		draft.channels[1].bring = {it: 'Una fototessera 😀'};
		draft.paper = {line: {it: 'Comune di Prova'}};
	}`)
	drawn(384, "Carte d’identità")
	admin.shows("#paper", "In prova: bozza.json")
	admin.shows("#paper-warning", "channels[1].bring.it: 😀 (U+1F600)")
	admin.usable("paper-draft")
	choose("paper-language", kb.ArrowDown)
	drawn(384, "Посвідчення особи; Carte d’identità")
	admin.usable("paper-drawn")

	try(`(draft) => { draft.channels[1].name = {}; draft.paper = {parts: ['number', 'weather']}; }`)
	admin.shows("#paper-problem", "Il documento ha errori:")
	admin.shows("#paper-problem", "paper.parts[1]")
	admin.holds(`!document.querySelector('#paper-figure img').checkVisibility()`)
	admin.usable("paper-faults")
	admin.press("Torna al documento in uso")
	drawn(384, "Servizi anagrafici")
	admin.holds(`document.querySelector('#paper-problem').innerText === '' && document.querySelector('#paper-warning').innerText === ''`)
}

// TestStaffHearOfRefusedTickets has a totem say that the office refused what it gave without it.
func TestStaffHearOfRefusedTickets(t *testing.T) {
	t.Parallel()
	s := serve(t)
	totem := openBrowser(t).open("totem", s.PairURL(t), 1080, 1920)
	totem.shows("body", "Servizi anagrafici")
	admin := signIn(openBrowser(t), s, "/admin")
	admin.shows("#device-rows", "Totem")
	say := func(refused string) {
		t.Helper()
		eval[chromedp.Void](totem, `fetch('/api/v1/totems/status', {method: 'POST', headers: {'Content-Type': 'application/json'},
			body: JSON.stringify({printer: {state: 'ready'}, refused: [`+refused+`]})}).then((r) => { if (!r.ok) throw r.status; })`)
	}
	const one = `{number: 'A900', issued_at: '2026-03-02T09:01:00+01:00', reason: 'number_used'}`
	say(one)
	admin.shows("#device-rows", "Un biglietto dato senza rete non è stato accettato")
	admin.shows("#device-rows", "A900, del 02/03/26, 09:01: Il numero A900 è già di un altro biglietto.")
	say(one + `, {number: 'P901', issued_at: '2026-03-02T09:02:00+01:00', reason: 'number_not_leased'}`)
	admin.shows("#device-rows", "2 biglietti dati senza rete non sono stati accettati")
	admin.shows("#device-rows", "P901, del 02/03/26, 09:02: Il numero P901 non è")
	eval[chromedp.Void](admin, `document.querySelector('#device-rows').scrollIntoView()`)
	admin.usable("refused")
	say("")
	admin.holds(`!document.querySelector('#device-rows').innerText.includes('accettat')`)
}

// TestStaffActOnWhatTheySee presses keys at a counter that shows another ticket than is there.
func TestStaffActOnWhatTheySee(t *testing.T) {
	t.Parallel()
	s := serve(t)
	b := openBrowser(t)
	totem := b.open("totem", s.PairURL(t), 1080, 1920)
	take(totem, "Servizi anagrafici")
	take(totem, "Servizi anagrafici")
	console := signIn(b, s, "/console")
	console.shows("#choose", "Sportello 1")
	console.do(chromedp.Click(chromedp.CSS(`[data-counter="2"]`)))
	console.shows("#next", "A001")

	stale := b.openBent("stale", s.URL("/console?counter=2"), 1366, 768, `(v) => { v.ticket = v.since = v.call = null; }`)
	stale.shows("#current", "Nessun biglietto allo sportello")
	console.do(chromedp.KeyEvent("n"))
	console.shows("#current", "A001")
	stale.do(chromedp.KeyEvent("n"))
	stale.shows(".toasts", "Non è stato fatto nulla")
	console.shows("#next", "A002")
	console.shows("#current", "A001")
}

// TestStaffQuestions opens every question of the console and the administration, on a desk and a
// phone.
func TestStaffQuestions(t *testing.T) {
	t.Parallel()
	s := serve(t)
	b := openBrowser(t)
	totem := b.open("totem", s.PairURL(t), 1080, 1920)
	take(totem, "Servizi anagrafici")
	console := signIn(b, s, "/console")
	console.shows("#choose", "Sportello 1")
	console.do(chromedp.Click(chromedp.CSS(`[data-counter="2"]`)))
	console.shows("#next", "A001")
	console.do(chromedp.KeyEvent("n"))
	console.shows("#current", "A001")

	desk := b.openBent("desk", s.URL("/console?counter=2"), 1366, 768, busy)
	desk.shows("#current", "A1004")
	for _, question := range []struct{ key, title string }{
		{"s", "Sospendi A1004"},
		{"t", "Trasferisci A1004"},
		{"g", "Chiama un numero"},
		{"b", "Senza biglietto"},
		{"x", "Chiudere lo sportello?"},
		{"e", "Dare l’allarme?"},
		{"?", "Tasti rapidi"},
	} {
		desk.do(chromedp.KeyEvent(question.key))
		desk.shows("dialog", question.title)
		desk.usable("question-" + question.title[:4])
		desk.do(chromedp.KeyEvent(kb.Escape))
		desk.holds(`!document.querySelector('dialog')`)
	}

	taken := b.openBent("taken", s.URL("/console?counter=2"), 1366, 768, `(v) => { v.counter.operator = 'mariannina.dellagherardesca'; }`)
	taken.shows("#taken", "lavora mariannina")
	taken.shows("#actions", "Chiudi sportello") // an administrator may
	taken.usable("taken")
	taken.do(chromedp.KeyEvent("o"))
	taken.shows("dialog", "mariannina.dellagherardesca non potrà più chiamare da qui")
	taken.usable("question-take-over")

	// Where there is more than one office, the administration shows where each user works.
	var document map[string]any
	if err := s.Want(t, 200, "GET", "/api/v1/config", nil).Into(&document); err != nil {
		t.Fatal(err)
	}
	document["name"] = map[string]string{"it": "Sportello decentrato di Ponte a Elsa e Brusciana"}
	s.Want(t, 200, "PUT", "/api/v1/offices/ponte-a-elsa/config", document, "If-None-Match", "*")
	admin := b.openBent("admin", s.URL("/admin"), 1366, 768, `(() => {
		const real = window.fetch;
		window.fetch = async (url, init) => {
			const answer = await real(url, init);
			if (!String(url).endsWith('/server')) return answer;
			return new Response(JSON.stringify({...await answer.json(), clock_plausible: false}), {headers: {'Content-Type': 'application/json'}});
		};
		return () => {};
	})()`)
	admin.shows("#user-rows", "In tutte le sedi")
	admin.shows("#notices", "un’ora impossibile")
	admin.usable("offices")
	admin.press("Aggiungi utente")
	admin.shows("dialog", "Ponte a Elsa")
	admin.usable("question-add")
	admin.do(chromedp.KeyEvent(kb.Escape))
	admin.press("Sedi")
	admin.shows("dialog", "Dove lavora admin?")
	admin.usable("question-offices")
	admin.do(chromedp.KeyEvent(kb.Escape))

	// A password that is guessed first is refused beside its field, in the server's words.
	for id, value := range map[string]string{"old": s.Password(), "new": "passwordpassword", "again": "passwordpassword"} {
		eval[chromedp.Void](admin, `document.getElementById('`+id+`').value = `+"`"+value+"`")
	}
	admin.press("Cambia password")
	admin.holds(`document.querySelector('#password .problem').innerText.length > 20 && document.activeElement.id === 'new'`)
	admin.usable("password")
}

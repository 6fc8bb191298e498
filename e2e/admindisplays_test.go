package e2e_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// inPreview is what an expression amounts to in the page that the administration has in its frame.
func inPreview(expression string) string {
	return fmt.Sprintf(`((document) => %s)(document.querySelector('.display-frame').contentDocument)`, expression)
}

// setting types a value into a field of the administration as somebody does.
func (p *page) setting(id, value string) {
	p.t.Helper()
	eval[chromedp.Void](p, fmt.Sprintf(`(() => {
		const field = document.getElementById(%q);
		field.focus();
		field.value = %q;
		field.dispatchEvent(new Event('input', {bubbles: true}));
	})()`, id, value))
}

// TestAdministratorSetsDisplays sets a display with what it would show before one's eyes, and saves
// it: a monitor that is on follows.
func TestAdministratorSetsDisplays(t *testing.T) {
	t.Parallel()
	s := serve(t)
	folder := filepath.Join(s.Data(), "media")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"stemma.svg", "piazza.svg"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 9"><path fill="#0a0" d="M0 0h16v9H0z"/></svg>`), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	b := openBrowser(t)
	monitor := b.open("monitor", s.URL("/display/sala"), 1920, 1080)
	monitor.holds(`document.body.dataset.layout === 'sala'`)
	admin := signIn(b, s, "/admin")
	admin.shows("#displays-list", "Sala d'attesa")
	admin.shows("#displays-list", "Ingresso · /display/ingresso")
	admin.usable("displays-list")
	admin.do(chromedp.EmulateViewport(1366, 768))

	// By keyboard: the first display's settings, and another layout.
	eval[chromedp.Void](admin, `document.querySelector('#displays-list button').focus()`)
	admin.do(chromedp.KeyEvent(kb.Enter))
	admin.holds(inPreview(`document.body.dataset.layout === 'sala' && document.querySelectorAll('.row').length > 1`))
	admin.usable("displays-hall")
	admin.do(chromedp.EmulateViewport(1366, 768))
	eval[chromedp.Void](admin, `document.querySelector('input[name="layout"]:checked').focus()`)
	admin.do(chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.ArrowDown))
	admin.holds(inPreview(`document.body.dataset.layout === 'entrance'`))
	admin.shows("#displays-end", "Modifiche non ancora salvate.")

	// What it makes of a size and a distance.
	admin.do(chromedp.KeyEvent(kb.ArrowUp), chromedp.KeyEvent(kb.ArrowUp))
	admin.holds(inPreview(`document.body.dataset.layout === 'sala'`))
	admin.setting("display-inches", "55")
	admin.setting("display-metres", "5")
	admin.holds(`/^Numeri alti (6[1-9]|[7-9]\d) mm: bastano per 5 m\.$/.test(document.querySelector('.display-good')?.innerText)`)
	admin.setting("display-metres", "20")
	admin.shows("#display-form .message-warn", "su 55 pollici non ci stanno")
	admin.setting("display-metres", "4")
	admin.holds(`!document.querySelector('#display-form .message-warn')`)

	// Colours and pictures; what can't be read is told as it is typed, and at its field.
	admin.setting("display-look-arms", "stemma.svg")
	admin.holds(inPreview(`!document.querySelector('#arms').hidden && document.querySelector('#arms').naturalWidth > 0`))
	admin.setting("display-look-background", "#777777")
	admin.holds(`!document.querySelector('#display-look-background-problem').hidden && document.querySelector('#display-look-background').getAttribute('aria-invalid') === 'true'`)
	admin.holds(`document.querySelector('#display-look-background-contrast').innerText === ''`) // not twice
	if skew := eval[float64](admin, `document.querySelector('#display-look-arms').getBoundingClientRect().top - document.querySelector('#display-look-picture').getBoundingClientRect().top`); skew != 0 {
		t.Errorf("the fields of arms and picture are %v px apart in height", skew)
	}
	admin.shows("#displays-end", "Un errore")
	admin.shows("#displays-list .is-open", "Un errore")
	admin.shows("#display-past", "com’era prima dell’errore")
	admin.usable("displays-fault")
	admin.do(chromedp.EmulateViewport(1366, 768))
	eval[chromedp.Void](admin, `document.querySelector('#displays-save').click()`)
	admin.holds(`document.activeElement.id === 'display-look-background'`)
	admin.setting("display-look-background", "#102030")
	admin.holds(`document.querySelector('#display-look-background-problem').hidden && !document.querySelector('#display-look-background').hasAttribute('aria-invalid')`)
	admin.holds(inPreview(`document.body.dataset.ground === 'dark'`) + ` && document.querySelector('#display-past').hidden`)

	// Upright, and of the office as it is: nobody is called.
	admin.setting("display-size", "3840x2160")
	eval[chromedp.Void](admin, `(() => { for (const [id, value] of [['display-size', '3840x2160'], ['display-upright', '1'], ['display-moment', '']]) {
		const select = document.getElementById(id);
		select.value = value;
		select.dispatchEvent(new Event('change', {bubbles: true}));
	} })()`)
	admin.holds(inPreview(`document.body.dataset.mode === 'empty' && document.defaultView.innerWidth === 2160 && document.defaultView.innerHeight === 3840`))
	admin.holds(`document.querySelector('.display-frame').getBoundingClientRect().height < innerHeight`)
	if n := eval[int](admin, inPreview(`document.defaultView.performance.getEntriesByType('resource').filter((e) => e.name.includes('/ws') || e.name.endsWith('/display')).length`)); n != 0 {
		t.Error("the preview asked the server for something")
	}
	if heard := eval[bool](admin, inPreview(`!document.querySelector('#sound').hidden`)); heard {
		t.Error("the preview would sound")
	}

	// Saved, the monitor follows; the page is as it was with nothing to save.
	if layout := eval[string](monitor, `document.body.dataset.ground || ''`); layout != "" {
		t.Errorf("the monitor has the draft's background before it is saved: %q", layout)
	}
	admin.press("Salva")
	admin.shows(".toasts", "Salvato")
	admin.holds(`!document.querySelector('#displays-end').matches('.is-unsaved')`)
	monitor.holds(`document.body.dataset.ground === 'dark' && !document.querySelector('#arms').hidden`)
}

// TestAdministratorAddsADisplay makes one of information, in order, and takes another away.
func TestAdministratorAddsADisplay(t *testing.T) {
	t.Parallel()
	s := serve(t)
	b := openBrowser(t)
	admin := signIn(b, s, "/admin")
	admin.shows("#displays-list", "Ingresso")
	admin.press("Aggiungi monitor")
	admin.setting("new-display", "Informazioni, 1° piano")
	admin.do(chromedp.KeyEvent(kb.Enter))
	admin.shows("#displays-list", "/display/informazioni-1-piano")
	admin.holds(`document.activeElement.value === 'sala'`)
	eval[chromedp.Void](admin, `document.querySelector('input[name="layout"][value="playlist"]').click()`)
	admin.shows("#display-playlist-problem", "Le pagine devono essere da 1 a 100: aggiungerne una")
	admin.press("Aggiungi una pagina")
	admin.holds(`document.activeElement.id === 'display-playlist-0-text'`)
	admin.do(chromedp.KeyEvent("Biblioteca chiusa"))
	admin.holds(`document.querySelector('#display-playlist-problem').hidden`)
	admin.holds(inPreview(`document.querySelector('.slides').innerText.includes('Biblioteca chiusa')`))
	admin.press("Aggiungi una pagina")
	admin.do(chromedp.KeyEvent("Mercato il sabato"))
	eval[chromedp.Void](admin, `document.querySelector('[aria-label="Sposta prima: pagina 2"]').click()`)
	admin.holds(`document.querySelector('#display-playlist-0-text').value === 'Mercato il sabato' && document.activeElement.id === 'display-playlist-0-text'`)
	admin.setting("display-playlist-0-seconds", "1")
	admin.holds(`!document.querySelector('#display-playlist-0-seconds-problem').hidden`)
	admin.setting("display-playlist-0-seconds", "20")
	eval[chromedp.Void](admin, `document.querySelector('#display-sound').click()`)
	admin.press("Aggiungi ore di silenzio")
	admin.usable("displays-playlist")
	admin.do(chromedp.EmulateViewport(1366, 768))
	eval[chromedp.Void](admin, `document.querySelector('[aria-label="Togli Ingresso"]').click()`)
	admin.holds(`!document.querySelector('#displays-list').innerText.includes('Ingresso')`)
	eval[chromedp.Void](admin, `document.querySelector('.displays-office summary').click()`)
	eval[chromedp.Void](admin, `(() => { const select = document.querySelector('#on-deck-0'); select.value = '2'; select.dispatchEvent(new Event('change')); document.querySelector('#office-ticket-language').click(); })()`)
	admin.holds(`document.querySelector('#displays-office #on-deck-0').checkVisibility() && !document.querySelector('dialog[open]')`)
	admin.usable("displays-office")
	admin.do(chromedp.EmulateViewport(1366, 768))
	admin.press("Salva")
	admin.shows(".toasts", "Salvato")
	if got := eval[string](admin, `fetch('/api/v1/config').then((r) => r.json()).then((c) => {
		const d = c.displays.at(-1);
		return JSON.stringify([c.displays.length, d.id, d.layout, d.playlist, c.channels[0].on_deck, c.voice]);
	})`); got != `[5,"informazioni-1-piano","playlist",[{"text":{"it":"Mercato il sabato"},"seconds":20},{"text":{"it":"Biblioteca chiusa"}}],2,{"ticket_language":true}]` {
		t.Errorf("saved: %s", got)
	}
}

// TestAdministratorMeetsAnother keeps a draft when somebody else has changed the document, and
// carries it over; and leaves none without a question.
func TestAdministratorMeetsAnother(t *testing.T) {
	t.Parallel()
	s := serve(t)
	b := openBrowser(t)
	admin := signIn(b, s, "/admin")
	admin.press("Imposta")
	admin.holds(inPreview(`document.body.dataset.layout === 'sala'`))
	admin.setting("display-name-it", "Sala grande")
	admin.shows("#displays-end", "Modifiche non ancora salvate.")
	if stays := eval[bool](admin, `!dispatchEvent(new Event('beforeunload', {cancelable: true}))`); !stays {
		t.Error("the page may be left without a question")
	}
	eval[chromedp.Void](admin, `(async () => {
		const document = await (await fetch('/api/v1/config')).json();
		document.displays[1].name.it = 'Protocollo generale';
		await fetch('/api/v1/config', {method: 'PUT', headers: {'Content-Type': 'application/json', 'If-Match': '"' + document.version + '"'}, body: JSON.stringify(document)});
	})()`)
	admin.press("Salva")
	admin.shows("#displays-end", "Qualcun altro ha cambiato la configurazione")
	admin.usable("displays-conflict")
	admin.do(chromedp.EmulateViewport(1366, 768))
	admin.press("Porta le mie modifiche")
	admin.shows("#displays-end", "guardarle nell’anteprima e salvare")
	admin.shows("#displays-list", "Protocollo generale")
	admin.shows("#displays-list", "Sala grande")
	admin.press("Salva")
	admin.shows(".toasts", "Salvato")
	if got := eval[string](admin, `fetch('/api/v1/config').then((r) => r.json()).then((c) => c.displays.slice(0, 2).map((d) => d.name.it).join())`); got != "Sala grande,Protocollo generale" {
		t.Errorf("saved: %s", got)
	}
	if stays := eval[bool](admin, `!dispatchEvent(new Event('beforeunload', {cancelable: true}))`); stays {
		t.Error("the page asks though there is nothing to lose")
	}
}

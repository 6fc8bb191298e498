package e2e_test

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// TestTotemPaperless asks for a ticket without paper: no number is taken until a phone opens what
// the code says, and then the kiosk shows that one.
func TestTotemPaperless(t *testing.T) {
	t.Parallel()
	s := serve(t)
	b := openBrowser(t)
	b.open("pairing", s.PairURL(t), 1080, 1920).shows("#channels", "Protocollo")
	p := b.openKiosk("kiosk-paperless", s.URL("/totem?inches=27&edge_mm=800"), ``)
	p.press("Biglietto sul telefono")
	p.shows("#tools", "Biglietto di carta")
	p.everySize("start")
	p.accessible()
	invite := func() {
		t.Helper()
		p.choose("Protocollo", `document.documentElement.dataset.screen === 'class'`)
		p.choose("No", `document.documentElement.dataset.screen === 'invited'`)
		p.shows("#message", "Inquadra il codice con il telefono")
		p.holds(`document.querySelector('.invitation').naturalWidth > 0`)
	}
	invite()
	p.shows("#countdown", "Ho bisogno di più tempo")
	p.everySize("code")
	p.accessible()
	if aside := eval[float64](p, `Math.max(...[...document.querySelectorAll('.invited > *, .invited-words > *')].map((part) => {
		const r = part.getBoundingClientRect();
		return Math.abs(r.left + r.right - innerWidth) / 2;
	}))`); aside > 1 {
		t.Errorf("on a standing screen a part of the code's is %v pixels beside the middle", aside)
	}

	// On paper after all: the ordinary way.
	p.press("Biglietto di carta")
	p.holds(`document.documentElement.dataset.screen === 'ticket' && issued.number === 'P001'`)
	eval[chromedp.Void](p, `printed('yes')`)
	p.shows("#ticket", "Ho finito")
	if kept := eval[string](p, `(() => {
		document.querySelector('#ticket .reach button:last-child').focus();
		const before = document.activeElement;
		say({...kiosk, printer: {...kiosk.printer, state: 'paper_low'}});
		return [before.isConnected, document.activeElement.textContent === before.textContent].join(' ');
	})()`); kept != "false true" {
		t.Errorf("drawn anew: whether the old button is there, and the new one has the focus: %s", kept)
	}
	p.press("Ho finito")
	p.shows("#tools", "Biglietto sul telefono") // the next citizen's choice is another

	p.press("Biglietto sul telefono")
	invite()
	phone := b.open("phone", eval[string](p, `document.querySelector('.invitation').dataset.url`), 390, 844, onNew(`HTMLFormElement.prototype.submit = () => {}`))
	phone.shows("form", "Prendi il biglietto") // as it is without a script
	phone.accessible()
	phone.press("Prendi il biglietto")
	phone.shows("#number", "P002") // the one after: nobody took one by looking at a code
	phone.accessible()
	p.shows("#ticket", "P002")
	p.shows("#ticket", "Il biglietto è sul tuo telefono")
	p.everySize("scanned")
	p.accessible()

	// Somebody scans the code, and the paper is asked for before the kiosk knows.
	p.press("Ho finito")
	p.press("Biglietto sul telefono")
	invite()
	if took := eval[int](p, `(async () => {
		const took = await fetch(document.querySelector('.invitation').dataset.url, {method: 'POST', redirect: 'manual'});
		[...document.querySelectorAll('#message button')].find((button) => button.innerText.includes('Biglietto di carta')).click();
		return took.status;
	})()`); took != 0 { // a redirect that isn't followed
		t.Errorf("the scanned code answers %d", took)
	}
	p.shows("#ticket", "P003")
	p.shows("#ticket", "Il biglietto è sul tuo telefono")

	gone := b.open("phone-gone", s.URL("/i/none"), 390, 844)
	gone.shows("main", "Questo codice non vale più")
	gone.accessible()
	gone.picture("phone-gone")
}

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

	// On paper after all: the ordinary way.
	p.press("Biglietto di carta")
	p.holds(`document.documentElement.dataset.screen === 'ticket' && issued.number === 'P001'`)
	eval[chromedp.Void](p, `printed('yes')`)
	p.press("Ho finito")
	p.shows("#tools", "Biglietto sul telefono") // the next citizen's choice is another

	p.press("Biglietto sul telefono")
	invite()
	phone := b.open("phone", eval[string](p, `document.querySelector('.invitation').dataset.url`), 390, 844)
	phone.shows("#number", "P002") // the one after: nobody took one by looking at a code
	phone.accessible()
	p.shows("#ticket", "P002")
	p.shows("#ticket", "Il biglietto è sul tuo telefono")
	p.everySize("scanned")
	p.accessible()

	gone := b.open("phone-gone", s.URL("/i/none"), 390, 844)
	gone.shows("main", "Questo codice non vale più")
	gone.accessible()
	gone.picture("phone-gone")
}

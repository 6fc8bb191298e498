package e2e_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"github.com/eliminacode/eliminacode/cmd/eliminacode/programtest"
	"github.com/eliminacode/eliminacode/pkg/view"
)

// TestOwnTicketInTheReadersLanguage follows tickets in languages that are written otherwise, on a
// phone: waiting, called, and in another language that the reader chooses and finds again.
func TestOwnTicketInTheReadersLanguage(t *testing.T) {
	t.Parallel()
	s := serve(t)
	b := openBrowser(t)
	said := map[string]struct{ waiting, called, direction string }{
		"uk": {"Перед вами", "Ваша черга", "ltr"},
		"ar": {"قبلك", "حان دورك", "rtl"},
		"zh": {"您前面", "轮到您了", "ltr"},
	}
	s.Must(t, http.MethodPost, "/api/v1/tickets", map[string]string{"channel": "anagrafe"})
	for _, lang := range []string{"uk", "ar", "zh"} {
		var ticket view.Ticket
		if err := s.Want(t, http.StatusCreated, http.MethodPost, "/api/v1/tickets", map[string]string{"channel": "anagrafe", "language": lang}).Into(&ticket); err != nil {
			t.Fatal(err)
		}
		p := b.open("ticket-"+lang, s.URL("/t/"+string(ticket.ID)), 390, 844)
		p.shows("#ahead", said[lang].waiting)
		p.holds(fmt.Sprintf(`document.documentElement.lang === %q && document.documentElement.dir === %q`, lang, said[lang].direction))
		eval[chromedp.Void](p, `document.querySelector('#cancel').open = true`)
		p.accessible()
		if os.Getenv("PICTURES") != "" {
			p.picture(p.name + "-waiting")
		}
		called := b.openBent("ticket-"+lang, s.URL("/t/"+string(ticket.ID)), 390, 844,
			`(v, w) => { if (w.ticket) { w.ticket.state = 'called'; w.ticket.called_at = v.at; w.where = {it: 'Sportello 2', en: 'Counter 2'}; } }`)
		called.shows("#state", said[lang].called)
		called.shows("#where", "Sportello 2")
		called.accessible()
		called.fits("called")
		called.do(scheme("dark"))
		called.accessible()

		// Another language, and the same ticket's code scanned again.
		p.do(chromedp.Click(chromedp.CSS(`.languages a[lang="en"]`)))
		p.shows("#ahead", "before you")
		p.holds(`document.documentElement.dataset.connection === 'live'`) // its script runs, which keeps the choice
		p.do(chromedp.Navigate(s.URL("/t/" + string(ticket.ID))))
		p.shows("#ahead", "before you")
	}
}

// ownPage gives a ticket, and returns the address of its page.
func ownPage(t *testing.T, s *programtest.Server) string {
	t.Helper()
	var ticket view.Ticket
	if err := s.Want(t, http.StatusCreated, http.MethodPost, "/api/v1/tickets", map[string]string{"channel": "anagrafe"}).Into(&ticket); err != nil {
		t.Fatal(err)
	}
	return s.URL("/t/" + string(ticket.ID))
}

// TestOwnTicketOnASmallPhone has four digits, and text twice as large, on the smallest phone.
func TestOwnTicketOnASmallPhone(t *testing.T) {
	t.Parallel()
	s := serve(t)
	b := openBrowser(t)
	p := b.openBent("ticket", ownPage(t, s), 320, 640, `(v, w) => { w.ticket.number = 'A1000'; }`)
	p.shows("#number", "A1000")
	for _, size := range []string{"100%", "200%"} {
		eval[chromedp.Void](p, `document.documentElement.style.fontSize = '`+size+`'`)
		p.holds(`document.querySelector('#number').scrollWidth <= document.querySelector('#number').clientWidth && document.documentElement.scrollWidth <= innerWidth`)
	}
}

// TestOwnTicketByKeyboard lets others go first, and gives the ticket up: the focus is never lost.
func TestOwnTicketByKeyboard(t *testing.T) {
	t.Parallel()
	s := serve(t)
	b := openBrowser(t)
	p := b.openBent("ticket", ownPage(t, s), 390, 844, unbent)
	p.holds(`document.querySelector('#postpone').hidden`) // nobody is there who would go first
	s.Must(t, http.MethodPost, "/api/v1/tickets", map[string]string{"channel": "anagrafe"})
	for _, wish := range []struct{ form, state, said string }{{"#postpone", "#ahead", "1 persona prima di te"}, {"#cancel", "#state", "Annullato"}} {
		p.holds(`!document.querySelector('` + wish.form + `').hidden`)
		eval[chromedp.Void](p, `(() => {
			document.querySelector('`+wish.form+`').open = true;
			document.querySelector('`+wish.form+` button').focus();
			document.querySelector('`+wish.form+` button').click();
		})()`)
		p.shows(wish.state, wish.said)
		p.holds(`document.querySelector('` + wish.form + `').hidden && document.activeElement.id === 'number'`)
	}
}

// TestOwnTicketCallsItsHolder has a phone asked to tell its holder: it notifies while the page is
// out of sight, when it is time to come near and at the call.
func TestOwnTicketCallsItsHolder(t *testing.T) {
	t.Parallel()
	s := serve(t)
	b := openBrowser(t)
	p := b.openBent("ticket", ownPage(t, s), 390, 844, unbent)
	manifest, err := chromedp.Run(p.ctx, func(ctx context.Context, t *chromedp.Target) (cdppage.GetAppManifestResult, error) {
		return cdp.Call(ctx, t, cdppage.GetAppManifest, cdppage.GetAppManifestParams{})
	})
	if err != nil || len(manifest.Errors) > 0 || !strings.HasSuffix(manifest.URL, "/manifest.webmanifest") {
		t.Errorf("the browser reads the manifest: %+v, %v", manifest, err)
	}

	// Browsers without a window have nobody to ask.
	eval[chromedp.Void](p, `(() => {
		window.told = [];
		window.Notification = {requestPermission: async () => 'granted'};
		ServiceWorkerRegistration.prototype.showNotification = async (title, {body}) => told.push(title + ': ' + body);
		Object.defineProperty(document, 'hidden', {configurable: true, get: () => true});
	})()`)
	p.press("Avvisami con un suono")
	p.shows("#alert", "Suono e notifiche attivi")
	p.bends(`(v, w) => { w.near = true; w.sooner = [{number: 'B012', why: 'appointment', slot: '2026-03-02T10:20:00+01:00'}, {number: 'A031', why: 'priority', slot: null}]; }`)
	p.shows("#state", "Avvicinati")
	p.shows("#sooner-list", "B012: prenotato alle 10:20")
	p.shows("#sooner-list", "A031: ha la precedenza")
	p.holds(`document.title.startsWith('○ A001')`)
	p.holds(`told.length === 1 && told[0].startsWith('A001 · Avvicinati')`)
	p.accessible()
	p.fits("near")
	p.do(scheme("dark"))
	p.accessible()
	// A wait that is a little longer again is no news, but one that is long is.
	p.bends(`(v, w) => { w.near = false; w.ticket.wait = {low_s: 240, likely_s: 360, high_s: 480}; }`)
	p.shows("#state", "In attesa")
	p.bends(`(v, w) => { w.near = true; }`)
	p.shows("#state", "Avvicinati")
	p.holds(`told.length === 1`)
	p.bends(`(v, w) => { w.near = false; w.ticket.wait = {low_s: 480, likely_s: 720, high_s: 960}; }`)
	p.shows("#wait", "5–\u206020 minuti")
	p.bends(`(v, w) => { w.near = true; }`)
	p.holds(`told.length === 2 && told[1].startsWith('A001 · Avvicinati')`)
	p.bends(unbent)
	s.Want(t, http.StatusOK, http.MethodPost, "/api/v1/counters/2/open", nil)
	s.Want(t, http.StatusOK, http.MethodPost, "/api/v1/counters/2/next", nil)
	p.shows("#where", "Sportello 2")
	p.holds(`told.filter((said) => said.includes('Sportello 2')).length === 1`)
	p.holds(`!document.querySelector('#alert').hidden`) // it may be recalled
	s.Want(t, http.StatusOK, http.MethodPost, "/api/v1/counters/2/done", nil)
	p.shows("#state", "Concluso")
	p.holds(`document.querySelector('#alert').hidden`)
}

// TestOwnTicketAfterSleep has the phone sleep over a restart of the server and a call: once it
// wakes, the page tells how it is now.
func TestOwnTicketAfterSleep(t *testing.T) {
	t.Parallel()
	s := serve(t)
	b := openBrowser(t)
	p := b.open("ticket", ownPage(t, s), 390, 844)
	p.holds(`document.documentElement.dataset.connection === 'live'`)
	p.do(lives(cdppage.SetWebLifecycleStateStateFrozen))
	s.Kill()
	s.Start(t, programtest.Monday)
	s.Want(t, http.StatusOK, http.MethodPost, "/api/v1/counters/2/open", nil)
	s.Want(t, http.StatusOK, http.MethodPost, "/api/v1/counters/2/next", nil)
	p.do(lives(cdppage.SetWebLifecycleStateStateActive))
	p.shows("#where", "Sportello 2")
	p.holds(`document.documentElement.dataset.connection === 'live' && document.title.startsWith('●')`)
}

// lives puts a page to sleep, or wakes it.
func lives(state cdppage.SetWebLifecycleStateState) chromedp.Action[chromedp.Void] {
	return func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, cdppage.SetWebLifecycleState, cdppage.SetWebLifecycleStateParams{State: state})
		return chromedp.Void{}, err
	}
}

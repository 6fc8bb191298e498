package e2e_test

import (
	"fmt"
	"net/http"
	"os"
	"testing"

	"github.com/chromedp/chromedp"

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

		// Another language, and the same ticket's code scanned again.
		p.do(chromedp.Click(chromedp.CSS(`.languages a[lang="en"]`)))
		p.shows("#ahead", "before you")
		p.holds(`document.documentElement.dataset.connection === 'live'`) // its script runs, which keeps the choice
		p.do(chromedp.Navigate(s.URL("/t/" + string(ticket.ID))))
		p.shows("#ahead", "before you")
	}
}

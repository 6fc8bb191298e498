package e2e_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/eliminacode/eliminacode/cmd/eliminacode/programtest"
)

// TestMorning is the main job: a ticket that is taken at the totem's screen is
// called at the console and appears on all five monitors and the public page;
// then the server is killed and started again, and every screen recovers by itself.
func TestMorning(t *testing.T) {
	t.Parallel()
	s := serve(t)
	b := openBrowser(t)

	totem := b.open("totem", s.PairURL(t), 1080, 1920)
	monitors := []*page{}
	for _, id := range []string{"sala", "protocollo", "anagrafe", "altri-servizi", "ingresso"} {
		monitors = append(monitors, b.open("display-"+id, s.URL("/display/"+id), 1920, 1080))
	}
	public := b.open("public", s.URL("/"), 390, 844)
	console := signIn(b, s, "/console")

	ticket := take(totem, "Servizi anagrafici")
	if ticket.number != "A001" {
		t.Fatalf("the totem gives %s, want A001", ticket.number)
	}
	if paper := get(t, ticket.pdf); !strings.HasPrefix(paper, "%PDF-") {
		t.Errorf("the ticket to print is no PDF: %.40q", paper)
	}
	visit := b.open("ticket", s.URL("/t/"+ticket.id), 390, 844)
	visit.shows("body", "A001")
	public.shows("#channels", "1")

	console.do(chromedp.Click(chromedp.CSS(`[data-counter="2"]`)))
	console.shows("#next", "A001")
	console.do(chromedp.KeyEvent("n"))
	console.shows("#current", "A001")
	for _, m := range monitors {
		m.shows("body", "A001")
	}
	public.shows("#calls", "A001")
	visit.shows("body", "Sportello 2")

	s.Kill()
	everyone := append([]*page{totem, public, visit, console}, monitors...)
	for _, p := range everyone {
		p.holds(cutOff)
	}
	s.Start(t, "2026-03-02T09:10:00+01:00")
	for _, p := range everyone {
		p.holds("!(" + cutOff + ")")
	}
	for _, m := range monitors {
		m.shows("body", "A001")
	}
	public.shows("#calls", "A001")
	visit.shows("body", "Sportello 2")
	console.shows("#current", "A001")

	// And the morning goes on: the next ticket has the next number, and is called on the same
	// screens.
	if second := take(totem, "Servizi anagrafici"); second.number != "A002" {
		t.Errorf("after the crash the totem gives %s, want A002", second.number)
	}
	console.shows("#next", "A002")
	console.do(chromedp.KeyEvent("n"))
	for _, m := range monitors {
		m.shows("body", "A002")
	}
}

// cutOff is whether a page says that it has lost the server: the totem in words of its own, the
// others by the banner.
const cutOff = `['lost', 'stale'].includes(document.documentElement.dataset.connection) || document.body.innerText.includes('scollegato')`

// signIn opens a page of the staff as the administrator, by keyboard alone.
func signIn(b *browser, s *programtest.Server, next string) *page {
	b.t.Helper()
	return signInAs(b, s, next, "admin", s.Password())
}

func signInAs(b *browser, s *programtest.Server, next, name, password string) *page {
	b.t.Helper()
	p := b.open("staff"+strings.ReplaceAll(next, "/", "-"), s.URL("/login?next="+next), 1366, 768)
	p.do(
		chromedp.SendKeys(chromedp.CSS(`input[name="name"]`), name),
		chromedp.SendKeys(chromedp.CSS(`input[name="password"]`), password+kb.Enter),
	)
	p.holds(fmt.Sprintf(`location.pathname === %q`, next))
	return p
}

type taken struct{ number, id, pdf string }

// take presses a channel's button on the totem and reads the ticket.
func take(totem *page, channel string) taken {
	totem.t.Helper()
	totem.shows("#channels", channel)
	// Pressed until it counts: the kiosk ignores what is pressed right after a change of screen.
	totem.holds(fmt.Sprintf(`(() => {
		if (document.querySelector('.ticket-number')?.checkVisibility()) return true;
		// Whoever is asked for more needs something else, and has no priority.
		const answer = document.querySelector('.answer'), tiles = [...document.querySelectorAll('.tile')];
		const button = answer?.checkVisibility() ? answer : document.querySelector('#start').dataset.place === 'services' ? tiles.at(-1) : tiles.find(b => b.innerText.includes(%q));
		if (button?.checkVisibility()) button.click();
		return false;
	})()`, channel))
	out := taken{
		number: eval[string](totem, `document.querySelector('.ticket-number').innerText`),
		pdf:    eval[string](totem, `document.querySelector('a[href$="/pdf"]').href`),
	}
	parts := strings.Split(out.pdf, "/")
	out.id = parts[len(parts)-2]
	totem.press("Ho finito")
	totem.holds(`document.querySelector('#channels').checkVisibility()`)
	return out
}

func get(t *testing.T, url string) string {
	t.Helper()
	answer, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

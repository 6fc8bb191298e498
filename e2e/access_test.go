package e2e_test

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// TestAccessible runs axe on every page, with something to show and at the size
// at which people use it.
func TestAccessible(t *testing.T) {
	t.Parallel()
	s := serve(t)
	b := openBrowser(t)

	totem := b.open("totem", s.PairURL(t), 1080, 1920)
	totem.shows("#channels", "Protocollo")
	totem.accessible()
	ticket := take(totem, "Protocollo")
	take(totem, "Servizi anagrafici")

	login := b.open("login", s.URL("/login"), 1366, 768)
	login.shows("body", "Entra")
	login.accessible()

	console := signIn(b, s, "/console")
	console.shows("#choose", "Sportello 1")
	console.accessible()
	console.do(chromedp.Click(chromedp.CSS(`[data-counter="1"]`)))
	console.shows("#next", "P001")
	console.accessible()
	console.do(chromedp.KeyEvent("n"))
	console.shows("#current", "P001")
	console.accessible()

	admin := b.open("admin", s.URL("/admin"), 1366, 768)
	admin.shows("body", "totem")
	admin.accessible()

	for _, page := range []struct {
		name, path, shows string
		width, height     int
	}{
		{"public", "/", "P001", 390, 844},
		{"public-wide", "/affluenza", "P001", 1366, 768},
		{"ticket", "/t/" + ticket.id, "P001", 390, 844},
		{"ticket-unknown", "/t/NOSUCHTICKET", "", 390, 844},
		{"display-sala", "/display/sala", "P001", 1920, 1080},
		{"display-protocollo", "/display/protocollo", "P001", 1080, 1920},
		{"failure", "/nothing", "Affluenza", 390, 844},
		{"failure-wall", "/display/cantina", "Questo monitor non esiste", 1920, 1080},
	} {
		p := b.open(page.name, s.URL(page.path), page.width, page.height)
		p.shows("body", page.shows)
		p.accessible()
	}
}

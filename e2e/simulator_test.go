package e2e_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/eliminacode/eliminacode/cmd/eliminacode/programtest"
	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/journal"
	"github.com/eliminacode/eliminacode/pkg/journal/sqlite"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/simulate"
)

// TestSimulator asks what would have been, and what is to come, by keyboard and by a link.
func TestSimulator(t *testing.T) {
	t.Parallel()
	s := programtest.New(t, programtest.Options{Name: "e2e", SamePort: true})
	crowdedWeeks(t, s.Data())
	s.Start(t, programtest.Monday)
	p := signIn(openBrowser(t), s, "/simulatore")
	p.shows("#days-last", "sabato 28 febbraio")
	p.shows("#none", "Scegli una domanda")

	p.do(chromedp.EmulateViewport(1366, 768))
	eval[chromedp.Void](p, `document.querySelector('#how').focus()`)
	p.do(chromedp.KeyEvent(kb.Tab + kb.Enter))
	p.shows("#headline", "Con uno sportello in più l’attesa media sarebbe stata di")
	p.shows("#answered", "Si è supposto: arrivi e tempi allo sportello come nel registro")
	p.holds(`location.search === '?from=2026-02-28&to=2026-02-28&more=1' && document.activeElement.id === 'headline'`)
	p.usable("answered")

	p.do(chromedp.EmulateViewport(1366, 768))
	eval[chromedp.Void](p, `document.querySelector('[value="target"]').click(); document.querySelector('#share').value = ''`)
	p.press("Calcola")
	p.shows("#ask-target", "Scrivi una percentuale")
	p.holds(`document.activeElement.id === 'share' && document.activeElement.getAttribute('aria-invalid') === 'true'`)
	eval[chromedp.Void](p, `document.querySelector('#share').value = '90'; document.querySelector('[value="week"]').click()`)
	p.press("Calcola")
	p.shows("#headline", "Perché il 90 % aspetti meno di 15 minuti")
	p.shows("#pictures", "Ore al giorno")
	p.accessible()

	p.do(chromedp.Navigate(s.URL("/simulatore?from=2026-03-03&to=2026-03-09&more=-1")))
	p.shows("#more", "Ogni giorno si attendono 45 persone")
	p.holds(`document.querySelector('[value="next"]').checked && document.querySelector('#how').value === '-1'`)
	p.accessible()

	p.do(chromedp.Navigate(s.URL("/simulatore?from=2026-03-03&to=2027-03-03&share=99&minutes=1")))
	p.shows("#working", "Sto calcolando")
	p.press("Annulla")
	p.shows(".toasts", "Calcolo annullato")
	p.holds(`document.querySelector('#none').checkVisibility() && document.querySelector('#from').value === '2026-03-03'`)
}

// TestSimulatorOffers has only days offered of which there is something to learn from, and the
// button stay where it is when the server refuses some.
func TestSimulatorOffers(t *testing.T) {
	t.Parallel()
	t.Run("without days", func(t *testing.T) {
		t.Parallel()
		s := programtest.New(t, programtest.Options{Name: "e2e", SamePort: true})
		s.Start(t, programtest.Monday)
		p := signIn(openBrowser(t), s, "/simulatore")
		p.do(chromedp.Navigate(s.URL("/simulatore?from=2026-03-01&to=2026-03-01&more=1")))
		p.shows("#none", "Non c’è ancora nessun giorno concluso")
		p.holds(`!document.querySelector('#ask').checkVisibility() && !document.querySelector('#problem').innerText`)
	})
	t.Run("after a break", func(t *testing.T) {
		t.Parallel()
		s := programtest.New(t, programtest.Options{Name: "e2e", SamePort: true})
		crowdedWeeks(t, s.Data())
		s.Start(t, "2026-03-16T09:00:00+01:00")
		p := signIn(openBrowser(t), s, "/simulatore")
		p.do(chromedp.EmulateViewport(1366, 768))
		p.shows("#days-last", "sabato 28 febbraio")
		p.shows("#days-week", "Nessuna visita")
		p.holds(`document.querySelector('[value="week"]').disabled`)
		p.do(chromedp.Navigate(s.URL("/simulatore?from=2026-02-22&to=2026-02-22&counters=3")))
		p.shows("#range", "la sede è chiusa")
		p.holds(`document.querySelector('#counters').checkVisibility() && document.querySelector('#ask').getBoundingClientRect().bottom <= innerHeight`)
		p.accessible()
	})
}

// crowdedWeeks gives an installation that doesn't run yet two weeks of mornings, with two counters
// that are too few until ten.
func crowdedWeeks(t *testing.T, data string) {
	t.Helper()
	cfg := queue.Default()
	loc, err := cfg.Location()
	if err != nil {
		t.Fatal(err)
	}
	p := simulate.Plan{Config: cfg}
	for day := calendar.Date("2026-02-16"); day < "2026-03-01"; day = day.Next() {
		if day.Weekday() == time.Sunday {
			continue
		}
		begin := day.In(loc, 8*60+30)
		for i := range 45 {
			at := begin.Add(time.Duration(i) * 4 * time.Minute)
			if i < 25 {
				at = begin.Add(time.Duration(i) * 3 * time.Minute)
			}
			p.Comers = append(p.Comers, simulate.Comer{At: at, Channel: cfg.Channels[i%3].ID, Service: time.Duration(5+(i*7+int(day.Weekday()))%7) * time.Minute})
		}
		for _, c := range cfg.Counters[:2] {
			p.Shifts = append(p.Shifts, simulate.Shift{Counter: c.ID, From: begin, To: begin.Add(3 * time.Hour), Stays: true})
		}
	}
	j, err := sqlite.Open(t.Context(), filepath.Join(data, "eliminacode.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var events []queue.Event // of a day: the state forgets the tickets of those before
	st := new(queue.State)
	keep := func() {
		if err := j.Append(t.Context(), journal.Batch{Office: "urp", Events: events, Tickets: st.Touched(events)}); err != nil {
			t.Fatal(err)
		}
		events = nil
	}
	p.Watch = func(e *queue.Event) {
		if e.Kind == queue.DayStarted && len(events) > 0 {
			keep()
		}
		events = append(events, *e)
		st.Apply(e)
	}
	if _, err := simulate.Run(p); err != nil {
		t.Fatal(err)
	}
	keep()
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
}

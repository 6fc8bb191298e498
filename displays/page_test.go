package displays_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"html"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/displays"
	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/estimate"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/view"
	"github.com/eliminacode/eliminacode/pkg/words"
)

// office is Empoli's on Monday 2 March 2026 at nine: A001 called to counter 2, A002 waiting.
func office(t *testing.T, exceptions ...queue.Exception) (*queue.State, time.Time) {
	t.Helper()
	config := *queue.Default()
	config.Exceptions = append(config.Exceptions, exceptions...)
	rome, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, rome)
	s := new(queue.State)
	for _, do := range []queue.Action{
		queue.Configure{Config: &config},
		queue.Open{Counter: "2", Operator: "maria"},
		queue.Issue{Ticket: "one", Channel: "anagrafe"},
		queue.Issue{Ticket: "two", Channel: "anagrafe"},
		queue.Next{Counter: "2"},
	} {
		if _, _, err := s.Execute(queue.Command{By: "user/maria", Do: do}, now); err != nil {
			t.Fatalf("%T: %v", do, err)
		}
	}
	return s, now
}

// unread is what a browser without scripts doesn't show.
var unread = regexp.MustCompile(`(?s)<(script|template)\b.*?</(script|template)>`)

// textOf is the page without its tags, each run of white space one space.
func textOf(page string) string {
	var b strings.Builder
	for part := range strings.SplitSeq(unread.ReplaceAllString(page, ""), "<") {
		_, text, _ := strings.Cut(part, ">")
		b.WriteString(text + " ")
	}
	return strings.Join(strings.Fields(html.UnescapeString(b.String())), " ")
}

func publicPage(t *testing.T, v *view.PublicPage) string {
	t.Helper()
	return publicPageOf(t, displays.PublicPage{Public: v, Guide: &view.Guide{}})
}

func publicPageOf(t *testing.T, p displays.PublicPage) string {
	t.Helper()
	page, err := displays.Public()
	if err != nil {
		t.Fatal(err)
	}
	p.Language = cmp.Or(p.Language, "it")
	var b bytes.Buffer
	if err := page.Execute(&b, p); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func ticketPage(t *testing.T, p displays.TicketPage) string {
	t.Helper()
	page, err := displays.Ticket()
	if err != nil {
		t.Fatal(err)
	}
	p.Language = cmp.Or(p.Language, "it")
	var b bytes.Buffer
	if err := page.Execute(&b, p); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func wantWords(t *testing.T, page string, want ...string) {
	t.Helper()
	text := textOf(page)
	for _, w := range want {
		if !strings.Contains(text, w) {
			t.Errorf("the page doesn't say %q:\n%s", w, text)
		}
	}
}

func TestPublicPageIsWholeWithoutScripts(t *testing.T) {
	t.Parallel()
	s, now := office(t)
	v := view.NewPublicPage(&view.Scene{Office: "urp", State: s, Now: now})
	v.Channels[1].Wait = &view.Wait{Low: 300, Likely: 480, High: 720}
	// What comes from the journal may carry another zone.
	v.Calls[0].At = v.Calls[0].At.UTC()
	v.Channels[2].Ending = true
	wantWords(t, publicPageOf(t, displays.PublicPage{
		Public: v, Guide: &view.Guide{}, Language: "it", Crowding: &view.Crowding{Kept: &view.Kept{Told: 1523, AsTold: 1234}},
	}), "Attese dell’ultimo mese che sono state nell’intervallo annunciato: 81 su cento.", "I biglietti finiscono entro circa mezz’ora.")
	wantWords(t, publicPage(t, v),
		"URP del Comune di Empoli", "Aperto chiude alle 18:30", "Aggiornato alle 09:00",
		"Servizi anagrafici 1 persona in attesa", "Attesa prevista: 5–\u206015 minuti", "Ultimo chiamato: A001",
		"A001 Sportello 2 09:00", "1 sportello aperto", "Nessun dato personale, nessun cookie")
	wantWords(t, publicPageOf(t, displays.PublicPage{Public: v, Guide: &view.Guide{}, Language: "en"}),
		"Empoli Town Hall – Public Relations Office", "Open closes at 18:30", "Updated at 09:00",
		"Civil registry 1 person waiting", "Expected wait: 5–\u206015 minutes", "Last called: A001",
		"A001 Counter 2 09:00", "1 counter open", "No personal data, no cookies")
}

// TestNobodyAtTheCounters wants every page that tells waits to say why it doesn't.
func TestNobodyAtTheCounters(t *testing.T) {
	t.Parallel()
	s, now := office(t)
	at(t, s, now, queue.Done{Counter: "2"})
	at(t, s, now, queue.Close{Counter: "2"})
	at(t, s, now, queue.Issue{Ticket: "last", Channel: "anagrafe"})
	pages := func(s *queue.State) map[string]string {
		scene := &view.Scene{Office: "urp", State: s, Now: now}
		return map[string]string{
			"public": publicPage(t, view.NewPublicPage(scene)),
			"ticket": ticketPage(t, displays.TicketPage{Visit: view.NewTicketPage(scene, "last"), Language: "it"}),
		}
	}
	shown := regexp.MustCompile(`<p id="(unattended|wait)" class="\w+">(<span>)?` + words.Unattended()["it"])
	for name, page := range pages(s) {
		if !shown.MatchString(page) {
			t.Errorf("%s: it doesn't say why no wait is told:\n%s", name, page)
		}
	}
	attended := s.Clone()
	at(t, attended, now, queue.Open{Counter: "2", Operator: "maria"})
	for name, page := range pages(attended) {
		if shown.MatchString(page) {
			t.Errorf("%s: it says that nobody is at the counters, but somebody is:\n%s", name, page)
		}
	}
}

// TestPublicPageMarksItalian has what the office wrote in Italian alone be marked so on a page in
// another language.
func TestPublicPageMarksItalian(t *testing.T) {
	t.Parallel()
	s, now := office(t)
	v := view.NewPublicPage(&view.Scene{Office: "urp", State: s, Now: now})
	v.Notices = []view.Notice{{ID: "n", Text: "Lavori all’ascensore", Texts: queue.Text{"it": "Lavori all’ascensore"}}}
	page := publicPageOf(t, displays.PublicPage{Public: v, Guide: &view.Guide{}, Language: "en"})
	if !strings.Contains(page, `<bdi lang="it">Lavori all’ascensore</bdi>`) {
		t.Error("the notice isn't marked as Italian")
	}
}

// TestHolidaysAreNamed on the days of the week, marked as Italian where the page isn't.
func TestHolidaysAreNamed(t *testing.T) {
	t.Parallel()
	s, now := office(t)
	c := *s.Config
	c.PatronSaint = "11-30"
	v := view.NewPublicPage(&view.Scene{Office: "urp", State: s, Now: now})
	week := func(lang string, month time.Month, day int) string {
		first := time.Date(2026, month, day, 9, 0, 0, 0, now.Location())
		return publicPageOf(t, displays.PublicPage{Public: v, Guide: view.NewGuide(&c, first), Language: lang})
	}
	wantWords(t, week("it", time.June, 1), "martedì 2 giugno chiuso – festivo: Festa della Repubblica")
	wantWords(t, week("it", time.November, 28), "lunedì 30 novembre chiuso – festivo: festa patronale")
	english := week("en", time.June, 1)
	wantWords(t, english, "Tuesday 2 June closed – public holiday: Festa della Repubblica")
	if !strings.Contains(english, `<bdi lang="it">Festa della Repubblica</bdi>`) {
		t.Error("the holiday isn't marked as Italian")
	}
	wantWords(t, week("en", time.November, 28), "Monday 30 November closed – public holiday: the town’s patron saint")
}

// TestPublicPageGuides tells hours, closures, seasons, what to bring and where it is; and nothing
// of a way to reach the office where none is configured.
func TestPublicPageGuides(t *testing.T) {
	t.Parallel()
	s, now := office(t, queue.Exception{From: "2026-03-04", To: "2026-03-04", Reason: queue.Text{"it": "assemblea", "en": "meeting"}},
		queue.Exception{From: "2026-03-20", To: "2026-03-21", Only: []queue.ChannelID{"anagrafe"}, Hours: []calendar.Interval{{From: 540, To: 600}}})
	c := *s.Config
	v := view.NewPublicPage(&view.Scene{Office: "urp", State: s, Now: now})
	page := publicPageOf(t, displays.PublicPage{Public: v, Guide: view.NewGuide(&c, now)})
	wantWords(t, page, "lunedì 2 marzo (oggi) 08:00–18:30", "mercoledì 4 marzo chiuso – assemblea", "domenica 8 marzo chiuso",
		"venerdì 20 marzo – sabato 21 marzo , Servizi anagrafici: 09:00–10:00", "lunedì 6 aprile : chiuso (festivo: Lunedì dell'Angelo)",
		"Servizi anagrafici Carte d'identità", "Portare: Un documento d'identità")
	if strings.Contains(page, "contatti") {
		t.Error("there is a heading for contacts, and none of them")
	}
	c.Contact = queue.Contact{Address: "via Del Papa 41", Phone: "+39 0571 757999", Email: "urp@comune.example.it", URL: "https://www.comune.example.it/urp"}
	later := now.AddDate(0, 6, 15)
	page = publicPageOf(t, displays.PublicPage{Public: v, Guide: view.NewGuide(&c, later), Language: "en"})
	wantWords(t, page, "Thursday 17 September (today) 08:00–18:30", "Town grants Until 31 October Applications for the town's grants Bring: An identity document, the rental contract and the ISEE",
		"Address via Del Papa 41", "+39 0571 757999", "On the town’s site")
	for _, link := range []string{`href="tel:&#43;390571757999"`, `href="mailto:urp@comune.example.it"`, `href="https://www.comune.example.it/urp"`} {
		if !strings.Contains(page, link) {
			t.Errorf("the page has no %s", link)
		}
	}
}

func TestPublicPageOfAClosedOffice(t *testing.T) {
	t.Parallel()
	s, _ := office(t)
	sunday := time.Date(2026, 3, 8, 10, 0, 0, 0, s.Location())
	page := publicPageOf(t, displays.PublicPage{
		Public: view.NewPublicPage(&view.Scene{Office: "urp", State: s, Now: sunday}), Guide: view.NewGuide(s.Config, sunday),
	})
	wantWords(t, page, "Chiuso riapre domani alle 08:00", "L’andamento di oggi Oggi la sede è chiusa.")
	if strings.Contains(page, "La sede è chiusa") {
		t.Error("every channel repeats that the office is closed")
	}
}

// TestPublicPageOfANewOffice tells who has just installed it at night how to try it all the same.
func TestPublicPageOfANewOffice(t *testing.T) {
	t.Parallel()
	s, _ := office(t)
	v := view.NewPublicPage(&view.Scene{Office: "urp", State: s, Now: time.Date(2026, 3, 8, 10, 0, 0, 0, s.Location())})
	for _, tt := range []struct {
		seq    int64
		open   bool
		hidden bool
	}{{1, false, false}, {2, false, false}, {1, true, true}, {3, false, true}} {
		v.Seq, v.Open = tt.seq, tt.open
		page := publicPage(t, v)
		if !strings.Contains(page, "eliminacode demo") || strings.Contains(page, `id="trial" class="message trial" hidden>`) != tt.hidden {
			t.Errorf("seq %d, open %v: the demo is offered, or isn't", tt.seq, tt.open)
		}
	}
}

// TestPublicPageWithoutTickets doesn't say of an office within its hours that it has closed.
func TestPublicPageWithoutTickets(t *testing.T) {
	t.Parallel()
	s, now := office(t)
	v := view.NewPublicPage(&view.Scene{Office: "urp", State: s, Now: now})
	opens := now.Add(24 * time.Hour)
	v.Open, v.Situation, v.ClosesAt, v.OpensAt = false, view.IsFull, nil, &opens
	page := publicPage(t, v)
	wantWords(t, page, "Biglietti finiti riapre domani", "Non si danno altri biglietti. Chi ha già il biglietto viene servito")
	if strings.Contains(page, "La sede ha chiuso") {
		t.Error("it says that the office has closed")
	}
}

func TestTicketPageByState(t *testing.T) {
	t.Parallel()
	s, now := office(t)
	at(t, s, now, queue.Issue{Ticket: "other", Channel: "anagrafe"})
	at(t, s, now, queue.Issue{Ticket: "four", Channel: "anagrafe"})
	tests := map[string]struct {
		id   queue.TicketID
		do   queue.Action
		want []string
	}{
		"near":      {"two", nil, []string{"A002 · Avvicinati", "Sei il prossimo", "Sì, annulla il biglietto"}},
		"waiting":   {"four", nil, []string{"A004 · In attesa", "2 persone prima di te", "Sì, annulla il biglietto"}},
		"called":    {"one", nil, []string{"A001 · È il tuo turno", "Sportello 2 Counter 2", "Please go to the counter now."}},
		"absent":    {"one", queue.MarkAbsent{Counter: "2"}, []string{"Chiamato, ma assente", "puoi essere richiamato"}},
		"cancelled": {"two", queue.Cancel{Ticket: "two"}, []string{"Annullato", "prendi un nuovo biglietto"}},
		"unknown":   {"three", nil, []string{"Biglietto non trovato", "Ticket not found"}},
	}
	for state, test := range tests {
		t.Run(state, func(t *testing.T) {
			t.Parallel()
			s := s.Clone()
			if test.do != nil {
				if _, _, err := s.Execute(queue.Command{By: "user/maria", Do: test.do}, now); err != nil {
					t.Fatal(err)
				}
			}
			page := ticketPage(t, displays.TicketPage{Visit: view.NewTicketPage(&view.Scene{Office: "urp", State: s, Now: now}, test.id)})
			wantWords(t, page, test.want...)
			if !strings.Contains(page, `data-state="`+state+`"`) {
				t.Errorf("the page isn't in state %s", state)
			}
			open := strings.Contains(page, `<details id="cancel" class="wish">`)
			if mayCancel := state == "waiting" || state == "near" || state == "absent"; open != mayCancel {
				t.Errorf("cancelling offered: %v, want %v", open, mayCancel)
			}
		})
	}
}

// earlyClosing is that of an assembly: today the office closes at half past nine.
func earlyClosing(t *testing.T) (*queue.State, time.Time) {
	t.Helper()
	today := calendar.Date("2026-03-02")
	return office(t, queue.Exception{
		From: today, To: today, Reason: queue.Text{"it": "assemblea del personale", "en": "staff meeting"},
		Hours: []calendar.Interval{{From: 8 * 60, To: 9*60 + 30}},
	})
}

func at(t *testing.T, s *queue.State, now time.Time, do queue.Action) {
	t.Helper()
	if _, _, err := s.Execute(queue.Command{By: "user/maria", Do: do}, now); err != nil {
		t.Fatalf("%T: %v", do, err)
	}
}

// TestEarlyClosingReachesWhoWaits follows A002, who waits while the office closes early, and the
// public page.
func TestEarlyClosingReachesWhoWaits(t *testing.T) {
	t.Parallel()
	s, now := earlyClosing(t)
	mine := func(at time.Time) string {
		return ticketPage(t, displays.TicketPage{Visit: view.NewTicketPage(&view.Scene{Office: "urp", State: s, Now: at}, "two")})
	}
	public := func(at time.Time) string {
		return publicPage(t, view.NewPublicPage(&view.Scene{Office: "urp", State: s, Now: at}))
	}
	wantWords(t, mine(now), "Oggi si chiude alle 09:30: assemblea del personale. Chi ha già il biglietto viene servito finché gli sportelli sono aperti.",
		"Today we close at 09:30: staff meeting.", "Sei il prossimo")
	wantWords(t, public(now), "Oggi si chiude alle 09:30: assemblea del personale.")

	closed := now.Add(40 * time.Minute)
	wantWords(t, mine(closed), "La sede ha chiuso: assemblea del personale. Sarai servito comunque: agli sportelli c’è ancora qualcuno.", "Sei il prossimo")
	wantWords(t, public(closed), "La sede ha chiuso: assemblea del personale.")
	other := view.NewTicketPage(&view.Scene{Office: "urp", State: s, Now: closed}, "two")
	other.Attended = false // somebody is there, but for others
	if page := textOf(ticketPage(t, displays.TicketPage{Visit: other})); strings.Contains(page, "Sarai servito") ||
		!strings.Contains(page, "Chi ha già il biglietto viene servito finché gli sportelli sono aperti.") {
		t.Errorf("who is called by nobody who is there is told %s", page)
	}

	at(t, s, closed, queue.Done{Counter: "2"})
	at(t, s, closed, queue.Close{Counter: "2"})
	at(t, s, closed, queue.Tick{})
	wantWords(t, mine(closed), "Scaduto",
		"La sede ha chiuso: assemblea del personale. I biglietti di oggi non valgono più. Si riapre domani alle 08:00.")
}

// TestOpeningWords has the page without scripts say what lib/opening.js says
// (displays/test/opening.test.js).
func TestOpeningWords(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile("test/opening.json")
	if err != nil {
		t.Fatal(err)
	}
	var table struct {
		Now   time.Time
		Zone  string `json:"time_zone"`
		Cases []struct {
			Of      string
			Opening view.Opening
			Says    map[string]string
		}
	}
	if err := json.Unmarshal(b, &table); err != nil {
		t.Fatal(err)
	}
	zone, err := time.LoadLocation(table.Zone)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range table.Cases {
		for lang, want := range c.Says {
			if got := displays.OpeningWords(lang, c.Opening, table.Now.In(zone)); got != want {
				t.Errorf("%s, %s:\n%s\nwant\n%s", c.Of, lang, got, want)
			}
		}
	}
	if len(table.Cases) < 8 {
		t.Errorf("only %d cases", len(table.Cases))
	}
}

func TestTicketPageOfAnAppointment(t *testing.T) {
	t.Parallel()
	s, now := office(t)
	at(t, s, now, queue.Issue{Ticket: "slot", Channel: "anagrafe", Class: queue.Appointment, Slot: now.Add(80 * time.Minute)})
	at(t, s, now, queue.Issue{Ticket: "late", Channel: "anagrafe", Class: queue.Appointment, Slot: now.Add(11 * time.Hour)})
	page := func(id queue.TicketID, at time.Time) string {
		wait := map[queue.TicketID]estimate.Wait{id: {Low: time.Hour, Likely: 2 * time.Hour, High: 3 * time.Hour}}
		scene := &view.Scene{Office: "urp", State: s, Now: at, Waits: estimate.Waits{Tickets: wait}}
		return ticketPage(t, displays.TicketPage{Visit: view.NewTicketPage(scene, id)})
	}
	early := page("slot", now)
	wantWords(t, early, "Appuntamento delle 10:20", "Appointment at 10:20", "Sarai chiamato intorno alle 10:20", "Attesa prevista: da 1 ora a 3 ore")
	late := page("late", now)
	wantWords(t, late, "Alle 20:00 la sede sarà chiusa")
	if strings.Contains(textOf(early)+textOf(late), "persona prima") || strings.Contains(textOf(late), "Attesa prevista") {
		t.Errorf("who has an appointment is told how many are before, or when who won't be called will be:\n%s\n%s", textOf(early), textOf(late))
	}
	wantWords(t, page("slot", now.Add(80*time.Minute)), "Appuntamento delle 10:20", "1 persona prima di te")
}

func TestTicketPageSaysUntilWhenAnAbsentOneMayComeBack(t *testing.T) {
	t.Parallel()
	s, now := office(t)
	at(t, s, now, queue.MarkAbsent{Counter: "2"})
	until := s.Tickets["one"].Until.In(now.Location()).Format("15:04")
	wantWords(t, ticketPage(t, displays.TicketPage{Visit: view.NewTicketPage(&view.Scene{Office: "urp", State: s, Now: now}, "one")}),
		"puoi essere richiamato fino alle "+until, "you can be called again until "+until)
}

func TestTicketPageSaysThatACancellationWasRefused(t *testing.T) {
	t.Parallel()
	s, now := office(t)
	wantWords(t, ticketPage(t, displays.TicketPage{
		Visit:   view.NewTicketPage(&view.Scene{Office: "urp", State: s, Now: now}, "one"),
		Refused: "not_cancelled",
	}), "Il biglietto non si può più annullare. The ticket can no longer be cancelled.")
}

// TestNothingInline checks what the Content-Security-Policy would refuse: scripts, styles and
// handlers in the page itself.
func TestNothingInline(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"monitor/index.html", "public/index.html", "public/parts.html", "public/text.html", "public/widget.html", "ticket/index.html"} {
		page, err := displays.FS.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, refused := range []string{"<style", " style=", " onclick=", " onload=", "<script>", "://"} {
			if bytes.Contains(page, []byte(refused)) {
				t.Errorf("%s has %q", name, refused)
			}
		}
	}
}

func TestNoTestIsEmbedded(t *testing.T) {
	t.Parallel()
	files := 0
	err := fs.WalkDir(displays.FS, ".", func(name string, _ fs.DirEntry, err error) error {
		files++
		if strings.HasSuffix(name, ".test.js") || strings.HasSuffix(name, ".d.ts") {
			t.Errorf("%s is embedded", name)
		}
		return err
	})
	if err != nil || files < 30 {
		t.Errorf("%d files, %v", files, err)
	}
}

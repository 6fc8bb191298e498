package displays_test

import (
	"encoding/json"
	"html"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/displays"
	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/view"
	"github.com/eliminacode/eliminacode/pkg/words"
)

// TestTicketPageInEveryLanguage wants the page whole in each language, with Italian beside it, and
// what the configuration says in Italian alone marked as that.
func TestTicketPageInEveryLanguage(t *testing.T) {
	t.Parallel()
	today := calendar.Date("2026-03-02")
	s, now := office(t, queue.Exception{
		From: today, To: today, Reason: queue.Text{"it": "assemblea del personale"},
		Hours: []calendar.Interval{{From: 8 * 60, To: 9*60 + 30}},
	})
	s.Config.Languages = words.Spoken
	at(t, s, now, queue.Issue{Ticket: "three", Channel: "anagrafe"})
	at(t, s, now, queue.Issue{Ticket: "four", Channel: "anagrafe"})
	passed, later := s.Clone(), now.Add(time.Second)
	at(t, passed, later, queue.Issue{Ticket: "five", Channel: "anagrafe"})
	at(t, passed, later, queue.CallTicket{Counter: "2", Ticket: "five"})
	pageOf := func(s *queue.State, lang string, id queue.TicketID) string {
		return ticketPage(t, displays.TicketPage{Visit: view.NewTicketPage(&view.Scene{Office: "urp", State: s, Now: later}, id), Language: lang})
	}
	page := func(lang string, id queue.TicketID) string { return pageOf(s, lang, id) }
	for _, lang := range words.Spoken {
		waiting := page(lang, "four")
		dir := map[bool]string{true: "rtl", false: "ltr"}[lang == "ar"]
		if !strings.Contains(waiting, `<html lang="`+lang+`" dir="`+dir+`" class="by-scheme">`) {
			t.Errorf("%s: its language or direction isn't said", lang)
		}
		italian := `<bdi lang="it">assemblea del personale</bdi>`
		if lang == "it" {
			italian = "assemblea del personale"
		}
		if !strings.Contains(waiting, italian) {
			t.Errorf("%s: the reason isn't marked as Italian:\n%s", lang, waiting)
		}
		said := words.Say
		wantWords(t, html.UnescapeString(waiting),
			said("visit", "waiting", nil)[lang], said("advice", "waiting", nil)[lang], said("ticket", "label", nil)[lang],
			said("ticket", "cancel_yes", nil)[lang], said("ticket", "issued", queue.Args{"time": "09:00"})[lang], said("ticket", "privacy", nil)[lang],
			"A004")
		if ahead := said("paper", "ahead", queue.Args{"n": 2})[lang]; !strings.Contains(strings.NewReplacer("<strong>", "", "</strong>", "").Replace(waiting), ahead) {
			t.Errorf("%s: the page doesn't say %q", lang, ahead)
		}
		for _, other := range words.Spoken {
			if !strings.Contains(waiting, `<a href="?lang=`+other+`" lang="`+other+`"`) {
				t.Errorf("%s: %s can't be chosen", lang, other)
			}
		}
		wantWords(t, html.UnescapeString(pageOf(passed, lang, "two")),
			said("visit", "near", nil)[lang], said("advice", "near", nil)[lang], said("ticket", "sooner", nil)[lang],
			said("sooner", "direct", queue.Args{"number": "A005"})[lang])
		wantWords(t, html.UnescapeString(page(lang, "one")), said("visit", "called", nil)[lang], "Sportello 2")
		wantWords(t, html.UnescapeString(page(lang, "none")), said("ticket", "unknown", nil)[lang])
	}
}

// TestTicketPagesScriptHasItsWords wants every phrase that the page's script says among those that
// the page brings along, in its language and in the one beside it.
func TestTicketPagesScriptHasItsWords(t *testing.T) {
	t.Parallel()
	s, now := office(t)
	script, err := displays.FS.ReadFile("ticket/ticket.js")
	if err != nil {
		t.Fatal(err)
	}
	said := map[string][]string{}
	for _, call := range regexp.MustCompile(`\b(words|paper)\.say\(([^{]*)`).FindAllStringSubmatch(string(script), -1) {
		for _, name := range regexp.MustCompile(`'(\w+)'`).FindAllStringSubmatch(call[2], -1) {
			group := map[string]string{"words": "ticket", "paper": "paper"}[call[1]]
			said[group] = append(said[group], name[1])
		}
	}
	if len(said["ticket"]) < 5 || len(said["paper"]) < 4 {
		t.Fatalf("the script says only %v", said)
	}
	for _, lang := range words.Spoken {
		page := ticketPage(t, displays.TicketPage{Visit: view.NewTicketPage(&view.Scene{Office: "urp", State: s, Now: now}, "two"), Language: lang})
		_, rest, _ := strings.Cut(page, `<script id="words" type="application/json">`)
		data, _, _ := strings.Cut(rest, "</script>")
		var tables map[string]map[string]map[string]any
		if err := json.Unmarshal([]byte(data), &tables); err != nil {
			t.Fatalf("%s: %v in %s", lang, err, data)
		}
		beside := map[bool]string{true: "en", false: "it"}[lang == "it"]
		for group, names := range said {
			if has, want := slices.Sorted(maps.Keys(tables[group])), slices.Sorted(slices.Values([]string{lang, beside})); !slices.Equal(has, want) {
				t.Errorf("%s: %s is there in %v, want %v", lang, group, has, want)
			}
			for _, name := range names {
				if tables[group][lang][name] == nil || tables[group][beside][name] == nil {
					t.Errorf("%s: no %s.%s", lang, group, name)
				}
			}
		}
	}
}

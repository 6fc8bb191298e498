package httpd_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

const tableHead = "data,sede,canale,ora_da,ora_a,persone,attesa_media_min,attesa_mediana_min,attesa_p90_min\n"

// come has people of a channel come now and called as many minutes later.
func (s *server) come(channel string, minutes ...int) {
	s.Helper()
	s.dev().at("2", "open", "").want(http.StatusOK)
	for range minutes {
		s.dev().issue(channel)
	}
	for _, m := range minutes {
		s.clock.pass(time.Duration(m) * time.Minute)
		s.dev().at("2", "next", "").want(http.StatusOK)
	}
	s.dev().at("2", "done", "").want(http.StatusOK)
}

// TestOpenData publishes days counted by hand once they are over, and they stay as they are.
func TestOpenData(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.configure(func(c *queue.Config) {
		c.Channel("altri-servizi").Public = queue.Text{"it": "Sportello unico", "en": "One counter"}
	})
	file := func(year string) *answer { return s.public().get("/opendata/attese-" + year + ".csv") }
	s.come("anagrafe", 1, 2, 2, 2, 3)       // at nine: they waited 1, 3, 5, 7 and 10 minutes
	s.come("altri-servizi", 0, 0, 0, 0, 15) // and 15 the last one
	s.come("protocollo", 1, 1, 1, 1)        // four are too few
	if got := string(file("2026").want(http.StatusOK).body); got != tableHead {
		t.Errorf("today is told: %s", got)
	}
	s.clock.pass(24 * time.Hour)
	want := tableHead +
		"2026-03-02,URP del Comune di Empoli,Servizi anagrafici,09:00,10:00,5,5,5,\n" +
		"2026-03-02,URP del Comune di Empoli,Sportello unico,09:00,10:00,5,3,0,\n"
	a := file("2026").want(http.StatusOK).headers(
		"Content-Type", "text/csv; charset=utf-8", "Access-Control-Allow-Origin", "*", "Cache-Control", "public, max-age=3600",
		"Content-Disposition", `attachment; filename="attese-2026.csv"`,
	)
	if diff := cmp.Diff(want, string(a.body)); diff != "" {
		t.Fatalf("(-want +got):\n%s", diff)
	}
	if bytes.Contains(a.body, []byte("altri-servizi")) || bytes.Contains(a.body, []byte("Altri servizi")) {
		t.Error("a channel is told by another name than its public one")
	}
	s.come("anagrafe", 0, 0, 0, 0, 0, 0)
	if got := string(file("2026").body); got != want {
		t.Errorf("the second day is told before it has ended: %s", got)
	}
	s.clock.pass(24 * time.Hour)
	want += "2026-03-03,URP del Comune di Empoli,Servizi anagrafici,09:00,10:00,6,0,0,\n"
	if err := s.journal.Prune(t.Context(), office, calendar.Date("2026-03-03").In(start.Location(), 0)); err != nil {
		t.Fatal(err)
	}
	s.configure(func(c *queue.Config) { // of a channel that is gone the last public name stays
		c.Channels = []queue.Channel{*c.Channel("protocollo"), *c.Channel("anagrafe")}
		for i := range c.Counters {
			c.Counters[i].Serves = nil
		}
		c.Displays, c.Services = nil, nil
	})
	if diff := cmp.Diff(want, string(file("2026").want(http.StatusOK).body)); diff != "" {
		t.Errorf("in sums (-want +got):\n%s", diff)
	}
	for _, unknown := range []string{"2025", "2027", "02026", "+2026", "all"} {
		file(unknown).want(http.StatusNotFound)
	}
	s.public().get("/offices/luna/opendata/attese-2026.csv").want(http.StatusNotFound)
	s.clock.pass(303 * 24 * time.Hour) // New Year's Day
	file("2027").want(http.StatusNotFound)
	s.clock.pass(24 * time.Hour)
	if got := string(file("2027").want(http.StatusOK).body); got != tableHead {
		t.Errorf("the new year: %s", got)
	}
	if got := string(file("2026").body); got != want {
		t.Errorf("the old year: %s", got)
	}
}

// TestOpenDataRecord leads catalogues, and readers, to the file of each year.
func TestOpenDataRecord(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.configure(func(c *queue.Config) {
		c.Publisher = queue.Publisher{Name: "Comune di Empoli", IPA: "c_d403"}
		c.Contact.Email = "urp@comune.example.it"
	})
	get := func(path string) *answer {
		return s.public().with("Host", "coda.example.it").get(path).want(http.StatusOK)
	}
	get("/opendata/catalog.rdf").contains(`"http://coda.example.it/opendata/attese-2026.csv"`, ">2026-03-01<") // there is nothing yet
	s.come("anagrafe", 1, 1, 1, 1, 1)
	s.clock.pass(306 * 24 * time.Hour)
	for _, under := range []string{"", "/offices/urp"} {
		a := get(under+"/opendata/catalog.rdf").headers("Content-Type", "application/rdf+xml", "Access-Control-Allow-Origin", "*", "Cache-Control", "public, max-age=3600")
		a.contains(
			"<dct:identifier>c_d403</dct:identifier>", ">Comune di Empoli<", `"mailto:urp@comune.example.it"`, ">2026-03-03<",
			`"http://coda.example.it/opendata/attese-2026.csv"`, `"http://coda.example.it/opendata/attese-2027.csv"`,
		)
	}
	s.public().with("Host", "coda.test").get("/opendata/catalog.rdf").contains(`"http://coda.test/opendata"`)
	get("/opendata?lang=en").contains(`<html lang="en"`, `href="/opendata/attese-2026.csv"`, `href="/opendata/catalog.rdf"`, "Waits in 2027 (CSV)")
	page := get("/opendata")
	page.contains("<h1>Dati aperti</h1>", "Attese nel 2026 (CSV)", "persone", "attesa_p90_min")
	for column := range strings.SplitSeq(strings.TrimSpace(tableHead), ",") {
		page.contains(column)
	}
	get("/affluenza").contains(`href="/opendata?lang=it">Dati aperti</a>`)
}

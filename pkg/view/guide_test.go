package view_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/view"
)

// TestGuide looks at Empoli's office on Saturday 29 August 2026: a season that ends, one that
// begins, and closures of all and of one channel.
func TestGuide(t *testing.T) {
	t.Parallel()
	c := *queue.Default()
	zone, err := c.Location()
	if err != nil {
		t.Fatal(err)
	}
	meeting := queue.Text{"it": "assemblea del personale"}
	c.Contact.Phone = "+39 0571 757999"
	c.Exceptions = []queue.Exception{
		{From: "2026-10-01", To: "2026-10-01", Only: []queue.ChannelID{"anagrafe"}},
		{From: "2026-09-01", To: "2026-09-01", Reason: meeting, Hours: []calendar.Interval{{From: 480, To: 600}}},
		{From: "2026-08-10", To: "2026-08-20", Reason: queue.Text{"it": "ferie"}},
		{From: "2026-09-10", To: "2026-09-10", Only: []queue.ChannelID{"permessi-sosta"}}, // out of season
		{From: "2026-12-24", To: "2026-12-24"},
	}
	g := view.NewGuide(&c, time.Date(2026, 8, 29, 10, 0, 0, 0, zone))

	if len(g.Days) != 7 || g.Days[0].Date != "2026-08-29" || g.Days[6].Date != "2026-09-04" {
		t.Fatalf("days %+v", g.Days)
	}
	if d := g.Days[1]; len(d.Hours) > 0 || d.Reason != nil { // Sunday
		t.Errorf("%+v", d)
	}
	if d := g.Days[3]; !slices.Equal(d.Hours, []calendar.Interval{{From: 480, To: 600}}) || d.Reason.In("it") != "assemblea del personale" {
		t.Errorf("%+v", d)
	}
	if len(g.Changes) != 2 || g.Changes[0].From != "2026-09-01" || g.Changes[1].For.In("it") != "Servizi anagrafici" {
		t.Errorf("changes %+v", g.Changes)
	}
	want := []string{"P", "A", "S", "B 2026-09-15 2026-10-31 false", "T 2026-08-29 2026-09-10 true"}
	if got := channels(g); !slices.Equal(got, want) {
		t.Errorf("channels %q, want %q", got, want)
	}
	if g.Contact != c.Contact {
		t.Errorf("contact %+v", g.Contact)
	}
}

// channels are the letters of a guide's channels, each with its season.
func channels(g *view.Guide) (list []string) {
	for _, ch := range g.Channels {
		said := ch.Letter
		if s := ch.Season; s != nil {
			said += fmt.Sprint(" ", s.From, " ", s.To, " ", s.Now)
		}
		list = append(list, said)
	}
	return list
}

// TestGuideHolidays names the holidays on which the office would be open, and no others.
func TestGuideHolidays(t *testing.T) {
	t.Parallel()
	c := queue.Default()
	zone, err := c.Location()
	if err != nil {
		t.Fatal(err)
	}
	var holidays []string
	for _, change := range view.NewGuide(c, time.Date(2026, 11, 20, 23, 0, 0, 0, zone)).Changes {
		if change.Holiday && change.From == change.To && len(change.Hours) == 0 {
			holidays = append(holidays, string(change.From))
		}
	}
	// The patron saint's day; no Sunday.
	if want := []string{"2026-11-30", "2026-12-08", "2026-12-25", "2026-12-26", "2027-01-01", "2027-01-06"}; !slices.Equal(holidays, want) {
		t.Errorf("%v, want %v", holidays, want)
	}
	// A season that runs over the new year.
	if got := channels(view.NewGuide(c, time.Date(2026, 12, 15, 9, 0, 0, 0, zone))); !slices.Equal(got, []string{"P", "A", "S", "R 2026-12-15 2027-01-31 true"}) {
		t.Errorf("channels %q", got)
	}
}

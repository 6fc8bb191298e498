package displays_test

import (
	"strings"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/displays"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/view"
)

// TestTodayTellsThePresent has who waits now in the day's course, also if nobody waited when the
// step began, and keeps the steps before as they were.
func TestTodayTellsThePresent(t *testing.T) {
	t.Parallel()
	s, now := office(t)
	v := view.NewPublicPage(&view.Scene{Office: "urp", State: s, Now: now.Add(time.Minute)})
	step := func(minutes, waiting int) view.TodayStep {
		return view.TodayStep{At: now.Add(time.Duration(minutes) * time.Minute), Waiting: map[queue.ChannelID]int{"anagrafe": waiting}}
	}
	p := displays.PublicPage{Public: v, Guide: view.NewGuide(s.Config, now), Language: "it", Crowding: &view.Crowding{
		Today: []view.TodayStep{step(-10, 0), step(-5, 0), step(0, 0)},
	}}
	c := p.Today()
	if c.People.Max != 1 || !c.People.When.Equal(now) || c.Now < 9 || c.Now > 10 {
		t.Errorf("at most %d at %v, the present at %v", c.People.Max, c.People.When, c.Now)
	}
	if len(c.Hours) != 12 || c.Hours[0].Label != "8" || c.Hours[11].Label != "19" {
		t.Errorf("hours %+v", c.Hours)
	}
	if !strings.Contains(c.People.Path, "H12.2V") { // the twelfth step since eight o'clock, and a minute of the next one
		t.Errorf("drawn until %s", c.People.Path)
	}
	if len(c.Rows) != 2 || c.Rows[0].People != 0 || c.Rows[1].People != 1 {
		t.Errorf("table %+v", c.Rows)
	}
	wantWords(t, publicPageOf(t, p), "Al massimo 1 persona in attesa, alle 09:00.")

	v.At = now.Add(20 * time.Minute) // the steps are of before
	if c := p.Today(); c.People.Max != 0 || p.Crowding.Today[2].Waiting["anagrafe"] != 0 {
		t.Errorf("at most %d", c.People.Max)
	}
	wantWords(t, publicPageOf(t, p), "Nessuno ha ancora aspettato.")
}

// TestChartsOfANewOffice says so where there is nothing to draw.
func TestChartsOfANewOffice(t *testing.T) {
	t.Parallel()
	s, now := office(t)
	v := view.NewPublicPage(&view.Scene{Office: "urp", State: s, Now: now})
	for _, crowd := range []*view.Crowding{nil, {}} {
		page := publicPageOf(t, displays.PublicPage{Public: v, Guide: &view.Guide{}, Crowding: crowd})
		wantWords(t, page, "il grafico comincia quando la sede apre", "Non ci sono ancora abbastanza giorni")
		if strings.Contains(page, `class="chart`) || strings.Contains(page, `class="heat`) {
			t.Error("something is drawn of nothing")
		}
	}
}

// TestWeekChart draws an hour by its wait, and one in which too few came to tell without a number.
func TestWeekChart(t *testing.T) {
	t.Parallel()
	s, now := office(t)
	v := view.NewPublicPage(&view.Scene{Office: "urp", State: s, Now: now})
	hour := func(weekday, hour, p50 int) view.TypicalHour {
		if p50 < 0 {
			return view.TypicalHour{Weekday: weekday, Hour: hour}
		}
		return view.TypicalHour{Weekday: weekday, Hour: hour, WaitP50: new(p50), WaitP90: new(2 * p50)}
	}
	p := displays.PublicPage{Public: v, Guide: &view.Guide{}, Language: "it", Crowding: &view.Crowding{
		Typical: []view.TypicalHour{hour(1, 9, 0), hour(1, 10, 299), hour(1, 11, 300), hour(3, 9, 1199), hour(3, 10, 1200), hour(3, 12, -1)},
		Best:    []view.BestHour{{Date: "2026-03-04", Hour: 9}, {Date: "2026-03-02", Hour: 10, WaitP90: new(540)}, {Date: "2026-03-02", Hour: 11, WaitP90: new(600)}},
	}}
	c := p.Week()
	if len(c.Days) != 2 || c.Days[0].Short != "lun" || c.Days[1].Name != "mercoledì" || len(c.Hours) != 4 {
		t.Fatalf("%+v", c)
	}
	var got []string
	for _, day := range c.Days {
		for i, f := range day.Fields {
			got = append(got, strings.Join([]string{day.Short, day.Rows[i].From, string(rune('0' + f.Heat)), f.Label, day.Rows[i].Half, day.Rows[i].Nine}, " "))
		}
	}
	want := "lun 9 1 1 1 1|lun 10 1 5 5 10|lun 11 2 5 5 10|mer 9 3 20 20 40|mer 10 4 20 20 40|mer 12 0  – –"
	if said := strings.Join(got, "|"); said != want {
		t.Errorf("%s\nwant\n%s", said, want)
	}
	if !c.Days[0].Fields[0].Now || c.Days[0].Fields[1].Now || c.Days[1].Fields[0].Now {
		t.Error("the present is another hour")
	}
	wantWords(t, publicPageOf(t, p), "oggi, dalle 10 alle 12 : quasi sempre meno di 10 minuti", "mercoledì 4 marzo, dalle 9 alle 10 La settimana tipica")
}

package crowding_test

import (
	"cmp"
	"math"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/crowding"
	"github.com/eliminacode/eliminacode/pkg/journal/figures"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/view"
)

// mondays are Mondays from 2 March 2026 on, one of which is Easter Monday.
func mondays(n int) (days []calendar.Date) {
	for i := range n {
		days = append(days, calendar.DateOf(at(0, 0).AddDate(0, 0, 7*i)))
	}
	return days
}

// visit is an hour with one visit, which came at a minute of it and waited for some.
func visit(day calendar.Date, hour, minute, waited int) figures.Hour {
	began := day.In(rome, calendar.Clock(hour*60+minute))
	return figures.Hour{Day: day, Hour: hour, Visits: 1, Waits: []figures.Wait{{Began: began, For: queue.Seconds(waited * 60), People: 1}}}
}

// TestTypicalByHand sums up six Mondays, one of them Easter's, on which somebody came at 9:00 and
// waited half an hour.
func TestTypicalByHand(t *testing.T) {
	t.Parallel()
	var past []figures.Hour
	for _, day := range mondays(7) { // 6 April is the holiday: somebody came through the back door
		past = append(past, visit(day, 9, 0, 30))
	}
	past = append(
		past,
		visit("2026-04-13", 10, 50, 20), // the first one to come after ten on a Monday, who waits until ten past eleven
		visit("2026-04-13", 11, 30, 0),
		visit("2026-04-13", 20, 0, 20), // after closing
	)
	thirty := 1800
	want := []view.TypicalHour{
		{Weekday: 1, Hour: 9, Days: 6, Count: 6, Visits: 1, Waiting: 0.5, WaitP50: &thirty, WaitP90: &thirty},
		{Weekday: 1, Hour: 10, Days: 1, Count: 1, Visits: 1, Waiting: 0.2},
		{Weekday: 1, Hour: 11, Days: 1, Count: 1, Visits: 1, Waiting: 0.2},
	}
	got := crowding.NewWeek(past, queue.Default(), rome).Typical()
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// allDay is the configuration of an office that never closes.
func allDay() *queue.Config {
	cfg := queue.Default()
	open := []calendar.Interval{{From: 0, To: 24 * 60}}
	cfg.Hours = calendar.Week{Mon: open, Tue: open, Wed: open, Thu: open, Fri: open, Sat: open, Sun: open}
	cfg.PatronSaint = ""
	return cfg
}

// TestNobodyIsLost counts who waits in weeks of any visits, of which some were pruned: over all
// hours it is as long as everybody waited.
func TestNobodyIsLost(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var past []figures.Hour
		waited := 0.0 // in steps
		slack := 0.0
		visits := 0
		for _, day := range mondays(2) {
			for hour := range 24 { // a visit at each hour has all days count; nobody waits past midnight
				h := figures.Hour{Day: day, Hour: hour, Visits: 1}
				for range rapid.IntRange(0, 3).Draw(t, "waits") {
					if hour > 20 {
						break
					}
					w := figures.Wait{For: queue.Seconds(rapid.IntRange(0, 3*3600).Draw(t, "for")), People: 1}
					if rapid.Bool().Draw(t, "pruned") {
						w.People = rapid.IntRange(1, 5).Draw(t, "people")
					} else {
						w.Began = day.In(rome, calendar.Clock(hour*60)).Add(time.Duration(rapid.IntRange(0, 3599).Draw(t, "second")) * time.Second)
						slack++
					}
					waited += float64(w.For) * float64(w.People) / 300
					h.Visits += w.People
					h.Waits = append(h.Waits, w)
				}
				visits += h.Visits
				past = append(past, h)
			}
		}
		got := crowding.NewWeek(past, allDay(), rome).Typical()
		told, count := 0.0, 0
		for _, h := range got {
			told += h.Waiting * float64(h.Days) * 12
			count += h.Count
			if h.Weekday != 1 || h.Days < 1 || h.Days > 2 || h.WaitP50 != nil && *h.WaitP50 > *h.WaitP90 {
				t.Errorf("%+v", h)
			}
		}
		rounded := 0.05 * 24 * 2 * 12 // tenths are told
		// A wait is counted at the steps that it holds, one more or less.
		if math.Abs(told-waited) > slack+rounded {
			t.Errorf("%.1f steps are told of %.1f", told, waited)
		}
		if count != visits {
			t.Errorf("%d visits are told of %d", count, visits)
		}
	})
}

// TestLevel compares with hours in which 0, 2, 4 and 6 people waited, a quarter of the time each.
func TestLevel(t *testing.T) {
	t.Parallel()
	var past []figures.Hour
	for i, day := range mondays(4) {
		h := figures.Hour{Day: day, Hour: 9, Visits: 1 + 2*i}
		for range 2 * i {
			h.Waits = append(h.Waits, figures.Wait{Began: day.In(rome, 9*60), For: 3600, People: 1})
		}
		h10 := figures.Hour{Day: day, Hour: 10, Visits: 1} // in which nobody waits
		past = append(past, h, h10)
	}
	cfg := queue.Default()
	four, three := crowding.NewWeek(past, cfg, rome), crowding.NewWeek(past[:6], cfg, rome)
	for _, tt := range []struct {
		week    *crowding.Week
		waiting int
		now     time.Time
		want    view.Level
	}{
		{four, 0, at(9, 0), view.Calm}, // whatever is usual
		{four, 1, at(9, 0), view.Usual},
		{four, 4, at(9, 59), view.Usual},
		{four, 5, at(9, 59), view.Busy},
		{four, 10, at(9, 30), view.Busy},
		{four, 11, at(9, 30), view.VeryBusy},
		{four, 0, at(10, 0), view.Calm},
		{four, 2, at(10, 0), view.Usual}, // two people are no crowd
		{four, 3, at(10, 0), view.Busy},
		{four, 4, at(10, 0), view.VeryBusy},
		{four, 4, at(11, 0), ""}, // nothing is known
		{four, 4, at(24+9, 0), ""},
		{three, 4, at(9, 0), ""}, // too little is
		{new(crowding.Week), 4, at(9, 0), ""},
	} {
		got := view.Level("")
		if l := tt.week.Level(cfg, tt.waiting, tt.now); l != nil {
			got = *l
		}
		if got != tt.want {
			t.Errorf("%d wait at %v: %q, want %q", tt.waiting, tt.now, got, tt.want)
		}
	}
	closed := queue.Default()
	closed.Exceptions = []queue.Exception{{From: "2026-03-30", To: "2026-03-30"}}
	if l := four.Level(closed, 4, time.Date(2026, 3, 30, 9, 0, 0, 0, rome)); l != nil {
		t.Errorf("on a day that is closed: %s", *l)
	}
}

// TestBest recommends hours of a week with a holiday and an early closing.
func TestBest(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		cfg := queue.Default()
		cfg.Exceptions = []queue.Exception{
			{From: "2026-04-08", To: "2026-04-08", Hours: []calendar.Interval{{From: 9*60 + 30, To: 12 * 60}}},
			{From: "2026-04-12", To: "2026-04-12", Hours: []calendar.Interval{{From: 9 * 60, To: 12 * 60}}}, // a Sunday
		}
		var past []figures.Hour
		people := rapid.SliceOfN(rapid.IntRange(0, 9), 7*11, 7*11).Draw(t, "people")
		for d := range 35 {
			day := calendar.DateOf(at(0, 0).AddDate(0, 0, d))
			for h := range 11 {
				waits := []figures.Wait{{For: 600, People: people[d%7*11+h]}}
				past = append(past, figures.Hour{Day: day, Hour: 8 + h, Visits: 1, Waits: waits})
			}
		}
		now := at(8, 0).AddDate(0, 0, 35).Add(time.Duration(rapid.IntRange(0, 24*60).Draw(t, "minute")) * time.Minute) // Easter Monday
		week := crowding.NewWeek(past, cfg, rome)
		best := week.Best(cfg, now)
		usual := map[[2]int]view.TypicalHour{}
		for _, h := range week.Typical() {
			usual[[2]int{h.Weekday, h.Hour}] = h
		}
		ahead := []float64{}
		last := calendar.DateOf(now.AddDate(0, 0, 6))
		for start := now.Truncate(time.Hour).Add(time.Hour); calendar.DateOf(start) <= last; start = start.Add(time.Hour) {
			if open, until := cfg.Open(nil, start); open && !until.Before(start.Add(time.Hour)) && start.Weekday() != time.Sunday {
				ahead = append(ahead, usual[[2]int{int(start.Weekday()), start.Hour()}].Waiting)
			}
		}
		slices.Sort(ahead)
		if len(best) != (len(ahead)+3)/4 {
			t.Errorf("%d hours of %d", len(best), len(ahead))
		}
		for i, h := range best {
			start := h.Date.In(rome, calendar.Clock(h.Hour*60))
			open, until := cfg.Open(nil, start)
			if !open || until.Before(start.Add(time.Hour)) || !start.After(now) || h.Date > last {
				t.Errorf("%s at %d: not open, or not ahead of %v", h.Date, h.Hour, now)
			}
			if h.Waiting != ahead[i] || h.Waiting != usual[[2]int{cmp.Or(int(start.Weekday()), 7), h.Hour}].Waiting {
				t.Errorf("%s at %d: %v wait, want %v", h.Date, h.Hour, h.Waiting, ahead[i])
			}
		}
		if diff := gocmp.Diff([]view.BestHour{}, new(crowding.Week).Best(cfg, now)); diff != "" {
			t.Errorf("while nothing is known (-want +got):\n%s", diff)
		}
	})
}

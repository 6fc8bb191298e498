package simulate_test

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/simulate"
	"github.com/eliminacode/eliminacode/pkg/visits"
)

// truth is how many come in the mean to an invented office on a day: none on Sundays and holidays,
// more on Mondays, half in August, half as many again after a holiday, and more every month.
func truth(d calendar.Date) float64 {
	t := d.In(time.UTC, 0)
	if t.Weekday() == time.Sunday || calendar.Holiday(d) != "" {
		return 0
	}
	mean := map[time.Weekday]float64{1: 150, 2: 120, 3: 90, 4: 120, 5: 90, 6: 40}[t.Weekday()]
	if t.Month() == time.August {
		mean /= 2
	}
	before := t.AddDate(0, 0, -1)
	if before.Weekday() == time.Sunday {
		before = before.AddDate(0, 0, -1)
	}
	if calendar.Holiday(calendar.DateOf(before)) != "" {
		mean *= 1.5
	}
	return mean
}

// hours is how the visits of a day are spread, from eight o'clock.
var hours = [...]float64{0.2, 0.3, 0.3, 0.2}

// counts are invented days, by chance.
func counts(seed uint64, from, to calendar.Date) (list []visits.Count) {
	r := rand.New(rand.NewPCG(seed, 1))
	for d := from; d <= to; d = d.Next() {
		for i, share := range hours {
			n := 0
			for t := r.ExpFloat64(); t < truth(d)*share; t += r.ExpFloat64() {
				n++
			}
			list = append(list, visits.Count{Day: d, Hour: 8 + i, Visits: n})
		}
	}
	return list
}

func open(d calendar.Date) bool { return truth(d) > 0 }

// TestExpect wants what is expected after two years to be near the truth, by weekday, month,
// holiday and hour, and what it says of its own error to be true.
func TestExpect(t *testing.T) {
	t.Parallel()
	var days []calendar.Date
	for d := calendar.Date("2026-03-02"); d <= "2027-02-27"; d = d.Next() {
		days = append(days, d)
	}
	e := simulate.Expect(counts(1, "2024-03-01", "2026-02-28"), days, open)
	chance := 0.
	for _, x := range e.Days {
		want := truth(x.Day)
		if want == 0 {
			t.Fatalf("%s is closed", x.Day)
		}
		chance += math.Sqrt(want*2/math.Pi) / float64(len(e.Days)) // the mean absolute error of who knows the truth
		if math.Abs(x.Visits-want) > 0.2*want+3 {
			t.Errorf("%s: %.1f are expected, %.1f come", x.Day, x.Visits, want)
		}
		for i, share := range hours {
			if got := x.Hours[8+i] / x.Visits; math.Abs(got-share) > 0.03 {
				t.Errorf("%s, %d o'clock: %.2f of them instead of %.2f", x.Day, 8+i, got, share)
			}
		}
		if x.Low >= x.Visits || x.High <= x.Visits || x.Low < 0.5*x.Visits {
			t.Errorf("%+v", x)
		}
	}
	if len(e.Days) < 290 || e.Error.Days != 60 || e.Error.Day < 0.6*chance || e.Error.Day > 1.6*chance || e.Error.Inner < 0.65 || e.Error.Inner > 0.95 {
		t.Errorf("%d days, %+v; by chance alone %.1f", len(e.Days), e.Error, chance)
	}
	if math.Abs(e.Error.Bias) > 5 || e.Error.Hour > e.Error.Day/2 {
		t.Errorf("%+v", e.Error)
	}
}

// TestExpectLittle wants something sensible from a day on, and nothing of nothing.
func TestExpectLittle(t *testing.T) {
	t.Parallel()
	days := []calendar.Date{"2026-03-16", "2026-03-17", "2026-03-22", "2026-04-06"}
	if e := simulate.Expect(nil, days, open); len(e.Days) != 2 || e.Days[0].Visits != 0 || e.Error.Days != 0 {
		t.Errorf("of nothing: %+v", e)
	}
	one := simulate.Expect(counts(1, "2026-03-02", "2026-03-02"), days, open)
	if monday := one.Days[0]; monday.Visits < 110 || monday.Visits > 190 || monday.Low >= monday.Visits || monday.High <= monday.Visits {
		t.Errorf("of a Monday: %+v", monday)
	}
	weeks := simulate.Expect(counts(1, "2026-02-09", "2026-03-07"), days, open)
	if a, b := weeks.Days[0].Visits, weeks.Days[1].Visits; a <= b || a < 120 || a > 160 || b < 100 || b > 140 {
		t.Errorf("of four weeks, Monday %.1f and Tuesday %.1f", a, b)
	}
	// A short Saturday isn't taken for a day like the others, nor its afternoon for open.
	long := counts(1, "2026-03-02", "2026-03-06")
	for _, d := range []calendar.Date{"2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05", "2026-03-06"} {
		long = append(long, visits.Count{Day: d, Hour: 15, Visits: 60})
	}
	long = append(long, counts(1, "2026-03-07", "2026-03-07")...)
	saturday := simulate.Expect(long, []calendar.Date{"2026-03-14"}, open).Days[0]
	if saturday.Visits > 100 || saturday.Hours[15] != 0 || saturday.Hours[9] < 10 {
		t.Errorf("of a week with one Saturday: %+v", saturday)
	}
	// More of late is more next.
	var more []visits.Count
	for d := calendar.Date("2025-09-01"); d <= "2026-03-13"; d = d.Next() {
		n := 100
		if d >= "2026-02-13" {
			n = 150
		}
		if open(d) {
			more = append(more, visits.Count{Day: d, Hour: 9, Visits: n})
		}
	}
	if next := simulate.Expect(more, []calendar.Date{"2026-03-16"}, open).Days[0]; next.Visits < 125 || next.Visits > 150 {
		t.Errorf("of a hundred a day and then half as many again: %+v", next)
	}
}

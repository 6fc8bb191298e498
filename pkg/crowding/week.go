// Package crowding says how full an office is: how the present day goes, how the week usually
// goes, how now compares with that, and which hours ahead are calm. It is pure: it reads no
// journal, keeps nothing, and has no clock.
package crowding

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/journal/figures"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/view"
)

const (
	// Days is how far back a week looks: twelve of each weekday.
	Days = 12 * 7
	// enough is on how many days of a weekday an hour must have been open, and attended to by the
	// public, before anything is compared with it or recommended: about a month.
	enough = 4
	// discreet is how many must have waited before their waits are told: fewer might find
	// themselves.
	discreet = 5
	// step is how close together the moments are at which who waits is counted.
	step = 5 * time.Minute
	// steps is how many of them an hour has.
	steps = int(time.Hour / step)
)

// Week is how the week usually goes. The zero value knows nothing.
type Week struct {
	hours [7][24]hour // by weekday, Monday first
}

// hour is an hour of the week.
type hour struct {
	days, visits int
	samples      []float64 // people who waited, at every step of it on every day
	waits        []figures.Wait

	waiting  float64 // mean of the samples
	low, top float64 // that a quarter, and three quarters, of the samples don't exceed
	half     *int    // seconds
	most     *int    // seconds
}

// NewWeek sums up the past hours in which visits began, in order, of an office with a
// configuration.
//
// A day counts where the office, by its present calendar, was open and had visits: not a holiday, a
// closed day, or a day without anybody. An hour of the week counts from its first visit on, so that
// hours which are new don't count as empty ones before.
func NewWeek(past []figures.Hour, cfg *queue.Config, loc *time.Location) *Week {
	w := new(Week)
	for len(past) > 0 {
		day := past[0].Day
		end := slices.IndexFunc(past, func(h figures.Hour) bool { return h.Day != day })
		if end < 0 {
			end = len(past)
		}
		w.add(past[:end], cfg.HoursOn(day), loc)
		past = past[end:]
	}
	for d := range w.hours {
		for h := range w.hours[d] {
			w.hours[d][h].sumUp()
		}
	}
	return w
}

// add adds a day, all of whose hours with visits are given, with its opening hours.
func (w *Week) add(day []figures.Hour, open []calendar.Interval, loc *time.Location) {
	weekday := weekdayOf(day[0].Day.In(loc, 0))
	visits, waits := [24]int{}, [24][]figures.Wait{}
	waiting := [24 * steps]float64{}
	for _, h := range day {
		visits[h.Hour], waits[h.Hour] = h.Visits, h.Waits
		for _, wait := range h.Waits {
			spread(&waiting, h.Hour, wait, loc)
		}
	}
	for h := range 24 {
		sum := &w.hours[weekday][h]
		var samples []float64
		for i := h * steps; i < (h+1)*steps; i++ {
			if openAt(open, calendar.Clock(i*int(step/time.Minute))) {
				samples = append(samples, waiting[i])
			}
		}
		if len(samples) == 0 || sum.days == 0 && visits[h] == 0 {
			continue
		}
		sum.days++
		sum.visits += visits[h]
		sum.samples = append(sum.samples, samples...)
		sum.waits = append(sum.waits, waits[h]...)
	}
}

// spread adds to each step of a day how many of those of a wait waited then. Of a wait that began
// some time in an hour it adds how many are to be expected.
func spread(waiting *[24 * steps]float64, hour int, w figures.Wait, loc *time.Location) {
	from, within := float64(hour)*3600, 3600.0
	if !w.Began.IsZero() {
		h, m, s := w.Began.In(loc).Clock()
		from, within = float64(h*3600+m*60+s), 0
	}
	lasts := float64(w.For)
	for i := int(math.Ceil(from / step.Seconds())); i < len(waiting); i++ {
		at := float64(i) * step.Seconds()
		switch {
		case at >= from+within+lasts:
			return
		case within == 0:
			waiting[i] += float64(w.People)
		default: // the share of the hour's moments at which it may have begun, and still last
			share := (min(at, from+within) - max(at-lasts, from)) / within
			waiting[i] += share * float64(w.People)
		}
	}
}

func openAt(open []calendar.Interval, c calendar.Clock) bool {
	return slices.ContainsFunc(open, func(iv calendar.Interval) bool { return iv.From <= c && c < iv.To })
}

// weekdayOf is the weekday as [Week] counts it.
func weekdayOf(t time.Time) int { return (int(t.Weekday()) + 6) % 7 }

// sumUp makes of what was collected what is asked for.
func (h *hour) sumUp() {
	if h.days == 0 {
		return
	}
	slices.Sort(h.samples)
	for _, n := range h.samples {
		h.waiting += n / float64(len(h.samples))
	}
	h.low, h.top = h.samples[(len(h.samples)+3)/4-1], h.samples[(3*len(h.samples)+3)/4-1]
	h.half, h.most = waited(h.waits)
	h.samples, h.waits = nil, nil
}

// waited gives the shortest waits, in seconds, that at least half, and nine in ten, don't exceed;
// nil for fewer than are discreet.
func waited(waits []figures.Wait) (half, most *int) {
	slices.SortFunc(waits, func(a, b figures.Wait) int { return cmp.Compare(a.For, b.For) })
	all := 0
	for _, w := range waits {
		all += w.People
	}
	if all < discreet {
		return nil, nil
	}
	seen := 0
	for _, w := range waits {
		seen += w.People
		if half == nil && seen*2 >= all {
			half = new(seconds(w.For))
		}
		if most == nil && seen*10 >= all*9 {
			most = new(seconds(w.For))
		}
	}
	return half, most
}

func seconds(s queue.Seconds) int { return int(math.Round(float64(s))) }

// tenths is what is told of a mean.
func tenths(x float64) float64 { return math.Round(x*10) / 10 }

// Typical lists the hours of the week of which something is known, from Monday on.
func (w *Week) Typical() []view.TypicalHour {
	list := []view.TypicalHour{}
	for d := range w.hours {
		for i := range w.hours[d] {
			if h := &w.hours[d][i]; h.days > 0 {
				list = append(list, view.TypicalHour{
					Weekday: d + 1, Hour: i, Days: h.days, Count: h.visits, Visits: tenths(float64(h.visits) / float64(h.days)),
					Waiting: tenths(h.waiting), WaitP50: h.half, WaitP90: h.most,
				})
			}
		}
	}
	return list
}

// Level compares how many people wait now, in the office's zone, with how many waited at this hour
// of the weekday, every five minutes. It is nil while the office is closed, or if fewer than four
// days tell.
//
// The rule is that of Tukey's box plot (J. W. Tukey, Exploratory Data Analysis, 1977): the middle
// half of what was is usual, what lies below it is calm, above it busy, and beyond it by more than
// one and a half times its width very busy. A difference of two people is none, whatever the width,
// and where nobody waits it is calm.
func (w *Week) Level(cfg *queue.Config, waiting int, now time.Time) *view.Level {
	h := &w.hours[weekdayOf(now)][now.Hour()]
	if h.days < enough || !openAt(cfg.HoursOn(calendar.DateOf(now)), calendar.Clock(now.Hour()*60+now.Minute())) {
		return nil
	}
	n, width := float64(waiting), max(h.top-h.low, 2)
	switch {
	case waiting == 0, n < h.low:
		return new(view.Calm)
	case n > h.top+1.5*width:
		return new(view.VeryBusy)
	case n > h.low+width:
		return new(view.Busy)
	}
	return new(view.Usual)
}

// Best lists the calm hours ahead, the calmest first: a quarter of the whole hours that the office
// is open in during this day's rest and the six days after it, of those of which at least four days
// tell. Now is in the office's zone.
func (w *Week) Best(cfg *queue.Config, now time.Time) []view.BestHour {
	list := []view.BestHour{}
	waiting := []float64{} // of each, not rounded
	day := calendar.DateOf(now)
	for range 7 {
		weekday := weekdayOf(day.In(now.Location(), 0))
		for _, iv := range cfg.HoursOn(day) {
			for i := (int(iv.From) + 59) / 60; (i+1)*60 <= int(iv.To); i++ {
				h := &w.hours[weekday][i]
				if h.days < enough || !day.In(now.Location(), calendar.Clock(i*60)).After(now) {
					continue
				}
				at, _ := slices.BinarySearchFunc(waiting, h.waiting, func(a, b float64) int {
					if a <= b { // the earlier hour first
						return -1
					}
					return 1
				})
				waiting = slices.Insert(waiting, at, h.waiting)
				list = slices.Insert(list, at, view.BestHour{Date: day, Hour: i, Waiting: tenths(h.waiting), WaitP50: h.half, WaitP90: h.most})
			}
		}
		day = day.Next()
	}
	return list[:(len(list)+3)/4]
}

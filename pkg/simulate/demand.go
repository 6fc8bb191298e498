package simulate

import (
	"math"
	"slices"
	"time"

	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/visits"
)

// Demand is how many are expected to come.
type Demand struct {
	Days    []Expected  `json:"days"`
	Learned int         `json:"learned_days"` // on which anybody came: what is expected is learned from them
	Error   DemandError `json:"error"`
}

// Expected is how many are expected on a day that is open.
type Expected struct {
	Day    calendar.Date `json:"day"`
	Visits float64       `json:"visits"`
	Low    float64       `json:"low"` // four days in five are between low and high
	High   float64       `json:"high"`
	Hours  [24]float64   `json:"hours"`
}

// DemandError is how wrong the days of the past were, had they been expected a week before by what
// was known then.
type DemandError struct {
	Days  int     `json:"days"`         // that were tried: the last ones
	Day   float64 `json:"mae"`          // mean absolute error, in visits a day
	Share float64 `json:"share"`        // of all visits
	Bias  float64 `json:"bias"`         // expected less true, in visits a day
	Hour  float64 `json:"hour_mae"`     // mean absolute error of an hour in which anybody came
	Plain float64 `json:"plain_mae"`    // of a day, by the mean of the last four of its weekday
	Inner float64 `json:"within_share"` // of the days that were between low and high
}

const (
	// ahead is how long before a day it is expected in the trial.
	ahead = 7
	// tried is how many days are tried at most.
	tried = 60
	// enough is how many days make a range; with fewer it is Poisson's.
	enough = 20
)

// What is known of few days is drawn towards what is known of all, as if that had been seen on so
// many days more.
const (
	fewOfWeekday = 2
	fewOfMonth   = 10
	fewOfHoliday = 3
	fewOfLate    = 10
)

// recently is how many of the last days say how many come at present.
const recently = 28

// Expect says how many will come on some days: by the weekday, the hour, the month, whether a
// holiday is just before or after, and how many came of late. Days of the history without any visit
// count as closed. Open tells which of the days are open.
func Expect(history []visits.Count, days []calendar.Date, open func(calendar.Date) bool) *Demand {
	past := daysOf(history)
	d := &Demand{Days: []Expected{}, Learned: len(past)}
	ratios := d.try(past)
	f := fit(past)
	for _, date := range days {
		if !open(date) {
			continue
		}
		e := f.expect(date)
		e.spread(ratios)
		for h := range e.Hours {
			e.Hours[h] = hundredths(e.Hours[h])
		}
		e.Visits, e.Low, e.High = hundredths(e.Visits), hundredths(e.Low), hundredths(e.High)
		d.Days = append(d.Days, e)
	}
	return d
}

// counted is a day of the past.
type counted struct {
	date   calendar.Date
	visits float64
	hours  [24]float64
}

func daysOf(history []visits.Count) (days []counted) {
	history = slices.Clone(history)
	slices.SortStableFunc(history, func(a, b visits.Count) int {
		if a.Day < b.Day {
			return -1
		} else if a.Day > b.Day {
			return 1
		}
		return a.Hour - b.Hour
	})
	for _, c := range history {
		if c.Visits == 0 {
			continue
		}
		if n := len(days); n == 0 || days[n-1].date != c.Day {
			days = append(days, counted{date: c.Day})
		}
		d := &days[len(days)-1]
		d.visits += float64(c.Visits)
		d.hours[c.Hour] += float64(c.Visits)
	}
	return days
}

// fitted is what the past amounts to.
type fitted struct {
	weekday [7]float64 // visits a day
	worked  [7]bool    // whether it has ever been open
	profile [7][24]float64
	month   [13]float64
	near    [3]float64 // nothing, a holiday before, a holiday after
	late    float64
}

// fit makes means, each drawn towards what is known already.
func fit(past []counted) *fitted {
	f := &fitted{late: 1}
	if len(past) == 0 {
		return f
	}
	var sum, days [7]float64
	var hours [7][24]float64
	var all, ever [24]float64 // visits of an hour, and days on which it is one
	for _, d := range past {
		w := d.date.Weekday()
		f.worked[w] = true
		sum[w], days[w] = sum[w]+d.visits, days[w]+1
		for h, v := range d.hours {
			hours[w][h] += v
			all[h] += v
		}
	}
	for w := range days {
		for h := range ever {
			if !f.worked[w] || hours[w][h] > 0 {
				ever[h] += days[w]
			}
		}
	}
	for w := range days {
		var usual [24]float64 // of the hours that the weekday has, if it is known
		mean := 0.
		for h := range usual {
			if ever[h] > 0 && (!f.worked[w] || hours[w][h] > 0) {
				usual[h] = all[h] / ever[h]
				mean += usual[h]
			}
		}
		f.weekday[w] = (sum[w] + fewOfWeekday*mean) / (days[w] + fewOfWeekday)
		for h := range usual {
			f.profile[w][h] = (hours[w][h] + fewOfWeekday*usual[h]) / (sum[w] + fewOfWeekday*mean)
		}
	}
	f.months(past)
	f.holidays(past)
	f.lately(past)
	return f
}

// factor is a mean of ratios drawn towards one.
type factor struct{ sum, n float64 }

func (x *factor) add(ratio float64) { x.sum, x.n = x.sum+ratio, x.n+1 }

func (x *factor) mean(few float64) float64 { return (x.sum + few) / (x.n + few) }

func (f *fitted) months(past []counted) {
	var of [13]factor
	for _, d := range past {
		of[month(d.date)].add(d.visits / f.weekday[d.date.Weekday()])
	}
	for m := range of {
		f.month[m] = of[m].mean(fewOfMonth)
	}
}

func (f *fitted) holidays(past []counted) {
	var of [3]factor
	for _, d := range past {
		of[f.nearness(d.date)].add(d.visits / (f.weekday[d.date.Weekday()] * f.month[month(d.date)]))
	}
	for i := range of {
		f.near[i] = of[i].mean(fewOfHoliday)
	}
	f.near[0] = 1
}

func (f *fitted) lately(past []counted) {
	var x factor
	for _, d := range past[max(0, len(past)-recently):] {
		x.add(d.visits / f.usual(d.date))
	}
	f.late = x.mean(fewOfLate)
}

// usual is how many come on such a day.
func (f *fitted) usual(d calendar.Date) float64 {
	return f.weekday[d.Weekday()] * f.month[month(d)] * f.near[f.nearness(d)]
}

// nearness says whether the working day before is a holiday (1), or the one after (2).
func (f *fitted) nearness(d calendar.Date) int {
	for side, step := range []int{-1, 1} {
		for i := 1; i <= 7; i++ {
			other := d.Plus(step * i)
			if calendar.Holiday(other) != "" && f.worked[other.Weekday()] {
				return side + 1
			}
			if f.worked[other.Weekday()] {
				break
			}
		}
	}
	return 0
}

func month(d calendar.Date) time.Month { return d.In(time.UTC, 0).Month() }

func (f *fitted) expect(d calendar.Date) Expected {
	e := Expected{Day: d, Visits: f.usual(d) * f.late}
	for h, share := range f.profile[d.Weekday()] {
		e.Hours[h] = e.Visits * share
	}
	return e
}

// spread sets the range, by the ratios of what was true to what had been expected, or by chance
// alone where there are few.
func (e *Expected) spread(ratios []float64) {
	if len(ratios) >= enough {
		e.Low, e.High = e.Visits*ratios[len(ratios)/10], e.Visits*ratios[len(ratios)-1-len(ratios)/10]
		return
	}
	const tenth = 1.2816 // a tenth of a normal distribution is beyond so many deviations
	e.Low, e.High = max(0, e.Visits-tenth*math.Sqrt(e.Visits)), e.Visits+tenth*math.Sqrt(e.Visits)
}

// try expects the last days by what was known a week before, and returns the ratios of what was
// true to what was expected, rising.
func (d *Demand) try(past []counted) (ratios []float64) {
	x := &d.Error
	var off, hours, came, plain, bias float64
	inner, n := 0, 0
	for i := max(0, len(past)-tried); i < len(past); i++ {
		day := past[i]
		known := past[:i]
		for len(known) > 0 && known[len(known)-1].date > day.date.Plus(-ahead) {
			known = known[:len(known)-1]
		}
		if len(known) < ahead {
			continue
		}
		e := fit(known).expect(day.date)
		e.spread(slices.Sorted(slices.Values(ratios)))
		if day.visits >= e.Low && day.visits <= e.High {
			inner++
		}
		ratios = append(ratios, day.visits/e.Visits)
		off += math.Abs(e.Visits - day.visits)
		bias += e.Visits - day.visits
		came += day.visits
		plain += math.Abs(lastFour(known, day.date) - day.visits)
		for h, v := range day.hours {
			if v > 0 {
				hours += math.Abs(e.Hours[h] - v)
				n++
			}
		}
		x.Days++
	}
	if x.Days == 0 {
		return nil
	}
	of := float64(x.Days)
	x.Day, x.Bias, x.Plain, x.Hour = hundredths(off/of), hundredths(bias/of), hundredths(plain/of), hundredths(hours/float64(n))
	x.Share, x.Inner = share(int(off*100), int(came*100)), share(inner, x.Days)
	slices.Sort(ratios)
	return ratios
}

// lastFour is the mean of the last four days of the weekday, or else the last day of all.
func lastFour(known []counted, d calendar.Date) float64 {
	sum, n := 0., 0.
	for _, day := range slices.Backward(known) {
		if day.date.Weekday() == d.Weekday() && n < 4 {
			sum, n = sum+day.visits, n+1
		}
	}
	if n == 0 {
		return known[len(known)-1].visits
	}
	return sum / n
}

package displays

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/view"
	"github.com/eliminacode/eliminacode/pkg/words"
)

// Percent is a place or a size along a side of a drawing, of which it takes the unit.
type Percent float64

// String writes it as a drawing has it: "12.5%".
func (p Percent) String() string { return fmt.Sprintf("%.4g%%", float64(p)) }

// A Tick is a mark on the axis of a chart.
type Tick struct {
	At    Percent
	Label string
	Major bool // also where there is little room
}

// DayChart is how a day has gone so far: two drawings above the same hours.
type DayChart struct {
	Hours  []Tick
	Now    Percent // where the present is; below 0: outside
	Steps  int     // of five minutes, from the left to the right
	People Series
	Waits  Series // in minutes
	Usual  string // the path of how many people usually wait; empty: not known
	Rows   []DayRow
}

// Series is a drawing of a chart, as a path in steps by units.
type Series struct {
	Top  int // what the upper edge stands for
	Path string
	Max  int       // the most of it
	When time.Time // and the beginning of the first step with it
}

// DayRow is half an hour of the table beside a chart.
type DayRow struct {
	At     time.Time
	People int // who waited at its beginning
	Called int // within it
	Wait   int // of those, in minutes; 0: nobody
}

const (
	chartStep = 5 * time.Minute
	rowSteps  = 6 // of five minutes in a row of the table
)

// Today is the chart of the day; nil: there is nothing to tell of it.
func (p PublicPage) Today() *DayChart {
	if p.Crowding == nil || len(p.Crowding.Today) == 0 {
		return nil
	}
	steps := p.steps()
	zone := p.Public.At.Location()
	day := calendar.DateOf(p.Public.At)
	from, to := steps[0].At.In(zone), steps[len(steps)-1].At.Add(chartStep).In(zone)
	if hours := p.hoursOf(day); len(hours) > 0 {
		from = earlier(from, day.In(zone, hours[0].From))
		to = later(to, day.In(zone, hours[len(hours)-1].To))
	}
	from, to = hourOf(from), hourOf(to.Add(time.Hour-1))
	c := &DayChart{Steps: int(to.Sub(from) / chartStep), Now: -1}
	if now := p.Public.At; now.After(from) && now.Before(to) {
		c.Now = share(now.Sub(from), to.Sub(from))
	}
	for at, i := from, 0; !at.After(to); at, i = at.Add(time.Hour), i+1 {
		c.Hours = append(c.Hours, Tick{At: share(at.Sub(from), to.Sub(from)), Label: fmt.Sprint(at.Hour()), Major: i%2 == 0})
	}
	c.draw(steps, from, p.Public.At)
	c.usual(p.Crowding.Typical, from, to)
	return c
}

// steps are those of the day. The one that goes on tells who waits now, not at its beginning.
func (p PublicPage) steps() []view.TodayStep {
	steps := slices.Clone(p.Crowding.Today)
	last := &steps[len(steps)-1]
	if age := p.Public.At.Sub(last.At); age < 0 || age >= chartStep {
		return steps
	}
	last.Waiting = map[queue.ChannelID]int{}
	for _, c := range p.Public.Channels {
		last.Waiting[c.ID] = c.Waiting
	}
	return steps
}

// Most says the most of a drawing, by a name of the group "page"; or that nobody has waited.
func (p PublicPage) Most(name string, s Series) string {
	if s.Max == 0 {
		return p.Say("day_empty")
	}
	return p.Say(name, "n", s.Max, "time", s.When)
}

// draw draws the people who waited and the waits of those who were called, until now.
func (c *DayChart) draw(steps []view.TodayStep, from, now time.Time) {
	for _, step := range steps {
		if n := people(step); n > c.People.Max {
			c.People.Max, c.People.When = n, step.At
		}
		if step.Wait != nil {
			if m := minutesOf(*step.Wait); m > c.Waits.Max {
				c.Waits.Max, c.Waits.When = m, step.At
			}
		}
	}
	c.People.Top, c.Waits.Top = roof(c.People.Max), roof(c.Waits.Max)
	var area, bars strings.Builder
	first := int(steps[0].At.Sub(from) / chartStep)
	fmt.Fprintf(&area, "M%d %d", first, c.People.Top)
	for i, step := range steps {
		passed := 1.0 // of the step
		if age := now.Sub(step.At); age >= 0 && age < chartStep {
			passed = float64(age) / float64(chartStep)
		}
		fmt.Fprintf(&area, "V%dH%.5g", c.People.Top-people(step), float64(first+i)+passed)
		if step.Wait != nil {
			fmt.Fprintf(&bars, "M%.5g %dV%dh%.2gV%dz", float64(first+i)+0.1*passed, c.Waits.Top, c.Waits.Top-max(1, minutesOf(*step.Wait)), 0.8*passed, c.Waits.Top)
		}
		c.addRow(step)
	}
	fmt.Fprintf(&area, "V%dz", c.People.Top)
	c.People.Path, c.Waits.Path = area.String(), bars.String()
}

// addRow adds a step to the table.
func (c *DayChart) addRow(step view.TodayStep) {
	at := step.At.Truncate(rowSteps * chartStep)
	if len(c.Rows) == 0 || !c.Rows[len(c.Rows)-1].At.Equal(at) {
		c.Rows = append(c.Rows, DayRow{At: at, People: people(step)})
	}
	if row := &c.Rows[len(c.Rows)-1]; step.Wait != nil {
		all := row.Wait*row.Called + minutesOf(*step.Wait)*step.Called
		row.Called += step.Called
		row.Wait = max(1, all/row.Called)
	}
}

// usual draws how many people wait on such a day.
func (c *DayChart) usual(typical []view.TypicalHour, from, to time.Time) {
	var path strings.Builder
	drawn := false
	for at := from; at.Before(to); at = at.Add(time.Hour) {
		hour := find(typical, weekday(at.Weekday()), at.Hour())
		if hour == nil {
			drawn = false
			continue
		}
		x, y := int(at.Sub(from)/chartStep), float64(c.People.Top)-min(hour.Waiting, float64(c.People.Top))
		if !drawn {
			fmt.Fprintf(&path, "M%d %.4g", x, y)
		}
		fmt.Fprintf(&path, "V%.4gH%d", y, x+int(time.Hour/chartStep))
		drawn = true
	}
	c.Usual = path.String()
}

// hoursOf are the hours of opening of a day of the guide.
func (p PublicPage) hoursOf(d calendar.Date) []calendar.Interval {
	for _, day := range p.Guide.Days {
		if day.Date == d {
			return day.Hours
		}
	}
	return nil
}

func people(step view.TodayStep) (n int) {
	for _, waiting := range step.Waiting {
		n += waiting
	}
	return n
}

func minutesOf(seconds int) int { return (seconds + 30) / 60 }

// find finds an hour of the week; nil: nothing is known of it.
func find(typical []view.TypicalHour, weekday, hour int) *view.TypicalHour {
	i := slices.IndexFunc(typical, func(t view.TypicalHour) bool { return t.Weekday == weekday && t.Hour == hour })
	if i < 0 {
		return nil
	}
	return &typical[i]
}

// weekday counts from 1, Monday.
func weekday(d time.Weekday) int { return (int(d)+6)%7 + 1 }

// roof is a round number over the most that a drawing shows.
func roof(n int) int {
	for _, round := range []int{4, 10, 20, 40, 60, 80, 100} {
		if n <= round {
			return round
		}
	}
	return (n + 99) / 100 * 100
}

// hourOf is the beginning of the hour of a moment, on the clock of its zone.
func hourOf(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), 0, 0, 0, t.Location())
}

func share(of, all time.Duration) Percent { return Percent(100 * float64(of) / float64(all)) }

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// WeekChart is the typical week: a field for each hour of the days of which something is known.
type WeekChart struct {
	Hours  []Tick // in the middle of their fields
	Days   []WeekDay
	Height int // in pixels
}

// WeekRow is an hour in the table beside the chart, with the minutes that half of those who come in
// it, and nine in ten, wait at most; "–": too few came.
type WeekRow struct{ From, To, Half, Nine string }

// WeekDay is a row of a [WeekChart]: a day of the week.
type WeekDay struct {
	Name, Short string
	Y           int // its middle, in pixels
	Fields      []WeekField
	Rows        []WeekRow
}

// WeekField is an hour of a day. Heat is how long one waits, 1 to 4; Label says that in minutes;
// 0 and empty: too few came to tell.
type WeekField struct {
	X, Middle, Width Percent
	Y, TextY         int // in pixels
	Heat             int
	Label            string
	Now              bool
}

// Of a [WeekChart]: a row's height, and the share of the width that the names of the days take.
const (
	weekRow   = 36
	weekNames = 13
)

// heats are the minutes up to which waits are short, middling and long; ISTAT counts those over
// twenty.
var heats = []int{5, 10, 20}

// Week is the chart of the typical week; nil: too little is known.
func (p PublicPage) Week() *WeekChart {
	if p.Crowding == nil || len(p.Crowding.Typical) == 0 {
		return nil
	}
	typical := p.Crowding.Typical
	hour := func(a, b view.TypicalHour) int { return cmp.Compare(a.Hour, b.Hour) }
	first, last := slices.MinFunc(typical, hour).Hour, slices.MaxFunc(typical, hour).Hour
	width := Percent(100-weekNames) / Percent(last-first+1)
	c := &WeekChart{}
	for h := first; h <= last; h++ {
		c.Hours = append(c.Hours, Tick{At: weekNames + width*(Percent(h-first)+0.5), Label: fmt.Sprint(h), Major: (h-first)%2 == 0})
	}
	now := p.Public.At
	for d := 1; d <= 7; d++ {
		name := strings.ToLower(time.Weekday(d % 7).String())
		row := WeekDay{Name: words.Said(p.Language, "weekdays", name, nil), Short: p.Say(name[:3]), Y: c.Height + weekRow/2}
		for _, t := range typical {
			if t.Weekday != d {
				continue
			}
			x := weekNames + width*Percent(t.Hour-first)
			field := WeekField{X: x + 0.25, Middle: x + width/2, Width: width - 0.5, Y: c.Height + 2, TextY: c.Height + weekRow/2, Now: weekday(now.Weekday()) == d && now.Hour() == t.Hour}
			told := WeekRow{From: fmt.Sprint(t.Hour), To: fmt.Sprint(t.Hour + 1), Half: "–", Nine: "–"}
			if t.WaitP50 != nil && t.WaitP90 != nil {
				field.Heat, field.Label = heat(*t.WaitP50), fmt.Sprint(max(1, minutesOf(*t.WaitP50)))
				told.Half, told.Nine = field.Label, fmt.Sprint(max(1, minutesOf(*t.WaitP90)))
			}
			row.Fields, row.Rows = append(row.Fields, field), append(row.Rows, told)
		}
		if len(row.Fields) > 0 {
			c.Days = append(c.Days, row)
			c.Height += weekRow
		}
	}
	return c
}

// Heats are the fields that a [WeekChart] can have, by their heat.
func (p PublicPage) Heats() []int { return []int{1, 2, 3, 4, 0} }

func heat(seconds int) int {
	for i, minutes := range heats {
		if seconds < minutes*60 {
			return i + 1
		}
	}
	return len(heats) + 1
}

// Best says the calm hours ahead, in their order: "mercoledì 4 marzo dalle 12 alle 14".
func (p PublicPage) Best() (list []BestSaid) {
	if p.Crowding == nil {
		return nil
	}
	const most = 5
	best := slices.Clone(p.Crowding.Best[:min(most, len(p.Crowding.Best))])
	slices.SortFunc(best, func(a, b view.BestHour) int { return cmp.Or(cmp.Compare(a.Date, b.Date), cmp.Compare(a.Hour, b.Hour)) })
	for i := 0; i < len(best); {
		from, to, longest := best[i], best[i].Hour+1, best[i].WaitP90
		for i++; i < len(best) && best[i].Date == from.Date && best[i].Hour == to; i++ {
			to++
			if best[i].WaitP90 != nil && (longest == nil || *best[i].WaitP90 > *longest) {
				longest = best[i].WaitP90
			}
		}
		said := BestSaid{When: p.Say("best_hours", "day", p.dayOrToday(from.Date), "from", from.Hour, "to", to)}
		if longest != nil {
			said.Wait = words.Wait(p.Language, 0, *longest)
		}
		list = append(list, said)
	}
	return list
}

// BestSaid is some calm hours: when they are, and what nine in ten wait at most; empty: too few
// came.
type BestSaid struct{ When, Wait string }

func (p PublicPage) dayOrToday(d calendar.Date) string {
	if d == calendar.DateOf(p.Public.At) {
		return p.Say("today")
	}
	return p.Day(d)
}

// Package calendar holds days, hours of opening, seasons and public holidays. It is pure: no clock,
// no I/O, and no import of anything else in the project. What an office makes of them, pkg/queue
// says.
package calendar

import (
	"fmt"
	"time"
)

// Date is a day of the calendar, "2026-03-02". Dates compare as strings.
type Date string

// DateOf returns the day of t in t's own zone.
func DateOf(t time.Time) Date { return Date(t.Format(time.DateOnly)) }

// In returns the moment at which the wall clock of loc shows d at c. A moment
// that a clock change skips is moved on by the length of the change.
func (d Date) In(loc *time.Location, c Clock) time.Time {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return time.Time{}
	}
	return time.Date(t.Year(), t.Month(), t.Day(), 0, int(c), 0, 0, loc)
}

// Next returns the day after d.
func (d Date) Next() Date { return d.Plus(1) }

// Plus is the day so many days after d, or before it if they are negative.
func (d Date) Plus(days int) Date { return DateOf(d.In(time.UTC, 0).AddDate(0, 0, days)) }

// Weekday returns the day of the week; that of a date that isn't valid means nothing.
func (d Date) Weekday() time.Weekday { return d.In(time.UTC, 0).Weekday() }

// Valid reports whether d is a day of the calendar.
func (d Date) Valid() bool {
	_, err := time.Parse(time.DateOnly, string(d))
	return err == nil
}

// Clock is a time of the day in minutes after midnight, 0 to 1440, "08:30" in JSON.
type Clock int

// MarshalText gives the "hh:mm" form.
func (c Clock) MarshalText() ([]byte, error) {
	return fmt.Appendf(nil, "%02d:%02d", int(c)/60, int(c)%60), nil
}

// UnmarshalText reads the "hh:mm" form, 00:00 to 24:00.
func (c *Clock) UnmarshalText(b []byte) error {
	var h, m int
	if len(b) == 5 && b[2] == ':' && digits(b[0], b[1], b[3], b[4]) {
		h, m = int(b[0]-'0')*10+int(b[1]-'0'), int(b[3]-'0')*10+int(b[4]-'0')
		if m < 60 && h*60+m <= 24*60 {
			*c = Clock(h*60 + m)
			return nil
		}
	}
	return fmt.Errorf("%q is not a time of the day: write it as 08:30", b)
}

func digits(bs ...byte) bool {
	for _, b := range bs {
		if b < '0' || b > '9' {
			return false
		}
	}
	return true
}

// Interval is a stretch of opening within one day; To is its first moment outside.
type Interval struct {
	From Clock `json:"from"`
	To   Clock `json:"to"`
}

// Week holds the intervals of each weekday; a day without any is closed.
type Week struct {
	Mon []Interval `json:"mon,omitempty"`
	Tue []Interval `json:"tue,omitempty"`
	Wed []Interval `json:"wed,omitempty"`
	Thu []Interval `json:"thu,omitempty"`
	Fri []Interval `json:"fri,omitempty"`
	Sat []Interval `json:"sat,omitempty"`
	Sun []Interval `json:"sun,omitempty"`
}

// On returns the intervals of a weekday.
func (w *Week) On(d time.Weekday) []Interval {
	return [...][]Interval{w.Sun, w.Mon, w.Tue, w.Wed, w.Thu, w.Fri, w.Sat}[d]
}

// Season is the period in which a channel exists for the public, both ends
// included: two dates ("2026-09-01"), or two days of every year ("09-01"), which
// may run over the new year.
type Season struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// Contains reports whether d lies in the season.
func (s *Season) Contains(d Date) bool {
	if s == nil {
		return true
	}
	day := string(d)
	if len(s.From) == len("01-02") {
		day = day[len("2006-"):]
		if s.From > s.To {
			return day >= s.From || day <= s.To
		}
	}
	return s.From <= day && day <= s.To
}

// Valid reports whether both ends are days, and both of the same form.
func (s *Season) Valid() bool {
	yearly := func(v string) bool { return Date("2024-" + v).Valid() } // a leap year: 02-29 is a day
	return yearly(s.From) && yearly(s.To) ||
		Date(s.From).Valid() && Date(s.To).Valid() && s.From <= s.To
}

// Holiday returns the name of the Italian public holiday on d, or "". The list is
// that of law 260/1949 as last changed by law 151/2025, which brought back 4 October from 2026.
func Holiday(d Date) string {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return ""
	}
	switch d[len("2006-"):] {
	case "01-01":
		return "Capodanno"
	case "01-06":
		return "Epifania"
	case "04-25":
		return "Liberazione"
	case "05-01":
		return "Festa del lavoro"
	case "06-02":
		return "Festa della Repubblica"
	case "08-15":
		return "Assunzione"
	case "10-04":
		if t.Year() >= 2026 {
			return "San Francesco"
		}
	case "11-01":
		return "Ognissanti"
	case "12-08":
		return "Immacolata"
	case "12-25":
		return "Natale"
	case "12-26":
		return "Santo Stefano"
	}
	switch easter := easter(t.Year()); t {
	case easter:
		return "Pasqua"
	case easter.AddDate(0, 0, 1):
		return "Lunedì dell'Angelo"
	}
	return ""
}

// easter returns Easter Sunday of a Gregorian year, by the anonymous algorithm
// (Nature, 20 April 1876, as given by Meeus, Astronomical Algorithms, ch. 8).
func easter(year int) time.Time {
	a, b, c := year%19, year/100, year%100
	d, e := b/4, b%4
	f := (b + 8) / 25
	g := (b - f + 1) / 3
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 22*l) / 451
	n := h + l - 7*m + 114
	return time.Date(year, time.Month(n/31), n%31+1, 0, 0, 0, 0, time.UTC)
}

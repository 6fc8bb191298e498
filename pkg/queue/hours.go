package queue

import (
	"slices"
	"time"

	"github.com/eliminacode/eliminacode/pkg/calendar"
)

// Exception changes the hours of the days From to To, both included: an
// extraordinary closure when Hours is empty, an extraordinary opening otherwise.
type Exception struct {
	From   calendar.Date       `json:"from"`
	To     calendar.Date       `json:"to"`
	Hours  []calendar.Interval `json:"hours,omitempty"`
	Only   []ChannelID         `json:"channels,omitempty"` // empty: the whole office
	Reason Text                `json:"reason,omitempty"`
}

// hours returns the intervals in which ch is open on d; for a nil ch, the office.
// An exception comes before a holiday, a holiday before the week; of several
// exceptions the first counts.
func (c *Config) hours(ch *Channel, d calendar.Date) []calendar.Interval {
	if ch != nil && !ch.Season.Contains(d) {
		return nil
	}
	for i := range c.Exceptions {
		x := &c.Exceptions[i]
		if x.From <= d && d <= x.To && (len(x.Only) == 0 || ch != nil && slices.Contains(x.Only, ch.ID)) {
			return x.Hours
		}
	}
	if calendar.Holiday(d) != "" || c.PatronSaint != "" && string(d[len("2006-"):]) == c.PatronSaint {
		return nil
	}
	week := &c.Hours
	if ch != nil && ch.Hours != nil {
		week = ch.Hours
	}
	t, _ := time.Parse(time.DateOnly, string(d))
	return week.On(t.Weekday())
}

// Open reports whether the office (nil ch) or the channel is open at now, and
// when that changes next: the end of the opening, midnight at the latest, or the next
// opening within the coming 400 days; the zero time when there is none.
func (c *Config) Open(ch *Channel, now time.Time) (open bool, change time.Time) {
	loc, day := now.Location(), calendar.DateOf(now)
	for range 400 {
		intervals := c.hours(ch, day)
		for i, iv := range intervals {
			from, to := day.In(loc, iv.From), day.In(loc, iv.To)
			switch {
			case now.Before(from):
				return false, from
			case now.Before(to):
				for _, next := range intervals[i+1:] { // without a break
					if day.In(loc, next.From).After(to) {
						break
					}
					to = day.In(loc, next.To)
				}
				return true, to
			}
		}
		day = day.Next()
	}
	return false, time.Time{}
}

package queue

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/eliminacode/eliminacode/pkg/calendar"
)

// Exception changes the hours of the days From to To, both included: an extraordinary closure when
// Hours is empty, an extraordinary opening otherwise. Where two meet, the narrower one holds.
type Exception struct {
	From   calendar.Date       `json:"from"`
	To     calendar.Date       `json:"to"`
	Hours  []calendar.Interval `json:"hours,omitempty"`
	Only   []ChannelID         `json:"channels,omitempty"` // empty: the whole office
	Reason Text                `json:"reason,omitempty"`
}

// days is how many days the exception lasts.
func (x *Exception) days() int {
	from, to := x.From.In(time.UTC, 0), x.To.In(time.UTC, 0)
	return int(to.Sub(from).Hours())/24 + 1
}

// narrower reports whether x counts before y where both apply: it is of fewer days, or of as many
// but of named channels.
func (x *Exception) narrower(y *Exception) bool {
	if a, b := x.days(), y.days(); a != b {
		return a < b
	}
	return len(x.Only) > 0 && len(y.Only) == 0
}

// disagree reports whether both apply to a channel on some day and neither is narrower, though they
// say different things.
func (x *Exception) disagree(y *Exception) bool {
	share := len(x.Only) == 0 || slices.ContainsFunc(x.Only, func(id ChannelID) bool { return slices.Contains(y.Only, id) })
	return x.From <= y.To && y.From <= x.To && share && !x.narrower(y) && !y.narrower(x) &&
		(!slices.Equal(x.Hours, y.Hours) || !maps.Equal(x.Reason, y.Reason))
}

// exception returns the exception that holds for ch on d, or nil: of several the narrowest.
func (c *Config) exception(ch *Channel, d calendar.Date) (found *Exception) {
	for i := range c.Exceptions {
		x := &c.Exceptions[i]
		if x.From <= d && d <= x.To && (len(x.Only) == 0 || slices.Contains(x.Only, ch.ID)) && (found == nil || x.narrower(found)) {
			found = x
		}
	}
	return found
}

// Exception returns the exception to tell everybody of on d, or nil: of those that hold for some
// channel of the season and have a reason or hours, one with a reason first, then one that opens
// something, then one of the whole office. Usual reports that another channel has its usual hours
// on d all the same, so that the reason isn't the office's.
func (c *Config) Exception(d calendar.Date) (found *Exception, usual bool) {
	weight := func(x *Exception) (n int) {
		if x.Reason.In("it") != "" {
			n += 4
		}
		if len(x.Hours) > 0 {
			n += 2
		}
		if len(x.Only) == 0 {
			n++
		}
		return n
	}
	for i := range c.Channels {
		ch := &c.Channels[i]
		if !ch.Season.Contains(d) {
			continue
		}
		x := c.exception(ch, d)
		usual = usual || x == nil && len(c.hours(ch, d)) > 0
		if x != nil && weight(x) > 1 && (found == nil || weight(x) > weight(found)) {
			found = x
		}
	}
	return found, usual
}

// hours returns the intervals in which ch is open on d. An exception comes before a holiday, a
// holiday before the week.
func (c *Config) hours(ch *Channel, d calendar.Date) []calendar.Interval {
	if !ch.Season.Contains(d) {
		return nil
	}
	if x := c.exception(ch, d); x != nil {
		return x.Hours
	}
	return c.usualHours(ch, d)
}

// HoursOn returns the intervals of a day in which any channel is open, in order and apart from one
// another.
func (c *Config) HoursOn(d calendar.Date) []calendar.Interval {
	var all []calendar.Interval
	for i := range c.Channels {
		all = append(all, c.hours(&c.Channels[i], d)...)
	}
	slices.SortFunc(all, func(a, b calendar.Interval) int { return cmp.Compare(a.From, b.From) })
	apart := []calendar.Interval{}
	for _, next := range all {
		if last := len(apart) - 1; last >= 0 && next.From <= apart[last].To {
			apart[last].To = max(apart[last].To, next.To)
		} else {
			apart = append(apart, next)
		}
	}
	return apart
}

// usualHours are the intervals in which ch, in its season, would be open on d without exceptions.
func (c *Config) usualHours(ch *Channel, d calendar.Date) []calendar.Interval {
	if c.Holiday(d) {
		return nil
	}
	week := &c.Hours
	if ch.Hours != nil {
		week = ch.Hours
	}
	return week.On(d.Weekday())
}

// Holiday reports whether d is a public holiday or the patron saint's day.
func (c *Config) Holiday(d calendar.Date) bool {
	return calendar.Holiday(d) != "" || c.PatronSaint != "" && string(d[len("2006-"):]) == c.PatronSaint
}

// Open reports whether the channel, or for nil any channel at all, is open at now by its hours, and
// when that changes next: the end of the opening, midnight at the latest, or the next opening
// within the coming 400 days; the zero time when there is none. The office has no hours but its
// channels'.
func (c *Config) Open(ch *Channel, now time.Time) (open bool, change time.Time) {
	if ch != nil {
		return c.openChannel(ch, now)
	}
	for i := range c.Channels {
		o, next := c.openChannel(&c.Channels[i], now)
		switch {
		case o == open:
			if !next.IsZero() && (change.IsZero() || next.After(change) == open) {
				change = next
			}
		case o:
			open, change = true, next
		}
	}
	if !open || calendar.DateOf(change) != calendar.DateOf(now) {
		return open, change
	}
	if still, end := c.Open(nil, change); still { // another channel takes over without a break
		return true, end
	}
	return true, change
}

func (c *Config) openChannel(ch *Channel, now time.Time) (open bool, change time.Time) {
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

// EarlyClosing returns when the channels of the exception close for the day on d, if that is
// earlier than usual; else, also if they don't open at all, the zero time.
func (c *Config) EarlyClosing(x *Exception, d calendar.Date, loc *time.Location) (last time.Time) {
	var usual calendar.Clock
	for i := range c.Channels {
		if ch := &c.Channels[i]; ch.Season.Contains(d) && c.exception(ch, d) == x {
			for _, iv := range c.usualHours(ch, d) {
				usual = max(usual, iv.To)
			}
		}
	}
	for _, iv := range x.Hours {
		if iv.To < usual && d.In(loc, iv.To).After(last) {
			last = d.In(loc, iv.To)
		} else if iv.To >= usual {
			return time.Time{}
		}
	}
	return last
}

// Shut reports whether the channel doesn't open any more at t or later on its day.
func (c *Config) Shut(id ChannelID, t time.Time) bool {
	ch := c.Channel(id)
	if ch == nil {
		return true
	}
	d := calendar.DateOf(t)
	return !slices.ContainsFunc(c.hours(ch, d), func(iv calendar.Interval) bool { return d.In(t.Location(), iv.To).After(t) })
}

// lastClosing returns the end of the day's last opening, the zero time if there is none.
func (c *Config) lastClosing(d calendar.Date, loc *time.Location) time.Time {
	last, _ := c.Closing(d, loc)
	return last
}

// Closing returns when the day's last opening ends, and when it would without exceptions; the zero
// time for a day without any.
func (c *Config) Closing(d calendar.Date, loc *time.Location) (last, usual time.Time) {
	later := func(t *time.Time, intervals []calendar.Interval) {
		for _, iv := range intervals {
			if to := d.In(loc, iv.To); to.After(*t) {
				*t = to
			}
		}
	}
	for i := range c.Channels {
		if ch := &c.Channels[i]; ch.Season.Contains(d) {
			later(&last, c.hours(ch, d))
			later(&usual, c.usualHours(ch, d))
		}
	}
	return last, usual
}

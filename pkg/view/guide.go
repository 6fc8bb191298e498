package view

import (
	"cmp"
	"slices"
	"time"

	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// Guide is what one should know before coming to an office: when it is open in the days to come,
// what is different then, what it does in some periods only, and where it is. It follows from the
// configuration and the day alone.
type Guide struct {
	Days     []Day          // today and the six days after it
	Changes  []Change       // in the order in which they begin
	Channels []GuideChannel // in the order of the configuration
	Contact  queue.Contact
}

// Ahead is how many days ahead a guide tells of closures and seasons.
const Ahead = 60

// Day is when the office is open on a day: any channel is.
type Day struct {
	Date    calendar.Date
	Hours   []calendar.Interval // none: closed
	Holiday bool                // a public one
	Reason  queue.Text          // of an exception that is the whole office's; nil: there is none
}

// Change is a stretch of days on which the office isn't open as usual.
type Change struct {
	From, To calendar.Date // both included
	Hours    []calendar.Interval
	Holiday  bool
	For      queue.Text // the names of the channels that it is about; nil: the whole office
	Reason   queue.Text
}

// GuideChannel is what a channel is for, and what to bring along.
type GuideChannel struct {
	Letter, Color       string
	Names, Hints, Bring queue.Text
	Season              *Season // nil: it has none
}

// Season is the period in which a channel exists.
type Season struct {
	From, To calendar.Date // both included
	Now      bool          // has begun; From is today then
}

// NewGuide derives the guide of an office on the day of now, in the office's time zone.
func NewGuide(c *queue.Config, now time.Time) *Guide {
	g, day := &Guide{Contact: c.Contact}, calendar.DateOf(now)
	for range 7 {
		d := Day{Date: day, Hours: c.HoursOn(day), Holiday: c.Holiday(day)}
		if x, usual := c.Exception(day); x != nil && !usual {
			d.Reason = x.Reason
		}
		g.Days = append(g.Days, d)
		day = day.Next()
	}
	g.addChanges(c, g.Days[0].Date)
	for i := range c.Channels {
		ch := &c.Channels[i]
		season := newSeason(ch, g.Days[0].Date)
		if ch.Season == nil || season != nil {
			g.Channels = append(g.Channels, GuideChannel{
				Letter: ch.Letter, Color: ch.Color, Names: ch.Label(), Hints: ch.Hint, Bring: ch.Bring, Season: season,
			})
		}
	}
	return g
}

func (g *Guide) addChanges(c *queue.Config, today calendar.Date) {
	last := today.Plus(Ahead)
	for i := range c.Exceptions {
		x := &c.Exceptions[i]
		if x.To < today || x.From > last {
			continue
		}
		change := Change{From: x.From, To: x.To, Hours: x.Hours, Reason: x.Reason}
		if len(x.Only) > 0 {
			if change.For = labels(c, x.Only, max(x.From, today)); change.For.In("it") == "" {
				continue // of channels that are out of season
			}
		}
		g.Changes = append(g.Changes, change)
	}
	for d := today; d <= last; d = d.Next() {
		named := slices.ContainsFunc(c.Exceptions, func(x queue.Exception) bool { return x.From <= d && d <= x.To && len(x.Only) == 0 })
		if c.Holiday(d) && !named && len(c.Hours.On(d.Weekday())) > 0 {
			g.Changes = append(g.Changes, Change{From: d, To: d, Hours: c.HoursOn(d), Holiday: true})
		}
	}
	slices.SortStableFunc(g.Changes, func(a, b Change) int { return cmp.Compare(a.From, b.From) })
}

// newSeason is the period of a channel that has begun or begins soon; nil: there is none.
func newSeason(ch *queue.Channel, today calendar.Date) *Season {
	if ch.Season == nil {
		return nil
	}
	s := &Season{From: today, Now: ch.Season.Contains(today)}
	for n := 0; n < Ahead && !ch.Season.Contains(s.From); n++ {
		s.From = s.From.Next()
	}
	if !ch.Season.Contains(s.From) {
		return nil
	}
	s.To = s.From
	for n := 0; n < 366 && ch.Season.Contains(s.To.Next()); n++ {
		s.To = s.To.Next()
	}
	return s
}

package crowding

import (
	"slices"
	"time"

	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/view"
)

// Visit is what the crowding of a day needs of a visit with a ticket.
type Visit struct {
	Given   queue.ChannelID // the channel that it came for
	Channel queue.ChannelID // where it waits, or waited last
	Issued  time.Time
	Waited  queue.Seconds // but for a wait that goes on
	Waits   time.Time     // since when it waits now; zero: it doesn't
	Called  bool          // it has been called
}

// Visits takes from a state the visits with a ticket that it has.
func Visits(s *queue.State) []Visit {
	list := make([]Visit, 0, len(s.Tickets))
	for _, t := range s.Tickets {
		if t.Number == "" {
			continue
		}
		v := Visit{Given: t.Given, Channel: t.Channel, Issued: t.Issued, Waited: t.Waited, Called: t.Call != 0}
		if t.State == queue.Waiting {
			v.Waits = t.Entered
		}
		list = append(list, v)
	}
	return list
}

// Today tells how the day of now, in the office's zone, has gone: in steps of five minutes from its
// first opening, or its first ticket, until now, or until it was over. Of a visit that waited more
// than once, what it waited counts in one piece from its beginning, but for a wait that goes on:
// its ticket tells no more.
func Today(visits []Visit, cfg *queue.Config, now time.Time) []view.TodayStep {
	day := calendar.DateOf(now)
	visits = slices.DeleteFunc(slices.Clone(visits), func(v Visit) bool {
		return calendar.DateOf(v.Issued.In(now.Location())) != day || v.Issued.After(now)
	})
	from, to := span(visits, cfg.HoursOn(day), now)
	list := []view.TodayStep{}
	for at := from; at.Before(to); at = at.Add(step) {
		list = append(list, view.TodayStep{At: at, Waiting: map[queue.ChannelID]int{}})
		for i := range cfg.Channels {
			if ch := &cfg.Channels[i]; ch.Season.Contains(day) {
				list[len(list)-1].Waiting[ch.ID] = 0
			}
		}
	}
	waits := make([][]queue.Seconds, len(list))
	for _, v := range visits {
		called := v.Issued.Add(v.Waited.Duration())
		for i := range list {
			if at := list[i].At; !at.Before(v.Issued) && at.Before(called) {
				list[i].Waiting[v.Given]++
			} else if !v.Waits.IsZero() && !at.Before(v.Waits) {
				list[i].Waiting[v.Channel]++
			}
		}
		if i := int(called.Sub(from) / step); v.Called && i < len(list) {
			waits[i] = append(waits[i], v.Waited)
		}
	}
	for i := range list {
		if n := len(waits[i]); n > 0 {
			slices.Sort(waits[i])
			list[i].Called, list[i].Wait = n, new(seconds(waits[i][(n-1)/2]))
		}
	}
	return list
}

// span is what there is to tell of a day until now: from is a whole step, and none before to if
// there is nothing.
func span(visits []Visit, open []calendar.Interval, now time.Time) (from, to time.Time) {
	day, loc := calendar.DateOf(now), now.Location()
	var begins, ends []time.Time
	for _, iv := range open {
		begins, ends = append(begins, day.In(loc, iv.From)), append(ends, day.In(loc, iv.To))
	}
	for _, v := range visits {
		begins, ends = append(begins, v.Issued.In(loc)), append(ends, v.Issued.Add(v.Waited.Duration()))
		if !v.Waits.IsZero() {
			ends = append(ends, now)
		}
	}
	if len(begins) == 0 {
		return now, now
	}
	from, to = slices.MinFunc(begins, time.Time.Compare), slices.MaxFunc(ends, time.Time.Compare)
	return from.Truncate(step), slices.MinFunc([]time.Time{to, now}, time.Time.Compare)
}

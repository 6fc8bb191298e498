package figures

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// Hour is what is known of the visits that began in an hour of a day, by the office's clock.
type Hour struct {
	Day    calendar.Date
	Hour   int // 0 to 23
	Visits int // with a ticket or without
	Waits  []Wait
}

// Wait is how long people waited.
type Wait struct {
	Began  time.Time     // zero: some time in the hour, of visits that were pruned
	For    queue.Seconds // to the middle of their class, of visits that were pruned: see [Figures.Prune]
	People int
}

// Hours returns the hours of the days from..to, both included, in which visits began, in order; the
// waits of all who waited, as in [Row].
func (f *Figures) Hours(ctx context.Context, office string, from, to calendar.Date) (_ []Hour, err error) {
	defer f.wrap(&err, "hours of %q, %s to %s", office, from, to)

	hours := map[cell]*Hour{}
	at := func(c *cell) *Hour {
		key := cell{day: c.day, hour: c.hour}
		if hours[key] == nil {
			hours[key] = &Hour{Day: calendar.Date(c.day), Hour: c.hour}
		}
		return hours[key]
	}
	add := func(v *visit) {
		h := at(&v.cell)
		h.Visits++
		if v.waits() {
			h.Waits = append(h.Waits, Wait{Began: time.UnixMicro(v.issued), For: queue.Seconds(v.waited), People: 1})
		}
	}
	merge := func(c cell, s *sum) {
		h := at(&c)
		h.Visits += s.issued
		for seconds, people := range s.wait.counts {
			h.Waits = append(h.Waits, Wait{For: queue.Seconds(seconds), People: people})
		}
	}
	if err := f.each(ctx, office, from, to, false, add, merge); err != nil {
		return nil, err
	}
	list := []Hour{}
	for _, h := range hours {
		list = append(list, *h)
	}
	slices.SortFunc(list, func(a, b Hour) int { return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.Hour, b.Hour)) })
	return list, nil
}

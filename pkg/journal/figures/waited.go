package figures

import (
	"cmp"
	"context"
	"slices"

	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// Waited is how long those waited whose visits began in an hour of a day, in one channel.
type Waited struct {
	Day     calendar.Date
	Hour    int             // 0 to 23
	Channel queue.ChannelID // where the visits ended; the configuration may no longer have it
	Waits   []Wait          // without their beginnings, the shortest first
	Total   queue.Seconds   // their sum, also of visits that were pruned
}

// Waited returns who waited on the days from..to, both included, and how long, by day, hour and
// channel, in this order; the waits as in [Row].
func (f *Figures) Waited(ctx context.Context, office string, from, to calendar.Date) (_ []Waited, err error) {
	defer f.wrap(&err, "waits of %q, %s to %s", office, from, to)

	waits := map[cell]*times{}
	at := func(c *cell) *times {
		key := cell{day: c.day, hour: c.hour, channel: c.channel}
		if waits[key] == nil {
			waits[key] = &times{}
		}
		return waits[key]
	}
	add := func(v *visit) {
		if v.waits() {
			t := at(&v.cell)
			t.add(v.waited, 1)
			t.total += v.waited
		}
	}
	merge := func(c cell, s *sum) {
		if len(s.wait.counts) > 0 {
			at(&c).merge(&s.wait)
		}
	}
	if err := f.each(ctx, office, from, to, false, add, merge); err != nil {
		return nil, err
	}
	list := make([]Waited, 0, len(waits))
	for c, t := range waits {
		w := Waited{Day: calendar.Date(c.day), Hour: c.hour, Channel: queue.ChannelID(c.channel), Total: queue.Seconds(t.total)}
		for seconds, people := range t.counts {
			w.Waits = append(w.Waits, Wait{For: queue.Seconds(seconds), People: people})
		}
		slices.SortFunc(w.Waits, func(a, b Wait) int { return cmp.Compare(a.For, b.For) })
		list = append(list, w)
	}
	slices.SortFunc(list, func(a, b Waited) int {
		return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.Hour, b.Hour), cmp.Compare(a.Channel, b.Channel))
	})
	return list, nil
}

const knownQuery = `
SELECT
    COALESCE(MIN(first), ''),
    COALESCE(MAX(last), '')
FROM (
    SELECT MIN(day) AS first, MAX(day) AS last FROM tickets WHERE office = $1 AND day <= $2
    UNION ALL
    SELECT MIN(day), MAX(day) FROM aggregates WHERE office = $1 AND day <= $2
) AS both_of_them`

// Known returns the first and the last day up to another one of which there are figures; without
// any, both are empty.
func (f *Figures) Known(ctx context.Context, office string, until calendar.Date) (first, last calendar.Date, err error) {
	defer f.wrap(&err, "days of %q until %s", office, until)

	err = f.db.QueryRowContext(ctx, knownQuery, office, string(until)).Scan(&first, &last)
	return first, last, err
}

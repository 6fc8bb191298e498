package simulate

import (
	"context"
	"iter"
	"time"

	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/visits"
)

// logged is of how many days at most an office's visits are read, however long they are kept.
const logged = 400

// learned is of how many days at most it is learned how many come: three years.
const learned = 3 * 365

// Office is an office of an installation as it is at a moment.
type Office struct {
	Config *queue.Config

	name string
	day  calendar.Date // the last one
	over bool          // no more of it is to come
	zone *time.Location
}

// OfficeOf is what has to be known of an office at now.
func OfficeOf(name string, st *queue.State, now time.Time) Office {
	zone := st.Location()
	return Office{
		Config: st.Config, name: name, day: st.Day, zone: zone,
		over: st.Ended(now) || st.Day < calendar.DateOf(now.In(zone)),
	}
}

// Store is where the past of offices is read.
type Store interface {
	// Visits gives the visits of the days from..to, both included, that have ended, as long as
	// their details are kept.
	Visits(ctx context.Context, office string, from, to calendar.Date, loc *time.Location) iter.Seq2[visits.Visit, error]
	// Counts returns how many began, which is kept for good.
	Counts(ctx context.Context, office string, from, to calendar.Date) ([]visits.Count, error)
}

// History is what a question is asked of: the visits of the last 400 days that are kept, but for
// those of the day that is going on, unless the question begins or ends with it; and how many came
// on the days of the last three years that are over.
func (o Office) History(ctx context.Context, from Store, q Question) (h History, err error) {
	over := o.day
	if !o.over {
		over = over.Plus(-1)
	}
	last := over
	if q.From == o.day || q.To == o.day {
		last = o.day
	}
	for v, err := range from.Visits(ctx, o.name, o.day.Plus(-logged), last, o.zone) {
		if err != nil {
			return History{}, err
		}
		h.Log = append(h.Log, v)
	}
	h.Counts, err = from.Counts(ctx, o.name, over.Plus(-learned), over)
	return h, err
}

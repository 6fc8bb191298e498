package simulate

import (
	"context"
	"iter"
	"time"

	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/visits"
)

// kept is of how many days at most an office's visits are read: more than an installation keeps.
const kept = 400

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

// Visits is where the visits of offices are read: those of the days from..to that have ended.
type Visits interface {
	Visits(ctx context.Context, office string, from, to calendar.Date, loc *time.Location) iter.Seq2[visits.Visit, error]
}

// Log is the log of visits that a question is asked of: all that are kept, but for those of the day
// that is going on, unless the question names it.
func (o Office) Log(ctx context.Context, from Visits, q Question) (log []visits.Visit, err error) {
	last := o.day
	if !o.over && q.From != last && q.To != last {
		last = last.Plus(-1)
	}
	for v, err := range from.Visits(ctx, o.name, o.day.Plus(-kept), last, o.zone) {
		if err != nil {
			return nil, err
		}
		log = append(log, v)
	}
	return log, nil
}

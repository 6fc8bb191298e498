package simulate

import (
	"math"
	"slices"
	"time"

	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/visits"
)

// late is the wait over which ISTAT counts a wait as long.
const late = 20 * time.Minute

// Figures are what visits amount to. Waits are of all who waited: until they were called, or left
// at a time that is known.
type Figures struct {
	Visits int           `json:"visits"` // those with a ticket
	Served int           `json:"served"`
	Absent int           `json:"absent"`
	Left   int           `json:"left"`   // without having been called
	Turned int           `json:"turned"` // away, without a ticket
	Mean   queue.Seconds `json:"mean_s"`
	P50    queue.Seconds `json:"p50_s"` // the shortest wait that at least half don't exceed
	P90    queue.Seconds `json:"p90_s"`
	Late   float64       `json:"late"`   // the share of the waits over 20 minutes, 0 to 1: ISTAT's indicator
	Within float64       `json:"within"` // the share of the visits called in less than the target, 0 to 1; 0 without one
}

// sum sums visits up.
type sum struct {
	f      Figures
	target time.Duration
	within int
	waits  []time.Duration
}

func (s *sum) add(v *visits.Visit) {
	s.f.Visits++
	switch v.Outcome {
	case visits.Served:
		s.f.Served++
	case visits.Absent:
		s.f.Absent++
	default:
		s.f.Left++
	}
	wait, known := waitOf(v)
	if known {
		s.waits = append(s.waits, wait)
	}
	if !v.Called.IsZero() && wait < s.target {
		s.within++
	}
}

// waitOf is how long somebody waited, if that is known.
func waitOf(v *visits.Visit) (wait time.Duration, known bool) {
	switch {
	case !v.Called.IsZero():
		return v.Called.Sub(v.Arrived), true
	case !v.Ended.IsZero():
		return v.Ended.Sub(v.Arrived), true
	}
	return 0, false
}

func (s *sum) figures() Figures {
	f := s.f
	if f.Visits > 0 {
		f.Within = share(s.within, f.Visits)
	}
	n := len(s.waits)
	if n == 0 {
		return f
	}
	slices.Sort(s.waits)
	total, over := time.Duration(0), 0
	for _, w := range s.waits {
		total += w
		if w > late {
			over++
		}
	}
	f.Mean, f.P50, f.P90 = tenths(total/time.Duration(n)), tenths(s.waits[(n+1)/2-1]), tenths(s.waits[(n*9+9)/10-1])
	f.Late = share(over, n)
	return f
}

// tenths is a duration to a tenth of a second.
func tenths(d time.Duration) queue.Seconds { return queue.Seconds(math.Round(d.Seconds()*10) / 10) }

// share is a part of a whole, to four digits.
func share(part, whole int) float64 { return math.Round(float64(part)/float64(whole)*1e4) / 1e4 }

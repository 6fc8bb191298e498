package simulate

import (
	"cmp"
	"context"
	"math"
	"slices"
	"time"

	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// Staffing is how many counters the days of a weekday need.
type Staffing struct {
	Weekday int    `json:"weekday"` // 1, Monday, to 7
	Days    int    `json:"days"`    // on which it was tried: a day that is drawn [planDraws] times
	Hours   []Hour `json:"hours"`   // from the first in which anybody comes to the last
	// Was and Planned are hours of counters attended on a day until the last comes, in the mean: as
	// it was, and as it is found.
	Was     float64 `json:"was_h"`
	Planned float64 `json:"planned_h"`
}

// Hour is how many counters an hour needs.
type Hour struct {
	Hour     int     `json:"hour"`     // 0 to 23
	Arrivals float64 `json:"arrivals"` // on a day, in the mean
	Was      float64 `json:"was"`      // counters attended, in the mean, from the first who came to the last
	Counters int     `json:"counters"` // needed
	Within   float64 `json:"within"`   // the share of those who come who are then called in less than the target
}

// planDraws is how often a day that the log doesn't have is drawn for a plan, which else would fit
// the chances of one.
const planDraws = 20

// staff finds for each weekday the smallest staffing that reaches the target in every hour: one
// from which no counter can be taken away in any hour.
func (p *past) staff(ctx context.Context, days []*day, q Question, told func(done int)) (list []Staffing, played []scene, err error) {
	done := 0
	for w := 1; w <= 7; w++ {
		s := search{past: p, target: q.Target, share: q.Share, goesOn: func() { told(done) }}
		asked := 0
		for _, d := range days {
			if int(d.date.Weekday()) != w%7 {
				continue
			}
			if err := ctx.Err(); err != nil {
				return nil, nil, err
			}
			told(done)
			asked++
			s.days = append(s.days, d)
			for draw := 1; d.real == nil && draw < planDraws; draw++ {
				if again := p.drawn(d.date, draw); again != nil {
					s.days = append(s.days, again)
				}
			}
		}
		if len(s.days) == 0 {
			continue
		}
		if err := s.find(ctx); err != nil {
			return nil, nil, err
		}
		list = append(list, s.staffing(w))
		for _, tried := range s.scenes {
			if slices.Contains(days, tried.day) {
				played = append(played, tried)
			}
		}
		done += asked
		told(done)
	}
	slices.SortFunc(played, func(a, b scene) int { return cmp.Compare(a.day.date, b.day.date) })
	return list, played, nil
}

// search is for the staffing of days of one weekday.
type search struct {
	past   *past
	target time.Duration
	share  float64
	days   []*day
	goesOn func() // is told of every try

	first  int   // hour
	plan   []int // counters of each hour from the first
	came   []int // of the hours
	within []int // who came in them and was called in time, by the plan
	least  []int // counters of the hours
	most   []int
	scenes []scene
}

// find finds the plan. It begins with what the visits alone would take, and adds a counter in the
// first hour that doesn't reach the target, or in the one before where that helps more, until all
// do. Then it takes away what isn't needed.
func (s *search) find(ctx context.Context) error {
	s.begin()
	if err := s.try(ctx); err != nil {
		return err
	}
	for h := s.short(); h < len(s.plan); h = s.short() {
		if err := s.more(ctx, h); err != nil {
			return err
		}
	}
	for less := true; less; {
		less = false
		for h := range s.plan {
			for _, before := range []int{0, 1} {
				taken, err := s.take(ctx, h, before)
				if err != nil {
					return err
				}
				less = less || taken
			}
		}
	}
	return s.try(ctx)
}

// take takes a counter away in an hour, or two for one that is added in the hour before, if that is
// still enough.
func (s *search) take(ctx context.Context, h, before int) (taken bool, err error) {
	if h < before || s.plan[h]-1-before < s.least[h] {
		return false, nil
	}
	change := func(by int) {
		s.plan[h] -= by * (1 + before)
		if before > 0 {
			s.plan[h-1] += by
		}
	}
	change(1)
	if err := s.try(ctx); err != nil {
		return false, err
	}
	if s.short() == len(s.plan) {
		return true, nil
	}
	change(-1)
	return false, nil
}

// more adds a counter in an hour, or in the one before.
func (s *search) more(ctx context.Context, h int) error {
	if h > 0 {
		s.plan[h-1]++
		if err := s.try(ctx); err != nil {
			return err
		}
		before := s.good()
		s.plan[h-1]--
		s.plan[h]++
		if err := s.try(ctx); err != nil {
			return err
		}
		if s.good() >= before {
			return nil
		}
		s.plan[h]--
		s.plan[h-1]++
	} else {
		s.plan[h]++
	}
	return s.try(ctx)
}

// good is how many are called in time.
func (s *search) good() (n int) {
	for _, within := range s.within {
		n += within
	}
	return n
}

// short is the first hour that doesn't reach the target and could have more counters.
func (s *search) short() int {
	for h := range s.plan {
		if !s.reached(h) && s.plan[h] < s.most[h] {
			return h
		}
	}
	return len(s.plan)
}

func (s *search) reached(hour int) bool {
	return float64(s.within[hour]) >= s.share*float64(s.came[hour])-1e-9
}

func (s *search) hour(t time.Time) int { return t.In(s.past.loc).Hour() }

// begin sets the hours, and what there is of counters in them at least and at most.
func (s *search) begin() {
	last := 0
	s.first = 23
	for _, d := range s.days {
		s.first, last = min(s.first, s.hour(d.comers[0].At)), max(last, s.hour(d.last))
	}
	n := last - s.first + 1
	s.plan, s.came, s.within, s.least, s.most = make([]int, n), make([]int, n), make([]int, n), make([]int, n), make([]int, n)
	work := make([]time.Duration, n)
	for _, d := range s.days {
		came := make([]int, n)
		for _, c := range d.comers {
			h := s.hour(c.At) - s.first
			came[h]++
			work[h] += c.Service + c.Tidy
		}
		for h := range came {
			s.came[h] += came[h]
			s.most[h] = max(s.most[h], came[h]+len(d.counters())) // all are called at once
		}
	}
	for h := range n {
		if s.came[h] > 0 {
			s.least[h] = 1
			s.plan[h] = max(1, int(work[h].Hours()/float64(len(s.days))))
		}
	}
}

// try plays the days by the plan.
func (s *search) try(ctx context.Context) error {
	clear(s.within)
	s.scenes = s.scenes[:0]
	s.goesOn()
	for _, d := range s.days {
		cfg, shifts := s.shifts(d)
		played, err := d.play(ctx, cfg, shifts)
		if err != nil {
			return err
		}
		s.scenes = append(s.scenes, played)
		for i := range played.visits {
			if v := &played.visits[i]; !v.Called.IsZero() && v.Called.Sub(v.Arrived) < s.target {
				s.within[s.hour(v.Arrived)-s.first]++
			}
		}
		for _, c := range played.turned { // more counters would help none of them
			s.within[s.hour(c.At)-s.first]++
		}
	}
	return nil
}

// shifts is a day by the plan: from when the first comes until when the last has been served.
func (s *search) shifts(d *day) (*queue.Config, []Shift) {
	cfg, ids, _ := d.further(slices.Max(s.plan))
	opens, closes := d.comers[0].At, d.closes()
	var shifts []Shift
	for k, id := range ids {
		for h := 0; h < len(s.plan); h++ {
			from := h
			for h < len(s.plan) && s.plan[h] > k {
				h++
			}
			begin, end := latest(s.begins(d, from), opens), earliest(s.begins(d, h), closes)
			if begin.Before(end) {
				shifts = append(shifts, Shift{Counter: id, From: begin, To: end, Stays: end.Equal(closes)})
			}
		}
	}
	return cfg, shifts
}

// begins is when an hour of the plan begins on a day.
func (s *search) begins(d *day, hour int) time.Time {
	return d.date.In(s.past.loc, calendar.Clock((s.first+hour)*60))
}

// staffing is what was found.
func (s *search) staffing(weekday int) Staffing {
	n := float64(len(s.days))
	f := Staffing{Weekday: weekday, Days: len(s.days)}
	var was []scene
	for _, d := range s.days {
		was = append(was, scene{day: d, shifts: d.shifts})
	}
	for h := range s.plan {
		hour := Hour{Hour: s.first + h, Counters: s.plan[h], Arrivals: hundredths(float64(s.came[h]) / n)}
		if s.came[h] > 0 {
			hour.Within = share(s.within[h], s.came[h])
		}
		hour.Was = s.past.attended(was, hour.Hour)
		f.Hours = append(f.Hours, hour)
	}
	for _, d := range s.days {
		_, plan := s.shifts(d)
		f.Was += attended(d.shifts, d.comers[0].At, d.last).Hours() / n
		f.Planned += attended(plan, d.comers[0].At, d.last).Hours() / n
	}
	f.Was, f.Planned = hundredths(f.Was), hundredths(f.Planned)
	return f
}

func hundredths(x float64) float64 { return math.Round(x*100) / 100 }

// attended is how long shifts are, in all, between two moments.
func attended(shifts []Shift, from, to time.Time) (all time.Duration) {
	for _, s := range shifts {
		all += max(0, earliest(s.To, to).Sub(latest(s.From, from)))
	}
	return all
}

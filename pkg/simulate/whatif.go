package simulate

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/visits"
)

// Question is what is asked of the past of an office: how its days would have been.
type Question struct {
	// From and To are the days that are asked about, both included; empty: all of the log. Those
	// that the log doesn't have are drawn from the others of their weekday.
	From, To calendar.Date
	// Counters is at how many counters clerks were; 0: as they were. Of fewer those are kept that
	// had the most visits, and that each channel needs; of more the first further one is like the
	// one that had the most, the next like the second, and so on.
	Counters int
	// More is at how many counters more clerks were on each day than there were, fewer if it is
	// below zero, but at one at least. One of Counters and More is 0.
	More int
	// Target and Share, where given, ask how many counters are needed, hour by hour, so that this
	// share (0 to 1) of those who come are called in less than the target.
	Target time.Duration
	Share  float64
	// Seed is of all that the log doesn't tell: the same has the same answer.
	Seed uint64
	// Progress, where given, is told how many of the days have been played; of those that are
	// played many times, once. It is told the same again while such a search goes on.
	Progress func(done, of int)
}

// Answer is what would have been.
type Answer struct {
	From   calendar.Date `json:"from"` // of the days played
	To     calendar.Date `json:"to"`
	Days   int           `json:"days"`
	Drawn  int           `json:"drawn"` // days that the log doesn't have
	Seed   uint64        `json:"seed"`
	Least  int           `json:"least_counters"` // used on a day, as it was
	Most   int           `json:"most_counters"`
	Asked  int           `json:"counters"` // in all; 0: as they were, but for More
	More   int           `json:"more"`     // than there were
	Target queue.Seconds `json:"target_s"`
	Share  float64       `json:"share"`
	// Real is what the log tells, nil if any of the days is drawn. Model is the same by the
	// simulator, WhatIf with the number of counters that was asked about, Planned with the staffing
	// that was found.
	Real    *Figures `json:"real"`
	Model   Figures  `json:"model"`
	WhatIf  *Figures `json:"what_if"`
	Planned *Figures `json:"planned"`
	// Error is how wrong the model is on the days of the log that were asked about, or on all of
	// them if there are none.
	Error     Error      `json:"error"`
	ByHour    []Row      `json:"by_hour"`    // of the arrival, "08"
	ByChannel []Row      `json:"by_channel"` // in the order of the configuration, or of the log
	Attended  []Attended `json:"attended"`   // the hours of ByHour
	Staffing  []Staffing `json:"staffing"`
	// Demand is how many were expected on the days that are drawn, nil if there are none.
	Demand *Demand `json:"demand"`
	// Assumed says in an Italian sentence what was supposed.
	Assumed string `json:"assumed"`
}

// Row is a part of the visits.
type Row struct {
	Key     string     `json:"key"`
	Names   queue.Text `json:"names,omitempty"` // of a channel that the configuration has
	Real    *Figures   `json:"real"`
	Model   *Figures   `json:"model"`
	WhatIf  *Figures   `json:"what_if"`
	Planned *Figures   `json:"planned"`
}

// Error is how much the simulator is off when it plays days as they were.
type Error struct {
	Days  int           `json:"days"`
	Mean  queue.Seconds `json:"mean_s"`  // the model's mean wait, less the real one
	P90   queue.Seconds `json:"p90_s"`   // and so on
	Late  float64       `json:"late"`    // and so on
	Hours queue.Seconds `json:"hours_s"` // by how much the mean wait of those who come in an hour is off, in the mean of those who come
}

// Attended is at how many counters clerks were in an hour of a day, in the mean of the days that
// have it, from the first who came to the last.
type Attended struct {
	Hour    int      `json:"hour"` // 0 to 23
	Was     float64  `json:"was"`
	WhatIf  *float64 `json:"what_if"`
	Planned *float64 `json:"planned"`
}

// What a question may ask for at most.
const (
	MaxDays   = 366 // of those named
	MaxTarget = 24 * time.Hour
)

// ErrNoDays says that there is nothing to play: the days that are asked about aren't in the log,
// and no day of their weekdays is, or the office is closed on them.
var ErrNoDays = errors.New("no day to play")

// ErrTooLong says that more than [MaxDays] are asked about.
var ErrTooLong = errors.New("too many days to play")

// History is what is known of the past of an office.
type History struct {
	// Log is the visits that are known in detail: days of it are played, others drawn from it.
	Log []visits.Visit
	// Counts is what is learned of how many come; none: the log's.
	Counts []visits.Count
}

// Ask answers a question of a history, of whose log the configuration is taken if none is given.
// It fails with [ErrNobody], [ErrNoDays] and [ErrTooLong], and when the context ends.
func Ask(ctx context.Context, h History, cfg *queue.Config, q Question) (*Answer, error) {
	p, err := read(h, cfg, q.Seed)
	if err != nil {
		return nil, err
	}
	days, err := p.asked(q.From, q.To)
	if err != nil {
		return nil, err
	}
	a := &Answer{
		From: days[0].date, To: days[len(days)-1].date, Days: len(days), Seed: q.Seed, Asked: q.Counters, More: q.More,
		Target: queue.Seconds(q.Target.Seconds()), Share: q.Share, Least: len(p.config.Counters),
	}
	var drawn []calendar.Date
	for _, d := range days {
		if d.real == nil {
			drawn = append(drawn, d.date)
		}
		used := len(d.use)
		a.Least, a.Most = min(a.Least, used), max(a.Most, used)
	}
	if a.Drawn = len(drawn); a.Drawn > 0 {
		a.Demand = Expect(p.counts, drawn, func(calendar.Date) bool { return true })
	}
	a.Assumed = a.assumed(cfg != nil)
	return a, p.answer(ctx, a, days, q)
}

// asked are the days of a question.
func (p *past) asked(from, to calendar.Date) (days []*day, err error) {
	named := from != "" || to != ""
	if from == "" {
		from = p.days[0].date
	}
	if to == "" {
		to = p.days[len(p.days)-1].date
	}
	if named && from.Plus(MaxDays) <= to {
		return nil, ErrTooLong
	}
	known := map[calendar.Date]*day{}
	for _, d := range p.days {
		known[d.date] = d
	}
	for date := from; date <= to; date = date.Next() {
		d := known[date]
		if d == nil && (date < p.days[0].date || date > p.days[len(p.days)-1].date) {
			d = p.drawn(date, 0)
		}
		if d != nil {
			days = append(days, d)
		}
	}
	if len(days) == 0 {
		return nil, ErrNoDays
	}
	return days, nil
}

// scene is a day that was played, in one of the ways that are compared.
type scene struct {
	day    *day
	shifts []Shift
	visits []visits.Visit
	turned []Comer
}

func (d *day) play(ctx context.Context, cfg *queue.Config, shifts []Shift) (scene, error) {
	if err := ctx.Err(); err != nil {
		return scene{}, err
	}
	r, err := Run(Plan{Config: cfg, Comers: d.comers, Shifts: shifts})
	if err != nil {
		return scene{}, fmt.Errorf("play %s: %w", d.date, err)
	}
	s := scene{day: d, shifts: shifts, visits: r.Visits}
	for _, t := range r.Turned {
		s.turned = append(s.turned, d.comers[t.Comer])
	}
	return s, nil
}

// counters is how many a question asks about on a day; 0: as they were.
func (q *Question) counters(d *day) int {
	if q.More != 0 {
		return max(1, len(d.use)+q.More)
	}
	return q.Counters
}

// answer fills in what comes out.
func (p *past) answer(ctx context.Context, a *Answer, days []*day, q Question) error {
	var was, model, other, planned []scene
	told := func(done int) {
		if q.Progress != nil {
			q.Progress(done, len(days))
		}
	}
	for i, d := range days {
		if d.real != nil {
			was = append(was, scene{day: d, visits: d.real})
		}
		s, err := d.play(ctx, d.config, d.shifts)
		if err != nil {
			return err
		}
		model = append(model, s)
		if n := q.counters(d); n > 0 {
			cfg, shifts := d.staffed(n)
			if s, err = d.play(ctx, cfg, shifts); err != nil {
				return err
			}
			other = append(other, s)
		}
		if q.Target == 0 {
			told(i + 1)
		}
	}
	if q.Target > 0 {
		var err error
		if a.Staffing, planned, err = p.staff(ctx, days, q, told); err != nil {
			return err
		}
	}
	if err := p.judge(ctx, a, was, model); err != nil {
		return err
	}
	if len(was) < len(days) {
		was = nil
	}
	p.compare(a, q.Target, was, model, other, planned)
	return nil
}

// compare sums up the ways in which the days were played. One that wasn't is nil.
func (p *past) compare(a *Answer, target time.Duration, was, model, other, planned []scene) {
	hour := func(at time.Time, _ string) string { return at.In(p.loc).Format("15") }
	channel := func(_ time.Time, ch string) string { return ch }
	all := func(time.Time, string) string { return "" }
	var order []string
	for i := range p.config.Channels {
		order = append(order, string(p.config.Channels[i].ID))
	}
	a.ByHour = rows(target, hour, cmp.Compare[string], was, model, other, planned)
	a.ByChannel = rows(target, channel, func(x, y string) int {
		return cmp.Compare(slices.Index(order, x), slices.Index(order, y))
	}, was, model, other, planned)
	for i := range a.ByChannel {
		r := &a.ByChannel[i]
		r.Names = p.config.Channel(queue.ChannelID(r.Key)).Name
	}
	whole := rows(target, all, cmp.Compare[string], was, model, other, planned)[0]
	a.Real, a.Model, a.WhatIf, a.Planned = whole.Real, *whole.Model, whole.WhatIf, whole.Planned
	for _, r := range a.ByHour {
		h, _ := strconv.Atoi(r.Key)
		at := Attended{Hour: h, Was: p.attended(model, h)}
		if other != nil {
			at.WhatIf = new(p.attended(other, h))
		}
		if planned != nil {
			at.Planned = new(p.attended(planned, h))
		}
		a.Attended = append(a.Attended, at)
	}
}

// attended is how many counters were attended in an hour of the clock, in the mean of the days that
// it is of, as far as people came in it.
func (p *past) attended(list []scene, hour int) float64 {
	var there, all time.Duration
	for _, s := range list {
		d := s.day
		from, to := d.date.In(p.loc, calendar.Clock(hour*60)), d.date.In(p.loc, calendar.Clock((hour+1)*60))
		from, to = latest(from, d.comers[0].At), earliest(to, d.last)
		if from.Before(to) {
			there, all = there+attended(s.shifts, from, to), all+to.Sub(from)
		}
	}
	if all == 0 {
		return 0
	}
	return hundredths(float64(there) / float64(all))
}

// rows sums visits up by keys, in their order.
func rows(target time.Duration, key func(at time.Time, ch string) string, order func(a, b string) int, ways ...[]scene) []Row {
	sums := map[string]*[4]*sum{}
	of := func(k string, way int) *sum {
		if sums[k] == nil {
			sums[k] = new([4]*sum)
			for i, scenes := range ways {
				if scenes != nil {
					sums[k][i] = &sum{target: target}
				}
			}
		}
		return sums[k][way]
	}
	for way, scenes := range ways {
		for _, s := range scenes {
			for i := range s.visits {
				of(key(s.visits[i].Arrived, s.visits[i].Channel), way).add(&s.visits[i])
			}
			for _, c := range s.turned {
				of(key(c.At, string(c.Channel)), way).f.Turned++
			}
		}
	}
	var list []Row
	for _, k := range slices.SortedFunc(maps.Keys(sums), order) {
		r := Row{Key: k}
		for i, to := range []**Figures{&r.Real, &r.Model, &r.WhatIf, &r.Planned} {
			if s := sums[k][i]; s != nil {
				*to = new(s.figures())
			}
		}
		list = append(list, r)
	}
	return list
}

// judge says how wrong the model is, by days that were real.
func (p *past) judge(ctx context.Context, a *Answer, was, model []scene) error {
	model = slices.DeleteFunc(slices.Clone(model), func(s scene) bool { return s.day.real == nil })
	if len(was) == 0 {
		for _, d := range p.days {
			s, err := d.play(ctx, d.config, d.shifts)
			if err != nil {
				return err
			}
			was, model = append(was, scene{day: d, visits: d.real}), append(model, s)
		}
	}
	all := rows(0, func(time.Time, string) string { return "" }, cmp.Compare[string], was, model)[0]
	a.Error = Error{
		Days: len(was), Mean: queue.Seconds(math.Round(float64(all.Model.Mean-all.Real.Mean)*10) / 10),
		P90:  queue.Seconds(math.Round(float64(all.Model.P90-all.Real.P90)*10) / 10),
		Late: math.Round((all.Model.Late-all.Real.Late)*1e4) / 1e4,
	}
	hours := rows(0, func(at time.Time, _ string) string { return at.In(p.loc).Format("2006-01-02 15") }, cmp.Compare[string], was, model)
	off, n := 0., 0
	for _, h := range hours {
		off += math.Abs(float64(h.Model.Mean-h.Real.Mean)) * float64(h.Real.Visits)
		n += h.Real.Visits
	}
	a.Error.Hours = queue.Seconds(math.Round(off/float64(n)*10) / 10)
	return nil
}

// counters are those that somebody was at on a day: first those that a channel needs, then by
// visits, the most first.
func (d *day) counters() []queue.CounterID {
	rest := slices.Collect(maps.Keys(d.use))
	if len(rest) == 0 { // nobody was called
		rest = append(rest, d.config.Counters[0].ID)
	}
	slices.SortFunc(rest, d.byUse)
	need := map[queue.ChannelID]bool{}
	for _, c := range d.comers {
		need[c.Channel] = true
	}
	var first []queue.CounterID
	for len(need) > 0 {
		i := slices.IndexFunc(rest, func(id queue.CounterID) bool {
			for ch := range need {
				if servesChannel(d.config.Counter(id), ch) {
					return true
				}
			}
			return false
		})
		if i < 0 {
			break
		}
		maps.DeleteFunc(need, func(ch queue.ChannelID, _ bool) bool { return servesChannel(d.config.Counter(rest[i]), ch) })
		first = append(first, rest[i])
		rest = slices.Delete(rest, i, i+1)
	}
	return append(first, rest...)
}

// byUse compares counters by their visits, the most first.
func (d *day) byUse(a, b queue.CounterID) int {
	return cmp.Or(cmp.Compare(d.use[b], d.use[a]), cmp.Compare(a, b))
}

// further are the names of so many counters of the day, or like them: the first that is new is like
// the busiest of the day, the next like the second, and so on. The configuration has them. Like
// says of each which one it is, or is like.
func (d *day) further(n int) (cfg *queue.Config, ids []queue.CounterID, like map[queue.CounterID]queue.CounterID) {
	ids, like = d.counters(), map[queue.CounterID]queue.CounterID{}
	byUse := slices.SortedFunc(slices.Values(ids), d.byUse)
	cfg = new(*d.config)
	cfg.Counters = slices.Clone(cfg.Counters)
	for i := 0; len(ids) < n; i++ {
		added := *cfg.Counter(byUse[i%len(byUse)])
		id := queue.CounterID(fmt.Sprintf("%s+%d", added.ID, 1+i/len(byUse)))
		ids, like[id] = append(ids, id), added.ID
		added.ID = id
		cfg.Counters = append(cfg.Counters, added)
	}
	for _, id := range d.counters() {
		like[id] = id
	}
	return cfg, ids[:n], like
}

// staffed is the day with so many counters in all.
func (d *day) staffed(n int) (*queue.Config, []Shift) {
	cfg, ids, like := d.further(n)
	var shifts []Shift
	for _, id := range ids {
		for _, s := range d.shifts {
			if s.Counter == like[id] {
				s.Counter = id
				shifts = append(shifts, s)
			}
		}
	}
	return cfg, d.closed(shifts)
}

// closed has clerks stay until nobody waits, those who are there the longest if no other does: who
// has a ticket is served.
func (d *day) closed(shifts []Shift) []Shift {
	if len(shifts) == 0 || slices.ContainsFunc(shifts, func(s Shift) bool { return s.Stays }) {
		return shifts
	}
	last := slices.MaxFunc(shifts, func(a, b Shift) int { return a.To.Compare(b.To) }).To
	for i := range shifts {
		if s := &shifts[i]; s.To.Equal(last) {
			s.Stays = true
			s.To = latest(last, d.closes())
		}
	}
	return shifts
}

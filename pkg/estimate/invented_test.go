package estimate

import (
	"cmp"
	"container/heap"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/eliminacode/eliminacode/pkg/visits"
)

// place is somewhere that people wait, whose log is replayed. Its rules aren't those of package
// queue: who serves a channel calls whoever came first for it.
type place struct {
	seed     uint64
	days     int
	rate     float64 // how many come in an hour, in the mean
	counters int
	channels int
	reserved bool    // every counter serves one channel, or else all
	visit    float64 // s, in the mean
	sigma    float64 // of the logarithm of a visit's length; 0: 0.8
	hours    float64 // it opens at eight for so many; 0: 9
	busy     float64 // by how much there come more at the busiest time, as a share; 0: 0.4
	rushes   bool    // once a day three times as many come for forty minutes
	absent   float64 // share of those called
	leave    float64 // share of those who have no patience
	vip      float64 // share of those who are called before others
	slots    bool    // people come by appointment, early, and aren't called before it
	lunch    bool    // all counters but one close for an hour
	late     bool    // the counters open one by one in the first hour, and close as late
	nameless bool    // nobody noted the counters
	minutes  bool    // clocks show minutes
	zero     float64 // share of visits of no length
	overlaps float64 // share of visits that end in the log long after the next one began
	summer   bool    // its days are those in which summer time ends
}

// one is somebody in a place.
type one struct {
	visits.Visit
	takes, patience float64
	from            time.Time // not called before
	vip             bool
}

// instant is when something may happen in a place: somebody comes, or a counter is free.
type instant struct {
	at      time.Time
	counter int // -1: somebody comes
	who     int
}

type instants []instant

func (h instants) Len() int { return len(h) }
func (h instants) Less(i, j int) bool {
	return cmp.Or(h[i].at.Compare(h[j].at), cmp.Compare(h[i].counter, h[j].counter), cmp.Compare(h[i].who, h[j].who)) < 0
}
func (h instants) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *instants) Push(x any)   { *h = append(*h, x.(instant)) }
func (h *instants) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}

func second(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// log plays the place, and writes its log as it would be read.
func (p *place) log() (log []visits.Visit) {
	r := rand.New(rand.NewPCG(p.seed, 7))
	zone := time.FixedZone("", 7200)
	clerks := make([]float64, p.counters)
	for k := range clerks {
		clerks[k] = math.Exp(0.2 * r.NormFloat64())
	}
	first := time.Date(2026, 10, 5, 8, 0, 0, 0, zone)
	for n := range p.days {
		if p.summer && n == p.days/2 {
			zone = time.FixedZone("", 3600)
		}
		d := first.AddDate(0, 0, n)
		if !p.summer && d.Weekday() == time.Sunday {
			continue
		}
		day := time.Date(d.Year(), d.Month(), d.Day(), 8, 0, 0, 0, zone)
		log = append(log, p.day(r, day, clerks)...)
	}
	slices.SortStableFunc(log, func(a, b visits.Visit) int { return a.Arrived.Compare(b.Arrived) })
	return log
}

func (p *place) day(r *rand.Rand, opens time.Time, clerks []float64) (log []visits.Visit) {
	all := p.comers(r, opens)
	pace := math.Exp(0.12 * r.NormFloat64())
	var next instants
	for i := range all {
		heap.Push(&next, instant{all[i].Arrived, -1, i})
		if all[i].from.After(all[i].Arrived) {
			heap.Push(&next, instant{all[i].from, -1, -1})
		}
	}
	hours := cmp.Or(p.hours, 9)
	closes := opens.Add(second(hours * 3600))
	lunch := opens.Add(5 * time.Hour)
	idle := map[int]bool{}
	for k := range p.counters {
		at := opens.Add(second(200 * r.ExpFloat64()))
		if p.late && k > 0 {
			at = opens.Add(second(3600 * r.Float64()))
		}
		heap.Push(&next, instant{at, k, 0})
	}
	var line []int
	for len(next) > 0 {
		m := heap.Pop(&next).(instant)
		switch {
		case m.counter < 0 && m.who >= 0:
			line = append(line, m.who)
		case m.counter >= 0 && p.lunch && m.counter > 0 && !m.at.Before(lunch) && m.at.Before(lunch.Add(time.Hour)):
			heap.Push(&next, instant{lunch.Add(time.Hour + second(200*r.ExpFloat64())), m.counter, 0})
		case m.counter >= 0 && p.late && m.counter%2 == 1 && m.at.After(closes.Add(-time.Hour)): // goes
		case m.counter >= 0:
			idle[m.counter] = true
		}
		for k := range p.counters {
			if !idle[k] {
				continue
			}
			i := slices.IndexFunc(line, func(i int) bool {
				return !(p.reserved && all[i].Channel != fmt.Sprint("c", k%p.channels)) && !all[i].from.After(m.at)
			})
			if i < 0 {
				continue
			}
			if v := slices.IndexFunc(line, func(i int) bool {
				return all[i].vip && !(p.reserved && all[i].Channel != fmt.Sprint("c", k%p.channels)) && !all[i].from.After(m.at)
			}); v >= 0 {
				i = v
			}
			x := &all[line[i]]
			line = slices.Delete(line, i, i+1)
			if gone := x.Arrived.Add(second(x.patience)); x.patience > 0 && gone.Before(m.at) {
				x.Ended, x.Outcome = gone, visits.Left
				idle[k] = true
				heap.Push(&next, instant{m.at, k, 0})
				idle[k] = false
				continue
			}
			x.Called = m.at
			x.Outcome = visits.Served
			lasts := second(x.takes * pace * clerks[k])
			if r.Float64() < p.absent {
				x.Outcome, lasts = visits.Absent, second(60+30*r.Float64())
			}
			if r.Float64() < p.zero {
				lasts = 0
			}
			x.Ended = x.Called.Add(lasts)
			free := x.Ended.Add(second(5 + 10*r.ExpFloat64()))
			if r.Float64() < 0.02 { // goes for a while
				free = free.Add(second(900 * r.Float64()))
			}
			if r.Float64() < p.overlaps {
				x.Ended = free.Add(second(300))
			}
			if !p.nameless {
				x.Counter = fmt.Sprint(k + 1)
			}
			idle[k] = false
			heap.Push(&next, instant{free, k, 0})
		}
	}
	for i := range all {
		x := &all[i]
		if x.Called.IsZero() && x.Outcome == "" {
			x.Outcome = visits.Left
		}
		step := time.Second
		if p.minutes {
			step = time.Minute
		}
		for _, t := range []*time.Time{&x.Arrived, &x.Called, &x.Ended} {
			if !t.IsZero() {
				*t = t.Truncate(step)
			}
		}
		log = append(log, x.Visit)
	}
	return log
}

// comers are those of a day.
func (p *place) comers(r *rand.Rand, opens time.Time) (all []one) {
	hours := cmp.Or(p.hours, 9)
	sigma := cmp.Or(p.sigma, 0.8)
	rush := hours * 3600 * r.Float64()
	day := math.Exp(0.15 * r.NormFloat64())
	for at := -600.; at < (hours-0.3)*3600; {
		rate := p.rate / 3600 * day * (1 + cmp.Or(p.busy, 0.4)*math.Sin(at/3600*math.Pi/2.5))
		if p.rushes && at > rush && at < rush+2400 {
			rate *= 3
		}
		at += r.ExpFloat64() / max(rate, 1e-4)
		c := int(float64(p.channels) * r.Float64() * r.Float64())
		if p.reserved {
			c = r.IntN(p.channels)
		}
		x := one{Visit: visits.Visit{Arrived: opens.Add(second(at)), Channel: fmt.Sprint("c", c)}}
		x.takes = p.visit * (0.7 + 0.6*float64(c+1)/float64(p.channels+1)) * math.Exp(sigma*r.NormFloat64()-sigma*sigma/2)
		if r.Float64() < p.leave {
			x.patience = 1200 * r.ExpFloat64()
		}
		x.vip = r.Float64() < p.vip
		if p.slots {
			x.from = x.Arrived.Truncate(10 * time.Minute).Add(10 * time.Minute)
		}
		all = append(all, x)
	}
	return all
}

// places are those whose logs are replayed. In each of them most of the counters' time is used.
func places(seed uint64) map[string]place {
	usual := place{seed: seed, days: 30, rate: 40, counters: 4, channels: 3, visit: 280}
	of := func(change func(p *place)) place {
		p := usual
		change(&p)
		return p
	}
	return map[string]place{
		"usual":        usual,
		"5 an hour":    of(func(p *place) { p.days, p.rate, p.counters, p.visit = 60, 5, 1, 480 }),
		"20 an hour":   of(func(p *place) { p.days, p.rate, p.counters, p.visit = 40, 20, 3, 420 }),
		"60 an hour":   of(func(p *place) { p.days, p.rate, p.counters, p.visit = 15, 60, 5, 240 }),
		"200 an hour":  of(func(p *place) { p.days, p.rate, p.counters, p.visit = 8, 200, 8, 115 }),
		"400 an hour":  of(func(p *place) { p.days, p.rate, p.counters, p.visit = 5, 400, 12, 85 }),
		"200, rushes":  of(func(p *place) { p.days, p.rate, p.counters, p.visit, p.rushes = 8, 200, 10, 110, true }),
		"400, rushes":  of(func(p *place) { p.days, p.rate, p.counters, p.visit, p.rushes = 5, 400, 16, 85, true }),
		"rushes":       of(func(p *place) { p.rushes, p.counters = true, 5 }),
		"sparse":       of(func(p *place) { p.days, p.rate, p.counters, p.visit = 40, 1.5, 1, 400 }),
		"one channel":  of(func(p *place) { p.channels = 1 }),
		"one counter":  of(func(p *place) { p.counters, p.rate = 1, 9 }),
		"reserved":     of(func(p *place) { p.reserved, p.counters, p.channels, p.rate = true, 6, 3, 55 }),
		"appointments": of(func(p *place) { p.slots, p.absent = true, 0.08 }),
		"absent":       of(func(p *place) { p.absent, p.leave = 0.2, 0.3 }),
		"vip":          of(func(p *place) { p.vip = 0.15 }),
		"lunch":        of(func(p *place) { p.lunch, p.rate = true, 34 }),
		"late":         of(func(p *place) { p.late, p.rate = true, 36 }),
		"one week":     of(func(p *place) { p.days = 7 }),
		"first days":   of(func(p *place) { p.days = 2 }),
		"minutes":      of(func(p *place) { p.minutes = true }),
		"zero":         of(func(p *place) { p.zero = 0.15 }),
		"overlaps":     of(func(p *place) { p.overlaps = 0.1 }),
		"nameless":     of(func(p *place) { p.nameless = true }),
		"summer":       of(func(p *place) { p.summer = true }),
		"all day":      of(func(p *place) { p.hours, p.days = 24, 12 }),
		"long visits":  of(func(p *place) { p.visit, p.rate, p.sigma = 1500, 7.5, 1.1 }),
		"overfull":     of(func(p *place) { p.rate = 60; p.leave = 0.5 }),
	}
}

package simulate_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/simulate"
	"github.com/eliminacode/eliminacode/pkg/visits"
)

// invented is the log of an office that was open on some days from Monday 2 March 2026, from 8:00
// to 12:00, with as many counters, people who come every so often and visits of ten minutes in the
// mean.
func invented(t *testing.T, days, counters int, every time.Duration, change func([]simulate.Shift) []simulate.Shift) (log []visits.Visit) {
	t.Helper()
	r := rand.New(rand.NewPCG(7, 7))
	for d := range days {
		begin := time.Date(2026, 3, 2+d, 8, 0, 0, 0, rome)
		p := simulate.Plan{Config: office(2, counters)}
		for i := range counters {
			p.Shifts = append(p.Shifts, simulate.Shift{
				Counter: queue.CounterID(fmt.Sprint(i + 1)), From: begin, To: begin.Add(4 * time.Hour), Stays: true,
			})
		}
		if change != nil {
			p.Shifts = change(p.Shifts)
		}
		for at := begin; ; {
			if at = at.Add(seconds(every.Seconds() * r.ExpFloat64()).Round(time.Second)); at.Sub(begin) >= 4*time.Hour {
				break
			}
			c := comer(at, seconds(60+540*r.ExpFloat64()).Round(time.Second))
			c.Channel, c.Tidy = queue.ChannelID(rune('a'+r.IntN(2))), seconds(float64(r.IntN(30)))
			if r.IntN(4) == 0 {
				c.Stays = seconds(300 + 1800*r.ExpFloat64()).Round(time.Second)
			}
			p.Comers = append(p.Comers, c)
		}
		log = append(log, play(t, p).Visits...)
	}
	return log
}

func ask(t *testing.T, log []visits.Visit, cfg *queue.Config, q simulate.Question) *simulate.Answer {
	t.Helper()
	a, err := simulate.Ask(t.Context(), simulate.History{Log: log}, cfg, q)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// TestModelIsRight holds the simulator to offices whose truth is known: of five days played from
// their log alone, in which one counter opens an hour later than the others and one is left for
// half an hour, the waits come close to what they were, on crowded days and on calm ones.
func TestModelIsRight(t *testing.T) {
	t.Parallel()
	for _, every := range []time.Duration{200 * time.Second, 260 * time.Second, 360 * time.Second} {
		log := invented(t, 5, 3, every, func(s []simulate.Shift) []simulate.Shift {
			s[1].From = s[1].From.Add(time.Hour)
			s = append(s, s[2])
			s[2].To, s[2].Stays = s[2].From.Add(90*time.Minute), false
			s[3].From = s[2].To.Add(30 * time.Minute)
			return s
		})
		a := ask(t, log, nil, simulate.Question{Seed: 1})
		if a.Real == nil || a.Days != 5 || a.Least != 3 || a.Most != 3 || a.Drawn != 0 || a.Error.Days != 5 || a.Model.Visits != a.Real.Visits {
			t.Fatalf("%+v", a)
		}
		if a.WhatIf != nil || a.Planned != nil || a.Staffing != nil {
			t.Errorf("nobody has asked: %+v", a)
		}
		most := 15 + 0.05*float64(a.Real.Mean)
		if off := math.Abs(float64(a.Error.Mean)); off > most || float64(a.Error.Hours) > 2*most {
			t.Errorf("every %v: the model is off by %+v, of %+v", every, a.Error, a.Real)
		}
		if said := float64(a.Error.Mean); math.Abs(said-float64(a.Model.Mean-a.Real.Mean)) > 0.06 {
			t.Errorf("the model is off by %+v, and is %+v instead of %+v", a.Error, a.Model, a.Real)
		}
	}
}

// TestFigures counts a log by hand.
func TestFigures(t *testing.T) {
	t.Parallel()
	log := []visits.Visit{
		{Arrived: at(9, 0), Called: at(9, 0), Ended: at(9, 30), Channel: "a", Counter: "1", Outcome: visits.Served},
		{Arrived: at(9, 1), Called: at(9, 30), Ended: at(9, 31), Channel: "b", Counter: "1", Outcome: visits.Absent},
		{Arrived: at(9, 2), Called: at(9, 31), Ended: at(10, 0), Channel: "a", Counter: "1", Outcome: visits.Served},
		{Arrived: at(9, 3), Ended: at(9, 13), Channel: "a", Outcome: visits.Left},
		{Arrived: at(10, 0), Channel: "a", Outcome: visits.Left},
	}
	a := ask(t, log, nil, simulate.Question{Target: 10 * time.Minute, Share: 0.9})
	want := &simulate.Figures{Visits: 5, Served: 2, Absent: 1, Left: 2, Mean: 1020, P50: 600, P90: 1740, Late: 0.5, Within: 0.2}
	if d := gocmp.Diff(want, a.Real); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	var hours, channels []string
	for _, r := range a.ByHour {
		hours = append(hours, fmt.Sprint(r.Key, " ", r.Real.Visits))
	}
	for _, r := range a.ByChannel {
		channels = append(channels, fmt.Sprint(r.Key, " ", r.Real.Visits))
	}
	if !slices.Equal(hours, []string{"09 4", "10 1"}) || !slices.Equal(channels, []string{"a 4", "b 1"}) {
		t.Error(hours, channels)
	}
}

// TestCounters wants more counters to have people wait less, and fewer to have them wait more and
// leave more; the same number changes nothing.
func TestCounters(t *testing.T) {
	t.Parallel()
	log := invented(t, 2, 3, 200*time.Second, nil)
	figures := map[int]*simulate.Figures{}
	for n := 1; n <= 5; n++ {
		a := ask(t, log, nil, simulate.Question{Counters: n, Seed: 1})
		figures[n] = a.WhatIf
		if f := a.WhatIf; f.Served+f.Absent+f.Left != f.Visits || f.Visits != len(log) || f.Turned != 0 {
			t.Errorf("somebody is lost: %+v", f)
		}
		if n == 3 {
			if d := gocmp.Diff(&a.Model, a.WhatIf); d != "" {
				t.Errorf("as many counters (-model +what if):\n%s", d)
			}
		}
		if n == 1 && a.WhatIf.Left < 2*a.Real.Left {
			t.Errorf("who was called would have left later: %+v, %+v", a.Real, a.WhatIf)
		}
		if n > 1 && (figures[n].Mean >= figures[n-1].Mean || figures[n].Left > figures[n-1].Left) {
			t.Errorf("with %d counters %+v, with %d %+v", n-1, figures[n-1], n, figures[n])
		}
	}
}

// TestFewerKeepsWhatIsNeeded takes counters away: the busiest goes before the only one of a
// channel.
func TestFewerKeepsWhatIsNeeded(t *testing.T) {
	t.Parallel()
	c := office(2, 3)
	for i, ch := range []queue.ChannelID{"a", "a", "b"} {
		c.Counters[i].Serves, c.Counters[i].Others = []queue.Serve{{Channel: ch}}, queue.OthersNever
	}
	var log []visits.Visit
	for i := range 9 {
		from := at(9, 10*i)
		log = append(log, visits.Visit{Arrived: from, Called: from, Ended: from.Add(5 * minute), Channel: "a", Counter: "1", Outcome: visits.Served})
		if i%2 == 0 {
			log = append(log, visits.Visit{Arrived: from, Called: from, Ended: from.Add(5 * minute), Channel: "a", Counter: "2", Outcome: visits.Served})
		}
	}
	log = append(log, visits.Visit{Arrived: at(10, 30), Called: at(10, 30), Ended: at(10, 35), Channel: "b", Counter: "3", Outcome: visits.Served})
	a := ask(t, log, c, simulate.Question{Counters: 2, Seed: 1})
	if a.WhatIf.Served != len(log) || a.WhatIf.Mean == 0 {
		t.Errorf("with counters 1 and 3 all are served, some later: %+v", a.WhatIf)
	}
}

// TestClosing wants all clerks who were there when the last came to stay until nobody waits, and
// where none of those that are left was, those who were there the longest.
func TestClosing(t *testing.T) {
	t.Parallel()
	var log []visits.Visit
	for i := range 9 { // at three counters, half an hour each
		called := at(9, i%3+30*(i/3))
		log = append(log, visits.Visit{
			Arrived: at(9, i), Called: called, Ended: called.Add(30 * minute), Channel: "a", Counter: fmt.Sprint(i%3 + 1), Outcome: visits.Served,
		})
	}
	a := ask(t, log, nil, simulate.Question{Counters: 2, Seed: 1})
	waited := 0 // of nine at two counters
	for i := range 9 {
		waited += i%2 + 30*(i/2) - i
	}
	if mean := float64(waited) * 60 / 9; a.WhatIf.Served != 9 || math.Abs(float64(a.WhatIf.Mean)-mean) > 0.1 {
		t.Errorf("%+v, want a mean of %.1f s", a.WhatIf, mean)
	}

	log = append(log[:1:1], visits.Visit{Arrived: at(13, 0), Called: at(13, 0), Ended: at(13, 5), Channel: "a", Counter: "4", Outcome: visits.Served})
	if a := ask(t, log, nil, simulate.Question{Counters: 1, Seed: 1}); a.WhatIf.Served != 2 {
		t.Errorf("who came last got no turn: %+v", a.WhatIf)
	}
}

// TestWhatTheLogDoesNotTell wants a clerk to tidy up also where nobody waited for that, and who
// left to take as long as others, had there been a turn.
func TestWhatTheLogDoesNotTell(t *testing.T) {
	t.Parallel()
	visit := func(came, called, ended time.Time) visits.Visit {
		return visits.Visit{Arrived: came, Called: called, Ended: ended, Channel: "a", Counter: "1", Outcome: visits.Served}
	}
	tidied := []visits.Visit{visit(at(9, 0), at(9, 0), at(9, 10)), visit(at(9, 5), at(9, 12), at(9, 20)), visit(at(9, 21), at(9, 21), at(9, 31))}
	if a := ask(t, tidied, nil, simulate.Question{Seed: 1}); a.Real.Mean != 140 || a.Model.Mean != 160 {
		t.Errorf("%+v, %+v", a.Real, a.Model)
	}
	left := []visits.Visit{
		visit(at(9, 0), at(9, 0), at(9, 30)), {Arrived: at(9, 1), Ended: at(9, 11), Channel: "a", Outcome: visits.Left}, visit(at(9, 2), at(9, 30), at(10, 0)),
	}
	if a := ask(t, left, nil, simulate.Question{Counters: 2, Seed: 1}); a.WhatIf.Served != 3 || a.WhatIf.P90 != 28*60 {
		t.Errorf("%+v, %+v", a.Real, a.WhatIf)
	}
}

// TestStaffing wants the staffing that is found to reach the target in every hour, with no more
// than it takes for less.
func TestStaffing(t *testing.T) {
	t.Parallel()
	log := invented(t, 10, 3, 150*time.Second, nil)
	a := ask(t, log, nil, simulate.Question{Target: 15 * time.Minute, Share: 0.9, Seed: 1})
	if len(a.Staffing) != 7 || a.Planned == nil || a.Planned.Within < 0.9 || a.Real.Within >= 0.9 {
		t.Fatalf("%+v", a)
	}
	for _, s := range a.Staffing {
		days := 1
		if s.Weekday <= 3 { // until Wednesday of the second week
			days = 2
		}
		if s.Days != days || len(s.Hours) != 4 || s.Was < 3*3 || s.Was > 3*4 {
			t.Errorf("%+v", s)
		}
		for _, h := range s.Hours {
			if h.Within < 0.9 || h.Counters < 1 || h.Counters > 12 || h.Was > 3 || h.Arrivals < 5 {
				t.Errorf("weekday %d: %+v", s.Weekday, h)
			}
		}
	}
	easy := ask(t, log, nil, simulate.Question{Target: 3 * time.Hour, Share: 0.5, Seed: 1})
	planned, lessPlanned := 0., 0.
	for i, s := range easy.Staffing {
		planned, lessPlanned = planned+a.Staffing[i].Planned, lessPlanned+s.Planned
	}
	if lessPlanned > 0.8*planned {
		t.Errorf("less is enough for less: %.1f h, %.1f h", lessPlanned, planned)
	}
}

// TestStaffingOfDaysToCome wants the plan of a day to come to be one for such days, not for the
// chances of one: other draws have about the same.
func TestStaffingOfDaysToCome(t *testing.T) {
	t.Parallel()
	log := invented(t, 12, 3, 150*time.Second, nil)
	most, least := map[int]int{}, map[int]int{}
	for seed := range uint64(6) {
		a := ask(t, log, nil, simulate.Question{From: "2026-03-16", To: "2026-03-16", Target: 10 * time.Minute, Share: 0.9, Seed: seed})
		if len(a.Staffing) != 1 || a.Planned.Visits != a.Model.Visits {
			t.Fatalf("%+v", a)
		}
		for _, h := range a.Staffing[0].Hours {
			if seed == 0 {
				least[h.Hour] = h.Counters
			}
			most[h.Hour], least[h.Hour] = max(most[h.Hour], h.Counters), min(least[h.Hour], h.Counters)
		}
	}
	for h := range most {
		if most[h]-least[h] > 2 { // of 3 to 11 that one draw alone would need
			t.Errorf("at %d from %d to %d counters", h, least[h], most[h])
		}
	}
}

// TestDrawn wants days that the log doesn't have to be like the others of their weekday.
func TestDrawn(t *testing.T) {
	t.Parallel()
	log := invented(t, 12, 3, 200*time.Second, nil) // until Friday 13 March
	monday := func(v visits.Visit) bool { return v.Arrived.Weekday() != time.Monday }
	mondays := float64(len(slices.DeleteFunc(slices.Clone(log), monday))) / 2
	total, n := 0, 0
	for seed := range uint64(20) {
		a := ask(t, log, nil, simulate.Question{From: "2026-03-16", To: "2026-03-16", Seed: seed})
		if a.Drawn != 1 || a.Real != nil || a.Error.Days != 12 || len(a.Demand.Days) != 1 || math.Abs(a.Demand.Days[0].Visits-mondays) > 15 {
			t.Fatalf("%+v", a)
		}
		total += a.Model.Visits
		n++
	}
	if mean := float64(total) / float64(n); math.Abs(mean-mondays) > 3*math.Sqrt(mondays/float64(n)) {
		t.Errorf("%.1f come on a Monday that is drawn, and %.1f by the log", mean, mondays)
	}
	var early []visits.Visit // the last Monday ended early: on others the last who come are served too
	for _, d := range []int{0, 7} {
		for i := range 60 - 4*d {
			came := at(9, i).AddDate(0, 0, d-1)
			early = append(early, visits.Visit{Arrived: came, Called: came, Ended: came, Channel: "a", Counter: "1", Outcome: visits.Served})
		}
	}
	for seed := range uint64(5) {
		if a := ask(t, early, nil, simulate.Question{From: "2026-03-16", To: "2026-03-16", Seed: seed}); a.Model.Served != a.Model.Visits {
			t.Errorf("%+v", a.Model)
		}
	}
	again := simulate.Question{From: "2026-03-16", To: "2026-03-22", Seed: 3}
	if d := gocmp.Diff(ask(t, log, nil, again), ask(t, log, nil, again)); d != "" {
		t.Errorf("the same again:\n%s", d)
	}
	c := office(2, 3)
	c.Hours.Mon = []calendar.Interval{{From: 9 * 60, To: 11 * 60}}
	a := ask(t, log, c, simulate.Question{From: "2026-03-16", To: "2026-03-16", Seed: 1})
	if a.Model.Turned < 10 || a.Model.Visits < 10 || a.ByHour[0].Model.Visits != 0 {
		t.Errorf("an office that opens later turns people away: %+v", a.Model)
	}
	_, err := simulate.Ask(t.Context(), simulate.History{Log: log}, c, simulate.Question{From: "2026-04-06", To: "2026-04-06"})
	if !errors.Is(err, simulate.ErrNoDays) {
		t.Errorf("on Easter Monday: %v", err)
	}
}

// TestMore asks for a counter more than each day had, which on days that had as many is the same
// as so many in all; of one counter there is never fewer.
func TestMore(t *testing.T) {
	t.Parallel()
	log := invented(t, 2, 3, 200*time.Second, nil)
	more := ask(t, log, nil, simulate.Question{More: 1, Seed: 1})
	all := ask(t, log, nil, simulate.Question{Counters: 4, Seed: 1})
	if d := gocmp.Diff(all.WhatIf, more.WhatIf); d != "" || more.More != 1 || more.Asked != 0 {
		t.Errorf("(-in all +more):\n%s", d)
	}
	for i, h := range more.Attended {
		if fmt.Sprintf("%02d", h.Hour) != more.ByHour[i].Key || math.Abs(h.Was-3) > 0.1 || math.Abs(*h.WhatIf-h.Was-1) > 0.1 || h.Planned != nil {
			t.Errorf("%d: %+v, with one more %v", i, h, *h.WhatIf)
		}
	}
	// Days with one counter and with three.
	for i := range log {
		if log[i].Arrived.Day() == 2 && !log[i].Called.IsZero() {
			log[i].Counter = "1"
		}
	}
	day := simulate.Question{From: "2026-03-02", To: "2026-03-02", Seed: 1}
	fewer := day
	fewer.More = -2
	if a := ask(t, log, nil, fewer); a.WhatIf.Served != ask(t, log, nil, day).Model.Served {
		t.Errorf("fewer than one: %+v", a.WhatIf)
	}
	two := ask(t, log, nil, simulate.Question{More: 1, Seed: 1})
	if h := two.Attended[1]; *h.WhatIf-h.Was < 0.5 || two.Least != 1 || two.Most != 3 {
		t.Errorf("from %d to %d counters, %+v, %v", two.Least, two.Most, h, *h.WhatIf)
	}
}

// TestSearchGoesOn has a search for a staffing tell that it goes on, long before a day is done: who
// hears nothing for a minute takes the answer for lost.
func TestSearchGoesOn(t *testing.T) {
	t.Parallel()
	var told []int
	ask(t, invented(t, 1, 2, 4*time.Minute, nil), nil, simulate.Question{
		Target: 10 * time.Minute, Share: 0.9, Seed: 1, Progress: func(done, _ int) { told = append(told, done) },
	})
	n := len(told) - 1
	if n < 2 || told[n] != 1 || slices.ContainsFunc(told[:n], func(done int) bool { return done != 0 }) {
		t.Errorf("told %v", told)
	}
}

// TestAskEnds ends a question whose asker is gone, and doesn't begin one of too many days.
func TestAskEnds(t *testing.T) {
	t.Parallel()
	log := invented(t, 2, 3, 200*time.Second, nil)
	for _, q := range []simulate.Question{{}, {Target: 10 * time.Minute, Share: 0.9}} {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := simulate.Ask(ctx, simulate.History{Log: log}, nil, q); !errors.Is(err, context.Canceled) {
			t.Errorf("%+v: %v", q, err)
		}
	}
	for _, to := range []calendar.Date{"2027-03-03", "9999-12-31"} {
		if _, err := simulate.Ask(t.Context(), simulate.History{Log: log}, nil, simulate.Question{To: to}); !errors.Is(err, simulate.ErrTooLong) {
			t.Errorf("to %s: %v", to, err)
		}
	}
	if a := ask(t, log, nil, simulate.Question{To: "2027-03-02"}); a.To != "2027-03-02" {
		t.Errorf("a year: to %s", a.To)
	}
}

// TestLogs asks of logs that are strange.
func TestLogs(t *testing.T) {
	t.Parallel()
	visit := func(from, called, ended time.Time, channel, counter string, o visits.Outcome) visits.Visit {
		return visits.Visit{Arrived: from, Called: called, Ended: ended, Channel: channel, Counter: counter, Outcome: o}
	}
	for name, log := range map[string][]visits.Visit{
		"nobody noted where":   {visit(at(9, 0), at(9, 0), at(9, 9), "a", "", visits.Served), visit(at(9, 1), at(9, 1), at(9, 9), "a", "", visits.Served)},
		"at once":              {visit(at(9, 0), at(9, 0), at(9, 0), "a", "1", visits.Served)},
		"two at one counter":   {visit(at(9, 0), at(9, 0), at(9, 9), "a", "1", visits.Served), visit(at(9, 1), at(9, 1), at(9, 3), "a", "1", visits.Served)},
		"over midnight":        {visit(at(23, 0), at(23, 50), at(24, 10), "a", "1", visits.Served), visit(at(23, 30), at(24, 20), at(24, 30), "a", "1", visits.Served)},
		"left at once":         {visit(at(9, 0), at(9, 0), at(9, 9), "a", "1", visits.Served), visit(at(9, 1), time.Time{}, at(9, 1), "b", "", visits.Left)},
		"a day of nobody":      {visit(at(9, 0), at(9, 0), at(9, 9), "a", "1", visits.Served), visit(at(33, 0), time.Time{}, time.Time{}, "a", "", visits.Left)},
		"many channels":        many(40, 40),
		"many counters":        many(1, 40),
		"nobody there at last": {visit(at(9, 0), at(9, 0), at(9, 9), "a", "1", visits.Served), visit(at(9, 30), at(10, 30), at(10, 40), "a", "1", visits.Served)},
		"on a holiday":         {visit(at(9, 0).AddDate(0, 0, 34), at(9, 0).AddDate(0, 0, 34), at(9, 9).AddDate(0, 0, 34), "a", "1", visits.Served)},
		"names of all kinds":   {visit(at(9, 0), at(9, 0), at(9, 9), "Ufficio Tributi!", "Sportello n. 1", visits.Served)},
		"elsewhere, in winter": {visit(at(9, 0).In(time.FixedZone("", -5*3600)), at(9, 0), at(9, 9), "a", "1", visits.Served)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, cfg := range []*queue.Config{nil, office(1, 1)} {
				a := ask(t, log, cfg, simulate.Question{Counters: 2, Target: 15 * time.Minute, Share: 0.9, Seed: 1})
				if a.Model.Served < a.Real.Served && name != "over midnight" { // at which all is over
					t.Errorf("%+v of %+v", a.Model, a.Real)
				}
				for _, f := range []*simulate.Figures{a.Real, &a.Model, a.WhatIf, a.Planned} {
					if f.Visits != len(log) || f.Served+f.Absent+f.Left != len(log) {
						t.Errorf("%d visits, %+v", len(log), f)
					}
				}
			}
		})
	}
	if _, err := simulate.Ask(t.Context(), simulate.History{}, nil, simulate.Question{}); !errors.Is(err, simulate.ErrNobody) {
		t.Error(err)
	}
}

// many is a log of so many channels and counters.
func many(channels, counters int) (log []visits.Visit) {
	for i := range counters {
		log = append(log, visits.Visit{
			Arrived: at(9, i), Called: at(9, i), Ended: at(9, i+5), Channel: fmt.Sprint("canale ", i%channels), Counter: fmt.Sprint("sportello ", i), Outcome: visits.Served,
		})
	}
	return log
}

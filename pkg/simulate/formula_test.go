package simulate_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/simulate"
)

// Days of these tests are long: a visit lasts a second in the mean, and time flies by as much.

// erlangC is the probability that who comes must wait, where c serve and the load is a.
func erlangC(c int, a float64) float64 {
	term, sum := 1., 1.
	for k := 1; k < c; k++ {
		term *= a / float64(k)
		sum += term
	}
	last := term * a / float64(c) * float64(c) / (float64(c) - a)
	return last / (sum + last)
}

// steady is a day on which fifty thousand people come at a rate per second to counters that serve
// them in a second in the mean, by the durations that draw gives.
func steady(counters int, rate float64, seed uint64, draw func(*rand.Rand, *simulate.Comer)) simulate.Plan {
	p := simulate.Plan{Config: office(1, counters)}
	r := rand.New(rand.NewPCG(seed, 1))
	for i := range counters {
		p.Shifts = append(p.Shifts, shift(queue.CounterID(fmt.Sprint(i+1)), at(0, 0), at(24, 0)))
	}
	t := at(0, 0)
	for range 50_000 {
		t = t.Add(seconds(r.ExpFloat64() / rate))
		c := comer(t, 0)
		draw(r, &c)
		p.Comers = append(p.Comers, c)
	}
	return p
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

func exponential(r *rand.Rand, c *simulate.Comer) { c.Service = seconds(r.ExpFloat64()) }

// waits are the waits in seconds of those who were called, without the first tenth of the day, in
// which the queue is still growing.
func waits(t *testing.T, p simulate.Plan, of func(*simulate.Comer) bool) (all []float64) {
	t.Helper()
	r := play(t, p)
	for i, v := range r.Visits {
		if i > len(r.Visits)/10 && !v.Called.IsZero() && of(&p.Comers[r.Comers[i]]) {
			all = append(all, v.Called.Sub(v.Arrived).Seconds())
		}
	}
	return all
}

func anybody(*simulate.Comer) bool { return true }

// near wants a figure close to what a formula says.
func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > within*want {
		t.Errorf("%s is %.4f, and %.4f by the formula (within %g %%)", what, got, want, 100*within)
	}
}

func mean(list []float64) (m float64) {
	for _, x := range list {
		m += x / float64(len(list))
	}
	return m
}

func shareOver(list []float64, t float64) float64 {
	n := 0
	for _, x := range list {
		if x > t {
			n++
		}
	}
	return float64(n) / float64(len(list))
}

// within is how far a day may be from a formula, as a part of it. By twelve seeds the furthest was
// eight hundredths, of the share waiting longest; the means differ by half as much.
const within = 0.1

// TestErlangC holds offices to the formula for M/M/c.
func TestErlangC(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		counters int
		load     float64
	}{{1, 0.7}, {2, 0.6}, {3, 0.7}, {5, 0.8}} {
		t.Run(fmt.Sprint(tt.counters), func(t *testing.T) {
			t.Parallel()
			c, rate := float64(tt.counters), tt.load*float64(tt.counters)
			waited := waits(t, steady(tt.counters, rate, 1, exponential), anybody)
			busy := erlangC(tt.counters, rate)
			near(t, "the mean wait", mean(waited), busy/(c-rate))
			for _, s := range []float64{0, 0.5, 1, 2} {
				near(t, fmt.Sprintf("the share waiting over %g s", s), shareOver(waited, s), busy*math.Exp(-(c-rate)*s))
			}
		})
	}
}

// TestMD1 holds an office in which all visits last the same to the formula of Pollaczek and
// Khinchine.
func TestMD1(t *testing.T) {
	t.Parallel()
	waited := waits(t, steady(1, 0.7, 2, func(_ *rand.Rand, c *simulate.Comer) { c.Service = time.Second }), anybody)
	near(t, "the mean wait", mean(waited), 0.7/(2*0.3))
}

// TestPriority holds an office that calls one class before another to Cobham's formula.
func TestPriority(t *testing.T) {
	t.Parallel()
	const first, rate = 0.25, 0.75 // the share of the first class, and the load
	p := steady(1, rate, 3, func(r *rand.Rand, c *simulate.Comer) {
		exponential(r, c)
		if r.Float64() < first {
			c.Class = queue.Priority
		}
	})
	p.Config.Policy.Patience = map[queue.Class]queue.Seconds{queue.Standard: 24 * 3600}
	is := func(class queue.Class) func(*simulate.Comer) bool {
		return func(c *simulate.Comer) bool { return (c.Class == queue.Priority) == (class == queue.Priority) }
	}
	near(t, "the mean wait of the first class", mean(waits(t, p, is(queue.Priority))), rate/(1-first*rate))
	near(t, "the mean wait of the second class", mean(waits(t, p, is(queue.Standard))), rate/((1-first*rate)*(1-rate)))
}

// TestErlangA holds an office whose people leave after an exponential time to the chain of births
// and deaths that it is.
func TestErlangA(t *testing.T) {
	t.Parallel()
	const counters, rate, patience = 3, 3.3, 4. // more than can be served
	p := steady(counters, rate, 4, func(r *rand.Rand, c *simulate.Comer) {
		exponential(r, c)
		c.Stays = max(1, seconds(patience*r.ExpFloat64()))
	})
	left, n := 0., 0.
	for i, v := range play(t, p).Visits {
		if i < len(p.Comers)/10 {
			continue
		}
		if n++; v.Called.IsZero() {
			left++
		}
	}
	weight, sum, waiting := 1., 1., 0.
	for k := 1; k < 500; k++ {
		weight *= rate / (float64(min(k, counters)) + float64(max(k-counters, 0))/patience)
		sum += weight
		waiting += weight * float64(max(k-counters, 0))
	}
	near(t, "the share that leaves", left/n, waiting/sum/patience/rate)
}

// TestCrowd plays a day on which all come at once: who waits costs nothing until called.
func TestCrowd(t *testing.T) {
	t.Parallel()
	const crowd = 20_000
	p := simulate.Plan{Config: office(1, 1), Shifts: []simulate.Shift{{Counter: "1", From: at(8, 0), To: at(12, 0), Stays: true}}}
	for i := range crowd {
		p.Comers = append(p.Comers, comer(at(8, 0), time.Second))
		p.Comers[i].Tidy = time.Second
	}
	r := play(t, p)
	if last := r.Visits[crowd-1]; !last.Called.Equal(at(8, 0).Add((crowd - 1) * 2 * time.Second)) {
		t.Errorf("the last: %+v", last)
	}
}

// BenchmarkDay plays a day of an office of four counters with 250 visits.
func BenchmarkDay(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	p := simulate.Plan{Config: office(3, 4)}
	for range 250 {
		p.Comers = append(p.Comers, simulate.Comer{
			At: at(8, 0).Add(seconds(r.Float64() * 10 * 3600)), Channel: queue.ChannelID(rune('a' + r.IntN(3))), Service: seconds(500 * r.ExpFloat64()),
		})
	}
	for i := range 4 {
		p.Shifts = append(p.Shifts, simulate.Shift{Counter: queue.CounterID(fmt.Sprint(i + 1)), From: at(8, 0), To: at(18, 30), Stays: true})
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := simulate.Run(p); err != nil {
			b.Fatal(err)
		}
	}
}

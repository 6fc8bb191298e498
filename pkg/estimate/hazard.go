package estimate

import (
	"math"
	"math/rand/v2"
)

// edges are the ages, in seconds, between which what is waited for is taken to be as likely to come
// in one second as in another. The last step has no end.
var edges = [...]float64{0, 1, 3, 6, 10, 15, 20, 30, 45, 60, 80, 105, 135, 170, 210, 255, 310, 380, 470, 590, 750, 1000, 1400, 2000, 3000, 5000, 10000}

// step returns the index of the step that the age is in.
func step(age float64) int {
	i := 1
	for i < len(edges) && age >= edges[i] {
		i++
	}
	return i - 1
}

// end returns where the step ends, in seconds.
func end(i int) float64 {
	if i+1 < len(edges) {
		return edges[i+1]
	}
	return math.Inf(1)
}

// hazard is what was seen of a length of time: for each step of age how often it ended there, and
// for how many seconds it was seen not to have ended. That is all one needs to know of lengths
// whose end is often not seen, like that of a visit that lasts.
type hazard struct {
	Ends    steps `json:"ends"`
	Seconds steps `json:"seconds"`
}

// steps is a number for each step of age.
type steps [len(edges)]float64

// lasted notes seconds from one age to another at which it hadn't ended.
func (h *hazard) lasted(from, to float64) {
	for i := step(from); i < len(edges) && edges[i] < to; i++ {
		h.Seconds[i] += min(to, end(i)) - max(from, edges[i])
	}
}

// ended notes that it ended at an age.
func (h *hazard) ended(age float64) { h.Ends[step(age)]++ }

// add has what was seen elsewhere count here as well, so many times. What it leaves isn't below
// zero.
func (h *hazard) add(o *hazard, times float64) {
	for i := range edges {
		h.Ends[i] = max(0, h.Ends[i]+times*o.Ends[i])
		h.Seconds[i] = max(0, h.Seconds[i]+times*o.Seconds[i])
	}
}

// fade has what was seen count for less.
func (h *hazard) fade(by float64) {
	for i := range edges {
		h.Ends[i] *= by
		h.Seconds[i] *= by
	}
}

func (h *hazard) valid() bool { return h != nil && can(h.Ends[:]...) && can(h.Seconds[:]...) }

// mean returns the mean length, in seconds, if some have been seen.
func (h *hazard) mean() (seconds float64, ok bool) {
	const some = 3
	ends := 0.
	for i := range edges {
		seconds += h.Seconds[i]
		ends += h.Ends[i]
	}
	return seconds / max(ends, 1), ends >= some
}

// curve is a length of time that can be drawn: its rate of ending by age, and what that sums up to.
type curve struct {
	rate, before steps
	fresh        *[cells]float64 // quantiles of whole lengths; nil until one is drawn
}

// cells is between how many quantiles whole lengths are drawn.
const cells = 256

// sum fills in before.
func (c *curve) sum() {
	for i := 1; i < len(edges); i++ {
		c.before[i] = c.before[i-1] + c.rate[i-1]*(edges[i]-edges[i-1])
	}
}

// with returns the curve of what was seen, as far as that goes, and else this one: as if so many
// ends of this one had been seen in each step. The rate of a step is the mean of the gamma
// distribution that Poisson counts make of a prior one with the mean of this curve.
func (c *curve) with(h *hazard, prior float64) *curve {
	n := new(curve)
	for i := range edges {
		n.rate[i] = (h.Ends[i] + prior) / (h.Seconds[i] + prior/c.rate[i])
	}
	n.sum()
	return n
}

// draw returns how much longer it lasts, in seconds, given that it has lasted for age.
func (c *curve) draw(r *rand.Rand, age float64) float64 {
	return c.at(c.sumTo(age)+r.ExpFloat64()) - age
}

// whole returns a whole length, in seconds: as draw from age 0, and faster.
func (c *curve) whole(r *rand.Rand) float64 {
	if c.fresh == nil {
		c.setFresh()
	}
	u := r.Uint64()
	i := u % cells
	if i == cells-1 { // the tail has no end
		return c.at(c.sumTo(c.fresh[i]) + r.ExpFloat64())
	}
	return c.fresh[i] + (c.fresh[i+1]-c.fresh[i])*float64(u>>11)/(1<<53)
}

func (c *curve) setFresh() {
	c.fresh = new([cells]float64)
	for i := range cells {
		c.fresh[i] = c.at(-math.Log1p(-float64(i) / cells))
	}
}

// mean is the mean length, s.
func (c *curve) mean() (sum float64) {
	for i := range cells {
		sum += c.at(-math.Log1p(-(float64(i) + 0.5) / cells))
	}
	return sum / cells
}

// at is the age at which the rates sum up to a number.
func (c *curve) at(sum float64) float64 {
	i := 0
	for i+1 < len(edges) && c.before[i+1] <= sum {
		i++
	}
	return edges[i] + (sum-c.before[i])/c.rate[i]
}

// sumTo is what the rates sum up to at an age.
func (c *curve) sumTo(age float64) float64 {
	i := step(age)
	return c.before[i] + c.rate[i]*(age-edges[i])
}

// lengths is a curve of lengths around a mean, in seconds and at least one, for when nothing was
// seen yet: that of a log-logistic distribution of shape 2, which many visits are short in and some
// long.
func lengths(mean float64) *curve {
	mean = max(mean, 1)
	scale := mean * 2 / math.Pi // the mean is scale*(pi/2)/sin(pi/2)
	survives := func(age float64) float64 { return 1 / (1 + age/scale*age/scale) }
	c := new(curve)
	for i := range edges {
		to := end(i)
		if math.IsInf(to, 1) {
			to = 2 * edges[i]
		}
		c.rate[i] = math.Log(survives(edges[i])/survives(to)) / (to - edges[i])
	}
	c.sum()
	return c
}

// steady is a curve on which every age ends alike, in a mean of seconds.
func steady(mean float64) *curve {
	c := new(curve)
	for i := range edges {
		c.rate[i] = 1 / mean
	}
	c.sum()
	return c
}

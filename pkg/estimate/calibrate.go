package estimate

import (
	"math"
	"slices"
)

const (
	// low and high are the quantiles that the ends of a range are, likely its middle.
	low, likely, high = 0.1, 0.5, 0.9
	// beyond is what share of the waits is aimed to be longer than was said: rather less than a
	// tenth.
	beyond = 0.095
	// leeway is what is added to each side of a range that was played, in seconds, so that the
	// scores of the narrowest ones are finite.
	leeway = 15
	// keptScores is how many scores are kept of waits about as long.
	keptScores = 400
	// firstScores is how many scores are supposed at first: those of plays that are right.
	firstScores = 20
	// widest is how far the upper quantile may go, and as far beyond 0 the lower one: beyond, the
	// range is wider than any score, by further as many times what is beyond.
	widest, further = 2, 4
	// pace is how far the quantiles move after each wait that was outside its range: in a rush the
	// ends of many waits aren't known yet when more is said, and a greater one overshoots.
	pace = 0.005
)

// calibration makes ranges honest. What the plays say is a range; how far true waits were from its
// middle, as shares of its sides, are scores, and the ranges that are told are quantiles of the
// scores of waits that looked about as long: conformal prediction (Vovk, Gammerman and Shafer,
// "Algorithmic Learning in a Random World", 2005) on each end. Since the next waits aren't quite
// like the last ones, the quantiles follow what share of the true waits was really outside (Gibbs
// and Candès, "Adaptive Conformal Inference Under Distribution Shift", 2021).
type calibration struct {
	Scores map[int][]float64 `json:"scores"` // by [about], the oldest first
	Low    float64           `json:"low"`    // the quantiles that are used
	High   float64           `json:"high"`
}

func newCalibration() calibration {
	return calibration{Scores: map[int][]float64{}, Low: low, High: high}
}

func (c *calibration) valid() bool {
	return c.Low >= 1-widest && c.Low <= 1 && c.High >= 0 && c.High <= widest && allOf(c.Scores, func(scores []float64) bool {
		return !slices.ContainsFunc(scores, func(x float64) bool { return !can(math.Abs(x)) })
	})
}

// played is what the plays say of a wait, in seconds.
type played struct{ low, likely, high float64 }

// about tells waits apart that are about as long.
func about(seconds float64) int { return int(math.Log2(seconds + 8)) }

// sides are the lengths of the range below and above its middle.
func (p played) sides() (below, above float64) {
	return p.likely - p.low + leeway, p.high - p.likely + leeway
}

// score is how far a wait was from the middle.
func (p played) score(waited float64) float64 {
	below, above := p.sides()
	if waited > p.likely {
		return (waited - p.likely) / above
	}
	return (waited - p.likely) / below
}

// at is the wait of a score.
func (p played) at(score float64) float64 {
	below, above := p.sides()
	if score > 0 {
		return max(0, p.likely+score*above)
	}
	return max(0, p.likely+score*below)
}

// honest returns the range to be told.
func (c *calibration) honest(p played) played {
	kept := c.Scores[about(p.likely)]
	scores := make([]float64, 0, len(kept)+firstScores)
	scores = append(scores, kept...)
	for i := range firstScores {
		scores = append(scores, 2.5*(float64(i)/(firstScores-1)-0.5))
	}
	slices.Sort(scores)
	of := func(q float64) float64 {
		n := len(scores)
		score := scores[min(max(int(q*float64(n+1)+0.5)-1, 0), n-1)]
		return p.at(score * (1 + further*max(0, q-1, -q)))
	}
	return played{of(c.Low), of(likely), of(c.High)}
}

// learn notes a true wait, of which something was said.
func (c *calibration) learn(said *promise, waited float64) {
	i := about(said.played.likely)
	kept := append(c.Scores[i], said.played.score(waited))
	c.Scores[i] = kept[max(0, len(kept)-keptScores):]
	c.Low = min(max(c.Low-pace*(oneIf(waited < said.told.told.low)-low), 1-widest), 3*low)
	if !said.late {
		c.tooLong(false)
	}
}

// tooLong notes whether a wait is longer than was said, as soon as it is known: not when it ends.
func (c *calibration) tooLong(is bool) {
	c.High = max(min(c.High+pace*(oneIf(is)-beyond), widest), 1-3*beyond)
}

func oneIf(is bool) float64 {
	if is {
		return 1
	}
	return 0
}

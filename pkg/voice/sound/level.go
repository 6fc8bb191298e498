package sound

import (
	"errors"
	"math"
	"slices"
	"time"
)

const (
	// Target is the loudness that speech is brought to, in LUFS: its peaks, 18 dB above, keep away
	// from what a loudspeaker would clip.
	Target = -22
	// most is what no sample goes beyond, -1 dBFS.
	most = 0.891
	// quiet is how far below the loudest part a part is silence, in dB.
	quiet = -42
	// lead and tail are what is left of the silence around speech: its first consonant is softer
	// than its vowels, and it fades into the room.
	lead, tail = 15 * time.Millisecond, 40 * time.Millisecond
	// step is how finely speech is told from silence.
	step = 5 * time.Millisecond
	// longEnough is for how long a sound is repeated to be measured: gates count blocks of 0.4 s.
	longEnough = 4 * time.Second
)

// ErrSilent says that there is nothing to hear.
var ErrSilent = errors.New("nothing to hear")

// Speech is what is spoken in a sound, from the first word to the last, at [Target], and faded at
// both ends so that it doesn't click. It returns [ErrSilent] for a sound in which nothing is.
func Speech(s Sound) (Sound, error) {
	runs := s.Parts(longEnough)
	if len(runs) == 0 {
		return Sound{}, ErrSilent
	}
	part := s.Cut(runs[0].From, runs[len(runs)-1].To)
	return part.Level()
}

// Part is where somebody speaks in a sound, in samples.
type Part struct{ From, To int }

// Parts finds what is spoken, apart by at least a gap of silence.
func (s Sound) Parts(gap time.Duration) []Part {
	n := max(1, s.samples(step))
	var loud []float64
	for i := 0; i < len(s.Samples); i += n {
		loud = append(loud, decibels(s.Samples[i:min(i+n, len(s.Samples))]))
	}
	if len(loud) == 0 {
		return nil
	}
	floor := max(slices.Max(loud)+quiet, -60)
	var parts []Part
	for i, l := range loud {
		switch last := len(parts) - 1; {
		case l < floor:
		case last >= 0 && i*n-parts[last].To < s.samples(gap):
			parts[last].To = min((i+1)*n, len(s.Samples))
		default:
			parts = append(parts, Part{From: i * n, To: min((i+1)*n, len(s.Samples))})
		}
	}
	return parts
}

// Cut is a part with a little of what is around it, faded at both ends.
func (s Sound) Cut(from, to int) Sound {
	out := Sound{Rate: s.Rate, Samples: make([]float64, s.samples(lead)+to-from+s.samples(tail))}
	first := from - s.samples(lead)
	for i := range out.Samples {
		if at := first + i; at >= 0 && at < len(s.Samples) {
			out.Samples[i] = s.Samples[at]
		}
	}
	fade := func(n int, at func(i int) int) {
		for i := range min(n, len(out.Samples)) {
			out.Samples[at(i)] *= 0.5 - 0.5*math.Cos(math.Pi*float64(i)/float64(n))
		}
	}
	fade(s.samples(lead), func(i int) int { return i })
	fade(s.samples(tail), func(i int) int { return len(out.Samples) - 1 - i })
	return out
}

// Level brings a sound to [Target], or as near as its peaks let it.
func (s Sound) Level() (Sound, error) {
	now := s.Loudness()
	if math.IsInf(now, -1) {
		return Sound{}, ErrSilent
	}
	by := math.Pow(10, (Target-now)/20)
	peak := 0.0
	for _, v := range s.Samples {
		peak = max(peak, math.Abs(v))
	}
	by = min(by, most/peak)
	out := Sound{Rate: s.Rate, Samples: make([]float64, len(s.Samples))}
	for i, v := range s.Samples {
		out.Samples[i] = v * by
	}
	return out, nil
}

// Loudness is how loud a sound is to the ear, in LUFS by EBU R128; -Inf for silence. What is
// shorter than its gates is measured as if it were repeated.
func (s Sound) Loudness() float64 {
	if len(s.Samples) == 0 || s.Rate == 0 {
		return math.Inf(-1)
	}
	head, low := kWeighting(float64(s.Rate))
	hop := s.Rate / 10
	var hops []float64 // mean squares of 0.1 s
	sum, n := 0.0, 0
	for i := range max(len(s.Samples), s.samples(longEnough)) {
		v := low.next(head.next(s.Samples[i%len(s.Samples)]))
		sum += v * v
		if n++; n == hop {
			hops = append(hops, sum/float64(hop))
			sum, n = 0, 0
		}
	}
	var blocks []float64
	for i := 0; i+4 <= len(hops); i++ {
		blocks = append(blocks, (hops[i]+hops[i+1]+hops[i+2]+hops[i+3])/4)
	}
	return lufs(above(blocks, max(-70, lufs(above(blocks, -70))-10)))
}

// above is the mean of the blocks above a gate in LUFS; 0 if there are none.
func above(blocks []float64, gate float64) float64 {
	sum, n := 0.0, 0
	for _, b := range blocks {
		if lufs(b) > gate {
			sum += b
			n++
		}
	}
	return sum / float64(max(n, 1))
}

func lufs(square float64) float64 { return -0.691 + 10*math.Log10(square) }

// biquad is a filter of the second order.
type biquad struct{ b0, b1, b2, a1, a2, z1, z2 float64 }

func (f *biquad) next(x float64) float64 {
	y := f.b0*x + f.z1
	f.z1 = f.b1*x - f.a1*y + f.z2
	f.z2 = f.b2*x - f.a2*y
	return y
}

// kWeighting are the two filters of ITU-R BS.1770 at a rate: the head's, and what the ear doesn't
// hear of low sounds. The numbers are its filters of 48 kHz, as the analogue ones that they stand
// for.
func kWeighting(rate float64) (head, low *biquad) {
	k, q := math.Tan(math.Pi*1681.974450955533/rate), 0.7071752369554196
	vh := math.Pow(10, 3.999843853973347/20)
	vb := math.Pow(vh, 0.4996667741545416)
	a0 := 1 + k/q + k*k
	head = &biquad{
		b0: (vh + vb*k/q + k*k) / a0, b1: 2 * (k*k - vh) / a0, b2: (vh - vb*k/q + k*k) / a0,
		a1: 2 * (k*k - 1) / a0, a2: (1 - k/q + k*k) / a0,
	}
	k, q = math.Tan(math.Pi*38.13547087602444/rate), 0.5003270373238773
	a0 = 1 + k/q + k*k
	low = &biquad{b0: 1, b1: -2, b2: 1, a1: 2 * (k*k - 1) / a0, a2: (1 - k/q + k*k) / a0}
	return head, low
}

func decibels(samples []float64) float64 {
	sum := 0.0
	for _, v := range samples {
		sum += v * v
	}
	return 10 * math.Log10(sum/float64(max(1, len(samples)))+1e-12)
}

func (s Sound) samples(d time.Duration) int { return int(d.Seconds() * float64(s.Rate)) }

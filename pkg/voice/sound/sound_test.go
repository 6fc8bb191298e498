package sound_test

import (
	"errors"
	"math"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/voice/sound"
)

// tone is a sine of a height between silences.
func tone(rate int, hertz, height float64, before, length, after time.Duration) sound.Sound {
	n := func(d time.Duration) int { return int(d.Seconds() * float64(rate)) }
	s := sound.Sound{Rate: rate, Samples: make([]float64, n(before)+n(length)+n(after))}
	for i := range n(length) {
		s.Samples[n(before)+i] = height * math.Sin(2*math.Pi*hertz*float64(i)/float64(rate))
	}
	return s
}

// TestLoudness measures the tone of ITU-R BS.1770: 997 Hz at full scale are -3.01 LUFS, at any
// rate.
func TestLoudness(t *testing.T) {
	t.Parallel()
	for _, rate := range []int{16000, 22050, 44100, 48000} {
		for _, length := range []time.Duration{300 * time.Millisecond, time.Second, 5 * time.Second} {
			if got := tone(rate, 997, 1, 0, length, 0).Loudness(); math.Abs(got+3.01) > 0.1 {
				t.Errorf("%v at %d Hz: %.2f LUFS", length, rate, got)
			}
		}
	}
	if got := (sound.Sound{Rate: 16000}).Loudness(); !math.IsInf(got, -1) {
		t.Errorf("nothing: %v LUFS", got)
	}
}

// TestSpeech trims and levels, and what was written is read again.
func TestSpeech(t *testing.T) {
	t.Parallel()
	s, err := sound.Speech(tone(16000, 500, 0.01, time.Second, 400*time.Millisecond, 2*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	again, err := sound.Read(s.WAV())
	if err != nil || again.Length() != s.Length() || again.Rate != s.Rate {
		t.Fatalf("%v, %v", again.Length(), err)
	}
	if l := again.Loudness(); math.Abs(l-sound.Target) > 0.2 {
		t.Errorf("%.2f LUFS", l)
	}
	if got := again.Length(); got < 420*time.Millisecond || got > 480*time.Millisecond {
		t.Errorf("0.4 s became %v", got)
	}
	if first, last := again.Samples[0], again.Samples[len(again.Samples)-1]; first != 0 || last != 0 {
		t.Errorf("it clicks: %v, %v", first, last)
	}
	if _, err := sound.Speech(tone(16000, 500, 0, time.Second, time.Second, 0)); !errors.Is(err, sound.ErrSilent) {
		t.Errorf("silence: %v", err)
	}
	if parts := tone(16000, 500, 0.1, time.Second, time.Second, time.Second).Parts(time.Second); len(parts) != 1 {
		t.Errorf("%v", parts)
	}
}

func FuzzRead(f *testing.F) {
	whole := tone(16000, 500, 0.1, 0, 10*time.Millisecond, 0).WAV()
	for _, b := range [][]byte{whole, whole[:44], whole[:30], whole[:13], nil, []byte("RIFF....WAVEdata\xff\xff\xff\xff")} {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if s, err := sound.Read(b); err == nil && (s.Rate < 8000 || s.Rate > 48000 || len(s.Samples) > len(b)) {
			t.Errorf("%d samples at %d Hz", len(s.Samples), s.Rate)
		}
	})
}

package estimate

import (
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/eliminacode/eliminacode/pkg/visits"
)

// simpleErrors are the mean absolute errors of guesses that need no plays, s, over those who were
// called after a wait.
func simpleErrors(log []visits.Visit) map[string]float64 {
	called := slices.DeleteFunc(slices.Clone(log), func(v visits.Visit) bool { return v.Called.IsZero() })
	arrived := slices.Clone(called)
	slices.SortStableFunc(called, func(a, b visits.Visit) int { return a.Called.Compare(b.Called) })
	var waits, real []float64
	last := map[string]float64{}
	off, n := map[string]float64{}, 0.
	for _, v := range arrived {
		for len(called) > 0 && called[0].Called.Before(v.Arrived) {
			waited := called[0].Called.Sub(called[0].Arrived).Seconds()
			waits, last[called[0].Channel] = append(waits, waited), waited
			if waited > 0 {
				real = append(real, waited)
			}
			called = called[1:]
		}
		waited := v.Called.Sub(v.Arrived).Seconds()
		if waited == 0 || len(real) == 0 {
			continue
		}
		sorted := slices.Sorted(slices.Values(tail(real, 1000)))
		for name, guess := range map[string]float64{"last": last[v.Channel], "five": mean(tail(waits, 5)), "constant": sorted[len(sorted)/2]} {
			off[name] += math.Abs(guess - waited)
		}
		n++
	}
	for name := range off {
		off[name] /= n
	}
	return off
}

// extremes are the least and the greatest share within the range, in percent, of those parts of a
// log in which fifty or more waited.
func extremes(parts map[string]*Scores) (least, most float64) {
	least = 100
	for _, s := range parts {
		if c := 100 * float64(s.Coverage); s.Waited >= 50 {
			least, most = min(least, c), max(most, c)
		}
	}
	return least, most
}

// BenchmarkReplay judges the estimates by logs: those of invented places, and the one that
// ELIMINACODE_LOG names.
func BenchmarkReplay(b *testing.B) {
	logs := map[string]func() []visits.Visit{}
	for name, p := range places(1) {
		logs[name] = p.log
	}
	if name := os.Getenv("ELIMINACODE_LOG"); name != "" {
		logs[filepath.Base(name)] = func() []visits.Visit {
			f, err := os.Open(name)
			if err != nil {
				b.Fatal(err)
			}
			defer f.Close()
			log, err := visits.Read(f)
			if err != nil {
				b.Fatal(err)
			}
			return log
		}
	}
	for _, name := range slices.Sorted(maps.Keys(logs)) {
		b.Run(name, func(b *testing.B) {
			log := logs[name]()
			for b.Loop() {
				j := Replay(log)
				b.ReportMetric(float64(j.Visits), "visits")
				b.ReportMetric(float64(j.Predicted)/float64(j.Visits), "predicted")
				b.ReportMetric(float64(j.MAE), "mae-s")
				b.ReportMetric(float64(j.MAE/j.PlainMAE), "x-plain")
				for guess, off := range simpleErrors(log) {
					b.ReportMetric(float64(j.MAE)/off, "x-"+guess)
				}
				b.ReportMetric(100*float64(j.Coverage), "%within")
				b.ReportMetric(100*float64(j.Above), "%above")
				for part, scores := range map[string]map[string]*Scores{"hour": j.ByHour, "day": j.ByDay} {
					if least, most := extremes(scores); most > 0 {
						b.ReportMetric(least, "%within-worst-"+part)
						b.ReportMetric(most, "%within-best-"+part)
					}
				}
			}
		})
	}
}

package figures

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/eliminacode/eliminacode/pkg/queue"
)

// sum is what visits amount to.
type sum struct {
	issued, served, absent, cancelled, left, inexact, told, asTold, quantity, late int

	wait, service times
}

// times are durations in seconds, each with how often it occurred.
type times struct {
	total  float64
	counts map[float64]int
}

func (t *times) add(s float64, n int) {
	if t.counts == nil {
		t.counts = map[float64]int{}
	}
	t.counts[s] += n
}

func (s *sum) add(v *visit) {
	s.issued++
	s.quantity += v.quantity
	switch {
	case v.state == queue.Served:
		s.served++
	case v.state == queue.Cancelled:
		s.cancelled++
	case v.state == queue.Absent, v.state == queue.Expired && v.calls > 0 && !v.gaveUp:
		s.absent++
	}
	if v.gaveUp {
		s.left++
	}
	if v.state == queue.Served && v.inexact {
		s.inexact++
	}
	if v.expected > 0 {
		s.told++
	}
	if v.expected > 1 {
		s.asTold++
	}
	if v.waits() {
		s.wait.add(v.waited, 1)
		s.wait.total += v.waited
		if v.waited > late {
			s.late++
		}
	}
	if v.state == queue.Served && !v.inexact && v.service > 0 { // nobody told when it began, if it has none
		s.service.add(v.service, 1)
		s.service.total += v.service
	}
}

func (s *sum) merge(o *sum) {
	s.issued += o.issued
	s.served += o.served
	s.absent += o.absent
	s.cancelled += o.cancelled
	s.left += o.left
	s.inexact += o.inexact
	s.told += o.told
	s.asTold += o.asTold
	s.quantity += o.quantity
	s.late += o.late
	s.wait.merge(&o.wait)
	s.service.merge(&o.service)
}

func (t *times) merge(o *times) {
	t.total += o.total
	for s, n := range o.counts {
		t.add(s, n)
	}
}

func (s *sum) row(key string) Row {
	r := Row{
		Key: key, Issued: s.issued, Served: s.served, Absent: s.absent, Cancelled: s.cancelled, Left: s.left, Inexact: s.inexact, Told: s.told, AsTold: s.asTold, Quantity: s.quantity,
		Wait: s.wait.sumUp(), Service: s.service.sumUp(),
	}
	if r.Wait.Count > 0 {
		r.Late = float64(s.late) / float64(r.Wait.Count)
	}
	return r
}

// sumUp gives the smallest durations that at least half, and nine tenths, don't exceed.
func (t *times) sumUp() (r Times) {
	for _, n := range t.counts {
		r.Count += n
	}
	if r.Count == 0 {
		return r
	}
	r.Mean = queue.Seconds(t.total / float64(r.Count))
	seen, half, most := 0, (r.Count+1)/2, (r.Count*9+9)/10
	for _, s := range slices.Sorted(maps.Keys(t.counts)) {
		if seen < half && seen+t.counts[s] >= half {
			r.P50 = queue.Seconds(s)
		}
		if seen < most && seen+t.counts[s] >= most {
			r.P90 = queue.Seconds(s)
		}
		seen += t.counts[s]
	}
	return r
}

// classes are the ranges in which durations are kept: fine where waits mostly
// are, wide enough that none tells of a person.
var classes = [...]struct{ from, to, width float64 }{
	{0, 600, 30},
	{600, 3600, 60},
	{3600, math.Inf(1), 300},
}

// middle gives the middle of the class that a duration belongs to, which stands for it.
func middle(s float64) float64 {
	for _, c := range classes {
		if s < c.to {
			return c.from + (math.Floor((max(s, 0)-c.from)/c.width)+0.5)*c.width
		}
	}
	return s
}

// histogram writes durations as the middles of their classes, "15:3 2730:1".
func (t *times) histogram() string {
	classed := map[float64]int{}
	for s, n := range t.counts {
		classed[middle(s)] += n
	}
	var b strings.Builder
	for _, s := range slices.SortedFunc(maps.Keys(classed), cmp.Compare[float64]) {
		fmt.Fprintf(&b, " %v:%d", s, classed[s])
	}
	return strings.TrimPrefix(b.String(), " ")
}

// parse reads what histogram wrote.
func (t *times) parse(histogram string) error {
	for field := range strings.FieldsSeq(histogram) {
		var s float64
		var n int
		if _, err := fmt.Sscanf(field, "%g:%d", &s, &n); err != nil {
			return fmt.Errorf("histogram %q: %w", histogram, err)
		}
		t.add(s, n)
	}
	return nil
}

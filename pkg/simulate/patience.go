package simulate

import (
	"cmp"
	"slices"
	"sort"
	"time"

	"github.com/eliminacode/eliminacode/pkg/visits"
)

// patience is how long people stay who aren't called, as Kaplan and Meier estimate it: who was
// called would have stayed longer than that.
type patience struct {
	after []time.Duration // rising
	stay  []float64       // the share that stays longer than after
}

// patienceOf learns from all whose wait is known.
func patienceOf(log []visits.Visit) (p patience) {
	type wait struct {
		lasted time.Duration
		left   bool
	}
	var waits []wait
	for i := range log {
		if lasted, known := waitOf(&log[i]); known {
			waits = append(waits, wait{lasted, log[i].Called.IsZero()})
		}
	}
	slices.SortFunc(waits, func(a, b wait) int { return cmp.Compare(a.lasted, b.lasted) })
	share := 1.
	for i := 0; i < len(waits); {
		next, left := i, 0
		for ; next < len(waits) && waits[next].lasted == waits[i].lasted; next++ {
			if waits[next].left {
				left++
			}
		}
		if left > 0 {
			share *= 1 - float64(left)/float64(len(waits)-i)
			p.after, p.stay = append(p.after, waits[i].lasted), append(p.stay, share)
		}
		i = next
	}
	return p
}

// draw is how long somebody stays in all who has waited already, by a chance in [0, 1); 0: as long
// as it takes, since nobody was seen to leave later.
func (p *patience) draw(waited time.Duration, chance float64) time.Duration {
	share := 1.
	if n := sort.Search(len(p.after), func(i int) bool { return p.after[i] > waited }); n > 0 {
		share = p.stay[n-1]
	}
	n := sort.Search(len(p.stay), func(i int) bool { return p.stay[i] <= chance*share })
	if n == len(p.stay) || share == 0 {
		return 0
	}
	return max(p.after[n], waited+time.Microsecond)
}

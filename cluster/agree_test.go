//go:build unix

package cluster_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/view"
)

// agree has every server come to what the journal has, and compares what they know.
func agree(t *testing.T, events []queue.Event, office string, servers ...*server) {
	t.Helper()
	last := events[len(events)-1].Seq
	var first view.Public
	for i, s := range servers {
		var shown view.Public
		s.until(t, fmt.Sprint("at event ", last), func() bool {
			shown = s.state(t, office)
			return shown.Seq >= last
		})
		shown.At = time.Time{} // each has its own clock
		if i == 0 {
			first = shown
		}
		if d := cmp.Diff(first, shown); d != "" {
			t.Errorf("servers %s and %s show different things:\n%s", servers[0].name, s.name, d)
		}
		if d := cmp.Diff(events, s.journal(t, office)); d != "" {
			t.Errorf("the journal as server %s reads it is another:\n%s", s.name, d)
		}
	}
}

// together does several things at once. It ends the test if one of them failed.
func together(t *testing.T, things ...func()) {
	t.Helper()
	var all sync.WaitGroup
	for _, do := range things {
		all.Go(do)
	}
	all.Wait()
	if t.Failed() {
		t.FailNow()
	}
}

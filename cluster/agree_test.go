//go:build unix

package cluster_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/eliminacode/eliminacode/cmd/eliminacode/programtest"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/view"
)

// agree has every server come to the last of the events, which follow a seq, and compares what they
// know.
func agree(t *testing.T, events []queue.Event, after int64, office string, servers ...*programtest.Server) {
	t.Helper()
	last := events[len(events)-1].Seq
	var first view.PublicPage
	for i, s := range servers {
		var shown view.PublicPage
		s.Until(t, fmt.Sprint("at event ", last), func() bool {
			shown = s.State(t, office)
			return shown.Seq >= last
		})
		shown.At = time.Time{}          // each has its own clock
		for c := range shown.Channels { // and expects what it has learned by itself, as of its own moment
			shown.Channels[c].Wait, shown.Channels[c].Ending = nil, false
		}
		if i == 0 {
			first = shown
		}
		if d := cmp.Diff(first, shown); d != "" {
			t.Errorf("servers %s and %s show different things:\n%s", servers[0].Name(), s.Name(), d)
		}
		if d := cmp.Diff(events, s.Journal(t, office, after)); d != "" {
			t.Errorf("the journal as server %s reads it is another:\n%s", s.Name(), d)
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

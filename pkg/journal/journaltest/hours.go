package journaltest

import (
	"cmp"
	"math"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/eliminacode/eliminacode/pkg/journal"
	"github.com/eliminacode/eliminacode/pkg/journal/figures"
	"github.com/eliminacode/eliminacode/pkg/visits"
)

// hours asks for the hours of twoDays, whole and with Monday pruned.
func hours(t *testing.T, j journal.Store) {
	o := twoDays(t, j)
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 3, day, hour, minute, 0, 0, rome(t)) }
	want := []figures.Hour{
		{Day: "2026-03-02", Hour: 9, Visits: 4, Waits: []figures.Wait{
			{Began: at(2, 9, 31), For: 60, People: 1},
			{Began: at(2, 9, 30), For: 960, People: 1},
			{Began: at(2, 9, 10), For: 1800, People: 1},
			{Began: at(2, 9, 20), For: 1800, People: 1},
		}},
		{Day: "2026-03-02", Hour: 10, Visits: 1}, // without a ticket: it didn't wait
		{Day: "2026-03-03", Hour: 8, Visits: 1, Waits: []figures.Wait{{Began: at(3, 8, 31), For: 300, People: 1}}},
	}
	check := func(slack float64) {
		t.Helper()
		got, err := j.Hours(t.Context(), "urp", "2026-03-02", "2026-03-03")
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range got {
			slices.SortFunc(h.Waits, func(a, b figures.Wait) int { return cmp.Or(cmp.Compare(a.For, b.For), a.Began.Compare(b.Began)) })
		}
		near := gocmp.Comparer(func(a, b figures.Wait) bool {
			return a.Began.Equal(b.Began) && a.People == b.People && math.Abs(float64(a.For-b.For)) <= slack
		})
		if diff := gocmp.Diff(want, got, near); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		counts, err := j.Counts(t.Context(), "urp", "2026-03-02", "2026-03-03")
		if err != nil {
			t.Fatal(err)
		}
		if diff := gocmp.Diff([]visits.Count{{Day: "2026-03-02", Hour: 9, Visits: 4}, {Day: "2026-03-02", Hour: 10, Visits: 1}, {Day: "2026-03-03", Hour: 8, Visits: 1}}, counts); diff != "" {
			t.Errorf("counts (-want +got):\n%s", diff)
		}
	}
	check(1e-6)
	save(t, j, o)
	if err := j.Prune(t.Context(), "urp", at(3, 0, 0)); err != nil {
		t.Fatal(err)
	}
	want[0].Waits = []figures.Wait{{For: 60, People: 1}, {For: 960, People: 1}, {For: 1800, People: 2}}
	check(30)
	if got, err := j.Hours(t.Context(), "urp", "2026-03-03", "2026-03-31"); err != nil || len(got) != 1 {
		t.Errorf("Tuesday alone: %v, %v", got, err)
	}
	if got, err := j.Counts(t.Context(), "urp", "2026-03-03", "2026-03-31"); err != nil || len(got) != 1 {
		t.Errorf("counts of Tuesday alone: %v, %v", got, err)
	}
	if got, err := j.Counts(t.Context(), "other", "2026-03-02", "2026-03-03"); err != nil || len(got) != 0 {
		t.Errorf("counts of another office: %v, %v", got, err)
	}
	if got, err := j.Hours(t.Context(), "other", "2026-03-02", "2026-03-03"); err != nil || len(got) != 0 {
		t.Errorf("another office: %v, %v", got, err)
	}
}

package journaltest

import (
	"math"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/journal"
	"github.com/eliminacode/eliminacode/pkg/journal/figures"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// waited asks who waited in each hour of twoDays, whole and with Monday pruned, and of which days
// there is anything.
func waited(t *testing.T, j journal.Store) {
	o := twoDays(t, j)
	registry := func(day calendar.Date, hour int, total queue.Seconds, waits ...figures.Wait) figures.Waited {
		return figures.Waited{Day: day, Hour: hour, Channel: "anagrafe", Waits: waits, Total: total}
	}
	// Nobody waited who came without a ticket at ten.
	want := []figures.Waited{
		registry("2026-03-02", 9, 60+960+1800+1800, figures.Wait{For: 60, People: 1}, figures.Wait{For: 960, People: 1}, figures.Wait{For: 1800, People: 2}),
		registry("2026-03-03", 8, 300, figures.Wait{For: 300, People: 1}),
	}
	check := func(slack float64) {
		t.Helper()
		got, err := j.Waited(t.Context(), "urp", "2026-03-02", "2026-03-03")
		near := gocmp.Comparer(func(a, b figures.Wait) bool {
			return a.Began.Equal(b.Began) && a.People == b.People && math.Abs(float64(a.For-b.For)) <= slack
		})
		same := gocmp.Comparer(func(a, b queue.Seconds) bool { return math.Abs(float64(a-b)) < 1e-6 })
		if diff := gocmp.Diff(want, got, near, same); err != nil || diff != "" {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
		for until, days := range map[calendar.Date][2]calendar.Date{
			"2026-03-01": {"", ""}, "2026-03-02": {"2026-03-02", "2026-03-02"}, "2026-12-31": {"2026-03-02", "2026-03-03"},
		} {
			if first, last, err := j.Known(t.Context(), "urp", until); err != nil || first != days[0] || last != days[1] {
				t.Errorf("until %s: %s to %s, %v", until, first, last, err)
			}
		}
	}
	check(1e-6)
	save(t, j, o)
	if err := j.Prune(t.Context(), "urp", time.Date(2026, 3, 3, 0, 0, 0, 0, rome(t))); err != nil {
		t.Fatal(err)
	}
	check(30)
	if got, err := j.Waited(t.Context(), "other", "2026-03-02", "2026-03-03"); err != nil || len(got) != 0 {
		t.Errorf("another office: %v, %v", got, err)
	}
	if first, last, err := j.Known(t.Context(), "other", "2026-12-31"); err != nil || first != "" || last != "" {
		t.Errorf("days of another office: %s to %s, %v", first, last, err)
	}
}

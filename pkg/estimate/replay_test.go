package estimate

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/visits"
)

var firstDay = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// day is a log of one day at one counter: a visit every two minutes, each as long.
func day(n, visitsOfIt int, lasts time.Duration) (log []visits.Visit) {
	free := firstDay.AddDate(0, 0, n)
	for i := range visitsOfIt {
		v := visits.Visit{Arrived: firstDay.AddDate(0, 0, n).Add(time.Duration(i) * 2 * time.Minute), Channel: "a", Counter: "1", Outcome: visits.Served}
		v.Called = v.Arrived
		if v.Called.Before(free) {
			v.Called = free
		}
		v.Ended = v.Called.Add(lasts)
		free = v.Ended
		log = append(log, v)
	}
	return log
}

// TestReplayEnds judges logs of what hardly can be: it comes to an end, with numbers.
func TestReplayEnds(t *testing.T) {
	t.Parallel()
	together := day(0, 30, time.Minute)
	for i := range together {
		v := &together[i]
		v.Arrived, v.Called, v.Ended = firstDay, firstDay.Add(time.Minute), firstDay.Add(2*time.Minute)
	}
	bracket := append(day(0, 1, time.Hour), day(0, 1, time.Hour)...)
	bracket[0].Counter, bracket[1].Counter = "(1)", ""
	some := day(0, 30, 0)
	for i := range 10 {
		at := firstDay.Add(time.Hour + time.Duration(i)*time.Minute)
		some = append(some, visits.Visit{Arrived: at, Called: at.Add(10 * time.Minute), Ended: at.Add(10 * time.Minute), Channel: "a", Counter: "1", Outcome: visits.Served})
	}
	for name, log := range map[string][]visits.Visit{
		"none": nil, "one": day(0, 1, time.Minute), "no time at all": append(day(0, 30, 0), day(1, 30, 0)...), "then some": some, "at one time": together,
		"a counter named like none": bracket, "long": day(0, 5, 1000*time.Hour),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newReplayer(configOf(log), log)
			r.said = make([]saying, len(log))
			r.run()
			j := r.judge()
			b, err := json.Marshal(j)
			if _, failed := json.Marshal(r.office.History()); err != nil || failed != nil {
				t.Fatal(err, failed)
			}
			if j.MAE > horizon {
				t.Errorf("%v s off in the mean", j.MAE)
			}
			if again, _ := json.Marshal(Replay(log)); string(b) != string(again) {
				t.Errorf("the same twice:\n%s\n%s", b, again)
			}
		})
	}
}

// TestGoneByTheDaysEnd has people leave of whom the log doesn't say when: they don't wait the next
// day.
func TestGoneByTheDaysEnd(t *testing.T) {
	t.Parallel()
	var log []visits.Visit
	for n := range 5 {
		log = append(log, day(n, 10, time.Minute)...)
		for i := range 3 {
			log = append(log, visits.Visit{Arrived: firstDay.AddDate(0, 0, n).Add(time.Duration(i+30) * time.Minute), Channel: "a", Outcome: visits.Left})
		}
	}
	r := newReplayer(configOf(log), log)
	r.run()
	if n := r.office.State().Waiting("a"); n != 3 {
		t.Errorf("%d wait at the end, 3 of whom have come on the last day", n)
	}
}

package crowding_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/eliminacode/eliminacode/pkg/crowding"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/view"
)

var rome = func() *time.Location {
	loc, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		panic(err)
	}
	return loc
}()

// at is a time of Monday, 2 March 2026, on which the default office is open from 8:00 to 18:30.
func at(hour, minute int) time.Time { return time.Date(2026, 3, 2, hour, minute, 0, 0, rome) }

// day is an office that is played.
type day struct {
	t interface {
		Helper()
		Fatalf(format string, args ...any)
	}
	state *queue.State
	n     int
}

// do carries out what is wanted, and reports whether it was not refused.
func (d *day) do(now time.Time, action queue.Action) bool {
	d.t.Helper()
	d.n++
	_, _, err := d.state.Execute(queue.Command{ID: fmt.Sprint(d.n), By: "dev", Do: action}, now)
	return err == nil
}

func (d *day) must(now time.Time, action queue.Action) {
	d.t.Helper()
	if !d.do(now, action) {
		d.t.Fatalf("%T is refused", action)
	}
}

func opened(t interface {
	Helper()
	Fatalf(format string, args ...any)
}, now time.Time,
) *day {
	d := &day{t: t, state: new(queue.State)}
	d.must(now, queue.Configure{Config: queue.Default()})
	d.must(now, queue.Open{Counter: "2", Operator: "maria"})
	return d
}

func today(s *queue.State, now time.Time) []view.TodayStep {
	return crowding.Today(crowding.Visits(s), s.Config, now)
}

// TestToday tells a short morning: of two who wait and one who goes.
func TestToday(t *testing.T) {
	t.Parallel()
	d := opened(t, at(7, 50))
	if got := today(d.state, at(7, 59)); len(got) != 0 {
		t.Errorf("before the opening: %v", got)
	}
	d.must(at(8, 1), queue.Issue{Ticket: "a", Channel: "anagrafe"})
	d.must(at(8, 2), queue.Issue{Ticket: "p", Channel: "protocollo"})
	d.must(at(8, 3), queue.Issue{Ticket: "q", Channel: "protocollo"})
	d.must(at(8, 7), queue.CallTicket{Counter: "2", Ticket: "a"}) // after 6 minutes
	d.must(at(8, 8), queue.CallTicket{Counter: "2", Ticket: "p"}) // after 6
	d.must(at(8, 9), queue.Recall{Counter: "2"})
	d.must(at(8, 9), queue.Transfer{Counter: "2", Channel: "altri-servizi"})
	d.must(at(8, 16), queue.Cancel{Ticket: "q"}) // after 13, never called
	d.must(at(8, 18), queue.WalkIn{Counter: "2", Ticket: "w", Channel: "anagrafe"})
	six := 360
	step := func(minute, protocollo, anagrafe, others int) view.TodayStep {
		return view.TodayStep{At: at(8, minute), Waiting: map[queue.ChannelID]int{"protocollo": protocollo, "anagrafe": anagrafe, "altri-servizi": others}}
	}
	want := []view.TodayStep{step(0, 0, 0, 0), step(5, 2, 1, 0), step(10, 1, 0, 1), step(15, 1, 0, 1), step(20, 0, 0, 1)}
	want[1].Called, want[1].Wait = 2, &six
	if diff := cmp.Diff(want, today(d.state, at(8, 21))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	d.must(at(8, 30), queue.CallTicket{Counter: "2", Ticket: "p"})
	d.must(at(8, 30), queue.Done{Counter: "2"})
	if got := today(d.state, at(23, 0)); len(got) != 10*12+6 || !got[len(got)-1].At.Equal(at(18, 25)) {
		t.Errorf("after closing at 18:30: %d steps until %v", len(got), got[len(got)-1].At)
	}
	if got := today(d.state, at(24+9, 0)); len(got) != 12 || got[0].Waiting["protocollo"] != 0 {
		t.Errorf("the next morning, of which the state has heard nothing: %v", got)
	}
	if got := today(d.state, at(6*24+9, 0)); len(got) != 0 {
		t.Errorf("on Sunday: %v", got)
	}
}

// TestTodaySurvives plays mornings in which everybody waits once, and compares what is told
// afterwards, by a state that was read again, with who was waiting at each step.
func TestTodaySurvives(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := opened(t, at(8, 0))
		var then []map[queue.ChannelID]int
		called, steps := 0, rapid.IntRange(1, 40).Draw(t, "steps")
		for i := range steps * 5 {
			now := at(8, i)
			if i%5 == 0 {
				waiting := map[queue.ChannelID]int{}
				for _, id := range []queue.ChannelID{"protocollo", "anagrafe", "altri-servizi"} {
					waiting[id] = d.state.Waiting(id)
				}
				then = append(then, waiting)
			}
			switch rapid.IntRange(0, 5).Draw(t, "what") {
			case 0, 1:
				channel := rapid.SampledFrom([]queue.ChannelID{"protocollo", "anagrafe", "altri-servizi"}).Draw(t, "channel")
				d.must(now.Add(time.Second), queue.Issue{Ticket: queue.TicketID(fmt.Sprint("t", i)), Channel: channel})
			case 2:
				if before := d.state.Counters["2"].Current; d.do(now.Add(time.Second), queue.Next{Counter: "2"}) && d.state.Counters["2"].Current != before && d.state.Counters["2"].Current != "" {
					called++
				}
			case 3:
				d.do(now.Add(time.Second), queue.MarkAbsent{Counter: "2"})
			case 4:
				d.do(now.Add(time.Second), queue.Cancel{Ticket: queue.TicketID(fmt.Sprint("t", rapid.IntRange(0, i).Draw(t, "who")))})
			}
		}
		b, err := json.Marshal(d.state)
		if err != nil {
			t.Fatal(err)
		}
		again, err := queue.Load(b)
		if err != nil {
			t.Fatal(err)
		}
		got := today(again, at(8, steps*5))
		var waiting []map[queue.ChannelID]int
		for i, step := range got {
			waiting = append(waiting, step.Waiting)
			called -= step.Called
			if !step.At.Equal(at(8, i*5)) || (step.Wait == nil) != (step.Called == 0) {
				t.Errorf("step %d: %+v", i, step)
			}
		}
		if diff := cmp.Diff(then, waiting); diff != "" {
			t.Errorf("waiting (-then +told afterwards):\n%s", diff)
		}
		if called != 0 {
			t.Errorf("%d more calls than were told", called)
		}
	})
}

// TestVisitsAreLeftAlone though Today leaves some of them out.
func TestVisitsAreLeftAlone(t *testing.T) {
	t.Parallel()
	visits := []crowding.Visit{{Given: "anagrafe", Issued: at(-3, 0), Waited: 60}, {Given: "anagrafe", Issued: at(9, 0), Waited: 60}}
	before := slices.Clone(visits)
	crowding.Today(visits, queue.Default(), at(10, 0))
	if diff := cmp.Diff(before, visits); diff != "" {
		t.Error(diff)
	}
}

package simulate_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/simulate"
	"github.com/eliminacode/eliminacode/pkg/visits"
)

// rome is where the offices of the tests are.
var rome = func() *time.Location {
	loc, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		panic(err)
	}
	return loc
}()

// at is a time of Tuesday 3 March 2026.
func at(hour, minute int) time.Time { return time.Date(2026, 3, 3, hour, minute, 0, 0, rome) }

// office is one that is open all day, with channels "a", "b" and so on, and counters "1", "2" and
// so on that serve all.
func office(channels, counters int) *queue.Config {
	all := []calendar.Interval{{From: 0, To: 24 * 60}}
	c := &queue.Config{
		Name: queue.Text{"it": "URP"}, TimeZone: "Europe/Rome", Languages: []string{"it"},
		Hours: calendar.Week{Mon: all, Tue: all, Wed: all, Thu: all, Fri: all, Sat: all, Sun: all},
	}
	for i := range channels {
		c.Channels = append(c.Channels, queue.Channel{
			ID: queue.ChannelID(rune('a' + i)), Letter: string(rune('A' + i)), Color: "#0066cc", Name: queue.Text{"it": "Canale"},
		})
	}
	for i := range counters {
		c.Counters = append(c.Counters, queue.Counter{
			ID: queue.CounterID(fmt.Sprint(i + 1)), Name: queue.Text{"it": "Sportello"}, Others: queue.OthersHelp,
		})
	}
	return c
}

func play(t *testing.T, p simulate.Plan) *simulate.Result {
	t.Helper()
	if faults := p.Config.Validate(); len(faults) > 0 {
		t.Fatalf("the office can't be: %v", faults)
	}
	r, err := simulate.Run(p)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func shift(counter queue.CounterID, from, to time.Time) simulate.Shift {
	return simulate.Shift{Counter: counter, From: from, To: to}
}

func comer(at time.Time, service time.Duration) simulate.Comer {
	return simulate.Comer{At: at, Channel: "a", Service: service}
}

// told are the visits in short: when who came was called, where, until when, and what became of it.
func told(r *simulate.Result) []string {
	var all []string
	clock := func(t time.Time) string {
		if t.IsZero() {
			return "-"
		}
		return t.Format("15:04")
	}
	for _, v := range r.Visits {
		all = append(all, fmt.Sprintf("%s %s %s %s %s", clock(v.Arrived), clock(v.Called), clock(v.Ended), v.Counter, v.Outcome))
	}
	return all
}

func want(t *testing.T, r *simulate.Result, want ...string) {
	t.Helper()
	if d := cmp.Diff(want, told(r)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

const minute = time.Minute

// TestDay plays a morning of two counters, with a break, somebody who tidies up, somebody who
// leaves and somebody who doesn't come when called.
func TestDay(t *testing.T) {
	t.Parallel()
	slow := comer(at(9, 0), 10*minute)
	slow.Tidy = 2 * minute
	left, absent := comer(at(9, 2), 5*minute), comer(at(9, 3), minute)
	left.Stays, absent.Absent = 4*minute, true
	r := play(t, simulate.Plan{
		Config: office(1, 2),
		Comers: []simulate.Comer{slow, comer(at(9, 1), 20*minute), left, absent, comer(at(9, 4), 5*minute), comer(at(9, 5), 5*minute)},
		Shifts: []simulate.Shift{shift("1", at(8, 30), at(9, 14)), shift("1", at(9, 40), at(12, 0)), shift("2", at(9, 0), at(9, 5))},
	})
	want(
		t, r,
		"09:00 09:00 09:10 1 served", // counter 1 has been free longer
		"09:01 09:01 09:21 2 served", // beyond the end of the shift
		"09:02 - 09:06  left",
		"09:03 09:12 09:13 1 absent", // once its clerk has tidied up
		"09:04 09:13 09:18 1 served", // beyond the end of the shift
		"09:05 09:40 09:45 1 served", // after the break
	)
}

// TestOverrun has a visit go on, and its clerk tidy up, from one shift into the next.
func TestOverrun(t *testing.T) {
	t.Parallel()
	over, tidied := comer(at(9, 0), 15*minute), comer(at(9, 1), 4*minute)
	tidied.Tidy = 2 * minute
	r := play(t, simulate.Plan{
		Config: office(1, 1),
		Comers: []simulate.Comer{over, tidied, comer(at(9, 2), 10*minute), comer(at(9, 3), 10*minute)},
		Shifts: []simulate.Shift{shift("1", at(9, 0), at(9, 5)), shift("1", at(9, 10), at(9, 20)), shift("1", at(9, 20), at(12, 0))},
	})
	want(
		t, r,
		"09:00 09:00 09:15 1 served",
		"09:01 09:15 09:19 1 served",
		"09:02 09:20 09:30 1 served", // the clerk of the new shift tidies up for nobody, now or later
		"09:03 09:30 09:40 1 served",
	)
}

// TestTidyTwice has a clerk still tidy up when the one of the shift before would have been done.
func TestTidyTwice(t *testing.T) {
	t.Parallel()
	first, second := comer(at(9, 0), 4*minute), comer(at(9, 1), minute)
	first.Tidy, second.Tidy = 5*minute, 5*minute
	r := play(t, simulate.Plan{
		Config: office(1, 1),
		Comers: []simulate.Comer{first, second, comer(at(9, 2), minute)},
		Shifts: []simulate.Shift{shift("1", at(9, 0), at(9, 6)), shift("1", at(9, 6), at(12, 0))},
	})
	want(t, r, "09:00 09:00 09:04 1 served", "09:01 09:06 09:07 1 served", "09:02 09:12 09:13 1 served") // not at 09:09
}

// TestStays has a clerk stay until the last has been served, and another go.
func TestStays(t *testing.T) {
	t.Parallel()
	c := office(1, 2)
	c.Hours.Tue = []calendar.Interval{{From: 8 * 60, To: 12 * 60}}
	long := shift("1", at(11, 0), at(12, 0))
	p := simulate.Plan{
		Config: c,
		Comers: []simulate.Comer{
			comer(at(11, 50), 20*minute), comer(at(11, 51), 20*minute), comer(at(11, 52), 20*minute), comer(at(11, 53), 20*minute), comer(at(12, 0), minute),
		},
		Shifts: []simulate.Shift{long, shift("2", at(11, 0), at(12, 0))},
	}
	r := play(t, p)
	want(
		t, r,
		"11:50 11:50 12:10 1 served",
		"11:51 11:51 12:11 2 served",
		"11:52 - 12:11  left", // when the office ended its day
		"11:53 - 12:11  left",
	)
	p.Shifts[0].Stays = true
	r = play(t, p)
	want(
		t, r,
		"11:50 11:50 12:10 1 served",
		"11:51 11:51 12:11 2 served",
		"11:52 12:10 12:30 1 served",
		"11:53 12:30 12:50 1 served",
	)
	if len(r.Turned) != 1 || r.Turned[0].Comer != 4 || r.Turned[0].Why.Code != queue.OfficeClosed {
		t.Errorf("who came at twelve was turned away: %+v", r.Turned)
	}
}

// TestHours wants people turned away before and after the opening, and from what isn't there.
func TestHours(t *testing.T) {
	t.Parallel()
	c := office(2, 1)
	c.Hours.Tue = []calendar.Interval{{From: 9 * 60, To: 12 * 60}}
	c.Channels[1].LastTicket = 30 * 60
	of := func(ch queue.ChannelID, at time.Time) simulate.Comer {
		return simulate.Comer{At: at, Channel: ch, Service: minute}
	}
	r := play(t, simulate.Plan{
		Config: c,
		Comers: []simulate.Comer{
			of("a", at(8, 59)), of("a", at(9, 0)), of("b", at(11, 29)), of("b", at(11, 30)), of("a", at(11, 59)), of("a", at(12, 0)), of("c", at(10, 0)),
			of("a", at(9, 0).AddDate(0, 0, 3)), // a holiday isn't: Friday
			of("a", time.Date(2026, 4, 6, 9, 0, 0, 0, rome)),
		},
		Shifts: []simulate.Shift{shift("1", at(8, 0), at(13, 0))},
	})
	got := map[int]queue.Code{}
	for _, x := range r.Turned {
		got[x.Comer] = x.Why.Code
	}
	wanted := map[int]queue.Code{
		0: queue.OfficeClosed, 3: queue.ChannelClosed, 5: queue.OfficeClosed, 6: queue.UnknownChannel, 8: queue.OfficeClosed,
	}
	if d := cmp.Diff(wanted, got); d != "" {
		t.Errorf("turned away (-want +got):\n%s", d)
	}
	if !slices.Equal(r.Comers, []int{1, 2, 4, 7}) {
		t.Errorf("visits of %v", r.Comers)
	}
}

// TestAppointments wants an appointment called no earlier than the policy allows, though a clerk is
// free, and then before those who came first.
func TestAppointments(t *testing.T) {
	t.Parallel()
	c := office(1, 1)
	c.Policy.AppointmentEarly = new(queue.Seconds(300))
	early := comer(at(9, 0), 5*minute)
	early.Class, early.Slot = queue.Appointment, at(9, 30)
	late := early
	late.At, late.Slot = at(9, 50), at(9, 40)
	r := play(t, simulate.Plan{
		Config: c,
		Comers: []simulate.Comer{early, comer(at(9, 22), 10*minute), comer(at(9, 24), 25*minute), comer(at(9, 45), 10*minute), late},
		Shifts: []simulate.Shift{shift("1", at(8, 0), at(13, 0))},
	})
	want(
		t, r,
		"09:00 09:57 10:02 1 served", // due at its slot, after those who came before it
		"09:22 09:22 09:32 1 served", // the appointment may not be called yet
		"09:24 09:32 09:57 1 served",
		"09:45 10:07 10:17 1 served",
		"09:50 10:02 10:07 1 served",
	)
}

// TestCallableByTimeAlone wants an appointment called at the moment at which it may be, when
// nothing else happens.
func TestCallableByTimeAlone(t *testing.T) {
	t.Parallel()
	early := comer(at(9, 0), 5*minute)
	early.Class, early.Slot = queue.Appointment, at(10, 30)
	r := play(t, simulate.Plan{Config: office(1, 1), Comers: []simulate.Comer{early}, Shifts: []simulate.Shift{shift("1", at(8, 0), at(13, 0))}})
	want(t, r, "09:00 10:20 10:25 1 served")
}

// TestDays plays two days in one: whoever waits at midnight waits no more, and a visit goes on.
func TestDays(t *testing.T) {
	t.Parallel()
	r := play(t, simulate.Plan{
		Config: office(1, 2),
		Comers: []simulate.Comer{comer(at(23, 50), 20*minute), comer(at(23, 51), 5*minute), comer(at(24, 1), 5*minute), comer(at(24, 11), 5*minute)},
		Shifts: []simulate.Shift{shift("1", at(23, 0), at(24, 0)), shift("1", at(24, 5), at(36, 0)), shift("2", at(30, 0), at(36, 0))},
	})
	want(
		t, r,
		"23:50 23:50 00:10 1 served",
		"23:51 - 00:00  left",
		"00:01 00:10 00:15 1 served",
		"00:11 00:15 00:20 1 served",
	)
}

// TestBusyAtMidnight has the only clerk be busy when the day ends.
func TestBusyAtMidnight(t *testing.T) {
	t.Parallel()
	waits := comer(at(23, 55), minute)
	waits.Stays = 10 * minute
	r := play(t, simulate.Plan{
		Config: office(1, 1),
		Comers: []simulate.Comer{comer(at(23, 50), 20*minute), waits},
		Shifts: []simulate.Shift{shift("1", at(23, 0), at(24, 0))},
	})
	want(t, r, "23:50 23:50 00:10 1 served", "23:55 - 00:00  left")
}

func TestPace(t *testing.T) {
	t.Parallel()
	r := play(t, simulate.Plan{
		Config: office(1, 2),
		Comers: []simulate.Comer{comer(at(9, 0), 10*minute), comer(at(9, 0), 10*minute)},
		Shifts: []simulate.Shift{shift("1", at(8, 0), at(13, 0)), shift("2", at(8, 0), at(13, 0))},
		Pace:   map[queue.CounterID]float64{"2": 1.5},
	})
	want(t, r, "09:00 09:00 09:10 1 served", "09:00 09:00 09:15 2 served")
}

// TestWatch wants the events to make the state that was played.
func TestWatch(t *testing.T) {
	t.Parallel()
	var s queue.State
	r := play(t, simulate.Plan{
		Config: office(1, 1),
		Comers: []simulate.Comer{comer(at(9, 0), 10*minute), comer(at(9, 1), 10*minute)},
		Shifts: []simulate.Shift{shift("1", at(8, 0), at(13, 0))},
		Watch: func(e *queue.Event) {
			if e.Seq != s.Seq+1 {
				t.Errorf("event %d after event %d", e.Seq, s.Seq)
			}
			s.Apply(e)
		},
	})
	if len(r.Visits) != 2 || len(s.Tickets) != 2 {
		t.Fatalf("%d visits, %d tickets", len(r.Visits), len(s.Tickets))
	}
	for id, ticket := range s.Tickets {
		if ticket.State != queue.Served {
			t.Errorf("ticket %s is %s", id, ticket.State)
		}
	}
}

func TestImpossible(t *testing.T) {
	t.Parallel()
	for wanted, p := range map[string]simulate.Plan{
		`a shift is at counter "9", which the office doesn't have`: {Shifts: []simulate.Shift{shift("9", at(9, 0), at(10, 0))}},
		`a shift at counter "1" ends before it begins`:             {Shifts: []simulate.Shift{shift("1", at(9, 0), at(9, 0))}},
		`two shifts at counter "1" overlap`:                        {Shifts: []simulate.Shift{shift("1", at(9, 0), at(11, 0)), shift("1", at(8, 0), at(9, 1))}},
		`a shift at counter "1" goes on over midnight`:             {Shifts: []simulate.Shift{shift("1", at(9, 0), at(24, 1))}},
		`comer 1: a duration is below zero`:                        {Comers: []simulate.Comer{comer(at(9, 0), 0), comer(at(9, 0), -1)}},
	} {
		p.Config = office(1, 1)
		if _, err := simulate.Run(p); err == nil || err.Error() != wanted {
			t.Errorf("%v, want %s", err, wanted)
		}
	}
}

func TestNobody(t *testing.T) {
	t.Parallel()
	r := play(t, simulate.Plan{Config: office(1, 1)})
	if len(r.Visits) > 0 || len(r.Turned) > 0 {
		t.Errorf("%+v", r)
	}
	r = play(t, simulate.Plan{Config: office(1, 1), Comers: []simulate.Comer{comer(at(9, 0), minute)}})
	want(t, r, "09:00 - 00:00  left")
	if r.Visits[0].Outcome != visits.Left {
		t.Error(r.Visits[0].Outcome)
	}
}

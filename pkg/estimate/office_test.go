package estimate_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/estimate"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/simulate"
)

var monday = time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)

// office has channels a and b and counters 1 to 3, open from eight to eight but on Sundays.
func office() *queue.Config {
	day := []calendar.Interval{{From: 8 * 60, To: 20 * 60}}
	c := &queue.Config{
		Name: queue.Text{"it": "Sede"}, TimeZone: "UTC", Languages: []string{"it"},
		Hours:  calendar.Week{Mon: day, Tue: day, Wed: day, Thu: day, Fri: day, Sat: day},
		Policy: queue.Policy{Patience: map[queue.Class]queue.Seconds{queue.Standard: 1200}},
	}
	for _, id := range []string{"a", "b"} {
		c.Channels = append(c.Channels, queue.Channel{
			ID: queue.ChannelID(id), Letter: string(id[0] - 'a' + 'A'), Color: "#0066cc", Name: queue.Text{"it": id}, ServiceTime: 300,
		})
	}
	for i := range 3 {
		id := fmt.Sprint(i + 1)
		c.Counters = append(c.Counters, queue.Counter{ID: queue.CounterID(id), Name: queue.Text{"it": id}, Others: queue.OthersHelp})
	}
	return c
}

// desk plays an office by hand.
type desk struct {
	t     *testing.T
	state *queue.State // what the estimator follows, once more
	*estimate.Office
}

func newDesk(t *testing.T, c *queue.Config) *desk {
	t.Helper()
	d := &desk{t: t, state: new(queue.State), Office: estimate.Follow(new(queue.State), estimate.NewHistory())}
	d.do(monday, queue.Configure{Config: c})
	return d
}

func (d *desk) do(now time.Time, actions ...queue.Action) {
	d.t.Helper()
	for _, a := range actions {
		events, _, err := d.state.Execute(queue.Command{By: "dev", Do: a}, now)
		if err != nil {
			d.t.Fatalf("%T: %v", a, err)
		}
		for i := range events {
			d.Apply(&events[i])
		}
	}
}

// run does something that can be undone.
func (d *desk) run(now time.Time, id string, a queue.Action) {
	d.t.Helper()
	events, _, err := d.state.Execute(queue.Command{ID: id, By: "dev", Do: a}, now)
	if err != nil {
		d.t.Fatalf("%T: %v", a, err)
	}
	for i := range events {
		d.Apply(&events[i])
	}
}

// likely is the likely wait of somebody who comes now, in minutes; -1: not known.
func (d *desk) likely(now time.Time, ch queue.ChannelID, class queue.Class) float64 {
	w, ok := d.Waits(now).Now[ch][class]
	if !ok {
		return -1
	}
	return w.Likely.Minutes()
}

// TestNothingIsSaidOfNothing has an office of which nothing is known.
func TestNothingIsSaidOfNothing(t *testing.T) {
	t.Parallel()
	d := newDesk(t, office())
	d.do(monday, queue.Issue{Ticket: "x", Channel: "a"})
	if w := d.Waits(monday); len(w.Tickets) > 0 || len(w.Now) > 0 {
		t.Errorf("nobody is at the counters, and it says %v", w)
	}
	d.do(monday, queue.Open{Counter: "1"})
	if w := d.Waits(monday); len(w.Tickets) != 1 || len(w.Now) != 2 {
		t.Errorf("somebody is there, and the time at the counter is configured; it says %v", w)
	}
	c := office()
	c.Channels[1].ServiceTime = 0
	d = newDesk(t, c)
	d.do(monday, queue.Open{Counter: "1"})
	if w := d.Waits(monday).Now; w["a"] == nil || w["b"] != nil {
		t.Errorf("of b no time at the counter is known, of a it is; it says %v", w)
	}
}

// TestFirstDay wants an answer in an office that has shown nothing yet, from what is configured.
func TestFirstDay(t *testing.T) {
	t.Parallel()
	d := newDesk(t, office())
	now := monday
	d.do(now, queue.Open{Counter: "1"}, queue.Open{Counter: "2"})
	for i := range 12 {
		d.do(now, queue.Issue{Ticket: queue.TicketID(fmt.Sprint(i)), Channel: "a"})
	}
	d.do(now, queue.Next{Counter: "1"}, queue.Next{Counter: "2"})
	// Ten wait, two are served in five minutes each: 25 minutes, give or take.
	if m := d.likely(now, "a", queue.Standard); m < 18 || m > 32 {
		t.Errorf("behind ten at two counters it takes %.0f minutes", m)
	}
	if one, two := d.likely(now, "a", queue.Standard), d.likely(now, "a", queue.Priority); two > one/3 {
		t.Errorf("with precedence %.0f minutes, without %.0f", two, one)
	}
}

// TestRules has the rules of the queue hold in what is expected.
func TestRules(t *testing.T) {
	t.Parallel()
	c := office()
	c.Counters[1].Serves, c.Counters[1].Others = []queue.Serve{{Channel: "b"}}, queue.OthersNever
	d := newDesk(t, c)
	now := monday
	d.do(now, queue.Open{Counter: "1"}, queue.Open{Counter: "2"})
	for i := range 8 {
		d.do(now, queue.Issue{Ticket: queue.TicketID(fmt.Sprint(i)), Channel: "a"})
	}
	if a, b := d.likely(now, "a", queue.Standard), d.likely(now, "b", queue.Standard); b > 3 || a < 30 {
		t.Errorf("a counter is for b alone, where nobody waits: %.0f minutes, and %.0f for a", b, a)
	}
	d.do(now, queue.Issue{Ticket: "slot", Channel: "b", Class: queue.Appointment, Slot: now.Add(time.Hour)})
	if w := d.Waits(now).Tickets["slot"]; w.Likely < 50*time.Minute || w.Likely > 70*time.Minute {
		t.Errorf("an appointment in an hour is expected to be called in %v", w)
	}
	d.do(now, queue.Pause{Counter: "2", Reason: "caffè"})
	if b := d.likely(now, "b", queue.Standard); b < 5 {
		t.Errorf("the counter for b has paused, and b takes %.0f minutes", b)
	}
}

// TestLeftCounter has a counter that is open, and that nobody calls from although people wait.
func TestLeftCounter(t *testing.T) {
	t.Parallel()
	waits := func(left bool) float64 {
		d := newDesk(t, office())
		now := monday
		d.do(now, queue.Open{Counter: "1"})
		if left {
			d.do(now, queue.Open{Counter: "2"})
		}
		for i := range 20 {
			d.do(now, queue.Issue{Ticket: queue.TicketID(fmt.Sprint(i)), Channel: "a"})
		}
		for range 5 {
			d.do(now, queue.Next{Counter: "1"})
			now = now.Add(5 * time.Minute)
		}
		return d.likely(now, "a", queue.Standard)
	}
	if with, without := waits(true), waits(false); with < 0.85*without {
		t.Errorf("a counter that somebody has left serves: %.0f minutes instead of %.0f", with, without)
	}
}

// TestSameAgain wants one answer to one question.
func TestSameAgain(t *testing.T) {
	t.Parallel()
	run := func() estimate.Waits {
		o, now := followed(t, steady(4, 1))
		return o.Waits(now)
	}
	if a, b := fmt.Sprint(run()), fmt.Sprint(run()); a != b {
		t.Errorf("the same twice:\n%s\n%s", a, b)
	}
	learn := func() string {
		c := office()
		for i := range 20 {
			id := fmt.Sprint(i + 4)
			c.Counters = append(c.Counters, queue.Counter{ID: queue.CounterID(id), Name: queue.Text{"it": id}, Others: queue.OthersHelp})
		}
		d := newDesk(t, c)
		for i := range 30 {
			d.do(monday.Add(time.Duration(i)*7123*time.Millisecond), queue.Issue{Ticket: queue.TicketID(fmt.Sprint(i)), Channel: "a"})
			if i < 20 {
				d.do(monday.Add(time.Duration(i)*7456*time.Millisecond), queue.Open{Counter: queue.CounterID(fmt.Sprint(i + 1))})
			}
		}
		b, err := json.Marshal(d.History())
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	for range 5 {
		if a, b := learn(), learn(); a != b {
			t.Fatalf("the same twice is learned otherwise:\n%s\n%s", a, b)
		}
	}
}

// TestWithoutTicket has visits begin that nobody was called for, and others end that were
// forgotten: those who wait are told of neither.
func TestWithoutTicket(t *testing.T) {
	t.Parallel()
	for name, strange := range map[string]func(d *desk, now time.Time) time.Time{
		"walk-in": func(d *desk, now time.Time) time.Time {
			d.do(now, queue.Open{Counter: "2"}, queue.WalkIn{Counter: "2", Ticket: "walk-in", Channel: "a"})
			d.do(now.Add(5*time.Minute), queue.Done{Counter: "2"}, queue.Close{Counter: "2"})
			return now.Add(5 * time.Minute)
		},
		"walk-in undone": func(d *desk, now time.Time) time.Time {
			d.do(now, queue.Open{Counter: "2"})
			d.run(now, "w", queue.WalkIn{Counter: "2", Ticket: "walk-in", Channel: "a"})
			d.do(now.Add(5*time.Second), queue.Undo{Counter: "2"}, queue.Close{Counter: "2"})
			return now.Add(5 * time.Second)
		},
		"forgotten": func(d *desk, now time.Time) time.Time {
			d.do(now, queue.Open{Counter: "2"}, queue.WalkIn{Counter: "2", Ticket: "walk-in", Channel: "a"})
			d.do(now.Add(4*time.Hour), queue.Done{Counter: "2"}, queue.Close{Counter: "2"})
			return now.Add(4 * time.Hour)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := office()
			c.Policy.UndoFor = 60
			d := newDesk(t, c)
			now := strange(d, monday)
			d.do(now, queue.Open{Counter: "1"})
			for i := range 8 {
				d.do(now, queue.Issue{Ticket: queue.TicketID(fmt.Sprint(i)), Channel: "a"})
			}
			d.do(now, queue.Next{Counter: "1"})
			if m := d.likely(now, "a", queue.Standard); m < 25 || m > 60 {
				t.Errorf("behind seven who take five minutes each it takes %.0f", m)
			}
		})
	}
}

// TestUndone has a counter go back to somebody whose visit began long ago.
func TestUndone(t *testing.T) {
	t.Parallel()
	c := office()
	c.Policy.UndoFor = 60
	d := newDesk(t, c)
	now := monday
	d.do(now, queue.Open{Counter: "1"}, queue.Issue{Ticket: "x", Channel: "a"}, queue.Issue{Ticket: "y", Channel: "a"}, queue.Next{Counter: "1"}, queue.Start{Counter: "1"})
	now = now.Add(20 * time.Minute)
	d.run(now, "n", queue.Next{Counter: "1"})
	d.do(now.Add(time.Second), queue.Undo{Counter: "1"}, queue.Done{Counter: "1"})
	const minutes17 = 21 // the step of age that begins after so long
	if ends := d.History().Visits.All.Ends; slices.Max(ends[:minutes17]) > 0 || slices.Max(ends[:]) != 1 {
		t.Errorf("a visit of twenty minutes was taken to end like this, by age: %v", ends)
	}
}

// TestForgets has a channel and a counter go: what was seen of them goes with the day.
func TestForgets(t *testing.T) {
	t.Parallel()
	d := newDesk(t, office())
	now := monday
	for i := range 6 { // counter 2 takes those of b though one of a is due first
		id := queue.TicketID(fmt.Sprint("b", i))
		d.do(now, queue.Issue{Ticket: queue.TicketID(fmt.Sprint("a", i)), Channel: "a"}, queue.Issue{Ticket: id, Channel: "b"}, queue.Open{Counter: "2"})
		d.do(now.Add(time.Minute), queue.CallTicket{Counter: "2", Ticket: id}, queue.Done{Counter: "2"}, queue.Pause{Counter: "2", Reason: "caffè"})
		now = now.Add(2 * time.Minute)
		d.do(now, queue.Resume{Counter: "2"}, queue.Close{Counter: "2"})
	}
	seen := func() string {
		h := d.History()
		return fmt.Sprint(
			h.Visits.Each["b"] != nil, h.Leaving.Each["b"] != nil,
			h.Gaps.Each["2"] != nil, h.Open.Each["2"] != nil, h.Paused.Each["2"] != nil, h.Closed.Each["2"] != nil, h.VisitAt["2"] != nil, h.Takes["2"] != nil)
	}
	if seen() != strings.TrimSpace(strings.Repeat("true ", 8)) {
		t.Fatalf("seen of them: %s", seen())
	}
	c := office()
	c.Channels, c.Counters = c.Channels[:1], slices.Delete(c.Counters, 1, 2)
	d.do(now, queue.Configure{Config: c, Version: d.State().Config.Version})
	d.do(now.AddDate(0, 0, 1), queue.Tick{})
	if seen() != strings.TrimSpace(strings.Repeat("false ", 8)) {
		t.Errorf("seen of them the next day: %s", seen())
	}
	if h := d.History(); h.Leaving.Each["a"] == nil || h.Visits.All == estimate.NewHistory().Visits.All {
		t.Error("all is forgotten")
	}
}

// TestNotAHistory has somebody write into what was learned: it is refused, nothing panics later.
func TestNotAHistory(t *testing.T) {
	t.Parallel()
	for _, broken := range []string{
		`[]`, `{"visits":{"each":null}}`, `{"visits":{"each":{"a":null}}}`, `{"visit_at":null}`, `{"visit_at":{"1":null}}`, `{"visit_at":{"1":{"a":null}}}`,
		`{"gaps":{"each":{"1":null}}}`, `{"takes":{"1":{"a":null}}}`, `{"coming":{"standard/a":null}}`, `{"coming":{"a":{}}}`, `{"errors":{"scores":null}}`,
		`{"closed":{"all":{"ends":[-1]}}}`, `{"paused":{"all":{"seconds":[0,1e300]}}}`, `{"takes":{"1":{"a":{"took":-7}}}}`, `{"coming":{"standard/a":{"count":-1}}}`,
		`{"errors":{"low":7}}`, `{"errors":{"high":-7}}`,
	} {
		if h, err := estimate.LoadHistory([]byte(broken)); err == nil {
			t.Errorf("%s is read as %v", broken, h)
		}
	}
}

// TestPostponed has everybody let others go first: nobody learns from it that waits are longer than
// was said.
func TestPostponed(t *testing.T) {
	t.Parallel()
	c := office()
	c.Policy.Postpone = 1200
	d := newDesk(t, c)
	now := monday
	d.do(now, queue.Open{Counter: "1"})
	d.Waits(now)
	for i := range 60 {
		id := queue.TicketID(fmt.Sprint(i))
		d.do(now, queue.Issue{Ticket: id, Channel: "a"}, queue.Postpone{Ticket: id})
		if i > 5 {
			d.do(now, queue.Next{Counter: "1"})
		}
		now = now.Add(5 * time.Minute)
		d.Waits(now)
	}
	if e := d.History().Errors; len(e.Scores) > 0 || e.High != estimate.NewHistory().Errors.High {
		t.Errorf("learned %v", e)
	}
}

// steady plans days of visits of five minutes in the mean at three counters, exponentially long,
// that keep them busy.
func steady(days int, seed uint64) simulate.Plan {
	r := rand.New(rand.NewPCG(seed, 0))
	p := simulate.Plan{Config: office()}
	for day := range days {
		from := monday.AddDate(0, 0, day)
		if from.Weekday() == time.Sunday {
			continue
		}
		for i := range 3 {
			p.Shifts = append(p.Shifts, simulate.Shift{Counter: queue.CounterID(fmt.Sprint(i + 1)), From: from, To: from.Add(12 * time.Hour)})
		}
		for at := from; at.Before(from.Add(10 * time.Hour)); at = at.Add(seconds(r.ExpFloat64() * 90)) {
			p.Comers = append(p.Comers, simulate.Comer{At: at, Channel: "a", Service: seconds(r.ExpFloat64() * 300)})
		}
	}
	return p
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// followed plays a plan before an estimator, as far as the afternoon of its last day.
func followed(t *testing.T, p simulate.Plan) (*estimate.Office, time.Time) {
	t.Helper()
	o := estimate.Follow(new(queue.State), estimate.NewHistory())
	last := p.Comers[len(p.Comers)-1].At.Add(-time.Hour)
	at := last
	p.Watch = func(e *queue.Event) {
		if !e.At.After(last) {
			o.Apply(e)
			at = e.At
		}
	}
	if _, err := simulate.Run(p); err != nil {
		t.Fatal(err)
	}
	return o, at
}

// TestErlang compares the waits with what is known of visits of exponential length: the one who is
// n-th in line is called at the n-th end of a visit, which Erlang's distribution tells of (A. K.
// Erlang, 1917). All counters are busy, and nobody tidies up.
func TestErlang(t *testing.T) {
	t.Parallel()
	o, now := followed(t, steady(30, 7))
	waits, s := o.Waits(now), o.State()
	line := s.Line("a", now)
	if len(line) < 10 {
		t.Fatalf("%d wait", len(line))
	}
	for n, ticket := range line {
		w := waits.Tickets[ticket.ID]
		want := erlang(n+1, 100, 0.5)
		if off := w.Likely.Seconds()/want - 1; n > 2 && math.Abs(off) > 0.15 {
			t.Errorf("the %d. in line is likely called in %v, not %v", n+1, w.Likely, seconds(want))
		}
	}
}

// erlang is a quantile of the sum of n exponential times with a mean of seconds.
func erlang(n int, mean, q float64) float64 {
	below := func(x float64) float64 { // that n ends have come by x
		term, sum := 1., 1.
		for k := 1; k < n; k++ {
			term *= x / float64(k)
			sum += term
		}
		return 1 - math.Exp(-x)*sum
	}
	low, high := 0., 10*float64(n)
	for range 60 {
		if mid := (low + high) / 2; below(mid) < q {
			low = mid
		} else {
			high = mid
		}
	}
	return low * mean
}

// TestOrder wants every range to be in order, nobody who waits to be called after who is due later,
// and histories to come back as they were kept.
func TestOrder(t *testing.T) {
	t.Parallel()
	for seed := range uint64(5) {
		o, now := followed(t, steady(2, seed))
		waits := o.Waits(now)
		var all []estimate.Wait
		for _, ticket := range o.State().Line("a", now) {
			all = append(all, waits.Tickets[ticket.ID])
		}
		if !slices.IsSortedFunc(all, func(a, b estimate.Wait) int { return cmp.Compare(a.Likely, b.Likely) }) {
			t.Errorf("not in the order of the line: %v", all)
		}
		for _, w := range all {
			if w.Low < 0 || w.Low > w.Likely || w.Likely > w.High {
				t.Errorf("%v is no range", w)
			}
		}
	}
}

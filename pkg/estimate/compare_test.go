package estimate

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/simulate"
)

// world is an invented office whose truth is known: four channels, five counters that serve some of
// them each, precedence, people who don't come or leave, breaks, slow and quick clerks, slow and
// quick days.
type world struct {
	r      *rand.Rand
	config *queue.Config
	load   float64
	clerk  [5]float64 // how long each clerk takes
	day    float64    // how long all take today
	from   time.Time  // today's opening
}

// meanVisit is how long a visit takes by channel, s, and manyOf how many come for it.
var (
	meanVisit = [4]float64{240, 420, 300, 600}
	manyOf    = [4]float64{0.4, 0.3, 0.2, 0.1}
)

func newWorld(seed uint64, load float64) *world {
	w := &world{r: rand.New(rand.NewPCG(seed, 2)), load: load, from: time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC)}
	open := []calendar.Interval{{From: 8 * 60, To: 18 * 60}}
	w.config = &queue.Config{
		Name: queue.Text{"it": "Sede"}, TimeZone: "UTC", Languages: []string{"it"},
		Hours:  calendar.Week{Mon: open, Tue: open, Wed: open, Thu: open, Fri: open},
		Policy: queue.Policy{Patience: map[queue.Class]queue.Seconds{queue.Standard: 1200, queue.Priority: 300}, HelpAfter: 600},
	}
	for i := range meanVisit {
		id := string(rune('a' + i))
		w.config.Channels = append(w.config.Channels, queue.Channel{
			ID: queue.ChannelID(id), Letter: string(rune('A' + i)), Color: "#0066cc", Name: queue.Text{"it": id}, ServiceTime: 300,
		})
	}
	for k, serves := range []string{"ab", "ab", "bc", "cd", "acd"} {
		c := queue.Counter{ID: queue.CounterID(fmt.Sprint(k + 1)), Name: queue.Text{"it": fmt.Sprint(k + 1)}, Others: queue.OthersHelp}
		for _, ch := range serves {
			c.Serves = append(c.Serves, queue.Serve{Channel: queue.ChannelID(ch)})
		}
		if k == 3 {
			c.Others = queue.OthersNever
		}
		w.config.Counters = append(w.config.Counters, c)
		w.clerk[k] = math.Exp(0.25 * w.r.NormFloat64())
	}
	return w
}

// lasts draws how long a visit takes a clerk of no particular pace: a log-normal length with a
// coefficient of variation of 0.8.
func lasts(r *rand.Rand, channel int) float64 {
	const sigma = 0.7 // sqrt(log(1+0.8²))
	return meanVisit[channel] * math.Exp(sigma*r.NormFloat64()-sigma*sigma/2)
}

// tomorrow plans the next day.
func (w *world) tomorrow() simulate.Plan {
	r, second := w.r, func(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
	for w.from = w.from.AddDate(0, 0, 1); !slices.Contains([]time.Weekday{1, 2, 3, 4, 5}, w.from.Weekday()); {
		w.from = w.from.AddDate(0, 0, 1)
	}
	w.day = math.Exp(0.15 * r.NormFloat64())
	p := simulate.Plan{Config: w.config, Pace: map[queue.CounterID]float64{}}
	for k := range w.clerk {
		id := w.config.Counters[k].ID
		p.Pace[id] = w.clerk[k] * w.day
		begin, rest := second(300*r.ExpFloat64()), second(9000+3600*r.Float64())
		p.Shifts = append(p.Shifts, simulate.Shift{Counter: id, From: w.from.Add(begin), To: w.from.Add(begin + rest)})
		if k == 4 && r.Float64() < 0.5 { // goes home at noon
			continue
		}
		p.Shifts = append(p.Shifts, simulate.Shift{Counter: id, From: w.from.Add(begin + rest + second(600+900*r.Float64())), To: w.from.Add(10 * time.Hour), Stays: true})
	}
	// Work that comes in a second, for five counters of which four and a half are there.
	work := 0.
	for c, mean := range meanVisit {
		work += manyOf[c] * mean
	}
	gap := work / (4.5 * w.load)
	for at := 0.; at < 9.5*3600; {
		busy := 1 + 0.4*math.Sin(at/3600*math.Pi/2.5) // mornings and afternoons
		at += r.ExpFloat64() * gap / busy
		c, u := 0, r.Float64()
		for ; c < 3 && u > manyOf[c]; c++ {
			u -= manyOf[c]
		}
		x := simulate.Comer{At: w.from.Add(second(at)), Channel: w.config.Channels[c].ID, Class: queue.Standard, Service: second(lasts(r, c)), Tidy: second(5 + 15*r.ExpFloat64())}
		if r.Float64() < 0.1 {
			x.Class = queue.Priority
		}
		if r.Float64() < 0.05 {
			x.Absent, x.Service = true, second(60+60*r.Float64())
		}
		if r.Float64() < 0.1 {
			x.Stays = second(2400 * r.ExpFloat64())
		}
		p.Comers = append(p.Comers, x)
	}
	return p
}

// tell has an estimator know how long visits last today, as nobody can.
func (w *world) tell(h *History) {
	r := rand.New(rand.NewPCG(1, 1))
	for k, pace := range w.clerk {
		for c := range meanVisit {
			at := new(hazard)
			for range 3000 {
				s := lasts(r, c)*pace*w.day + 0
				if r.Float64() < 0.05 {
					s = (60 + 60*r.Float64()) * pace * w.day
				}
				at.lasted(0, s)
				at.ended(s)
			}
			h.VisitAt.put(w.config.Counters[k].ID, w.config.Channels[c].ID, at)
		}
	}
}

// guess is a way to say how long it takes.
type guess struct {
	off, n float64
	said   map[queue.TicketID]float64
}

// simple are the guesses that need no plays.
type simple struct {
	services, waits []float64
	last            map[queue.ChannelID]float64
}

func mean(all []float64) float64 {
	sum := 0.
	for _, x := range all {
		sum += x
	}
	return sum / float64(max(len(all), 1))
}

func tail(all []float64, n int) []float64 { return all[max(0, len(all)-n):] }

// play plays days before all ways to guess, and returns the mean absolute error of each, s, over
// those who were called after a wait; and the shares within the range, and beyond it.
func (w *world) play(tb testing.TB, learn, days int) (off map[string]float64, within, above float64) {
	ours, oracle := Follow(new(queue.State), NewHistory()), Follow(new(queue.State), NewHistory())
	guesses := map[string]*guess{}
	for _, name := range []string{"ours", "oracle", "plain", "last", "five", "constant"} {
		guesses[name] = &guess{said: map[queue.TicketID]float64{}}
	}
	ranges := map[queue.TicketID]Wait{}
	s := simple{last: map[queue.ChannelID]float64{}}
	called := 0.
	for day := range learn + days {
		counts := day >= learn
		p := w.tomorrow()
		if counts {
			w.tell(oracle.history)
		}
		base := oracle.state.Seq
		p.Watch = func(e *queue.Event) {
			e2 := *e
			e2.Seq += base
			if e2.Kind == queue.ConfigChanged && ours.state.Config != nil {
				return // it is one office, day after day
			}
			if e.Kind == queue.TicketIssued {
				w.say(counts, ours, oracle, &s, e, guesses, ranges)
			}
			before := ours.state.Tickets[e.Ticket]
			if e.Kind == queue.TicketCalled && before != nil && before.State == queue.Waiting {
				waited := e.At.Sub(before.Issued).Seconds()
				s.waits, s.last[before.Channel] = append(s.waits, waited), waited
				if counts && waited > 0 {
					for _, g := range guesses {
						g.off += math.Abs(g.said[e.Ticket] - waited)
						g.n++
					}
					called++
					switch r := ranges[e.Ticket]; {
					case waited > r.High.Seconds():
						above++
					case waited >= r.Low.Seconds():
						within++
					}
				}
			}
			if e.Kind == queue.TicketServed || e.Kind == queue.TicketAbsent {
				s.services = append(s.services, e.At.Sub(before.AnnouncedAt).Seconds())
			}
			ours.Apply(&e2)
			e3 := e2
			oracle.Apply(&e3)
			oracle.today = today{} // it knows
		}
		if day > 0 { // the tickets of other days have the same ids
			w.begin(ours, oracle)
			base = oracle.state.Seq
		}
		if _, err := simulate.Run(p); err != nil {
			tb.Fatal(err)
		}
	}
	off = map[string]float64{}
	for name, g := range guesses {
		off[name] = g.off / g.n
	}
	return off, within / called, above / called
}

// begin begins the day.
func (w *world) begin(offices ...*Office) {
	for _, o := range offices {
		o.Apply(&queue.Event{Seq: o.state.Seq + 1, At: w.from.Add(-time.Hour), Kind: queue.DayStarted, Day: calendar.DateOf(w.from)})
	}
}

func (w *world) say(counts bool, ours, oracle *Office, s *simple, e *queue.Event, guesses map[string]*guess, ranges map[queue.TicketID]Wait) {
	mine := ours.Waits(e.At).Now[e.Channel][e.Class]
	if !counts {
		return
	}
	ranges[e.Ticket] = mine
	guesses["ours"].said[e.Ticket] = mine.Likely.Seconds()
	guesses["oracle"].said[e.Ticket] = oracle.Waits(e.At).Now[e.Channel][e.Class].Likely.Seconds()
	busy := 0
	for _, d := range ours.state.Counters {
		if d.Current != "" {
			busy++
		}
	}
	guesses["plain"].said[e.Ticket] = float64(ours.state.Waiting(e.Channel)+1) * mean(tail(s.services, 30)) / float64(max(busy, 1))
	guesses["last"].said[e.Ticket] = s.last[e.Channel]
	guesses["five"].said[e.Ticket] = mean(tail(s.waits, 5))
	sorted := slices.Sorted(slices.Values(tail(s.waits, 1000)))
	if len(sorted) > 0 {
		guesses["constant"].said[e.Ticket] = sorted[len(sorted)/2]
	}
}

// BenchmarkEstimates compares ways to say how long it takes in an office whose truth is known: the
// figures are mean absolute errors as multiples of the oracle's, who knows how long visits last
// today at each counter, and plays.
func BenchmarkEstimates(b *testing.B) {
	for _, load := range []float64{0.75, 0.9, 1} {
		b.Run(fmt.Sprintf("load=%v", load), func(b *testing.B) {
			for b.Loop() {
				off, within, above := newWorld(1, load).play(b, 30, 30)
				for _, name := range []string{"ours", "plain", "last", "five", "constant"} {
					b.ReportMetric(off[name]/off["oracle"], name+"-x-oracle")
				}
				b.ReportMetric(off["oracle"]/60, "oracle-min")
				b.ReportMetric(100*within, "%within")
				b.ReportMetric(100*above, "%above")
			}
		})
	}
}

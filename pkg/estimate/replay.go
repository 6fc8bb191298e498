package estimate

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/visits"
)

// Scores say how good estimates were, over those who were called after a wait. Times are in
// seconds.
type Scores struct {
	Waited    int  `json:"waited"` // how many they are
	MAE       Mean `json:"mae_s"`  // mean absolute error of what was likely
	Bias      Mean `json:"bias_s"` // what was likely less what was true
	Coverage  Mean `json:"coverage"`
	Above     Mean `json:"above"` // share beyond the range
	MeanWidth Mean `json:"mean_width_s"`
	Pinball   Mean `json:"pinball_s"`   // mean loss of the quantiles 0.1, 0.5 and 0.9
	PlainMAE  Mean `json:"plain_mae_s"` // of (ahead + 1) × the mean of the last 30 services ÷ busy counters

	plain int // of how many there was a plain estimate
}

// Mean is a mean; that of nothing is NaN, which is null in JSON.
type Mean float64

// MarshalJSON implements [json.Marshaler]. Thousandths are enough.
func (m Mean) MarshalJSON() ([]byte, error) {
	if math.IsNaN(float64(m)) {
		return []byte("null"), nil
	}
	return json.Marshal(math.Round(float64(m)*1000) / 1000)
}

func (s *Scores) add(w Wait, plain, waited float64) {
	s.Waited++
	s.MAE += Mean(math.Abs(w.Likely.Seconds() - waited))
	s.Bias += Mean(w.Likely.Seconds() - waited)
	s.MeanWidth += Mean((w.High - w.Low).Seconds())
	switch {
	case waited > w.High.Seconds():
		s.Above++
	case waited >= w.Low.Seconds():
		s.Coverage++
	}
	for _, x := range []struct {
		quantile float64
		at       time.Duration
	}{{low, w.Low}, {likely, w.Likely}, {high, w.High}} {
		over := waited - x.at.Seconds()
		s.Pinball += Mean(max(x.quantile*over, (x.quantile-1)*over) / 3)
	}
	if plain >= 0 {
		s.PlainMAE += Mean(math.Abs(plain - waited))
		s.plain++
	}
}

// mean makes means of sums.
func (s *Scores) mean() {
	for _, x := range []*Mean{&s.MAE, &s.Bias, &s.Coverage, &s.Above, &s.MeanWidth, &s.Pinball} {
		*x /= Mean(s.Waited)
	}
	s.PlainMAE /= Mean(s.plain)
}

// Judgement is what [Replay] says of a log.
type Judgement struct {
	Visits    int `json:"visits"`
	Predicted int `json:"predicted"` // to whom something was said
	Scores
	ByChannel map[string]*Scores `json:"by_channel"`
	ByHour    map[string]*Scores `json:"by_hour"` // of the arrival: "09"
	ByDay     map[string]*Scores `json:"by_day"`  // "2026-03-02"
}

// Replay judges what is said to those who come by a log of real visits. The log is the truth: who
// was called where and when isn't the policy's choice. At each arrival the estimator knows what
// had happened by then.
func Replay(log []visits.Visit) *Judgement {
	r := newReplayer(configOf(log), log)
	r.said = make([]saying, len(log))
	r.run()
	return r.judge()
}

// Learn returns what an office has shown by a log of its visits: how long they last, how late
// counters open, who leaves. A log doesn't say from when on who waited might have been called, and
// by whom, so that it says nothing of how soon counters call. What is of channels and counters that
// the office doesn't have is left out.
func Learn(c *queue.Config, log []visits.Visit) *History {
	log = slices.DeleteFunc(slices.Clone(log), func(v visits.Visit) bool {
		return c.Channel(queue.ChannelID(v.Channel)) == nil || !v.Called.IsZero() && c.Counter(queue.CounterID(v.Counter)) == nil
	})
	r := newReplayer(c, log)
	r.run()
	seen, h := r.office.History(), NewHistory()
	h.Visits, h.VisitAt, h.Closed, h.Leaving = seen.Visits, seen.VisitAt, seen.Closed, seen.Leaving
	return h
}

func (r *replayer) run() {
	for _, m := range r.moments() {
		r.happen(m)
	}
}

// replayer is a replay that goes on. Its office has the times as they are written on clocks, so
// that days and hours are those of the log, wherever it is from.
type replayer struct {
	log    []visits.Visit
	office *Office
	seq    int64
	day    calendar.Date
	at     []queue.CounterID // of each visit: where it is
	said   []saying          // to each; nil if nobody is told anything
	gone   []queue.TicketID  // of today: those of whom the log doesn't say when they left
	recent []float64         // the last services, s
}

// saying is what was said to somebody who came.
type saying struct {
	wait  Wait
	known bool
	plain float64 // s; negative: nothing
}

// moment is one of the things that happen to a visit.
type moment struct {
	at    time.Time
	kind  queue.Kind
	rank  int // among those of the same time
	visit int
}

// moments returns all that happens, in order. At the same time those end who are at a counter, then
// somebody comes, then is called.
func (r *replayer) moments() []moment {
	var all []moment
	for i, v := range r.log {
		all = append(all, moment{v.Arrived, queue.TicketIssued, 1, i})
		switch {
		case !v.Called.IsZero():
			ended := 0
			if v.Ended.Equal(v.Called) {
				ended = 3
			}
			all = append(all, moment{v.Called, queue.TicketCalled, 2, i}, moment{v.Ended, queue.TicketServed, ended, i})
		case !v.Ended.IsZero():
			ended := 0
			if v.Ended.Equal(v.Arrived) {
				ended = 3
			}
			all = append(all, moment{v.Ended, queue.TicketCancelled, ended, i})
		}
	}
	slices.SortStableFunc(all, func(a, b moment) int {
		return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.rank, b.rank))
	})
	return all
}

// nowhere names counters for those of whom the log doesn't say where they were called, as no log
// does.
func nowhere(i int) queue.CounterID { return queue.CounterID(fmt.Sprintf("\x00%d", i+1)) }

func newReplayer(c *queue.Config, log []visits.Visit) *replayer {
	r := &replayer{log: log, at: make([]queue.CounterID, len(log))}
	r.office = Follow(new(queue.State), NewHistory())
	if len(log) > 0 {
		r.emit(queue.Event{Kind: queue.ConfigChanged, At: log[0].Arrived, Config: c})
	}
	return r
}

// configOf is the configuration of an office as far as its log tells.
func configOf(log []visits.Visit) *queue.Config {
	c := &queue.Config{TimeZone: "UTC", Policy: queue.Policy{ForgottenAfter: 1e9}} // the log is right
	channels, counters := map[string]bool{}, map[string]bool{}
	for _, v := range log {
		if !channels[v.Channel] {
			channels[v.Channel] = true
			c.Channels = append(c.Channels, queue.Channel{ID: queue.ChannelID(v.Channel)})
		}
		if v.Counter != "" && !counters[v.Counter] {
			counters[v.Counter] = true
			c.Counters = append(c.Counters, queue.Counter{ID: queue.CounterID(v.Counter)})
		}
	}
	for i := range most(log) {
		c.Counters = append(c.Counters, queue.Counter{ID: nowhere(i)})
	}
	return c
}

// most is how many visits whose counter nobody noted there are at a time.
func most(log []visits.Visit) (n int) {
	type change struct {
		at time.Time
		by int
	}
	var all []change
	for _, v := range log {
		if v.Counter == "" && !v.Called.IsZero() {
			all = append(all, change{v.Called, 1}, change{v.Ended, -1})
		}
	}
	slices.SortFunc(all, func(a, b change) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(b.by, a.by)) })
	at := 0
	for _, c := range all {
		at += c.by
		n = max(n, at)
	}
	return n
}

func (r *replayer) emit(e queue.Event) {
	r.seq++
	e.Seq = r.seq
	r.office.Apply(&e)
}

func (r *replayer) happen(m moment) {
	v, id := &r.log[m.visit], queue.TicketID(fmt.Sprint(m.visit+1))
	s := r.office.State()
	switch m.kind {
	case queue.TicketIssued:
		r.begin(m.at)
		if r.said != nil {
			r.said[m.visit] = r.say(v)
		}
		r.emit(queue.Event{
			Kind: queue.TicketIssued, At: m.at, Ticket: id, Number: string(id), Channel: queue.ChannelID(v.Channel), Class: queue.Standard, Since: m.at,
		})
		if v.Ended.IsZero() {
			r.gone = append(r.gone, id)
		}
	case queue.TicketCalled:
		at := r.place(v)
		r.at[m.visit] = at
		if s.Counters[at].Status == queue.DeskClosed {
			r.emit(queue.Event{Kind: queue.CounterOpened, At: m.at, Counter: at})
		}
		if t := s.Counters[at].Current; t != "" { // who was there has left, whatever the log says
			r.emit(queue.Event{Kind: queue.TicketServed, At: m.at, Ticket: t, Counter: at})
		}
		r.emit(queue.Event{Kind: queue.TicketCalled, At: m.at, Ticket: id, Counter: at})
	case queue.TicketServed:
		if at := r.at[m.visit]; s.Counters[at].Current == id {
			r.emit(queue.Event{Kind: queue.TicketServed, At: m.at, Ticket: id, Counter: at})
		}
		r.recent = append(r.recent, v.Ended.Sub(v.Called).Seconds())
		r.recent = r.recent[max(0, len(r.recent)-plainServices):]
	case queue.TicketCancelled:
		r.emit(queue.Event{Kind: queue.TicketCancelled, At: m.at, Ticket: id})
	}
}

// begin begins a new day, if it is one. The log doesn't say when counters close, so all do then,
// and those have left of whom it doesn't say when.
func (r *replayer) begin(now time.Time) {
	day := calendar.DateOf(now)
	if day <= r.day {
		return
	}
	r.day = day
	s := r.office.State()
	for i := range s.Config.Counters {
		if d := s.Counters[s.Config.Counters[i].ID]; d.Status != queue.DeskClosed && d.Current == "" {
			r.emit(queue.Event{Kind: queue.CounterShut, At: now, Counter: d.ID})
		}
	}
	for _, id := range r.gone {
		r.emit(queue.Event{Kind: queue.TicketExpired, At: now, Ticket: id})
	}
	r.gone = r.gone[:0]
	r.emit(queue.Event{Kind: queue.DayStarted, At: now, Day: day})
}

// place is where somebody is called: of several counters that nobody noted, one that is free.
func (r *replayer) place(v *visits.Visit) queue.CounterID {
	if v.Counter != "" {
		return queue.CounterID(v.Counter)
	}
	for i := 0; ; i++ {
		if d := r.office.State().Counters[nowhere(i)]; d.Current == "" {
			return d.ID
		}
	}
}

// plainServices is of how many services the plain estimate takes the mean.
const plainServices = 30

// say is what is said to somebody who comes.
func (r *replayer) say(v *visits.Visit) saying {
	w, known := r.office.Waits(v.Arrived).Now[queue.ChannelID(v.Channel)][queue.Standard]
	return saying{w, known, r.plain(queue.ChannelID(v.Channel))}
}

func (r *replayer) plain(ch queue.ChannelID) float64 {
	if len(r.recent) == 0 {
		return -1
	}
	mean, busy := 0., 0
	for _, s := range r.recent {
		mean += s / float64(len(r.recent))
	}
	for _, d := range r.office.State().Counters {
		if d.Current != "" {
			busy++
		}
	}
	return float64(r.office.State().Waiting(ch)+1) * mean / float64(max(busy, 1))
}

func (r *replayer) judge() *Judgement {
	j := &Judgement{Visits: len(r.log), ByChannel: map[string]*Scores{}, ByHour: map[string]*Scores{}, ByDay: map[string]*Scores{}}
	of := func(m map[string]*Scores, key string) *Scores {
		if m[key] == nil {
			m[key] = new(Scores)
		}
		return m[key]
	}
	for i := range r.log {
		v, said := &r.log[i], &r.said[i]
		if !said.known {
			continue
		}
		j.Predicted++
		if v.Called.IsZero() || !v.Called.After(v.Arrived) {
			continue
		}
		for _, s := range []*Scores{
			&j.Scores, of(j.ByChannel, v.Channel), of(j.ByHour, v.Arrived.Format("15")), of(j.ByDay, v.Arrived.Format(time.DateOnly)),
		} {
			s.add(said.wait, said.plain, v.Called.Sub(v.Arrived).Seconds())
		}
	}
	j.mean()
	for _, m := range []map[string]*Scores{j.ByChannel, j.ByHour, j.ByDay} {
		for _, s := range m {
			s.mean()
		}
	}
	return j
}

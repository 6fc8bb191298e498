package simulate

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/visits"
)

// past is what a log tells of an office.
type past struct {
	config   *queue.Config
	given    bool // the configuration, by the asker
	loc      *time.Location
	days     []*day                     // in order
	services map[string][]time.Duration // by channel, and of all as ""
	tidies   []time.Duration
	patience patience
	seed     uint64
	counts   []visits.Count // of which it is learned how many come
	usual    *fitted        // what they say
}

// day is a day that can be played.
type day struct {
	date   calendar.Date
	config *queue.Config
	real   []visits.Visit          // as the log tells them; none: the day is drawn
	comers []Comer                 // of a real day: one for each visit
	shifts []Shift                 // as they were
	last   time.Time               // when the last came
	ends   time.Time               // midnight
	use    map[queue.CounterID]int // visits at a counter
}

// ErrNobody says that nothing can be learned from a log: it has no visits, or none was ever called.
var ErrNobody = errors.New("the log has nobody who was called")

// read learns from a history. Without a configuration, office, channels and counters are the log's;
// with one, those are added that it lacks.
func read(h History, cfg *queue.Config, seed uint64) (*past, error) {
	log := slices.Clone(h.Log)
	if !slices.ContainsFunc(log, func(v visits.Visit) bool { return !v.Called.IsZero() }) {
		return nil, ErrNobody
	}
	p := &past{given: cfg != nil, seed: seed, services: map[string][]time.Duration{}}
	place(log)
	if err := p.office(log, cfg); err != nil {
		return nil, err
	}
	for _, v := range log {
		date := calendar.DateOf(v.Arrived.In(p.loc))
		if n := len(p.days); n == 0 || p.days[n-1].date != date {
			p.days = append(p.days, &day{date: date, ends: date.Next().In(p.loc, 0), use: map[queue.CounterID]int{}})
		}
		d := p.days[len(p.days)-1]
		d.real = append(d.real, v)
		d.last = v.Arrived
	}
	p.patience = patienceOf(log)
	for _, d := range p.days {
		d.config = p.config
		p.come(d)
		d.config = p.open(d)
	}
	for _, d := range p.days {
		p.fill(d)
	}
	if p.counts = h.Counts; len(p.counts) == 0 {
		p.counts = p.counted()
	}
	p.usual = fit(daysOf(p.counts))
	return p, nil
}

// place gives those whom a log has called without a counter one that is free, by a name of its own.
func place(log []visits.Visit) {
	var until []time.Time // when the nameless counters are free again
	called := make([]int, 0, len(log))
	for i := range log {
		if !log[i].Called.IsZero() && log[i].Counter == "" {
			called = append(called, i)
		}
	}
	slices.SortStableFunc(called, func(a, b int) int { return log[a].Called.Compare(log[b].Called) })
	for _, i := range called {
		v := &log[i]
		n := slices.IndexFunc(until, func(t time.Time) bool { return !t.After(v.Called) })
		if n < 0 {
			n, until = len(until), append(until, time.Time{})
		}
		until[n] = v.Ended
		v.Counter = fmt.Sprintf("(%d)", n+1)
	}
}

// office makes the configuration that the log is played by.
func (p *past) office(log []visits.Visit, cfg *queue.Config) error {
	c := queue.Config{TimeZone: zone(log)}
	if cfg != nil {
		c = *cfg
	}
	loc, err := c.Location()
	if err != nil {
		return err
	}
	p.loc = loc
	c.Channels, c.Counters = slices.Clone(c.Channels), slices.Clone(c.Counters)
	of := map[[2]string]int{} // visits by counter and channel, and of all of either as ""
	for _, v := range log {
		if c.Channel(queue.ChannelID(v.Channel)) == nil {
			c.Channels = append(c.Channels, queue.Channel{ID: queue.ChannelID(v.Channel), Letter: "A"})
		}
		if v.Counter != "" {
			for _, k := range [][2]string{{v.Counter, v.Channel}, {v.Counter, ""}, {"", v.Channel}} {
				of[k]++
			}
		}
	}
	for _, v := range log {
		if v.Counter == "" || c.Counter(queue.CounterID(v.Counter)) != nil {
			continue
		}
		added := queue.Counter{ID: queue.CounterID(v.Counter), Others: queue.OthersNever}
		for i := range c.Channels {
			ch := string(c.Channels[i].ID)
			if n := of[[2]string{v.Counter, ch}]; n*rarely >= of[[2]string{v.Counter, ""}] || n > 0 && n*rarely >= of[[2]string{"", ch}] {
				added.Serves = append(added.Serves, queue.Serve{Channel: c.Channels[i].ID})
			}
		}
		c.Counters = append(c.Counters, added)
	}
	p.config = &c
	return nil
}

// rarely: what is one in more visits than so many isn't what somebody is there for.
const rarely = 20

// zone is the time zone in which a log's times are written: Rome's, unless they say another.
func zone(log []visits.Visit) string {
	const home = "Europe/Rome"
	rome, err := time.LoadLocation(home)
	same := func(v visits.Visit) bool {
		_, written := v.Arrived.Zone()
		_, there := v.Arrived.In(rome).Zone()
		return written == there
	}
	if err == nil && !slices.ContainsFunc(log, func(v visits.Visit) bool { return !same(v) }) {
		return home
	}
	_, offset := log[0].Arrived.Zone()
	switch hours := offset / 3600; {
	case hours > 0:
		return fmt.Sprintf("Etc/GMT-%d", hours) // the names have it the other way round
	case hours < 0:
		return fmt.Sprintf("Etc/GMT+%d", -hours)
	}
	return "UTC"
}

// open is the configuration of a day of the log: who came then got a ticket, whatever hours,
// seasons and limits are today. The office is open until the last has come.
func (p *past) open(d *day) *queue.Config {
	c := *p.config
	last := d.last
	for _, s := range d.shifts {
		last = latest(last, s.To)
	}
	until := calendar.Clock(24 * 60)
	if last = last.In(p.loc); last.Before(d.ends) {
		until = calendar.Clock(last.Hour()*60 + last.Minute() + 1)
	}
	always := []calendar.Interval{{From: 0, To: 24 * 60}} // on other days: so that nobody looks for one far and wide
	c.Hours = calendar.Week{Mon: always, Tue: always, Wed: always, Thu: always, Fri: always, Sat: always, Sun: always}
	c.Exceptions = []queue.Exception{{From: d.date, To: d.date, Hours: []calendar.Interval{{From: 0, To: until}}}}
	c.Channels = slices.Clone(c.Channels)
	for i := range c.Channels {
		ch := &c.Channels[i]
		ch.Hours, ch.Season, ch.DailyLimit, ch.IntervalLimit, ch.LastTicket, ch.FitHours = nil, nil, 0, 0, 0, false
	}
	return &c
}

// chance is what is left to chance on a day, in one of the times that it is drawn, always the same
// for a seed.
func (p *past) chance(date calendar.Date, draw int) *rand.Rand {
	return rand.New(rand.NewPCG(p.seed, uint64(date.In(time.UTC, 0).Unix()+int64(draw)))) // days are far apart
}

// unknown stands for a duration that the log doesn't tell.
const unknown = -1

// come notes of a day who came and who was at the counters, as far as the log tells.
func (p *past) come(d *day) {
	d.comers = make([]Comer, len(d.real))
	for i, v := range d.real {
		c := Comer{At: v.Arrived, Channel: queue.ChannelID(v.Channel), Service: unknown, Tidy: unknown, Stays: unknown, Absent: v.Outcome == visits.Absent}
		if v.Called.IsZero() && !v.Ended.IsZero() {
			c.Stays = max(v.Ended.Sub(v.Arrived), time.Microsecond)
		}
		d.comers[i] = c
	}
	for i := range p.config.Counters {
		p.attend(d, &p.config.Counters[i])
	}
	for i, c := range d.comers {
		if c.Service != unknown && !c.Absent {
			for _, of := range []string{string(c.Channel), ""} {
				p.services[of] = append(p.services[of], c.Service)
			}
		}
		if c.Tidy != unknown {
			p.tidies = append(p.tidies, d.comers[i].Tidy)
		}
	}
}

// fill draws what the log doesn't tell of those who came: how long their visits would have been who
// left, what a clerk did after a visit when nobody waited, how long they would have waited yet who
// were called.
func (p *past) fill(d *day) {
	chance := p.chance(d.date, 0)
	for i := range d.comers {
		c, v := &d.comers[i], &d.real[i]
		service, tidy, stays := chance.Float64(), chance.Float64(), chance.Float64()
		if c.Service == unknown {
			list := p.services[v.Channel]
			if len(list) == 0 { // nobody of the channel was ever called
				list = p.services[""]
			}
			c.Service = pick(list, service)
		}
		if c.Tidy == unknown {
			c.Tidy = pick(p.tidies, tidy)
		}
		if c.Stays == unknown {
			waited := time.Duration(0)
			if !v.Called.IsZero() {
				waited = v.Called.Sub(v.Arrived)
			}
			c.Stays = p.patience.draw(waited, stays)
		}
	}
}

// pick is one of a list by a chance in [0, 1), zero of an empty one.
func pick(list []time.Duration, chance float64) time.Duration {
	if len(list) == 0 {
		return 0
	}
	return list[int(chance*float64(len(list)))]
}

// drawn is a day that the log doesn't have: each visit of its weekday comes as often as chance has
// it, in the quarter of an hour in which it came, as many in the mean as are expected. So arrivals
// are Poisson's by weekday and hour. Its counters are attended as on the last such day. It
// is nil where the log has no such day, or the office is closed then. It may be drawn several
// times.
func (p *past) drawn(date calendar.Date, draw int) *day {
	if p.given && len(p.config.HoursOn(date)) == 0 {
		return nil
	}
	var like []*day
	for _, d := range p.days {
		if d.date.Weekday() == date.Weekday() {
			like = append(like, d)
		}
	}
	if len(like) == 0 {
		return nil
	}
	chance := p.chance(date, draw)
	d := &day{date: date, config: p.config, ends: date.Next().In(p.loc, 0)}
	came := 0
	for _, old := range like {
		came += len(old.comers)
	}
	mean := p.usual.expect(date).Visits / float64(came) // of each of them
	for _, old := range like {
		for _, c := range old.comers {
			for range poisson(chance, mean) {
				came := c.At.In(p.loc)
				quarter := calendar.Clock(came.Hour()*60 + came.Minute()/15*15)
				c := c
				c.At = date.In(p.loc, quarter).Add(time.Duration(chance.Int64N(int64(15 * time.Minute))))
				c.Stays = p.patience.draw(0, chance.Float64())
				d.comers = append(d.comers, c)
			}
		}
	}
	slices.SortStableFunc(d.comers, func(a, b Comer) int { return a.At.Compare(b.At) })
	if len(d.comers) == 0 {
		return nil
	}
	d.last = d.comers[len(d.comers)-1].At
	last := like[len(like)-1]
	d.shifts, d.use = moved(last.shifts, date, p.loc), last.use
	for i := range d.shifts {
		if s := &d.shifts[i]; s.Stays { // as long as anybody comes
			s.To = latest(s.To, d.closes())
		}
	}
	if !p.given {
		d.config = p.open(d)
	}
	return d
}

// counted are the visits of the log by day and hour.
func (p *past) counted() (list []visits.Count) {
	for _, d := range p.days {
		for _, c := range d.comers {
			list = append(list, visits.Count{Day: d.date, Hour: c.At.In(p.loc).Hour(), Visits: 1})
		}
	}
	return list
}

// moved are the shifts of another day.
func moved(list []Shift, to calendar.Date, loc *time.Location) []Shift {
	list = slices.Clone(list)
	for i, s := range list {
		day := calendar.DateOf(s.From.In(loc))
		moment := func(t time.Time) time.Time {
			t = t.In(loc)
			clock := calendar.Clock(t.Hour()*60 + t.Minute())
			if calendar.DateOf(t) != day { // at midnight
				clock += 24 * 60
			}
			return to.In(loc, clock).Add(t.Sub(t.Truncate(time.Minute)))
		}
		list[i].From, list[i].To = moment(s.From), moment(s.To)
	}
	return list
}

// poisson draws a number whose mean is small.
func poisson(chance *rand.Rand, mean float64) (n int) {
	for t := chance.ExpFloat64(); t < mean; t += chance.ExpFloat64() {
		n++
	}
	return n
}

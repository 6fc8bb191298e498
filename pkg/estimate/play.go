package estimate

import (
	"cmp"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/eliminacode/eliminacode/pkg/queue"
)

// plays is how often an office is played forward.
const plays = 200

// horizon is how far, in seconds.
const horizon = 12 * 3600

// settled is the age, in seconds, at which a counter's hesitation is taken to begin: who is called
// at once needs no estimate.
const settled = 1

// cast is what an office is played with: who waits, and which counter may call whom. Times are in
// seconds from now. It is used again for the next plays.
type cast struct {
	people   []person
	counters []counter
	streams  []coming
	channels []*queue.Channel
	taken    []bool  // of a play: by channel, whether any counter takes it
	pace     float64 // today's
}

// person is somebody who waits, or might: who comes now.
type person struct {
	ticket  *queue.Ticket // as it would be, of who comes now
	channel int
	now     bool    // somebody who comes now, or soon: nobody is called later because of them
	soon    bool    // only in [Soon]
	claimed bool    // a counter may call them
	closes  float64 // of somebody who is to be served before: when the channel closes; else 0
	waited  float64
	stay    *curve
	waits   [plays]float64 // by play; +Inf: was never called

	fits   int  // in how many plays the visit ends before closing
	called bool // of a play
}

// counter is a counter as it is played.
type counter struct {
	id     queue.CounterID
	visits []*curve // by channel; nil where it never serves it
	will   []float64
	gap    *curve
	first  func(r *rand.Rand) float64 // when it is free
	line   []claim                    // those whom it may call, in the order in which they are due

	free  float64 // of a play: when it is
	next  int     // of line
	takes []bool
}

type claim struct {
	person    int
	from, due float64
}

// coming are those who come later and may be called before who waits.
type coming struct {
	channel int
	rate    float64   // a second
	due     []float64 // by counter: after they come; +Inf where they are never called
	stay    *curve

	at, leaves float64 // of a play: when the first who hasn't been called came
}

// Wait is what is expected of a wait: the true one is within Low and High four times of five, and
// as often shorter as longer than Likely.
type Wait struct{ Low, Likely, High time.Duration }

// Expected is the wait in whole seconds, as people are told it.
func (w Wait) Expected() queue.Expected {
	whole := func(d time.Duration) queue.Seconds { return queue.Seconds(d.Round(time.Second).Seconds()) }
	return queue.Expected{Low: whole(w.Low), Likely: whole(w.Likely), High: whole(w.High)}
}

// Waits are those of all who wait, and of who comes now in each class but by appointment. Who isn't
// among them waits for nobody knows how long: nobody is at the counters, or nothing is known of how
// long visits last.
type Waits struct {
	Tickets map[queue.TicketID]Wait
	Now     map[queue.ChannelID]map[queue.Class]Wait
	Fits    map[queue.ChannelID]Fit // of the open channels with FitHours
}

// Fit is how likely somebody without precedence is served before the channel closes who takes a
// ticket now, and [Soon], 0 to 1.
type Fit struct{ Now, Soon float64 }

// Soon is how long ahead it is said that tickets end.
const Soon = 30 * time.Minute

// alike is what two waits may differ by, and the share, and be the same to whoever reads them.
const alike, alikeShare = 30 * time.Second, 0.1

// Alike reports whether nobody would read the difference.
func (w Waits) Alike(o Waits) bool {
	near := func(a, b time.Duration) bool { return (a - b).Abs() < max(alike, time.Duration(alikeShare*float64(a))) }
	same := func(a, b Wait) bool { return near(a.Low, b.Low) && near(a.Likely, b.Likely) && near(a.High, b.High) }
	return maps.Equal(w.Fits, o.Fits) && maps.EqualFunc(w.Tickets, o.Tickets, same) && maps.EqualFunc(w.Now, o.Now, func(a, b map[queue.Class]Wait) bool {
		return maps.EqualFunc(a, b, same)
	})
}

// certain is the share of the plays in which somebody must be called for anything to be said of
// their wait.
const certain = 0.8

// Waits plays the office forward from now. It is the same for the same events and the same time.
func (o *Office) Waits(now time.Time) Waits {
	o.pass(now)
	c := &o.cast
	c.set(o, now)
	r := rand.New(rand.NewPCG(uint64(o.state.Seq), uint64(now.UnixNano())))
	for n := range plays {
		c.play(r, n)
	}
	clear(o.now)
	w := Waits{Tickets: map[queue.TicketID]Wait{}, Now: map[queue.ChannelID]map[queue.Class]Wait{}, Fits: map[queue.ChannelID]Fit{}}
	for i := range c.people {
		p := &c.people[i]
		t := p.ticket
		played, ok := p.played()
		if p.closes > 0 && ok {
			fit := w.Fits[t.Channel]
			if p.soon {
				fit.Soon = float64(p.fits) / plays
			} else {
				fit.Now = float64(p.fits) / plays
			}
			w.Fits[t.Channel] = fit
		}
		if !ok || p.soon {
			continue
		}
		honest := o.history.Errors.honest(played)
		if !p.now {
			w.Tickets[t.ID] = honest.wait()
			continue
		}
		o.now[stream{t.Channel, t.Class}] = told{played, honest}
		if w.Now[t.Channel] == nil {
			w.Now[t.Channel] = map[queue.Class]Wait{}
		}
		w.Now[t.Channel][t.Class] = honest.wait()
	}
	return w
}

// played returns what the plays say of the wait.
func (p *person) played() (played, bool) {
	all := p.waits[:]
	slices.Sort(all)
	if math.IsInf(all[int(certain*plays)], 1) {
		return played{}, false
	}
	of := func(q float64) float64 { return min(all[int(q*(plays-1)+0.5)], horizon) }
	return played{of(low), of(likely), of(high)}, true
}

func (p played) wait() Wait {
	of := func(seconds float64) time.Duration { return time.Duration(seconds * float64(time.Second)) }
	return Wait{of(p.low), of(p.likely), of(p.high)}
}

// set sets the cast up.
func (c *cast) set(o *Office, now time.Time) {
	s := o.state
	c.pace = o.today.pace()
	c.people, c.counters, c.streams, c.channels = c.people[:0], c.counters[:0], c.streams[:0], c.channels[:0]
	for i := range s.Config.Channels {
		ch := &s.Config.Channels[i]
		c.channels = append(c.channels, ch)
		stay := o.history.Leaving.curve(ch.ID, supposedStay, priorChannel)
		for _, t := range s.Line(ch.ID, now) {
			c.people = append(c.people, person{ticket: t, channel: i, waited: now.Sub(t.Entered).Seconds(), stay: stay})
		}
		for _, class := range []queue.Class{queue.Standard, queue.Priority} {
			t := &queue.Ticket{Channel: ch.ID, Class: class, State: queue.Waiting, Since: now, Entered: now, Order: math.MaxInt64}
			c.people = append(c.people, person{ticket: t, channel: i, now: true, stay: stay})
		}
		c.setFits(s, i, now)
	}
	c.taken = make([]bool, len(c.channels))
	latest := math.Inf(-1)
	for i := range s.Config.Counters {
		id := s.Config.Counters[i].ID
		k := counter{id: id, takes: make([]bool, len(c.channels))}
		for _, ch := range c.channels {
			k.visits = append(k.visits, o.history.visit(ch, id))
			k.will = append(k.will, o.history.Takes[id][ch.ID].willing())
		}
		k.gap = o.history.Gaps.curve(id, supposedGap, priorCounter)
		if k.first = o.first(&k, c.channels, now); k.first == nil {
			continue
		}
		k.line = c.claims(s, &k, now)
		if n := len(k.line); n > 0 {
			latest = max(latest, k.line[n-1].due)
		}
		c.counters = append(c.counters, k)
	}
	for i, ch := range c.channels {
		for _, class := range queue.Classes {
			if f := o.history.Coming[stream{ch.ID, class}]; f != nil {
				c.setComing(s, coming{channel: i, rate: f.rate(), stay: o.history.Leaving.curve(ch.ID, supposedStay, priorChannel)}, class, now, latest)
			}
		}
	}
}

// setFits has it found out who is served before the last channel closes, where that matters.
func (c *cast) setFits(s *queue.State, channel int, now time.Time) {
	ch := c.channels[channel]
	if !ch.FitHours {
		return
	}
	open, closes := s.Config.Open(ch, now.In(s.Location()))
	if !open || closes.IsZero() {
		return
	}
	until := closes.Sub(now).Seconds()
	first := slices.IndexFunc(c.people, func(p person) bool { return p.now && p.channel == channel })
	c.people[first].closes = until // in the class of most
	soon := *c.people[first].ticket
	soon.Since = now.Add(Soon)
	c.people = append(c.people, person{ticket: &soon, channel: channel, now: true, soon: true, closes: until, stay: c.people[first].stay})
}

// claims returns those whom the counter may call, in the order in which they are due.
func (c *cast) claims(s *queue.State, k *counter, now time.Time) (line []claim) {
	for n := range c.people {
		p := &c.people[n]
		if k.visits[p.channel] == nil {
			continue
		}
		if of, ok := s.Claim(k.id, p.ticket); ok {
			from := of.From.Sub(now).Seconds()
			if p.soon {
				from = Soon.Seconds()
			}
			p.claimed = true
			line = append(line, claim{person: n, from: from, due: of.Due.Sub(now).Seconds()})
		}
	}
	slices.SortFunc(line, func(a, b claim) int {
		if x := cmp.Compare(a.due, b.due); x != 0 {
			return x
		}
		t, u := c.people[a.person].ticket, c.people[b.person].ticket
		return cmp.Or(t.Since.Compare(u.Since), cmp.Compare(t.Order, u.Order))
	})
	return line
}

// setComing adds those who come later for a channel in a class, if any of them may be called before
// the latest who waits.
func (c *cast) setComing(s *queue.State, of coming, class queue.Class, now time.Time, latest float64) {
	const few = 1. / 7200 // a second: not worth playing
	if of.rate < few {
		return
	}
	t := &queue.Ticket{Channel: c.channels[of.channel].ID, Class: class, Since: now}
	soonest := math.Inf(1)
	for i := range c.counters {
		due := math.Inf(1)
		if claim, ok := s.Claim(c.counters[i].id, t); ok {
			due = claim.Due.Sub(now).Seconds()
		}
		of.due = append(of.due, due)
		soonest = min(soonest, due)
	}
	if soonest < latest {
		c.streams = append(c.streams, of)
	}
}

// first returns what draws when the counter is free; nil: never.
func (o *Office) first(k *counter, channels []*queue.Channel, now time.Time) func(*rand.Rand) float64 {
	d, desk := o.desk(k.id), o.state.Counters[k.id]
	if t := o.state.Tickets[desk.Current]; t != nil {
		i := slices.IndexFunc(channels, func(ch *queue.Channel) bool { return ch.ID == t.Channel })
		if i < 0 || k.visits[i] == nil {
			return nil
		}
		rest, pace := k.visits[i], o.today.pace()
		age := now.Sub(d.called).Seconds() / pace
		return func(r *rand.Rand) float64 { return rest.draw(r, age)*pace + k.gap.whole(r) }
	}
	switch desk.Status {
	case queue.DeskOpen:
		open, age := o.history.Open.curve(k.id, supposedGap, priorCounter), max(d.age(now), settled)
		return func(r *rand.Rand) float64 { return open.draw(r, age) }
	case queue.DeskPaused:
		pause, age := o.history.Paused.curve(k.id, supposedPause, priorCounter), o.statusAge(d, now)
		return func(r *rand.Rand) float64 { return pause.draw(r, age) }
	default:
		return o.opens(k.id, d, now)
	}
}

// opens returns what draws when a closed counter opens; nil: never, as far as was seen.
func (o *Office) opens(id queue.CounterID, d *desk, now time.Time) func(*rand.Rand) float64 {
	if seen := o.history.Closed.Each[id]; seen == nil || seen.Ends == (steps{}) {
		return nil
	}
	closed := o.history.Closed.curve(id, supposedClosed, priorCounter)
	if !o.began.IsZero() {
		age := o.statusAge(d, now)
		return func(r *rand.Rand) float64 { return closed.draw(r, age) }
	}
	_, opens := o.state.Config.Open(nil, now.In(o.state.Location()))
	if opens.IsZero() {
		return nil
	}
	until := opens.Sub(now).Seconds()
	return func(r *rand.Rand) float64 { return until + closed.draw(r, 0) }
}

// play plays the office forward once, until everybody who waits has been called.
func (c *cast) play(r *rand.Rand, n int) {
	clear(c.taken)
	for i := range c.counters {
		k := &c.counters[i]
		k.free, k.next = k.first(r), 0
		for ch, will := range k.will {
			k.takes[ch] = will > 0.999 || r.Float64() < will
			c.taken[ch] = c.taken[ch] || k.takes[ch] && k.visits[ch] != nil
		}
	}
	left := 0 // of those whom anybody calls
	for i := range c.people {
		p := &c.people[i]
		p.called = false
		p.waits[n] = math.Inf(1)
		if p.claimed && c.taken[p.channel] {
			left++
		}
	}
	for i := range c.streams {
		s := &c.streams[i]
		s.at = 0
		s.come(r)
	}
	for left > 0 {
		at := -1
		for i := range c.counters {
			if at < 0 || c.counters[i].free < c.counters[at].free {
				at = i
			}
		}
		if at < 0 || c.counters[at].free > horizon {
			return
		}
		k := &c.counters[at]
		channel, called, later := c.call(r, n, at)
		left -= called
		if channel < 0 {
			k.free = later
			continue
		}
		k.free += k.visits[channel].whole(r)*c.pace + k.gap.whole(r)
	}
}

// left reports whether somebody has left after some seconds more.
func (p *person) left(r *rand.Rand, seconds float64) bool {
	return r.ExpFloat64() < p.stay.sumTo(p.waited+seconds)-p.stay.sumTo(p.waited)
}

// come has the next one of the stream come.
func (s *coming) come(r *rand.Rand) {
	s.at += r.ExpFloat64() / s.rate
	s.leaves = s.at + s.stay.whole(r)
}

// call has the counter call whoever is due first. It returns the channel, or -1 if there is nobody,
// and then when there may be somebody; and of how many the wait is known now.
func (c *cast) call(r *rand.Rand, play, at int) (channel, known int, later float64) {
	k := &c.counters[at]
	now := k.free
	later = math.Inf(1)
	// Who comes later, and is due first of them.
	first, due := -1, math.Inf(1)
	for i := range c.streams {
		s := &c.streams[i]
		if !k.takes[s.channel] || k.visits[s.channel] == nil || math.IsInf(s.due[at], 1) {
			continue
		}
		for s.at <= now && s.leaves <= now {
			s.come(r)
		}
		if s.at > now {
			later = min(later, s.at)
		} else if d := s.at + s.due[at]; d < due {
			first, due = i, d
		}
	}
	for k.next < len(k.line) && c.people[k.line[k.next].person].called {
		k.next++
	}
	for i := k.next; i < len(k.line); i++ {
		of := &k.line[i]
		p := &c.people[of.person]
		if p.called || !k.takes[p.channel] {
			continue
		}
		if of.from > now {
			later = min(later, of.from)
			continue
		}
		if of.due > due {
			break
		}
		p.waits[play] = now
		p.called = true
		known++
		if p.closes > 0 && now+k.visits[p.channel].whole(r)*c.pace <= p.closes {
			p.fits++
		}
		if p.now || p.left(r, now) {
			continue
		}
		return p.channel, known, 0
	}
	if first >= 0 {
		s := &c.streams[first]
		s.come(r)
		return s.channel, known, 0
	}
	if later <= now {
		later = math.Nextafter(now, math.Inf(1))
	}
	return -1, known, later
}

package estimate

import (
	"slices"
	"time"

	"github.com/eliminacode/eliminacode/pkg/queue"
)

// missing is for how many seconds somebody may wait for a free counter before it is taken to be
// left: its clerk is elsewhere, whatever its status says.
const missing = 20

// Office follows an office, and says what waits to expect. It isn't safe for concurrent use.
type Office struct {
	state   *queue.State
	history *History
	desks   map[queue.CounterID]*desk
	at      time.Time // up to which what lasts has been noted
	began   time.Time // the day's work; zero: not yet
	today   today
	cast    cast

	now  map[stream]told             // what somebody is told who comes now
	said map[queue.TicketID]*promise // what those were told who wait
}

// told is an estimate as it was played and as it was told.
type told struct{ played, told played }

// promise is what somebody was told on coming.
type promise struct {
	told
	at   time.Time
	late bool // it has become longer, and that is noted
}

// desk is what is noted of a counter beside its state.
type desk struct {
	since  time.Time      // when it became free of its last visit
	wanted float64        // for how many seconds since then somebody waited for it
	is     bool           // somebody waits for it now
	at     queue.TicketID // who is at it
	called time.Time      // when that visit began
	ended  visit          // the last one, which may be undone
	status time.Time      // since when it has its status, of today
}

// Follow begins to follow an office at a state, which it takes as its own. What it sees goes into
// the history.
func Follow(s *queue.State, h *History) *Office {
	o := &Office{state: s, history: h, desks: map[queue.CounterID]*desk{}, at: s.At, now: map[stream]told{}, said: map[queue.TicketID]*promise{}}
	if s.Config == nil {
		return o
	}
	for id, d := range s.Counters {
		mine := o.desk(id)
		mine.since, mine.status = d.Since, d.Since
		if d.Status != queue.DeskClosed {
			o.began = s.Began
		}
	}
	o.look()
	return o
}

// State returns the state that the office is in, to be read until the next event.
func (o *Office) State() *queue.State { return o.state }

// History returns what the office has shown.
func (o *Office) History() *History { return o.history }

func (o *Office) desk(id queue.CounterID) *desk {
	d := o.desks[id]
	if d == nil {
		d = new(desk)
		o.desks[id] = d
	}
	return d
}

// Apply brings the next event into the state, and learns from it.
func (o *Office) Apply(e *queue.Event) {
	if o.state.Config == nil {
		o.state.Apply(e)
		o.at = e.At
		return
	}
	if e.Kind == queue.ClockSet { // what lasted has no length that anybody knows
		o.state.Apply(e)
		*o = *Follow(o.state, o.history)
		return
	}
	o.pass(e.At)
	var before queue.Ticket
	if t := o.state.Tickets[e.Ticket]; t != nil {
		before = *t
	}
	if e.Kind == queue.TicketCalled && before.State == queue.Waiting {
		o.learnChoice(e, &before)
	}
	o.state.Apply(e)
	switch e.Kind {
	case queue.DayStarted:
		o.startDay(e.At)
	case queue.TicketIssued:
		o.learnIssue(e)
	case queue.CounterOpened, queue.CounterShut, queue.CounterPaused, queue.CounterResumed:
		o.learnStatus(e)
	case queue.TicketPostponed: // it is another wait than was said
		delete(o.said, e.Ticket)
	case queue.StepUndone:
		o.unlearnVisit(e)
	}
	switch before.State {
	case queue.Waiting:
		o.learnWait(e, &before)
	case queue.Called, queue.Serving:
		o.learnVisit(e, &before)
	}
	if e.Kind == queue.TicketCalled {
		o.learnGap(e)
	}
	o.look()
}

func (o *Office) startDay(now time.Time) {
	o.history.forget(o.state.Config)
	o.history.fade()
	o.began, o.today = time.Time{}, today{}
	clear(o.said)
	for _, d := range o.desks {
		d.status, d.is = time.Time{}, false
	}
	o.working(now)
}

// working notes when the day's work began: when the office opened, or earlier somebody was at a
// counter.
func (o *Office) working(now time.Time) {
	if !o.began.IsZero() {
		return
	}
	if open, _ := o.state.Config.Open(nil, now.In(o.state.Location())); open || o.state.Attended() {
		o.began = now
	}
}

// pass notes what lasted from the last event until now.
func (o *Office) pass(now time.Time) {
	seconds := now.Sub(o.at).Seconds()
	if seconds <= 0 {
		return
	}
	for _, f := range o.history.Coming {
		f.pass(seconds)
	}
	for i := range o.state.Config.Counters { // in order: sums depend on it
		id := o.state.Config.Counters[i].ID
		d, desk := o.desk(id), o.state.Counters[id]
		if desk.Current != "" {
			continue
		}
		switch {
		case o.began.IsZero():
		case desk.Status == queue.DeskClosed:
			age := o.statusAge(d, o.at)
			o.history.Closed.lasted(id, age, age+seconds)
		case desk.Status == queue.DeskPaused:
			age := o.statusAge(d, o.at)
			o.history.Paused.lasted(id, age, age+seconds)
		}
		if d.is {
			o.passWanted(id, d, desk.Status, seconds)
		}
	}
	o.at = now
	o.working(now)
	for _, said := range o.said {
		if !said.late && now.Sub(said.at).Seconds() > said.told.told.high {
			said.late = true
			o.history.Errors.tooLong(true)
		}
	}
}

// passWanted notes that a free counter was wanted for some seconds after o.at.
func (o *Office) passWanted(id queue.CounterID, d *desk, status queue.DeskStatus, seconds float64) {
	lasted := func(from, to float64) {
		o.history.Gaps.lasted(id, from, to)
		if status == queue.DeskOpen {
			o.history.Open.lasted(id, from, to)
		}
	}
	if early := min(seconds, missing-d.wanted); early > 0 {
		lasted(d.wanted, d.wanted+early)
		d.wanted += early
		seconds -= early
	}
	if seconds > 0 {
		age := d.age(o.at)
		lasted(age, age+seconds)
		d.wanted += seconds
	}
}

// age is that of the gap of a free counter: for how long it has been wanted, and once it is missing
// for how long it has been free.
func (d *desk) age(now time.Time) float64 {
	if d.wanted < missing {
		return d.wanted
	}
	return max(now.Sub(d.since).Seconds(), missing)
}

// statusAge is for how long a counter has had its status today.
func (o *Office) statusAge(d *desk, now time.Time) float64 {
	since := d.status
	if since.Before(o.began) {
		since = o.began
	}
	return max(0, now.Sub(since).Seconds())
}

// learnIssue remembers what somebody was told who came just now.
func (o *Office) learnIssue(e *queue.Event) {
	if e.Counter != "" { // nobody waits for it
		return
	}
	s := stream{e.Channel, e.Class}
	o.history.came(s)
	if told, ok := o.now[s]; ok && !e.Offline {
		o.said[e.Ticket] = &promise{told: told, at: e.At}
	}
}

// learnChoice notes which channels the counter that calls passes over, although somebody of theirs
// was due first there.
func (o *Office) learnChoice(e *queue.Event, t *queue.Ticket) {
	mine, ok := o.state.Claim(e.Counter, t)
	if !ok {
		return
	}
	o.history.takes(e.Counter, t.Channel, true)
	for i := range o.state.Config.Channels {
		ch := o.state.Config.Channels[i].ID
		if ch == t.Channel || o.state.Waiting(ch) == 0 {
			continue
		}
		first := o.state.Line(ch, e.At)[0]
		if c, ok := o.state.Claim(e.Counter, first); ok && c.Due.Before(mine.Due) && !e.At.Before(c.From) {
			o.history.takes(e.Counter, ch, false)
		}
	}
}

// learnWait notes how the wait of somebody ended, if it did.
func (o *Office) learnWait(e *queue.Event, before *queue.Ticket) {
	t := o.state.Tickets[before.ID]
	if t == nil || t.State == queue.Waiting {
		return
	}
	waited := e.At.Sub(before.Entered).Seconds()
	o.history.Leaving.lasted(before.Channel, 0, waited)
	if e.Kind == queue.TicketCancelled {
		o.history.Leaving.ended(before.Channel, waited)
	}
	if said, ok := o.said[before.ID]; ok {
		delete(o.said, before.ID)
		if e.Kind == queue.TicketCalled && !e.OutOfTurn && waited >= settled {
			o.history.Errors.learn(said, waited)
		}
	}
}

// learnVisit notes how long a visit lasted, if it ended.
func (o *Office) learnVisit(e *queue.Event, before *queue.Ticket) {
	d, desk := o.desk(before.Counter), o.state.Counters[before.Counter]
	if desk != nil && desk.Current == before.ID {
		return
	}
	d.since, d.wanted, d.is, d.ended = e.At, 0, false, visit{}
	if o.state.Forgotten(before, e.At) { // nobody knows how long it lasted
		return
	}
	d.ended = visit{
		ticket: before.ID, channel: before.Channel, counter: before.Counter, seconds: e.At.Sub(d.called).Seconds(),
		known: !e.Inexact && e.Kind != queue.TicketExpired && e.Kind != queue.StepUndone,
	}
	if ch := o.state.Config.Channel(before.Channel); ch != nil && d.ended.known {
		if c := o.history.visit(ch, before.Counter); c != nil {
			d.ended.expected = c.mean()
		}
	}
	o.noteVisit(&d.ended, 1)
}

// unlearnVisit has a visit not have ended that goes on.
func (o *Office) unlearnVisit(e *queue.Event) {
	d := o.desk(e.Counter)
	if slices.ContainsFunc(e.Restored, func(t queue.Ticket) bool { return t.ID == d.ended.ticket }) {
		o.noteVisit(&d.ended, -1)
		d.ended = visit{}
	}
}

// visit is one that has ended.
type visit struct {
	ticket   queue.TicketID
	channel  queue.ChannelID
	counter  queue.CounterID
	seconds  float64
	known    bool    // so long it was, rather than longer
	expected float64 // how long it would have been on a day like others, s; 0: nobody knows
}

// noteVisit notes a visit so many times: once, or once less.
func (o *Office) noteVisit(v *visit, times float64) {
	o.history.visited(v, times)
	if v.expected > 0 {
		o.today.lasted += times * v.seconds
		o.today.expected += times * v.expected
		o.today.n += times
	}
}

// learnGap notes when a counter called.
func (o *Office) learnGap(e *queue.Event) {
	d := o.desk(e.Counter)
	if d.is && !d.since.IsZero() {
		age := d.age(e.At)
		o.history.Gaps.ended(e.Counter, age)
		o.history.Open.ended(e.Counter, age)
	}
	d.is = false
}

func (o *Office) learnStatus(e *queue.Event) {
	o.working(e.At)
	d := o.desk(e.Counter)
	age := o.statusAge(d, e.At)
	switch e.Kind {
	case queue.CounterOpened:
		o.history.Closed.ended(e.Counter, age)
	case queue.CounterResumed:
		o.history.Paused.ended(e.Counter, age)
	}
	d.status = e.At
	if d.since.IsZero() {
		d.since = e.At
	}
}

// look sees who is at the counters, and which of them are wanted.
func (o *Office) look() {
	var first []*queue.Ticket // of each channel that somebody waits for
	for i := range o.state.Config.Channels {
		if ch := o.state.Config.Channels[i].ID; o.state.Waiting(ch) > 0 {
			first = append(first, o.state.Line(ch, o.at)[0])
		}
	}
	for id, desk := range o.state.Counters {
		d := o.desk(id)
		if t := o.state.Tickets[desk.Current]; t != nil && t.ID != d.at {
			if d.called = t.Entered; t.State == queue.Serving {
				d.called = t.Entered.Add(-t.Way.Duration())
			}
		}
		d.at = desk.Current
		d.is = desk.Current == "" && slices.ContainsFunc(first, func(t *queue.Ticket) bool {
			if o.history.Takes[id][t.Channel].willing() < 0.5 {
				return false
			}
			_, ok := o.state.Claim(id, t)
			return ok
		})
	}
}

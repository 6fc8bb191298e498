package estimate

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/eliminacode/eliminacode/pkg/queue"
)

// What is seen of one counter or channel is believed against what is seen of all as if of that so
// many ends had been seen in each step of age. See [curve.with].
const (
	priorAll     = 0.2 // of all, against what is configured or supposed
	priorChannel = 0.5
	priorCounter = 1.5
)

// History is what an office has shown of itself: how long its visits last, how soon its counters
// call, who leaves, and how far its estimates were off. It fades with time, holds nothing of
// anybody, and can be kept as JSON.
type History struct {
	Visits  levels[queue.ChannelID] `json:"visits"`   // at the counter, from the call on
	VisitAt pairs[*hazard]          `json:"visit_at"` // of a channel at a counter
	Gaps    levels[queue.CounterID] `json:"gaps"`     // from a visit's end to the next call, while somebody waits
	Open    levels[queue.CounterID] `json:"open"`     // as long as the counter stays open meanwhile
	Paused  levels[queue.CounterID] `json:"paused"`   // of a break
	Closed  levels[queue.CounterID] `json:"closed"`   // from the beginning of the day, or the closing, to the opening
	Leaving levels[queue.ChannelID] `json:"leaving"`  // from the arrival to leaving without a call
	Takes   pairs[*share]           `json:"takes"`    // whether a counter takes a channel
	Coming  map[stream]*flow        `json:"coming"`   // of late
	Errors  calibration             `json:"errors"`
}

// NewHistory returns that of an office which has shown nothing yet.
func NewHistory() *History {
	return &History{
		Visits: newLevels[queue.ChannelID](), VisitAt: pairs[*hazard]{}, Gaps: newLevels[queue.CounterID](), Open: newLevels[queue.CounterID](),
		Paused: newLevels[queue.CounterID](), Closed: newLevels[queue.CounterID](), Leaving: newLevels[queue.ChannelID](),
		Takes: pairs[*share]{}, Coming: map[stream]*flow{}, Errors: newCalibration(),
	}
}

// LoadHistory reads one that was written by [json.Marshal]. Another is an error: also JSON with
// what can't have been seen.
func LoadHistory(b []byte) (*History, error) {
	h := NewHistory()
	if err := json.Unmarshal(b, h); err != nil {
		return nil, fmt.Errorf("history of waits: %w", err)
	}
	if !h.valid() {
		return nil, errors.New("history of waits: a part is null, below zero or beyond all bounds")
	}
	return h, nil
}

// valid reports whether all can have been seen.
func (h *History) valid() bool {
	return h.Visits.valid() && allPairs(h.VisitAt, (*hazard).valid) && h.Gaps.valid() && h.Open.valid() && h.Paused.valid() && h.Closed.valid() &&
		h.Leaving.valid() && allPairs(h.Takes, (*share).valid) && allOf(h.Coming, (*flow).valid) && h.Errors.valid()
}

// can reports whether a number, or all of several, can have been seen: no office is as old as 30
// million years, or has as many visits as that has seconds.
func can(all ...float64) bool {
	return !slices.ContainsFunc(all, func(x float64) bool { return !(x >= 0 && x < 1e15) })
}

func (l *levels[K]) valid() bool { return l.All.valid() && allOf(l.Each, (*hazard).valid) }

func (s *share) valid() bool { return s != nil && can(s.Took, s.Passed) }

func (f *flow) valid() bool { return f != nil && can(f.Count, f.Seconds) }

// allOf reports whether there is a map, and all in it is valid.
func allOf[K comparable, V any](m map[K]V, valid func(V) bool) bool {
	for _, v := range m {
		if !valid(v) {
			return false
		}
	}
	return m != nil
}

func allPairs[V any](p pairs[V], valid func(V) bool) bool {
	return allOf(p, func(m map[queue.ChannelID]V) bool { return allOf(m, valid) })
}

// fadeDays is after how many days of service what was seen counts for half.
const fadeDays = 30

// forget drops what was seen of channels and counters that the office no longer has.
func (h *History) forget(c *queue.Config) {
	noChannel := func(id queue.ChannelID) bool { return c.Channel(id) == nil }
	noCounter := func(id queue.CounterID) bool { return c.Counter(id) == nil }
	h.Visits.forget(noChannel)
	h.Leaving.forget(noChannel)
	for _, l := range []*levels[queue.CounterID]{&h.Gaps, &h.Open, &h.Paused, &h.Closed} {
		l.forget(noCounter)
	}
	h.VisitAt.forget(noCounter, noChannel)
	h.Takes.forget(noCounter, noChannel)
	maps.DeleteFunc(h.Coming, func(s stream, _ *flow) bool { return noChannel(s.Channel) })
}

func (l *levels[K]) forget(gone func(K) bool) {
	maps.DeleteFunc(l.Each, func(k K, _ *hazard) bool { return gone(k) })
}

func (p pairs[V]) forget(noCounter func(queue.CounterID) bool, noChannel func(queue.ChannelID) bool) {
	maps.DeleteFunc(p, func(k queue.CounterID, _ map[queue.ChannelID]V) bool { return noCounter(k) })
	for _, channels := range p {
		maps.DeleteFunc(channels, func(ch queue.ChannelID, _ V) bool { return noChannel(ch) })
	}
}

// fade has all that was seen count for less: a day has begun.
func (h *History) fade() {
	by := math.Exp2(-1. / fadeDays)
	h.Visits.fade(by)
	h.Leaving.fade(by)
	for _, l := range []*levels[queue.CounterID]{&h.Gaps, &h.Open, &h.Paused, &h.Closed} {
		l.fade(by)
	}
	for _, channels := range h.VisitAt {
		for _, v := range channels {
			v.fade(by)
		}
	}
}

// levels are the hazards of each of a kind, and of all together.
type levels[K ~string] struct {
	All  hazard        `json:"all"`
	Each map[K]*hazard `json:"each"`
}

func newLevels[K ~string]() levels[K] { return levels[K]{Each: map[K]*hazard{}} }

func (l *levels[K]) of(k K) *hazard {
	if l.Each[k] == nil {
		l.Each[k] = new(hazard)
	}
	return l.Each[k]
}

func (l *levels[K]) lasted(k K, from, to float64) {
	l.All.lasted(from, to)
	l.of(k).lasted(from, to)
}

func (l *levels[K]) ended(k K, age float64) {
	l.All.ended(age)
	l.of(k).ended(age)
}

func (l *levels[K]) fade(by float64) {
	l.All.fade(by)
	for _, h := range l.Each {
		h.fade(by)
	}
}

// curve returns the curve of one of a kind, over that of all, over what is supposed.
func (l *levels[K]) curve(k K, supposed *curve, prior float64) *curve {
	all := supposed.with(&l.All, priorAll)
	if h := l.Each[k]; h != nil {
		return all.with(h, prior)
	}
	return all
}

// pairs holds something of counters and channels.
type pairs[V any] map[queue.CounterID]map[queue.ChannelID]V

func (p pairs[V]) put(k queue.CounterID, ch queue.ChannelID, v V) V {
	if p[k] == nil {
		p[k] = map[queue.ChannelID]V{}
	}
	p[k][ch] = v
	return v
}

// visit returns the curve of the channel's visits at the counter; nil if nothing is known of how
// long they last.
func (h *History) visit(ch *queue.Channel, k queue.CounterID) *curve {
	var c *curve
	if mean := ch.ServiceTime; mean > 0 {
		c = lengths(float64(mean))
	} else if mean, ok := h.Visits.All.mean(); ok {
		c = lengths(mean).with(&h.Visits.All, priorAll)
	} else {
		return nil
	}
	if seen := h.Visits.Each[ch.ID]; seen != nil {
		c = c.with(seen, priorChannel)
	}
	if seen := h.VisitAt[k][ch.ID]; seen != nil {
		c = c.with(seen, priorCounter)
	}
	return c
}

// visited notes how long a visit lasted, and whether that was its end, so many times.
func (h *History) visited(v *visit, times float64) {
	var one hazard
	one.lasted(0, v.seconds)
	if v.known {
		one.ended(v.seconds)
	}
	at := h.VisitAt[v.counter][v.channel]
	if at == nil {
		at = h.VisitAt.put(v.counter, v.channel, new(hazard))
	}
	for _, to := range []*hazard{&h.Visits.All, h.Visits.of(v.channel), at} {
		to.add(&one, times)
	}
}

// today is how long the day's visits have lasted, and would have on a day like others, s. There are
// slow days and quick ones: a new rule, a system that is down.
type today struct{ lasted, expected, n float64 }

// usualDays is for how many visits it counts that a day is mostly like others.
const usualDays = 15

// pace is how many times as long visits last today.
func (t *today) pace() float64 {
	if t.n == 0 {
		return 1
	}
	usual := usualDays * t.expected / t.n
	return (t.lasted + usual) / (t.expected + usual)
}

// share is how often a counter took somebody of a channel, and how often it took somebody else
// although one of the channel was due first.
type share struct {
	Took   float64 `json:"took"`
	Passed float64 `json:"passed"`
}

const (
	// willingness is for how many calls the configuration's word counts that a counter serves a
	// channel.
	willingness = 6
	// keptCalls is how many calls of a counter are remembered for a channel.
	keptCalls = 60
)

// willing is how likely the counter takes the channel.
func (s *share) willing() float64 {
	if s == nil {
		return 1
	}
	return (s.Took + willingness) / (s.Took + s.Passed + willingness)
}

// takes notes whether a counter took somebody of the channel.
func (h *History) takes(k queue.CounterID, ch queue.ChannelID, took bool) {
	s := h.Takes[k][ch]
	if s == nil {
		s = h.Takes.put(k, ch, new(share))
	}
	if n := s.Took + s.Passed; n >= keptCalls {
		s.Took *= keptCalls / (n + 1)
		s.Passed *= keptCalls / (n + 1)
	}
	if took {
		s.Took++
	} else {
		s.Passed++
	}
}

// stream is those who come for a channel in a class.
type stream struct {
	Channel queue.ChannelID
	Class   queue.Class
}

// MarshalText implements [encoding.TextMarshaler], for the keys of maps.
func (s stream) MarshalText() ([]byte, error) {
	return []byte(string(s.Class) + "/" + string(s.Channel)), nil
}

// UnmarshalText implements [encoding.TextUnmarshaler].
func (s *stream) UnmarshalText(b []byte) error {
	for i, c := range b {
		if c == '/' {
			s.Class, s.Channel = queue.Class(b[:i]), queue.ChannelID(b[i+1:])
			return nil
		}
	}
	return fmt.Errorf("stream %q has no class", b)
}

// flow is how many came, of late: both fade.
type flow struct {
	Count   float64 `json:"count"`
	Seconds float64 `json:"seconds"`
}

// flowMemory is over how many seconds a flow is the mean.
const flowMemory = 1800

func (h *History) came(s stream) {
	f := h.Coming[s]
	if f == nil {
		f = new(flow)
		h.Coming[s] = f
	}
	f.Count++
}

func (f *flow) pass(seconds float64) {
	by := math.Exp(-seconds / flowMemory)
	f.Count *= by
	f.Seconds = f.Seconds*by + flowMemory*(1-by)
}

// rate is how many come in a second.
func (f *flow) rate() float64 { return f.Count / max(f.Seconds, flowMemory/4) }

// What is supposed of an office that has shown nothing.
var (
	supposedGap = func() *curve {
		c := new(curve)
		for i, from := range edges {
			switch {
			case from < 60: // the clerk tidies up and calls
				c.rate[i] = 1. / 15
			case from < 600: // has gone to fetch something
				c.rate[i] = 1. / 300
			default: // has left
				c.rate[i] = 1. / 3600
			}
		}
		c.sum()
		return c
	}()
	supposedPause  = steady(15 * 60)
	supposedClosed = steady(8 * 3600)
	supposedStay   = steady(12 * 3600)
)

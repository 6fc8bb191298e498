package queue

import (
	"strings"
	"time"
)

// Command is what somebody wants done. ID is made by its sender: the same id
// again gets the first answer again. An empty one is never remembered, which
// suits the simulator alone.
type Command struct {
	ID string
	By string // "user/maria", "totem/t1", "public", "system"
	Do Action
}

// Action is one of the verbs of this package, from [Issue] to [Configure].
type Action interface {
	decide(s *State, d *decision) error
}

// decision collects the events of one command, behind those of a buffer that was lent.
type decision struct {
	now    time.Time
	cmd    Command
	seq    int64
	events []Event
}

func (d *decision) emit(e Event) {
	if d.events == nil {
		d.events = make([]Event, 0, 2) // as many as most commands make
	}
	d.seq++
	e.Seq, e.At, e.Command, e.By = d.seq, d.now, d.cmd.ID, d.cmd.By
	d.events = append(d.events, e)
}

// Decide says which events the command amounts to at now, or refuses it with a
// [*Refusal]. It changes nothing. It expects that what was due by now has been
// carried out by a [Tick]; [State.Execute] sees to that.
func Decide(s *State, c Command, now time.Time) ([]Event, error) {
	d := &decision{now: s.clock(now), cmd: c, seq: s.Seq}
	if err := s.decide(d); err != nil {
		return nil, err
	}
	return d.events, nil
}

func (s *State) decide(d *decision) error {
	if _, first := d.cmd.Do.(Configure); s.Config == nil && !first {
		return Refuse(Conflict, ReasonNotConfigured)
	}
	return d.cmd.Do.decide(s, d)
}

// clock is the office's time when a clock shows now: in its zone, and never before the last event,
// since a small step back reorders nothing.
func (s *State) clock(now time.Time) time.Time {
	now = whole(now)
	if now.Before(s.At) {
		now = s.At
	}
	return now.In(s.Location())
}

// Execute carries out what time has brought about, decides the command and
// brings its events into the state. It returns all new events, which the caller
// must make durable before anybody hears of them, and the answer; an error is
// always a [*Refusal], and then only events of time come with it.
func (s *State) Execute(c Command, now time.Time) ([]Event, Answer, error) {
	return s.ExecuteTo(nil, c, now)
}

// ExecuteTo is [State.Execute] for many commands: it appends the new events to
// those given and returns the whole. The state keeps nothing of the slice, so
// the caller may lend the same one again once its events are durable, or at once
// if nobody wants them.
func (s *State) ExecuteTo(events []Event, c Command, now time.Time) (all []Event, a Answer, err error) {
	d := &s.scratch
	_, right := c.Do.(SetClock)
	if !right && !s.Plausible(now) {
		now = s.At // time stands still
	}
	d.now, d.seq, d.events = s.clock(now), s.Seq, events
	if s.Config != nil {
		d.cmd = Command{By: "system"}
		s.resetClock(d, now, right)
		s.applyAll(d.events[len(events):])
		n := len(d.events)
		s.lapse(d)
		s.applyAll(d.events[n:])
	}
	d.cmd = c
	a, err = s.execute(d)
	all, d.events = d.events, nil
	return all, a, err
}

// execute decides the command and applies its events.
func (s *State) execute(d *decision) (a Answer, err error) {
	if d.cmd.ID != "" {
		if first, again := s.Answers[d.cmd.ID]; again {
			return first, nil
		}
	}
	before := len(d.events)
	if err := s.decide(d); err != nil {
		d.events = d.events[:before]
		return a, err
	}
	s.applyAll(d.events[before:])
	if n := len(d.events); n > before {
		s.answer(&d.events[n-1], &a)
	}
	return a, nil
}

func (s *State) applyAll(events []Event) {
	for i := range events {
		s.Apply(&events[i])
	}
}

// totemOf returns the name of the totem that a command came from.
func totemOf(by string) (string, bool) { return strings.CutPrefix(by, "totem/") }

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

// decision collects the events of one command.
type decision struct {
	now    time.Time
	cmd    *Command
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
	d := &decision{now: s.clock(now), cmd: &c, seq: s.Seq}
	if _, first := c.Do.(Configure); s.Config == nil && !first {
		return nil, refuse(Conflict, "La sede non è ancora configurata.", "The office has no configuration yet.")
	}
	if err := c.Do.decide(s, d); err != nil {
		return nil, err
	}
	return d.events, nil
}

// clock is now in the office's zone, but never before the last event: a clock
// that steps back reorders nothing.
func (s *State) clock(now time.Time) time.Time {
	now = now.Round(0).Truncate(time.Microsecond)
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
	var events []Event
	if s.Config != nil {
		lapsed := &decision{now: s.clock(now), cmd: &Command{By: "system"}, seq: s.Seq}
		s.lapse(lapsed)
		s.applyAll(lapsed.events)
		events = lapsed.events
	}
	if a, again := s.Answers[c.ID]; again && c.ID != "" {
		return events, a, nil
	}
	more, err := Decide(s, c, now)
	if err != nil {
		return events, Answer{}, err
	}
	s.applyAll(more)
	if len(events) == 0 {
		events = more
	} else {
		events = append(events, more...)
	}
	return events, s.answer(more), nil
}

func (s *State) applyAll(events []Event) {
	for i := range events {
		s.Apply(&events[i])
	}
}

// answer is what the events of a command amount to, now that they are applied.
func (s *State) answer(events []Event) Answer {
	if len(events) == 0 {
		return Answer{}
	}
	last := &events[len(events)-1]
	if last.Command != "" {
		return s.Answers[last.Command]
	}
	return s.answerTo(last)
}

// totemOf returns the name of the totem that a command came from.
func totemOf(by string) (string, bool) { return strings.CutPrefix(by, "totem/") }

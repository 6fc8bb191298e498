package queue

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// Command is what somebody wants done. ID is made by its sender: the same id again gets the
// first answer again, with another content a refusal. An empty one is never remembered, which
// suits the simulator alone.
type Command struct {
	ID string
	By string // "user/maria", "totem/t1", "public", "dev", "system"
	// Current is the ticket that the sender saw at the counter, empty for none; nil: the sender
	// doesn't say. If another one is there, nothing is done.
	Current *TicketID
	Do      Action
}

// digest tells commands of another content apart. The ids of new tickets don't count: they are made
// for each request, also for one that is sent again. Nor does what the sender is, what totems there
// are, or what is said of a wait. Nor do fields without a value, so that a request that is sent
// again to a server of another version, with further fields, is still the same.
func (c *Command) digest() string {
	h, do := fnv.New64a(), c.Do
	fmt.Fprintf(h, "%T", do)
	a, issue := do.(Issue)
	_, walkIn := do.(WalkIn)
	if issue && a.Class == "" { // which is the same
		a.Class = Standard
		do = a
	}
	_, roll := do.(Roll)
	_, reprint := do.(Reprint)
	for field, value := range reflect.ValueOf(do).Fields() {
		switch name := field.Name; {
		case value.IsZero(), name == "Ticket" && (issue || walkIn), name == "Tickets" && roll,
			(name == "Totem" || name == "Printer" || name == "Expected") && issue, (name == "Else" || name == "Own") && reprint:
			continue
		}
		body, err := json.Marshal(value.Interface())
		if err != nil {
			return "" // of a configuration that no rule allows
		}
		fmt.Fprintf(h, " %s=%s", field.Name, body)
	}
	if c.Current != nil {
		fmt.Fprintf(h, " current=%q", *c.Current)
	}
	return strconv.FormatUint(h.Sum64(), 36)
}

// person returns the login name of the user who sent the command. Others aren't bound to a counter.
func (c *Command) person() (name string, ok bool) { return strings.CutPrefix(c.By, "user/") }

// Action is one of the verbs of this package, from [Issue] to [Configure].
type Action interface {
	decide(s *State, d *decision) error
}

// decision collects the events of one command, behind those of a buffer that was lent.
type decision struct {
	now    time.Time
	cmd    Command
	digest string // of the command
	seq    int64
	events []Event
}

func (d *decision) emit(e Event) {
	if d.events == nil {
		d.events = make([]Event, 0, 2) // as many as most commands make
	}
	d.seq++
	e.Seq, e.At, e.Command, e.Digest, e.By = d.seq, d.now, d.cmd.ID, d.digest, d.cmd.By
	d.events = append(d.events, e)
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
		d.cmd, d.digest = Command{By: "system"}, ""
		s.resetClock(d, now, right)
		s.applyAll(d.events[len(events):])
		n := len(d.events)
		s.lapse(d)
		s.applyAll(d.events[n:])
	}
	d.cmd = c
	err = s.execute(d, &a)
	all, d.events = d.events, nil
	return all, a, err
}

// execute decides the command and applies its events. It fills in the answer, which is large.
func (s *State) execute(d *decision, a *Answer) error {
	if d.digest = ""; d.cmd.ID != "" {
		d.digest = d.cmd.digest()
		if first, again := s.Answers[d.cmd.ID]; again {
			if first.Digest != "" && first.Digest != d.digest {
				return Refuse(Invalid, ReasonKeyOfAnother).At("Idempotency-Key")
			}
			*a = first
			return nil
		}
	}
	before := len(d.events)
	if err := s.decide(d); err != nil {
		d.events = d.events[:before]
		return err
	}
	s.applyAll(d.events[before:])
	if n := len(d.events); n > before {
		s.answer(&d.events[n-1], a)
	}
	return nil
}

func (s *State) applyAll(events []Event) {
	for i := range events {
		s.Apply(&events[i])
	}
}

// totemOf returns the name of the totem that a command came from.
func totemOf(by string) (string, bool) { return strings.CutPrefix(by, "totem/") }

package queue

import (
	"maps"
	"slices"
	"time"
)

// Apply brings the next event into the state, in place. It never refuses:
// whatever is in the journal has happened. Events come in order of Seq.
func (s *State) Apply(e *Event) {
	s.Seq, s.At = e.Seq, e.At
	if e.Kind != ConfigChanged && s.Config == nil || e.Kind == ConfigChanged && e.Config == nil {
		return // without a configuration there is no office
	}
	if e.Counter != "" && e.By != "system" {
		s.Worked = e.At
	}
	switch e.Kind {
	case ConfigChanged:
		s.configure(e)
	case DayStarted:
		s.startDay(e)
	case ClockSet:
		s.setClock(e)
	case CounterOpened, CounterShut, CounterPaused, CounterResumed, CounterAlarmed, CounterCalmed:
		s.applyCounter(e)
	case StepUndone:
		s.undo(e)
	case TicketIssued:
		s.issue(e)
	case TicketPrinted, TicketReprinted, TicketRenumbered:
		s.applyPaper(e)
	case ChannelFilled:
		s.Filled[e.Channel] = e.Until
	case ChannelFreed:
		delete(s.Filled, e.Channel)
	case NumbersLeased:
		s.lease(e)
	default:
		s.applyTicket(e)
	}
	if e.Command != "" {
		s.remember(e)
	}
}

func (s *State) configure(e *Event) {
	for _, t := range s.Tickets {
		if to, moved := e.Move[t.Channel]; moved {
			t.Channel = to
		}
		if to, moved := e.Move[t.Back]; moved && t.Back != "" {
			t.Back = to
		}
		if t.For != "" && e.Config.Counter(t.For) == nil {
			t.For = ""
		}
	}
	for _, d := range s.Counters {
		d.Step = Step{}
	}
	over := s.over(e.At)
	s.Config = e.Config
	s.fill()
	clear(s.Filled) // who said so may say it again
	s.index()
	if !over && s.over(e.At) {
		s.Worked = e.At // closed by this change, whatever the hours say
	}
}

func (s *State) startDay(e *Event) {
	s.keepDay()
	s.endHanded()
	s.Day, s.Began, s.Worked = e.Day, e.At, time.Time{}
	s.midnight = s.Day.Next().In(s.Location(), 0)
	live := s.live() // none, unless the day before was never ended
	s.gone = s.Tickets
	s.Tickets = make(map[TicketID]*Ticket, len(s.gone)) // a day is much like the one before
	s.numbered = make(map[string]*Ticket, len(s.gone))
	for _, t := range live {
		s.Tickets[t.ID], s.numbered[t.Number] = t, t
	}
	for _, d := range s.Counters {
		d.Step = Step{}
	}
	s.past = nil
	clear(s.Last)
	clear(s.Numbers)
	clear(s.Filled)
	if n, known := s.findDay(); known {
		maps.Copy(s.Numbers, s.Days[n].Numbers)
	}
	if !e.Since.IsZero() {
		s.spareLapsed(e.Since)
	}
	s.forgetLeases()
	clear(s.Recent)
	clear(s.Answers)
}

func (s *State) applyCounter(e *Event) {
	d := s.Counters[e.Counter]
	if d == nil {
		return // a counter that the configuration no longer has
	}
	switch e.Kind {
	case CounterOpened:
		d.Status, d.Operator, d.Reason, d.Since = DeskOpen, e.Operator, "", e.At
	case CounterShut:
		d.Status, d.Operator, d.Reason, d.Since, d.Alarm = DeskClosed, "", "", e.At, false
	case CounterPaused:
		d.Status, d.Reason, d.Since = DeskPaused, e.Reason, e.At
	case CounterResumed:
		d.Status, d.Reason, d.Since = DeskOpen, "", e.At
	case CounterAlarmed:
		d.Alarm = true
	case CounterCalmed:
		d.Alarm = false
	}
}

func (s *State) issue(e *Event) {
	t := &Ticket{
		ID: e.Ticket, Number: e.Number, Channel: e.Channel, Given: e.Channel, Class: e.Class, Language: e.Language,
		Issued: e.At, Since: e.Since, Slot: e.Slot, Entered: e.At, Order: e.Seq, Touched: e.Seq, State: Waiting,
		Totem: e.Totem, Offline: e.Offline, Printed: e.Printed, PrintReason: e.Reason, Printer: e.Printer, Expected: e.Expected,
	}
	if t.Offline {
		t.Issued, t.Entered = e.Since, e.Since
	}
	if e.Day != "" {
		s.issueEnded(t, e)
		return
	}
	s.Tickets[t.ID] = t
	if t.Number != "" {
		s.numbered[t.Number] = t
		if letter, n := split(t.Number); !t.Offline {
			s.Numbers[letter] = max(s.Numbers[letter], n)
		}
	}
	if e.Counter != "" { // a visit without a ticket begins at the counter
		s.markStep(e, &Ticket{ID: t.ID})
		t.Counter = e.Counter
		s.move(t, Serving, e)
		return
	}
	if totem, ok := totemOf(e.By); ok && !t.Offline && e.Count == 0 && s.Config.Policy.HoardMax > 0 {
		since := e.At.Add(-s.Config.Policy.HoardWindow.Duration())
		recent := slices.DeleteFunc(s.Recent[totem], func(at time.Time) bool { return !at.After(since) })
		s.Recent[totem] = append(recent, e.At)
	}
	s.enter(t)
}

func (s *State) applyTicket(e *Event) {
	t := s.Tickets[e.Ticket]
	if t == nil {
		return
	}
	s.markStep(e, t)
	switch e.Kind {
	case TicketCalled:
		t.Returned = t.Returned || t.State == Absent
		s.leave(t, e.At)
		t.Counter, t.Out = e.Counter, e.OutOfTurn
		t.Call, t.Calls, t.Announced, t.AnnouncedAt = e.Seq, 1, e.Seq, e.At
		t.For, t.Avoid, t.AvoidUntil, t.Reason, t.Until = "", "", time.Time{}, "", time.Time{}
		s.arrive(t, Called, e)
		s.remind(t)
	case TicketRecalled:
		t.Calls, t.Announced, t.AnnouncedAt = t.Calls+1, e.Seq, e.At
		t.Touched = e.Seq
	case TicketStarted:
		s.move(t, Serving, e)
	case TicketServed:
		if e.Inexact { // the day ended over it
			s.lapsed(t, e.At)
		}
		t.Outcomes = append(slices.Clip(t.Outcomes), e.Outcomes...)
		t.Inexact = t.Inexact || e.Inexact
		t.Legs++
		s.move(t, Served, e)
	case TicketAbsent:
		if t.Until = e.Until; t.Legs > 0 {
			t.Until = time.Time{}
		}
		s.move(t, t.over(Absent), e)
	case TicketPostponed:
		if l := s.channels[t.Channel]; l != nil {
			l.remove(t)
			defer l.add(t)
		}
		t.Since, t.Postponed, t.Touched = e.Since, true, e.Seq
	case TicketHeld:
		t.Reason, t.Until = e.Reason, e.Until
		s.move(t, Held, e)
	case TicketReinstated:
		t.Returned = t.Returned || t.State == Absent
		s.leave(t, e.At)
		t.Since, t.Reason, t.Until = e.Since, "", time.Time{}
		s.arrive(t, Waiting, e)
	case TicketRequeued:
		s.leave(t, e.At)
		t.Avoid, t.AvoidUntil = e.Counter, e.Until
		s.arrive(t, Waiting, e)
	case TicketTransferred:
		s.leave(t, e.At)
		t.Channel, t.For, t.Back, t.BackTo = e.Channel, e.For, e.Back, e.BackTo
		t.Outcomes = append(slices.Clip(t.Outcomes), e.Outcomes...)
		t.Reason, t.Until = "", time.Time{}
		t.Passed++
		s.arrive(t, Waiting, e)
	case TicketCancelled:
		t.Reason, t.Left = e.Reason, t.State == Waiting && t.Legs == 0
		s.move(t, t.over(Cancelled), e)
	case TicketExpired:
		s.expire(t, e)
	}
}

// expire ends the ticket, at an earlier time than it is noted if the event gives one.
func (s *State) expire(t *Ticket, e *Event) {
	at := e.At
	if !e.Until.IsZero() && e.Until.Before(at) {
		at = e.Until
	}
	if at.Before(t.Entered) {
		at = t.Entered
	}
	s.lapsed(t, at)
	t.Left = t.State == Waiting && t.Legs == 0
	s.leave(t, at)
	s.arrive(t, t.over(Expired), e)
	t.Entered = at
	if e.Reason != "" {
		t.Reason = e.Reason
	}
}

// move takes the ticket out of its state and into another.
func (s *State) move(t *Ticket, to TicketState, e *Event) {
	s.leave(t, e.At)
	s.arrive(t, to, e)
}

// leave ends the ticket's present period and frees what it occupied.
func (s *State) leave(t *Ticket, at time.Time) {
	t.Inexact = t.Inexact || t.State == Serving && s.Forgotten(t, at)
	t.spend(at.Sub(t.Entered))
	switch t.State {
	case Waiting:
		if l := s.channels[t.Channel]; l != nil {
			l.remove(t)
		}
	case Called, Serving:
		s.vacate(t)
	case Held:
		delete(s.aside, t.ID)
	case Absent:
		delete(s.aside, t.ID)
		s.unpass(t)
	default:
		s.unpass(t)
	}
}

// spend adds to the time that the ticket was in its state.
func (t *Ticket) spend(d time.Duration) {
	spent := Seconds(max(d, 0).Seconds())
	switch t.State {
	case Waiting:
		t.Waited += spent
	case Called:
		t.Way += spent
	case Serving:
		t.Service += spent
	case Held:
		t.HeldFor += spent
	case Absent:
		t.AbsentFor += spent
	case Served:
		t.Away += spent
	}
}

// arrive begins a period of the ticket. A change of channel comes between leave and arrive.
func (s *State) arrive(t *Ticket, to TicketState, e *Event) {
	t.State, t.Entered, t.Touched = to, e.At, e.Seq
	if to == Waiting || to == Held {
		t.takeBack()
	}
	s.enter(t)
}

// enter puts the ticket where its state says it is.
func (s *State) enter(t *Ticket) {
	switch t.State {
	case Waiting:
		if l := s.channels[t.Channel]; l != nil {
			l.add(t)
		}
	case Called, Serving:
		if d := s.Counters[t.Counter]; d != nil {
			d.Current = t.ID
		}
	case Held:
		s.aside[t.ID] = t
	case Absent:
		s.aside[t.ID] = t
		s.pass(t)
	default:
		s.pass(t)
	}
}

func (s *State) vacate(t *Ticket) {
	if d := s.Counters[t.Counter]; d != nil && d.Current == t.ID {
		d.Current = ""
	}
}

// markStep keeps how a ticket was before the events of a counter's last command.
func (s *State) markStep(e *Event, before *Ticket) {
	if e.Command == "" {
		return
	}
	d := s.Counters[e.Counter]
	if d == nil {
		return
	}
	if d.Step.Command != e.Command {
		d.Step = Step{Command: e.Command}
	}
	d.Step.Kind, d.Step.At, d.Step.Seq = e.Kind, e.At, e.Seq
	d.Step.Before = append(slices.Clip(d.Step.Before), *before)
}

// undo puts the tickets of a counter's last step back as they were.
func (s *State) undo(e *Event) {
	for i := range e.Restored {
		old := &e.Restored[i]
		t := s.Tickets[old.ID]
		if t == nil {
			continue
		}
		s.leave(t, e.At)
		if old.Call != t.Call { // the call never was
			s.forget(t)
		}
		if old.State == "" { // it began with the step: a visit without a ticket
			t.State, t.Entered, t.Touched = Cancelled, e.At, e.Seq
			s.gone[t.ID] = t
			delete(s.Tickets, t.ID)
			continue
		}
		now := *t
		*t = *old
		t.keepPaper(&now)
		if now.Call == t.Call { // what was announced was announced
			t.Calls = now.Calls
			if now.Announced > t.Announced {
				t.Announced, t.AnnouncedAt = now.Announced, now.AnnouncedAt
			}
		}
		if t.Announced == 0 && (t.State == Called || t.State == Serving) { // of a version that didn't note it
			t.Announced, t.AnnouncedAt = t.Call, t.Entered
		}
		t.Touched = e.Seq
		s.enter(t)
	}
	if d := s.Counters[e.Counter]; d != nil {
		d.Step = Step{}
	}
}

// remember keeps the answer of the command that caused e.
func (s *State) remember(e *Event) {
	var a Answer
	s.answer(e, &a)
	s.Answers[e.Command] = a
}

// answer fills in what a command amounts to whose last event is e, now that it is applied.
func (s *State) answer(e *Event, a *Answer) {
	a.Kind, a.Digest, a.Count = e.Kind, e.Digest, e.Count
	if t := s.Known(e.Ticket); t != nil {
		a.Ticket = *t
		a.Ahead = s.Ahead(t, e.At)
		if t.State == Called {
			a.Call, _ = t.LastCall()
		}
	}
	if e.Counter == "" {
		return
	}
	if d := s.Counters[e.Counter]; d != nil {
		a.Desk = *d
		a.Desk.Step = Step{}
	}
}

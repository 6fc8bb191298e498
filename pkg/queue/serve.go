package queue

import (
	"fmt"
	"math"
	"slices"
	"time"
)

// The actions of a clerk on tickets, of the ticket now at the counter unless they name one.
type (
	// Next serves the ticket still at the counter, with what was done, and calls the one that is
	// due first.
	Next struct {
		Counter  CounterID
		Outcomes []Outcome
	}
	// CallTicket calls a chosen ticket, by id or number; absent and held ones too, and
	// those already served: that is a new leg of the same visit.
	CallTicket struct {
		Counter CounterID
		Ticket  TicketID
		Number  string
	}
	// Recall announces the call once more. Past Policy.RecallMax the ticket becomes absent instead.
	Recall struct{ Counter CounterID }
	// Start notes that the citizen has come to the counter.
	Start struct{ Counter CounterID }
	// Done closes the case with what was done; with a way back, it returns there.
	Done struct {
		Counter  CounterID
		Outcomes []Outcome
	}
	// MarkAbsent notes that nobody came.
	MarkAbsent struct{ Counter CounterID }
	// Hold sends the citizen to fill in a form; with For, the ticket waits again by itself after
	// it.
	Hold struct {
		Counter CounterID
		Reason  string
		For     time.Duration // 0: until called
	}
	// Requeue puts a called ticket back in its place.
	Requeue struct{ Counter CounterID }
	// Transfer sends the citizen on, with the seniority kept: to a channel, to a named counter,
	// or both; with Return, back here when done there.
	Transfer struct {
		Counter   CounterID
		Channel   ChannelID // empty: the same
		ToCounter CounterID // empty: any
		Return    bool
		Outcomes  []Outcome
	}
	// WalkIn begins a visit without a ticket.
	WalkIn struct {
		Counter CounterID
		Ticket  TicketID // new, made by the sender
		Channel ChannelID
	}
	// Undo takes back the last step at the counter, within Policy.UndoFor.
	Undo struct{ Counter CounterID }
)

func (a Next) decide(s *State, d *decision) error {
	desk, err := s.attended(d, a.Counter)
	if err != nil {
		return err
	}
	if len(a.Outcomes) > 0 && desk.Current == "" {
		return Refuse(NoCurrentTicket, ReasonNoCurrentTicket)
	}
	if err := s.checkOutcomes(a.Outcomes); err != nil {
		return err
	}
	s.goOn(desk, a.Outcomes, d)
	if c, ok := s.Next(a.Counter, d.now); ok {
		d.emit(Event{Kind: TicketCalled, Ticket: c.Ticket.ID, Counter: desk.ID})
	}
	return nil
}

func (a CallTicket) decide(s *State, d *decision) error {
	desk, err := s.attended(d, a.Counter)
	if err != nil {
		return err
	}
	t := s.Tickets[a.Ticket]
	if a.Ticket == "" {
		number, ok := ParseNumber(a.Number)
		if !ok {
			return Refuse(Invalid, ReasonNotANumber).At("number")
		}
		t = s.ByNumber(number)
	}
	switch {
	case t == nil:
		return unknownTicket()
	case t.State == Served && t.Number != "" && s.channels[t.Channel] != nil: // a further leg
	case t.State != Waiting && t.State != Absent && t.State != Held:
		if t.Number == "" {
			return Refuse(NotCallable, ReasonVisitNotCallable, "state", t.State)
		}
		return Refuse(NotCallable, ReasonNotCallable, "number", t.Number, "state", t.State)
	}
	s.goOn(desk, nil, d)
	d.emit(Event{Kind: TicketCalled, Ticket: t.ID, Counter: desk.ID, OutOfTurn: true})
	return nil
}

func (a Recall) decide(s *State, d *decision) error {
	desk, t, err := s.currentIn(d, a.Counter, Called)
	if err != nil {
		return err
	}
	p := &s.Config.Policy
	if wait := t.AnnouncedAt.Add(p.RecallEvery.Duration()).Sub(d.now); wait > 0 {
		return Refuse(RateLimited, ReasonJustCalled, "seconds", int(math.Ceil(wait.Seconds())))
	}
	if p.RecallMax > 0 && t.Calls > p.RecallMax {
		return MarkAbsent(a).decide(s, d)
	}
	d.emit(Event{Kind: TicketRecalled, Ticket: t.ID, Counter: desk.ID})
	return nil
}

func (a Start) decide(s *State, d *decision) error {
	desk, t, err := s.currentIn(d, a.Counter, Called)
	if err == nil {
		d.emit(Event{Kind: TicketStarted, Ticket: t.ID, Counter: desk.ID})
	}
	return err
}

func (a Done) decide(s *State, d *decision) error {
	desk, _, err := s.current(d, a.Counter)
	if err != nil {
		return err
	}
	if err := s.checkOutcomes(a.Outcomes); err != nil {
		return err
	}
	s.finish(desk, a.Outcomes, d)
	return nil
}

// goOn closes the case at the counter, if there is one, for what the clerk does next: whoever was
// called and never came to it, with nothing done, becomes what Policy.PassedOver says.
func (s *State) goOn(desk *Desk, outcomes []Outcome, d *decision) {
	if t := s.Tickets[desk.Current]; t != nil && t.State == Called && len(outcomes) == 0 && s.Config.Policy.PassedOver == PassedAbsent {
		s.absent(desk, t, d)
		return
	}
	s.finish(desk, outcomes, d)
}

// finish closes the case at the counter, if there is one: served, or sent back
// to where a transfer with return came from.
func (s *State) finish(desk *Desk, outcomes []Outcome, d *decision) {
	if desk.Current == "" {
		return
	}
	t := s.Tickets[desk.Current]
	switch {
	case t == nil:
	case t.Back != "" && s.channels[t.Back] != nil:
		back := t.BackTo
		if s.Counters[back] == nil {
			back = ""
		}
		d.emit(Event{Kind: TicketTransferred, Ticket: t.ID, Counter: desk.ID, Channel: t.Back, For: back, Outcomes: outcomes})
	default:
		d.emit(Event{Kind: TicketServed, Ticket: t.ID, Counter: desk.ID, Outcomes: outcomes})
	}
}

// maxOutcomes is the most that a clerk can name as done in one visit.
const maxOutcomes = 50

// checkOutcomes wants every service known and every quantity from 1 to 999.
func (s *State) checkOutcomes(list []Outcome) error {
	if len(list) > maxOutcomes {
		return Refuse(Invalid, ReasonTooManyOutcomes, "max", maxOutcomes).At("outcomes")
	}
	for i, o := range list {
		if !slices.ContainsFunc(s.Config.Services, func(v Service) bool { return v.ID == o.Service }) {
			return Refuse(Invalid, ReasonUnknownService, "service", o.Service).At(fmt.Sprintf("outcomes[%d].service", i))
		}
		if o.Quantity < 1 || o.Quantity > 999 {
			return Refuse(Invalid, ReasonNotInRange, "min", 1, "max", 999).At(fmt.Sprintf("outcomes[%d].quantity", i))
		}
	}
	return nil
}

func (a MarkAbsent) decide(s *State, d *decision) error {
	desk, t, err := s.currentIn(d, a.Counter, Called)
	if err != nil {
		return err
	}
	s.absent(desk, t, d)
	return nil
}

func (s *State) absent(desk *Desk, t *Ticket, d *decision) {
	e := Event{Kind: TicketAbsent, Ticket: t.ID, Counter: desk.ID}
	if grace := s.Config.Policy.AbsentGrace.Duration(); grace > 0 {
		e.Until = latest(d.now, t.Slot).Add(grace) // who has an appointment may well come for it
	}
	d.emit(e)
}

func (a Hold) decide(s *State, d *decision) error {
	desk, t, err := s.current(d, a.Counter)
	if err != nil {
		return err
	}
	if err := numbered(t); err != nil {
		return err
	}
	if err := text("reason", a.Reason); err != nil {
		return err
	}
	if a.For < 0 || a.For > 24*time.Hour {
		return Refuse(Invalid, ReasonNotInRange, "min", 0, "max", 24*3600).At("for_s")
	}
	e := Event{Kind: TicketHeld, Ticket: t.ID, Counter: desk.ID, Reason: a.Reason}
	if a.For > 0 {
		e.Until = d.now.Add(a.For)
	}
	d.emit(e)
	return nil
}

// numbered refuses to send somebody back into the queue who couldn't be called from it.
func numbered(t *Ticket) error {
	if t.Number != "" {
		return nil
	}
	return Refuse(Conflict, ReasonVisitWithoutTicket)
}

func (a Requeue) decide(s *State, d *decision) error {
	desk, t, err := s.current(d, a.Counter)
	if err != nil {
		return err
	}
	if err := numbered(t); err != nil {
		return err
	}
	e := Event{Kind: TicketRequeued, Ticket: t.ID, Counter: desk.ID}
	if avoid := s.Config.Policy.RequeueAvoid.Duration(); avoid > 0 {
		e.Until = d.now.Add(avoid)
	}
	d.emit(e)
	return nil
}

func (a Transfer) decide(s *State, d *decision) error {
	desk, t, err := s.current(d, a.Counter)
	if err != nil {
		return err
	}
	if err := numbered(t); err != nil {
		return err
	}
	if a.Channel == "" {
		a.Channel = t.Channel
	}
	switch {
	case s.channels[a.Channel] == nil:
		return unknownChannel(a.Channel)
	case a.ToCounter != "" && s.Counters[a.ToCounter] == nil:
		_, err := s.desk(a.ToCounter)
		return err
	case a.ToCounter == a.Counter, a.ToCounter == "" && a.Channel == t.Channel:
		return Refuse(Invalid, ReasonHereAlready).At("channel")
	}
	if err := s.checkOutcomes(a.Outcomes); err != nil {
		return err
	}
	e := Event{Kind: TicketTransferred, Ticket: t.ID, Counter: desk.ID, Channel: a.Channel, For: a.ToCounter, Outcomes: a.Outcomes}
	if a.Return {
		e.Back, e.BackTo = t.Channel, desk.ID
	}
	d.emit(e)
	return nil
}

func (a WalkIn) decide(s *State, d *decision) error {
	desk, err := s.attended(d, a.Counter)
	switch {
	case err != nil:
		return err
	case s.channels[a.Channel] == nil:
		return unknownChannel(a.Channel)
	case a.Ticket == "" || s.Known(a.Ticket) != nil:
		return Refuse(Invalid, ReasonTicketIDUsed).At("ticket")
	}
	s.goOn(desk, nil, d)
	d.emit(Event{Kind: TicketIssued, Ticket: a.Ticket, Channel: a.Channel, Class: Standard, Since: d.now, Counter: desk.ID})
	return nil
}

func (a Undo) decide(s *State, d *decision) error {
	desk, err := s.attended(d, a.Counter)
	if err != nil {
		return err
	}
	step := &desk.Step
	if desk.Undoable(s.Config, d.now).IsZero() {
		return Refuse(Conflict, ReasonNothingToUndo)
	}
	free := desk.Current == ""
	for i := range step.Before {
		t := s.Tickets[step.Before[i].ID]
		if t == nil || t.Touched > step.Seq {
			return Refuse(Conflict, ReasonTicketMovedOn)
		}
		free = free || t.ID == desk.Current
	}
	if !free {
		return Refuse(Conflict, ReasonAnotherTicket)
	}
	d.emit(Event{Kind: StepUndone, Counter: desk.ID, Ticket: step.Before[0].ID, Restored: step.Before})
	return nil
}

// currentIn returns the ticket at the counter if it is in the state.
func (s *State) currentIn(d *decision, id CounterID, state TicketState) (*Desk, *Ticket, error) {
	desk, t, err := s.current(d, id)
	if err == nil && t.State != state {
		return nil, nil, Refuse(Conflict, ReasonTicketAlready, "state", t.State)
	}
	return desk, t, err
}

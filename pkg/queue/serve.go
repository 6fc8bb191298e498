package queue

import (
	"fmt"
	"math"
	"slices"
	"time"
)

// The actions of a clerk on tickets, of the ticket now at the counter unless they name one.
type (
	// Next serves the ticket still at the counter and calls the one that is due first.
	Next struct{ Counter CounterID }
	// CallTicket calls a chosen ticket, by id or number; absent and held ones too.
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
	// Hold sends the citizen to fill in a form; with For, the ticket waits again by itself after it.
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
	desk, err := s.attended(a.Counter)
	if err != nil {
		return err
	}
	s.finish(desk, nil, d)
	if c, ok := s.Next(a.Counter, d.now); ok {
		d.emit(Event{Kind: TicketCalled, Ticket: c.Ticket.ID, Counter: desk.ID})
	}
	return nil
}

func (a CallTicket) decide(s *State, d *decision) error {
	desk, err := s.attended(a.Counter)
	if err != nil {
		return err
	}
	t := s.Tickets[a.Ticket]
	if a.Ticket == "" {
		number, ok := ParseNumber(a.Number)
		if !ok {
			return refuseField("number", "Scrivere il numero del biglietto, per esempio A042.", "Write the ticket's number, such as A042.")
		}
		t = s.ByNumber(number)
	}
	switch {
	case t == nil:
		return unknownTicket()
	case t.State != Waiting && t.State != Absent && t.State != Held:
		return refuse(NotCallable,
			fmt.Sprintf("Il biglietto%s non si può chiamare: è %s.", with(t.Number), t.State.Text().In("it")),
			fmt.Sprintf("The ticket%s can't be called: it is %s.", with(t.Number), t.State.Text().In("en")))
	}
	s.finish(desk, nil, d)
	d.emit(Event{Kind: TicketCalled, Ticket: t.ID, Counter: desk.ID, OutOfTurn: true})
	return nil
}

func (a Recall) decide(s *State, d *decision) error {
	desk, t, err := s.currentIn(a.Counter, Called)
	if err != nil {
		return err
	}
	p := &s.Config.Policy
	if wait := t.AnnouncedAt.Add(p.RecallEvery.Duration()).Sub(d.now); wait > 0 {
		seconds := math.Ceil(wait.Seconds())
		return refuse(RateLimited,
			fmt.Sprintf("Appena chiamato: richiamare tra %.0f s.", seconds),
			fmt.Sprintf("Just called: recall in %.0f s.", seconds))
	}
	if p.RecallMax > 0 && t.Calls > p.RecallMax {
		return MarkAbsent(a).decide(s, d)
	}
	d.emit(Event{Kind: TicketRecalled, Ticket: t.ID, Counter: desk.ID})
	return nil
}

func (a Start) decide(s *State, d *decision) error {
	desk, t, err := s.currentIn(a.Counter, Called)
	if err == nil {
		d.emit(Event{Kind: TicketStarted, Ticket: t.ID, Counter: desk.ID})
	}
	return err
}

func (a Done) decide(s *State, d *decision) error {
	desk, _, err := s.current(a.Counter)
	if err != nil {
		return err
	}
	if err := s.checkOutcomes(a.Outcomes); err != nil {
		return err
	}
	s.finish(desk, a.Outcomes, d)
	return nil
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

// checkOutcomes wants every service known and every quantity from 1 to 999.
func (s *State) checkOutcomes(list []Outcome) error {
	if len(list) > 50 {
		return refuseField("outcomes", "Al massimo 50 prestazioni.", "At most 50 outcomes.")
	}
	for i, o := range list {
		if !slices.ContainsFunc(s.Config.Services, func(v Service) bool { return v.ID == o.Service }) {
			return refuseField(fmt.Sprintf("outcomes[%d].service", i),
				fmt.Sprintf("La prestazione %q non esiste.", o.Service), fmt.Sprintf("There is no service %q.", o.Service))
		}
		if o.Quantity < 1 || o.Quantity > 999 {
			return refuseField(fmt.Sprintf("outcomes[%d].quantity", i),
				"La quantità va da 1 a 999.", "The quantity goes from 1 to 999.")
		}
	}
	return nil
}

func (a MarkAbsent) decide(s *State, d *decision) error {
	desk, t, err := s.currentIn(a.Counter, Called)
	if err != nil {
		return err
	}
	e := Event{Kind: TicketAbsent, Ticket: t.ID, Counter: desk.ID}
	if grace := s.Config.Policy.AbsentGrace.Duration(); grace > 0 {
		e.Until = d.now.Add(grace)
	}
	d.emit(e)
	return nil
}

func (a Hold) decide(s *State, d *decision) error {
	desk, t, err := s.current(a.Counter)
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
		return refuseField("for_s", "La sospensione va da 0 a 86400 secondi.", "The hold goes from 0 to 86400 seconds.")
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
	return refuse(Conflict, "Una visita senza biglietto non può tornare in coda: concluderla, o dare un biglietto.", "A visit without a ticket can't go back to the queue: finish it, or give a ticket.")
}

func (a Requeue) decide(s *State, d *decision) error {
	desk, t, err := s.current(a.Counter)
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
	desk, t, err := s.current(a.Counter)
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
		return refuseField("channel", "Il biglietto è già qui: scegliere un altro canale o un altro sportello.", "The ticket is here already: choose another channel or counter.")
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
	desk, err := s.attended(a.Counter)
	switch {
	case err != nil:
		return err
	case s.channels[a.Channel] == nil:
		return unknownChannel(a.Channel)
	case a.Ticket == "" || s.Tickets[a.Ticket] != nil:
		return refuseField("ticket", "L'identificativo del biglietto manca o è già usato.", "The ticket's id is missing or in use.")
	}
	s.finish(desk, nil, d)
	d.emit(Event{Kind: TicketIssued, Ticket: a.Ticket, Channel: a.Channel, Class: Standard, Since: d.now, Counter: desk.ID})
	return nil
}

func (a Undo) decide(s *State, d *decision) error {
	desk, err := s.attended(a.Counter)
	if err != nil {
		return err
	}
	step := &desk.Step
	if desk.Undoable(s.Config, d.now).IsZero() {
		return refuse(Conflict, "Non c'è un'azione recente da annullare.", "There is no recent step to undo.")
	}
	free := desk.Current == ""
	for i := range step.Before {
		t := s.Tickets[step.Before[i].ID]
		if t == nil || t.Touched > step.Seq {
			return refuse(Conflict, "Il biglietto è già andato avanti altrove: l'azione non si può più annullare.", "The ticket has moved on elsewhere: the step can't be undone any more.")
		}
		free = free || t.ID == desk.Current
	}
	if !free {
		return refuse(Conflict, "Allo sportello c'è un altro biglietto: l'azione non si può più annullare.", "Another ticket is at the counter: the step can't be undone any more.")
	}
	d.emit(Event{Kind: StepUndone, Counter: desk.ID, Ticket: step.Before[0].ID, Restored: step.Before})
	return nil
}

// currentIn returns the ticket at the counter if it is in the state.
func (s *State) currentIn(id CounterID, state TicketState) (*Desk, *Ticket, error) {
	desk, t, err := s.current(id)
	if err == nil && t.State != state {
		return nil, nil, refuse(Conflict,
			fmt.Sprintf("Il biglietto è già %s.", t.State.Text().In("it")),
			fmt.Sprintf("The ticket is already %s.", t.State.Text().In("en")))
	}
	return desk, t, err
}

// Text returns the state's name as people read it.
func (s TicketState) Text() Text {
	switch s {
	case Waiting:
		return Text{"it": "in attesa", "en": "waiting"}
	case Called:
		return Text{"it": "chiamato", "en": "called"}
	case Serving:
		return Text{"it": "allo sportello", "en": "at the counter"}
	case Held:
		return Text{"it": "sospeso", "en": "on hold"}
	case Absent:
		return Text{"it": "assente", "en": "absent"}
	case Served:
		return Text{"it": "concluso", "en": "served"}
	case Cancelled:
		return Text{"it": "annullato", "en": "cancelled"}
	default:
		return Text{"it": "scaduto", "en": "expired"}
	}
}

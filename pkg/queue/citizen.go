package queue

import "time"

// The actions on a ticket that is not at a counter.
type (
	// Cancel gives up a ticket that hasn't been called.
	Cancel struct {
		Ticket TicketID
		Reason string
	}
	// Reinstate lets an absent or held ticket wait again, at the wish of the clerk at the counter.
	// An absent one loses Policy.AbsentDelay.
	Reinstate struct {
		Counter CounterID // empty: of nobody at a counter
		Ticket  TicketID
	}
)

func (a Cancel) decide(s *State, d *decision) error {
	t := s.Tickets[a.Ticket]
	if t == nil {
		return unknownTicket()
	}
	switch t.State {
	case Waiting, Held, Absent:
		if err := text("reason", a.Reason); err != nil {
			return err
		}
		d.emit(Event{Kind: TicketCancelled, Ticket: t.ID, Reason: a.Reason})
		return nil
	case Cancelled:
		return nil
	}
	return Refuse(Conflict, ReasonNotCancellable, "state", t.State)
}

func (a Reinstate) decide(s *State, d *decision) error {
	if a.Counter != "" {
		if _, err := s.at(d, a.Counter); err != nil {
			return err
		}
	}
	t := s.Tickets[a.Ticket]
	if t == nil {
		return unknownTicket()
	}
	var delay time.Duration
	switch t.State {
	case Absent:
		if !d.now.Before(t.Slot) { // or else the one who was absent is early
			delay = s.Config.Policy.AbsentDelay.Duration()
		}
	case Held:
	default:
		return Refuse(Conflict, ReasonNotReinstatable, "state", t.State)
	}
	d.emit(Event{Kind: TicketReinstated, Ticket: t.ID, Since: t.Since.Add(delay).In(d.now.Location())})
	return nil
}

func unknownTicket() *Refusal {
	return Refuse(UnknownTicket, ReasonUnknownTicket).At("ticket")
}

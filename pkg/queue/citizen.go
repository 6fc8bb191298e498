package queue

import (
	"fmt"
	"time"
)

// The actions on a ticket that is not at a counter.
type (
	// Cancel gives up a ticket that hasn't been called.
	Cancel struct {
		Ticket TicketID
		Reason string
	}
	// Reinstate lets an absent or held ticket wait again. An absent one loses Policy.AbsentDelay.
	Reinstate struct{ Ticket TicketID }
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
	return refuse(Conflict,
		fmt.Sprintf("Il biglietto non si può più annullare: è %s.", t.State.Text().In("it")),
		fmt.Sprintf("The ticket can't be cancelled any more: it is %s.", t.State.Text().In("en")))
}

func (a Reinstate) decide(s *State, d *decision) error {
	t := s.Tickets[a.Ticket]
	if t == nil {
		return unknownTicket()
	}
	var delay time.Duration
	switch t.State {
	case Absent:
		delay = s.Config.Policy.AbsentDelay.Duration()
	case Held:
	default:
		return refuse(Conflict,
			fmt.Sprintf("Solo un biglietto assente o sospeso si può ripristinare: questo è %s.", t.State.Text().In("it")),
			fmt.Sprintf("Only an absent or held ticket can be reinstated: this one is %s.", t.State.Text().In("en")))
	}
	d.emit(Event{Kind: TicketReinstated, Ticket: t.ID, Since: t.Since.Add(delay).In(d.now.Location())})
	return nil
}

func unknownTicket() *Refusal {
	r := refuse(UnknownTicket, "Questo biglietto non esiste o non è di oggi.", "There is no such ticket, or it is not of today.")
	r.Field = "ticket"
	return r
}

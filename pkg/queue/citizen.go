package queue

import (
	"cmp"
	"slices"
	"time"
)

// The actions on a ticket that is not at a counter.
type (
	// Cancel gives up a ticket that hasn't been called.
	Cancel struct {
		Ticket TicketID
		Reason string
	}
	// Postpone lets those go first who came within Policy.Postpone after the ticket's holder, once.
	Postpone struct{ Ticket TicketID }
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

func (a Postpone) decide(s *State, d *decision) error {
	t := s.Tickets[a.Ticket]
	if t == nil {
		return unknownTicket()
	}
	switch by := s.Config.Policy.Postpone.Duration(); {
	case by == 0:
		return Refuse(Conflict, ReasonNoPostponing)
	case t.State != Waiting:
		return Refuse(Conflict, ReasonNotPostponable, "state", t.State)
	case t.Postponed:
		return Refuse(Conflict, ReasonPostponedAlready)
	default:
		d.emit(Event{Kind: TicketPostponed, Ticket: t.ID, Since: t.Since.Add(by).In(d.now.Location())})
		return nil
	}
}

// MayPostpone reports whether the ticket's holder may let others go first, and there are some: at a
// counter that calls the ticket, somebody who waits is due after it and not by more than
// Policy.Postpone.
func (s *State) MayPostpone(t *Ticket) bool {
	by := s.Config.Policy.Postpone.Duration()
	if t.State != Waiting || t.Postponed || by == 0 {
		return false
	}
	for i := range s.Config.Counters {
		id := s.Config.Counters[i].ID
		if mine, may := s.Claim(id, t); may && s.dueWithin(id, t, mine.Due, by) {
			return true
		}
	}
	return false
}

// dueWithin reports whether the counter calls anybody after the ticket, which is due then, who
// would go first if it was due so much later.
func (s *State) dueWithin(id CounterID, t *Ticket, due time.Time, by time.Duration) bool {
	for _, l := range s.lines {
		for _, q := range l.waiting {
			// Of a line and class, who came later is due later, but for who was sent here.
			at, _ := slices.BinarySearchFunc(q, due, func(u *Ticket, due time.Time) int {
				theirs, _ := s.Claim(id, u)
				return cmp.Or(theirs.Due.Compare(due), order(u, t))
			})
			for ; at < len(q); at++ {
				theirs, may := s.Claim(id, q[at])
				if !theirs.Due.Before(due.Add(by)) {
					break
				}
				if may && q[at] != t {
					return true
				}
			}
		}
	}
	return false
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

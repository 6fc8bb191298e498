package queue

import (
	"cmp"
	"regexp"
	"slices"
)

// Printing is what became of a ticket's paper.
type Printing string

// What can have become of it. The zero value is [PrintNo].
const (
	PrintNo      Printing = "no"      // nobody prints it
	PrintPending Printing = "pending" // a totem is to print it, or does
	PrintYes     Printing = "yes"
	PrintFailed  Printing = "failed"
	PrintUnknown Printing = "unknown" // it may have come out
)

// isResult reports whether it is what a printer's answer can mean.
func (p Printing) isResult() bool { return p == PrintYes || p == PrintFailed || p == PrintUnknown }

// printReasonForm is a stable name, such as "paper_out".
var printReasonForm = regexp.MustCompile(`^([a-z][a-z0-9_]{0,31})?$`)

// Print is a copy of a ticket that is wanted of a totem. A totem never prints the same one twice.
type Print struct {
	Ticket *Ticket
	Copy   int // 0 for the first
}

// The actions on a ticket's paper.
type (
	// Printed says what became of the paper. Saying it again is harmless, and what is said of an
	// earlier copy counts no longer.
	Printed struct {
		Ticket TicketID
		Result Printing // yes, failed or unknown
		Reason string   // the printer's, by name
		Copy   *int     // nil: the last one
	}
	// Reprint has a totem print a further copy, under the same number: at somebody's wish.
	Reprint struct {
		Ticket TicketID
		Totem  string // empty: that which gave the ticket
		Else   string // where no totem gave it
		Own    string // of a totem's wish: it may only have what it gave itself
		// Made is what became of a copy that the totem has printed already, while it couldn't reach
		// the server, and Reason why; empty: one is wanted. It counts whatever has become of the
		// ticket.
		Made   Printing
		Reason string
	}
)

func (a Printed) decide(s *State, d *decision) error {
	t := s.Known(a.Ticket)
	switch {
	case t == nil:
		return unknownTicket()
	case !a.Result.isResult():
		return Refuse(Invalid, ReasonUnknownPrinting).At("result")
	case !printReasonForm.MatchString(a.Reason):
		return Refuse(Invalid, ReasonNotAName, "name", a.Reason).At("reason")
	case t.Number == "":
		return Refuse(Conflict, ReasonNothingToPrint)
	case a.Copy != nil && *a.Copy != t.Reprints:
		return nil // of a copy that nobody waits for any more
	case a.Result == PrintUnknown && (t.Printed == PrintYes || t.Printed == PrintFailed):
		return nil // it is known
	case t.Printed == a.Result && t.PrintReason == a.Reason:
		return nil
	}
	d.emit(Event{Kind: TicketPrinted, Ticket: t.ID, Printed: a.Result, Reason: a.Reason})
	return nil
}

func (a Reprint) decide(s *State, d *decision) error {
	t, made := s.Tickets[a.Ticket], a.Made != ""
	if made {
		t = s.Known(a.Ticket)
	}
	switch {
	case t == nil:
		return unknownTicket()
	case made && !a.Made.isResult():
		return Refuse(Invalid, ReasonUnknownPrinting).At("made")
	case !printReasonForm.MatchString(a.Reason), !made && a.Reason != "":
		return Refuse(Invalid, ReasonNotAName, "name", a.Reason).At("reason")
	case t.Number == "":
		return Refuse(Conflict, ReasonNothingToPrint)
	case !made && !t.State.Live():
		return Refuse(Conflict, ReasonTicketAlready, "state", t.State)
	case !made && a.Own != "" && (t.Totem != a.Own || a.Totem != "" && a.Totem != a.Own):
		return Refuse(Forbidden, ReasonTicketOfAnother)
	}
	for _, totem := range []string{a.Totem, t.Totem, a.Else} {
		if totem != "" {
			d.emit(Event{Kind: TicketReprinted, Ticket: t.ID, Totem: totem, Printed: a.Made, Reason: a.Reason})
			return nil
		}
	}
	return Refuse(Conflict, ReasonWhichTotem).At("totem")
}

// applyPaper notes what became of a ticket's paper, also of one whose day has ended. Its step at a
// counter can still be undone.
func (s *State) applyPaper(e *Event) {
	t := s.Known(e.Ticket)
	if t == nil {
		return
	}
	switch e.Kind {
	case TicketPrinted:
		t.Printed, t.PrintReason = e.Printed, e.Reason
	case TicketReprinted:
		t.Printed, t.PrintReason, t.Printer = cmp.Or(e.Printed, PrintPending), e.Reason, e.Totem
		t.Reprints++
	case TicketRenumbered:
		s.renumber(t, e)
	}
	if s.Tickets[t.ID] == nil {
		s.gone[t.ID] = new(*t)
	}
}

// keepPaper lets the ticket have the paper of how it is now: what is in somebody's hand can't be
// undone.
func (t *Ticket) keepPaper(now *Ticket) {
	if now.Offline && !t.Offline {
		t.Since = now.Since
	}
	t.Number, t.Offline = now.Number, now.Offline
	t.Printed, t.PrintReason, t.Reprints, t.Printer = now.Printed, now.PrintReason, now.Reprints, now.Printer
}

// Prints are the copies that are wanted of a totem, the oldest ticket first. What it gave itself
// it prints by itself: of that only further copies are among them.
func (s *State) Prints(totem string) (list []Print) {
	if totem == "" {
		return nil
	}
	for _, t := range s.Tickets {
		if t.Printed == PrintPending && t.Printer == totem && t.State.Live() && (t.Reprints > 0 || t.Totem != totem) {
			list = append(list, Print{t, t.Reprints})
		}
	}
	slices.SortFunc(list, func(a, b Print) int { return order(a.Ticket, b.Ticket) })
	return list
}

package queue

import (
	"cmp"
	"slices"
	"time"

	"github.com/eliminacode/eliminacode/pkg/calendar"
)

// handedMost is how many tickets of ended days are kept at most, the last ones.
const handedMost = 2000

// Handed is a ticket of a day that has ended, which a totem has handed over, or may yet hand over:
// it gave it, and it isn't known what became of the paper.
type Handed struct {
	Day    calendar.Date `json:"day"`   // on which it was given
	Noted  calendar.Date `json:"noted"` // the office's when it was put here
	Ticket Ticket        `json:"ticket"`
}

// IssueOffline hands over a ticket that a totem has given by itself, of a block of its own. The
// number is in somebody's hand: opening hours and limits don't count. It waits by the time at which
// it was given; if its day has ended meanwhile, it is of that day, and ended with it.
//
// Handing over again what is known is harmless. If the office has the ticket under another number,
// since the totem asked for it and the answer was lost, it gets the number that its holder saw.
type IssueOffline struct {
	Totem    string
	Ticket   TicketID
	Number   string
	Channel  ChannelID // an unknown one: that with the number's letter, else the first
	Class    Class
	Language string
	At       time.Time
	Printed  Printing // empty: nobody prints it
	Reason   string   // why it isn't printed
}

func (a IssueOffline) decide(s *State, d *decision) error {
	number, ok := ParseNumber(a.Number)
	switch {
	case !ok || number != a.Number:
		return Refuse(Invalid, ReasonNotANumber).At("number")
	case a.Ticket == "":
		return Refuse(Invalid, ReasonTicketIDUsed).At("ticket")
	case a.Printed.index() < 0:
		return Refuse(Invalid, ReasonUnknownPrinting).At("printed")
	case !printReasonForm.MatchString(a.Reason):
		return Refuse(Invalid, ReasonNotAName, "name", a.Reason).At("reason")
	}
	a.Class = cmp.Or(a.Class, Standard)
	if a.Class.index() < 0 || a.Class == Appointment {
		return Refuse(Invalid, ReasonUnknownClass, "class", a.Class).At("class")
	}
	if a.Language != "" && !IsLanguage(a.Language) {
		return Refuse(Invalid, ReasonNotALanguage, "language", a.Language).At("language")
	}
	if len(s.lines) == 0 {
		return unknownChannel(a.Channel)
	}
	lease := s.leaseOn(number)
	if lease == nil {
		return Refuse(Conflict, ReasonNumberOfAnother, "number", number).At("number")
	}
	at := s.arrival(a.At, lease, d.now)
	day := calendar.DateOf(at)
	t := s.Known(a.Ticket)
	if t != nil {
		day = calendar.DateOf(t.Issued.In(d.now.Location()))
	}
	if s.taken(number, day, a.Ticket) {
		return Refuse(Conflict, ReasonNumberUsed, "number", number).At("number")
	}
	if t == nil {
		d.emit(a.issued(s, day, at))
		return nil
	}
	switch {
	case t.Number == number:
		return nil
	case t.Number == "" || t.Offline || t.Totem == "": // nobody asked for it at a totem
		return Refuse(Conflict, ReasonTicketIDUsed).At("ticket")
	}
	e := Event{Kind: TicketRenumbered, Ticket: t.ID, Number: number, Printed: a.Printed, Reason: a.Reason, Since: t.Since}
	if at.Before(t.Since) && calendar.DateOf(at) == day {
		e.Since = at
	}
	d.emit(e)
	return nil
}

// issued is the event for a ticket that the office hasn't heard of.
func (a IssueOffline) issued(s *State, day calendar.Date, at time.Time) Event {
	e := Event{
		Kind: TicketIssued, Ticket: a.Ticket, Number: a.Number, Class: a.Class, Language: a.Language, Totem: a.Totem,
		Since: at, Offline: true, Printed: a.Printed, Reason: a.Reason,
	}
	letter, _ := split(a.Number)
	e.Channel = s.lines[0].cfg.ID
	for _, l := range s.lines {
		if l.cfg.Letter == letter {
			e.Channel = l.cfg.ID
		}
	}
	if s.channels[a.Channel] != nil {
		e.Channel = a.Channel
	}
	if day != s.Day {
		e.Day, e.Until = day, latest(at, s.Config.lastClosing(day, at.Location()))
	}
	return e
}

// index is the printing's place among all, -1 for what is none.
func (p Printing) index() int {
	return slices.Index([]Printing{"", PrintNo, PrintPending, PrintYes, PrintFailed, PrintUnknown}, p)
}

// arrival is when somebody came whom a totem says that it has given a ticket at a time. The clock
// of a totem may be wrong: nobody comes in the future, nor before the totem had the number. Who did
// is taken to come now, since nobody who is waiting may be put aside for that.
func (s *State) arrival(at time.Time, lease *Lease, now time.Time) time.Time {
	at = whole(at).In(now.Location())
	if at.After(now) || at.Before(lease.At) {
		return now
	}
	return at
}

// leaseOn returns the lease of a number, or nil. It may be one that its totem has lost, which may
// have a ticket of it still, and may have been that of the same machine by another name.
func (s *State) leaseOn(number string) *Lease {
	letter, n := split(number)
	for i := range s.Leases {
		if l := &s.Leases[i]; l.contains(letter, n) {
			return l
		}
	}
	return nil
}

// taken reports whether another ticket has the number on a day.
func (s *State) taken(number string, day calendar.Date, id TicketID) bool {
	if t := s.numbered[number]; day == s.Day && t != nil && t.ID != id {
		return true
	}
	return slices.ContainsFunc(s.Handed, func(e Handed) bool {
		return e.Day == day && e.Ticket.Number == number && e.Ticket.ID != id
	})
}

// Known returns a ticket of the day, or of an ended day if a totem may still say something of it;
// nil if there is none.
func (s *State) Known(id TicketID) *Ticket {
	if t := s.Tickets[id]; t != nil || id == "" {
		return t
	}
	for i := range s.Handed {
		if t := &s.Handed[i].Ticket; t.ID == id {
			return t
		}
	}
	return nil
}

// issueEnded brings in a ticket of a day that has ended.
func (s *State) issueEnded(t *Ticket, e *Event) {
	t.State, t.Reason, t.Left = Expired, ReasonClosing, true
	t.Waited, t.Entered = Seconds(e.Until.Sub(t.Issued).Seconds()), e.Until
	s.gone[t.ID] = t
	s.keepHanded(e.Day, *t)
}

// keepHanded keeps a ticket of an ended day, once.
func (s *State) keepHanded(day calendar.Date, t Ticket) {
	s.Handed = slices.DeleteFunc(s.Handed, func(e Handed) bool { return e.Ticket.ID == t.ID })
	s.Handed = append(s.Handed, Handed{day, s.Day, t})
	if n := len(s.Handed) - handedMost; n > 0 {
		s.Handed = slices.Delete(s.Handed, 0, n)
	}
}

// endHanded keeps those of the day's tickets, all of which end, that a totem may hand over or has.
// It forgets those of days that nobody knows any more; how long ago that is a wrong clock doesn't
// say.
func (s *State) endHanded() {
	if len(s.Days) > 0 {
		first := s.Days[0].Day
		s.Handed = slices.DeleteFunc(s.Handed, func(e Handed) bool { return e.Noted < first })
	}
	var list []*Ticket
	for _, t := range s.Tickets {
		if t.Number != "" && !t.State.Live() && (t.Offline || t.Totem != "" && t.Printed == PrintPending) {
			list = append(list, t)
		}
	}
	slices.SortFunc(list, func(a, b *Ticket) int { return cmp.Compare(a.Order, b.Order) })
	for _, t := range list {
		s.keepHanded(calendar.DateOf(t.Issued.In(s.Location())), *t)
	}
}

// renumber gives the ticket the number that its holder saw. Whoever was called by the other one
// couldn't know: who is absent for it waits again.
func (s *State) renumber(t *Ticket, e *Event) {
	if s.numbered[t.Number] == t {
		delete(s.numbered, t.Number)
		s.numbered[e.Number] = t
	}
	here := s.Tickets[t.ID] == t
	line := s.channels[t.Channel]
	waiting := here && t.State == Waiting && line != nil
	if waiting {
		line.remove(t)
	}
	t.Number, t.Offline, t.Printed, t.PrintReason, t.Since = e.Number, true, e.Printed, e.Reason, e.Since
	switch {
	case waiting:
		line.add(t)
	case here && (t.State == Absent || t.State == Expired && t.Reason != ReasonClosing):
		t.State = Absent // as it was until its grace ended
		s.leave(t, e.At)
		t.Until, t.Left = time.Time{}, false
		s.arrive(t, Waiting, e)
	}
}

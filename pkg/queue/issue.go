package queue

import (
	"cmp"
	"time"

	"github.com/eliminacode/eliminacode/pkg/calendar"
)

// Issue gives a ticket: the number is durable before anybody sees it.
type Issue struct {
	Ticket   TicketID // new, unguessable, made by the sender
	Channel  ChannelID
	Class    Class     // empty: standard
	Language string    // "it", that its holder reads; empty: the office's first
	Slot     time.Time // of an appointment, today, also of one who comes late; zero: the arrival counts
	Print    bool      // a totem prints it
	Totem    string    // that gives it; empty: somebody of the staff does
	Printer  string    // the totem that prints it, if none gives it
	Expected *Expected // what is said of the wait; nil: nothing
}

func (a Issue) decide(s *State, d *decision) error {
	if a.Class == "" {
		a.Class = Standard
	}
	if a.Ticket == "" {
		return Refuse(Invalid, ReasonTicketIDUsed).At("ticket")
	}
	if refusal := a.Check(s, d.now); refusal != nil {
		return refusal
	}
	l := s.channels[a.Channel]
	if refusal := s.hoarding(d); refusal != nil {
		return refusal
	}
	since := d.now
	if !a.Slot.IsZero() {
		if a.Class != Appointment || calendar.DateOf(a.Slot.In(d.now.Location())) != s.Day {
			return Refuse(Invalid, ReasonSlotNotToday).At("slot")
		}
		a.Slot = a.Slot.In(d.now.Location())
		since = a.Slot
	}
	e := Event{
		Kind: TicketIssued, Ticket: a.Ticket, Channel: a.Channel, Class: a.Class, Language: a.Language,
		Since: since, Slot: a.Slot, Number: number(l.cfg.Letter, s.nextOf(l.cfg.Letter)), Totem: a.Totem, Expected: a.Expected,
	}
	if a.Print {
		e.Printed, e.Printer = PrintPending, cmp.Or(a.Totem, a.Printer)
	}
	d.emit(e)
	return nil
}

// Check returns nil when this ticket, or with no id one like it, is given at now, to whoever
// doesn't ask for too many, or else why not.
func (a Issue) Check(s *State, now time.Time) *Refusal {
	switch {
	case s.channels[a.Channel] == nil:
		return unknownChannel(a.Channel)
	case a.Class != "" && a.Class.index() < 0:
		return Refuse(Invalid, ReasonUnknownClass, "class", a.Class).At("class")
	case a.Language != "" && !IsLanguage(a.Language):
		return Refuse(Invalid, ReasonNotALanguage, "language", a.Language).At("language")
	case s.Known(a.Ticket) != nil:
		return Refuse(Invalid, ReasonTicketIDUsed).At("ticket")
	}
	return s.Issuable(a.Channel, now)
}

// Opening reports whether any channel gives tickets at now, and when the office closes then, or
// else opens next: by the hours of its channels, the zero time for never.
func (s *State) Opening(now time.Time) (open bool, change time.Time) {
	now = s.clock(now)
	hours, change := s.hours.at(s.Config, nil, now)
	for _, l := range s.lines {
		if s.Issuable(l.cfg.ID, now) == nil {
			return true, change
		}
	}
	if hours { // no tickets any more until it closes and opens again
		if again, opens := s.Config.Open(nil, change); !again {
			return false, opens
		}
	}
	return false, change
}

// Issuable returns nil when the channel gives tickets at now, or else why it doesn't.
func (s *State) Issuable(id ChannelID, now time.Time) *Refusal {
	l := s.channels[id]
	if l == nil {
		return unknownChannel(id)
	}
	now = s.clock(now)
	if open, opens := l.hours.at(s.Config, l.cfg, now); !open {
		if office, next := s.hours.at(s.Config, nil, now); !office {
			return closed(OfficeClosed, ReasonOfficeClosed, ReasonOfficeOpensToday, ReasonOfficeOpensOn, next, now)
		}
		return closed(ChannelClosed, ReasonChannelClosed, ReasonChannelOpensToday, ReasonChannelOpensOn, opens, now)
	} else if left := opens.Sub(now); left <= l.cfg.LastTicket.Duration() && l.cfg.LastTicket > 0 {
		return s.noMore(l, opens, now, ReasonLastTicketsGiven)
	} else if s.full(l, now) {
		return s.noMore(l, opens, now, ReasonNoTimeLeft)
	}
	return s.limited(l, now)
}

// limited refuses a ticket beyond the channel's limits, of the day or of the opening that now is
// in.
func (s *State) limited(l *line, now time.Time) *Refusal {
	if n := l.cfg.DailyLimit; n > 0 && s.given(l.cfg.ID, time.Time{}) >= n {
		return Refuse(ChannelFull, ReasonDailyLimit, "n", n)
	}
	n := l.cfg.IntervalLimit
	if n == 0 {
		return nil
	}
	day := calendar.DateOf(now)
	for _, iv := range s.Config.hours(l.cfg, day) {
		from, to := day.In(now.Location(), iv.From), day.In(now.Location(), iv.To)
		switch {
		case now.Before(from): // the next opening of a day whose limit is reached
			return Refuse(ChannelFull, ReasonIntervalLimitOpens, "n", n, "opens", from)
		case now.Before(to) && s.given(l.cfg.ID, from) < n:
			return nil
		}
	}
	return Refuse(ChannelFull, ReasonIntervalLimit, "n", n)
}

// given counts the tickets that the channel has given since then: those with a number that weren't
// cancelled before they were called.
func (s *State) given(id ChannelID, since time.Time) (n int) {
	for _, t := range s.Tickets {
		if t.Given == id && t.Number != "" && !t.Issued.Before(since) && (t.State != Cancelled || t.Call != 0) {
			n++
		}
	}
	return n
}

// noMore refuses a ticket ahead of closing time, for the day or until the channel opens again on
// it.
func (s *State) noMore(l *line, closes, now time.Time, why Reason) *Refusal {
	if open, opens := s.Config.Open(l.cfg, closes); !open && calendar.DateOf(opens) == calendar.DateOf(now) {
		return Refuse(ChannelClosed, ReasonReopensToday, "opens", opens)
	}
	return Refuse(ChannelClosed, why)
}

// closed says that it is closed, for good as far as anybody can tell, till later today, or till
// another day.
func closed(code Code, forGood, today, another Reason, opens, now time.Time) *Refusal {
	switch {
	case opens.IsZero():
		return Refuse(code, forGood)
	case calendar.DateOf(opens) == calendar.DateOf(now):
		return Refuse(code, today, "opens", opens)
	}
	return Refuse(code, another, "opens", opens)
}

// hoarding refuses a totem that gives more tickets than people can stand before it.
func (s *State) hoarding(d *decision) *Refusal {
	p := &s.Config.Policy
	totem, ok := totemOf(d.cmd.By)
	if !ok || p.HoardMax == 0 {
		return nil
	}
	since, recent := d.now.Add(-p.HoardWindow.Duration()), 0
	for _, at := range s.Recent[totem] {
		if at.After(since) {
			recent++
		}
	}
	if recent >= p.HoardMax {
		return Refuse(RateLimited, ReasonTooManyTickets)
	}
	return nil
}

func unknownChannel(id ChannelID) *Refusal {
	return Refuse(UnknownChannel, ReasonUnknownChannel, "channel", id).At("channel")
}

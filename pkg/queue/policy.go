package queue

import (
	"cmp"
	"slices"
	"time"
)

// idlePatience is the further patience for channels that a counter serves only
// when nobody waits for its own: longer than any day's wait.
const idlePatience = 24 * time.Hour

// Choice is the ticket that a counter calls next, and why.
type Choice struct {
	Ticket *Ticket
	Due    time.Time
	Why    Why
}

// Why is the reason for a choice, for the console's one line.
type Why string

// The reasons for a choice, the first that holds. "Passed over" is who came first
// of all those whom the counter may call.
const (
	WhyOnly        Why = "only"        // nobody else waits for this counter
	WhyForYou      Why = "for_you"     // was sent to this very counter
	WhyAppointment Why = "appointment" // has one, and whoever is passed over has none
	WhyFirst       Why = "first"       // came first
	WhyPriority    Why = "priority"    // its class is called sooner than that of whoever is passed over
	WhyOwn         Why = "own"         // of the counter's own channels, which the counter calls sooner
	WhyDue         Why = "due"         // due first, all patience counted
)

// Next returns the ticket that the counter calls at now: of those it may serve,
// the one that is due first, where
//
//	due = seniority + patience of its class in its channel + further patience of this counter for the channel.
//
// Every ticket's due time comes, so nobody starves, not even somebody who was sent to one counter:
// see claim. ok is false when nobody waits for this counter.
func (s *State) Next(id CounterID, now time.Time) (best Choice, ok bool) {
	counter := s.Config.Counter(id)
	if counter == nil {
		return Choice{}, false
	}
	var candidates int
	var oldest *Ticket
	for _, l := range s.lines {
		if l.len() == 0 {
			continue
		}
		further, _, serves := counter.further(l.cfg.ID, &s.Config.Policy)
		for c, q := range l.waiting {
			taken := false
			for _, t := range q {
				due := t.Since.Add(l.patience[c])
				if taken && due.After(best.Due) {
					break
				}
				if taken && t.For != id {
					continue
				}
				from, patience, may := s.claim(counter, t, further, serves)
				if !may || now.Before(from) {
					continue
				}
				candidates++
				if oldest == nil || order(t, oldest) < 0 {
					oldest = t
				}
				due = due.Add(patience)
				if !ok || due.Before(best.Due) || due.Equal(best.Due) && order(t, best.Ticket) < 0 {
					best, ok = Choice{Ticket: t, Due: due}, true
				}
				if patience == 0 {
					break // the rest of this class in this channel came later
				}
				taken = true // only one sent here, without the further patience, may still be due sooner
			}
		}
	}
	if ok {
		best.Why = s.why(counter, best.Ticket, oldest, candidates == 1, now)
	}
	return best, ok
}

// why is the reason for calling best, though oldest came before it if they are two;
// lone if no other line has anybody for the counter.
func (s *State) why(counter *Counter, best, oldest *Ticket, lone bool, now time.Time) Why {
	l := s.channels[best.Channel]
	_, own, serves := counter.further(l.cfg.ID, &s.Config.Policy)
	another := func(t *Ticket) bool {
		from, _, may := s.claim(counter, t, 0, serves)
		return t != best && may && !now.Before(from)
	}
	switch {
	case lone && !slices.ContainsFunc(l.waiting[best.rank()], another):
		return WhyOnly
	case best.For == counter.ID:
		return WhyForYou
	case best == oldest && best.Class == Appointment:
		return WhyAppointment
	case best == oldest:
		return WhyFirst
	case !l.dueAt(best).Before(s.channels[oldest.Channel].dueAt(oldest)): // the counter's further patience made the difference
		if own {
			return WhyOwn
		}
	case best.Class != oldest.Class && best.Class == Appointment:
		return WhyAppointment
	case best.Class != oldest.Class && best.Class == Priority:
		return WhyPriority
	}
	return WhyDue
}

// further returns the counter's further patience for a channel, whether the
// channel is its own, and whether it serves it at all.
func (c *Counter) further(id ChannelID, p *Policy) (further time.Duration, own, serves bool) {
	for i := range c.Serves {
		if c.Serves[i].Channel == id {
			return c.Serves[i].After.Duration(), true, true
		}
	}
	switch {
	case len(c.Serves) == 0:
		return 0, true, true
	case c.Others == OthersNever:
		return 0, false, false
	case c.Others == OthersIdle:
		return idlePatience, false, true
	}
	return p.HelpAfter.Duration(), false, true
}

// Claim is from when a counter may call a ticket, the zero time being always, and when it is due
// there. [State.Next] is the first due of those that may be called, by seniority where two are due
// at once.
type Claim struct{ From, Due time.Time }

// Claim returns the counter's claim on a ticket that waits, or that might; ok is false where the
// counter never calls it. It holds until the next event.
func (s *State) Claim(id CounterID, t *Ticket) (c Claim, ok bool) {
	counter, l := s.Config.Counter(id), s.channels[t.Channel]
	if counter == nil || l == nil {
		return Claim{}, false
	}
	further, _, serves := counter.further(t.Channel, &s.Config.Policy)
	from, patience, may := s.claim(counter, t, further, serves)
	return Claim{From: from, Due: l.dueAt(t).Add(patience)}, may
}

// claim returns from when the counter may call the ticket, the zero time being always,
// and its further patience for it; may is false where it never may. Further and serves
// are what the counter has for the ticket's channel.
//
// A ticket that a transfer sent to another counter is for that counter alone until
// Policy.SentPatience is over, whether or not anybody comes back there; not at all where it is
// closed. Then it is also for the counters that serve the channel, and after as long again for any
// counter: there may be no other that serves it.
func (s *State) claim(c *Counter, t *Ticket, further time.Duration, serves bool) (from time.Time, patience time.Duration, may bool) {
	from = s.callable(t)
	if t.For == c.ID {
		return from, 0, true
	}
	serves = serves && c.calls(t.Class)
	if t.For == "" {
		if t.Avoid == c.ID {
			from = latest(from, t.AvoidUntil)
		}
		return from, further, serves
	}
	if wait := s.reserved(t, serves); wait > 0 {
		from = latest(from, t.Entered.Add(wait))
	}
	return from, further, true
}

// reserved is for how long a ticket that was sent to a counter isn't for another, which
// serves the channel or doesn't.
func (s *State) reserved(t *Ticket, serves bool) (wait time.Duration) {
	patience := s.Config.Policy.sentPatience()
	if d := s.Counters[t.For]; d != nil && d.Status != DeskClosed {
		wait = patience
	}
	if !serves {
		wait += patience
	}
	return wait
}

func (p *Policy) appointmentEarly() time.Duration {
	if p.AppointmentEarly == nil {
		return 10 * time.Minute
	}
	return p.AppointmentEarly.Duration()
}

func (p *Policy) sentPatience() time.Duration { return cmp.Or(p.SentPatience, 10*60).Duration() }

// callable is from when any counter may call the ticket, the zero time being always: an
// appointment isn't called long before its slot.
func (s *State) callable(t *Ticket) time.Time {
	if t.Slot.IsZero() {
		return time.Time{}
	}
	return t.Since.Add(-s.Config.Policy.appointmentEarly())
}

func latest(t, u time.Time) time.Time {
	if u.After(t) {
		return u
	}
	return t
}

// calls reports whether the counter is for the class, by itself.
func (c *Counter) calls(class Class) bool {
	return len(c.Classes) == 0 || slices.Contains(c.Classes, class)
}

package queue

import (
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
// Every ticket's due time comes, so nobody starves. ok is false when nobody waits for this counter.
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
				to := s.sentTo(t)
				if !counter.takes(t, to, serves, now) || taken && to != id {
					continue
				}
				candidates++
				if oldest == nil || order(t, oldest) < 0 {
					oldest = t
				}
				if to != id {
					due = due.Add(further)
				}
				if !ok || due.Before(best.Due) || due.Equal(best.Due) && order(t, best.Ticket) < 0 {
					best, ok = Choice{Ticket: t, Due: due}, true
				}
				if to == id || further == 0 {
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
	another := func(t *Ticket) bool { return t != best && counter.takes(t, s.sentTo(t), serves, now) }
	switch {
	case lone && !slices.ContainsFunc(l.waiting[best.rank()], another):
		return WhyOnly
	case s.sentTo(best) != "":
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

// sentTo returns the one counter that the ticket was sent to, for as long as
// somebody is signed in there: nobody waits for a clerk who went home.
func (s *State) sentTo(t *Ticket) CounterID {
	if t.For == "" {
		return ""
	}
	if d := s.Counters[t.For]; d != nil && d.Status != DeskClosed {
		return t.For
	}
	return ""
}

// takes reports whether the counter may call the ticket, sent to the given counter if to any, now.
func (c *Counter) takes(t *Ticket, to CounterID, serves bool, now time.Time) bool {
	switch {
	case to != "":
		return to == c.ID
	case !serves:
		return false
	case t.Avoid == c.ID && now.Before(t.AvoidUntil):
		return false
	}
	return c.calls(t.Class)
}

// calls reports whether the counter is for the class, by itself.
func (c *Counter) calls(class Class) bool {
	return len(c.Classes) == 0 || slices.Contains(c.Classes, class)
}

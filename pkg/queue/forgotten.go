package queue

import (
	"cmp"
	"time"
)

// forgottenAfter is the policy's, by default two hours and a half.
func (p *Policy) forgottenAfter() time.Duration {
	return cmp.Or(p.ForgottenAfter, 150*60).Duration()
}

// Forgotten reports whether the ticket has been at its counter for so long that its visit may have
// been forgotten: the clerk is asked, and how long it took is not exact.
func (s *State) Forgotten(t *Ticket, now time.Time) bool {
	at := s.forgottenAt(t)
	return !at.IsZero() && !now.Before(at)
}

// forgottenAt returns the moment from which on a ticket that is at a counter may be forgotten, zero
// for others.
func (s *State) forgottenAt(t *Ticket) time.Time {
	if t.State != Called && t.State != Serving {
		return time.Time{}
	}
	return t.Entered.Add(s.Config.Policy.forgottenAfter())
}

package view

import (
	"time"

	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// Opening says whether the office gives tickets, and what becomes of those who hold one.
type Opening struct {
	Open     bool       `json:"open"`      // any channel gives tickets now
	OpensAt  *time.Time `json:"opens_at"`  // the next opening, while closed
	ClosesAt *time.Time `json:"closes_at"` // the next closing, while open
	Reason   *string    `json:"reason"`    // of an extraordinary closing or opening today, Italian; null: there is none
	Reasons  queue.Text `json:"reasons"`   // {} when there is none
	Attended bool       `json:"attended"`  // somebody is at a counter: whoever holds a ticket is still served
	Ended    bool       `json:"ended"`     // the office has ended its day: today's tickets are over
}

func newOpening(s *queue.State, now time.Time) Opening {
	open, change := s.Opening(now)
	v := Opening{Open: open, Reasons: queue.Text{}, Attended: s.Attended(), Ended: s.Ended(now)}
	switch {
	case change.IsZero():
	case open:
		v.ClosesAt = &change
	default:
		v.OpensAt = &change
	}
	if x := s.Config.Exception(calendar.DateOf(now)); x != nil {
		v.Reason, v.Reasons = new(x.Reason.In("it")), x.Reason
	}
	return v
}

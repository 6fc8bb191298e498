package view

import (
	"slices"
	"strings"
	"time"

	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// Situation is how it stands with an office, for those who come and those who hold a ticket. What
// is told with it stands beside it in the [Opening]: the times and the reason. Package words says
// it.
type Situation string

// The situations of an office.
const (
	IsOpen     Situation = "open"
	IsClosing  Situation = "closing"  // open, but today it closes early
	IsExtra    Situation = "extra"    // open, when it usually isn't
	IsFull     Situation = "full"     // within its hours, but no channel gives tickets any more
	IsAttended Situation = "attended" // closed, but somebody is at a counter for who has a ticket
	OnBreak    Situation = "break"    // closed, and it opens later today
	HasEnded   Situation = "ended"    // and with it today's tickets
	IsClosed   Situation = "closed"
)

// Opening says whether the office gives tickets, and what becomes of those who hold one.
type Opening struct {
	Situation Situation  `json:"situation" ts:"'open' | 'closing' | 'extra' | 'full' | 'attended' | 'break' | 'ended' | 'closed'"`
	Open      bool       `json:"open"`      // any channel gives tickets now
	OpensAt   *time.Time `json:"opens_at"`  // the next opening, while closed
	ClosesAt  *time.Time `json:"closes_at"` // the next closing, while open
	Reason    *string    `json:"reason"`    // of an extraordinary closing or opening today, Italian; null: there is none
	Reasons   queue.Text `json:"reasons"`   // {} when there is none
	// ReasonFor names the channels that the reason is about; {}: the whole office.
	ReasonFor queue.Text `json:"reason_for"`
	// ReasonUntil is when those channels close for the day, if it is earlier than usual; null: it
	// isn't, or they don't open at all.
	ReasonUntil *time.Time `json:"reason_until"`
	Attended    bool       `json:"attended"` // somebody is at a counter: whoever holds a ticket is still served
	Ended       bool       `json:"ended"`    // the office has ended its day: today's tickets are over
}

func newOpening(s *queue.State, now time.Time) Opening {
	open, change := s.Opening(now)
	v := Opening{Open: open, Reasons: queue.Text{}, ReasonFor: queue.Text{}, Attended: s.Attended(), Ended: s.Ended(now)}
	switch {
	case change.IsZero():
	case open:
		v.ClosesAt = &change
	default:
		v.OpensAt = &change
	}
	day := calendar.DateOf(now)
	if x, usual := s.Config.Exception(day); x != nil {
		early := s.Config.EarlyClosing(x, day, now.Location())
		if reason := x.Reason.In("it"); reason != "" {
			v.Reason, v.Reasons = &reason, x.Reason
		}
		if usual && (v.Reason != nil || !early.IsZero()) {
			v.ReasonFor = labels(s.Config, x.Only, day)
		}
		if usual && !early.IsZero() {
			v.ReasonUntil = &early
		}
	}
	last, usual := s.Config.Closing(day, now.Location())
	hours, _ := s.Config.Open(nil, now)
	v.Situation = v.situation(day, last, usual, hours, len(s.Tickets) > 0)
	return v
}

// situation is how it stands on a day that closes last, and would usually, within the hours or not,
// and on which tickets were given or not: a clerk who is there before the office opens has nobody
// to serve who came before it closed.
func (v *Opening) situation(day calendar.Date, last, usual time.Time, hours, given bool) Situation {
	today := func(t *time.Time) bool { return t != nil && calendar.DateOf(*t) == day }
	switch {
	case v.Open && v.ClosesAt != nil && v.ClosesAt.Equal(last) && last.Before(usual):
		return IsClosing
	case v.Open && v.ClosesAt != nil && v.ClosesAt.After(usual):
		return IsExtra
	case v.Open:
		return IsOpen
	case hours:
		return IsFull
	case v.Attended && (given || !today(v.OpensAt)):
		return IsAttended
	case v.Ended:
		return HasEnded
	case today(v.OpensAt):
		return OnBreak
	}
	return IsClosed
}

// labels names the channels of the season in every language of the office.
func labels(c *queue.Config, ids []queue.ChannelID, day calendar.Date) queue.Text {
	all := queue.Text{}
	for _, lang := range c.Languages {
		var names []string
		for i := range c.Channels {
			if ch := &c.Channels[i]; slices.Contains(ids, ch.ID) && ch.Season.Contains(day) {
				names = append(names, ch.Label().In(lang))
			}
		}
		all[lang] = strings.Join(names, ", ")
	}
	return all
}

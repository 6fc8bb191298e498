package queue

import (
	"cmp"
	"time"
)

// Fit says whether somebody who takes a ticket of a channel with FitHours now is likely enough to
// be served before it closes: if not, it gives none until then, or until somebody is. Who says so
// has estimated it; this package keeps what was said.
type Fit struct {
	Channel ChannelID
	Fits    bool
}

func (a Fit) decide(s *State, d *decision) error {
	l := s.channels[a.Channel]
	if l == nil {
		return unknownChannel(a.Channel)
	}
	open, closes := l.hours.at(s.Config, l.cfg, d.now)
	if !open || !l.cfg.FitHours || s.full(l, d.now) != a.Fits {
		return nil // nothing new
	}
	if a.Fits {
		d.emit(Event{Kind: ChannelFreed, Channel: a.Channel})
		return nil
	}
	if closes.IsZero() || closes.After(s.midnight) {
		closes = s.midnight
	}
	d.emit(Event{Kind: ChannelFilled, Channel: a.Channel, Until: closes})
	return nil
}

// Full reports whether the channel gives no tickets now because who takes one isn't likely enough
// to be served before it closes.
func (s *State) Full(id ChannelID, now time.Time) bool {
	l := s.channels[id]
	return l != nil && s.full(l, now)
}

func (s *State) full(l *line, now time.Time) bool {
	return l.cfg.FitHours && now.Before(s.Filled[l.cfg.ID])
}

// Promise is the chance of being served before closing, 0 to 1, under which a channel with FitHours
// gives no tickets.
func (p *Policy) Promise() float64 { return cmp.Or(p.FitChance, 0.9) }

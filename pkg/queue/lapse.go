package queue

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/eliminacode/eliminacode/pkg/calendar"
)

// Due returns the next moment after now at which time alone changes the office or what is shown of
// it: a grace or a hold ends, a visit may be forgotten, a counter may call whom it couldn't, the
// office or a channel opens or closes or gives its last ticket, the office ends its day, the day
// ends. A [Tick] is wanted then. The zero time: there is no configuration.
func (s *State) Due(now time.Time) time.Time {
	if s.Config == nil {
		return time.Time{}
	}
	now = now.In(s.Location())
	due := s.midnight
	sooner := func(t time.Time) {
		if t.After(now) && t.Before(due) {
			due = t
		}
	}
	if s.waited() && s.over(now) {
		return now.Add(time.Microsecond) // at once
	}
	for _, t := range s.aside {
		sooner(t.Until)
	}
	for _, d := range s.Counters {
		if t := s.Tickets[d.Current]; t != nil {
			sooner(s.forgottenAt(t))
		}
	}
	for _, l := range s.lines {
		open, change := l.hours.at(s.Config, l.cfg, now)
		sooner(change)
		if open {
			sooner(change.Add(-l.cfg.LastTicket.Duration()))
		}
		if l.cfg.IntervalLimit > 0 { // which counts anew in each interval, also where none lies between
			for _, iv := range s.Config.hours(l.cfg, s.Day) {
				sooner(s.Day.In(s.Location(), iv.From))
			}
		}
		for _, q := range l.waiting {
			for _, t := range q {
				sooner(t.AvoidUntil)
				sooner(s.callable(t))
				if t.For != "" {
					sooner(t.Entered.Add(s.reserved(t, true)))
					sooner(t.Entered.Add(s.reserved(t, false)))
				}
			}
		}
	}
	return due
}

// Attended reports whether somebody is at a counter, on a break or not: who holds a ticket is still
// served.
func (s *State) Attended() bool {
	for i := range s.Config.Counters { // mostly the first one answers
		if s.Counters[s.Config.Counters[i].ID].Status != DeskClosed {
			return true
		}
	}
	return false
}

// AttendedFor reports whether somebody is at a counter that calls the ticket, on a break or not.
func (s *State) AttendedFor(t *Ticket) bool {
	return slices.ContainsFunc(s.Config.Counters, func(c Counter) bool {
		_, may := s.Claim(c.ID, t)
		return may && s.Counters[c.ID].Status != DeskClosed
	})
}

// Ended reports whether the office has ended its day at now: it was open, opens no more today, and
// nobody is at the counters any longer.
func (s *State) Ended(now time.Time) bool {
	return s.over(s.clock(now)) && (!s.Worked.IsZero() || !s.Config.lastClosing(s.Day, s.Location()).IsZero())
}

// over reports whether the office opens no more today and nobody is at a counter.
func (s *State) over(now time.Time) bool {
	if s.Config == nil || s.Attended() {
		return false
	}
	now = now.In(s.Location())
	open, change := s.hours.at(s.Config, nil, now)
	return !open && (change.IsZero() || calendar.DateOf(change) != calendar.DateOf(now))
}

// lapse adds what time alone has brought about since the last event.
func (s *State) lapse(d *decision) {
	if !d.now.Before(s.midnight) {
		s.endDay(d)
		e := Event{Kind: DayStarted, Day: calendar.DateOf(d.now)}
		if d.now.Sub(s.At) > leapSettled {
			e.Since = s.At
		}
		d.emit(e)
		return
	}
	if s.waited() && s.over(d.now) {
		s.endTickets(d)
		return
	}
	if len(s.aside) == 0 {
		return
	}
	for _, t := range slices.SortedFunc(maps.Values(s.aside), order) {
		switch {
		case t.Until.IsZero() || t.Until.After(d.now):
		case t.State == Absent:
			d.emit(Event{Kind: TicketExpired, Ticket: t.ID})
		case t.State == Held:
			d.emit(Event{Kind: TicketReinstated, Ticket: t.ID, Since: t.Since})
		}
	}
}

// waited reports whether a ticket is waiting or aside: what ends with the day while nobody is at a
// counter.
func (s *State) waited() bool {
	return len(s.aside) > 0 || slices.ContainsFunc(s.lines, func(l *line) bool { return l.len() > 0 })
}

// endTickets ends every ticket that is still live, as of when the office ended its day: its last
// closing, or later the last moment at which somebody was there. One that was at a counter counts
// as served, at a time nobody noted.
func (s *State) endTickets(d *decision) {
	ended := s.Config.lastClosing(s.Day, s.Location())
	if s.Worked.After(ended) {
		ended = s.Worked
	}
	if ended.After(d.now) {
		ended = d.now
	}
	for _, t := range s.live() {
		if t.State == Serving {
			d.emit(Event{Kind: TicketServed, Ticket: t.ID, Counter: t.Counter, Inexact: true})
		} else {
			until := ended
			if until.IsZero() { // of a day on which nobody was there: a totem gave it by itself, or a roll
				until = t.Entered
			}
			d.emit(Event{Kind: TicketExpired, Ticket: t.ID, Counter: t.Counter, Reason: ReasonClosing, Until: until})
		}
	}
}

// endDay closes the counters and ends what is still live.
func (s *State) endDay(d *decision) {
	s.endTickets(d)
	byID := func(a, b *Desk) int { return cmp.Compare(a.ID, b.ID) }
	for _, desk := range slices.SortedFunc(maps.Values(s.Counters), byID) {
		if desk.Status != DeskClosed {
			d.emit(Event{Kind: CounterShut, Counter: desk.ID})
		}
	}
}

// Tick does nothing by itself: it carries out what is due by its time, see [State.Due].
type Tick struct{}

func (Tick) decide(*State, *decision) error { return nil }

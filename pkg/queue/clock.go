package queue

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/eliminacode/eliminacode/pkg/calendar"
)

const (
	// leapMax is how far the clock may be ahead of the last event: a server may have been off for
	// months, but not for longer.
	leapMax = 366 * 24 * time.Hour
	// Slip is how far the clock may be behind the last event without having been wrong: it is
	// kept right by such small steps.
	Slip = 5 * time.Minute
	// daysTrusted is how many days an office has behind it when its journal is trusted more than a
	// clock more than a year behind.
	daysTrusted = 7
	// daysKept is for how many days the last numbers are kept, in case the clock goes back to one.
	daysKept = 31
	// leapSettled is how long a server may have been off without anybody wondering about its clock.
	// After a longer leap nothing is deleted by the new time for as long as settleIn, and the new
	// day gives numbers beyond those of the tickets that it ended, since they may be back.
	leapSettled = 100 * 24 * time.Hour
	settleIn    = time.Hour
)

// DayEnd is what is kept of a day that has ended, or was begun by a clock that was wrong.
type DayEnd struct {
	Day     calendar.Date  `json:"day"`
	Numbers map[string]int `json:"numbers"` // last number by letter
}

// Lapse is a ticket that time alone has ended, as it was before. It is kept in case it wasn't time
// yet.
type Lapse struct {
	Day    calendar.Date `json:"day"` // of the office
	At     time.Time     `json:"at"`
	Ticket Ticket        `json:"ticket"`
}

// dawn is when this program was first published: no clock that is right shows an earlier time, but
// machines without a battery start in 1970, or when their system was built.
var dawn = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// Plausible reports whether a clock that shows now can be right. It can't if it is more than a year
// ahead of the last event, nor a year behind it where many days are behind the office; nothing may
// end on its word. Whoever runs the office then carries the last event's time on.
func (s *State) Plausible(now time.Time) bool {
	if ahead := now.Sub(s.At); ahead >= 0 && ahead <= leapMax {
		return true // mostly
	}
	switch {
	case s.At.IsZero(), s.At.Before(dawn) && !now.Before(dawn):
		return true
	case now.After(s.At.Add(leapMax)):
		return false
	case now.Before(s.At.Add(-leapMax)):
		earlier, _ := s.findDay()
		return earlier < daysTrusted && (now.After(dawn) || s.At.Before(dawn))
	}
	return true
}

// whole is a time in whole microseconds, as the journals keep it, by the wall clock.
func whole(t time.Time) time.Time {
	return t.Round(0).Add(-time.Duration(t.Nanosecond() % 1000))
}

// SetClock says that the clock is right although the last event is of more than a year ago.
type SetClock struct{}

func (SetClock) decide(*State, *decision) error { return nil }

// resetClock adds the event that the clock was wrong until now: now is well before the last event,
// or is far from it and said to be right.
func (s *State) resetClock(d *decision, now time.Time, right bool) {
	back := now.Sub(s.At) < -Slip
	if !back && (!right || s.Plausible(now)) {
		return // mostly: nothing is made for it
	}
	now = whole(now).In(s.Location())
	e := Event{Kind: ClockSet, Day: s.Day, Since: s.At}
	if back {
		e.Day = min(s.Day, calendar.DateOf(now))
		e.Restored = s.lapsedAfter(now, e.Day)
	}
	d.now = now
	d.emit(e)
}

// lapsedAfter returns the tickets of a day that ended by time alone later than at, as they were.
// One whose number a living ticket has, which got it on a day that never was, stays ended: both are
// on paper. So does a visit at a counter that has another.
func (s *State) lapsedAfter(at time.Time, day calendar.Date) (list []Ticket) {
	taken, busy := map[string]bool{}, map[CounterID]bool{}
	for _, t := range s.Tickets {
		if t.State.Live() && t.Number != "" {
			taken[t.Number] = true
		}
	}
	for id, d := range s.Counters {
		busy[id] = d.Current != ""
	}
	for _, l := range s.Lapsed {
		t := l.Ticket
		if known := s.Known(t.ID); known != nil {
			t.keepPaper(known)
		}
		if now := s.Tickets[t.ID]; l.Day != day || !l.At.After(at) || now != nil && now.State.Live() || taken[t.Number] {
			continue
		}
		switch t.State {
		case Serving:
			if another, known := busy[t.Counter]; another || !known {
				continue
			}
			busy[t.Counter] = true
		case Called: // its counter may have another by now
			t.State = Waiting
			t.takeBack()
		}
		if t.Entered.After(at) {
			t.Entered = at
		}
		taken[t.Number] = t.Number != ""
		list = append(list, t)
	}
	return list
}

// setClock takes the state to another time. Going back, it takes along what was noted in the time
// that never was: those who wait keep their order, what they waited, and what is left of a grace
// or a hold, and the numbers of the day go on. What time alone ended is taken back.
func (s *State) setClock(e *Event) {
	by := e.Since.Sub(e.At) // how much
	if by <= 0 {
		return
	}
	never := func(t time.Time) bool { return t.After(e.At) && !t.After(e.Since) }
	back := func(t *time.Time) {
		if never(*t) {
			*t = e.At
		}
	}
	for i := range e.Restored {
		t := e.Restored[i]
		s.makeWay(&t)
		s.Tickets[t.ID] = &t
		delete(s.gone, t.ID)
		t.Touched = e.Seq
	}
	live := s.live()
	since := e.At.Add(-time.Duration(len(live)) * time.Microsecond) // of the eldest that must wait as from now
	for _, t := range live {
		if began := t.Entered; never(began) {
			t.spend(e.Since.Sub(began))
			t.Entered, t.Touched = e.At, e.Seq
			if t.Until.After(e.Since) {
				t.Until = t.Until.Add(-by).In(s.Location()) // also of an event that was read
			}
			if t.AvoidUntil.After(e.Since) {
				t.AvoidUntil = t.AvoidUntil.Add(-by).In(s.Location())
			}
		}
		if since = since.Add(time.Microsecond); never(t.Since) && t.Class != Appointment { // whose slot is its own
			t.Since = since
		}
	}
	for _, t := range s.Tickets {
		back(&t.AnnouncedAt)
	}
	for _, d := range s.Counters {
		back(&d.Since)
		back(&d.Step.At)
	}
	for _, list := range s.Recent {
		for i := range list {
			back(&list[i])
		}
	}
	for i := range s.Leases {
		back(&s.Leases[i].At)
	}
	clear(s.Filled)
	back(&s.Began)
	back(&s.Worked)
	s.returnTo(e.Day)
	s.index()
}

// makeWay drops an ended ticket of a day that never was, if t, which is back, has its number.
func (s *State) makeWay(t *Ticket) {
	if u := s.numbered[t.Number]; u != nil && u.ID != t.ID && t.Number != "" && !u.State.Live() {
		s.gone[u.ID] = u
		delete(s.Tickets, u.ID)
	}
}

// returnTo makes an earlier day the present one, with numbers that none of its tickets has.
func (s *State) returnTo(day calendar.Date) {
	last := s.Day
	if day < last {
		s.noteDay()
	}
	s.Day = day
	for _, d := range s.Days {
		if d.Day < day || d.Day > last {
			continue
		}
		for letter, n := range d.Numbers {
			s.Numbers[letter] = max(s.Numbers[letter], n)
		}
	}
	s.Lapsed = slices.DeleteFunc(s.Lapsed, func(l Lapse) bool { return l.Day >= day })
}

// lapsed keeps a ticket as it was before time alone ended it.
func (s *State) lapsed(t *Ticket, at time.Time) {
	s.Lapsed = append(s.Lapsed, Lapse{Day: s.Day, At: at, Ticket: *t})
}

// keepDay keeps of the day that ends what is needed to return to it.
func (s *State) keepDay() {
	if s.Day == "" {
		return
	}
	s.noteDay()
	s.Lapsed = slices.DeleteFunc(s.Lapsed, func(l Lapse) bool { return l.Day != s.Day })
}

// spareLapsed has the day's numbers begin after those of the tickets that time ended after then.
func (s *State) spareLapsed(then time.Time) {
	for _, l := range s.Lapsed {
		if letter, n := split(l.Ticket.Number); n > 0 && !l.Ticket.Offline && l.At.After(then) {
			s.Numbers[letter] = max(s.Numbers[letter], n)
		}
	}
}

// noteDay notes the numbers of the day among those of the others.
func (s *State) noteDay() {
	n, known := s.findDay()
	first, rest := max(0, n-daysKept+1), n
	if known {
		rest++
	}
	days := append(make([]DayEnd, 0, len(s.Days)+1), s.Days[first:n]...)
	days = append(days, DayEnd{Day: s.Day, Numbers: maps.Clone(s.Numbers)})
	s.Days = append(days, s.Days[rest:]...)
}

// findDay returns how many of the days known are earlier than this one, and whether the next is it:
// a clock that was wrong has begun it before.
func (s *State) findDay() (earlier int, known bool) {
	return slices.BinarySearchFunc(s.Days, s.Day, func(d DayEnd, day calendar.Date) int { return cmp.Compare(d.Day, day) })
}

// Settled reports whether what is old by now may be deleted: not yet where the office's time has
// just leapt over months, since that may be taken back.
func (s *State) Settled(now time.Time) bool {
	if !s.Plausible(now) || now.Sub(s.At) > leapSettled {
		return false
	}
	n, _ := s.findDay()
	return n == 0 || s.Began.Sub(s.Days[n-1].Day.In(s.Location(), 0)) <= leapSettled || now.Sub(s.Began) >= settleIn
}

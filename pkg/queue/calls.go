package queue

import (
	"cmp"
	"slices"
	"time"
)

// Call is a ticket invited to a counter. A recall is the same call, announced once more.
type Call struct {
	ID      int64     `json:"id"` // seq of the event that made it: rises
	Ticket  TicketID  `json:"ticket"`
	Number  string    `json:"number"`
	Channel ChannelID `json:"channel"`
	Counter CounterID `json:"counter"`
	// Language is the one that its ticket was taken in.
	Language string    `json:"language"`
	At       time.Time `json:"at"`    // of the last announcement
	Times    int       `json:"times"` // announcements so far, 1 for a call not repeated
	Holds    bool      `json:"holds"` // its ticket is called or being served there
}

// LastCall returns the ticket's last call; ok is false where it was never called.
func (t *Ticket) LastCall() (c Call, ok bool) {
	return Call{
		ID: t.Call, Ticket: t.ID, Number: t.Number, Channel: t.Channel, Counter: t.Counter, Language: t.Language,
		At: t.AnnouncedAt, Times: t.Calls, Holds: t.State == Called || t.State == Serving,
	}, t.Call != 0
}

// Calls tells where people are expected, the last announced first: every call that
// holds, filled up to twelve with the last of those that were followed or in vain.
// The call of a ticket that waits again, or is held, isn't among them: it was taken back.
func (s *State) Calls() []Call {
	list := make([]*Ticket, 0, max(callsShown, len(s.Counters)))
	for _, d := range s.Counters {
		if t := s.Tickets[d.Current]; t != nil && t.Announced != 0 {
			list = append(list, t)
		}
	}
	for i := len(s.past) - 1; i >= 0 && len(list) < callsShown; i-- {
		list = append(list, s.past[i])
	}
	slices.SortFunc(list, func(a, b *Ticket) int { return announced(b, a) })
	calls := make([]Call, len(list))
	for i, t := range list {
		calls[i], _ = t.LastCall()
	}
	return calls
}

// LastCalled returns the number of the channel's newest call of the day, empty before
// the first one.
func (s *State) LastCalled(id ChannelID) string {
	if list := s.Last[id]; len(list) > 0 {
		return list[len(list)-1].Number
	}
	return ""
}

// announced compares tickets by their last announcement.
func announced(t, u *Ticket) int {
	if c := cmp.Compare(t.Announced, u.Announced); c != 0 {
		return c
	}
	return cmp.Compare(t.Order, u.Order) // never, but in a journal that contradicts itself
}

// pass notes that the ticket's call no longer holds, unless there is none to show.
func (s *State) pass(t *Ticket) {
	if t.Announced == 0 {
		return
	}
	if n := len(s.past); n == 0 || announced(s.past[n-1], t) < 0 { // the usual case
		s.past = append(s.past, t)
		return
	}
	at, _ := slices.BinarySearchFunc(s.past, t, announced)
	s.past = slices.Insert(s.past, at, t)
}

// unpass is the contrary of pass.
func (s *State) unpass(t *Ticket) {
	if at, found := slices.BinarySearchFunc(s.past, t, announced); found && s.past[at] == t {
		s.past = slices.Delete(s.past, at, at+1)
	}
}

// takeBack has the ticket be expected nowhere.
func (t *Ticket) takeBack() { t.Announced, t.AnnouncedAt = 0, time.Time{} }

// remind keeps the call as its channel's newest one, and behind it as many as could be undone.
func (s *State) remind(t *Ticket) {
	list := append(s.Last[t.Channel], Last{t.Call, t.Number})
	if most := len(s.Counters) + 1; len(list) > 2*most { // a counter can take back one
		list = slices.Delete(list, 0, len(list)-most)
	}
	s.Last[t.Channel] = list
}

// forget takes back a call that never was.
func (s *State) forget(t *Ticket) {
	s.Last[t.Channel] = slices.DeleteFunc(s.Last[t.Channel], func(l Last) bool { return l.Call == t.Call })
}

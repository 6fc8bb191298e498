package queue

// RollMost is how many numbers can have been torn off a roll at once.
const RollMost = 50

// Roll gives the tickets whose numbers citizens have torn off a roll of paper, because the totem is
// broken. They have them already: opening hours and limits don't count.
type Roll struct {
	Channel ChannelID
	First   int // 0: that after the last one given
	Last    int
	Tickets []TicketID // new, made by the sender: as many as it may need, up to RollMost
}

func (a Roll) decide(s *State, d *decision) error {
	l := s.channels[a.Channel]
	if l == nil {
		return unknownChannel(a.Channel)
	}
	letter := l.cfg.Letter
	if a.First == 0 {
		a.First = s.nextOf(letter)
	}
	switch {
	case a.First <= s.Numbers[letter]:
		return Refuse(Conflict, ReasonNumbersGiven, "number", number(letter, s.Numbers[letter])).At("first")
	case a.Last <= s.Numbers[letter]:
		return Refuse(Conflict, ReasonNumbersGiven, "number", number(letter, s.Numbers[letter])).At("last")
	case a.Last < a.First || a.Last-a.First >= min(RollMost, len(a.Tickets)):
		return Refuse(Invalid, ReasonNotInRange, "min", a.First, "max", a.First+RollMost-1).At("last")
	}
	for i := range a.Last - a.First + 1 {
		n, id := a.First+i, a.Tickets[i]
		if s.leaseOf(letter, n) != nil {
			return Refuse(Conflict, ReasonNumberReserved, "number", number(letter, n)).At("last")
		}
		if id == "" || s.Known(id) != nil {
			return Refuse(Invalid, ReasonTicketIDUsed).At("ticket")
		}
		d.emit(Event{
			Kind: TicketIssued, Ticket: id, Channel: a.Channel, Class: Standard, Since: d.now, Number: number(letter, n), Count: i + 1,
		})
	}
	return nil
}

// Rolled returns the tickets of a [Roll] by its answer, as they are now.
func (s *State) Rolled(a *Answer) (list []*Ticket) {
	letter, last := split(a.Ticket.Number)
	for n := last - a.Count + 1; n <= last; n++ {
		if t := s.numbered[number(letter, n)]; t != nil {
			list = append(list, t)
		}
	}
	return list
}

package queue

import "unicode/utf8"

// The actions on a counter itself.
type (
	// Open signs an operator in at a counter, and out at another one. TakeOver allows it where a
	// colleague is signed in.
	Open struct {
		Counter  CounterID
		Operator string
		TakeOver bool
	}
	// Close signs the operator out; a ticket still there is served first. Forgotten allows it to
	// who isn't at the counter: a supervisor.
	Close struct {
		Counter   CounterID
		Forgotten bool
	}
	// Pause keeps the counter attended by nobody for a while; it must be free.
	Pause struct {
		Counter CounterID
		Reason  string
	}
	// Resume ends a pause.
	Resume struct{ Counter CounterID }
	// Alarm is the panic button: every console shows it until [Calm].
	Alarm struct{ Counter CounterID }
	// Calm resets the panic button.
	Calm struct{ Counter CounterID }
)

func (a Open) decide(s *State, d *decision) error {
	desk, err := s.desk(a.Counter)
	if err != nil {
		return err
	}
	if err := d.sees(desk); err != nil {
		return err
	}
	if desk.Status != DeskClosed && desk.Operator != a.Operator && !a.TakeOver {
		return Refuse(Conflict, ReasonCounterTaken, "counter", desk.ID, "operator", desk.Operator)
	}
	if _, person := d.cmd.person(); person { // who can be at one counter only
		for i := range s.Config.Counters {
			other := s.Counters[s.Config.Counters[i].ID]
			if other == desk || other.Status == DeskClosed || other.Operator != a.Operator {
				continue
			}
			if t := s.Tickets[other.Current]; t != nil && t.Number == "" {
				return Refuse(Conflict, ReasonVisitElsewhere, "counter", other.ID)
			} else if t != nil {
				return Refuse(Conflict, ReasonTicketElsewhere, "counter", other.ID, "number", t.Number)
			}
			d.emit(Event{Kind: CounterShut, Counter: other.ID})
		}
	}
	d.emit(Event{Kind: CounterOpened, Counter: desk.ID, Operator: a.Operator})
	return nil
}

func (a Close) decide(s *State, d *decision) error {
	desk, err := s.desk(a.Counter)
	switch {
	case err != nil:
		return err
	case desk.Status == DeskClosed:
		return nil
	case a.Forgotten:
		err = d.sees(desk)
	default:
		desk, err = s.at(d, a.Counter)
	}
	if err != nil {
		return err
	}
	s.goOn(desk, nil, d)
	d.emit(Event{Kind: CounterShut, Counter: desk.ID})
	return nil
}

func (a Pause) decide(s *State, d *decision) error {
	desk, err := s.attended(d, a.Counter)
	if err != nil {
		return err
	}
	if desk.Current != "" {
		return Refuse(Conflict, ReasonTicketBeforePause)
	}
	if err := text("reason", a.Reason); err != nil {
		return err
	}
	d.emit(Event{Kind: CounterPaused, Counter: desk.ID, Reason: a.Reason})
	return nil
}

func (a Resume) decide(s *State, d *decision) error {
	desk, err := s.at(d, a.Counter)
	if err != nil {
		return err
	}
	if desk.Status != DeskPaused {
		return Refuse(Conflict, ReasonNotPaused)
	}
	d.emit(Event{Kind: CounterResumed, Counter: desk.ID})
	return nil
}

func (a Alarm) decide(s *State, d *decision) error {
	return s.alarm(a.Counter, CounterAlarmed, true, d)
}

func (a Calm) decide(s *State, d *decision) error { return s.alarm(a.Counter, CounterCalmed, false, d) }

func (s *State) alarm(id CounterID, kind Kind, on bool, d *decision) error {
	desk, err := s.at(d, id)
	if err != nil {
		return err
	}
	if desk.Alarm == on {
		return Refuse(Conflict, ReasonAlarmAlready)
	}
	d.emit(Event{Kind: kind, Counter: id})
	return nil
}

func (s *State) desk(id CounterID) (*Desk, error) {
	if d := s.Counters[id]; d != nil {
		return d, nil
	}
	return nil, Refuse(UnknownCounter, ReasonUnknownCounter, "counter", id).At("counter")
}

// at returns the counter for a command that is for the clerk at it: a user may act at no
// colleague's counter, and nobody on a ticket other than the one that was seen there.
func (s *State) at(d *decision, id CounterID) (*Desk, error) {
	desk, err := s.desk(id)
	if err != nil {
		return nil, err
	}
	if name, person := d.cmd.person(); person && desk.Operator != name {
		if desk.Status == DeskClosed {
			return nil, Refuse(CounterClosed, ReasonCounterClosed)
		}
		return nil, Refuse(Forbidden, ReasonCounterOfAnother, "counter", id, "operator", desk.Operator)
	}
	return desk, d.sees(desk)
}

// sees refuses a command whose sender saw another ticket at the counter than is there.
func (d *decision) sees(desk *Desk) error {
	if seen := d.cmd.Current; seen != nil && *seen != desk.Current {
		return Refuse(Conflict, ReasonNotWhatWasSeen).At("current")
	}
	return nil
}

// attended returns the counter if somebody is signed in and not on a break.
func (s *State) attended(d *decision, id CounterID) (*Desk, error) {
	desk, err := s.at(d, id)
	switch {
	case err != nil:
		return nil, err
	case desk.Status == DeskPaused:
		return nil, Refuse(CounterClosed, ReasonCounterPaused)
	case desk.Status != DeskOpen:
		return nil, Refuse(CounterClosed, ReasonCounterClosed)
	}
	return desk, nil
}

// current returns the counter and the ticket that is now at it.
func (s *State) current(d *decision, id CounterID) (*Desk, *Ticket, error) {
	desk, err := s.at(d, id)
	if err != nil {
		return nil, nil, err
	}
	if t := s.Tickets[desk.Current]; t != nil {
		return desk, t, nil
	}
	return nil, nil, Refuse(NoCurrentTicket, ReasonNoCurrentTicket)
}

// maxText is the longest text, in characters, that a clerk may give with a command.
const maxText = 200

func text(field, v string) error {
	if utf8.RuneCountInString(v) > maxText {
		return Refuse(Invalid, ReasonTextTooLong, "max", maxText).At(field)
	}
	return nil
}

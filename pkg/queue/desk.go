package queue

import "unicode/utf8"

// The actions on a counter itself.
type (
	// Open signs an operator in at a counter. Takeover allows it where another one is signed in.
	Open struct {
		Counter  CounterID
		Operator string
		Takeover bool
	}
	// Close signs the operator out; a ticket still there is served first.
	Close struct{ Counter CounterID }
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
	if desk.Status != DeskClosed && desk.Operator != a.Operator && !a.Takeover {
		return Refuse(Conflict, ReasonCounterTaken, "counter", desk.ID, "operator", desk.Operator)
	}
	d.emit(Event{Kind: CounterOpened, Counter: desk.ID, Operator: a.Operator})
	return nil
}

func (a Close) decide(s *State, d *decision) error {
	desk, err := s.desk(a.Counter)
	if err != nil {
		return err
	}
	s.finish(desk, nil, d)
	d.emit(Event{Kind: CounterShut, Counter: desk.ID})
	return nil
}

func (a Pause) decide(s *State, d *decision) error {
	desk, err := s.attended(a.Counter)
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
	desk, err := s.desk(a.Counter)
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
	desk, err := s.desk(id)
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

// attended returns the counter if somebody is signed in and not on a break.
func (s *State) attended(id CounterID) (*Desk, error) {
	d, err := s.desk(id)
	switch {
	case err != nil:
		return nil, err
	case d.Status == DeskPaused:
		return nil, Refuse(CounterClosed, ReasonCounterPaused)
	case d.Status != DeskOpen:
		return nil, Refuse(CounterClosed, ReasonCounterClosed)
	}
	return d, nil
}

// current returns the counter and the ticket that is now at it.
func (s *State) current(id CounterID) (*Desk, *Ticket, error) {
	d, err := s.desk(id)
	if err != nil {
		return nil, nil, err
	}
	if t := s.Tickets[d.Current]; t != nil {
		return d, t, nil
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

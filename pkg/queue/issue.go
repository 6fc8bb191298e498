package queue

import (
	"fmt"
	"time"

	"github.com/eliminacode/eliminacode/pkg/calendar"
)

// Issue gives a ticket: the number is durable before anybody sees it.
type Issue struct {
	Ticket  TicketID // new, unguessable, made by the sender
	Channel ChannelID
	Class   Class     // empty: standard
	Slot    time.Time // of an appointment; zero: the arrival counts
}

func (a Issue) decide(s *State, d *decision) error {
	l := s.channels[a.Channel]
	if l == nil {
		return unknownChannel(a.Channel)
	}
	if a.Class == "" {
		a.Class = Standard
	}
	if a.Class.index() < 0 {
		return refuseField("class",
			fmt.Sprintf("La classe %q non esiste: usare standard, priority o appointment.", a.Class),
			fmt.Sprintf("There is no class %q: use standard, priority or appointment.", a.Class))
	}
	if a.Ticket == "" || s.Tickets[a.Ticket] != nil {
		return refuseField("ticket", "L'identificativo del biglietto manca o è già usato.", "The ticket's id is missing or in use.")
	}
	if refusal := s.Issuable(a.Channel, d.now); refusal != nil {
		return refusal
	}
	if refusal := s.hoarding(d); refusal != nil {
		return refusal
	}
	since := d.now
	if !a.Slot.IsZero() {
		if a.Class != Appointment || calendar.DateOf(a.Slot.In(d.now.Location())) != s.Day {
			return refuseField("slot", "L'orario vale solo per un appuntamento di oggi.", "A slot is only for an appointment of today.")
		}
		since = a.Slot.In(d.now.Location())
	}
	d.emit(Event{
		Kind: TicketIssued, Ticket: a.Ticket, Channel: a.Channel, Class: a.Class, Since: since,
		Number: s.nextNumber(l.cfg.Letter),
	})
	return nil
}

func (s *State) nextNumber(letter string) string { return number(letter, s.Numbers[letter]+1) }

// Issuable returns nil when the channel gives tickets at now, or else why it doesn't.
func (s *State) Issuable(id ChannelID, now time.Time) *Refusal {
	l := s.channels[id]
	if l == nil {
		return unknownChannel(id)
	}
	now = s.clock(now)
	if open, opens := l.hours.at(s.Config, l.cfg, now); !open {
		if office, next := s.hours.at(s.Config, nil, now); !office {
			return closed(OfficeClosed, "La sede è chiusa", "The office is closed", next, now)
		}
		return closed(ChannelClosed, "Chiuso", "Closed", opens, now) // screens show it beside the channel's name
	} else if left := opens.Sub(now); left <= l.cfg.LastTicket.Duration() && l.cfg.LastTicket > 0 {
		return s.noMore(l, opens, now, "Gli ultimi biglietti di oggi sono già stati dati: si chiude tra poco.", "The last tickets of today have been given: closing time is near.")
	} else if l.cfg.FitHours && s.expectedWork(l) > left {
		return s.noMore(l, opens, now, "Chi è già in attesa occupa gli sportelli fino alla chiusura: tornare un altro giorno.", "Those already waiting will take until closing time: please come another day.")
	}
	if l.cfg.DailyLimit > 0 && s.Issued[id] >= l.cfg.DailyLimit {
		return full(l.cfg.DailyLimit)
	}
	return nil
}

// noMore refuses a ticket ahead of closing time, for the day or until the channel opens again on it.
func (s *State) noMore(l *line, closes, now time.Time, it, en string) *Refusal {
	if open, opens := s.Config.Open(l.cfg, closes); !open && calendar.DateOf(opens) == calendar.DateOf(now) {
		at := opens.Format("15:04")
		return refuse(ChannelClosed, "Per ora gli ultimi biglietti sono già stati dati: si riapre alle "+at+".",
			"The last tickets for now have been given: opening again at "+at+".")
	}
	return refuse(ChannelClosed, it, en)
}

// full refuses a ticket beyond the day's limit.
func full(limit int) *Refusal {
	it, en := fmt.Sprintf("I %d biglietti di oggi sono finiti", limit), fmt.Sprintf("All %d tickets of today have been given", limit)
	if limit == 1 {
		it, en = "Il biglietto di oggi è finito", "Today's only ticket has been given"
	}
	return refuse(ChannelFull, it+": tornare un altro giorno.", en+": please come another day.")
}

func closed(code Code, it, en string, opens, now time.Time) *Refusal {
	switch {
	case opens.IsZero():
		return refuse(code, it+".", en+".")
	case calendar.DateOf(opens) == calendar.DateOf(now):
		at := opens.Format("15:04")
		return refuse(code, it+": apre alle "+at+".", en+": opens at "+at+".")
	}
	return refuse(code, it+": riapre il "+opens.Format("02/01/2006")+" alle "+opens.Format("15:04")+".",
		en+": opens again on "+opens.Format("2 January 2006")+" at "+opens.Format("15:04")+".")
}

// expectedWork is the time that the attended counters need for those who wait for the channel.
func (s *State) expectedWork(l *line) time.Duration {
	desks := 0
	for i := range s.Config.Counters {
		c := &s.Config.Counters[i]
		if _, _, serves := c.further(l.cfg.ID, &s.Config.Policy); serves && s.Counters[c.ID].Status == DeskOpen {
			desks++
		}
	}
	return time.Duration(l.len()) * l.cfg.ServiceTime.Duration() / time.Duration(max(desks, 1))
}

// hoarding refuses a totem that gives more tickets than people can stand before it.
func (s *State) hoarding(d *decision) *Refusal {
	p := &s.Config.Policy
	totem, ok := totemOf(d.cmd.By)
	if !ok || p.HoardMax == 0 {
		return nil
	}
	since, recent := d.now.Add(-p.HoardWindow.Duration()), 0
	for _, at := range s.Recent[totem] {
		if at.After(since) {
			recent++
		}
	}
	if recent >= p.HoardMax {
		return refuse(RateLimited, "Troppi biglietti in pochi secondi: attendere un momento e riprovare.", "Too many tickets within seconds: wait a moment and try again.")
	}
	return nil
}

func unknownChannel(id ChannelID) *Refusal {
	r := refuse(UnknownChannel, fmt.Sprintf("Il canale %q non esiste.", id), fmt.Sprintf("There is no channel %q.", id))
	r.Field = "channel"
	return r
}

package view

import (
	"cmp"
	"slices"
	"time"

	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/voice"
)

// Ticket is a ticket as its holder, the totem and the staff see it.
type Ticket struct {
	ID       queue.TicketID    `json:"id"`
	Number   string            `json:"number"`
	Channel  queue.ChannelID   `json:"channel"`
	Class    queue.Class       `json:"class" ts:"'standard' | 'priority' | 'appointment'"`
	Language string            `json:"language"` // that its holder chose; "it" if none
	State    queue.TicketState `json:"state" ts:"'waiting' | 'called' | 'serving' | 'held' | 'absent' | 'served' | 'cancelled' | 'expired'"`
	Slot     *time.Time        `json:"slot"` // of an appointment; null: none
	IssuedAt time.Time         `json:"issued_at"`
	Ahead    int               `json:"ahead"` // tickets before it
	Wait     *Wait             `json:"wait"`  // null: not known
	URL      string            `json:"url"`   // the page of this ticket
	Counter  *queue.CounterID  `json:"counter"`
	CalledAt *time.Time        `json:"called_at"`
	Reason   string            `json:"reason,omitempty"` // why it is held
	Until    *time.Time        `json:"until,omitempty"`  // end of the hold, or of the grace of an absent one

	Printed     queue.Printing `json:"printed" ts:"'no' | 'pending' | 'yes' | 'failed' | 'unknown'"`
	PrintReason string         `json:"print_reason,omitempty"` // the printer's, by name
	Reprints    int            `json:"reprints,omitempty"`     // further copies
	Offline     bool           `json:"offline,omitempty"`      // a totem gave it by itself, while it couldn't reach the server
}

// justIssued is for how long what was said of a ticket's wait on coming stands for what is expected
// of it, which is worked out beside the office.
const justIssued = 3 * time.Second

// NewTicket derives the view of a ticket with the given number before it. Of the scene it needs no
// state.
func NewTicket(s *Scene, t *queue.Ticket, ahead int) *Ticket {
	v := &Ticket{
		ID: t.ID, Number: t.Number, Channel: t.Channel, Class: t.Class, Language: cmp.Or(t.Language, "it"), State: t.State,
		IssuedAt: t.Issued, Ahead: ahead, URL: s.Base + "/t/" + string(t.ID), Reason: t.Reason,
		Printed: cmp.Or(t.Printed, queue.PrintNo), PrintReason: t.PrintReason, Reprints: t.Reprints, Offline: t.Offline,
	}
	if !t.Slot.IsZero() {
		v.Slot = new(t.Slot)
	}
	if t.Counter != "" && t.State != queue.Waiting {
		v.Counter = new(t.Counter)
	}
	if t.State == queue.Called {
		v.CalledAt = new(t.Entered)
	}
	if t.State == queue.Waiting {
		v.Wait = newWait(s.Waits.Tickets, t.ID)
		if e := t.Expected; v.Wait == nil && e != nil && t.Entered.Equal(t.Issued) && s.Now.Sub(t.Issued) < justIssued {
			v.Wait = toldWait(*e)
		}
	}
	if !t.Until.IsZero() && (t.State == queue.Held || t.State == queue.Absent) {
		v.Until = new(t.Until)
	}
	return v
}

// TicketPage is the page of one's own ticket: the ticket and where its office stands.
type TicketPage struct {
	Seq    int64      `json:"seq"`
	At     time.Time  `json:"at"`
	Ticket *Ticket    `json:"ticket"` // null once the day is over
	Where  queue.Text `json:"where"`  // the counter it is called to; {} before
	// Say is how to speak its call to its holder, in the ticket's language, or in Italian where
	// that can't be spoken: while it waits without a counter, so that the voice can be loaded
	// ahead; empty once there is nothing to call it for.
	Say    []voice.Utterance `json:"say"`
	Public *PublicPage       `json:"public"`
	// Late says that the ticket's appointment is at a time at which its channel will be closed.
	Late bool `json:"late"`
	// MayPostpone says that its holder may let the next ones go first, and somebody is there who
	// would.
	MayPostpone bool `json:"may_postpone"`
	PostponeBy  int  `json:"postpone_s"` // by how much it would, about
	// Attended says that somebody is at a counter that calls the ticket.
	Attended bool `json:"attended"`
	// Near says that the holder of a waiting ticket is to come near.
	Near bool `json:"near"`
	// Sooner are the last who were called before a waiting ticket although they came after it, at
	// most three, the newest call first.
	Sooner []Sooner `json:"sooner"`
}

// Sooner is somebody who came later than another and was called sooner.
type Sooner struct {
	Number string     `json:"number"`
	Why    WhySooner  `json:"why" ts:"'direct' | 'sent' | 'appointment' | 'priority' | 'own'"`
	Slot   *time.Time `json:"slot"` // of its appointment; null: none
}

// WhySooner is why somebody was called sooner than another. Package words says it.
type WhySooner string

// The reasons, the first that holds.
const (
	SoonerDirect      WhySooner = "direct"      // the counter called that very ticket
	SoonerSent        WhySooner = "sent"        // was served before, and sent on by a counter
	SoonerAppointment WhySooner = "appointment" // has one, and it is earlier
	SoonerPriority    WhySooner = "priority"    // its class has precedence, and the other's hasn't
	SoonerOwn         WhySooner = "own"         // waited for another channel of the counter, which it calls sooner
)

// soonerShown is how many who were called sooner a ticket's page names.
const soonerShown = 3

// nearBefore is how long before its likely call somebody is asked to come near.
const nearBefore = 5 * time.Minute

// NewTicketPage derives the page of a ticket; unknown ones have a null ticket.
func NewTicketPage(scene *Scene, id queue.TicketID) *TicketPage {
	s, public := scene.State, NewPublicPage(scene)
	v := &TicketPage{Seq: s.Seq, At: public.At, Public: public, Where: queue.Text{}, Say: []voice.Utterance{}, Sooner: []Sooner{}}
	if t := s.Tickets[id]; t != nil {
		v.Ticket = NewTicket(scene, t, s.Ahead(t, scene.now()))
		v.MayPostpone = s.MayPostpone(t)
		v.PostponeBy = int(s.Config.Policy.Postpone)
		v.Attended = s.AttendedFor(t)
		v.Late = !t.Slot.IsZero() && s.Config.Shut(t.Channel, t.Slot.In(s.Location()))
		if v.Late && scene.now().Before(t.Slot) {
			v.Ticket.Wait = nil // it won't be called
		}
		c := s.Config.Counter(t.Counter)
		if c != nil && v.Ticket.Counter != nil {
			v.Where = where(c)
		}
		v.Say = sayTo(scene, t, c)
		if t.State == queue.Waiting {
			v.Near = v.Attended && isNear(scene, t, v.Ticket)
			v.Sooner = newSooner(scene, t)
		}
	}
	return v
}

// isNear is whether the holder of a waiting ticket, which a counter calls that is attended, is to
// come near: the monitors ask for it, or its turn is likely to come soon. Where the wait isn't
// known, that is with one before it at most.
func isNear(scene *Scene, t *queue.Ticket, v *Ticket) bool {
	s, now := scene.State, scene.now()
	if c := s.Config.Channel(t.Channel); c != nil && slices.Contains(s.OnDeck(c, now), t) {
		return true
	}
	if v.Wait != nil {
		return time.Duration(v.Wait.Likely)*time.Second < nearBefore
	}
	return v.Ahead <= 1 && !now.Before(t.Slot)
}

// newSooner finds who was called before a waiting ticket though it came first, among the calls that
// everybody sees, at counters that could have called the ticket instead.
func newSooner(scene *Scene, t *queue.Ticket) []Sooner {
	s, list := scene.State, []Sooner{}
	for i := range scene.public.Calls {
		call := &scene.public.Calls[i]
		u := s.ByNumber(call.Number)
		if u == nil || u == t || call.ID < t.Order || !u.Issued.After(t.Issued) && !u.Since.After(t.Since) {
			continue
		}
		claim, may := s.Claim(call.Counter, t)
		if !may || call.At.Before(claim.From) {
			continue
		}
		why := whySooner(s.Config.Counter(call.Counter), u, t)
		if why == "" {
			continue
		}
		v := Sooner{Number: u.Number, Why: why}
		if !u.Slot.IsZero() {
			v.Slot = new(u.Slot)
		}
		if list = append(list, v); len(list) == soonerShown {
			break
		}
	}
	return list
}

// whySooner is why the counter called u sooner than t; empty where it is t that was away meanwhile,
// or where the counter only helps with t's channel.
func whySooner(c *queue.Counter, u, t *queue.Ticket) WhySooner {
	own := func(s queue.Serve) bool { return s.Channel == t.Channel }
	switch {
	case u.Out:
		return SoonerDirect
	case u.Passed > 0:
		return SoonerSent
	case u.Class == queue.Appointment && (t.Class != queue.Appointment || u.Slot.Before(t.Slot)):
		return SoonerAppointment
	case u.Class == queue.Priority && t.Class != queue.Priority:
		return SoonerPriority
	case u.Channel != t.Channel && slices.ContainsFunc(c.Serves, own):
		return SoonerOwn
	}
	return ""
}

// sayTo is how to speak a ticket's call to its holder.
func sayTo(s *Scene, t *queue.Ticket, desk *queue.Counter) []voice.Utterance {
	for _, lang := range []string{t.Language, "it"} {
		var u voice.Utterance
		var ok bool
		switch {
		case s.Voice == nil:
		case t.State == queue.Called && desk != nil:
			u, ok = s.Voice.Call(lang, t.Number, desk.Name.In(lang), desk.Place.In(lang))
		case t.State == queue.Waiting, t.State == queue.Held, t.State == queue.Absent:
			u, ok = s.Voice.Clips(lang, t.Number, "", "") // no command is to say what may never be called
		}
		if ok {
			return []voice.Utterance{u}
		}
	}
	return []voice.Utterance{}
}

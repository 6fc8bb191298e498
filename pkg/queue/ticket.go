package queue

import (
	"cmp"
	"time"
)

// Identifiers. A [TicketID] is unguessable, since who has it may see and cancel
// the ticket; the others are short words of the configuration.
type (
	ChannelID string
	CounterID string
	DisplayID string
	TicketID  string
)

// Class is the priority class of a ticket.
type Class string

// The classes of tickets.
const (
	Standard    Class = "standard"
	Priority    Class = "priority"    // precedenza: disability, pregnancy, small children
	Appointment Class = "appointment" // queued by its slot, not by its arrival
)

// Classes lists every class, in the order in which they are shown.
var Classes = [...]Class{Standard, Priority, Appointment}

func (c Class) index() int {
	for i, k := range Classes {
		if k == c {
			return i
		}
	}
	return -1
}

// TicketState is a ticket's place in its life; docs/architecture.md draws the moves.
type TicketState string

// The states of a ticket. The last three are final.
const (
	Waiting   TicketState = "waiting"
	Called    TicketState = "called"
	Serving   TicketState = "serving"
	Held      TicketState = "held"
	Absent    TicketState = "absent"
	Served    TicketState = "served"
	Cancelled TicketState = "cancelled"
	Expired   TicketState = "expired"
)

// Live reports whether a ticket in this state can still come to a counter.
func (s TicketState) Live() bool {
	return s == Waiting || s == Called || s == Serving || s == Held || s == Absent
}

// Ticket is one visit. Its times are kept apart as periods that end when the
// state they belong to is left.
type Ticket struct {
	ID       TicketID    `json:"id"`
	Number   string      `json:"number"` // "A042"; empty for a visit without a ticket
	Channel  ChannelID   `json:"channel"`
	Given    ChannelID   `json:"given,omitempty"` // the channel that it was issued in
	Class    Class       `json:"class"`
	Language string      `json:"language,omitempty"` // that its holder chose; empty: the office's first
	State    TicketState `json:"state"`
	Issued   time.Time   `json:"issued"`
	Since    time.Time   `json:"since"`         // seniority: the arrival, or an appointment's slot
	Slot     time.Time   `json:"slot,omitzero"` // of an appointment
	Entered  time.Time   `json:"entered"`       // when the present state began
	Order    int64       `json:"order"`         // seq of its issue: breaks ties of seniority

	Counter CounterID `json:"counter,omitempty"` // where it is, or was last, called
	Call    int64     `json:"call,omitempty"`    // id of its last call
	Calls   int       `json:"calls,omitempty"`   // announcements of its last call

	Announced   int64     `json:"announced,omitempty"`   // seq of the last announcement
	AnnouncedAt time.Time `json:"announced_at,omitzero"` // and its time

	For        CounterID `json:"for,omitempty"`         // transferred to this counter, for a while to it alone
	Avoid      CounterID `json:"avoid,omitempty"`       // not to this counter ...
	AvoidUntil time.Time `json:"avoid_until,omitzero"`  // ... before this time
	Back       ChannelID `json:"back,omitempty"`        // channel to return to when done here
	BackTo     CounterID `json:"back_to,omitempty"`     // counter to return to when done here
	Reason     string    `json:"reason,omitempty"`      // why it is held
	Until      time.Time `json:"until,omitzero"`        // end of the hold, or of the grace of an absent one
	Inexact    bool      `json:"inexact,omitempty"`     // its time at the counter is nobody's: closed by the day's end, or forgotten open
	Left       bool      `json:"left,omitempty"`        // its end came while it waited: it gave up, or was never called
	Postponed  bool      `json:"postponed,omitempty"`   // its holder has let others go first
	Returned   bool      `json:"returned,omitempty"`    // has been absent and came back
	Out        bool      `json:"out_of_turn,omitempty"` // its last call was a direct one
	Outcomes   []Outcome `json:"outcomes,omitempty"`    // what was done
	Waited     Seconds   `json:"waited_s,omitempty"`    // time in waiting, s
	Way        Seconds   `json:"way_s,omitempty"`       // time from the call to the counter, s
	Service    Seconds   `json:"service_s,omitempty"`   // time at the counter, s
	HeldFor    Seconds   `json:"held_s,omitempty"`      // time held, s
	AbsentFor  Seconds   `json:"absent_s,omitempty"`    // time absent, s
	Away       Seconds   `json:"away_s,omitempty"`      // time between legs, s
	Legs       int       `json:"legs,omitempty"`        // how often it was served
	Passed     int       `json:"transferred,omitempty"` // number of transfers
	Touched    int64     `json:"touched"`               // seq of the last event that changed it, but for its paper

	Expected *Expected `json:"expected,omitempty"` // what its holder was told of the wait; nil: nothing

	Totem       string   `json:"totem,omitempty"`        // that gave it
	Offline     bool     `json:"offline,omitempty"`      // by itself, while it couldn't reach the server
	Printed     Printing `json:"printed,omitempty"`      // empty: nobody prints it
	PrintReason string   `json:"print_reason,omitempty"` // why it isn't printed, by name: "paper_out"
	Printer     string   `json:"printer,omitempty"`      // the totem of which the last copy is wanted
	Reprints    int      `json:"reprints,omitempty"`     // further copies
}

// over is how a visit ends: one that was served before stays so, whatever becomes of a further leg.
func (t *Ticket) over(to TicketState) TicketState {
	if t.Legs > 0 {
		return Served
	}
	return to
}

// rank is the index of the ticket's class; one that this version doesn't know counts as standard.
func (t *Ticket) rank() int { return max(t.Class.index(), 0) }

// Expected is the wait that somebody is told to expect on coming, s.
type Expected struct {
	Low    Seconds `json:"low_s"`
	Likely Seconds `json:"likely_s"`
	High   Seconds `json:"high_s"`
}

// Seconds is a duration in seconds, as the API and the configuration give it.
type Seconds float64

// Duration returns s as a [time.Duration].
func (s Seconds) Duration() time.Duration { return time.Duration(float64(s) * float64(time.Second)) }

// Outcome is what was done for the citizen (prestazione), with its quantity.
type Outcome struct {
	Service  string `json:"service"`
	Quantity int    `json:"quantity"` // 1 to 999
}

// order compares tickets of one line by seniority.
func order(t, u *Ticket) int {
	if c := t.Since.Compare(u.Since); c != 0 {
		return c
	}
	return cmp.Compare(t.Order, u.Order)
}

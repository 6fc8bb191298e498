package queue

import (
	"time"

	"github.com/eliminacode/eliminacode/pkg/calendar"
)

// Kind names what happened.
type Kind string

// The kinds of events, with the fields they carry besides Seq, At, Kind, Command and By.
const (
	DayStarted    Kind = "day_started"    // Day; Since: the time of the last event, if it is of more than a hundred days ago
	ClockSet      Kind = "clock_set"      // Day, Since: the time until then; Restored. The one event whose At may be earlier
	ConfigChanged Kind = "config_changed" // Config, Move

	// Ticket, Number, Channel, Class, Language, Since, Slot, Totem, Printed, Printer; Counter for a
	// visit without a ticket; Count for one of a roll's; Offline, Reason for one that a totem gave
	// by itself, with Day and Until, its end, if its day has ended; Expected.
	TicketIssued      Kind = "ticket_issued"
	TicketCalled      Kind = "ticket_called"      // Ticket, Counter; OutOfTurn
	TicketRecalled    Kind = "ticket_recalled"    // Ticket, Counter
	TicketStarted     Kind = "ticket_started"     // Ticket, Counter
	TicketServed      Kind = "ticket_served"      // Ticket, Counter, Outcomes; Inexact
	TicketAbsent      Kind = "ticket_absent"      // Ticket, Counter, Until
	TicketReinstated  Kind = "ticket_reinstated"  // Ticket, Since: an absent or held one waits again
	TicketPostponed   Kind = "ticket_postponed"   // Ticket, Since
	TicketHeld        Kind = "ticket_held"        // Ticket, Counter, Reason, Until
	TicketRequeued    Kind = "ticket_requeued"    // Ticket, Counter, Until: not to this counter before
	TicketTransferred Kind = "ticket_transferred" // Ticket, Counter (from), Channel, For, Back, BackTo
	TicketCancelled   Kind = "ticket_cancelled"   // Ticket, Reason
	TicketExpired     Kind = "ticket_expired"     // Ticket; Reason, Until: when its office had ended the day
	TicketPrinted     Kind = "ticket_printed"     // Ticket, Printed, Reason
	TicketReprinted   Kind = "ticket_reprinted"   // Ticket, Totem: which is to print a further copy, or has: Printed, Reason
	TicketRenumbered  Kind = "ticket_renumbered"  // Ticket, Number, Since, Printed, Reason: the number that its holder saw, while the totem was offline

	NumbersLeased Kind = "numbers_leased" // Totem, Blocks; Fresh: those that it had are lost

	CounterOpened  Kind = "counter_opened"  // Counter, Operator
	CounterShut    Kind = "counter_closed"  // Counter
	CounterPaused  Kind = "counter_paused"  // Counter, Reason
	CounterResumed Kind = "counter_resumed" // Counter
	CounterAlarmed Kind = "counter_alarmed" // Counter: the panic button
	CounterCalmed  Kind = "counter_calmed"  // Counter: its reset

	ChannelFilled Kind = "channel_filled" // Channel; Until: its closing. It gives no tickets until then
	ChannelFreed  Kind = "channel_freed"  // Channel: it gives tickets again

	StepUndone Kind = "step_undone" // Counter, Ticket, Restored
)

// ReasonClosing is why a ticket expires that is live when the office ends its day.
const ReasonClosing = "closing"

// Event is one fact in the journal of an office. Events are never changed; Seq
// counts up from 1 without gaps and At never decreases, but where the clock was set right.
type Event struct {
	Seq     int64     `json:"seq"`
	At      time.Time `json:"at"`
	Kind    Kind      `json:"kind"`
	Command string    `json:"command,omitempty"` // id of the command that caused it
	Digest  string    `json:"digest,omitempty"`  // of that command's content
	By      string    `json:"by,omitempty"`      // who: "user/maria", "totem/t1", "public", "system"

	Ticket    TicketID  `json:"ticket,omitempty"`
	Number    string    `json:"number,omitempty"`
	Channel   ChannelID `json:"channel,omitempty"`
	Class     Class     `json:"class,omitempty"`
	Language  string    `json:"language,omitempty"`
	Counter   CounterID `json:"counter,omitempty"`
	Operator  string    `json:"operator,omitempty"`
	Since     time.Time `json:"since,omitzero"`
	Slot      time.Time `json:"slot,omitzero"`
	Until     time.Time `json:"until,omitzero"`
	Reason    string    `json:"reason,omitempty"`
	Outcomes  []Outcome `json:"outcomes,omitempty"`
	OutOfTurn bool      `json:"out_of_turn,omitempty"`
	Inexact   bool      `json:"inexact,omitempty"`
	For       CounterID `json:"for,omitempty"`
	Back      ChannelID `json:"back,omitempty"`
	BackTo    CounterID `json:"back_to,omitempty"`
	Restored  []Ticket  `json:"restored,omitempty"`
	Totem     string    `json:"totem,omitempty"`
	Printed   Printing  `json:"printed,omitempty"`
	Printer   string    `json:"printer,omitempty"` // the totem that is to print it
	Offline   bool      `json:"offline,omitempty"`
	Expected  *Expected `json:"expected,omitempty"`
	Count     int       `json:"count,omitempty"` // which of its command's tickets it is
	Blocks    []Block   `json:"blocks,omitempty"`
	Fresh     bool      `json:"fresh,omitempty"`

	Day    calendar.Date           `json:"day,omitempty"`
	Config *Config                 `json:"config,omitempty"`
	Move   map[ChannelID]ChannelID `json:"move,omitempty"`
}

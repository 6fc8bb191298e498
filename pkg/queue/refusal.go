package queue

// Code is the stable name of a refusal; clients act on it, people read the text.
type Code string

// The codes of refusals that the rules give.
const (
	UnknownChannel  Code = "unknown_channel"
	ChannelClosed   Code = "channel_closed"
	OfficeClosed    Code = "office_closed"
	ChannelFull     Code = "channel_full"
	UnknownCounter  Code = "unknown_counter"
	CounterClosed   Code = "counter_closed"
	NoCurrentTicket Code = "no_current_ticket"
	NotCallable     Code = "ticket_not_callable"
	UnknownTicket   Code = "unknown_ticket"
	Conflict        Code = "conflict"
	Invalid         Code = "invalid"
	RateLimited     Code = "rate_limited"
)

// Refusal says why a command was not carried out. Nothing has changed.
type Refusal struct {
	Code   Code
	Text   Text    // what to tell the person, and what to do next
	Field  string  // the input at fault, if one is
	Faults []Fault // of a configuration, each with its path
}

// Error gives the code and the English text.
func (r *Refusal) Error() string { return string(r.Code) + ": " + r.Text.In("en") }

func refuse(code Code, it, en string) *Refusal {
	return &Refusal{Code: code, Text: Text{"it": it, "en": en}}
}

func refuseField(field, it, en string) *Refusal {
	return &Refusal{Code: Invalid, Field: field, Text: Text{"it": it, "en": en}}
}

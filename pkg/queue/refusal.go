package queue

// Code is the stable name of a kind of refusal; clients act on it.
type Code string

// The codes of refusals that the rules give, and of those that more than one package gives.
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
	Forbidden       Code = "forbidden"
	Invalid         Code = "invalid"
	RateLimited     Code = "rate_limited"
	NotFound        Code = "not_found"
)

// Refusal says why a command was not carried out. Nothing has changed. Package words says it to
// people.
type Refusal struct {
	Code   Code
	Reason Reason
	Args   Args
	Field  string  // the input at fault, if one is
	Faults []Fault // of a configuration, each with its path
}

// Error gives the code and the reason.
func (r *Refusal) Error() string { return string(r.Code) + ": " + string(r.Reason) }

// Args are what the sentence for a reason names, by the placeholder's name: a number, a string, a
// time, a [TicketState], a [Fault] or a [Text], whose own words then stand there.
type Args map[string]any

// Fault is one thing wrong in a configuration.
type Fault struct {
	Path   string // "channels[2].letter"
	Reason Reason
	Args   Args
}

// Refuse makes a refusal. It takes the arguments by name and value in turn.
func Refuse(code Code, why Reason, args ...any) *Refusal {
	return &Refusal{Code: code, Reason: why, Args: argsOf(args)}
}

// At names the input at fault.
func (r *Refusal) At(field string) *Refusal {
	r.Field = field
	return r
}

func argsOf(pairs []any) Args {
	if len(pairs) == 0 {
		return nil
	}
	args := make(Args, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		args[pairs[i].(string)] = pairs[i+1]
	}
	return args
}

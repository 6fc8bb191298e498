package queue

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/eliminacode/eliminacode/pkg/calendar"
)

// Config is the document that describes an office. It changes only as a whole,
// by a journalled command; Version counts the changes.
type Config struct {
	Version   int64    `json:"version"`
	Name      Text     `json:"name"`
	TimeZone  string   `json:"time_zone"` // IANA name, "Europe/Rome"
	Languages []string `json:"languages"` // the first is the default, "it"

	Hours       calendar.Week `json:"hours"`
	PatronSaint string        `json:"patron_saint,omitempty"` // "11-30": closed like a public holiday
	Exceptions  []Exception   `json:"exceptions,omitempty"`
	Contact     Contact       `json:"contact,omitzero"`
	Publisher   Publisher     `json:"publisher,omitzero"`

	Policy   Policy    `json:"policy"`
	Channels []Channel `json:"channels"`
	Counters []Counter `json:"counters"`
	Services []Service `json:"services,omitempty"`
	Displays []Display `json:"displays,omitempty"`
	Notices  []Notice  `json:"notices,omitempty"`

	Voice Voice `json:"voice,omitzero"`
	Paper Paper `json:"paper,omitzero"`

	OperatorFigures OperatorFigures `json:"operator_figures,omitzero"`
}

// Contact is where and how the office is found, for the public; what is empty isn't shown.
type Contact struct {
	Address string `json:"address,omitempty"` // "via Giuseppe Del Papa 41, Empoli", in one line
	Phone   string `json:"phone,omitempty"`   // "+39 0571 757999"
	Email   string `json:"email,omitempty"`
	URL     string `json:"url,omitempty"` // of its page on the town's site, https or http
}

// Publisher is whose the office's open data are: the town.
type Publisher struct {
	Name string `json:"name,omitempty"` // "Comune di Empoli"; empty: the office's
	IPA  string `json:"ipa,omitempty"`  // its code in the index of public administrations, "c_d403"; empty: not known
}

// Paper says what the printed tickets of an office show.
type Paper struct {
	Arms  string `json:"arms,omitempty"`  // the town's, a PNG in base64
	Line  Text   `json:"line,omitempty"`  // of the town's own
	Parts []Part `json:"parts,omitempty"` // in their order; none: [Parts]
}

// Part is a part of a printed ticket.
type Part string

// The parts of a printed ticket. Where one has nothing to say it takes no room. The number, the
// class, and that it is a further copy or was given offline, are there in any case.
const (
	PartArms    Part = "arms"
	PartOffice  Part = "office"
	PartNumber  Part = "number"
	PartChannel Part = "channel"
	PartTime    Part = "time"
	PartClass   Part = "class"   // the precedence, or the appointment
	PartReprint Part = "reprint" // that it is a further copy
	PartAhead   Part = "ahead"   // people before one
	PartWait    Part = "wait"    // expected
	PartOffline Part = "offline" // that it was given without the server
	PartBring   Part = "bring"
	PartQR      Part = "qr"
	PartKeep    Part = "keep"    // to take it along
	PartLine    Part = "line"    // the town's own
	PartPrivacy Part = "privacy" // that it says nothing of anybody
)

// Parts lists every part, in the order that a ticket has unless the configuration says another.
var Parts = [...]Part{
	PartArms, PartOffice, PartNumber, PartChannel, PartClass, PartReprint, PartAhead, PartWait, PartOffline, PartBring,
	PartQR, PartKeep, PartTime, PartLine, PartPrivacy,
}

// OperatorFigures says whether the office has figures by clerk. They watch people
// at work from afar, so they are off unless somebody answers for them by name.
type OperatorFigures struct {
	Enabled bool `json:"enabled"`
	// Basis is what allows them: the agreement with the unions, or the labour
	// inspectorate's authorisation, with its date.
	Basis string `json:"basis"`
	// Since is when they were switched on, which the office notes itself: there
	// are none of an earlier time.
	Since time.Time `json:"since,omitzero"`
}

// Text is what a person reads, by language ("it", "en").
type Text map[string]string

// In returns the text in lang, else in Italian, else in any language at all.
func (t Text) In(lang string) string {
	for _, l := range []string{lang, "it"} {
		if s := t[l]; s != "" {
			return s
		}
	}
	for _, l := range slices.Sorted(maps.Keys(t)) {
		return t[l]
	}
	return ""
}

// Policy holds the numbers behind the rules. All are in seconds unless named
// otherwise; zero switches a limit off, if nothing else is said.
type Policy struct {
	// Patience by class: a ticket is due at its seniority plus its patience.
	Patience map[Class]Seconds `json:"patience_s"`
	// HelpAfter is the further patience for a channel that a counter only helps with.
	HelpAfter Seconds `json:"help_after_s"`
	// AbsentGrace is how long an absent citizen may come back.
	AbsentGrace Seconds `json:"absent_grace_s"`
	// AbsentDelay is what an absent citizen who comes back loses of the seniority.
	AbsentDelay Seconds `json:"absent_delay_s"`
	// Postpone is by how much a citizen may let others go first, once; 0: not at all.
	Postpone Seconds `json:"postpone_s,omitempty"`
	// RecallEvery is the shortest time between two announcements of one call.
	RecallEvery Seconds `json:"recall_every_s"`
	// RecallMax is the number of recalls after which one more makes the ticket absent.
	RecallMax int `json:"recall_max"`
	// PassedOver is what a ticket that was called becomes when the clerk goes on without having
	// begun with it; empty: served.
	PassedOver PassedOver `json:"passed_over,omitempty"`
	// RequeueAvoid is how long a requeued ticket isn't called by the same counter.
	RequeueAvoid Seconds `json:"requeue_avoid_s"`
	// SentPatience is how long a ticket that a transfer sent to a counter is for that counter
	// alone, while it is open or paused; 0: ten minutes.
	SentPatience Seconds `json:"sent_patience_s"`
	// AppointmentEarly is how long before its slot an appointment may be called; nil, as in the
	// documents of older versions: ten minutes.
	AppointmentEarly *Seconds `json:"appointment_early_s,omitempty"`
	// ForgottenAfter is how long a ticket is at a counter before its clerk is asked whether the
	// visit was forgotten; 0: two hours and a half.
	ForgottenAfter Seconds `json:"forgotten_after_s"`
	// UndoFor is how long the last step at a counter can be undone; 0: not at all.
	UndoFor Seconds `json:"undo_for_s"`
	// HoardMax tickets from one totem within HoardWindow are the most it gives.
	HoardMax    int     `json:"hoard_max"`
	HoardWindow Seconds `json:"hoard_window_s"`
	// FitChance is the chance of being served before closing that channels with FitHours promise,
	// 0.5 to 0.99; 0: 0.9.
	FitChance float64 `json:"fit_chance,omitempty"`
	// OfflineNumbers is how many numbers of each letter a totem has to give by itself while it
	// can't reach the server; 0: a hundred.
	OfflineNumbers int `json:"offline_numbers,omitempty"`
}

// PassedOver is what becomes of a ticket that was called and passed over.
type PassedOver string

// What a ticket that is passed over can become.
const (
	PassedServed PassedOver = "served"
	PassedAbsent PassedOver = "absent"
)

// Channel is a queue for a kind of service.
type Channel struct {
	ID     ChannelID `json:"id"`
	Letter string    `json:"letter"` // one capital letter, unique in the office
	Color  string    `json:"color"`  // "#0066cc"; white text on it must be readable
	Name   Text      `json:"name"`
	// Public is a neutral label for the public where the name would reveal something sensitive.
	Public Text `json:"public_name,omitempty"`
	Hint   Text `json:"hint,omitempty"`  // what it is for: one line under the name
	Bring  Text `json:"bring,omitempty"` // what to bring along, a thing on each line

	Season *calendar.Season `json:"season,omitempty"`
	Hours  *calendar.Week   `json:"hours,omitempty"`  // nil: the office's
	Notice Text             `json:"notice,omitempty"` // shown to the public while its season lasts

	// OnDeck is how many of the next tickets are asked to come near; 0: none.
	OnDeck int `json:"on_deck,omitempty"`

	// DailyLimit and IntervalLimit are the most tickets that it gives in a day, and in each of its
	// openings: the morning's, the afternoon's; 0: no limit. A ticket cancelled before its call
	// doesn't count.
	DailyLimit    int `json:"daily_limit,omitempty"`
	IntervalLimit int `json:"interval_limit,omitempty"`
	// LastTicket stops the issue this long before closing.
	LastTicket Seconds `json:"last_ticket_s,omitempty"`
	// ServiceTime is the usual time at the counter. With FitHours tickets end when who takes one is
	// no longer likely enough to be served before closing, see [Policy.FitChance].
	ServiceTime Seconds `json:"service_time_s,omitempty"`
	FitHours    bool    `json:"fit_hours,omitempty"`
	// Patience, where given, replaces the office's for this channel.
	Patience map[Class]Seconds `json:"patience_s,omitempty"`
}

// Label returns the channel's public name.
func (c *Channel) Label() Text {
	if len(c.Public) > 0 {
		return c.Public
	}
	return c.Name
}

// Counter is a desk.
type Counter struct {
	ID     CounterID `json:"id"`
	Name   Text      `json:"name"`
	Place  Text      `json:"place,omitempty"`  // floor or room
	Serves []Serve   `json:"serves,omitempty"` // its own channels, in order
	// Others says how it serves the channels that aren't its own.
	Others Others `json:"others"`
	// Classes, where given, are the only ones it serves.
	Classes []Class `json:"classes,omitempty"`
}

// Serve is a channel of a counter; After is the further patience there.
type Serve struct {
	Channel ChannelID `json:"channel"`
	After   Seconds   `json:"after_s,omitempty"`
}

// Others is how a counter serves the channels that aren't its own.
type Others string

// The ways to serve others' channels.
const (
	OthersHelp  Others = "help"  // as its own, but Policy.HelpAfter later
	OthersIdle  Others = "idle"  // only when nobody waits for its own
	OthersNever Others = "never" // a reserved counter
)

// Service is something that is done for citizens, counted as an outcome.
type Service struct {
	ID      string    `json:"id"`
	Channel ChannelID `json:"channel,omitempty"`
	Name    Text      `json:"name"`
	Words   Text      `json:"words,omitempty"`    // everyday ones by which it is looked for, with commas between them
	Bring   Text      `json:"bring,omitempty"`    // what to bring along, a thing on each line
	OnTotem bool      `json:"on_totem,omitempty"` // the totem offers it under its channel
}

// Notice is a message of public interest on the monitors and the public page.
type Notice struct {
	ID   string        `json:"id"`
	Text Text          `json:"text"`
	From calendar.Date `json:"from,omitempty"` // empty: from now on
	To   calendar.Date `json:"to,omitempty"`   // included; empty: until removed
	// Spoken has it read aloud as well, between the calls.
	Spoken bool `json:"spoken,omitempty"`
}

// Shown reports whether the notice is shown on d.
func (n *Notice) Shown(d calendar.Date) bool {
	return (n.From == "" || n.From <= d) && (n.To == "" || d <= n.To)
}

// Location returns the office's time zone.
func (c *Config) Location() (*time.Location, error) { return time.LoadLocation(c.TimeZone) }

// Channel returns the channel with the id, or nil.
func (c *Config) Channel(id ChannelID) *Channel {
	return find(c.Channels, func(x *Channel) bool { return x.ID == id })
}

// Counter returns the counter with the id, or nil.
func (c *Config) Counter(id CounterID) *Counter {
	return find(c.Counters, func(x *Counter) bool { return x.ID == id })
}

// Display returns the display with the id, or nil.
func (c *Config) Display(id DisplayID) *Display {
	return find(c.Displays, func(x *Display) bool { return x.ID == id })
}

func find[T any](list []T, is func(*T) bool) *T {
	for i := range list {
		if is(&list[i]) {
			return &list[i]
		}
	}
	return nil
}

// number gives the n-th ticket of a letter its name: at least three digits, wider past 999.
func number(letter string, n int) string {
	const width = 3
	var buf [16]byte
	i := len(buf)
	for d := 0; d < width || n > 0; d++ {
		i--
		buf[i] = byte('0' + n%10)
		n /= 10
	}
	return letter + string(buf[i:])
}

// ParseNumber brings what a clerk types ("a42", "A 042") to the form of a ticket's number.
func ParseNumber(s string) (string, bool) {
	s = strings.ToUpper(strings.Join(strings.Fields(s), ""))
	if len(s) < 2 || len(s) > 10 || s[0] < 'A' || s[0] > 'Z' {
		return "", false
	}
	n := 0
	for _, d := range []byte(s[1:]) {
		if d < '0' || d > '9' {
			return "", false
		}
		n = n*10 + int(d-'0')
	}
	return number(s[:1], n), n > 0
}

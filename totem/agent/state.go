package agent

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/eliminacode/eliminacode/pkg/client"
	"github.com/eliminacode/eliminacode/totem/told"
)

// state is all that the agent must know after a restart. It changes by records alone.
type state struct {
	Key     []byte             `json:"key"`              // of tickets' ids
	Token   string             `json:"token,omitempty"`  // from pairing
	Holder  string             `json:"holder,omitempty"` // whose blocks these are, by a hash of the token
	Blocks  []client.Block     `json:"blocks,omitempty"`
	Used    map[string]int     `json:"used,omitempty"` // the last number given, by [useOf]
	View    json.RawMessage    `json:"view,omitempty"` // the last one of the server's, as far as it says how the office is
	Base    string             `json:"base,omitempty"` // what stands before the ids of tickets in their addresses
	Known   time.Time          `json:"known,omitzero"` // it isn't earlier than this
	Ahead   time.Duration      `json:"ahead,omitempty"`
	Latest  time.Time          `json:"latest,omitzero"` // when the last ticket was given here
	Run     int64              `json:"run"`             // of the agent: how often it has started
	Tickets map[string]*ticket `json:"tickets,omitempty"`
	Outbox  []item             `json:"outbox,omitempty"` // in the order in which the server is to hear of it
	Next    int64              `json:"next"`             // seq of the next item
}

// ticket is one that was asked for here, or printed.
type ticket struct {
	ID        string          `json:"id"`
	Digest    string          `json:"digest,omitempty"`  // of what was asked for; empty: not here
	Service   string          `json:"service,omitempty"` // that it was asked for; empty: none
	At        time.Time       `json:"at"`
	Answer    json.RawMessage `json:"answer,omitempty"`  // the server's
	Offline   *given          `json:"offline,omitempty"` // set for one that was given without the server
	Cancelled bool            `json:"cancelled,omitempty"`
	Abandoned bool            `json:"abandoned,omitempty"` // nobody holds it: who asks again gets another
	Jobs      []job           `json:"jobs,omitempty"`      // in the order in which they were begun
	// Refused is why the office didn't take it over, by name; empty: it did, or hasn't heard of it.
	Refused string `json:"refused,omitempty"`
}

// given is a ticket that the agent gave by itself.
type given struct {
	Number   string    `json:"number"`
	Channel  string    `json:"channel"`
	Class    string    `json:"class,omitempty"`
	Language string    `json:"language,omitempty"`
	At       time.Time `json:"at"`
	Run      int64     `json:"run"`   // in which it was given, with a clock that may turn out to be wrong
	Use      string    `json:"use"`   // of its number
	N        int       `json:"n"`     //
	Ahead    int       `json:"ahead"` // as far as was known
	Office   string    `json:"office,omitempty"`
	Zone     string    `json:"zone"`          // of the office
	Sure     bool      `json:"sure,omitzero"` // the time counts as known: what the server's clock says later doesn't move it
}

// job is one copy of a ticket on its way through the printer.
type job struct {
	Copy   string `json:"copy"`
	Result string `json:"result,omitempty"` // empty: begun
	Reason string `json:"reason,omitempty"`
}

// fields are those of a ticket's answer that tell of the job; nil: there is none.
func (j *job) fields() map[string]any {
	set := map[string]any{"printed": printedNo, "print_reason": nil}
	if j != nil {
		set["printed"] = orPending(j.Result)
	}
	if j != nil && j.Reason != "" {
		set["print_reason"] = j.Reason
	}
	return set
}

// The kinds of items.
const (
	itemTicket  = "ticket"
	itemCancel  = "cancel"
	itemPrinted = "printed"
)

// item is something that the server has to hear of.
type item struct {
	Seq    int64  `json:"seq"`
	Kind   string `json:"kind"`
	Ticket string `json:"ticket"`
	Copy   string `json:"copy,omitempty"`
	Result string `json:"result,omitempty"`
	Reason string `json:"reason,omitempty"`
}

// The kinds of records.
const (
	recState     = "state"     // everything, as it was when the file was written anew
	recKey       = "key"       //
	recRun       = "run"       // the agent has started
	recToken     = "token"     //
	recLeases    = "leases"    //
	recTime      = "time"      // the server has told the time
	recView      = "view"      //
	recBegin     = "begin"     // a ticket is asked of the server, and its first copy may be printed from now on
	recAnswer    = "answer"    // the server gave it
	recWithdraw  = "withdraw"  // the server refused it
	recAbandon   = "abandon"   // the server didn't answer, and there was no other: it takes it back
	recOffline   = "offline"   // the agent gave it
	recJob       = "job"       // a copy may be printed from now on
	recResult    = "result"    // what became of it
	recCancel    = "cancel"    // its holder gave the place up
	recDelivered = "delivered" // the server has heard of an item
	recCorrect   = "correct"   // the times of a run's tickets were wrong
)

// record is an entry of the journal.
type record struct {
	Kind    string          `json:"k"`
	At      time.Time       `json:"at,omitzero"`
	Ticket  string          `json:"ticket,omitempty"`
	Copy    string          `json:"copy,omitempty"`
	Digest  string          `json:"digest,omitempty"`
	Service string          `json:"service,omitempty"`
	Text    string          `json:"text,omitempty"` // key, token, holder, base
	JSON    json.RawMessage `json:"json,omitempty"` // view, answer
	Blocks  []client.Block  `json:"blocks,omitempty"`
	By      time.Duration   `json:"by,omitempty"` // of times
	Run     int64           `json:"run,omitempty"`
	Seq     int64           `json:"seq,omitempty"`
	Given   *given          `json:"given,omitempty"`
	Prints  bool            `json:"prints,omitempty"` // its first copy may be printed from now on
	Result  string          `json:"result,omitempty"`
	Reason  string          `json:"reason,omitempty"`
	Quiet   bool            `json:"quiet,omitempty"` // nothing for the server to hear
	State   *state          `json:"state,omitempty"`
	Uses    map[string]int  `json:"uses,omitempty"`
	Refused string          `json:"refused,omitempty"` // why the server won't hear of it
}

// apply has a record change the state.
func (s *state) apply(r *record) {
	if r.Kind == recState && r.State != nil {
		*s = *r.State
	}
	if s.Tickets == nil {
		s.Tickets = map[string]*ticket{}
	}
	if s.Used == nil {
		s.Used = map[string]int{}
	}
	if r.Kind != recTime && r.At.After(s.Known) {
		s.Known = r.At
	}
	switch r.Kind {
	case recKey:
		s.Key = []byte(r.Text)
	case recRun:
		s.Run++
	case recToken:
		s.Token = r.Text
	case recLeases:
		s.Holder, s.Blocks = r.Text, r.Blocks
	case recTime:
		s.Known, s.Ahead = r.At, r.By
	case recView:
		s.View = r.JSON
	case recDelivered:
		s.delivered(r)
	case recCorrect:
		s.correct(r)
	default:
		s.applyTicket(r)
	}
}

// delivered takes an item out of the outbox, and keeps in mind whose ticket the office didn't take.
func (s *state) delivered(r *record) {
	s.Outbox = slices.DeleteFunc(s.Outbox, func(i item) bool {
		if t := s.Tickets[i.Ticket]; i.Seq == r.Seq && i.Kind == itemTicket && r.Refused != "" && t != nil {
			t.Refused = cmp.Or(r.Reason, string(reasonRefused))
		}
		return i.Seq == r.Seq
	})
}

// applyTicket has a record about a ticket change the state.
func (s *state) applyTicket(r *record) {
	switch r.Kind {
	case recBegin:
		t := s.ticket(r)
		t.Digest, t.Service = r.Digest, r.Service
		if r.Prints {
			t.begin(firstCopy)
		}
	case recAnswer:
		t := s.ticket(r)
		t.Answer, t.At = r.JSON, r.At
		s.Latest = r.At
		s.Base = cmp.Or(r.Text, s.Base)
	case recWithdraw:
		delete(s.Tickets, r.Ticket)
	case recAbandon:
		t := s.ticket(r)
		t.Abandoned = true
		t.Jobs = nil // nothing was printed
		s.send(item{Kind: itemCancel, Ticket: r.Ticket})
	case recOffline:
		t := s.ticket(r)
		t.Digest, t.Service, t.Offline, t.At = r.Digest, r.Service, r.Given, r.Given.At
		s.Latest = r.Given.At
		if r.Prints {
			t.begin(firstCopy)
		}
		s.use(r.Given.Use, r.Given.N)
		s.send(item{Kind: itemTicket, Ticket: r.Ticket})
	case recJob:
		s.ticket(r).begin(r.Copy)
	case recResult:
		j := s.ticket(r).begin(r.Copy)
		j.Result, j.Reason = r.Result, r.Reason
		if !r.Quiet {
			s.send(item{Kind: itemPrinted, Ticket: r.Ticket, Copy: r.Copy, Result: r.Result, Reason: r.Reason})
		}
	case recCancel:
		s.ticket(r).Cancelled = true
		if !r.Quiet {
			s.send(item{Kind: itemCancel, Ticket: r.Ticket})
		}
	}
}

func (s *state) ticket(r *record) *ticket {
	t := s.Tickets[r.Ticket]
	if t == nil {
		t = &ticket{ID: r.Ticket, At: r.At}
		s.Tickets[r.Ticket] = t
	}
	return t
}

// clone is a copy that the state's changes leave alone.
func (t *ticket) clone() *ticket {
	c := *t
	c.Jobs = slices.Clone(t.Jobs)
	if t.Offline != nil {
		c.Offline = new(*t.Offline)
	}
	return &c
}

// job is that of a copy; nil: it wasn't begun.
func (t *ticket) job(copied string) *job {
	i := slices.IndexFunc(t.Jobs, func(j job) bool { return j.Copy == copied })
	if i < 0 {
		return nil
	}
	return &t.Jobs[i]
}

// begin notes that a copy may be printed from now on; one that was begun before stays what it is.
func (t *ticket) begin(copied string) *job {
	if j := t.job(copied); j != nil {
		return j
	}
	t.Jobs = append(t.Jobs, job{Copy: copied})
	return &t.Jobs[len(t.Jobs)-1]
}

// lastJob is the newest copy's; nil: there is none.
func (t *ticket) lastJob() *job {
	if len(t.Jobs) == 0 {
		return nil
	}
	return &t.Jobs[len(t.Jobs)-1]
}

func (s *state) send(i item) {
	s.Next++
	i.Seq = s.Next
	s.Outbox = append(s.Outbox, i)
}

func (s *state) use(key string, n int) { s.Used[key] = max(s.Used[key], n) }

// guessed are the tickets that the server hasn't heard of, whose times turn out to have been wrong
// by so much when a run's does. The guess of a run begins where the one before ended at the
// earliest: one that is behind has been so before, for all anybody knows, and nobody who may be
// waiting must count as having come on another day. Of one that is ahead that isn't so.
func (s *state) guessed(run int64, by time.Duration) []*ticket {
	return slices.DeleteFunc(s.unsent(), func(t *ticket) bool {
		return t.Offline.Sure || t.Offline.Run != run && by < 0
	})
}

// correct moves the times of those that a run has guessed; they stay in order, also after those
// whose times are as they were. Their numbers count as given on the day on which they turn out to
// have been. From then on all times count as known: when the server's clock moves later, that says
// nothing of them.
func (s *state) correct(r *record) {
	guessed := s.guessed(r.Run, r.By)
	s.Latest = time.Time{}
	for _, t := range s.Tickets {
		at := t.At
		if t.Offline != nil {
			at = t.Offline.At
		}
		if at.After(s.Latest) && !slices.Contains(guessed, t) {
			s.Latest = at
		}
	}
	for _, t := range guessed {
		t.Offline.At = s.inOrder(t.Offline.At.Add(r.By))
		s.Latest = t.Offline.At
	}
	for _, t := range s.unsent() {
		t.Offline.Sure = true
	}
	for key, n := range r.Uses {
		s.use(key, n)
	}
}

// inOrder is the time of a ticket that is given now: not before the last one's, though the server's
// clock may have been set back a little in between.
func (s *state) inOrder(now time.Time) time.Time {
	if d := s.Latest.Sub(now); d > 0 && d < sameTime {
		return s.Latest
	}
	return now
}

// unsent are the tickets that the server hasn't heard of, in the order in which they were given.
func (s *state) unsent() (list []*ticket) {
	for _, i := range s.Outbox {
		if t := s.Tickets[i.Ticket]; i.Kind == itemTicket && t != nil && t.Offline != nil {
			list = append(list, t)
		}
	}
	return list
}

// refused are the tickets that the office hasn't taken over, of those that somebody may hold or ask
// about, in the order in which they were given.
func (s *state) refused(now time.Time) []client.Refused {
	var list []client.Refused
	of := func(t *ticket) bool { return t.Refused != "" && t.Offline != nil && now.Sub(t.Offline.At) < keptFor }
	for _, t := range slices.Backward(s.newest(refusedShown, of)) {
		at := t.Offline.At.In(told.Zone(t.Offline.Zone)).Truncate(time.Second)
		list = append(list, client.Refused{Number: t.Offline.Number, IssuedAt: at, Reason: t.Refused})
	}
	return list
}

// block is that of a letter.
func (s *state) block(letter string) (b client.Block, ok bool) {
	i := slices.IndexFunc(s.Blocks, func(b client.Block) bool { return b.Letter == letter })
	if i < 0 {
		return b, false
	}
	return s.Blocks[i], true
}

// useOf names the use of a block on a day.
func useOf(day string, b client.Block) string {
	return day + "/" + b.Letter + "/" + strconv.Itoa(b.From)
}

// next is the number of a block that comes next on a day. When the day isn't sure, none comes that
// was given on any day of late.
func (s *state) next(day string, sure bool, b client.Block) (n int, ok bool) {
	n = s.Used[useOf(day, b)]
	if !sure {
		for key, used := range s.Used {
			if strings.HasSuffix(key, useOf("", b)) {
				n = max(n, used)
			}
		}
	}
	n = max(n+1, b.From)
	return n, n <= b.To
}

const (
	// keptFor is how long a ticket is remembered, so that asking again gets the same answer.
	keptFor = 48 * time.Hour
	// daysUsed is for how many days it is remembered which numbers were given.
	daysUsed = 4
)

// forget drops what nobody can ask for any more.
func (s *state) forget() {
	open := map[string]bool{}
	for _, i := range s.Outbox {
		open[i.Ticket] = true
	}
	maps.DeleteFunc(s.Tickets, func(id string, t *ticket) bool { return !open[id] && s.Known.Sub(t.At) > keptFor })
	oldest := s.Known.AddDate(0, 0, -daysUsed).Format(time.DateOnly)
	maps.DeleteFunc(s.Used, func(key string, _ int) bool { return key < oldest })
}

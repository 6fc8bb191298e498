// Package queuetest holds what people were told by an office against what one
// person with pencil and paper would have told them.
//
// The office must be a plain one: channels of one patience, counters that serve
// all of them, so that the ticket to be called next is the one that was given first.
package queuetest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/anishathalye/porcupine"

	"github.com/eliminacode/eliminacode/pkg/queue"
)

// Verb is what can be asked for.
type Verb string

// The verbs.
const (
	Issue Verb = "issue"
	Next  Verb = "next"
	Call  Verb = "call"
	Done  Verb = "done"
)

// Ask is what a client asked for.
type Ask struct {
	Verb    Verb
	Letter  string // of the channel of an Issue: "A" to "Z"
	Counter int    // of the others: 0 to 9, open
	Number  string // of a Call
}

// Told is what the client was told.
type Told struct {
	Number  string     // of the ticket; empty for a Next when nobody waits
	Code    queue.Code // of a refusal
	Unknown bool       // there was no answer: it happened at any time since, or will, or never
}

// Plain returns the configuration of a plain office.
func Plain() *queue.Config {
	cfg := queue.Default()
	for i := range cfg.Counters {
		cfg.Counters[i].Serves = nil
	}
	return cfg
}

// paper is the office on a sheet of paper.
type paper struct {
	given   [26]int    // the last number by letter
	waiting string     // numbers, each after a comma, those first who came first
	at      [10]string // by counter
}

// do carries out what is asked for, and says what to tell.
func (p *paper) do(a Ask) Told {
	switch a.Verb {
	case Issue:
		n := &p.given[a.Letter[0]-'A']
		*n++
		number := fmt.Sprintf("%s%03d", a.Letter, *n)
		p.waiting += "," + number
		return Told{Number: number}
	case Next:
		first, rest, more := strings.Cut(strings.TrimPrefix(p.waiting, ","), ",")
		p.at[a.Counter], p.waiting = first, rest
		if more {
			p.waiting = "," + rest
		}
		return Told{Number: first}
	case Call:
		before, after, waits := strings.Cut(p.waiting+",", ","+a.Number+",")
		switch {
		case waits:
			p.waiting = strings.TrimSuffix(before+","+after, ",")
			p.at[a.Counter] = a.Number
			return Told{Number: a.Number}
		case slices.Contains(p.at[:], a.Number):
			return Told{Code: queue.NotCallable}
		case a.Number <= fmt.Sprintf("%c%03d", a.Number[0], p.given[a.Number[0]-'A']): // it was served
			p.at[a.Counter] = a.Number
			return Told{Number: a.Number}
		}
		return Told{Code: queue.UnknownTicket}
	case Done:
		number := p.at[a.Counter]
		if number == "" {
			return Told{Code: queue.NoCurrentTicket}
		}
		p.at[a.Counter] = ""
		return Told{Number: number}
	}
	panic("no such verb: " + a.Verb)
}

// Model is the sheet of paper for the checker: each operation's input is an
// [Ask], its output a [Told]. One that was never answered has Unknown set and
// returns after all others.
func Model() porcupine.Model {
	return porcupine.Model{
		Init: func() any { return paper{} },
		Step: func(state, in, out any) (bool, any) {
			p := state.(paper)
			told := p.do(in.(Ask))
			return out.(Told).Unknown || out.(Told) == told, p
		},
		DescribeOperation: func(in, out any) string {
			a, told := in.(Ask), out.(Told)
			what := fmt.Sprintf("%s at %d %s", a.Verb, a.Counter+1, a.Number)
			if a.Verb == Issue {
				what = "issue " + a.Letter
			}
			if told.Unknown {
				return what + " → ?"
			}
			return what + " → " + strings.TrimSpace(told.Number+" "+string(told.Code))
		},
		DescribeState: func(state any) string { return fmt.Sprintf("%+v", state) },
	}
}

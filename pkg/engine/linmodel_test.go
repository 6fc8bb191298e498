package engine_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/anishathalye/porcupine"

	"github.com/eliminacode/eliminacode/pkg/queue"
)

// The office of the histories: the ticket to be called next is the one that was given first. With
// one channel a number tells its place among all; with more, the search for an order would have to
// try those of all tickets that were given at the same time.
var (
	lineChannels = [...]queue.ChannelID{"anagrafe"}
	lineLetters  = [...]string{"A"}
	lineCounters = [...]queue.CounterID{"1", "2", "3"}
)

func lineConfig() *queue.Config {
	cfg := queue.Default()
	for i := range cfg.Counters {
		cfg.Counters[i].Serves = nil
	}
	return cfg
}

// lineInput is an operation of a client.
type lineInput struct {
	verb    string // "issue", "next", "call" or "done"
	channel int    // of "issue"
	counter int    // of the others
	number  string // of "call"
}

// lineOutput is what the client was told.
type lineOutput struct {
	number string // empty for a "next" when nobody is waiting
	code   queue.Code
}

// line is the office as one person at one desk with pencil and paper would run it.
type line struct {
	issued  [len(lineChannels)]int
	waiting string // numbers of four characters, those first who came first
	at      [len(lineCounters)]string
}

// step carries out an operation, and reports whether the output is what it leads to.
func (l line) step(in lineInput, out lineOutput) (bool, line) {
	told := func(number string, code queue.Code) bool { return out == lineOutput{number, code} }
	switch in.verb {
	case "issue":
		l.issued[in.channel]++
		number := fmt.Sprintf("%s%03d", lineLetters[in.channel], l.issued[in.channel])
		l.waiting += number
		return told(number, ""), l
	case "next":
		l.at[in.counter] = ""
		if l.waiting != "" {
			l.at[in.counter], l.waiting = l.waiting[:4], l.waiting[4:]
		}
		return told(l.at[in.counter], ""), l
	case "call":
		at := strings.Index(l.waiting, in.number)
		switch {
		case at >= 0:
			l.waiting = l.waiting[:at] + l.waiting[at+4:]
			l.at[in.counter] = in.number
			return told(in.number, ""), l
		case slices.Contains(l.at[:], in.number):
			return told("", queue.NotCallable), l
		case l.given(in.number): // it was served
			l.at[in.counter] = in.number
			return told(in.number, ""), l
		}
		return told("", queue.UnknownTicket), l
	case "done":
		number := l.at[in.counter]
		if number == "" {
			return told("", queue.NoCurrentTicket), l
		}
		l.at[in.counter] = ""
		return told(number, ""), l
	}
	panic("no such verb: " + in.verb)
}

// given reports whether the number was given to somebody.
func (l line) given(number string) bool {
	for c, letter := range lineLetters {
		if strings.HasPrefix(number, letter) {
			return number <= fmt.Sprintf("%s%03d", letter, l.issued[c])
		}
	}
	return false
}

// lineModel is line in the form that the checker wants.
func lineModel() porcupine.Model {
	return porcupine.Model{
		Init: func() any { return line{} },
		Step: func(state, in, out any) (bool, any) { return state.(line).step(in.(lineInput), out.(lineOutput)) },
		DescribeOperation: func(in, out any) string {
			i, o := in.(lineInput), out.(lineOutput)
			what := []string{i.verb}
			if i.verb == "issue" {
				what = append(what, string(lineChannels[i.channel]))
			} else {
				what = append(what, "at "+string(lineCounters[i.counter]), i.number)
			}
			return strings.TrimSpace(strings.Join(what, " ")) + " → " + strings.TrimSpace(o.number+" "+string(o.code))
		},
		DescribeState: func(state any) string { return fmt.Sprintf("%+v", state) },
	}
}

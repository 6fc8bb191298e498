// Package words says to people what the rules say by name: refusals, faults, the states of tickets,
// the reasons for a choice, how it stands with an office and when it opens. There is one catalogue
// for each language, of which the pages have a copy. What a citizen takes along, on paper or on the
// phone, is said in more languages than the rest.
package words

import (
	"cmp"
	"embed"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/eliminacode/eliminacode/pkg/queue"
)

//go:generate go run ./jsgen -out ../../displays/lib/catalogue.js -more ../../displays/lib/catalogue-more.js .
//go:embed *.json
var files embed.FS

// Languages are those that everything is said in; the first is the default.
var Languages = []string{"it", "en"}

// A Phrase is a sentence with {name} where an argument goes, or {name:date} and {name:clock} for a
// part of a moment. If it has forms, the number {n} chooses one of them.
type Phrase struct {
	Other string
	forms map[string]string // of the plural, by category; nil: Other alone
}

// MarshalJSON writes a sentence, or an object of its forms.
func (p Phrase) MarshalJSON() ([]byte, error) {
	if p.forms == nil {
		return json.Marshal(p.Other)
	}
	return json.Marshal(p.forms)
}

// UnmarshalJSON reads a sentence, or an object of its forms.
func (p *Phrase) UnmarshalJSON(b []byte) error {
	if b[0] == '"' {
		return json.Unmarshal(b, &p.Other)
	}
	err := json.Unmarshal(b, &p.forms)
	p.Other = p.forms[pluralOther]
	return err
}

// catalogue is what is said in one language, by group and name.
type catalogue map[string]map[string]Phrase

var catalogues = read()

func read() map[string]catalogue {
	all := map[string]catalogue{}
	for _, lang := range Languages {
		all[lang] = readOne(lang)
	}
	return all
}

func readOne(lang string) catalogue {
	b, err := files.ReadFile(lang + ".json")
	if err != nil {
		panic(err)
	}
	var c catalogue
	if err := json.Unmarshal(b, &c); err != nil {
		panic(fmt.Sprintf("words: %s.json: %v", lang, err))
	}
	return c
}

// Refusal says why a command was refused, and what to do next.
func Refusal(r *queue.Refusal) queue.Text { return Reason(r.Reason, r.Args) }

// NoTicket says to a citizen why there is no ticket: in few languages exactly, in the others of
// [Spoken] what it comes to, for as far as there are words.
func NoTicket(r *queue.Refusal) queue.Text {
	text := queue.Text{}
	switch r.Code {
	case queue.ChannelClosed, queue.OfficeClosed:
		text = Say("refused", "closed", nil)
	case queue.ChannelFull:
		text = Say("refused", "full", nil)
	case queue.RateLimited:
		text = Say("refused", "many", nil)
	}
	maps.Copy(text, Refusal(r))
	return text
}

// Fault says what is wrong at the fault's place, which it doesn't name.
func Fault(f queue.Fault) queue.Text { return Reason(f.Reason, f.Args) }

// Reason says a reason with its arguments.
func Reason(why queue.Reason, args queue.Args) queue.Text { return Say("reasons", string(why), args) }

// State gives the name of a ticket's state, as it stands within a sentence.
func State(s queue.TicketState) queue.Text { return Say("states", string(s), nil) }

// Why says why a ticket is the next, as the console shows it after the number.
func Why(w queue.Why) queue.Text { return Say("why", string(w), nil) }

// Next says what to do where a page of a face can't be shown.
func Next(face string) queue.Text { return Say("next", face, nil) }

// Say says something by its group and name, in the languages that the group is said in. The name
// itself stands for a phrase that the catalogue lacks.
func Say(group, name string, args queue.Args) queue.Text {
	languages := LanguagesOf(group)
	text := make(queue.Text, len(languages))
	for _, lang := range languages {
		p, ok := spoken(lang, group)[name]
		if !ok {
			p.Other = name
		}
		text[lang] = p.in(lang, args)
	}
	return text
}

// Said is Say in one language alone, one of [LanguagesOf] the group.
func Said(lang, group, name string, args queue.Args) string {
	p, ok := spoken(lang, group)[name]
	if !ok {
		p.Other = name
	}
	return p.in(lang, args)
}

var placeholder = regexp.MustCompile(`\{(\w+)(?::(\w+))?\}`)

func (p Phrase) in(lang string, args queue.Args) string {
	form := p.Other
	if n, ok := args["n"].(int); ok {
		form = cmp.Or(p.forms[plural(lang, n)], form)
	}
	if len(args) == 0 {
		return form
	}
	pairs := make([]string, 0, 2*len(args)+2)
	for _, name := range slices.Sorted(maps.Keys(args)) {
		switch v := args[name].(type) {
		case time.Time:
			pairs = append(pairs, "{"+name+":date}", v.Format(dates[lang]), "{"+name+":clock}", v.Format("15:04"))
		case float64:
			pairs = append(pairs, "{"+name+"}", decimal(lang, v))
		case queue.TicketState:
			pairs = append(pairs, "{"+name+"}", State(v)[lang])
		case queue.Text:
			pairs = append(pairs, "{"+name+"}", Within(lang, v))
		case queue.Fault:
			pairs = append(pairs, "{"+name+"}", v.Path+": "+Fault(v)[lang])
		default:
			pairs = append(pairs, "{"+name+"}", fmt.Sprint(v))
		}
	}
	return strings.NewReplacer(pairs...).Replace(form)
}

// decimal writes a number as the language does: 0.5, "0,5" in Italian.
func decimal(lang string, v float64) string {
	s := strconv.FormatFloat(v, 'f', -1, 64)
	if lang == "en" || lang == "zh" {
		return s
	}
	return strings.Replace(s, ".", ",", 1)
}

var dates = map[string]string{"it": "02/01/2006", "en": "2 January 2006"}

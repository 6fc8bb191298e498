package words

import (
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/eliminacode/eliminacode/pkg/queue"
)

// Spoken are the languages in which a citizen gets a ticket; the first is the default.
var Spoken = []string{"it", "en", "fr", "es", "ro", "sq", "uk", "ar", "zh"}

// further reads the catalogues of those that have no more than what citizens read on paper and on
// their screens, for the first ticket in one of them.
var further = sync.OnceValue(func() map[string]catalogue {
	all := map[string]catalogue{}
	for _, lang := range Spoken {
		if !slices.Contains(Languages, lang) {
			all[lang] = readOne(lang)
		}
	}
	return all
})

// inSpoken is the language itself, if it is one of Spoken, or else the default.
func inSpoken(lang string) string {
	if slices.Contains(Spoken, lang) {
		return lang
	}
	return Spoken[0]
}

// spoken is what one of the languages Spoken has of a group.
func spoken(lang, group string) map[string]Phrase {
	if c, ok := catalogues[lang]; ok {
		return c[group]
	}
	return further()[lang][group]
}

// A phrase names something that a ticket says; totem/paper has the others.
type phrase string

const phraseDate phrase = "date"

// Paper says by its name something that stands on a ticket, in one of Spoken or else in Italian.
func Paper(lang, name string, args queue.Args) string {
	lang = inSpoken(lang)
	return spoken(lang, "paper")[name].in(lang, args)
}

// Dated says a moment with its day, as Paper does: "lunedì 2 marzo 2026, ore 09:41".
func Dated(lang string, t time.Time) string {
	lang = inSpoken(lang)
	return Paper(lang, string(phraseDate), queue.Args{
		"weekday": spoken(lang, "weekdays")[strings.ToLower(t.Weekday().String())].Other,
		"month":   spoken(lang, "months")[strings.ToLower(t.Month().String())].Other,
		"day":     day(lang, t.Day()), "year": t.Year(), "time": t.Format("15:04"),
	})
}

// day writes a day of the month: the first has a number of its own in some languages.
func day(lang string, n int) any {
	if n == 1 {
		switch lang {
		case "it":
			return "1º"
		case "fr":
			return "1er"
		}
	}
	return n
}

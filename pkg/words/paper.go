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

// forCitizens are the groups that are said in all of Spoken.
var forCitizens = []string{"paper", "wait", "ticket", "visit", "advice", "sooner", "connection", "opening", "fate", "refused", "moments", "weekdays", "months"}

// LanguagesOf are those that a group is said in.
func LanguagesOf(group string) []string {
	if slices.Contains(forCitizens, group) {
		return Spoken
	}
	return Languages
}

// RightToLeft is whether a language is written so.
func RightToLeft(lang string) bool { return lang == "ar" }

// Offered are the languages of Spoken that an office with these languages offers: Italian and
// English always.
func Offered(configured []string) []string {
	return slices.DeleteFunc(slices.Clone(Spoken), func(lang string) bool {
		return !slices.Contains(Languages, lang) && !slices.Contains(configured, lang)
	})
}

// Tables are the phrases of groups that citizens read, by group and language.
func Tables(langs []string, groups ...string) map[string]map[string]map[string]Phrase {
	tables := map[string]map[string]map[string]Phrase{}
	for _, group := range groups {
		tables[group] = map[string]map[string]Phrase{}
		for _, lang := range langs {
			tables[group][lang] = spoken(lang, group)
		}
	}
	return tables
}

// The characters around what stands in Italian within a sentence of another language: they keep its
// direction apart, and pages mark what is between them as Italian.
const (
	Apart    = "\u2068"
	ApartEnd = "\u2069"
)

// Within is a text of the configuration as it stands within a sentence of the language: in Italian,
// set apart, where it isn't written in that language.
func Within(lang string, t queue.Text) string {
	said := t.In(lang)
	if said == "" || t[lang] != "" {
		return said
	}
	return Apart + said + ApartEnd
}

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

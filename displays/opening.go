package displays

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/eliminacode/eliminacode/pkg/view"
	"github.com/eliminacode/eliminacode/pkg/words"
)

// These put together, for a page without scripts and in one of words.Spoken, what lib/opening.js
// does: the sentences about an office's opening. displays/test/opening.json holds both to the same
// ones.

// openingWords says in a language what whoever holds a ticket must know: nothing on a
// usual day.
func openingWords(lang string, o view.Opening, now time.Time) string {
	fate := o.Situation
	if o.ReasonUntil != nil && fate == view.IsOpen {
		fate = view.IsClosing // for those of some channels
	}
	parts := []string{told(lang, o, now), words.Fate(string(fate))[lang]}
	if !o.Open && o.OpensAt != nil {
		parts = append(parts, words.Reopens(o.OpensAt.In(now.Location()), now)[lang])
	}
	return joined(parts...)
}

// openingNews is openingWords for whoever only looks how busy it is: that the office is open or
// closed as usual the page says anyway.
func openingNews(lang string, o view.Opening, now time.Time) string {
	unusual := o.ReasonUntil != nil || o.Situation == view.IsFull || o.Situation == view.IsAttended || o.Situation == view.IsClosing || o.Situation == view.IsExtra
	if len(o.Reasons) == 0 && !unusual {
		return ""
	}
	return openingWords(lang, o, now)
}

// told says how it stands with the office, with the reason; the reason of some channels by itself.
func told(lang string, o view.Opening, now time.Time) string {
	reason, part := words.Within(lang, o.Reasons), words.Within(lang, o.ReasonFor)
	aside := ""
	if part != "" {
		if o.ReasonUntil != nil {
			part = words.Part(o.ReasonFor, o.ReasonUntil.In(now.Location()), now)[lang]
		}
		aside, reason = sentence(lang, part, reason), ""
	}
	if o.Situation == view.IsOpen {
		return aside
	}
	closes := ""
	if o.ClosesAt != nil {
		closes = o.ClosesAt.In(now.Location()).Format("15:04")
	}
	return joined(sentence(lang, words.Opening(string(o.Situation), closes)[lang], reason), aside)
}

// ended is what ends as a sentence does.
var ended = regexp.MustCompile(`[.!?…。！？؟]\x{2069}?$`)

// sentence ends what is said, with what explains it if there is anything.
func sentence(lang, what, why string) string {
	if why != "" {
		what += ": " + why
	}
	if ended.MatchString(what) {
		return what
	}
	if lang == "zh" {
		return what + "。"
	}
	return what + "."
}

// joined leaves out what is empty.
func joined(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), " ")
}

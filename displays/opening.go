package displays

import (
	"fmt"
	"strings"
	"time"

	"github.com/eliminacode/eliminacode/pkg/view"
	"github.com/eliminacode/eliminacode/pkg/words"
)

// These say, for a page without scripts, what lib/opening.js says: whether the office is open,
// until when and why, and what becomes of those who hold a ticket.

// situation is how it stands with an office, as package words' catalogue names it.
type situation string

const (
	isOpen     situation = "open"
	isClosing  situation = "closing"  // open, but today it closes for a reason
	isAttended situation = "attended" // closed, but somebody is at a counter
	isBreak    situation = "break"    // it opens again today
	hasEnded   situation = "ended"    // and with it today's tickets
	isClosed   situation = "closed"
)

func situationOf(o view.Opening, now time.Time) situation {
	today := func(t *time.Time) bool { return t != nil && midnight(t.In(now.Location())).Equal(midnight(now)) }
	switch {
	case o.Open && len(o.Reasons) > 0 && today(o.ClosesAt):
		return isClosing
	case o.Open:
		return isOpen
	case o.Attended:
		return isAttended
	case o.Ended:
		return hasEnded
	case today(o.OpensAt):
		return isBreak
	}
	return isClosed
}

var reopens = map[string]string{"it": "Si riapre %s.", "en": "We reopen %s."}

// openingWords says in a language, it or en, what whoever holds a ticket must know: nothing on a
// usual day.
func openingWords(lang string, o view.Opening, now time.Time) string {
	which := situationOf(o, now)
	if which == isOpen {
		return ""
	}
	what := words.Opening(string(which))[lang]
	if o.ClosesAt != nil {
		what = strings.ReplaceAll(what, "{time}", o.ClosesAt.In(now.Location()).Format("15:04"))
	}
	if reason := o.Reasons.In(lang); reason != "" {
		what += ": " + reason
	}
	if !strings.HasSuffix(what, ".") {
		what += "."
	}
	parts := []string{what}
	if fate := words.Fate(string(which))[lang]; fate != "" {
		parts = append(parts, fate)
	}
	if !o.Open && o.OpensAt != nil {
		parts = append(parts, fmt.Sprintf(reopens[lang], coming(lang, o.OpensAt.In(now.Location()), now)))
	}
	return strings.Join(parts, " ")
}

// openingNews is openingWords for whoever only looks how busy it is: that the office is closed the
// page says anyway.
func openingNews(lang string, o view.Opening, now time.Time) string {
	if len(o.Reasons) == 0 && !(o.Attended && !o.Open) {
		return ""
	}
	return openingWords(lang, o, now)
}

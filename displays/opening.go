package displays

import (
	"strings"
	"time"

	"github.com/eliminacode/eliminacode/pkg/view"
)

// These say, for a page without scripts, what lib/opening.js says: whether the office is open,
// until when and why, and what becomes of those who hold a ticket.

// What each situation is, and what becomes of tickets in it.
var (
	told = map[string]map[string]string{
		"it": {
			"closing": "Oggi si chiude alle {time}", "attended": "La sede ha chiuso", "break": "La sede è chiusa",
			"ended": "La sede ha chiuso", "closed": "La sede è chiusa", "reopens": "Si riapre {when}.",
		},
		"en": {
			"closing": "Today we close at {time}", "attended": "The office has closed", "break": "The office is closed",
			"ended": "The office has closed", "closed": "The office is closed", "reopens": "We reopen {when}.",
		},
	}
	fates = map[string]map[string]string{
		"it": {
			"closing":  "Chi ha già il biglietto viene servito finché gli sportelli sono aperti.",
			"attended": "Chi ha già il biglietto viene servito finché gli sportelli sono aperti.",
			"break":    "Chi ha già il biglietto mantiene il posto.",
			"ended":    "I biglietti di oggi non valgono più.",
		},
		"en": {
			"closing":  "If you already have a ticket, you will be served as long as the counters are open.",
			"attended": "If you already have a ticket, you will be served as long as the counters are open.",
			"break":    "If you already have a ticket, you keep your place.",
			"ended":    "Today’s tickets are no longer valid.",
		},
	}
)

func situation(o view.Opening, now time.Time) string {
	today := func(t *time.Time) bool { return t != nil && midnight(t.In(now.Location())).Equal(midnight(now)) }
	switch {
	case o.Open && len(o.Reasons) > 0 && today(o.ClosesAt):
		return "closing"
	case o.Open:
		return "open"
	case o.Attended:
		return "attended"
	case o.Ended:
		return "ended"
	case today(o.OpensAt):
		return "break"
	}
	return "closed"
}

// openingWords says in a language, it or en, what whoever holds a ticket must know: nothing on a
// usual day.
func openingWords(lang string, o view.Opening, now time.Time) string {
	which := situation(o, now)
	if which == "open" {
		return ""
	}
	what := told[lang][which]
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
	if fate := fates[lang][which]; fate != "" {
		parts = append(parts, fate)
	}
	if !o.Open && o.OpensAt != nil {
		parts = append(parts, strings.ReplaceAll(told[lang]["reopens"], "{when}", coming(lang, o.OpensAt.In(now.Location()), now)))
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

package words

import (
	"fmt"
	"strings"
	"time"

	"github.com/eliminacode/eliminacode/pkg/queue"
)

// Opening says by its name how it stands with an office; closes is the time at which it closes, if
// the sentence tells it.
func Opening(situation, closes string) queue.Text {
	return Say("opening", situation, queue.Args{"time": closes})
}

// Fate says what becomes of those who hold a ticket in a situation; empty where it goes without
// saying.
func Fate(situation string) queue.Text { return Say("fate", situation, nil) }

// Part says until when some channels of an office are open on a day on which they close early, or
// since when they have been closed.
func Part(channels queue.Text, closes, now time.Time) queue.Text {
	which := momentUntil
	if !now.Before(closes) {
		which = momentSince
	}
	return Say("moments", string(which), queue.Args{"channels": channels, "time": closes.Format("15:04")})
}

// moment names how a time to come is said.
type moment string

const (
	momentToday    moment = "today"
	momentTomorrow moment = "tomorrow"
	momentThisWeek moment = "this_week"
	momentLater    moment = "later"
	momentReopens  moment = "reopens" // a sentence of its own
	momentUntil    moment = "until"
	momentSince    moment = "since"
	momentDay      moment = "day"
	momentDate     moment = "date"
)

// Coming says a time to come, as said at now and in its zone: "alle 14:30", "domani alle 08:00",
// "lunedì alle 08:00", "il 7 aprile alle 08:00", "il 1º aprile alle 08:00".
func Coming(t, now time.Time) queue.Text {
	which := momentLater
	switch days := int(midnight(t).Sub(midnight(now.In(t.Location()))).Hours()+12) / 24; {
	case days <= 0:
		which = momentToday
	case days == 1:
		which = momentTomorrow
	case days < 7:
		which = momentThisWeek
	}
	days := queue.Text{}
	for _, lang := range LanguagesOf("moments") {
		days[lang] = fmt.Sprint(day(lang, t.Day()))
	}
	args := queue.Args{
		"time": t.Format("15:04"), "day": days,
		"weekday": Say("weekdays", strings.ToLower(t.Weekday().String()), nil),
		"month":   Say("months", strings.ToLower(t.Month().String()), nil),
	}
	return Say("moments", string(which), args)
}

// Day says the day of a moment in one of Spoken: "lunedì 2 marzo".
func Day(lang string, t time.Time) string { return daySaid(lang, momentDay, t) }

// Date is Day without the weekday: "2 marzo".
func Date(lang string, t time.Time) string { return daySaid(lang, momentDate, t) }

func daySaid(lang string, which moment, t time.Time) string {
	return Said(lang, "moments", string(which), queue.Args{
		"weekday": Said(lang, "weekdays", strings.ToLower(t.Weekday().String()), nil),
		"month":   Said(lang, "months", strings.ToLower(t.Month().String()), nil),
		"day":     day(lang, t.Day()),
	})
}

// Reopens says when an office opens again.
func Reopens(t, now time.Time) queue.Text {
	return Say("moments", string(momentReopens), queue.Args{"when": Coming(t, now)})
}

func midnight(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, t.Location())
}

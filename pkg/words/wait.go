package words

import "github.com/eliminacode/eliminacode/pkg/queue"

// wait names how an expected wait is said.
type wait string

const (
	waitUnder   wait = "under"   // less than high, which is said by itself
	waitRange   wait = "range"   // between low and n minutes
	waitSpan    wait = "span"    // from low to high, each said by itself
	waitMinutes wait = "minutes" // n
	waitHours   wait = "hours"   // n
	waitPast    wait = "past"    // n hours and m minutes

	waitUnattended wait = "unattended" // nobody knows it: no counter is open
)

// Minutes of what people say: by fives up to an hour, then by quarters.
const (
	fives    = 5
	quarters = 15
	hour     = 60
)

// Wait says in one of [Spoken], or else in Italian, how long it will take, from low to high
// seconds, rounded outwards to what people say: "10–15 minuti", "meno di 5 minuti", "da 50 minuti a
// 1 ora e 15".
func Wait(lang string, low, high int) string {
	lang = inSpoken(lang)
	from, to := down(low), up(max(high, low+1))
	switch {
	case from == 0:
		return Said(lang, "wait", string(waitUnder), queue.Args{"high": minutesSaid(lang, to)})
	case to < hour:
		return Said(lang, "wait", string(waitRange), queue.Args{"low": from, "n": to})
	}
	return Said(lang, "wait", string(waitSpan), queue.Args{"low": minutesSaid(lang, from), "high": minutesSaid(lang, to)})
}

// Unattended says that nobody knows how long it will take: no counter is open.
func Unattended() queue.Text { return Say("wait", string(waitUnattended), nil) }

// About says in one of [Spoken] a length of time in seconds, rounded up as [Wait] does:
// "10 minuti".
func About(lang string, seconds int) string { return minutesSaid(lang, up(seconds)) }

// down rounds seconds to minutes that are said, not more than they are.
func down(seconds int) int {
	if minutes := seconds / 60; minutes >= hour {
		return minutes / quarters * quarters
	}
	return max(0, seconds) / 60 / fives * fives
}

// up rounds seconds to minutes that are said, not fewer than they are, and five at least.
func up(seconds int) int {
	by := fives
	if seconds > hour*60 {
		by = quarters
	}
	by *= 60
	return max(fives, (seconds+by-1)/by*by/60)
}

func minutesSaid(lang string, minutes int) string {
	switch h, m := minutes/hour, minutes%hour; {
	case h == 0:
		return Said(lang, "wait", string(waitMinutes), queue.Args{"n": m})
	case m == 0:
		return Said(lang, "wait", string(waitHours), queue.Args{"n": h})
	default:
		return Said(lang, "wait", string(waitPast), queue.Args{"n": h, "m": m})
	}
}

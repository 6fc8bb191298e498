package paper

import (
	"math"

	"github.com/eliminacode/eliminacode/pkg/words"
)

// A phrase names something that a ticket says by itself; pkg/words has it in each language.
type phrase string

const (
	phraseFirst        phrase = "first"
	phraseAhead        phrase = "ahead"
	phraseWait         phrase = "wait"
	phrasePriority     phrase = "priority"
	phraseAppointment  phrase = "appointment"
	phraseBring        phrase = "bring"
	phraseScan         phrase = "scan"
	phraseKeep         phrase = "keep"
	phraseWatch        phrase = "watch"
	phraseOffline      phrase = "offline"
	phraseOfflineMeans phrase = "offline_means"
	phraseReprint      phrase = "reprint"
	phrasePrivacy      phrase = "privacy"
)

// italian is the office's language: what its staff need to read stands in it beside another one.
const italian = "it"

// drawnLanguages are those whose alphabet no code page of a printer has as a whole. What is said in
// them is drawn throughout, so that a ticket doesn't change its letters from line to line.
var drawnLanguages = map[string]bool{"ro": true, "uk": true, "ar": true, "zh": true}

// rightToLeft are the languages that are read so.
var rightToLeft = map[string]bool{"ar": true}

func say(lang string, what phrase, args map[string]any) string {
	return words.Paper(lang, string(what), args)
}

// ahead says how many are before the ticket.
func ahead(lang string, n int) string {
	if n == 0 {
		return say(lang, phraseFirst, nil)
	}
	return say(lang, phraseAhead, map[string]any{"n": n})
}

// wait says how long it will take, as the pages do.
func wait(lang string, r Range) string {
	return say(lang, phraseWait, map[string]any{"wait": words.Wait(lang, int(r.Low.Seconds()), int(math.Ceil(r.High.Seconds())))})
}

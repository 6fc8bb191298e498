package drawn

import (
	gotext "github.com/go-text/typesetting/bidi"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/text/unicode/bidi"
)

// A stretch of a text has one level of the Unicode Bidirectional Algorithm (UAX 9): even from left
// to right, odd from right to left.
type stretch struct{ start, end, level int }

// stretches returns the levels of a text without explicit marks of direction.
func stretches(text []rune, rtl bool) []stretch {
	base := gotext.LeftToRight
	if rtl {
		base = gotext.RightToLeft
	}
	var p gotext.Paragraph
	runs := p.Segment(text, base)
	var all []stretch
	for i := range runs.NumRuns() {
		run := runs.Run(i)
		s := stretch{run.Start, run.End, int(run.Level)}
		// The library joins neighbours that run the same way: a number that belongs to what is
		// written from right to left before it, and the left-to-right text after it.
		if digits := leadingNumber(text[s.start:s.end]); s.level == 2 && !rtl && digits < s.end-s.start {
			all = append(all, stretch{s.start, s.start + digits, 2})
			s = stretch{s.start + digits, s.end, 0}
		}
		all = append(all, s)
	}
	return all
}

// leadingNumber is how many characters at the beginning of a text are of one number.
func leadingNumber(text []rune) int {
	end := 0
	for i, r := range text {
		p, _ := bidi.LookupRune(r)
		switch p.Class() {
		case bidi.EN, bidi.AN, bidi.ET:
			end = i + 1
		case bidi.CS, bidi.ES, bidi.NSM, bidi.BN:
		default:
			return end
		}
	}
	return end
}

// rightToLeft reports whether a text as a whole is read from right to left: in a language that is
// so if it has any word of it, else as its first letter is.
func rightToLeft(text []rune, rtl bool) bool {
	for _, r := range text {
		p, _ := bidi.LookupRune(r)
		switch p.Class() {
		case bidi.R, bidi.AL:
			return true
		case bidi.L:
			if !rtl {
				return false
			}
		}
	}
	return false
}

// visual brings the runs of a line from the order in which they are written into that in which they
// stand, from left to right: rule L2 of UAX 9.
func visual(line shaping.Line, levelOf func(offset int) int) {
	highest := 0
	for _, run := range line {
		highest = max(highest, levelOf(run.Runes.Offset))
	}
	// levels travels with the runs.
	levels := make([]int, len(line))
	for i, run := range line {
		levels[i] = levelOf(run.Runes.Offset)
	}
	for level := highest; level > 0; level-- {
		for i := 0; i < len(line); i++ {
			j := i
			for j < len(line) && levels[j] >= level {
				j++
			}
			for a, b := i, j-1; a < b; a, b = a+1, b-1 {
				line[a], line[b] = line[b], line[a]
				levels[a], levels[b] = levels[b], levels[a]
			}
			i = max(i, j-1)
		}
	}
}

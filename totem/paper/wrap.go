package paper

import (
	"strings"
	"unicode/utf8"
)

// wrap breaks a text into lines of so many characters, between words; a word that is longer by
// itself is broken where it must be, which the second result tells.
func wrap(text string, columns int) (lines []string, split bool) {
	line := ""
	for word := range strings.SplitSeq(text, " ") {
		if longer := strings.TrimPrefix(line+" "+word, " "); utf8.RuneCountInString(longer) <= columns {
			line = longer
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		runes := []rune(word)
		for ; len(runes) > columns; runes = runes[columns:] {
			lines, split = append(lines, string(runes[:columns])), true
		}
		line = string(runes)
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines, split
}

// balance breaks a text into no more lines than it needs, each about as long as the others.
func balance(text string, columns int) (lines []string, split bool) {
	lines, split = wrap(text, columns)
	for narrower := columns - 1; narrower > 0; narrower-- {
		next, splits := wrap(text, narrower)
		if len(next) > len(lines) || splits && !split {
			return lines, split
		}
		lines = next
	}
	return lines, split
}

package paper

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/eliminacode/eliminacode/totem/escpos"
	"github.com/eliminacode/eliminacode/totem/paper/drawn"
)

// Unprintable returns the characters of a text that no font has, each once, in their order. They
// are printed as empty boxes: whoever configures such a text should be told.
func Unprintable(text string) []rune {
	var missing []rune
	for _, paragraph := range paragraphs(text) {
		for _, r := range paragraph {
			if !escpos.Encodable(string(r)) && !drawn.Has(r) && !slices.Contains(missing, r) {
				missing = append(missing, r)
			}
		}
	}
	return missing
}

// paragraphs makes a text fit to be set: composed letters, single spaces, and no character that
// nobody sees. Line ends begin a new paragraph; empty ones are left out.
func paragraphs(text string) []string {
	var list []string
	for line := range strings.FieldsFuncSeq(norm.NFC.String(text), isLineEnd) {
		if line = plain(line); line != "" {
			list = append(list, line)
		}
	}
	return list
}

func isLineEnd(r rune) bool {
	return r == '\n' || r == '\r' || r == '\v' || r == '\f' || r == '\u0085' || r == '\u2028' || r == '\u2029'
}

const (
	hardSpace = '\u00a0' // nothing breaks at it
	joiner    = '\u2060' // nor here
	zwnj, zwj = '\u200c', '\u200d'
)

func plain(line string) string {
	var b strings.Builder
	for _, r := range line {
		switch {
		case r == hardSpace || r == joiner || r == zwnj || r == zwj:
		case unicode.IsSpace(r):
			r = ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Variation_Selector, r):
			continue
		}
		b.WriteRune(r)
	}
	line = strings.Join(strings.FieldsFunc(b.String(), func(r rune) bool { return r == ' ' }), " ")
	if !strings.ContainsFunc(line, seen) {
		return ""
	}
	return strings.ReplaceAll(line, " – ", string(hardSpace)+"– ") // no line begins with a dash
}

// seen reports whether a character leaves dots on paper.
func seen(r rune) bool { return r != ' ' && r != hardSpace && r != joiner && r != zwnj && r != zwj }

// typewriter has for typographic signs what any code page has.
var typewriter = strings.NewReplacer(
	"–", "-", "—", "-", "‐", "-", "‑", "-", "−", "-", "‘", "'", "’", "'", "“", `"`, "”", `"`, "„", `"`, "…", "...", "•", "-", "\u202f", "\u00a0",
)

// letters returns a text as the printer's own letters have it, and whether they do.
func letters(text string, p escpos.Profile) (string, bool) {
	text = strings.ReplaceAll(text, string(joiner), "")
	if p.Encodable(text) {
		return text, true
	}
	simple := typewriter.Replace(text)
	return simple, p.Encodable(simple)
}

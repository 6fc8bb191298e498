// Package drawn sets text as a picture of black dots, for printers that have no letters for it:
// Arabic from right to left with its letters joined, Chinese broken between characters, Cyrillic,
// every Latin letter. It is the only importer of go-text/typesetting.
package drawn

import (
	"image"
	"slices"
	"sync"

	"github.com/go-text/typesetting/di"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/image/math/fixed"
)

// An Align says where a line stands.
type Align int

// Where a line stands: the start is on the left, or on the right where people read from there.
const (
	Center Align = iota
	Start
)

// Style says how a text looks.
type Style struct {
	Size     int    // of the letters, in dots
	Bold     bool   // heavier
	Language string // that the text is in, which may change its shapes; "" if not known
	RTL      bool   // the language is read from right to left
	Align    Align
	Bullet   bool // an item of a list, with its lines behind a dot
}

// A Text is a paragraph in lines.
type Text struct {
	style Style
	width int
	rtl   bool
	lines []shaping.Line
	split bool
}

// shapers keep what they know of fonts between texts.
var shapers = sync.Pool{New: func() any { return &typesetter{faces: fontmap{}} }}

// typesetter is what it takes to set one text at a time.
type typesetter struct {
	faces   fontmap
	split   shaping.Segmenter
	shaper  shaping.HarfbuzzShaper
	wrapper shaping.LineWrapper
}

// Set breaks a paragraph into lines no wider than width; in the middle, into lines that are about
// alike. The text is plain: it has no control characters, nor marks of direction.
func Set(text string, width int, style Style) *Text {
	t := &Text{style: style, width: width}
	runes := []rune(text)
	if len(runes) == 0 {
		return t
	}
	t.rtl = rightToLeft(runes, style.RTL)
	set := shapers.Get().(*typesetter)
	defer shapers.Put(set)

	levels := make([]int, len(runes))
	var runs []shaping.Output
	for _, s := range stretches(runes, t.rtl) {
		for i := s.start; i < s.end; i++ {
			levels[i] = s.level
		}
		runs = append(runs, set.shape(runes, s, style)...)
	}
	full := width - heavier(style) - t.indent()
	t.lines = set.wrap(runes, runs, full, t.rtl)
	t.split = splitsWord(runes, t.lines)
	if style.Align == Center && len(t.lines) > 1 && len(t.lines) <= balanced {
		t.balance(set, runes, runs, full)
	}
	for _, line := range t.lines {
		visual(line, func(offset int) int { return levels[offset] })
	}
	return t
}

// balanced is how many lines a text may have for its lines to be made alike.
const balanced = 8

// balance finds the narrowest lines of which it takes no more.
func (t *Text) balance(set *typesetter, text []rune, runs []shaping.Output, full int) {
	low, high := full/2, full // low is too narrow, or nearly so
	for high-low > t.style.Size/3 {
		width := (low + high) / 2
		lines := set.wrap(text, runs, width, t.rtl)
		if split := splitsWord(text, lines); len(lines) > len(t.lines) || split && !t.split {
			low = width
			continue
		}
		t.lines, high = lines, width
	}
}

// wrap breaks shaped text into lines.
func (set *typesetter) wrap(text []rune, runs []shaping.Output, width int, rtl bool) []shaping.Line {
	fresh := slices.Clone(runs)
	for i := range fresh { // the wrapper takes the space at the end of a line out of it, in place
		fresh[i].Glyphs = slices.Clone(fresh[i].Glyphs)
	}
	config := shaping.WrapConfig{Direction: direction(rtl)}
	wrapped, _ := set.wrapper.WrapParagraph(config, width, text, shaping.NewSliceIterator(fresh))
	lines := make([]shaping.Line, len(wrapped))
	for i, line := range wrapped {
		lines[i] = slices.Clone(line) // the wrapper uses its own again
	}
	return lines
}

func (set *typesetter) shape(text []rune, s stretch, style Style) []shaping.Output {
	input := shaping.Input{
		Text: text, RunStart: s.start, RunEnd: s.end,
		Direction: direction(s.level%2 == 1), Size: fixed.I(style.Size), Language: languageOf(style.Language),
	}
	var runs []shaping.Output
	for _, part := range set.split.Split(input, set.faces) {
		runs = append(runs, set.shaper.Shape(part))
	}
	return runs
}

func direction(rtl bool) di.Direction {
	if rtl {
		return di.DirectionRTL
	}
	return di.DirectionLTR
}

// Lines is how many lines the text takes.
func (t *Text) Lines() int { return len(t.lines) }

// SplitsWord reports whether a word was too wide for a line.
func (t *Text) SplitsWord() bool { return t.split }

// splitsWord reports whether a line ends within a word of an alphabet.
func splitsWord(text []rune, lines []shaping.Line) bool {
	for _, line := range lines {
		end := 0
		for _, run := range line {
			end = max(end, run.Runes.Offset+run.Runes.Count)
		}
		if end > 0 && end < len(text) && inWord(text[end-1]) && inWord(text[end]) {
			return true
		}
	}
	return false
}

// Draw returns each line as a picture of the text's width, black on white.
func (t *Text) Draw() []*image.Gray {
	pictures := make([]*image.Gray, len(t.lines))
	for i, line := range t.lines {
		pictures[i] = t.draw(line, i == 0)
	}
	return pictures
}

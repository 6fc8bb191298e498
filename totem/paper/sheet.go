package paper

import (
	"image"
	"strings"
	"unicode/utf8"

	"github.com/eliminacode/eliminacode/totem/escpos"
	"github.com/eliminacode/eliminacode/totem/paper/drawn"
)

const (
	left   = escpos.Left
	center = escpos.Center
)

// A look is how a text is printed: by the printer's letters, so many times as wide and high, or
// drawn, so many dots high.
type look struct {
	wide, tall int
	size       int
	bold       bool
	start      bool // at the side where people begin to read; else in the middle
	bullet     bool // an item of a list
}

// The looks of a ticket, from the least to the most important.
var (
	small  = look{wide: 1, tall: 1, size: 26}
	strong = look{wide: 1, tall: 1, size: 26, bold: true}
	tallB  = look{wide: 1, tall: 2, size: 36, bold: true}
	large  = look{wide: 2, tall: 2, size: 48, bold: true}
	list   = look{wide: 1, tall: 1, size: 26, start: true}
)

// A voice is whose text it is: that of a language, and whether it is drawn whatever letters it has.
type voice struct {
	language string
	drawn    bool
}

// sheet is a ticket in the making.
type sheet struct {
	e       *escpos.Encoder
	profile escpos.Profile
	empty   bool // nothing has been printed yet
	gap     int  // dots to leave before what comes next
	said    []string
}

func newSheet(p escpos.Profile) *sheet {
	return &sheet{e: escpos.NewEncoder(p), profile: p, empty: true}
}

// space leaves at least so many dots before what follows. There is none at the top.
func (s *sheet) space(dots int) { s.gap = max(s.gap, dots) }

// begin is what precedes everything that is printed.
func (s *sheet) begin() {
	if s.gap > 0 && !s.empty {
		s.e.FeedDots(s.gap)
	}
	s.gap, s.empty = 0, false
}

// text prints a text, by paragraphs, each in the first of the looks in which it is short. If one of
// them has to be drawn, all are.
func (s *sheet) text(text string, v voice, looks ...look) error {
	list := paragraphs(text)
	s.said = append(s.said, list...)
	for _, paragraph := range list {
		_, has := letters(paragraph, s.profile)
		v.drawn = v.drawn || !has
	}
	for _, paragraph := range list {
		if err := s.paragraph(paragraph, v, looks); err != nil {
			return err
		}
	}
	return nil
}

// short is how many lines a text in large letters may have.
const short = 2

func (s *sheet) paragraph(text string, v voice, looks []look) error {
	for i, l := range looks {
		last := i == len(looks)-1
		if v.drawn {
			set := s.set(text, v, l)
			if last || set.Lines() <= short && !set.SplitsWord() {
				return s.draw(set)
			}
			continue
		}
		lines, split := s.wrap(text, l)
		if last || len(lines) <= short && !split {
			return s.write(lines, l)
		}
	}
	return nil
}

// wrap breaks a text into lines of the printer's letters.
func (s *sheet) wrap(text string, l look) (lines []string, split bool) {
	text, _ = letters(text, s.profile)
	columns := s.profile.Columns / l.wide
	if !l.start {
		return balance(text, columns)
	}
	if !l.bullet {
		return wrap(text, columns)
	}
	lines, split = wrap(text, columns-2)
	dot, _ := letters("• ", s.profile)
	for i, line := range lines {
		lines[i] = dot + line
		dot = "  "
	}
	return lines, split
}

// write prints lines by the printer's letters.
func (s *sheet) write(lines []string, l look) error {
	s.begin()
	s.e.Align(center)
	if l.start {
		s.e.Align(left)
	}
	s.e.Bold(l.bold)
	s.e.Size(l.wide, l.tall)
	for _, line := range lines {
		if err := s.e.Line(strings.ReplaceAll(line, string(hardSpace), " ")); err != nil {
			return err
		}
	}
	s.e.Size(1, 1)
	s.e.Bold(false)
	return nil
}

func (s *sheet) set(text string, v voice, l look) *drawn.Text {
	style := drawn.Style{Size: l.size, Bold: l.bold, Language: v.language, RTL: rightToLeft[v.language], Bullet: l.bullet}
	if l.start {
		style.Align = drawn.Start
	}
	return drawn.Set(text, s.profile.Dots, style)
}

func (s *sheet) draw(text *drawn.Text) error {
	for _, line := range text.Draw() {
		if err := s.picture(line); err != nil {
			return err
		}
	}
	return nil
}

// picture prints a picture in the middle.
func (s *sheet) picture(img *image.Gray) error {
	s.begin()
	s.e.Align(center)
	return s.e.Raster(img)
}

// number prints a ticket's number as large as the paper lets it.
func (s *sheet) number(text string) error {
	const largest = 8
	for _, number := range paragraphs(text) {
		n := utf8.RuneCountInString(number)
		wide := min(largest, max(1, s.profile.Columns/n))
		l := look{wide: wide, tall: min(largest, wide+2), size: s.profile.Dots / 2, bold: true}
		for l.size > large.size && s.set(number, voice{}, l).Lines() > 1 {
			l.size /= 2
		}
		if err := s.text(number, voice{}, l); err != nil {
			return err
		}
	}
	return nil
}

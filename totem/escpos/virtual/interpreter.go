package virtual

import (
	"errors"
	"fmt"
)

const (
	// longest is how many rows of paper a job may take: 5 m at 203 dpi.
	longest = 40_000
	// largest is how many bytes a picture may have: as much as fills that paper.
	largest = longest * wide / 8
)

// Error says which bytes of a job aren't understood, and why.
type Error struct {
	Offset int
	Bytes  []byte // the first ones
	Why    string
}

func (e *Error) Error() string { return fmt.Sprintf("byte %d (% X): %s", e.Offset, e.Bytes, e.Why) }

// errShort says that a command goes on in bytes that aren't there yet.
var errShort = errors.New("the job ends in the middle of it")

// mode is how the next letters come out, as ESC @ sets it back.
type mode struct {
	font       cell
	wide, tall int
	bold       bool
	underline  int
	reverse    bool
	align      byte // 0 left, 1 middle, 2 right
	page       byte
	space      int // right of each letter
	spacing    int // from line to line
	margin     int // left
	width      int // of the printing area
	unitX      int // motion units an inch
	unitY      int
	tabs       []int // in dots
}

// interpreter carries out the commands of ESC/POS on its paper, one at a time.
type interpreter struct {
	model  Model
	mode   mode
	line   line
	paper  *Paper
	glyphs glyphs
	symbol symbol
	stored graphics
	off    bool // ESC = has told it to listen to others only
	// What the last command asks of the machine, once the paper is where it is to be.
	cut   int // the row at which the paper is cut; -1: it isn't
	begun int // how long the paper was after the last cut
	reply func(*status) []byte
	mask  *byte // of GS a, when it has changed
}

func newInterpreter(m Model) *interpreter {
	i := &interpreter{model: m.whole(), cut: -1}
	i.fresh()
	i.reset()
	return i
}

// fresh begins new paper: what is between the head and the cutter can't be printed on any more.
func (i *interpreter) fresh() {
	i.paper = newPaper(i.model)
	_ = i.paper.feed(i.model.Gap) // is far less than too long
	i.begun = i.paper.height
}

// reset is ESC @.
func (i *interpreter) reset() {
	i.mode = mode{
		font: fontA, wide: 1, tall: 1, page: i.model.CodePage, width: i.model.Dots,
		unitX: i.model.DPI, unitY: i.model.UnitY, spacing: i.model.DPI / 6,
	}
	for column := 8; column < 256; column += 8 {
		i.mode.tabs = append(i.mode.tabs, column*fontA.w)
	}
	i.line, i.symbol, i.stored = line{}, newSymbol(), graphics{}
}

// step carries out the command that b begins with, and says how many bytes it has. It changes
// nothing, and returns errShort, if some are missing.
func (i *interpreter) step(b []byte) (int, error) {
	i.cut, i.reply, i.mask = -1, nil, nil
	if i.off && (len(b) < 2 || b[0] != esc || b[1] != '=') {
		if len(b) < 2 && b[0] == esc {
			return 0, errShort
		}
		return 1, nil // not for this one
	}
	switch b[0] {
	case esc, gs, fs, dle:
		return i.command(b)
	case '\n':
		return 1, i.print(i.mode.spacing, false)
	case 0:
		return 1, nil // fills up what was interrupted
	case '\r':
		return 1, nil // without an automatic line feed, it does nothing
	case '\t':
		i.tab()
		return 1, nil
	}
	return 1, i.letter(b[0])
}

// letter puts a letter of the code page into the line.
func (i *interpreter) letter(b byte) error {
	m := &i.mode
	if b < 0x20 || b == 0x7f {
		return errors.New("a control character that isn't known")
	}
	r, ok := letter(m.page, b)
	if !ok {
		return fmt.Errorf("code page %s has no glyph for it", codePages[m.page].name)
	}
	return i.rune(r)
}

func (i *interpreter) rune(r rune) error {
	m := &i.mode
	size := cell{m.font.w * m.wide, m.font.h * m.tall}
	dots := i.glyphs.glyph(r, size)
	if dots == nil {
		return fmt.Errorf("there is no picture of %q", r)
	}
	above := int(float64(size.h)*base + 0.5)
	it := item{
		w: size.w + m.space*m.wide, above: above, below: size.h - above, text: string(r),
		dots: dots, underline: m.underline, reverse: m.reverse,
	}
	if m.bold {
		it.bold = max(1, m.wide/2)
	}
	if err := i.put(it); err != nil {
		return err
	}
	l := &i.line
	l.wide, l.tall, l.bold = max(l.wide, m.wide), max(l.tall, m.tall), l.bold || m.bold
	return nil
}

func (i *interpreter) tab() {
	for _, at := range i.mode.tabs {
		if at > i.line.x && at < i.area() {
			i.line.x = at
			return
		}
	}
}

// x and y are so many motion units in dots.
func (i *interpreter) x(n int) int { return n * i.model.DPI / i.mode.unitX }
func (i *interpreter) y(n int) int { return n * i.model.DPI / i.mode.unitY }

// Parse carries out a whole job. Its error, an [Error], names the first byte that isn't understood;
// the paper is what came out before.
func Parse(job []byte, m Model) (*Paper, error) {
	i := newInterpreter(m)
	cuts, asked, last := 0, 0, 0
	for at := 0; at < len(job); {
		n, err := i.step(job[at:])
		if err != nil {
			return i.paper, &Error{Offset: at, Bytes: job[at:min(at+8, len(job))], Why: err.Error()}
		}
		if i.cut >= 0 {
			cuts, last = cuts+1, i.cut
		}
		if i.reply != nil && i.mask == nil {
			asked++
		}
		at += n
	}
	if head, tail := i.paper.split(last); cuts > 0 && tail.Blank() {
		i.paper = head
	}
	i.paper.Cuts, i.paper.Asked = cuts, asked
	if len(i.line.items) > 0 {
		return i.paper, &Error{Offset: len(job), Why: "the last line is never printed: no line feed follows it"}
	}
	return i.paper, nil
}

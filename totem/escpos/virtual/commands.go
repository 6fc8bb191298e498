package virtual

import (
	"errors"
	"fmt"
	"slices"
)

const (
	dle = 0x10
	esc = 0x1b
	fs  = 0x1c
	gs  = 0x1d
)

// known is a command: how many bytes follow its name, and what it does with them. One of no fixed
// length has a function that says how many bytes there are in all.
type known struct {
	bytes int
	do    func(i *interpreter, a []byte) error
	size  func(i *interpreter, b []byte) (int, error)
}

// commands are all that are known, by their first two bytes.
var commands = map[[2]byte]known{
	{esc, '@'}:  {do: func(i *interpreter, _ []byte) error { i.reset(); return nil }},
	{esc, '!'}:  {bytes: 1, do: (*interpreter).printMode},
	{esc, ' '}:  {bytes: 1, do: func(i *interpreter, a []byte) error { i.mode.space = i.x(int(a[0])); return nil }},
	{esc, '$'}:  {bytes: 2, do: func(i *interpreter, a []byte) error { return i.move(i.x(word(a))) }},
	{esc, '\\'}: {bytes: 2, do: func(i *interpreter, a []byte) error { return i.move(i.line.x + i.x(int(int16(word(a))))) }},
	{esc, '*'}:  {size: (*interpreter).bitImageSize, do: (*interpreter).bitImage},
	{esc, '-'}:  {bytes: 1, do: (*interpreter).underline},
	{esc, '2'}:  {do: func(i *interpreter, _ []byte) error { i.mode.spacing = i.model.DPI / 6; return nil }},
	{esc, '3'}:  {bytes: 1, do: func(i *interpreter, a []byte) error { i.mode.spacing = i.y(int(a[0])); return nil }},
	{esc, '='}:  {bytes: 1, do: func(i *interpreter, a []byte) error { i.off = a[0]&1 == 0; return nil }},
	{esc, 'D'}:  {size: tabsSize, do: (*interpreter).setTabs},
	{esc, 'E'}:  {bytes: 1, do: func(i *interpreter, a []byte) error { i.mode.bold = a[0]&1 != 0; return nil }},
	{esc, 'G'}:  {bytes: 1, do: func(i *interpreter, a []byte) error { i.mode.bold = a[0]&1 != 0; return nil }},
	{esc, 'J'}:  {bytes: 1, do: func(i *interpreter, a []byte) error { return i.print(i.y(int(a[0])), false) }},
	{esc, 'M'}:  {bytes: 1, do: (*interpreter).font},
	{esc, 'R'}:  {bytes: 1, do: only(0, "international characters replace # @ [ ] { } and others: text comes out wrong")},
	{esc, 'S'}:  {do: func(*interpreter, []byte) error { return nil }},
	{esc, 'V'}:  {bytes: 1, do: only(0, "turned letters aren't known")},
	{esc, '{'}:  {bytes: 1, do: only(0, "upside-down letters aren't known")},
	{esc, 'a'}:  {bytes: 1, do: (*interpreter).alignment},
	{esc, 'c'}:  {bytes: 2, do: panel},
	{esc, 'd'}:  {bytes: 1, do: func(i *interpreter, a []byte) error { return i.print(int(a[0])*i.mode.spacing, false) }},
	{esc, 'i'}:  {do: func(i *interpreter, _ []byte) error { return i.cutHere(0) }},
	{esc, 'm'}:  {do: func(i *interpreter, _ []byte) error { return i.cutHere(0) }},
	{esc, 'p'}:  {bytes: 3, do: func(*interpreter, []byte) error { return nil }}, // opens a drawer
	{esc, 'r'}:  {bytes: 1, do: only(0, "there is one colour")},
	{esc, 't'}:  {bytes: 1, do: (*interpreter).codePage},
	{esc, 'v'}:  {do: (*interpreter).paperSensor},
	{fs, '.'}:   {do: func(*interpreter, []byte) error { return nil }}, // no Kanji
	{fs, 'P'}:   {bytes: 4, do: (*interpreter).present},
	{gs, '!'}:   {bytes: 1, do: (*interpreter).size},
	{gs, '('}:   {size: (*interpreter).functionSize, do: (*interpreter).function},
	{gs, '8'}:   {size: (*interpreter).largeSize, do: (*interpreter).large},
	{gs, 'B'}:   {bytes: 1, do: func(i *interpreter, a []byte) error { i.mode.reverse = a[0]&1 != 0; return nil }},
	{gs, 'I'}:   {bytes: 1, do: (*interpreter).identity},
	{gs, 'L'}:   {bytes: 2, do: (*interpreter).leftMargin},
	{gs, 'P'}:   {bytes: 2, do: (*interpreter).units},
	{gs, 'V'}:   {size: cutSize, do: (*interpreter).cutPaper},
	{gs, 'W'}:   {bytes: 2, do: (*interpreter).areaWidth},
	{gs, 'a'}:   {bytes: 1, do: (*interpreter).automatic},
	{gs, 'b'}:   {bytes: 1, do: func(*interpreter, []byte) error { return nil }}, // all letters are smooth
	{gs, 'e'}:   {size: ejectSize, do: (*interpreter).eject},
	{gs, 'r'}:   {bytes: 1, do: (*interpreter).transmit},
	{gs, 'v'}:   {size: (*interpreter).rasterSize, do: (*interpreter).rasterImage},
	{dle, 0x04}: {bytes: 1, do: (*interpreter).realTimeStatus},
	{dle, 0x05}: {bytes: 1, do: oneOf("real-time requests", 1, 2)},
	{dle, 0x14}: {size: pulseSize, do: func(*interpreter, []byte) error { return nil }},
}

// command carries out the command that b begins with.
func (i *interpreter) command(b []byte) (int, error) {
	if len(b) < 2 {
		return 0, errShort
	}
	c, ok := commands[[2]byte(b)]
	if !ok {
		return 0, errors.New("this command isn't known")
	}
	size := 2 + c.bytes
	if c.size != nil {
		var err error
		if size, err = c.size(i, b); err != nil {
			return 0, err
		}
	}
	if len(b) < size {
		return 0, errShort
	}
	return size, c.do(i, b[2:size])
}

func word(a []byte) int { return int(a[0]) | int(a[1])<<8 }

// only refuses every argument but one.
func only(n byte, why string) func(*interpreter, []byte) error {
	return func(_ *interpreter, a []byte) error {
		if a[0] != n && a[0] != n+'0' {
			return errors.New(why)
		}
		return nil
	}
}

func oneOf(what string, list ...byte) func(*interpreter, []byte) error {
	return func(_ *interpreter, a []byte) error {
		if !slices.Contains(list, a[0]) {
			return fmt.Errorf("%s of kind %d aren't known", what, a[0])
		}
		return nil
	}
}

// digit is an argument that may be a number or the digit that shows it.
func digit(b byte) byte {
	if b >= '0' && b <= '9' {
		return b - '0'
	}
	return b
}

// atStart refuses what printers ignore within a line.
func (i *interpreter) atStart() error {
	if len(i.line.items) > 0 {
		return errors.New("in the middle of a line a printer ignores it")
	}
	return nil
}

func (i *interpreter) printMode(a []byte) error {
	m, n := &i.mode, a[0]
	m.font, m.wide, m.tall = fontA, 1+int(n>>5&1), 1+int(n>>4&1)
	if n&1 != 0 {
		m.font = fontB
	}
	m.bold, m.underline = n&0x08 != 0, int(n>>7)
	return nil
}

func (i *interpreter) size(a []byte) error {
	w, h := a[0]>>4, a[0]&0x0f
	if w > 7 || h > 7 {
		return errors.New("letters are 1 to 8 times as wide and tall")
	}
	i.mode.wide, i.mode.tall = int(w)+1, int(h)+1
	return nil
}

func (i *interpreter) font(a []byte) error {
	switch digit(a[0]) {
	case 0:
		i.mode.font = fontA
	case 1:
		i.mode.font = fontB
	default:
		return errors.New("there are fonts 0 and 1")
	}
	return nil
}

func (i *interpreter) underline(a []byte) error {
	n := digit(a[0])
	if n > 2 {
		return errors.New("a line below the letters is of 0, 1 or 2 dots")
	}
	i.mode.underline = int(n)
	return nil
}

func (i *interpreter) alignment(a []byte) error {
	n := digit(a[0])
	if n > 2 {
		return errors.New("text is aligned 0 left, 1 in the middle or 2 right")
	}
	if err := i.atStart(); err != nil {
		return err
	}
	i.mode.align = n
	return nil
}

func (i *interpreter) codePage(a []byte) error {
	if codePages[a[0]].page == nil {
		return fmt.Errorf("code page %d isn't known", a[0])
	}
	i.mode.page = a[0]
	return nil
}

// move sets where the next letter goes.
func (i *interpreter) move(x int) error {
	if x < 0 || x > i.area() {
		return errors.New("this place isn't on the paper")
	}
	i.line.x = x
	return nil
}

func (i *interpreter) leftMargin(a []byte) error {
	if err := i.atStart(); err != nil {
		return err
	}
	margin := i.x(word(a))
	if margin > i.paper.Dots-fontA.w {
		return errors.New("the margin leaves no room")
	}
	i.mode.margin = margin
	return nil
}

func (i *interpreter) areaWidth(a []byte) error {
	if err := i.atStart(); err != nil {
		return err
	}
	width := i.x(word(a))
	if width < fontA.w {
		return errors.New("the printing area has no room for a letter")
	}
	i.mode.width = width
	return nil
}

func (i *interpreter) units(a []byte) error {
	i.mode.unitX, i.mode.unitY = i.model.DPI, i.model.UnitY
	if a[0] != 0 {
		i.mode.unitX = int(a[0])
	}
	if a[1] != 0 {
		i.mode.unitY = int(a[1])
	}
	return nil
}

// tabsSize is of ESC D, which a NUL ends.
func tabsSize(_ *interpreter, b []byte) (int, error) {
	for n := 2; n < len(b) && n <= 34; n++ {
		if b[n] == 0 {
			return n + 1, nil
		}
		if n > 2 && b[n] <= b[n-1] {
			return 0, errors.New("tabs that don't go from left to right")
		}
	}
	if len(b) > 34 {
		return 0, errors.New("more than 32 tabs")
	}
	return 0, errShort
}

func (i *interpreter) setTabs(a []byte) error {
	i.mode.tabs = nil
	for _, column := range a[:len(a)-1] {
		i.mode.tabs = append(i.mode.tabs, int(column)*(i.mode.font.w*i.mode.wide+i.mode.space))
	}
	return nil
}

// panel is ESC c 3, 4 and 5: which sensors count, whether the button works.
func panel(_ *interpreter, a []byte) error {
	if a[0] < '3' || a[0] > '5' {
		return errors.New("this command isn't known")
	}
	return nil
}

// pulseSize is of DLE DC4, whose functions have arguments of their own.
func pulseSize(_ *interpreter, b []byte) (int, error) {
	if len(b) < 3 {
		return 0, errShort
	}
	switch b[2] {
	case 1, 2:
		return 5, nil
	case 8:
		return 10, nil
	}
	return 0, errors.New("this command isn't known")
}

// realTimeStatus is DLE EOT, which the machine has answered when it arrived.
func (i *interpreter) realTimeStatus(a []byte) error {
	switch {
	case a[0] >= 1 && a[0] <= 4, i.model.Custom && a[0] == 20:
		return nil
	}
	return fmt.Errorf("status %d isn't known", a[0])
}

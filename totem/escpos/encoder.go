package escpos

import (
	"bytes"
	"fmt"
	"strings"
)

// Alignment is where a line stands on the paper.
type Alignment byte

// The alignments.
const (
	Left   Alignment = 0
	Center Alignment = 1
	Right  Alignment = 2
)

// maxQR is what a code on a ticket may hold: more modules than that are too small for a phone.
const maxQR = 512

// Encoder makes the bytes of one job. No text can put a command into it. What counts only at the
// beginning of a line (alignment, pictures, the cut) ends the line before.
type Encoder struct {
	profile Profile
	buf     bytes.Buffer
	begun   bool // there are characters on the line
}

// NewEncoder begins a job: the printer is reset, and told its characters. The international set
// stays that of the USA: the Italian one would replace # @ [ \ ] { } ~ by letters.
func NewEncoder(p Profile) *Encoder {
	e := &Encoder{profile: p}
	e.buf.WriteString(p.Reset)
	e.put(0x1b, 'R', 0)
	e.put(0x1b, 't', p.CodePage)
	return e
}

// Bytes returns the job as it is so far.
func (e *Encoder) Bytes() []byte { return bytes.Clone(e.buf.Bytes()) }

// Text adds characters to the line. A character that the printer hasn't, or that would be a command
// to it, is an error, and then nothing of the text is added.
func (e *Encoder) Text(s string) error {
	page := e.profile.charset()
	out := make([]byte, 0, len(s))
	for i, r := range s {
		b, ok := encodeRune(page, r)
		if !ok {
			return fmt.Errorf("escpos: text: character %U at byte %d isn't in code page %d: send it as a picture", r, i, e.profile.CodePage)
		}
		out = append(out, b)
	}
	e.buf.Write(out)
	e.begun = e.begun || len(out) > 0
	return nil
}

// Line adds a text and ends the line.
func (e *Encoder) Line(s string) error {
	if err := e.Text(s); err != nil {
		return err
	}
	e.Feed(1)
	return nil
}

// Feed ends the line and feeds until n lines further; at least one.
func (e *Encoder) Feed(n int) {
	e.begun = false
	if n = max(n, 1); n == 1 {
		e.put('\n')
		return
	}
	e.put(0x1b, 'd', byte(min(n, 255)))
}

// FeedDots ends the line and feeds n dots.
func (e *Encoder) FeedDots(n int) {
	e.begun = false
	for units := max(n, 0) * e.profile.Units; units > 0; units -= 255 {
		e.put(0x1b, 'J', byte(min(units, 255)))
	}
}

// Align places the lines that follow.
func (e *Encoder) Align(a Alignment) {
	e.end()
	e.put(0x1b, 'a', byte(a))
}

// end ends the line, if one has begun.
func (e *Encoder) end() {
	if e.begun {
		e.Feed(1)
	}
}

// Bold makes the characters that follow bold, or no longer.
func (e *Encoder) Bold(on bool) {
	var n byte
	if on {
		n = 1
	}
	e.put(0x1b, 'E', n)
}

// Size makes the characters that follow as many times as wide and high, each from 1 to 8.
func (e *Encoder) Size(width, height int) {
	w, h := min(max(width, 1), 8)-1, min(max(height, 1), 8)-1
	e.put(0x1d, '!', byte(w<<4|h))
}

// QR adds a code that the printer draws itself, each module so many dots wide (1 to 16), with error
// correction M. It is an error where the profile has no such command: draw it, and call Raster.
func (e *Encoder) QR(data string, module int) error {
	switch {
	case !e.profile.NativeQR:
		return fmt.Errorf("escpos: QR: profile %s draws none: send it as a picture", e.profile.Name)
	case data == "" || len(data) > maxQR:
		return fmt.Errorf("escpos: QR: %d bytes: 1 to %d fit", len(data), maxQR)
	case strings.ContainsFunc(data, func(r rune) bool { return r < ' ' || r > '~' }):
		return fmt.Errorf("escpos: QR: %q has characters beyond ASCII: escape them", data)
	}
	e.end()
	e.qr('A', '2', 0) // model 2
	e.qr('C', byte(min(max(module, 1), 16)))
	e.qr('E', '1') // level M
	e.qr('P', append([]byte{'0'}, data...)...)
	e.qr('Q', '0')
	return nil
}

// qr adds a function of GS ( k for QR codes.
func (e *Encoder) qr(function byte, parameters ...byte) {
	n := len(parameters) + 2
	e.put(0x1d, '(', 'k', byte(n), byte(n>>8), '1', function)
	e.buf.Write(parameters)
}

// Cut feeds the paper to the cutter and cuts it; a presenter holds it out.
func (e *Encoder) Cut() {
	e.end()
	if e.profile.CutFeed > 0 {
		e.Feed(e.profile.CutFeed)
	}
	e.buf.WriteString(e.profile.Cut)
}

func (e *Encoder) put(b ...byte) { e.buf.Write(b) }

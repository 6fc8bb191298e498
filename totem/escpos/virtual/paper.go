package virtual

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"image"
	"image/color"
	"slices"
	"strings"
)

// Paper is what came out of a printer. Its places are in dots, counted from its upper left corner.
type Paper struct {
	Dots     int // across
	DPI      int
	Lines    []Line
	Pictures []Picture
	Codes    []Code
	Cuts     int // how often it was cut
	Asked    int // how often the job asked for an answer in its turn, by GS r or GS ( H
	bits     []byte
	stride   int
	height   int
}

// Line is a line of text.
type Line struct {
	Text       string
	Place      image.Rectangle
	Wide, Tall int // of the largest letter, 1 to 8
	Bold       bool
	Wrapped    bool // it goes on in the next one, since the paper ended
}

// Picture is a raster image, or dots of ESC *.
type Picture struct {
	Place image.Rectangle
	Wider bool // it is wider than the paper, and cut off
}

// Code is a QR code that the printer itself made.
type Code struct {
	Data  string
	Place image.Rectangle
	Level byte // L, M, Q or H
	Wider bool
}

func newPaper(m Model) *Paper {
	return &Paper{Dots: m.Dots, DPI: m.DPI, stride: (m.Dots + 7) / 8}
}

// Text is all lines of text.
func (p *Paper) Text() string {
	var b strings.Builder
	for i, l := range p.Lines {
		b.WriteString(l.Text)
		if !l.Wrapped && i < len(p.Lines)-1 {
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// QRs is what the codes say that the printer made. Those in pictures aren't among them: a reader of
// codes finds them in the image.
func (p *Paper) QRs() []string {
	list := make([]string, len(p.Codes))
	for i, c := range p.Codes {
		list[i] = c.Data
	}
	return list
}

// Height is its length in dots.
func (p *Paper) Height() int { return p.height }

// Black reports whether a dot is.
func (p *Paper) Black(x, y int) bool {
	return x >= 0 && x < p.Dots && y >= 0 && y < p.height && p.bits[y*p.stride+x/8]&(0x80>>(x%8)) != 0
}

// Blank reports whether nothing is on it.
func (p *Paper) Blank() bool {
	return !slices.ContainsFunc(p.bits, func(b byte) bool { return b != 0 })
}

// Image draws it.
func (p *Paper) Image() *image.Gray { return p.draw(p.height) }

// draw draws its first rows.
func (p *Paper) draw(rows int) *image.Gray {
	m := image.NewGray(image.Rect(0, 0, p.Dots, max(1, rows)))
	for i := range m.Pix {
		m.Pix[i] = 0xff
	}
	for y := range rows {
		for x := range p.Dots {
			if p.Black(x, y) {
				m.SetGray(x, y, color.Gray{})
			}
		}
	}
	return m
}

// content stands for what is on it, wherever on the paper that is.
func (p *Paper) content() [sha256.Size]byte {
	return sha256.Sum256(append(fmt.Appendf(nil, "%s\n%q\n", p.Text(), p.QRs()), bytes.Trim(p.bits, "\x00")...))
}

// feed moves the paper on by empty rows.
func (p *Paper) feed(rows int) error {
	if p.height+rows > longest {
		return fmt.Errorf("more than %d rows of paper", longest)
	}
	p.bits = append(p.bits, make([]byte, rows*p.stride)...)
	p.height += rows
	return nil
}

// blacken makes a dot black, if it is on the paper.
func (p *Paper) blacken(x, y int) {
	if x >= 0 && x < p.Dots && y >= 0 && y < p.height {
		p.bits[y*p.stride+x/8] |= 0x80 >> (x % 8)
	}
}

// split parts the paper above a row: what was printed below it, wholly or in part, is on the tail.
func (p *Paper) split(row int) (head, tail *Paper) {
	row = min(max(row, 0), p.height)
	head, tail = new(Paper), new(Paper)
	*head, *tail = *p, *p
	at := row * p.stride
	head.bits, tail.bits = slices.Clip(p.bits[:at]), slices.Clone(p.bits[at:])
	head.height, tail.height = row, p.height-row
	tail.Cuts, tail.Asked = 0, 0
	head.Lines, tail.Lines = part(p.Lines, row, func(l *Line) *image.Rectangle { return &l.Place })
	head.Pictures, tail.Pictures = part(p.Pictures, row, func(l *Picture) *image.Rectangle { return &l.Place })
	head.Codes, tail.Codes = part(p.Codes, row, func(l *Code) *image.Rectangle { return &l.Place })
	return head, tail
}

func part[T any](list []T, row int, place func(*T) *image.Rectangle) (above, below []T) {
	for _, item := range list {
		if r := place(&item); r.Max.Y <= row {
			above = append(above, item)
		} else {
			*r = r.Sub(image.Pt(0, row))
			below = append(below, item)
		}
	}
	return above, below
}

// join puts another paper below this one.
func (p *Paper) join(below *Paper) {
	at := image.Pt(0, p.height)
	for _, l := range below.Lines {
		l.Place = l.Place.Add(at)
		p.Lines = append(p.Lines, l)
	}
	for _, l := range below.Pictures {
		l.Place = l.Place.Add(at)
		p.Pictures = append(p.Pictures, l)
	}
	for _, l := range below.Codes {
		l.Place = l.Place.Add(at)
		p.Codes = append(p.Codes, l)
	}
	p.bits = append(p.bits, below.bits...)
	p.height += below.height
}

// withoutPicture is what it says, without its dots.
func (p *Paper) withoutPicture() *Paper {
	q := *p
	q.bits, q.height = nil, 0
	return &q
}

// Package pdf draws a ticket as a page of 80 mm, as tall as its text: for the
// citizen who wants it on a phone, and for any printer that isn't a ticket printer.
package pdf

import (
	"bytes"
	_ "embed"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/jung-kurt/gofpdf"

	"github.com/eliminacode/eliminacode/totem/qr"
)

// Label is a text as people read it, Italian with English beside it. An empty one is left out.
type Label struct {
	It, En string
}

// Ticket is what a ticket says. It names no person.
type Ticket struct {
	Number  string    // "A042"
	Channel Label     // the public label
	Class   string    // "standard", "priority" or "appointment"
	Office  Label     // whose waiting room it is for
	Issued  time.Time // in the office's time zone; the page is dated by it
	Slot    time.Time // of an appointment, in the office's time zone: told in the place of who is ahead; zero: none
	Ahead   int       // tickets before it
	Wait    Label     // the expected wait in words, such as "20–30 minuti"; empty: not known. An appointment's isn't told
	URL     string    // the page of this ticket, drawn as a QR code; empty: none
	Privacy Label     // how the data is treated
}

// Sizes in millimetres: paper of 80 mm, of which ticket printers reach 72.
const (
	paper  = 80.0
	margin = 4.0
	width  = paper - 2*margin
	dot    = 25.4 / 203 // of a ticket printer; the squares of the QR code are whole dots
)

// Sizes of text in points.
const (
	small  = 8.5
	plain  = 10.5
	strong = 15.0
	huge   = 84.0 // or less, to fit the width
)

// Files of the typeface. Its licence is in fonts/OFL.txt.
var (
	//go:embed fonts/TitilliumWeb-Regular.ttf
	regular []byte
	//go:embed fonts/TitilliumWeb-Bold.ttf
	bold []byte
)

var classes = map[string]Label{
	"priority":    {It: "Con precedenza", En: "Priority"},
	"appointment": {It: "Su appuntamento", En: "By appointment"},
}

// Render writes the ticket as a PDF of one page. The same ticket gives the same bytes.
func Render(w io.Writer, t Ticket) error {
	s := newSheet(t)
	s.both(t.Office, plain, true)
	s.space(2)
	s.rule()
	s.space(2)
	s.both(t.Channel, strong, true)
	s.space(1)
	s.number(t.Number)
	s.both(class(t), plain, true)
	s.space(2)
	s.rule()
	s.space(2)
	s.both(turn(t), plain, true)
	if t.Wait != (Label{}) && !t.booked() {
		s.space(1.2)
		s.both(Label{It: "Attesa prevista: " + t.Wait.It, En: "Expected wait: " + t.Wait.En}, plain, true)
	}
	if t.URL != "" {
		s.space(2)
		if err := s.code(t.URL); err != nil {
			return err
		}
		s.both(Label{It: "Inquadrare per seguire la coda dal telefono", En: "Scan to follow the queue on your phone"}, small, false)
	}
	s.space(2)
	s.rule()
	s.space(2)
	s.both(Label{It: "Conservare il biglietto fino alla chiamata", En: "Keep this ticket until you are called"}, plain, false)
	s.line(issued(t.Issued), small, false)
	if t.Privacy != (Label{}) {
		s.space(1.5)
		s.both(t.Privacy, small-1, false)
	}
	return s.write(w)
}

func class(t Ticket) Label {
	if t.Slot.IsZero() {
		return classes[t.Class]
	}
	at := t.Slot.Format("15:04")
	return Label{It: "Appuntamento delle " + at, En: "Appointment at " + at}
}

// booked reports whether the holder's turn is a time, however few are ahead.
func (t *Ticket) booked() bool { return t.Slot.After(t.Issued) }

// turn says when it will be the holder's turn.
func turn(t Ticket) Label {
	switch {
	case t.booked():
		at := t.Slot.Format("15:04")
		return Label{It: "Sarai chiamato intorno alle " + at, En: "You will be called at about " + at}
	case t.Ahead == 0:
		return Label{It: "Nessuna persona prima di te", En: "Nobody before you"}
	case t.Ahead == 1:
		return Label{It: "1 persona prima di te", En: "1 person before you"}
	}
	return Label{It: fmt.Sprintf("%d persone prima di te", t.Ahead), En: fmt.Sprintf("%d people before you", t.Ahead)}
}

func issued(at time.Time) string {
	days := [...]string{"domenica", "lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato"}
	return days[at.Weekday()] + at.Format(" 02/01/2006, ore 15:04")
}

// sheet is a page in the making: what is to be drawn, from top to bottom, before its height is
// known.
type sheet struct {
	pdf    *gofpdf.Fpdf
	height float64
	draw   []func()
}

func newSheet(t Ticket) *sheet {
	pdf := gofpdf.NewCustom(&gofpdf.InitType{UnitStr: "mm", Size: gofpdf.SizeType{Wd: paper, Ht: paper}})
	pdf.SetCatalogSort(true)
	pdf.SetCreationDate(t.Issued)
	pdf.SetModificationDate(t.Issued)
	pdf.SetProducer("Eliminacode", true)
	pdf.SetTitle("Biglietto "+t.Number, true)
	pdf.SetAutoPageBreak(false, 0)
	// gofpdf pads the tables of a font in place, so every page needs bytes of its own.
	pdf.AddUTF8FontFromBytes(family, "", bytes.Clone(regular))
	pdf.AddUTF8FontFromBytes(family, "B", bytes.Clone(bold))
	return &sheet{pdf: pdf, height: margin}
}

const family = "titillium"

// joiner keeps a range of minutes in one line elsewhere. The typeface has no sign for it, and lines
// are broken at spaces alone.
const joiner = "\u2060"

// both puts an Italian text and, smaller below it, the English one.
func (s *sheet) both(l Label, size float64, heavy bool) {
	s.line(l.It, size, heavy)
	if l.En != l.It {
		s.line(l.En, max(size*0.72, small-1), false)
	}
}

// number puts the ticket's number, as large as the paper allows.
func (s *sheet) number(n string) {
	s.style(huge, true)
	size := huge
	if w := s.pdf.GetStringWidth(n); w > width {
		size *= width / w
	}
	s.put(n, size, 0.86, true)
	s.space(1)
}

// line puts a text in the middle, over as many lines as it needs.
func (s *sheet) line(text string, size float64, heavy bool) {
	s.style(size, heavy)
	text = strings.ReplaceAll(text, joiner, "")
	for _, part := range wrap(text, width, s.pdf.GetStringWidth) {
		s.put(part, size, 1.18, heavy)
	}
}

// put puts one line that is leading times its size tall.
func (s *sheet) put(text string, size, leading float64, heavy bool) {
	tall := s.pdf.PointConvert(size) * leading
	top := s.height
	s.height += tall
	s.draw = append(s.draw, func() {
		s.style(size, heavy)
		s.pdf.SetXY(margin, top)
		s.pdf.CellFormat(width, tall, text, "", 0, "CM", false, 0, "")
	})
}

func (s *sheet) space(mm float64) { s.height += mm }

func (s *sheet) rule() {
	at := s.height
	s.draw = append(s.draw, func() {
		s.pdf.SetLineWidth(0.25)
		s.pdf.Line(margin, at, paper-margin, at)
	})
}

// code puts a QR code, with the four clear squares around it that readers want.
func (s *sheet) code(url string) error {
	c, err := qr.Encode(url)
	if err != nil {
		return fmt.Errorf("draw the ticket's address: %w", err)
	}
	const about = 42.0 // with the quiet zone, of which white paper beside the code is a part
	square := max(1, float64(int(about/float64(c.Size+2*qr.Quiet)/dot))) * dot
	side := float64(c.Size) * square
	left, top := (paper-side)/2, s.height+qr.Quiet*square/2
	s.height = top + side + qr.Quiet*square/2
	s.draw = append(s.draw, func() {
		s.pdf.SetFillColor(0, 0, 0)
		for y := range c.Size {
			for x := 0; x < c.Size; x++ {
				from := x
				for x < c.Size && c.Black(x, y) {
					x++
				}
				if x > from {
					s.pdf.Rect(left+float64(from)*square, top+float64(y)*square, float64(x-from)*square, square, "F")
				}
			}
		}
		s.pdf.LinkString(left, top, side, side, url)
	})
	return nil
}

func (s *sheet) style(size float64, heavy bool) {
	style := ""
	if heavy {
		style = "B"
	}
	s.pdf.SetFont(family, style, size)
}

func (s *sheet) write(w io.Writer) error {
	s.pdf.AddPageFormat("P", gofpdf.SizeType{Wd: paper, Ht: s.height + margin})
	for _, draw := range s.draw {
		draw()
	}
	if err := s.pdf.Output(w); err != nil {
		return fmt.Errorf("draw the ticket: %w", err)
	}
	return nil
}

package paper

import (
	"fmt"
	"image"
	"math"
	"strings"

	"github.com/eliminacode/eliminacode/totem/qr"
)

// Of the QR code, in millimetres: how large it is with its quiet zone if it can be, and the
// smallest module that phones of all kinds read from thermal paper.
const (
	codeSide  = 37.0
	minModule = 0.5
)

// code places the QR code of an address.
func (s *sheet) code(address string) error {
	address = escape(address)
	c, err := qr.Encode(address)
	if err != nil {
		return fmt.Errorf("paper: address of the ticket's page: %w", err)
	}
	side := c.Size + 2*qr.Quiet
	mm := float64(s.profile.DPI) / 25.4
	module := max(int(math.Ceil(minModule*mm-0.01)), min(int(codeSide*mm), s.profile.Dots)/side)
	if side*module > s.profile.Dots {
		return fmt.Errorf("paper: address of the ticket's page: %d bytes are too many for a code on paper of %d dots", len(address), s.profile.Dots)
	}
	if !s.profile.NativeQR {
		return s.picture(modules(c, module))
	}
	s.space(qr.Quiet * module)
	s.begin()
	s.e.Align(center)
	if err := s.e.QR(address, module); err != nil {
		return err
	}
	s.space(qr.Quiet * module)
	return nil
}

// modules draws a code with its quiet zone, each module as a square of whole dots.
func modules(c qr.Code, module int) *image.Gray {
	side := (c.Size + 2*qr.Quiet) * module
	picture := image.NewGray(image.Rect(0, 0, side, side))
	for y := range side {
		row := picture.Pix[y*picture.Stride:][:side]
		if y%module > 0 {
			copy(row, picture.Pix[(y-1)*picture.Stride:])
			continue
		}
		for x := range row {
			if !c.Black(x/module-qr.Quiet, y/module-qr.Quiet) {
				row[x] = 0xff
			}
		}
	}
	return picture
}

// escape writes what isn't plain ASCII as addresses do.
func escape(address string) string {
	var b strings.Builder
	for i := range len(address) {
		if c := address[i]; c > ' ' && c <= '~' {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// Package qr draws the QR code of a ticket's page. It is the only importer of rsc.io/qr.
package qr

import (
	"bytes"
	"fmt"

	"rsc.io/qr"
)

// Quiet is the white margin around a code, in modules, that ISO/IEC 18004 asks for.
const Quiet = 4

// Code is a square of modules.
type Code struct {
	Size  int                 // modules on a side
	Black func(x, y int) bool // whether a module is black; outside of the square none is
}

// Encode returns the code of a text, with about 15 % of it restorable. It
// returns an error for a text that is too long, over some 2,000 bytes.
func Encode(text string) (Code, error) { return EncodeAt(text, 'M') }

// EncodeAt is [Encode] at another level: L restores about 7 %, M 15 %, Q 25 % and H 30 % of the
// code.
func EncodeAt(text string, level byte) (Code, error) {
	at, ok := map[byte]qr.Level{'L': qr.L, 'M': qr.M, 'Q': qr.Q, 'H': qr.H}[level]
	if !ok {
		return Code{}, fmt.Errorf("qr code at level %q: write L, M, Q or H", level)
	}
	c, err := qr.Encode(text, at)
	if err != nil {
		return Code{}, fmt.Errorf("qr code of %d bytes: %w", len(text), err)
	}
	return Code{Size: c.Size, Black: c.Black}, nil
}

// SVG returns the code as an image that scales, with its quiet zone.
func (c Code) SVG() []byte {
	var b bytes.Buffer
	side := c.Size + 2*Quiet
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" shape-rendering="crispEdges">`, side, side)
	fmt.Fprintf(&b, `<path fill="#fff" d="M0 0h%dv%dH0z"/><path d="`, side, side)
	for y := range c.Size {
		for x := 0; x < c.Size; x++ {
			run := 0
			for c.Black(x+run, y) {
				run++
			}
			if run > 0 {
				fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", x+Quiet, y+Quiet, run, run)
				x += run
			}
		}
	}
	b.WriteString(`"/></svg>`)
	return b.Bytes()
}

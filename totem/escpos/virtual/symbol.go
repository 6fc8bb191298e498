package virtual

import (
	"errors"
	"fmt"
	"image"

	"github.com/eliminacode/eliminacode/totem/qr"
)

// symbol is the QR code that GS ( k is about.
type symbol struct {
	module int  // dots
	level  byte // L, M, Q or H
	data   []byte
}

func newSymbol() symbol { return symbol{module: 3, level: 'L'} }

// functionSize is of GS ( and GS ( k alike: a name, and how many bytes follow.
func (i *interpreter) functionSize(b []byte) (int, error) {
	if len(b) < 5 {
		return 0, errShort
	}
	return 5 + word(b[3:]), nil
}

func (i *interpreter) function(a []byte) error {
	args := a[3:]
	switch a[0] {
	case 'k':
		return i.symbolFunction(args)
	case 'L':
		return i.graphicsFunction(args)
	case 'H':
		return i.answerFunction(args)
	case 'D': // which real-time commands count
		return nil
	}
	return errors.New("this command isn't known")
}

// largeSize is of GS 8 L, which is GS ( L with a longer length.
func (i *interpreter) largeSize(b []byte) (int, error) {
	if len(b) < 7 {
		return 0, errShort
	}
	n := word(b[3:]) | word(b[5:])<<16
	if b[2] != 'L' || n > largest+10 {
		return 0, errors.New("this command isn't known, or its picture is too large")
	}
	return 7 + n, nil
}

func (i *interpreter) large(a []byte) error { return i.graphicsFunction(a[5:]) }

// symbolFunction is GS ( k for QR codes: 65 the model, 67 the size, 69 the level, 80 store, 81
// print.
func (i *interpreter) symbolFunction(a []byte) error {
	if len(a) < 3 || a[0] != '1' {
		return errors.New("of two-dimensional codes, QR codes alone are known")
	}
	s := &i.symbol
	switch fn, n := a[1], a[2]; {
	case fn == 'A' && len(a) == 4:
		if n != '2' {
			return errors.New("QR codes are of model 2")
		}
	case fn == 'C' && len(a) == 3:
		if n < 1 || n > 16 {
			return errors.New("a module is of 1 to 16 dots")
		}
		s.module = int(n)
	case fn == 'E' && len(a) == 3:
		if n < '0' || n > '3' {
			return errors.New("levels are 48 to 51")
		}
		s.level = "LMQH"[n-'0']
	case fn == 'P' && n == '0' && len(a) > 3:
		s.data = append([]byte(nil), a[3:]...)
	case fn == 'Q' && n == '0' && len(a) == 3:
		return i.printSymbol()
	default:
		return fmt.Errorf("function %d for QR codes, with %d bytes, isn't known", fn, len(a)-2)
	}
	return nil
}

func (i *interpreter) printSymbol() error {
	s := i.symbol
	if s.data == nil {
		return errors.New("no text is stored for the code")
	}
	if err := i.atStart(); err != nil {
		return err
	}
	code, err := qr.EncodeAt(string(s.data), s.level)
	if err != nil {
		return err
	}
	side := code.Size * s.module
	left, top := i.left(side), i.paper.height
	if err := i.paper.feed(side); err != nil {
		return err
	}
	edge := i.mode.margin + i.area()
	for y := range side {
		for x := range side {
			if left+x < edge && code.Black(x/s.module, y/s.module) {
				i.paper.blacken(left+x, top+y)
			}
		}
	}
	place := image.Rect(left, top, left+side, top+side)
	i.paper.Codes = append(i.paper.Codes, Code{Data: string(s.data), Place: place, Level: s.level, Wider: place.Max.X > edge})
	return nil
}

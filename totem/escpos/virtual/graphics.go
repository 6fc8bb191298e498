package virtual

import (
	"errors"
	"fmt"
)

// rasterSize is of GS v 0: m, the bytes of a row, the rows, and all their dots.
func (i *interpreter) rasterSize(b []byte) (int, error) {
	if len(b) >= 3 && b[2] != '0' {
		return 0, errors.New("this command isn't known")
	}
	if len(b) < 8 {
		return 0, errShort
	}
	if digit(b[3]) > 3 {
		return 0, errors.New("a raster image is of kind 0 to 3")
	}
	if err := i.atStart(); err != nil {
		return 0, err
	}
	n, err := area(word(b[4:]), word(b[6:]))
	return 8 + n, err
}

// area is how many bytes a raster has; more than any paper has room for is refused at once.
func area(across, rows int) (int, error) {
	if across == 0 || rows == 0 {
		return 0, errors.New("a picture without dots")
	}
	if rows > longest || across*rows > largest {
		return 0, fmt.Errorf("a picture of %d by %d dots", across*8, rows)
	}
	return across * rows, nil
}

func (i *interpreter) rasterImage(a []byte) error {
	m := int(digit(a[1]))
	return i.raster(a[6:], word(a[2:]), word(a[4:]), 1+m&1, 1+m>>1)
}

// graphics is a picture that GS ( L has stored, to be printed by another one.
type graphics struct {
	data         []byte
	bytes, rows  int
	across, down int
}

// graphicsFunction is GS ( L and GS 8 L: 112 stores a picture, 50 prints it.
func (i *interpreter) graphicsFunction(a []byte) error {
	if len(a) < 2 || a[0] != '0' {
		return errors.New("this function for pictures isn't known")
	}
	switch fn := a[1]; fn {
	case 'p':
		return i.storeGraphics(a[2:])
	case 2, '2':
		g := i.stored
		if g.data == nil {
			return errors.New("no picture is stored")
		}
		if err := i.atStart(); err != nil {
			return err
		}
		i.stored = graphics{}
		return i.raster(g.data, g.bytes, g.rows, g.across, g.down)
	case 1, '1': // how dense the dots are, to which the pictures refer
		return nil
	}
	return fmt.Errorf("function %d for pictures isn't known", a[1])
}

func (i *interpreter) storeGraphics(a []byte) error {
	if len(a) < 8 {
		return errors.New("too short for a picture")
	}
	if a[0] != '0' || a[3] != '1' {
		return errors.New("a picture has one colour and two tones")
	}
	if a[1] < 1 || a[1] > 2 || a[2] < 1 || a[2] > 2 {
		return errors.New("a picture is once or twice as wide and tall")
	}
	across, rows := (word(a[4:])+7)/8, word(a[6:])
	n, err := area(across, rows)
	if err != nil {
		return err
	}
	if len(a)-8 != n {
		return fmt.Errorf("a picture of %d by %d dots has %d bytes, not %d", word(a[4:]), rows, n, len(a)-8)
	}
	i.stored = graphics{data: append([]byte(nil), a[8:]...), bytes: across, rows: rows, across: int(a[1]), down: int(a[2])}
	return nil
}

// bitImageSize is of ESC *: m, and columns of one or three bytes.
func (i *interpreter) bitImageSize(b []byte) (int, error) {
	if len(b) < 5 {
		return 0, errShort
	}
	tall, _, _ := bitImageKind(b[2])
	if tall == 0 {
		return 0, fmt.Errorf("pictures of kind %d aren't known", b[2])
	}
	return 5 + word(b[3:])*tall, nil
}

// bitImageKind says how many bytes a column has, and how many dots of paper one of it is.
func bitImageKind(m byte) (bytes, across, down int) {
	switch m {
	case 0:
		return 1, 2, 3
	case 1:
		return 1, 1, 3
	case 32:
		return 3, 2, 1
	case 33:
		return 3, 1, 1
	}
	return 0, 0, 0
}

func (i *interpreter) bitImage(a []byte) error {
	bytes, across, down := bitImageKind(a[0])
	columns := word(a[1:])
	b := &bitmap{w: min(columns*across, i.paper.Dots), h: bytes * 8 * down}
	b.black = make([]bool, b.w*b.h)
	for y := range b.h {
		for x := range b.w {
			bit := y / down
			b.black[y*b.w+x] = a[3+x/across*bytes+bit/8]&(0x80>>(bit%8)) != 0
		}
	}
	return i.put(item{w: b.w, above: b.h, dots: b, picture: true})
}

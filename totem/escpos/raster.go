package escpos

import (
	"fmt"
	"image"
)

// bandRows is how high a piece of a picture is at most: cheap printers have little memory, and what
// is lost of a job that was cut off is no more than that.
const bandRows = 128

// Raster adds a picture, a dot for each pixel darker than half, under the alignment that holds. Its
// width is at most that of the paper; its height is any.
func (e *Encoder) Raster(img image.Image) error {
	size := img.Bounds().Size()
	if size.X < 1 || size.Y < 1 || size.X > e.profile.Dots {
		return fmt.Errorf("escpos: picture of %d×%d dots: profile %s prints 1 to %d across", size.X, size.Y, e.profile.Name, e.profile.Dots)
	}
	e.end()
	width := (size.X + 7) / 8
	dots := pack(img, width)
	disarm(dots)
	for len(dots) > 0 {
		rows := min(len(dots)/width, bandRows)
		for hasRealTime(e.bandHeader(size.X, rows)) {
			rows--
		}
		e.buf.Write(e.bandHeader(size.X, rows))
		e.buf.Write(dots[:rows*width])
		if e.profile.Image == ImageGraphics {
			e.put(0x1d, '(', 'L', 2, 0, '0', '2') // print what is stored
		}
		dots = dots[rows*width:]
	}
	return nil
}

// bandHeader is what goes before the dots of a band.
func (e *Encoder) bandHeader(dots, rows int) []byte {
	width := (dots + 7) / 8
	if e.profile.Image == ImageGraphics {
		n := width*rows + 10
		return []byte{
			0x1d, '(', 'L', byte(n), byte(n >> 8), '0', 'p', '0', 1, 1, '1',
			byte(dots), byte(dots >> 8), byte(rows), byte(rows >> 8),
		}
	}
	return []byte{0x1d, 'v', '0', 0, byte(width), byte(width >> 8), byte(rows), byte(rows >> 8)}
}

// pack puts eight dots into a byte, the leftmost highest; each row begins a byte.
func pack(img image.Image, width int) []byte {
	b := img.Bounds()
	dots := make([]byte, width*b.Dy())
	dark := darkness(img)
	for y := range b.Dy() {
		row := dots[y*width:]
		for x := range b.Dx() {
			if dark(b.Min.X+x, b.Min.Y+y) {
				row[x/8] |= 0x80 >> (x % 8)
			}
		}
	}
	return dots
}

// darkness returns what tells whether a pixel is a dot.
func darkness(img image.Image) func(x, y int) bool {
	if gray, ok := img.(*image.Gray); ok {
		return func(x, y int) bool { return gray.Pix[gray.PixOffset(x, y)] < 0x80 }
	}
	return func(x, y int) bool {
		r, g, b, a := img.At(x, y).RGBA()
		light := (299*r+587*g+114*b)/1000 + (0xffff - a) // on white paper
		return light < 0x8000
	}
}

// disarm adds a dot wherever dots would read as a command that printers obey at once, even within a
// picture: DLE EOT, ENQ and DC4 ask for a status, clear the buffer, or open a drawer.
func disarm(dots []byte) {
	for i := range dots[:len(dots)-1] {
		if isRealTime(dots[i:]) {
			dots[i] |= 0x20
		}
	}
}

func isRealTime(b []byte) bool {
	return b[0] == 0x10 && (b[1] == 0x04 || b[1] == 0x05 || b[1] == 0x14)
}

func hasRealTime(b []byte) bool {
	for i := range b[:len(b)-1] {
		if isRealTime(b[i:]) {
			return true
		}
	}
	return false
}

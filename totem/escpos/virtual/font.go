package virtual

import (
	"fmt"
	"image"
	"sync"

	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// cell is the size of a letter in dots, before GS ! makes it larger.
type cell struct{ w, h int }

// Fonts A and B of ESC M.
var (
	fontA = cell{12, 24}
	fontB = cell{9, 17}
)

const (
	// ppem is the size at which outlines are read; they are scaled to the cell from there. A
	// letter of the typeface is 0.6 of it wide.
	ppem = 200
	// base is how much of a cell's height is above the line that letters stand on.
	base = 0.8
	// dark is from how much of a dot's surface on that the dot is black.
	dark = 0x70
)

// typeface is Go Mono, whose letters are as wide as those of a printer are.
var typeface = sync.OnceValue(func() *sfnt.Font {
	f, err := sfnt.Parse(gomono.TTF)
	if err != nil {
		panic("virtual: " + err.Error()) // it is in the program
	}
	return f
})

// bitmap is a small picture of black dots.
type bitmap struct {
	w, h  int
	black []bool
}

func (b *bitmap) at(x, y int) bool { return x >= 0 && x < b.w && y >= 0 && y < b.h && b.black[y*b.w+x] }

// glyphs draws letters, each once for its size.
type glyphs struct {
	buffer sfnt.Buffer
	drawn  map[glyphKey]*bitmap
}

type glyphKey struct {
	r    rune
	cell cell
}

// glyph draws a letter into a cell; nil if the typeface lacks it.
func (g *glyphs) glyph(r rune, c cell) *bitmap {
	key := glyphKey{r, c}
	if b := g.drawn[key]; b != nil {
		return b
	}
	b, err := g.draw(r, c)
	if err != nil {
		return nil
	}
	if g.drawn == nil {
		g.drawn = map[glyphKey]*bitmap{}
	}
	g.drawn[key] = b
	return b
}

func (g *glyphs) draw(r rune, c cell) (*bitmap, error) {
	index, err := typeface().GlyphIndex(&g.buffer, r)
	if err != nil || index == 0 {
		return nil, fmt.Errorf("no glyph for %q: %w", r, err)
	}
	segments, err := typeface().LoadGlyph(&g.buffer, index, fixed.I(ppem), nil)
	if err != nil {
		return nil, err
	}
	z := vector.NewRasterizer(c.w, c.h)
	across, down, foot := float32(c.w)/(0.6*ppem), float32(c.h)/(1.2*ppem), float32(c.h)*base
	point := func(p fixed.Point26_6) (x, y float32) {
		return float32(p.X) / 64 * across, foot + float32(p.Y)/64*down
	}
	for _, s := range segments {
		x, y := point(s.Args[0])
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			z.MoveTo(x, y)
		case sfnt.SegmentOpLineTo:
			z.LineTo(x, y)
		case sfnt.SegmentOpQuadTo:
			x1, y1 := point(s.Args[1])
			z.QuadTo(x, y, x1, y1)
		case sfnt.SegmentOpCubeTo:
			x1, y1 := point(s.Args[1])
			x2, y2 := point(s.Args[2])
			z.CubeTo(x, y, x1, y1, x2, y2)
		}
	}
	shade := image.NewAlpha(image.Rect(0, 0, c.w, c.h))
	z.Draw(shade, shade.Bounds(), image.Opaque, image.Point{})
	b := &bitmap{w: c.w, h: c.h, black: make([]bool, c.w*c.h)}
	for i, a := range shade.Pix {
		b.black[i] = a >= dark
	}
	return b, nil
}

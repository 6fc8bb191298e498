package drawn

import (
	"image"
	"image/draw"
	"math"
	"unicode"

	"github.com/go-text/typesetting/font"
	ot "github.com/go-text/typesetting/font/opentype"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/image/vector"
)

// Of the height of the letters: what a line reserves above and below its base, at least.
const (
	above = 0.98
	below = 0.32
)

// inked is how much of a dot a letter must cover, of 255, to be printed: less than half, so that
// thin strokes don't break.
const inked = 112

// heavier is by how many dots bold strokes are wider.
func heavier(style Style) int {
	if !style.Bold {
		return 0
	}
	return max(1, (style.Size+10)/26)
}

// inWord reports whether a character belongs to words that aren't broken.
func inWord(r rune) bool {
	return (unicode.IsLetter(r) || unicode.IsMark(r)) && !unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Bopomofo)
}

func (t *Text) draw(line shaping.Line, first bool) *image.Gray {
	size := float64(t.style.Size)
	ascent, descent, advance := above*size, below*size, 0.0
	for _, run := range line {
		ascent = max(ascent, float64(run.GlyphBounds.Ascent)/64)
		descent = max(descent, -float64(run.GlyphBounds.Descent)/64)
		advance += float64(run.Advance) / 64
	}
	base := math.Ceil(ascent)
	height := int(base + math.Ceil(descent))
	bold := heavier(t.style)
	pen := vector.NewRasterizer(t.width, height)
	x := t.start(advance + float64(bold))
	for _, run := range line {
		x = outline(pen, run, x, base)
	}
	if first && t.style.Bullet {
		t.bullet(pen, base)
	}
	coverage := image.NewAlpha(image.Rect(0, 0, t.width, height))
	pen.DrawOp = draw.Src
	pen.Draw(coverage, coverage.Bounds(), image.Opaque, image.Point{})
	return print1(coverage, bold)
}

// start is where a line of a width begins, from the left.
func (t *Text) start(advance float64) float64 {
	left := float64(t.width) - advance
	switch {
	case t.style.Align == Center:
		return math.Round(left / 2)
	case t.rtl:
		return math.Round(left) - float64(t.indent())
	}
	return float64(t.indent())
}

// indent is the room of a bullet.
func (t *Text) indent() int {
	if t.style.Bullet {
		return t.style.Size * 4 / 5
	}
	return 0
}

// bullet adds the dot before an item.
func (t *Text) bullet(pen *vector.Rasterizer, base float64) {
	size := float32(t.style.Size)
	r, x, y := size*0.12, size*0.25, float32(base)-size*0.27
	if t.rtl {
		x = float32(t.width) - x
	}
	const k = 0.5523 // of a circle by cubic curves
	pen.MoveTo(x+r, y)
	pen.CubeTo(x+r, y+k*r, x+k*r, y+r, x, y+r)
	pen.CubeTo(x-k*r, y+r, x-r, y+k*r, x-r, y)
	pen.CubeTo(x-r, y-k*r, x-k*r, y-r, x, y-r)
	pen.CubeTo(x+k*r, y-r, x+r, y-k*r, x+r, y)
	pen.ClosePath()
}

// outline adds the letters of a run, and returns where the next one begins.
func outline(pen *vector.Rasterizer, run shaping.Output, x, base float64) float64 {
	scale := float32(run.Size) / 64 / float32(run.Face.Upem())
	for _, g := range run.Glyphs {
		gx, gy := x+float64(g.XOffset)/64, base-float64(g.YOffset)/64
		if !run.Direction.IsVertical() && g.XOffset == 0 && !joined(run) {
			gx = math.Round(gx) // the same letter looks the same wherever it stands
		}
		if glyph, ok := run.Face.GlyphDataOutline(g.GlyphID); ok {
			trace(pen, glyph, float32(gx), float32(gy), scale)
		}
		x += float64(g.Advance) / 64
	}
	return x
}

// joined reports whether the letters of a run touch each other.
func joined(run shaping.Output) bool { return run.Face.Font == arabic() }

func trace(pen *vector.Rasterizer, glyph font.GlyphOutline, x, y, scale float32) {
	at := func(p ot.SegmentPoint) (float32, float32) { return x + p.X*scale, y - p.Y*scale }
	open := false
	for _, s := range glyph.Segments {
		ax, ay := at(s.Args[0])
		bx, by := at(s.Args[1])
		cx, cy := at(s.Args[2])
		switch s.Op {
		case ot.SegmentOpMoveTo:
			if open {
				pen.ClosePath()
			}
			open = true
			pen.MoveTo(ax, ay)
		case ot.SegmentOpLineTo:
			pen.LineTo(ax, ay)
		case ot.SegmentOpQuadTo:
			pen.QuadTo(ax, ay, bx, by)
		case ot.SegmentOpCubeTo:
			pen.CubeTo(ax, ay, bx, by, cx, cy)
		}
	}
	if open {
		pen.ClosePath()
	}
}

// print1 makes black dots of what is covered, wider by some dots to the right.
func print1(coverage *image.Alpha, bold int) *image.Gray {
	picture := image.NewGray(coverage.Bounds())
	width := coverage.Rect.Dx()
	for y := range coverage.Rect.Dy() {
		row := picture.Pix[y*picture.Stride:][:width]
		ink := 0 // how many dots more are black
		for x, covered := range coverage.Pix[y*coverage.Stride:][:width] {
			if covered >= inked {
				ink = bold + 1
			}
			if ink--; ink < 0 {
				row[x] = 0xff
			}
		}
	}
	return picture
}

package virtual

import (
	"image"
	"strings"
)

// item is a letter, or a picture of ESC *, in the line being made.
type item struct {
	x, w      int // within the printing area
	above     int // rows above the line that letters stand on
	below     int
	text      string
	dots      *bitmap
	bold      int // how far a second strike is shifted; 0: none
	underline int // rows
	reverse   bool
	picture   bool
}

// line is what waits to be printed.
type line struct {
	items      []item
	x          int
	wide, tall int
	bold       bool
}

// put adds an item; the line is printed first if there is no room for it.
func (i *interpreter) put(it item) error {
	if i.line.x+it.w > i.area() && i.line.x > 0 && !it.picture {
		if err := i.print(0, true); err != nil {
			return err
		}
	}
	it.x = i.line.x
	i.line.items = append(i.line.items, it)
	i.line.x += it.w
	return nil
}

// print puts the line on the paper, which moves on by so many rows at least.
func (i *interpreter) print(rows int, wrapped bool) error {
	l := i.line
	i.line = line{}
	if wrapped {
		rows = i.mode.spacing
	}
	above, below, width := 0, 0, 0
	for _, it := range l.items {
		above, below = max(above, it.above), max(below, it.below)
		width = max(width, it.x+it.w)
	}
	left, top := i.left(width), i.paper.height
	if err := i.paper.feed(max(rows, above+below)); err != nil || len(l.items) == 0 {
		return err
	}
	var text strings.Builder
	place := image.Rect(left, top, left+width, top+above+below)
	end := 0
	for _, it := range l.items {
		if it.x > end { // by a tab, or to a place
			text.WriteByte(' ')
		}
		end = it.x + it.w
		i.strike(it, left+it.x, top+above)
		text.WriteString(it.text)
		if it.picture {
			r := image.Rect(left+it.x, top+above-it.above, left+it.x+it.w, top+above+it.below)
			i.paper.Pictures = append(i.paper.Pictures, Picture{Place: r, Wider: r.Max.X > i.paper.Dots})
		}
	}
	if text.Len() > 0 {
		i.paper.Lines = append(i.paper.Lines, Line{Text: text.String(), Place: place, Wide: l.wide, Tall: l.tall, Bold: l.bold, Wrapped: wrapped})
	}
	return nil
}

// strike draws an item; foot is the row that letters stand on.
func (i *interpreter) strike(it item, left, foot int) {
	top, height := foot-it.above, it.above+it.below
	edge := min(i.mode.margin+i.area(), i.paper.Dots)
	for y := range height {
		for x := range min(it.w, edge-left) {
			black := it.dots != nil && (it.dots.at(x, y) || it.bold > 0 && it.dots.at(x-it.bold, y))
			black = black || y >= height-it.underline
			if black != it.reverse {
				i.paper.blacken(left+x, top+y)
			}
		}
	}
}

// left is where something so wide begins, by ESC a.
func (i *interpreter) left(width int) int {
	room := max(0, i.area()-width)
	return i.mode.margin + room*int(i.mode.align)/2
}

// area is how wide the printing area is.
func (i *interpreter) area() int { return min(i.mode.width, i.paper.Dots-i.mode.margin) }

// raster prints an image of its own rows: bit by bit from the left, each row filled up to a byte.
func (i *interpreter) raster(data []byte, bytes, rows, across, down int) error {
	width := bytes * 8 * across
	left, top := i.left(width), i.paper.height
	if err := i.paper.feed(rows * down); err != nil {
		return err
	}
	edge := min(i.mode.margin+i.area(), i.paper.Dots)
	for y := range rows * down {
		for x := range min(width, edge-left) {
			bit := x / across
			if data[y/down*bytes+bit/8]&(0x80>>(bit%8)) != 0 {
				i.paper.blacken(left+x, top+y)
			}
		}
	}
	place := image.Rect(left, top, left+width, top+rows*down)
	i.paper.Pictures = append(i.paper.Pictures, Picture{Place: place, Wider: place.Max.X > edge})
	return nil
}

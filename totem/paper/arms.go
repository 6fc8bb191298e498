package paper

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
)

// What a town's arms may be: a file of the configuration, and small for any picture. Twice as large
// as it is printed at most, it is kept.
const (
	maxArmsBytes = 64 << 10
	maxArmsSide  = 2000
	keptArmsSide = 400
)

// Arms reads a town's arms, once for all tickets.
func Arms(file []byte) (image.Image, error) {
	if len(file) > maxArmsBytes {
		return nil, fmt.Errorf("paper: arms: %d bytes, at most %d: make the picture smaller", len(file), maxArmsBytes)
	}
	config, err := png.DecodeConfig(bytes.NewReader(file))
	if err != nil {
		return nil, fmt.Errorf("paper: arms: not a PNG: %w", err)
	}
	if config.Width > maxArmsSide || config.Height > maxArmsSide {
		return nil, fmt.Errorf("paper: arms: %d×%d points, at most %d each way: make the picture smaller", config.Width, config.Height, maxArmsSide)
	}
	img, err := png.Decode(bytes.NewReader(file))
	if err != nil {
		return nil, fmt.Errorf("paper: arms: %w", err)
	}
	light := shrink(img, keptArmsSide)
	kept := image.NewGray(image.Rect(0, 0, len(light[0]), len(light)))
	for y, row := range light {
		for x, l := range row {
			kept.SetGray(x, y, color.Gray{Y: uint8(l*255 + 0.5)})
		}
	}
	return kept, nil
}

var errNoArms = errors.New("paper: arms: an empty picture")

// inBlack makes of a picture black dots on white, no more than side in either direction.
func inBlack(img image.Image, side int) (*image.Gray, error) {
	if img.Bounds().Empty() {
		return nil, errNoArms
	}
	return dither(shrink(img, side)), nil
}

// shrink returns how light the points of a picture are, no more than side in either direction. A
// smaller picture stays as large as it is.
func shrink(img image.Image, side int) [][]float64 {
	from := img.Bounds()
	width, height := from.Dx(), from.Dy()
	if longest := max(width, height); longest > side {
		width, height = max(1, width*side/longest), max(1, height*side/longest)
	}
	at := lightness(img)
	light := make([][]float64, height)
	for y := range light {
		light[y] = make([]float64, width)
		for x := range light[y] {
			light[y][x] = average(at, image.Rect(
				from.Min.X+x*from.Dx()/width, from.Min.Y+y*from.Dy()/height,
				from.Min.X+(x+1)*from.Dx()/width, from.Min.Y+(y+1)*from.Dy()/height,
			))
		}
	}
	return light
}

// lightness is how light a point of a picture is on white paper, from 0 to 1.
func lightness(img image.Image) func(x, y int) float64 {
	if gray, ok := img.(*image.Gray); ok {
		return func(x, y int) float64 { return float64(gray.Pix[gray.PixOffset(x, y)]) / 255 }
	}
	return func(x, y int) float64 {
		r, g, b, a := img.At(x, y).RGBA()
		return (0.299*float64(r)+0.587*float64(g)+0.114*float64(b))/0xffff + 1 - float64(a)/0xffff
	}
}

// average is how light a part of a picture is.
func average(at func(x, y int) float64, part image.Rectangle) float64 {
	sum := 0.0
	for y := part.Min.Y; y < part.Max.Y; y++ {
		for x := part.Min.X; x < part.Max.X; x++ {
			sum += at(x, y)
		}
	}
	return sum / float64(part.Dx()*part.Dy())
}

// dither spreads the error of each dot over its neighbours (Floyd and Steinberg), but leaves what
// is nearly black or white as clear as it is drawn.
func dither(light [][]float64) *image.Gray {
	const clear = 0.12
	picture := image.NewGray(image.Rect(0, 0, len(light[0]), len(light)))
	spread := func(x, y int, e float64) {
		if y < len(light) && x >= 0 && x < len(light[0]) {
			light[y][x] += e
		}
	}
	for y, row := range light {
		for x := range row {
			was := row[x]
			is := 0.0
			if was >= 0.5 {
				is = 1
				picture.SetGray(x, y, color.Gray{Y: 255})
			}
			e := was - is
			if e > -clear && e < clear {
				continue
			}
			spread(x+1, y, e*7/16)
			spread(x-1, y+1, e*3/16)
			spread(x, y+1, e*5/16)
			spread(x+1, y+1, e*1/16)
		}
	}
	return picture
}

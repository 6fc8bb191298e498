package paper_test

import (
	"flag"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"github.com/eliminacode/eliminacode/totem/paper"
)

var update = flag.Bool("update", false, "draw the sheets of tickets in docs/img anew, to be looked at")

// TestPictures wants the sheets of tickets in docs/img, which a person has looked at, to be what is
// printed now.
func TestPictures(t *testing.T) {
	t.Parallel()
	for file, sheet := range map[string]struct {
		profile string
		ticket  func(lang string) paper.Ticket
	}{
		"ticket-80.png":      {"escpos", sample},
		"ticket-58.png":      {"escpos-58", sample},
		"ticket-offline.png": {"escpos", full},
	} {
		var tickets []image.Image
		for _, lang := range []string{"it", "en", "zh", "ar", "uk", "ro"} {
			tickets = append(tickets, drawTicket(t, sheet.ticket(lang), sheet.profile))
		}
		compare(t, file, beside(tickets))
	}
	const long = "Ufficio Relazioni con il Pubblico del Comune di San Giovanni in Persiceto e dell'Unione dei Comuni di Terre d'Acqua"
	var tickets []image.Image
	for _, profile := range profiles {
		x := sample("it")
		x.Office, x.Channel, x.Number = long, "Bando affitti e contributi per le famiglie numerose", "A1000"
		x.ChannelIt = x.Channel
		tickets = append(tickets, drawTicket(t, x, profile))
	}
	x := full("en")
	x.Slot, x.Offline = monday.Add(3600e9), false
	tickets = append(tickets, drawTicket(t, x, "epson-tm-t88"))
	x.Office, x.ChannelIt = long, long
	x.Channel, x.Language = "Щось дуже довге: реєстрація населення та видача посвідчень особи", "uk"
	tickets = append(tickets, drawTicket(t, x, "escpos-58"))
	compare(t, "ticket-long.png", beside(tickets))
}

func drawTicket(t *testing.T, x paper.Ticket, profile string) image.Image {
	t.Helper()
	return printed(t, x, profile).Image()
}

// beside puts pictures side by side, at half their size.
func beside(list []image.Image) image.Image {
	const gap = 24
	width, height := gap, 0
	for _, m := range list {
		width += m.Bounds().Dx() + gap
		height = max(height, m.Bounds().Dy()+2*gap)
	}
	full := image.NewGray(image.Rect(0, 0, width, height))
	draw.Draw(full, full.Rect, image.NewUniform(color.Gray{Y: 0xb0}), image.Point{}, draw.Src)
	x := gap
	for _, m := range list {
		draw.Draw(full, m.Bounds().Add(image.Pt(x, gap)), m, image.Point{}, draw.Src)
		x += m.Bounds().Dx() + gap
	}
	var shades color.Palette
	for i := range 16 {
		shades = append(shades, color.Gray{Y: uint8(i * 17)})
	}
	half := image.NewPaletted(image.Rect(0, 0, width/2, height/2), shades)
	for y := range height / 2 {
		for x := range width / 2 {
			sum := 0
			for _, p := range []image.Point{{0, 0}, {1, 0}, {0, 1}, {1, 1}} {
				sum += int(full.GrayAt(2*x+p.X, 2*y+p.Y).Y)
			}
			half.SetColorIndex(x, y, uint8((sum/4+8)/17))
		}
	}
	return half
}

// compare wants a picture to be the one in docs/img, or makes it that.
func compare(t *testing.T, name string, m image.Image) {
	t.Helper()
	path := filepath.Join("..", "..", "docs", "img", name)
	if *update {
		save(t, path, m)
		return
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	shown, err := png.Decode(file)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	if shown.Bounds() != m.Bounds() {
		t.Fatalf("%s is %v, and %v now: look at it after go test ./totem/paper -run Pictures -update", path, shown.Bounds(), m.Bounds())
	}
	for y := range m.Bounds().Dy() {
		for x := range m.Bounds().Dx() {
			if color.GrayModel.Convert(shown.At(x, y)) != color.GrayModel.Convert(m.At(x, y)) {
				t.Fatalf("%s differs at %d,%d from what is printed: look at it after go test ./totem/paper -run Pictures -update", path, x, y)
			}
		}
	}
}

func save(t *testing.T, name string, m image.Image) {
	t.Helper()
	file, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(file, m); err != nil {
		t.Fatal(err)
	}
}

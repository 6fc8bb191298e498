package escpos_test

import (
	"bytes"
	"image"
	"image/color"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/eliminacode/eliminacode/totem/escpos"
)

const begin = "\x1b@\x1bR\x00\x1bt\x10"

func profile(t *testing.T, name string) escpos.Profile {
	t.Helper()
	p, ok := escpos.ProfileByName(name)
	if !ok {
		t.Fatalf("no profile %q", name)
	}
	return p
}

// must is for text that the test knows to be good.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestEncoder(t *testing.T) {
	t.Parallel()

	for _, tt := range []struct {
		name, profile string
		make          func(*escpos.Encoder) error
		want          string
	}{
		{"text", "escpos", func(e *escpos.Encoder) error { return e.Line("Città: 5 € – così") }, begin + "Citt\xe0: 5 \x80 \x96 cos\xec\n"},
		{"text in CP858", "custom-tg2480h", func(e *escpos.Encoder) error { return e.Line("Città 5 €") }, "\x1b@\x1bR\x00\x1bt\x13Citt\x85 5 \xd5\n"},
		{"style", "escpos", func(e *escpos.Encoder) error {
			e.Align(escpos.Center)
			e.Bold(true)
			e.Size(4, 8)
			e.Size(0, 9)
			e.Bold(false)
			return nil
		}, begin + "\x1ba\x01\x1bE\x01\x1d!\x37\x1d!\x07\x1bE\x00"},
		{"feeds", "escpos", func(e *escpos.Encoder) error {
			e.Feed(0)
			e.Feed(3)
			e.FeedDots(300)
			return nil
		}, begin + "\n\x1bd\x03\x1bJ\xff\x1bJ\x2d"},
		{"half dots", "epson-tm-t88", func(e *escpos.Encoder) error { e.FeedDots(10); return nil }, begin + "\x1bJ\x14"},
		{"a line is ended first", "escpos", func(e *escpos.Encoder) error {
			if err := e.Text("a"); err != nil {
				return err
			}
			e.Align(escpos.Right)
			if err := e.Text("b"); err != nil {
				return err
			}
			e.Cut()
			return nil
		}, begin + "a\n\x1ba\x02b\n\x1dVB\x00"},
		{"partial cut", "star-escpos", func(e *escpos.Encoder) error { e.Cut(); return nil }, begin + "\x1bd\x05\x1dV\x01"},
		{"total cut", "custom-tg2480h", func(e *escpos.Encoder) error { e.Cut(); return nil }, "\x1b@\x1bR\x00\x1bt\x13\x1bd\x05\x1bi"},
		{"presenter", "custom-vkp80iii", func(e *escpos.Encoder) error { e.Cut(); return nil }, begin + "\x1cP\x04\x01E\x1e"},
		{
			"QR", "epson-tm-t20", func(e *escpos.Encoder) error { return e.QR("https://e.it/t/AB", 6) },
			begin + "\x1d(k\x04\x001A2\x00\x1d(k\x03\x001C\x06\x1d(k\x03\x001E1\x1d(k\x14\x001P0https://e.it/t/AB\x1d(k\x03\x001Q0",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			e := escpos.NewEncoder(profile(t, tt.profile))
			must(t, tt.make(e))
			if got := string(e.Bytes()); got != tt.want {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
}

// TestNoCommandFromText puts into texts what a printer would obey, or hasn't.
func TestNoCommandFromText(t *testing.T) {
	t.Parallel()

	for _, text := range []string{
		"Anna\nBruno", "a\tb", "\x1bp\x00", "a\x00", "\x7f", "\u0085", "\u0081", "\u00ad", "\ufffd", "bad\xff",
		"市政厅", "مرحبا", "Привіт", "ș", "ă", "\u202e", "\u200b", "😀", "e\u0300", "ﬁ",
	} {
		e := escpos.NewEncoder(profile(t, ""))
		if err := e.Text("prima " + text); err == nil {
			t.Errorf("%q was taken", text)
		}
		if escpos.Encodable(text) {
			t.Errorf("%q is said to be encodable", text)
		}
		if string(e.Bytes()) != begin {
			t.Errorf("%q left %q", text, e.Bytes())
		}
	}
	if !escpos.Encodable("«Perché?» ÀÈÉÌÒÙ çñ ßë 5 € – “sì” l’ora") {
		t.Error("Western European isn't encodable")
	}
	if p := profile(t, "custom-tg2480h"); p.Encodable("– ”") || !p.Encodable("à è é ì ò ù €") {
		t.Error("CP858 has no dashes and quotes, and has accents")
	}
}

func TestQRRefuses(t *testing.T) {
	t.Parallel()

	if err := escpos.NewEncoder(profile(t, "escpos")).QR("https://e.it", 4); err == nil {
		t.Error("a printer that draws no codes was sent one")
	}
	for _, data := range []string{"", "a\nb", "perché", strings.Repeat("a", 600)} {
		if err := escpos.NewEncoder(profile(t, "epson-tm-t88")).QR(data, 4); err == nil {
			t.Errorf("%q was taken", data)
		}
	}
}

func TestRaster(t *testing.T) {
	t.Parallel()

	img := image.NewGray(image.Rect(5, 7, 15, 9)) // 10 × 2, not at the origin
	for i := range img.Pix {
		img.Pix[i] = 0xff
	}
	img.SetGray(5, 7, color.Gray{})
	img.SetGray(14, 8, color.Gray{Y: 0x7f})
	clear := image.NewNRGBA(image.Rect(0, 0, 10, 2)) // transparent is white
	clear.Set(0, 0, color.Black)
	clear.Set(9, 1, color.NRGBA{R: 0xff, A: 0xff}) // red is dark

	for name, picture := range map[string]image.Image{"gray": img, "colour": clear} {
		e := escpos.NewEncoder(profile(t, "escpos"))
		must(t, e.Raster(picture))
		if got, want := string(e.Bytes()), begin+"\x1dv0\x00\x02\x00\x02\x00\x80\x00\x00\x40"; got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	e := escpos.NewEncoder(profile(t, "epson-tm-t20"))
	must(t, e.Raster(img))
	want := begin + "\x1d(L\x0e\x000p0\x01\x011\x0a\x00\x02\x00\x80\x00\x00\x40" + "\x1d(L\x02\x0002"
	if got := string(e.Bytes()); got != want {
		t.Errorf("graphics: got %q, want %q", got, want)
	}
	if err := e.Raster(image.NewGray(image.Rect(0, 0, 577, 1))); err == nil {
		t.Error("a picture wider than the paper was taken")
	}
	if err := e.Raster(image.NewGray(image.Rectangle{})); err == nil {
		t.Error("an empty picture was taken")
	}
}

// TestPicturesHoldNoCommands sends pictures whose dots read as commands that a printer obeys in the
// middle of a picture.
func TestPicturesHoldNoCommands(t *testing.T) {
	t.Parallel()

	random := rand.New(rand.NewPCG(1, 2))
	evil := []byte{0x10, 0x04, 0x05, 0x14, 0x10, 0x01}
	for _, name := range []string{"escpos", "epson-tm-t20", "epson-tm-t88"} {
		p := profile(t, name)
		for range 30 {
			img := image.NewGray(image.Rect(0, 0, 8*(1+random.IntN(p.Dots/8)), 1+random.IntN(300)))
			for i := 0; i < len(img.Pix); i += 8 {
				b := evil[random.IntN(len(evil))]
				for j := range 8 {
					if b&(0x80>>j) == 0 {
						img.Pix[i+j] = 0xff
					}
				}
			}
			e := escpos.NewEncoder(p)
			must(t, e.Raster(img))
			for _, command := range []string{"\x10\x04", "\x10\x05", "\x10\x14"} {
				if i := bytes.Index(e.Bytes(), []byte(command)); i >= 0 {
					t.Fatalf("%s, %v: %q at byte %d", name, img.Rect, command, i)
				}
			}
		}
	}
}

func TestProfiles(t *testing.T) {
	t.Parallel()

	seen := map[string]bool{}
	for _, p := range escpos.Profiles() {
		if seen[p.Name] {
			t.Errorf("%s is there twice", p.Name)
		}
		seen[p.Name] = true
		if p.Title == "" || p.Source == "" || p.Cut == "" || p.Reset == "" || p.Units == 0 || p.Answer == 0 || p.Done == 0 || p.Busy < p.Done {
			t.Errorf("%s lacks something: %+v", p.Name, p)
		}
		if p.Dots%8 != 0 || p.Columns*12 > p.Dots {
			t.Errorf("%s: %d dots, %d columns", p.Name, p.Dots, p.Columns)
		}
		ordered := p.WayBack == escpos.WayBackAsk || p.WayBack == escpos.WayBackASB
		if ordered == (p.Ack == "") || (p.WayBack == escpos.WayBackFull) != (len(p.Full) > 0) {
			t.Errorf("%s: its way back doesn't fit: %+v", p.Name, p)
		}
	}
	for _, name := range []string{"escpos", "generic", "epson-tm-t88", "epson-tm-t20", "custom-vkp80iii", "custom-tg2480h", "star-escpos", "escpos-58"} {
		if !seen[name] {
			t.Errorf("no profile %s", name)
		}
	}
	if p, ok := escpos.ProfileByName(""); !ok || p.Name != escpos.DefaultProfile {
		t.Errorf("without a name: %v, %v", p.Name, ok)
	}
	if _, ok := escpos.ProfileByName("laser"); ok {
		t.Error("there is a profile laser")
	}
}

package virtual_test

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/eliminacode/eliminacode/totem/escpos/virtual"
	"github.com/eliminacode/eliminacode/totem/qr"
)

const (
	start = "\x1b@"
	cut   = "\x1dVB\x00"
	url   = "https://coda.comune.example.it/t/LGDG2HCE3LKITMMT57MCALQBKN"
)

func parse(t *testing.T, job string) *virtual.Paper {
	t.Helper()
	p, err := virtual.Parse([]byte(job), virtual.Plain(576))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// ink is the smallest rectangle that holds all that is black.
func ink(p *virtual.Paper) image.Rectangle {
	var r image.Rectangle
	for y := range p.Height() {
		for x := range p.Dots {
			if p.Black(x, y) {
				r = r.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return r
}

// storeQR is GS ( k, to store a text.
func storeQR(text string) string {
	n := len(text) + 3
	return fmt.Sprintf("\x1d(k%c%c1P0%s", n&0xff, n>>8, text)
}

const printQR = "\x1d(k\x03\x001Q0"

// rasterOf is GS v 0 with the code drawn at so many dots a module.
func rasterOf(t *testing.T, text string, module int) (header string, data []byte) {
	t.Helper()
	code, err := qr.Encode(text)
	if err != nil {
		t.Fatal(err)
	}
	side := (code.Size + 2*qr.Quiet) * module
	row := (side + 7) / 8
	data = make([]byte, row*side)
	for y := range side {
		for x := range side {
			if code.Black(x/module-qr.Quiet, y/module-qr.Quiet) {
				data[y*row+x/8] |= 0x80 >> (x % 8)
			}
		}
	}
	return string([]byte{0x1d, 'v', '0', 0, byte(row), byte(row >> 8), byte(side), byte(side >> 8)}), data
}

// TestText checks what lines say, and where and how large they are.
func TestText(t *testing.T) {
	t.Parallel()
	gap := virtual.Plain(576).Gap
	at := func(x, y, w, h int) image.Rectangle { return image.Rect(x, gap+y, x+w, gap+y+h) }
	for name, c := range map[string]struct {
		job  string
		want []virtual.Line
	}{
		"plain":   {start + "Abc\n", []virtual.Line{{Text: "Abc", Place: at(0, 0, 36, 24), Wide: 1, Tall: 1}}},
		"spacing": {start + "a\nb\n", []virtual.Line{{Text: "a", Place: at(0, 0, 12, 24), Wide: 1, Tall: 1}, {Text: "b", Place: at(0, 33, 12, 24), Wide: 1, Tall: 1}}},
		"ESC 3":   {start + "\x1b3\x32a\nb\n", []virtual.Line{{Text: "a", Place: at(0, 0, 12, 24), Wide: 1, Tall: 1}, {Text: "b", Place: at(0, 50, 12, 24), Wide: 1, Tall: 1}}},
		"ESC 2":   {start + "\x1b3\x32\x1b2a\nb\n", []virtual.Line{{Text: "a", Place: at(0, 0, 12, 24), Wide: 1, Tall: 1}, {Text: "b", Place: at(0, 33, 12, 24), Wide: 1, Tall: 1}}},
		"ESC d":   {start + "a\x1bd\x03b\n", []virtual.Line{{Text: "a", Place: at(0, 0, 12, 24), Wide: 1, Tall: 1}, {Text: "b", Place: at(0, 99, 12, 24), Wide: 1, Tall: 1}}},
		"ESC J":   {start + "a\x1bJ\x40b\n", []virtual.Line{{Text: "a", Place: at(0, 0, 12, 24), Wide: 1, Tall: 1}, {Text: "b", Place: at(0, 64, 12, 24), Wide: 1, Tall: 1}}},
		"GS P":    {start + "\x1dP\x00\x65a\x1bJ\x40b\n", []virtual.Line{{Text: "a", Place: at(0, 0, 12, 24), Wide: 1, Tall: 1}, {Text: "b", Place: at(0, 128, 12, 24), Wide: 1, Tall: 1}}},
		"GS !":    {start + "\x1d!\x75A1\n", []virtual.Line{{Text: "A1", Place: at(0, 0, 192, 144), Wide: 8, Tall: 6}}},
		"ESC !":   {start + "\x1b!\x38A\x1b!\x00a\n", []virtual.Line{{Text: "Aa", Place: at(0, 0, 36, 48), Wide: 2, Tall: 2, Bold: true}}},
		"ESC E":   {start + "\x1bE\x01A\x1bE\x00\n", []virtual.Line{{Text: "A", Place: at(0, 0, 12, 24), Wide: 1, Tall: 1, Bold: true}}},
		"ESC M":   {start + "\x1bM\x01Abc\n", []virtual.Line{{Text: "Abc", Place: at(0, 0, 27, 17), Wide: 1, Tall: 1}}},
		"ESC SP":  {start + "\x1b \x08Abc\n", []virtual.Line{{Text: "Abc", Place: at(0, 0, 60, 24), Wide: 1, Tall: 1}}},
		"middle":  {start + "\x1ba\x01ab\n", []virtual.Line{{Text: "ab", Place: at(276, 0, 24, 24), Wide: 1, Tall: 1}}},
		"right":   {start + "\x1ba2ab\n", []virtual.Line{{Text: "ab", Place: at(552, 0, 24, 24), Wide: 1, Tall: 1}}},
		"margins": {start + "\x1dL\x10\x00\x1dW\x40\x00\x1ba\x02ab\n", []virtual.Line{{Text: "ab", Place: at(56, 0, 24, 24), Wide: 1, Tall: 1}}},
		"place":   {start + "a\x1b$\x30\x00b\x1b\\\xf4\xffc\n", []virtual.Line{{Text: "a bc", Place: at(0, 0, 60, 24), Wide: 1, Tall: 1}}},
		"tab":     {start + "\x1bD\x04\x00a\tb\n", []virtual.Line{{Text: "a b", Place: at(0, 0, 60, 24), Wide: 1, Tall: 1}}},
		"ESC @": {
			start + "\x1d!\x11\x1bE\x01\x1ba\x01\x1dL\x10\x00" + start + "a\n",
			[]virtual.Line{{Text: "a", Place: at(0, 0, 12, 24), Wide: 1, Tall: 1}},
		},
		"too wide": {
			start + strings.Repeat("x", 50) + "\n",
			[]virtual.Line{
				{Text: strings.Repeat("x", 48), Place: at(0, 0, 576, 24), Wide: 1, Tall: 1, Wrapped: true},
				{Text: "xx", Place: at(0, 33, 24, 24), Wide: 1, Tall: 1},
			},
		},
		"code pages": {
			start + "\x1bt\x10\xe8\x80\xb0\x1bt\x13\x8a\xd5\xf8\x1bt\x00\x8a\x1bt\x12\x87\x1bt\x11\x8f\x1bt\x2e\xff\n",
			[]virtual.Line{{Text: "è€°è€°èçПя", Place: at(0, 0, 120, 24), Wide: 1, Tall: 1}},
		},
		"nothing of it shows": {
			start + "\x10\x04\x01\x10\x05\x01\x10\x14\x01\x00\x01\x1br\x00\x1bR\x00\x1bc50\x1bp\x00\x01\x01\x1b=\x00ignored\n\x1b=\x01\x00\x00\x1dI\x01\x1da\x0f\x1b{\x00\x1bV0\x1db\x01\x1c.a\r\n",
			[]virtual.Line{{Text: "a", Place: at(0, 0, 12, 24), Wide: 1, Tall: 1}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got, want := fmt.Sprintf("%+v", parse(t, c.job).Lines), fmt.Sprintf("%+v", c.want); got != want {
				t.Errorf("lines\n%s, want\n%s", got, want)
			}
		})
	}
}

// TestInk checks what is black: it is where the lines say, and the styles differ.
func TestInk(t *testing.T) {
	t.Parallel()
	count := func(job string) int {
		p, n := parse(t, job), 0
		for y := range p.Height() {
			for x := range p.Dots {
				if p.Black(x, y) {
					n++
				}
			}
		}
		return n
	}
	plain := count(start + "Hg\n")
	if plain < 60 || plain > 300 {
		t.Errorf("%d dots of two letters", plain)
	}
	for name, job := range map[string]string{"bold": "\x1bE\x01Hg\n", "double strike": "\x1bG\x01Hg\n", "underlined": "\x1b-\x02Hg\n", "reverse": "\x1dB\x01Hg\n", "twice as wide": "\x1d!\x10Hg\n"} {
		if n := count(start + job); n <= plain {
			t.Errorf("%s: %d dots, not more than %d", name, n, plain)
		}
	}
	p := parse(t, start+"\x1ba\x01\x1d!\x77H\n")
	if got := ink(p); !got.In(p.Lines[0].Place) || got.Dx() < 60 || got.Dy() < 100 {
		t.Errorf("ink %v, in the line %v", got, p.Lines[0].Place)
	}
}

// TestRaster checks pictures, dot for dot, by each of the commands that print them.
func TestRaster(t *testing.T) {
	t.Parallel()
	gap := virtual.Plain(576).Gap
	dots := "\x80\x01\xff\x00" // two rows of 16
	for name, c := range map[string]struct {
		job         string
		left        int
		place       image.Rectangle
		wider       bool
		black, none []image.Point
	}{
		"GS v 0":        {job: "\x1dv0\x00\x02\x00\x02\x00" + dots, place: image.Rect(0, 0, 16, 2), black: []image.Point{{0, 0}, {15, 0}, {0, 1}, {7, 1}}, none: []image.Point{{1, 0}, {8, 1}}},
		"twice as wide": {job: "\x1dv0\x01\x02\x00\x02\x00" + dots, place: image.Rect(0, 0, 32, 2), black: []image.Point{{1, 0}, {30, 0}, {15, 1}}, none: []image.Point{{2, 0}, {16, 1}}},
		"twice as tall": {job: "\x1dv02\x02\x00\x02\x00" + dots, place: image.Rect(0, 0, 16, 4), black: []image.Point{{0, 1}, {0, 2}}, none: []image.Point{{1, 1}, {8, 2}}},
		"in the middle": {job: "\x1ba\x01\x1dv0\x00\x02\x00\x02\x00" + dots, place: image.Rect(280, 0, 296, 2), black: []image.Point{{280, 0}}},
		"GS ( L":        {job: "\x1d(L\x0e\x000p0\x01\x011\x10\x00\x02\x00" + dots + "\x1d(L\x02\x0002", place: image.Rect(0, 0, 16, 2), black: []image.Point{{0, 0}, {15, 0}}},
		"GS 8 L":        {job: "\x1d8L\x0e\x00\x00\x000p0\x02\x021\x10\x00\x02\x00" + dots + "\x1d(L\x02\x0002", place: image.Rect(0, 0, 32, 4), black: []image.Point{{1, 1}, {31, 1}}},
		"ESC *":         {job: "\x1b*\x21\x02\x00\x80\x00\x00\x00\x00\x01\x1bJ\x00", place: image.Rect(0, 0, 2, 24), black: []image.Point{{0, 0}, {1, 23}}, none: []image.Point{{1, 0}}},
		"too wide": {
			job: "\x1dv0\x00\x50\x00\x01\x00" + strings.Repeat("\xff", 80), place: image.Rect(0, 0, 640, 1), wider: true,
			black: []image.Point{{0, 0}, {575, 0}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := parse(t, start+c.job)
			if len(p.Pictures) != 1 || p.Pictures[0].Place != c.place.Add(image.Pt(0, gap)) || p.Pictures[0].Wider != c.wider {
				t.Errorf("pictures %+v, want one at %v", p.Pictures, c.place)
			}
			for _, at := range c.black {
				if !p.Black(at.X, at.Y+gap) {
					t.Errorf("%v isn't black", at)
				}
			}
			for _, at := range c.none {
				if p.Black(at.X, at.Y+gap) {
					t.Errorf("%v is black", at)
				}
			}
		})
	}
}

// TestCodes lets a reader of QR codes read the printer's own, at each level, and one that came as a
// picture.
func TestCodes(t *testing.T) {
	t.Parallel()
	for level := range 4 {
		p := parse(t, fmt.Sprintf("%s\x1ba\x01\x1d(k\x04\x001A2\x00\x1d(k\x03\x001C\x05\x1d(k\x03\x001E%c%s%s\x1bd\x02%s", start, '0'+level, storeQR(url), printQR, cut))
		if got := p.QRs(); len(got) != 1 || got[0] != url {
			t.Errorf("codes %q", got)
		}
		if got := scan(t, p.Image()); got != url {
			t.Errorf("level %d is read as %q", level, got)
		}
	}
	header, data := rasterOf(t, url, 5)
	p := parse(t, start+"\x1ba\x01"+header+string(data)+cut)
	if len(p.QRs()) != 0 || len(p.Pictures) != 1 {
		t.Errorf("a picture became %q", p.QRs())
	}
	if got := scan(t, p.Image()); got != url {
		t.Errorf("the picture is read as %q", got)
	}
}

// scan reads the QR code in an image.
func scan(t *testing.T, m image.Image) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", save(t, m)).Output()
	if err != nil {
		t.Fatalf("zbarimg: %v", err)
	}
	return strings.TrimSpace(string(out))
}

func save(t *testing.T, m image.Image) string {
	t.Helper()
	file := filepath.Join(t.ArtifactDir(), "paper.png")
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// TestCuts checks where the paper is cut: the cutter is behind the head.
func TestCuts(t *testing.T) {
	t.Parallel()
	gap := virtual.Plain(576).Gap
	for name, c := range map[string]struct {
		job    string
		height int // without what is between head and cutter
	}{
		"after feeding":     {start + "a\n" + cut, 33},
		"and a bit more":    {start + "a\n\x1dVA\x14", 53},
		"enough lines":      {start + "a\n\x1bd\x03\x1dV\x00", 132 - gap},
		"full, old command": {start + "a\n\x1bd\x03\x1bi", 132 - gap},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := parse(t, c.job)
			if p.Cuts != 1 || p.Height() != gap+c.height {
				t.Errorf("%d cuts, %d rows, want %d", p.Cuts, p.Height(), gap+c.height)
			}
		})
	}
	if p := parse(t, start+"a\n\x1dV\x01"); p.Height() != gap+33 {
		t.Error("a line that the cutter hasn't come to isn't cut off")
	}
	if p := parse(t, start+"a\n"+cut+"\x1dr\x01\x1d(H\x06\x0000abcd"); p.Asked != 2 {
		t.Errorf("asked %d times, want 2", p.Asked)
	}
}

// TestUnknown checks that what isn't known is told, with its place and why.
func TestUnknown(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		job    string
		offset int
		why    string
	}{
		"command":             {"ab\x1bqx", 2, "isn't known"},
		"control character":   {"ab\x07", 2, "control character"},
		"no glyph":            {"\x1bt\x10\x81", 3, "WPC1252 has no glyph"},
		"no glyph, PC437 has": {"\x1bt\x10\x9d\n", 3, "WPC1252 has no glyph"},
		"code page":           {"\x1bt\x1f", 0, "code page 31"},
		"Italian letters":     {"\x1bR\x06", 0, "replace # @"},
		"unprinted line":      {"ab", 2, "never printed"},
		"half a command":      {"a\n\x1dV", 2, "in the middle of it"},
		"half a picture":      {"\x1dv0\x00\x02\x00\x02\x00\xff", 0, "in the middle of it"},
		"a huge picture":      {"\x1dv0\x00\xff\xff\xff\xff", 0, "a picture of 524280 by 65535"},
		"a huge GS 8 L":       {"\x1d8L\xff\xff\xff\xff", 0, "too large"},
		"picture in a line":   {"a\x1dv0\x00\x01\x00\x01\x00\xff", 1, "in the middle of a line"},
		"aligned in a line":   {"a\x1ba\x01", 1, "in the middle of a line"},
		"wrong picture":       {"\x1d(L\x0e\x000p0\x01\x011\x18\x00\x02\x00abcd", 0, "has 6 bytes, not 4"},
		"nothing stored":      {"\x1d(L\x02\x0002", 0, "no picture is stored"},
		"no code":             {printQR, 0, "no text is stored"},
		"module of 17":        {"\x1d(k\x03\x001C\x11", 0, "1 to 16"},
		"size of 9":           {"\x1d!\x80", 0, "1 to 8"},
		"barcode":             {"\x1dk\x02", 0, "isn't known"},
		"Custom's alone":      {"\x1cP\x01\x01E\x01", 0, "Custom's"},
		"Custom's status":     {"\x10\x04\x14", 0, "status 20"},
		"cut in a line":       {"a\x1dV\x00", 1, "in the middle of a line"},
		"paper without end":   {"\x1b3\xff" + strings.Repeat("\x1bd\xff", 2), 3, "rows of paper"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := virtual.Parse([]byte(c.job), virtual.Plain(576))
			wrong, _ := err.(*virtual.Error)
			if wrong == nil || wrong.Offset != c.offset || !strings.Contains(wrong.Why, c.why) {
				t.Errorf("error %v, want %q at byte %d", err, c.why, c.offset)
			}
		})
	}
	if _, err := virtual.Draw([]byte("\x1bq"), 576); err == nil {
		t.Error("Draw draws what it doesn't know")
	}
}

// TestModels checks that models differ where it matters.
func TestModels(t *testing.T) {
	t.Parallel()
	custom, ok := virtual.ModelByName("custom-vkp80iii")
	if !ok {
		t.Fatal("no such model")
	}
	if p, err := virtual.Parse([]byte(start+"\x10\x04\x14a\n\x1bi\x1de\x03\x08\x1cP\x04\x01E\x0ab\n\x1cP\x04\x01E\x0a"), custom); err != nil || p.Cuts != 2 {
		t.Errorf("%v, %d cuts, want 2", err, p.Cuts)
	}
	t88, _ := virtual.ModelByName("epson-tm-t88")
	p, err := virtual.Parse([]byte(start+"a\x1bJ\x80b\n"), t88)
	if err != nil || p.Dots != 512 || p.Lines[1].Place.Min.Y-p.Lines[0].Place.Min.Y != 64 {
		t.Errorf("%v, %+v", err, p.Lines)
	}
	for _, m := range virtual.Models() {
		if m.Dots == 0 || m.DPI == 0 || m.Title == "" || m.Source == "" {
			t.Errorf("%+v lacks something", m)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, job := range []string{
		start + "\x1bt\x10\x1ba\x01\x1d!\x77A042\n" + storeQR(url) + printQR + cut + "\x1dr\x01",
		"\x1dv0\x00\xff\xff\xff\xff", "\x1d(L\x0e\x000p0\x01\x011\x10\x00\x02\x00abcd\x1d(L\x02\x0002",
		"\x1b*\x21\x02\x00abcdef\n", "\x1dP\x01\x01\x1b \xffab\n\x1b3\xff\x1bd\xff", "\x1bD\x01\x02\x00\ta\n",
	} {
		f.Add([]byte(job))
	}
	f.Fuzz(func(t *testing.T, job []byte) {
		p, err := virtual.Parse(job, virtual.Plain(576))
		if wrong, ok := err.(*virtual.Error); err != nil && (!ok || wrong.Offset < 0 || wrong.Offset > len(job)) {
			t.Errorf("error %v", err)
		}
		if p.Height() > 40_000 {
			t.Errorf("%d rows of paper", p.Height())
		}
	})
}

package paper_test

import (
	"bytes"
	"image"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/eliminacode/eliminacode/pkg/words"
	"github.com/eliminacode/eliminacode/totem/escpos"
	"github.com/eliminacode/eliminacode/totem/escpos/virtual"
	"github.com/eliminacode/eliminacode/totem/paper"
)

// anyText is whatever somebody may write, and what nobody should: control characters, commands of
// printers, broken UTF-8, marks of direction, letters of every alphabet.
func anyText(most int) *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.StringN(0, most, -1),
		rapid.StringOfN(rapid.RuneFrom([]rune("aZ9 -–—à€ßșђЖяعربي٣هּ中文。，（龘😀\u00a0\u00ad\u0301\u200d\u200f\u202e\u2066\u2060\u3000\ufe0f\ufffd\U000e0041\n\r\t")), 0, most, -1),
		rapid.StringOfN(rapid.RuneFrom([]rune("\x00\x01\x10\x04\x14\x1b\x1d\x1c\x7f\u0080\u008d\u009bVi@A")), 0, most, -1),
		rapid.Custom(func(t *rapid.T) string { return string(rapid.SliceOfN(rapid.Byte(), 0, most).Draw(t, "bytes")) }),
	)
}

func anyTicket(t *rapid.T) paper.Ticket {
	text := func(name string, most int) string { return anyText(most).Draw(t, name) }
	x := paper.Ticket{
		Office: text("office", 80), Number: text("number", 12), Channel: text("channel", 80), ChannelIt: text("channel_it", 40),
		Bring: text("bring", 200), Line: text("line", 80), URL: text("url", 60),
		Language: rapid.OneOf(rapid.SampledFrom(words.Spoken), anyText(3)).Draw(t, "language"),
		Ahead:    rapid.IntRange(-1, 3000).Draw(t, "ahead"),
		Copy:     rapid.IntRange(0, 3).Draw(t, "copy"),
		Offline:  rapid.Bool().Draw(t, "offline"), Priority: rapid.Bool().Draw(t, "priority"),
		Issued: monday.Add(time.Duration(rapid.IntRange(0, 500).Draw(t, "days")) * 24 * time.Hour),
	}
	if rapid.Bool().Draw(t, "with wait") {
		x.Wait = &paper.Range{Low: time.Duration(rapid.Int64Range(-1, 1e13).Draw(t, "low")), High: time.Duration(rapid.Int64Range(-1, 1e13).Draw(t, "high"))}
	}
	if rapid.Bool().Draw(t, "with arms") {
		x.Arms = image.NewGray(image.Rect(-3, -3, rapid.IntRange(-2, 300).Draw(t, "width"), rapid.IntRange(-2, 300).Draw(t, "height")))
	}
	return x
}

// TestAnything holds for any text in any field: the job is one that a printer understands to the
// last byte, on the paper's width, cut once; and no text gives it a command.
func TestAnything(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SampledFrom(escpos.Profiles()).Draw(t, "profile")
		x := anyTicket(t)
		job, err := paper.Print(x, p)
		if err != nil {
			t.Fatal(err)
		}
		read, err := virtual.Parse(job, modelOf(p))
		if err != nil {
			t.Fatal(err)
		}
		if read.Cuts > 1 || !bytes.HasSuffix(job, []byte(p.Cut)) {
			t.Errorf("cut %d times, and not at the end", read.Cuts)
		}
		for _, line := range read.Lines {
			if line.Wrapped || line.Place.Max.X > read.Dots {
				t.Errorf("line %q is too wide", line.Text)
			}
		}
		for _, picture := range read.Pictures {
			if picture.Wider {
				t.Errorf("picture at %v is too wide", picture.Place)
			}
		}
		paper.Unprintable(x.Line) // doesn't panic
	})
}

package virtual

import (
	"unicode"

	"golang.org/x/text/encoding/charmap"
)

// codePages are the pages of ESC t by their numbers, as in Epson's table, which the other makers
// follow. Those whose letters the font of this package lacks aren't in it, nor are Katakana, Thai
// and Vietnamese.
var codePages = map[byte]struct {
	name string
	page *charmap.Charmap
}{
	0:  {"PC437", charmap.CodePage437},
	2:  {"PC850", charmap.CodePage850},
	3:  {"PC860", charmap.CodePage860},
	4:  {"PC863", charmap.CodePage863},
	5:  {"PC865", charmap.CodePage865},
	15: {"ISO8859-7", charmap.ISO8859_7},
	16: {"WPC1252", charmap.Windows1252},
	17: {"PC866", charmap.CodePage866},
	18: {"PC852", charmap.CodePage852},
	19: {"PC858", charmap.CodePage858},
	34: {"PC855", charmap.CodePage855},
	39: {"ISO8859-2", charmap.ISO8859_2},
	40: {"ISO8859-15", charmap.ISO8859_15},
	45: {"WPC1250", charmap.Windows1250},
	46: {"WPC1251", charmap.Windows1251},
	47: {"WPC1253", charmap.Windows1253},
	48: {"WPC1254", charmap.Windows1254},
	51: {"WPC1257", charmap.Windows1257},
}

// letter is what the page shows for a byte; false if it has nothing for it.
func letter(page, b byte) (rune, bool) {
	if b < 0x80 {
		return rune(b), b >= 0x20 && b < 0x7f
	}
	r := codePages[page].page.DecodeByte(b)
	return r, r != unicode.ReplacementChar && !unicode.IsControl(r)
}

package escpos

import (
	"unicode"

	"golang.org/x/text/encoding/charmap"
)

// Encodable reports whether WPC1252, the code page of nearly all profiles, has every character of a
// text. What it hasn't is sent as a picture.
func Encodable(s string) bool {
	return encodable(charmap.Windows1252, s)
}

// Encodable reports whether the code page of the profile has every character of a text.
func (p Profile) Encodable(s string) bool {
	return encodable(p.charset(), s)
}

func (p Profile) charset() *charmap.Charmap {
	if p.CodePage == pageCP858 {
		return charmap.CodePage858
	}
	return charmap.Windows1252
}

func encodable(page *charmap.Charmap, s string) bool {
	for _, r := range s {
		if _, ok := encodeRune(page, r); !ok {
			return false
		}
	}
	return true
}

// encodeRune returns the byte of a character that can be seen. Control characters are commands to a
// printer, and what it does with a soft hyphen nobody knows.
func encodeRune(page *charmap.Charmap, r rune) (byte, bool) {
	if unicode.IsControl(r) || r == '\u00ad' || r == unicode.ReplacementChar {
		return 0, false
	}
	b, ok := page.EncodeRune(r)
	return b, ok && b >= ' '
}

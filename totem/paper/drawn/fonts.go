package drawn

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"

	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/language"
)

// Files of the fonts, as constants of the program: what no ticket needs costs no memory. Licences
// and origin are in fonts/README.md; scripts/fonts.sh makes them.
var (
	//go:embed fonts/NotoSans.ttf
	sansFile string
	//go:embed fonts/NotoSansArabic.ttf
	arabicFile string
	//go:embed fonts/DroidSansFallback-common.ttf
	commonFile string
	//go:embed fonts/DroidSansFallback-rare.ttf
	rareFile string
)

// The fonts, each read for the first ticket that has letters of it.
var (
	sans   = reader(&sansFile)   // Latin, Greek and Cyrillic, digits and signs
	arabic = reader(&arabicFile) // with Persian's and Urdu's letters
	common = reader(&commonFile) // the Chinese of GB 2312, nearly all that is written
	rare   = reader(&rareFile)   // the rest of GBK, as for names
)

func reader(file *string) func() *font.Font {
	return sync.OnceValue(func() *font.Font {
		face, err := font.ParseTTF(strings.NewReader(*file))
		if err != nil {
			panic("drawn: a font of the program: " + err.Error())
		}
		return face.Font
	})
}

// Has reports whether there is a font for a character.
func Has(r rune) bool { return fontOf(r) != nil || joins(r) }

// joins reports whether a character has no shape of its own, but tells how its neighbours join, or
// that no line ends there.
func joins(r rune) bool { return r == '\u200c' || r == '\u200d' || r == '\u2060' }

// fontOf is the font that has a character, nil if none has. No more fonts are read than it takes.
func fontOf(r rune) *font.Font {
	for _, f := range candidates(r) {
		if _, ok := f().NominalGlyph(r); ok {
			return f()
		}
	}
	return nil
}

func candidates(r rune) []func() *font.Font {
	switch {
	case unicode.In(r, unicode.Arabic), r >= '\u0600' && r <= '\u06ff': // some of its signs are no script's alone
		return []func() *font.Font{arabic}
	case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Bopomofo):
		return []func() *font.Font{common, rare}
	case r >= '\u3000' && r < '\u3400', r >= '\ufe30' && r <= '\uffef': // the punctuation of Chinese, and its wide letters
		return []func() *font.Font{common, rare}
	case unicode.In(r, unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Common, unicode.Inherited) && r < '\U00010000':
		return []func() *font.Font{sans, common}
	}
	return nil
}

// fontmap chooses fonts for the shaper, one face of each.
type fontmap map[*font.Font]*font.Face

// ResolveFace implements shaping.Fontmap. What no font has is a box of the first one.
func (m fontmap) ResolveFace(r rune) *font.Face {
	f := fontOf(r)
	if f == nil {
		f = sans()
	}
	if m[f] == nil {
		m[f] = font.NewFace(f)
	}
	return m[f]
}

// languageOf is what the shaper knows a language by.
func languageOf(lang string) language.Language { return language.NewLanguage(lang) }

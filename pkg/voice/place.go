package voice

import (
	"slices"
	"strings"
	"unicode"
)

// pause is the clip of a comma: no sound, but time. The index of a voice says how long.
const pause = ","

// appendPlace appends the clips of a written place, "Sportello 3, primo piano". ok is false if it
// has a word, or a sign that people would read, which there is no clip of.
func appendPlace(clips []string, at int, text string) (_ []string, ok bool) {
	tokens, ok := tokensOf(text)
	for i := 0; ok && i < len(tokens); {
		t := tokens[i]
		if n, clip := phraseOf(at, tokens[i:]); n > 0 {
			clips = append(clips, clip)
			i += n
			continue
		}
		i++
		switch {
		case t == pause:
			if len(clips) > 0 && clips[len(clips)-1] != pause {
				clips = append(clips, pause)
			}
		case isDigit(t[0]):
			clips, ok = appendNumber(clips, at, t)
		case (t == "n" || t == "nr") && i < len(tokens) && isDigit(tokens[i][0]):
			clips = append(clips, "numero")
		case len(t) == 1:
			clips = append(clips, t)
		default:
			return clips, false
		}
	}
	return clips, ok
}

// phraseOf is the longest phrase that the tokens begin with, of how many tokens, and its clip.
func phraseOf(at int, tokens []string) (n int, clip string) {
	for n := min(longestPhrase, len(tokens)); n > 0; n-- {
		if clip, ok := phrases[at][strings.Join(tokens[:n], " ")]; ok {
			return n, clip
		}
	}
	return 0, ""
}

// pauses are the signs at which whoever reads makes a pause; a dot, a hyphen or an apostrophe only
// parts words.
const pauses = ",;:()/–—"

// tokensOf parts a text into words of letters, without accents, numbers in digits, and pauses. ok
// is false if there is anything else to read.
func tokensOf(text string) (tokens []string, ok bool) {
	for field := range strings.FieldsSeq(plain(text)) {
		if field == "-" {
			tokens = append(tokens, pause)
			continue
		}
		start := 0
		flush := func(end int) {
			if end > start {
				tokens = append(tokens, field[start:end])
			}
		}
		for i, r := range field {
			size := len(string(r))
			switch {
			case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
				if i > start && isDigit(field[i]) != isDigit(field[i-1]) {
					flush(i)
					start = i
				}
				continue
			case strings.ContainsRune(pauses, r):
				flush(i)
				tokens = append(tokens, pause)
			case r == '°' || r == 'º' || r == 'ª' || r == '.' || r == '-' || r == '\'' || r == '’' || r == '"' || r == '«' || r == '»' || unicode.IsControl(r):
				flush(i)
			default:
				return nil, false
			}
			start = i + size
		}
		flush(len(field))
	}
	return tokens, true
}

// plainWords are the tokens of a phrase of the vocabulary.
func plainWords(phrase string) []string {
	tokens, ok := tokensOf(phrase)
	if !ok || slices.Contains(tokens, pause) {
		panic("voice: " + phrase)
	}
	return tokens
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }

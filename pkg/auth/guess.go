package auth

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
	"unicode"
)

//go:embed common.txt
var commonList string

// common are the passwords and words that are guessed first.
var common = sync.OnceValue(func() map[string]bool {
	set := make(map[string]bool)
	for line := range strings.Lines(commonList) {
		if word := strings.TrimSpace(line); word != "" && word[0] != '#' {
			set[word] = true
		}
	}
	return set
})

const (
	// minWorth is what a password must be worth: less is found by programs that know people's
	// habits.
	minWorth = 8
	// wordWorth is what a known word is worth, in characters.
	wordWorth = 2
	// A known word has at least so many letters, and at most as many as the longest that are
	// listed.
	minWord, maxWord = 4, 20
)

// worth is how many characters of a password have to be guessed one by one: a known word counts as
// two, however it is capitalised and with digits for letters, and as nothing the second time; so
// does what follows from the characters before it, on the keyboard or in the alphabet; and a year
// counts as one. Own are words of the user's.
func worth(password string, own []string) (n int) {
	text := []rune(strings.ToLower(password))
	text = text[:period(text)]
	plain := []rune(strings.Map(unleet, string(text)))
	met := map[string]bool{}
	for i := 0; i < len(text); {
		if word := wordAt(text[i:], plain[i:], own); word != "" {
			if !met[word] {
				n += wordWorth
			}
			met[word] = true
			i += len([]rune(word))
			continue
		}
		if isYear(text[i:]) {
			n++
			i += 4
			continue
		}
		if i < 2 || !follows(text[i-2], text[i-1], text[i]) {
			n++
		}
		i++
	}
	return n
}

// period is the length of what the text repeats, or all of it.
func period(text []rune) int {
	for p := 1; p <= len(text)/2; p++ {
		if slices.Equal(text[p:], text[:len(text)-p]) {
			return p
		}
	}
	return len(text)
}

// wordAt is the longest known word that a text begins with, also if digits stand for letters.
func wordAt(text, plain []rune, own []string) string {
	for n := min(maxWord, len(text)); n >= minWord; n-- {
		for _, word := range []string{string(text[:n]), string(plain[:n])} {
			if common()[word] || slices.Contains(own, word) {
				return word
			}
		}
	}
	return ""
}

func unleet(r rune) rune {
	if i := strings.IndexRune("013457@$!", r); i >= 0 {
		return rune("oieastasi"[i])
	}
	return r
}

func isYear(text []rune) bool {
	if len(text) < 4 || text[0] != '1' && text[0] != '2' {
		return false
	}
	century := string(text[:2])
	return (century == "19" || century == "20") && unicode.IsDigit(text[2]) && unicode.IsDigit(text[3])
}

// rows are the keys as they lie beside each other.
var rows = []string{"1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qazwsxedcrfvtgbyhnujmikolp"}

// follows says whether c comes after a and b as if by itself: the same again, the next of the
// alphabet or of a row, in either direction.
func follows(a, b, c rune) bool {
	if b-a == c-b && c-b >= -1 && c-b <= 1 {
		return true
	}
	for _, row := range rows {
		i, j, k := strings.IndexRune(row, a), strings.IndexRune(row, b), strings.IndexRune(row, c)
		if i >= 0 && j >= 0 && k >= 0 && j-i == k-j && (k-j == 1 || k-j == -1) {
			return true
		}
	}
	return false
}

// ownWords are the words that a user's names consist of.
func ownWords(names ...string) (words []string) {
	for _, name := range names {
		name = strings.ToLower(name)
		words = append(words, name)
		words = append(words, strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })...)
	}
	return words
}

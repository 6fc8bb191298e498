// Package voice turns what is to be spoken into sounds that a page can play: recorded clips, one
// after another, or the sound of a whole sentence that a command of the town's choice makes. It
// plays nothing: displays/lib/voice does.
package voice

import (
	"log/slog"
	"path/filepath"
	"slices"
	"strings"

	"github.com/eliminacode/eliminacode/pkg/queue"
)

// Utterance is one sentence in one voice.
type Utterance struct {
	Language string   `json:"language"`
	Voice    string   `json:"voice"`    // address of the index of the voice's clips
	Clips    []string `json:"clips"`    // their names, in order; "," is a pause
	Sentence string   `json:"sentence"` // address of the sound of the whole, better than the clips if it comes in time; empty: there is none
}

// Options are what a voice is made of.
type Options struct {
	Folder  string // of the town's own clips, and of what the command said
	Command string // that says whole sentences; empty: none
	Log     *slog.Logger
}

// Voice says what an office speaks with. It is safe for use by several goroutines.
type Voice struct {
	shipped [len(letters)]bank
	own     *own
	command *command // nil: there is none
}

// New reads the town's own clips. It returns an error for a command that can't be one.
func New(opt Options) (*Voice, error) {
	v := &Voice{shipped: shippedBanks(), own: newOwn(filepath.Join(opt.Folder, "own"), opt.Log)}
	if opt.Command == "" {
		return v, nil
	}
	var err error
	v.command, err = newCommand(opt.Command, filepath.Join(opt.Folder, "said"), opt.Log)
	return v, err
}

// Close ends a command that is running, and waits for it.
func (v *Voice) Close() {
	if v.command != nil {
		v.command.close()
	}
}

// Commanded reports whether there is a command that says whole sentences.
func (v *Voice) Commanded() bool { return v.command != nil }

// Voices are the addresses of the voices that Italian calls are spoken in: the shipped one and,
// once anything is recorded, the town's own.
func (v *Voice) Voices() []string {
	at := column("it")
	all := []string{v.shipped[at].address}
	if b := v.own.banks[at].Load(); len(b.clips) > 0 {
		all = append(all, b.address)
	}
	return all
}

// Call is how a number is called to a counter with a name and perhaps a place. Where they can't be
// spoken in clips, those say the number alone. ok is false for a language that nothing can be said
// in.
func (v *Voice) Call(lang, number, name, place string) (u Utterance, ok bool) {
	u, ok = v.Clips(lang, number, name, place)
	if v.command != nil {
		u.Sentence = v.command.name(lang, sentenceOf(lang, number, name, place))
	}
	return u, ok || u.Sentence != ""
}

// Clips is a call in clips alone.
func (v *Voice) Clips(lang, number, name, place string) (u Utterance, ok bool) {
	u = Utterance{Language: lang, Clips: []string{}}
	if at := column(lang); at >= 0 {
		if clips, ok := callClips(at, number, name, place); ok {
			u.Voice, u.Clips = v.in(at, clips)
		}
	}
	return u, len(u.Clips) > 0
}

// Place are the clips, without pauses, of a counter's name and place; none where they can't be
// spoken in clips.
func (v *Voice) Place(lang, name, place string) []string {
	at := column(lang)
	if at < 0 {
		return nil
	}
	clips, ok := appendPlace(nil, at, name+", "+place)
	if !ok {
		return nil
	}
	return slices.DeleteFunc(clips, func(clip string) bool { return clip == pause })
}

// Notice is how a text is read aloud, in each of its languages that can be, Italian first: none if
// nothing reads whole sentences. Its sounds begin to be made.
func (v *Voice) Notice(text queue.Text) []Utterance {
	list := []Utterance{}
	if v.command == nil {
		return list
	}
	for _, lang := range languagesOf(text) {
		if address := v.command.name(lang, text[lang]); address != "" {
			list = append(list, Utterance{Language: lang, Clips: []string{}, Sentence: address})
			v.command.prepare(address)
		}
	}
	return list
}

// Text is how a sentence is said: by the command, else in clips if there is one of every word. ok
// is false where neither can.
func (v *Voice) Text(lang, text string) (u Utterance, ok bool) {
	u = Utterance{Language: lang, Clips: []string{}}
	if at := column(lang); at >= 0 {
		if clips, ok := appendPlace(nil, at, text); ok && len(clips) > 0 {
			u.Voice, u.Clips = v.in(at, clips)
		}
	}
	if v.command != nil {
		u.Sentence = v.command.name(lang, text)
	}
	return u, u.Sentence != "" || len(u.Clips) > 0
}

// languagesOf are the languages of a text, Italian first.
func languagesOf(text queue.Text) []string {
	var list []string
	for lang, said := range text {
		if strings.TrimSpace(said) != "" {
			list = append(list, lang)
		}
	}
	slices.SortFunc(list, func(a, b string) int {
		if a == "it" || b == "it" {
			return strings.Compare(strings.TrimPrefix(a, "it"), strings.TrimPrefix(b, "it"))
		}
		return strings.Compare(a, b)
	})
	return list
}

// in is the address of the voice that speaks clips, and what it speaks them by: the town's own if
// it has every one, else the shipped one, which has another way to say the last word.
func (v *Voice) in(at int, clips []string) (address string, _ []string) {
	if address, ok := v.own.speaks(at, clips); ok {
		return address, clips
	}
	b, last := &v.shipped[at], len(clips)-1
	if end, ok := b.ends[clips[last]]; ok {
		clips[last] = end
	}
	return b.address, clips
}

// callClips are the clips of a call. ok is false if not even its number can be spoken.
func callClips(at int, number, name, place string) (clips []string, ok bool) {
	clips = append(make([]string, 0, 16), "numero")
	letter, digits := splitNumber(number)
	for _, r := range letter {
		if r < 'a' || r > 'z' {
			return nil, false
		}
		clips = append(clips, string(r))
	}
	if clips, ok = appendNumber(clips, at, digits); !ok || digits == "" {
		return nil, false
	}
	counted := len(clips)
	clips = append(clips, pause)
	if clips, ok = appendPlace(clips, at, name+", "+place); !ok {
		return clips[:counted], true
	}
	for clips[len(clips)-1] == pause {
		clips = clips[:len(clips)-1]
	}
	return clips, true
}

// splitNumber parts "A042" into "a" and "042".
func splitNumber(number string) (letter, digits string) {
	at := strings.IndexFunc(number, func(r rune) bool { return r >= '0' && r <= '9' })
	if at < 0 || strings.Trim(number[at:], "0123456789") != "" {
		return "", ""
	}
	return strings.ToLower(number[:at]), number[at:]
}

// numberIn is the word for a number in the languages of tickets.
var numberIn = map[string]string{
	"it": "Numero", "en": "Number", "fr": "Numéro", "es": "Número", "ro": "Numărul", "sq": "Numri", "uk": "Номер", "ar": "الرقم", "zh": "号码",
}

// sentenceOf is a call as whoever reads aloud would read it: "Numero A 42, Sportello 3, primo
// piano".
func sentenceOf(lang, number, name, place string) string {
	letter, digits := splitNumber(number)
	parts := []string{strings.ToUpper(letter), strings.TrimLeft(digits, "0")}
	if digits == "" {
		parts = []string{number}
	} else if parts[1] == "" {
		parts[1] = "0"
	}
	var said strings.Builder
	said.WriteString(strings.Join(strings.Fields(numberIn[lang]+" "+strings.Join(parts, " ")), " "))
	for _, where := range []string{name, place} {
		if where = strings.TrimSpace(where); where != "" {
			said.WriteString(", " + where)
		}
	}
	return said.String()
}

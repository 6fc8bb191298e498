package voice_test

import (
	"encoding/json"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/voice"
)

var languages = []string{"it", "en", "fr", "es"}

func newVoice(t testing.TB, opt voice.Options) *voice.Voice {
	t.Helper()
	if opt.Folder == "" {
		opt.Folder = t.TempDir()
	}
	if opt.Log == nil {
		opt.Log = slog.New(slog.DiscardHandler)
	}
	v, err := voice.New(opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(v.Close)
	return v
}

// TestCalls is what is said of a number and a place, in clips.
func TestCalls(t *testing.T) {
	t.Parallel()
	v := newVoice(t, voice.Options{})
	for _, tt := range []struct{ lang, number, name, place, want string }{
		{"it", "A042", "Sportello 3", "", "numero a 42 , sportello 3."},
		{"it", "A1004", "Sportello 3", "", "numero a 1000 and 4 , sportello 3."},
		{"it", "A104", "Sportello 3", "", "numero a 100 4 , sportello 3."},
		{"it", "A1104", "Sportello 3", "", "numero a 1000 100 4 , sportello 3."},
		{"it", "B2000", "Sportello 3", "", "numero b 2000 , sportello 3."},
		{"it", "B200", "Sportello 13", "", "numero b 200 , sportello 13"},
		{"it", "A12045", "Sportello 3", "", "numero a 12 0 45 , sportello 3."},
		{"it", "H001", "Ufficio 12, primo piano", "", "numero h 1 , ufficio 12 , primo-piano."},
		{"it", "H001", "Ufficio 12", "1° piano", "numero h 1 , ufficio 12 , primo-piano."},
		{"it", "H001", "Sala A", "Piano terra - a destra", "numero h 1 , sala a , piano-terra , a-destra."},
		{"it", "H001", "Stanza 3B (pianterreno)", "", "numero h 1 , stanza 3 b , piano-terra."},
		{"it", "H001", "Sportello n. 3", "", "numero h 1 , sportello numero 3."},
		{"it", "H001", "Sportello n.03", "", "numero h 1 , sportello numero 3."},
		{"it", "H001", "Sala N", "", "numero h 1 , sala n"},
		{"it", "H001", "Ufficio Scuola", "primo piano", "numero h 1"},
		{"it", "H001", "Sportello 1 & 2", "", "numero h 1"},
		{"it", "H001", "窓口 3", "", "numero h 1"},
		{"it", "H001", "Sportello 1234567890", "", "numero h 1"},
		{"it", "H001", "", "", "numero h 1."},
		{"en", "A042", "Counter 3", "", "numero a 42 , sportello 3."},
		{"en", "A102", "Sportello 3", "primo piano", "numero a 100 and 2 , sportello 3 , primo-piano."},
		{"en", "A1004", "Counter 3", "1st floor", "numero a 1000 and 4 , sportello 3 , primo-piano."},
		{"en", "A1104", "Desk 3", "on the right", "numero a 1000 100 and 4 , banco 3 , a-destra."},
		{"fr", "A204", "Guichet 3", "1er étage", "numero a 200 4 , sportello 3 , primo-piano."},
		{"fr", "A1004", "Guichet 3", "rez-de-chaussée", "numero a 1000 4 , sportello 3 , piano-terra."},
		{"es", "A101", "Ventanilla 3", "1ª planta", "numero a ciento 1 , sportello 3 , primo-piano."},
		{"es", "A1100", "Ventanilla 3", "", "numero a 1000 100 , sportello 3."},
	} {
		u, ok := v.Call(tt.lang, tt.number, tt.name, tt.place)
		want := strings.Fields(tt.want)
		// Without a place, the number ends the sentence, where there is a clip of it that does.
		if last := len(want) - 1; !slices.Contains(want, ",") && len(want[last]) == 1 {
			want[last] += "."
		}
		if diff := cmp.Diff(want, u.Clips); diff != "" || !ok || u.Language != tt.lang || u.Sentence != "" {
			t.Errorf("%s %s at %q, %q: %+v, %v (-want +got):\n%s", tt.lang, tt.number, tt.name, tt.place, u, ok, diff)
		}
	}
	for _, number := range []string{"", "A", "Ä042", "A1234567890", "A0x2"} {
		if u, ok := v.Call("it", number, "Sportello 3", ""); ok {
			t.Errorf("%q is spoken as %v", number, u.Clips)
		}
	}
	if u, ok := v.Call("ro", "A042", "Sportello 3", ""); ok {
		t.Errorf("there are no clips in Romanian, but %+v", u)
	}
	if list := v.Notice(queue.Text{"it": "Domani chiuso"}); len(list) > 0 {
		t.Errorf("nothing reads sentences, but a notice is read: %+v", list)
	}
}

// TestPrompts is about how numbers are said.
func TestPrompts(t *testing.T) {
	t.Parallel()
	for lang, want := range map[string]map[string]string{
		"it": {"h": "acca", "21": "ventuno", "28": "ventotto", "33": "trentatré", "42": "quarantadue", "100": "cento", "2000": "duemila", "and": "e"},
		"en": {"21": "twenty-one", "30": "thirty", "100": "one hundred", "and": "and", "primo-piano": "first floor"},
		"fr": {"21": "vingt et un", "70": "soixante-dix", "71": "soixante et onze", "77": "soixante-dix-sept", "80": "quatre-vingts", "81": "quatre-vingt-un", "91": "quatre-vingt-onze", "99": "quatre-vingt-dix-neuf"},
		"es": {"16": "dieciséis", "22": "veintidós", "31": "treinta y uno", "90": "noventa", "100": "cien", "ciento": "ciento", "500": "quinientos", "1000": "mil"},
	} {
		got := map[string]string{}
		for _, c := range voice.Clips(lang) {
			if got[c.Name] != "" {
				t.Errorf("%s: two clips are called %s", lang, c.Name)
			}
			got[c.Name] = c.Prompt
		}
		for name, prompt := range want {
			if got[name] != prompt {
				t.Errorf("%s: %s is %q, want %q", lang, name, got[name], prompt)
			}
		}
	}
	if list := voice.Clips("ro"); list != nil {
		t.Errorf("Romanian has clips: %v", list)
	}
}

// indexOf is the index of a voice, by its address.
func indexOf(t testing.TB, v *voice.Voice, address string) voice.Index {
	t.Helper()
	b, kind, ok := v.File(nameOf(address))
	var x voice.Index
	if err := json.Unmarshal(b, &x); !ok || kind != "application/json" || err != nil {
		t.Fatalf("no index at %s: %v", address, err)
	}
	return x
}

func nameOf(address string) string {
	name, _, _ := strings.Cut(strings.TrimPrefix(address, "/voice/"), "?")
	return name
}

// TestNumbersAreSpoken says every number in every language: each clip is in the file, and whoever
// adds them up has the number.
func TestNumbersAreSpoken(t *testing.T) {
	t.Parallel()
	v := newVoice(t, voice.Options{})
	for _, lang := range languages {
		first, _ := v.Call(lang, "A1", "", "")
		x := indexOf(t, v, first.Voice)
		rapid.Check(t, func(t *rapid.T) {
			n := rapid.IntRange(1, 9999).Draw(t, "n")
			letter := string(rapid.RuneFrom([]rune("ABCDEFGHIJKLMNOPQRSTUVWXYZ")).Draw(t, "letter"))
			zeros := strings.Repeat("0", rapid.IntRange(0, 3).Draw(t, "zeros"))
			u, ok := v.Call(lang, letter+zeros+strconv.Itoa(n), "", "")
			if !ok || u.Clips[0] != "numero" || u.Clips[1] != strings.ToLower(letter) {
				t.Fatalf("%v, %v", u, ok)
			}
			sum := 0
			for i, c := range u.Clips {
				if x.Clips[c] == nil {
					t.Errorf("no clip %q", c)
				}
				if c == "ciento" {
					c = "100"
				}
				if value, err := strconv.Atoi(strings.TrimSuffix(c, ".")); err == nil && i > 1 {
					sum += value
				}
			}
			if sum != n {
				t.Errorf("%d is spoken as %v", n, u.Clips)
			}
		})
	}
}

// TestShippedClips holds what is committed to what the code asks for.
func TestShippedClips(t *testing.T) {
	t.Parallel()
	v := newVoice(t, voice.Options{})
	for _, lang := range languages {
		u, _ := v.Call(lang, "A1", "", "")
		x := indexOf(t, v, u.Voice)
		opus, kind, ok := v.File(nameOf(x.Sound))
		if !ok || kind != "audio/ogg" || len(opus) > 360_000 {
			t.Fatalf("%s: %d bytes of %s at %s", lang, len(opus), kind, x.Sound)
		}
		whole := opusSeconds(t, opus)
		type span struct{ from, to float64 }
		var spans []span
		for _, c := range append(voice.Clips(lang), voice.Ends(lang)...) {
			at, ok := x.Clips[c.Name].([]any)
			if !ok {
				t.Fatalf("%s: %s isn't in the file", lang, c.Name)
			}
			from, length := at[0].(float64), at[1].(float64)
			if length < 0.15 || length > 1.6 {
				t.Errorf("%s: %s takes %v s", lang, c.Name, length)
			}
			spans = append(spans, span{from, from + length})
		}
		if len(x.Clips) != len(spans) {
			t.Errorf("%s: %d clips are in the file, %d are known", lang, len(x.Clips), len(spans))
		}
		slices.SortFunc(spans, func(a, b span) int { return int((a.from - b.from) * 1e6) })
		for i := 1; i < len(spans); i++ {
			if spans[i].from < spans[i-1].to+0.05 {
				t.Errorf("%s: two clips meet at %v s", lang, spans[i].from)
			}
		}
		if last := spans[len(spans)-1].to; last > whole || last < whole-1 {
			t.Errorf("%s: the last clip ends at %v s of %v", lang, last, whole)
		}
		if x.Pauses[","] <= 0 {
			t.Errorf("%s: a comma takes no time", lang)
		}
	}
}

// opusSeconds is how long a file of Ogg Opus plays: its last granule without what is skipped.
func opusSeconds(t *testing.T, b []byte) float64 {
	t.Helper()
	head := strings.Index(string(b), "OpusHead")
	last := strings.LastIndex(string(b), "OggS")
	if head < 0 || last < 0 || b[head+9] != 1 {
		t.Fatal("no Ogg Opus of one channel")
	}
	skip := int(b[head+10]) | int(b[head+11])<<8
	granule := 0
	for i := 7; i >= 0; i-- {
		granule = granule<<8 | int(b[last+6+i])
	}
	return float64(granule-skip) / 48000
}

// FuzzPlace reads places of any text: what is spoken of them are clips that there are.
func FuzzPlace(f *testing.F) {
	for _, text := range []string{"Sportello 3", "Ufficio 12, primo piano", "1° piano", "n. 3", "a-b'c", "½ ₃ ٣", "\x00\xff", "(((", "3b3b3", "état civil"} {
		f.Add("it", text)
		f.Add("fr", text)
	}
	v := newVoice(f, voice.Options{})
	known := map[string]map[string]any{}
	for _, lang := range languages {
		u, _ := v.Call(lang, "A1", "", "")
		known[lang] = indexOf(f, v, u.Voice).Clips
	}
	f.Fuzz(func(t *testing.T, lang, text string) {
		if known[lang] == nil {
			return
		}
		u, ok := v.Call(lang, "A042", text, "")
		if !ok || len(u.Clips) < 3 {
			t.Fatalf("%q silences the number: %v", text, u)
		}
		for i, c := range u.Clips {
			if known[lang][c] == nil && (c != "," || i == len(u.Clips)-1 || u.Clips[i-1] == ",") {
				t.Errorf("%q is spoken as %v", text, u.Clips)
			}
		}
	})
}

func BenchmarkCall(b *testing.B) {
	v := newVoice(b, voice.Options{})
	b.ReportAllocs()
	for b.Loop() {
		v.Call("it", "A1042", "Ufficio 12", "primo piano, a destra")
	}
}

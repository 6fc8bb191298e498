// Command clipgen makes the clips of the shipped voices with SVOX Pico, and says what it made.
// scripts/voice-clips.sh runs it: nothing of it is in the program.
//
// A clip is spoken within a sentence, apart by silence from the words before and after it, so that
// the voice neither starts anew nor falls where the sentence goes on.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/eliminacode/eliminacode/pkg/voice"
	"github.com/eliminacode/eliminacode/pkg/voice/sound"
)

const (
	// apart is how long the silence around a clip is, within its sentence; gap tells it from the
	// silence before a consonant.
	apart = 700 * time.Millisecond
	gap   = 400 * time.Millisecond
	// shortest is what no speech is shorter than, in milliseconds: Pico clicks before some words.
	shortest = 60
	// between is the silence between two clips of a file: the decoder of one that is played doesn't
	// smear the next one into it.
	between = 60 * time.Millisecond
	// spread is by how much the loudness of two clips may differ once they are decoded, in LU.
	spread = 1.0
	// bitrate is in kbit/s, of speech whose highest sound is 8 kHz.
	bitrate = "16"
)

// languages are Pico's voices, the word before a clip and the one after it.
var languages = []struct{ lang, locale, before, after string }{
	{"it", "it-IT", "numero", "bene"},
	{"en", "en-GB", "number", "fine"},
	{"fr", "fr-FR", "numéro", "bien"},
	{"es", "es-ES", "número", "bien"},
}

// spelt are the letters whose name Pico doesn't know by their capital.
var spelt = map[string]string{"it v": "vu", "es y": "i griega"}

func main() {
	to := flag.String("to", "pkg/voice/clips", "folder of the files")
	flag.Parse()
	for _, l := range languages {
		if err := makeBank(*to, l.lang, l.locale, l.before, l.after); err != nil {
			fmt.Fprintf(os.Stderr, "clipgen: %s: %v\n", l.lang, err)
			os.Exit(1)
		}
	}
}

// index is what a page knows of a file of clips: where each begins and how long it is, in seconds.
type index struct {
	Clips map[string][2]float64 `json:"clips"`
}

func makeBank(to, lang, locale, before, after string) error {
	all := sound.Sound{Rate: 16000}
	silence := make([]float64, int(between.Seconds()*float64(all.Rate)))
	made := index{Clips: map[string][2]float64{}}
	clips := map[string]sound.Sound{}
	work, err := os.MkdirTemp("", "clipgen")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	for _, c := range append(voice.Clips(lang), voice.Ends(lang)...) {
		s, err := speak(work, locale, sentence(lang, before, after, c), strings.HasSuffix(c.Name, "."))
		if err != nil {
			return fmt.Errorf("%s (%s): %w", c.Name, c.Prompt, err)
		}
		clips[c.Name] = s
		all.Samples = append(all.Samples, silence...)
		made.Clips[c.Name] = [2]float64{seconds(len(all.Samples), all.Rate), seconds(len(s.Samples), all.Rate)}
		all.Samples = append(all.Samples, s.Samples...)
	}
	// The last clip isn't to be the file's end, which a decoder may cut to whole packets.
	all.Samples = append(append(all.Samples, silence...), silence...)

	wav, opus := filepath.Join(work, "all.wav"), filepath.Join(to, lang+".opus")
	if err := os.WriteFile(wav, all.WAV(), 0o600); err != nil {
		return err
	}
	if err := run("opusenc", "--quiet", "--speech", "--vbr", "--bitrate", bitrate, "--framesize", "20", "--comp", "10", "--serial", "1", "--discard-comments", wav, opus); err != nil {
		return err
	}
	b, err := json.Marshal(made) // its keys are sorted
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(to, lang+".json"), append(b, '\n'), 0o644); err != nil {
		return err
	}
	return check(work, opus, lang, made, clips)
}

// sentence is what Pico is to say for a clip, three parts of speech of which the second is the
// clip, or two of which the second ends the sentence.
func sentence(lang, before, after string, c voice.Clip) string {
	says := c.Prompt
	if len(c.Name) == 1 && c.Name[0] >= 'a' {
		says = strings.ToUpper(c.Name)
		if s, ok := spelt[lang+" "+c.Name]; ok {
			says = s
		}
	}
	pause := fmt.Sprintf(` <break time="%dms"/> `, apart.Milliseconds())
	if strings.HasSuffix(c.Name, ".") {
		return before + pause + says + "."
	}
	return before + pause + says + "," + pause + after + "."
}

// speak is the second part of a sentence.
func speak(work, locale, text string, last bool) (sound.Sound, error) {
	file := filepath.Join(work, "one.wav")
	if err := run("pico2wave", "-l", locale, "-w", file, text); err != nil {
		return sound.Sound{}, err
	}
	b, err := os.ReadFile(file)
	if err != nil {
		return sound.Sound{}, err
	}
	whole, err := sound.Read(b)
	if err != nil {
		return sound.Sound{}, err
	}
	parts := slices.DeleteFunc(whole.Parts(gap), func(p sound.Part) bool { return p.To-p.From < shortest*whole.Rate/1000 })
	want := 3
	if last {
		want = 2
	}
	if len(parts) != want {
		return sound.Sound{}, fmt.Errorf("%q is %d parts of speech", text, len(parts))
	}
	return sound.Speech(whole.Cut(parts[1].From, parts[1].To))
}

// check decodes a file and compares its clips to those that went into it: each is where the index
// says, all are equally loud, none is clipped, and around each is silence.
func check(work, opus, lang string, made index, clips map[string]sound.Sound) error {
	file := filepath.Join(work, "back.wav")
	if err := run("opusdec", "--quiet", "--rate", "48000", opus, file); err != nil {
		return err
	}
	b, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	back, err := sound.Read(b)
	if err != nil {
		return err
	}
	softest, loudest, peak, edge, late := math.Inf(1), math.Inf(-1), 0.0, 0.0, 0
	var faults []error
	for name, at := range made.Clips {
		from, n := int(at[0]*48000), int(at[1]*48000)
		clip := sound.Sound{Rate: 48000, Samples: back.Samples[from : from+n]}
		l := clip.Loudness()
		softest, loudest = min(softest, l), max(loudest, l)
		for i, v := range clip.Samples {
			peak = max(peak, math.Abs(v))
			if i < 48 || i >= n-48 { // the first and the last millisecond
				edge = max(edge, math.Abs(v))
			}
		}
		shift := lag(clips[name], back, from)
		if abs(shift) > abs(late) {
			late = shift
		}
	}
	info, err := os.Stat(opus)
	if err != nil {
		return err
	}
	fmt.Printf("%s: %d clips, %.1f s, %d bytes; decoded %.1f s: %.1f to %.1f LUFS, peak %.1f dBFS, edges %.1f dBFS, at most %.2f ms from its place\n",
		lang, len(made.Clips), made.end(), info.Size(), back.Length().Seconds(), softest, loudest, 20*math.Log10(peak), 20*math.Log10(edge), float64(late)/48)
	if loudest-softest > spread {
		faults = append(faults, errors.New("some clips are louder than others"))
	}
	if peak >= 0.999 {
		faults = append(faults, errors.New("clipped"))
	}
	if edge > 0.02 {
		faults = append(faults, errors.New("sound at a clip's edge"))
	}
	if abs(late) > 48 {
		faults = append(faults, errors.New("a clip isn't where the index says"))
	}
	return errors.Join(faults...)
}

// lag is by how many samples of 48 kHz a clip is later in a sound than it should be.
func lag(clip, in sound.Sound, from int) int {
	best, at := math.Inf(-1), 0
	for shift := -480; shift <= 480; shift += 4 {
		sum := 0.0
		for i, v := range clip.Samples {
			if k := from + 3*i + shift; k >= 0 && k < len(in.Samples) {
				sum += v * in.Samples[k]
			}
		}
		if sum > best {
			best, at = sum, shift
		}
	}
	return at
}

func (x index) end() (last float64) {
	for _, at := range x.Clips {
		last = max(last, at[0]+at[1])
	}
	return last
}

func run(name string, args ...string) error {
	var stderr bytes.Buffer
	cmd := exec.Command(name, args...)
	cmd.Stderr = &stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w %s", name, err, stderr.Bytes())
	}
	return nil
}

// seconds keep whole samples whole: 16 kHz in six decimals.
func seconds(samples, rate int) float64 {
	return math.Round(float64(samples)/float64(rate)*1e6) / 1e6
}

func abs(n int) int { return max(n, -n) }

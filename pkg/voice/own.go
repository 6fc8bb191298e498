package voice

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/eliminacode/eliminacode/pkg/voice/sound"
)

const (
	// MaxClip is the largest file of a clip, in bytes.
	MaxClip = 1 << 20
	// longestClip is how long a clip may be: a few words.
	longestClip = 10 * time.Second
)

// ErrNoClip says that there is no clip of that name in that language.
var ErrNoClip = errors.New("no such clip")

// ErrUnfit says that a recording can't be a clip; the error that wraps it says why.
var ErrUnfit = errors.New("not fit for a clip")

// own are the clips that the town has recorded.
type own struct {
	folder  string
	log     *slog.Logger
	writing sync.Mutex
	banks   [len(letters)]atomic.Pointer[ownBank]
}

// ownBank are the clips of a language. It isn't changed once it is made.
type ownBank struct {
	address string
	index   []byte
	clips   map[string]Single
}

func newOwn(folder string, log *slog.Logger) *own {
	o := &own{folder: folder, log: log}
	for at, lang := range spoken {
		clips := map[string]Single{}
		o.banks[at].Store(newOwnBank(lang, clips))
		if _, err := os.ReadDir(filepath.Join(folder, lang)); err != nil {
			continue // nothing is recorded
		}
		for _, c := range Clips(lang) {
			b, err := os.ReadFile(o.path(lang, c.Name))
			if errors.Is(err, fs.ErrNotExist) {
				continue
			}
			var s sound.Sound
			if err == nil {
				s, err = sound.Read(b)
			}
			if err != nil {
				log.Warn("voice: a clip can't be used", "language", lang, "clip", c.Name, "err", err)
				continue
			}
			clips[c.Name] = single(lang, c.Name, b, s)
		}
		o.banks[at].Store(newOwnBank(lang, clips))
	}
	return o
}

func single(lang, clip string, file []byte, s sound.Sound) Single {
	return Single{URL: "/voice/own/" + lang + "/" + clip + ".wav?" + tag(file), Length: s.Length().Seconds()}
}

func newOwnBank(lang string, clips map[string]Single) *ownBank {
	x := Index{Clips: map[string]any{}, Pauses: pauseSeconds}
	for name, c := range clips {
		x.Clips[name] = c
	}
	b := &ownBank{clips: clips}
	b.index, _ = json.Marshal(x) // numbers and strings
	b.address = "/voice/own-" + lang + ".json?" + tag(b.index)
	return b
}

func (o *own) path(lang, clip string) string { return filepath.Join(o.folder, lang, clip+".wav") }

// speaks reports whether every clip is recorded, and the address of the voice.
func (o *own) speaks(at int, clips []string) (address string, ok bool) {
	b := o.banks[at].Load()
	if len(b.clips) == 0 {
		return "", false
	}
	for _, c := range clips {
		if _, ok := b.clips[c]; !ok && c != pause {
			return "", false
		}
	}
	return b.address, true
}

// list is the index of the town's own clips of a language, by its name.
func (o *own) list(name string) (index []byte, ok bool) {
	lang, named := strings.CutPrefix(name, "own-")
	lang, json := strings.CutSuffix(lang, ".json")
	at := column(lang)
	if !named || !json || at < 0 {
		return nil, false
	}
	return o.banks[at].Load().index, true
}

// open opens the file of a clip, by what its address begins with: the rest is its tag.
func (o *own) open(name string) (f *os.File, tag string, ok bool) {
	lang, clip, _ := strings.Cut(strings.TrimPrefix(name, "own/"), "/")
	at := column(lang)
	if at < 0 {
		return nil, "", false
	}
	clip = strings.TrimSuffix(clip, ".wav")
	address, tag, _ := strings.Cut(o.banks[at].Load().clips[clip].URL, "?")
	if address != "/voice/"+name {
		return nil, "", false
	}
	f, err := os.Open(o.path(lang, clip))
	return f, tag, err == nil
}

// Recording is a clip that may be recorded, and whether it is.
type Recording struct {
	Clip
	Single // what is recorded; zero: nothing is
}

// Language is what the town may record in a language.
type Language struct {
	Name    string      // "it"
	Shipped string      // address of the index of the shipped voice
	Clips   []Recording // in the order of [Clips]
}

// Languages are the languages that the town may lend a voice, Italian first.
func (v *Voice) Languages() []Language {
	var all []Language
	for at, lang := range spoken {
		l := Language{Name: lang, Shipped: v.shipped[at].address}
		recorded := v.own.banks[at].Load().clips
		for _, c := range Clips(lang) {
			l.Clips = append(l.Clips, Recording{Clip: c, Single: recorded[c.Name]})
		}
		all = append(all, l)
	}
	return all
}

// Record keeps a WAV file as one of the town's own clips, trimmed and brought to the loudness of
// the others. It returns [ErrNoClip], [ErrUnfit], or an error of the file system, after which the
// clip is as before.
func (v *Voice) Record(lang, clip string, file []byte) error {
	at, err := known(lang, clip)
	if err != nil {
		return err
	}
	s, err := sound.Read(file)
	if err == nil && s.Length() > longestClip {
		err = fmt.Errorf("%v is too long: %v at most", s.Length().Round(time.Millisecond), longestClip)
	}
	if err == nil && s.Rate < 16000 {
		err = fmt.Errorf("%d Hz: 16000 to 48000 are wanted", s.Rate)
	}
	if err == nil {
		s, err = sound.Speech(s)
	}
	if err != nil {
		return fmt.Errorf("%w: %w", ErrUnfit, err)
	}
	file = s.WAV()
	return v.own.change(at, func(clips map[string]Single) error {
		clips[clip] = single(lang, clip, file, s)
		return writeFile(v.own.path(lang, clip), file)
	})
}

// Forget takes back one of the town's own clips. It returns [ErrNoClip] for one that there can't
// be.
func (v *Voice) Forget(lang, clip string) error {
	at, err := known(lang, clip)
	if err != nil {
		return err
	}
	return v.own.change(at, func(clips map[string]Single) error {
		delete(clips, clip)
		if err := os.Remove(v.own.path(lang, clip)); !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	})
}

// change makes a language's clips others.
func (o *own) change(at int, by func(clips map[string]Single) error) error {
	o.writing.Lock()
	defer o.writing.Unlock()
	clips := map[string]Single{}
	maps.Copy(clips, o.banks[at].Load().clips)
	if err := by(clips); err != nil {
		return err
	}
	o.banks[at].Store(newOwnBank(spoken[at], clips))
	return nil
}

func known(lang, clip string) (at int, err error) {
	for _, c := range Clips(lang) {
		if c.Name == clip {
			return column(lang), nil
		}
	}
	return -1, ErrNoClip
}

// writeFile writes a file whole or not at all.
func writeFile(path string, content []byte) error {
	folder := filepath.Dir(path)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(folder, ".new-*")
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

package voice

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/eliminacode/eliminacode/pkg/voice/sound"
)

const (
	// sayWithin is how long the command has for a sentence.
	sayWithin = 20 * time.Second
	// maxSaid is the largest sound that it may make, in bytes.
	maxSaid = 5 << 20
	// keptFiles is of how many sentences the sound is kept, in the folder; keptNames is how many
	// may be asked for, of those named last.
	keptFiles, keptNames = 500, 500
	// maxWaiting is how many sentences wait for the command: it says one at a time.
	maxWaiting = 16
	// firstPause is how long a sentence that couldn't be said isn't tried again: twice as long each
	// time, up to longestPause.
	firstPause, longestPause = time.Minute, time.Hour
	// longestSentence is how long a text may be, in bytes.
	longestSentence = 2000
)

// ErrUnsaid says that there is no sound of a sentence: nobody has named it, the command couldn't
// say it, or has too much to say.
var ErrUnsaid = errors.New("not said")

// command says whole sentences, by a program of the town's choice.
type command struct {
	words  []string
	folder string
	log    *slog.Logger

	ctx    context.Context // ends with close
	cancel context.CancelFunc
	tasks  sync.WaitGroup
	turn   chan struct{} // whoever has put something in is the one that speaks

	mu     sync.Mutex
	closed bool
	named  map[string]*sentence // by hash
	order  []string             // of the hashes, the one that was named first in front
}

// sentence is what may be asked for.
type sentence struct {
	lang, text string
	said       chan struct{} // closed once it is said, or couldn't be; nil: nobody has asked yet
	pause      time.Duration // for which it isn't tried again once it couldn't be said; 0: it could
	rested     time.Time     // the end of that
}

// newCommand returns an error for a line that isn't one.
func newCommand(line, folder string, log *slog.Logger) (*command, error) {
	words, err := SplitCommand(line)
	if err != nil {
		return nil, err
	}
	c := &command{words: words, folder: folder, log: log, turn: make(chan struct{}, 1), named: map[string]*sentence{}}
	c.ctx, c.cancel = context.WithCancel(context.Background())
	return c, nil
}

// SplitCommand parts a command line into words as a shell does, by spaces, quotes and backslashes,
// and nothing else.
func SplitCommand(line string) ([]string, error) {
	var words []string
	var word strings.Builder
	in, quote, escaped := false, rune(0), false
	for _, r := range line {
		switch {
		case escaped:
			if quote == '"' && r != '"' && r != '\\' {
				word.WriteRune('\\')
			}
			word.WriteRune(r)
			escaped = false
		case r == '\\' && quote != '\'':
			in, escaped = true, true
		case quote != 0 && r == quote:
			quote = 0
		case quote != 0:
			word.WriteRune(r)
		case r == '\'' || r == '"':
			in, quote = true, r
		case strings.ContainsRune(" \t\n", r):
			if in {
				words = append(words, word.String())
				word.Reset()
			}
			in = false
		default:
			in = true
			word.WriteRune(r)
		}
	}
	if quote != 0 || escaped {
		return nil, errors.New("a quote that doesn't end")
	}
	if in {
		words = append(words, word.String())
	}
	if len(words) == 0 || words[0] == "" {
		return nil, errors.New("name a program")
	}
	return words, nil
}

// name is the address of a sentence, which may be asked for from now on; empty for one that is too
// long, or empty.
func (c *command) name(lang, text string) (address string) {
	text = strings.Join(strings.Fields(text), " ")
	if text == "" || len(text) > longestSentence || strings.ContainsRune(text, 0) {
		return ""
	}
	h := sha256.New()
	for _, w := range append(slices.Clip(c.words), lang, text) {
		fmt.Fprintf(h, "%d %s", len(w), w)
	}
	hash := hex.EncodeToString(h.Sum(nil)[:16])
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.named[hash] == nil {
		c.named[hash] = &sentence{lang: lang, text: text}
		if c.order = append(c.order, hash); len(c.order) > keptNames {
			delete(c.named, c.order[0])
			c.order = slices.Delete(c.order, 0, 1)
		}
	}
	return said + hash + ".wav"
}

// said is what addresses of sentences begin with.
const said = "/voice/said/"

// prepare begins to say a sentence, if nobody has.
func (c *command) prepare(address string) {
	c.begin(strings.TrimSuffix(strings.TrimPrefix(address, said), ".wav"))
}

// begin is what is closed once a sentence is said; nil for one that isn't going to be.
func (c *command) begin(hash string) <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.named[hash]
	if s == nil || c.closed {
		return nil
	}
	if s.pause > 0 && isClosed(s.said) && !time.Now().Before(s.rested) {
		s.said = nil
	}
	if s.said == nil {
		waiting := 0
		for _, other := range c.named {
			if other.said != nil && !isClosed(other.said) {
				waiting++
			}
		}
		if waiting >= maxWaiting || waiting > 0 && s.pause > 0 { // what may fail again goes behind all others
			return nil
		}
		s.said = make(chan struct{})
		over := s.said
		c.tasks.Go(func() {
			defer close(over)
			c.take(hash, s)
		})
	}
	return s.said
}

func isClosed(c chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// take waits for its turn, and has a sentence said that isn't in the folder.
func (c *command) take(hash string, s *sentence) {
	var err error
	defer func() {
		if err != nil && c.ctx.Err() == nil {
			c.log.Warn("voice: the command couldn't say a sentence", "command", c.words[0], "language", s.lang, "err", err)
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		if err == nil {
			s.pause = 0
			return
		}
		s.pause = min(max(firstPause, 2*s.pause), longestPause)
		s.rested = time.Now().Add(s.pause)
	}()
	path := c.path(hash)
	if _, err := os.Stat(path); err == nil {
		return
	}
	select {
	case c.turn <- struct{}{}:
		defer func() { <-c.turn }()
	case <-c.ctx.Done():
		err = c.ctx.Err()
		return
	}
	var file []byte
	if file, err = c.say(s.lang, s.text); err == nil {
		err = errors.Join(writeFile(path, file), c.tidy())
	}
}

func (c *command) path(hash string) string { return filepath.Join(c.folder, hash+".wav") }

// sound is the sound of a sentence, once it is there. It is made once more where its file was taken
// away.
func (c *command) sound(ctx context.Context, hash string) (*os.File, error) {
	for range 2 {
		over := c.begin(hash)
		if over == nil {
			break
		}
		select {
		case <-over:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		if f, err := os.Open(c.path(hash)); err == nil {
			return f, nil
		}
		c.again(hash)
	}
	return nil, ErrUnsaid
}

// again lets a sentence be said whose file [command.tidy], or somebody, has taken away.
func (c *command) again(hash string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if s := c.named[hash]; s != nil && s.pause == 0 && s.said != nil && isClosed(s.said) {
		s.said = nil
	}
}

// locales are the languages as Pico and others write them.
var locales = map[string]string{
	"it": "it-IT", "en": "en-GB", "fr": "fr-FR", "es": "es-ES", "ro": "ro-RO", "sq": "sq-AL", "uk": "uk-UA", "ar": "ar-SA", "zh": "zh-CN", "de": "de-DE",
}

// say runs the command, and returns what it said as a WAV file, trimmed and as loud as the clips.
func (c *command) say(lang, text string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(c.ctx, sayWithin)
	defer cancel()
	work, err := os.MkdirTemp("", "voice")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(work)
	file, locale := filepath.Join(work, "said.wav"), locales[lang]
	if locale == "" {
		locale = lang
	}
	filled, has := make([]string, len(c.words)), strings.Join(c.words, " ")
	// Behind a space no text is an option of the program, such as "-w/etc/x", nor the "@file" that
	// some read instead.
	fill := strings.NewReplacer("{lang}", lang, "{locale}", locale, "{text}", " "+text, "{file}", file)
	for i, w := range c.words {
		filled[i] = fill.Replace(w)
	}
	cmd := exec.CommandContext(ctx, filled[0], filled[1:]...)
	cmd.Dir, cmd.WaitDelay = work, time.Second
	if !strings.Contains(has, "{text}") {
		cmd.Stdin = strings.NewReader(text + "\n")
	}
	out, complaint := &limited{most: maxSaid}, &limited{most: 500, drop: true}
	cmd.Stdout, cmd.Stderr = out, complaint
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		return nil, fmt.Errorf("%w: %s", err, bytes.TrimSpace(complaint.taken))
	}
	wav := out.taken
	if strings.Contains(has, "{file}") {
		if wav, err = readAtMost(file, maxSaid); err != nil {
			return nil, err
		}
	}
	s, err := sound.Read(wav)
	if err != nil {
		return nil, err
	}
	if s, err = sound.Speech(s); err != nil {
		return nil, err
	}
	return s.WAV(), nil
}

func readAtMost(path string, most int64) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Size() > most {
		return nil, fmt.Errorf("%d bytes are more than %d", info.Size(), most)
	}
	return os.ReadFile(path)
}

// limited takes bytes up to a limit. What is beyond is an error, or dropped.
type limited struct {
	taken []byte
	most  int
	drop  bool
}

func (l *limited) Write(b []byte) (int, error) {
	room := l.most - len(l.taken)
	if len(b) > room && !l.drop {
		return 0, fmt.Errorf("more than %d bytes", l.most)
	}
	l.taken = append(l.taken, b[:min(room, len(b))]...)
	return len(b), nil
}

// tidy leaves the newest files.
func (c *command) tidy() error {
	entries, err := os.ReadDir(c.folder)
	if err != nil || len(entries) <= keptFiles {
		return err
	}
	type file struct {
		name string
		at   time.Time
	}
	var files []file
	for _, e := range entries {
		if info, err := e.Info(); err == nil {
			files = append(files, file{e.Name(), info.ModTime()})
		}
	}
	slices.SortFunc(files, func(a, b file) int { return a.at.Compare(b.at) })
	for _, f := range files[:max(0, len(files)-keptFiles)] {
		if err := os.Remove(filepath.Join(c.folder, f.name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

func (c *command) close() {
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	c.cancel()
	c.tasks.Wait()
}

// Said is the sound of a sentence that a view has named, by the last part of its address, as a WAV
// file, which the caller closes. The command makes it where it isn't there yet: that takes seconds,
// and goes on if ctx ends. It returns [ErrUnsaid] where there is none.
func (v *Voice) Said(ctx context.Context, name string) (*os.File, error) {
	hash, ok := strings.CutSuffix(name, ".wav")
	if v.command == nil || !ok {
		return nil, ErrUnsaid
	}
	return v.command.sound(ctx, hash)
}

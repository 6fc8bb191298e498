package voice_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/voice"
	"github.com/eliminacode/eliminacode/pkg/voice/sound"
)

// hum is a sound in which something is heard, between silences.
func hum() sound.Sound {
	s := sound.Sound{Rate: 16000, Samples: make([]float64, 32000)}
	for i := 8000; i < 24000; i++ {
		s.Samples[i] = 0.05 * math.Sin(float64(i)/10)
	}
	return s
}

// speaker is a command that says a hum, and notes each time what it was to say; how is the script's
// end.
func speaker(t *testing.T, how string) (script, notes string) {
	t.Helper()
	dir := t.TempDir()
	script, notes = filepath.Join(dir, "say it.sh"), filepath.Join(dir, "notes")
	wav := filepath.Join(dir, "hum.wav")
	for name, content := range map[string]string{script: fmt.Sprintf("#!/bin/sh\nnotes=%s\nwav=%s\n%s\n", notes, wav, how), wav: string(hum().WAV())} {
		if err := os.WriteFile(name, []byte(content), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	return "sh '" + script + "'", notes
}

func notesIn(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestCommand(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ how, args, want string }{
		"text in, sound out": {`echo "$1 $(cat)" >>$notes; cat $wav`, " {lang}", "it Numero A 42, Ufficio Scuola, primo piano\n"},
		"words and file":     {`echo "$1|$2|$#" >>$notes; cp $wav "$3"`, " {locale} '{text}' {file}", "it-IT| Numero A 42, Ufficio Scuola, primo piano|3\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			command, notes := speaker(t, c.how)
			folder := t.TempDir()
			v := newVoice(t, voice.Options{Command: command + c.args, Folder: folder})
			u, ok := v.Call("it", "A042", "Ufficio Scuola", "primo piano")
			if want := []string{"numero", "a", "42"}; !ok || !slices.Equal(u.Clips, want) || !strings.HasPrefix(u.Sentence, "/voice/said/") {
				t.Fatalf("%+v, %v", u, ok)
			}
			var asking sync.WaitGroup
			for range 5 { // five monitors
				asking.Go(func() {
					b, err := v.Said(t.Context(), path.Base(u.Sentence))
					s, unread := sound.Read(b)
					if err != nil || unread != nil {
						t.Errorf("%v, %v", err, unread)
						return
					}
					if l := s.Loudness(); math.Abs(l-sound.Target) > 0.5 || s.Length().Seconds() > 1.1 {
						t.Errorf("%v at %.1f LUFS", s.Length(), l)
					}
				})
			}
			asking.Wait()
			again := newVoice(t, voice.Options{Command: command + c.args, Folder: folder})
			same, _ := again.Call("it", "A042", "Ufficio Scuola", "primo piano")
			if _, err := again.Said(t.Context(), path.Base(same.Sentence)); err != nil || same.Sentence != u.Sentence {
				t.Errorf("after a restart: %v, %v", same, err)
			}
			if got := notesIn(t, notes); got != c.want {
				t.Errorf("it was to say %q, want %q", got, c.want)
			}
		})
	}
}

// TestNoticesAreRead has a notice said in each of its languages, Italian first.
func TestNoticesAreRead(t *testing.T) {
	t.Parallel()
	command, notes := speaker(t, `echo "$1 $(cat)" >>$notes; cat $wav`)
	v := newVoice(t, voice.Options{Command: command + " {lang}"})
	text := queue.Text{"en": "Closed\ntomorrow", "it": "Domani chiuso", "ar": "مغلق غدا", "fr": " "}
	list := v.Notice(text)
	var languages []string
	for _, u := range append(list, v.Notice(text)...) {
		if _, err := v.Said(t.Context(), path.Base(u.Sentence)); err != nil || len(u.Clips) > 0 {
			t.Errorf("%+v: %v", u, err)
		}
		languages = append(languages, u.Language)
	}
	if got := strings.Join(languages, " "); got != "it ar en it ar en" {
		t.Errorf("in %s", got)
	}
	for _, line := range []string{"it Domani chiuso\n", "en Closed tomorrow\n", "ar مغلق غدا\n"} {
		if strings.Count(notesIn(t, notes), line) != 1 {
			t.Errorf("%q was to be said once: %q", line, notesIn(t, notes))
		}
	}
	if u, ok := v.Call("ro", "A042", "Ghișeul 3", ""); !ok || u.Sentence == "" || len(u.Clips) > 0 {
		t.Errorf("a language without clips: %+v, %v", u, ok)
	}
}

// TestNoTextIsAnOption has texts said that a program would take for something else.
func TestNoTextIsAnOption(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"--help", "-w/etc/x", "@/etc/passwd", "- Domani chiuso", "\n-f /etc/passwd", "--"} {
		command, notes := speaker(t, `case $1 in [-@]*) exit 1; esac; echo "$1" >>$notes; cat $wav`)
		v := newVoice(t, voice.Options{Command: command + " {text}"})
		list := v.Notice(queue.Text{"it": text})
		if len(list) != 1 {
			t.Fatalf("%q: %v", text, list)
		}
		_, err := v.Said(t.Context(), path.Base(list[0].Sentence))
		if err != nil || strings.TrimSpace(notesIn(t, notes)) != strings.TrimSpace(text) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// TestCommandFails has each way to fail say so once, and leave the clips.
func TestCommandFails(t *testing.T) {
	t.Parallel()
	for name, how := range map[string]string{
		"status":  `echo once >>$notes; echo no voice >&2; exit 1`,
		"no WAV":  `echo once >>$notes; echo hello`,
		"silence": `echo once >>$notes; head -c 44 $wav; head -c 32000 /dev/zero`,
		"endless": `echo once >>$notes; head -c 44 $wav; cat /dev/zero`,
		"nothing": `echo once >>$notes`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			command, notes := speaker(t, how)
			var log bytes.Buffer
			v := newVoice(t, voice.Options{Command: command, Log: slog.New(slog.NewTextHandler(&log, nil))})
			for range 2 {
				u, ok := v.Call("it", "A042", "Sportello 3", "")
				if !ok || len(u.Clips) == 0 {
					t.Errorf("%+v, %v", u, ok)
				}
				if _, err := v.Said(t.Context(), path.Base(u.Sentence)); !errors.Is(err, voice.ErrUnsaid) {
					t.Errorf("said: %v", err)
				}
			}
			v.Close()
			if n := strings.Count(log.String(), "\n"); n != 1 || notesIn(t, notes) != "once\n" {
				t.Errorf("%d lines of log, %q", n, log.String())
			}
		})
	}
}

// TestOnlyNamedSentences asks for what no view has named.
func TestOnlyNamedSentences(t *testing.T) {
	t.Parallel()
	command, _ := speaker(t, `cat $wav`)
	v := newVoice(t, voice.Options{Command: command})
	for _, name := range []string{"", ".wav", "00000000000000000000000000000000.wav", "../../x.wav"} {
		if _, err := v.Said(t.Context(), name); !errors.Is(err, voice.ErrUnsaid) {
			t.Errorf("%q: %v", name, err)
		}
	}
	first, _ := v.Call("it", "A1", "Sportello 1", "")
	for n := range 600 {
		v.Call("it", fmt.Sprint("B", n), "Sportello 1", "")
	}
	if _, err := v.Said(t.Context(), path.Base(first.Sentence)); !errors.Is(err, voice.ErrUnsaid) {
		t.Errorf("a sentence of 600 calls ago: %v", err)
	}
	if list := v.Notice(queue.Text{"it": strings.Repeat("a", 3000)}); len(list) > 0 {
		t.Errorf("3000 letters are read: %v", list)
	}
}

func TestSplitCommand(t *testing.T) {
	t.Parallel()
	for line, want := range map[string][]string{
		`pico2wave -l {locale} -w {file} {text}`:          {"pico2wave", "-l", "{locale}", "-w", "{file}", "{text}"},
		`  "/opt/my voices/say" 'a "b" c' d\ e "" x"y"z `: {"/opt/my voices/say", `a "b" c`, "d e", "", "xyz"},
		`say "a\"b\c" '\' $HOME|x;y`:                      {"say", `a"b\c`, `\`, "$HOME|x;y"},
	} {
		if got, err := voice.SplitCommand(line); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %q, %v, want %q", line, got, err, want)
		}
	}
	for _, line := range []string{"", "  ", `say "x`, `say x\`, `""`} {
		if got, err := voice.SplitCommand(line); err == nil {
			t.Errorf("%s: %q", line, got)
		}
		if v, err := voice.New(voice.Options{Folder: t.TempDir(), Command: line}); err == nil && line != "" {
			v.Close()
			t.Errorf("a voice with the command %q", line)
		}
	}
}

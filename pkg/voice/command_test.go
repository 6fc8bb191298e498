package voice_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

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

// said is the sound of a sentence by the last part of its address.
func said(t *testing.T, v *voice.Voice, name string) ([]byte, error) {
	t.Helper()
	f, err := v.Said(t.Context(), name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
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
					b, err := said(t, v, path.Base(u.Sentence))
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
			if _, err := said(t, again, path.Base(same.Sentence)); err != nil || same.Sentence != u.Sentence {
				t.Errorf("after a restart: %v, %v", same, err)
			}
			// A notice is said all day, and calls push its file out of the newest ones.
			if err := os.RemoveAll(filepath.Join(folder, "said")); err != nil {
				t.Fatal(err)
			}
			if _, err := said(t, again, path.Base(same.Sentence)); err != nil {
				t.Errorf("after its file was taken away: %v", err)
			}
			if got := notesIn(t, notes); got != strings.Repeat(c.want, 2) {
				t.Errorf("it was to say %q, want %q twice", got, c.want)
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
		if _, err := said(t, v, path.Base(u.Sentence)); err != nil || len(u.Clips) > 0 {
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
		_, err := said(t, v, path.Base(list[0].Sentence))
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
				if _, err := said(t, v, path.Base(u.Sentence)); !errors.Is(err, voice.ErrUnsaid) {
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

// TestFailedSentenceIsRetried has a command that fails be asked for the same sentence again after a
// minute, then two and so on up to an hour, only where it has nothing else to say, and mended.
func TestFailedSentenceIsRetried(t *testing.T) {
	t.Parallel()
	command, notes := speaker(t, `read text; echo "$text" >>$notes; case $text in *B*) cat $notes.slow; esac; test -e $notes.mended && cat $wav`)
	slow := notes + ".slow"
	if err := syscall.Mkfifo(slow, 0o600); err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		v := newVoice(t, voice.Options{Command: command})
		u, _ := v.Call("it", "A1", "Sportello 1", "")
		tries := 0
		ask := func(want int) {
			t.Helper()
			if _, err := said(t, v, path.Base(u.Sentence)); !errors.Is(err, voice.ErrUnsaid) {
				t.Errorf("said: %v", err)
			}
			if tries = strings.Count(notesIn(t, notes), "A 1"); tries != want {
				t.Errorf("it was tried %d times, want %d", tries, want)
			}
		}
		ask(1)
		for i, pause := range []time.Duration{1, 2, 4, 8, 16, 32, 60, 60} {
			time.Sleep(pause*time.Minute - time.Second)
			ask(i + 1)
			time.Sleep(time.Second)
			ask(i + 2)
		}
		time.Sleep(time.Hour)
		// Another call is being said: what failed doesn't wait in front of the next one.
		other, _ := v.Call("it", "B2", "Sportello 1", "")
		var listening sync.WaitGroup
		listening.Go(func() { _, _ = said(t, v, path.Base(other.Sentence)) })
		busy, err := os.OpenFile(slow, os.O_WRONLY, 0) // once the command reads it
		if err != nil {
			t.Fatal(err)
		}
		ask(tries)
		_ = busy.Close()
		listening.Wait()
		if err := os.WriteFile(notes+".mended", nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := said(t, v, path.Base(u.Sentence)); err != nil {
			t.Errorf("once it is mended: %v", err)
		}
	})
}

// TestOnlyNamedSentences asks for what no view has named.
func TestOnlyNamedSentences(t *testing.T) {
	t.Parallel()
	command, _ := speaker(t, `cat $wav`)
	v := newVoice(t, voice.Options{Command: command})
	for _, name := range []string{"", ".wav", "00000000000000000000000000000000.wav", "../../x.wav"} {
		if _, err := said(t, v, name); !errors.Is(err, voice.ErrUnsaid) {
			t.Errorf("%q: %v", name, err)
		}
	}
	first, _ := v.Call("it", "A1", "Sportello 1", "")
	for n := range 600 {
		v.Call("it", fmt.Sprint("B", n), "Sportello 1", "")
	}
	if _, err := said(t, v, path.Base(first.Sentence)); !errors.Is(err, voice.ErrUnsaid) {
		t.Errorf("a sentence of 600 calls ago: %v", err)
	}
	if list := v.Notice(queue.Text{"it": strings.Repeat("a", 3000)}); len(list) > 0 {
		t.Errorf("3000 letters are read: %v", list)
	}
}

// TestSlowListeners has many take a long sound and read nothing of it: they hold no memory of its
// size.
func TestSlowListeners(t *testing.T) { // alone: it measures
	const seconds, listeners = 60, 64 // 2 MB
	command, _ := speaker(t, `cat $wav`)
	wav := filepath.Join(filepath.Dir(strings.Trim(strings.TrimPrefix(command, "sh "), "'")), "hum.wav")
	long := sound.Sound{Rate: 16000, Samples: make([]float64, seconds*16000)}
	for i := range long.Samples {
		long.Samples[i] = 0.05 * math.Sin(float64(i)/10)
	}
	if err := os.WriteFile(wav, long.WAV(), 0o600); err != nil {
		t.Fatal(err)
	}
	v := newVoice(t, voice.Options{Command: command})
	clip := long
	clip.Samples = clip.Samples[:9*16000]
	if err := v.Record("it", "a", clip.WAV()); err != nil {
		t.Fatal(err)
	}
	u, _ := v.Text("ro", "Ghișeul 3")
	for _, address := range []string{u.Sentence, v.Languages()[0].Clips[slices.IndexFunc(v.Languages()[0].Clips, func(r voice.Recording) bool { return r.Name == "a" })].URL} {
		name, query, _ := strings.Cut(strings.TrimPrefix(address, "/voice/"), "?")
		take := func() {
			r := httptest.NewRequestWithContext(t.Context(), "GET", "/voice/"+name+"?"+query, nil)
			r.Header.Set("Range", "bytes=0-9")
			w := httptest.NewRecorder()
			if ok, err := v.Serve(w, r, name); !ok || err != nil || w.Body.String()[:4] != "RIFF" || w.Header().Get("Cache-Control") == "no-cache" {
				t.Fatalf("%s: %v, %v, %v", address, ok, err, w.Header())
			}
		}
		take()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for range listeners {
			take()
		}
		runtime.ReadMemStats(&after)
		if each := (after.TotalAlloc - before.TotalAlloc) / listeners; each > 100<<10 {
			t.Errorf("%s: %d bytes for each who takes ten", address, each)
		}
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

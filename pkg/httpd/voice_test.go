package httpd_test

import (
	"encoding/json"
	"log/slog"
	"math"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/auth"
	"github.com/eliminacode/eliminacode/pkg/httpd"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/voice"
	"github.com/eliminacode/eliminacode/pkg/voice/sound"
)

func speaking(t *testing.T) option {
	t.Helper()
	v, err := voice.New(voice.Options{Folder: t.TempDir(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(v.Close)
	return func(o *httpd.Options) { o.Voice = v }
}

// hum is a recording of so many seconds in which something is heard.
func hum(seconds float64) string {
	s := sound.Sound{Rate: 16000, Samples: make([]float64, int(seconds*16000))}
	for i := range s.Samples {
		s.Samples[i] = 0.1 * math.Sin(float64(i)/10)
	}
	return string(s.WAV())
}

// TestCallsAreSpoken follows a call from the view to the sound.
func TestCallsAreSpoken(t *testing.T) {
	t.Parallel()
	s := newServer(t, speaking(t))
	c := s.dev()
	c.at("2", "open", "").want(http.StatusOK)
	c.issue("anagrafe")
	c.at("2", "next", "").want(http.StatusOK)
	var state struct {
		Calls []struct{ Say []voice.Utterance }
	}
	s.public().get("/api/v1/state").want(http.StatusOK).read(&state)
	if len(state.Calls) != 1 || len(state.Calls[0].Say) != 1 {
		t.Fatalf("%+v", state)
	}
	u := state.Calls[0].Say[0]
	if got := strings.Join(u.Clips, " "); u.Language != "it" || got != "numero a 1 , sportello 2." {
		t.Errorf("%+v", u)
	}
	a := s.public().get(u.Voice).want(http.StatusOK)
	a.headers("Cache-Control", "public, max-age=31536000, immutable", "Content-Type", "application/json")
	var x voice.Index
	a.read(&x)
	s.public().get(x.Sound).want(http.StatusOK).headers("Cache-Control", "public, max-age=31536000, immutable", "Content-Type", "audio/ogg")
	s.public().with("If-None-Match", a.Header.Get("ETag")).get(u.Voice).want(http.StatusNotModified)
	s.public().get("/voice/it.json?before").want(http.StatusOK).headers("Cache-Control", "no-cache")
	for _, path := range []string{"/voice/", "/voice/xx.json", "/voice/it", "/voice/own/it/a.wav", "/voice/own/it/..%2f..%2fx.wav", "/voice/said/0.wav", "/voice/own-xx.json"} {
		s.public().get(path).want(http.StatusNotFound)
	}
}

// TestCountersNeedClips has the clips of every office's counters named, of those that can be
// spoken.
func TestCountersNeedClips(t *testing.T) {
	t.Parallel()
	s := newServer(t, speaking(t))
	s.configure(func(c *queue.Config) {
		c.Counters[0].Name, c.Counters[0].Place = queue.Text{"it": "Ufficio 12", "en": "Desk 12"}, queue.Text{"it": "primo piano"}
		c.Counters[1].Name = queue.Text{"it": "Ufficio Scuola"}
		for i := range c.Counters[2:] {
			c.Counters[2+i].Name = queue.Text{"it": "Ufficio 12"}
		}
	})
	other := queue.Default()
	for i := range other.Counters {
		other.Counters[i].Name = queue.Text{"it": "Stanza A"}
	}
	if err := s.engine.Create(t.Context(), branch, other); err != nil {
		t.Fatal(err)
	}
	var list struct {
		Languages []struct {
			Language string
			Counters []string
		}
	}
	s.user("ada", auth.Admin).get("/api/v1/voice").want(http.StatusOK).read(&list)
	for i, want := range []string{"it 12 a primo-piano stanza ufficio", "en 12 a banco primo-piano stanza ufficio"} {
		slices.Sort(list.Languages[i].Counters)
		if got := list.Languages[i].Language + " " + strings.Join(list.Languages[i].Counters, " "); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestOwnVoice records clips, and hears the call in them once every one is there.
func TestOwnVoice(t *testing.T) {
	t.Parallel()
	s := newServer(t, speaking(t))
	ada := s.user("ada", auth.Admin).with("Content-Type", "audio/wav")
	clips := func() (n int) {
		var list struct {
			Command   bool
			Languages []struct {
				Language, Shipped string
				Sample            voice.Utterance
				Clips             []struct {
					Clip, Prompt, URL string
					Seconds           float64
				}
			}
		}
		ada.get("/api/v1/voice").want(http.StatusOK).read(&list)
		it := list.Languages[0]
		if sample := strings.Join(it.Sample.Clips, " "); list.Command || it.Language != "it" || it.Sample.Voice != it.Shipped || sample != "numero a 42 , sportello 3." {
			t.Errorf("%+v, %v", it.Sample, list.Command)
		}
		s.public().get(it.Shipped).want(http.StatusOK).headers("Cache-Control", "public, max-age=31536000, immutable")
		for _, c := range it.Clips {
			if c.Clip == "42" && c.Prompt != "quarantadue" {
				t.Errorf("%+v", c)
			}
			if c.Seconds > 0 {
				n++
				s.public().get(c.URL).want(http.StatusOK).headers("Content-Type", "audio/wav", "Cache-Control", "public, max-age=31536000, immutable")
			}
		}
		return n
	}
	voiceOf := func() string {
		var state struct {
			Calls []struct{ Say []voice.Utterance }
		}
		s.clock.pass(2 * time.Second) // the public view is at most a second old
		s.public().get("/api/v1/state").want(http.StatusOK).read(&state)
		return state.Calls[0].Say[0].Voice
	}
	c := s.dev()
	c.at("2", "open", "").want(http.StatusOK)
	c.issue("anagrafe")
	c.at("2", "next", "").want(http.StatusOK)
	for i, clip := range []string{"numero", "a", "1", "sportello", "2"} {
		if v := voiceOf(); !strings.HasPrefix(v, "/voice/it.json?") {
			t.Errorf("with %d clips recorded, it is spoken by %s", i, v)
		}
		ada.do("PUT", "/api/v1/voice/it/"+clip, hum(0.5)).want(http.StatusNoContent)
	}
	own := voiceOf()
	if !strings.HasPrefix(own, "/voice/own-it.json?") {
		t.Errorf("with all clips recorded, it is spoken by %s", own)
	}
	var x voice.Index
	if err := json.Unmarshal(s.public().get(own).want(http.StatusOK).body, &x); err != nil || len(x.Clips) != 5 {
		t.Errorf("%v, %+v", err, x)
	}
	if n := clips(); n != 5 {
		t.Errorf("%d clips are recorded", n)
	}
	ada.do("DELETE", "/api/v1/voice/it/2", "").want(http.StatusNoContent)
	ada.do("DELETE", "/api/v1/voice/it/2", "").want(http.StatusNoContent)
	if v := voiceOf(); !strings.HasPrefix(v, "/voice/it.json?") {
		t.Errorf("with a clip taken back, it is spoken by %s", v)
	}
	for _, body := range []string{"", "RIFF", "x", hum(11), string(sound.Sound{Rate: 16000, Samples: make([]float64, 16000)}.WAV()), string(sound.Sound{Rate: 8000, Samples: []float64{1, 1, 1}}.WAV())} {
		ada.do("PUT", "/api/v1/voice/it/a", body).refused(http.StatusBadRequest, "invalid", "")
	}
	ada.do("PUT", "/api/v1/voice/it/a", strings.Repeat("x", voice.MaxClip+1)).refused(http.StatusRequestEntityTooLarge, "invalid", "")
	for _, path := range []string{"it/xyz", "it/..a", "xx/a", "it/3."} {
		ada.do("PUT", "/api/v1/voice/"+path, hum(1)).refused(http.StatusNotFound, "not_found", "")
		ada.do("DELETE", "/api/v1/voice/"+path, "").refused(http.StatusNotFound, "not_found", "")
	}
	if n := clips(); n != 4 {
		t.Errorf("%d clips are recorded", n)
	}
}

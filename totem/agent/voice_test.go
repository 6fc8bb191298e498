package agent_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/eliminacode/eliminacode/pkg/voice"
	"github.com/eliminacode/eliminacode/totem/agent"
)

// TestSpokenGuide says sentences by the kiosk's command, without the server; without a command only
// what there are clips of.
func TestSpokenGuide(t *testing.T) {
	t.Parallel()
	say := func(k *kiosk, language, text string) *voice.Utterance {
		t.Helper()
		var out struct{ Say *voice.Utterance }
		r := k.do(http.MethodPost, "/api/v1/say", map[string]string{"language": language, "text": text})
		if r.status != http.StatusOK || json.Unmarshal(r.body, &out) != nil {
			t.Fatalf("%d: %s", r.status, r.body)
		}
		return out.Say
	}
	s := newTown(t)
	k := newKiosk(s)
	k.offline()
	if got := say(k, "it", "Premere 1 per l'anagrafe."); got != nil {
		t.Errorf("without a command: %+v", got)
	}
	got := say(k, "it", "Numero A 42")
	if got == nil || !slices.Equal(got.Clips, []string{"numero", "a", "42"}) || got.Sentence != "" {
		t.Fatalf("in clips: %+v", got)
	}
	for path, begins := range map[string]string{"/voice/it.json": "{", "/voice/it.opus": "OggS"} {
		if r := k.do(http.MethodGet, path, nil); r.status != http.StatusOK || !bytes.HasPrefix(r.body, []byte(begins)) {
			t.Errorf("%s: %d", path, r.status)
		}
	}
	if r := k.do(http.MethodGet, "/voice/said/0000.wav", nil); r.status != http.StatusNotFound {
		t.Errorf("a sentence that nobody named: %d", r.status)
	}
	for _, bad := range []struct{ language, text, reason string }{
		{"it", " ", "text_missing"}, {"it", strings.Repeat("è", 501), "text_too_long"}, {"../it", "a", "not_a_language"}, {"", "a", "not_a_language"},
	} {
		r := k.do(http.MethodPost, "/api/v1/say", map[string]string{"language": bad.language, "text": bad.text})
		if r.status != http.StatusBadRequest || !strings.Contains(string(r.body), `"`+bad.reason+`"`) {
			t.Errorf("%+v: %d: %s", bad, r.status, r.body)
		}
	}

	commanded, err := voice.New(voice.Options{Folder: t.TempDir(), Command: "false", Log: k.opt.Log})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(commanded.Close)
	k.restart(func(o *agent.Options) { o.Voice = commanded })
	if got := say(k, "uk", "Натисніть 1."); got == nil || got.Sentence == "" || len(got.Clips) > 0 {
		t.Errorf("by the command: %+v", got)
	}
}

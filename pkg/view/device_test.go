package view_test

import (
	"fmt"
	"log/slog"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/view"
	"github.com/eliminacode/eliminacode/pkg/voice"
	"github.com/eliminacode/eliminacode/pkg/voice/sound"
)

// TestMonitorNamesItsVoices has a monitor's view name, by the same address, every voice that its
// calls are spoken in, also the town's own once that is recorded, and none where it is silent.
func TestMonitorNamesItsVoices(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	v, err := voice.New(voice.Options{Folder: t.TempDir(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	s := new(queue.State)
	for i, a := range []queue.Action{
		queue.Configure{Config: queue.Default()},
		queue.Open{Counter: "2", Operator: "maria"},
		queue.Issue{Ticket: "t1", Channel: "anagrafe"},
		queue.Next{Counter: "2"},
	} {
		if _, _, err := s.Execute(queue.Command{ID: fmt.Sprint(i), By: "dev", Do: a}, now); err != nil {
			t.Fatalf("%T: %v", a, err)
		}
	}
	pages := func(v *voice.Voice) (sounds, silent *view.DisplayPage) {
		t.Helper()
		scene := &view.Scene{Office: "urp", State: s, Now: now, Voice: v}
		sounds, _ = view.NewDisplayPage(scene, "sala")
		silent, _ = view.NewDisplayPage(scene, "anagrafe")
		return sounds, silent
	}
	hum := sound.Sound{Rate: 16000, Samples: make([]float64, 16000)}
	for i := 4000; i < 12000; i++ {
		hum.Samples[i] = 0.05 * math.Sin(float64(i)/10)
	}
	for recorded, clips := range [][]string{nil, {"numero"}, {"a", "1", "sportello", "2"}} {
		for _, clip := range clips {
			if err := v.Record("it", clip, hum.WAV()); err != nil {
				t.Fatal(err)
			}
		}
		sounds, silent := pages(v)
		spoken, voices := sounds.Calls[0].Say[0].Voice, sounds.Display.Voices
		if !slices.Contains(voices, spoken) || len(voices) != min(recorded, 1)+1 {
			t.Errorf("spoken by %s, named are %v", spoken, voices)
		}
		if len(silent.Display.Voices) > 0 {
			t.Errorf("a silent monitor names %v", silent.Display.Voices)
		}
	}
	if sounds, _ := pages(nil); sounds.Display.Voices == nil || len(sounds.Display.Voices) > 0 {
		t.Errorf("without a voice, %v is named", sounds.Display.Voices)
	}
}

package httpd_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/eliminacode/eliminacode/pkg/auth"
	"github.com/eliminacode/eliminacode/pkg/httpd"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/view"
	"github.com/eliminacode/eliminacode/pkg/voice"
)

const displayPreview = "/api/v1/config/display"

// displayDraft is a request for the preview of a display of a changed document.
func displayDraft(t *testing.T, display string, sample bool, change func(*queue.Config)) string {
	t.Helper()
	cfg := queue.Default()
	change(cfg)
	b, err := json.Marshal(map[string]any{"display": display, "sample": sample, "config": cfg})
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func (c client) preview(wish string) (v view.DisplayPage) {
	c.Helper()
	c.post(displayPreview, wish).want(http.StatusOK).headers("Cache-Control", "no-store").read(&v)
	return v
}

// TestDisplayPreview is what a monitor would be sent: of the office as it is, also of a display
// that is only in the draft.
func TestDisplayPreview(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	ada := s.user("ada", auth.Admin)
	ada.post("/api/v1/counters/2/open", "").want(http.StatusOK)
	s.dev().post("/api/v1/tickets", `{"channel":"anagrafe"}`).want(http.StatusCreated)
	ada.post("/api/v1/counters/2/next", "").want(http.StatusOK)
	before := s.seq()

	v := ada.preview(`{"display":"sala"}`)
	if len(v.Calls) != 1 || v.Calls[0].Number != "A001" || v.Display.Layout != queue.LayoutHall {
		t.Errorf("calls %v, layout %q", v.Calls, v.Display.Layout)
	}
	v = ada.preview(displayDraft(t, "sportello-2", false, func(c *queue.Config) {
		c.Displays = append(c.Displays, queue.Display{ID: "sportello-2", Name: queue.Text{"it": "Sportello 2"}, Layout: queue.LayoutCounter, Counter: "2"})
	}))
	if len(v.Calls) != 1 || v.Display.Counter != "2" || v.Display.Layout != queue.LayoutCounter {
		t.Errorf("calls %v, display %+v", v.Calls, v.Display)
	}

	// A draft may be as long as a configuration.
	long := displayDraft(t, "sala", false, func(c *queue.Config) {
		for i := range 80 {
			c.Notices = append(c.Notices, queue.Notice{ID: fmt.Sprint("n", i), Text: queue.Text{"it": fmt.Sprintf("%d %s", i, strings.Repeat("Gli uffici sono chiusi. ", 11))}})
		}
	})
	if v = ada.preview(long); len(v.Notices) < 80 {
		t.Errorf("%d bytes have %d notices", len(long), len(v.Notices))
	}
	s.public().post(displayPreview, long).want(http.StatusUnauthorized)

	ada.post(displayPreview, `{"display":"cantina"}`).want(http.StatusNotFound)
	ada.post(displayPreview, `{"config":{"displais":[]}}`).refused(http.StatusBadRequest, "invalid", "displais")
	ada.post(displayPreview, `{"config":{"time_zone":"`+strings.Repeat("x", 1<<20)+`"}}`).refused(http.StatusRequestEntityTooLarge, "invalid", "")
	for _, sample := range []bool{false, true} {
		var refusal struct {
			Error struct{ Faults []struct{ Path string } }
		}
		ada.post(displayPreview, displayDraft(t, "sala", sample, func(c *queue.Config) {
			c.Displays[0].Layout = queue.LayoutCounter
			c.Displays[1].Look.Background = "#777777"
		})).want(http.StatusUnprocessableEntity).read(&refusal)
		paths := []string{}
		for _, f := range refusal.Error.Faults {
			paths = append(paths, f.Path)
		}
		if diff := cmp.Diff([]string{"displays[0].counter", "displays[1].look.background"}, paths); diff != "" {
			t.Errorf("faults (-want +got):\n%s", diff)
		}
		ada.post(displayPreview, displayDraft(t, "sala", sample, func(c *queue.Config) { c.TimeZone = "Luna/Mare" })).want(http.StatusUnprocessableEntity)
	}
	ada.post(displayPreview, displayDraft(t, "sala", false, func(c *queue.Config) {
		c.Channels = slices.DeleteFunc(c.Channels, func(ch queue.Channel) bool { return ch.ID == "anagrafe" })
	})).want(http.StatusUnprocessableEntity) // counters serve it
	s.user("ugo", auth.Operator).post(displayPreview, `{"display":"sala"}`).refused(http.StatusForbidden, "forbidden", "")
	s.user("eva", auth.Supervisor).post(displayPreview, `{"display":"sala"}`).refused(http.StatusForbidden, "forbidden", "")
	s.public().post(displayPreview, `{"display":"sala"}`).refused(http.StatusUnauthorized, "unauthenticated", "")
	if after := s.seq(); after != before {
		t.Errorf("the journal grew from %d to %d", before, after)
	}
	api := s.other("cascine")
	s.dev().post(api+"/config/display", displayDraft(t, "sala", true, func(*queue.Config) {})).want(http.StatusOK)
	s.dev().post("/api/v1/offices/luna/config/display", `{"display":"sala"}`).refused(http.StatusNotFound, "unknown_office", "")
}

// TestDisplayPreviewOfBusyMorning is a morning at which there is something to see, whenever it is
// asked for, and nothing that flashes.
func TestDisplayPreviewOfBusyMorning(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	ada := s.user("ada", auth.Admin)
	before := s.seq()
	v := ada.preview(`{"display":"sala","sample":true}`)
	holding := 0
	for _, c := range v.Calls {
		if c.Holds {
			holding++
		}
		if v.At.Sub(c.At).Seconds() <= 60 {
			t.Errorf("%s was called at %v, it is %v", c.Number, c.At, v.At)
		}
	}
	if holding < 3 || len(v.Absent) != 1 || v.Situation != "open" {
		t.Errorf("%d calls, %d absent, %s", holding, len(v.Absent), v.Situation)
	}
	for _, c := range v.Channels {
		if c.Open && (c.Waiting == 0 || c.Wait == nil) {
			t.Errorf("%s: %d wait, %v", c.ID, c.Waiting, c.Wait)
		}
	}
	deck := ada.preview(displayDraft(t, "sala", true, func(c *queue.Config) { c.Channels[0].OnDeck = 2 }))
	if n := len(deck.Channels[0].OnDeck); n != 2 {
		t.Errorf("%d on deck", n)
	}
	if v := ada.preview(displayDraft(t, "sala", true, func(c *queue.Config) { c.Hours.Mon = nil })); v.Situation != "open" {
		t.Errorf("an office that is closed today is %s", v.Situation)
	}
	if after := s.seq(); after != before {
		t.Errorf("the journal grew from %d to %d", before, after)
	}
}

// TestDisplayPreviewPage may be shown in a frame by this server's own pages; a monitor may not.
func TestDisplayPreviewPage(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	policy := func(path string) string {
		t.Helper()
		return s.public().get(path).want(http.StatusOK).Header.Get("Content-Security-Policy")
	}
	for path, want := range map[string]string{
		"/display/sala": "frame-ancestors 'none'", "/display/sala?preview": "frame-ancestors 'self'", "/display/new?preview": "frame-ancestors 'self'",
	} {
		if got := policy(path); !strings.Contains(got, want) {
			t.Errorf("%s: %s", path, got)
		}
	}
}

// TestPreviewSaysNothing has no sentence of a draft made, which would keep those of calls waiting.
func TestPreviewSaysNothing(t *testing.T) {
	t.Parallel()
	v, err := voice.New(voice.Options{Folder: t.TempDir(), Command: "cat", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(v.Close)
	s := newServer(t, func(o *httpd.Options) { o.Voice = v })
	ada := s.user("ada", auth.Admin)
	for _, sample := range []bool{false, true} {
		page := ada.preview(displayDraft(t, "sala", sample, func(c *queue.Config) {
			c.Notices = []queue.Notice{{ID: "n", Text: queue.Text{"it": "Domani ch"}, Spoken: true}}
		}))
		if len(page.Notices) != 1 || len(page.Notices[0].Say) > 0 {
			t.Errorf("sample %v: %+v", sample, page.Notices)
		}
	}
}

package httpd_test

import (
	"bytes"
	"encoding/json"
	"image/png"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/eliminacode/eliminacode/pkg/auth"
	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// drawn is the preview of a ticket's paper.
type drawn struct {
	Picture       []byte
	Width, Height int
	Text          string
	Unprintable   []struct{ Path, Characters string }
}

func (c client) paper(wish string) (d drawn) {
	c.Helper()
	c.post("/api/v1/config/paper", wish).want(http.StatusOK).headers("Cache-Control", "no-store").read(&d)
	picture, err := png.Decode(bytes.NewReader(d.Picture))
	if err != nil {
		c.Fatal(err)
	}
	if size := picture.Bounds().Size(); size.X != d.Width || size.Y != d.Height {
		c.Errorf("%s: the picture is of %v points, said to be of %d×%d", wish, size, d.Width, d.Height)
	}
	return d
}

// TestPaperPreview draws what a totem would print, on each width of paper, of each kind, at any
// time of the year. That it is what a totem prints is a test of package agent.
func TestPaperPreview(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.configure(func(c *queue.Config) {
		c.Channels[1].Season = &calendar.Season{From: "2026-07-01", To: "2026-07-31"}
		c.Paper.Line = queue.Text{"it": "Una riga del Comune"}
	})
	ada := s.user("ada", auth.Admin)
	before := s.seq()
	for _, tt := range []struct {
		wish, has, not string
		dots           int
	}{
		{`{}`, "P042\nProtocollo\n3 persone prima di te\nAttesa prevista: 10–20 minuti", "Senza rete", 576},
		{`{"channel":"anagrafe","width":58}`, "A042\nServizi anagrafici", "Con precedenza", 384},
		{`{"channel":"anagrafe","width":80}`, "Una riga del Comune", "Con precedenza", 576},
		{`{"class":"priority"}`, "Con precedenza", "Appuntamento", 576},
		{`{"class":"appointment"}`, "Appuntamento delle 10:00", "prima di te", 576},
		{`{"class":"appointment"}`, "Appuntamento delle 10:00", "Attesa", 576},
		{`{"offline":true,"width":58}`, "P942\nProtocollo\nSenza rete", "prima di te", 384},
		{`{"offline":true}`, "P942\nProtocollo\nSenza rete", "Attesa", 576},
		{`{"language":"en"}`, "Protocollo", "persone", 576},
		{`{"language":"ar"}`, "Protocollo", "persone", 576},
	} {
		d := ada.paper(tt.wish)
		if d.Width != tt.dots || d.Height < d.Width {
			t.Errorf("%s: %d×%d points, want a width of %d", tt.wish, d.Width, d.Height, tt.dots)
		}
		if !strings.Contains(d.Text, tt.has) || strings.Contains(d.Text, tt.not) {
			t.Errorf("%s: wants %q and not %q:\n%s", tt.wish, tt.has, tt.not, d.Text)
		}
		if len(d.Unprintable) > 0 {
			t.Errorf("%s: unprintable: %v", tt.wish, d.Unprintable)
		}
	}
	const path = "/api/v1/config/paper"
	ada.post(path, `{"width":57}`).refused(http.StatusBadRequest, "invalid", "width")
	ada.post(path, `{"channel":"luna"}`).refused(http.StatusNotFound, "unknown_channel", "channel")
	ada.post(path, `{"class":"royal"}`).refused(http.StatusBadRequest, "invalid", "class")
	ada.post(path, `{"class":"appointment","offline":true}`).refused(http.StatusBadRequest, "invalid", "class")
	ada.post(path, `{"language":"la"}`).refused(http.StatusBadRequest, "invalid", "language")
	ada.post(path, `{"config":{"time_zone":"`+strings.Repeat("x", 1<<20)+`"}}`).refused(http.StatusRequestEntityTooLarge, "invalid", "")
	s.user("ugo", auth.Operator).post(path, `{}`).refused(http.StatusForbidden, "forbidden", "")
	s.user("eva", auth.Supervisor).post(path, `{}`).refused(http.StatusForbidden, "forbidden", "")
	s.device(auth.Totem, "t1").post(path, `{}`).refused(http.StatusForbidden, "forbidden", "")
	s.public().post(path, `{}`).refused(http.StatusUnauthorized, "unauthenticated", "")
	if after := s.seq(); after != before {
		t.Errorf("the journal grew from %d to %d", before, after)
	}
	api := s.other("cascine")
	s.dev().post(api+"/config/paper", `{}`).want(http.StatusOK)
	s.dev().post("/api/v1/offices/luna/config/paper", `{}`).refused(http.StatusNotFound, "unknown_office", "")
}

// TestPaperPreviewOfDraft draws a document that is still being written, or says what is wrong with
// it, and which of its texts no printer has the letters for.
func TestPaperPreviewOfDraft(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	ada := s.user("ada", auth.Admin)
	draft := func(change func(*queue.Config)) string {
		t.Helper()
		cfg := queue.Default()
		change(cfg)
		b, err := json.Marshal(map[string]any{"channel": "anagrafe", "config": cfg})
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	d := ada.paper(draft(func(c *queue.Config) {
		c.Channel("anagrafe").Name = queue.Text{"it": "Carte d’identità"}
		c.Channel("protocollo").Bring = queue.Text{"it": "Carta", "en": "Paper 😀 and 😀🎈"}
		c.Services[1].Bring = queue.Text{"it": "🎈"}
		c.Paper.Line = queue.Text{"it": "Arrivederci", "uk": "Дякуємо \U00010330"}
		c.Paper.Parts = []queue.Part{"number", "channel", "line"}
		c.OperatorFigures = queue.OperatorFigures{Enabled: true, Basis: "Accordo del 2 marzo 2026"}
	}))
	if d.Text != "A042\nCarte d’identità\nArrivederci" {
		t.Errorf("it says\n%s", d.Text)
	}
	want := []struct{ Path, Characters string }{{"channels[0].bring.en", "😀🎈"}, {"services[1].bring.it", "🎈"}, {"paper.line.uk", "\U00010330"}}
	if diff := cmp.Diff(want, d.Unprintable); diff != "" {
		t.Errorf("unprintable (-want +got):\n%s", diff)
	}
	var refusal struct {
		Error struct {
			Faults []struct{ Path, Message string }
		}
	}
	ada.post("/api/v1/config/paper", draft(func(c *queue.Config) {
		c.Paper.Parts = []queue.Part{"number", "weather"}
		c.Channels[2].Name = nil
	})).want(http.StatusUnprocessableEntity).read(&refusal)
	var paths []string
	for _, f := range refusal.Error.Faults {
		paths = append(paths, f.Path)
	}
	if diff := cmp.Diff([]string{"channels[2].name.it", "paper.parts[1]"}, paths); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
	ada.post("/api/v1/config/paper", `{"config":{"chanels":[]}}`).refused(http.StatusBadRequest, "invalid", "chanels")
	ada.post("/api/v1/config/paper", `{"config":{}}`).want(http.StatusUnprocessableEntity)
	var cfg queue.Config
	ada.get("/api/v1/config").want(http.StatusOK).read(&cfg)
	if cfg.Version != 1 || len(cfg.Paper.Parts) > 0 {
		t.Errorf("the office has version %d, with %v", cfg.Version, cfg.Paper.Parts)
	}
}

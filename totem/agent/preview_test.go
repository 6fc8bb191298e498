package agent_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/totem/agent"
	"github.com/eliminacode/eliminacode/totem/escpos"
	"github.com/eliminacode/eliminacode/totem/escpos/virtual"
)

// TestPreviewIsThePaper has a totem give the very ticket that the administration's preview shows:
// what it sends to its printer draws the same picture.
func TestPreviewIsThePaper(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, profile, language, class string
		width                          int
	}{
		{"italian", "escpos", "it", "priority", 80},
		{"drawn", "escpos-58", "uk", "standard", 58},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newTown(t)
			s.configure(func(c *queue.Config) {
				c.Channel("anagrafe").Bring = queue.Text{"it": "Una fototessera recente, e il documento scaduto", "uk": "Фото"}
				c.Paper.Line = queue.Text{"it": "Tel. 0571 757999"}
				c.Paper.Arms = arms(t)
				for _, part := range queue.Parts { // the code and the wait differ from ticket to ticket
					if part != queue.PartQR && part != queue.PartWait {
						c.Paper.Parts = append(c.Paper.Parts, part)
					}
				}
			})
			k := newKiosk(s)
			k.restart(func(*agent.Options) { k.printer.profile, _ = escpos.ProfileByName(tt.profile) })
			k.online()
			for n := range 41 {
				var given struct{ ID string }
				s.call(http.StatusCreated, http.MethodPost, "/tickets", map[string]string{"channel": "anagrafe", "class": tt.class}, &given)
				if n >= 3 {
					s.call(http.StatusOK, http.MethodDelete, "/tickets/"+given.ID, nil, nil)
				}
			}
			s.pass(time.Minute - time.Duration(s.now().UnixNano())%time.Minute) // so that both are of the same minute
			if r := k.do(http.MethodPost, "/api/v1/tickets", map[string]any{"channel": "anagrafe", "class": tt.class, "language": tt.language}); r.status != http.StatusCreated {
				t.Fatalf("no ticket: %d %s", r.status, r.body)
			}
			k.until("printed", func() bool { return len(k.printer.printed()) == 1 })

			wish := fmt.Sprintf(`{"channel":"anagrafe","class":%q,"language":%q,"width":%d}`, tt.class, tt.language, tt.width)
			r, err := http.NewRequest(http.MethodPost, s.web.URL+"/api/v1/config/paper", strings.NewReader(wish))
			s.must(err)
			r.Header.Set("Authorization", "Bearer "+devToken)
			r.Header.Set("Content-Type", "application/json")
			answer, err := http.DefaultClient.Do(r)
			s.must(err)
			defer answer.Body.Close()
			body, err := io.ReadAll(answer.Body)
			s.must(err)
			var shown struct {
				Picture []byte
				Text    string
			}
			s.must(json.Unmarshal(body, &shown))
			preview, err := png.Decode(bytes.NewReader(shown.Picture))
			s.must(err)
			printed, err := virtual.Draw(k.printer.jobs[0].Data, k.printer.profile.Dots)
			s.must(err)
			if got, ok := preview.(*image.Gray); !ok || got.Rect != printed.Rect || !bytes.Equal(got.Pix, printed.Pix) {
				t.Errorf("the preview is %v, the paper %v, and they differ; the preview says\n%s", preview.Bounds(), printed.Bounds(), shown.Text)
			}
		})
	}
}

// arms are a town's, in base64.
func arms(t *testing.T) string {
	t.Helper()
	picture := image.NewGray(image.Rect(0, 0, 90, 120))
	for i := range picture.Pix {
		picture.Pix[i] = uint8(i * 255 / len(picture.Pix))
	}
	var b bytes.Buffer
	if err := png.Encode(&b, picture); err != nil {
		t.Fatal(err)
	}
	encoded, err := json.Marshal(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	return strings.Trim(string(encoded), `"`)
}

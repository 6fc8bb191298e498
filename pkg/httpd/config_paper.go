package httpd

import (
	"cmp"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/totem/preview"
)

// paperPreview is the paper of a sample ticket.
type paperPreview struct {
	Picture     []byte            `json:"picture"` // a PNG in base64
	Width       int               `json:"width"`   // in points
	Height      int               `json:"height"`
	Text        string            `json:"text"`
	Unprintable []unprintableText `json:"unprintable"`
}

type unprintableText struct {
	Path       string `json:"path"`
	Characters string `json:"characters"`
}

// configPaper draws what a totem would print, under the office's configuration or one that is still
// being written, which it checks. It changes nothing.
func (s *Server) configPaper(c echo.Context) error {
	var in struct {
		Channel  queue.ChannelID `json:"channel"`
		Class    queue.Class     `json:"class"`
		Language string          `json:"language"`
		Width    int             `json:"width"`
		Offline  bool            `json:"offline"`
		Config   *queue.Config   `json:"config"`
	}
	if err := s.decode(c, &in); err != nil {
		return err
	}
	scene := s.scene(c)
	err := s.read(c, func(st *queue.State, now time.Time) {
		in.Config, scene.Now = cmp.Or(in.Config, st.Config), now
	})
	if err != nil {
		return err
	}
	scene.State = new(queue.State) // an empty office
	if _, err := s.tryConfig(c, scene.State, queue.Configure{Config: in.Config}, scene.Now); err != nil {
		return err
	}
	p, err := preview.Draw(scene, preview.Wish{
		Channel:  cmp.Or(in.Channel, in.Config.Channels[0].ID),
		Class:    cmp.Or(in.Class, queue.Standard),
		Language: cmp.Or(in.Language, "it"),
		Width:    cmp.Or(in.Width, preview.Widths[0]),
		Offline:  in.Offline,
	})
	if err != nil {
		return err
	}
	out := paperPreview{Picture: p.Picture, Width: p.Width, Height: p.Height, Text: p.Text, Unprintable: []unprintableText{}}
	for _, u := range preview.UnprintableIn(in.Config) {
		out.Unprintable = append(out.Unprintable, unprintableText(u))
	}
	return c.JSON(http.StatusOK, out)
}

package httpd

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/totem/qr"
)

// mediaCSP lets a picture that is opened by itself run nothing and load nothing.
const mediaCSP = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"

// media answers with a file of the folder for media: the whole of it, or the range that a film's
// player wants.
func (s *Server) media(c echo.Context) error {
	name := c.Param("file")
	kind := queue.MediaType(name)
	if kind == "" {
		return echo.ErrNotFound
	}
	folder, err := os.OpenRoot(s.opt.Media)
	if err != nil {
		return unfound(err)
	}
	defer folder.Close()
	info, err := folder.Lstat(name)
	if err != nil {
		return unfound(err)
	}
	if !info.Mode().IsRegular() { // a link may lead anywhere, and opening a pipe would wait for its other end
		return echo.ErrNotFound
	}
	file, err := folder.Open(name)
	if err != nil {
		return unfound(err)
	}
	defer file.Close()
	h := c.Response().Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Security-Policy", mediaCSP)
	h.Set("Cache-Control", "no-cache")
	h.Set("ETag", fmt.Sprintf(`"%x-%x"`, info.ModTime().UnixNano(), info.Size()))
	http.ServeContent(c.Response(), c.Request(), "", info.ModTime(), file)
	return nil
}

// unfound has a file that isn't there, or isn't to be read, answered as such.
func unfound(err error) error {
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
		return echo.ErrNotFound
	}
	return fmt.Errorf("media: %w", err)
}

// mediaFile is a file that displays may show.
type mediaFile struct {
	Name     string            `json:"name"`
	Type     string            `json:"type"` // "image/png"
	Size     int64             `json:"size"` // bytes
	Changed  time.Time         `json:"changed"`
	Displays []queue.DisplayID `json:"displays"` // of the office that show it
}

// listMedia lists the folder for media, as far as displays may show it, by name.
func (s *Server) listMedia(c echo.Context) error {
	shown := map[string][]queue.DisplayID{}
	err := s.read(c, func(st *queue.State, _ time.Time) {
		for i := range st.Config.Displays {
			d := &st.Config.Displays[i]
			for _, file := range d.Files() {
				shown[file] = append(shown[file], d.ID)
			}
		}
	})
	if err != nil {
		return err
	}
	entries, err := os.ReadDir(s.opt.Media)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("media: %w", err)
	}
	list := []mediaFile{}
	for _, entry := range entries {
		kind := queue.MediaType(entry.Name())
		info, err := entry.Info()
		if kind == "" || err != nil || !info.Mode().IsRegular() { // an error: it is gone again
			continue
		}
		list = append(list, mediaFile{
			Name: entry.Name(), Type: kind, Size: info.Size(), Changed: info.ModTime().UTC().Truncate(time.Second),
			Displays: append([]queue.DisplayID{}, slices.Clip(shown[entry.Name()])...),
		})
	}
	return c.JSON(http.StatusOK, list)
}

// pageQR is the QR code of the office's public page, for monitors.
func (s *Server) pageQR(c echo.Context) error {
	code, err := qr.Encode(s.facesOf(c) + "/")
	if err != nil { // by a name that is too long for a code
		return echo.ErrNotFound
	}
	c.Response().Header().Set("Cache-Control", "no-cache")
	return c.Blob(http.StatusOK, "image/svg+xml", code.SVG())
}

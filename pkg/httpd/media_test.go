package httpd_test

import (
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/eliminacode/eliminacode/pkg/auth"
	"github.com/eliminacode/eliminacode/pkg/httpd"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// TestMedia serves what displays may show of a folder, and nothing else.
func TestMedia(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "media")
	write := func(name, content string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s := newServer(t, func(o *httpd.Options) { o.Media = folder })
	s.public().get("/media/piazza.jpg").want(http.StatusNotFound) // there isn't even a folder
	for name, content := range map[string]string{
		"piazza.jpg": "0123456789", "stemma.svg": "<svg/>", "segreto.txt": "x", ".nascosto.png": "x", "sub/altro.png": "x",
	} {
		write(filepath.Join(folder, name), content)
	}
	outside := filepath.Join(t.TempDir(), "fuori.png")
	write(outside, "x")
	for name, to := range map[string]string{"fuori.png": outside, "giro.png": "giro.png", "altra.png": "piazza.jpg"} {
		if err := os.Symlink(to, filepath.Join(folder, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(folder, "cartella.png"), 0o700); err != nil {
		t.Fatal(err)
	}

	whole := s.public().get("/media/piazza.jpg").want(http.StatusOK).
		headers("Content-Type", "image/jpeg", "X-Content-Type-Options", "nosniff", "Cache-Control", "no-cache")
	if got := string(whole.body); got != "0123456789" {
		t.Errorf("%q", got)
	}
	tag := whole.Header.Get("ETag")
	s.public().with("If-None-Match", tag).get("/media/piazza.jpg").want(http.StatusNotModified)
	part := s.public().with("Range", "bytes=2-4").get("/media/piazza.jpg").want(http.StatusPartialContent)
	if got := string(part.body); got != "234" {
		t.Errorf("a range: %q", got)
	}
	write(filepath.Join(folder, "piazza.jpg"), "another one")
	s.public().with("If-None-Match", tag).get("/media/piazza.jpg").want(http.StatusOK)
	s.public().get("/media/stemma.svg").want(http.StatusOK).
		headers("Content-Type", "image/svg+xml", "Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox")

	for _, name := range []string{
		"segreto.txt", ".nascosto.png", "sub/altro.png", "sub%2Faltro.png", "..%2Feliminacode.db", "fuori.png", "giro.png", "altra.png", "cartella.png", "manca.png", "", "%00.png",
	} {
		s.public().get("/media/" + name).want(http.StatusNotFound)
	}

	_, err := s.engine.Do(t.Context(), office, queue.Command{ID: "media", By: "test", Do: queue.Configure{Config: withArms("stemma.svg"), Version: 1}})
	if err != nil {
		t.Fatal(err)
	}
	var list []struct {
		Name     string   `json:"name"`
		Type     string   `json:"type"`
		Size     int64    `json:"size"`
		Displays []string `json:"displays"`
	}
	s.user("ada", auth.Admin).get("/api/v1/media").want(http.StatusOK).read(&list)
	if len(list) != 2 || list[0].Name != "piazza.jpg" || list[0].Size != 11 || len(list[0].Displays) != 0 ||
		list[1].Type != "image/svg+xml" || !slices.Equal(list[1].Displays, []string{"sala"}) {
		t.Errorf("%+v", list)
	}
}

// withArms is a configuration whose first display shows arms.
func withArms(file string) *queue.Config {
	c := queue.Default()
	c.Displays[0].Look.Arms = file
	return c
}

// TestPublicPagesCode draws the address that whoever comes in is to open, of each office.
func TestPublicPagesCode(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	if err := s.engine.Create(t.Context(), branch, queue.Default()); err != nil {
		t.Fatal(err)
	}
	here := s.public().get("/qr.svg").want(http.StatusOK).headers("Content-Type", "image/svg+xml")
	there := s.public().get("/offices/" + branch + "/qr.svg").want(http.StatusOK)
	if string(here.body) == string(there.body) {
		t.Error("two offices have the same code")
	}
	s.public().get("/offices/nowhere/qr.svg").want(http.StatusNotFound)
	s.public().with("Host", strings.Repeat("a", 3000)).get("/qr.svg").want(http.StatusNotFound)
}

package e2e_test

import (
	"net/http"
	"testing"

	"github.com/eliminacode/eliminacode/pkg/queue"
)

// TestFailures measures the page of what can't be shown at every size, on a wall and in a hand. On
// a wall it becomes what it was to be, once that is there, though nobody touches it.
func TestFailures(t *testing.T) {
	t.Parallel()
	s := serve(t)
	b := openBrowser(t)
	wall := b.open("failure", s.URL("/display/cantina"), 1920, 1080)
	for name, path := range map[string]string{
		"page": "/nothing", "office": "/offices/luna", "staff": "/console/nothing",
	} {
		p := b.open("failure", s.URL(path), 1366, 768)
		p.shows("h1", "non esiste")
		p.fits(name)
	}
	wall.shows("h1", "Questo monitor non esiste")
	wall.fits("wall")
	cfg := new(queue.Config)
	if err := s.Get(t, "/api/v1/config").Into(cfg); err != nil {
		t.Fatal(err)
	}
	cfg.Displays = append(cfg.Displays, queue.Display{ID: "cantina", Name: queue.Text{"it": "Cantina"}})
	s.Want(t, http.StatusOK, http.MethodPut, "/api/v1/config", cfg, "If-Match", `"1"`)
	wall.shows("body", "Cantina")
}

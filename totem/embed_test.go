package totem_test

import (
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"github.com/eliminacode/eliminacode/totem"
)

// TestScreenIsWhole wants every module of the screen inside the program: without one of them the
// screen stays empty.
func TestScreenIsWhole(t *testing.T) {
	t.Parallel()
	modules, err := filepath.Glob("screen/*.js")
	if err != nil || len(modules) < 20 {
		t.Fatal(modules, err)
	}
	for _, name := range modules {
		if _, err := fs.Stat(totem.FS, name); (err == nil) == strings.HasSuffix(name, ".test.js") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

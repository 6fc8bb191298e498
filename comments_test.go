package eliminacode_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

// TestCommentsWrap holds the comments of Go files and of the schema to 100 columns, a tab being
// four. Directives, and what is set in from a comment's edge, such as a table, are as wide as they
// are.
func TestCommentsWrap(t *testing.T) {
	t.Parallel()
	const most = 100

	leads := map[string]string{".go": "// ", ".sql": "-- "}
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		switch name := entry.Name(); {
		case err != nil:
			return err
		case entry.IsDir() && path != "." && (name[0] == '.' || name == "node_modules" || name == "testdata"):
			return filepath.SkipDir
		case entry.IsDir() || leads[filepath.Ext(path)] == "":
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for i, line := range strings.Split(string(text), "\n") {
			said, ok := strings.CutPrefix(strings.TrimLeft(line, "\t "), leads[filepath.Ext(path)])
			if !ok || strings.TrimLeft(said, "\t ") != said {
				continue
			}
			if columns := utf8.RuneCountInString(line) + 3*strings.Count(line, "\t"); columns > most {
				t.Errorf("%s:%d: a comment of %d columns, wrap it at %d", path, i+1, columns, most)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

package eliminacode_test

import (
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const modulePath = "github.com/eliminacode/eliminacode"

// owners names the one package that may import each technology: whoever wants to change or replace
// it has one place to look. Tests, and packages that serve them, are free. What draws on paper, and
// what draws the paper, share how to fill outlines.
var owners = map[string]string{
	"github.com/gorilla/websocket":          "pkg/live",
	"github.com/labstack/echo/v4":           "pkg/httpd",
	"github.com/jung-kurt/gofpdf":           "totem/pdf",
	"github.com/go-text/typesetting":        "totem/paper/drawn",
	"golang.org/x/image":                    "totem/paper/drawn totem/escpos/virtual",
	"github.com/evanw/esbuild":              "pkg/web",
	"modernc.org/sqlite":                    "pkg/journal/sqlite",
	"github.com/jackc/pgx/v5":               "pkg/journal/postgres",
	"github.com/chromedp/chromedp":          "", // tests alone
	"pgregory.net/rapid":                    "",
	"github.com/google/go-cmp":              "",
	"github.com/pb33f/libopenapi":           "",
	"github.com/pb33f/libopenapi-validator": "",
	"github.com/anishathalye/porcupine":     "",
}

// impure are the standard packages, each with all below it, that would let a clock, a file, a
// socket, a random number or a lock into the rules of the queue.
var impure = []string{
	"bufio", "context", "crypto", "database", "expvar", "flag", "html", "io", "log", "math/rand",
	"net", "os", "path/filepath", "plugin", "runtime", "sync", "syscall", "testing", "text/template", "unsafe",
}

// pure are the packages that hold rules and nothing else.
var pure = []string{"pkg/calendar", "pkg/queue", "pkg/crowding"}

// rooms says for each part of the house, with all below it, which other parts it may know. What
// stands in no room belongs in one; cmd joins them and knows all. docs/architecture.md says what
// each is for.
var rooms = map[string][]string{
	"pkg/httpd": {
		"pkg/audience", "pkg/web", "displays", "totem", "totem/qr", "totem/preview", "pkg/console", "pkg/engine", "pkg/crowding", "pkg/opendata", "pkg/view", "pkg/live", "pkg/auth", "pkg/journal",
		"pkg/visits", "pkg/simulate", "pkg/voice", "pkg/words", "pkg/estimate", "pkg/queue", "pkg/calendar",
	},
	"pkg/demo":     {"pkg/client", "pkg/view", "pkg/queue", "pkg/calendar"},
	"displays":     {"pkg/view", "pkg/words", "pkg/queue", "pkg/calendar"},
	"pkg/audience": {"pkg/engine", "pkg/view", "pkg/voice", "pkg/live", "pkg/estimate", "pkg/queue"},
	"pkg/forecast": {"pkg/engine", "pkg/estimate", "pkg/visits", "pkg/queue", "pkg/calendar"},
	"pkg/engine":   {"pkg/journal", "pkg/queue", "pkg/calendar"},
	"pkg/crowding": {"pkg/view", "pkg/journal", "pkg/queue", "pkg/calendar"},
	"pkg/opendata": {"pkg/journal", "pkg/queue", "pkg/calendar"},
	"pkg/view":     {"pkg/voice", "pkg/words", "pkg/estimate", "pkg/queue", "pkg/calendar"},
	"pkg/estimate": {"pkg/visits", "pkg/queue", "pkg/calendar"},
	"pkg/simulate": {"pkg/visits", "pkg/queue", "pkg/calendar"},
	"pkg/visits":   {"pkg/calendar"},
	"pkg/journal":  {"pkg/visits", "pkg/disk", "pkg/queue", "pkg/calendar", "schema"},
	"pkg/voice":    {"pkg/disk", "pkg/words", "pkg/queue"},
	"pkg/words":    {"pkg/queue"},
	"pkg/queue":    {"pkg/calendar"},
	"pkg/calendar": {},
	"pkg/auth":     {},
	"pkg/config":   {},
	"pkg/console":  {},
	"pkg/disk":     {},
	"pkg/live":     {},
	"pkg/web":      {},
	"totem":        {"totem/escpos", "totem/qr", "pkg/words"},
	"totem/escpos": {"totem/qr"},
	"totem/qr":     {},
	"totem/told":   {"totem", "pkg/view", "pkg/queue"},
	"totem/preview": {
		"totem", "totem/told", "totem/escpos", "pkg/view", "pkg/queue", "pkg/words",
	},
	"totem/agent": {
		"pkg/client", "pkg/disk", "totem", "totem/told", "totem/escpos", "totem/qr", "displays", "pkg/web", "pkg/live", "pkg/view", "pkg/voice", "pkg/words", "pkg/queue",
	},
	"pkg/client": {"pkg/live"},
	"schema":     {}, // the root's package, which holds schema.sql
}

// roomOf is the room that a package of this module stands in, the innermost; empty if it stands in
// none.
func roomOf(name string) string {
	found := ""
	for room := range rooms {
		if within(name, room) && len(room) > len(found) {
			found = room
		}
	}
	return found
}

// mayKnow reports whether a package may import another one of this module.
func mayKnow(name, imported string) bool {
	if within(name, "cmd") {
		return true
	}
	from, to := roomOf(name), roomOf(imported)
	return from != "" && to != "" && (from == to || slices.Contains(rooms[from], to))
}

// TestRooms tries the table on what it is to forbid, and on what it is to let pass.
func TestRooms(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, imported string
		want           bool
	}{
		{"pkg/httpd", "pkg/audience", true},
		{"pkg/journal/sqlite", "pkg/journal/internal/rows", true},
		{"pkg/view", "pkg/live", false},
		{"pkg/live", "pkg/queue", false},
		{"pkg/queue", "pkg/words", false},
		{"pkg/engine", "pkg/audience", false},
		{"totem/agent", "pkg/client", true},
		{"totem/agent/diary", "totem/agent", true},
		{"totem/paper", "totem/agent", false},
		{"pkg/client", "pkg/view", false},
		{"totem/paper", "totem/escpos", true},
		{"totem/escpos", "totem/paper", false},
		{"totem/escpos/virtual", "totem/qr", true},
		{"totem/escpos", "pkg/view", false},
		{"pkg/journal/postgres", "pkg/engine", false},
		{"pkg/attic", "pkg/queue", false},
		{"pkg/queuetoo", "pkg/calendar", false},
		{"cmd/eliminacode", "pkg/httpd", true},
	} {
		if got := mayKnow(tt.name, tt.imported); got != tt.want {
			t.Errorf("%s imports %s: allowed %v, want %v", tt.name, tt.imported, got, tt.want)
		}
	}
	for room, known := range rooms {
		for _, other := range known {
			if rooms[other] == nil {
				t.Errorf("%s may know %s, which is no room", room, other)
			}
			if slices.Contains(rooms[other], room) {
				t.Errorf("%s and %s may know each other", room, other)
			}
		}
	}
}

// goPackage is what `go list -json` tells.
type goPackage struct {
	ImportPath string
	Dir        string
	GoFiles    []string
	Imports    []string
	Standard   bool
}

func TestImports(t *testing.T) {
	t.Parallel()

	packages := listPackages(t)
	standard := map[string]bool{}
	used := map[string]bool{}
	for _, p := range packages {
		standard[p.ImportPath] = p.Standard
	}
	for _, p := range packages {
		name, ours := strings.CutPrefix(p.ImportPath, modulePath+"/")
		if !ours {
			continue
		}
		for _, imported := range p.Imports {
			for library, owner := range owners {
				if !within(imported, library) {
					continue
				}
				used[library] = true
				if !slices.Contains(strings.Fields(owner), name) && !strings.HasSuffix(name, "test") {
					t.Errorf("%s imports %s, which is for %s alone", name, imported, orTests(owner))
				}
			}
			if other, ours := strings.CutPrefix(imported+"/", modulePath+"/"); ours {
				if other = strings.TrimSuffix(other, "/"); other == "" {
					other = "schema"
				}
				if !strings.HasSuffix(name, "test") && !mayKnow(name, other) {
					t.Errorf("%s imports %s, which isn't for it: see rooms", name, other)
				}
			}
			rules := slices.Contains(pure, name)
			if rules && !standard[imported] && !within(imported, modulePath) {
				t.Errorf("%s imports %s: only the standard library is below it", name, imported)
			}
			if rules && slices.ContainsFunc(impure, func(root string) bool { return within(imported, root) }) {
				t.Errorf("%s imports %s: the rules are pure", name, imported)
			}
		}
	}
	for library, owner := range owners {
		if owner != "" && !used[library] {
			t.Errorf("nothing imports %s: its rule, for %s, guards nothing", library, owner)
		}
	}
}

// TestRulesArePure checks that the rules neither read a clock nor start a goroutine, and embed
// documents alone.
func TestRulesArePure(t *testing.T) {
	t.Parallel()

	clock := []string{"After", "AfterFunc", "NewTicker", "NewTimer", "Now", "Since", "Sleep", "Tick", "Until"}
	files := token.NewFileSet()
	seen := map[string]int{}
	for _, p := range listPackages(t) {
		own := strings.TrimPrefix(p.ImportPath, modulePath+"/")
		if !slices.Contains(pure, own) {
			continue
		}
		for _, name := range p.GoFiles {
			seen[own]++
			file, err := parser.ParseFile(files, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			for _, spec := range file.Imports { // the text of a file is a constant, a file system isn't
				if spec.Path.Value == `"embed"` && (spec.Name == nil || spec.Name.Name != "_") {
					t.Errorf("%s: embed for more than a text", files.Position(spec.Pos()))
				}
			}
			ast.Inspect(file, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.GoStmt:
					t.Errorf("%s: a goroutine", files.Position(n.Pos()))
				case *ast.ChanType:
					t.Errorf("%s: a channel of goroutines", files.Position(n.Pos()))
				case *ast.SelectorExpr:
					if x, ok := n.X.(*ast.Ident); ok && x.Name == "time" && slices.Contains(clock, n.Sel.Name) {
						t.Errorf("%s: time.%s", files.Position(n.Pos()), n.Sel.Name)
					}
				}
				return true
			})
		}
	}
	for _, name := range pure {
		if seen[name] == 0 {
			t.Errorf("%s has no files", name)
		}
	}
}

// listPackages asks the go command for the packages of the module and all that they depend on.
func listPackages(t *testing.T) []goPackage {
	t.Helper()
	readFolders(t)

	cmd := exec.CommandContext(t.Context(), "go", "list", "-deps", "-json=ImportPath,Dir,GoFiles,Imports,Standard", "./...")
	out, err := cmd.Output()
	if err != nil {
		if exit, ok := errors.AsType[*exec.ExitError](err); ok {
			t.Fatalf("go list: %v\n%s", err, exit.Stderr)
		}
		t.Fatal(err)
	}
	var packages []goPackage
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, p)
	}
}

// readFolders looks at every source folder: the go command reuses the result of a test unless a
// file or a folder that the test itself opened has changed, and it doesn't see what `go list`
// opens.
func readFolders(t *testing.T) {
	t.Helper()

	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && path != "." && entry.IsDir() && (entry.Name()[0] == '.' || slices.Contains([]string{"bin", "data", "node_modules"}, path)) {
			return filepath.SkipDir
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// within reports whether the import path is root or below it.
func within(path, root string) bool {
	return path == root || strings.HasPrefix(path, root+"/")
}

func orTests(owner string) string {
	if owner == "" {
		return "tests"
	}
	return owner
}

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
// it has one place to look. Tests, and packages that serve them, are free.
var owners = map[string]string{
	"github.com/gorilla/websocket":          "pkg/live",
	"github.com/labstack/echo/v4":           "pkg/httpd",
	"github.com/jung-kurt/gofpdf":           "totem/pdf",
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

// pure are the packages that hold rules and nothing else, with what of this module each may import.
var pure = map[string][]string{
	"pkg/calendar": nil,
	"pkg/queue":    {"pkg/calendar"},
}

// apart are the packages of this module that must not know of the ones beside them; cmd joins them.
var apart = map[string][]string{
	"pkg/journal": {"pkg/engine", "pkg/view", "pkg/live", "pkg/httpd"},
	"pkg/engine":  {"pkg/live", "pkg/httpd"},
	"pkg/view":    {"pkg/journal", "pkg/engine", "pkg/live", "pkg/httpd"},
	"pkg/live":    {"pkg/journal", "pkg/engine", "pkg/view", "pkg/httpd"},
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
				if name != owner && !strings.HasSuffix(name, "test") {
					t.Errorf("%s imports %s, which is for %s alone", name, imported, orTests(owner))
				}
			}
			for above, others := range apart {
				sibling := strings.TrimPrefix(imported, modulePath+"/")
				if within(name, above) && slices.ContainsFunc(others, func(root string) bool { return within(sibling, root) }) {
					t.Errorf("%s imports %s: they are to be joined in cmd", name, sibling)
				}
			}
			below, rules := pure[name]
			if rules && !standard[imported] && !slices.Contains(below, strings.TrimPrefix(imported, modulePath+"/")) {
				t.Errorf("%s imports %s: only the standard library and %q are below it", name, imported, below)
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
		if _, rules := pure[own]; !rules {
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
	for name := range pure {
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

// readFolders looks at every source folder: the go command reuses the result of a test unless a file
// or a folder that the test itself opened has changed, and it doesn't see what `go list` opens.
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

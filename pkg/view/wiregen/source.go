package main

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// module finds and parses the packages of the module that holds the wire types.
type module struct {
	root     string // folder of go.mod
	path     string // module path
	fset     *token.FileSet
	packages map[string]*goPackage // by folder
}

// goPackage is what the generator needs of one parsed package.
type goPackage struct {
	name    string
	types   map[string]*goType
	ordered []*goType // in the order of files and lines
}

// goType is one declared type and where its names are to be looked up.
type goType struct {
	name    string
	pkg     *goPackage
	spec    *ast.TypeSpec
	doc     *ast.CommentGroup
	imports map[string]string // local name → import path
	methods map[string]bool
}

// openModule finds the module that dir is in.
func openModule(dir string) (*module, error) {
	root, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	for {
		text, err := os.ReadFile(filepath.Join(root, "go.mod"))
		if err == nil {
			for line := range strings.Lines(string(text)) {
				if modulePath, ok := strings.CutPrefix(line, "module "); ok {
					return &module{
						root:     root,
						path:     strings.TrimSpace(modulePath),
						fset:     token.NewFileSet(),
						packages: map[string]*goPackage{},
					}, nil
				}
			}
			return nil, fmt.Errorf("%s/go.mod: no module line", root)
		}
		if !errors.Is(err, os.ErrNotExist) {
			return nil, err
		}
		parent := filepath.Dir(root)
		if parent == root {
			return nil, fmt.Errorf("%s: not inside a module", dir)
		}
		root = parent
	}
}

// imported returns the package of an import path, nil if it is not of this module.
func (m *module) imported(importPath string) (*goPackage, error) {
	rel, ok := strings.CutPrefix(importPath, m.path+"/")
	if !ok {
		return nil, nil
	}
	return m.parse(filepath.Join(m.root, filepath.FromSlash(rel)))
}

// parse reads the Go files of a folder, without the tests.
func (m *module) parse(dir string) (*goPackage, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	if pkg, ok := m.packages[dir]; ok {
		return pkg, nil
	}
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	names = slices.DeleteFunc(names, func(name string) bool { return strings.HasSuffix(name, "_test.go") })
	if len(names) == 0 {
		return nil, fmt.Errorf("%s: no Go files", dir)
	}
	pkg := &goPackage{types: map[string]*goType{}}
	methods := map[string]map[string]bool{}
	for _, name := range names {
		file, err := parser.ParseFile(m.fset, name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		pkg.name = file.Name.Name
		pkg.addFile(file, methods)
	}
	for _, t := range pkg.ordered {
		t.methods = methods[t.name]
	}
	m.packages[dir] = pkg
	return pkg, nil
}

// addFile records the types of one file, and the methods by the name of their receiver.
func (p *goPackage) addFile(file *ast.File, methods map[string]map[string]bool) {
	imports := map[string]string{}
	for _, spec := range file.Imports {
		importPath, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue // the parser has already refused such a file
		}
		name := path.Base(importPath)
		if spec.Name != nil {
			name = spec.Name.Name
		}
		imports[name] = importPath
	}
	for _, decl := range file.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			if receiver := receiverName(decl); receiver != "" {
				if methods[receiver] == nil {
					methods[receiver] = map[string]bool{}
				}
				methods[receiver][decl.Name.Name] = true
			}
		case *ast.GenDecl:
			for _, spec := range decl.Specs {
				spec, ok := spec.(*ast.TypeSpec)
				if !ok {
					continue
				}
				doc := spec.Doc
				if doc == nil && !decl.Lparen.IsValid() {
					doc = decl.Doc
				}
				t := &goType{name: spec.Name.Name, pkg: p, spec: spec, doc: doc, imports: imports}
				p.types[t.name] = t
				p.ordered = append(p.ordered, t)
			}
		}
	}
}

func receiverName(decl *ast.FuncDecl) string {
	if decl.Recv == nil || len(decl.Recv.List) != 1 {
		return ""
	}
	expr := decl.Recv.List[0].Type
	for {
		switch e := expr.(type) {
		case *ast.StarExpr:
			expr = e.X
		case *ast.IndexExpr:
			expr = e.X
		case *ast.Ident:
			return e.Name
		default:
			return ""
		}
	}
}

package main

import (
	"fmt"
	"go/ast"
	"slices"
	"strings"
)

// basic maps Go's predeclared types. A 64-bit integer is a number too: the wire has none that a
// JavaScript number can't hold.
var basic = map[string]string{
	"string": "string", "bool": "boolean", "any": "unknown",
	"int": "number", "int8": "number", "int16": "number", "int32": "number", "int64": "number",
	"uint": "number", "uint8": "number", "uint16": "number", "uint32": "number", "uint64": "number",
	"byte": "number", "rune": "number", "float32": "number", "float64": "number",
}

// standard maps the types of other modules that the wire may use.
var standard = map[string]string{
	"time.Time":                "string",
	"encoding/json.RawMessage": "unknown",
}

// typeOf translates the expression expr, which stands in the declaration of t.
func (g *generator) typeOf(t *goType, expr ast.Expr) (string, error) {
	switch e := expr.(type) {
	case *ast.ParenExpr:
		return g.typeOf(t, e.X)
	case *ast.Ident:
		return g.identifier(t, e.Name)
	case *ast.SelectorExpr:
		return g.selector(t, e)
	case *ast.StarExpr:
		elem, err := g.typeOf(t, e.X)
		return elem + " | null", err
	case *ast.ArrayType:
		return g.array(t, e)
	case *ast.MapType:
		key, err := g.typeOf(t, e.Key)
		if err != nil {
			return "", err
		}
		value, err := g.typeOf(t, e.Value)
		return fmt.Sprintf("Record<%s, %s>", key, value), err
	case *ast.InterfaceType:
		if e.Methods.NumFields() == 0 {
			return "unknown", nil
		}
	case *ast.StructType:
		return g.anonymous(t, e)
	case *ast.IndexExpr:
		return g.instance(t, e.X, e.Index)
	case *ast.IndexListExpr:
		return g.instance(t, e.X, e.Indices...)
	}
	return "", fmt.Errorf("no TypeScript for a Go %s", strings.TrimPrefix(fmt.Sprintf("%T", expr), "*ast."))
}

// identifier translates a name without a package.
func (g *generator) identifier(t *goType, name string) (string, error) {
	if slices.Contains(typeParams(t.spec), name) {
		return name, nil
	}
	if named, ok := t.pkg.types[name]; ok {
		return g.named(named)
	}
	if ts, ok := basic[name]; ok {
		return ts, nil
	}
	return "", fmt.Errorf("unknown type %s", name)
}

// selector translates package.Name.
func (g *generator) selector(t *goType, e *ast.SelectorExpr) (string, error) {
	pkgName, ok := e.X.(*ast.Ident)
	if !ok {
		return "", fmt.Errorf("unknown type %s", e.Sel.Name)
	}
	importPath, ok := t.imports[pkgName.Name]
	if !ok {
		return "", fmt.Errorf("unknown package %s", pkgName.Name)
	}
	qualified := importPath + "." + e.Sel.Name
	if ts, ok := standard[qualified]; ok {
		return ts, nil
	}
	pkg, err := g.module.imported(importPath)
	if err != nil {
		return "", err
	}
	if pkg == nil || pkg.types[e.Sel.Name] == nil {
		return "", fmt.Errorf("no TypeScript for %s", qualified)
	}
	return g.named(pkg.types[e.Sel.Name])
}

// named translates a type that this module declares.
func (g *generator) named(t *goType) (string, error) {
	switch {
	case t.methods["MarshalJSON"]:
		return "", fmt.Errorf("%s.%s has MarshalJSON: give the field a ts tag", t.pkg.name, t.name)
	case t.methods["MarshalText"]:
		return "string", nil
	}
	if _, isStruct := t.spec.Type.(*ast.StructType); !isStruct && t.pkg != g.main {
		return g.typeOf(t, t.spec.Type)
	}
	return t.name, g.enqueue(t)
}

// array translates slices and arrays; encoding/json writes a slice of bytes as base64. Pointers in
// a slice are there to save copies, not to be nil: they are taken for what they point to.
func (g *generator) array(t *goType, e *ast.ArrayType) (string, error) {
	if elem, ok := e.Elt.(*ast.Ident); ok && e.Len == nil && (elem.Name == "byte" || elem.Name == "uint8") {
		return "string", nil
	}
	of := e.Elt
	if pointer, ok := of.(*ast.StarExpr); ok {
		of = pointer.X
	}
	elem, err := g.typeOf(t, of)
	if strings.ContainsAny(elem, "| ") && !strings.HasSuffix(elem, ">") {
		elem = "(" + elem + ")"
	}
	return elem + "[]", err
}

// anonymous translates a struct type without a name.
func (g *generator) anonymous(t *goType, s *ast.StructType) (string, error) {
	for _, field := range s.Fields.List {
		if len(field.Names) == 0 {
			return "", fmt.Errorf("embedding in an anonymous struct")
		}
	}
	fields, err := g.fields(t, s, "")
	return "{ " + strings.ReplaceAll(strings.TrimSpace(fields), "\n", " ") + " }", err
}

// instance translates a generic type with its arguments.
func (g *generator) instance(t *goType, generic ast.Expr, args ...ast.Expr) (string, error) {
	name, err := g.typeOf(t, generic)
	if err != nil {
		return "", err
	}
	var translated []string
	for _, arg := range args {
		ts, err := g.typeOf(t, arg)
		if err != nil {
			return "", err
		}
		translated = append(translated, ts)
	}
	return name + "<" + strings.Join(translated, ", ") + ">", nil
}

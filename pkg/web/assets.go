// Package web serves what every face has in common: its files, each with a tag of its content and
// compressed where that helps, and the one page that says what went wrong. It knows nothing of the
// queue.
package web

import (
	"bytes"
	"fmt"
	"hash/fnv"
	"io/fs"
	"log/slog"
	"maps"
	"mime"
	"net/http"
	"path"
	"slices"
	"time"
)

// Assets are the files that browsers load, by their path in the repository. All are inside the
// binary.
//
// Below [Assets.Sum], with which addresses in an [Assets.Page] begin, a module, or style sheets
// joined by "+", are one bundle.
type Assets struct {
	files map[string]*file
	sum   string
	log   *slog.Logger
	// bundles are of each module and style sheet, and of those that a page has one after another,
	// joined by "+". Each is made when it is first asked for; nil: it can't be.
	bundles map[string]func() *file
}

type file struct {
	kind string
	tag  string // of the content, without quotes
	body *Packed
}

// NewAssets reads trees of files, by what stands before their names.
func NewAssets(trees map[string]fs.FS, log *slog.Logger) (*Assets, error) {
	a := &Assets{files: map[string]*file{}, log: log, bundles: map[string]func() *file{}}
	for prefix, tree := range trees {
		err := fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			body, err := fs.ReadFile(tree, name)
			if err != nil {
				return err
			}
			a.files[path.Join(prefix, name)] = newFile(name, body)
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("read the pages: %w", err)
		}
	}
	all := fnv.New64a()
	for _, name := range slices.Sorted(maps.Keys(a.files)) {
		fmt.Fprintln(all, name, a.files[name].tag)
	}
	a.sum = fmt.Sprintf("%016x", all.Sum64())
	a.learn(a.Page([]byte(failureSource)))
	for name, f := range a.files {
		switch path.Ext(name) {
		case ".html":
			page := a.Page(f.body.plain)
			a.learn(page)
			a.files[name] = newFile(name, page)
		case ".js", ".css":
			a.add(name)
		}
	}
	return a, nil
}

// Sum stands for the content of all files: a page that was loaded with another one is out of date.
func (a *Assets) Sum() string { return a.sum }

func newFile(name string, body []byte) *file {
	sum := fnv.New64a()
	sum.Write(body)
	f := &file{kind: contentType(name), tag: fmt.Sprintf("%x", sum.Sum64())}
	if f.kind == "font/woff2" { // is compressed
		f.body = &Packed{plain: body}
	} else {
		f.body = Pack(body)
	}
	return f
}

// contentType doesn't ask the machine, which may know .js as something else.
func contentType(name string) string {
	switch path.Ext(name) {
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".woff2":
		return "font/woff2"
	case ".svg":
		return "image/svg+xml"
	}
	return mime.TypeByExtension(path.Ext(name))
}

// Serve answers with a file, with 304 to a browser that has it already, or with 500 where it can't
// be bundled. It returns false, and answers nothing, if there is none of this name.
func (a *Assets) Serve(w http.ResponseWriter, r *http.Request, name string) bool {
	keep := "no-cache"
	// A page of another version has this one's files, for as long as it takes to be renewed.
	sum := otherSum.FindString(name)
	if sum == a.sum+"/" {
		keep = "public, max-age=31536000, immutable"
	}
	name = name[len(sum):]
	f := a.files[name]
	if made := a.bundles[name]; sum != "" && made != nil {
		if f = made(); f == nil {
			http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
			return true
		}
	}
	if f == nil {
		return false
	}
	h := w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("Cache-Control", keep)
	tag, body := f.tag, f.body.For(h, r)
	if h.Get("Content-Encoding") != "" {
		tag += "-gz"
	}
	h.Set("ETag", `"`+tag+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
	return true
}

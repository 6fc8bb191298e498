package web_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/eliminacode/eliminacode/pkg/web"
)

// TestAssets are compressed for clients that take it, where it helps; each form has its own tag,
// and who has it gets 304.
func TestAssets(t *testing.T) {
	t.Parallel()
	script := strings.Repeat("export const answer = 42;\n", 100)
	a, err := web.NewAssets(map[string]fs.FS{"lib": fstest.MapFS{
		"a.js": {Data: []byte(script)}, "b.woff2": {Data: []byte(script)}, "c.css": {Data: []byte("p{}")},
	}}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	get := func(name, accept, tag string) *http.Response {
		t.Helper()
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Accept-Encoding", accept)
		r.Header.Set("If-None-Match", tag)
		w := httptest.NewRecorder()
		if !a.Serve(w, r, name) {
			t.Fatalf("no %s", name)
		}
		return w.Result()
	}
	for _, tt := range []struct {
		name, accept string
		zipped       bool
	}{
		{"lib/a.js", "gzip, deflate, br", true},
		{"lib/a.js", "br, GZIP;q=0.5", true},
		{"lib/a.js", "gzip;q=0", false},
		{"lib/a.js", "", false},
		{"lib/b.woff2", "gzip", false},
		{"lib/c.css", "gzip", false},
	} {
		res := get(tt.name, tt.accept, "")
		if got := res.Header.Get("Content-Encoding") == "gzip"; got != tt.zipped {
			t.Errorf("%s for %q: compressed %v, want %v", tt.name, tt.accept, got, tt.zipped)
			continue
		}
		body := io.Reader(res.Body)
		if tt.zipped {
			if body, err = gzip.NewReader(res.Body); err != nil {
				t.Fatal(err)
			}
		}
		if b, err := io.ReadAll(body); err != nil || tt.name == "lib/a.js" && string(b) != script {
			t.Errorf("%s for %q: %v, %.20q", tt.name, tt.accept, err, b)
		}
		tag := res.Header.Get("ETag")
		if again := get(tt.name, tt.accept, tag); again.StatusCode != http.StatusNotModified {
			t.Errorf("%s for %q again: %d", tt.name, tt.accept, again.StatusCode)
		}
		if tt.zipped {
			if plain := get(tt.name, "", tag); plain.StatusCode != http.StatusOK {
				t.Errorf("%s: the tag of the compressed form stands for the plain one", tt.name)
			}
		}
	}
	if a.Serve(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil), "lib/none.js") {
		t.Error("a file that there isn't was served")
	}
}

// TestFailure writes only what is known, and nothing of what it is told as markup.
func TestFailure(t *testing.T) {
	t.Parallel()
	said := map[string]string{"it": "Non va <b>", "en": "It won't do"}
	for _, wall := range []bool{false, true} {
		page := web.Failure{Status: http.StatusNotFound, Wall: wall, What: said, Next: said, Every: 15, Again: true, SignIn: true, Home: "/affluenza"}
		b, err := page.HTML()
		if err != nil {
			t.Fatal(err)
		}
		html := string(b)
		if strings.Contains(html, "<b>") || !strings.Contains(html, `<p class="failure-en" lang="en">It won&#39;t do</p>`) || !strings.Contains(html, `http-equiv="refresh" content="15"`) {
			t.Errorf("wall %v: %s", wall, html)
		}
		if strings.Contains(html, "<a ") == wall {
			t.Errorf("wall %v: links where nobody can follow them, or none where somebody could: %s", wall, html)
		}
	}
}

// TestBundlesOfParts has what a page imports when it needs it come as a bundle of its own, with
// what it exports, in the same version.
func TestBundlesOfParts(t *testing.T) {
	t.Parallel()
	a, err := web.NewAssets(map[string]fs.FS{"lib": fstest.MapFS{
		"page.js": {Data: []byte(`import('./part.js').then(({ answer }) => document.title = answer);`)},
		"part.js": {Data: []byte(`import { six } from './six.js'; export const answer = six * 7;`)},
		"six.js":  {Data: []byte(`export const six = 6;`)},
	}}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	get := func(name string) string {
		t.Helper()
		w := httptest.NewRecorder()
		if !a.Serve(w, httptest.NewRequest(http.MethodGet, "/", nil), name) {
			t.Fatalf("no %s", name)
		}
		return w.Body.String()
	}
	part := a.Sum() + "/lib/part.js"
	if page := get(a.Sum() + "/lib/page.js"); !strings.Contains(page, `"/assets/`+part+`"`) || strings.Contains(page, "export") {
		t.Errorf("the page imports %s", page)
	}
	if b := get(part); !strings.Contains(b, "42") || !strings.Contains(b, "as answer") || strings.Contains(b, "import") {
		t.Errorf("the part is %s", b)
	}
}

// TestFaultyBundle has a module that can't be bundled be the server's fault, which the log tells
// once.
func TestFaultyBundle(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	a, err := web.NewAssets(map[string]fs.FS{"lib": fstest.MapFS{
		"page.js": {Data: []byte(`import './gone.js';`)}, "sound.js": {Data: []byte(`document.title = 'sound';`)},
	}}, slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	status := func(name string) int {
		w := httptest.NewRecorder()
		if !a.Serve(w, httptest.NewRequest(http.MethodGet, "/", nil), a.Sum()+"/lib/"+name) {
			return http.StatusNotFound
		}
		if w.Code != http.StatusOK && w.Header().Get("Cache-Control") != "" {
			t.Errorf("%s: a fault is kept by browsers", name)
		}
		return w.Code
	}
	for range 2 {
		if got := status("page.js"); got != http.StatusInternalServerError {
			t.Errorf("a module that can't be bundled: %d", got)
		}
		if got := status("sound.js"); got != http.StatusOK {
			t.Errorf("a sound one: %d", got)
		}
	}
	if got := status("gone.js"); got != http.StatusNotFound {
		t.Errorf("one that there isn't: %d", got)
	}
	if n := strings.Count(log.String(), "\n"); n != 1 || !strings.Contains(log.String(), "lib/page.js") {
		t.Errorf("%d lines of log: %s", n, log.String())
	}
}

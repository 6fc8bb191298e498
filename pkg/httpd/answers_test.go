package httpd_test

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/auth"
	"github.com/eliminacode/eliminacode/pkg/httpd"
)

// keptAnswers are those that anybody may keep, with what they say of it.
var keptAnswers = []struct {
	path, kind, control string
	anySite, inLanguage bool
}{
	{"/", "text/html; charset=UTF-8", "public, max-age=2, stale-while-revalidate=3", false, true},
	{"/affluenza", "text/html; charset=UTF-8", "public, max-age=2, stale-while-revalidate=3", false, true},
	{"/widget", "text/html; charset=UTF-8", "public, max-age=2, stale-while-revalidate=3", false, true},
	{"/privacy", "text/html; charset=UTF-8", "public, max-age=2, stale-while-revalidate=3", false, true},
	{"/accessibilita", "text/html; charset=UTF-8", "public, max-age=2, stale-while-revalidate=3", false, true},
	{"/opendata", "text/html; charset=UTF-8", "public, max-age=2, stale-while-revalidate=3", false, true},
	{"/badge.svg", "image/svg+xml", "public, max-age=30", true, true},
	{"/avvisi.atom", "application/atom+xml; charset=utf-8", "public, max-age=30", true, true},
	{"/crowding.txt", "text/plain; charset=UTF-8", "public, max-age=10", true, true},
	{"/opendata/catalog.rdf", "application/rdf+xml", "public, max-age=3600", true, false},
	{"/opendata/attese-2026.csv", "text/csv; charset=utf-8", "public, max-age=3600", true, false},
	{"/api/v1/state", "application/json", "public, max-age=1", true, false},
	{"/api/v1/crowding", "application/json", "public, max-age=60", true, false},
	{"/api/v1/crowding.txt", "text/plain; charset=UTF-8", "public, max-age=10", true, true},
}

// TestKeptAnswers have headers by which whoever stands between may keep them: for how long, by what
// they differ, and a tag that is answered with 304. Nobody's cookie is with them.
func TestKeptAnswers(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.dev().issue("anagrafe")
	clerk := s.user("maria", auth.Operator)
	for _, tt := range keptAnswers {
		for query, chosen := range map[string]bool{"": false, "?lang=en": true, "?lang=tlh": false} {
			want := []string{"Cache-Control", tt.control, "Access-Control-Allow-Origin", "", "Content-Language", ""}
			if tt.anySite {
				want[3] = "*"
			}
			if tt.inLanguage {
				want[5] = "en"
			}
			get := func(c client) *answer {
				return c.outside().with("Accept-Language", "en-GB").with("Accept-Encoding", "gzip").get(tt.path + query)
			}
			a := get(s.public()).want(http.StatusOK).headers(append(want, "Content-Type", tt.kind)...)
			vary := a.Header.Values("Vary")
			if slices.Contains(vary, "Accept-Language") != (tt.inLanguage && !chosen) || slices.Contains(vary, "Accept-Encoding") != (a.Header.Get("Content-Encoding") != "") {
				t.Errorf("%s%s: Vary %q of %q", tt.path, query, vary, a.Header.Get("Content-Encoding"))
			}
			tag := a.Header.Get("ETag")
			if !strings.HasPrefix(tag, `W/"`) {
				t.Errorf("%s%s: tag %q", tt.path, query, tag)
			}
			again := get(s.public().with("If-None-Match", `"other", `+tag)).want(http.StatusNotModified).headers(append(want, "ETag", tag, "Content-Encoding", "")...)
			if len(again.body) > 0 || !slices.Equal(again.Header.Values("Vary"), vary) {
				t.Errorf("%s%s: again %d bytes, Vary %q", tt.path, query, len(again.body), again.Header.Values("Vary"))
			}
			for _, c := range []client{clerk, s.dev(), s.device(auth.Display, "sala")} {
				if cookies := get(c).want(http.StatusOK).Cookies(); len(cookies) > 0 {
					t.Errorf("%s%s: %v", tt.path, query, cookies)
				}
			}
		}
	}
}

// TestTenThousandReaders ask for everything at one moment: each thing is made once in each
// language.
func TestTenThousandReaders(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.dev().issue("anagrafe")
	ask := func(path, lang string) string {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
		r.Header.Set("Accept-Language", lang)
		r.Header.Set("Accept-Encoding", "gzip")
		w := httptest.NewRecorder()
		s.httpd.Handler().ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			t.Errorf("%s: %d", path, w.Code)
		}
		return w.Body.String()
	}
	first := map[string]string{}
	for _, tt := range keptAnswers {
		for _, lang := range []string{"it", "en"} {
			first[tt.path+lang] = ask(tt.path, lang)
		}
	}
	before := httpd.Kept(s.httpd)
	if len(before) < 2*9 {
		t.Fatalf("%d answers are kept", len(before))
	}
	var readers sync.WaitGroup
	for reader := range 8 {
		readers.Go(func() {
			for i := range 10_000 / 8 {
				tt, lang := keptAnswers[(reader+i)%len(keptAnswers)], []string{"it", "en"}[i%2]
				if ask(tt.path, lang) != first[tt.path+lang] {
					t.Errorf("%s in %s is another one", tt.path, lang)
					return
				}
			}
		})
	}
	readers.Wait()
	if after := httpd.Kept(s.httpd); !maps.Equal(before, after) {
		t.Errorf("something was made again: %v, %v", before, after)
	}
	s.dev().issue("anagrafe")
	s.public().get("/badge.svg").contains("2 persone")
	s.clock.pass(2 * time.Second)
	ask("/badge.svg", "it")
	if after := httpd.Kept(s.httpd); len(after) != len(before) {
		t.Errorf("%d answers are kept, there were %d", len(after), len(before))
	}
}

// TestHostsAreNotKept has the name by which a request calls the server make up nothing that is kept
// besides: anybody could fill the memory with long ones.
func TestHostsAreNotKept(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	ask := func(host string) {
		for _, tt := range keptAnswers {
			s.public().with("Host", host).get(tt.path).want(http.StatusOK)
		}
	}
	ask("coda.test")
	before := len(httpd.Kept(s.httpd))
	for i := range 3 {
		host := fmt.Sprintf("coda%d.test", i)
		ask(host)
		s.public().with("Host", host).get("/avvisi.atom").contains("http://" + host + "/")
	}
	if after := len(httpd.Kept(s.httpd)); after != before {
		t.Errorf("%d answers are kept, of one host %d", after, before)
	}
}

// TestOnce makes a thing once for all who want it, again for another version, and again after an
// error; it keeps no more than it may.
func TestOnce(t *testing.T) {
	t.Parallel()
	once := httpd.NewOnce()
	var made atomic.Int64
	count := func() (string, error) { return fmt.Sprint(made.Add(1)), nil }
	var all sync.WaitGroup
	for range 100 {
		all.Go(func() {
			if got, err := once("page", 1, count); got != "1" || err != nil {
				t.Errorf("%q, %v", got, err)
			}
		})
	}
	all.Wait()
	if got, _ := once("page", 2, count); got != "2" {
		t.Errorf("another version is %q", got)
	}
	failed := errors.New("failed")
	if _, err := once("other", 1, func() (string, error) { return "", failed }); !errors.Is(err, failed) {
		t.Errorf("%v", err)
	}
	if got, err := once("other", 1, count); got != "3" || err != nil {
		t.Errorf("after an error %q, %v", got, err)
	}
	func() {
		defer func() { _ = recover() }()
		_, _ = once("panic", 1, func() (string, error) { panic("once") })
	}()
	if got, err := once("panic", 1, count); got != "4" || err != nil {
		t.Errorf("after a panic %q, %v", got, err)
	}
	for i := range 2 * httpd.AnswersMax {
		if _, err := once(fmt.Sprint(i), 1, count); err != nil {
			t.Fatal(err)
		}
	}
	made.Store(0)
	for i := range 2 * httpd.AnswersMax {
		_, _ = once(fmt.Sprint(i), 1, count)
	}
	if n := made.Load(); n < httpd.AnswersMax {
		t.Errorf("only %d of %d were made again", n, 2*httpd.AnswersMax)
	}
}

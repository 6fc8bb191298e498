package httpd

import (
	"fmt"
	"hash/fnv"
	"net/http"
	"strings"
	"sync"

	"github.com/labstack/echo/v4"

	"github.com/eliminacode/eliminacode/pkg/web"
)

// An answer is what anybody may read: written and compressed once, and given to all who ask until
// what it was made of has changed.
type answer struct {
	kind string // its content type
	lang string // empty: it has none
	body *web.Packed
	tag  string // a weak one: it stands for the plain form and the compressed one
}

// newAnswer is an answer with a tag of its body.
func newAnswer(kind, lang string, body *web.Packed) *answer {
	sum := fnv.New64a()
	sum.Write(body.Plain())
	return &answer{kind: kind, lang: lang, body: body, tag: fmt.Sprintf(`W/"%x"`, sum.Sum64())}
}

// For how long answers may be kept. A page isn't read after five seconds as if it were of now,
// whatever is in between.
const (
	keepPage  = "public, max-age=2, stale-while-revalidate=3"
	keepState = "public, max-age=1"
	keepText  = "public, max-age=10"
	keepShown = "public, max-age=30" // what other sites show
	keepCrowd = "public, max-age=60"
	keepData  = "public, max-age=3600" // changes once a day
)

// give answers a request with what may be kept as is said.
func give(c echo.Context, a *answer, keep string) error {
	h := c.Response().Header()
	h.Set("Cache-Control", keep)
	h.Set("ETag", a.tag)
	if a.lang != "" {
		h.Set("Content-Language", a.lang)
	}
	form := a.body.For(h, c.Request())
	if a.lang != "" && a.lang != c.QueryParam("lang") { // the address alone doesn't say it
		h.Add("Vary", "Accept-Language")
	}
	for known := range strings.SplitSeq(c.Request().Header.Get("If-None-Match"), ",") {
		if known = strings.TrimSpace(known); known == a.tag || known == "*" {
			h.Del("Content-Encoding")
			return c.NoContent(http.StatusNotModified)
		}
	}
	return c.Blob(http.StatusOK, a.kind, form)
}

// giveAnySite is [give] for what the pages of any site may read.
func giveAnySite(c echo.Context, a *answer, keep string) error {
	c.Response().Header().Set("Access-Control-Allow-Origin", "*")
	return give(c, a, keep)
}

// answersMax is how many things are kept. An office has some thirty in two languages.
const answersMax = 1024

// answers keeps what was made last of each thing that is asked for, as long as what it was made of
// stays the same.
type answers struct {
	mu sync.Mutex
	of map[string]*made
}

// made is something that is made once, by the first who wants it, while others wait.
type made struct {
	version any
	get     func() (any, error)
}

func newAnswers() *answers { return &answers{of: map[string]*made{}} }

// once returns the thing of a name as it was made of a version, which is comparable, or makes it.
// What a request makes up, as the name of its host, belongs in the version: there is one of a name.
// An error, or a panic, is told to those who waited for it, and isn't kept.
func once[T any](a *answers, name string, version any, makeOne func() (T, error)) (T, error) {
	a.mu.Lock()
	m := a.of[name]
	if m == nil || m.version != version {
		m = &made{version, sync.OnceValues(func() (any, error) { return makeOne() })}
		a.put(name, m)
	}
	a.mu.Unlock()
	kept := false
	defer func() {
		if !kept {
			a.drop(name, m)
		}
	}()
	got, err := m.get()
	if err != nil {
		var none T
		return none, err
	}
	kept = true
	return got.(T), nil
}

// put has the lock. Where too many are kept any other one goes: it is made again if it is wanted.
func (a *answers) put(name string, m *made) {
	for other := range a.of {
		if len(a.of) < answersMax || other == name {
			break
		}
		delete(a.of, other)
	}
	a.of[name] = m
}

func (a *answers) drop(name string, m *made) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.of[name] == m {
		delete(a.of, name)
	}
}

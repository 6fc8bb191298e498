package httpd

import (
	"bytes"
	"errors"
	"fmt"
	"hash/fnv"
	"html/template"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/eliminacode/eliminacode/displays"
	"github.com/eliminacode/eliminacode/pkg/audience"
	"github.com/eliminacode/eliminacode/pkg/auth"
	"github.com/eliminacode/eliminacode/pkg/console"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/view"
	"github.com/eliminacode/eliminacode/pkg/words"
	"github.com/eliminacode/eliminacode/totem"
)

// file is something that browsers load, under its path in the repository.
type file struct {
	kind string
	etag string
	body []byte
}

// pages holds every file of the faces. All are inside the binary.
type pages struct {
	files   map[string]file
	public  *template.Template
	visit   *template.Template
	failure *template.Template
}

func newPages() (*pages, error) {
	p := &pages{files: map[string]file{}}
	for prefix, tree := range map[string]fs.FS{"displays": displays.FS, "totem": totem.FS, "pkg/console": console.FS} {
		err := fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			body, err := fs.ReadFile(tree, name)
			if err != nil {
				return err
			}
			sum := fnv.New64a()
			sum.Write(body)
			p.files[path.Join(prefix, name)] = file{kind: contentType(name), etag: fmt.Sprintf(`"%x"`, sum.Sum64()), body: body}
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("read the pages: %w", err)
		}
	}
	var err error
	if p.public, err = displays.Public(); err != nil {
		return nil, err
	}
	if p.visit, err = displays.Ticket(); err != nil {
		return nil, err
	}
	if p.failure, err = template.New("failure").Parse(failurePage); err != nil {
		return nil, err
	}
	return p, nil
}

// failurePage is what a person sees who opens a page that can't be shown. It
// tries again by itself: it may hang on a wall.
const failurePage = `<!doctype html>
<html lang="it">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="30">
<title>Eliminacode</title>
<link rel="icon" href="/assets/displays/lib/icon.svg">
<link rel="stylesheet" href="/assets/displays/lib/fonts.css">
<link rel="stylesheet" href="/assets/displays/lib/tokens.css">
<link rel="stylesheet" href="/assets/displays/lib/base.css">
<main class="page">
<h1>{{.In "it"}}</h1>
<p lang="en">{{.In "en"}}</p>
<p><a href="/">Affluenza <span lang="en">How busy we are</span></a></p>
</main>
</html>
`

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

func (p *pages) serve(c echo.Context, name string) error {
	f, ok := p.files[name]
	if !ok {
		return echo.ErrNotFound
	}
	h := c.Response().Header()
	h.Set("Content-Type", f.kind)
	h.Set("ETag", f.etag)
	h.Set("Cache-Control", "no-cache")
	http.ServeContent(c.Response(), c.Request(), "", time.Time{}, bytes.NewReader(f.body))
	return nil
}

func (s *Server) asset(c echo.Context) error {
	name := c.Param("*")
	if strings.HasSuffix(name, ".html") {
		return echo.ErrNotFound
	}
	return s.pages.serve(c, name)
}

func (s *Server) favicon(c echo.Context) error { return s.pages.serve(c, "displays/lib/icon.svg") }

func (s *Server) static(name string) echo.HandlerFunc {
	return func(c echo.Context) error {
		s.devCookie(c)
		return s.pages.serve(c, name)
	}
}

// render fills in a page. It is written whole or not at all.
func (s *Server) render(c echo.Context, t *template.Template, status int, data any) error {
	var b bytes.Buffer
	if err := t.Execute(&b, data); err != nil {
		return fmt.Errorf("render %s: %w", t.Name(), err)
	}
	c.Response().Header().Set("Cache-Control", "no-cache")
	return c.HTMLBlob(status, b.Bytes())
}

func (s *Server) publicPage(c echo.Context) error {
	p, err := s.audience.Public(c.Request().Context(), s.office(c))
	if err != nil {
		return err
	}
	return s.render(c, s.pages.public, http.StatusOK, displays.PublicPage{Public: p.View})
}

func (s *Server) ticketPage(c echo.Context) error { return s.visit(c, nil) }

// visit renders the page of one's own ticket, with the reason why it wasn't cancelled if there is one.
func (s *Server) visit(c echo.Context, refused queue.Text) error {
	office := s.office(c)
	page := displays.TicketPage{Error: refused, Path: s.faces(office)}
	err := s.look(c, func(scene *view.Scene) {
		page.Visit = view.NewTicketPage(scene, queue.TicketID(c.Param("ticket")))
	})
	if err != nil {
		return err
	}
	status := http.StatusOK
	switch {
	case page.Visit.Ticket == nil:
		status = http.StatusNotFound
	case refused != nil:
		status = http.StatusConflict
	}
	c.Response().Header().Set("X-Robots-Tag", "noindex")
	return s.render(c, s.pages.visit, status, page)
}

// cancelPage is the form of the ticket's page, for browsers without scripts.
func (s *Server) cancelPage(c echo.Context) error {
	id := c.Param("ticket")
	_, err := s.do(c, queue.Cancel{Ticket: queue.TicketID(id)})
	if refused, ok := errors.AsType[*queue.Refusal](err); ok {
		return s.visit(c, words.Refusal(refused))
	} else if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, s.faces(s.office(c))+"/t/"+id)
}

func (s *Server) displayPage(c echo.Context) error {
	if err := s.watchable(c, audience.Topic{Office: s.office(c), Kind: "display", ID: c.Param("display")}); err != nil {
		return err
	}
	if token := c.QueryParam("pair"); token != "" {
		return s.pair(c, token)
	}
	return s.pages.serve(c, "displays/monitor/index.html")
}

// knownOffice lets no page open for an office that isn't there.
func (s *Server) knownOffice(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if err := s.read(c, func(*queue.State, time.Time) {}); err != nil {
			return err
		}
		return next(c)
	}
}

// totemPage opens the kiosk's screen; with ?pair=TOKEN it first signs the device in.
func (s *Server) totemPage(c echo.Context) error {
	if token := c.QueryParam("pair"); token != "" {
		return s.pair(c, token)
	}
	s.devCookie(c)
	return s.pages.serve(c, "totem/screen/index.html")
}

// pair signs the device in, and opens its page again without the token.
func (s *Server) pair(c echo.Context, token string) error {
	who, err := s.token(c, token)
	if err != nil {
		return err
	}
	if who.Kind != auth.KindDevice {
		return refuse(forbidden, reasonNotADevice)
	}
	const years = 5 * 365 * 24 * 3600
	s.setCookie(c, deviceCookie, token, years)
	return c.Redirect(http.StatusSeeOther, c.Request().URL.EscapedPath())
}

// devCookie lets a page that was opened with the development token go on
// without the header, which browsers can't add to WebSockets.
func (s *Server) devCookie(c echo.Context) {
	if identity(c).Kind == auth.KindDev {
		s.setCookie(c, devTokenCookie, s.opt.DevToken, 0)
	}
}

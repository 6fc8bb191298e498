package httpd

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/eliminacode/eliminacode/displays"
	"github.com/eliminacode/eliminacode/pkg/audience"
	"github.com/eliminacode/eliminacode/pkg/auth"
	"github.com/eliminacode/eliminacode/pkg/console"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/view"
	"github.com/eliminacode/eliminacode/pkg/web"
	"github.com/eliminacode/eliminacode/pkg/words"
	"github.com/eliminacode/eliminacode/totem"
)

// pages holds every file of the faces, and the pages that are filled in.
type pages struct {
	assets *web.Assets
	public *template.Template
	text   *template.Template
	widget *template.Template
	badge  *template.Template
	visit  *template.Template
	invite *template.Template
}

func newPages(log *slog.Logger) (p *pages, err error) {
	p = &pages{}
	p.assets, err = web.NewAssets(map[string]fs.FS{
		"displays": displays.FS, "totem": totem.FS, "pkg/console": console.FS, "pkg/web": web.FS,
	}, log)
	if err != nil {
		return nil, err
	}
	if p.public, err = displays.Public(); err != nil {
		return nil, err
	}
	if p.text, err = displays.Text(); err != nil {
		return nil, err
	}
	if p.widget, err = displays.Widget(); err != nil {
		return nil, err
	}
	if p.badge, err = displays.Badge(); err != nil {
		return nil, err
	}
	if p.visit, err = displays.Ticket(); err != nil {
		return nil, err
	}
	p.invite, err = displays.Invitation()
	return p, err
}

func (p *pages) serve(c echo.Context, name string) error {
	if !p.assets.Serve(c.Response(), c.Request(), name) {
		return echo.ErrNotFound
	}
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

// displayWorker is the service worker of the monitors of every office. A browser lets it keep pages
// only from here, above all of them.
func (s *Server) displayWorker(c echo.Context) error {
	return s.pages.serve(c, "displays/monitor/worker.js")
}

func (s *Server) static(name string) echo.HandlerFunc {
	return func(c echo.Context) error {
		s.devCookie(c)
		return s.pages.serve(c, name)
	}
}

// adminPage is where a colleague's voice is recorded.
func (s *Server) adminPage(c echo.Context) error {
	web.AllowMicrophone(c.Response().Header())
	return s.static("pkg/console/admin.html")(c)
}

// render fills in a page. It is written whole or not at all.
func (p *pages) render(t *template.Template, data any) (*web.Packed, error) {
	var b bytes.Buffer
	if err := t.Execute(&b, data); err != nil {
		return nil, fmt.Errorf("render %s: %w", t.Name(), err)
	}
	return web.Pack(p.assets.Page(b.Bytes())), nil
}

// send answers with a page that was filled in.
func send(c echo.Context, status int, page *web.Packed) error {
	h := c.Response().Header()
	h.Set("Cache-Control", "no-cache")
	return c.HTMLBlob(status, page.For(h, c.Request()))
}

func (s *Server) ticketPage(c echo.Context) error { return s.visit(c, "") }

// visit renders the page of one's own ticket, with what it says of something that was refused.
func (s *Server) visit(c echo.Context, refused string) error {
	page, err := s.visited(c)
	if err != nil {
		return err
	}
	page.Refused = refused
	status := http.StatusOK
	switch {
	case page.Visit.Ticket == nil:
		status = http.StatusNotFound
	case refused != "":
		status = http.StatusConflict
	}
	c.Response().Header().Set("X-Robots-Tag", "noindex")
	filled, err := s.pages.render(s.pages.visit, page)
	if err != nil {
		return err
	}
	return send(c, status, filled)
}

// visited is what the page of one's own ticket shows.
func (s *Server) visited(c echo.Context) (page displays.TicketPage, err error) {
	page.Path = s.faces(s.office(c))
	err = s.look(c, func(scene *view.Scene) {
		page.Visit = view.NewTicketPage(scene, queue.TicketID(c.Param("ticket")))
	})
	if err == nil {
		page.Language, page.Query = readersLanguage(c, page.Visit)
	}
	return page, err
}

// ticketManifest lets a ticket's page be installed as an app.
func (s *Server) ticketManifest(c echo.Context) error {
	page, err := s.visited(c)
	if err != nil {
		return err
	}
	if page.Visit.Ticket == nil {
		return echo.ErrNotFound
	}
	manifest, err := json.Marshal(page.Manifest())
	if err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set("Cache-Control", "no-cache")
	h.Set("X-Robots-Tag", "noindex")
	return c.Blob(http.StatusOK, "application/manifest+json", manifest)
}

// ticketWorker is the service worker of tickets' pages: a browser lets it work for those beside it.
func (s *Server) ticketWorker(c echo.Context) error {
	return s.pages.serve(c, "displays/ticket/worker.js")
}

// cancelPage and postponePage are the forms of the ticket's page, for browsers without scripts.
func (s *Server) cancelPage(c echo.Context) error {
	return s.wish(c, queue.Cancel{Ticket: queue.TicketID(c.Param("ticket"))}, "not_cancelled")
}

func (s *Server) postponePage(c echo.Context) error {
	return s.wish(c, queue.Postpone{Ticket: queue.TicketID(c.Param("ticket"))}, "not_postponed")
}

// wish does something that the holder of a ticket wants, or has the page say that it was refused.
func (s *Server) wish(c echo.Context, do queue.Action, refusal string) error {
	_, err := s.do(c, do)
	if _, refused := errors.AsType[*queue.Refusal](err); refused {
		return s.visit(c, refusal)
	} else if err != nil {
		return err
	}
	to := s.faces(s.office(c)) + "/t/" + c.Param("ticket")
	if lang := c.QueryParam("lang"); slices.Contains(words.Spoken, lang) {
		to += "?lang=" + lang
	}
	return c.Redirect(http.StatusSeeOther, to)
}

// readersLanguage is the language of a ticket's page, and what its own addresses end in to keep it:
// what the reader chose of what the office offers, else the ticket's, else the browser's.
func readersLanguage(c echo.Context, visit *view.TicketPage) (lang string, query template.URL) {
	offered := displays.LanguagesOf(visit)
	if chosen := c.QueryParam("lang"); slices.Contains(offered, chosen) {
		return chosen, template.URL("?lang=" + chosen)
	}
	if visit.Ticket == nil {
		return preferred(c.Request(), matcher(offered), offered), ""
	}
	if slices.Contains(offered, visit.Ticket.Language) {
		return visit.Ticket.Language, ""
	}
	return "it", ""
}

// displayPage opens a monitor, or leads to the page that pairs it where only a paired one may be
// it. With preview in its query it is a monitor that shows what the administration, which has it in
// a frame, hands to it: it knows nothing of the office by itself, and may be of a display to come.
func (s *Server) displayPage(c echo.Context) error {
	if c.QueryParams().Has("preview") {
		web.Frameable(c.Response().Header())
		return s.pages.serve(c, "displays/monitor/index.html")
	}
	t := audience.Topic{Office: s.office(c), Kind: "display", ID: c.Param("display")}
	err := s.watchable(c, t)
	if refused, ok := errors.AsType[*queue.Refusal](err); ok && (refused.Code == unauthenticated || refused.Code == queue.Forbidden) {
		return c.Redirect(http.StatusSeeOther, s.faces(t.Office)+"/display")
	}
	if err != nil {
		return err
	}
	s.devCookie(c) // for its WebSocket
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

// totemPage opens the kiosk's screen, or on a device that can't be one yet, the page that pairs it.
func (s *Server) totemPage(c echo.Context) error {
	if !identity(c).MayIssue(s.office(c)) {
		return s.pairPage(c)
	}
	s.devCookie(c)
	return s.pages.serve(c, "totem/screen/index.html")
}

// devCookie lets a page that was opened with the development token go on
// without the header, which browsers can't add to WebSockets.
func (s *Server) devCookie(c echo.Context) {
	if identity(c).Kind == auth.KindDev {
		s.setCookie(c, devTokenCookie, s.opt.DevToken, 0)
	}
}

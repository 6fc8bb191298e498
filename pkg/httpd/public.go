package httpd

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/eliminacode/eliminacode/displays"
	"github.com/eliminacode/eliminacode/pkg/audience"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/view"
	"github.com/eliminacode/eliminacode/pkg/web"
)

// publicPages is the public page of an office as of a moment, by language. Each is filled in and
// compressed once, when it is first asked for.
type publicPages struct {
	of    *audience.Public
	crowd *view.Crowding
	in    map[string]func() (*web.Packed, error)
}

// pagesOf returns the public page of the request's office.
func (s *Server) pagesOf(c echo.Context) (*publicPages, error) {
	office := s.office(c)
	p, err := s.audience.Public(c.Request().Context(), office)
	if err != nil {
		return nil, err
	}
	var crowd *view.Crowding
	if a, err := s.crowdingOf(c.Request().Context(), office); err == nil { // else the page is about the present alone
		crowd = a.view
	}
	if last, ok := s.papers.Load(office); ok && last.(*publicPages).of == p && last.(*publicPages).crowd == crowd {
		return last.(*publicPages), nil
	}
	made := &publicPages{of: p, crowd: crowd, in: map[string]func() (*web.Packed, error){}}
	for _, lang := range displays.PublicLanguages(p.Config.Languages) {
		made.in[lang] = sync.OnceValues(func() (*web.Packed, error) {
			return s.pages.render(s.pages.public, s.newPublicPage(office, p, crowd, lang))
		})
	}
	s.papers.Store(office, made)
	return made, nil
}

func (s *Server) newPublicPage(office string, p *audience.Public, crowd *view.Crowding, lang string) displays.PublicPage {
	return displays.PublicPage{
		Public: p.View, Guide: view.NewGuide(p.Config, p.View.At), Crowding: crowd, Language: lang,
		Path: s.faces(office), Origin: strings.TrimSuffix(s.opt.PublicURL, "/"),
	}
}

// publicPage is in its reader's language.
func (s *Server) publicPage(c echo.Context) error {
	pages, err := s.pagesOf(c)
	if err != nil {
		return err
	}
	lang, chosen := publicLanguage(c, pages.of)
	page, err := pages.in[lang]()
	if err != nil {
		return err
	}
	return sendIn(c, lang, chosen, page)
}

// textPage says how something is, in its reader's language.
func (s *Server) textPage(about displays.Topic) echo.HandlerFunc {
	return func(c echo.Context) error {
		p, lang, chosen, err := s.pageFor(c)
		if err != nil {
			return err
		}
		page, err := s.pages.render(s.pages.text, displays.TextPage{PublicPage: p, About: about, Retention: s.opt.Retention})
		if err != nil {
			return err
		}
		return sendIn(c, lang, chosen, page)
	}
}

// publicLanguage is the language that the reader of a public page has chosen of those that the
// office offers, else the browser's.
func publicLanguage(c echo.Context, p *audience.Public) (lang string, chosen bool) {
	offered := displays.PublicLanguages(p.Config.Languages)
	if lang = c.QueryParam("lang"); slices.Contains(offered, lang) {
		return lang, true
	}
	return preferred(c.Request(), matcher(offered), offered), false
}

// sendIn answers with a page in a language, which its reader has chosen or the browser.
func sendIn(c echo.Context, lang string, chosen bool, page *web.Packed) error {
	h := c.Response().Header()
	h.Set("Cache-Control", "no-cache")
	h.Set("Content-Language", lang)
	body := page.For(h, c.Request())
	if !chosen {
		h.Add("Vary", "Accept-Language")
	}
	return c.HTMLBlob(http.StatusOK, body)
}

// widget is the public page for a frame in a site that the server's settings name.
func (s *Server) widget(c echo.Context) error {
	web.Frameable(c.Response().Header(), s.opt.Origins...)
	p, lang, chosen, err := s.pageFor(c)
	if err != nil {
		return err
	}
	page, err := s.pages.render(s.pages.widget, p)
	if err != nil {
		return err
	}
	return sendIn(c, lang, chosen, page)
}

// badge is how busy it is as a picture, for any site.
func (s *Server) badge(c echo.Context) error {
	p, lang, _, err := s.pageFor(c)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := s.pages.badge.Execute(&b, p); err != nil {
		return fmt.Errorf("draw the badge: %w", err)
	}
	return forAnySite(c, lang, "image/svg+xml", b.Bytes())
}

// feed is the notices and closures of an office.
func (s *Server) feed(c echo.Context) error {
	p, lang, _, err := s.pageFor(c)
	if err != nil {
		return err
	}
	versions, err := s.opt.Journal.Versions(c.Request().Context(), s.office(c))
	if err != nil {
		return err
	}
	if p.Origin == "" { // addresses in a feed are whole
		p.Origin = strings.TrimSuffix(s.facesOf(c), p.Path)
	}
	b, err := displays.Feed(p, func(holds func(c *queue.Config) bool) (at time.Time) {
		at = p.Public.At
		for _, v := range slices.Backward(versions) {
			if !holds(v.Config) {
				break
			}
			at = v.At
		}
		return at
	})
	if err != nil {
		return err
	}
	return forAnySite(c, lang, "application/atom+xml; charset=utf-8", b)
}

// pageFor is what the public page of the request's office tells of the present, in its reader's
// language.
func (s *Server) pageFor(c echo.Context) (p displays.PublicPage, lang string, chosen bool, err error) {
	public, err := s.audience.Public(c.Request().Context(), s.office(c))
	if err != nil {
		return p, "", false, err
	}
	lang, chosen = publicLanguage(c, public)
	return s.newPublicPage(s.office(c), public, nil, lang), lang, chosen, nil
}

// forAnySite answers with what any site may show, and keep for half a minute.
func forAnySite(c echo.Context, lang, kind string, body []byte) error {
	h := c.Response().Header()
	h.Set("Cache-Control", "public, max-age=30")
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Content-Language", lang)
	h.Set("Vary", "Accept-Language")
	return c.Blob(http.StatusOK, kind, body)
}

package httpd

import (
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/labstack/echo/v4"

	"github.com/eliminacode/eliminacode/displays"
	"github.com/eliminacode/eliminacode/pkg/audience"
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
		p, err := s.audience.Public(c.Request().Context(), s.office(c))
		if err != nil {
			return err
		}
		lang, chosen := publicLanguage(c, p)
		page, err := s.pages.render(s.pages.text, displays.TextPage{
			PublicPage: s.newPublicPage(s.office(c), p, nil, lang), About: about, Retention: s.opt.Retention,
		})
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

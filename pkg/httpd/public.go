package httpd

import (
	"bytes"
	"context"
	"fmt"
	"html/template"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/eliminacode/eliminacode/displays"
	"github.com/eliminacode/eliminacode/pkg/audience"
	"github.com/eliminacode/eliminacode/pkg/journal/figures"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/view"
	"github.com/eliminacode/eliminacode/pkg/web"
)

// shown is what the public pages of an office tell, as of a moment, to one reader.
type shown struct {
	of     *audience.Public
	crowd  *view.Crowding // nil: it isn't told
	office string
	lang   string
	base   string // the server's address, where it is told
}

// shownTo is what the public pages tell of the present in the reader's language.
func (s *Server) shownTo(c echo.Context) (of shown, err error) {
	of.office = s.office(c)
	if of.of, err = s.audience.Public(c.Request().Context(), of.office); err != nil {
		return of, err
	}
	of.lang = readers(c, displays.PublicLanguages(of.of.Config.Languages))
	return of, nil
}

// readers is the language of those offered that the address has, else the one that the browser
// prefers.
func readers(c echo.Context, offered []string) string {
	if lang := c.QueryParam("lang"); slices.Contains(offered, lang) {
		return lang
	}
	return preferred(c.Request(), matcher(offered), offered)
}

// page is what is shown as the templates take it.
func (s *Server) page(of shown) displays.PublicPage {
	return displays.PublicPage{
		Public: of.of.View, Guide: view.NewGuide(of.of.Config, of.of.View.At), Crowding: of.crowd, Language: of.lang,
		Path: s.faces(of.office), Origin: strings.TrimSuffix(s.opt.PublicURL, "/"),
	}
}

// answerOf returns what is shown in one form, by its name; write makes it.
func (s *Server) answerOf(of shown, name, kind string, write func() (*web.Packed, error)) (*answer, error) {
	return once(s.answers, name+" of "+of.office+" in "+of.lang, of, func() (*answer, error) {
		body, err := write()
		if err != nil {
			return nil, err
		}
		return newAnswer(kind, of.lang, body), nil
	})
}

// filled answers with what is shown as a page of a name, a template with its data.
func (s *Server) filled(c echo.Context, of shown, name string, t *template.Template, data func() any) error {
	a, err := s.answerOf(of, name, echo.MIMETextHTMLCharsetUTF8, func() (*web.Packed, error) { return s.pages.render(t, data()) })
	if err != nil {
		return err
	}
	return give(c, a, keepPage)
}

// publicPage is in its reader's language.
func (s *Server) publicPage(c echo.Context) error {
	of, err := s.shownTo(c)
	if err != nil {
		return err
	}
	if a, err := s.crowdingOf(c.Request().Context(), of.office); err == nil { // else the page is about the present alone
		of.crowd = a.view
	}
	return s.filled(c, of, "page", s.pages.public, func() any { return s.page(of) })
}

// widget is the public page for a frame in a site that the server's settings name.
func (s *Server) widget(c echo.Context) error {
	web.Frameable(c.Response().Header(), s.opt.Origins...)
	of, err := s.shownTo(c)
	if err != nil {
		return err
	}
	return s.filled(c, of, "widget", s.pages.widget, func() any { return s.page(of) })
}

// badge is how busy it is as a picture, for any site.
func (s *Server) badge(c echo.Context) error {
	of, err := s.shownTo(c)
	if err != nil {
		return err
	}
	a, err := s.answerOf(of, "badge", "image/svg+xml", func() (*web.Packed, error) {
		var b bytes.Buffer
		if err := s.pages.badge.Execute(&b, s.page(of)); err != nil {
			return nil, fmt.Errorf("draw the badge: %w", err)
		}
		return web.Pack(b.Bytes()), nil
	})
	if err != nil {
		return err
	}
	return giveAnySite(c, a, keepShown)
}

// feed is the notices and closures of an office.
func (s *Server) feed(c echo.Context) error {
	of, err := s.shownTo(c)
	if err != nil {
		return err
	}
	of.base = s.base(c) // addresses in a feed are whole
	a, err := s.answerOf(of, "feed", "application/atom+xml; charset=utf-8", func() (*web.Packed, error) {
		versions, err := s.everyVersion(c.Request().Context(), of.office, of.of.Config)
		if err != nil {
			return nil, err
		}
		p := s.page(of)
		p.Origin = strings.TrimSuffix(of.base, "/")
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
		return web.Pack(b), err
	})
	if err != nil {
		return err
	}
	return giveAnySite(c, a, keepShown)
}

// everyVersion returns the versions of an office's configuration up to the present one, the oldest
// first: they are read once for each of them.
func (s *Server) everyVersion(ctx context.Context, office string, present *queue.Config) ([]figures.Version, error) {
	return once(s.answers, "versions of "+office, present.Version, func() ([]figures.Version, error) {
		return s.opt.Journal.Versions(context.WithoutCancel(ctx), office) // others wait for it too
	})
}

// textPage says how something is.
func (s *Server) textPage(about displays.Topic) echo.HandlerFunc {
	return func(c echo.Context) error {
		return s.text(c, about, func(displays.PublicPage) []displays.File { return nil })
	}
}

// text answers with a page about something, which may lead to files.
func (s *Server) text(c echo.Context, about displays.Topic, files func(displays.PublicPage) []displays.File) error {
	of, err := s.shownTo(c)
	if err != nil {
		return err
	}
	return s.filled(c, of, string(about), s.pages.text, func() any {
		p := s.page(of)
		return displays.TextPage{PublicPage: p, About: about, Retention: s.opt.Retention, Files: files(p)}
	})
}

package httpd

import (
	"bytes"
	"context"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/eliminacode/eliminacode/displays"
	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/journal/figures"
	"github.com/eliminacode/eliminacode/pkg/opendata"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/web"
)

// published is what an office publishes of its past days, as of a day.
type published struct {
	office string
	config *queue.Config
	first  int           // the first year that there is a file of
	until  calendar.Date // the last day that has ended
	newest calendar.Date // the last of these of which there are figures; empty: there is none
	page   string        // the whole address of the page about it, where it is told
}

func (p published) years() (list []int) {
	for year := p.first; year <= yearOf(p.until); year++ {
		list = append(list, year)
	}
	return list
}

func yearOf(d calendar.Date) int {
	year, _ := strconv.Atoi(string(d[:len("2006")])) // of a valid date
	return year
}

// publishedOf is what an office publishes. The present day isn't in it: of figures that still grow
// one could take the difference.
func (s *Server) publishedOf(c echo.Context) (published, error) {
	ctx := c.Request().Context()
	p := published{office: s.office(c)}
	public, err := s.audience.Public(ctx, p.office)
	if err != nil {
		return p, err
	}
	p.config, p.until = public.Config, calendar.DateOf(public.View.At).Plus(-1)
	type days struct{ first, last calendar.Date }
	known, err := once(s.answers, "days of "+p.office, p.until, func() (d days, err error) {
		d.first, d.last, err = s.opt.Journal.Known(context.WithoutCancel(ctx), p.office, p.until)
		return d, err
	})
	if err != nil {
		return p, err
	}
	p.first, p.newest = yearOf(p.until), known.last
	if known.first != "" {
		p.first = yearOf(known.first)
	}
	return p, nil
}

// openDataFile is the table of a year.
func (s *Server) openDataFile(c echo.Context) error {
	p, err := s.publishedOf(c)
	if err != nil {
		return err
	}
	years := p.years()
	i := slices.IndexFunc(years, func(year int) bool { return c.Param("table") == opendata.File(year) })
	if i < 0 {
		return echo.ErrNotFound
	}
	ctx := context.WithoutCancel(c.Request().Context())
	a, err := once(s.answers, opendata.File(years[i])+" of "+p.office, p, func() (*answer, error) {
		body, err := s.table(ctx, p, years[i])
		if err != nil {
			return nil, err
		}
		return newAnswer("text/csv; charset=utf-8", "", web.Pack(body)), nil
	})
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="`+opendata.File(years[i])+`"`)
	return giveAnySite(c, a, keepData)
}

// table writes what is published of a year.
func (s *Server) table(ctx context.Context, p published, year int) ([]byte, error) {
	from := calendar.Date(strconv.Itoa(year) + "-01-01")
	to := min(p.until, calendar.Date(strconv.Itoa(year)+"-12-31"))
	known, err := s.opt.Journal.Waited(ctx, p.office, from, to)
	if err != nil {
		return nil, err
	}
	versions, err := s.everyVersion(ctx, p.office, p.config)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	rows := opendata.Table(known, func(id queue.ChannelID) string { return publicName(id, p.config, versions) })
	if err := opendata.WriteCSV(&b, p.config.Name.In("it"), rows); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// publicName is the name by which the public knows a channel, or knew one that is gone.
func publicName(id queue.ChannelID, now *queue.Config, versions []figures.Version) string {
	if ch := now.Channel(id); ch != nil {
		return ch.Label().In("it")
	}
	for _, v := range slices.Backward(versions) {
		if ch := v.Config.Channel(id); ch != nil {
			return ch.Label().In("it")
		}
	}
	return ""
}

// openDataRecord is what catalogues of open data read.
func (s *Server) openDataRecord(c echo.Context) error {
	p, err := s.publishedOf(c)
	if err != nil {
		return err
	}
	p.page = s.facesOf(c) + "/opendata"
	a, err := once(s.answers, "record of "+p.office, p, func() (*answer, error) {
		r := opendata.Record{Page: p.page, ID: p.office, Config: p.config, Years: p.years(), Modified: p.until}
		if p.newest != "" {
			r.Modified = p.newest.Next()
		}
		b, err := r.XML()
		if err != nil {
			return nil, err
		}
		return newAnswer("application/rdf+xml", "", web.Pack(b)), nil
	})
	if err != nil {
		return err
	}
	return giveAnySite(c, a, keepData)
}

// openDataPage says what is published, and leads to it.
func (s *Server) openDataPage(c echo.Context) error {
	p, err := s.publishedOf(c)
	if err != nil {
		return err
	}
	return s.text(c, displays.OpenData, func(page displays.PublicPage) (files []displays.File) {
		to := func(href, name string, pairs ...any) {
			files = append(files, displays.File{Href: href, Name: page.SayOf("opendata", name, pairs...)})
		}
		for _, year := range slices.Backward(p.years()) {
			to(page.Path+"/opendata/"+opendata.File(year), "file", "year", strconv.Itoa(year))
		}
		to(page.Path+"/opendata/catalog.rdf", "record")
		to(opendata.Licence, "licence")
		return files
	})
}

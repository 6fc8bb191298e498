package httpd

import (
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"github.com/eliminacode/eliminacode/pkg/queue"
)

// namedOffice is an office as the staff's pages offer it.
type namedOffice struct {
	ID      string     `json:"id"`
	Names   queue.Text `json:"names"`
	Default bool       `json:"default"` // its pages are also at addresses without its name
}

// listOffices lists the offices of who asks, the default one first.
func (s *Server) listOffices(c echo.Context) error {
	ctx, who := c.Request().Context(), identity(c)
	names, err := s.opt.Journal.Offices(ctx)
	if err != nil {
		return err
	}
	names = slices.DeleteFunc(names, func(name string) bool { return !who.MayOperate(name) })
	if i := slices.Index(names, s.opt.Office); i > 0 {
		names = slices.Insert(slices.Delete(names, i, i+1), 0, s.opt.Office)
	}
	list := []namedOffice{}
	for _, name := range names {
		list = append(list, namedOffice{ID: name, Names: queue.Text{}, Default: name == s.opt.Office})
	}
	if err := s.eachOffice(ctx, names, func(i int, st *queue.State) { list[i].Names = st.Config.Name }); err != nil {
		s.opt.Log.Warn("offices without their names", "err", err)
	}
	return c.JSON(http.StatusOK, list)
}

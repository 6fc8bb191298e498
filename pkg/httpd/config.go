package httpd

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/eliminacode/eliminacode/pkg/journal/figures"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

func (s *Server) config(c echo.Context) error {
	var cfg *queue.Config
	if err := s.read(c, func(st *queue.State, _ time.Time) { cfg = st.Config }); err != nil {
		return err
	}
	return configAnswer(c, http.StatusOK, cfg)
}

func configAnswer(c echo.Context, status int, cfg *queue.Config) error {
	c.Response().Header().Set("ETag", strconv.Quote(strconv.FormatInt(cfg.Version, 10)))
	return c.JSON(status, cfg)
}

// putConfig replaces the configuration that If-Match names; with If-None-Match: * it makes a new
// office; with dry_run=1 it only checks. The query's move=old:new says where people go who wait for
// a removed channel.
func (s *Server) putConfig(c echo.Context) error {
	var cfg queue.Config
	if err := s.decode(c, &cfg); err != nil {
		return err
	}
	if c.Request().Header.Get("If-None-Match") == "*" {
		return s.createOffice(c, &cfg)
	}
	tag := strings.Trim(strings.TrimPrefix(c.Request().Header.Get("If-Match"), "W/"), `"`)
	version, err := strconv.ParseInt(tag, 10, 64)
	if err != nil {
		return refuse(preconditions, reasonMissingIfMatch)
	}
	move, err := parseMove(c.QueryParams()["move"])
	if err != nil {
		return err
	}
	change := queue.Configure{Config: &cfg, Version: version, Move: move}
	var would *queue.Config
	if dryRun(c) {
		failed := s.read(c, func(st *queue.State, now time.Time) { would, err = s.tryConfig(c, st.Clone(), change, now) })
		err = errors.Join(failed, err)
	} else {
		_, err = s.do(c, change)
	}
	if err != nil {
		var now int64
		if failed := s.read(c, func(st *queue.State, _ time.Time) { now = st.Config.Version }); failed != nil {
			return failed
		}
		if now != version {
			return refuse(preconditions, queue.ReasonConfigChanged, "version", now)
		}
		return err
	}
	if would != nil {
		return configAnswer(c, http.StatusOK, would)
	}
	return s.config(c)
}

// dryRun reports whether the request wants its change checked alone.
func dryRun(c echo.Context) bool {
	v := c.QueryParam("dry_run")
	return v != "" && v != "0"
}

// tryConfig returns the configuration as the change would make it, and changes nothing.
func (s *Server) tryConfig(c echo.Context, st *queue.State, change queue.Configure, now time.Time) (*queue.Config, error) {
	_, _, err := st.Execute(queue.Command{By: identity(c).Actor(), Do: change}, now)
	return st.Config, err
}

func (s *Server) createOffice(c echo.Context, cfg *queue.Config) error {
	name := s.office(c)
	if !officeForm.MatchString(name) {
		return invalid("office", reasonOfficeName)
	}
	if dryRun(c) {
		would, err := s.tryConfig(c, new(queue.State), queue.Configure{Config: cfg}, s.opt.Now())
		if err != nil {
			return err
		}
		return configAnswer(c, http.StatusOK, would)
	}
	if err := s.opt.Engine.Create(c.Request().Context(), name, cfg); err != nil {
		return err
	}
	return s.config(c)
}

func parseMove(list []string) (map[queue.ChannelID]queue.ChannelID, error) {
	move := map[queue.ChannelID]queue.ChannelID{}
	for _, v := range list {
		from, to, ok := strings.Cut(v, ":")
		if !ok {
			return nil, invalid("move", reasonMoveForm)
		}
		move[queue.ChannelID(from)] = queue.ChannelID(to)
	}
	return move, nil
}

// configVersions lists the versions of the configuration, the newest first.
func (s *Server) configVersions(c echo.Context) error {
	list, err := s.versions(c)
	if err != nil {
		return err
	}
	slices.Reverse(list)
	return c.JSON(http.StatusOK, list)
}

// configVersion gives one of them. It has no ETag: a change starts from the present one.
func (s *Server) configVersion(c echo.Context) error {
	list, err := s.versions(c)
	if err != nil {
		return err
	}
	for _, v := range list {
		if strconv.FormatInt(v.Version, 10) == c.Param("version") {
			return c.JSON(http.StatusOK, v.Config)
		}
	}
	return refuse(queue.NotFound, reasonNoVersion)
}

func (s *Server) versions(c echo.Context) ([]figures.Version, error) {
	if err := s.read(c, func(*queue.State, time.Time) {}); err != nil { // the office exists
		return nil, err
	}
	return s.opt.Journal.Versions(c.Request().Context(), s.office(c))
}

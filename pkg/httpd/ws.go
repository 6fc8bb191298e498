package httpd

import (
	"context"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/eliminacode/eliminacode/pkg/audience"
	"github.com/eliminacode/eliminacode/pkg/auth"
	"github.com/eliminacode/eliminacode/pkg/live"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// ws makes the request a viewer. A page asks for a pulse with tick=1: it must
// notice within five seconds that it is cut off.
func (s *Server) ws(c echo.Context) error {
	kind, err := audience.KindOf(c.QueryParam("view"))
	if !s.origins.mayWatch(c.Request(), kind) {
		return refuse(queue.Forbidden, reasonOtherOrigin)
	}
	if err != nil {
		return err
	}
	t := audience.Topic{Office: s.office(c), Kind: kind.Name}
	switch {
	case kind.ByID:
		t.ID = c.QueryParam(kind.Name)
	case kind.Name == "totem":
		t.ID = totemOf(c)
	}
	if err := s.watchable(c, t); err != nil {
		return err
	}
	rank, party := s.party(c, kind)
	if err := s.audience.Hub.Serve(c.Response(), c.Request(), live.Watch{
		Topic: t.String(), Rank: rank, Address: party, Pulse: c.QueryParam("tick") == "1", Who: watcher(identity(c), t), Holds: s.holds(c),
	}); err != nil {
		return err
	}
	c.Response().Status = http.StatusSwitchingProtocols // for the metrics: the answer was the hub's
	return nil
}

// party is whom a viewer counts for. Staff and paired devices count for themselves, wherever they
// are; a monitor that isn't paired has its own share, but shares that with whoever says that they
// are one. In development, where one machine plays a whole town, each viewer counts for itself.
func (s *Server) party(c echo.Context, kind *audience.Kind) (live.Rank, string) {
	rank, party := kind.Rank, c.RealIP()
	if who := identity(c); who.Kind != "" {
		rank, party = live.Known, string(who.Kind)+"/"+who.Name
	}
	if s.opt.DevToken != "" && loopback(c.Request()) {
		party = ""
	}
	return rank, party
}

// holds is for a viewer who isn't just anyone: it says whether what they showed then still lets
// them watch. A database that is away ends nothing.
func (s *Server) holds(c echo.Context) func() bool {
	token, office, rule := bearing(c), s.office(c), decisions[calling(c)]
	if token == "" || identity(c).Kind == auth.KindDev {
		return nil
	}
	return func() bool {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		who, err := s.opt.Auth.Holder(ctx, token)
		if err != nil {
			return auth.CodeOf(err) == ""
		}
		return rule.allows(who, office)
	}
}

// Recheck closes the WebSockets of those who may no longer watch: their session ended, their device
// was revoked, they left the office. It is done at once for what this server is asked, and to be
// called every few seconds for what time and other servers bring about.
func (s *Server) Recheck() { s.audience.Hub.Recheck() }

// watchable refuses a topic that its office doesn't have.
func (s *Server) watchable(c echo.Context, t audience.Topic) (err error) {
	if failed := s.read(c, func(st *queue.State, _ time.Time) { err = audience.Missing(st, t) }); failed != nil {
		return failed
	}
	return err
}

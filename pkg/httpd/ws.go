package httpd

import (
	"context"
	"net/http"
	"net/netip"
	"strings"
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
	watch := live.Watch{
		Topic: t.String(), Rank: rank, Address: party, Pulse: c.QueryParam("tick") == "1", Who: watcher(identity(c), t), Holds: s.holds(c, t),
	}
	if kind.Name == "display" {
		device := deviceID(identity(c))
		network := neighbourhood(c.RealIP())
		watch.Hear = func(from *live.Line, message []byte) { s.audience.Heard(t, device, network, from, message) }
		watch.Left = func(l *live.Line) { s.audience.Gone(l) }
	}
	if err := s.audience.Hub.Serve(c.Response(), c.Request(), watch); err != nil {
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

// neighbourhood is the part of the world, by a client's network, in which a room's screens can be:
// what isn't of the internet is one.
func neighbourhood(network string) string {
	address, _, _ := strings.Cut(network, "/")
	ip, _ := netip.ParseAddr(address)
	if ip = ip.Unmap(); ip.IsPrivate() || ip.IsLoopback() || ip.IsLinkLocalUnicast() {
		return ""
	}
	return network
}

// holds says whether what a viewer showed then still lets them watch, and whether only its device
// and the staff may see their display by now. A database that is away ends nothing.
func (s *Server) holds(c echo.Context, t audience.Topic) func() bool {
	token, device, rule := bearing(c), deviceToken(c.Request()), decisions[calling(c)]
	if identity(c).Kind == auth.KindDev || token == "" && t.Kind != "display" {
		return nil
	}
	return func() bool {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		var who auth.Identity
		if token != "" {
			var err error
			if who, err = s.opt.Auth.Holder(ctx, token); err != nil {
				return auth.CodeOf(err) == ""
			}
		}
		return rule.allows(who, t.Office) && (t.Kind != "display" || !s.keptNow(ctx, t, who, device))
	}
}

// Recheck closes the WebSockets of those who may no longer watch: their session ended, their device
// was revoked, they left the office. It is done at once for what this server is asked, and to be
// called every few seconds for what time and other servers bring about.
func (s *Server) Recheck() { s.audience.Hub.Recheck() }

// keptNow reports whether a display is kept from who watches it by now, on a device that has a
// token. It isn't as far as can't be told.
func (s *Server) keptNow(ctx context.Context, t audience.Topic, who auth.Identity, device string) (kept bool) {
	who, err := s.viewerOf(ctx, who, t, device)
	if err != nil {
		return false
	}
	_ = s.readOf(ctx, t.Office, func(st *queue.State, _ time.Time) { kept = keptFrom(who, st, t) })
	return kept
}

// watchable refuses a topic that its office doesn't have, and a display that is its paired device's
// to whoever is neither that nor staff.
func (s *Server) watchable(c echo.Context, t audience.Topic) error {
	kept := false
	who, err := s.viewerOf(c.Request().Context(), identity(c), t, deviceToken(c.Request()))
	if err != nil {
		return err
	}
	if failed := s.read(c, func(st *queue.State, _ time.Time) {
		err, kept = audience.Missing(st, t), keptFrom(who, st, t)
	}); failed != nil {
		return failed
	}
	if err == nil && kept {
		return denied(c, operators)
	}
	return err
}

// viewerOf is who looks: at a display on a device on which somebody of another office has signed
// in, the device.
func (s *Server) viewerOf(ctx context.Context, who auth.Identity, t audience.Topic, device string) (auth.Identity, error) {
	if t.Kind != "display" || who.Kind != auth.KindUser || who.MayOperate(t.Office) {
		return who, nil
	}
	switch device, err := s.opt.Auth.Identify(ctx, device); {
	case err == nil:
		return device, nil
	case auth.CodeOf(err) == "":
		return auth.Identity{}, err
	}
	return who, nil
}

// keptFrom reports whether a topic is a display that only its paired device and the office's staff
// may see, and who is neither.
func keptFrom(who auth.Identity, st *queue.State, t audience.Topic) bool {
	if t.Kind != "display" {
		return false
	}
	d := st.Config.Display(queue.DisplayID(t.ID))
	return d != nil && d.Paired && !who.Is(auth.Display, t.Office, t.ID) && !who.MayOperate(t.Office)
}

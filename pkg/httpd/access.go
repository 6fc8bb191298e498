package httpd

import (
	"fmt"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/eliminacode/eliminacode/pkg/audience"
	"github.com/eliminacode/eliminacode/pkg/auth"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// access is who may make a call.
type access string

const (
	anyone         access = "anyone"
	totems         access = "the office's totems, and its staff"
	totemsAlone    access = "the office's totems"
	operators      access = "the office's staff"
	supervisors    access = "the office's supervisors and administrators"
	administrators access = "the office's administrators"
	managers       access = "administrators of all offices"
	staff          access = "whoever signed in, whatever their offices"
)

// decisions is the one table of who may make which call. A call of an office stands for its default
// one and for a named one; a WebSocket's view is part of its call. A server whose routes aren't all
// here doesn't start. Whose counter it is is a rule of the queue.
var decisions = map[string]access{
	"GET /healthz":                        anyone,
	"GET /readyz":                         anyone,
	"GET /metrics":                        anyone, // on this machine, or with a token of its own
	"GET /assets/*":                       anyone,
	"GET /favicon.ico":                    anyone,
	"GET /voice/*":                        anyone,
	"GET /display-worker.js":              anyone,
	"GET /":                               anyone,
	"GET /offices/:office":                anyone,
	"GET /affluenza":                      anyone,
	"GET /crowding.txt":                   anyone,
	"GET /widget":                         anyone,
	"GET /badge.svg":                      anyone,
	"GET /avvisi.atom":                    anyone,
	"GET /opendata":                       anyone,
	"GET /opendata/catalog.rdf":           anyone,
	"GET /opendata/:table":                anyone,
	"GET /privacy":                        anyone,
	"GET /accessibilita":                  anyone,
	"GET /t/worker.js":                    anyone,
	"GET /t/:ticket":                      anyone,
	"GET /t/:ticket/manifest.webmanifest": anyone,
	"POST /t/:ticket/cancel":              anyone, // who has the id of a ticket has the ticket
	"POST /t/:ticket/postpone":            anyone,
	"GET /i/:invitation":                  anyone, // makes nothing
	"POST /i/:invitation":                 anyone, // who has scanned an invitation has its ticket
	"GET /display/:display":               anyone,
	"GET /totem":                          anyone,
	"GET /display":                        anyone,
	"GET /qr.svg":                         anyone, // of the public page
	"GET /media/:file":                    anyone, // of what monitors show
	"GET /pair":                           anyone,
	"GET /console":                        anyone, // the pages of staff are empty until their calls are answered
	"GET /login":                          anyone,
	"GET /admin":                          anyone,
	"GET /simulatore":                     anyone,
	"GET /api/v1/openapi.json":            anyone,
	"POST /api/v1/login":                  anyone,
	"POST /api/v1/logout":                 anyone,
	"GET /api/v1/me":                      staff,
	"POST /api/v1/password":               staff,
	"GET /api/v1/offices":                 staff, // those that are theirs
	"GET /api/v1/server":                  managers,
	"GET /api/v1/voice":                   managers,
	"PUT /api/v1/voice/:lang/:clip":       managers,
	"DELETE /api/v1/voice/:lang/:clip":    managers,
	"GET /api/v1/users":                   managers,
	"POST /api/v1/users":                  managers,
	"PUT /api/v1/users/:name":             managers,
	"POST /api/v1/devices":                managers,
	"DELETE /api/v1/devices/:device":      managers,
	"GET /api/v1/pairings":                managers,
	"POST /api/v1/pairings":               anyone, // a device that nobody knows yet
	"GET /api/v1/pairings/:pairing":       anyone, // who has its secret
	"DELETE /api/v1/pairings/:pairing":    managers,
	"POST /api/v1/pairings/confirm":       managers,
	"POST /api/v1/pairings/invite":        managers,
	"POST /api/v1/pairings/redeem":        anyone, // who has an invitation's code

	"GET /api/v1/state":                        anyone,
	"GET /api/v1/crowding":                     anyone,
	"GET /api/v1/crowding.txt":                 anyone,
	"GET /api/v1/ws":                           anyone, // of a view that there isn't
	"GET /api/v1/ws?view=public":               anyone,
	"GET /api/v1/ws?view=display":              anyone,
	"GET /api/v1/ws?view=totem":                totems,
	"GET /api/v1/ws?view=ticket":               anyone,
	"GET /api/v1/ws?view=counter":              operators,
	"POST /api/v1/tickets":                     totems,
	"POST /api/v1/tickets/offline":             totemsAlone,
	"POST /api/v1/tickets/roll":                operators,
	"POST /api/v1/tickets/:ticket/printed":     totems,
	"POST /api/v1/tickets/:ticket/reprint":     totems, // a totem of what it gave itself, as the queue says
	"POST /api/v1/invitations":                 totems,
	"POST /api/v1/leases":                      totemsAlone,
	"POST /api/v1/totems/status":               totemsAlone,
	"GET /api/v1/tickets/:ticket":              anyone,
	"GET /api/v1/tickets/:ticket/pdf":          anyone,
	"GET /api/v1/tickets/:ticket/qr.svg":       anyone,
	"DELETE /api/v1/tickets/:ticket":           anyone,
	"POST /api/v1/tickets/:ticket/postpone":    anyone,
	"GET /api/v1/counters":                     operators,
	"POST /api/v1/counters/:counter/open":      operators,
	"POST /api/v1/counters/:counter/close":     operators,
	"POST /api/v1/counters/:counter/pause":     operators,
	"POST /api/v1/counters/:counter/resume":    operators,
	"POST /api/v1/counters/:counter/alarm":     operators,
	"POST /api/v1/counters/:counter/calm":      operators,
	"POST /api/v1/counters/:counter/next":      operators,
	"POST /api/v1/counters/:counter/call":      operators,
	"POST /api/v1/counters/:counter/recall":    operators,
	"POST /api/v1/counters/:counter/start":     operators,
	"POST /api/v1/counters/:counter/absent":    operators,
	"POST /api/v1/counters/:counter/requeue":   operators,
	"POST /api/v1/counters/:counter/undo":      operators,
	"POST /api/v1/counters/:counter/done":      operators,
	"POST /api/v1/counters/:counter/hold":      operators,
	"POST /api/v1/counters/:counter/transfer":  operators,
	"POST /api/v1/counters/:counter/walkin":    operators,
	"POST /api/v1/counters/:counter/reinstate": operators,
	"GET /api/v1/devices":                      supervisors,
	"POST /api/v1/devices/:device/identify":    supervisors,
	"POST /api/v1/devices/:device/reload":      supervisors,
	"POST /api/v1/devices/:device/mute":        supervisors,
	"GET /api/v1/journal":                      supervisors,
	"GET /api/v1/stats":                        supervisors,
	"GET /api/v1/visits":                       supervisors,
	"POST /api/v1/simulation":                  supervisors,
	"GET /api/v1/config":                       administrators,
	"PUT /api/v1/config":                       administrators,
	"POST /api/v1/config/paper":                administrators,
	"POST /api/v1/config/display":              administrators,
	"GET /api/v1/media":                        administrators,
	"GET /api/v1/config/versions":              administrators,
	"GET /api/v1/config/versions/:version":     administrators,
}

// callOf names a route in the table of decisions.
func callOf(method, path string) string {
	for _, under := range []string{"/api/v1", ""} {
		if rest, named := strings.CutPrefix(path, under+"/offices/:office/"); named {
			path = under + "/" + rest
		}
	}
	return method + " " + path
}

// decided refuses a server that has a route, or a view to watch, nobody has decided about.
func decided(routes []*echo.Route) error {
	for _, r := range routes {
		if call := callOf(r.Method, r.Path); decisions[call] == "" {
			return fmt.Errorf("nobody has decided who may %s", call)
		}
	}
	for _, k := range audience.Kinds {
		if call := "GET /api/v1/ws?view=" + k.Name; decisions[call] == "" {
			return fmt.Errorf("nobody has decided who may %s", call)
		}
	}
	return nil
}

// authorize lets a call through if who sends it may make it in the request's office.
func (s *Server) authorize(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		rule := decisions[calling(c)]
		// What isn't in the table is no route: it is answered as such.
		if rule != "" && !rule.allows(identity(c), s.office(c)) {
			return denied(c, rule)
		}
		return next(c)
	}
}

// calling names a request in the table of decisions.
func calling(c echo.Context) string {
	call := callOf(c.Request().Method, c.Path())
	if of := call + "?view=" + c.QueryParam("view"); decisions[of] != "" {
		return of
	}
	return call
}

func (a access) allows(who auth.Identity, office string) bool {
	switch a {
	case anyone:
		return true
	case totems:
		return who.MayIssue(office)
	case totemsAlone:
		return who.Is(auth.Totem, office, who.Target)
	case operators:
		return who.MayOperate(office)
	case supervisors:
		return who.MaySupervise(office)
	case administrators:
		return who.MayAdminister(office)
	case managers:
		return who.MayManage()
	case staff:
		return who.IsStaff()
	}
	return false
}

// private has no answer of the API kept by anybody on the way. What is public and may be kept says
// so itself.
func private(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if strings.HasPrefix(c.Request().URL.Path, "/api/") {
			c.Response().Header().Set("Cache-Control", "no-store")
		}
		return next(c)
	}
}

// denied says what would help.
func denied(c echo.Context, a access) error {
	who := identity(c)
	if wrong, ok := c.Get(identityErrorKey).(error); ok && who.Kind == "" {
		return wrong
	}
	switch {
	case who.Kind == "", a == staff: // a paired device is nobody here: who opens the console on it signs in first
		return refuse(unauthenticated, reasonSignInFirst)
	case who.IsStaff() && a != managers && a.allows(everywhere(who), ""):
		return refuse(queue.Forbidden, reasonOtherOffice)
	}
	return refuse(queue.Forbidden, reasonRole)
}

// everywhere is a user as if all offices were theirs.
func everywhere(who auth.Identity) auth.Identity {
	who.Offices = nil
	return who
}

// Package httpd is the server's face: the API, the WebSockets and the pages. It
// turns requests into commands and views into answers; it holds no rule of the
// queue. It is the only importer of echo.
package httpd

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"github.com/eliminacode/eliminacode/displays"
	"github.com/eliminacode/eliminacode/pkg/audience"
	"github.com/eliminacode/eliminacode/pkg/auth"
	"github.com/eliminacode/eliminacode/pkg/engine"
	"github.com/eliminacode/eliminacode/pkg/estimate"
	"github.com/eliminacode/eliminacode/pkg/journal"
	"github.com/eliminacode/eliminacode/pkg/live"
	"github.com/eliminacode/eliminacode/pkg/voice"
)

// Options says what a server works with.
type Options struct {
	Engine  *engine.Engine
	Journal journal.Store
	Auth    *auth.Service
	Claims  audience.Claims                    // what servers of the same journal share out; nil: there is one
	Voice   *voice.Voice                       // nil: nothing is spoken
	Waits   func(office string) estimate.Waits // that are expected; nil: none
	Now     func() time.Time
	Log     *slog.Logger
	Version string

	Media     string // the folder of the pictures and films that monitors show; there may be none
	Retention int    // days that detailed events are kept; 0: for good
	Shared    bool   // other servers may answer from the same journal
	Office    string // the default office
	PublicURL string // "https://coda.comune.example.it"; empty: as the request says
	DevToken  string // accepted from loopback as staff, admin and device; empty: none
	// Origins are sites whose pages may watch what the public sees. They may do nothing.
	Origins []string
	// Proxies are the networks, in CIDR form, whose X-Forwarded-For and
	// X-Forwarded-Proto are believed.
	Proxies []string
	Limits  Limits
	// MetricsToken lets whoever has it read the metrics from elsewhere; empty: only this machine
	// may.
	MetricsToken string
}

// Server answers HTTP.
type Server struct {
	opt      Options
	echo     *echo.Echo
	audience *audience.Audience
	limits   *limits
	bodies   *bodies
	gate     *gate
	origins  *origins
	metrics  *metrics
	pages    *pages
	proxies  proxies

	crowds       *crowds
	simulating   sync.Mutex      // while a simulation is made
	ending       context.Context // ends with the server
	end          context.CancelFunc
	answers      *answers // that anybody may read
	standIns     sync.Map // by name, totems in development: [auth.Device]
	readiness    readiness
	unnamedProxy sync.Once
	outage       outage
	described    []byte // the OpenAPI document
}

// New returns a server. It returns an error for a wrong option.
func New(opt Options) (*Server, error) {
	trusted, err := parseProxies(opt.Proxies)
	if err != nil {
		return nil, err
	}
	s := &Server{opt: opt, echo: echo.New(), limits: newLimits(opt.Now), bodies: newBodies(), proxies: trusted, crowds: newCrowds(), answers: newAnswers()}
	s.ending, s.end = context.WithCancel(context.Background())
	limits := opt.Limits.orDefault(openFiles())
	s.gate = newGate(limits, s.manyPeople, opt.Log)
	if s.origins, err = newOrigins(opt.PublicURL, opt.Origins); err != nil {
		return nil, err
	}
	s.audience = audience.New(audience.Options{
		Read: s.readOf, Base: func(office string) string { return opt.PublicURL + s.faces(office) }, Voice: opt.Voice, Waits: opt.Waits, Claims: opt.Claims, Level: s.level,
		Live: live.Options{Log: opt.Log, MaxViewers: limits.Viewers, MaxPerAddress: limits.ViewersEach}, Now: opt.Now, Log: opt.Log,
	})
	s.metrics = newMetrics(s)
	if s.pages, err = newPages(opt.Log); err != nil {
		return nil, err
	}
	if s.described, err = describe(); err != nil {
		return nil, err
	}
	e := s.echo
	e.HideBanner, e.HidePort = true, true
	e.HTTPErrorHandler = s.fail
	e.IPExtractor = s.proxies.address
	e.Use(
		middleware.RecoverWithConfig(middleware.RecoverConfig{LogErrorFunc: s.panicked}),
		s.metrics.measure,
		s.secureHeaders,
		private,
		s.noticeProxy,
		waitForNoBody,
		s.origins.ownPagesAct,
		s.identify,
		welcome,
		s.renew,
		s.authorize,
	)
	s.routes()
	if err := decided(e.Routes()); err != nil {
		return nil, err
	}
	return s, nil
}

// Handler returns what serves the requests. HEAD is answered as GET: net/http leaves out the body.
func (s *Server) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead && r.Header.Get("Upgrade") == "" {
			as := *r
			as.Method = http.MethodGet
			r = &as
		}
		s.echo.ServeHTTP(w, r)
	})
}

// Shutdown closes the WebSockets, which the HTTP server knows nothing of.
func (s *Server) Shutdown(ctx context.Context) error { return s.audience.Hub.Shutdown(ctx) }

func (s *Server) panicked(c echo.Context, err error, stack []byte) error {
	s.opt.Log.Error("panic in a request", "path", c.Path(), "err", err, "stack", string(stack))
	return errors.New("internal error")
}

func (s *Server) routes() {
	e := s.echo
	e.GET("/healthz", s.healthz)
	e.GET("/readyz", s.readyz)
	e.GET("/metrics", s.figures)
	e.GET("/assets/*", s.asset)
	e.GET("/favicon.ico", s.favicon)
	e.GET("/voice/*", s.voiceFile)
	e.GET("/media/:file", s.media)
	e.GET("/display-worker.js", s.displayWorker)

	e.GET("/", s.publicPage)
	s.officePages(e.Group(""))
	e.GET("/offices/:office", s.publicPage)
	s.officePages(e.Group("/offices/:office"), s.knownOffice)
	e.GET("/pair", s.pairPage)
	e.GET("/login", s.static("pkg/console/login.html"))
	e.GET("/admin", s.adminPage)
	e.GET("/simulatore", s.static("pkg/console/simulator.html"))

	api := e.Group("/api/v1")
	api.GET("/openapi.json", s.openapi)
	api.POST("/login", s.login)
	api.POST("/logout", s.logout, s.limitPublic)
	api.POST("/password", s.changePassword)
	api.GET("/server", s.about)
	api.GET("/offices", s.listOffices)
	api.GET("/voice", s.listClips)
	api.PUT("/voice/:lang/:clip", s.putClip)
	api.DELETE("/voice/:lang/:clip", s.deleteClip)
	api.GET("/users", s.listUsers)
	api.POST("/users", s.addUser)
	api.PUT("/users/:name", s.changeUser)
	api.POST("/devices", s.pairDevice)
	api.DELETE("/devices/:device", s.revokeDevice)
	api.GET("/pairings", s.listPairings)
	api.POST("/pairings", s.askPairing, s.limitPublic)
	api.GET("/pairings/:pairing", s.pairingOf)
	api.DELETE("/pairings/:pairing", s.dismissPairing)
	api.POST("/pairings/confirm", s.confirmPairing)
	api.POST("/pairings/invite", s.inviteDevice)
	api.POST("/pairings/redeem", s.redeemPairing, s.limitPublic)

	s.officeRoutes(api)
	s.officeRoutes(api.Group("/offices/:office"))
}

// officePages adds the pages of one office, the default one or a named one.
func (s *Server) officePages(g *echo.Group, first ...echo.MiddlewareFunc) {
	g.GET("/affluenza", s.publicPage, first...)
	g.GET("/crowding.txt", s.crowdingText, first...)
	g.GET("/widget", s.widget, first...)
	g.GET("/badge.svg", s.badge, first...)
	g.GET("/avvisi.atom", s.feed, first...)
	g.GET("/opendata", s.openDataPage, first...)
	g.GET("/opendata/catalog.rdf", s.openDataRecord, first...)
	g.GET("/opendata/:table", s.openDataFile, first...)
	g.GET("/privacy", s.textPage(displays.Privacy), first...)
	g.GET("/accessibilita", s.textPage(displays.Accessibility), first...)
	g.GET("/t/worker.js", s.ticketWorker, first...)
	g.GET("/t/:ticket", s.ticketPage, first...)
	g.GET("/t/:ticket/manifest.webmanifest", s.ticketManifest, first...)
	g.POST("/t/:ticket/cancel", s.cancelPage, append(slices.Clip(first), s.limitPublic)...)
	g.POST("/t/:ticket/postpone", s.postponePage, append(slices.Clip(first), s.limitPublic)...)
	g.GET("/i/:invitation", s.scanned, first...)
	g.POST("/i/:invitation", s.scanned, append(slices.Clip(first), s.limitPublic)...)
	g.GET("/display", s.anyDisplayPage, first...)
	g.GET("/display/:display", s.displayPage, first...)
	g.GET("/qr.svg", s.pageQR, first...)
	g.GET("/totem", s.totemPage, first...)
	g.GET("/console", s.static("pkg/console/console.html"), first...)
}

// officeRoutes adds the calls of one office, the default one or a named one.
func (s *Server) officeRoutes(g *echo.Group) {
	g.GET("/me", s.me)
	g.GET("/state", s.state)
	g.GET("/crowding", s.crowding)
	g.GET("/crowding.txt", s.crowdingText)
	g.GET("/ws", s.ws)
	g.POST("/tickets", s.issue)
	g.POST("/tickets/offline", s.offline)
	g.POST("/tickets/roll", s.roll)
	g.POST("/tickets/:ticket/printed", s.printed)
	g.POST("/tickets/:ticket/reprint", s.reprint)
	g.POST("/invitations", s.invite)
	g.POST("/leases", s.lease)
	g.POST("/totems/status", s.totemStatus)
	g.GET("/tickets/:ticket", s.ticket)
	g.GET("/tickets/:ticket/pdf", s.ticketPDF, s.limitPublic)
	g.GET("/tickets/:ticket/qr.svg", s.ticketQR, s.limitPublic)
	g.DELETE("/tickets/:ticket", s.cancel, s.limitPublic)
	g.POST("/tickets/:ticket/postpone", s.postpone, s.limitPublic)
	g.GET("/devices", s.listDevices, s.knownOffice)
	g.POST("/devices/:device/identify", s.identifyDisplay)
	g.POST("/devices/:device/reload", s.reloadDisplay)
	g.POST("/devices/:device/mute", s.muteDisplay)
	g.GET("/counters", s.counters)
	for path, handle := range s.counterCalls() {
		g.POST("/counters/:counter/"+path, handle)
	}
	g.GET("/config", s.config)
	g.PUT("/config", s.putConfig)
	g.POST("/config/paper", s.configPaper)
	g.POST("/config/display", s.configDisplay)
	g.GET("/config/versions", s.configVersions)
	g.GET("/config/versions/:version", s.configVersion)
	g.GET("/media", s.listMedia)
	g.GET("/journal", s.journal)
	g.GET("/stats", s.stats)
	g.GET("/visits", s.visits)
	g.POST("/simulation", s.simulation)
}

// office is the office that a request is about.
func (s *Server) office(c echo.Context) string {
	if name := c.Param("office"); name != "" {
		return name
	}
	return s.opt.Office
}

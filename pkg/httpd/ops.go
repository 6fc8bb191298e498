package httpd

import (
	"cmp"
	"context"
	"crypto/subtle"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	dto "github.com/prometheus/client_model/go"

	"github.com/eliminacode/eliminacode/pkg/queue"
)

var officeForm = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,31}$`)

// operates says whether the sender runs this server: from this machine, or with the token for its
// figures.
func (s *Server) operates(c echo.Context) bool {
	if loopback(c.Request()) {
		return true
	}
	token, ok := bearer(c.Request())
	return ok && s.opt.MetricsToken != "" && subtle.ConstantTimeCompare([]byte(token), []byte(s.opt.MetricsToken)) == 1
}

// healthz says that the program runs, and of which pages; which version is for whoever runs it.
func (s *Server) healthz(c echo.Context) error {
	health := map[string]string{"status": "ok", "pages": s.pages.assets.Sum()}
	if s.operates(c) {
		health["version"] = s.opt.Version
	}
	return c.JSON(http.StatusOK, health)
}

// readyFor is how long an answer of readyz holds: each costs a durable write.
const readyFor = time.Second

// readiness is what readyz found last.
type readiness struct {
	mu  sync.Mutex
	at  time.Time
	err error
}

// readyz says that the journal can be written, by a try and by the last command of each office, and
// that the clock can be right.
func (s *Server) readyz(c echo.Context) error {
	r := &s.readiness
	r.mu.Lock()
	defer r.mu.Unlock()
	if now := time.Now(); now.Sub(r.at) >= readyFor { // of the machine: the office's clock may be shifted
		ctx, cancel := context.WithTimeout(context.WithoutCancel(c.Request().Context()), 2*time.Second)
		defer cancel()
		r.err = s.opt.Journal.Ping(ctx)
		r.at = now
	}
	if err := cmp.Or(s.opt.Engine.Written(), r.err); err != nil {
		return err
	}
	if err := s.opt.Engine.Clock(); err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]string{"status": "ready"})
}

// metrics are the figures for the town's monitoring.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
	handler  http.Handler
}

func newMetrics(s *Server) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "eliminacode_http_request_duration_seconds", Help: "Time to answer a request.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, 1, 5},
		}, []string{"method", "route", "status"}),
	}
	m.registry.MustRegister(
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		m.requests,
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "eliminacode_viewers", Help: "WebSocket connections."},
			func() float64 { return float64(s.audience.Hub.Stats().Viewers) }),
		prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "eliminacode_display_messages_ignored_total", Help: "Messages of displays that weren't what a display says."},
			func() float64 { return float64(s.audience.Strange()) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "eliminacode_clock_wrong", Help: "1 while the machine's clock can't be right by what the journal has."},
			func() float64 {
				if s.opt.Engine.Clock() != nil {
					return 1
				}
				return 0
			}),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "eliminacode_offices", Help: "Offices that are loaded."},
			func() float64 { return float64(s.opt.Engine.Loaded()) }),
	)
	m.handler = promhttp.HandlerFor(&gathered{from: m.registry}, promhttp.HandlerOpts{})
	return m
}

// gatheredFor is how long the figures hold, however many ask for them.
const gatheredFor = time.Second

// gathered are the figures as they were gathered last.
type gathered struct {
	from prometheus.Gatherer

	mu       sync.Mutex
	at       time.Time
	families []*dto.MetricFamily
	err      error
}

// Gather is [prometheus.Gatherer]'s.
func (g *gathered) Gather() ([]*dto.MetricFamily, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if now := time.Now(); now.Sub(g.at) >= gatheredFor {
		g.families, g.err = g.from.Gather()
		g.at = now
	}
	return g.families, g.err
}

// figures answers with the metrics, to whoever runs this server.
func (s *Server) figures(c echo.Context) error {
	if !s.operates(c) {
		return refuse(queue.Forbidden, reasonOperationsOnly)
	}
	m := s.metrics
	m.handler.ServeHTTP(c.Response(), c.Request())
	return nil
}

// methods are those that are counted by name; HEAD counts as GET.
var methods = []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodOptions}

// measure times every request by its route.
func (m *metrics) measure(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		start := time.Now() // of the machine: the office's clock may be shifted
		err := next(c)
		if err != nil {
			c.Error(err)
		}
		route := c.Path()
		if route == "" {
			route = "none"
		}
		method := c.Request().Method
		if !slices.Contains(methods, method) {
			method = "other" // clients may send any word, and each would be a series
		}
		m.requests.WithLabelValues(method, route, strconv.Itoa(c.Response().Status)).Observe(time.Since(start).Seconds())
		return nil
	}
}

package httpd

import (
	"container/list"
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/eliminacode/eliminacode/pkg/live"
)

// Limits bound what clients can have at once. Zero means the default.
type Limits struct {
	// Connections are all of them; by default as many as the limit on open files leaves.
	Connections int
	// Strangers are the connections that nobody has signed in on and that watch nothing; 8,192.
	Strangers int
	// StrangersEach are those of one address; 512.
	StrangersEach int
	// Viewers are the WebSockets; 20,000, or three quarters of the connections if that is less. The
	// public has three quarters of them: the rest is for the house's own screens and its staff.
	Viewers int
	// ViewersEach are those of the public from one address; 256.
	ViewersEach int
}

const (
	defaultStrangers     = 8192
	defaultStrangersEach = 512
	defaultViewers       = 20_000
	// filesKept is how many open files are kept for all but connections: the journal, the log, the
	// database's connections.
	filesKept = 128
	// complainEvery is how often the log says that no connection can be accepted.
	complainEvery = time.Minute
)

// orDefault fills in the defaults of a process that may have so many open files.
func (l Limits) orDefault(files int) Limits {
	if l.Connections == 0 {
		l.Connections = files - min(filesKept, files/2)
	}
	if l.Strangers == 0 {
		l.Strangers = defaultStrangers
	}
	if l.StrangersEach == 0 {
		l.StrangersEach = defaultStrangersEach
	}
	if l.Viewers == 0 {
		l.Viewers = min(defaultViewers, l.Connections*3/4)
	}
	return l
}

// gate bounds the connections to a server. When there are too many, of one address or in all, the
// stranger that has been quiet longest gives way to whoever comes: a page that is open opens
// another, and a crowd that only holds connections keeps nobody out. Who has signed in, devices and
// WebSockets don't give way; the hub bounds the latter.
type gate struct {
	limits Limits
	spared func(netip.Addr) bool // whose connections are many people's
	log    *slog.Logger

	mu        sync.Mutex
	open      int
	strangers list.List // of *guest, the one that has been quiet longest first
	of        map[string]int

	complained time.Time
	silent     int // complaints that weren't logged
}

// guest is a connection that is counted.
type guest struct {
	*net.TCPConn
	gate    *gate
	network string
	place   *list.Element // among the strangers; nil when it is none. Under the gate's mutex.
	closed  bool          // under the gate's mutex
}

func newGate(limits Limits, spared func(netip.Addr) bool, log *slog.Logger) *gate {
	return &gate{limits: limits, spared: spared, log: log, of: map[string]int{}}
}

// manyPeople says whether the connections from an address are those of many people: a trusted
// proxy's, or in development, where one machine plays a whole town, this machine's.
func (s *Server) manyPeople(ip netip.Addr) bool {
	return s.proxies.trusts(ip) || s.opt.DevToken != "" && ip.IsLoopback()
}

// HTTP returns a server for the handler, to serve what [Server.Guard] returns. As it shuts down,
// what takes long ends.
func (s *Server) HTTP() *http.Server {
	web := &http.Server{
		Handler:           s.Handler(),
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(s.opt.Log.Handler(), slog.LevelDebug), // what clients do wrong; the gate says what goes wrong here
		ConnContext: func(ctx context.Context, conn net.Conn) context.Context {
			return context.WithValue(ctx, guestKey{}, conn)
		},
		ConnState: func(conn net.Conn, state http.ConnState) {
			if g, ok := conn.(*guest); ok {
				g.gate.moved(g, state)
			}
		},
	}
	web.RegisterOnShutdown(s.end)
	return web
}

// Guard bounds the connections that a listener accepts, by [Options.Limits].
func (s *Server) Guard(l net.Listener) net.Listener { return guarded{l, s.gate} }

type guarded struct {
	net.Listener
	gate *gate
}

// Accept waits for the next connection that there is room for.
func (l guarded) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		if err != nil {
			l.gate.failed(err)
			return nil, err
		}
		tcp, ok := conn.(*net.TCPConn)
		if !ok {
			return conn, nil
		}
		if g := l.gate.admit(tcp); g != nil {
			return g, nil
		}
		_ = conn.Close()
	}
}

// admit counts a connection in; nil if there is no room and nobody to give way.
func (g *gate) admit(conn *net.TCPConn) *guest {
	from, _ := netip.ParseAddrPort(conn.RemoteAddr().String())
	v := &guest{TCPConn: conn, gate: g, network: live.Network(from.Addr().String())}
	spared := g.spared(from.Addr().Unmap())

	g.mu.Lock()
	var victim *guest
	switch {
	case !spared && g.of[v.network] >= g.limits.StrangersEach:
		victim = g.quietest(v.network)
	case g.strangers.Len() >= g.limits.Strangers, g.open >= g.limits.Connections:
		victim = g.quietest("")
		if victim == nil && g.open >= g.limits.Connections {
			g.mu.Unlock()
			return nil
		}
	}
	if victim != nil {
		g.forget(victim)
	}
	g.open++
	if !spared {
		v.place = g.strangers.PushBack(v)
		g.of[v.network]++
	}
	g.mu.Unlock()

	if victim != nil {
		_ = victim.Close()
	}
	return v
}

// quietest is the stranger that has been quiet longest, of one network if it is given; mu must be
// held.
func (g *gate) quietest(network string) *guest {
	for e := g.strangers.Front(); e != nil; e = e.Next() {
		if v := e.Value.(*guest); network == "" || v.network == network {
			return v
		}
	}
	return nil
}

// forget counts a guest no longer as a stranger; mu must be held.
func (g *gate) forget(v *guest) {
	if v.place == nil {
		return
	}
	g.strangers.Remove(v.place)
	v.place = nil
	if g.of[v.network]--; g.of[v.network] == 0 {
		delete(g.of, v.network)
	}
}

// moved hears that a request begins or ends on a connection, or that it becomes a WebSocket.
func (g *gate) moved(v *guest, state http.ConnState) {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case v.place == nil:
	case state == http.StateHijacked:
		g.forget(v)
	case state == http.StateActive, state == http.StateIdle:
		g.strangers.MoveToBack(v.place)
	}
}

// Close counts the connection out.
func (v *guest) Close() error {
	v.gate.mu.Lock()
	if !v.closed {
		v.closed = true
		v.gate.forget(v)
		v.gate.open--
	}
	v.gate.mu.Unlock()
	return v.TCPConn.Close()
}

type guestKey struct{}

// welcome counts a connection as no stranger's once somebody has signed in on it.
func welcome(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if v, ok := c.Request().Context().Value(guestKey{}).(*guest); ok && identity(c).Kind != "" {
			v.gate.mu.Lock()
			v.gate.forget(v)
			v.gate.mu.Unlock()
		}
		return next(c)
	}
}

// failed hears that the machine has no connection to give: out of files or memory. One line a
// minute says so, and the quietest stranger makes room.
func (g *gate) failed(err error) {
	if errors.Is(err, net.ErrClosed) {
		return
	}
	g.mu.Lock()
	victim := g.quietest("")
	if victim != nil {
		g.forget(victim)
	}
	now := time.Now()
	g.silent++
	silent, open := g.silent, g.open
	speak := now.Sub(g.complained) >= complainEvery
	if speak {
		g.complained, g.silent = now, 0
	}
	g.mu.Unlock()
	if victim != nil {
		_ = victim.Close()
	}
	if speak {
		g.log.Error("no connection can be accepted", "err", err, "times", silent, "open", open)
	}
}

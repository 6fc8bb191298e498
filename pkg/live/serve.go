package live

import (
	"bufio"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"sync"

	"github.com/gorilla/websocket"
)

// Refusals of [Hub.Serve], made before the connection becomes a WebSocket: the caller answers them
// over HTTP.
var (
	// ErrHandshake is for a request that isn't a WebSocket handshake: 400.
	ErrHandshake = errors.New("live: not a websocket handshake")
	// ErrTooMany is for an address that has all the connections it may have: 429.
	ErrTooMany = errors.New("live: too many connections from this address")
	// ErrFull is for a server that has all the viewers it can have: 503.
	ErrFull = errors.New("live: too many viewers")
	// ErrClosed is for a hub that shuts down: 503.
	ErrClosed = errors.New("live: shutting down")
)

const (
	// A viewer has nothing to send but pongs, so its buffer is small: the least that gorilla
	// accepts is 125.
	readBuffer = 256
	// The buffer for writing is borrowed from a pool for the time of a handshake: prepared frames
	// need none.
	writeBuffer = 1024
	// A short queue in the kernel keeps a slow viewer's backlog of old messages short, and its
	// memory small.
	kernelBuffer = 64 << 10
)

// Rank is what a viewer is to the house. The lower ones can't use up the room of the higher.
type Rank int

// The ranks, from the lowest.
const (
	Public Rank = iota // whoever looks in
	Screen             // a screen of the house, as far as anybody can tell
	Known              // who has shown who they are
	ranks
)

// Watch is what a viewer asks for.
type Watch struct {
	Topic string
	Rank  Rank
	// Address is whom the connection counts for: an IP address with or without a port, or the name
	// of one that is Known; when it is empty it counts for nobody.
	Address string
	// Pulse has the viewer hear {"type":"tick"} every 3.75 seconds in which nothing else is sent,
	// so that it knows that its view is live.
	Pulse bool
	// Who is the viewer's own name, for [Hub.Watching]; empty: nobody in particular.
	Who string
	// Holds says whether the viewer may still watch; nil means that nothing can end it.
	// [Hub.Recheck] asks it.
	Holds func() bool
	// Hear is told each text message of the viewer, of up to 512 bytes, one after another, with the
	// line to answer on; nil throws them away. It must not block: meanwhile no pong is heard.
	Hear func(from *Line, message []byte)
	// Left is told, once, that a viewer with Hear has gone, however it went; nil: nobody is.
	Left func(*Line)
}

// Serve turns the request into a viewer and returns; the viewer lives on until it goes, is cut, or
// the hub shuts down. Whoever asks, and the page they ask from, must be known to be allowed to see
// the topic.
//
// Serve returns one of ErrHandshake, ErrTooMany, ErrFull and ErrClosed, having written no answer,
// or nil.
func (h *Hub) Serve(w http.ResponseWriter, r *http.Request, watch Watch) error {
	p := party{watch.Rank, Network(watch.Address)}
	if err := h.admit(p); err != nil {
		return err
	}
	v := &viewer{hub: h, party: p, pulse: watch.Pulse, who: watch.Who, holds: watch.Holds}
	if watch.Hear != nil {
		v.line = &Line{viewer: v, hear: watch.Hear, left: watch.Left}
	}
	conn, err := h.upgrader.Upgrade(meteredWriter{w, &v.socket}, r, nil)
	if err != nil {
		h.mu.Lock()
		h.release(p)
		h.mu.Unlock()
		h.running.Done()
		if _, ok := errors.AsType[websocket.HandshakeError](err); ok {
			return ErrHandshake
		}
		// The connection broke after it was taken from the HTTP server: there is nobody left to
		// answer.
		return nil
	}
	v.start(conn, watch.Topic)
	return nil
}

func newUpgrader(opts Options) websocket.Upgrader {
	return websocket.Upgrader{
		HandshakeTimeout: writeWait,
		ReadBufferSize:   readBuffer,
		WriteBufferSize:  writeBuffer,
		WriteBufferPool:  new(sync.Pool),
		// Checked by whoever calls Serve.
		CheckOrigin: func(*http.Request) bool { return true },
		Error:       func(http.ResponseWriter, *http.Request, int, error) {},
	}
}

// Network is the part of an address that one party holds: all of an IPv4 address, the /64 of an
// IPv6 one. The address may have a port; what is none stays as it is.
func Network(address string) string {
	if host, _, err := net.SplitHostPort(address); err == nil {
		address = host
	}
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	ip = ip.Unmap()
	if ip.Is4() {
		return ip.String()
	}
	prefix, err := ip.WithZone("").Prefix(64)
	if err != nil {
		return ip.String()
	}
	return prefix.String()
}

// meteredWriter hands the upgrader the connection with a meter on what comes in.
type meteredWriter struct {
	http.ResponseWriter
	socket *socket
}

func (w meteredWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := http.NewResponseController(w.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	if tcp, ok := conn.(interface{ SetWriteBuffer(int) error }); ok {
		// Only a wish: without it a slow viewer's backlog is longer, nothing else.
		_ = tcp.SetWriteBuffer(kernelBuffer)
	}
	w.socket.Conn = conn
	return w.socket, rw, nil
}

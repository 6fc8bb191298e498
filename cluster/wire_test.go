//go:build unix

package cluster_test

import (
	"bytes"
	"net"
	"strings"
	"sync"
	"testing"
	"time"
)

// wire is the network between a server and its database.
type wire struct {
	listener net.Listener
	target   string

	mu    sync.Mutex
	links map[*link]struct{}
	late  time.Duration // how long each packet takes
	deaf  bool          // whoever listens for the doorbell is cut off
	down  bool          // nobody gets through
}

// link is one connection.
type link struct {
	client, server net.Conn
	listens        bool // for the doorbell
}

// newWire puts a wire before a database server.
func newWire(t *testing.T, target string) *wire {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{listener: l, target: target, links: map[*link]struct{}{}}
	var running sync.WaitGroup
	running.Go(func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			running.Go(func() { w.connect(client) })
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		w.set(func() { w.down = true })
		running.Wait()
	})
	return w
}

// through is the address of a database by way of the wire.
func (w *wire) through(database string) string {
	return strings.Replace(database, w.target, w.listener.Addr().String(), 1)
}

// set changes what the wire does, and resets the connections that it no longer carries.
func (w *wire) set(change func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	change()
	for l := range w.links {
		if w.down || w.deaf && l.listens {
			l.reset()
		}
	}
}

// cut resets every connection; new ones get through.
func (w *wire) cut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for l := range w.links {
		l.reset()
	}
}

func (w *wire) connect(client net.Conn) {
	server, err := net.Dial("tcp", w.target)
	if err != nil {
		(&link{client: client}).reset()
		return
	}
	l := &link{client: client, server: server}
	w.mu.Lock()
	w.links[l] = struct{}{}
	down := w.down
	w.mu.Unlock()
	if down {
		l.reset()
	}
	var both sync.WaitGroup
	both.Go(func() { w.carry(l, server, client) })
	both.Go(func() { w.carry(l, client, server) })
	both.Wait()
	w.mu.Lock()
	delete(w.links, l)
	w.mu.Unlock()
}

// carry carries what one end says to the other, and closes both when it ends.
func (w *wire) carry(l *link, to, from net.Conn) {
	defer to.Close()
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		if err != nil {
			return
		}
		w.mu.Lock()
		l.listens = l.listens || from == l.client && bytes.Contains(buffer[:n], []byte("LISTEN "))
		late, refused := w.late, w.deaf && l.listens
		w.mu.Unlock()
		if refused {
			l.reset()
			return
		}
		if late > 0 {
			<-time.After(late)
		}
		if _, err := to.Write(buffer[:n]); err != nil {
			return
		}
	}
}

// reset breaks the connection as a firewall does that has forgotten it.
func (l *link) reset() {
	for _, c := range []net.Conn{l.client, l.server} {
		if tcp, ok := c.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0) // it may be closed already
			_ = tcp.Close()
		}
	}
}

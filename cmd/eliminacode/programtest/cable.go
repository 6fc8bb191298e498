//go:build unix

package programtest

import (
	"io"
	"net"
	"sync"
	"testing"
)

// Cable is a way to a server that can be cut.
type Cable struct {
	listener net.Listener
	to       string

	mu    sync.Mutex
	whole bool
	conns map[net.Conn]bool
}

// NewCable lays a cable to an address.
func NewCable(tb testing.TB, to string) *Cable {
	tb.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	c := &Cable{listener: l, to: to, whole: true, conns: map[net.Conn]bool{}}
	var ended sync.WaitGroup
	ended.Go(func() {
		for {
			near, err := l.Accept()
			if err != nil {
				return
			}
			ended.Go(func() { c.join(near) })
		}
	})
	tb.Cleanup(func() {
		_ = l.Close()
		c.Cut()
		ended.Wait()
	})
	return c
}

// Addr is its near end.
func (c *Cable) Addr() string { return c.listener.Addr().String() }

// Mend mends the cable.
func (c *Cable) Mend() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.whole = true
}

// Cut ends all connections, and has others fail until it is mended.
func (c *Cable) Cut() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.whole = false
	for conn := range c.conns {
		_ = conn.Close()
	}
	clear(c.conns)
}

// join carries what is said over a connection.
func (c *Cable) join(near net.Conn) {
	defer near.Close()
	c.mu.Lock()
	whole := c.whole
	c.mu.Unlock()
	if !whole {
		return
	}
	far, err := net.Dial("tcp", c.to)
	if err != nil {
		return
	}
	defer far.Close()
	c.mu.Lock()
	if !c.whole {
		c.mu.Unlock()
		return
	}
	c.conns[near], c.conns[far] = true, true
	c.mu.Unlock()
	var both sync.WaitGroup
	both.Go(func() { carry(far, near) })
	both.Go(func() { carry(near, far) })
	both.Wait()
	c.mu.Lock()
	delete(c.conns, near)
	delete(c.conns, far)
	c.mu.Unlock()
}

func carry(to, from net.Conn) {
	_, _ = io.Copy(to, from) // it ends when either does
	_ = to.Close()
	_ = from.Close()
}

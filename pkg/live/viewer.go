package live

import (
	"errors"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

const (
	// pingPeriod is how often a viewer is asked whether it is there.
	pingPeriod = 15 * time.Second
	// writeWait is how long one message may take to be taken.
	writeWait = 10 * time.Second
	// pulsesPerPing is how often a viewer with a pulse hears a word between two pings, so that a
	// page, which can't see pings, knows within five seconds that its view is no longer live.
	pulsesPerPing = 4
	// pongWait is how long a viewer may be silent: one ping may get lost, the next may be slow.
	pongWait = 2*pingPeriod + writeWait
	// closeWait is how long a viewer has to take its close frame and answer it.
	closeWait = time.Second

	// maxMessage is the longest message a viewer may send, in bytes; what it says is thrown away
	// unless somebody listens.
	maxMessage = 512
	// maxInbound is how much a viewer may send between two pings, in bytes, frames of every kind
	// together.
	maxInbound = 4 << 10
	// maxLinger is how much of a flood is swallowed so that the close frame reaches the flooder.
	maxLinger = 256 << 10
)

// States of a viewer's writing, and of a topic's rounds. Only one goroutine does it at a time, and
// none when there is nothing to do.
const (
	idle  int32 = iota // nothing to do, nobody at work
	due                // something came since the worker last looked, or it hasn't looked yet
	busy               // the worker is at work on what it saw
	ended              // the reader has left: whoever finds this must not begin, and a writer that finds it is the last
)

// viewer is one connection.
type viewer struct {
	hub    *Hub
	topic  *topic
	place  int // among the topic's viewers; under the hub's mutex
	party  party
	conn   *websocket.Conn
	socket socket
	beat   *time.Timer

	// who is its own name, see [Watch.Who].
	who string
	// holds says whether it may still watch; nil means always.
	holds func() bool
	// line is of a viewer to whom somebody listens; else nil.
	line *Line
	// pulse says whether the viewer wants a text message at every beat; beats counts them.
	pulse bool
	beats int

	state   atomic.Int32
	pinging atomic.Bool
	pulsing atomic.Bool
	// code is why the viewer is closed, 0 while it isn't, or when it went by itself. The first
	// reason stays.
	code atomic.Int32
	// sent is the message last written; only the writer touches it.
	sent *websocket.PreparedMessage
}

// start makes an admitted connection a viewer of a topic.
func (v *viewer) start(conn *websocket.Conn, topic string) {
	v.conn = conn
	conn.SetReadLimit(maxMessage)
	conn.SetPongHandler(v.pong)
	_ = v.socket.SetReadDeadline(v.hub.opts.Now().Add(pongWait))
	// The first message is written here and now: this goroutine is the viewer's own, and has a
	// stack already.
	v.state.Store(due)
	v.hub.join(v, topic)
	v.write()
	// The first ping comes at a random moment, so that those who come back together aren't pinged
	// together for ever. It is set in two steps because tick needs the timer.
	v.beat = time.AfterFunc(pingPeriod, v.tick)
	v.beat.Reset(time.Duration(rand.Int64N(int64(v.period()))) + 1)
	go v.read()
}

// read runs until the connection ends. Its goroutine isn't the HTTP server's, so that all that
// belonged to the request can be freed.
func (v *viewer) read() {
	var err error
	for err == nil {
		if v.line != nil {
			err = v.line.next()
			continue
		}
		// What a message says isn't read: the next call skips it, within the limits.
		_, _, err = v.conn.NextReader()
	}
	v.farewell(err)
	v.beat.Stop()
	_ = v.socket.Close()
	v.hub.leave(v)
	if v.line != nil && v.line.left != nil {
		v.line.left(v.line)
	}
	v.hub.counts.end(int(v.code.Load()))
	if v.state.Swap(ended) == idle {
		v.hub.running.Done()
	}
}

// farewell tells the viewer why it must go, if it doesn't know and can still hear it.
func (v *viewer) farewell(err error) {
	var code int32
	switch {
	case v.code.Load() != 0:
		return
	case errors.Is(err, errFlood):
		code = CloseFlood
	case errors.Is(err, websocket.ErrReadLimit):
		code = CloseTooBig
	case isTimeout(err):
		code = CloseSilent
	case isNetwork(err):
		return
	default:
		if _, ok := errors.AsType[*websocket.CloseError](err); ok {
			return
		}
		code = CloseProtocol
	}
	if !v.code.CompareAndSwap(0, code) {
		return
	}
	// Not of what topic: its name may be somebody's key.
	v.hub.opts.Log.Debug("viewer cut", slog.Int("code", int(code)))
	// gorilla has already sent the close frames for a message that is too big and for bytes that
	// aren't frames: then this sends nothing.
	_ = v.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(int(code), ""), v.hub.opts.Now().Add(closeWait))
	if code != CloseSilent {
		v.linger()
	}
}

// linger swallows what a misbehaving viewer is still sending: a socket closed with unread bytes is
// reset, and the close frame would be lost with it.
func (v *viewer) linger() {
	if half, ok := v.socket.Conn.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite()
	}
	_ = v.socket.SetReadDeadline(v.hub.opts.Now().Add(closeWait))
	_, _ = io.CopyN(io.Discard, v.socket.Conn, maxLinger)
}

// pong hears that the viewer is there.
func (v *viewer) pong(string) error {
	if v.code.Load() != 0 {
		return nil
	}
	return v.socket.SetReadDeadline(v.hub.opts.Now().Add(pongWait))
}

// period is the time between two beats.
func (v *viewer) period() time.Duration {
	if v.pulse {
		return pingPeriod / pulsesPerPing
	}
	return pingPeriod
}

// tick asks whether the viewer is there, and lets it speak again; between the pings it only gives
// the pulse.
func (v *viewer) tick() {
	if !v.pulse || v.beats%pulsesPerPing == 0 {
		v.socket.inbound.Store(0)
		v.pinging.Store(true)
	}
	v.beats++
	v.pulsing.Store(v.pulse)
	if v.wake() {
		v.beat.Reset(v.period())
	}
}

// close says goodbye with a code and leaves the viewer a moment to answer. It doesn't wait.
func (v *viewer) close(code int32) {
	if !v.code.CompareAndSwap(0, code) {
		return
	}
	_ = v.socket.SetDeadline(v.hub.opts.Now().Add(closeWait))
	v.wake()
}

// wake sees to it that somebody writes what there is to write. It answers false when the viewer has
// gone.
func (v *viewer) wake() bool {
	state := v.call()
	if state == idle {
		go v.write()
	}
	return state != ended
}

// call says that there is something to write, and answers what state the viewer was in: if it was
// idle, the caller must see to it that write runs.
func (v *viewer) call() int32 {
	for {
		state := v.state.Load()
		if state == due || state == ended || v.state.CompareAndSwap(state, due) {
			return state
		}
	}
}

// write sends what is due until nothing is.
func (v *viewer) write() {
	for v.state.CompareAndSwap(due, busy) {
		if err := v.flush(); err != nil {
			v.broken(err)
		}
		if v.state.CompareAndSwap(busy, idle) {
			return
		}
	}
	v.hub.running.Done()
}

// flush writes the ping that is due and the newest message, or the close frame.
func (v *viewer) flush() error {
	if code := v.code.Load(); code != 0 {
		_ = v.conn.SetWriteDeadline(v.hub.opts.Now().Add(closeWait))
		return v.conn.WritePreparedMessage(prepare(websocket.CloseMessage, websocket.FormatCloseMessage(int(code), "")))
	}
	_ = v.conn.SetWriteDeadline(v.hub.opts.Now().Add(writeWait))
	if v.pinging.Swap(false) {
		if err := v.conn.WritePreparedMessage(v.hub.ping); err != nil {
			return err
		}
	}
	if v.line != nil {
		if err := v.line.flush(); err != nil {
			return err
		}
	}
	message := v.topic.latest.Load()
	if message == nil || message == v.sent {
		if v.pulsing.Swap(false) {
			return v.conn.WritePreparedMessage(v.hub.pulse)
		}
		return nil
	}
	v.sent = message
	if err := v.conn.WritePreparedMessage(message); err != nil {
		return err
	}
	v.hub.counts.sent.Add(1)
	return nil
}

// broken ends a viewer that can't be written to: closing the socket ends the reader, and that ends
// the rest.
func (v *viewer) broken(err error) {
	if errors.Is(err, websocket.ErrCloseSent) {
		return
	}
	if isTimeout(err) && v.code.CompareAndSwap(0, CloseSlow) {
		v.hub.opts.Log.Debug("viewer cut", slog.Int("code", CloseSlow))
	}
	_ = v.socket.Close()
}

// isTimeout says whether a deadline passed. It asks the interface because gorilla hides the error
// itself.
func isTimeout(err error) bool {
	e, ok := errors.AsType[net.Error](err)
	return ok && e.Timeout()
}

// isNetwork says whether the connection broke, rather than said something wrong.
func isNetwork(err error) bool {
	if _, ok := errors.AsType[net.Error](err); ok {
		return true
	}
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.ErrClosedPipe) || errors.Is(err, net.ErrClosed)
}

var errFlood = errors.New("live: viewer sends too much")

// socket counts what comes in. Counting bytes, below the frames, covers floods of every kind:
// messages, pings, empty fragments.
type socket struct {
	net.Conn
	inbound atomic.Int64
}

func (s *socket) Read(p []byte) (int, error) {
	n, err := s.Conn.Read(p)
	if s.inbound.Add(int64(n)) > maxInbound {
		return 0, errFlood
	}
	return n, err
}

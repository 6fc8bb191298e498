package escpos_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"time"
)

// fake is a printer that tells in detail what it was sent, and misbehaves at an exact byte. It
// knows no pictures: jobs are text. Real-time commands are obeyed at once, all else in order.
type fake struct {
	mu     sync.Mutex
	eot    [4]byte // to DLE EOT 1 to 4
	full   [4]byte // to DLE EOT 20
	sensor byte    // to GS r 1

	off      bool          // refuses
	void     bool          // neither refuses nor picks up
	mute     bool          // answers nothing
	noAcks   bool          // answers nothing in order
	owed     int           // so many answers in order come late, with the next question
	slow     time.Duration // until it has done what it was sent
	busy     time.Time     // until when the full status says that it is at work
	presents bool          // a ticket is in its mouth, once it is done
	picture  int           // so many bytes more are the rest of a picture
	babbles  time.Duration // between bytes that look like answers in order, and are none; 0: it doesn't
	// at is called at a byte of the jobs, counted over all; it may change the printer.
	at    int
	then  func(*fake)
	conns []net.Conn

	automatic chan<- []byte // once it is to tell changes by itself

	calls  int
	jobs   int    // bytes that weren't questions
	line   []byte // printed and not cut
	papers []string
}

func newFake() *fake { return &fake{eot: [4]byte{0x12, 0x12, 0x12, 0x12}} }

// dial is for escpos.WithDial.
func (f *fake) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls++
	switch {
	case f.void:
		f.mu.Unlock()
		<-ctx.Done()
		f.mu.Lock()
		return nil, ctx.Err()
	case f.off:
		return nil, errors.New("connection refused")
	}
	here, there := net.Pipe()
	f.conns = append(f.conns, there)
	go f.serve(there)
	return here, nil
}

// change does something to the printer.
func (f *fake) change(do func(*fake)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	do(f)
}

// cutPower closes all connections, and forgets what wasn't done.
func (f *fake) cutPower() {
	f.off, f.picture = true, 0
	for _, conn := range f.conns {
		conn.Close()
	}
	f.conns = nil
}

// serve is one connection. Its answers go out in order, by a goroutine of their own.
func (f *fake) serve(conn io.ReadWriteCloser) {
	replies, gone := make(chan []byte, 1000), make(chan struct{})
	defer close(gone)
	defer conn.Close()
	go func() {
		for {
			select {
			case reply := <-replies:
				_, _ = conn.Write(reply) // fails when the reader has ended too
			case <-gone:
				return
			}
		}
	}()
	go f.babble(replies, gone)
	buf, pending := make([]byte, 1), []byte(nil)
	for {
		if _, err := conn.Read(buf); err != nil {
			return
		}
		pending = append(pending, buf[0])
		pending = f.obey(pending, replies)
	}
}

// babble says what nobody asked for.
func (f *fake) babble(replies chan<- []byte, gone <-chan struct{}) {
	f.mu.Lock()
	every := f.babbles
	f.mu.Unlock()
	if every == 0 {
		return
	}
	for {
		select {
		case <-time.After(every):
		case <-gone:
			return
		}
		select {
		case replies <- []byte{0}:
		case <-gone:
			return
		}
	}
}

// obey does what the bytes say once a command is complete, and returns those that are left.
func (f *fake) obey(b []byte, replies chan<- []byte) []byte {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case b[0] == 0x10 && len(b) < 3:
		return b
	case b[0] == 0x10:
		if b[1] == 0x04 {
			f.realTime(b[2], replies)
		}
		return nil
	case f.picture > 0:
		f.count(1)
		f.picture--
		return nil
	case (b[0] == 0x1b || b[0] == 0x1d) && !complete(b):
		return b
	case bytes.Equal(b, []byte("\x1bv")): // at once, whatever is still to be done
		replies <- []byte{f.sensor}
		return nil
	case bytes.Equal(b, []byte("\x1dr\x01")):
		f.inOrder(replies)
		return nil
	case bytes.Equal(b, []byte("\x1da\x0e")):
		f.automatic = replies
		return nil
	case bytes.Equal(b, []byte("\x1b@")):
		f.automatic = nil
		f.count(len(b))
		return nil
	case bytes.Equal(b, []byte("\x1dVB\x00")), bytes.Equal(b, []byte("\x1bi")), bytes.HasPrefix(b, []byte("\x1cP")) && len(b) == 6:
		f.count(len(b))
		f.papers, f.line = append(f.papers, string(f.line)), nil
		f.presents = b[0] == 0x1c
		return nil
	case b[0] == 0x1c && len(b) < 6:
		return b
	}
	f.count(len(b))
	if b[0] >= ' ' {
		f.line = append(f.line, b...)
	}
	return nil
}

// complete reports whether a sequence that the tests send has its length.
func complete(b []byte) bool {
	if len(b) < 2 {
		return false
	}
	switch b[1] {
	case '@', 'v', 'i':
		return true
	case 'V':
		return len(b) == 4
	}
	return len(b) == 3
}

func (f *fake) realTime(n byte, replies chan<- []byte) {
	switch {
	case f.mute:
	case n == 20:
		full := f.full
		switch {
		case time.Now().Before(f.busy):
			full[1] |= 0x0c
		case f.presents:
			full[0] |= 0x20
		}
		replies <- append([]byte{0x10, 0x0f}, full[:]...)
	case n >= 1 && n <= 4:
		replies <- []byte{f.eot[n-1]}
	}
}

func (f *fake) inOrder(replies chan<- []byte) {
	for ; f.owed > 0; f.owed-- {
		replies <- []byte{f.sensor}
	}
	if f.mute || f.noAcks {
		return
	}
	if f.slow == 0 {
		replies <- []byte{f.sensor}
		return
	}
	sensor := f.sensor
	time.AfterFunc(f.slow, func() { replies <- []byte{sensor} })
}

// count notes bytes of jobs, and does what is to happen at one of them.
func (f *fake) count(n int) {
	f.busy = time.Now().Add(max(f.slow, 200*time.Millisecond))
	if f.jobs += n; f.then != nil && f.jobs >= f.at {
		then := f.then
		f.then = nil
		then(f)
	}
}

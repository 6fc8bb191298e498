package virtual

import (
	"errors"
	"io"
	"net"
	"time"
)

// door lets clients in, one at a time, as long as the power is on.
func (m *Machine) door() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for !m.closed {
		switch {
		case m.faults[PowerOff]:
			m.wait(0)
		case m.listener == nil:
			l, err := net.Listen("tcp", m.address)
			if err != nil { // somebody else has the port for now
				m.wait(frame)
				continue
			}
			m.listener = l
			m.change()
		default:
			m.admit(m.listener)
		}
	}
}

// admit waits for a client.
func (m *Machine) admit(l net.Listener) {
	m.mu.Unlock()
	conn, err := l.Accept()
	m.mu.Lock()
	if err != nil {
		if m.listener == l {
			m.wait(frame)
		}
		return
	}
	for until := time.Now().Add(refuseAfter); m.client != nil && m.listener == l && time.Now().Before(until); {
		m.wait(frame)
	}
	if m.client != nil || m.listener != l {
		reset(conn)
		return
	}
	m.client, m.realTime = conn, realTime{}
	m.change()
	m.running.Go(func() { m.serve(conn) })
}

// serve takes what a client sends until it goes.
func (m *Machine) serve(conn net.Conn) {
	piece := make([]byte, 4096)
	for {
		if m.options.Idle > 0 {
			_ = conn.SetReadDeadline(time.Now().Add(m.options.Idle))
		}
		n, err := conn.Read(piece)
		m.mu.Lock()
		for m.client == conn && (m.faults[Unplugged] || len(m.buffer) > room) {
			m.wait(0)
		}
		if m.client == conn {
			m.receive(piece[:n])
		}
		gone := err != nil || m.client != conn
		if gone && m.client == conn {
			m.client = nil
			if errors.Is(err, io.EOF) {
				_ = conn.Close()
			} else {
				reset(conn)
			}
		}
		if n > 0 || gone {
			m.change()
		}
		m.mu.Unlock()
		if gone {
			return
		}
	}
}

// receive takes bytes into the machine, and carries out those commands that don't wait their turn.
func (m *Machine) receive(b []byte) {
	for _, c := range b {
		m.buffer = append(m.buffer, c)
		switch command := m.realTime.next(c); {
		case command == nil:
		case command[0] == esc:
			if m.options.Model.Custom {
				m.answer(m.status().paper())
			}
		case command[1] == 0x04:
			m.answer(m.status().realTime(command[2]))
		case command[1] == 0x05 && command[2] == 2 && m.jammed, command[1] == 0x14:
			m.lose(Cleared)
			m.jammed = m.faults[CutterJam] && m.jammed
		}
	}
}

// hangUp resets the connection, and listens no more.
func (m *Machine) hangUp() {
	if m.listener != nil {
		_ = m.listener.Close()
		m.listener = nil
	}
	if m.client != nil {
		reset(m.client)
		m.client = nil
	}
}

// reset closes a connection as a machine does that has lost it: its client gets an error.
func reset(conn net.Conn) {
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

// tell tells the client, if it has asked by GS a, how the machine has become.
func (m *Machine) tell() {
	if m.mask == 0 {
		return
	}
	now := m.status().automatic()
	if told := asks(m.mask, now); told != m.told {
		m.told = told
		m.answer(now)
	}
}

// noise is what no answer looks like: the highest bit of each is 0.
var noise = []byte{0xa5, 0x93, 0xff, 0xc1}

// answer sends bytes to the client.
func (m *Machine) answer(b []byte) {
	if len(b) == 0 || m.client == nil || !m.options.Model.Answers || m.faults[Deaf] || m.faults[Unplugged] || m.faults[PowerOff] {
		return
	}
	if m.faults[Garbage] {
		b = noise[:1+len(b)%len(noise)]
	}
	_ = m.client.SetWriteDeadline(time.Now().Add(answerWithin))
	_, _ = m.client.Write(b) // who doesn't read has no answer
}

// realTime looks for commands that are carried out when they arrive, also within the dots of a
// picture: that is how printers do it.
type realTime struct{ seen []byte }

// next takes a byte, and returns the command that it ends.
func (r *realTime) next(b byte) []byte {
	r.seen = append(r.seen, b)
	switch s := r.seen; {
	case len(s) == 2 && s[0] == esc && b == 'v':
		r.seen = nil
		return s
	case len(s) == 2 && s[0] == esc && (b == esc || b == dle):
		r.seen = s[1:]
	case len(s) == 2 && s[0] == esc, s[0] != dle && s[0] != esc:
		r.seen = nil
	case len(s) == 2 && s[0] == dle && (b == esc || b == dle):
		r.seen = s[1:]
	case len(s) == 2 && s[1] != 0x04 && s[1] != 0x05 && s[1] != 0x14:
		r.seen = nil
	case len(s) == 3 && s[1] != 0x14:
		r.seen = nil
		return s
	case len(s) >= 3 && s[1] == 0x14 && (s[2] != 8 || len(s) == 10):
		r.seen = nil
		if string(s[2:]) == "\x08\x01\x03\x14\x01\x06\x02\x08" {
			return s
		}
	}
	return nil
}

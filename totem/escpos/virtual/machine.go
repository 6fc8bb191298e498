package virtual

import (
	"context"
	"crypto/sha256"
	"fmt"
	"image"
	"maps"
	"net"
	"sync"
	"time"
)

// Fault is something that a [Machine] can be told to suffer from.
type Fault string

// All faults. With paper out, the cover open, the cutter jammed or broken, the machine is offline:
// it keeps what it has received, and goes on with it once the fault is mended.
const (
	PaperLow  Fault = "paper_low"
	PaperOut  Fault = "paper_out"
	CoverOpen Fault = "cover_open"
	CutterJam Fault = "cutter_jam" // when it cuts next
	Broken    Fault = "broken"     // an unrecoverable error
	PowerOff  Fault = "power_off"  // connections are reset, and all that it had received is lost
	Unplugged Fault = "unplugged"  // the cable: connections stay, and nothing goes through them
	Slow      Fault = "slow"       // a tenth of its speed
	Deaf      Fault = "deaf"       // it never answers
	Garbage   Fault = "garbage"    // its answers are noise
)

// Faults are all of them.
func Faults() []Fault {
	return []Fault{PaperLow, PaperOut, CoverOpen, CutterJam, Broken, PowerOff, Unplugged, Slow, Deaf, Garbage}
}

// Ended says why a ticket ended other than by a cut, beside a [Fault].
const (
	ByHand  Fault = "by_hand" // somebody tore it off
	Cleared Fault = "cleared" // DLE ENQ 2 or DLE DC4 8 threw away the rest
)

// Ticket is a piece of paper that has left the printer.
type Ticket struct {
	ID    int
	Paper *Paper
	Torn  Fault // why it isn't whole; empty: it was cut
	Rest  bool  // it begins in the middle, since the paper ended there
	Came  int   // how many with the same content there have been, with this one
	Taken bool  // somebody has torn it off, or taken it from the mouth
	Wrong error // an [Error]: the first byte that wasn't understood, printed as rubbish
}

// Options are what a [Machine] is like.
type Options struct {
	Model Model
	Speed float64       // millimetres of paper a second; 0: at once
	Idle  time.Duration // after which a silent client is cut off; 0: never
}

const (
	slowSpeed = 15 // millimetres a second, of a machine that has no speed
	// frame is how often moving paper is looked at.
	frame = 20 * time.Millisecond
	// room is how many bytes wait in the machine before it reads no more.
	room = 1 << 20
	// kept is of how many tickets the pictures are kept.
	kept = 200
	// refuseAfter is how long another client waits for the one before it to go.
	refuseAfter = 2 * time.Second
	// answerWithin is how long a client may take to read an answer.
	answerWithin = time.Second
)

// Machine is a printer on a TCP port. It has one client at a time, and what that one has sent stays
// in it when the client has gone.
type Machine struct {
	options Options
	address string

	mu       sync.Mutex
	changed  chan struct{} // closed at every change
	revision uint64
	closed   bool
	running  sync.WaitGroup

	listener net.Listener
	client   net.Conn
	faults   map[Fault]bool
	later    []later
	realTime realTime

	buffer  []byte // received, not yet carried out
	waits   int    // with so many bytes in the buffer, a command lacks some
	i       *interpreter
	at      int // row of the paper at the head
	rest    bool
	wrong   error
	offset  int    // bytes carried out since power on
	jammed  bool   // in the cutter is a jam
	lost    uint64 // how often everything was lost
	mask    byte   // of GS a
	told    [4]byte
	tickets []Ticket
	came    map[[sha256.Size]byte]int
}

// later is a fault that begins after so many rows of paper.
type later struct {
	fault Fault
	rows  int
}

// Start switches a machine on that listens at an address. Its port, if that was 0, is in
// [Machine.Addr].
func Start(ctx context.Context, address string, o Options) (*Machine, error) {
	o.Model = o.Model.whole()
	m := &Machine{
		options: o, changed: make(chan struct{}), faults: map[Fault]bool{}, came: map[[sha256.Size]byte]int{}, i: newInterpreter(o.Model),
	}
	m.at = m.i.paper.height
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	m.listener, m.address = l, l.Addr().String()
	m.running.Go(m.door)
	m.running.Go(m.press)
	return m, nil
}

// Addr is where it listens.
func (m *Machine) Addr() string { return m.address }

// Close switches it off for good.
func (m *Machine) Close() {
	m.mu.Lock()
	m.closed = true
	m.hangUp()
	m.change()
	m.mu.Unlock()
	m.running.Wait()
}

// change tells all who wait that something has.
func (m *Machine) change() {
	m.revision++
	close(m.changed)
	m.changed = make(chan struct{})
}

// wait lets go of the lock until something has changed, or d has passed; 0: for however long.
func (m *Machine) wait(d time.Duration) {
	changed := m.changed
	m.mu.Unlock()
	defer m.mu.Lock()
	if d == 0 {
		<-changed
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-changed:
	case <-timer.C:
	}
}

// Set begins or mends a fault.
func (m *Machine) Set(f Fault, on bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.set(f, on)
	for f == PowerOff && !on && m.listener == nil && !m.closed {
		m.wait(0) // until it listens again
	}
}

// SetAfter begins a fault once so many millimetres more of paper have been printed.
func (m *Machine) SetAfter(f Fault, mm float64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.later = append(m.later, later{f, max(1, m.options.Model.rows(mm))})
	m.change()
}

func (m *Machine) set(f Fault, on bool) {
	if m.faults[f] == on {
		return
	}
	m.faults[f] = on
	switch {
	case f == PaperOut && on:
		m.part(PaperOut)
	case f == CutterJam && !on:
		m.jammed = false
	case f == PowerOff && on:
		m.lose(PowerOff)
		m.i.off, m.mask, m.jammed = false, 0, false
		m.i.reset()
		m.hangUp()
	}
	m.tell()
	m.change()
}

// stopped reports whether a fault keeps it from printing.
func (m *Machine) stopped() bool {
	return m.faults[PaperOut] || m.faults[CoverOpen] || m.faults[Broken] || m.faults[PowerOff] || m.jammed
}

func (m *Machine) status() *status {
	last := len(m.tickets) - 1
	return &status{
		model: m.options.Model, nearEnd: m.faults[PaperLow], paperOut: m.faults[PaperOut], cover: m.faults[CoverOpen],
		jammed: m.jammed, broken: m.faults[Broken], offline: m.stopped(),
		unprinted: m.at < m.i.paper.height,
		presented: m.options.Model.Presenter && last >= 0 && m.tickets[last].Torn == "" && !m.tickets[last].Taken,
	}
}

// lose throws away what was received and not printed. What has been printed of a ticket is torn.
func (m *Machine) lose(why Fault) {
	m.lost++
	m.buffer, m.waits, m.realTime, m.offset = nil, 0, realTime{}, 0
	m.i.line = line{}
	m.part(why)
	m.i.fresh()
	m.at, m.rest, m.wrong = m.i.paper.height, false, nil
}

// part takes off what has been printed. What the head has not come to yet is printed on new paper.
func (m *Machine) part(why Fault) {
	head, tail := m.i.paper.split(m.at)
	if head.Blank() {
		return
	}
	m.drop(head, why)
	m.i.fresh()
	m.at = m.i.paper.height
	m.i.paper.join(tail)
	m.rest = true
}

// drop lets a piece of paper fall.
func (m *Machine) drop(p *Paper, why Fault) {
	content := p.content()
	m.came[content]++
	t := Ticket{ID: len(m.tickets) + 1, Paper: p, Torn: why, Rest: m.rest, Came: m.came[content], Wrong: m.wrong}
	m.tickets = append(m.tickets, t)
	m.rest, m.wrong = false, nil
	if old := len(m.tickets) - 1 - kept; old >= 0 {
		m.tickets[old].Paper = m.tickets[old].Paper.withoutPicture()
	}
}

// TearOff takes what hangs out of the printer: tickets that were cut, and paper that wasn't.
func (m *Machine) TearOff() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.at == m.i.paper.height && !m.faults[PowerOff] {
		m.part(ByHand)
		m.rest = false
	}
	for n := range m.tickets {
		m.tickets[n].Taken = true
	}
	m.tell()
	m.change()
}

// Tickets are the pieces of paper that have come out, the oldest first. Of the older ones the
// pictures are gone.
func (m *Machine) Tickets() []Ticket {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]Ticket(nil), m.tickets...)
}

// Look is what somebody sees who stands in front of the machine.
type Look struct {
	Revision uint64
	Faults   map[Fault]bool
	Online   bool
	Jammed   bool // the cutter, by its fault
	Client   bool // somebody is connected
	Waiting  int  // bytes received and not yet printed
	Printing bool
	Tickets  []Ticket
	Hanging  int // rows of paper that look out, of a ticket in the making
}

// Look looks at it.
func (m *Machine) Look() Look {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.look()
}

func (m *Machine) look() Look {
	hanging := m.at
	if m.i.paper.Blank() {
		hanging = 0
	}
	return Look{
		Revision: m.revision, Faults: maps.Clone(m.faults), Online: !m.stopped(), Jammed: m.jammed, Client: m.client != nil,
		Waiting: len(m.buffer), Printing: m.at < m.i.paper.height, Tickets: append([]Ticket(nil), m.tickets...), Hanging: hanging,
	}
}

// Hanging draws the ticket in the making, as far as it looks out.
func (m *Machine) Hanging() *image.Gray {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.i.paper.draw(m.at)
}

// Wait waits until the machine looks as wanted.
func (m *Machine) Wait(ctx context.Context, wanted func(Look) bool) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for {
		look := m.look()
		if wanted(look) {
			return nil
		}
		if m.closed {
			return fmt.Errorf("the machine at %s is closed", m.address)
		}
		changed := m.changed
		m.mu.Unlock()
		select {
		case <-ctx.Done():
			m.mu.Lock()
			return fmt.Errorf("wait for the machine at %s, which looks like %+v: %w", m.address, look, ctx.Err())
		case <-changed:
			m.mu.Lock()
		}
	}
}

package escpos

import (
	"context"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"
)

const (
	// defaultPoll is how often an idle printer is asked how it is.
	defaultPoll = 10 * time.Second
	// soon is how often one is asked that can't print, for its paper to be noticed quickly.
	soon = 3 * time.Second
	// verySoon is how often one is asked that holds a ticket out.
	verySoon = time.Second
)

// way is how jobs get to a printer. One caller at a time.
type way interface {
	// print sends the next job once, when there is one. A job of which a byte was sent is never
	// failed.
	print(ctx context.Context, next Next) (Outcome, Status)
	// check finds out how the printer is.
	check(ctx context.Context) Status
	close()
}

// Printer is one printer at its address. It prints one job at a time.
type Printer struct {
	profile Profile
	poll    time.Duration
	way     way
	turn    chan struct{} // who has it, uses the way

	mu       sync.Mutex
	status   Status
	changed  chan struct{} // closed at the next change
	checking context.CancelFunc
	closed   bool
	mouth    time.Time // since when a ticket is held out; zero if none is
}

// Option changes how a printer is opened.
type Option func(*options)

type options struct {
	poll time.Duration
	dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// WithPoll sets how often an idle printer is asked how it is.
func WithPoll(every time.Duration) Option { return func(o *options) { o.poll = every } }

// WithDial replaces how a network printer is called.
func WithDial(dial func(ctx context.Context, network, address string) (net.Conn, error)) Option {
	return func(o *options) { o.dial = dial }
}

// Open returns the printer at an address: tcp://HOST:PORT (9100 without a port), usb:/dev/usb/lp0,
// cups:QUEUE or none. It isn't called yet, and may be away: an error is one of the address.
func Open(address string, p Profile, opts ...Option) (*Printer, error) {
	o := options{poll: defaultPoll, dial: (&net.Dialer{}).DialContext}
	for _, set := range opts {
		set(&o)
	}
	printer := &Printer{
		profile: p, poll: o.poll, turn: make(chan struct{}, 1), changed: make(chan struct{}),
		status: Status{StateOffline, ReasonUnreachable},
	}
	kind, rest, _ := strings.Cut(address, ":")
	var err error
	switch {
	case address == "none" || address == "":
		printer.way, printer.status = nothing{}, nothing{}.check(context.Background())
	case kind == "tcp":
		printer.way, err = newTCP(rest, p, o.dial, printer.hear)
	case kind == "usb":
		printer.way, err = newUSB(rest, p, printer.hear)
	case kind == "cups":
		printer.way, err = newCUPS(rest, p)
	default:
		err = fmt.Errorf("%q is none of tcp://HOST:9100, usb:/dev/usb/lp0, cups:QUEUE and none", address)
	}
	if err != nil {
		return nil, fmt.Errorf("escpos: printer: %w", err)
	}
	return printer, nil
}

// Profile is what the printer was opened with.
func (p *Printer) Profile() Profile { return p.profile }

// Print sends the next job, once, and waits until it is known what became of it or no longer to be
// hoped. While the job is still being made the printer is called and asked how it is; if there is
// none after all, the outcome is failed. Nothing is sent to a printer that says it can't print.
// When ctx ends before the first byte the job has failed; later it is unknown, though all of it is
// still sent.
func (p *Printer) Print(ctx context.Context, next Next) Outcome {
	p.interrupt()
	select {
	case p.turn <- struct{}{}:
	case <-ctx.Done():
		return Outcome{Failed, ReasonCancelled}
	}
	defer func() { <-p.turn }()
	if ctx.Err() != nil || p.isClosed() {
		return Outcome{Failed, ReasonCancelled}
	}
	p.newTicket()
	outcome, status := p.way.print(ctx, next)
	if outcome.Reason != ReasonCancelled {
		p.note(status)
	}
	return outcome
}

// Status is how the printer was when it last said so.
func (p *Printer) Status() Status {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.status
}

// Check asks the printer how it is. A job goes first: then, and when ctx ends, the last known
// status is returned.
func (p *Printer) Check(ctx context.Context) Status {
	select {
	case p.turn <- struct{}{}:
	case <-ctx.Done():
		return p.Status()
	}
	defer func() { <-p.turn }()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	p.mu.Lock()
	p.checking = cancel
	closed := p.closed
	p.mu.Unlock()
	if closed {
		return p.Status()
	}
	status := p.way.check(ctx)
	if ctx.Err() == nil {
		p.note(status)
	}
	return p.Status()
}

// Watch asks the printer from time to time, and tells its status at once and after every change,
// until ctx ends. tell isn't called twice at a time.
func (p *Printer) Watch(ctx context.Context, tell func(Status)) {
	p.Check(ctx)
	var told Status
	for first := true; ctx.Err() == nil; first = false {
		status, changed := p.look()
		if first || status != told {
			tell(status)
			told = status
		}
		timer := time.NewTimer(p.pause(status))
		select {
		case <-changed:
		case <-timer.C:
			p.Check(ctx)
		case <-ctx.Done():
		}
		timer.Stop()
	}
}

// Close ends the way to the printer, after the job that is under way.
func (p *Printer) Close() {
	p.interrupt()
	p.turn <- struct{}{}
	defer func() { <-p.turn }()
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	p.way.close()
}

// pause is how long to wait until the next question.
func (p *Printer) pause(s Status) time.Duration {
	switch {
	case s.Reason == ReasonTicketInMouth:
		return min(verySoon, p.poll)
	case !s.State.Prints() && s.State != StateNone:
		return min(soon, p.poll)
	}
	return p.poll
}

// interrupt ends a check that is under way: somebody waits for a ticket.
func (p *Printer) interrupt() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.checking != nil {
		p.checking()
	}
}

func (p *Printer) isClosed() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.closed
}

func (p *Printer) look() (Status, <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.status, p.changed
}

// hear takes what the printer says unasked.
func (p *Printer) hear(a Alarm) { p.note(a.Status()) }

// newTicket forgets what became of the ticket before.
func (p *Printer) newTicket() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.mouth = time.Time{}
	if p.status.Reason == ReasonTicketTaken || p.status.Reason == ReasonTicketNotTaken {
		p.status.Reason = ""
	}
}

func (p *Printer) note(s Status) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if s = p.withTicket(s); s == p.status {
		return
	}
	p.status = s
	close(p.changed)
	p.changed = make(chan struct{})
}

// withTicket adds what is known of the ticket that a presenter held out: it was taken, or it was
// there until the presenter let it fall. Until the next job, that is the reason of a printer that
// is well.
func (p *Printer) withTicket(s Status) Status {
	if !s.State.Prints() || p.profile.Presenter == 0 {
		return s
	}
	switch {
	case s.Reason == ReasonTicketInMouth && p.mouth.IsZero():
		p.mouth = time.Now()
	case s.Reason == "" && !p.mouth.IsZero():
		s.Reason = ReasonTicketTaken
		if time.Since(p.mouth) >= p.profile.Presenter {
			s.Reason = ReasonTicketNotTaken
		}
		p.mouth = time.Time{}
	case s.Reason == "" && (p.status.Reason == ReasonTicketTaken || p.status.Reason == ReasonTicketNotTaken):
		s.Reason = p.status.Reason
	}
	return s
}

// nothing is no printer at all.
type nothing struct{}

func (nothing) print(context.Context, Next) (Outcome, Status) {
	return Outcome{Failed, ReasonNoPrinter}, Status{StateNone, ReasonNoPrinter}
}

func (nothing) check(context.Context) Status { return Status{StateNone, ReasonNoPrinter} }

func (nothing) close() {}

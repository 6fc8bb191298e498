// Package engine runs offices: for each a single goroutine that takes commands
// in, has the rules of package queue decide them, commits their events to the
// journal together, and only then changes the state, answers, and lets the
// views be made. It decides nothing itself.
//
// Commands that wait together are committed together. A journal shared by
// several servers arbitrates between them: the loser of a race reads what the
// other wrote and decides again.
package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/eliminacode/eliminacode/pkg/journal"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

var (
	// ErrUnknownOffice says that there is no such office.
	ErrUnknownOffice = errors.New("engine: unknown office")
	// ErrGap says that the journal lacks events that the state needs.
	ErrGap = errors.New("engine: the journal has a gap")
	// ErrTold says that the log has been told of the outage already, once, by the office.
	ErrTold = errors.New("the log says why")
	// ErrStopped says that the server is stopping and takes no new commands.
	ErrStopped = errors.New("engine: stopping")
)

// Options says what an engine works with.
type Options struct {
	Journal journal.Journal
	Now     func() time.Time
	Log     *slog.Logger
	// TrustClock says that the clock is right although an office's last event is of more than a
	// year ago.
	TrustClock bool
	// InUse reports whether somebody is looking at an office, which keeps it loaded.
	InUse func(office string) bool
	// IdleAfter is how long an office that nobody uses stays loaded; 0: for good.
	IdleAfter time.Duration
	// PollEvery is how often the journal is read without the doorbell; 0: never,
	// for a journal that no other server writes to.
	PollEvery time.Duration
}

// Engine runs the offices of one journal, each from its first use on.
type Engine struct {
	opt Options

	mu        sync.Mutex
	observers []Observer
	offices   map[string]*office
	stopped   bool
	running   sync.WaitGroup
}

// New returns an engine. Close ends it.
func New(opt Options) *Engine {
	if opt.InUse == nil {
		opt.InUse = func(string) bool { return false }
	}
	if opt.Log == nil {
		opt.Log = slog.New(slog.DiscardHandler)
	}
	return &Engine{opt: opt, offices: map[string]*office{}}
}

// Do has a command carried out. When it returns nil, what the answer tells is
// durable. It returns a [*queue.Refusal] when the rules refuse the command,
// [journal.ErrUnavailable] when it is not known to be durable (the same command
// may then be sent again), [ErrUnknownOffice] or [ErrStopped].
func (e *Engine) Do(ctx context.Context, name string, c queue.Command) (queue.Answer, error) {
	r := &request{command: c, done: make(chan struct{})}
	if err := e.send(ctx, name, r); err != nil {
		return queue.Answer{}, err
	}
	return r.answer, r.err
}

// Read calls look with the office's state as the journal has it. Look must
// return soon and must not keep or change the state. It returns
// [journal.ErrUnavailable] while the journal can't be read.
func (e *Engine) Read(ctx context.Context, name string, look func(s *queue.State, now time.Time)) error {
	r := &request{look: look, done: make(chan struct{})}
	if err := e.send(ctx, name, r); err != nil {
		return err
	}
	return r.err
}

// Create makes a new office with its first configuration. It returns a
// [*queue.Refusal] with code conflict if the office exists.
func (e *Engine) Create(ctx context.Context, name string, cfg *queue.Config) error {
	s := new(queue.State)
	events, _, err := s.Execute(queue.Command{By: "system", Do: queue.Configure{Config: cfg}}, e.opt.Now())
	if err != nil {
		return err
	}
	err = e.opt.Journal.Append(ctx, journal.Batch{Office: name, Events: events})
	if errors.Is(err, journal.ErrConflict) {
		return queue.Refuse(queue.Conflict, queue.ReasonOfficeExists)
	}
	return err
}

// Ring tells the engine that another server has written to the office.
func (e *Engine) Ring(name string) {
	e.mu.Lock()
	o := e.offices[name]
	e.mu.Unlock()
	if o == nil {
		return
	}
	select {
	case o.rung <- struct{}{}:
	default: // it has been told already
	}
}

// unwrittenFor is for how long a commit that failed speaks against the journal, if none is tried
// since: a balancer that sends no commands to a server that isn't ready must not wait for one.
const unwrittenFor = 2 * time.Second

// Written returns nil unless the last commit of a loaded office has failed within the last seconds:
// then [journal.ErrUnavailable].
func (e *Engine) Written() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	since := time.Now().Add(-unwrittenFor).UnixMicro()
	for name, o := range e.offices {
		if o.pipeline.unwritten.Load() > since {
			return fmt.Errorf("office %s: %w", name, errors.Join(journal.ErrUnavailable, ErrTold))
		}
	}
	return nil
}

// Loaded returns how many offices are loaded.
func (e *Engine) Loaded() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.offices)
}

// Close takes no more commands, lets the running ones end, keeps a snapshot of
// every office and waits for all that until ctx ends. It may be called twice.
func (e *Engine) Close(ctx context.Context) error {
	e.mu.Lock()
	e.stopped = true
	for _, o := range e.offices {
		o.stop()
	}
	e.mu.Unlock()
	ended := make(chan struct{})
	go func() {
		e.running.Wait()
		close(ended)
	}()
	select {
	case <-ended:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("close engine: %w", ctx.Err())
	}
}

// send gives a request to the office's goroutine and waits for its end.
func (e *Engine) send(ctx context.Context, name string, r *request) error {
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		o, err := e.office(name)
		if err != nil {
			return err
		}
		select {
		case o.inbox <- r:
		case <-o.ended: // it was let go between finding and asking
			if o.err != nil {
				return o.err
			}
			continue
		case <-ctx.Done():
			return ctx.Err()
		}
		select {
		case <-r.done:
			return nil
		case <-o.ended:
			select {
			case <-r.done:
				return nil
			default: // it ended with the request unread
			}
			if o.err != nil {
				return o.err
			}
		case <-ctx.Done():
			if r.look != nil && !r.taken.CompareAndSwap(false, true) {
				<-r.done // it is looking: what it writes is the caller's
				return nil
			}
			// A command that is being committed may still be carried out; its sender asks again
			// with the same id.
			r.gone.Store(true)
			return ctx.Err()
		}
	}
}

// office returns the running office, and starts it if it isn't loaded.
func (e *Engine) office(name string) (*office, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.stopped {
		return nil, ErrStopped
	}
	if o := e.offices[name]; o != nil {
		return o, nil
	}
	o := newOffice(name, &e.opt, e.observers)
	e.offices[name] = o
	e.running.Go(func() {
		defer close(o.ended)
		defer e.forget(o)
		o.run()
	})
	return o, nil
}

func (e *Engine) forget(o *office) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.offices, o.name)
}

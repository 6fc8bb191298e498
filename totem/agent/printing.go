package agent

import (
	"context"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/eliminacode/eliminacode/pkg/view"
	"github.com/eliminacode/eliminacode/totem/escpos"
	"github.com/eliminacode/eliminacode/totem/paper"
)

// What became of a ticket's paper, as the API says it.
const (
	printedNo      = "no"
	printedPending = "pending"
	resultFailed   = "failed"
	resultUnknown  = "unknown"
)

// The reasons of results that aren't the printer's.
const (
	reasonRestarted = "agent_restarted" // while it was printing, or about to
	reasonLost      = "agent_lost"      // the agent knows nothing of the job: its folder was lost
	reasonNotDrawn  = "not_drawn"       // the paper couldn't be made
)

// firstCopy is what a ticket's issue prints. Those that the server asks for are numbers too;
// others, made while it was away, are the agent's own.
const firstCopy = "0"

const localPrefix = "l"

func isLocal(copied string) bool { return strings.HasPrefix(copied, localPrefix) }

func orPending(result string) string {
	if result == "" {
		return printedPending
	}
	return result
}

// Printer is what prints: *[escpos.Printer].
type Printer interface {
	Profile() escpos.Profile
	Print(ctx context.Context, next escpos.Next) escpos.Outcome
	Status() escpos.Status
	Watch(ctx context.Context, tell func(escpos.Status))
	Close()
}

// copyOf is a copy that is to be printed, once.
type copyOf struct {
	ticket, copied string
	known          chan struct{} // closed once it is known what it says, and noted that it is printed
	paper          *paper.Ticket // then; nil: there is no such copy
	done           chan struct{} // closed once its result is noted
}

// says ends the waiting for what a copy says.
func (c *copyOf) says(t *paper.Ticket) {
	c.paper = t
	close(c.known)
}

// press prints copies one after another.
type press struct {
	mu    sync.Mutex
	queue []*copyOf
	wake  chan struct{}
}

func newPress() *press { return &press{wake: make(chan struct{}, 1)} }

// add takes a copy whose beginning has been noted.
func (p *press) add(ticket, copied string, t *paper.Ticket) *copyOf {
	c := p.expect(ticket, copied)
	c.says(t)
	return c
}

// expect takes a copy of which it isn't known yet what it says, nor whether there will be one: the
// printer can be asked meanwhile whether it is well.
func (p *press) expect(ticket, copied string) *copyOf {
	c := &copyOf{ticket: ticket, copied: copied, known: make(chan struct{}), done: make(chan struct{})}
	p.mu.Lock()
	p.queue = append(p.queue, c)
	p.mu.Unlock()
	select {
	case p.wake <- struct{}{}:
	default:
	}
	return c
}

func (p *press) take() *copyOf {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.queue) == 0 {
		return nil
	}
	c := p.queue[0]
	p.queue = p.queue[1:]
	return c
}

// print prints what comes until asked ends, and what is there then, all of it by last. A job that
// doesn't reach the printer any more has failed.
func (a *Agent) print(asked, last context.Context) {
	for {
		for c := a.press.take(); c != nil; c = a.press.take() {
			a.printOne(last, c)
		}
		select {
		case <-a.press.wake:
		case <-asked.Done():
			for c := a.press.take(); c != nil; c = a.press.take() {
				a.printOne(last, c)
			}
			return
		}
	}
}

func (a *Agent) printOne(ctx context.Context, c *copyOf) {
	defer close(c.done)
	drawn := true
	outcome := a.opt.Printer.Print(ctx, func() (escpos.Job, bool) {
		<-c.known
		if c.paper == nil {
			return escpos.Job{}, false
		}
		data, err := paper.Print(*c.paper, a.opt.Printer.Profile())
		if drawn = err == nil; !drawn {
			a.opt.Log.Error("a ticket's paper can't be made", "number", c.paper.Number, "err", err)
		}
		return escpos.Job{Title: c.paper.Number, Data: data}, drawn
	})
	if <-c.known; c.paper == nil {
		return
	}
	if !drawn {
		outcome.Reason = reasonNotDrawn
	}
	if outcome.Result != escpos.Yes {
		a.opt.Log.Warn("a ticket isn't known to be printed", "number", c.paper.Number, "printed", outcome.Result, "reason", outcome.Reason)
	}
	a.memory.keep(true, record{
		Kind: recResult, Ticket: c.ticket, Copy: c.copied, Result: string(outcome.Result), Reason: string(outcome.Reason),
	})
	a.change()
}

// followWanted prints what the views of a session want, until ctx ends.
func (a *Agent) followWanted(ctx context.Context) {
	var done *page
	for ctx.Err() == nil {
		changed := a.changes()
		a.mu.Lock()
		now, up, lost := a.at, a.link.up, a.link.lost
		a.mu.Unlock()
		if up && now != nil && now != done {
			for i := range now.Print {
				a.printWanted(&now.Print[i], lost)
			}
			done = now
			a.mu.Lock()
			a.link.lost = false
			a.mu.Unlock()
			continue
		}
		select {
		case <-changed:
		case <-ctx.Done():
		}
	}
}

// printWanted prints a copy that somebody wants, once. An agent that has lost its folder doesn't
// know whether it did so already.
func (a *Agent) printWanted(w *view.Print, lost bool) {
	id, copied, service := string(w.Ticket.ID), strconv.Itoa(w.Copy), ""
	if t := a.memory.ticket(id); t != nil {
		if t.job(copied) != nil {
			return
		}
		service = t.Service
	}
	if lost {
		a.memory.keep(false, record{Kind: recResult, Ticket: id, Copy: copied, Result: resultUnknown, Reason: reasonLost})
		a.change()
		return
	}
	if err := a.memory.note(true, record{Kind: recJob, Ticket: id, Copy: copied}); err != nil {
		a.memory.remember(record{Kind: recResult, Ticket: id, Copy: copied, Result: resultFailed, Reason: reasonDisk})
		a.change()
		return
	}
	said := *w.Ticket
	said.URL = a.addressOf(&said)
	a.press.add(id, copied, onPaper(a.page(), &said, service, w.Copy))
	a.change()
}

// watchPrinter tells of the printer's state until ctx ends.
func (a *Agent) watchPrinter(ctx context.Context) {
	a.opt.Printer.Watch(ctx, func(s escpos.Status) {
		a.opt.Log.Info("printer", "state", s.State, "reason", s.Reason)
		a.change()
	})
}

// soonKnown waits a moment for a copy whose printer is known not to print: it fails at once.
func soonKnown(c *copyOf, s escpos.Status) {
	if s.State.Prints() {
		return
	}
	timer := time.NewTimer(failsWithin)
	defer timer.Stop()
	select {
	case <-c.done:
	case <-timer.C:
	}
}

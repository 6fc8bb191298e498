package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/eliminacode/eliminacode/pkg/journal"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// batch is commands that are committed together.
type batch struct {
	commands []*request
	events   []queue.Event // what they bring about
	races    int           // how often another server was faster
}

// begin has the rules decide commands, and sends them on their way as soon as
// what went before has arrived.
func (o *office) begin(commands []*request) {
	if o.lost && !o.catchUp() {
		endAll(commands, o.unavailable(nil))
		return
	}
	o.decide(commands)
	if o.flying == nil {
		o.launch()
	}
}

// decide has the rules decide the commands one after the other on the state ahead.
// Not those whose sender has gone: who sent such a one again, to another server,
// may have been answered that there was nothing to do, of which the journal has no trace.
func (o *office) decide(commands []*request) {
	now := o.opt.Now()
	for _, r := range commands {
		if r.gone.Load() {
			continue
		}
		o.next.events, r.answer, r.err = o.ahead.ExecuteTo(o.next.events, r.command, now)
		o.next.commands = append(o.next.commands, r)
	}
}

// again has the commands that were decided, but not sent on their way, decided once more.
func (o *office) again() {
	commands := o.next.commands
	o.next = batch{races: o.next.races}
	o.ahead = o.state.Clone()
	o.decide(commands)
}

// launch sends what was decided on its way into the journal.
func (o *office) launch() {
	if slices.ContainsFunc(o.next.commands, func(r *request) bool { return r.gone.Load() }) {
		o.again()
	}
	if len(o.next.events) == 0 && len(o.next.commands) > 0 && o.opt.PollEvery > 0 { // another server may have written what changes a refusal
		state, seq := o.state, o.state.Seq
		if !o.catchUp() {
			o.abandon(nil)
			return
		}
		if o.state != state || o.state.Seq != seq {
			o.again()
		}
	}
	b := o.next
	if len(b.events) == 0 {
		endAll(b.commands, nil)
		o.next = batch{events: b.events}
		return
	}
	o.next = batch{events: o.spare}
	o.spare = nil
	o.flying = &b
	content := journal.Batch{Office: o.name, Events: b.events, Tickets: o.ahead.Touched(b.events)}
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), journalTimeout)
		defer cancel()
		o.landed <- o.opt.Journal.Append(ctx, content)
	}()
}

// land does what follows from the end of a commit: apply, answer, send the next on its way, show.
func (o *office) land(err error) {
	b := o.flying
	o.flying = nil
	if err != nil {
		o.miss(b, err)
		return
	}
	for i := range b.events {
		o.state.Apply(&b.events[i])
	}
	o.last = new(b.events[len(b.events)-1])
	o.unseen.add(b.events...)
	o.opt.Journal.Ring(o.name)
	endAll(b.commands, nil)
	clear(b.events)
	o.spare = b.events[:0]
	o.launch()
	o.show()
}

// miss does what follows from a commit that failed. What was decided after it can't stand either.
func (o *office) miss(b *batch, err error) {
	o.ahead = o.state.Clone()
	if errors.Is(err, journal.ErrConflict) {
		// Another server was faster: read what it wrote, and decide again.
		o.next = batch{commands: slices.Concat(b.commands, o.next.commands), races: b.races + 1}
		switch {
		case o.next.races > racesMax:
			o.abandon(errors.New("too many races with another server"))
		case !o.catchUp():
			o.abandon(nil)
		default:
			o.again()
			o.launch()
		}
		return
	}
	o.log.Error("journal: append failed", "err", err)
	o.lost = true
	if !o.catchUp() {
		o.next.commands = slices.Concat(b.commands, o.next.commands)
		o.abandon(err)
		return
	}
	// It may have been durable all the same: what the journal has says so.
	for _, r := range b.commands {
		if a, durable := o.state.Answers[r.command.ID]; durable && r.command.ID != "" {
			r.answer = a
			r.end(nil)
		} else { // also one that was refused, because of another perhaps that was not carried out
			r.end(o.unavailable(err))
		}
	}
	o.again()
	o.launch()
}

// settle waits for what is on its way.
func (o *office) settle() {
	for o.flying != nil {
		o.land(<-o.landed)
	}
}

// abandon ends what isn't on its way.
func (o *office) abandon(cause error) {
	endAll(o.next.commands, o.unavailable(cause))
	o.next = batch{}
}

// unavailable is [journal.ErrUnavailable] with its cause, which may be nil: known before.
func (o *office) unavailable(cause error) error {
	return fmt.Errorf("office %s: %w", o.name, errors.Join(journal.ErrUnavailable, cause))
}

// endAll ends the commands with err, or with their own errors if it is nil.
func endAll(commands []*request, err error) {
	for _, r := range commands {
		if err != nil {
			r.end(err)
		} else {
			r.end(r.err)
		}
	}
}

package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync/atomic"
	"time"

	"github.com/eliminacode/eliminacode/pkg/journal"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// pipeline carries an office's commands into its journal, batch after batch: while one is being
// committed, the next is decided already. docs/architecture.md draws its states. It belongs to
// the office's goroutine.
type pipeline struct {
	office  string
	journal journal.Journal
	shared  bool // other servers may write to the journal
	clock   clock
	log     *slog.Logger

	state      *queue.State  // what the journal has
	last       *queue.Event  // the event that brought it there; nil: not known, it is a snapshot's
	ahead      *queue.State  // state, then the events of committing, then those of next
	committing *batch        // nil: none; while there is one, nothing else reads the journal
	committed  chan error    // how that ended
	next       batch         // decided, to be committed then
	spare      []queue.Event // a buffer for the next batch's events
	trust      trust
	unwritten  atomic.Int64 // when a commit last failed, unless one has succeeded since; microseconds since 1970, 0: none
	unseen     unseen       // by the observers
}

// trust says how far the state can be relied upon to be the journal's.
type trust int

const (
	current  trust = iota // it is
	doubtful              // a commit failed, perhaps after it was durable: the journal must be read
	outdated              // and it couldn't be read: other servers may have gone on
)

// batch is commands that are committed together.
type batch struct {
	commands []*request
	events   []queue.Event // what they bring about
	races    int           // how often another server was faster
}

func newPipeline(office string, opt *Options, observers []Observer, log *slog.Logger) *pipeline {
	return &pipeline{
		office: office, journal: opt.Journal, shared: opt.PollEvery > 0, log: log,
		clock:     clock{machine: opt.Now, log: log},
		committed: make(chan error, 1), unseen: unseen{observers: observers},
	}
}

// now is the office's time.
func (p *pipeline) now() time.Time { return p.clock.now(p.state) }

// full reports whether the next batch takes no more commands.
func (p *pipeline) full() bool { return len(p.next.commands) >= batchMax }

// add has the rules decide commands, and commits them as soon as what went before is.
func (p *pipeline) add(commands []*request) {
	if p.trust != current && !p.catchUp() {
		endAll(commands, p.unavailable(nil))
		return
	}
	p.decide(commands)
	if p.committing == nil {
		p.commit()
	}
}

// decide has the rules decide the commands one after the other on the state ahead.
// Not those whose sender has gone: whoever sent one again, to another server,
// may have been answered that there was nothing to do, of which the journal has no trace.
func (p *pipeline) decide(commands []*request) {
	if p.next.events == nil {
		p.next.events, p.spare = p.spare, nil
	}
	office := p.now()
	for _, r := range commands {
		if r.gone.Load() {
			continue
		}
		now := office
		if _, trusted := r.command.Do.(queue.SetClock); trusted {
			now = p.clock.machine()
		}
		p.next.events, r.answer, r.err = p.ahead.ExecuteTo(p.next.events, r.command, now)
		p.next.commands = append(p.next.commands, r)
	}
}

// decideAgain has the next batch's commands decided once more, on the state as it is now.
func (p *pipeline) decideAgain() {
	commands := p.next.commands
	p.next = batch{races: p.next.races}
	p.ahead = p.state.Clone()
	p.decide(commands)
}

// commit begins to commit the next batch.
func (p *pipeline) commit() {
	if slices.ContainsFunc(p.next.commands, func(r *request) bool { return r.gone.Load() }) {
		p.decideAgain()
	}
	if len(p.next.events) == 0 && len(p.next.commands) > 0 && p.shared { // another server may have written what changes a refusal
		state, seq := p.state, p.state.Seq
		if !p.catchUp() {
			p.abandon(nil)
			return
		}
		if p.state != state || p.state.Seq != seq {
			p.decideAgain()
		}
	}
	b := p.next
	p.next = batch{}
	if len(b.events) == 0 {
		endAll(b.commands, nil)
		p.giveBack(b.events)
		return
	}
	p.committing = &b
	content := journal.Batch{Office: p.office, Events: b.events, Tickets: p.ahead.Touched(b.events)}
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), journalTimeout)
		defer cancel()
		p.committed <- p.journal.Append(ctx, content)
	}()
}

// finish does what follows from the end of a commit: apply, answer, commit the next.
func (p *pipeline) finish(err error) {
	b := p.committing
	p.committing = nil
	if err != nil {
		p.fail(b, err)
		return
	}
	if p.unwritten.Swap(0) != 0 {
		p.log.Info("journal: can be written again")
	}
	for i := range b.events {
		p.apply(&b.events[i])
	}
	p.last = new(b.events[len(b.events)-1])
	p.unseen.add(b.events...)
	p.trusted() // or else another server's events would stand where these do now
	p.journal.Ring(p.office)
	endAll(b.commands, nil)
	p.giveBack(b.events)
	p.commit()
}

// apply brings what the journal has got into the state.
func (p *pipeline) apply(e *queue.Event) {
	if e.Kind == queue.ClockSet {
		p.log.Error("clock: the machine's was wrong, and the office has gone over to another time", "from", e.Since, "to", e.At)
	}
	p.state.Apply(e)
}

// giveBack keeps the buffer of events that nobody needs any longer, to be used again.
func (p *pipeline) giveBack(events []queue.Event) {
	if events != nil {
		clear(events)
		p.spare = events[:0]
	}
}

// fail does what follows from a commit that failed. What was decided after it can't stand either.
func (p *pipeline) fail(b *batch, err error) {
	p.ahead = p.state.Clone()
	if errors.Is(err, journal.ErrConflict) {
		// Another server was faster: read what it wrote, and decide again.
		p.next = batch{commands: slices.Concat(b.commands, p.next.commands), races: b.races + 1}
		switch {
		case p.next.races > racesMax:
			p.abandon(errors.New("too many races with another server"))
		case !p.catchUp():
			p.abandon(nil)
		default:
			p.decideAgain()
			p.commit()
		}
		return
	}
	if p.unwritten.Swap(time.Now().UnixMicro()) == 0 { // of the machine: the office's clock may be shifted
		p.log.Error("journal: can't be written, commands are refused", "err", err)
	}
	p.trust = max(p.trust, doubtful)
	if !p.catchUp() {
		p.next.commands = slices.Concat(b.commands, p.next.commands)
		p.abandon(err)
		return
	}
	// It may have been durable all the same: what the journal has says so.
	for _, r := range b.commands {
		if a, durable := p.state.Answers[r.command.ID]; durable && r.command.ID != "" {
			r.answer = a
			r.end(nil)
		} else { // also one that was refused, because of another perhaps that was not carried out
			r.end(p.unavailable(err))
		}
	}
	p.decideAgain()
	p.commit()
}

// settle waits until nothing is being committed.
func (p *pipeline) settle() {
	if p.committing == nil {
		return
	}
	late := time.NewTimer(silentMax)
	defer late.Stop()
	for p.committing != nil {
		select {
		case err := <-p.committed:
			p.finish(err)
		case <-late.C:
			if p.shared { // other servers may go on meanwhile
				p.lose(fmt.Errorf("no answer for %v", silentMax))
			}
		}
	}
}

// catchUp brings the state up to the journal. It reports whether that succeeded.
func (p *pipeline) catchUp() bool {
	seq := p.state.Seq
	var err error
	p.last, err = read(context.Background(), p.journal, silentMax, p.office, seq, p.last, func(e *queue.Event) {
		p.apply(e)
		p.ahead.Apply(e)
		p.unseen.add(*e)
	})
	if errors.Is(err, errRewritten) {
		p.log.Warn("journal: not what it was, the office is read anew", "seq", seq, "err", err)
		_, err = p.load()
	}
	if err != nil {
		p.lose(err)
		return false
	}
	p.trusted()
	return true
}

// lose notes that the state may be old, and has nothing shown any longer.
func (p *pipeline) lose(err error) {
	if p.trust == outdated {
		return
	}
	p.log.Error("journal: can't be read, nothing is shown", "err", err)
	p.trust = outdated
	p.unseen.lost(p.office)
}

// trusted notes that the state is the journal's.
func (p *pipeline) trusted() {
	if p.trust == outdated {
		p.log.Info("journal: can be read again")
		p.unseen.due = true
	}
	p.trust = current
}

// load reads the office from its last snapshot, whose seq it returns, and the events since.
func (p *pipeline) load() (saved int64, err error) {
	s, saved, last, err := load(context.Background(), p.journal, p.office)
	if err != nil {
		return 0, err
	}
	p.state, p.ahead, p.last = s, s.Clone(), last
	p.unseen.restart()
	return saved, nil
}

// abandon ends what isn't being committed.
func (p *pipeline) abandon(cause error) {
	endAll(p.next.commands, p.unavailable(cause))
	p.next = batch{}
}

// unavailable is [journal.ErrUnavailable] with its cause, which may be nil: known before.
func (p *pipeline) unavailable(cause error) error {
	return fmt.Errorf("office %s: %w", p.office, errors.Join(journal.ErrUnavailable, ErrTold, cause))
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

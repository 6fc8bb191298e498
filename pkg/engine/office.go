package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/eliminacode/eliminacode/pkg/journal"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

const (
	// batchMax is how many commands are committed together at most.
	batchMax = 512
	// wakeMax bounds every sleep, so that a clock that was set or a machine that
	// slept is noticed soon.
	wakeMax = 20 * time.Second
	// retryEvery is how often a journal that was lost is tried again.
	retryEvery = time.Second
	// lookRetryEvery is how often it is tried at most because somebody looks.
	lookRetryEvery = 200 * time.Millisecond
	// journalTimeout bounds one use of the journal.
	journalTimeout = 10 * time.Second
	// snapshotEvery is after how many events a snapshot is kept.
	snapshotEvery = 5000
	// chunk is how many events are read at a time.
	chunk = 5000
	// racesMax is how often a batch is decided again after another server was faster.
	racesMax = 100
)

// request is a command, or a look at the state.
type request struct {
	command queue.Command
	look    func(*queue.State, time.Time)

	taken  atomic.Bool // the look: by the office that looks, or by a caller who has given up
	gone   atomic.Bool // the command's sender has given up
	answer queue.Answer
	err    error
	done   chan struct{}
}

func (r *request) end(err error) {
	r.err = err
	close(r.done)
}

// office is one office at work. All but the channels belongs to its goroutine.
type office struct {
	name  string
	opt   *Options
	log   *slog.Logger
	inbox chan *request
	rung  chan struct{}
	ended chan struct{}
	err   error // why it ended, before ended is closed; nil: it was idle

	stopOnce sync.Once
	stopping chan struct{}

	state *queue.State // what the journal has
	last  *queue.Event // the event that brought it there; nil: not known, it is a snapshot's
	ahead *queue.State // state, and the commands being committed
	lost  bool         // the journal failed: state may be behind it
	old   bool         // and it couldn't be read either: state may be old
	tried time.Time    // when the journal was last tried for a look
	saved int64        // seq of the last snapshot
	day   queue.Date   // when the last snapshot was due: one a day lets old events go
	used  time.Time    // when it last had something to do
	shown time.Time    // when the views were last made
}

func newOffice(name string, opt *Options) *office {
	return &office{
		name: name, opt: opt, log: opt.Log.With("office", name),
		inbox: make(chan *request, batchMax), rung: make(chan struct{}, 1),
		ended: make(chan struct{}), stopping: make(chan struct{}),
	}
}

func (o *office) stop() { o.stopOnce.Do(func() { close(o.stopping) }) }

func (o *office) run() {
	if o.err = o.load(); o.err != nil {
		return
	}
	o.used = o.opt.Now()
	o.tick()
	timer := time.NewTimer(o.sleep())
	defer timer.Stop()
	var batch []*request
	for {
		seq, lost, fired := o.state.Seq, o.lost, false
		select {
		case r := <-o.inbox:
			batch = o.collect(append(batch[:0], r))
			o.used = o.opt.Now()
			o.work(batch)
			clear(batch)
		case <-o.rung:
			o.catchUp()
		case <-timer.C:
			fired = true
			if o.idle() {
				o.save()
				return
			}
			if o.lost || o.opt.PollEvery > 0 {
				o.catchUp()
			}
			o.tick()
		case <-o.stopping:
			o.finish(batch[:0])
			return
		}
		if o.state.Seq-o.saved >= snapshotEvery || o.state.Day != o.day {
			o.save()
		}
		// Looks don't put the timer off, however many they are.
		if fired || o.state.Seq != seq || o.lost != lost {
			timer.Reset(o.sleep())
		}
	}
}

// finish carries out what was sent before the stop.
func (o *office) finish(batch []*request) {
	for {
		select {
		case r := <-o.inbox:
			batch = o.collect(append(batch[:0], r))
			o.work(batch)
		default:
			o.err = ErrStopped
			o.save()
			return
		}
	}
}

// collect adds the requests that wait already.
func (o *office) collect(batch []*request) []*request {
	for len(batch) < batchMax {
		select {
		case r := <-o.inbox:
			batch = append(batch, r)
		default:
			return batch
		}
	}
	return batch
}

func (o *office) sleep() time.Duration {
	limit := wakeMax
	if o.opt.PollEvery > 0 {
		limit = min(limit, o.opt.PollEvery)
	}
	if o.lost {
		return retryEvery // whatever is due must wait for the journal
	}
	now := o.opt.Now()
	if due := o.state.Due(now); due.After(now) {
		limit = min(limit, due.Sub(now))
	} else if !due.IsZero() { // it could not be carried out
		limit = min(limit, retryEvery)
	}
	return limit
}

func (o *office) idle() bool {
	return o.opt.IdleAfter > 0 && o.opt.Now().Sub(o.used) >= o.opt.IdleAfter &&
		!o.opt.InUse(o.name) && len(o.inbox) == 0
}

// tick carries out what time has brought about and has the views made anew,
// since opening hours show in them.
func (o *office) tick() {
	now, shown := o.opt.Now(), o.shown
	if o.state.Due(shown).After(now) && !now.Before(shown) {
		return
	}
	seq := o.state.Seq
	r := &request{command: queue.Command{By: "system", Do: queue.Tick{}}, done: make(chan struct{})}
	o.work([]*request{r})
	if o.state.Seq == seq {
		o.show()
	}
	if r.err != nil {
		o.shown = shown // it is still due
	}
}

// show has the views made.
func (o *office) show() {
	now := o.opt.Now()
	o.shown = now.Round(0) // by the wall clock, which may be set back
	o.opt.Changed(o.name, o.state, now)
}

// work carries out the requests: decide, commit, apply, answer, show.
func (o *office) work(batch []*request) {
	commands := batch[:0:0]
	for _, r := range batch {
		if r.look == nil {
			commands = append(commands, r)
		}
	}
	seq := o.state.Seq
	if len(commands) > 0 {
		o.commit(commands)
	}
	for _, r := range batch {
		switch {
		case r.look == nil:
		case o.old && !o.retry():
			r.end(o.unavailable(nil))
		default:
			if r.taken.CompareAndSwap(false, true) {
				r.look(o.state, o.opt.Now())
			}
			r.end(nil)
		}
	}
	if o.state.Seq != seq {
		o.show()
	}
}

// commit decides the commands and makes their events durable together. When
// another server was faster it reads on and decides again.
func (o *office) commit(commands []*request) {
	if o.lost && !o.catchUp() {
		endAll(commands, o.unavailable(nil))
		return
	}
	informed := o.opt.PollEvery == 0 // or else another server may have written what changes a refusal
	for range racesMax {
		events := o.decide(commands)
		if len(events) == 0 && !informed {
			informed = true
			state, seq := o.state, o.state.Seq
			if !o.catchUp() {
				endAll(commands, o.unavailable(nil))
				return
			}
			if o.state != state || o.state.Seq != seq {
				continue
			}
		}
		if len(events) == 0 {
			endAll(commands, nil)
			return
		}
		err := o.append(events)
		if err == nil {
			for i := range events {
				o.state.Apply(&events[i])
			}
			o.last = new(events[len(events)-1])
			o.opt.Journal.Ring(o.name)
			endAll(commands, nil)
			return
		}
		o.ahead = o.state.Clone()
		if !errors.Is(err, journal.ErrConflict) {
			o.fail(commands, err)
			return
		}
		if !o.catchUp() {
			endAll(commands, o.unavailable(nil))
			return
		}
	}
	endAll(commands, o.unavailable(errors.New("too many races with another server")))
}

// unavailable is [journal.ErrUnavailable] with its cause, which may be nil: known before.
func (o *office) unavailable(cause error) error {
	return fmt.Errorf("office %s: %w", o.name, errors.Join(journal.ErrUnavailable, cause))
}

// decide has the rules decide the commands one after the other on the state ahead.
// Not those whose sender has gone: who sent such a one again, to another server,
// may have been answered that there was nothing to do, of which the journal has no trace.
func (o *office) decide(commands []*request) (events []queue.Event) {
	now := o.opt.Now()
	for _, r := range commands {
		if r.gone.Load() {
			r.err = context.Canceled
			continue
		}
		var more []queue.Event
		more, r.answer, r.err = o.ahead.Execute(r.command, now)
		if events == nil {
			events = more
		} else {
			events = append(events, more...)
		}
	}
	return events
}

func (o *office) append(events []queue.Event) error {
	ctx, cancel := context.WithTimeout(context.Background(), journalTimeout)
	defer cancel()
	return o.opt.Journal.Append(ctx, journal.Batch{Office: o.name, Events: events, Tickets: o.ahead.Touched(events)})
}

// fail answers commands whose commit failed. It may have been durable all the
// same: what the journal has says so, once it can be read.
func (o *office) fail(commands []*request, err error) {
	o.log.Error("journal: append failed", "err", err)
	o.lost = true
	o.catchUp()
	for _, r := range commands {
		if a, durable := o.state.Answers[r.command.ID]; durable && r.command.ID != "" {
			r.answer = a
			r.end(nil)
		} else { // also one that was refused, because of another perhaps that was not carried out
			r.end(o.unavailable(err))
		}
	}
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

// load reads the office.
func (o *office) load() (err error) {
	s, saved, last, err := load(context.Background(), o.opt.Journal, o.name)
	if err != nil {
		return err
	}
	o.state, o.ahead, o.last, o.saved, o.day = s, s.Clone(), last, saved, s.Day
	return nil
}

// Load reads an office from its last snapshot, whose seq it returns as well, and
// the events since. It returns [ErrUnknownOffice] when there is nothing to read.
func Load(ctx context.Context, j journal.Journal, name string) (s *queue.State, saved int64, err error) {
	s, saved, _, err = load(ctx, j, name)
	return s, saved, err
}

// load is [Load]; it also returns the last event that it read.
func load(ctx context.Context, j journal.Journal, name string) (s *queue.State, saved int64, last *queue.Event, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("load office %s: %w", name, err)
		}
	}()
	short, cancel := context.WithTimeout(ctx, journalTimeout)
	snapshot, err := j.Snapshot(short, name)
	cancel()
	if err != nil {
		return nil, 0, nil, err
	}
	s = new(queue.State)
	if snapshot.Seq > 0 {
		if s, err = queue.Load(snapshot.State); err != nil {
			s, snapshot.Seq = new(queue.State), 0 // of another version: the journal has it all
		}
	}
	if last, err = read(ctx, j, name, nil, s); err != nil {
		return nil, 0, nil, err
	}
	if s.Seq == 0 {
		return nil, 0, nil, ErrUnknownOffice
	}
	return s, snapshot.Seq, last, nil
}

// errRewritten says that the journal no longer has the event that the state ends
// with: a standby took over that lacked it, or a backup was restored.
var errRewritten = errors.New("engine: the journal is another than before")

// read brings the journal's further events into the states, which are equal. Last
// is the event that they end with, or nil; the journal must still have it. The
// new last event is returned, also with an error.
func read(ctx context.Context, j journal.Journal, name string, last *queue.Event, states ...*queue.State) (*queue.Event, error) {
	for {
		after := states[0].Seq
		if last != nil {
			after--
		}
		short, cancel := context.WithTimeout(ctx, journalTimeout)
		events, err := j.Events(short, name, after, chunk)
		cancel()
		if err != nil {
			return last, err
		}
		full := len(events) == chunk
		if last != nil {
			if len(events) == 0 || !same(&events[0], last) {
				return last, errRewritten
			}
			events = events[1:]
		}
		for i := range events {
			if events[i].Seq > states[0].Seq+1 { // old events were deleted, and the snapshot that stood for them can't be read
				if i > 0 {
					last = new(events[i-1])
				}
				return last, fmt.Errorf("%w: events %d to %d are missing: restore a backup", ErrGap, states[0].Seq+1, events[i].Seq-1)
			}
			for _, s := range states {
				s.Apply(&events[i])
			}
		}
		if n := len(events); n > 0 {
			last = new(events[n-1]) // a copy: the others may go
		}
		if !full {
			return last, nil
		}
	}
}

// same reports whether two events are one.
func same(a, b *queue.Event) bool {
	return a.Seq == b.Seq && a.Kind == b.Kind && a.Command == b.Command && a.Ticket == b.Ticket && a.At.Equal(b.At)
}

// catchUp brings the state up to the journal. It reports whether that succeeded.
func (o *office) catchUp() bool {
	state, seq := o.state, o.state.Seq
	var err error
	o.last, err = read(context.Background(), o.opt.Journal, o.name, o.last, o.state, o.ahead)
	if errors.Is(err, errRewritten) {
		o.log.Warn("journal: not what it was, the office is read anew", "seq", seq, "err", err)
		err = o.load()
	}
	if err != nil {
		if !o.old {
			o.log.Error("journal: lost", "err", err)
			o.lost, o.old = true, true
			o.opt.Lost(o.name)
		}
		return false
	}
	if o.lost {
		o.log.Info("journal: back")
	}
	o.lost, o.old = false, false
	if o.state != state || o.state.Seq != seq {
		o.show()
	}
	return true
}

// retry tries a lost journal because somebody wants to look, but not for every look.
func (o *office) retry() bool {
	now := o.opt.Now()
	if since := now.Sub(o.tried); since >= 0 && since < lookRetryEvery {
		return false
	}
	o.tried = now
	return o.catchUp()
}

// save keeps a snapshot, so that the next start doesn't read the whole journal.
func (o *office) save() {
	if o.state.Seq == o.saved {
		return
	}
	body, err := json.Marshal(o.state)
	if err == nil {
		ctx, cancel := context.WithTimeout(context.Background(), journalTimeout)
		defer cancel()
		err = o.opt.Journal.SaveSnapshot(ctx, o.name, journal.Snapshot{Seq: o.state.Seq, State: body})
	}
	if err != nil {
		o.log.Warn("snapshot not kept", "err", err)
	}
	o.day = o.state.Day
	o.saved = o.state.Seq // or else every event would try again
}

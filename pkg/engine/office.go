package engine

import (
	"context"
	"encoding/json"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/eliminacode/eliminacode/pkg/calendar"
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
	// silentMax is how long a journal that is read every two seconds may be silent: what is shown
	// is never older than five seconds.
	silentMax = 3 * time.Second
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

	pipeline *pipeline
	saved    int64         // seq of the last snapshot
	day      calendar.Date // when the last snapshot was due: one a day lets old events go
	used     time.Time     // when it last had something to do
	retried  time.Time     // when the journal was last tried for a look
	shown    time.Time     // when the observers were last told
}

func newOffice(name string, opt *Options, observers []Observer) *office {
	log := opt.Log.With("office", name)
	return &office{
		name: name, opt: opt, log: log, pipeline: newPipeline(name, opt, observers, log),
		inbox: make(chan *request, batchMax), rung: make(chan struct{}, 1),
		ended: make(chan struct{}), stopping: make(chan struct{}),
	}
}

func (o *office) stop() { o.stopOnce.Do(func() { close(o.stopping) }) }

func (o *office) run() {
	p := o.pipeline
	if o.saved, o.err = p.load(); o.err != nil {
		return
	}
	o.day, o.used = p.state.Day, o.pipeline.now()
	if o.opt.TrustClock {
		_ = o.carryOut(queue.SetClock{}) // if it fails, the clock's alarm goes on
	}
	o.tick()
	o.show()
	timer := time.NewTimer(o.sleep())
	defer timer.Stop()
	for {
		seq, trust, fired := p.state.Seq, p.trust, false
		inbox := o.inbox
		if p.full() {
			inbox = nil
		}
		select {
		case r := <-inbox:
			o.take(r)
		case err := <-p.committed:
			p.finish(err)
		case <-o.rung:
			p.settle()
			p.catchUp()
		case <-timer.C:
			fired = true
			p.settle()
			if o.idle() {
				o.save()
				return
			}
			if p.trust != current || o.opt.PollEvery > 0 {
				p.catchUp()
			}
			o.tick()
		case <-o.stopping:
			o.finish()
			return
		}
		o.show()
		if p.state.Seq-o.saved >= snapshotEvery || p.state.Day != o.day {
			o.save()
		}
		// Looks don't put the timer off, however many they are.
		if fired || p.state.Seq != seq || p.trust != trust {
			timer.Reset(o.sleep())
		}
	}
}

// finish carries out what was sent before the stop.
func (o *office) finish() {
	for {
		o.pipeline.settle()
		o.show()
		select {
		case r := <-o.inbox:
			o.take(r)
		default:
			o.err = ErrStopped
			o.save()
			return
		}
	}
}

// take carries out a request, and those that wait already.
func (o *office) take(r *request) {
	o.used = o.pipeline.now()
	var commands []*request
	for n := 1; r != nil; n++ {
		if r.look != nil {
			o.look(r)
		} else {
			commands = append(commands, r)
		}
		r = nil
		if n+len(o.pipeline.next.commands) < batchMax {
			select {
			case r = <-o.inbox:
			default:
			}
		}
	}
	if len(commands) > 0 {
		o.pipeline.add(commands)
	}
}

// look shows the state to whoever asked for it.
func (o *office) look(r *request) {
	if o.pipeline.trust == outdated && !o.retry() {
		r.end(o.pipeline.unavailable(nil))
		return
	}
	if r.taken.CompareAndSwap(false, true) {
		r.look(o.pipeline.state, o.pipeline.now())
	}
	r.end(nil)
}

// retry tries a lost journal because somebody wants to look, but not for every look.
func (o *office) retry() bool {
	now := o.pipeline.now()
	if since := now.Sub(o.retried); since >= 0 && since < lookRetryEvery {
		return false
	}
	o.retried = now
	return o.pipeline.catchUp()
}

func (o *office) sleep() time.Duration {
	limit := wakeMax
	if o.opt.PollEvery > 0 {
		limit = min(limit, o.opt.PollEvery)
	}
	if o.pipeline.trust != current {
		return retryEvery // whatever is due must wait for the journal
	}
	now := o.pipeline.now()
	if due := o.pipeline.state.Due(now); due.After(now) {
		limit = min(limit, due.Sub(now))
	} else if !due.IsZero() { // it could not be carried out
		limit = min(limit, retryEvery)
	}
	return limit
}

func (o *office) idle() bool {
	return o.opt.IdleAfter > 0 && o.pipeline.now().Sub(o.used) >= o.opt.IdleAfter &&
		!o.opt.InUse(o.name) && len(o.inbox) == 0
}

// tick carries out what time has brought about and has the office shown anew,
// since opening hours show.
func (o *office) tick() {
	now, shown := o.pipeline.now(), o.shown
	if o.pipeline.state.Due(shown).After(now) && !now.Before(shown) {
		return
	}
	err := o.carryOut(queue.Tick{})
	o.pipeline.unseen.due = true
	o.show()
	if err != nil {
		o.shown = shown // it is still due
	}
}

// carryOut has a command of the program's own carried out.
func (o *office) carryOut(a queue.Action) error {
	r := &request{command: queue.Command{By: "system", Do: a}, done: make(chan struct{})}
	o.pipeline.add([]*request{r})
	o.pipeline.settle()
	return r.err
}

// show tells the observers how the office is now, if it can be another than they know.
func (o *office) show() {
	if !o.pipeline.unseen.due {
		return
	}
	now := o.pipeline.now()
	o.shown = now.Round(0) // by the wall clock, which may be set back
	o.pipeline.unseen.tell(o.name, o.pipeline.state, now)
}

// save keeps a snapshot, so that the next start doesn't read the whole journal.
func (o *office) save() {
	if o.pipeline.state.Seq == o.saved {
		return
	}
	body, err := json.Marshal(o.pipeline.state)
	if err == nil {
		ctx, cancel := context.WithTimeout(context.Background(), journalTimeout)
		defer cancel()
		err = o.opt.Journal.SaveSnapshot(ctx, o.name, journal.Snapshot{Seq: o.pipeline.state.Seq, State: body})
	}
	if err != nil {
		o.log.Warn("snapshot not kept", "err", err)
	}
	o.day = o.pipeline.state.Day
	o.saved = o.pipeline.state.Seq // or else every event would try again
}

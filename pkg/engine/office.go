package engine

import (
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/eliminacode/eliminacode/pkg/calendar"
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

	state  *queue.State  // what the journal has
	last   *queue.Event  // the event that brought it there; nil: not known, it is a snapshot's
	ahead  *queue.State  // state, then flying, then next
	flying *batch        // on its way into the journal; while it is there, nothing else reads the journal
	landed chan error    // how that ended
	next   batch         // decided, to follow
	spare  []queue.Event // the last batch's, to be used again
	lost   bool          // the journal failed: state may be behind it
	old    bool          // and it couldn't be read either: state may be old
	tried  time.Time     // when the journal was last tried for a look
	saved  int64         // seq of the last snapshot
	day    calendar.Date // when the last snapshot was due: one a day lets old events go
	used   time.Time     // when it last had something to do
	shown  time.Time     // when the observers were last told
	unseen unseen        // what to tell them next
}

func newOffice(name string, opt *Options, observers []Observer) *office {
	return &office{
		name: name, opt: opt, log: opt.Log.With("office", name),
		inbox: make(chan *request, batchMax), rung: make(chan struct{}, 1),
		unseen: unseen{observers: observers},
		landed: make(chan error, 1), ended: make(chan struct{}), stopping: make(chan struct{}),
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
	for {
		seq, lost, fired := o.state.Seq, o.lost, false
		inbox := o.inbox
		if len(o.next.commands) >= batchMax {
			inbox = nil
		}
		select {
		case r := <-inbox:
			o.take(r)
		case err := <-o.landed:
			o.land(err)
		case <-o.rung:
			o.settle()
			o.catchUp()
		case <-timer.C:
			fired = true
			o.settle()
			if o.idle() {
				o.save()
				return
			}
			if o.lost || o.opt.PollEvery > 0 {
				o.catchUp()
			}
			o.tick()
		case <-o.stopping:
			o.finish()
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
func (o *office) finish() {
	for {
		o.settle()
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
	o.used = o.opt.Now()
	var commands []*request
	for n := 1; r != nil; n++ {
		if r.look != nil {
			o.look(r)
		} else {
			commands = append(commands, r)
		}
		r = nil
		if n+len(o.next.commands) < batchMax {
			select {
			case r = <-o.inbox:
			default:
			}
		}
	}
	if len(commands) > 0 {
		o.begin(commands)
	}
}

// look shows the state to who asked for it.
func (o *office) look(r *request) {
	if o.old && !o.retry() {
		r.end(o.unavailable(nil))
		return
	}
	if r.taken.CompareAndSwap(false, true) {
		r.look(o.state, o.opt.Now())
	}
	r.end(nil)
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
	o.begin([]*request{r})
	o.settle()
	if o.state.Seq == seq {
		o.show()
	}
	if r.err != nil {
		o.shown = shown // it is still due
	}
}

// show tells the observers how the office is now.
func (o *office) show() {
	now := o.opt.Now()
	o.shown = now.Round(0) // by the wall clock, which may be set back
	o.unseen.tell(o.name, o.state, now)
}

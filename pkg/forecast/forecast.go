// Package forecast keeps the expected waits of the offices that are in use: it is told of every
// change, works the waits out beside the offices, never in their way, and tells who shows them.
package forecast

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"iter"
	"log/slog"
	"maps"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/engine"
	"github.com/eliminacode/eliminacode/pkg/estimate"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/visits"
)

const (
	// rest is how long an office's waits rest after they were worked out, whatever happens: they
	// cost some milliseconds.
	rest = 200 * time.Millisecond
	// stale is after what time they are worked out again though nothing happened: who waits is
	// nearer to the end, and a visit that lasts is likely to last.
	stale = 15 * time.Second
	// idle is after what time an office in which nobody is, and nothing happens, is let go.
	idle = 15 * time.Minute
	// keepEvery is how often what was learned is kept.
	keepEvery = 10 * time.Minute
	// learnDays is from how many days' visits an office learns of which nothing was learned: what
	// is older would count for less than half.
	learnDays = 30
)

const learnedQuery = `
SELECT history
FROM learned
WHERE office = $1`

const keepQuery = `
INSERT INTO learned (office, history)
VALUES ($1, $2)
ON CONFLICT (office) DO UPDATE
SET history = excluded.history`

// Options says what forecasts work with.
type Options struct {
	DB *sql.DB // keeps what was learned
	// Visits gives the visits of some days, with their times in loc. An office that nothing was
	// learned of yet learns from them.
	Visits func(ctx context.Context, office string, from, to calendar.Date, loc *time.Location) iter.Seq2[visits.Visit, error]
	// Do carries out what is said of a channel's last tickets.
	Do func(ctx context.Context, office string, c queue.Command) error
	// Told is called when other waits are said of an office than before, at most once in a rest.
	Told func(ctx context.Context, office string)
	Now  func() time.Time
	Log  *slog.Logger
}

// Forecasts are the expected waits of the offices in use. It is an [engine.Observer].
type Forecasts struct {
	opt  Options
	wake chan struct{}

	mu      sync.Mutex
	offices map[string]*office
}

// office is one of them. What follows events is the worker's alone.
type office struct {
	name string

	// Under the mutex of all.
	known  bool          // its state has been seen, and not lost since
	anew   *queue.State  // to begin with
	events []queue.Event // since
	said   estimate.Waits

	history *estimate.History // what it has shown
	follows *estimate.Office
	learned bool                          // since what was learned was kept
	changed bool                          // since the waits were worked out
	worked  time.Time                     // when they were
	kept    time.Time                     // when what was learned was
	heard   time.Time                     // when something happened
	ended   map[queue.ChannelID]time.Time // when somebody last said that a channel's tickets end
}

// New returns forecasts of no office; [Forecasts.Run] has them work.
func New(opt Options) *Forecasts {
	return &Forecasts{opt: opt, wake: make(chan struct{}, 1), offices: map[string]*office{}}
}

// Waits returns what is said of an office's waits now, which must not be changed.
func (f *Forecasts) Waits(name string) estimate.Waits {
	f.mu.Lock()
	defer f.mu.Unlock()
	if o := f.offices[name]; o != nil {
		return o.said
	}
	return estimate.Waits{}
}

// Changed implements [engine.Observer].
func (f *Forecasts) Changed(c engine.Change) {
	f.mu.Lock()
	o := f.offices[c.Office]
	if o == nil {
		o = &office{name: c.Office, ended: map[queue.ChannelID]time.Time{}}
		f.offices[c.Office] = o
	}
	if c.Anew || !o.known {
		o.known, o.anew, o.events, o.said = true, c.State.Clone(), nil, estimate.Waits{}
	} else {
		o.events = append(o.events, c.Events...)
	}
	f.mu.Unlock()
	select {
	case f.wake <- struct{}{}:
	default:
	}
}

// Lost implements [engine.Observer]: nothing is said of an office that nobody knows the state of.
func (f *Forecasts) Lost(name string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if o := f.offices[name]; o != nil {
		o.known, o.anew, o.events, o.said = false, nil, nil, estimate.Waits{}
	}
}

// Run works until ctx ends, and keeps what was learned.
func (f *Forecasts) Run(ctx context.Context) {
	timer := time.NewTimer(stale)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			end, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
			defer cancel()
			f.each(func(o *office) { f.keep(end, o) })
			return
		case <-f.wake:
		case <-timer.C:
		}
		timer.Reset(f.work(ctx))
	}
}

// each goes through the offices in order.
func (f *Forecasts) each(do func(o *office)) {
	f.mu.Lock()
	list := slices.SortedFunc(maps.Values(f.offices), func(a, b *office) int { return cmp.Compare(a.name, b.name) })
	f.mu.Unlock()
	for _, o := range list {
		do(o)
	}
}

// work brings every office up to date, and returns when to come again at the latest.
func (f *Forecasts) work(ctx context.Context) (again time.Duration) {
	again = stale
	f.each(func(o *office) {
		f.follow(ctx, o)
		if o.follows == nil {
			return
		}
		now := f.opt.Now()
		old := since(o.worked, now)
		switch {
		case o.changed && old >= rest, old >= stale && busy(o.follows.State()):
			f.say(ctx, o, now)
		case o.changed:
			again = min(again, rest-old)
		}
		gone := now.Sub(o.heard) >= idle && !busy(o.follows.State())
		if gone || since(o.kept, now) >= keepEvery {
			f.keep(ctx, o)
			o.kept = now
		}
		if gone && !o.learned {
			f.letGo(o)
		}
	})
	return again
}

// letGo forgets an office, unless something has happened meanwhile. What is heard of it next begins
// with its state.
func (f *Forecasts) letGo(o *office) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if o.anew == nil && len(o.events) == 0 {
		delete(f.offices, o.name)
	}
}

// since is how long ago something was; long, if the clock has been set back since.
func since(then, now time.Time) time.Duration {
	if now.Before(then) {
		return math.MaxInt64
	}
	return now.Sub(then)
}

// busy reports whether waits change by themselves.
func busy(s *queue.State) bool {
	return s.Attended() || slices.ContainsFunc(s.Config.Channels, func(c queue.Channel) bool { return s.Waiting(c.ID) > 0 })
}

// follow has the office's estimator follow what happened, once it is known what was learned.
func (f *Forecasts) follow(ctx context.Context, o *office) {
	f.mu.Lock()
	begins := o.anew
	f.mu.Unlock()
	if begins != nil && !o.learned { // or else this server knows more than was kept
		if err := f.remember(ctx, o, begins); err != nil {
			if ctx.Err() == nil {
				f.opt.Log.Warn("what was learned of waits isn't read", "office", o.name, "err", err)
			}
			return
		}
	}
	f.mu.Lock()
	anew, events := o.anew, o.events
	if anew != begins { // it has begun once more meanwhile
		f.mu.Unlock()
		return
	}
	o.anew, o.events = nil, nil
	f.mu.Unlock()
	if anew != nil {
		o.follows, o.kept = estimate.Follow(anew, o.history), f.opt.Now()
	}
	for i := range events {
		o.follows.Apply(&events[i])
		if events[i].Kind == queue.ChannelFilled {
			o.ended[events[i].Channel] = events[i].At
		}
	}
	o.learned = o.learned || len(events) > 0
	if anew != nil || len(events) > 0 {
		o.changed, o.heard = true, f.opt.Now()
	}
}

// remember has the office know what it has shown so far: what was kept of it, or else what the
// journal says of its last days.
func (f *Forecasts) remember(ctx context.Context, o *office, s *queue.State) error {
	var kept string
	err := f.opt.DB.QueryRowContext(ctx, learnedQuery, o.name).Scan(&kept)
	switch {
	case err == nil:
		if o.history, err = estimate.LoadHistory([]byte(kept)); err == nil {
			return nil
		}
		f.opt.Log.Warn("expected waits are learned anew", "office", o.name, "err", err)
	case !errors.Is(err, sql.ErrNoRows):
		return err
	}
	if s.Config == nil {
		o.history = estimate.NewHistory()
		return nil
	}
	var log []visits.Visit
	for v, err := range f.opt.Visits(ctx, o.name, s.Day.Plus(-learnDays), s.Day, s.Location()) {
		if err != nil {
			return err
		}
		log = append(log, v)
	}
	o.history = estimate.Learn(s.Config, log)
	o.learned = len(log) > 0
	return nil
}

// keep keeps what was learned, unless that is nothing new: another server may know more.
func (f *Forecasts) keep(ctx context.Context, o *office) {
	if !o.learned {
		return
	}
	b, err := json.Marshal(o.history)
	if err == nil {
		_, err = f.opt.DB.ExecContext(ctx, keepQuery, o.name, string(b))
	}
	if err != nil {
		if ctx.Err() == nil {
			f.opt.Log.Warn("what was learned of waits isn't kept", "office", o.name, "err", err)
		}
		return
	}
	o.learned = false
}

// say works the waits out.
func (f *Forecasts) say(ctx context.Context, o *office, now time.Time) {
	said := estimate.Waits{} // in an office in which nobody is
	if busy(o.follows.State()) {
		said = o.follows.Waits(now)
	}
	o.worked, o.changed = now, false
	f.mu.Lock()
	current := o.known && o.anew == nil // or else this is of a state that may be old
	other := current && !said.Alike(o.said)
	if other {
		o.said = said
	}
	f.mu.Unlock()
	if other {
		f.opt.Told(ctx, o.name)
	}
	if current {
		f.fit(ctx, o, said.Fits, now)
	}
}

const (
	// sure is by how much the chance of being served must be better than promised for tickets to be
	// given again: they mustn't end and begin with every visit.
	sure = 0.05
	// stands is for how long it stands at least that a channel's tickets have ended: several
	// servers of one office don't think quite alike, and mustn't contradict each other for ever.
	stands = 5 * time.Minute
)

// fit has channels give no tickets to who would hardly be served before they close.
func (f *Forecasts) fit(ctx context.Context, o *office, fits map[queue.ChannelID]estimate.Fit, now time.Time) {
	s := o.follows.State()
	promise := s.Config.Policy.Promise()
	for _, ch := range slices.Sorted(maps.Keys(fits)) {
		full, chance := s.Full(ch, now), fits[ch].Now
		stays := full && (chance < min(promise+sure, 1) || since(o.ended[ch], now) < stands)
		if stays || !full && chance >= promise {
			continue
		}
		err := f.opt.Do(ctx, o.name, queue.Command{By: "system", Do: queue.Fit{Channel: ch, Fits: full}})
		if err != nil && ctx.Err() == nil {
			f.opt.Log.Warn("last tickets not said", "office", o.name, "channel", ch, "err", err)
		}
	}
}

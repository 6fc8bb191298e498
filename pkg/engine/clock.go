package engine

import (
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/eliminacode/eliminacode/pkg/queue"
)

// ErrClock says that the machine's clock can't be right.
var ErrClock = errors.New("engine: the machine's clock is wrong")

// clock is an office's time: the machine's, unless that can't be right by what the journal has.
// The last event's time is then carried on, until the machine's is right again.
type clock struct {
	machine func() time.Time
	log     *slog.Logger
	wrong   atomic.Int64 // by how much the machine's is ahead, a duration; 0: it can be right

	still time.Time // the last event's, which is later than the machine's time
	since time.Time // from when on that has been so, by the machine's
}

const (
	// backAfter is how long the office's time must have stood still, because the machine's is
	// behind it, before it is set back: where several servers disagree by minutes, one that is
	// behind doesn't drag the others back with each command.
	backAfter = 30 * time.Second
	// backAtOnce is by how much no two servers that work disagree.
	backAtOnce = 24 * time.Hour
)

// now is the time of an office of that state.
func (c *clock) now(s *queue.State) time.Time {
	now, wrong := c.machine(), time.Duration(c.wrong.Load())
	if s.Plausible(now) {
		if wrong != 0 {
			c.wrong.Store(0)
			c.log.Info("clock: right again", "time", now)
		}
		if c.holds(now, s.At) {
			return s.At
		}
		return now
	}
	if carried := now.Add(-wrong); wrong != 0 && s.Plausible(carried) && !carried.Before(s.At) {
		return carried
	}
	if wrong == 0 {
		c.log.Error("clock: the machine's can't be right, the office goes on from its last event; set the clock, or, if it is right, start once with --trust-clock",
			"time", now, "last_event", s.At)
	}
	c.wrong.Store(int64(now.Sub(s.At)))
	return s.At
}

// holds reports whether the last event's time holds yet, though the machine's is behind it.
func (c *clock) holds(now, last time.Time) bool {
	if behind := last.Sub(now); behind <= queue.Slip || behind > backAtOnce {
		c.still = time.Time{}
		return false
	}
	if !c.still.Equal(last) || now.Before(c.since) {
		c.still, c.since = last, now
	}
	return now.Sub(c.since) < backAfter
}

// Now is the time by which everything beside the offices goes, sessions for one: the machine's,
// less what it is known to be ahead by.
func (e *Engine) Now() time.Time {
	now := e.opt.Now()
	if wrong, _ := e.wrong(); wrong != 0 {
		now = now.Add(-wrong)
	}
	return now
}

// Clock returns nil when the machine's clock can be right by what the loaded offices know, or else
// [ErrClock] wrapped with what is wrong.
func (e *Engine) Clock() error {
	wrong, office := e.wrong()
	if wrong == 0 {
		return nil
	}
	return fmt.Errorf("%w: it shows %s, office %s is at %s", ErrClock,
		e.opt.Now().UTC().Format(time.DateTime), office, e.opt.Now().Add(-wrong).UTC().Format(time.DateTime))
}

// wrong returns by how much the machine's clock is ahead of an office's time, the most of all.
func (e *Engine) wrong() (most time.Duration, office string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for name, o := range e.offices {
		if wrong := time.Duration(o.pipeline.clock.wrong.Load()); wrong.Abs() > most.Abs() {
			most, office = wrong, name
		}
	}
	return most, office
}

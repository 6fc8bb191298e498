package engine

import (
	"slices"
	"time"

	"github.com/eliminacode/eliminacode/pkg/queue"
)

// Observer hears of every office that is loaded, from that office's goroutine:
// each call must return soon, since the office does nothing else meanwhile.
type Observer interface {
	// Changed tells that what can be seen of an office may be another than before.
	Changed(c Change)
	// Lost tells that an office's journal can't be read, so that what is shown of it may be old.
	// Until it is back, which a Change tells, [Engine.Read] fails.
	Lost(office string)
}

// Change is what has become of an office. The observer must not keep or change
// the state or the events.
type Change struct {
	Office string
	State  *queue.State
	Now    time.Time
	// Events are those that the journal has got since the last Change, in order, whoever wrote
	// them; none when time alone made the difference.
	Events []queue.Event
	// Anew says that the office has just been loaded, or read anew because its journal isn't
	// what it was: what observers know from earlier events no longer holds.
	Anew bool
}

// Observe adds an observer of the offices that are loaded from now on: call it before the first
// of them is used. Observers are called in the order in which they were added.
func (e *Engine) Observe(o Observer) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.observers = append(slices.Clip(e.observers), o)
}

// unseenMax is how many events the buffer for the observers may hold and be used again.
const unseenMax = 2 * batchMax

// unseen is what has been applied and not been told to the observers yet.
type unseen struct {
	observers []Observer
	events    []queue.Event
	anew      bool
	due       bool // there is something to tell
}

// add notes events that the state has got.
func (u *unseen) add(events ...queue.Event) {
	u.due = true
	if len(u.observers) > 0 {
		u.events = append(u.events, events...)
	}
}

// restart forgets the events: the state was loaded.
func (u *unseen) restart() { u.events, u.anew, u.due = nil, true, true }

// tell calls the observers.
func (u *unseen) tell(office string, s *queue.State, now time.Time) {
	for _, o := range u.observers {
		o.Changed(Change{Office: office, State: s, Now: now, Events: u.events, Anew: u.anew})
	}
	clear(u.events)
	if cap(u.events) > unseenMax {
		u.events = nil
	}
	u.events, u.anew, u.due = u.events[:0], false, false
}

// lost tells the observers that the journal can't be read.
func (u *unseen) lost(office string) {
	for _, o := range u.observers {
		o.Lost(office)
	}
}

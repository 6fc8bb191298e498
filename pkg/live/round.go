package live

import (
	"runtime"
	"slices"
	"sync/atomic"
	"time"
)

// patience is how long a round may stand still before it gets more writers. Normal writes take
// microseconds.
const patience = time.Millisecond

// round takes a topic's newest message to those who watched when it began. Its writers go along the
// viewers together, each taking the next. One that meets a slow viewer is stuck with it, and is
// lost for the round; when all are, the round gets new ones, each time twice as many: a thousand
// viewers that get stuck at the same moment delay the others by some milliseconds, once, since from
// then on they have their writers.
type round struct {
	viewers []*viewer
	next    atomic.Int64
	done    chan struct{}
}

// rounds makes a round for the topic's newest message, and again if another came meanwhile.
func (h *Hub) rounds(t *topic) {
	defer h.running.Done()
	for {
		t.state.Store(busy)
		h.mu.Lock()
		r := &round{viewers: slices.Clone(t.viewers), done: make(chan struct{})}
		h.mu.Unlock()
		r.run()
		if t.state.CompareAndSwap(busy, idle) {
			return
		}
	}
}

// run returns when every viewer has a writer, which may still be at work.
func (r *round) run() {
	if len(r.viewers) == 0 {
		return
	}
	stuck := time.NewTicker(patience)
	defer stuck.Stop()
	writers := min(max(2, runtime.GOMAXPROCS(0)), len(r.viewers))
	for {
		before := r.next.Load()
		for range writers {
			go r.write()
		}
		// Writers that each got no further than one viewer are stuck.
		for {
			select {
			case <-r.done:
				return
			case <-stuck.C:
			}
			now := r.next.Load()
			if now-before <= int64(writers) {
				break
			}
			before = now
		}
		writers *= 2
	}
}

// write serves one viewer after another until none is left.
func (r *round) write() {
	last := int64(len(r.viewers)) - 1
	for {
		i := r.next.Add(1) - 1
		if i > last {
			return
		}
		if i == last {
			close(r.done)
		}
		if v := r.viewers[i]; v.call() == idle {
			v.write()
		}
	}
}

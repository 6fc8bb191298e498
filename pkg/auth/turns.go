package auth

import (
	"context"
	"sync/atomic"
	"time"
)

// turns lets a few hash at once and a few more wait. The rest is told to come back: a crowd of
// sign-ins takes neither the memory nor the processors that the queue runs on.
type turns struct {
	free    chan struct{}
	waiting *atomic.Int32
}

// How many wait for their turn to hash; strangers leave some places to those who are known.
const (
	strangersWait = 8
	maxWait       = 16
	// busyFor is when to try again.
	busyFor = 2 * time.Second
	// restFor is how long a turn stays taken behind a stranger's in a crowd, in times of how long
	// it took. A processor that hashes without a pause has a call wait for up to ten milliseconds,
	// as long as Go lets one goroutine run.
	restFor = 3
)

func newTurns(n int) turns {
	return turns{free: make(chan struct{}, n), waiting: new(atomic.Int32)}
}

// take waits for a turn and returns what ends it. It returns Busy at once where too many wait
// already.
func (t turns) take(ctx context.Context, known bool) (end func(), err error) {
	began := time.Now() // of the machine's work, and no time of the office
	end = func() {
		if known || t.waiting.Load() == 0 {
			<-t.free
			return
		}
		time.AfterFunc(restFor*time.Since(began), func() { <-t.free })
	}
	select {
	case t.free <- struct{}{}:
		return end, nil
	default:
	}
	places := int32(maxWait)
	if !known {
		places = strangersWait
	}
	defer t.waiting.Add(-1)
	if t.waiting.Add(1) > places {
		return nil, &Error{Code: Busy, RetryAfter: busyFor}
	}
	select {
	case t.free <- struct{}{}:
		began = time.Now()
		return end, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

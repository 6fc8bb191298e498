package auth

import (
	"sync"
	"time"
)

const (
	// maxKeys bounds a limiter's memory.
	maxKeys = 10_000
)

// limiter lets burst attempts of a key pass, and one more each refill. It holds a time for each
// key: the one at which the key's debt would be paid.
type limiter struct {
	burst  int
	refill time.Duration

	mu    sync.Mutex
	paid  map[string]time.Time
	swept time.Time // when the keys without debt were last dropped
}

func newLimiter(burst int, refill time.Duration) *limiter {
	return &limiter{burst: burst, refill: refill, paid: make(map[string]time.Time)}
}

// take counts an attempt, before it is known whether it fails, so that many at once can't all pass.
// When there is no room it counts nothing and says how long to wait.
func (l *limiter) take(key string, now time.Time) (wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	paid, known := l.paid[key]
	if !known && len(l.paid) >= maxKeys {
		l.evict(now)
	}
	if paid.Before(now) || paid.Sub(now) > time.Duration(l.burst)*l.refill { // no debt is larger: the clock was set back
		paid = now
	}
	paid = paid.Add(l.refill)
	if over := paid.Sub(now) - time.Duration(l.burst)*l.refill; over > 0 {
		return over
	}
	l.paid[key] = paid
	return 0
}

// refund takes one attempt back: it succeeded, or never came to be tried.
func (l *limiter) refund(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if paid, known := l.paid[key]; known {
		l.paid[key] = paid.Add(-l.refill)
	}
}

// evict drops the keys without debt, all of them at most once a refill, since that takes a look at
// each. If there are none, it drops the one of those it looks at that has the least.
func (l *limiter) evict(now time.Time) {
	const sample = 32
	sweep := now.Sub(l.swept) >= l.refill || now.Before(l.swept)
	if sweep {
		l.swept = now
	}
	least, seen := "", 0
	for key, paid := range l.paid {
		if seen++; seen > sample && !sweep {
			break
		}
		if !paid.After(now) {
			delete(l.paid, key)
		} else if least == "" || paid.Before(l.paid[least]) {
			least = key
		}
	}
	if len(l.paid) >= maxKeys {
		delete(l.paid, least)
	}
}

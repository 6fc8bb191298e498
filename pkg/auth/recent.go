package auth

import (
	"sync"
	"time"
)

const (
	// recentFor is how long the holder of a token is remembered without asking the database, which
	// costs a clerk's call a quarter of a millisecond. What another server ends is noticed here so
	// much later.
	recentFor = 2 * time.Second
	// recentMax bounds the tokens that are remembered.
	recentMax = 10_000
)

// recent remembers who held a token a moment ago.
type recent struct {
	mu      sync.Mutex
	holders map[string]holder // by the token's hash
	forgot  int               // how often all was forgotten
}

type holder struct {
	identity Identity
	until    time.Time
}

// find returns who holds the token, and the number to give to keep.
func (r *recent) find(hash string, now time.Time) (identity Identity, ok bool, forgot int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	h, ok := r.holders[hash]
	return h.identity, ok && now.Before(h.until) && !now.Add(recentFor).Before(h.until), r.forgot
}

// keep remembers what the database said, unless something was ended since find.
func (r *recent) keep(hash string, identity Identity, now time.Time, forgot int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.forgot != forgot {
		return
	}
	if r.holders == nil || len(r.holders) >= recentMax {
		r.holders = map[string]holder{}
	}
	r.holders[hash] = holder{identity, now.Add(recentFor)}
}

// forget is for whatever ends a session or a device, or changes a user.
func (r *recent) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.holders = nil
	r.forgot++
}

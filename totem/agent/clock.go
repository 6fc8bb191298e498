package agent

import (
	"sync"
	"time"
)

const (
	// plausible is how far the time may have moved on since it was last known: what says more is
	// believed no more than one that goes backwards.
	plausible = 366 * 24 * time.Hour
	// sameTime is how far apart two right clocks may be.
	sameTime = time.Minute
)

// clock is the server's time, as far as the agent knows it. Once the server has told it, it goes on
// by a clock that nobody sets; until then the machine's must do, which may be wrong.
type clock struct {
	mu     sync.Mutex
	at     time.Time
	since  time.Time // of the machine: its monotonic reading counts
	synced bool
	sure   bool
}

// newClock guesses the time: it isn't earlier than known. By wall the server's clock was ahead of
// the machine's when they were compared last.
func newClock(wall, known time.Time, ahead time.Duration) *clock {
	c := &clock{since: time.Now()}
	within := func(t time.Time) bool { return !t.Before(known) && t.Sub(known) < plausible }
	server := wall.Add(ahead)
	if late := known.Sub(server); late > 0 && late < sameTime { // clocks are read one after another
		server = known
	}
	switch {
	case known.IsZero():
		c.at = wall
	case within(server):
		c.at, c.sure = server, ahead.Abs() < sameTime
	case within(wall):
		c.at = wall
	default:
		c.at = known
	}
	return c
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.read()
}

func (c *clock) read() time.Time { return c.at.Add(time.Since(c.since)).Round(0) }

// isSure reports whether the day can be relied on.
func (c *clock) isSure() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.sure
}

// isSynced reports whether the server has told the time since the start.
func (c *clock) isSynced() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.synced
}

// atLeast has the time be no earlier than one that the server has told.
func (c *clock) atLeast(server time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.synced && server.After(c.read()) {
		c.at, c.since = server, time.Now()
	}
}

// sync takes the server's time, and returns by how much this clock was behind it, and whether it
// was a guess until now.
func (c *clock) sync(server time.Time) (by time.Duration, guess bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	by, guess = server.Sub(c.read()), !c.synced
	c.at, c.since, c.synced, c.sure = server, time.Now(), true, true
	return by, guess
}

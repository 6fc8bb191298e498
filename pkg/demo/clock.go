package demo

import (
	"sync"
	"time"

	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

const (
	// begins is when a morning begins, in minutes from midnight.
	begins = 9*60 + 30
	// before the office closes by this, the morning is over: nobody takes a ticket any more.
	before = 20 * time.Minute
)

// Clock returns a clock for an office whose mornings never end: now, put back to half past nine of
// the last day before on which the office was open. It goes at real speed, but passes over the time
// from shortly before the office closes until half past nine of the next day on which it opens.
func Clock(cfg *queue.Config, now func() time.Time) (func() time.Time, error) {
	loc, err := cfg.Location()
	if err != nil {
		return nil, err
	}
	last := now()
	at := morning(cfg, last.In(loc), -1)
	var mu sync.Mutex
	return func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		moment := now()
		at, last = at.Add(moment.Sub(last)), moment
		if open, closes := cfg.Open(nil, at); !open || !at.Before(closes.Add(-before)) {
			at = morning(cfg, at, +1)
		}
		return at
	}, nil
}

// morning is when the morning begins of the nearest day on which the office is then open, that many
// days at a time from a day.
func morning(cfg *queue.Config, day time.Time, step int) time.Time {
	for range 400 {
		day = day.AddDate(0, 0, step)
		begin := calendar.DateOf(day).In(day.Location(), begins)
		if open, closes := cfg.Open(nil, begin); open && closes.Sub(begin) > before {
			return begin
		}
	}
	return day // an office that never opens in the morning
}

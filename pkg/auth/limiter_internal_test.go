package auth

import (
	"strconv"
	"testing"
	"time"
)

// A crowd of invented names must neither fill the memory nor wash out the name under attack.
func TestLimiterIsBounded(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_000_000, 0)
	l := newLimiter(5, time.Minute)
	for range 5 {
		if wait := l.take("anna", now); wait != 0 {
			t.Fatalf("wait %v", wait)
		}
	}
	for n := range 3 * maxKeys {
		l.take(strconv.Itoa(n), now)
	}
	if len(l.paid) > maxKeys {
		t.Errorf("%d keys", len(l.paid))
	}
	if l.take("anna", now) == 0 {
		t.Error("the name under attack was forgotten")
	}
	now = now.Add(time.Hour)
	l.take("one more", now)
	if len(l.paid) != 1 {
		t.Errorf("%d keys an hour later", len(l.paid))
	}
}

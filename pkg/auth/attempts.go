package auth

import "time"

// attempts bounds how many sign-ins may fail. A browser that the user signed in with before has a
// budget of its own, so that nobody else can use it up; everybody else shares those of their
// address, of their address for this name, and of the name, which is large: it is there for guesses
// from many addresses.
type attempts struct {
	addresses *limiter // a whole office may share one
	pairs     *limiter // of a name and an address
	names     *limiter
	browsers  *limiter // of a name and a browser
}

func newAttempts() attempts {
	return attempts{
		addresses: newLimiter(20, 5*time.Second),
		pairs:     newLimiter(5, 30*time.Second),
		names:     newLimiter(100, 30*time.Second),
		browsers:  newLimiter(5, 30*time.Second),
	}
}

// take counts a sign-in before it is known whether it fails; refund takes it back. Where a budget
// is used up, those before it stay charged: trying locked names is no way to go on.
func (a *attempts) take(name string, from From, known bool, now time.Time) (refund func(), err error) {
	type charge struct {
		to  *limiter
		key string
	}
	charges := []charge{{a.addresses, from.Address}, {a.pairs, name + " " + from.Address}, {a.names, name}}
	if known {
		charges = []charge{{a.browsers, name + " " + hashToken(from.Browser)}}
	}
	for _, c := range charges {
		if wait := c.to.take(c.key, now); wait > 0 {
			return nil, &Error{Code: RateLimited, RetryAfter: (wait + time.Second - 1).Truncate(time.Second)}
		}
	}
	return func() {
		for _, c := range charges {
			c.to.refund(c.key)
		}
	}, nil
}

package auth_test

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/auth"
)

func refusal(err error) *auth.Error {
	e, _ := errors.AsType[*auth.Error](err)
	return e
}

func at(n int) auth.From { return auth.From{Address: fmt.Sprint("192.0.2.", n)} }

func TestFailedLoginsLockTheNameAtTheirAddress(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.add(t, "anna", auth.Operator)
	b.add(t, "bruno", auth.Operator)
	for range 5 {
		_, err := b.Login(t.Context(), "anna", otherPassword, here)
		wantCode(t, err, auth.Unauthenticated)
	}
	_, err := b.Login(t.Context(), "anna", goodPassword, here)
	wantCode(t, err, auth.RateLimited)
	if wait := refusal(err).RetryAfter; wait != 30*time.Second {
		t.Errorf("retry after %v", wait)
	}
	if _, err := b.Login(t.Context(), "bruno", goodPassword, here); err != nil {
		t.Errorf("another name: %v", err)
	}
	b.pass(30 * time.Second)
	if _, err := b.Login(t.Context(), "anna", goodPassword, here); err != nil {
		t.Errorf("after the wait: %v", err)
	}
	b.pass(30 * time.Second)
	_, err = b.Login(t.Context(), "anna", otherPassword, here)
	wantCode(t, err, auth.Unauthenticated)
}

// TestNobodyLocksOutAnother has somebody who goes on guessing a clerk's password: the clerk gets in
// each time, from another address, and in a browser that is known from the same one.
func TestNobodyLocksOutAnother(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.add(t, "anna", auth.Operator)
	known := auth.From{Address: here.Address, Browser: b.login(t, "anna").Browser}
	for range 50 {
		for range 3 {
			if _, err := b.Login(t.Context(), "anna", otherPassword, here); err == nil {
				t.Fatal("guessed")
			}
		}
		for _, from := range []auth.From{at(99), known} {
			if _, err := b.Login(t.Context(), "anna", goodPassword, from); err != nil {
				t.Fatalf("%v: %v", from, err)
			}
		}
		b.pass(2 * time.Second)
	}
	// Nor does a crowd of addresses.
	for n := range 250 {
		_, _ = b.Login(t.Context(), "anna", otherPassword, at(n))
	}
	if _, err := b.Login(t.Context(), "anna", goodPassword, known); err != nil {
		t.Error(err)
	}
}

func TestGuessesFromManyAddressesAreBounded(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.add(t, "anna", auth.Operator)
	b.add(t, "bruno", auth.Operator)
	strange := b.login(t, "bruno").Browser // known, but not as anna's
	tested := 0
	for n := range 600 {
		from := at(n)
		switch n % 3 {
		case 1:
			from.Browser = strange
		case 2:
			from.Browser = "ecb_" + fmt.Sprint(n)
		}
		_, err := b.Login(t.Context(), "anna", otherPassword, from)
		if auth.CodeOf(err) == auth.Unauthenticated {
			tested++
		}
	}
	if tested != 100 {
		t.Errorf("%d passwords were tested", tested)
	}
}

func TestAKnownBrowserIsLimitedToo(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.add(t, "anna", auth.Operator)
	known := auth.From{Address: here.Address, Browser: b.login(t, "anna").Browser}
	for range 5 {
		_, err := b.Login(t.Context(), "anna", otherPassword, known)
		wantCode(t, err, auth.Unauthenticated)
	}
	_, err := b.Login(t.Context(), "anna", goodPassword, known)
	wantCode(t, err, auth.RateLimited)
	if _, err := b.Login(t.Context(), "anna", goodPassword, here); err != nil { // its own budget, as others have theirs
		t.Error(err)
	}
}

func TestBrowsers(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.add(t, "anna", auth.Operator)
	b.add(t, "bruno", auth.Operator)
	first := b.login(t, "anna").Browser
	login := func(name, browser string) string {
		t.Helper()
		session, err := b.Login(t.Context(), name, goodPassword, auth.From{Address: here.Address, Browser: browser})
		if err != nil {
			t.Fatal(err)
		}
		return session.Browser
	}
	if got := login("anna", first); got != first {
		t.Error("a known browser got another secret")
	}
	if got := login("bruno", first); got != first {
		t.Error("a browser that two use got another secret")
	}
	if got := login("anna", "ecb_invented"); got == "ecb_invented" || got == first {
		t.Errorf("a browser chose its secret: %q", got)
	}
	if n := b.stored(t, `SELECT COUNT(*) FROM browsers WHERE token_hash LIKE 'ecb_%'`); n != "0" {
		t.Error("secrets are stored")
	}
	_, err := b.Identify(t.Context(), first)
	wantCode(t, err, auth.Unauthenticated) // it is no session
	for range 30 {
		b.pass(time.Minute)
		login("anna", "")
	}
	if n := b.stored(t, `SELECT COUNT(*) FROM browsers WHERE user_name = 'anna'`); n != "20" {
		t.Errorf("%s browsers are known", n)
	}
	b.pass(400 * 24 * time.Hour)
	if err := b.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := b.stored(t, `SELECT COUNT(*) FROM browsers`); n != "0" {
		t.Errorf("%s browsers are known after their time", n)
	}
}

// TestACrowdOfSignInsIsTurnedAway has more sign-ins at once than are hashed and wait: they are told
// so at once, and a known browser still finds a place.
func TestACrowdOfSignInsIsTurnedAway(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.add(t, "anna", auth.Operator)
	known := auth.From{Address: here.Address, Browser: b.login(t, "anna").Browser}
	slow := auth.New(b.db, auth.Options{Now: b.clock, Hash: auth.HashParams{MemoryKiB: 4 << 10, Passes: 3, Threads: 1}, MaxHashing: 1})
	const crowd = 40
	var tries sync.WaitGroup
	var tested, busy atomic.Int32
	full := make(chan struct{})
	for n := range crowd {
		tries.Go(func() {
			switch _, err := slow.Login(t.Context(), fmt.Sprint("nobody", n), otherPassword, at(n)); {
			case auth.CodeOf(err) == auth.Unauthenticated:
				tested.Add(1)
			case auth.CodeOf(err) == auth.Busy && refusal(err).RetryAfter > 0:
				if busy.Add(1) == 1 {
					close(full)
				}
			default:
				t.Error(err)
			}
		})
	}
	<-full
	if _, err := slow.Login(t.Context(), "anna", goodPassword, known); err != nil {
		t.Errorf("the known browser: %v", err)
	}
	tries.Wait()
	if tested.Load()+busy.Load() != crowd || busy.Load() < crowd/2 {
		t.Errorf("%d were tested, %d turned away", tested.Load(), busy.Load())
	}
}

func TestFailedLoginsLockTheAddress(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.add(t, "anna", auth.Operator)
	for n := range 20 {
		_, err := b.Login(t.Context(), fmt.Sprint("guess", n), goodPassword, here)
		wantCode(t, err, auth.Unauthenticated)
	}
	_, err := b.Login(t.Context(), "anna", goodPassword, here)
	wantCode(t, err, auth.RateLimited)
	if wait := refusal(err).RetryAfter; wait != 5*time.Second {
		t.Errorf("retry after %v", wait)
	}
	if _, err := b.Login(t.Context(), "anna", goodPassword, auth.From{Address: "192.0.2.2"}); err != nil {
		t.Errorf("from elsewhere: %v", err)
	}
}

func TestGoodLoginsAreNotLimited(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.add(t, "anna", auth.Operator)
	for range 50 {
		b.login(t, "anna")
	}
}

func TestLoginsAtOnceCannotOutrunTheLimit(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.add(t, "anna", auth.Operator)
	var tries sync.WaitGroup
	var tested atomic.Int32
	for range 50 {
		tries.Go(func() {
			_, err := b.Login(t.Context(), "anna", otherPassword, here)
			if auth.CodeOf(err) == auth.Unauthenticated {
				tested.Add(1)
			}
		})
	}
	tries.Wait()
	if n := tested.Load(); n > 5 || n == 0 {
		t.Errorf("%d passwords were tested", n)
	}
}

func TestClockSetBackLocksNobodyOut(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.add(t, "anna", auth.Operator)
	b.add(t, "bruno", auth.Operator)
	b.login(t, "anna")
	_, err := b.Login(t.Context(), "bruno", otherPassword, here)
	wantCode(t, err, auth.Unauthenticated)
	b.pass(-time.Hour)
	b.login(t, "anna")
	b.login(t, "bruno")
}

func TestChangePasswordIsLimitedToo(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.add(t, "anna", auth.Operator)
	for range 5 {
		err := b.ChangePassword(t.Context(), "anna", "not this one either", otherPassword, here)
		wantInvalid(t, err, "old_password", auth.Wrong)
	}
	err := b.ChangePassword(t.Context(), "anna", goodPassword, otherPassword, here)
	wantCode(t, err, auth.RateLimited)
	b.pass(time.Minute)
	if err := b.ChangePassword(t.Context(), "anna", goodPassword, otherPassword, here); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Login(t.Context(), "anna", otherPassword, here); err != nil {
		t.Error(err)
	}
}

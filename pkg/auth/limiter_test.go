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

func TestFailedLoginsLockTheName(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.add(t, "anna", auth.Operator)
	b.add(t, "bruno", auth.Operator)
	for n := range 5 {
		_, err := b.Login(t.Context(), "anna", otherPassword, fmt.Sprint("192.0.2.", n))
		wantCode(t, err, auth.Unauthenticated)
	}
	_, err := b.Login(t.Context(), "anna", goodPassword, "192.0.2.99")
	wantCode(t, err, auth.RateLimited)
	if wait := refusal(err).RetryAfter; wait != 30*time.Second {
		t.Errorf("retry after %v", wait)
	}
	if _, err := b.Login(t.Context(), "bruno", goodPassword, "192.0.2.1"); err != nil {
		t.Errorf("another name: %v", err)
	}
	b.pass(30 * time.Second)
	if _, err := b.Login(t.Context(), "anna", goodPassword, "192.0.2.99"); err != nil {
		t.Errorf("after the wait: %v", err)
	}
	b.pass(30 * time.Second)
	_, err = b.Login(t.Context(), "anna", otherPassword, here)
	wantCode(t, err, auth.Unauthenticated)
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
	if _, err := b.Login(t.Context(), "anna", goodPassword, "192.0.2.2"); err != nil {
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
	for n := range 50 {
		tries.Go(func() {
			_, err := b.Login(t.Context(), "anna", otherPassword, fmt.Sprint("192.0.2.", n))
			if auth.CodeOf(err) == auth.Unauthenticated {
				tested.Add(1)
			}
		})
	}
	tries.Wait()
	if n := tested.Load(); n != 5 {
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

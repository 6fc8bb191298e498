package auth_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/auth"
)

// TestPairingOfAClockThatWasAhead holds that a code is good for some minutes also when it was made
// by a clock that was ahead by years and then put right.
func TestPairingOfAClockThatWasAhead(t *testing.T) {
	t.Parallel()
	totem := auth.Place{Kind: auth.Totem, Office: "urp", Target: "t1"}
	for _, tt := range []struct {
		name string
		back time.Duration
		want auth.Code
	}{
		{"years", 10 * 365 * 24 * time.Hour, auth.Unknown},
		{"an hour", time.Hour, auth.Unknown},
		{"a minute", time.Minute, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			p, shown, token, err := b.AskPairing(t.Context(), totem, "192.0.2.1")
			if err != nil {
				t.Fatal(err)
			}
			_, invitation, err := b.InviteDevice(t.Context(), totem)
			if err != nil {
				t.Fatal(err)
			}
			b.pass(-tt.back)
			list, err := b.Pairings(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if got := len(list) > 0; got != (tt.want == "") {
				t.Errorf("%d pairings are listed", len(list))
			}
			_, of := b.PairingOf(t.Context(), p.ID, token)
			_, confirmed := b.ConfirmPairing(t.Context(), shown, totem)
			_, _, redeemed := b.RedeemPairing(t.Context(), invitation)
			for _, err := range []error{of, confirmed, redeemed} {
				if auth.CodeOf(err) != tt.want || tt.want == "" && err != nil {
					t.Errorf("got %v, want code %q", err, tt.want)
				}
			}
		})
	}
}

// TestACrowdThatAsksForPairing has a thousand codes asked for from everywhere: the one device in
// front of somebody gets its code, keeps it while the crowd goes on, and is paired.
func TestACrowdThatAsksForPairing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	totem := auth.Place{Kind: auth.Totem, Office: "urp", Target: "t1"}
	ask := func(place auth.Place, network string) string {
		t.Helper()
		_, code, _, err := b.AskPairing(t.Context(), place, network)
		if err != nil {
			t.Fatal(err)
		}
		b.pass(time.Millisecond)
		return code
	}
	crowd := func(n int) {
		t.Helper()
		for i := range n {
			ask(auth.Place{}, fmt.Sprintf("198.51.100.%d", i%55))
		}
	}
	before := ask(totem, "192.0.2.1")
	crowd(1050)
	during := ask(totem, "192.0.2.2")
	crowd(50)
	if list, err := b.Pairings(t.Context()); err != nil || len(list) > 1000 {
		t.Errorf("%d codes wait (%v)", len(list), err)
	}
	for _, code := range []string{before, during} {
		if _, err := b.ConfirmPairing(t.Context(), code, totem); err != nil {
			t.Error(err)
		}
	}
}

// TestAskPairingRefused has several fields wrong at once: it is always the first that is named.
func TestAskPairingRefused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	long := strings.Repeat("x", 65)
	for _, tt := range []struct {
		believed auth.Place
		field    string
	}{
		{auth.Place{Kind: auth.DeviceKind(long), Office: long, Target: long}, "kind"},
		{auth.Place{Kind: auth.Totem, Office: "empoli\x00", Target: long}, "office"},
		{auth.Place{Target: "t\xff1"}, "target"},
	} {
		for range 20 {
			_, _, _, err := b.AskPairing(t.Context(), tt.believed, "192.0.2.1")
			wantInvalid(t, err, tt.field, auth.Malformed)
		}
	}
}

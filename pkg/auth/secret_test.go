package auth_test

import (
	"bytes"
	"testing"
)

// TestSecretIsShared wants the servers of one database to agree about a secret, also those that
// start later, and no two secrets to be alike.
func TestSecretIsShared(t *testing.T) {
	t.Parallel()
	b := setup(t)
	first, err := b.Secret(t.Context(), "invitations")
	if err != nil || len(first) != 32 {
		t.Fatalf("%d bytes, %v", len(first), err)
	}
	for range 2 {
		again, err := b.Secret(t.Context(), "invitations")
		if err != nil || !bytes.Equal(again, first) {
			t.Errorf("it has changed, %v", err)
		}
		b.Service = b.service(cheap)
	}
	other, err := b.Secret(t.Context(), "another")
	if err != nil || bytes.Equal(other, first) {
		t.Errorf("another one is the same, %v", err)
	}
}

package auth

import (
	"testing"
	"testing/synctest"
	"time"
)

// TestACrowdLeavesTheProcessorToTheQueue has hashes of 40 ms, one at a time.
func TestACrowdLeavesTheProcessorToTheQueue(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		turns := newTurns(1)
		// How long after the beginning the next one, who comes meanwhile, gets its turn.
		next := func(known bool) time.Duration {
			began := time.Now()
			end, err := turns.take(t.Context(), known)
			if err != nil {
				t.Fatal(err)
			}
			got := make(chan time.Duration)
			go func() {
				end, err := turns.take(t.Context(), false)
				if err != nil {
					t.Error(err)
					return
				}
				got <- time.Since(began)
				end()
			}()
			time.Sleep(40 * time.Millisecond)
			end()
			return <-got
		}
		if after := next(false); after != 160*time.Millisecond {
			t.Errorf("behind a stranger after %v", after)
		}
		if after := next(true); after != 40*time.Millisecond {
			t.Errorf("behind who is known after %v", after)
		}
		// Who comes alone finds no rest.
		for range 3 {
			began := time.Now()
			end, err := turns.take(t.Context(), false)
			if err != nil || time.Since(began) != 0 {
				t.Errorf("alone after %v, %v", time.Since(began), err)
			}
			time.Sleep(40 * time.Millisecond)
			end()
		}
	})
}

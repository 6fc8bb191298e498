package postgres_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/journal"
	"github.com/eliminacode/eliminacode/pkg/journal/postgres"
)

// claim claims, and wants to have and not to have names.
func claim(t *testing.T, j *postgres.Journal, lease time.Duration, names, wantMine, wantOthers string) {
	t.Helper()
	mine, others, err := j.Claim(t.Context(), strings.Fields(names), lease)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(mine, strings.Fields(wantMine)) || !slices.Equal(others, strings.Fields(wantOthers)) {
		t.Errorf("claiming %q: has %v, others %v; want %q and %q", names, mine, others, wantMine, wantOthers)
	}
}

// TestClaim has two servers claim the same names.
func TestClaim(t *testing.T) {
	t.Parallel()
	address := cluster.Database(t)
	a, b := open(t, address), open(t, address)
	defer a.Close()
	defer b.Close()
	claim(t, a, time.Hour, "", "", "")
	claim(t, a, time.Hour, "x y", "x y", "")
	claim(t, b, time.Hour, "x z", "z", "x y")
	claim(t, a, time.Hour, "x y z", "x y", "z")
	claim(t, a, time.Hour, "y", "y", "z") // gives back x
	claim(t, b, time.Hour, "x", "x", "y")
	claim(t, b, time.Hour, "x", "x", "y")

	// What is left alone runs out, as soon as it was claimed for, and no sooner.
	const lease = time.Minute
	pass := func(d time.Duration) {
		t.Helper()
		if _, err := a.DB().ExecContext(t.Context(), `UPDATE claims SET until = until - $1`, d.Microseconds()); err != nil {
			t.Fatal(err)
		}
	}
	claim(t, a, lease, "", "", "") // what is kept for longer than anybody claims it is nobody's
	claim(t, a, lease, "w", "w", "")
	pass(lease / 2)
	claim(t, b, lease, "w", "", "w")
	pass(lease / 2)
	claim(t, b, lease, "w", "w", "")

	// The database's clock was set back by an hour: nothing is kept for so long.
	pass(-time.Hour)
	claim(t, a, lease, "w", "w", "")

	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	if _, _, err := a.Claim(t.Context(), []string{"w"}, lease); !errors.Is(err, journal.ErrUnavailable) {
		t.Errorf("of a closed journal: %v", err)
	}
}

// TestClaimAtOnce has many servers claim a name at the same moment, again and again.
func TestClaimAtOnce(t *testing.T) {
	t.Parallel()
	address := cluster.Database(t)
	var servers []*postgres.Journal
	for range 4 {
		j := open(t, address)
		defer j.Close()
		servers = append(servers, j)
	}
	for range 20 {
		var all sync.WaitGroup
		sees := make([]int, len(servers)) // how many names each sees, of which each has its own
		has := make([]int, len(servers))
		for i, j := range servers {
			all.Go(func() {
				own := string(rune('a' + i))
				mine, others, err := j.Claim(t.Context(), []string{"one", own}, time.Hour)
				if err != nil {
					t.Error(err)
				}
				sees[i] = len(mine) + len(others)
				if slices.Contains(mine, "one") {
					has[i] = 1
				}
			})
		}
		all.Wait()
		n := 0
		for _, h := range has {
			n += h
		}
		slices.Sort(sees)
		// One after another: the first sees its own two, and each one more than who came before.
		if n != 1 || !slices.Equal(sees, []int{2, 3, 4, 5}) {
			t.Fatalf("%d of the servers have it; they see %v", n, sees)
		}
		for _, j := range servers {
			if _, _, err := j.Claim(t.Context(), nil, time.Hour); err != nil {
				t.Fatal(err)
			}
		}
	}
}

package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/journal"
	"github.com/eliminacode/eliminacode/pkg/journal/journaltest"
	"github.com/eliminacode/eliminacode/pkg/journal/postgres"
	"github.com/eliminacode/eliminacode/pkg/journal/postgres/pgtest"
)

// follow follows a journal until the test ends; what it hears comes out of the channel.
func follow(t *testing.T, j journal.Journal) <-chan string {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	heard, ended := make(chan string, 100), make(chan error, 1)
	go func() { ended <- j.Follow(ctx, func(office string) { heard <- office }) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) && !errors.Is(err, journal.ErrUnavailable) {
			t.Errorf("follow: %v", err)
		}
	})
	return heard
}

// want waits for a ring for an office, whatever comes before.
func want(t *testing.T, heard <-chan string, office string) {
	t.Helper()
	for {
		select {
		case got := <-heard:
			if got == office {
				return
			}
		case <-time.After(20 * time.Second):
			t.Fatalf("no ring for %s", office)
		}
	}
}

func begin(t *testing.T, j journal.Journal, name string) *journaltest.Office {
	t.Helper()
	o := journaltest.NewOffice(name)
	if err := j.Append(t.Context(), o.Begin(t)); err != nil {
		t.Fatal(err)
	}
	return o
}

func TestRing(t *testing.T) {
	t.Parallel()

	address := cluster.Database(t)
	mine, other := open(t, address), open(t, address)
	defer mine.Close()
	defer other.Close()
	begin(t, mine, "urp")
	heard := follow(t, mine)
	want(t, heard, "urp") // what was there when it began

	// Its own bell it doesn't hear, and many rings are few notifications.
	for i := range 1000 {
		mine.Ring("own")
		other.Ring(fmt.Sprintf("office %d", i%10))
	}
	other.Ring("last")
	rings := 0
	for office := ""; office != "last"; rings++ {
		select {
		case office = <-heard:
		case <-time.After(20 * time.Second):
			t.Fatal("the last ring didn't come")
		}
		if office == "own" {
			t.Error("a server heard its own bell")
		}
	}
	if rings > 500 {
		t.Errorf("%d rings were heard of 1001: they aren't coalesced", rings)
	}
}

// TestRingAndClose rings just before the end, as a tool does: others hear it.
func TestRingAndClose(t *testing.T) {
	t.Parallel()

	address := cluster.Database(t)
	mine := open(t, address)
	defer mine.Close()
	begin(t, mine, "urp")
	heard := follow(t, mine)
	want(t, heard, "urp")
	for range 20 {
		tool := open(t, address)
		tool.Ring("urp")
		if err := tool.Close(); err != nil {
			t.Fatal(err)
		}
		want(t, heard, "urp")
	}
}

func TestOutage(t *testing.T) {
	t.Parallel()

	c := pgtest.New(t)
	j := open(t, c.Database(t))
	defer j.Close()
	o := begin(t, j, "urp")
	heard := follow(t, j)
	want(t, heard, "urp")

	c.Stop(t)
	b := o.Do(t, journaltest.Issue("a"))
	for name, err := range map[string]error{"append": j.Append(t.Context(), b), "ping": j.Ping(t.Context())} {
		if !errors.Is(err, journal.ErrUnavailable) {
			t.Errorf("%s without a server: %v, want ErrUnavailable", name, err)
		}
	}
	c.Start(t)
	if err := j.Append(t.Context(), b); err != nil {
		t.Errorf("the first append after the outage: %v", err)
	}
	want(t, heard, "urp") // something may have been missed

	// A crash in the middle of the day.
	c.Kill(t)
	c.Start(t)
	again(t, func(ctx context.Context) error {
		events, err := j.Events(ctx, "urp", 0, 100)
		if err == nil && int64(len(events)) != o.State.Seq {
			t.Errorf("%d events after a crash, want %d", len(events), o.State.Seq)
		}
		return err
	})
	want(t, heard, "urp")
}

// again does what may fail at first, since connections were cut, until it works.
func again(t *testing.T, do func(ctx context.Context) error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for {
		err := do(ctx)
		switch {
		case err == nil:
			return
		case ctx.Err() != nil:
			t.Fatalf("it doesn't recover: %v", err)
		case !errors.Is(err, journal.ErrUnavailable):
			t.Fatalf("%v, want ErrUnavailable", err)
		}
	}
}

func TestFailover(t *testing.T) {
	t.Parallel()

	first := pgtest.New(t)
	second := first.Standby(t)
	address := fmt.Sprintf("postgres://postgres@%s,%s/postgres?sslmode=disable&target_session_attrs=read-write", first.Host(), second.Host())
	j, err := postgres.Open(t.Context(), address, postgres.Options{Connections: 4})
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	o := begin(t, j, "urp")
	heard := follow(t, j)
	want(t, heard, "urp")
	for i := range 20 {
		if err := j.Append(t.Context(), o.Do(t, journaltest.Issue(fmt.Sprint("before-", i)))); err != nil {
			t.Fatal(err)
		}
	}
	acknowledged := o.State.Seq

	first.Kill(t)
	b := o.Do(t, journaltest.Issue("meanwhile"))
	if err := j.Append(t.Context(), b); !errors.Is(err, journal.ErrUnavailable) {
		t.Errorf("append without a server: %v, want ErrUnavailable", err)
	}
	second.Promote(t)
	again(t, j.Ping)
	events, err := j.Events(t.Context(), "urp", 0, 1000)
	if err != nil || int64(len(events)) != acknowledged {
		t.Errorf("%d events on the standby, %v; want the %d that were acknowledged", len(events), err, acknowledged)
	}
	if err := j.Append(t.Context(), b); err != nil {
		t.Errorf("append to the new server: %v", err)
	}
	want(t, heard, "urp")
}

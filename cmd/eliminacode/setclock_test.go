package main

import (
	"context"
	"net/http"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/config"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// TestClockSetWhileRunning sets the clock of a server that is at work, as an administrator or the
// network's time may: people go on getting numbers, nobody's twice, and a time that can't be right
// is an alarm until it is right again. The clock is the program's own: the kernel's can't be set
// for one process alone.
func TestClockSetWhileRunning(t *testing.T) {
	t.Parallel()
	var set atomic.Int64 // by how much, a duration
	machine := clock(time.Date(2026, 3, 2, 9, 0, 0, 0, time.FixedZone("", 3600)))
	now := func() time.Time { return machine().Add(time.Duration(set.Load())) }

	stderr := newOutput()
	p := &program{stdout: newOutput(), stderr: stderr, getenv: func(name string) string {
		return map[string]string{"ELIMINACODE_DEV_TOKEN": clockToken}[name]
	}}
	s, err := config.Load("serve", []string{"--dev", "--listen", "127.0.0.1:0", "--data", filepath.Join(t.TempDir(), "data")}, p.getenv, stderr)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	address, ended := make(chan string, 1), make(chan error, 1)
	go func() { ended <- p.run(ctx, s, now, func(_ context.Context, url string) { address <- url }) }()
	defer func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}()
	url := <-address

	given := []string{issueAt(t, url).Number}
	for _, step := range []time.Duration{2 * time.Minute, 0, time.Hour, 0, -20 * time.Minute, 0} {
		set.Store(int64(step))
		given = append(given, issueAt(t, url).Number)
	}
	set.Store(int64(5 * 365 * 24 * time.Hour))
	until(t, "the clock's alarm", func() bool {
		_ = request(t, http.MethodGet, url+"/api/v1/state", nil, nil)
		return status(t, url+"/readyz") == http.StatusServiceUnavailable
	})
	given = append(given, issueAt(t, url).Number)
	set.Store(0)
	until(t, "the end of the alarm", func() bool { return status(t, url+"/readyz") == http.StatusOK })
	given = append(given, issueAt(t, url).Number)

	want := []string{"A001", "A002", "A003", "A004", "A005", "A006", "A007", "A008", "A009"}
	if !slices.Equal(given, want) {
		t.Errorf("numbers %v, want %v", given, want)
	}
	if _, waiting := anagrafe(t, url); waiting != len(want) {
		t.Errorf("%d wait, want all %d", waiting, len(want))
	}
	var list []queue.Event
	request(t, http.MethodGet, url+"/api/v1/journal", nil, &list)
	back := 0
	for i := range list {
		if list[i].Kind == queue.ClockSet {
			back++
		} else if i > 0 && list[i].At.Before(list[i-1].At) {
			t.Errorf("event %d is of %s, the one before it of %s", list[i].Seq, list[i].At, list[i-1].At)
		}
	}
	if back == 0 {
		t.Error("the clock was set back by an hour, and the journal doesn't say so")
	}
}

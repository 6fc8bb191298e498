package main

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/config"
)

// TestStopWaitsForBackground stops the server while what it does beside the requests has something
// to finish: the program doesn't end, and closes nothing, before that has.
func TestStopWaitsForBackground(t *testing.T) {
	t.Parallel()
	stderr := newOutput()
	p := &program{stdout: newOutput(), stderr: stderr, getenv: func(string) string { return "" }}
	s, err := config.Load("serve", []string{"--listen", "127.0.0.1:0", "--data", filepath.Join(t.TempDir(), "data")}, p.getenv, stderr)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	finished := make(chan struct{})
	var begin time.Time
	err = p.run(ctx, s, time.Now, func(ctx context.Context, _ string) {
		begin = time.Now()
		stop()
		<-ctx.Done()
		<-time.After(300 * time.Millisecond)
		close(finished)
	})
	select {
	case <-finished:
	default:
		t.Error("the program has ended, and its background work goes on")
	}
	if took := time.Since(begin); err != nil || took > 5*time.Second {
		t.Errorf("the stop ended with %v after %v, want no error within 5 s:\n%s", err, took, stderr)
	}
}

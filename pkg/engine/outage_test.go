package engine_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/engine"
)

// TestOutageIsToldOnce fills the disk, and then loses it, for ten commands each: the log says when
// each begins and when it ends, once, and readiness knows.
func TestOutageIsToldOnce(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, b *bench) {
		var log bytes.Buffer
		b.restart(engine.Options{Log: slog.New(slog.NewTextHandler(&log, nil))})
		b.issue("a")
		try := func(name string) {
			for i := range 10 {
				_, err := b.do(fmt.Sprint(name, i), ticket(fmt.Sprint(name, i)))
				wantUnavailable(t, err)
				<-time.After(time.Second)
			}
		}
		b.journal.set(func(s *server) { s.before = fail })
		try("full")
		if b.engine.Written() == nil {
			t.Error("the last ten commands failed, and the engine says that the journal is written")
		}
		b.journal.set(func(s *server) { s.before = nil })
		b.issue("b")
		if err := b.engine.Written(); err != nil {
			t.Errorf("after a command that was carried out: %v", err)
		}
		b.journal.set(func(s *server) { s.before, s.reading = fail, errDisk })
		try("lost")
		b.journal.set(func(s *server) { s.before, s.reading = nil, nil })
		<-time.After(2 * time.Second)
		b.issue("c")
		b.stop()
		for text, want := range map[string]int{
			"can't be written": 2, "can be written again": 2, "can't be read": 1, "can be read again": 1,
		} {
			if n := strings.Count(log.String(), text); n != want {
				t.Errorf("the log says %d times %q, want %d", n, text, want)
			}
		}
		if n := strings.Count(log.String(), "\n"); n != 6 {
			t.Errorf("the log has %d lines, want 6:\n%s", n, log.String())
		}
	})
}

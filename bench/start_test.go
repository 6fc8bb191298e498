//go:build unix

package bench_test

import (
	"bufio"
	"context"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"syscall"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/journal/sqlite"
)

// The history that a start finds: 100,000 tickets of 1,000 days.
const (
	historyDays  = 1_000
	visitsPerDay = 100
)

// BenchmarkStart measures the program from its execution until it is ready: on an empty folder,
// which is its first start ever; on a folder with a history after an orderly stop; and on the same
// without a snapshot, when all that ever happened must be read again. Its floor is the start of the
// same program when it only tells its version.
func BenchmarkStart(b *testing.B) {
	binary := build(b)
	b.Run("first", func(b *testing.B) {
		starts(b, binary, func() string { return b.TempDir() })
	})
	data := b.TempDir()
	seq := fill(b, data)
	if seq < 400_000 {
		b.Fatalf("the journal has only %d events", seq)
	}
	b.Run("stopped", func(b *testing.B) {
		starts(b, binary, func() string { return data })
	})
	b.Run("no-snapshot", func(b *testing.B) {
		starts(b, binary, func() string {
			forget(b, data)
			return data
		})
	})
}

// starts measures starts on the folders that prepare returns, and reports the medians.
func starts(b *testing.B, binary string, prepare func() string) {
	launch(b, binary, prepare()) // and the files are in the machine's memory
	var ready, floor []time.Duration
	for b.Loop() {
		ready = append(ready, launch(b, binary, prepare()))
		begin := time.Now()
		if err := exec.CommandContext(b.Context(), binary, "version").Run(); err != nil {
			b.Fatal(err)
		}
		floor = append(floor, time.Since(begin))
	}
	b.ReportMetric(percentile(ready, 0.5), "ready-ms")
	b.ReportMetric(percentile(floor, 0.5), "floor-ms")
	b.ReportMetric(0, "ns/op") // with the stops
}

// build makes the program as it is installed.
func build(b *testing.B) (binary string) {
	b.Helper()
	binary = filepath.Join(b.TempDir(), "eliminacode")
	cmd := exec.CommandContext(b.Context(), "go", "build", "-trimpath", "-o", binary, "../cmd/eliminacode")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("build: %v\n%s", err, out)
	}
	return binary
}

var printed = regexp.MustCompile(`http://\S+(:\d+)/console`)

// launch starts the program, returns how long it took to be ready, and stops it.
func launch(b *testing.B, binary, data string) (ready time.Duration) {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, binary, "serve", "--dev", "--clock=2026-03-02T15:00:00+01:00", "--retention-days=0")
	cmd.Env = append(os.Environ(), "ELIMINACODE_LISTEN=127.0.0.1:0", "ELIMINACODE_DATA="+data, "ELIMINACODE_DEV_TOKEN=bench-token")
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	begin := time.Now()
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for ready == 0 && lines.Scan() {
		if found := printed.FindStringSubmatch(lines.Text()); found != nil {
			answer, err := http.Get("http://127.0.0.1" + found[1] + "/readyz")
			if err != nil {
				b.Fatal(err)
			}
			_ = answer.Body.Close()
			if answer.StatusCode != http.StatusOK {
				b.Fatalf("not ready: %s", answer.Status)
			}
			ready = time.Since(begin)
		}
	}
	http.DefaultClient.CloseIdleConnections()
	if ready == 0 {
		b.Fatal("the program ended, or was not ready within a minute")
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		b.Fatal(err)
	}
	for lines.Scan() { // what else it says
	}
	if err := cmd.Wait(); err != nil {
		b.Fatal(err)
	}
	return ready
}

// fill writes the history into a folder, and returns the seq of its last event.
func fill(b *testing.B, data string) (seq int64) {
	b.Helper()
	j, err := sqlite.Open(b.Context(), filepath.Join(data, "eliminacode.db"), sqlite.Options{})
	if err != nil {
		b.Fatal(err)
	}
	seq = history(b, j, office, historyDays, visitsPerDay, 0)
	if err := j.Close(); err != nil {
		b.Fatal(err)
	}
	return seq
}

// forget deletes the snapshot.
func forget(b *testing.B, data string) {
	b.Helper()
	j, err := sqlite.Open(b.Context(), filepath.Join(data, "eliminacode.db"), sqlite.Options{})
	if err != nil {
		b.Fatal(err)
	}
	if _, err := j.DB().ExecContext(b.Context(), `DELETE FROM snapshots`); err != nil {
		b.Fatal(err)
	}
	if err := j.Close(); err != nil {
		b.Fatal(err)
	}
}

//go:build linux

package bench_test

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/engine"
	"github.com/eliminacode/eliminacode/pkg/journal"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// BenchmarkOffices measures what an office costs in memory while it is loaded: one where nothing
// has happened yet, and one in the afternoon of a full day.
func BenchmarkOffices(b *testing.B) {
	b.Run("idle=1000", func(b *testing.B) { offices(b, 1000, 0, 0) })
	b.Run("busy=100", func(b *testing.B) { offices(b, 100, 250, 20) })
}

func offices(b *testing.B, count, visits, waiting int) {
	j := openSQLite(b)
	for i := range count {
		history(b, j, fmt.Sprintf("sede-%d", i), 1, visits, waiting)
	}
	var heap, resident int64
	for b.Loop() {
		heap, resident = loaded(b, j, count)
	}
	if err := j.Close(); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(heap)/float64(count)/1e3, "heap-kB/office")
	b.ReportMetric(float64(resident)/float64(count)/1e3, "rss-kB/office")
}

// loaded returns by how many bytes the heap and the stacks, and the whole process, grow with the
// offices loaded.
func loaded(b *testing.B, j journal.Journal, count int) (heap, resident int64) {
	b.Helper()
	monday := morning(b).Add(6 * time.Hour)
	e := engine.New(engine.Options{Journal: j, Now: func() time.Time { return monday }})
	heapBefore, residentBefore := memory(b)
	for i := range count {
		if err := e.Read(b.Context(), fmt.Sprintf("sede-%d", i), func(*queue.State, time.Time) {}); err != nil {
			b.Fatal(err)
		}
	}
	heapAfter, residentAfter := memory(b)
	if e.Loaded() != count {
		b.Fatalf("%d offices are loaded, want %d", e.Loaded(), count)
	}
	if err := e.Close(context.Background()); err != nil {
		b.Fatal(err)
	}
	return heapAfter - heapBefore, residentAfter - residentBefore
}

// memory is what is in use after a collection, in bytes: of the heap and the stacks, and of the
// process.
func memory(b *testing.B) (heap, resident int64) {
	b.Helper()
	runtime.GC() // ages the pools
	debug.FreeOSMemory()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	statm, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		b.Fatal(err)
	}
	var size, pages int64
	if _, err := fmt.Sscan(string(statm), &size, &pages); err != nil {
		b.Fatal(err)
	}
	return int64(m.HeapAlloc + m.StackInuse), pages * int64(os.Getpagesize())
}

//go:build unix

package live_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/eliminacode/eliminacode/pkg/live"
)

const (
	benchSome = 1_000
	benchMany = 10_000
	// benchMessages is how many each of the two sends in one comparison.
	benchMessages = 10
	// benchView is the size of the message, in bytes: a public view of three channels.
	benchView = 1_500
	// audienceEnv makes the test binary the audience, in a process of its own: so the memory
	// measured is the server's alone, and each process needs only one file a socket.
	audienceEnv = "ELIMINACODE_BENCH_AUDIENCE"
)

func TestMain(m *testing.M) {
	if spec := os.Getenv(audienceEnv); spec != "" {
		if err := audience(spec); err != nil {
			fmt.Fprintln(os.Stderr, "audience:", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// BenchmarkFanout measures one view to many viewers, from its publication until the last has it,
// against the least that could do it: the same prepared frame written by a loop on each core to
// bare sockets, which has no pings, deadlines, limits or slots. Reported are both times in ms, both
// memories per viewer in bytes (heap and stacks after a collection), and their ratios.
func BenchmarkFanout(b *testing.B) {
	for _, viewers := range []int{benchSome, benchMany} {
		b.Run(strconv.Itoa(viewers), func(b *testing.B) {
			raiseFileLimit(b, uint64(viewers+1_000))
			var floorTimes, hubTimes []time.Duration
			var floorMemory, hubMemory float64
			// One after the other, since a process may not have files enough for both.
			for b.Loop() {
				floorMemory = measure(b, startFloor(b, viewers), &floorTimes)
				hubMemory = measure(b, startHub(b, viewers), &hubTimes)
			}
			slices.Sort(floorTimes)
			slices.Sort(hubTimes)
			f, h := floorTimes[len(floorTimes)/2], hubTimes[len(hubTimes)/2]
			b.ReportMetric(f.Seconds()*1e3, "floor-ms")
			b.ReportMetric(h.Seconds()*1e3, "hub-ms")
			b.ReportMetric(h.Seconds()/f.Seconds(), "time-ratio")
			b.ReportMetric(floorMemory, "floor-B/viewer")
			b.ReportMetric(hubMemory, "hub-B/viewer")
			b.ReportMetric(hubMemory/floorMemory, "memory-ratio")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// measure sends the messages of one stage and ends it.
func measure(b *testing.B, s *stage, times *[]time.Duration) (perViewer float64) {
	defer s.end()
	for n := range benchMessages {
		message := fmt.Appendf(nil, `{"n":%d,"pad":"%s"}`, n, strings.Repeat("x", benchView-20))
		*times = append(*times, s.send(b, message))
	}
	return s.perViewer
}

// stage is one server with its audience.
type stage struct {
	publish   func([]byte)
	perViewer float64
	answers   *bufio.Reader
	end       func()
}

// send publishes and waits until the last viewer has it all.
func (s *stage) send(b *testing.B, message []byte) time.Duration {
	start := time.Now()
	s.publish(message)
	if line, err := s.answers.ReadString('\n'); err != nil || line != "all\n" {
		b.Fatalf("the audience said %q, %v", line, err)
	}
	return time.Since(start)
}

func startHub(b *testing.B, viewers int) *stage {
	hub := live.New(live.Options{MaxViewers: viewers})
	s := start(b, viewers, func(w http.ResponseWriter, r *http.Request) {
		if err := hub.Serve(w, r, live.Watch{Topic: "public", Rank: live.Known}); err != nil {
			b.Error(err)
		}
	}, func() int { return hub.Stats().Viewers }, func(m []byte) { hub.Publish("public", m) })
	leave := s.end
	s.end = func() {
		leave()
		_ = hub.Shutdown(b.Context())
	}
	return s
}

// startFloor is the smallest server: a goroutine that reads a socket, and nothing else that stays.
// It sizes its buffers as the hub does and leaves the HTTP server's goroutine, so that the hub
// isn't measured against something wasteful.
func startFloor(b *testing.B, viewers int) *stage {
	upgrader := websocket.Upgrader{ReadBufferSize: 256, WriteBufferSize: 1024, WriteBufferPool: new(sync.Pool)}
	var mu sync.Mutex
	var conns []*websocket.Conn
	return start(b, viewers, func(w http.ResponseWriter, r *http.Request) {
		conn, err := upgrader.Upgrade(w, r, nil)
		if err != nil {
			b.Error(err)
			return
		}
		mu.Lock()
		conns = append(conns, conn)
		mu.Unlock()
		go func() {
			for {
				if _, _, err := conn.NextReader(); err != nil {
					_ = conn.Close()
					return
				}
			}
		}()
	}, func() int {
		mu.Lock()
		defer mu.Unlock()
		return len(conns)
	}, func(m []byte) {
		prepared, err := websocket.NewPreparedMessage(websocket.TextMessage, m)
		if err != nil {
			b.Error(err)
			return
		}
		share := (len(conns) + runtime.GOMAXPROCS(0) - 1) / runtime.GOMAXPROCS(0)
		var writers sync.WaitGroup
		for part := range slices.Chunk(conns, share) {
			writers.Go(func() {
				for _, conn := range part {
					if err := conn.WritePreparedMessage(prepared); err != nil {
						b.Error(err)
					}
				}
			})
		}
		writers.Wait()
	})
}

// start serves, lets the audience in and measures what it costs after a few messages.
func start(b *testing.B, viewers int, serve http.HandlerFunc, joined func() int, publish func([]byte)) *stage {
	b.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	server := &http.Server{Handler: serve}
	for runtime.NumGoroutine() > 10 {
		runtime.Gosched() // those of the stage before
	}
	before := memory()
	go func() { _ = server.Serve(listener) }()

	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%s %d", audienceEnv, listener.Addr(), viewers))
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	s := &stage{publish: publish, answers: bufio.NewReader(out)}
	s.end = func() {
		_ = stdin.Close() // the audience leaves when its input ends
		_ = cmd.Wait()
		_ = server.Close()
	}
	if line, err := s.answers.ReadString('\n'); err != nil || line != "here\n" {
		b.Fatalf("the audience said %q, %v", line, err)
	}
	for joined() < viewers {
		runtime.Gosched()
	}
	for range 3 {
		s.send(b, bytes.Repeat([]byte("x"), benchView))
	}
	s.perViewer = float64(memory()-before) / float64(viewers)
	return s
}

// memory is what the heap and the stacks hold, in bytes, after a collection.
func memory() int64 {
	runtime.GC()
	runtime.GC() // the first only ages the pools
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc + m.StackInuse)
}

// raiseFileLimit allows this process, and those it starts, so many open files.
func raiseFileLimit(b *testing.B, need uint64) {
	b.Helper()
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		b.Fatal(err)
	}
	if uint64(limit.Cur) >= need {
		return
	}
	limit.Cur, limit.Max = need, max(limit.Max, need)
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		b.Fatalf("allow %d open files: %v", need, err)
	}
}

// audience connects many bare sockets, says "here", and "all" each time that every one has got
// another message.
func audience(spec string) error {
	var address string
	var viewers int
	if _, err := fmt.Sscan(spec, &address, &viewers); err != nil {
		return err
	}
	got := make(chan error, viewers)
	for range viewers {
		conn, _, err := (&websocket.Dialer{ReadBufferSize: 2048}).Dial("ws://"+address+"/", nil)
		if err != nil {
			return err
		}
		go func() {
			for {
				_, r, err := conn.NextReader()
				if err == nil {
					_, err = io.Copy(io.Discard, r)
				}
				got <- err
				if err != nil {
					return
				}
			}
		}()
	}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	fmt.Println("here")
	for {
		for range viewers {
			if err := <-got; err != nil {
				return err
			}
		}
		fmt.Println("all")
	}
}

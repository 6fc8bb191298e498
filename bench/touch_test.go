//go:build unix

package bench_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/auth"
	"github.com/eliminacode/eliminacode/pkg/journal"
	"github.com/eliminacode/eliminacode/pkg/journal/postgres/pgtest"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/totem/agent"
	"github.com/eliminacode/eliminacode/totem/escpos"
)

const (
	// touchEvery is the pace: a ticket is printed, and all have heard of it, before the next touch.
	touchEvery = 20 * time.Millisecond
	// blockTouches are made in turn by product and floor.
	blockTouches = 25
)

// BenchmarkTouchToPaper measures a touch from the request of the totem's browser until the first
// byte of its ticket has come to the printer, through a real agent and a real server; beside it one
// durable commit of the same engine and one write to a socket, and how long the server alone takes
// for a ticket. One iteration is 250 touches of each.
func BenchmarkTouchToPaper(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) {
		touchToPaper(b, openSQLite(b), sqliteFloor(b))
	})
	b.Run("postgres", func(b *testing.B) {
		cluster := pgtest.New(b)
		touchToPaper(b, openPostgres(b, cluster.Database(b)), postgresFloor(b, cluster.Database(b)))
	})
}

func touchToPaper(b *testing.B, j journal.Store, durable commit) {
	p := startProduct(b, j)
	kiosk := startKiosk(b, p)
	floor := startBareWriter(b, durable)
	kiosk.block(b) // warm, as a totem is
	floor.block(b)
	var times, serverTimes, floorTimes []time.Duration
	for b.Loop() {
		for range blocks {
			floorTimes = append(floorTimes, floor.block(b)...)
			times = append(times, kiosk.block(b)...)
			serverTimes = append(serverTimes, kiosk.serverBlock(b, p.base)...)
			for range 2 * blockTouches {
				p.do(b, queue.Next{Counter: "1"})
			}
		}
	}
	p50, p99 := percentile(times, 0.50), percentile(times, 0.99)
	floor50, floor99 := percentile(floorTimes, 0.50), percentile(floorTimes, 0.99)
	b.ReportMetric(p50, "p50-ms")
	b.ReportMetric(p99, "p99-ms")
	b.ReportMetric(percentile(serverTimes, 0.50), "server-p50-ms")
	b.ReportMetric(floor50, "floor-p50-ms")
	b.ReportMetric(floor99, "floor-p99-ms")
	b.ReportMetric(p50/floor50, "p50-ratio")
	b.ReportMetric(p99/floor99, "p99-ratio")
	b.ReportMetric(0, "ns/op") // of the pace
}

// kiosk is an agent and its printer.
type kiosk struct {
	base    string
	token   string
	client  *http.Client
	printer *bareSocket
}

func startKiosk(b *testing.B, p *product) *kiosk {
	b.Helper()
	_, token, err := p.accounts.CreateDevice(b.Context(), auth.Totem, office, "totem")
	if err != nil {
		b.Fatal(err)
	}
	k := &kiosk{token: token, client: &http.Client{Transport: &http.Transport{}}, printer: listenBare(b)}
	profile, ok := escpos.ProfileByName("epson-tm-t20")
	if !ok {
		b.Fatal("no such profile")
	}
	printer, err := escpos.Open("tcp://"+k.printer.address, profile)
	if err != nil {
		b.Fatal(err)
	}
	a, err := agent.New(agent.Options{
		Server: p.base, Token: token, Folder: b.TempDir(), Printer: printer, Log: slog.New(slog.DiscardHandler), Version: "bench",
	})
	if err != nil {
		b.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- a.Run(ctx, l) }()
	b.Cleanup(func() {
		k.client.CloseIdleConnections()
		stop()
		if err := <-ended; err != nil {
			b.Error(err)
		}
	})
	k.base = "http://" + l.Addr().String()
	return k
}

// paced touches at the pace, and returns how long each touch took until what was waited for.
func paced(b *testing.B, touch func() (came time.Time)) []time.Duration {
	b.Helper()
	times := make([]time.Duration, blockTouches)
	pace := time.NewTicker(touchEvery)
	defer pace.Stop()
	for i := range times {
		<-pace.C
		touched := time.Now()
		times[i] = touch().Sub(touched)
	}
	return times
}

// block asks the agent, and waits for the printer.
func (k *kiosk) block(b *testing.B) []time.Duration {
	b.Helper()
	return paced(b, func() time.Time {
		k.touch(b, k.base)
		return k.printer.next(b)
	})
}

// serverBlock asks the server, and waits for its answer.
func (k *kiosk) serverBlock(b *testing.B, server string) []time.Duration {
	b.Helper()
	return paced(b, func() time.Time {
		k.touch(b, server)
		return time.Now()
	})
}

// touch asks for a ticket, of the agent or of the server.
func (k *kiosk) touch(b *testing.B, base string) {
	b.Helper()
	r, err := http.NewRequest(http.MethodPost, base+"/api/v1/tickets", strings.NewReader(`{"channel":"anagrafe","language":"it"}`))
	if err != nil {
		b.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+k.token)
	r.Header.Set("Content-Type", "application/json")
	answer, err := k.client.Do(r)
	if err != nil {
		b.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		b.Fatal(err)
	}
	var ticket struct {
		Number  string
		Offline bool
	}
	if err := json.Unmarshal(body, &ticket); err != nil || ticket.Number == "" || ticket.Offline {
		b.Fatalf("touch: %s: %s", answer.Status, body)
	}
}

// bareWriter is the floor: it makes a row durable and writes to a socket that is open already.
type bareWriter struct {
	durable commit
	socket  *bareSocket
	conn    net.Conn
}

func startBareWriter(b *testing.B, durable commit) *bareWriter {
	b.Helper()
	socket := listenBare(b)
	conn, err := net.Dial("tcp", socket.address)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = conn.Close() })
	return &bareWriter{durable, socket, conn}
}

func (w *bareWriter) block(b *testing.B) []time.Duration {
	b.Helper()
	return paced(b, func() time.Time {
		if _, err := w.durable(b.Context()); err != nil {
			b.Fatal(err)
		}
		if _, err := io.WriteString(w.conn, reset+"A042\n"); err != nil {
			b.Fatal(err)
		}
		return w.socket.next(b)
	})
}

// reset is how a job begins.
const reset = "\x1b@"

// bareSocket is a printer that is well, does everything at once, and notes when jobs begin.
type bareSocket struct {
	address string
	began   chan time.Time
}

func listenBare(b *testing.B) *bareSocket {
	b.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = l.Close() })
	s := &bareSocket{l.Addr().String(), make(chan time.Time, 100)}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			s.serve(conn)
		}
	}()
	return s
}

// serve has one client at a time, as printers do. Questions come alone, and the one in order ends
// what is sent.
func (s *bareSocket) serve(conn net.Conn) {
	defer conn.Close()
	buf := make([]byte, 64<<10)
	for {
		n, err := conn.Read(buf)
		got := time.Now()
		if err != nil {
			return
		}
		piece := buf[:n]
		if bytes.HasPrefix(piece, []byte(reset)) {
			s.began <- got
		}
		switch {
		case bytes.HasPrefix(piece, []byte("\x10\x04")):
			_, err = conn.Write(bytes.Repeat([]byte{0x12}, n/3))
		case bytes.HasSuffix(piece, []byte("\x1dr\x01")):
			_, err = conn.Write([]byte{0})
		}
		if err != nil {
			return
		}
	}
}

// next is when the next job began.
func (s *bareSocket) next(b *testing.B) time.Time {
	b.Helper()
	select {
	case at := <-s.began:
		return at
	case <-time.After(arriveWithin):
		b.Fatal("nothing came to the printer")
	}
	panic("unreachable")
}

//go:build unix

package bench_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/eliminacode/eliminacode/pkg/journal"
	"github.com/eliminacode/eliminacode/pkg/journal/postgres/pgtest"
)

const (
	// callEvery is the pace: 100 calls a second, whether or not the last one has arrived.
	callEvery = 10 * time.Millisecond
	// blockCalls and blocks are how many calls the two make in turn, and how often: short turns, so
	// that a busy machine disturbs both.
	blockCalls = 25
	blocks     = 10
	// arriveWithin is when a call that hasn't reached the monitors counts as lost.
	arriveWithin = 10 * time.Second
)

// BenchmarkCallToMonitors measures a call from a clerk's press until the last of five monitors has
// got the view that shows it, over the sockets of a real server; beside it the smallest program
// with the same engine. One iteration is 250 calls of each.
func BenchmarkCallToMonitors(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) {
		callToMonitors(b, openSQLite(b), sqliteFloor(b))
	})
	b.Run("postgres", func(b *testing.B) {
		cluster := pgtest.New(b)
		callToMonitors(b, openPostgres(b, cluster.Database(b)), postgresFloor(b, cluster.Database(b)))
	})
}

func callToMonitors(b *testing.B, j journal.Store, durable commit) {
	p := startProduct(b, j)
	floor := startFloor(b, durable)
	var sockets, bare []string
	counters := make([]string, 0, len(alwaysOpen().Counters))
	for _, d := range alwaysOpen().Displays {
		sockets = append(sockets, p.base+"/api/v1/ws?view=display&display="+string(d.ID))
		bare = append(bare, floor+"/ws")
	}
	for _, c := range alwaysOpen().Counters {
		counters = append(counters, p.base+"/api/v1/counters/"+string(c.ID)+"/next")
	}
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 16}}
	b.Cleanup(client.CloseIdleConnections)
	of := &caller{presses: counters, token: p.token, client: client, screens: watch(b, sockets)}
	base := &caller{presses: []string{floor + "/next"}, client: client, screens: watch(b, bare)}
	p.issue(b, blockCalls)
	of.block(b) // warm, as a server is
	base.block(b)
	var times, floorTimes []time.Duration
	for b.Loop() {
		for range blocks {
			floorTimes = append(floorTimes, base.block(b)...)
			p.issue(b, blockCalls)
			times = append(times, of.block(b)...)
		}
	}
	p50, p99 := percentile(times, 0.50), percentile(times, 0.99)
	floor50, floor99 := percentile(floorTimes, 0.50), percentile(floorTimes, 0.99)
	b.ReportMetric(p50, "p50-ms")
	b.ReportMetric(p99, "p99-ms")
	b.ReportMetric(floor50, "floor-p50-ms")
	b.ReportMetric(floor99, "floor-p99-ms")
	b.ReportMetric(p50/floor50, "p50-ratio")
	b.ReportMetric(p99/floor99, "p99-ratio")
	b.ReportMetric(0, "ns/op") // of the pace
}

// caller presses the buttons and looks at the monitors.
type caller struct {
	presses []string // addresses to POST to, in turn
	token   string
	client  *http.Client
	screens []*screen
}

// press is one call: when it was sent, and its id.
type press struct {
	sent time.Time
	id   int64
	err  error
}

// block makes calls at the pace and returns how long each took to the last monitor.
func (c *caller) block(b *testing.B) []time.Duration {
	b.Helper()
	pressed := make([]press, blockCalls)
	var pressing sync.WaitGroup
	pace := time.NewTicker(callEvery)
	defer pace.Stop()
	for i := range pressed {
		<-pace.C
		pressing.Go(func() { pressed[i] = c.press(c.presses[i%len(c.presses)]) })
	}
	pressing.Wait()
	times := make([]time.Duration, blockCalls)
	for i, p := range pressed {
		if p.err != nil {
			b.Fatal(p.err)
		}
		for _, s := range c.screens {
			times[i] = max(times[i], s.shown(b, p.id).Sub(p.sent))
		}
	}
	return times
}

func (c *caller) press(address string) (p press) {
	r, err := http.NewRequest(http.MethodPost, address, http.NoBody)
	if err != nil {
		return press{err: err}
	}
	if c.token != "" {
		r.AddCookie(&http.Cookie{Name: "eliminacode_session", Value: c.token})
	}
	p.sent = time.Now()
	answer, err := c.client.Do(r)
	if err != nil {
		return press{err: err}
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return press{err: err}
	}
	var out struct{ Call struct{ ID int64 } }
	if err := json.Unmarshal(body, &out); err != nil || out.Call.ID == 0 {
		return press{err: fmt.Errorf("POST %s: %s: %s", address, answer.Status, body)}
	}
	p.id = out.Call.ID
	return p
}

// screen is a monitor that notes when it gets what; what the messages say it reads later, so that
// its work delays no other.
type screen struct {
	got   chan arrival
	calls map[int64]time.Time // when a view first had the call
}

type arrival struct {
	at   time.Time
	body []byte
}

// watch connects monitors to addresses.
func watch(b *testing.B, addresses []string) (screens []*screen) {
	b.Helper()
	for _, address := range addresses {
		conn, answer, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(address, "http"), nil)
		if err != nil {
			b.Fatal(err)
		}
		_ = answer.Body.Close()
		s := &screen{got: make(chan arrival, 1000), calls: map[int64]time.Time{}}
		ended := make(chan struct{})
		b.Cleanup(func() {
			_ = conn.Close()
			<-ended
		})
		go func() {
			defer close(ended)
			defer close(s.got)
			for {
				_, body, err := conn.ReadMessage()
				if err != nil {
					return
				}
				s.got <- arrival{time.Now(), body}
			}
		}()
		screens = append(screens, s)
	}
	return screens
}

// shown returns when the screen got the first view with the call.
func (s *screen) shown(b *testing.B, id int64) time.Time {
	b.Helper()
	for s.calls[id].IsZero() {
		select {
		case a, ok := <-s.got:
			if !ok {
				b.Fatal("a monitor lost its connection")
			}
			var m struct {
				View struct{ Calls []struct{ ID int64 } }
			}
			if err := json.Unmarshal(a.body, &m); err != nil {
				b.Fatal(err)
			}
			for _, c := range m.View.Calls {
				if s.calls[c.ID].IsZero() {
					s.calls[c.ID] = a.at
				}
			}
		case <-time.After(arriveWithin):
			b.Fatalf("call %d didn't reach a monitor", id)
		}
	}
	return s.calls[id]
}

//go:build unix

package cluster_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/eliminacode/eliminacode/cmd/eliminacode/programtest"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

const (
	// takeover is within what time a room has a voice again.
	takeover = 10 * time.Second
	// inFlight is how much later a word may be read than one that the same server sent after it, to
	// another connection.
	inFlight = 250 * time.Millisecond
)

// room is the displays of one room, wherever they are connected.
type room struct {
	t  *testing.T
	mu sync.Mutex
	// changed is closed, and made anew, whenever a display may own the sound or no longer does.
	changed  chan struct{}
	monitors []*monitor
}

// monitor is a display's page as its server knows it: it says how it is, and is told whether it
// owns the sound. That holds as long as its connection.
type monitor struct {
	room     *room
	server   *programtest.Server
	name     string
	owner    bool
	replaced time.Time // when another one at its server was heard to own the sound; zero: none was
}

// enter has a display connect to a server, again and again as long as the test.
func (r *room) enter(s *programtest.Server, display, token string) *monitor {
	m := &monitor{room: r, server: s, name: display + " at " + s.Name()}
	r.mu.Lock()
	r.monitors = append(r.monitors, m)
	r.mu.Unlock()
	ctx, cancel := context.WithCancel(r.t.Context())
	var running sync.WaitGroup
	running.Go(func() {
		for ctx.Err() == nil {
			m.connect(ctx, strings.Replace(s.URL(""), "http", "ws", 1)+"/api/v1/ws?tick=1&view=display&display="+display, token)
			select {
			case <-ctx.Done():
			case <-time.After(100 * time.Millisecond):
			}
		}
	})
	r.t.Cleanup(func() {
		cancel()
		running.Wait()
	})
	return m
}

// connect is one connection.
func (m *monitor) connect(ctx context.Context, address, token string) {
	header := http.Header{}
	if token != "" {
		header.Set("Authorization", "Bearer "+token)
	}
	conn, _, err := websocket.DefaultDialer.DialContext(ctx, address, header)
	if err != nil {
		return
	}
	defer m.told(false)
	defer conn.Close()
	speaking, quiet := context.WithCancel(ctx)
	var talk sync.WaitGroup
	talk.Go(func() {
		defer conn.Close() // which ends the reading
		for tick := time.NewTicker(3 * time.Second); ; {
			if conn.WriteMessage(websocket.TextMessage, []byte(`{"type":"status","sound":"on"}`)) != nil {
				return
			}
			select {
			case <-speaking.Done():
				return
			case <-tick.C:
			}
		}
	})
	for {
		_, text, err := conn.ReadMessage()
		if err != nil {
			break
		}
		var message struct {
			Type  string
			Owner bool
		}
		if json.Unmarshal(text, &message) == nil && message.Type == "sound" {
			m.told(message.Owner)
		}
	}
	quiet()
	talk.Wait()
}

// told takes note whether a display owns the sound. Of two at one server, the one that loses it was
// told before: it may be read a moment later. Of two at two servers it is read before.
func (m *monitor) told(owner bool) {
	r := m.room
	r.mu.Lock()
	defer r.mu.Unlock()
	if m.owner == owner {
		return
	}
	if late := time.Since(m.replaced); !m.replaced.IsZero() && late > inFlight {
		r.t.Errorf("%s had the sound for %v more when another one had it", m.name, late)
	}
	m.owner, m.replaced = owner, time.Time{}
	close(r.changed)
	r.changed = make(chan struct{})
	for _, other := range r.monitors {
		switch {
		case !owner || !other.owner || other == m:
		case other.server != m.server:
			r.t.Errorf("%s has the sound, and so has %s", m.name, other.name)
		case other.replaced.IsZero():
			other.replaced = time.Now()
		}
	}
}

// until waits until a display owns the sound, for so long at most.
func (r *room) until(what string, within time.Duration, want *monitor) {
	r.t.Helper()
	begin, late := time.Now(), time.After(within)
	for {
		r.mu.Lock()
		owner, changed := want.owner, r.changed
		r.mu.Unlock()
		if owner {
			r.t.Logf("%s: %s has it after %v", what, want.name, time.Since(begin))
			return
		}
		select {
		case <-changed:
		case <-late:
			r.t.Fatalf("%s: %s doesn't have the sound after %v", what, want.name, within)
		}
	}
}

// keeps wants a display to own the sound all the time.
func (r *room) keeps(want *monitor, during time.Duration) {
	r.t.Helper()
	for end := time.After(during); ; {
		r.mu.Lock()
		owner, changed := want.owner, r.changed
		r.mu.Unlock()
		if !owner {
			r.t.Errorf("%s lost the sound", want.name)
			return
		}
		select {
		case <-changed:
		case <-end:
			return
		}
	}
}

// TestOneSoundAcrossServers has two displays of a room at two servers, and takes from the one that
// has the sound first its server, then its server's database.
func TestOneSoundAcrossServers(t *testing.T) {
	t.Parallel()
	w := newWire(t, cluster.Host())
	database := emptyDatabase(t)
	a := programtest.New(t, programtest.Options{Name: "A", Database: w.through(database), Race: true, SamePort: true})
	a.Start(t, programtest.Monday)
	b := programtest.New(t, programtest.Options{Name: "B", Database: database, Race: true, SamePort: true})
	b.Start(t, programtest.Monday)
	var cfg queue.Config
	answer := a.Want(t, http.StatusOK, http.MethodGet, "/api/v1/config", nil)
	if err := answer.Into(&cfg); err != nil {
		t.Fatal(err)
	}
	for i := range cfg.Displays {
		cfg.Displays[i].Sound = true
	}
	a.Want(t, http.StatusOK, http.MethodPut, "/api/v1/config", cfg, "If-Match", answer.Header.Get("ETag"))
	r := &room{t: t, changed: make(chan struct{})}
	one := r.enter(a, "sala", "")
	r.until("alone", takeover, one)
	other := r.enter(b, "ingresso", "")

	a.Kill()
	r.until("its server is killed", takeover, other)
	a.Start(t, programtest.Monday)
	b.Kill()
	r.until("the other server is killed", takeover, one)
	b.Start(t, programtest.Monday)
	w.set(func() { w.down = true })
	r.until("its server has no database", takeover, other)
	w.set(func() { w.down = false })
	a.Until(t, "ready", func() bool { return a.Get(t, "/readyz").Status == http.StatusOK })
	r.keeps(other, 3*time.Second)

	var paired struct{ Token string }
	if err := b.Want(t, http.StatusCreated, http.MethodPost, "/api/v1/devices", map[string]string{"kind": "display", "target": "protocollo"}).Into(&paired); err != nil {
		t.Fatal(err)
	}
	device := r.enter(a, "protocollo", paired.Token)
	r.until("a paired device comes", takeover, device)
	r.keeps(device, 3*time.Second)
}

// Package live fans whole messages out to many viewers over WebSocket.
//
// It knows topics, which are plain strings, and messages, which are JSON text; what they mean is
// the publisher's business. A message is the whole truth about its topic, never a difference: a
// viewer that is behind gets only the newest one, and a viewer that connects gets the current one
// at once. It is the only importer of gorilla/websocket.
//
// What a viewer costs: one goroutine that reads (mostly asleep), one timer for the pings, and no
// writer: a goroutine that writes exists only while there is something to write. A few of them
// serve a whole audience, and where one is stuck with a slow viewer others take over.
package live

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

// Options tell a [Hub] its limits and where it finds what it needs. The zero value is a usable
// server's.
type Options struct {
	// Current gives what a topic shows now, or nil when there is nothing to show yet. It is asked
	// when somebody begins to watch a topic of which the hub holds no message; its error sends the
	// viewer away with [CloseForgotten]. With it, messages of topics that nobody watches aren't
	// kept, so that a publisher may skip them (see [Hub.Watched]); without it the hub keeps the
	// last message of every topic. It must be safe to call from several goroutines.
	Current func(topic string) ([]byte, error)

	// MaxViewers limits all connections together; 0 means 20,000. The public may have three
	// quarters of them, screens an eighth.
	MaxViewers int
	// MaxPerAddress limits the public's connections from one IPv4 address or one IPv6 /64; 0 means
	// 256, which leaves room for a whole building, or for a mobile operator's customers, behind one
	// address. Each one Known may have as many, and an address a quarter of it for screens,
	// besides.
	MaxPerAddress int

	// Now is the machine's clock, for the deadlines of sockets, never a shifted or simulated one;
	// nil means time.Now.
	Now func() time.Time
	// Log gets one debug line for each viewer that was cut; nil discards.
	Log *slog.Logger
}

// Limits that Options doesn't set.
const (
	defaultMaxViewers    = 20_000
	defaultMaxPerAddress = 256
)

// Hub holds the topics and their viewers. Its methods may be called from several goroutines at
// once.
type Hub struct {
	opts     Options
	upgrader websocket.Upgrader
	ping     *websocket.PreparedMessage
	pulse    *websocket.PreparedMessage

	// mu is held for moments only: nothing that can block on a peer happens under it.
	mu      sync.Mutex
	topics  map[string]*topic
	parties map[party]int
	viewers [ranks]int
	closed  bool

	// running counts the viewers and rounds whose goroutines haven't all ended. It grows only while
	// closed is false.
	running sync.WaitGroup
	counts  counters
}

// party is whom connections count for.
type party struct {
	rank    Rank
	address string
}

// topic is the audience of one name.
type topic struct {
	name string
	// viewers are in the order of their coming, but for gaps that were filled; each knows its
	// place. Serving them in the order in which their memory was allocated is measurably faster
	// than in the random order of a map.
	viewers []*viewer
	// latest is the one slot of all the topic's viewers: whoever is ready to write takes what is in
	// it then.
	latest atomic.Pointer[websocket.PreparedMessage]
	// state says whether a round to the viewers is due or under way.
	state atomic.Int32
}

// New makes a hub. It runs nothing until somebody connects.
func New(opts Options) *Hub {
	if opts.MaxViewers == 0 {
		opts.MaxViewers = defaultMaxViewers
	}
	if opts.MaxPerAddress == 0 {
		opts.MaxPerAddress = defaultMaxPerAddress
	}
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	return &Hub{
		opts:     opts,
		upgrader: newUpgrader(opts),
		ping:     prepare(websocket.PingMessage, nil),
		pulse:    prepare(websocket.TextMessage, []byte(`{"type":"tick"}`)),
		topics:   make(map[string]*topic),
		parties:  make(map[party]int),
	}
}

// Publish makes message the newest of its topic and has it sent to whoever watches. It waits for no
// viewer, and takes no longer when there are many. The messages of one topic must be published one
// after another, oldest first; message isn't kept.
func (h *Hub) Publish(name string, message []byte) {
	prepared := prepare(websocket.TextMessage, message)
	h.mu.Lock()
	defer h.mu.Unlock()
	t := h.topics[name]
	if h.closed || t == nil && h.opts.Current != nil {
		return
	}
	if t == nil {
		t = h.topic(name)
	}
	t.latest.Store(prepared)
	switch {
	case len(t.viewers) <= few:
		for _, v := range t.viewers {
			v.wake()
		}
	case t.state.Swap(due) == idle:
		h.running.Add(1)
		go h.rounds(t)
	}
}

// few is up to how many viewers get a writer each at once: a round pays only for a crowd, and a
// monitor is mostly alone with its topic.
const few = 8

// Watched lists the topics whose names begin so and which somebody watches. A publisher whose hub
// has [Options.Current] may leave out the messages of all others, if it changes what Current
// answers before it asks.
func (h *Hub) Watched(prefix string) (names []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for name, t := range h.topics {
		if len(t.viewers) > 0 && strings.HasPrefix(name, prefix) {
			names = append(names, name)
		}
	}
	return names
}

// Forget drops the messages held of all topics whose names begin so, and closes their viewers with
// [CloseForgotten], so that they come back and are asked anew: for an office whose state isn't
// known any more.
func (h *Hub) Forget(prefix string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for name, t := range h.topics {
		if !strings.HasPrefix(name, prefix) {
			continue
		}
		delete(h.topics, name)
		for _, v := range t.viewers {
			v.close(CloseForgotten)
		}
	}
}

// Watching are those of the viewers who have a name, by [Watch.Who].
func (h *Hub) Watching() map[string]bool {
	names := map[string]bool{}
	h.each(func(v *viewer) {
		if v.who != "" {
			names[v.who] = true
		}
	})
	return names
}

// Recheck closes with [CloseEnded] the viewers whose [Watch.Holds] says no, each of which it asks
// one after another.
func (h *Hub) Recheck() {
	var bound []*viewer
	h.each(func(v *viewer) {
		if v.holds != nil {
			bound = append(bound, v)
		}
	})
	for _, v := range bound {
		if !v.holds() {
			v.close(CloseEnded)
		}
	}
}

// Shutdown refuses new viewers, closes those that are there with [CloseGoingAway] and waits until
// they are gone. When ctx ends first it drops the rest and returns the error of ctx. It may be
// called more than once.
func (h *Hub) Shutdown(ctx context.Context) error {
	h.mu.Lock()
	h.closed = true
	h.mu.Unlock()
	h.each(func(v *viewer) { v.close(CloseGoingAway) })

	gone := make(chan struct{})
	go func() {
		h.running.Wait()
		close(gone)
	}()
	select {
	case <-gone:
		return nil
	case <-ctx.Done():
	}
	h.each(func(v *viewer) { _ = v.socket.Close() })
	<-gone
	return context.Cause(ctx)
}

func (h *Hub) each(do func(*viewer)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, t := range h.topics {
		for _, v := range t.viewers {
			do(v)
		}
	}
}

// topic finds or makes a topic; mu must be held for writing.
func (h *Hub) topic(name string) *topic {
	t := h.topics[name]
	if t == nil {
		t = &topic{name: name}
		h.topics[name] = t
	}
	return t
}

// admit counts a viewer in before its handshake, so that a crowd can't pass the limits while it
// shakes hands.
func (h *Hub) admit(p party) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	all, each := h.room(p.rank)
	switch {
	case h.closed:
		return ErrClosed
	case h.viewers[p.rank] >= all, h.present() >= h.opts.MaxViewers:
		h.counts.refused.Add(1)
		return ErrFull
	case p.address != "" && h.parties[p] >= each:
		h.counts.refused.Add(1)
		return ErrTooMany
	}
	h.viewers[p.rank]++
	if p.address != "" {
		h.parties[p]++
	}
	h.running.Add(1)
	return nil
}

// room is how many viewers of a rank there may be, in all and of one party.
func (h *Hub) room(r Rank) (all, each int) {
	most, each := h.opts.MaxViewers, h.opts.MaxPerAddress
	switch r {
	case Public:
		return most - most/4, each
	case Screen:
		return most / 8, max(each/4, 1)
	}
	return most, each
}

// present is the number of viewers.
func (h *Hub) present() (n int) {
	for _, of := range h.viewers {
		n += of
	}
	return n
}

// release undoes admit, except for the running count.
func (h *Hub) release(p party) {
	h.viewers[p.rank]--
	if p.address == "" {
		return
	}
	if h.parties[p]--; h.parties[p] == 0 {
		delete(h.parties, p)
	}
}

// join puts an admitted viewer among those of its topic and gives it what the topic shows now.
func (h *Hub) join(v *viewer, name string) {
	h.mu.Lock()
	t := h.topic(name)
	v.topic = t
	v.place = len(t.viewers)
	t.viewers = append(t.viewers, v)
	closed := h.closed
	h.mu.Unlock()

	if closed {
		v.close(CloseGoingAway)
		return
	}
	if t.latest.Load() == nil && h.opts.Current != nil {
		// From here on the topic is watched: a change that happens while Current is answering is
		// published as well, and is newer than the answer, which therefore only fills an empty
		// slot.
		message, err := h.opts.Current(name)
		if err != nil {
			v.close(CloseForgotten)
		} else if message != nil {
			t.latest.CompareAndSwap(nil, prepare(websocket.TextMessage, message))
		}
	}
}

// leave forgets a viewer whose socket is closed.
func (h *Hub) leave(v *viewer) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.release(v.party)
	t := v.topic
	last := len(t.viewers) - 1
	t.viewers[v.place] = t.viewers[last]
	t.viewers[v.place].place = v.place
	t.viewers[last] = nil
	t.viewers = t.viewers[:last]
	if len(t.viewers) == 0 && h.opts.Current != nil && h.topics[t.name] == t {
		delete(h.topics, t.name)
	}
}

// prepare frames a message once for all who get it. It can't fail: the frame is written to memory,
// and the types used here are valid.
func prepare(kind int, data []byte) *websocket.PreparedMessage {
	prepared, err := websocket.NewPreparedMessage(kind, data)
	if err != nil {
		panic("live: prepare a frame: " + err.Error())
	}
	return prepared
}

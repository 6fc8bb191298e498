// Package agent is the process on the kiosk: it serves the screen to the browser beside it, gives
// tickets through the server while it can be reached and by itself while it can't, prints them, and
// tells the server what became of each. docs/totem.md says what it does in every situation.
package agent

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"sync"
	"time"

	"github.com/eliminacode/eliminacode/pkg/client"
	"github.com/eliminacode/eliminacode/pkg/live"
	"github.com/eliminacode/eliminacode/pkg/voice"
	"github.com/eliminacode/eliminacode/pkg/web"
)

// Options say what an agent works with.
type Options struct {
	Server  string // "http://server:8080"
	Token   string // of a paired device; empty: as the folder has it, else the kiosk is to be paired
	Folder  string
	Printer Printer
	Voice   *voice.Voice // of the spoken guide; nil: the shipped clips alone
	Log     *slog.Logger
	Version string
	// Wall is the machine's clock, which may be wrong; nil: time.Now.
	Wall func() time.Time
	// HTTP makes the calls to the server; nil: a client of its own.
	HTTP *http.Client
}

const (
	// askWithin is how long the server has to give a ticket, before the agent gives one itself.
	askWithin = 2500 * time.Millisecond
	// tellWithin is how long it has for anything else.
	tellWithin = 10 * time.Second
	// failsWithin is how long an answer waits for a copy that is likely to fail at once.
	failsWithin = time.Second
	// stopWithin is how long everything has to end.
	stopWithin = 4 * time.Second
	// paperWithin is how much of that the printer has.
	paperWithin = 3 * time.Second
)

// Agent is a kiosk's.
type Agent struct {
	opt    Options
	memory *memory
	clock  *clock
	began  time.Time // of the machine's clock that nobody sets
	run    string    // tells this agent's run apart from all others
	press  *press
	hub    *live.Hub
	assets *web.Assets
	keys   keys
	pair   *pairing
	told   shown
	kept   [sha256.Size]byte // the likeness of the view that was noted last

	mu      sync.Mutex
	changed chan struct{} // closed at every change
	link    link
	at      *page // the newest view, as far as the agent reads it
	screen  string
}

// link is how it stands with the server.
type link struct {
	client *client.Client
	up     bool      // the session has begun, and nothing has failed since
	online bool      // as it is told: up, and heard of lately
	since  time.Time // when that became so
	tried  bool      // the first attempt to reach it has ended
	lost   bool      // the folder is new: what is wanted now may have been printed by an earlier agent
	fail   context.CancelCauseFunc
	view   json.RawMessage
	heard  time.Time
}

// New readies an agent. It returns disk.ErrLocked for a folder that another one uses.
func New(opt Options) (*Agent, error) {
	if opt.Wall == nil {
		opt.Wall = time.Now
	}
	if opt.HTTP == nil {
		opt.HTTP = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 16, IdleConnTimeout: time.Minute}}
	}
	if opt.Voice == nil {
		spoken, err := voice.New(voice.Options{Folder: filepath.Join(opt.Folder, "voice"), Log: opt.Log})
		if err != nil {
			return nil, err
		}
		opt.Voice = spoken
	}
	m, err := recall(opt.Folder, opt.Log)
	if err != nil {
		return nil, fmt.Errorf("agent: folder %s: %w", opt.Folder, err)
	}
	a := &Agent{opt: opt, memory: m, began: time.Now(), run: rand.Text(), press: newPress(), changed: make(chan struct{})}
	m.look(func(s *state) {
		a.clock = newClock(opt.Wall(), s.Known, s.Ahead)
		a.at, a.link.view, a.kept = readPage(s.View, nil), s.View, likeness(s.View)
	})
	m.now = a.clock.now
	a.link.since = a.clock.now()
	a.link.client = a.clientOf("")
	a.pair = newPairing()
	a.hub = live.New(live.Options{Log: opt.Log})
	if a.assets, err = newAssets(opt.Log); err != nil {
		return nil, errors.Join(err, m.close())
	}
	return a, nil
}

// Run serves on a listener until ctx ends, and ends in order within [stopWithin].
func (a *Agent) Run(ctx context.Context, l net.Listener) error {
	last, cancelLast := context.WithCancel(context.WithoutCancel(ctx))
	defer cancelLast()
	asked, cancelAsked := context.WithCancel(last) // until nobody asks for tickets any more
	defer cancelAsked()
	var beside, press sync.WaitGroup
	inner, cancel := context.WithCancel(ctx)
	defer cancel()
	beside.Go(func() { a.keepLink(inner) })
	beside.Go(func() { a.watchPrinter(inner) })
	beside.Go(func() { a.publish(inner) })
	press.Go(func() { a.print(asked, last) })

	server := a.http()
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(l) }()
	var err error
	select {
	case err = <-failed:
		err = fmt.Errorf("agent: serve: %w", err)
	case <-ctx.Done():
	}
	a.opt.Log.Info("stopping")
	end, cancelEnd := context.WithTimeout(context.WithoutCancel(ctx), stopWithin)
	defer cancelEnd()
	defer time.AfterFunc(paperWithin, cancelLast).Stop()
	a.mu.Lock()
	a.link.up = false
	a.mu.Unlock()
	if stopped := server.Shutdown(end); stopped != nil {
		_ = server.Close()
	}
	cancel()
	cancelAsked()
	err = errors.Join(err, a.hub.Shutdown(end), wait(end, &press), wait(end, &beside))
	a.opt.Printer.Close()
	return errors.Join(err, a.memory.close())
}

func wait(ctx context.Context, g *sync.WaitGroup) error {
	ended := make(chan struct{})
	go func() {
		g.Wait()
		close(ended)
	}()
	select {
	case <-ended:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// change tells all who wait that something has changed.
func (a *Agent) change() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.changeLocked()
}

func (a *Agent) changeLocked() {
	close(a.changed)
	a.changed = make(chan struct{})
}

// changes returns what is closed at the next change.
func (a *Agent) changes() <-chan struct{} {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.changed
}

func (a *Agent) page() *page {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.at
}

func (a *Agent) clientOf(token string) *client.Client {
	return &client.Client{Server: a.opt.Server, Token: token, HTTP: a.opt.HTTP}
}

// holder stands for a token.
func holder(token string) string {
	sum := sha256.Sum256([]byte("holder " + token))
	return hex.EncodeToString(sum[:8])
}

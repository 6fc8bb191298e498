package agent

import (
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/eliminacode/eliminacode/pkg/client"
	"github.com/eliminacode/eliminacode/totem/told"
)

const (
	// firstPause and longestPause bound how long to wait before the server is tried again.
	firstPause, longestPause = 250 * time.Millisecond, 8 * time.Second
	// steady is how long a session must have held for the failures before it to be forgotten.
	steady = 5 * time.Second
	// staleAfter is how long nothing may be heard of the server for it to count as there: it gives
	// a pulse every 3.75 seconds, and what the screen shows must not be older than five.
	staleAfter = 4750 * time.Millisecond
	// deadAfter is how long until the connection is made anew.
	deadAfter = 12 * time.Second
	// leaseEvery is how often the time and the blocks are asked for.
	leaseEvery = 10 * time.Minute
	// reportEvery is how often the server is told how the totem is, besides every change.
	reportEvery = time.Minute
	// reportAtMost is how soon after a report another one may follow.
	reportAtMost = time.Second
)

// errFailed ends a session in which the server didn't answer.
var errFailed = errors.New("the server didn't answer")

// keepLink keeps a session with the server, or has the kiosk paired, until ctx ends.
func (a *Agent) keepLink(ctx context.Context) {
	for failures := 0; ctx.Err() == nil; failures++ {
		token := a.token()
		if token == "" {
			a.setLink(nil, false)
			a.keepPairing(ctx)
			failures = -1
			continue
		}
		began := time.Now()
		err := a.session(ctx, token)
		a.setLink(nil, false)
		if ctx.Err() != nil {
			return
		}
		if status := client.Status(err); status == http.StatusUnauthorized || status == http.StatusForbidden {
			a.opt.Log.Warn("the server doesn't know this totem any more: it is to be paired again", "err", err)
			a.refuseToken(token)
			continue
		}
		if failures == 0 || time.Since(began) > steady {
			a.opt.Log.Warn("the server is away", "server", a.opt.Server, "err", err)
		}
		if time.Since(began) > steady {
			failures = 0
		}
		pause(ctx, backoff(failures))
	}
}

// backoff doubles with each failure, and is drawn between half and all of that.
func backoff(failures int) time.Duration {
	whole := min(longestPause, firstPause<<min(failures, 16))
	return whole/2 + rand.N(whole/2)
}

func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// setLink sets whether there is a session.
func (a *Agent) setLink(c *client.Client, up bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if c != nil {
		a.link.client = c
	}
	a.link.up, a.link.tried = up, true
	a.setOnline(up)
	a.changeLocked()
}

func (a *Agent) setOnline(online bool) {
	if a.link.online != online {
		a.link.online, a.link.since = online, a.clock.now()
	}
}

// fail ends the session: the server didn't answer.
func (a *Agent) fail() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.link.up = false
	a.setOnline(false)
	if a.link.fail != nil {
		a.link.fail(errFailed)
	}
	a.changeLocked()
}

// session talks with the server until it can't be reached or ctx ends, and returns why.
func (a *Agent) session(ctx context.Context, token string) error {
	c := a.clientOf(token)
	if err := a.greet(ctx, c); err != nil {
		return err
	}
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	a.mu.Lock()
	a.link.client, a.link.fail, a.link.heard = c, end, time.Now()
	a.mu.Unlock()
	var beside sync.WaitGroup
	defer beside.Wait()
	beside.Go(func() { end(a.deliver(ctx, c)) })
	beside.Go(func() { end(a.report(ctx, c)) })
	beside.Go(func() { end(a.greetAgain(ctx, c)) })
	beside.Go(func() { a.watchPulse(ctx) })
	beside.Go(func() { a.followWanted(ctx) })
	query := url.Values{"view": {"totem"}}
	end(c.Follow(ctx, query, deadAfter, func(message []byte) { a.hear(ctx, c, message) }))
	return context.Cause(ctx)
}

// greet learns whose totem this is, the time and the blocks.
func (a *Agent) greet(ctx context.Context, c *client.Client) error {
	short, cancel := context.WithTimeout(ctx, tellWithin)
	defer cancel()
	switch who, err := c.Pairing(short, "self"); {
	case err == nil:
		c.Office = who.Office
	case client.Away(err):
		return err
	default: // no device's token: several kiosks may have it
		c.As = "dev-" + strings.ToLower(a.memory.idOf("totem")[:8])
	}
	return a.lease(short, c)
}

// lease asks for the blocks, and takes the server's time.
func (a *Agent) lease(ctx context.Context, c *client.Client) error {
	fresh, key := false, ""
	a.memory.look(func(s *state) { fresh = s.Holder != holder(c.Token) })
	if fresh { // once: each time costs the office a block of numbers
		key = a.run + holder(c.Token)
	}
	begin := time.Now()
	l, err := c.Lease(ctx, fresh, key)
	if isOlder(err) {
		a.opt.Log.Warn("this server gives no numbers for when it is away: it is older than this program")
		return nil
	}
	if err != nil {
		return err
	}
	a.setClock(l.At.Add(time.Since(begin) / 2))
	a.memory.keep(true, record{Kind: recLeases, Text: holder(c.Token), Blocks: l.Blocks})
	if fresh {
		a.mu.Lock()
		a.link.lost = true
		a.mu.Unlock()
	}
	return nil
}

// setClock takes the server's time, and corrects the times of the tickets that were given by a
// guess.
func (a *Agent) setClock(server time.Time) {
	by, guess := a.clock.sync(server)
	records := []record{{Kind: recTime, At: server, By: server.Sub(a.opt.Wall()).Round(time.Millisecond)}}
	a.memory.look(func(s *state) {
		if !guess || !slices.ContainsFunc(s.unsent(), func(t *ticket) bool { return !t.Offline.Sure }) {
			return
		}
		uses := map[string]int{}
		for _, t := range s.guessed(s.Run, by) {
			g := t.Offline
			uses[day(g.At.Add(by), told.Zone(g.Zone))+g.Use[len(time.DateOnly):]] = g.N
		}
		records = append(records, record{Kind: recCorrect, Run: s.Run, By: by, Uses: uses})
	})
	if by.Abs() > sameTime {
		a.opt.Log.Info("the clock was set by the server's", "by", by.Round(time.Second))
	}
	a.memory.keep(true, records...)
}

func (a *Agent) greetAgain(ctx context.Context, c *client.Client) error {
	for {
		pause(ctx, leaseEvery)
		if ctx.Err() != nil {
			return nil
		}
		if err := a.lease(ctx, c); err != nil && ctx.Err() == nil {
			return err
		}
	}
}

// hear takes a message of the view.
func (a *Agent) hear(ctx context.Context, c *client.Client, b []byte) {
	var message struct {
		Type string          `json:"type"`
		View json.RawMessage `json:"view"`
	}
	if err := json.Unmarshal(b, &message); err != nil {
		a.opt.Log.Error("a message of the server's isn't understood", "err", err)
		return
	}
	read := readPage(message.View, a.page())
	a.mu.Lock()
	if ctx.Err() != nil { // something failed meanwhile
		a.mu.Unlock()
		return
	}
	a.link.heard = time.Now()
	was := a.link.online
	begins := read != nil && message.Type == "view"
	if begins {
		a.at, a.link.view = read, message.View
		a.link.up = true
	}
	if a.link.up {
		a.setOnline(true)
	}
	if begins || was != a.link.online {
		a.link.client, a.link.tried = c, true
		a.changeLocked()
	}
	a.mu.Unlock()
	if !begins {
		return
	}
	if !was {
		a.opt.Log.Info("the server is there", "server", a.opt.Server)
	}
	a.keepView(message.View)
}

// keepView notes a view that says something else than the last one that was noted.
func (a *Agent) keepView(v json.RawMessage) {
	like := likeness(v)
	if like != a.kept && a.memory.note(false, record{Kind: recView, JSON: v}) == nil { // else the next one may be
		a.kept = like
	}
}

// watchPulse says that the server is away once nothing was heard of it for too long.
func (a *Agent) watchPulse(ctx context.Context) {
	for ctx.Err() == nil {
		pause(ctx, staleAfter/10)
		a.mu.Lock()
		if a.link.online && time.Since(a.link.heard) > staleAfter {
			a.setOnline(false)
			a.changeLocked()
		}
		a.mu.Unlock()
	}
}

// report tells the server how the totem is.
func (a *Agent) report(ctx context.Context, c *client.Client) error {
	var told client.TotemStatus
	var at time.Time
	for ctx.Err() == nil {
		changed := a.changes()
		if s := a.totemStatus(); !reflect.DeepEqual(s, told) || time.Since(at) >= reportEvery {
			short, cancel := context.WithTimeout(ctx, tellWithin)
			err := c.Report(short, s)
			cancel()
			if client.Away(err) {
				return err
			}
			told, at = s, time.Now()
			pause(ctx, reportAtMost)
		}
		timer := time.NewTimer(reportEvery)
		select {
		case <-changed:
		case <-timer.C:
		case <-ctx.Done():
		}
		timer.Stop()
	}
	return nil
}

func (a *Agent) totemStatus() client.TotemStatus {
	p := a.opt.Printer.Status()
	s := client.TotemStatus{Printer: client.PrinterStatus{State: string(p.State), Reason: string(p.Reason)}, Version: a.opt.Version}
	now := a.clock.now()
	a.memory.look(func(st *state) { s.Unsent, s.Refused = len(st.unsent()), st.refused(now) })
	a.mu.Lock()
	defer a.mu.Unlock()
	s.Screen = a.screen
	return s
}

package agent

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/eliminacode/eliminacode/pkg/client"
)

const (
	// pollPairing is how often the server is asked whether the code has been confirmed.
	pollPairing = 2 * time.Second
	// codeHolds is how long a code holds, as the server has it, less what an answer may take.
	codeHolds = 10*time.Minute - 5*time.Second
)

// pairing is how far the kiosk is in becoming a device of the server's.
type pairing struct {
	mu      sync.Mutex
	refused map[string]bool // tokens that the server doesn't know
	asked   client.Asked
	until   time.Time // when the code ends
	wake    chan struct{}
}

func newPairing() *pairing {
	return &pairing{refused: map[string]bool{}, wake: make(chan struct{}, 1)}
}

// token is what the kiosk shows the server; empty: it is to be paired.
func (a *Agent) token() string {
	kept := ""
	a.memory.look(func(s *state) { kept = s.Token })
	a.pair.mu.Lock()
	defer a.pair.mu.Unlock()
	for _, t := range []string{a.opt.Token, kept} {
		if t != "" && !a.pair.refused[t] {
			return t
		}
	}
	return ""
}

// refuseToken takes note that the server doesn't know a token.
func (a *Agent) refuseToken(token string) {
	a.pair.mu.Lock()
	a.pair.refused[token] = true
	a.pair.mu.Unlock()
	forget := false
	a.memory.look(func(s *state) { forget = s.Token == token })
	if forget {
		a.memory.keep(true, record{Kind: recToken})
	}
	a.hub.Recheck() // the screen comes back, and finds the page that pairs
	a.change()
}

// paired takes a device's token.
func (a *Agent) paired(token string, to client.Paired) {
	a.opt.Log.Info("paired", "office", to.Office, "totem", to.Target)
	a.memory.keep(true, record{Kind: recToken, Text: token})
	a.pair.mu.Lock()
	delete(a.pair.refused, token)
	a.pair.asked = client.Asked{}
	a.pair.mu.Unlock()
	select {
	case a.pair.wake <- struct{}{}:
	default:
	}
	a.change()
}

// keepPairing shows codes until one is confirmed or ctx ends.
func (a *Agent) keepPairing(ctx context.Context) {
	for failures := 0; ctx.Err() == nil && a.token() == ""; {
		asked, _, err := a.code(ctx)
		if err != nil {
			if failures == 0 {
				a.opt.Log.Warn("the server gives no code to pair this totem", "server", a.opt.Server, "err", err)
			}
			failures++
			a.rest(ctx, backoff(failures))
			continue
		}
		failures = 0
		a.rest(ctx, pollPairing)
		a.poll(ctx, asked)
	}
}

// rest waits for a while, or until the kiosk is paired in another way.
func (a *Agent) rest(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	case <-a.pair.wake:
	}
}

// code is the code that the kiosk shows, a new one if the last has ended, and how long it holds.
func (a *Agent) code(ctx context.Context) (asked client.Asked, holds time.Duration, err error) {
	a.pair.mu.Lock()
	asked, holds = a.pair.asked, time.Until(a.pair.until)
	a.pair.mu.Unlock()
	if asked.ID != "" && holds > 0 {
		return asked, holds, nil
	}
	short, cancel := context.WithTimeout(ctx, tellWithin)
	defer cancel()
	if asked, err = a.clientOf("").AskPairing(short, "totem"); err != nil {
		return asked, 0, err
	}
	a.opt.Log.Info("this totem is to be paired: confirm the code in the administration", "code", asked.Code[:len(asked.Code)/2]+"-"+asked.Code[len(asked.Code)/2:], "at", a.opt.Server+"/admin")
	a.pair.mu.Lock()
	defer a.pair.mu.Unlock()
	a.pair.asked, a.pair.until = asked, time.Now().Add(codeHolds)
	return asked, codeHolds, nil
}

// poll asks whether a code has been confirmed.
func (a *Agent) poll(ctx context.Context, asked client.Asked) {
	short, cancel := context.WithTimeout(ctx, tellWithin)
	defer cancel()
	c := a.clientOf(asked.Secret)
	to, err := c.Pairing(short, asked.ID)
	switch {
	case err == nil && to.State == "paired":
		a.paired(asked.Secret, to)
	case client.Status(err) == http.StatusNotFound: // it ended, or was taken away
		a.pair.mu.Lock()
		defer a.pair.mu.Unlock()
		if a.pair.asked.ID == asked.ID {
			a.pair.asked = client.Asked{}
		}
	}
}

// isPaired reports whether a pairing's code has been confirmed, and whether it still waits.
func (a *Agent) isPaired(id string) (paired, waits bool) {
	if a.token() != "" {
		return true, false
	}
	a.pair.mu.Lock()
	defer a.pair.mu.Unlock()
	return false, a.pair.asked.ID == id
}

// Package demo plays an invented busy morning through the public API, so that
// every screen of a server is alive: citizens take tickets, clerks call, recall
// and serve them, some citizens don't come. It uses nothing but HTTP.
package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/view"
)

// Morning is a busy morning to be played.
type Morning struct {
	Address string // of the server, "http://localhost:8080"
	Token   string // that may do all
	Seed    uint64 // the same seed plays the same morning, as far as time allows
	Log     *slog.Logger

	client *http.Client
}

const (
	// crowd is how many wait when the curtain rises.
	crowd = 26
	// arrivals is the mean time between two citizens.
	arrivals = 11 * time.Second
	// service is the mean time at the counter, and way the time to get there.
	service = 30 * time.Second
	way     = 7 * time.Second
	// calm is the pause after something went wrong.
	calm = 5 * time.Second
)

// Play plays until ctx ends.
func (m *Morning) Play(ctx context.Context) {
	m.client = &http.Client{Timeout: 10 * time.Second}
	chance := rand.New(rand.NewPCG(m.Seed, 1))
	var public view.Public
	for m.call(ctx, http.MethodGet, "/state", nil, &public) != nil {
		if !sleep(ctx, calm) {
			return
		}
	}
	for range crowd {
		m.arrive(ctx, chance)
	}
	var actors sync.WaitGroup
	defer actors.Wait()
	actors.Go(func() {
		for sleep(ctx, around(chance, arrivals)) {
			m.arrive(ctx, chance)
		}
	})
	for i, c := range public.Counters {
		actors.Go(func() { m.work(ctx, c.ID, rand.New(rand.NewPCG(m.Seed, uint64(i+2)))) })
	}
}

// arrive is a citizen at the totem: half of them for the civil registry, one in twelve with priority.
func (m *Morning) arrive(ctx context.Context, chance *rand.Rand) {
	var public view.Public
	if m.call(ctx, http.MethodGet, "/state", nil, &public) != nil {
		return
	}
	var open []queue.ChannelID
	for _, c := range public.Channels {
		if c.Open {
			open = append(open, c.ID)
			if c.ID == "anagrafe" {
				open = append(open, c.ID)
			}
		}
	}
	if len(open) == 0 {
		return
	}
	class := queue.Standard
	if chance.IntN(12) == 0 {
		class = queue.Priority
	}
	m.try(ctx, "/tickets", map[string]any{"channel": open[chance.IntN(len(open))], "class": class})
}

// work is a clerk's morning at a counter.
func (m *Morning) work(ctx context.Context, id queue.CounterID, chance *rand.Rand) {
	at := "/counters/" + string(id)
	m.try(ctx, at+"/open", map[string]any{"takeover": true})
	for sleep(ctx, around(chance, 4*time.Second)) {
		var called struct{ Ticket *view.Ticket }
		if err := m.call(ctx, http.MethodPost, at+"/next", map[string]any{}, &called); err != nil || called.Ticket == nil {
			if !sleep(ctx, calm) {
				return
			}
			continue
		}
		if !sleep(ctx, around(chance, way)) {
			return
		}
		switch luck := chance.IntN(20); {
		case luck == 0: // nobody comes, not even the second time
			m.try(ctx, at+"/recall", nil)
			sleep(ctx, around(chance, way))
			m.try(ctx, at+"/absent", nil)
			continue
		case luck <= 3: // the second call helps
			m.try(ctx, at+"/recall", nil)
			sleep(ctx, around(chance, way))
		}
		m.try(ctx, at+"/start", nil)
		sleep(ctx, around(chance, service))
		switch chance.IntN(25) {
		case 0:
			m.try(ctx, at+"/hold", map[string]any{"reason": "Compila un modulo", "for_s": 90})
		default:
			m.try(ctx, at+"/done", nil)
		}
	}
}

// try makes a call that may be refused: the morning goes on.
func (m *Morning) try(ctx context.Context, path string, body any) {
	if err := m.call(ctx, http.MethodPost, path, body, nil); err != nil && ctx.Err() == nil {
		m.Log.Debug("demo", "err", err)
	}
}

// call makes a call of the API and reads its answer into out.
func (m *Morning) call(ctx context.Context, method, path string, in, out any) error {
	var body io.Reader = http.NoBody
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = bytes.NewReader(b)
	}
	r, err := http.NewRequestWithContext(ctx, method, m.Address+"/api/v1"+path, body)
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+m.Token)
	r.Header.Set("Content-Type", "application/json")
	answer, err := m.client.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode >= http.StatusBadRequest {
		return fmt.Errorf("%s %s: %s", method, path, answer.Status)
	}
	if out == nil || answer.StatusCode == http.StatusNoContent {
		return nil
	}
	return json.NewDecoder(answer.Body).Decode(out)
}

// around is a random time about the mean, from a third of it to three times it.
func around(chance *rand.Rand, mean time.Duration) time.Duration {
	d := time.Duration(chance.ExpFloat64() * float64(mean))
	return min(max(d, mean/3), 3*mean)
}

// sleep waits, and reports whether the morning goes on.
func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}

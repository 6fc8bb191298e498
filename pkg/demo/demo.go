// Package demo plays an invented busy morning through the public API, so that
// every screen of a server is alive: citizens take tickets, clerks call, recall
// and serve them, some citizens don't come. It uses nothing but the API.
package demo

import (
	"context"
	"crypto/rand"
	"log/slog"
	mathrand "math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"sync"
	"time"

	"github.com/eliminacode/eliminacode/pkg/client"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/view"
)

// Morning is a busy morning to be played. When it is over, the next one begins.
type Morning struct {
	Address string // of the server, "http://localhost:8080"
	Token   string // that may do all
	Seed    uint64 // the same seed plays the same morning, as far as time allows
	Log     *slog.Logger
	Client  *http.Client // makes the requests; nil: one of its own
}

const (
	// crowd is how many wait when the curtain rises. When fewer than few are left, somebody opens
	// the doors to half a crowd; when many wait, people see it on their phones and stay at home.
	crowd, few, many = 26, 5, 60
	// arrivals is the mean time between two citizens.
	arrivals = 11 * time.Second
	// service is the mean time at the counter, way the time to get there, and breath the pause
	// after it.
	service = 30 * time.Second
	way     = 7 * time.Second
	breath  = 4 * time.Second
	// calm is the pause after something went wrong.
	calm = 5 * time.Second
)

// clerks sign in at the counters, in their order.
var clerks = [...]clerk{
	{"giulia.bianchi", "Giulia Bianchi"},
	{"marco.conti", "Marco Conti"},
	{"elena.ricci", "Elena Ricci"},
	{"paolo.mancini", "Paolo Mancini"},
}

// clerk is a member of staff.
type clerk struct{ name, fullName string }

// sender makes calls in somebody's name.
type sender struct {
	*client.Client
	log *slog.Logger
}

// sender makes calls by the token that may do all.
func (m *Morning) sender() sender {
	return sender{&client.Client{Server: m.Address, Token: m.Token, HTTP: m.Client}, m.Log}
}

// Play plays until ctx ends.
func (m *Morning) Play(ctx context.Context) {
	if m.Client == nil {
		m.Client = &http.Client{Timeout: 10 * time.Second}
	}
	totem := m.sender()
	chance := mathrand.New(mathrand.NewPCG(m.Seed, 1))
	var public view.PublicPage
	for totem.call(ctx, http.MethodGet, "/state", nil, &public) != nil {
		if !sleep(ctx, calm) {
			return
		}
	}
	for range crowd {
		totem.arrive(ctx, chance)
	}
	var actors sync.WaitGroup
	defer actors.Wait()
	actors.Go(func() {
		for sleep(ctx, around(chance, arrivals)) {
			switch waiting := totem.arrive(ctx, chance); {
			case waiting < few:
				for range crowd / 2 {
					totem.arrive(ctx, chance)
				}
			case waiting > many:
				sleep(ctx, service)
			}
		}
	})
	for i, c := range public.Counters[:min(len(public.Counters), len(clerks))] {
		actors.Go(func() { m.work(ctx, clerks[i], c.ID, mathrand.New(mathrand.NewPCG(m.Seed, uint64(i+2)))) })
	}
}

// arrive is a citizen at the totem: half of them for the civil registry, one in twelve with
// priority. It returns how many waited before.
func (s sender) arrive(ctx context.Context, chance *mathrand.Rand) (waiting int) {
	var public view.PublicPage
	if s.call(ctx, http.MethodGet, "/state", nil, &public) != nil {
		return few
	}
	var open []queue.ChannelID
	for _, c := range public.Channels {
		waiting += c.Waiting
		if c.Open {
			open = append(open, c.ID)
			if c.ID == "anagrafe" {
				open = append(open, c.ID)
			}
		}
	}
	if len(open) == 0 {
		return few
	}
	class := queue.Standard
	if chance.IntN(12) == 0 {
		class = queue.Priority
	}
	s.try(ctx, http.MethodPost, "/tickets", map[string]any{"channel": open[chance.IntN(len(open))], "class": class})
	return waiting
}

// work is a clerk's morning at a counter. Where somebody else has signed in, the clerk steps aside.
func (m *Morning) work(ctx context.Context, who clerk, id queue.CounterID, chance *mathrand.Rand) {
	at := "/counters/" + string(id)
	password := rand.Text()
	account := map[string]any{"name": who.name, "full_name": who.fullName, "role": "operator", "password": password}
	m.sender().try(ctx, http.MethodPost, "/users", account)
	s := m.signIn(ctx, who, password)
	for sleep(ctx, around(chance, breath)) {
		var counters []view.Desk
		if s.call(ctx, http.MethodGet, "/counters", nil, &counters) != nil {
			sleep(ctx, calm)
			s = m.signIn(ctx, who, password) // the session has run out, perhaps
			continue
		}
		for _, c := range counters {
			switch {
			case c.ID != id:
			case c.Status == queue.DeskClosed:
				s.try(ctx, http.MethodPost, at+"/open", nil)
				s.serve(ctx, at, chance)
			case c.Status == queue.DeskOpen && c.Operator == who.name:
				s.serve(ctx, at, chance)
			}
		}
	}
}

// signIn has a clerk sign in, as in a browser of their own.
func (m *Morning) signIn(ctx context.Context, who clerk, password string) sender {
	own := *m.Client
	own.Jar, _ = cookiejar.New(nil) // it never fails
	s := sender{&client.Client{Server: m.Address, HTTP: &own}, m.Log}
	s.try(ctx, http.MethodPost, "/login", map[string]any{"name": who.name, "password": password})
	return s
}

// serve calls the next citizen and serves them.
func (s sender) serve(ctx context.Context, at string, chance *mathrand.Rand) {
	var called struct{ Ticket *view.Ticket }
	if err := s.call(ctx, http.MethodPost, at+"/next", nil, &called); err != nil || called.Ticket == nil {
		sleep(ctx, calm)
		return
	}
	if !sleep(ctx, around(chance, way)) {
		return
	}
	switch luck := chance.IntN(20); {
	case luck == 0: // nobody comes, not even the second time
		s.try(ctx, http.MethodPost, at+"/recall", nil)
		sleep(ctx, around(chance, way))
		s.try(ctx, http.MethodPost, at+"/absent", nil)
		return
	case luck <= 3: // the second call helps
		s.try(ctx, http.MethodPost, at+"/recall", nil)
		sleep(ctx, around(chance, way))
	}
	s.try(ctx, http.MethodPost, at+"/start", nil)
	sleep(ctx, around(chance, service))
	switch chance.IntN(25) {
	case 0:
		s.try(ctx, http.MethodPost, at+"/hold", map[string]any{"reason": "Compila un modulo", "for_s": 90})
	default:
		s.try(ctx, http.MethodPost, at+"/done", nil)
	}
}

// try makes a call that may be refused: the morning goes on.
func (s sender) try(ctx context.Context, method, path string, body any) {
	if err := s.call(ctx, method, path, body, nil); err != nil && ctx.Err() == nil {
		s.log.Debug("demo", "method", method, "path", path, "err", err)
	}
}

// call makes a call of the API and reads its answer into out.
func (s sender) call(ctx context.Context, method, path string, in, out any) error {
	return s.Do(ctx, client.Call{Method: method, Path: path, Body: in}, out)
}

// around is a random time about the mean, from a third of it to three times it.
func around(chance *mathrand.Rand, mean time.Duration) time.Duration {
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

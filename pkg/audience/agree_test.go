package audience_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/eliminacode/eliminacode/pkg/audience"
	"github.com/eliminacode/eliminacode/pkg/engine"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// takeover is within what time a room has a voice again, whatever has happened.
const takeover = 10 * time.Second

// town is servers that share a database, and their displays.
type town struct {
	*testing.T
	office *queue.State

	mu     sync.Mutex
	claims map[string]claimed // that the database has
	sets   []*set
}

type claimed struct {
	by    *house
	until time.Time
}

// house is one server, as a town's database sees it.
type house struct {
	*town
	audience *audience.Audience
	end      context.CancelFunc
	asks     int           // how often it asked the database
	gone     bool          // killed
	down     bool          // its database answers with errors
	deaf     bool          // its database doesn't answer
	slow     time.Duration // how long each way takes
}

// set is a display's page. What it was told on a connection holds while that does.
type set struct {
	*house
	display, device, network string
	sound                    string
	frozen                   bool // says nothing, and hears all
	words                    []bool
}

func newTown(t *testing.T) *town {
	t.Helper()
	return &town{T: t, office: soundingOffice(t, time.Now()), claims: map[string]claimed{}}
}

// start starts a server, which the end of the test stops.
func (t *town) start() *house {
	h := &house{town: t}
	h.audience = audience.New(audience.Options{
		Base: func(string) string { return "" }, Now: time.Now, Log: slog.New(slog.DiscardHandler), Claims: h,
	})
	h.audience.Changed(engine.Change{Office: "urp", State: t.office, Now: time.Now(), Anew: true})
	var ctx context.Context
	ctx, h.end = context.WithCancel(t.Context())
	go h.audience.Agree(ctx)
	return h
}

// set changes how a server's database is.
func (h *house) set(change func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	change()
}

// asked is how often servers have asked the database.
func (t *town) asked(houses ...*house) (times int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, h := range houses {
		times += h.asks
	}
	return times
}

// kill ends a server without a word: its displays are cut off.
func (h *house) kill() {
	h.mu.Lock()
	h.gone = true
	h.sets = slices.DeleteFunc(h.sets, func(s *set) bool { return s.house == h })
	h.mu.Unlock()
	h.end()
}

// Claim is the database's answer.
func (h *house) Claim(ctx context.Context, names []string, lease time.Duration) (mine, others []string, err error) {
	h.mu.Lock()
	h.asks++
	deaf, slow := h.deaf, h.slow
	h.mu.Unlock()
	if deaf {
		<-ctx.Done()
		return nil, nil, ctx.Err()
	}
	if slow > 0 {
		<-time.After(slow)
		defer func() { <-time.After(slow) }()
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.down || h.gone || ctx.Err() != nil {
		return nil, nil, errors.New("no database")
	}
	now := time.Now()
	for name, c := range h.claims {
		if c.by == h && !slices.Contains(names, name) || !now.Before(c.until) {
			delete(h.claims, name)
		}
	}
	for _, name := range names {
		if c, taken := h.claims[name]; !taken || c.by == h {
			h.claims[name] = claimed{h, now.Add(lease)}
		}
	}
	for name, c := range h.claims {
		if c.by == h {
			mine = append(mine, name)
		} else {
			others = append(others, name)
		}
	}
	return mine, others, nil
}

// open opens a display on a device, or openly from a network.
func (h *house) open(place int, device, network string) *set {
	s := &set{house: h, display: string(h.office.Config.Displays[place].ID), device: device, network: network, sound: "on"}
	h.mu.Lock()
	h.sets = append(h.sets, s)
	h.mu.Unlock()
	s.say()
	return s
}

func (s *set) say() {
	s.audience.Heard(audience.Topic{Office: "urp", Kind: "display", ID: s.display}, s.device, s.network, s, []byte(`{"type":"status","sound":"`+s.sound+`"}`))
}

// Send implements [audience.Line]. It looks whether the displays of one network, or devices, own
// the one room's sound twice.
func (s *set) Send(_ string, message []byte) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.words = append(s.words, string(message) == `{"type":"sound","owner":true}`)
	for _, other := range s.sets {
		if s.owner() && other != s && other.owner() && (s.device+other.device != "" || s.network == other.network) {
			s.Errorf("%v: %s has the sound, and so has %s", time.Now().Format("05.000"), s, other)
		}
	}
	return true
}

func (s *set) owner() bool { return len(s.words) > 0 && s.words[len(s.words)-1] }

func (s *set) String() string {
	return fmt.Sprintf("%s, device %q, network %q", s.display, s.device, s.network)
}

// close closes a display's page.
func (s *set) close() {
	s.mu.Lock()
	s.sets = slices.DeleteFunc(s.sets, func(other *set) bool { return other == s })
	s.mu.Unlock()
	s.audience.Gone(s)
}

// owners are the displays that own the sound now.
func (t *town) owners() (list []*set) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, s := range t.sets {
		if s.owner() {
			list = append(list, s)
		}
	}
	return list
}

// pass lets time pass, in which displays say how they are.
func (t *town) pass(d time.Duration) {
	for left := d; left > 0; left -= time.Second {
		<-time.After(min(left, time.Second))
		t.mu.Lock()
		sets := slices.Clone(t.sets)
		t.mu.Unlock()
		for _, s := range sets {
			if !s.frozen {
				s.say()
			}
		}
	}
	synctest.Wait()
}

// wantOwner wants one display to own the sound once some time has passed, and no other one.
func (t *town) wantOwner(when string, within time.Duration, want *set) {
	t.Helper()
	t.pass(within)
	if got := t.owners(); len(got) != 1 || got[0] != want {
		t.Errorf("%s: %v has the sound, want %s", when, got, want)
	}
}

// TestOneSoundAcrossServers has displays of one room at two servers, and takes away the server, the
// database or the display that has the sound.
func TestOneSoundAcrossServers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		town := newTown(t)
		a, b := town.start(), town.start()
		town.pass(20 * time.Second)
		if n := town.asked(a, b); n > 0 {
			t.Errorf("the database is asked %d times with no display", n)
		}
		first := a.open(0, "", "")
		town.wantOwner("alone", time.Second, first)
		if len(first.words) != 1 {
			t.Errorf("it is told %v: a call at its opening isn't spoken", first.words)
		}
		b.open(1, "", "")
		town.wantOwner("who has it keeps it", time.Minute, first)
		device := b.open(2, "d1", "")
		town.wantOwner("a device before an open page", takeover, device)
		other := a.open(1, "d2", "")
		town.wantOwner("who has it of two devices keeps it", time.Minute, device)
		b.kill()
		town.wantOwner("its server is killed", takeover, other)
		b = town.start()
		second := b.open(1, "", "")
		device = b.open(2, "d1", "")
		town.wantOwner("it is back", takeover, other)
		if device.owner() || second.owner() || len(device.words) != 1 {
			t.Errorf("told %v and %v", device.words, second.words)
		}
		a.set(func() { a.down = true })
		town.wantOwner("its database is away", takeover, device)
		a.set(func() { a.down = false })
		town.wantOwner("and back", takeover, device)
		b.set(func() { b.deaf = true })
		town.wantOwner("its database doesn't answer", takeover, other)
		b.set(func() { b.deaf = false })
		other.frozen = true
		town.wantOwner("it has died silently", takeover, device)
		other.frozen = false
		device.sound = "muted"
		town.wantOwner("it is silenced", takeover, other)
		device.sound = "on"
		town.pass(5 * time.Second)
		other.close()
		town.wantOwner("it has left", takeover, device)
		device.close()
		town.wantOwner("no device is left", takeover, second)
		b.end()
		town.wantOwner("its server ends in order", 3*time.Second, first)

		a.end()
		synctest.Wait()
		asked := town.asked(a, b)
		town.pass(20 * time.Second)
		if n := town.asked(a, b) - asked; len(town.claims) > 0 || n > 0 {
			t.Errorf("servers that have ended keep %v, and ask %d times", town.claims, n)
		}
	})
}

// TestOpenedLater has a page come back to its server when the other one's device, which had the
// sound, has long gone.
func TestOpenedLater(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		town := newTown(t)
		a, b := town.start(), town.start()
		device := b.open(0, "d1", "")
		page := a.open(1, "", "")
		town.wantOwner("a device before an open page", takeover, device)
		page.close()
		town.pass(takeover)
		device.close()
		town.pass(time.Hour)
		page = a.open(1, "", "")
		town.wantOwner("alone", time.Second, page)
		if len(page.words) != 1 {
			t.Errorf("it is told %v: a call at its opening isn't spoken", page.words)
		}
		a.end()
		b.end()
		synctest.Wait()
	})
}

// TestCostOfAgreeing has displays stay for an hour, and go.
func TestCostOfAgreeing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		town := newTown(t)
		a := town.start()
		one := a.open(0, "", "")
		town.pass(time.Hour)
		if n, seconds := town.asked(a), int(time.Hour/time.Second); n > seconds+2 {
			t.Errorf("asked %d times in %d seconds", n, seconds)
		}
		one.close()
		town.pass(3 * time.Second)
		asked := town.asked(a)
		town.pass(time.Hour)
		if n := town.asked(a) - asked; n > 0 {
			t.Errorf("asked %d times for nobody", n)
		}
		a.end()
		synctest.Wait()
	})
}

// TestElsewhereAcrossServers has an open page far away at one server, and a room's at the other.
func TestElsewhereAcrossServers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		town := newTown(t)
		a, b := town.start(), town.start()
		phone, hall := a.open(0, "", "192.0.2.7"), b.open(1, "", "")
		town.pass(takeover)
		if !phone.owner() || !hall.owner() {
			t.Errorf("elsewhere: %v, in the hall: %v", phone.words, hall.words)
		}
		device := a.open(2, "d1", "198.51.100.1")
		town.wantOwner("a device", takeover, device)
		device.close()
		town.pass(takeover)
		if !phone.owner() || !hall.owner() {
			t.Errorf("it has left: elsewhere: %v, in the hall: %v", phone.words, hall.words)
		}
		a.end()
		b.end()
		synctest.Wait()
	})
}

// TestAgreeingByChance has all that can happen happen, at three servers. There are never two
// owners, and once all is well one.
func TestAgreeingByChance(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		synctest.Test(t, func(t *testing.T) {
			town, chance := newTown(t), rand.New(rand.NewPCG(seed, 0))
			houses := []*house{town.start(), town.start(), town.start()}
			for range 200 {
				i := chance.IntN(len(houses))
				h := houses[i]
				switch chance.IntN(9) {
				case 0, 1, 2:
					device := []string{"", "d1", "d2"}[chance.IntN(3)]
					h.open(chance.IntN(3), device, "")
				case 3:
					if len(town.sets) > 0 {
						town.sets[chance.IntN(len(town.sets))].close()
					}
				case 4:
					if len(town.sets) > 0 {
						s := town.sets[chance.IntN(len(town.sets))]
						s.frozen = !s.frozen
					}
				case 5:
					h.kill()
					houses[i] = town.start()
				case 6:
					h.set(func() { h.down = !h.down })
				case 7:
					h.set(func() { h.deaf = !h.deaf })
				case 8:
					h.set(func() { h.slow = time.Duration(chance.IntN(600)) * time.Millisecond })
				}
				town.pass(time.Duration(chance.IntN(4000)) * time.Millisecond)
			}
			for _, h := range houses {
				h.set(func() { h.down, h.deaf, h.slow = false, false, 0 })
			}
			for _, s := range town.sets {
				s.frozen = false
			}
			houses[0].open(0, "", "")
			town.pass(takeover)
			if got := town.owners(); len(got) != 1 {
				t.Errorf("seed %d: in the end %v have the sound", seed, got)
			}
			for _, h := range houses {
				h.end()
			}
			synctest.Wait()
		})
	}
}

// TestHeardAgainTooLate has a display speak again just when its server gives back what it had. The
// other server, which asks between the database's answer and its arrival, has it then.
func TestHeardAgainTooLate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		town := newTown(t)
		a := town.start()
		<-time.After(500 * time.Millisecond)
		b := town.start()
		late := a.open(0, "d1", "")
		town.wantOwner("alone", 3*time.Second, late)
		other := b.open(1, "d2", "")
		a.set(func() { a.slow = 350 * time.Millisecond })
		late.frozen = true
		for has := true; has; {
			<-time.After(10 * time.Millisecond)
			other.say()
			town.mu.Lock()
			has = len(town.claims) > 0
			town.mu.Unlock()
		}
		late.say()
		town.wantOwner("it was given back", takeover, other)
		a.end()
		b.end()
		<-time.After(time.Second)
		synctest.Wait()
	})
}

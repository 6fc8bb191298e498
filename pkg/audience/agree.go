package audience

import (
	"context"
	"encoding/json"
	"maps"
	"strings"
	"time"
)

// Claims are names that one at a time has of the servers that share a database.
type Claims interface {
	// Claim takes for this server, for a while, those of the names that no other server has, and
	// gives back what else it had. It answers which it has then, and which the others have, of all
	// names that there are.
	Claim(ctx context.Context, names []string, lease time.Duration) (mine, others []string, err error)
}

// A server that can't reach the database, or is gone, has its claims for claimLease at most. It has
// told its displays before that they don't own the sound: claimHeld after it asked with success, or
// a try or a tick later. One that is gone has claimed within the last second, and its displays know
// within five that they have no server. Then another server needs a tick to have the sound.
const (
	claimEvery = time.Second
	claimTry   = 800 * time.Millisecond
	claimHeld  = 3 * time.Second
	claimLease = 6 * time.Second
	// claimSoon is how long is waited with a first claim, for those that come together.
	claimSoon = 100 * time.Millisecond
)

// agreement is which rooms' sounds are this server's among those that share the database. The zero
// value is that of the only server: all are.
type agreement struct {
	wake   chan struct{}   // nil: there is no other server
	asked  map[sharer]bool // what was claimed last, whatever came of it
	mine   map[sharer]bool // as was answered last
	others map[sharer]bool
	at     time.Time // when that was asked, by the machine's clock; zero: it holds no longer
}

// devices is the sharer that goes before an open page's.
func (of sharer) devices() sharer { return sharer{Office: of.Office, Room: of.Room, Paired: true} }

// soundOf begins the names of claims of a sound.
const soundOf = "sound "

func claimNames(list map[sharer]bool) (names []string) {
	for of := range list {
		b, _ := json.Marshal(of) // of strings and a bool: it can't fail
		names = append(names, soundOf+string(b))
	}
	return names
}

// parseClaims leaves out what another version of the program has.
func parseClaims(names []string) map[sharer]bool {
	list := map[sharer]bool{}
	for _, name := range names {
		var of sharer
		if text, ok := strings.CutPrefix(name, soundOf); ok && json.Unmarshal([]byte(text), &of) == nil {
			list[of] = true
		}
	}
	return list
}

// yields reports whether another server's displays stand in the way of a sharer's sound, which it
// would have else: paired devices in that of open pages, and until these have yielded, open pages
// in that of paired devices.
func (g *agreement) yields(of sharer) bool {
	if !of.Paired {
		return g.others[of.devices()]
	}
	for other := range g.others {
		if other.devices() == of {
			return true
		}
	}
	return false
}

// agreed reports whether a sharer's sound is this server's, or, if it isn't, whether that is still
// to be asked for the first time.
func (g *agreement) agreed(of sharer) (ours, pending bool) {
	switch {
	case g.wake == nil:
		return true, false
	case g.yields(of):
		return false, false
	case !g.asked[of]:
		g.hurry()
		return false, true
	}
	return g.mine[of] && time.Since(g.at) < claimHeld, false
}

// hurry has the servers agree soon.
func (g *agreement) hurry() {
	select {
	case g.wake <- struct{}{}:
	default: // they will, or there is none
	}
}

// Agree has this server agree with the others of its database, until ctx ends, whose displays own
// their rooms' sounds. It asks the database once a second, only while a display here would own one.
func (a *Audience) Agree(ctx context.Context) {
	if a.opt.Claims == nil {
		return
	}
	tick := time.NewTicker(claimEvery)
	defer tick.Stop()
	for failed := false; ; {
		select {
		case <-ctx.Done():
			a.yield()
			return
		case <-tick.C:
		case <-a.here.shared.wake:
			select {
			case <-ctx.Done():
			case <-time.After(claimSoon):
			}
		}
		err := a.claim(ctx)
		if err != nil && !failed && ctx.Err() == nil {
			a.opt.Log.Warn("the servers can't agree which display has a room's sound: none here has", "err", err)
		}
		failed = err != nil
	}
}

// claim claims what this server's displays would own, and tells them what came of it.
func (a *Audience) claim(ctx context.Context) error {
	g := &a.here.shared
	a.here.mu.Lock()
	a.arbitrate() // whoever no longer owns it hears so before another server may claim it
	wanted, idle := map[sharer]bool{}, len(g.asked) == 0
	for office := range a.here.offices() {
		for of := range a.here.best(office, a.opt.Now()) {
			idle = false
			// Paired devices claim it in any case: open pages elsewhere yield when they see that.
			if of.Paired || !g.yields(of) {
				wanted[of] = true
			}
		}
	}
	maps.DeleteFunc(g.mine, func(of sharer, _ bool) bool { return !wanted[of] })
	if idle { // from now on nothing is heard of the others
		g.others = nil
	}
	select {
	case <-g.wake: // what that was for is wanted now
	default:
	}
	a.here.mu.Unlock()
	if idle {
		return nil
	}
	at := time.Now()
	ctx, cancel := context.WithTimeout(ctx, claimTry)
	defer cancel()
	mine, others, err := a.opt.Claims.Claim(ctx, claimNames(wanted), claimLease)
	a.here.mu.Lock()
	defer a.here.mu.Unlock()
	g.asked = wanted
	if err == nil {
		g.mine, g.others, g.at = parseClaims(mine), parseClaims(others), at
	}
	for of := range wanted {
		if g.yields(of) { // open pages yield, here or elsewhere, and devices wait for that
			g.hurry()
			break
		}
	}
	a.arbitrate()
	return err
}

// yield gives back this server's claims, once its displays have been told so.
func (a *Audience) yield() {
	g := &a.here.shared
	a.here.mu.Lock()
	idle := len(g.asked) == 0
	g.at = time.Time{}
	a.arbitrate()
	a.here.mu.Unlock()
	if idle {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), claimTry)
	defer cancel()
	_, _, _ = a.opt.Claims.Claim(ctx, nil, claimLease) // else they run out
}

// arbitrate tells the displays of all offices. Its caller holds the mutex.
func (a *Audience) arbitrate() {
	for office := range a.here.offices() {
		a.here.arbitrate(office, a.opt.Now())
	}
}

// offices are those with displays that have said something.
func (p *presence) offices() map[string]bool {
	all := map[string]bool{}
	for _, s := range p.screens {
		all[s.topic.Office] = true
	}
	return all
}

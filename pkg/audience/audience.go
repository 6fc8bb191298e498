// Package audience knows who watches what: which views of an office are being watched, in what
// order they are made after a change, and what a newcomer is shown. All kinds of views are in one
// table, [Kinds].
package audience

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/eliminacode/eliminacode/pkg/engine"
	"github.com/eliminacode/eliminacode/pkg/estimate"
	"github.com/eliminacode/eliminacode/pkg/live"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/view"
	"github.com/eliminacode/eliminacode/pkg/voice"
)

// fresh is for how long a public view may be answered again before its time is brought up to date.
// A change of the office ends it at once.
const fresh = time.Second

// Options says what an audience works with.
type Options struct {
	// Read looks at an office, as [engine.Engine.Read] does.
	Read func(ctx context.Context, office string, look func(*queue.State, time.Time)) error
	// Base is what stands before the paths of an office's pages.
	Base  func(office string) string
	Voice *voice.Voice // nil: nothing is spoken
	// Level is how busy an office is; nil: nobody knows. It is asked in the office's goroutine, so
	// it must be quick.
	Level func(office string, s *queue.State, now time.Time) *view.Level
	// Waits returns what is expected of an office's waits; nil: nothing is.
	Waits func(office string) estimate.Waits
	// Claims are shared with the other servers of the database; nil: there is no other one.
	Claims Claims
	Live   live.Options // but for Current, which is the audience's
	Now    func() time.Time
	Log    *slog.Logger
}

// Audience has the views made that somebody watches. It is an [engine.Observer], to be given to the
// engine.
type Audience struct {
	// Hub holds the connections of all who watch. Its topics are named by [Topic.String].
	Hub *live.Hub

	opt    Options
	mu     sync.Mutex
	public map[string]*Public // that were answered last, by office
	here   presence
}

// New returns an audience of nobody.
func New(opt Options) *Audience {
	a := &Audience{opt: opt, public: map[string]*Public{}, here: presence{screens: map[Line]*screen{}, displays: map[string][]place{}}}
	if opt.Claims != nil {
		a.here.shared.wake = make(chan struct{}, 1)
	}
	if opt.Level == nil {
		a.opt.Level = func(string, *queue.State, time.Time) *view.Level { return nil }
	}
	opt.Live.Current = a.current
	a.Hub = live.New(opt.Live)
	return a
}

// Changed implements [engine.Observer]: it has the views made that somebody watches.
func (a *Audience) Changed(c engine.Change) {
	a.Forget(c.Office)
	a.configured(c.Office, c.State.Config.Displays)
	if topics := a.watched(c.Office); len(topics) > 0 {
		a.publish(topics, a.picture(c.Office, c.State, c.Now))
	}
}

// Expect has the views made anew that tell of waits, and of how busy it is: other ones are expected
// in the office, or its level is known now.
func (a *Audience) Expect(ctx context.Context, office string) {
	a.Forget(office)
	topics := slices.DeleteFunc(a.watched(office), func(t Topic) bool { return !Kinds[rank(t.Kind)].Waits })
	if len(topics) == 0 {
		return
	}
	err := a.opt.Read(ctx, office, func(s *queue.State, now time.Time) { a.publish(topics, a.picture(office, s, now)) })
	if err != nil && ctx.Err() == nil && !errors.Is(err, engine.ErrTold) {
		a.opt.Log.Warn("expected waits not shown", "office", office, "err", err)
	}
}

// watched returns what is watched of an office, in the order in which it is made.
func (a *Audience) watched(office string) (topics []Topic) {
	for _, name := range a.Hub.Watched(under(office)) {
		topics = append(topics, parseTopic(name))
	}
	slices.SortFunc(topics, func(a, b Topic) int { return rank(a.Kind) - rank(b.Kind) })
	return topics
}

func (a *Audience) publish(topics []Topic, p *picture) {
	for _, t := range topics {
		message, err := p.topic(t)
		if err != nil {
			a.opt.Log.Error("view not written", "view", t.Kind, "err", err)
		}
		if message == nil { // a monitor that is no longer configured, say, isn't one whose last view still holds
			a.Hub.Forget(t.String())
			continue
		}
		a.Hub.Publish(t.String(), message)
	}
}

// Lost implements [engine.Observer]: it cuts off who looks at an office whose journal can't be
// read. No view that may be old is shown as if it were live. They come back by themselves.
func (a *Audience) Lost(office string) {
	a.Forget(office)
	a.Hub.Forget(under(office))
}

// Watched reports whether anybody is looking at the office.
func (a *Audience) Watched(office string) bool { return len(a.Hub.Watched(under(office))) > 0 }

// current is what a topic shows now, for somebody who begins to watch it.
func (a *Audience) current(name string) (message []byte, err error) {
	t := parseTopic(name)
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	failed := a.opt.Read(ctx, t.Office, func(s *queue.State, now time.Time) {
		message, err = a.picture(t.Office, s, now).topic(t)
	})
	if err = errors.Join(failed, err); errors.Is(err, engine.ErrTold) {
		return nil, err
	} else if err != nil {
		a.opt.Log.Warn("view not made", "office", t.Office, "view", t.Kind, "err", err)
	} else if message == nil {
		err = errors.New("no such view") // the office no longer has what the topic is about
	}
	return message, err
}

func (a *Audience) picture(office string, s *queue.State, now time.Time) *picture {
	return &picture{scene: a.scene(office, s, now)}
}

func (a *Audience) scene(office string, s *queue.State, now time.Time) *view.Scene {
	return &view.Scene{Office: office, State: s, Now: now, Waits: a.waits(office), Base: a.opt.Base(office), Voice: a.opt.Voice, Level: a.opt.Level(office, s, now)}
}

func (a *Audience) waits(office string) estimate.Waits {
	if a.opt.Waits == nil {
		return estimate.Waits{}
	}
	return a.opt.Waits(office)
}

// Public is the public view as it is answered.
type Public struct {
	View   *view.PublicPage
	Config *queue.Config // the office's as of the view; not to be changed
	Body   []byte        // as JSON
	ETag   string        // stands for all of it but its time
}

// Public returns the public view of an office, at most a second old and never behind a change.
func (a *Audience) Public(ctx context.Context, office string) (p *Public, err error) {
	a.mu.Lock()
	p = a.public[office]
	a.mu.Unlock()
	if p != nil {
		if age := a.opt.Now().Sub(p.View.At); age >= 0 && age < fresh { // the clock may have been set back
			return p, nil
		}
	}
	failed := a.opt.Read(ctx, office, func(s *queue.State, now time.Time) {
		if p, err = newPublic(a.scene(office, s, now)); err != nil {
			return
		}
		// In the office's goroutine, so that no change comes between.
		a.mu.Lock()
		a.public[office] = p
		a.mu.Unlock()
	})
	if failed != nil {
		return nil, failed
	}
	return p, err
}

// Forget drops the public view that was answered last, for a change that isn't told yet.
func (a *Audience) Forget(office string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.public, office)
}

func newPublic(scene *view.Scene) (*Public, error) {
	p := &Public{View: view.NewPublicPage(scene), Config: scene.State.Config}
	timeless := *p.View
	timeless.At = time.Time{}
	b, err := json.Marshal(timeless)
	if err != nil {
		return nil, err
	}
	sum := fnv.New64a()
	sum.Write(b)
	p.ETag = fmt.Sprintf(`W/"%d-%x"`, p.View.Seq, sum.Sum64())
	p.Body, err = json.Marshal(p.View)
	return p, err
}

package httpd

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/eliminacode/eliminacode/pkg/engine"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/view"
)

// fresh is for how long a public view may be answered again before its time is
// brought up to date. A change of the office ends it at once.
const fresh = time.Second

// shown keeps the public views that were answered last.
type shown struct {
	mu     sync.Mutex
	public map[string]*publicView
}

type publicView struct {
	view *view.PublicPage
	body []byte
	etag string
}

func newShown() *shown {
	return &shown{public: map[string]*publicView{}}
}

// Changed has the views made that somebody watches. The engine calls it after every change.
func (s *Server) Changed(c engine.Change) {
	office, st, now := c.Office, c.State, c.Now
	s.forget(office)
	watched := s.hub.Watched(office + "\n")
	if len(watched) == 0 {
		return
	}
	p := s.picture(office, st, now)
	topics := make([]topic, 0, len(watched))
	for _, name := range watched {
		topics = append(topics, parseTopic(name))
	}
	slices.SortFunc(topics, func(a, b topic) int { return a.rank() - b.rank() })
	for _, t := range topics {
		message, err := p.message(t)
		if err != nil {
			s.opt.Log.Error("view not written", "view", t.view, "err", err)
		}
		if message == nil { // a monitor that is no longer configured, say, isn't one whose last view still holds
			s.hub.Forget(t.String())
			continue
		}
		s.hub.Publish(t.String(), message)
	}
}

// Lost cuts off who looks at an office whose journal can't be read: no view that
// may be old is shown as if it were live. They come back by themselves.
func (s *Server) Lost(office string) {
	s.forget(office)
	s.hub.Forget(office + "\n")
}

// forget drops the public view that was answered last.
func (s *Server) forget(office string) {
	s.shown.mu.Lock()
	defer s.shown.mu.Unlock()
	delete(s.shown.public, office)
}

// Watched reports whether anybody is looking at the office.
func (s *Server) Watched(office string) bool {
	return len(s.hub.Watched(office+"\n")) > 0
}

// topic names a view of an office: of a display, a counter or a ticket if it has an id.
type topic struct{ office, view, id string }

// String ends every part, so that no topic's name begins another's.
func (t topic) String() string { return t.office + "\n" + t.view + "\n" + t.id + "\n" }

func parseTopic(name string) topic {
	office, rest, _ := strings.Cut(name, "\n")
	kind, id, _ := strings.Cut(rest, "\n")
	return topic{office, kind, strings.TrimSuffix(id, "\n")}
}

// rank says in what order the views are made: the few screens of the office before the phones of all who wait.
func (t topic) rank() int {
	return slices.Index([]string{"display", "counter", "totem", "public", "ticket"}, t.view)
}

// current is what a topic shows now, for somebody who begins to watch it.
func (s *Server) current(name string) (message []byte, err error) {
	t := parseTopic(name)
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	failed := s.opt.Engine.Read(ctx, t.office, func(st *queue.State, now time.Time) {
		message, err = s.picture(t.office, st, now).message(t)
	})
	if err = errors.Join(failed, err); err != nil {
		s.opt.Log.Warn("view not made", "office", t.office, "view", t.view, "err", err)
	} else if message == nil {
		err = errNoView
	}
	return message, err
}

// errNoView says that the office no longer has what a topic is about.
var errNoView = errors.New("no such view")

// picture is an office at one moment, of which several views are written.
type picture struct {
	scene    *view.Scene
	displays *view.DisplayWriter // nil until a monitor's view is written
}

func (s *Server) picture(office string, st *queue.State, now time.Time) *picture {
	return &picture{scene: &view.Scene{Office: office, State: st, Now: now, Base: s.opt.PublicURL + s.faces(office)}}
}

// message is a topic's view as it goes over the wire; nil if the office has no such view.
func (p *picture) message(t topic) ([]byte, error) {
	var v any
	switch t.view {
	case "public":
		v = view.NewPublicPage(p.scene)
	case "totem":
		v = view.NewTotemPage(p.scene)
	case "display":
		if d, ok := view.NewDisplayPage(p.scene, queue.DisplayID(t.id)); ok {
			return p.display(d)
		}
		return nil, nil
	case "counter":
		counter, ok := view.NewCounterPage(p.scene, queue.CounterID(t.id))
		if !ok {
			return nil, nil
		}
		v = counter
	case "ticket":
		v = view.NewTicketPage(p.scene, queue.TicketID(t.id))
	}
	public := view.NewPublicPage(p.scene)
	return json.Marshal(view.Message{Type: "view", Seq: public.Seq, At: public.At, View: v})
}

func (p *picture) display(d *view.DisplayPage) (b []byte, err error) {
	if p.displays == nil {
		if p.displays, err = view.NewDisplayWriter(p.scene); err != nil {
			return nil, err
		}
	}
	return p.displays.Message(d)
}

func (s *Server) state(c echo.Context) error {
	p, err := s.publicView(c)
	if err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set("Cache-Control", "public, max-age=1")
	h.Set("ETag", p.etag)
	h.Set("Access-Control-Allow-Origin", "*")
	for tag := range strings.SplitSeq(c.Request().Header.Get("If-None-Match"), ",") {
		if tag = strings.TrimSpace(tag); tag == p.etag || tag == "*" {
			return c.NoContent(http.StatusNotModified)
		}
	}
	return c.JSONBlob(http.StatusOK, p.body)
}

// publicView returns the public view of the request's office, at most a second old and never behind a change.
func (s *Server) publicView(c echo.Context) (*publicView, error) {
	office := s.office(c)
	s.shown.mu.Lock()
	p := s.shown.public[office]
	s.shown.mu.Unlock()
	if p != nil {
		if age := s.opt.Now().Sub(p.view.At); age >= 0 && age < fresh { // the clock may have been set back
			return p, nil
		}
	}
	var err error
	failed := s.read(c, func(st *queue.State, now time.Time) {
		if p, err = newPublicView(office, st, now); err != nil {
			return
		}
		// In the office's goroutine, so that no change comes between.
		s.shown.mu.Lock()
		s.shown.public[office] = p
		s.shown.mu.Unlock()
	})
	if failed != nil {
		return nil, failed
	}
	return p, err
}

// newPublicView writes the view. Its tag stands for all but its time.
func newPublicView(office string, st *queue.State, now time.Time) (*publicView, error) {
	p := &publicView{view: view.NewPublicPage(&view.Scene{Office: office, State: st, Now: now})}
	timeless := *p.view
	timeless.At = time.Time{}
	b, err := json.Marshal(timeless)
	if err != nil {
		return nil, err
	}
	sum := fnv.New64a()
	sum.Write(b)
	p.etag = fmt.Sprintf(`W/"%d-%x"`, p.view.Seq, sum.Sum64())
	p.body, err = json.Marshal(p.view)
	return p, err
}

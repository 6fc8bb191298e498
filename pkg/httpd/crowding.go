package httpd

import (
	"context"
	"encoding/json"
	"sync"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/eliminacode/eliminacode/displays"
	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/crowding"
	"github.com/eliminacode/eliminacode/pkg/journal/figures"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/view"
	"github.com/eliminacode/eliminacode/pkg/web"
	"github.com/eliminacode/eliminacode/pkg/words"
)

const (
	// crowdingFresh is for how long an answer about an office's crowding is given again: the office
	// itself is asked no more often, however many ask.
	crowdingFresh = 10 * time.Second
	// weekEvery is how far apart the looks at an office's past weeks are at least.
	weekEvery = 5 * time.Minute
	// learnAgain is how long no past weeks are looked at after they couldn't be read.
	learnAgain = time.Minute
)

// crowds are the offices whose crowding somebody wants to know.
type crowds struct {
	mu     sync.Mutex
	of     map[string]*crowd
	wanted chan string // offices whose past weeks are to be summed up
}

func newCrowds() *crowds { return &crowds{of: map[string]*crowd{}, wanted: make(chan string, 64)} }

// crowd is what is kept of an office.
type crowd struct {
	answering sync.Mutex
	answer    *crowdAnswer // the last one; nil: none yet

	summing sync.Mutex
	week    atomic.Pointer[pastWeeks] // nil: not summed up yet
}

// crowdAnswer is an answer about an office's crowding.
type crowdAnswer struct {
	*answer
	at   time.Time
	view *view.Crowding
}

// pastWeeks are how an office's weeks went, as they were summed up on a day, by a version of the
// configuration.
type pastWeeks struct {
	*crowding.Week
	kept    *view.Kept
	at      time.Time
	version int64
}

// hold reports whether the weeks needn't be summed up again.
func (w *pastWeeks) hold(cfg *queue.Config, now time.Time) bool {
	if w == nil {
		return false
	}
	age := now.Sub(w.at)
	return age >= 0 && age < weekEvery || calendar.DateOf(w.at) == calendar.DateOf(now) && w.version == cfg.Version
}

// known finds what is kept of an office that there is.
func (c *crowds) known(office string) *crowd {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.of[office] == nil {
		c.of[office] = new(crowd)
	}
	return c.of[office]
}

// level says how busy an office is, for its views: in the office's goroutine. What isn't known yet
// it has [Server.Learn] find out.
func (s *Server) level(office string, st *queue.State, now time.Time) *view.Level {
	now = officeTime(st, now)
	w := s.crowds.known(office).week.Load()
	if !w.hold(st.Config, now) {
		select {
		case s.crowds.wanted <- office:
		default: // there is enough to do already
		}
	}
	if w == nil {
		return nil
	}
	return w.Level(st.Config, waiting(st), now)
}

// officeTime is the time in an office's zone when a clock shows now: as for the queue it isn't
// before the last event, which another server's clock may have told.
func officeTime(st *queue.State, now time.Time) time.Time {
	if now.Before(st.At) {
		now = st.At
	}
	return now.In(st.Location())
}

// waiting is how many people wait in an office.
func waiting(st *queue.State) (n int) {
	for i := range st.Config.Channels {
		n += st.Waiting(st.Config.Channels[i].ID)
	}
	return n
}

// Learn looks at the past weeks of the offices whose views are to tell how busy they are, one after
// the other, until ctx ends.
func (s *Server) Learn(ctx context.Context) {
	for {
		var office string
		select {
		case <-ctx.Done():
			return
		case office = <-s.crowds.wanted:
		}
		var cfg *queue.Config
		var now time.Time
		err := s.readOf(ctx, office, func(st *queue.State, at time.Time) { cfg, now = st.Config, officeTime(st, at) })
		if err == nil && !s.crowds.known(office).week.Load().hold(cfg, now) {
			if _, err = s.weekOf(ctx, office, cfg, now); err == nil {
				s.audience.Expect(ctx, office)
			}
		}
		if err != nil && ctx.Err() == nil {
			s.opt.Log.Warn("past weeks not summed up", "office", office, "err", err)
			select {
			case <-ctx.Done():
			case <-time.After(learnAgain):
			}
		}
	}
}

// weekOf returns how the week usually goes in an office, at a moment in its zone. It reads the
// journal for that once a day, and after a change of the configuration.
func (s *Server) weekOf(ctx context.Context, office string, cfg *queue.Config, now time.Time) (*pastWeeks, error) {
	c := s.crowds.known(office)
	c.summing.Lock()
	defer c.summing.Unlock()
	if w := c.week.Load(); w.hold(cfg, now) {
		return w, nil
	}
	today := calendar.DateOf(now)
	past, err := s.opt.Journal.Hours(ctx, office, today.Plus(-crowding.Days), today.Plus(-1))
	if err != nil {
		return nil, err
	}
	w := &pastWeeks{Week: crowding.NewWeek(past, cfg, now.Location()), at: now, version: cfg.Version}
	if w.kept, err = s.keptOf(ctx, office, today.Plus(-keptDays), today.Plus(-1)); err != nil {
		return nil, err
	}
	c.week.Store(w)
	return w, nil
}

const (
	// keptDays is of how many past days it is said whether people waited as they were told.
	keptDays = 30
	// keptLeast is how many of them there must be for their share to mean anything.
	keptLeast = 50
)

// keptOf says whether people waited as they were told; nil: too few were.
func (s *Server) keptOf(ctx context.Context, office string, from, to calendar.Date) (*view.Kept, error) {
	rows, err := s.opt.Journal.Stats(ctx, office, from, to, figures.ByDay)
	if err != nil {
		return nil, err
	}
	k := view.Kept{From: from, To: to}
	for i := range rows {
		k.Told += rows[i].Told
		k.AsTold += rows[i].AsTold
	}
	if k.Told < keptLeast {
		return nil, nil
	}
	return &k, nil
}

// crowdingOf says how full an office is, as of some seconds ago at most.
func (s *Server) crowdingOf(ctx context.Context, office string) (*crowdAnswer, error) {
	s.crowds.mu.Lock()
	c := s.crowds.of[office]
	s.crowds.mu.Unlock()
	if c == nil { // nothing is kept of an office that there isn't
		if err := s.readOf(ctx, office, func(*queue.State, time.Time) {}); err != nil {
			return nil, err
		}
		c = s.crowds.known(office)
	}
	c.answering.Lock()
	defer c.answering.Unlock()
	asked := s.opt.Now()
	if c.answer != nil {
		if age := asked.Sub(c.answer.at); age >= 0 && age < crowdingFresh { // the clock may have been set back
			return c.answer, nil
		}
	}
	var cfg *queue.Config // a version of it never changes
	var now time.Time
	var visits []crowding.Visit
	var people int
	err := s.readOf(ctx, office, func(st *queue.State, at time.Time) {
		cfg, now, visits, people = st.Config, officeTime(st, at), crowding.Visits(st), waiting(st)
	})
	if err != nil {
		return nil, err
	}
	week, err := s.weekOf(ctx, office, cfg, now)
	if err != nil {
		return nil, err
	}
	v := &view.Crowding{
		Level: week.Level(cfg, people, now), Today: crowding.Today(visits, cfg, now), Typical: week.Typical(), Best: week.Best(cfg, now), Kept: week.kept,
	}
	body, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	c.answer = &crowdAnswer{newAnswer(echo.MIMEApplicationJSON, "", web.Pack(body)), asked, v}
	return c.answer, nil
}

// crowdingText says in a sentence how many wait and how long, in the reader's language of
// the API's two.
func (s *Server) crowdingText(c echo.Context) error {
	of := shown{office: s.office(c), lang: readers(c, words.Languages)}
	var err error
	if of.of, err = s.audience.Public(c.Request().Context(), of.office); err != nil {
		return err
	}
	a, err := s.answerOf(of, "sentence", echo.MIMETextPlainCharsetUTF8, func() (*web.Packed, error) {
		return web.Pack([]byte(displays.Switchboard(of.of.View)[of.lang] + "\n")), nil
	})
	if err != nil {
		return err
	}
	return giveAnySite(c, a, keepText)
}

func (s *Server) crowding(c echo.Context) error {
	a, err := s.crowdingOf(c.Request().Context(), s.office(c))
	if err != nil {
		return err
	}
	return giveAnySite(c, a.answer, keepCrowd)
}

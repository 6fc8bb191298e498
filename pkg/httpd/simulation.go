package httpd

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/simulate"
)

const (
	// toldEvery is how far apart a simulation says how far it is.
	toldEvery = 200 * time.Millisecond
	// lineWithin is how long a line of an answer that comes bit by bit may take to be sent.
	lineWithin = 30 * time.Second
	// leastShare is the smallest share of the people that a plan can be asked for.
	leastShare = 0.01
)

// simulationLine is a line of the answer: how far it is, or what came out.
type simulationLine struct {
	Progress *simulationProgress `json:"progress,omitempty"`
	Answer   *simulate.Answer    `json:"answer,omitempty"`
}

// simulationProgress is how many of the days have been played.
type simulationProgress struct {
	Done int `json:"done"`
	Of   int `json:"of"`
}

// simulation asks what would be with another staffing, of the office's visits. One is made at a
// time: it needs a whole processor.
func (s *Server) simulation(c echo.Context) error {
	q, err := s.question(c)
	if err != nil {
		return err
	}
	var office simulate.Office
	err = s.read(c, func(st *queue.State, now time.Time) { office = simulate.OfficeOf(s.office(c), st, officeTime(st, now)) })
	if err != nil {
		return err
	}
	if !s.simulating.TryLock() {
		return refuse(busy, reasonSimulating)
	}
	defer s.simulating.Unlock()
	ctx, cancel := context.WithCancel(c.Request().Context())
	defer cancel()
	defer context.AfterFunc(s.ending, cancel)()
	lines := newLines(c)
	q.Progress = func(done, of int) { lines.progress(simulationProgress{done, of}) }
	history, err := office.History(ctx, s.opt.Journal, q)
	if err != nil {
		return err
	}
	a, err := simulate.Ask(ctx, history, office.Config, q)
	switch {
	case errors.Is(err, simulate.ErrNobody):
		return refuse(queue.Conflict, reasonNobodyCalled)
	case errors.Is(err, simulate.ErrNoDays):
		return invalid("from", reasonNoDays)
	case errors.Is(err, simulate.ErrTooLong):
		return invalid("to", reasonYear)
	case err != nil && c.Response().Committed:
		if ctx.Err() == nil {
			s.logFailure(c, s.refusal(err), err)
		}
		panic(http.ErrAbortHandler) // what is there mustn't be taken for the whole
	case err != nil:
		return err
	}
	return lines.write(simulationLine{Answer: a})
}

// question reads what is asked. A day that isn't said, and no staffing, are as for
// [simulate.Question].
func (s *Server) question(c echo.Context) (q simulate.Question, err error) {
	body := struct {
		From     calendar.Date `json:"from"`
		To       calendar.Date `json:"to"`
		Counters *int          `json:"counters"`
		More     *int          `json:"more"`
		Target   *float64      `json:"target_s"`
		Share    *float64      `json:"share"`
		Seed     uint64        `json:"seed"`
	}{Seed: 1}
	if err := s.decode(c, &body); err != nil {
		return q, err
	}
	q = simulate.Question{From: body.From, To: body.To, Seed: body.Seed}
	const most = queue.MaxCounters
	switch {
	case q.From != "" && !q.From.Valid():
		return q, invalid("from", reasonNotADay, "name", "from")
	case q.To != "" && !q.To.Valid():
		return q, invalid("to", reasonNotADay, "name", "to")
	case q.From != "" && q.To != "" && q.To < q.From:
		return q, invalid("to", reasonYear)
	case body.Counters != nil && body.More != nil:
		return q, invalid("more", reasonMoreOrAll)
	case (body.Target == nil) != (body.Share == nil):
		return q, invalid("share", reasonTargetAndShare)
	}
	if n := body.Counters; n != nil {
		if q.Counters = *n; *n < 1 || *n > most {
			return q, invalid("counters", queue.ReasonNotInRange, "min", 1, "max", most)
		}
	}
	if n := body.More; n != nil {
		if q.More = *n; *n < -most || *n > most {
			return q, invalid("more", queue.ReasonNotInRange, "min", -most, "max", most)
		}
	}
	if body.Target != nil {
		const longest = float64(simulate.MaxTarget / time.Second)
		if *body.Target < 1 || *body.Target > longest {
			return q, invalid("target_s", queue.ReasonNotInRange, "min", 1, "max", int(longest))
		}
		if q.Share = *body.Share; q.Share < leastShare || q.Share > 1 {
			return q, invalid("share", queue.ReasonNotInRange, "min", leastShare, "max", 1)
		}
		q.Target = time.Duration(*body.Target * float64(time.Second))
	}
	return q, nil
}

// lines is an answer that comes bit by bit, a JSON object a line. It is refused, as any other,
// until the first one is written.
type lines struct {
	c       echo.Context
	control *http.ResponseController
	told    time.Time
}

func newLines(c echo.Context) *lines {
	l := &lines{c: c, control: http.NewResponseController(c.Response())}
	_ = l.control.SetReadDeadline(time.Time{}) // the request is read: what is to be noticed yet is that its sender leaves
	return l
}

// progress says how far something is, once in a while.
func (l *lines) progress(p simulationProgress) {
	if now := time.Now(); p.Done < p.Of && now.Sub(l.told) >= toldEvery { // of the machine's work
		l.told = now
		_ = l.write(simulationLine{Progress: &p}) // who is gone ends the request
	}
}

func (l *lines) write(v any) error {
	_ = l.control.SetWriteDeadline(time.Now().Add(lineWithin))
	h := l.c.Response().Header()
	h.Set(echo.HeaderContentType, "application/x-ndjson")
	h.Set("X-Accel-Buffering", "no") // of a proxy, which would hold the lines back
	if err := json.NewEncoder(l.c.Response()).Encode(v); err != nil {
		return err
	}
	return l.control.Flush()
}

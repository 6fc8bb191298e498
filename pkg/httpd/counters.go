package httpd

import (
	"context"
	"crypto/rand"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/eliminacode/eliminacode/pkg/engine"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/view"
)

// called is the answer to a call.
type called struct {
	Ticket *view.Ticket `json:"ticket"`
	Call   *view.Call   `json:"call"`
}

// counterCalls are the verbs of a counter, by the last part of their path.
func (s *Server) counterCalls() map[string]echo.HandlerFunc {
	return map[string]echo.HandlerFunc{
		"open":   s.open,
		"close":  s.onDesk(func(id queue.CounterID, _ input) queue.Action { return queue.Close{Counter: id} }),
		"pause":  s.onDesk(func(id queue.CounterID, in input) queue.Action { return queue.Pause{Counter: id, Reason: in.Reason} }),
		"resume": s.onDesk(func(id queue.CounterID, _ input) queue.Action { return queue.Resume{Counter: id} }),
		"alarm":  s.onDesk(func(id queue.CounterID, _ input) queue.Action { return queue.Alarm{Counter: id} }),
		"calm":   s.onDesk(func(id queue.CounterID, _ input) queue.Action { return queue.Calm{Counter: id} }),
		"next":   s.calling(func(id queue.CounterID, _ input) queue.Action { return queue.Next{Counter: id} }),
		"call": s.calling(func(id queue.CounterID, in input) queue.Action {
			return queue.CallTicket{Counter: id, Ticket: in.Ticket, Number: in.Number}
		}),
		"recall":    s.onTicket(func(id queue.CounterID, _ input) queue.Action { return queue.Recall{Counter: id} }),
		"start":     s.onTicket(func(id queue.CounterID, _ input) queue.Action { return queue.Start{Counter: id} }),
		"absent":    s.onTicket(func(id queue.CounterID, _ input) queue.Action { return queue.MarkAbsent{Counter: id} }),
		"requeue":   s.onTicket(func(id queue.CounterID, _ input) queue.Action { return queue.Requeue{Counter: id} }),
		"undo":      s.onTicket(func(id queue.CounterID, _ input) queue.Action { return queue.Undo{Counter: id} }),
		"done":      s.onTicket(func(id queue.CounterID, in input) queue.Action { return queue.Done{Counter: id, Outcomes: in.Outcomes} }),
		"reinstate": s.onTicket(func(_ queue.CounterID, in input) queue.Action { return queue.Reinstate{Ticket: in.Ticket} }),
		"hold": s.onTicket(func(id queue.CounterID, in input) queue.Action {
			return queue.Hold{Counter: id, Reason: in.Reason, For: in.For.Duration()}
		}),
		"transfer": s.onTicket(func(id queue.CounterID, in input) queue.Action {
			return queue.Transfer{Counter: id, Channel: in.Channel, ToCounter: in.Counter, Return: in.Return, Outcomes: in.Outcomes}
		}),
		"walkin": s.onTicket(func(id queue.CounterID, in input) queue.Action {
			return queue.WalkIn{Counter: id, Ticket: queue.TicketID(rand.Text()), Channel: in.Channel}
		}),
	}
}

// input is what a counter's calls may carry; each uses its own part.
type input struct {
	Ticket   queue.TicketID  `json:"ticket"`
	Number   string          `json:"number"`
	Channel  queue.ChannelID `json:"channel"`
	Counter  queue.CounterID `json:"counter"`
	Reason   string          `json:"reason"`
	For      queue.Seconds   `json:"for_s"`
	Return   bool            `json:"return"`
	Outcomes []queue.Outcome `json:"outcomes"`
}

type verb func(queue.CounterID, input) queue.Action

// act carries out a verb at the counter of the path.
func (s *Server) act(c echo.Context, make verb) (queue.Answer, error) {
	var in input
	if err := s.decode(c, &in); err != nil {
		return queue.Answer{}, err
	}
	return s.do(c, make(queue.CounterID(c.Param("counter")), in))
}

// onTicket answers with the ticket that the verb concerned.
func (s *Server) onTicket(make verb) echo.HandlerFunc {
	return func(c echo.Context) error {
		a, err := s.act(c, make)
		if err != nil {
			return err
		}
		return c.JSON(http.StatusOK, view.NewTicket(&a.Ticket, a.Ahead, s.facesOf(c)))
	}
}

// calling answers with the ticket and its call, or 204 when nobody is waiting.
func (s *Server) calling(make verb) echo.HandlerFunc {
	return func(c echo.Context) error {
		a, err := s.act(c, make)
		if err != nil {
			return err
		}
		if a.Kind != queue.TicketCalled {
			return c.NoContent(http.StatusNoContent)
		}
		out := called{Ticket: view.NewTicket(&a.Ticket, 0, s.facesOf(c))}
		err = s.read(c, func(st *queue.State, _ time.Time) {
			call := view.NewCall(st.Config, &a.Call)
			out.Call = &call
		})
		if err != nil {
			return err
		}
		return c.JSON(http.StatusOK, out)
	}
}

// onDesk answers with the counter.
func (s *Server) onDesk(make verb) echo.HandlerFunc {
	return func(c echo.Context) error {
		a, err := s.act(c, make)
		if err != nil {
			return err
		}
		return s.position(c, &a.Desk)
	}
}

func (s *Server) position(c echo.Context, d *queue.Desk) error {
	var p view.Position
	err := s.read(c, func(st *queue.State, _ time.Time) {
		p = view.NewPosition(st.Config, d, st.Tickets[d.Current])
	})
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, p)
}

func (s *Server) open(c echo.Context) error {
	var in struct {
		Takeover bool `json:"takeover"`
	}
	if err := s.decode(c, &in); err != nil {
		return err
	}
	a, err := s.do(c, queue.Open{Counter: queue.CounterID(c.Param("counter")), Operator: identity(c).Name, Takeover: in.Takeover})
	if err != nil {
		return err
	}
	return s.position(c, &a.Desk)
}

func (s *Server) counters(c echo.Context) error {
	var list []view.Position
	if err := s.read(c, func(st *queue.State, _ time.Time) { list = view.Positions(st) }); err != nil {
		return err
	}
	return c.JSON(http.StatusOK, list)
}

// read looks at the state of the request's office.
func (s *Server) read(c echo.Context, look func(*queue.State, time.Time)) error {
	return s.look(c.Request().Context(), s.office(c), look)
}

// look looks at the state of an office.
func (s *Server) look(ctx context.Context, office string, look func(*queue.State, time.Time)) error {
	if !s.possible(office) {
		return engine.ErrUnknownOffice
	}
	return s.opt.Engine.Read(ctx, office, look)
}

// possible says whether there can be an office of this name: no database is asked about others, since not every one could look for it.
func (s *Server) possible(office string) bool {
	return office == s.opt.Office || officeForm.MatchString(office)
}

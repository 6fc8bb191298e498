package httpd

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/eliminacode/eliminacode/pkg/auth"
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
		"open": s.inOneOffice(s.onDesk(func(id queue.CounterID, in input) queue.Action {
			return queue.Open{Counter: id, Operator: in.who.Name, TakeOver: in.TakeOver}
		})),
		"close": s.onDesk(func(id queue.CounterID, in input) queue.Action {
			return queue.Close{Counter: id, Forgotten: in.supervises}
		}),
		"pause":  s.onDesk(func(id queue.CounterID, in input) queue.Action { return queue.Pause{Counter: id, Reason: in.Reason} }),
		"resume": s.onDesk(func(id queue.CounterID, _ input) queue.Action { return queue.Resume{Counter: id} }),
		"alarm":  s.onDesk(func(id queue.CounterID, _ input) queue.Action { return queue.Alarm{Counter: id} }),
		"calm":   s.onDesk(func(id queue.CounterID, _ input) queue.Action { return queue.Calm{Counter: id} }),
		"next":   s.calling(func(id queue.CounterID, in input) queue.Action { return queue.Next{Counter: id, Outcomes: in.Outcomes} }),
		"call": s.calling(func(id queue.CounterID, in input) queue.Action {
			return queue.CallTicket{Counter: id, Ticket: in.Ticket, Number: in.Number}
		}),
		"recall":  s.onTicket(func(id queue.CounterID, _ input) queue.Action { return queue.Recall{Counter: id} }),
		"start":   s.onTicket(func(id queue.CounterID, _ input) queue.Action { return queue.Start{Counter: id} }),
		"absent":  s.onTicket(func(id queue.CounterID, _ input) queue.Action { return queue.MarkAbsent{Counter: id} }),
		"requeue": s.onTicket(func(id queue.CounterID, _ input) queue.Action { return queue.Requeue{Counter: id} }),
		"undo":    s.onTicket(func(id queue.CounterID, _ input) queue.Action { return queue.Undo{Counter: id} }),
		"done":    s.onTicket(func(id queue.CounterID, in input) queue.Action { return queue.Done{Counter: id, Outcomes: in.Outcomes} }),
		"reinstate": s.onTicket(func(id queue.CounterID, in input) queue.Action {
			return queue.Reinstate{Counter: id, Ticket: in.Ticket}
		}),
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
	Current  *queue.TicketID `json:"current"` // what the sender saw at the counter, with every verb
	TakeOver bool            `json:"take_over"`
	Ticket   queue.TicketID  `json:"ticket"`
	Number   string          `json:"number"`
	Channel  queue.ChannelID `json:"channel"`
	Counter  queue.CounterID `json:"counter"`
	Reason   string          `json:"reason"`
	For      queue.Seconds   `json:"for_s"`
	Return   bool            `json:"return"`
	Outcomes []queue.Outcome `json:"outcomes"`

	who        auth.Identity
	supervises bool // in the request's office
}

type verb func(queue.CounterID, input) queue.Action

// act carries out a verb at the counter of the path.
func (s *Server) act(c echo.Context, make verb) (queue.Answer, error) {
	var in input
	if err := s.decode(c, &in); err != nil {
		return queue.Answer{}, err
	}
	in.who = identity(c)
	in.supervises = in.who.MaySupervise(s.office(c))
	do := make(queue.CounterID(c.Param("counter")), in)
	a, err := s.send(c, queue.Command{Current: in.Current, Do: do})
	if _, leaves := do.(queue.Close); err == nil && !leaves {
		s.noteSeat(c, in.who)
	}
	return a, err
}

// onTicket answers with the ticket that the verb concerned.
func (s *Server) onTicket(make verb) echo.HandlerFunc {
	return func(c echo.Context) error {
		a, err := s.act(c, make)
		if err != nil {
			return err
		}
		return c.JSON(http.StatusOK, view.NewTicket(s.scene(c), &a.Ticket, a.Ahead))
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
		out := called{Ticket: view.NewTicket(s.scene(c), &a.Ticket, 0)}
		err = s.look(c, func(scene *view.Scene) {
			call := view.NewCall(scene, &a.Call)
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
		var v view.Desk
		err = s.look(c, func(scene *view.Scene) {
			d := &a.Desk
			if a.Kind == "" { // there was nothing to do
				d = scene.State.Counters[queue.CounterID(c.Param("counter"))]
			}
			v = view.NewDesk(scene, d)
		})
		if err != nil {
			return err
		}
		return c.JSON(http.StatusOK, v)
	}
}

func (s *Server) counters(c echo.Context) error {
	var list []view.Desk
	if err := s.look(c, func(scene *view.Scene) { list = view.NewDesks(scene) }); err != nil {
		return err
	}
	return c.JSON(http.StatusOK, list)
}

// scene is what the views of the request's office have in common, without its state.
func (s *Server) scene(c echo.Context) *view.Scene {
	scene := &view.Scene{Office: s.office(c), Base: s.facesOf(c), Voice: s.opt.Voice}
	if s.opt.Waits != nil {
		scene.Waits = s.opt.Waits(scene.Office)
	}
	return scene
}

// look has views made of the request's office.
func (s *Server) look(c echo.Context, look func(*view.Scene)) error {
	return s.read(c, func(st *queue.State, now time.Time) {
		scene := s.scene(c)
		scene.State, scene.Now = st, now
		look(scene)
	})
}

// read looks at the state of the request's office.
func (s *Server) read(c echo.Context, look func(*queue.State, time.Time)) error {
	return s.readOf(c.Request().Context(), s.office(c), look)
}

// readOf looks at the state of an office.
func (s *Server) readOf(ctx context.Context, office string, look func(*queue.State, time.Time)) error {
	if !s.possible(office) {
		return engine.ErrUnknownOffice
	}
	return s.opt.Engine.Read(ctx, office, look)
}

// eachOffice looks at the state of each of the offices, by its place among them. It goes on without
// those that can't be read, and answers which and why.
func (s *Server) eachOffice(ctx context.Context, offices []string, look func(i int, st *queue.State)) (err error) {
	for i, office := range offices {
		if failed := s.readOf(ctx, office, func(st *queue.State, _ time.Time) { look(i, st) }); failed != nil {
			err = errors.Join(err, fmt.Errorf("read office %s: %w", office, failed))
		}
	}
	return err
}

// possible says whether there can be an office of this name: no database is asked about others,
// since not every one could look for it.
func (s *Server) possible(office string) bool {
	return office == s.opt.Office || officeForm.MatchString(office)
}

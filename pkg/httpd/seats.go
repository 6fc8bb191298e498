package httpd

import (
	"context"
	"crypto/rand"
	"maps"
	"slices"

	"github.com/labstack/echo/v4"

	"github.com/eliminacode/eliminacode/pkg/auth"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// seat is a counter that a user is at.
type seat struct {
	office  string
	counter queue.CounterID
	busy    bool   // a citizen is there
	number  string // of the citizen's ticket; empty for a visit without one
}

// seats finds the counters that a user is at, in the offices named or in all.
func (s *Server) seats(ctx context.Context, name string, offices []string) (list []seat, err error) {
	if len(offices) == 0 {
		if offices, err = s.opt.Journal.Offices(ctx); err != nil {
			return nil, err
		}
	}
	err = s.eachOffice(ctx, offices, func(i int, st *queue.State) {
		for _, id := range slices.Sorted(maps.Keys(st.Counters)) {
			if d := st.Counters[id]; d.Status != queue.DeskClosed && d.Operator == name {
				at := seat{office: offices[i], counter: id, busy: d.Current != ""}
				if t := st.Tickets[d.Current]; t != nil {
					at.number = t.Number
				}
				list = append(list, at)
			}
		}
	})
	return list, err
}

// seatsOf finds the counters that a user leaves when a session ends.
func (s *Server) seatsOf(ctx context.Context, name, token string) ([]seat, error) {
	office, err := s.opt.Auth.SeatOf(ctx, token)
	if err != nil || office == "" {
		return nil, err
	}
	return s.seats(ctx, name, []string{office})
}

// noteSeat notes with which session its user is at a counter, which any verb shows that only who is
// at it may use. Without the note the counter stays open when they sign out: no reason to refuse
// what is done already.
func (s *Server) noteSeat(c echo.Context, who auth.Identity) {
	if who.Kind != auth.KindUser || who.Seat == s.office(c) {
		return
	}
	if err := s.opt.Auth.Sit(c.Request().Context(), bearing(c), s.office(c)); err != nil {
		s.opt.Log.Warn("seat not noted", "office", s.office(c), "counter", c.Param("counter"), "err", err)
	}
}

// inOneOffice opens a counter for a user who may be at one in another office, of which the rules of
// this one know nothing: it is closed, or refuses the move while a citizen is there.
func (s *Server) inOneOffice(open echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		who := identity(c)
		if who.Kind != auth.KindUser || len(who.Offices) == 1 {
			return open(c)
		}
		ctx := c.Request().Context()
		seats, err := s.seats(ctx, who.Name, who.Offices)
		if err != nil {
			return err
		}
		seats = slices.DeleteFunc(seats, func(at seat) bool { return at.office == s.office(c) })
		for _, at := range seats {
			switch {
			case !at.busy:
			case at.number == "":
				return queue.Refuse(queue.Conflict, queue.ReasonVisitElsewhere, "counter", at.counter)
			default:
				return queue.Refuse(queue.Conflict, queue.ReasonTicketElsewhere, "counter", at.counter, "number", at.number)
			}
		}
		if err := open(c); err != nil {
			return err
		}
		s.free(ctx, who.Actor(), seats)
		return nil
	}
}

// free closes counters in somebody's name. What can't be closed stays open, for a supervisor to
// close: that is no reason not to end a session.
func (s *Server) free(ctx context.Context, by string, seats []seat) {
	for _, at := range seats {
		_, err := s.opt.Engine.Do(ctx, at.office, queue.Command{ID: rand.Text(), By: by, Do: queue.Close{Counter: at.counter}})
		s.audience.Forget(at.office)
		if err != nil {
			s.opt.Log.Warn("counter not closed", "office", at.office, "counter", at.counter, "err", err)
		}
	}
}

// vacate closes the counters of a user who was shut out, but for those in offices where they may
// still act.
func (s *Server) vacate(ctx context.Context, name string, still func(office string) bool) {
	seats, err := s.seats(ctx, name, nil)
	if err != nil {
		s.opt.Log.Warn("counters not looked for", "err", err)
	}
	s.free(ctx, "system", slices.DeleteFunc(seats, func(at seat) bool { return still(at.office) }))
}

func nowhere(string) bool { return false }

package httpd

import (
	"context"
	"crypto/rand"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/eliminacode/eliminacode/pkg/queue"
)

// seat is a counter that a user is at.
type seat struct {
	office  string
	counter queue.CounterID
	busy    bool // a citizen is there
}

// seats finds the counters that a user is at, in the offices named or in all.
func (s *Server) seats(ctx context.Context, name string, offices []string) (list []seat, err error) {
	if len(offices) == 0 {
		if offices, err = s.opt.Journal.Offices(ctx); err != nil {
			return nil, err
		}
	}
	for _, office := range offices {
		failed := s.readOf(ctx, office, func(st *queue.State, _ time.Time) {
			for _, id := range slices.Sorted(maps.Keys(st.Counters)) {
				if d := st.Counters[id]; d.Status != queue.DeskClosed && d.Operator == name {
					list = append(list, seat{office: office, counter: id, busy: d.Current != ""})
				}
			}
		})
		err = errors.Join(err, failed)
	}
	return list, err
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

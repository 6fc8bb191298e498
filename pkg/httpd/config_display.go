package httpd

import (
	"cmp"
	"fmt"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/eliminacode/eliminacode/pkg/audience"
	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/estimate"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/view"
)

// configDisplay answers what a monitor would be sent, under the office's configuration or one that
// is still being written, which it checks: of the office as it is now, or of a busy morning. It
// changes nothing.
func (s *Server) configDisplay(c echo.Context) error {
	var in struct {
		Display queue.DisplayID `json:"display"`
		Config  *queue.Config   `json:"config"`
		Sample  bool            `json:"sample"`
	}
	if err := s.decode(c, &in); err != nil {
		return err
	}
	scene := s.scene(c)
	scene.Voice = nil // a preview makes no sound, and nothing is to be said of each letter of a draft
	err := s.read(c, func(st *queue.State, now time.Time) { scene.State, scene.Now = st.Clone(), now })
	if err != nil {
		return err
	}
	draft := queue.Configure{Config: cmp.Or(in.Config, scene.State.Config), Version: scene.State.Config.Version}
	if in.Sample {
		draft.Version = 0
		err = s.playBusyMorning(c, scene, draft)
	} else {
		_, err = s.tryConfig(c, scene.State, draft, scene.Now)
	}
	if err != nil {
		return err
	}
	if err := audience.Missing(scene.State, audience.Topic{Office: scene.Office, Kind: "display", ID: string(in.Display)}); err != nil {
		return err
	}
	page, _ := view.NewDisplayPage(scene, in.Display)
	return c.JSON(http.StatusOK, page)
}

const (
	// busyAfter is how long after an opening the sample is: less where that is a short one.
	busyAfter = 100 * time.Minute
	// busyFor is for how long the sample's people have come.
	busyFor = 20 * time.Minute
	// busyDays is how far ahead an opening is looked for.
	busyDays = 60
)

// busyMoment is well within the next opening of the office, today's first if it opens today; now
// where none is near, or the configuration has no time zone.
func busyMoment(cfg *queue.Config, now time.Time) time.Time {
	loc, err := cfg.Location()
	if err != nil {
		return now
	}
	day := calendar.DateOf(now.In(loc))
	for range busyDays {
		if hours := cfg.HoursOn(day); len(hours) > 0 {
			from, to := day.In(loc, hours[0].From), day.In(loc, hours[0].To)
			return from.Add(min(busyAfter, to.Sub(from)/2))
		}
		day = day.Next()
	}
	return now
}

// playBusyMorning makes the scene one of an office of its own, in which people came to every
// channel that gives tickets, and most counters called: the last one more than a minute ago, so
// that nothing flashes. What the configuration refuses them doesn't happen.
func (s *Server) playBusyMorning(c echo.Context, scene *view.Scene, draft queue.Configure) error {
	st, cfg := new(queue.State), draft.Config
	scene.State, scene.Now = st, busyMoment(cfg, scene.Now)
	at := scene.Now.Add(-busyFor)
	if _, err := s.tryConfig(c, st, draft, at); err != nil {
		return err
	}
	do := func(who string, action queue.Action) {
		at = at.Add(time.Second)
		_, _, _ = st.Execute(queue.Command{By: "user/" + who, Do: action}, at)
	}
	arrive := func(rounds ...int) {
		for _, round := range rounds {
			for i := range cfg.Channels {
				id := cfg.Channels[i].ID
				do("", queue.Issue{Ticket: queue.TicketID(fmt.Sprintf("%s-%d", id, round)), Channel: id})
			}
		}
	}
	arrive(0, 1)
	for i := range cfg.Counters {
		id := cfg.Counters[i].ID
		who := "counter " + string(id)
		do(who, queue.Open{Counter: id, Operator: who})
		do(who, queue.Next{Counter: id})
		switch {
		case i == 0: // whom it called first didn't come
			do(who, queue.MarkAbsent{Counter: id})
			do(who, queue.Next{Counter: id})
		case i%4 == 2 && i < len(cfg.Counters)-1:
			do(who, queue.Done{Counter: id})
		}
	}
	arrive(2, 3, 4)
	scene.Waits.Now = map[queue.ChannelID]map[queue.Class]estimate.Wait{}
	for i := range cfg.Channels {
		id := cfg.Channels[i].ID
		each := time.Duration(len(st.Line(id, scene.Now))) * time.Minute
		scene.Waits.Now[id] = map[queue.Class]estimate.Wait{queue.Standard: {Low: 3 * each, Likely: 4 * each, High: 5 * each}}
	}
	return nil
}

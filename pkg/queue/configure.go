package queue

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/eliminacode/eliminacode/pkg/calendar"
)

// Configure replaces the office's configuration.
type Configure struct {
	Config *Config
	// Version is the one that the change was made from; 0 for an office's first.
	Version int64
	// Move says where those go who wait for a channel that the new configuration
	// lacks, or are to return to it.
	Move map[ChannelID]ChannelID
}

func (a Configure) decide(s *State, d *decision) error {
	if a.Config == nil {
		return Refuse(Invalid, ReasonConfigMissing).At("config")
	}
	if faults := a.Config.Validate(); len(faults) > 0 {
		r := Refuse(Invalid, ReasonConfigFaulty, "fault", faults[0])
		r.Faults = faults
		return r
	}
	var version int64
	if s.Config != nil {
		version = s.Config.Version
	}
	if a.Version != version {
		return Refuse(Conflict, ReasonConfigChanged, "version", version)
	}
	if err := a.keepsTickets(s); err != nil {
		return err
	}
	next := *a.Config
	next.Version = version + 1
	since, err := a.figuresSince(s, d)
	if err != nil {
		return err
	}
	next.OperatorFigures.Since = since
	d.emit(Event{Kind: ConfigChanged, Config: &next, Move: a.Move})
	if s.Config == nil {
		if loc, err := next.Location(); err == nil {
			d.now = d.now.In(loc)
		}
		d.emit(Event{Kind: DayStarted, Day: calendar.DateOf(d.now)})
	}
	return nil
}

// figuresSince returns when the figures by operator were switched on. Only a
// person may do that, whose name is then in the journal.
func (a Configure) figuresSince(s *State, d *decision) (time.Time, error) {
	switch {
	case !a.Config.OperatorFigures.Enabled:
		return time.Time{}, nil
	case s.Config != nil && s.Config.OperatorFigures.Enabled:
		return s.Config.OperatorFigures.Since, nil
	case d.cmd.By != "dev" && !strings.HasPrefix(d.cmd.By, "user/"):
		return time.Time{}, Refuse(Invalid, ReasonFiguresByName).At("operator_figures.enabled")
	}
	return d.now, nil
}

// keepsTickets refuses a change that would lose somebody: who waits for a
// removed channel must be told where to go, and no counter vanishes under a citizen.
func (a Configure) keepsTickets(s *State) error {
	for _, from := range slices.Sorted(maps.Keys(a.Move)) {
		if to := a.Move[from]; a.Config.Channel(to) == nil {
			return unknownChannel(to)
		}
	}
	lost := map[ChannelID]int{}
	for _, t := range s.live() {
		for _, id := range []ChannelID{t.Channel, t.Back} {
			if _, moved := a.Move[id]; id != "" && !moved && a.Config.Channel(id) == nil {
				lost[id]++
			}
		}
		if (t.State == Called || t.State == Serving) && a.Config.Counter(t.Counter) == nil {
			return Refuse(Conflict, ReasonCounterInUse, "counter", t.Counter)
		}
	}
	if len(lost) == 0 {
		return nil
	}
	names := make([]string, 0, len(lost))
	for _, id := range slices.Sorted(maps.Keys(lost)) {
		names = append(names, fmt.Sprintf("%s (%d)", id, lost[id]))
	}
	return Refuse(Conflict, ReasonChannelsInUse, "channels", strings.Join(names, ", ")).At("move")
}

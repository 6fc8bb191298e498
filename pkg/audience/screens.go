package audience

import (
	"cmp"
	"slices"
	"time"
)

// Screen is a display's page as it said last that it is.
type Screen struct {
	Display string // its id
	Device  string // on which it is; empty: an open page
	Since   time.Time
	HeardAt time.Time
	Present bool // it was heard lately
	Owner   bool // of its room's sound
	Status
}

// Screens are the pages of an office's displays that have said how they are: owners first, then the
// newest.
func (a *Audience) Screens(office string) []Screen {
	a.here.mu.Lock()
	defer a.here.mu.Unlock()
	var list []Screen
	now := a.opt.Now()
	for _, s := range a.here.screens {
		if s.topic.Office == office {
			list = append(list, Screen{s.topic.ID, s.device, s.since, s.heardAt, s.present(now), s.owner, s.status})
		}
	}
	slices.SortFunc(list, func(a, b Screen) int {
		switch {
		case a.Owner && !b.Owner:
			return -1
		case b.Owner && !a.Owner:
			return 1
		}
		return cmp.Or(b.Since.Compare(a.Since), cmp.Compare(a.Display, b.Display), cmp.Compare(a.Device, b.Device))
	})
	return list
}

// Tell sends a message of a kind to the pages of a display that are on a device, or to its open
// ones. It answers whether any is there that was heard lately.
func (a *Audience) Tell(office, display, device, kind string, message []byte) (told bool) {
	a.here.mu.Lock()
	defer a.here.mu.Unlock()
	for l, s := range a.here.screens {
		if s.topic.Office == office && s.topic.ID == display && s.device == device && s.present(a.opt.Now()) {
			told = l.Send(kind, message) || told
		}
	}
	return told
}

// Strange is how many messages of displays were none that a display says.
func (a *Audience) Strange() int {
	a.here.mu.Lock()
	defer a.here.mu.Unlock()
	return a.here.strange
}

package audience

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"sync"
	"time"

	"github.com/eliminacode/eliminacode/pkg/queue"
)

// present is for how long a display is there after it was heard. It speaks every three seconds.
const present = 6 * time.Second

// Status is what a display says of itself.
type Status struct {
	Type     string    `json:"type"`      // "status"
	Sound    string    `json:"sound"`     // "on", "blocked" by the browser, "off", "muted", or "quiet" for now
	Screen   string    `json:"screen"`    // "1920x1080"
	Version  string    `json:"version"`   // of its page
	Shown    string    `json:"shown"`     // the number that it called last; empty: none yet
	Spoken   string    `json:"spoken"`    // the number that it spoke last; empty: none yet
	SpokenAt time.Time `json:"spoken_at"` // zero: never
	Legible  string    `json:"legible"`   // "ok", or what its letters are too small for: "number" or the "rest"
}

var (
	statusScreen = regexp.MustCompile(`^([1-9][0-9]{1,4}x[1-9][0-9]{1,4})?$`)
	statusNumber = regexp.MustCompile(`^([A-Z][0-9]{3,6})?$`)
	statusPlain  = regexp.MustCompile(`^[!-~]{0,64}$`)
)

// parseStatus takes only what a display says; ok is false for anything else.
func parseStatus(message []byte) (s Status, ok bool) {
	d := json.NewDecoder(bytes.NewReader(message))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil || d.More() {
		return Status{}, false
	}
	return s, s.Type == "status" &&
		slices.Contains([]string{"on", "blocked", "off", "muted", "quiet"}, s.Sound) &&
		slices.Contains([]string{"", "ok", "number", "rest"}, s.Legible) &&
		statusScreen.MatchString(s.Screen) && statusPlain.MatchString(s.Version) &&
		statusNumber.MatchString(s.Shown) && statusNumber.MatchString(s.Spoken)
}

// Line is the way to one display, as [live.Line] is.
type Line interface {
	Send(kind string, message []byte) bool
}

// screen is a display's page that has said something.
type screen struct {
	topic   Topic
	device  string // empty: an open page
	network string // from which an open page came
	since   time.Time
	status  Status
	heardAt time.Time
	owner   bool // of its room's sound
	told    bool // whether it is
	at      int  // its display's place in the configuration, as it was looked for last; negative: none
}

func (s *screen) present(now time.Time) bool { return now.Sub(s.heardAt).Abs() <= present }

// presence is the displays that have said something, in memory alone.
type presence struct {
	mu       sync.Mutex
	screens  map[Line]*screen
	displays map[string][]place // of each office, as its last change had them
	strange  int                // messages that were no status
	shared   agreement
}

// place is where a display stands, for the sound of its room.
type place struct {
	id    queue.DisplayID
	room  string
	sound bool
}

func (p place) is(d queue.Display) bool { return p == place{d.ID, d.Room, d.Sound} }

// Heard takes what a display's page says of itself, and has it and the others of its office told
// whose their rooms' sound is. What isn't a status is ignored and counted. network is where a page
// that is on no device comes from: one from elsewhere isn't in its room.
func (a *Audience) Heard(t Topic, device, network string, from Line, message []byte) {
	status, ok := parseStatus(message)
	a.here.mu.Lock()
	defer a.here.mu.Unlock()
	if !ok {
		a.here.strange++
		return
	}
	now := a.opt.Now()
	s := a.here.screens[from]
	if s == nil {
		s = &screen{topic: t, device: device, network: network, since: now}
		a.here.screens[from] = s
	}
	s.status, s.heardAt = status, now
	a.here.arbitrate(t.Office, now)
}

// Gone is for a display's page that has left: another has its room's sound at once.
func (a *Audience) Gone(l Line) {
	a.here.mu.Lock()
	defer a.here.mu.Unlock()
	s := a.here.screens[l]
	delete(a.here.screens, l)
	if s != nil && s.owner {
		a.here.arbitrate(s.topic.Office, a.opt.Now())
		a.here.shared.hurry() // another server's, perhaps
	}
}

// configured takes what an office's displays are, which may be others now.
func (a *Audience) configured(office string, displays []queue.Display) {
	a.here.mu.Lock()
	defer a.here.mu.Unlock()
	if slices.EqualFunc(a.here.displays[office], displays, place.is) {
		return
	}
	places := make([]place, 0, len(displays))
	for i := range displays {
		places = append(places, place{displays[i].ID, displays[i].Room, displays[i].Sound})
	}
	a.here.displays[office] = places
	a.here.arbitrate(office, a.opt.Now())
}

// sharer is whose sound one page at a time has: a room's paired devices', else that of its open
// pages from one network.
type sharer struct {
	Office, Room string
	Paired       bool
	Network      string // of open pages
}

// sharer is whose sound a page shares that is in a room.
func (s *screen) sharer(room string) sharer {
	of := sharer{Office: s.topic.Office, Room: room, Paired: s.device != ""}
	if !of.Paired {
		of.Network = s.network
	}
	return of
}

// best finds whose each room's sound is, as far as this server knows: a paired device's before an
// open page's; among these who has it keeps it while it is there and able; else who comes first in
// the configuration has it. Anybody anywhere can open an open page: it takes the sound from none of
// another network. Its caller holds the mutex.
func (p *presence) best(office string, now time.Time) map[sharer]*screen {
	best := map[sharer]*screen{}
	before := func(s, other *screen) bool {
		if s.owner != other.owner {
			return s.owner
		}
		return s.at < other.at
	}
	places := p.displays[office]
	for _, s := range p.screens {
		if s.topic.Office != office {
			continue
		}
		s.at = slices.IndexFunc(places, func(at place) bool { return string(at.id) == s.topic.ID })
		// Hours of quiet pass: until then the room is quiet, and nobody else takes over.
		able := s.status.Sound == "on" || s.status.Sound == "quiet"
		if s.at < 0 || !places[s.at].sound || !able || !s.present(now) {
			continue
		}
		if of := s.sharer(places[s.at].room); best[of] == nil || before(s, best[of]) {
			best[of] = s
		}
	}
	for of := range best {
		if !of.Paired && best[of.devices()] != nil {
			delete(best, of)
		}
	}
	return best
}

// arbitrate tells the displays of an office whose each room's sound is, once the servers that share
// the database agree. Every display that is there makes it happen every three seconds, also once
// the owner has died silently. Its caller holds the mutex.
func (p *presence) arbitrate(office string, now time.Time) {
	best := p.best(office, now)
	owned, pending := map[*screen]bool{}, map[*screen]bool{}
	for of, s := range best {
		owned[s], pending[s] = p.shared.agreed(of)
	}
	tell := func(owners bool) {
		for l, s := range p.screens {
			owner := owned[s]
			if s.topic.Office != office || owner != owners || s.told && s.owner == owner || !s.told && pending[s] {
				continue
			}
			s.owner = owner
			s.told = l.Send("sound", map[bool][]byte{true: []byte(`{"type":"sound","owner":true}`), false: []byte(`{"type":"sound","owner":false}`)}[owner])
		}
	}
	tell(false) // who loses it hears first
	tell(true)
}

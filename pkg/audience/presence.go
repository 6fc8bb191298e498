package audience

import (
	"bytes"
	"context"
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
	since   time.Time
	status  Status
	heardAt time.Time
	owner   bool // of its room's sound
	told    bool // whether it is
}

func (s *screen) present(now time.Time) bool { return now.Sub(s.heardAt).Abs() <= present }

// presence is the displays that have said something, in memory alone.
type presence struct {
	mu      sync.Mutex
	screens map[Line]*screen
	strange int // messages that were no status
}

// Heard takes what a display's page says of itself, and has it and the others of its office told
// whose their rooms' sound is. What isn't a status is ignored and counted.
func (a *Audience) Heard(t Topic, device string, from Line, message []byte) {
	status, ok := parseStatus(message)
	a.here.mu.Lock()
	switch {
	case !ok:
		a.here.strange++
	case a.here.screens[from] == nil:
		a.here.screens[from] = &screen{topic: t, device: device, since: a.opt.Now()}
		fallthrough
	default:
		a.here.screens[from].status, a.here.screens[from].heardAt = status, a.opt.Now()
	}
	a.here.mu.Unlock()
	if ok {
		a.arbitrate(t.Office)
	}
}

// Gone is for a display's page that has left: another has its room's sound at once.
func (a *Audience) Gone(l Line) {
	a.here.mu.Lock()
	s := a.here.screens[l]
	delete(a.here.screens, l)
	a.here.mu.Unlock()
	if s != nil && s.owner {
		a.arbitrate(s.topic.Office)
	}
}

// arbitrate finds whose each room's sound is: a paired device's before an open page's; among these
// who has it keeps it while it is there and able; else who comes first in the configuration has it.
// Every display that is there makes it happen every three seconds, also once the owner has died
// silently.
func (a *Audience) arbitrate(office string) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	var displays []queue.Display
	if err := a.opt.Read(ctx, office, func(s *queue.State, _ time.Time) { displays = slices.Clone(s.Config.Displays) }); err != nil {
		return // they go on as they are
	}
	a.settle(office, displays)
}

// settle is arbitrate by what the office's displays are.
func (a *Audience) settle(office string, displays []queue.Display) {
	a.here.mu.Lock()
	defer a.here.mu.Unlock()
	now, best := a.opt.Now(), map[string]*screen{}
	placeOf := func(s *screen) int {
		return slices.IndexFunc(displays, func(d queue.Display) bool { return string(d.ID) == s.topic.ID })
	}
	before := func(s, other *screen) bool {
		switch {
		case (s.device != "") != (other.device != ""):
			return s.device != "" // a page that somebody looks at elsewhere must not silence the room's own
		case s.owner != other.owner:
			return s.owner
		}
		return placeOf(s) < placeOf(other)
	}
	for _, s := range a.here.screens {
		place := placeOf(s)
		// Hours of quiet pass: until then the room is quiet, and nobody else takes over.
		able := s.status.Sound == "on" || s.status.Sound == "quiet"
		if s.topic.Office != office || place < 0 || !displays[place].Sound || !able || !s.present(now) {
			continue
		}
		if room := displays[place].Room; best[room] == nil || before(s, best[room]) {
			best[room] = s
		}
	}
	tell := func(owners bool) {
		for l, s := range a.here.screens {
			place := placeOf(s)
			owner := place >= 0 && best[displays[place].Room] == s
			if s.topic.Office != office || owner != owners || s.told && s.owner == owner {
				continue
			}
			s.owner = owner
			s.told = l.Send("sound", map[bool][]byte{true: []byte(`{"type":"sound","owner":true}`), false: []byte(`{"type":"sound","owner":false}`)}[owner])
		}
	}
	tell(false) // who loses it hears first
	tell(true)
}

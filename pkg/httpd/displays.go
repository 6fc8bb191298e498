package httpd

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/eliminacode/eliminacode/pkg/audience"
	"github.com/eliminacode/eliminacode/pkg/auth"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// display is how a display says that it is: of several windows the one that has its room's sound,
// else the newest.
type display struct {
	Windows  int        `json:"windows"`
	Sound    string     `json:"sound"`     // "on", "blocked" by the browser, "off", "muted", or "quiet" for now
	Owner    bool       `json:"owner"`     // its room's sound comes from here
	Shown    string     `json:"shown"`     // the number that it called last; empty: none yet
	Spoken   string     `json:"spoken"`    // the number that it spoke last; empty: none yet
	SpokenAt *time.Time `json:"spoken_at"` // null: never
	Legible  string     `json:"legible"`   // "ok", or what its letters are too small for: "number", the "rest"; empty: it doesn't say
	Outdated bool       `json:"outdated"`  // its page isn't this server's
	HeardAt  time.Time  `json:"heard_at"`
}

// open begins the name of a display's pages that are on no paired device, among devices.
const open = "display."

// withDisplays adds to an office's devices what their pages say, and a device for each display that
// is open, or is on none. Totems come first, then the displays as the configuration has them.
func (s *Server) withDisplays(office string, displays []queue.Display, devices []device) []device {
	onNone := func(display string) device {
		return device{ID: open + display, Kind: auth.Display, Office: office, Target: display, Names: queue.Text{}, Refused: []refused{}}
	}
	for _, p := range s.audience.Screens(office) {
		id := cmp.Or(p.Device, open+p.Display)
		i := slices.IndexFunc(devices, func(d device) bool { return d.Kind == auth.Display && d.Target == p.Display && d.ID == id })
		if i < 0 && p.Device != "" {
			continue // revoked just now
		}
		if i < 0 {
			i = len(devices)
			devices = append(devices, onNone(p.Display))
		}
		s.addScreen(&devices[i], &p)
	}
	place := map[string]int{} // of the displays; no other has one
	for i, d := range displays {
		id := string(d.ID)
		place[id] = i - len(displays)
		if !slices.ContainsFunc(devices, func(d device) bool { return d.Kind == auth.Display && d.Target == id }) {
			devices = append(devices, onNone(id))
		}
	}
	for i := range devices {
		if d := &devices[i]; d.Kind == auth.Display && place[d.Target] < 0 {
			d.Names = displays[place[d.Target]+len(displays)].Name
		}
	}
	slices.SortStableFunc(devices, func(a, b device) int {
		if a.Kind != b.Kind {
			return cmp.Compare(b.Kind, a.Kind)
		}
		return cmp.Or(cmp.Compare(place[a.Target], place[b.Target]), cmp.Compare(a.Target, b.Target))
	})
	return devices
}

// addScreen adds what a page of a device says. The first one speaks for all.
func (s *Server) addScreen(d *device, p *audience.Screen) {
	if d.Display == nil {
		d.Display = &display{
			Sound: p.Sound, Owner: p.Owner, Shown: p.Shown, Spoken: p.Spoken, Legible: p.Legible,
			Outdated: p.Version != "" && p.Version != s.pages.assets.Sum(), HeardAt: p.HeardAt.UTC(),
		}
		if !p.SpokenAt.IsZero() {
			d.Display.SpokenAt = &p.SpokenAt
		}
		d.Screen, d.Version, d.Online = p.Screen, p.Version, false
	}
	d.Display.Windows++
	d.Online = d.Online || p.Present
	if at := p.HeardAt.UTC(); d.ID == open+d.Target && (d.SeenAt == nil || at.After(*d.SeenAt)) {
		d.SeenAt = &at
	}
}

// identifyDisplay has a display show which one it is.
func (s *Server) identifyDisplay(c echo.Context) error {
	return s.tell(c, "identify", func(d *queue.Display, number int) any {
		return struct {
			Type   string `json:"type"`
			Name   string `json:"name"`
			Number int    `json:"number"` // of the office's displays
		}{"identify", d.Name.In("it"), number}
	})
}

// reloadDisplay has a display's page loaded anew.
func (s *Server) reloadDisplay(c echo.Context) error {
	return s.tell(c, "reload", func(*queue.Display, int) any { return map[string]string{"type": "reload"} })
}

// muteDisplay has a display be silent, or no longer.
func (s *Server) muteDisplay(c echo.Context) error {
	var in struct {
		On *bool `json:"on"`
	}
	if err := s.decode(c, &in); err != nil {
		return err
	}
	if in.On == nil {
		return invalid("on", reasonWrongType, "field", "on", "type", "null")
	}
	return s.tell(c, "mute", func(*queue.Display, int) any { return map[string]any{"type": "mute", "on": *in.On} })
}

// tell sends a message of a kind to the pages of the display that a request names as a device. They
// must be connected to this server.
func (s *Server) tell(c echo.Context, kind string, say func(d *queue.Display, number int) any) error {
	on := auth.Device{ID: c.Param("device"), Kind: auth.Display}
	if target, ok := strings.CutPrefix(on.ID, open); ok {
		on.Target, on.ID = target, ""
	} else {
		devices, err := s.opt.Auth.Devices(c.Request().Context())
		if err != nil {
			return err
		}
		i := slices.IndexFunc(devices, func(d auth.Device) bool { return d.ID == on.ID && d.Office == s.office(c) })
		if i < 0 {
			return refuse(queue.NotFound, reasonUnknownUser)
		}
		on = devices[i]
	}
	if on.Kind != auth.Display {
		return refuse(queue.Conflict, reasonNotADisplay)
	}
	var said any
	if err := s.read(c, func(st *queue.State, _ time.Time) {
		displays := st.Config.Displays
		i := slices.IndexFunc(displays, func(d queue.Display) bool { return string(d.ID) == on.Target })
		if i >= 0 {
			said = say(&displays[i], i+1)
		}
	}); err != nil {
		return err
	}
	if said == nil {
		return refuse(queue.NotFound, reasonDisplayNotConfigured)
	}
	message, err := json.Marshal(said)
	if err != nil {
		return err
	}
	switch {
	case s.audience.Tell(s.office(c), on.Target, on.ID, kind, message):
		return c.NoContent(http.StatusNoContent)
	case s.opt.Shared && on.ID != "" && s.opt.Now().Sub(on.SeenAt).Abs() < onlineFor && !s.audience.Hub.Watching()[on.ID]:
		return refuse(queue.Conflict, reasonDisplayElsewhere)
	}
	return refuse(queue.Conflict, reasonDisplayAway)
}

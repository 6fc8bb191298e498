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

// withScreens adds to an office's devices what their pages say, and a device for each open display
// that is watched.
func (s *Server) withScreens(office string, devices []device) []device {
	paired := len(devices)
	for _, p := range s.audience.Screens(office) {
		i := slices.IndexFunc(devices, func(d device) bool {
			return d.Kind == auth.Display && d.Target == p.Display && (d.ID == p.Device || p.Device == "" && d.ID == open+p.Display)
		})
		if i < 0 && p.Device != "" {
			continue // revoked just now
		}
		if i < 0 {
			i = len(devices)
			devices = append(devices, device{ID: open + p.Display, Kind: auth.Display, Office: office, Target: p.Display, CreatedAt: p.Since, Refused: []refused{}})
		}
		s.addScreen(&devices[i], &p)
	}
	slices.SortFunc(devices[paired:], func(a, b device) int { return cmp.Compare(a.ID, b.ID) })
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

package httpd

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/eliminacode/eliminacode/pkg/audience"
	"github.com/eliminacode/eliminacode/pkg/auth"
	"github.com/eliminacode/eliminacode/pkg/engine"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/words"
)

// onlineFor is how long a device that watches at another server counts as online after it was seen.
// While it watches, that is written down about every minute.
const onlineFor = 2 * time.Minute

// device is a paired device, or a display that is on none, as the API shows it.
type device struct {
	ID        string          `json:"id"`
	Kind      auth.DeviceKind `json:"kind"`
	Office    string          `json:"office"`
	Target    string          `json:"target"`
	Names     queue.Text      `json:"names"`      // of its display in the configuration; empty: it has none
	CreatedAt *time.Time      `json:"created_at"` // when it was paired; null: it isn't
	Online    bool            `json:"online"`
	SeenAt    *time.Time      `json:"seen_at"`
	Printer   *printer        `json:"printer"` // null: it has said nothing of one
	Unsent    int             `json:"unsent"`  // tickets that it gave by itself and hasn't handed over
	Refused   []refused       `json:"refused"` // of late: their holders wait for nothing
	Screen    string          `json:"screen"`  // "1080x1920"; empty: not known
	Version   string          `json:"version"` // of its program; empty: not known
	Display   *display        `json:"display"` // null: no page of it is there that says how it is
}

// printer is how a totem's printer is.
type printer struct {
	State  string    `json:"state"`
	Reason string    `json:"reason,omitempty"`
	Since  time.Time `json:"since"`
}

// refused is a ticket that a totem gave by itself and the office didn't take.
type refused struct {
	Number   string    `json:"number"`
	IssuedAt time.Time `json:"issued_at"`
	Reason   string    `json:"reason"`
	Message  string    `json:"message"` // why, in words
}

// paired is a new device with its token, which is told only here: for programs. Browsers are paired
// by a code.
type paired struct {
	Device device `json:"device"`
	Token  string `json:"token"`
}

func newDevice(d auth.Device, lang string) device {
	v := device{ID: d.ID, Kind: d.Kind, Office: d.Office, Target: d.Target, Names: queue.Text{}, CreatedAt: &d.CreatedAt, Refused: []refused{}}
	if !d.SeenAt.IsZero() {
		v.SeenAt = &d.SeenAt
	}
	if st := d.Status; st.Printer != "" {
		v.Printer = &printer{st.Printer, st.Reason, st.Since}
	}
	for _, r := range d.Status.Refused {
		v.Refused = append(v.Refused, refused{r.Number, r.IssuedAt, r.Reason, whyRefused(r, lang)})
	}
	v.Unsent, v.Screen, v.Version = d.Status.Unsent, d.Status.Screen, d.Status.Version
	return v
}

// whyRefused says why an office didn't take a ticket. Some reasons say it with more than the
// ticket's number, which the totem doesn't tell, and a newer server may have had others.
func whyRefused(r auth.Refused, lang string) string {
	why := words.Reason(queue.Reason(r.Reason), queue.Args{"number": r.Number}).In(lang)
	if why == r.Reason || strings.Contains(why, "{") {
		return words.Reason(reasonRefused, nil).In(lang)
	}
	return why
}

// deviceID names a device; it is empty for anybody else.
func deviceID(who auth.Identity) string {
	if who.Kind != auth.KindDevice {
		return ""
	}
	return who.Name
}

// watcher names a viewer that is a device, or stands in for one; it is empty for anybody else.
func watcher(who auth.Identity, t audience.Topic) string {
	if who.Kind == auth.KindDev && t.Kind == "totem" {
		return standIn(t.Office, t.ID)
	}
	return deviceID(who)
}

// standIn names a totem that has the development token and so isn't paired.
func standIn(office, totem string) string { return "dev/" + office + "/" + totem }

// noteStandIn keeps what such a totem says of itself, until the server ends.
func (s *Server) noteStandIn(office, totem string, said auth.Status) {
	now := s.opt.Now().UTC()
	d := auth.Device{ID: standIn(office, totem), Kind: auth.Totem, Office: office, Target: totem, CreatedAt: now, SeenAt: now, Status: said}
	d.Status.Since = now
	if before, ok := s.standIns.Load(d.ID); ok {
		before := before.(auth.Device)
		d.CreatedAt = before.CreatedAt
		if before.Status.Printer == said.Printer && before.Status.Reason == said.Reason {
			d.Status.Since = before.Status.Since
		}
	}
	s.standIns.Store(d.ID, d)
}

// listDevices lists those of the request's office, and its displays that are on none. One that
// watches is online, and seen now.
func (s *Server) listDevices(c echo.Context) error {
	devices, err := s.opt.Auth.Devices(c.Request().Context())
	if err != nil {
		return err
	}
	s.standIns.Range(func(_, d any) bool {
		devices = append(devices, d.(auth.Device))
		return true
	})
	now, watching := s.opt.Now().UTC(), s.audience.Hub.Watching()
	list := []device{}
	for _, d := range devices {
		if d.Office != s.office(c) {
			continue
		}
		if watching[d.ID] {
			d.SeenAt = now
		}
		v := newDevice(d, languageOf(c.Request()))
		v.Online = watching[d.ID] || s.opt.Shared && now.Sub(d.SeenAt).Abs() < onlineFor
		list = append(list, v)
	}
	var displays []queue.Display
	if err := s.read(c, func(st *queue.State, _ time.Time) { displays = slices.Clone(st.Config.Displays) }); err != nil {
		return err
	}
	return c.JSON(http.StatusOK, s.withDisplays(s.office(c), displays, list))
}

func (s *Server) pairDevice(c echo.Context) error {
	var in believed
	if err := s.decode(c, &in); err != nil {
		return err
	}
	to := s.place(in)
	if err := s.targetExists(c.Request().Context(), to.Kind, to.Office, to.Target); err != nil {
		return err
	}
	d, token, err := s.opt.Auth.CreateDevice(c.Request().Context(), to.Kind, to.Office, to.Target)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusCreated, paired{Device: newDevice(d, languageOf(c.Request())), Token: token})
}

// targetExists refuses a device of an unknown office, or of a display that the office doesn't have:
// its page would fail. An office's configuration names no totems.
func (s *Server) targetExists(ctx context.Context, kind auth.DeviceKind, office, target string) error {
	known := true
	err := s.readOf(ctx, office, func(st *queue.State, _ time.Time) {
		known = kind != auth.Display || st.Config.Display(queue.DisplayID(target)) != nil
	})
	switch {
	case errors.Is(err, engine.ErrUnknownOffice):
		return refuse(unknownOffice, reasonUnknownOffice).At("office")
	case err != nil:
		return err
	case !known:
		return invalid("target", reasonDisplayNotConfigured)
	}
	return nil
}

func (s *Server) revokeDevice(c echo.Context) error {
	if err := s.opt.Auth.RevokeDevice(c.Request().Context(), c.Param("device")); err != nil {
		return err
	}
	s.Recheck()
	return c.NoContent(http.StatusNoContent)
}

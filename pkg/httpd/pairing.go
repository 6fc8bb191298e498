package httpd

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/eliminacode/eliminacode/pkg/auth"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/totem/qr"
)

// pairing is a device that waits to be paired, as the API shows it.
type pairing struct {
	ID        string          `json:"id"`
	Kind      auth.DeviceKind `json:"kind"`
	Office    string          `json:"office"`
	Target    string          `json:"target"`
	Invited   bool            `json:"invited"`
	ExpiresAt time.Time       `json:"expires_at"`
}

func newPairing(p auth.Pairing) pairing {
	return pairing{ID: p.ID, Kind: p.Kind, Office: p.Office, Target: p.Target, Invited: p.Invited, ExpiresAt: p.ExpiresAt}
}

// believed is what a request says that a device is for.
type believed struct {
	Kind   auth.DeviceKind `json:"kind"`
	Office string          `json:"office"`
	Target string          `json:"target"`
}

// place is that of the default office, where none is named.
func (s *Server) place(in believed) auth.Place {
	if in.Office == "" {
		in.Office = s.opt.Office
	}
	return auth.Place{Kind: in.Kind, Office: in.Office, Target: in.Target}
}

// asked is the answer to a device that wants to be paired: what it shows, and what it will be known
// by.
type asked struct {
	pairing
	Code       string `json:"code"`
	Secret     string `json:"secret,omitempty"` // the device's token once the code is confirmed; a page has it as a cookie
	ConfirmURL string `json:"confirm_url"`
	QR         string `json:"qr"` // of that address, an image as a data URL
}

// askPairing is for a device that nobody knows yet.
func (s *Server) askPairing(c echo.Context) error {
	var in struct {
		believed
		Cookie bool `json:"cookie"`
	}
	if err := s.decode(c, &in); err != nil {
		return err
	}
	p, code, token, err := s.opt.Auth.AskPairing(c.Request().Context(), s.place(in.believed), c.RealIP())
	if err != nil {
		return err
	}
	a := asked{pairing: newPairing(p), Code: code, ConfirmURL: s.base(c) + "/admin#pair=" + code}
	drawn, err := qr.Encode(a.ConfirmURL)
	if err != nil {
		return err
	}
	a.QR = "data:image/svg+xml;base64," + base64.StdEncoding.EncodeToString(drawn.SVG())
	if in.Cookie {
		s.setCookie(c, deviceCookie, token, cookieLife)
	} else {
		a.Secret = token
	}
	return c.JSON(http.StatusCreated, a)
}

// pairingState says how far a pairing is, to the device that asked for it.
type pairingState struct {
	State  string          `json:"state"` // waiting or paired
	Kind   auth.DeviceKind `json:"kind"`
	Office string          `json:"office"`
	Target string          `json:"target"`
	Page   string          `json:"page,omitempty"` // the device's, once it is paired
}

func (s *Server) pairingOf(c echo.Context) error {
	token := deviceToken(c.Request())
	who, err := s.opt.Auth.Identify(c.Request().Context(), token)
	if err == nil && who.Kind == auth.KindDevice {
		page := s.pageOf(auth.Device{Kind: who.DeviceKind, Office: who.Office, Target: who.Target})
		return c.JSON(http.StatusOK, pairingState{"paired", who.DeviceKind, who.Office, who.Target, page})
	}
	p, err := s.opt.Auth.PairingOf(c.Request().Context(), c.Param("pairing"), token)
	if err != nil {
		return noSuchCode(err)
	}
	return c.JSON(http.StatusOK, pairingState{State: "waiting", Kind: p.Kind, Office: p.Office, Target: p.Target})
}

// deviceToken is what the request shows as a device's token; it may be nobody's yet.
func deviceToken(r *http.Request) string {
	if token, ok := bearer(r); ok {
		return token
	}
	cookie, err := r.Cookie(deviceCookie)
	if err != nil {
		return ""
	}
	return cookie.Value
}

// pageOf is the path of a device's page.
func (s *Server) pageOf(d auth.Device) string {
	if d.Kind == auth.Display {
		return s.faces(d.Office) + "/display/" + url.PathEscape(d.Target)
	}
	return s.faces(d.Office) + "/totem"
}

func (s *Server) listPairings(c echo.Context) error {
	waiting, err := s.opt.Auth.Pairings(c.Request().Context())
	if err != nil {
		return err
	}
	list := make([]pairing, 0, len(waiting))
	for _, p := range waiting {
		list = append(list, newPairing(p))
	}
	return c.JSON(http.StatusOK, list)
}

// dismissPairing ends a code before its time: the device that shows it learns so when it asks.
func (s *Server) dismissPairing(c echo.Context) error {
	if err := s.opt.Auth.DismissPairing(c.Request().Context(), c.Param("pairing")); err != nil {
		return noSuchCode(err)
	}
	return c.NoContent(http.StatusNoContent)
}

// confirmPairing pairs the device that shows a code.
func (s *Server) confirmPairing(c echo.Context) error {
	var in struct {
		believed
		Code string `json:"code"`
	}
	if err := s.decode(c, &in); err != nil {
		return err
	}
	to := s.place(in.believed)
	if err := s.targetExists(c.Request().Context(), to.Kind, to.Office, to.Target); err != nil {
		return err
	}
	d, err := s.opt.Auth.ConfirmPairing(c.Request().Context(), in.Code, to)
	if err != nil {
		return noSuchCode(err)
	}
	return c.JSON(http.StatusCreated, newDevice(d, languageOf(c.Request())))
}

// invitation is a code that makes who opens it a device. Its link has it behind the #, which
// browsers send nowhere.
type invitation struct {
	pairing
	Code    string `json:"code"`
	PairURL string `json:"pair_url"`
}

func (s *Server) inviteDevice(c echo.Context) error {
	var in believed
	if err := s.decode(c, &in); err != nil {
		return err
	}
	to := s.place(in)
	if err := s.targetExists(c.Request().Context(), to.Kind, to.Office, to.Target); err != nil {
		return err
	}
	p, code, err := s.opt.Auth.InviteDevice(c.Request().Context(), to)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusCreated, invitation{newPairing(p), code, s.base(c) + "/pair#" + code})
}

// redeemed is the answer to somebody who used an invitation.
type redeemed struct {
	Device device `json:"device"`
	Token  string `json:"token,omitempty"` // a page has it as a cookie
	Page   string `json:"page"`
}

// redeemPairing makes who has an invitation's code the device that was invited.
func (s *Server) redeemPairing(c echo.Context) error {
	var in struct {
		Code   string `json:"code"`
		Cookie bool   `json:"cookie"`
	}
	if err := s.decode(c, &in); err != nil {
		return err
	}
	d, token, err := s.opt.Auth.RedeemPairing(c.Request().Context(), in.Code)
	if err != nil {
		return noSuchCode(err)
	}
	a := redeemed{Device: newDevice(d, languageOf(c.Request())), Page: s.pageOf(d)}
	if in.Cookie {
		s.setCookie(c, deviceCookie, token, cookieLife)
	} else {
		a.Token = token
	}
	return c.JSON(http.StatusCreated, a)
}

// noSuchCode says what a person can do about a code that isn't there.
func noSuchCode(err error) error {
	if auth.CodeOf(err) == auth.Unknown {
		return refuse(queue.NotFound, reasonPairingCode).At("code")
	}
	return err
}

// renew has a browser keep its device's token for another year. Pages do it as they are opened, and
// commands, since a totem's page stays open for years.
func (s *Server) renew(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		cookie, err := r.Cookie(deviceCookie)
		if err == nil && identity(c).Kind == auth.KindDevice && bearing(c) == cookie.Value && (r.Method != http.MethodGet || isPage(c)) {
			s.setCookie(c, deviceCookie, cookie.Value, cookieLife)
		}
		return next(c)
	}
}

// isPage reports whether the request is for a device's page.
func isPage(c echo.Context) bool {
	switch callOf(c.Request().Method, c.Path()) {
	case "GET /totem", "GET /display", "GET /display/:display":
		return true
	}
	return false
}

// pairPage shows a code, and takes one.
func (s *Server) pairPage(c echo.Context) error {
	return s.pages.serve(c, "displays/pair/index.html")
}

// anyDisplayPage is for a monitor whose address doesn't say which one it is: its pairing does, also
// where somebody has signed in on it.
func (s *Server) anyDisplayPage(c echo.Context) error {
	who, err := s.opt.Auth.Identify(c.Request().Context(), deviceToken(c.Request()))
	if auth.CodeOf(err) == auth.Unauthenticated || err == nil && who.Kind != auth.KindDevice {
		return s.pairPage(c)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, s.pageOf(auth.Device{Kind: who.DeviceKind, Office: who.Office, Target: who.Target}))
}

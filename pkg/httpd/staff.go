package httpd

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/eliminacode/eliminacode/pkg/auth"
	"github.com/eliminacode/eliminacode/pkg/engine"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// user is a member of staff as the API shows it.
type user struct {
	Name     string    `json:"name"`
	FullName string    `json:"full_name,omitempty"`
	Role     auth.Role `json:"role"`
	Offices  []string  `json:"offices"` // none means all
	Disabled bool      `json:"disabled"`
}

type userAnswer struct {
	User user `json:"user"`
}

func newUser(u auth.User) user {
	return user{Name: u.Name, FullName: u.FullName, Role: u.Role, Offices: append([]string{}, u.Offices...), Disabled: u.Disabled}
}

// signedIn is who sends a request, as the API shows it.
func signedIn(who auth.Identity) user {
	return newUser(auth.User{Name: who.Name, FullName: who.FullName, Role: who.Role, Offices: who.Offices})
}

func (s *Server) login(c echo.Context) error {
	var in struct {
		Name     string `json:"name"`
		Password string `json:"password"`
	}
	if err := s.decode(c, &in); err != nil {
		return err
	}
	session, err := s.opt.Auth.Login(c.Request().Context(), in.Name, in.Password, c.RealIP())
	if auth.CodeOf(err) == auth.Unauthenticated {
		return refuse(unauthenticated, "Nome o password errati.", "Wrong name or password.")
	} else if err != nil {
		return err
	}
	s.setCookie(c, sessionCookie, session.Token, 0) // until the browser is closed, or the session runs out
	return c.JSON(http.StatusOK, userAnswer{signedIn(session.Identity)})
}

func (s *Server) logout(c echo.Context) error {
	if cookie, err := c.Request().Cookie(sessionCookie); err == nil {
		if err := s.opt.Auth.Logout(c.Request().Context(), cookie.Value); err != nil {
			return err
		}
	}
	s.Recheck()
	s.setCookie(c, sessionCookie, "", -1)
	return c.NoContent(http.StatusNoContent)
}

func (s *Server) me(c echo.Context) error {
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.JSON(http.StatusOK, userAnswer{signedIn(identity(c))})
}

func (s *Server) changePassword(c echo.Context) error {
	var in struct {
		Old string `json:"old"`
		New string `json:"new"`
	}
	if err := s.decode(c, &in); err != nil {
		return err
	}
	if err := s.opt.Auth.ChangePassword(c.Request().Context(), identity(c).Name, in.Old, in.New, c.RealIP()); err != nil {
		return err
	}
	s.Recheck()
	s.setCookie(c, sessionCookie, "", -1) // every session has ended, this one too
	return c.NoContent(http.StatusNoContent)
}

func (s *Server) listUsers(c echo.Context) error {
	users, err := s.opt.Auth.Users(c.Request().Context())
	if err != nil {
		return err
	}
	list := make([]user, 0, len(users))
	for _, u := range users {
		list = append(list, newUser(u))
	}
	return c.JSON(http.StatusOK, list)
}

func (s *Server) addUser(c echo.Context) error {
	var in struct {
		Name     string    `json:"name"`
		FullName string    `json:"full_name"`
		Role     auth.Role `json:"role"`
		Offices  []string  `json:"offices"`
		Password string    `json:"password"`
	}
	if err := s.decode(c, &in); err != nil {
		return err
	}
	if err := s.officesExist(c.Request().Context(), in.Offices); err != nil {
		return err
	}
	u, err := s.opt.Auth.AddUser(c.Request().Context(), auth.User{Name: in.Name, FullName: in.FullName, Role: in.Role, Offices: in.Offices}, in.Password)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusCreated, newUser(u))
}

func (s *Server) changeUser(c echo.Context) error {
	var in struct {
		Role     *auth.Role `json:"role"`
		Offices  *[]string  `json:"offices"`
		Password *string    `json:"password"`
		Disabled *bool      `json:"disabled"`
	}
	if err := s.decode(c, &in); err != nil {
		return err
	}
	change := auth.Change{Role: in.Role, Offices: in.Offices, Password: in.Password, Disabled: in.Disabled}
	if change == (auth.Change{}) {
		return invalid("", "Indicare che cosa cambia: role, offices, password o disabled.", "Say what changes: role, offices, password or disabled.")
	}
	if in.Offices != nil {
		if err := s.officesExist(c.Request().Context(), *in.Offices); err != nil {
			return err
		}
	}
	if err := s.opt.Auth.ChangeUser(c.Request().Context(), c.Param("name"), change); err != nil {
		return err
	}
	s.Recheck()
	return c.NoContent(http.StatusNoContent)
}

// officesExist refuses offices that there aren't.
func (s *Server) officesExist(ctx context.Context, offices []string) error {
	for _, office := range offices {
		err := s.look(ctx, office, func(*queue.State, time.Time) {})
		if errors.Is(err, engine.ErrUnknownOffice) {
			return invalid("offices", "Una di queste sedi non esiste.", "There is no such office.")
		} else if err != nil {
			return err
		}
	}
	return nil
}

// device is a paired device as the API shows it.
type device struct {
	ID        string          `json:"id"`
	Kind      auth.DeviceKind `json:"kind"`
	Office    string          `json:"office"`
	Target    string          `json:"target"`
	CreatedAt time.Time       `json:"created_at"`
	SeenAt    *time.Time      `json:"seen_at"`
}

// paired is a new device with what is shown only once.
type paired struct {
	Device  device `json:"device"`
	Token   string `json:"token"`
	PairURL string `json:"pair_url"` // opened on the device, it signs it in
}

func newDevice(d auth.Device) device {
	v := device{ID: d.ID, Kind: d.Kind, Office: d.Office, Target: d.Target, CreatedAt: d.CreatedAt}
	if !d.SeenAt.IsZero() {
		v.SeenAt = &d.SeenAt
	}
	return v
}

func (s *Server) listDevices(c echo.Context) error {
	devices, err := s.opt.Auth.Devices(c.Request().Context())
	if err != nil {
		return err
	}
	list := make([]device, 0, len(devices))
	for _, d := range devices {
		list = append(list, newDevice(d))
	}
	return c.JSON(http.StatusOK, list)
}

func (s *Server) pairDevice(c echo.Context) error {
	var in struct {
		Kind   auth.DeviceKind `json:"kind"`
		Office string          `json:"office"`
		Target string          `json:"target"`
	}
	if err := s.decode(c, &in); err != nil {
		return err
	}
	if in.Office == "" {
		in.Office = s.opt.Office
	}
	if err := s.targetExists(c.Request().Context(), in.Kind, in.Office, in.Target); err != nil {
		return err
	}
	d, token, err := s.opt.Auth.CreateDevice(c.Request().Context(), in.Kind, in.Office, in.Target)
	if err != nil {
		return err
	}
	page := "/totem"
	if in.Kind == auth.Display {
		page = "/display/" + url.PathEscape(in.Target)
	}
	return c.JSON(http.StatusCreated, paired{Device: newDevice(d), Token: token, PairURL: s.base(c) + s.faces(in.Office) + page + "?pair=" + token})
}

// targetExists refuses a device of an unknown office, or of a display that the office doesn't have: its page would fail.
// An office's configuration names no totems.
func (s *Server) targetExists(ctx context.Context, kind auth.DeviceKind, office, target string) error {
	known := true
	err := s.look(ctx, office, func(st *queue.State, _ time.Time) {
		known = kind != auth.Display || st.Config.Display(queue.DisplayID(target)) != nil
	})
	switch {
	case errors.Is(err, engine.ErrUnknownOffice):
		return &queue.Refusal{Code: unknownOffice, Field: "office", Text: queue.Text{"it": "Questa sede non esiste.", "en": "There is no such office."}}
	case err != nil:
		return err
	case !known:
		return invalid("target",
			"La sede non ha un monitor con questo nome: controllare la configurazione.",
			"The office has no display of this name: look at its configuration.")
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

// authRefusal says in words what package auth refused.
func authRefusal(a *auth.Error) *queue.Refusal {
	switch a.Code {
	case auth.RateLimited:
		secs := int(a.RetryAfter.Seconds())
		return refuse(queue.RateLimited,
			"Troppi tentativi: riprovare tra "+seconds(secs, "secondo", "secondi")+".",
			"Too many attempts: try again in "+seconds(secs, "second", "seconds")+".")
	case auth.Forbidden:
		return refuse(forbidden, "Il tuo ruolo non permette questa operazione: rivolgersi a un amministratore.", "Your role doesn't allow this: ask an administrator.")
	case auth.Unknown:
		return refuse(notFound, "Utente o dispositivo inesistente.", "There is no such user or device.")
	case auth.Invalid:
		text, known := invalidTexts[a.Reason]
		if words, ok := wordTexts[a.Field]; ok && a.Reason == auth.Malformed {
			text, known = words, true
		}
		if !known {
			text = queue.Text{"it": "Il valore non va bene.", "en": "The value won't do."}
		}
		return &queue.Refusal{Code: queue.Invalid, Field: a.Field, Text: text}
	}
	return refuse(unauthenticated, "Accesso scaduto o non valido: entrare di nuovo.", "Sign-in expired or not valid: sign in again.")
}

// wordTexts say what a field takes that isn't a name.
var wordTexts = map[string]queue.Text{
	"role":      {"it": "Il ruolo è operator, supervisor o admin.", "en": "The role is operator, supervisor or admin."},
	"kind":      {"it": "Il tipo di dispositivo è totem o display.", "en": "The kind of device is totem or display."},
	"target":    {"it": "Manca o è troppo lungo: indicare quale totem o monitor, al massimo 64 caratteri.", "en": "Missing or too long: name the totem or display, in 64 characters at most."},
	"offices":   {"it": "Il nome di una sede non va bene: indicare l'elenco delle sedi in cui lavora, vuoto per tutte.", "en": "An office's name won't do: list the offices where the user works, none for all."},
	"full_name": {"it": "Il nome per esteso contiene caratteri che non si possono scrivere: toglierli.", "en": "The full name has characters that can't be written: remove them."},
}

var invalidTexts = map[string]queue.Text{
	auth.TooShort:   {"it": "Troppo corto: una password ha almeno 12 caratteri.", "en": "Too short: a password has at least 12 characters."},
	auth.TooLong:    {"it": "Troppo lungo: accorciarlo (una password ha al massimo 256 byte, un nome 100 caratteri, le sedi sono al massimo 100).", "en": "Too long: shorten it (a password has at most 256 bytes, a name 100 characters, offices are 100 at most)."},
	auth.Malformed:  {"it": "Manca o è scritto male: usare lettere minuscole, cifre, punti e trattini.", "en": "Missing or malformed: use lower-case letters, digits, dots and hyphens."},
	auth.SameAsName: {"it": "La password non può essere il nome dell'utente.", "en": "The password can't be the user's name."},
	auth.Taken:      {"it": "Questo nome c'è già: sceglierne un altro.", "en": "This name is taken: choose another one."},
	auth.LastAdmin:  {"it": "È l'ultimo amministratore di tutte le sedi: nominarne prima un altro.", "en": "This is the last administrator of all offices: appoint another one first."},
	auth.Wrong:      {"it": "La password attuale non è giusta.", "en": "The present password is wrong."},
}

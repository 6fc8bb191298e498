package httpd

import (
	"context"
	"errors"
	"net/http"
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

type meAnswer struct {
	User    user             `json:"user"`
	Counter *queue.CounterID `json:"counter"`
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
	session, err := s.opt.Auth.Login(c.Request().Context(), in.Name, in.Password, from(c))
	if auth.CodeOf(err) == auth.Unauthenticated {
		return refuse(unauthenticated, reasonWrongPassword)
	} else if err != nil {
		return err
	}
	s.setCookie(c, browserCookie, session.Browser, cookieLife)
	s.setCookie(c, sessionCookie, session.Token, 0) // until the browser is closed, or the session runs out
	return c.JSON(http.StatusOK, userAnswer{signedIn(session.Identity)})
}

// from is where a sign-in comes from.
func from(c echo.Context) auth.From {
	f := auth.From{Address: c.RealIP()}
	if cookie, err := c.Request().Cookie(browserCookie); err == nil {
		f.Browser = cookie.Value
	}
	return f
}

// logout ends the session and closes the counter that the user was last at with it, or is still at
// without another session. Where a citizen is still there it does nothing, unless it is told to
// finish: then the visit ends with it.
func (s *Server) logout(c echo.Context) error {
	var in struct {
		Finish bool `json:"finish"`
	}
	if err := s.decode(c, &in); err != nil {
		return err
	}
	ctx, who := c.Request().Context(), identity(c)
	if who.Kind == auth.KindUser {
		seats, err := s.seatsOf(ctx, who.Name, bearing(c))
		if err != nil {
			s.opt.Log.Warn("counters not looked for", "err", err)
		}
		for _, at := range seats {
			if at.busy && !in.Finish {
				return refuse(queue.Conflict, reasonCitizenThere, "counter", at.counter)
			}
		}
		s.free(ctx, who.Actor(), seats)
		if err := s.opt.Auth.Logout(ctx, bearing(c)); err != nil {
			return err
		}
		s.Recheck()
	}
	s.setCookie(c, sessionCookie, "", -1)
	return c.NoContent(http.StatusNoContent)
}

// me tells who is signed in, and at which counter of the request's office they are.
func (s *Server) me(c echo.Context) error {
	who := identity(c)
	answer := meAnswer{User: signedIn(who)}
	seats, err := s.seats(c.Request().Context(), who.Name, []string{s.office(c)})
	if err != nil {
		return err
	}
	if len(seats) > 0 {
		answer.Counter = &seats[0].counter
	}
	return c.JSON(http.StatusOK, answer)
}

func (s *Server) changePassword(c echo.Context) error {
	var in struct {
		Old string `json:"old"`
		New string `json:"new"`
	}
	if err := s.decode(c, &in); err != nil {
		return err
	}
	if err := s.opt.Auth.ChangePassword(c.Request().Context(), identity(c).Name, in.Old, in.New, from(c)); err != nil {
		return err
	}
	s.Recheck()
	s.vacate(c.Request().Context(), identity(c).Name, nowhere)
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
		return invalid("", reasonNothingChanges)
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
	ctx, name := c.Request().Context(), auth.NormalName(c.Param("name"))
	switch {
	case in.Password != nil, in.Disabled != nil && *in.Disabled:
		s.vacate(ctx, name, nowhere)
	case in.Offices != nil:
		s.vacate(ctx, name, auth.Identity{Kind: auth.KindUser, Role: auth.Operator, Offices: *in.Offices}.MayOperate)
	}
	return c.NoContent(http.StatusNoContent)
}

// officesExist refuses offices that there aren't.
func (s *Server) officesExist(ctx context.Context, offices []string) error {
	for _, office := range offices {
		err := s.readOf(ctx, office, func(*queue.State, time.Time) {})
		if errors.Is(err, engine.ErrUnknownOffice) {
			return invalid("offices", reasonNoSuchOffice)
		} else if err != nil {
			return err
		}
	}
	return nil
}

// authRefusal brings what package auth refused to the form that clients get.
func authRefusal(a *auth.Error) *queue.Refusal {
	switch a.Code {
	case auth.RateLimited:
		return refuse(queue.RateLimited, reasonTooManyAttempts, "n", int(a.RetryAfter.Seconds()))
	case auth.Busy:
		return refuse(unavailable, reasonManySignIns)
	case auth.Forbidden:
		return refuse(queue.Forbidden, reasonRole)
	case auth.Unknown:
		return refuse(queue.NotFound, reasonUnknownUser)
	case auth.Invalid:
		why := queue.Reason(a.Reason)
		if of, ok := malformed[a.Field]; ok && a.Reason == auth.Malformed {
			why = of
		}
		return invalid(a.Field, why)
	}
	return refuse(unauthenticated, reasonSignInAgain)
}

// malformed are the reasons for fields that don't hold a name.
var malformed = map[string]queue.Reason{
	"role":      reasonUnknownRole,
	"kind":      reasonUnknownKind,
	"target":    reasonTargetMissing,
	"offices":   reasonOfficesForm,
	"full_name": reasonUnprintable,
}

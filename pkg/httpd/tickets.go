package httpd

import (
	"cmp"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"net/http"
	"net/url"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/eliminacode/eliminacode/pkg/auth"
	"github.com/eliminacode/eliminacode/pkg/engine"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/view"
)

// keyMax is the longest Idempotency-Key, in bytes.
const keyMax = 200

// do has the engine carry out an action in the name of the sender.
func (s *Server) do(c echo.Context, action queue.Action) (queue.Answer, error) {
	return s.send(c, queue.Command{Do: action})
}

// send has the engine carry out a command in the name of the sender. The
// command's id comes from the Idempotency-Key, bound to the sender and the office, so
// that nobody gets the answer to another's command, by whatever address it was sent;
// whether it is the same command is the queue's to say. Of the public, whoever
// has a ticket is a sender.
func (s *Server) send(c echo.Context, command queue.Command) (queue.Answer, error) {
	office, by := s.office(c), identity(c).Actor()
	if !s.possible(office) {
		return queue.Answer{}, engine.ErrUnknownOffice
	}
	command.ID, command.By = rand.Text(), by
	if key := c.Request().Header.Get("Idempotency-Key"); len(key) > keyMax {
		return queue.Answer{}, invalid("Idempotency-Key", reasonKeyTooLong)
	} else if key != "" {
		sender := by
		if identity(c).Kind == "" {
			sender += "/" + c.Param("ticket")
		}
		sum := sha256.Sum256([]byte(sender + "\x00" + office + "\x00" + key))
		command.ID = base32.StdEncoding.EncodeToString(sum[:20])
	}
	a, err := s.opt.Engine.Do(c.Request().Context(), office, command)
	s.audience.Forget(office) // the sender is answered before the views are made, and may look at once
	return a, err
}

// base is the address under which the public reaches this server.
func (s *Server) base(c echo.Context) string {
	if s.opt.PublicURL != "" {
		return s.opt.PublicURL
	}
	scheme := "http"
	if s.proxies.secure(c.Request()) {
		scheme = "https"
	}
	return scheme + "://" + c.Request().Host
}

// faces is the path above the pages of an office, "/offices/cascine"; empty for the default office.
func (s *Server) faces(office string) string {
	if office == s.opt.Office {
		return ""
	}
	return "/offices/" + url.PathEscape(office)
}

// facesOf is the address above the pages of the request's office.
func (s *Server) facesOf(c echo.Context) string { return s.base(c) + s.faces(s.office(c)) }

func (s *Server) issue(c echo.Context) error {
	var in struct {
		Channel  queue.ChannelID `json:"channel"`
		Class    queue.Class     `json:"class"`
		Language string          `json:"language"`
		Slot     *time.Time      `json:"slot"`
		Print    bool            `json:"print"`
		Ticket   queue.TicketID  `json:"ticket"` // of a totem alone
	}
	if err := s.decode(c, &in); err != nil {
		return err
	}
	if in.Channel == "" {
		return invalid("channel", reasonChannelMissing)
	}
	do := queue.Issue{Ticket: queue.TicketID(rand.Text()), Channel: in.Channel, Class: in.Class, Language: in.Language, Print: in.Print}
	if in.Slot != nil {
		if do.Slot = *in.Slot; do.Slot.IsZero() { // which would be none
			return invalid("slot", queue.ReasonSlotNotToday)
		}
	}
	if err := s.byTotem(c, &do, in.Ticket); err != nil {
		return err
	}
	scene := s.scene(c)
	if w, known := scene.Waits.Now[in.Channel][cmp.Or(in.Class, queue.Standard)]; known {
		do.Expected = new(w.Expected())
	}
	a, err := s.do(c, do)
	if err != nil {
		return err
	}
	t := view.NewTicket(scene, &a.Ticket, a.Ahead)
	c.Response().Header().Set("Location", c.Request().URL.Path+"/"+string(t.ID))
	return c.JSON(http.StatusCreated, t)
}

// byTotem says which totem gives the ticket, under an id of its own, and which prints it.
func (s *Server) byTotem(c echo.Context, do *queue.Issue, id queue.TicketID) (err error) {
	name := totemOf(c)
	switch {
	case id != "" && name == "":
		return invalid("ticket", reasonTicketByTotem)
	case id != "" && !ticketForm.MatchString(string(id)):
		return invalid("ticket", reasonTicketForm)
	case id != "":
		do.Ticket = id
	}
	if identity(c).Kind == auth.KindDev && id == "" && !do.Print {
		return nil // somebody of the staff, for all one can tell
	}
	if do.Totem = name; name != "" || !do.Print {
		return nil
	}
	do.Printer, err = s.onlyTotem(c)
	do.Print = do.Printer != "" // nobody prints it where there is no totem, or more than one
	return err
}

func (s *Server) ticket(c echo.Context) error {
	t, err := s.find(c)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, t)
}

// find returns the ticket that the request names.
func (s *Server) find(c echo.Context) (t *view.Ticket, err error) {
	err = s.read(c, func(st *queue.State, now time.Time) {
		if found := st.Tickets[queue.TicketID(c.Param("ticket"))]; found != nil {
			scene := s.scene(c)
			scene.State, scene.Now = st, now
			t = view.NewTicket(scene, found, st.Ahead(found, now))
		}
	})
	if err == nil && t == nil {
		err = refuse(queue.UnknownTicket, queue.ReasonUnknownTicket)
	}
	return t, err
}

func (s *Server) cancel(c echo.Context) error {
	a, err := s.do(c, queue.Cancel{Ticket: queue.TicketID(c.Param("ticket"))})
	if err != nil {
		return err
	}
	if a.Kind == "" { // it was cancelled before
		return s.ticket(c)
	}
	return c.JSON(http.StatusOK, view.NewTicket(s.scene(c), &a.Ticket, 0))
}

func (s *Server) postpone(c echo.Context) error {
	a, err := s.do(c, queue.Postpone{Ticket: queue.TicketID(c.Param("ticket"))})
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, view.NewTicket(s.scene(c), &a.Ticket, a.Ahead))
}

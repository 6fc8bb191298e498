package httpd

import (
	"cmp"
	"crypto/rand"
	"fmt"
	"net/http"
	"regexp"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/eliminacode/eliminacode/pkg/auth"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/view"
)

// devTotem is the totem that the development token stands in for, unless the query names another.
const devTotem = "dev"

// refusedMost is of how many refused tickets a totem may tell.
const refusedMost = 100

var (
	// ticketForm is what the id of a ticket looks like: nobody guesses it.
	ticketForm = regexp.MustCompile(`^[A-Z2-7]{26}$`)
	nameForm   = regexp.MustCompile(`^([a-z][a-z0-9_]{0,31})?$`)
	screenForm = regexp.MustCompile(`^([1-9][0-9]{0,4}x[1-9][0-9]{0,4})?$`)
)

// totemOf is which of the office's totems sends the request; empty for anybody else.
func totemOf(c echo.Context) string {
	switch who := identity(c); {
	case who.Kind == auth.KindDevice && who.DeviceKind == auth.Totem:
		return who.Target
	case who.Kind == auth.KindDev:
		return cmp.Or(c.QueryParam("totem"), devTotem)
	}
	return ""
}

// onlyTotem is the office's one totem; empty if it has none, or several.
func (s *Server) onlyTotem(c echo.Context) (name string, err error) {
	devices, err := s.opt.Auth.Devices(c.Request().Context())
	if err != nil {
		return "", err
	}
	for _, d := range devices {
		switch {
		case d.Kind != auth.Totem || d.Office != s.office(c) || d.Target == name:
		case name != "":
			return "", nil
		default:
			name = d.Target
		}
	}
	if name == "" && s.opt.DevToken != "" {
		return devTotem, nil
	}
	return name, nil
}

// printed notes what became of a ticket's paper.
func (s *Server) printed(c echo.Context) error {
	var in struct {
		Result queue.Printing `json:"result"`
		Reason string         `json:"reason"`
		Copy   *int           `json:"copy"`
	}
	if err := s.decode(c, &in); err != nil {
		return err
	}
	id := queue.TicketID(c.Param("ticket"))
	a, err := s.do(c, queue.Printed{Ticket: id, Result: in.Result, Reason: in.Reason, Copy: in.Copy})
	if err != nil {
		return err
	}
	return s.answerTicket(c, http.StatusOK, &a, id)
}

// reprint wants a further copy of a ticket, or counts one that a totem has made by itself.
func (s *Server) reprint(c echo.Context) error {
	var in struct {
		Totem  string         `json:"totem"`
		Made   queue.Printing `json:"made"`
		Reason string         `json:"reason"`
	}
	if err := s.decode(c, &in); err != nil {
		return err
	}
	do := queue.Reprint{Ticket: queue.TicketID(c.Param("ticket")), Totem: in.Totem, Made: in.Made, Reason: in.Reason}
	var err error
	if do.Else, err = s.onlyTotem(c); err != nil {
		return err
	}
	if identity(c).Kind == auth.KindDevice {
		do.Own = totemOf(c)
	}
	a, err := s.do(c, do)
	if err != nil {
		return err
	}
	return s.answerTicket(c, http.StatusOK, &a, do.Ticket)
}

// offline takes over a ticket that a totem gave by itself.
func (s *Server) offline(c echo.Context) error {
	var in struct {
		Ticket   queue.TicketID  `json:"ticket"`
		Number   string          `json:"number"`
		Channel  queue.ChannelID `json:"channel"`
		Class    queue.Class     `json:"class"`
		Language string          `json:"language"`
		IssuedAt time.Time       `json:"issued_at"`
		Printed  queue.Printing  `json:"printed"`
		Reason   string          `json:"reason"`
	}
	if err := s.decode(c, &in); err != nil {
		return err
	}
	if !ticketForm.MatchString(string(in.Ticket)) {
		return invalid("ticket", reasonTicketForm)
	}
	if in.IssuedAt.IsZero() {
		return invalid("issued_at", reasonWriteTime, "field", "issued_at")
	}
	a, err := s.do(c, queue.IssueOffline{
		Totem: totemOf(c), Ticket: in.Ticket, Number: in.Number, Channel: in.Channel, Class: in.Class, Language: in.Language,
		At: in.IssuedAt, Printed: in.Printed, Reason: in.Reason,
	})
	if err != nil {
		return err
	}
	status := http.StatusOK
	if a.Kind == queue.TicketIssued {
		status = http.StatusCreated
	}
	return s.answerTicket(c, status, &a, in.Ticket)
}

// answerTicket answers with the command's ticket, or if there was nothing to do as it is now.
func (s *Server) answerTicket(c echo.Context, status int, a *queue.Answer, id queue.TicketID) error {
	if a.Kind != "" {
		return c.JSON(status, view.NewTicket(s.scene(c), &a.Ticket, a.Ahead))
	}
	var t *view.Ticket
	err := s.read(c, func(st *queue.State, now time.Time) {
		if known := st.Known(id); known != nil {
			t = view.NewTicket(s.scene(c), known, st.Ahead(known, now))
		}
	})
	if err == nil && t == nil { // its day has ended in between
		err = refuse(queue.UnknownTicket, queue.ReasonUnknownTicket)
	}
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, t)
}

// leased are the numbers that a totem gives by itself.
type leased struct {
	Blocks []queue.Block `json:"blocks"`
	At     time.Time     `json:"at"` // the office's time now, which a totem's clock may not have
}

// lease gives a totem the numbers that it lacks. The answer is what it has now.
func (s *Server) lease(c echo.Context) error {
	var in struct {
		Fresh bool `json:"fresh"`
	}
	if err := s.decode(c, &in); err != nil {
		return err
	}
	name := cmp.Or(deviceID(identity(c)), totemOf(c)) // of two devices by the same name each has its own
	if _, err := s.do(c, queue.LeaseNumbers{Totem: name, Fresh: in.Fresh}); err != nil {
		return err
	}
	out := leased{Blocks: []queue.Block{}}
	err := s.read(c, func(st *queue.State, now time.Time) {
		out.Blocks, out.At = append(out.Blocks, st.Leased(name)...), now
	})
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, out)
}

// totemStatus keeps what a totem says of itself.
func (s *Server) totemStatus(c echo.Context) error {
	var in struct {
		Printer struct {
			State  string `json:"state"`
			Reason string `json:"reason"`
		} `json:"printer"`
		Unsent  int    `json:"unsent"`
		Screen  string `json:"screen"`
		Version string `json:"version"`
		Refused []struct {
			Number   string    `json:"number"`
			IssuedAt time.Time `json:"issued_at"`
			Reason   string    `json:"reason"`
		} `json:"refused"`
	}
	if err := s.decode(c, &in); err != nil {
		return err
	}
	switch {
	case in.Printer.State == "" || !nameForm.MatchString(in.Printer.State):
		return invalid("printer.state", queue.ReasonNotAName, "name", in.Printer.State)
	case !nameForm.MatchString(in.Printer.Reason):
		return invalid("printer.reason", queue.ReasonNotAName, "name", in.Printer.Reason)
	case in.Unsent < 0:
		return invalid("unsent", queue.ReasonNotInRange, "min", 0, "max", 1_000_000)
	case !screenForm.MatchString(in.Screen):
		return invalid("screen", reasonScreenForm)
	}
	said := auth.Status{Printer: in.Printer.State, Reason: in.Printer.Reason, Unsent: in.Unsent, Screen: in.Screen, Version: in.Version}
	for i, r := range in.Refused {
		number, ok := queue.ParseNumber(r.Number)
		switch path := fmt.Sprintf("refused[%d].", i); {
		case i == refusedMost:
			return invalid("refused", queue.ReasonNotInRange, "min", 0, "max", refusedMost)
		case !ok || number != r.Number:
			return invalid(path+"number", queue.ReasonNotANumber)
		case r.IssuedAt.IsZero():
			return invalid(path+"issued_at", reasonWriteTime, "field", path+"issued_at")
		case r.Reason == "" || !nameForm.MatchString(r.Reason):
			return invalid(path+"reason", queue.ReasonNotAName, "name", r.Reason)
		}
		said.Refused = append(said.Refused, auth.Refused(r))
	}
	if id := deviceID(identity(c)); id == "" {
		s.noteStandIn(s.office(c), totemOf(c), said)
	} else if err := s.opt.Auth.NoteStatus(c.Request().Context(), id, said); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// roll gives the tickets whose numbers were torn off a roll of paper.
func (s *Server) roll(c echo.Context) error {
	var in struct {
		Channel queue.ChannelID `json:"channel"`
		First   int             `json:"first"`
		Last    int             `json:"last"`
	}
	if err := s.decode(c, &in); err != nil {
		return err
	}
	do := queue.Roll{Channel: in.Channel, First: in.First, Last: in.Last}
	for range queue.RollMost {
		do.Tickets = append(do.Tickets, queue.TicketID(rand.Text()))
	}
	a, err := s.do(c, do)
	if err != nil {
		return err
	}
	out := struct {
		Tickets []*view.Ticket `json:"tickets"`
	}{[]*view.Ticket{}}
	err = s.read(c, func(st *queue.State, now time.Time) {
		for _, t := range st.Rolled(&a) {
			out.Tickets = append(out.Tickets, view.NewTicket(s.scene(c), t, st.Ahead(t, now)))
		}
	})
	if err != nil {
		return err
	}
	return c.JSON(http.StatusCreated, out)
}

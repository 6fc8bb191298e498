package httpd

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/eliminacode/eliminacode/pkg/queue"
)

// ws makes the request a viewer. A page asks for a pulse with tick=1: it must
// notice within five seconds that it is cut off.
func (s *Server) ws(c echo.Context) error {
	t := topic{office: s.office(c), view: c.QueryParam("view")}
	if !s.origins.mayWatch(c.Request(), t.view) {
		return refuse(forbidden,
			"Pagina di un altro sito: accesso negato. L'amministratore può ammetterla a ciò che vede il pubblico (origins).",
			"A page of another site: access denied. The administrator can admit it to what the public sees (origins).")
	}
	known := func(*queue.State) bool { return true }
	switch t.view {
	case "public", "totem":
	case "display":
		t.id = c.QueryParam("display")
		known = func(st *queue.State) bool { return st.Config.Display(queue.DisplayID(t.id)) != nil }
	case "ticket":
		t.id = c.QueryParam("ticket")
		known = func(st *queue.State) bool { return st.Tickets[queue.TicketID(t.id)] != nil }
	case "counter":
		t.id = c.QueryParam("counter")
		known = func(st *queue.State) bool { return st.Counters[queue.CounterID(t.id)] != nil }
	default:
		return invalid("view", "Il parametro «view» dev'essere public, display, counter, totem o ticket.", "The parameter “view” must be public, display, counter, totem or ticket.")
	}
	var ok bool
	if err := s.read(c, func(st *queue.State, _ time.Time) { ok = known(st) }); err != nil {
		return err
	}
	if !ok {
		return unknownView(t)
	}
	address := c.RealIP()
	if s.opt.DevToken != "" && loopback(c.Request()) {
		address = "" // in development one machine plays a whole town
	}
	if err := s.hub.Serve(c.Response(), c.Request(), t.String(), address, c.QueryParam("tick") == "1"); err != nil {
		return err
	}
	c.Response().Status = http.StatusSwitchingProtocols // for the metrics: the answer was the hub's
	return nil
}

func unknownView(t topic) error {
	switch t.view {
	case "counter":
		return refuse(queue.UnknownCounter, "Questo sportello non esiste.", "There is no such counter.")
	case "ticket":
		return refuse(queue.UnknownTicket, "Questo biglietto non esiste o non è di oggi.", "There is no such ticket, or it is not of today.")
	}
	return refuse(notFound, "Questo monitor non esiste: controllare l'indirizzo.", "There is no such display: check the address.")
}

package httpd

import (
	"cmp"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/eliminacode/eliminacode/displays"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/view"
	"github.com/eliminacode/eliminacode/pkg/words"
	"github.com/eliminacode/eliminacode/totem/qr"
)

// invitedFor is how long an invitation holds.
const invitedFor = 90 * time.Second

// invited is a ticket that whoever scans a kiosk's screen may take: nobody keeps it but its
// address, in which it is sealed for its office.
type invited struct {
	By       string          `json:"b"` // who gives it
	Totem    string          `json:"t,omitempty"`
	Channel  queue.ChannelID `json:"c"`
	Class    queue.Class     `json:"k,omitempty"`
	Language string          `json:"l,omitempty"`
	Until    int64           `json:"u"` // seconds since 1970

	id queue.TicketID // the one that it becomes
}

// sealed is what the server's invitations are sealed by.
func (s *Server) sealed(c echo.Context) (cipher.AEAD, error) {
	key, err := s.opt.Auth.Secret(c.Request().Context(), "invitations")
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// becomes is the id of the ticket that a sealed invitation becomes, the same however often it is
// opened.
func becomes(box []byte) queue.TicketID {
	sum := sha256.Sum256(box)
	return queue.TicketID(base32.StdEncoding.EncodeToString(sum[:])[:26])
}

// invitationMade is an invitation for a kiosk to show.
type invitationMade struct {
	URL       string         `json:"url"`
	QR        string         `json:"qr"` // of that address, an image as a data URL
	Ticket    queue.TicketID `json:"ticket"`
	ExpiresAt time.Time      `json:"expires_at"`
}

// invite makes an address that becomes a ticket once somebody opens it. No number is given yet.
func (s *Server) invite(c echo.Context) error {
	var in struct {
		Channel  queue.ChannelID `json:"channel"`
		Class    queue.Class     `json:"class"`
		Language string          `json:"language"`
	}
	if err := s.decode(c, &in); err != nil {
		return err
	}
	if in.Channel == "" {
		return invalid("channel", reasonChannelMissing)
	}
	by := identity(c).Actor()
	if !s.limits.allow("invitations/" + s.office(c) + "/" + by) {
		return refuse(queue.RateLimited, reasonTooManyRequests)
	}
	var refusal *queue.Refusal
	out := invitationMade{}
	err := s.read(c, func(st *queue.State, now time.Time) {
		refusal = queue.Issue{Channel: in.Channel, Class: in.Class, Language: in.Language}.Check(st, now)
		out.ExpiresAt = now.Add(invitedFor).Truncate(time.Second)
	})
	if err != nil {
		return err
	}
	if refusal != nil {
		return refusal
	}
	box, err := json.Marshal(invited{
		By: by, Totem: totemOf(c), Channel: in.Channel, Class: in.Class, Language: in.Language, Until: out.ExpiresAt.Unix(),
	})
	if err != nil {
		return err
	}
	seal, err := s.sealed(c)
	if err != nil {
		return err
	}
	box = seal.Seal(nil, nil, box, []byte(s.office(c)))
	out.Ticket, out.URL = becomes(box), s.facesOf(c)+"/i/"+base64.RawURLEncoding.EncodeToString(box)
	drawn, err := qr.Encode(out.URL)
	if err != nil {
		return err
	}
	out.QR = "data:image/svg+xml;base64," + base64.StdEncoding.EncodeToString(drawn.SVG())
	return c.JSON(http.StatusCreated, out)
}

// invitation opens the one that the request names; nil: it is none of this office's.
func (s *Server) invitation(c echo.Context) (*invited, error) {
	seal, err := s.sealed(c)
	if err != nil {
		return nil, err
	}
	box, err := base64.RawURLEncoding.DecodeString(c.Param("invitation"))
	if err != nil || len(box) < seal.Overhead() {
		return nil, nil
	}
	open, err := seal.Open(nil, nil, box, []byte(s.office(c)))
	if err != nil {
		return nil, nil
	}
	in := &invited{id: becomes(box)}
	return in, json.Unmarshal(open, in)
}

// found is what there is to an invitation: itself, if it holds, the office, and whether it has
// become a ticket.
func (s *Server) found(c echo.Context) (in *invited, page displays.InvitationPage, taken bool, err error) {
	if in, err = s.invitation(c); err != nil {
		return nil, page, false, err
	}
	lang := ""
	if in != nil {
		lang = in.Language
	}
	err = s.look(c, func(scene *view.Scene) {
		page.Visit = view.NewTicketPage(scene, "")
		if in == nil {
			page.Gone = true
			return
		}
		taken = scene.State.Tickets[in.id] != nil
		page.Gone = scene.Now.Unix() >= in.Until
	})
	if err != nil {
		return nil, page, false, err
	}
	page.Path = s.faces(s.office(c))
	offered := displays.LanguagesOf(page.Visit)
	if page.Language = lang; !slices.Contains(words.Spoken, lang) {
		page.Language = preferred(c.Request(), matcher(offered), offered)
	}
	return in, page, taken, nil
}

// scanned is what a phone opens that has scanned an invitation. To look at it makes no ticket, as
// what shows links ahead of their reader looks too; its form makes one, once.
func (s *Server) scanned(c echo.Context) error {
	in, page, taken, err := s.found(c)
	switch {
	case err != nil:
		return err
	case taken:
		return s.toTicket(c, in.id)
	case page.Gone:
		return s.invitationSays(c, http.StatusNotFound, page)
	case c.Request().Method != http.MethodPost:
		return s.invitationSays(c, http.StatusOK, page)
	}
	office := s.office(c)
	_, err = s.opt.Engine.Do(c.Request().Context(), office, queue.Command{
		ID: string(in.id), By: in.By,
		Do: queue.Issue{Ticket: in.id, Channel: in.Channel, Class: in.Class, Language: in.Language, Totem: in.Totem},
	})
	s.audience.Forget(office)
	if r, refused := errors.AsType[*queue.Refusal](err); refused {
		page.Why = words.NoTicket(r)
		return s.invitationSays(c, cmp.Or(statusOf(r), http.StatusConflict), page)
	} else if err != nil {
		return err
	}
	return s.toTicket(c, in.id)
}

func (s *Server) toTicket(c echo.Context, id queue.TicketID) error {
	return c.Redirect(http.StatusSeeOther, s.faces(s.office(c))+"/t/"+string(id))
}

func (s *Server) invitationSays(c echo.Context, status int, page displays.InvitationPage) error {
	c.Response().Header().Set("X-Robots-Tag", "noindex")
	filled, err := s.pages.render(s.pages.invite, page)
	if err != nil {
		return err
	}
	return send(c, status, filled)
}

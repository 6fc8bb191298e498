package httpd

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/web"
	"github.com/eliminacode/eliminacode/pkg/words"
)

// face is who looks at a page that can't be shown; package words says to each what to do next.
type face string

const (
	facePublic  face = "public"
	faceTicket  face = "ticket"
	faceInvited face = "invited" // by a kiosk to take a ticket
	faceDisplay face = "display"
	faceTotem   face = "totem"
	faceStaff   face = "staff"
	faceBarred  face = "barred" // staff who have to sign in, or to be somebody else
)

// faceOf tells by the path of a page whose it is.
func faceOf(path string) face {
	if rest, named := strings.CutPrefix(path, "/offices/"); named {
		_, path, _ = strings.Cut(rest, "/")
	}
	first, _, _ := strings.Cut(strings.Trim(path, "/"), "/")
	switch first {
	case "t":
		return faceTicket
	case "i":
		return faceInvited
	case "display":
		return faceDisplay
	case "totem":
		return faceTotem
	case "console", "admin", "login":
		return faceStaff
	}
	return facePublic
}

// Seconds after which a page tries again: a screen on the wall has nobody to do it.
const (
	retryWall = 15
	retryPage = 10
)

// failureOf is the page that a person gets who opened one that can't be shown.
func failureOf(req *http.Request, r *queue.Refusal, status int) *web.Failure {
	f := faceOf(req.URL.Path)
	page := &web.Failure{Status: status, Wall: f == faceDisplay || f == faceTotem, What: words.Refusal(r), Next: words.Next(string(f))}
	switch {
	case req.Method != http.MethodGet: // to load it again would be another request
	case page.Wall:
		page.Every = retryWall
	case passing(status):
		page.Every, page.Again = retryPage, true
	}
	return page
}

// passing reports whether the same request may be answered a little later.
func passing(status int) bool {
	return status == http.StatusTooManyRequests || status >= http.StatusInternalServerError
}

// failurePage answers a person who opened a page that can't be shown, and says where else to go.
func (s *Server) failurePage(c echo.Context, r *queue.Refusal, status int) error {
	f, page := faceOf(c.Request().URL.Path), failureOf(c.Request(), r, status)
	switch {
	case page.Wall:
	case f == faceStaff:
		page.SignIn = !passing(status)
		if status == http.StatusUnauthorized || status == http.StatusForbidden {
			page.Next = words.Next(string(faceBarred))
		}
	case r.Code == unknownOffice:
		page.Home = "/"
	default:
		page.Home = s.faces(s.office(c)) + "/affluenza"
	}
	body, err := page.HTML()
	if err != nil {
		return err
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.HTMLBlob(status, s.pages.assets.Page(body))
}

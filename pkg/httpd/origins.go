package httpd

import (
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/eliminacode/eliminacode/pkg/audience"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// origins says what the pages of which sites may do here. To act is for the server's own pages
// alone, and so is to watch what staff and devices see. The pages of listed sites may watch what
// everybody may.
type origins struct {
	own     string // besides the host of the request: a proxy may have changed that
	readers []string
	act     *http.CrossOriginProtection
}

// newOrigins returns an error for a reader that isn't written as an origin.
func newOrigins(publicURL string, readers []string) (*origins, error) {
	o := &origins{readers: readers, act: http.NewCrossOriginProtection()}
	check := http.NewCrossOriginProtection() // knows how an origin is written
	for _, r := range readers {
		if err := check.AddTrustedOrigin(r); err != nil {
			return nil, err
		}
	}
	if u, err := url.Parse(publicURL); err == nil && u.Host != "" {
		o.own = u.Scheme + "://" + u.Host
		if err := o.act.AddTrustedOrigin(o.own); err != nil {
			return nil, err
		}
	}
	return o, nil
}

// mayWatch says whether the page that sent the request, if one did, may watch a view. Browsers let
// every page open a WebSocket anywhere, with the cookies of neighbours in the same domain, so it is
// this that keeps them out.
func (o *origins) mayWatch(r *http.Request, kind *audience.Kind) bool {
	from := r.Header["Origin"]
	switch len(from) {
	case 0: // a program
		return true
	case 1:
	default:
		return false
	}
	same := func(origin string) bool { return strings.EqualFold(origin, from[0]) }
	if u, err := url.Parse(from[0]); err == nil && u.Host != "" && strings.EqualFold(u.Host, r.Host) {
		return true
	}
	return o.own != "" && same(o.own) ||
		kind != nil && kind.Elsewhere && slices.ContainsFunc(o.readers, same)
}

// ownPagesAct refuses a change that a page of another site asks for, and a body that isn't declared
// as JSON, or as the sound that a clip is: pages may send other types anywhere without asking, but
// neither of those.
func (o *origins) ownPagesAct(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		if err := o.act.Check(r); err != nil {
			return refuse(queue.Forbidden, reasonOtherSite)
		}
		switch r.Method {
		case http.MethodGet, http.MethodHead, http.MethodOptions:
			return next(c)
		}
		kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
		if r.ContentLength != 0 && kind != "application/json" && !(kind == "audio/wav" && c.Path() == clipPath) {
			return refuse(unsupportedMedia, reasonNotDeclaredJSON)
		}
		return next(c)
	}
}

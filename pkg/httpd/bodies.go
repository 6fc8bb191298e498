package httpd

import (
	"container/list"
	"errors"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/eliminacode/eliminacode/pkg/auth"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/voice"
)

// The longest bodies, in bytes.
const (
	signInBody  = 4 << 10
	commandBody = 16 << 10
	configBody  = 1 << 20
)

// bodyLimits are the calls whose bodies aren't as long as a command's.
var bodyLimits = map[string]int64{
	"POST /api/v1/login":                          signInBody,
	"POST /api/v1/password":                       signInBody,
	"PUT " + clipPath:                             voice.MaxClip,
	"PUT /api/v1/config":                          configBody,
	"PUT /api/v1/offices/:office/config":          configBody,
	"POST /api/v1/config/paper":                   configBody,
	"POST /api/v1/offices/:office/config/paper":   configBody,
	"POST /api/v1/config/display":                 configBody,
	"POST /api/v1/offices/:office/config/display": configBody,
}

const (
	// commandWithin and configWithin are how long a body may take to arrive.
	commandWithin = 5 * time.Second
	configWithin  = 30 * time.Second
	// sendersMax bounds the bodies that arrive at once, of the public and of those who are known
	// each. Together with the longest body it bounds the memory that senders can have.
	sendersMax = 256
	// sendersEach bounds those of one address, or of one user or device.
	sendersEach = 32
)

// waitForNoBody has the connection closed behind a request whose body nobody reads, and its sender
// answered at once: net/http would read it first, however slowly it comes. [Server.readBody] takes
// that back.
func waitForNoBody(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if c.Request().ContentLength != 0 {
			c.Response().Header().Set("Connection", "close")
			readUntil(c, time.Now().Add(commandWithin))
		}
		return next(c)
	}
}

// readUntil sets the moment until which the connection is read; a test's recorder has none.
func readUntil(c echo.Context, t time.Time) {
	_ = http.NewResponseController(c.Response()).SetReadDeadline(t)
}

// readBody reads the request's body, for a handler that has let its sender in. It refuses one
// that is too long.
func (s *Server) readBody(c echo.Context) (body []byte, err error) {
	r := c.Request()
	if r.ContentLength == 0 {
		return nil, nil
	}
	longest, known := bodyLimits[r.Method+" "+c.Path()]
	if !known {
		longest = commandBody
	}
	if r.ContentLength > longest {
		return nil, refuse(queue.Invalid, reasonBodyTooLarge)
	}
	if longest > commandBody {
		readUntil(c, time.Now().Add(configWithin))
	}
	arrived := s.bodies.begin(identity(c), c.RealIP(), func() { readUntil(c, time.Unix(1, 0)) })
	body, err = io.ReadAll(http.MaxBytesReader(c.Response().Writer, r.Body, longest))
	arrived()
	if _, long := errors.AsType[*http.MaxBytesError](err); long {
		return nil, refuse(queue.Invalid, reasonBodyTooLarge)
	}
	if err != nil {
		return nil, err
	}
	c.Response().Header().Del("Connection")
	readUntil(c, time.Time{}) // net/http goes on reading, to notice when the client hangs up
	return body, nil
}

// bodies are those that are arriving. Where there are too many, the one that has been arriving
// longest is cut off: whoever sends at once what there is to send is never waited for, and never
// cut.
type bodies struct {
	mu      sync.Mutex
	known   senders
	unknown senders
}

// senders are in the order of their coming.
type senders struct {
	list list.List
	of   map[string]int
}

type sender struct {
	name string
	cut  func()
}

func newBodies() *bodies {
	return &bodies{known: senders{of: map[string]int{}}, unknown: senders{of: map[string]int{}}}
}

// begin counts a body in and returns what counts it out. It may be cut off in between.
func (b *bodies) begin(who auth.Identity, address string, cut func()) (arrived func()) {
	if who.Kind == auth.KindDev {
		return func() {}
	}
	of, name := &b.unknown, address
	if who.Kind != "" {
		of, name = &b.known, string(who.Kind)+"/"+who.Name
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if of.of[name] >= sendersEach {
		of.cutOldest(name)
	} else if of.list.Len() >= sendersMax {
		of.cutOldest("")
	}
	of.of[name]++
	place := of.list.PushBack(sender{name, cut})
	return func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		of.remove(place)
	}
}

// cutOldest cuts off the first to come, of one name if it is given.
func (s *senders) cutOldest(name string) {
	for e := s.list.Front(); e != nil; e = e.Next() {
		if v := e.Value.(sender); name == "" || v.name == name {
			v.cut()
			s.remove(e)
			return
		}
	}
}

// remove forgets a sender, if it isn't forgotten already.
func (s *senders) remove(e *list.Element) {
	v := e.Value.(sender)
	if v.cut == nil {
		return
	}
	e.Value = sender{}
	s.list.Remove(e)
	if s.of[v.name]--; s.of[v.name] == 0 {
		delete(s.of, v.name)
	}
}

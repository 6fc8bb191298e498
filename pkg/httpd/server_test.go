package httpd_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/auth"
	"github.com/eliminacode/eliminacode/pkg/engine"
	"github.com/eliminacode/eliminacode/pkg/httpd"
	"github.com/eliminacode/eliminacode/pkg/journal/sqlite"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

const (
	office   = "urp"
	devToken = "dev-token-of-the-tests"
	password = "quattro parole a caso"
)

// start is a Monday on which the office is open from 8:00 to 18:30.
var start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.FixedZone("", 3600))

type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

// server is a whole server on a journal of its own, reached over TCP.
type server struct {
	testing.TB
	clock   *clock
	dir     string
	journal *sqlite.Journal
	engine  *engine.Engine
	auth    *auth.Service
	httpd   *httpd.Server
	web     *httptest.Server
	let     atomic.Int64 // connections that were let in so far
	down    sync.Once
}

type option func(*httpd.Options)

func withoutDev(o *httpd.Options) { o.DevToken = "" }

// newServer starts a server with the default office at nine in the morning.
func newServer(t testing.TB, options ...option) *server {
	t.Helper()
	return startServer(t, t.TempDir(), &clock{t: start}, options...)
}

func startServer(t testing.TB, dir string, clock *clock, options ...option) *server {
	t.Helper()
	s := &server{TB: t, clock: clock, dir: dir}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	var err error
	s.journal, err = sqlite.Open(t.Context(), filepath.Join(dir, "eliminacode.db"), sqlite.Options{})
	must(err)
	opt := httpd.Options{
		Journal: s.journal, Now: clock.now, Log: slog.New(slog.DiscardHandler),
		Version: "test", Office: office, DevToken: devToken,
	}
	for _, o := range options {
		o(&opt)
	}
	s.auth = auth.New(s.journal.DB(), auth.Options{
		Now: clock.now, DevToken: opt.DevToken, Hash: auth.HashParams{MemoryKiB: 8, Passes: 1, Threads: 1},
	})
	s.engine = engine.New(engine.Options{Journal: s.journal, Now: clock.now})
	opt.Engine, opt.Auth = s.engine, s.auth
	s.httpd, err = httpd.New(opt)
	must(err)
	s.engine.Observe(s.httpd.Audience())
	err = s.engine.Create(t.Context(), office, queue.Default())
	if refused, ok := errors.AsType[*queue.Refusal](err); !ok || refused.Code != queue.Conflict {
		must(err)
	}
	s.web = httptest.NewUnstartedServer(nil)
	s.web.Config, s.web.Listener = s.httpd.HTTP(), s.httpd.Guard(s.web.Listener)
	moved := s.web.Config.ConnState
	s.web.Config.ConnState = func(conn net.Conn, state http.ConnState) {
		moved(conn, state)
		if state == http.StateNew {
			s.let.Add(1)
		}
	}
	s.web.Start()
	t.Cleanup(s.stop)
	return s
}

// stop ends the server as cmd does.
func (s *server) stop() {
	s.down.Do(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		err := errors.Join(s.httpd.Shutdown(ctx), s.engine.Close(ctx))
		s.web.Close()
		if err := errors.Join(err, s.journal.Close()); err != nil {
			s.Error(err)
		}
	})
}

// restart starts another server on the data of this one.
func (s *server) restart() *server {
	s.Helper()
	s.stop()
	return startServer(s.TB, s.dir, s.clock)
}

// configure changes the office's configuration.
func (s *server) configure(change func(*queue.Config)) {
	s.Helper()
	var cfg queue.Config
	got := s.dev().get("/api/v1/config").want(http.StatusOK)
	got.read(&cfg)
	change(&cfg)
	b, err := json.Marshal(cfg)
	if err != nil {
		s.Fatal(err)
	}
	s.dev().with("If-Match", got.Header.Get("ETag")).do(http.MethodPut, "/api/v1/config", string(b)).want(http.StatusOK)
}

// seq is the number of events in the office's journal.
func (s *server) seq() int64 { return s.seqOf(office) }

func (s *server) seqOf(office string) int64 {
	s.Helper()
	var seq int64
	err := s.engine.Read(s.Context(), office, func(st *queue.State, _ time.Time) { seq = st.Seq })
	if err != nil {
		s.Fatal(err)
	}
	return seq
}

// client sends requests with its headers. What is documented is held to its description.
type client struct {
	*server
	header    http.Header
	unchecked bool
}

func (s *server) public() client { return client{server: s, header: http.Header{}} }

func (s *server) dev() client { return s.bearer(devToken) }

func (s *server) bearer(token string) client {
	return s.public().with("Authorization", "Bearer "+token)
}

// user makes a user and signs it in.
func (s *server) user(name string, role auth.Role) client {
	s.Helper()
	if _, err := s.auth.AddUser(s.Context(), auth.User{Name: name, Role: role}, password); err != nil {
		s.Fatal(err)
	}
	return s.session(name)
}

// session signs a user in, by cookie.
func (s *server) session(name string) client {
	s.Helper()
	a := s.public().post("/api/v1/login", `{"name":"`+name+`","password":"`+password+`"}`).want(http.StatusOK)
	return s.public().with("Cookie", a.cookie("eliminacode_session").Name+"="+a.cookie("eliminacode_session").Value)
}

// device pairs a device of the default office.
func (s *server) device(kind auth.DeviceKind, target string) client {
	s.Helper()
	_, token, err := s.auth.CreateDevice(s.Context(), kind, office, target)
	if err != nil {
		s.Fatal(err)
	}
	return s.bearer(token)
}

func (c client) with(key, value string) client {
	c.header = c.header.Clone()
	c.header.Set(key, value)
	return c
}

// outside is for what the document rightly doesn't describe.
func (c client) outside() client {
	c.unchecked = true
	return c
}

func (c client) get(path string) *answer {
	c.Helper()
	return c.do(http.MethodGet, path, "")
}

func (c client) post(path, body string) *answer {
	c.Helper()
	return c.do(http.MethodPost, path, body)
}

func (c client) delete(path string) *answer {
	c.Helper()
	return c.do(http.MethodDelete, path, "")
}

// at sends a counter's verb; body may be empty.
func (c client) at(counter, verb, body string) *answer {
	c.Helper()
	return c.post("/api/v1/counters/"+counter+"/"+verb, body)
}

func (c client) do(method, path, body string) *answer {
	c.Helper()
	req, err := http.NewRequestWithContext(c.Context(), method, c.web.URL+path, strings.NewReader(body))
	if err != nil {
		c.Fatal(err)
	}
	req.Header = c.header.Clone()
	if host := req.Header.Get("Host"); host != "" {
		req.Host = host
	}
	if body != "" && req.Header.Get("Content-Type") == "" {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := c.web.Client().Transport.RoundTrip(req)
	if err != nil {
		c.Fatal(err)
	}
	defer resp.Body.Close()
	a := &answer{TB: c.TB, Response: resp, call: method + " " + path}
	if a.body, err = io.ReadAll(resp.Body); err != nil {
		c.Fatal(err)
	}
	if !c.unchecked {
		hold(c.TB, req, body, resp, a.body)
	}
	return a
}

// issue gives a ticket of a channel.
func (c client) issue(channel string) ticket {
	c.Helper()
	var t ticket
	c.post("/api/v1/tickets", `{"channel":"`+channel+`"}`).want(http.StatusCreated).read(&t)
	return t
}

// ticket is what clients know of a ticket, written down from the contract and not taken from the
// server's code.
type ticket struct {
	ID       string         `json:"id"`
	Number   string         `json:"number"`
	Channel  string         `json:"channel"`
	Class    string         `json:"class"`
	State    string         `json:"state"`
	IssuedAt time.Time      `json:"issued_at"`
	Ahead    int            `json:"ahead"`
	Wait     map[string]int `json:"wait"`
	URL      string         `json:"url"`
	Counter  *string        `json:"counter"`
}

type called struct {
	Ticket ticket `json:"ticket"`
	Call   struct {
		ID       int64     `json:"id"`
		Number   string    `json:"number"`
		Channel  string    `json:"channel"`
		Counter  string    `json:"counter"`
		At       time.Time `json:"at"`
		Recalled bool      `json:"recalled"`
	} `json:"call"`
}

// answer is a response that was read.
type answer struct {
	testing.TB
	*http.Response
	call string
	body []byte
}

func (a *answer) want(status int) *answer {
	a.Helper()
	if a.StatusCode != status {
		a.Fatalf("%s: status %d, want %d: %.300s", a.call, a.StatusCode, status, a.body)
	}
	return a
}

type refusal struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Field   string `json:"field"`
	Faults  []struct {
		Path    string `json:"path"`
		Message string `json:"message"`
	} `json:"faults"`
}

// refused wants a refusal with a code, that names a field.
func (a *answer) refused(status int, code, field string) refusal {
	a.Helper()
	a.want(status)
	var r struct {
		Error refusal `json:"error"`
	}
	a.read(&r)
	if r.Error.Code != code || r.Error.Field != field || r.Error.Message == "" {
		a.Errorf("%s: code %q, field %q, message %q; want %q, %q", a.call, r.Error.Code, r.Error.Field, r.Error.Message, code, field)
	}
	return r.Error
}

func (a *answer) read(v any) {
	a.Helper()
	if err := json.NewDecoder(bytes.NewReader(a.body)).Decode(v); err != nil {
		a.Fatalf("%s: %v in %.300s", a.call, err, a.body)
	}
}

// headers wants headers with the given values, given in pairs.
func (a *answer) headers(pairs ...string) *answer {
	a.Helper()
	for i := 0; i < len(pairs); i += 2 {
		if got := a.Header.Get(pairs[i]); got != pairs[i+1] {
			a.Errorf("%s: %s is %q, want %q", a.call, pairs[i], got, pairs[i+1])
		}
	}
	return a
}

func (a *answer) cookie(name string) *http.Cookie {
	a.Helper()
	for _, c := range a.Cookies() {
		if c.Name == name {
			return c
		}
	}
	a.Fatalf("%s: no cookie %s", a.call, name)
	return nil
}

// contains wants every text in the body.
func (a *answer) contains(texts ...string) {
	a.Helper()
	for _, text := range texts {
		if !bytes.Contains(a.body, []byte(text)) {
			a.Errorf("%s: no %q in the body", a.call, text)
		}
	}
}

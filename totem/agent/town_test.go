package agent_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/auth"
	"github.com/eliminacode/eliminacode/pkg/engine"
	"github.com/eliminacode/eliminacode/pkg/httpd"
	"github.com/eliminacode/eliminacode/pkg/journal/sqlite"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/view"
	"github.com/eliminacode/eliminacode/totem/agent"
	"github.com/eliminacode/eliminacode/totem/escpos"
)

const (
	devToken = "dev-token-of-the-tests"
	patience = 30 * time.Second
)

// monday is when the town's clock starts: the office is open from 8:00 to 18:30.
var monday = time.Date(2026, 3, 2, 9, 0, 0, 0, time.FixedZone("", 3600))

// town is a whole server in this process, which can be cut off, be slow, and lose its answers.
type town struct {
	testing.TB
	journal *sqlite.Journal
	engine  *engine.Engine
	auth    *auth.Service
	httpd   *httpd.Server
	web     *httptest.Server
	began   time.Time

	mu    sync.Mutex
	jump  time.Duration
	fault fault
	lost  int // answers
	hung  int // calls for a ticket
	other other
	conns map[net.Conn]bool
}

// fault is what is wrong with the way to the server.
type fault int

const (
	none     fault = iota
	cut            // connections end at once
	hangs          // nothing is answered, nor carried out
	loses          // tickets are given, and the answers lost
	refuses        // 503
	replaced       // something on the way answers, as [other] says
	busy           // it can't hear of copies now
)

// other is something on the way that answers in the server's place.
type other struct {
	status   int
	paths    string // that have this in them
	answered int
}

func newTown(t testing.TB) *town {
	t.Helper()
	s := &town{TB: t, began: time.Now(), conns: map[net.Conn]bool{}}
	var err error
	s.journal, err = sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "eliminacode.db"), sqlite.Options{})
	s.must(err)
	s.auth = auth.New(s.journal.DB(), auth.Options{
		Now: s.now, DevToken: devToken, Hash: auth.HashParams{MemoryKiB: 8, Passes: 1, Threads: 1},
	})
	s.engine = engine.New(engine.Options{Journal: s.journal, Now: s.now})
	s.httpd, err = httpd.New(httpd.Options{
		Engine: s.engine, Journal: s.journal, Auth: s.auth, Now: s.now, Log: slog.New(slog.DiscardHandler),
		Version: "test", Office: "urp", DevToken: devToken,
	})
	s.must(err)
	s.engine.Observe(s.httpd.Audience())
	s.must(s.engine.Create(t.Context(), "urp", queue.Default()))
	s.web = httptest.NewUnstartedServer(nil)
	s.web.Config = s.httpd.HTTP()
	s.web.Config.Handler = s.faulty(s.web.Config.Handler)
	s.web.Listener = noting{s.httpd.Guard(s.web.Listener), s}
	s.web.Start()
	t.Cleanup(func() {
		s.set(none)
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		err := errors.Join(s.httpd.Shutdown(ctx), s.engine.Close(ctx))
		s.web.CloseClientConnections()
		s.web.Close()
		if err := errors.Join(err, s.journal.Close()); err != nil {
			t.Error(err)
		}
	})
	return s
}

func (s *town) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

func (s *town) now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return monday.Add(s.jump + time.Since(s.began))
}

// pass has time go by for the office.
func (s *town) pass(d time.Duration) {
	s.mu.Lock()
	s.jump += d
	s.mu.Unlock()
}

// noting keeps the connections, so that they can be cut: also those of WebSockets.
type noting struct {
	net.Listener
	town *town
}

func (l noting) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	l.town.mu.Lock()
	defer l.town.mu.Unlock()
	if l.town.fault == cut {
		_ = c.Close()
	}
	l.town.conns[c] = true
	return c, nil
}

// set begins a fault, or mends what there was.
func (s *town) set(f fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault = f
	if f == cut || f == hangs {
		for c := range s.conns {
			_ = c.Close()
		}
		clear(s.conns)
	}
}

func (s *town) faulty(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		f := s.fault
		s.mu.Unlock()
		switch {
		case r.Header.Get("X-Test") != "": // the test's own
		case f == hangs:
			_, _ = io.Copy(io.Discard, r.Body) // or else the server doesn't notice that the client goes
			s.mu.Lock()
			if r.URL.Path == "/api/v1/tickets" {
				s.hung++
			}
			s.mu.Unlock()
			<-r.Context().Done()
			return
		case f == cut:
			panic(http.ErrAbortHandler)
		case f == refuses:
			http.Error(w, `{"error":{"code":"unavailable"}}`, http.StatusServiceUnavailable)
			return
		case f == busy && strings.HasSuffix(r.URL.Path, "/reprint"):
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusTooManyRequests)
			_, _ = io.WriteString(w, `{"error":{"code":"rate_limited","message":"later"}}`)
			return
		case f == replaced && s.replace(w, r):
			return
		case f == loses && r.Method == http.MethodPost && (r.URL.Path == "/api/v1/tickets" || r.URL.Path == "/api/v1/leases"):
			next.ServeHTTP(httptest.NewRecorder(), r)
			s.mu.Lock()
			s.lost++
			s.mu.Unlock()
			panic(http.ErrAbortHandler)
		}
		next.ServeHTTP(w, r)
	})
}

// answerFor has something on the way answer the calls whose paths have a part.
func (s *town) answerFor(status int, paths string) {
	s.mu.Lock()
	s.other = other{status: status, paths: paths}
	s.mu.Unlock()
	s.set(replaced)
}

// answeredFor is how many calls something else has answered.
func (s *town) answeredFor() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.other.answered
}

func (s *town) replace(w http.ResponseWriter, r *http.Request) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !strings.Contains(r.URL.Path, s.other.paths) && r.URL.Path != "/sign-in" {
		return false
	}
	s.other.answered++
	status := s.other.status
	if status == http.StatusFound {
		w.Header().Set("Location", "/sign-in")
		if r.URL.Path == "/sign-in" {
			status = http.StatusOK
		}
	}
	w.Header().Set("Content-Type", "text/html")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, "<html>Welcome</html>")
	return true
}

// call makes a call of the server's, as an administrator on the same machine.
func (s *town) call(status int, method, path string, in, out any, headers ...string) {
	s.Helper()
	b, err := json.Marshal(in)
	s.must(err)
	r := httptest.NewRequest(method, "/api/v1"+path, bytes.NewReader(b))
	r.Header.Set("Authorization", "Bearer "+devToken)
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	r.Header.Set("X-Test", "1")
	r.RemoteAddr = "127.0.0.1:1"
	w := httptest.NewRecorder()
	s.httpd.Handler().ServeHTTP(w, r)
	if w.Code != status {
		s.Fatalf("%s %s: %d %s; want %d", method, path, w.Code, w.Body, status)
	}
	if out != nil {
		s.must(json.Unmarshal(w.Body.Bytes(), out))
	}
}

// hanging is how many calls for a ticket got no answer.
func (s *town) hanging() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.hung
}

// lostAnswers is how many there were.
func (s *town) lostAnswers() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.lost
}

// pair pairs a totem and returns its token.
func (s *town) pair(target string) string {
	s.Helper()
	return s.pairWith("urp", target)
}

// pairWith pairs a totem of another office's.
func (s *town) pairWith(office, target string) string {
	s.Helper()
	var invited struct{ Code string }
	s.call(http.StatusCreated, http.MethodPost, "/pairings/invite", map[string]string{"kind": "totem", "office": office, "target": target}, &invited)
	var redeemed struct{ Token string }
	s.call(http.StatusCreated, http.MethodPost, "/pairings/redeem", map[string]string{"code": invited.Code}, &redeemed)
	return redeemed.Token
}

// events are those of the office.
func (s *town) events(kinds ...queue.Kind) (list []queue.Event) {
	s.Helper()
	var all []queue.Event
	s.call(http.StatusOK, http.MethodGet, "/journal?after=0", nil, &all)
	for _, e := range all {
		for _, k := range kinds {
			if e.Kind == k {
				list = append(list, e)
			}
		}
	}
	return list
}

// state returns what the office knows of a ticket; nil: nothing.
func (s *town) ticket(id string) (t *queue.Ticket) {
	s.Helper()
	s.must(s.engine.Read(s.Context(), "urp", func(st *queue.State, _ time.Time) {
		if found := st.Known(queue.TicketID(id)); found != nil {
			t = new(*found)
		}
	}))
	return t
}

// inOrder fails if the office has somebody who came later before somebody who came first.
func (s *town) inOrder(first, second paper) {
	s.Helper()
	if a, b := s.ticket(string(first.ID)), s.ticket(string(second.ID)); b.Since.Before(a.Since) {
		s.Errorf("the office has the first since %v, the second since %v", a.Since, b.Since)
	}
}

// configure changes the office's configuration.
func (s *town) configure(change func(*queue.Config)) {
	s.Helper()
	cfg := new(queue.Config)
	s.call(http.StatusOK, http.MethodGet, "/config", nil, cfg)
	change(cfg)
	s.call(http.StatusOK, http.MethodPut, "/config", cfg, nil, "If-Match", fmt.Sprintf("%q", fmt.Sprint(cfg.Version)))
}

// printer is one that does what a test says.
type printer struct {
	profile escpos.Profile

	mu      sync.Mutex
	status  escpos.Status
	outcome escpos.Outcome
	jobs    []escpos.Job
	holds   chan struct{} // a job waits for it; nil: none does
	told    chan struct{}
}

func newPrinter() *printer {
	profile, _ := escpos.ProfileByName("")
	return &printer{profile: profile, status: escpos.Status{State: escpos.StateReady}, outcome: escpos.Outcome{Result: escpos.Yes}, told: make(chan struct{}, 1)}
}

func (p *printer) Profile() escpos.Profile { return p.profile }

func (p *printer) Print(ctx context.Context, next escpos.Next) escpos.Outcome {
	job, ok := next()
	if !ok {
		return escpos.Outcome{Result: escpos.Failed, Reason: escpos.ReasonCancelled}
	}
	p.mu.Lock()
	p.jobs = append(p.jobs, job)
	outcome, holds := p.outcome, p.holds
	p.mu.Unlock()
	if holds == nil {
		return outcome
	}
	select {
	case <-holds:
		return outcome
	case <-ctx.Done():
		return escpos.Outcome{Result: escpos.Unknown, Reason: escpos.ReasonLinkLost}
	}
}

func (p *printer) Status() escpos.Status {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.status
}

// be has the printer be in a state from now on, and jobs end so.
func (p *printer) be(s escpos.Status, o escpos.Outcome) {
	p.mu.Lock()
	p.status, p.outcome = s, o
	p.mu.Unlock()
	select {
	case p.told <- struct{}{}:
	default:
	}
}

func (p *printer) Watch(ctx context.Context, tell func(escpos.Status)) {
	for ctx.Err() == nil {
		tell(p.Status())
		select {
		case <-p.told:
		case <-ctx.Done():
		}
	}
}

func (p *printer) Close() {}

// hold has jobs wait until release is called.
func (p *printer) hold() (release func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	holds := make(chan struct{})
	p.holds = holds
	return sync.OnceFunc(func() {
		p.mu.Lock()
		p.holds = nil
		p.mu.Unlock()
		close(holds)
	})
}

// printed are the numbers on paper, in their order.
func (p *printer) printed() (list []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, j := range p.jobs {
		list = append(list, j.Title)
	}
	return list
}

// says reports whether a job has a text, in letters of the printer's.
func (p *printer) says(job int, text string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return bytes.Contains(p.jobs[job].Data, []byte(text))
}

// kiosk is an agent in this process. It can be ended and started again in the same folder.
type kiosk struct {
	testing.TB
	opt     agent.Options
	printer *printer
	base    string
	stop    func()
}

// newKiosk starts an agent of a town's.
func newKiosk(s *town, change ...func(*agent.Options)) *kiosk {
	s.Helper()
	k := &kiosk{TB: s.TB, printer: newPrinter(), stop: func() {}}
	k.opt = agent.Options{Server: s.web.URL, Token: devToken, Folder: s.TempDir(), Log: slog.New(slog.NewTextHandler(s.Output(), nil)), Version: "test"}
	for _, c := range change {
		c(&k.opt)
	}
	k.start()
	s.Cleanup(func() { k.stop() })
	return k
}

// newCutOff is a town with a kiosk that was online, and can't reach it now.
func newCutOff(t testing.TB) (*town, *kiosk) {
	t.Helper()
	s := newTown(t)
	k := newKiosk(s)
	k.reconnect(s)
	return s, k
}

// reconnect has the kiosk reach its town, and then no longer.
func (k *kiosk) reconnect(s *town) {
	k.Helper()
	s.set(none)
	k.online()
	s.set(cut)
	k.offline()
}

func (k *kiosk) start() {
	k.Helper()
	k.opt.Printer = k.printer
	a, err := agent.New(k.opt)
	if err != nil {
		k.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		k.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- a.Run(ctx, l) }()
	k.base = "http://" + l.Addr().String()
	k.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			k.Errorf("the agent ended with %v", err)
		}
	})
}

// restart ends the agent and starts another in its folder.
func (k *kiosk) restart(change ...func(*agent.Options)) {
	k.Helper()
	k.stop()
	for _, c := range change {
		c(&k.opt)
	}
	k.start()
}

// kill starts another agent with what a killed one leaves behind: the folder as it is.
func (k *kiosk) kill() {
	k.Helper()
	left := k.TempDir()
	if err := os.CopyFS(left, os.DirFS(k.opt.Folder)); err != nil {
		k.Fatal(err)
	}
	k.restart(func(o *agent.Options) { o.Folder = left })
}

// reply is what the agent answered.
type reply struct {
	status int
	body   []byte
}

func (r reply) code() string {
	var p struct{ Error struct{ Code, Reason string } }
	_ = json.Unmarshal(r.body, &p)
	return fmt.Sprint(r.status, " ", p.Error.Code, " ", p.Error.Reason)
}

func (k *kiosk) do(method, path string, body any, headers ...string) reply {
	k.Helper()
	var sent io.Reader = http.NoBody
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			k.Fatal(err)
		}
		sent = bytes.NewReader(b)
	}
	r, err := http.NewRequest(method, k.base+path, sent)
	if err != nil {
		k.Fatal(err)
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		if r.Header.Set(headers[i], headers[i+1]); headers[i] == "Host" {
			r.Host = headers[i+1]
		}
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		k.Fatal(err)
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	if err != nil {
		k.Fatal(err)
	}
	return reply{answer.StatusCode, b}
}

// paper is a ticket as the agent answers it.
type paper struct {
	view.Ticket
	Printed     string `json:"printed"`
	PrintReason string `json:"print_reason"`
	Offline     bool   `json:"offline"`
}

// ask asks for a ticket by a key.
func (k *kiosk) ask(key, channel string) reply {
	k.Helper()
	return k.do(http.MethodPost, "/api/v1/tickets", map[string]string{"channel": channel, "language": "it"}, "Idempotency-Key", key)
}

// take takes a ticket.
func (k *kiosk) take(key string) paper {
	k.Helper()
	return k.takeFor(key, "anagrafe")
}

func (k *kiosk) takeFor(key, channel string) (p paper) {
	k.Helper()
	r := k.ask(key, channel)
	if r.status != http.StatusCreated {
		k.Fatalf("no ticket: %d %s", r.status, r.body)
	}
	if err := json.Unmarshal(r.body, &p); err != nil {
		k.Fatal(err)
	}
	return p
}

func (k *kiosk) ticket(id string) (p paper) {
	k.Helper()
	r := k.do(http.MethodGet, "/api/v1/tickets/"+id, nil)
	if err := json.Unmarshal(r.body, &p); err != nil || r.status != http.StatusOK {
		k.Fatalf("ticket %s: %d %s", id, r.status, r.body)
	}
	return p
}

func (k *kiosk) status() (s agent.Status) {
	k.Helper()
	if err := json.Unmarshal(k.do(http.MethodGet, "/api/v1/status", nil).body, &s); err != nil {
		k.Fatal(err)
	}
	return s
}

// until waits until something holds, which the agent tells nobody else.
func (k *kiosk) until(what string, holds func() bool) {
	k.Helper()
	late := time.After(patience)
	for tick := time.NewTicker(10 * time.Millisecond); !holds(); {
		select {
		case <-late:
			k.Fatalf("not %s within %v: %+v", what, patience, k.status())
		case <-tick.C:
		}
	}
}

func (k *kiosk) online() {
	k.Helper()
	k.until("online", func() bool { s := k.status(); return s.Server.Online && s.Unsent == 0 })
}

func (k *kiosk) offline() {
	k.Helper()
	k.until("offline", func() bool { return !k.status().Server.Online })
}

// confirm has an administrator confirm the code that the kiosk shows, as a totem's.
func (k *kiosk) confirm(s *town, target string) {
	k.Helper()
	var asked struct {
		ID, Code, Secret string
		HoldsMS          int64 `json:"holds_ms"`
	}
	k.until("a code", func() bool {
		r := k.do(http.MethodPost, "/api/v1/pairings", map[string]string{"kind": "", "target": ""})
		return r.status == http.StatusCreated && json.Unmarshal(r.body, &asked) == nil
	})
	if asked.Secret != "" || asked.HoldsMS <= 0 {
		k.Errorf("the page hears the secret %q; the code holds %d ms", asked.Secret, asked.HoldsMS)
	}
	s.call(http.StatusCreated, http.MethodPost, "/pairings/confirm", map[string]string{"code": asked.Code, "kind": "totem", "target": target}, nil)
	k.until("paired", func() bool {
		return bytes.Contains(k.do(http.MethodGet, "/api/v1/pairings/"+asked.ID, nil).body, []byte(`"page":"/"`))
	})
}

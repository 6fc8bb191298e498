//go:build unix

package bench_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/auth"
	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/engine"
	"github.com/eliminacode/eliminacode/pkg/httpd"
	"github.com/eliminacode/eliminacode/pkg/journal"
	"github.com/eliminacode/eliminacode/pkg/journal/postgres"
	"github.com/eliminacode/eliminacode/pkg/journal/sqlite"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

const (
	office = "urp"
	// pollEvery is the program's own: how often the journal is read without a ring.
	pollEvery = 2 * time.Second
)

// journal.Store is a journal with the database of the staff's accounts.
func openSQLite(b *testing.B) journal.Store {
	b.Helper()
	j, err := sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "eliminacode.db"), sqlite.Options{})
	if err != nil {
		b.Fatal(err)
	}
	return j
}

func openPostgres(b *testing.B, address string) journal.Store {
	b.Helper()
	j, err := postgres.Open(b.Context(), address, postgres.Options{})
	if err != nil {
		b.Fatal(err)
	}
	return j
}

// alwaysOpen is the office of a new installation, but open at any hour, and its totem gives as many
// tickets as are wanted.
func alwaysOpen() *queue.Config {
	cfg := queue.Default()
	cfg.Exceptions = []queue.Exception{{From: "2020-01-01", To: "2099-12-31", Hours: []calendar.Interval{{From: 0, To: 24 * 60}}}}
	cfg.Policy.HoardMax = 0
	return cfg
}

// morning is a Monday at nine, from which the offices' clocks run.
func morning(b *testing.B) time.Time {
	b.Helper()
	at, err := time.Parse(time.RFC3339, "2026-03-02T09:00:00+01:00")
	if err != nil {
		b.Fatal(err)
	}
	return at
}

// product is the server with all its parts, joined as the program joins them.
type product struct {
	engine   *engine.Engine
	accounts *auth.Service
	base     string
	token    string // of a clerk's session
	tokens   int    // tickets issued so far
}

func startProduct(b *testing.B, j journal.Store) *product {
	b.Helper()
	began, start := time.Now(), morning(b)
	now := func() time.Time { return start.Add(time.Since(began)) }
	log := slog.New(slog.DiscardHandler)
	accounts := auth.New(j.DB(), auth.Options{Now: now})
	var server *httpd.Server
	p := &product{accounts: accounts}
	p.engine = engine.New(engine.Options{
		Journal: j, Now: now, Log: log, IdleAfter: 15 * time.Minute, PollEvery: pollEvery,
		InUse: func(office string) bool { return server.Audience().Watched(office) },
	})
	server, err := httpd.New(httpd.Options{Engine: p.engine, Journal: j, Auth: accounts, Now: now, Log: log, Version: "bench", Office: office})
	if err != nil {
		b.Fatal(err)
	}
	p.engine.Observe(server.Audience())
	if err := p.engine.Create(b.Context(), office, alwaysOpen()); err != nil {
		b.Fatal(err)
	}
	p.token = signIn(b, accounts)
	end := follow(b, j, p.engine)
	var stop func()
	p.base, stop = listen(b, server.Handler())
	b.Cleanup(func() {
		if err := server.Shutdown(context.Background()); err != nil {
			b.Error(err)
		}
		stop()
		if err := p.engine.Close(context.Background()); err != nil {
			b.Error(err)
		}
		end()
		if err := j.Close(); err != nil {
			b.Error(err)
		}
	})
	for _, c := range alwaysOpen().Counters {
		p.do(b, queue.Open{Counter: c.ID, Operator: "admin"})
	}
	p.issue(b, 20) // who waits all the time
	return p
}

// signIn signs the first administrator in.
func signIn(b *testing.B, accounts *auth.Service) (token string) {
	b.Helper()
	password, _, err := accounts.FirstAdmin(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	session, err := accounts.Login(b.Context(), "admin", password, auth.From{Address: "127.0.0.1"})
	if err != nil {
		b.Fatal(err)
	}
	return session.Token
}

// follow tells the engine what other servers write, until end is called.
func follow(b *testing.B, j journal.Store, e *engine.Engine) (end func()) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- j.Follow(ctx, e.Ring) }()
	return func() {
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			b.Error(err)
		}
	}
}

// listen serves on a free port until stop is called.
func listen(b *testing.B, h http.Handler) (base string, stop func()) {
	b.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	web := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second, WriteTimeout: time.Minute}
	ended := make(chan error, 1)
	go func() { ended <- web.Serve(l) }()
	return "http://" + l.Addr().String(), func() {
		_ = web.Close() // its connections are idle
		if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
			b.Error(err)
		}
	}
}

// do carries out a command without the way through HTTP.
func (p *product) do(b *testing.B, a queue.Action) {
	b.Helper()
	p.tokens++
	if _, err := p.engine.Do(b.Context(), office, queue.Command{ID: fmt.Sprintf("setup-%d", p.tokens), By: "dev", Do: a}); err != nil {
		b.Fatal(err)
	}
}

func (p *product) issue(b *testing.B, tickets int) {
	b.Helper()
	for range tickets {
		channel := alwaysOpen().Channels[p.tokens%3].ID
		p.do(b, queue.Issue{Ticket: queue.TicketID(fmt.Sprintf("ticket-%d", p.tokens)), Channel: channel})
	}
}

// percentile returns what share (0 to 1) of the times don't exceed, in milliseconds. It sorts them.
func percentile(times []time.Duration, share float64) float64 {
	slices.Sort(times)
	return times[min(len(times)-1, int(float64(len(times))*share))].Seconds() * 1e3
}

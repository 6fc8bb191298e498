package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"path/filepath"
	"sync"
	"time"

	"github.com/eliminacode/eliminacode/pkg/audience"
	"github.com/eliminacode/eliminacode/pkg/auth"
	"github.com/eliminacode/eliminacode/pkg/config"
	"github.com/eliminacode/eliminacode/pkg/engine"
	"github.com/eliminacode/eliminacode/pkg/forecast"
	"github.com/eliminacode/eliminacode/pkg/httpd"
	"github.com/eliminacode/eliminacode/pkg/journal"
	"github.com/eliminacode/eliminacode/pkg/journal/postgres"
	"github.com/eliminacode/eliminacode/pkg/journal/sqlite"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/voice"
)

const (
	// stopWithin is how long everything has to end after SIGTERM.
	stopWithin = 4 * time.Second
	// requestsWithin is how much of that the running requests have: who is slower mustn't keep the
	// offices from ending in order.
	requestsWithin = 2 * time.Second
	// pollEvery is how often the journal is read for what others wrote, behind the doorbell.
	pollEvery = 2 * time.Second
	// officeIdle is after what time an office that nobody uses is let go.
	officeIdle = 15 * time.Minute
	// pruneEvery is how often old events are looked for.
	pruneEvery = 6 * time.Hour
	// sweepEvery is how often sessions that have run out are forgotten.
	sweepEvery = time.Hour
	// recheckEvery is how often the viewers are asked for whose authority has run out, or was ended
	// by another server.
	recheckEvery = 2 * time.Second
)

func (p *program) serve(ctx context.Context, args []string) error {
	s, err := p.settings("serve", args)
	if err != nil {
		return err
	}
	return p.run(ctx, s, clock(s.Clock), func(context.Context, string) {})
}

// run brings the server up by a clock, calls ready with its local address, and serves until ctx
// ends.
func (p *program) run(ctx context.Context, s *config.Settings, now func() time.Time, ready func(ctx context.Context, address string)) (err error) {
	log := p.log()

	listener, err := listen(ctx, s.Listen)
	if err != nil {
		return err
	}
	defer listener.Close() // again, if the server has
	var store journal.Store
	patiently := func(work func() error) error {
		if s.Database == "" {
			return work() // nobody else brings a file up
		}
		return await(ctx, listener, log, work)
	}
	err = patiently(func() (err error) {
		store, err = p.open(ctx, s, false)
		return err
	})
	if ctx.Err() != nil && store == nil { // told to stop before there was anything to end
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()

	var server *httpd.Server
	offices := engine.New(engine.Options{
		Journal: store, Now: now, Log: log, IdleAfter: officeIdle, PollEvery: pollEvery, TrustClock: s.TrustClock,
		InUse: func(office string) bool { return server.Audience().Watched(office) },
	})
	now = offices.Now // from here on: nothing else may go by a clock that can't be right
	accounts := auth.New(store.DB(), auth.Options{Now: now, DevToken: s.DevToken})
	spoken, err := voice.New(voice.Options{Folder: filepath.Join(s.Data, "voice"), Command: s.VoiceCommand, Log: log})
	if err != nil {
		return wrong("voice-command: %w", err)
	}
	defer spoken.Close()
	waits := forecast.New(forecast.Options{
		DB: store.DB(), Visits: store.Visits, Now: now, Log: log,
		Do: func(ctx context.Context, office string, c queue.Command) error {
			_, err := offices.Do(ctx, office, c)
			return err
		},
		Told: func(ctx context.Context, office string) { server.Audience().Expect(ctx, office) },
	})
	claims, _ := store.(audience.Claims) // a file has one server
	server, err = httpd.New(httpd.Options{
		Engine: offices, Journal: store, Auth: accounts, Voice: spoken, Waits: waits.Waits, Now: now, Log: log, Version: version,
		Media: filepath.Join(s.Data, "media"), Retention: s.Retention, Shared: s.Database != "", Claims: claims, Office: s.Office, PublicURL: s.PublicURL, DevToken: s.DevToken, Origins: s.Origins, Proxies: s.Proxies, MetricsToken: s.MetricsToken,
	})
	if err != nil {
		return wrong("%w", err)
	}
	offices.Observe(waits)
	offices.Observe(server.Audience())
	var first firstStart
	err = patiently(func() (err error) {
		first, err = setUp(ctx, s, offices, accounts)
		return unusable(s, err)
	})
	if ctx.Err() != nil && err != nil {
		return nil
	}
	if err != nil {
		return err
	}
	err = offices.Read(ctx, s.Office, func(st *queue.State, at time.Time) { p.announce(s, listener.Addr(), first, st, at) })
	if err != nil {
		return unusable(s, err)
	}

	web := server.HTTP()
	beside := newBackground(ctx)
	beside.do(func(ctx context.Context) { follow(ctx, store, offices, log) })
	beside.do(func(ctx context.Context) { sweep(ctx, accounts, offices, log) })
	beside.do(func(ctx context.Context) { every(ctx, recheckEvery, server.Recheck) })
	beside.do(server.Audience().Agree)
	beside.do(server.Learn)
	beside.do(waits.Run)
	beside.do(func(ctx context.Context) { prune(ctx, store, offices, s.Retention, log) })
	beside.do(func(ctx context.Context) { ready(ctx, localAddress(listener.Addr())) })

	failed := make(chan error, 1)
	go func() { failed <- web.Serve(server.Guard(listener)) }()
	select {
	case err = <-failed:
		err = fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	log.Info("stopping")
	end, cancelEnd := context.WithTimeout(context.WithoutCancel(ctx), stopWithin)
	defer cancelEnd()
	// No new commands; the running ones end; then the views, which show them; then what uses the
	// journal beside them, which closes last.
	beside.cancel()
	return errors.Join(err, endRequests(end, web, log), offices.Close(end), server.Shutdown(end), beside.wait(end))
}

// background is what a server does beside answering requests.
type background struct {
	ctx     context.Context // ends with cancel
	cancel  context.CancelFunc
	running sync.WaitGroup
}

func newBackground(ctx context.Context) *background {
	b := new(background)
	b.ctx, b.cancel = context.WithCancel(ctx)
	return b
}

// do begins work that returns soon after its ctx ends.
func (b *background) do(work func(ctx context.Context)) { b.running.Go(func() { work(b.ctx) }) }

// wait waits for all work until ctx ends.
func (b *background) wait(ctx context.Context) error {
	ended := make(chan struct{})
	go func() {
		b.running.Wait()
		close(ended)
	}()
	select {
	case <-ended:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("background work: %w", ctx.Err())
	}
}

// endRequests takes no new requests and waits for the running ones, but not for long for a client
// that sends or reads slowly.
func endRequests(ctx context.Context, web *http.Server, log *slog.Logger) error {
	short, cancel := context.WithTimeout(ctx, requestsWithin)
	defer cancel()
	err := web.Shutdown(short)
	if !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	log.Warn("slow requests cut off", "after", requestsWithin)
	return web.Close()
}

// open opens the store that the settings name; a tool does so beside a running
// server. What can't be opened is a wrong setting, told in a line that names it.
func (p *program) open(ctx context.Context, s *config.Settings, tool bool) (journal.Store, error) {
	var store journal.Store
	var err error
	if s.Database != "" {
		store, err = postgres.Open(ctx, s.Database, postgres.Options{Log: p.log()})
	} else {
		store, err = sqlite.Open(ctx, databaseFile(s), sqlite.Options{Beside: tool})
	}
	if err == nil {
		return store, nil
	}
	if _, ok := errors.AsType[*journal.Error](err); ok {
		return nil, unusable(s, err)
	}
	return nil, wrong("%s: %w", storeSetting(s), err)
}

// storeSetting is the setting that says where the store is.
func storeSetting(s *config.Settings) string {
	if s.Database != "" {
		return "the database (ELIMINACODE_DATABASE)"
	}
	return "the data folder (--data) " + s.Data
}

// unusable makes a wrong setting, with its name and what to do, of an error of the store, whether
// it came up when the store was opened or when it was first read. Any other error stays what it is.
func unusable(s *config.Settings, err error) error {
	if known, ok := errors.AsType[*journal.Error](err); ok {
		return wrong("%s: %w", storeSetting(s), line{known})
	}
	return err
}

// line tells an error of the store in one line.
type line struct{ of *journal.Error }

func (l line) Error() string { return l.of.Line() }

func (l line) Unwrap() error { return l.of }

// clock is the machine's, or one that started at a given moment.
func clock(start time.Time) func() time.Time {
	if start.IsZero() {
		return time.Now
	}
	began := time.Now()
	return func() time.Time { return start.Add(time.Since(began)) }
}

// firstStart is what is shown once, at the first start of all.
type firstStart struct {
	password string // of the user admin; empty: not the first start
}

// setUp makes what a new installation lacks: the office, an administrator.
func setUp(ctx context.Context, s *config.Settings, offices *engine.Engine, accounts *auth.Service) (first firstStart, err error) {
	err = offices.Create(ctx, s.Office, queue.Default())
	if refused, ok := errors.AsType[*queue.Refusal](err); ok && refused.Code == queue.Conflict {
		err = nil
	}
	if err != nil {
		return first, err
	}
	password, created, err := accounts.FirstAdmin(ctx)
	if err != nil || !created {
		return first, err
	}
	return firstStart{password: password}, nil
}

// follow tells the engine what other servers write.
func follow(ctx context.Context, j journal.Journal, offices *engine.Engine, log *slog.Logger) {
	if err := j.Follow(ctx, offices.Ring); err != nil && ctx.Err() == nil {
		log.Error("journal: not following", "err", err)
	}
}

// every does work again and again until ctx ends.
func every(ctx context.Context, period time.Duration, work func()) {
	ticker := time.NewTicker(period)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			work()
		}
	}
}

// sweep forgets sessions that have run out.
func sweep(ctx context.Context, accounts *auth.Service, offices *engine.Engine, log *slog.Logger) {
	every(ctx, sweepEvery, func() {
		if offices.Clock() != nil {
			return // nothing is forgotten by a clock that can't be right
		}
		if err := accounts.Sweep(ctx); err != nil && ctx.Err() == nil {
			log.Warn("sessions not swept", "err", err)
		}
	})
}

// prune deletes detailed events when their time has come, now and every few hours.
func prune(ctx context.Context, j journal.Store, offices *engine.Engine, days int, log *slog.Logger) {
	if days == 0 {
		return
	}
	work := func() {
		if err := pruneAll(ctx, j, offices, days); err != nil && ctx.Err() == nil {
			log.Warn("old events not deleted", "err", err)
		}
	}
	work()
	every(ctx, pruneEvery, work)
}

// pruneAll prunes every office, also after one that can't be.
func pruneAll(ctx context.Context, j journal.Store, offices *engine.Engine, days int) error {
	names, err := j.Offices(ctx)
	for _, name := range names {
		var before time.Time
		settled := false
		failed := offices.Read(ctx, name, func(st *queue.State, now time.Time) {
			if settled = st.Settled(now); st.At.Before(now) { // the office's own time: it has carried out what is due
				now = st.At
			}
			before = now.In(st.Location()).AddDate(0, 0, -days)
		})
		if failed == nil && settled {
			failed = j.Prune(ctx, name, before)
		}
		err = errors.Join(err, failed)
	}
	return err
}

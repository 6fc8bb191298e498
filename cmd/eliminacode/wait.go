package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/eliminacode/eliminacode/pkg/httpd"
	"github.com/eliminacode/eliminacode/pkg/journal"
)

const (
	// waitRetry is how often a database that isn't up yet is tried.
	waitRetry = time.Second
	// waitTell is how often the log says so.
	waitTell = 30 * time.Second
)

// waits reports whether waiting may mend an error of the database: it needn't be up before this
// server is. A wrong address, password or name isn't mended.
func waits(err error) bool {
	known, ok := errors.AsType[*journal.Error](err)
	if !ok {
		return errors.Is(err, journal.ErrUnavailable)
	}
	switch known.Reason {
	case journal.Unreachable, journal.Broken, journal.Stopping, journal.Lacking, journal.Locked, journal.ReadOnly, journal.Full:
		return true
	}
	return false
}

// await does work until it succeeds, or fails by what waiting doesn't mend, or ctx ends. Meanwhile
// it answers on the listener that the server isn't ready.
func await(ctx context.Context, l net.Listener, log *slog.Logger, work func() error) error {
	err := work()
	if err == nil || !waits(err) {
		return err
	}
	starting, broken := httpd.Starting(log)
	if broken != nil {
		return broken
	}
	stop := answer(l, starting, log)
	defer stop()
	var told time.Time
	for ; waits(err); err = work() {
		if now := time.Now(); now.Sub(told) >= waitTell {
			log.Warn("waiting for the database", "err", oneLine(err))
			told = now
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("waiting for the database: %w", ctx.Err())
		case <-time.After(waitRetry):
		}
	}
	if err == nil {
		log.Info("the database is there")
	}
	return err
}

// oneLine is an error on one line: drivers tell of every address and try in lines of their own.
func oneLine(err error) string { return strings.Join(strings.Fields(err.Error()), " ") }

// answer serves on a listener that is needed again: stop hands it back.
func answer(l net.Listener, handler http.Handler, log *slog.Logger) (stop func()) {
	web := &http.Server{
		Handler: handler, ReadTimeout: 5 * time.Second, WriteTimeout: 5 * time.Second,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	web.SetKeepAlivesEnabled(false)
	deadline, lent := l.(interface{ SetDeadline(t time.Time) error })
	if !lent {
		return func() {}
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = web.Serve(borrowed{l}) // it ends when it is closed
	}()
	return func() {
		_ = deadline.SetDeadline(time.Unix(1, 0)) // nobody waits for a connection any longer
		_ = web.Close()
		<-ended
		_ = deadline.SetDeadline(time.Time{})
	}
}

// borrowed is a listener that stays open when its user closes it.
type borrowed struct{ net.Listener }

func (borrowed) Close() error { return nil }

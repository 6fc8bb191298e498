package postgres

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/eliminacode/eliminacode/pkg/journal"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

const (
	bell = "eliminacode" // the name of the NOTIFY channel

	ringTimeout  = 2 * time.Second        // a ring that takes longer is lost
	lastRing     = 300 * time.Millisecond // as long has one to end once the journal is closed
	aliveEvery   = 15 * time.Second
	aliveTimeout = 5 * time.Second

	firstRetry = 50 * time.Millisecond
	lastRetry  = 2 * time.Second
)

// Ring implements [journal.Journal]. It never waits.
func (j *Journal) Ring(office string) {
	j.mu.Lock()
	j.pending[office] = struct{}{}
	j.mu.Unlock()
	select {
	case j.wake <- struct{}{}:
	default: // it is awake
	}
}

// ringing rings at once for the first office, and after that for all that came within ringEvery.
func (j *Journal) ringing() {
	pause := time.NewTimer(j.ringEvery)
	defer pause.Stop()
	for {
		select {
		case <-j.life.Done():
			j.ringPending() // what was written last is to be heard as well
			return
		case <-j.wake:
		}
		j.ringPending()
		pause.Reset(j.ringEvery)
		select {
		case <-j.life.Done():
		case <-pause.C:
		}
	}
}

// ringPending rings for the offices that are to be rung for, if there are any.
func (j *Journal) ringPending() {
	j.mu.Lock()
	offices := slices.Sorted(maps.Keys(j.pending))
	clear(j.pending)
	j.mu.Unlock()
	if len(offices) == 0 {
		return
	}
	if err := j.notify(offices); err != nil && j.life.Err() == nil {
		j.log.Warn("journal: a ring for other servers was lost", "error", err)
	}
}

// notify rings. One that is under way when the journal is closed may end.
func (j *Journal) notify(offices []string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(j.life), ringTimeout)
	defer cancel()
	defer context.AfterFunc(j.life, func() { time.AfterFunc(lastRing, cancel) })()
	_, err := j.pool.Exec(ctx, `SELECT pg_notify($1, $2 || office) FROM UNNEST($3::TEXT[]) AS office`, bell, j.name+" ", offices)
	return err
}

// Follow implements [journal.Journal]. It listens on a connection of its own,
// and connects again, for as long as it takes, when that breaks. Since something
// may have been missed meanwhile, each connection begins with a ring for every office.
func (j *Journal) Follow(ctx context.Context, changed func(office string)) (err error) {
	defer wrap(&err, "postgres.Follow()")

	j.mu.Lock()
	if j.life.Err() != nil {
		j.mu.Unlock()
		return errClosed
	}
	j.work.Add(1)
	j.mu.Unlock()
	defer j.work.Done()

	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer context.AfterFunc(j.life, func() { cancel(errClosed) })()

	retry := firstRetry
	for {
		listening, err := j.listen(ctx, changed)
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if listening {
			retry = firstRetry
		}
		j.log.Warn("journal: the connection that hears of other servers broke", "error", err, "retry", retry)
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(retry):
		}
		retry = min(2*retry, lastRetry)
	}
}

// listen connects and listens until something breaks.
func (j *Journal) listen(ctx context.Context, changed func(office string)) (listening bool, err error) {
	conn, err := pgx.ConnectConfig(ctx, j.pool.Config().ConnConfig)
	if err != nil {
		return false, err
	}
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		_ = conn.Close(ctx) // it may be broken already
	}()
	if _, err := conn.Exec(ctx, "LISTEN "+bell); err != nil {
		return false, err
	}
	offices, err := j.Offices(ctx)
	if err != nil {
		return false, err
	}
	for _, office := range offices {
		changed(office)
	}
	for {
		n, err := waitFor(ctx, conn)
		if err != nil {
			return true, err
		}
		from, office, ok := strings.Cut(n.Payload, " ")
		if ok && from != j.name {
			changed(office)
		}
	}
}

// waitFor waits for a notification. A silent connection is asked now and then
// whether it is alive: a server that vanished from the network says nothing.
func waitFor(ctx context.Context, conn *pgx.Conn) (*pgconn.Notification, error) {
	for {
		wait, cancel := context.WithTimeout(ctx, aliveEvery)
		n, err := conn.WaitForNotification(wait)
		silent := wait.Err() != nil && ctx.Err() == nil && !conn.IsClosed()
		cancel()
		if err == nil || !silent {
			return n, err
		}
		alive, cancel := context.WithTimeout(ctx, aliveTimeout)
		err = conn.Ping(alive)
		cancel()
		if err != nil {
			return nil, fmt.Errorf("silent for %v: %w", aliveEvery, err)
		}
	}
}

// errClosed says that Close was called before or meanwhile.
var errClosed error = &journal.Error{Reason: journal.Closed}

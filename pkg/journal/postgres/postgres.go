// Package postgres keeps the journal in PostgreSQL: the engine of a town that
// has several servers, a standby, or many offices.
//
// Each append is one implicit transaction, sent in one round trip. Servers that
// share the database tell each other of new events by NOTIFY, which is only a
// doorbell and never part of a transaction that somebody waits for.
package postgres

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/eliminacode/eliminacode/pkg/journal"
	"github.com/eliminacode/eliminacode/pkg/journal/figures"
	"github.com/eliminacode/eliminacode/pkg/journal/internal/rows"
	"github.com/eliminacode/eliminacode/pkg/journal/migrations"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
)

const (
	defaultConnections = 16 // on two cores 16 are faster than 64
	connectTimeout     = 5 * time.Second
	defaultRingEvery   = 5 * time.Millisecond
	lockTimeout        = "5s"
)

// Options are the settings of a journal; the zero value is right.
type Options struct {
	// Connections is the size of the pool; 0 means the address's pool_max_conns, or 16.
	Connections int
	// RingEvery is the shortest time between two rings of the doorbell; 0 means 5 ms.
	RingEvery time.Duration
	// Log is told of the doorbell's troubles, which nobody else hears of; nil: nobody is told.
	Log *slog.Logger
}

// Journal is a [journal.Store] in a PostgreSQL database.
type Journal struct {
	*figures.Figures
	pool *pgxpool.Pool
	db   *sql.DB
	log  *slog.Logger

	name      string // of this server: it doesn't answer its own bell
	ringEvery time.Duration
	mu        sync.Mutex
	pending   map[string]struct{} // the offices to ring for
	wake      chan struct{}

	life    context.Context // ends with Close
	end     context.CancelFunc
	work    sync.WaitGroup // Follow and the bell
	closing sync.Once
}

// Open connects to the database that dsn names, brings its schema up to date and
// fills the pool, so that the first command of the day waits for none of it. Dsn
// is an address (postgres://...) or a list of settings; several hosts with
// target_session_attrs=read-write are tried until one can be written.
func Open(ctx context.Context, dsn string, o Options) (_ *Journal, err error) {
	defer wrap(&err, "postgres.Open()") // without the address, which may hold a password

	config, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		first, _, _ := strings.Cut(err.Error(), "\n")
		return nil, &journal.Error{Reason: journal.WrongAddress, Detail: first, Err: err}
	}
	switch {
	case o.Connections > 0:
		config.MaxConns = int32(min(o.Connections, 1000))
	case !strings.Contains(dsn, "pool_max_conns"):
		config.MaxConns = defaultConnections
	}
	config.MinConns = config.MaxConns
	if config.ConnConfig.ConnectTimeout == 0 {
		config.ConnConfig.ConnectTimeout = connectTimeout
	}
	if config.ConnConfig.RuntimeParams["application_name"] == "" {
		config.ConnConfig.RuntimeParams["application_name"] = "eliminacode"
	}
	config.BeforeConnect = neverCancel
	config.AfterConnect = makeDurable

	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, failure(err)
	}
	db := stdlib.OpenDBFromPool(pool)
	defer func() {
		if err != nil { // the server tries again each second
			_ = db.Close()
			pool.Close()
		}
	}()
	if err := errors.Join(bringUp(ctx, pool), warm(ctx, pool)); err != nil {
		return nil, err
	}
	if err := rows.CheckEvents(ctx, db, restore); err != nil {
		return nil, failure(err)
	}
	j := &Journal{
		pool: pool, db: db, log: o.Log, name: rand.Text(), ringEvery: o.RingEvery,
		pending: map[string]struct{}{}, wake: make(chan struct{}, 1),
	}
	j.Figures = figures.New(j.db, j.pruning, j.failure)
	j.db.SetMaxOpenConns(max(int(config.MaxConns)/2, 1)) // the rest is the journal's own
	if j.log == nil {
		j.log = slog.New(slog.DiscardHandler)
	}
	if j.ringEvery <= 0 {
		j.ringEvery = defaultRingEvery
	}
	j.life, j.end = context.WithCancel(context.Background())
	j.work.Go(j.ringing)
	return j, nil
}

// makeDurable undoes a server's default that would let a commit return before it
// is durable. Stricter settings, for a standby, stay. And it has a statement give
// up by itself that waits for a commit which no standby confirms.
func makeDurable(ctx context.Context, c *pgx.Conn) error {
	_, err := c.Exec(ctx, `
SELECT
    CASE current_setting('synchronous_commit') WHEN 'off' THEN set_config('synchronous_commit', 'on', false) END,
    CASE current_setting('lock_timeout') WHEN '0' THEN set_config('lock_timeout', $1, false) END`, lockTimeout)
	return err
}

// neverCancel keeps the driver from cancelling what runs on a connection that it
// gives up. A commit that waits for its standby would then end, unconfirmed, and
// be read as durable: the standby that takes over doesn't have it.
func neverCancel(_ context.Context, c *pgx.ConnConfig) error {
	dial, connected := c.DialFunc, new(atomic.Bool)
	c.DialFunc = func(ctx context.Context, network, address string) (net.Conn, error) {
		if connected.Load() { // then it dials for nothing but a cancel request
			return nil, errors.New("statements are never cancelled")
		}
		return dial(ctx, network, address)
	}
	c.AfterConnect = func(context.Context, *pgconn.PgConn) error {
		connected.Store(true)
		return nil
	}
	return nil
}

// upgradeLock is the advisory lock of the server that brings up the schema: any
// number that no other program of the database uses.
const upgradeLock = 0x656c696d696e61 // "elimina"

// bringUp makes or upgrades the tables; of several servers that start together, one does.
func bringUp(ctx context.Context, pool *pgxpool.Pool) error {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return failure(err)
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }() // nothing to do after the commit
	if _, err := tx.Exec(ctx, `SET LOCAL lock_timeout = 0`); err != nil {
		return failure(err)
	}
	if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock($1)`, int64(upgradeLock)); err != nil {
		return failure(err)
	}
	var there bool
	if err := tx.QueryRow(ctx, `SELECT to_regclass('schema_version') IS NOT NULL`).Scan(&there); err != nil {
		return failure(err)
	}
	version := 0
	if there {
		if err := tx.QueryRow(ctx, `SELECT version FROM schema_version`).Scan(&version); err != nil {
			return failure(err)
		}
	}
	steps, err := migrations.From(version)
	if err != nil {
		return err
	}
	for _, step := range steps {
		if _, err := tx.Conn().PgConn().Exec(ctx, step).ReadAll(); err != nil {
			return fmt.Errorf("schema: %w", failure(err))
		}
	}
	return failure(tx.Commit(ctx))
}

// warm opens every connection of the pool.
func warm(ctx context.Context, pool *pgxpool.Pool) error {
	var all sync.WaitGroup
	conns := make([]*pgxpool.Conn, pool.Config().MaxConns)
	errs := make([]error, len(conns))
	for i := range conns {
		all.Go(func() { conns[i], errs[i] = pool.Acquire(ctx) })
	}
	all.Wait()
	for _, c := range conns {
		if c != nil {
			c.Release()
		}
	}
	return failure(errors.Join(errs...))
}

// DB gives the database to the packages that keep tables of their own in it. It
// takes at most half of the pool.
func (j *Journal) DB() *sql.DB { return j.db }

// restore says how to get back what is lost.
const restore = "stop the servers, and restore the last copy that pg_dump made"

const eventsQuery = `
SELECT seq, body
FROM events
WHERE office = $1 AND seq > $2
ORDER BY seq
LIMIT $3`

// Events implements [journal.Journal].
func (j *Journal) Events(ctx context.Context, office string, after int64, limit int) (_ []queue.Event, err error) {
	defer wrap(&err, "postgres.Events(%q, %d)", office, after)

	list, err := j.pool.Query(ctx, eventsQuery, office, after, max(limit, 0))
	if err != nil {
		return nil, j.failure(err)
	}
	var events []queue.Event
	var seq int64
	var body string
	_, err = pgx.ForEachRow(list, []any{&seq, &body}, func() error {
		e, err := rows.ReadEvent(seq, []byte(body))
		if err != nil {
			detail := fmt.Sprintf("event %d of office %s can't be read (%v); %s", seq, office, err, restore)
			return &journal.Error{Reason: journal.Damaged, Detail: detail}
		}
		events = append(events, e)
		return nil
	})
	if err != nil {
		return nil, j.failure(err)
	}
	return events, nil
}

const snapshotQuery = `
SELECT seq, state
FROM snapshots
WHERE office = $1`

// Snapshot implements [journal.Journal].
func (j *Journal) Snapshot(ctx context.Context, office string) (s journal.Snapshot, err error) {
	defer wrap(&err, "postgres.Snapshot(%q)", office)

	var state string
	err = j.pool.QueryRow(ctx, snapshotQuery, office).Scan(&s.Seq, &state)
	if errors.Is(err, pgx.ErrNoRows) {
		return journal.Snapshot{}, nil
	}
	s.State = []byte(state)
	return s, j.failure(err)
}

const saveSnapshotQuery = `
INSERT INTO snapshots (office, seq, state)
VALUES ($1, $2, $3)
ON CONFLICT (office) DO UPDATE SET seq = excluded.seq, state = excluded.state
WHERE excluded.seq >= snapshots.seq`

// SaveSnapshot implements [journal.Journal].
func (j *Journal) SaveSnapshot(ctx context.Context, office string, s journal.Snapshot) (err error) {
	defer wrap(&err, "postgres.SaveSnapshot(%q, %d)", office, s.Seq)

	_, err = j.pool.Exec(ctx, saveSnapshotQuery, office, s.Seq, string(s.State))
	return j.failure(err)
}

// One step of the key for each office, not for each event; in the order of
// bytes, since the key's own order depends on the language of the database.
const officesQuery = `
WITH RECURSIVE office (name) AS (
    (SELECT MIN(office) FROM events)
    UNION ALL
    SELECT (SELECT MIN(events.office) FROM events WHERE events.office > office.name)
    FROM office
    WHERE office.name IS NOT NULL
)
SELECT name
FROM office
WHERE name IS NOT NULL
ORDER BY name COLLATE "C"`

// Offices implements [journal.Journal].
func (j *Journal) Offices(ctx context.Context) (_ []string, err error) {
	defer wrap(&err, "postgres.Offices()")

	rows, err := j.pool.Query(ctx, officesQuery)
	if err != nil {
		return nil, j.failure(err)
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	return names, j.failure(err)
}

const probeQuery = `
INSERT INTO probe (id, body)
VALUES (1, CLOCK_TIMESTAMP()::TEXT)
ON CONFLICT (id) DO UPDATE SET body = excluded.body`

// Ping implements [journal.Journal]. It commits a row, as durably as a command.
func (j *Journal) Ping(ctx context.Context) (err error) {
	defer wrap(&err, "postgres.Ping()")

	_, err = j.pool.Exec(ctx, probeQuery)
	return j.failure(err) // which has the pool connect anew when the server can only be read
}

// Close ends Follow, waits for what is going on, and disconnects.
func (j *Journal) Close() error {
	j.closing.Do(func() {
		j.mu.Lock()
		j.end()
		j.mu.Unlock()
		j.work.Wait()
		_ = j.db.Close() // only hands back connections of the pool
		j.pool.Close()
	})
	return nil
}

// Package sqlite keeps the journal in one file, embedded: the engine of a town
// hall that has one server. It needs nothing installed.
//
// All writes of the journal go through one connection, since SQLite has one
// writer at a time anyway; reads have a small pool of their own, which the
// write-ahead log lets go on beside the writer.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/eliminacode/eliminacode/pkg/disk"
	"github.com/eliminacode/eliminacode/pkg/journal"
	"github.com/eliminacode/eliminacode/pkg/journal/figures"
	"github.com/eliminacode/eliminacode/pkg/journal/internal/rows"
	"github.com/eliminacode/eliminacode/pkg/journal/migrations"
	"github.com/eliminacode/eliminacode/pkg/queue"
	_ "modernc.org/sqlite" // the driver named "sqlite"
)

// Options are the settings of a journal; the zero value is right.
type Options struct {
	// Readers is the most connections for reading, and for the users of DB; 0 means 4.
	Readers int
	// Beside opens a file that a server may have open, which the tools do: the
	// journal's key keeps the two from overwriting each other. The tables of an
	// older version, which that server may be of, are then refused, not upgraded.
	Beside bool
}

// Journal is a [journal.Store] in a file.
type Journal struct {
	*figures.Figures
	path   string
	folder *os.File // locked as well: a file can be deleted beside a server
	lock   *os.File
	pool   *sql.DB // reads, and what pkg/auth does
	writer writer

	closing sync.Once
	closed  chan struct{}
	work    sync.WaitGroup // tidying
	failed  error          // of Close
}

// Open opens the journal in the file at path, and makes it, and its folder, if
// they aren't there: for their owner's eyes alone. It refuses, by
// [journal.ErrUnavailable], a file that another server has open.
func Open(ctx context.Context, path string, o Options) (_ *Journal, err error) {
	j := &Journal{path: path, closed: make(chan struct{})}
	defer j.wrap(&err, "sqlite.Open(%q)", path)

	if o.Readers <= 0 {
		o.Readers = 4
	}
	if err := check(path); err != nil {
		return nil, err
	}
	if o.Beside {
		if _, err := os.Stat(path); err != nil {
			return nil, &journal.Error{Reason: journal.NoFile, Detail: err.Error(), Err: err}
		}
	} else {
		if err := makeFile(path); err != nil {
			return nil, &journal.Error{Reason: journal.NoFile, Detail: err.Error(), Err: err}
		}
		if j.folder, err = disk.LockFolder(filepath.Dir(path)); err != nil {
			return nil, &journal.Error{Reason: journal.InUse, Detail: err.Error(), Err: err}
		}
		if j.lock, err = disk.Lock(path + ".lock"); err != nil {
			return nil, &journal.Error{Reason: journal.InUse, Detail: err.Error(), Err: err}
		}
	}
	defer func() {
		if err != nil {
			_ = j.close() // the first error is the one to tell
		}
	}()

	if j.pool, err = sql.Open("sqlite", source(path)); err != nil {
		return nil, err
	}
	j.pool.SetMaxOpenConns(o.Readers)
	j.pool.SetMaxIdleConns(o.Readers)
	j.writer.files = newFiles(path)
	if err := j.writer.open(ctx, source(path), j.closed); err != nil {
		return nil, err
	}
	if err := j.bringUp(ctx); err != nil {
		return nil, err
	}
	if err := rows.CheckEvents(ctx, j.pool, j.restore()); err != nil {
		return nil, err
	}
	transact := func(ctx context.Context, f func(figures.DB) error) error {
		return j.writer.do(ctx, func() error { return f(j.writer.conn) })
	}
	if err := markUsed(j.lock); err != nil {
		return nil, &journal.Error{Reason: journal.NoFile, Detail: err.Error(), Err: err}
	}
	j.Figures = figures.New(j.pool, transact, j.meaning)
	j.work.Go(j.tidying)
	return j, nil
}

// tidying carries the log over into the database beside the commands, which
// SQLite by itself does within the commit that finds the log long: there somebody
// waits for it. Where this doesn't keep up, or fails, SQLite's way is left.
func (j *Journal) tidying() {
	for {
		select {
		case <-j.closed:
			return
		case <-j.writer.tidy:
			_, _ = j.pool.Exec(`PRAGMA wal_checkpoint(PASSIVE)`)
		}
	}
}

// bringUp makes or upgrades the tables.
func (j *Journal) bringUp(ctx context.Context) error {
	conn := j.writer.conn
	var there, version int
	if err := conn.QueryRowContext(ctx, `SELECT COUNT(*) FROM sqlite_schema WHERE name = 'schema_version'`).Scan(&there); err != nil {
		return err
	}
	if there > 0 {
		if err := conn.QueryRowContext(ctx, `SELECT version FROM schema_version`).Scan(&version); err != nil {
			return err
		}
	}
	steps, err := migrations.From(version)
	switch {
	case err != nil || len(steps) == 0:
		return err
	case version > 0 && j.lock == nil:
		detail := fmt.Sprintf("the database is of version %d, this eliminacode uses %d: start its server once, which upgrades the database", version, migrations.Version())
		return &journal.Error{Reason: journal.OtherVersion, Detail: detail}
	}
	return j.writer.do(ctx, func() error {
		for _, step := range steps {
			if _, err := conn.ExecContext(ctx, step); err != nil {
				return fmt.Errorf("schema: %w", err)
			}
		}
		return nil
	})
}

// makeFile makes the file and its folder, durably, if they aren't there.
func makeFile(path string) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if os.IsExist(err) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return disk.SyncFolder(dir)
}

// source is the address of the file for the driver. FULL makes each commit
// reach the disk: without it, a power cut could take back a ticket in somebody's hand.
func source(path string) string {
	pragmas := url.Values{
		"_pragma": {
			"busy_timeout(5000)",
			"journal_mode(wal)",
			"synchronous(full)",
			"foreign_keys(on)",
			"cache_size(-16000)",       // 16 MB
			"wal_autocheckpoint(4000)", // 16 MB of log: see tidying
			"temp_store(memory)",
		},
		"_txlock": {"immediate"},
		"mode":    {"rw"}, // it is made once, by makeFile: a file that went away isn't made anew
	}
	return address(path, pragmas)
}

// address names a file for SQLite, whatever characters its path has.
func address(path string, query url.Values) string {
	return (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: query.Encode()}).String()
}

// DB gives the database to the packages that keep tables of their own in it.
// Their writes wait for the journal's, and the other way round: keep them short.
func (j *Journal) DB() *sql.DB { return j.pool }

const eventsQuery = `
SELECT seq, body
FROM events
WHERE office = $1 AND seq > $2
ORDER BY seq
LIMIT $3`

// Events implements [journal.Journal].
func (j *Journal) Events(ctx context.Context, office string, after int64, limit int) (_ []queue.Event, err error) {
	defer j.wrap(&err, "sqlite.Events(%q, %d)", office, after)

	list, err := j.pool.QueryContext(ctx, eventsQuery, office, after, max(limit, 0))
	if err != nil {
		return nil, err
	}
	defer list.Close()
	var events []queue.Event
	for list.Next() {
		var seq int64
		var body sql.RawBytes
		if err := list.Scan(&seq, &body); err != nil {
			return nil, err
		}
		e, err := rows.ReadEvent(seq, body)
		if err != nil {
			detail := fmt.Sprintf("event %d of office %s can't be read (%v); %s", seq, office, err, j.restore())
			return nil, &journal.Error{Reason: journal.Damaged, Detail: detail}
		}
		events = append(events, e)
	}
	return events, list.Err()
}

// restore says how to get back what is lost.
func (j *Journal) restore() string {
	return `stop the server, and put the last copy that "eliminacode backup" made in the place of ` + j.path
}

const snapshotQuery = `
SELECT seq, state
FROM snapshots
WHERE office = $1`

// Snapshot implements [journal.Journal].
func (j *Journal) Snapshot(ctx context.Context, office string) (s journal.Snapshot, err error) {
	defer j.wrap(&err, "sqlite.Snapshot(%q)", office)

	err = j.pool.QueryRowContext(ctx, snapshotQuery, office).Scan(&s.Seq, &s.State)
	if err == sql.ErrNoRows {
		return journal.Snapshot{}, nil
	}
	return s, err
}

const saveSnapshotQuery = `
INSERT INTO snapshots (office, seq, state)
VALUES ($1, $2, $3)
ON CONFLICT (office) DO UPDATE SET seq = excluded.seq, state = excluded.state
WHERE excluded.seq >= snapshots.seq`

// SaveSnapshot implements [journal.Journal].
func (j *Journal) SaveSnapshot(ctx context.Context, office string, s journal.Snapshot) (err error) {
	defer j.wrap(&err, "sqlite.SaveSnapshot(%q, %d)", office, s.Seq)

	return j.writer.do(ctx, func() error {
		return j.writer.exec(saveSnapshotQuery, office, s.Seq, string(s.State))
	})
}

// The newest event of an office is always kept, so every office is found in the
// first key after the one before it: a step for each office, not for each event.
const officesQuery = `
WITH RECURSIVE office (name) AS (
    SELECT MIN(office) FROM events
    UNION ALL
    SELECT (SELECT MIN(events.office) FROM events WHERE events.office > office.name)
    FROM office
    WHERE office.name IS NOT NULL
)
SELECT name
FROM office
WHERE name IS NOT NULL
ORDER BY name`

// Offices implements [journal.Journal].
func (j *Journal) Offices(ctx context.Context) (names []string, err error) {
	defer j.wrap(&err, "sqlite.Offices()")

	rows, err := j.pool.QueryContext(ctx, officesQuery)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, rows.Err()
}

// Follow implements [journal.Journal]: nobody else writes to the file.
func (j *Journal) Follow(ctx context.Context, _ func(office string)) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-j.closed:
		return errClosed
	}
}

// Ring implements [journal.Journal]: nobody else reads the file.
func (j *Journal) Ring(string) {}

// probeSize is how much a probe writes: more than the commands of a moment, so that it fails no
// later than they do.
const probeSize = 64 << 10

// probeBody is what it writes.
var probeBody = strings.Repeat("eliminacode.....", probeSize/16)

// Ping implements [journal.Journal]. It does what a command does, durably: it takes new pages of
// the database, of which it leaves as many as it took, and touches the end of every office's
// events. Less than that, a full or damaged disk lets pass.
func (j *Journal) Ping(ctx context.Context) (err error) {
	defer j.wrap(&err, "sqlite.Ping()")

	w := &j.writer
	return w.do(ctx, func() error {
		offices, err := j.Offices(ctx)
		if err != nil {
			return err
		}
		for _, office := range offices {
			for _, query := range []string{
				`INSERT INTO events (office, seq, at, kind, ticket, counter, body) SELECT office, MAX(seq) + 1, 0, 'probe', '', '', '' FROM events WHERE office = ? GROUP BY office`,
				`DELETE FROM events WHERE office = ?1 AND seq = (SELECT MAX(seq) FROM events WHERE office = ?1) AND kind = 'probe'`,
			} {
				if err := w.exec(query, office); err != nil {
					return err
				}
			}
		}
		if err := w.exec(`INSERT INTO probe (id, body) SELECT COALESCE(MAX(id), 0) + 1, ? FROM probe`, probeBody); err != nil {
			return err
		}
		return w.exec(`DELETE FROM probe WHERE id < (SELECT MAX(id) FROM probe)`)
	})
}

// Close ends the use of the file. Whatever was appended is in it.
func (j *Journal) Close() error {
	j.closing.Do(func() {
		close(j.closed)
		j.failed = j.close()
	})
	return j.failed
}

func (j *Journal) close() error {
	j.work.Wait()
	errs := []error{j.writer.close()}
	if j.pool != nil {
		errs = append(errs, j.pool.Close())
	}
	for _, locked := range []*os.File{j.lock, j.folder} {
		if locked != nil {
			errs = append(errs, disk.Unlock(locked))
		}
	}
	return errors.Join(errs...)
}

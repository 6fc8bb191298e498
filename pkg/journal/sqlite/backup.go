package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	"github.com/eliminacode/eliminacode/pkg/disk"
)

// Backup writes a copy of the whole database, as it is at one moment, to a new
// file, while the office goes on. It returns when the copy is on the disk and
// has been checked; a copy that is not whole is deleted. It refuses, by
// [os.ErrExist], to overwrite a file.
func (j *Journal) Backup(ctx context.Context, path string) (err error) {
	defer j.wrap(&err, "sqlite.Backup(%q)", path)

	return copyTo(ctx, j.pool, path)
}

// Backup is [Journal.Backup] of the database at from, which a server may have open.
func Backup(ctx context.Context, from, to string) (err error) {
	j := &Journal{path: from, closed: make(chan struct{})}
	defer j.wrap(&err, "sqlite.Backup(%q, %q)", from, to)

	if _, err := os.Stat(from); err != nil {
		return err
	}
	db, err := sql.Open("sqlite", source(from))
	if err != nil {
		return err
	}
	return errors.Join(copyTo(ctx, db, to), db.Close())
}

func copyTo(ctx context.Context, db *sql.DB, path string) (err error) {
	// SQLite takes an empty file for a new one: so the name is ours before the
	// copy begins, and the copy is its owner's alone.
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	defer func() {
		if err = errors.Join(err, f.Close()); err != nil {
			err = errors.Join(err, os.Remove(path))
		}
	}()
	if _, err := db.ExecContext(ctx, `VACUUM INTO ?`, path); err != nil {
		return err
	}
	if err := checkCopy(ctx, path); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	return disk.SyncFolder(filepath.Dir(path))
}

// checkCopy reads the whole copy, as the file that it is: without a log beside it.
func checkCopy(ctx context.Context, path string) (err error) {
	db, err := sql.Open("sqlite", address(path, url.Values{"mode": {"ro"}, "immutable": {"1"}}))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var verdict string
	if err := db.QueryRowContext(ctx, `PRAGMA integrity_check`).Scan(&verdict); err != nil {
		return err
	}
	if verdict != "ok" {
		return fmt.Errorf("the copy is damaged: %s", verdict)
	}
	return nil
}

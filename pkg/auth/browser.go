package auth

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"time"
)

const (
	// browserLife is how long a browser is known without a sign-in: as long as browsers keep a
	// cookie.
	browserLife = 400 * 24 * time.Hour
	// maxBrowsers is how many of a user's are known, the last ones used.
	maxBrowsers = 20
)

// From is where a sign-in comes from.
type From struct {
	// Address is whom it counts for.
	Address string
	// Browser is what an earlier sign-in gave the browser, see [Session.Browser]; empty if none
	// did.
	Browser string
}

// usersOf are the users who have signed in with a browser.
func (s *Service) usersOf(ctx context.Context, browser string) (names []string, err error) {
	if !strings.HasPrefix(browser, browserPrefix) {
		return nil, nil
	}
	rows, err := s.db.QueryContext(ctx, `SELECT user_name FROM browsers WHERE token_hash = $1 AND seen_at > $2`,
		hashToken(browser), s.opts.Now().Add(-browserLife).UnixMicro())
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, rows.Err()
}

// knows says whether the user has signed in with this browser before.
func (s *Service) knows(ctx context.Context, name, browser string) (bool, error) {
	names, err := s.usersOf(ctx, browser)
	return slices.Contains(names, name), err
}

const insertBrowser = `
	INSERT INTO browsers (
		token_hash,
		user_name,
		seen_at
	) VALUES ($1, $2, $3)
	ON CONFLICT (token_hash, user_name) DO UPDATE SET seen_at = excluded.seen_at`

const deleteOldBrowsers = `
	DELETE FROM browsers
	WHERE user_name = $1
		AND token_hash NOT IN (
			SELECT token_hash
			FROM browsers
			WHERE user_name = $1
			ORDER BY seen_at DESC, token_hash
			LIMIT $2
		)`

// remember notes that the user signed in with the browser, and gives what it is known by from now
// on: what it came with, if that was ever given to it.
func (s *Service) remember(ctx context.Context, tx *sql.Tx, name, browser string, ours bool) (string, error) {
	if !ours {
		browser = newToken(browserPrefix)
	}
	if _, err := tx.ExecContext(ctx, insertBrowser, hashToken(browser), name, s.opts.Now().UnixMicro()); err != nil {
		return "", err
	}
	_, err := tx.ExecContext(ctx, deleteOldBrowsers, name, maxBrowsers)
	return browser, err
}

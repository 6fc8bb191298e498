package auth

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"
)

// Session is what a sign-in gives.
type Session struct {
	Identity Identity
	// Token is the secret to send with every request. It is shown only here.
	Token string
	// Browser is a secret for the browser to keep for 400 days and to send with its next sign-in:
	// it proves that the user has signed in with it before, and nothing else.
	Browser string
	// ExpiresAt is when the session ends at the latest.
	ExpiresAt time.Time
}

const selectLogin = `
	SELECT
		full_name,
		role,
		offices,
		password,
		disabled
	FROM users
	WHERE name = $1`

const insertSession = `
	INSERT INTO sessions (
		token_hash,
		user_name,
		expires_at,
		seen_at
	) VALUES ($1, $2, $3, $4)`

// Login signs a user in. A wrong password, an unknown name and a disabled user are all
// Unauthenticated and take equally long. Too many failures are RateLimited, and then the right
// password is refused as well: those of the user's own browsers count apart from all others, see
// [From]. Too many sign-ins at once are Busy.
func (s *Service) Login(ctx context.Context, name, password string, from From) (session Session, err error) {
	defer wrap(&err, "sign in")
	name = NormalName(name)
	identity, err := s.checkLogin(ctx, name, password, from)
	if err != nil {
		return Session{}, err
	}
	users, err := s.usersOf(ctx, from.Browser)
	if err != nil {
		return Session{}, err
	}
	now := s.opts.Now()
	session = Session{Identity: identity, Token: newToken(sessionPrefix), ExpiresAt: now.Add(s.opts.SessionLife)}
	err = s.inTx(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, insertSession, hashToken(session.Token), name, session.ExpiresAt.UnixMicro(), now.UnixMicro())
		if err != nil {
			return err
		}
		session.Browser, err = s.remember(ctx, tx, name, from.Browser, len(users) > 0)
		return err
	})
	if err != nil {
		return Session{}, err
	}
	return session, nil
}

// checkLogin checks a name and a password against the limits and the stored hash, which it renews
// if its cost has changed.
func (s *Service) checkLogin(ctx context.Context, name, password string, from From) (identity Identity, err error) {
	if !validName(name) || len(password) > maxPassword {
		// Neither can be right; not counting them keeps the limiter's keys short.
		return Identity{}, &Error{Code: Unauthenticated}
	}
	known, err := s.knows(ctx, name, from.Browser)
	if err != nil {
		return Identity{}, err
	}
	refund, err := s.attempts.take(name, from, known, s.opts.Now())
	if err != nil {
		return Identity{}, err
	}
	// What wasn't tried, or was right, doesn't count.
	defer func() {
		if CodeOf(err) != Unauthenticated {
			refund()
		}
	}()
	end, err := s.hashing.take(ctx, known)
	if err != nil {
		return Identity{}, err
	}
	defer end()
	identity = Identity{Kind: KindUser, Name: name}
	var offices, phc string
	var disabled int64
	err = s.db.QueryRowContext(ctx, selectLogin, name).Scan(&identity.FullName, &identity.Role, &offices, &phc, &disabled)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return Identity{}, err
	}
	identity.Offices = readOffices(offices)
	ok, stale, err := s.verify(password, phc)
	if err != nil {
		return Identity{}, err
	}
	if !ok || disabled != 0 {
		return Identity{}, &Error{Code: Unauthenticated}
	}
	if stale {
		// Only if nobody has changed it meanwhile.
		_, err := s.db.ExecContext(ctx, `UPDATE users SET password = $1 WHERE name = $2 AND password = $3`, s.phc(password), name, phc)
		if err != nil {
			return Identity{}, err
		}
	}
	return identity, nil
}

const selectSession = `
	SELECT
		users.name,
		users.full_name,
		users.role,
		users.offices,
		CASE WHEN users.seat_session = sessions.token_hash THEN users.seat_office ELSE '' END,
		sessions.seen_at
	FROM sessions
	JOIN users ON users.name = sessions.user_name
	WHERE sessions.token_hash = $1
		AND sessions.expires_at > $2
		AND sessions.expires_at <= $3
		AND sessions.seen_at > $4
		AND users.disabled = 0`

func (s *Service) identifyUser(ctx context.Context, token string, used bool) (identity Identity, err error) {
	defer wrap(&err, "identify a user")
	now := s.opts.Now()
	hash := hashToken(token)
	identity.Kind = KindUser
	var offices string
	var seen int64
	err = s.db.QueryRowContext(ctx, selectSession, hash, now.UnixMicro(), latest(now, s.opts.SessionLife), now.Add(-s.opts.SessionIdle).UnixMicro()).
		Scan(&identity.Name, &identity.FullName, &identity.Role, &offices, &identity.Seat, &seen)
	if errors.Is(err, sql.ErrNoRows) {
		return Identity{}, &Error{Code: Unauthenticated}
	}
	if err != nil {
		return Identity{}, err
	}
	identity.Offices = readOffices(offices)
	if used && isOld(seen, now, sessionStep) {
		// If it fails, on a full disk say, the next request tries again: that is no reason to
		// refuse this one.
		_, _ = s.db.ExecContext(ctx, `UPDATE sessions SET seen_at = $1 WHERE token_hash = $2`, now.UnixMicro(), hash)
	}
	return identity, nil
}

// Logout ends a session. It is no error if there is none.
func (s *Service) Logout(ctx context.Context, token string) (err error) {
	defer wrap(&err, "sign out")
	defer s.recent.forget()
	if !strings.HasPrefix(token, sessionPrefix) {
		return nil
	}
	_, err = s.db.ExecContext(ctx, `DELETE FROM sessions WHERE token_hash = $1`, hashToken(token))
	return err
}

// Sweep deletes the sessions and browsers that have run out, to be called every hour or so.
func (s *Service) Sweep(ctx context.Context) (err error) {
	defer wrap(&err, "sweep sessions and browsers")
	now := s.opts.Now()
	_, sessions := s.db.ExecContext(ctx, `DELETE FROM sessions WHERE expires_at <= $1 OR expires_at > $2 OR seen_at <= $3`,
		now.UnixMicro(), latest(now, s.opts.SessionLife), now.Add(-s.opts.SessionIdle).UnixMicro())
	_, browsers := s.db.ExecContext(ctx, `DELETE FROM browsers WHERE seen_at <= $1`, now.Add(-browserLife).UnixMicro())
	return errors.Join(sessions, browsers)
}

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

// Login signs a user in from an address. A wrong password, an unknown name and a disabled user are all
// Unauthenticated and take equally long; too many failures of the name or the address are RateLimited, and then the right
// password is refused as well.
func (s *Service) Login(ctx context.Context, name, password, address string) (session Session, err error) {
	defer wrap(&err, "sign in")
	name = NormalName(name)
	identity, err := s.checkLogin(ctx, name, password, address)
	if err != nil {
		return Session{}, err
	}
	token := newToken(sessionPrefix)
	now := s.opts.Now()
	expires := now.Add(s.opts.SessionLife)
	if _, err := s.db.ExecContext(ctx, insertSession, hashToken(token), name, expires.UnixMicro(), now.UnixMicro()); err != nil {
		return Session{}, err
	}
	return Session{Identity: identity, Token: token, ExpiresAt: expires}, nil
}

// checkLogin checks a name and a password against the limits and the stored hash, which it renews if its cost has changed.
func (s *Service) checkLogin(ctx context.Context, name, password, address string) (Identity, error) {
	if !validName(name) || len(password) > maxPassword {
		// Neither can be right; not counting them keeps the limiter's keys short.
		return Identity{}, &Error{Code: Unauthenticated}
	}
	refund, err := s.takeAttempt(name, address)
	if err != nil {
		return Identity{}, err
	}
	identity := Identity{Kind: KindUser, Name: name}
	var offices, phc string
	var disabled int64
	err = s.db.QueryRowContext(ctx, selectLogin, name).Scan(&identity.FullName, &identity.Role, &offices, &phc, &disabled)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		refund()
		return Identity{}, err
	}
	identity.Offices = readOffices(offices)
	ok, stale, err := s.verify(ctx, password, phc)
	if err != nil {
		refund()
		return Identity{}, err
	}
	if !ok || disabled != 0 {
		return Identity{}, &Error{Code: Unauthenticated}
	}
	refund()
	if stale {
		renewed, err := s.hash(ctx, password)
		if err != nil {
			return Identity{}, err
		}
		// Only if nobody has changed it meanwhile.
		if _, err := s.db.ExecContext(ctx, `UPDATE users SET password = $1 WHERE name = $2 AND password = $3`, renewed, name, phc); err != nil {
			return Identity{}, err
		}
	}
	return identity, nil
}

// takeAttempt counts a sign-in for its name and its address; refund takes it back.
func (s *Service) takeAttempt(name, address string) (refund func(), err error) {
	now := s.opts.Now()
	if wait := s.networks.take(address, now); wait > 0 {
		return nil, rateLimited(wait)
	}
	if wait := s.names.take(name, now); wait > 0 {
		// It stays counted for the address: trying locked names is no way to go on.
		return nil, rateLimited(wait)
	}
	return func() {
		s.networks.refund(address)
		s.names.refund(name)
	}, nil
}

func rateLimited(wait time.Duration) error {
	return &Error{Code: RateLimited, RetryAfter: (wait + time.Second - 1).Truncate(time.Second)}
}

const selectSession = `
	SELECT
		users.name,
		users.full_name,
		users.role,
		users.offices,
		sessions.seen_at
	FROM sessions
	JOIN users ON users.name = sessions.user_name
	WHERE sessions.token_hash = $1
		AND sessions.expires_at > $2
		AND sessions.seen_at > $3
		AND users.disabled = 0`

func (s *Service) identifyUser(ctx context.Context, token string, used bool) (identity Identity, err error) {
	defer wrap(&err, "identify a user")
	now := s.opts.Now()
	hash := hashToken(token)
	identity.Kind = KindUser
	var offices string
	var seen int64
	err = s.db.QueryRowContext(ctx, selectSession, hash, now.UnixMicro(), now.Add(-s.opts.SessionIdle).UnixMicro()).
		Scan(&identity.Name, &identity.FullName, &identity.Role, &offices, &seen)
	if errors.Is(err, sql.ErrNoRows) {
		return Identity{}, &Error{Code: Unauthenticated}
	}
	if err != nil {
		return Identity{}, err
	}
	identity.Offices = readOffices(offices)
	if used && now.UnixMicro()-seen > seenStep.Microseconds() {
		// If it fails, on a full disk say, the next request tries again: that is no reason to refuse this one.
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

// Sweep deletes the sessions that have ended, to be called every hour or so.
func (s *Service) Sweep(ctx context.Context) (err error) {
	defer wrap(&err, "sweep sessions")
	now := s.opts.Now()
	_, err = s.db.ExecContext(ctx, `DELETE FROM sessions WHERE expires_at <= $1 OR seen_at <= $2`,
		now.UnixMicro(), now.Add(-s.opts.SessionIdle).UnixMicro())
	return err
}

package auth

import (
	"context"
	"database/sql"
	"errors"
)

// Sit notes that the user of a session is at a counter of an office with it. It is no error if
// there is no such session.
func (s *Service) Sit(ctx context.Context, token, office string) (err error) {
	defer wrap(&err, "note a seat")
	defer s.recent.forget()
	_, err = s.db.ExecContext(ctx, `
		UPDATE users
		SET seat_office = $1,
			seat_session = $2
		WHERE name = (SELECT user_name FROM sessions WHERE token_hash = $2)`, office, hashToken(token))
	return err
}

const selectSeat = `
	SELECT users.seat_office
	FROM sessions
	JOIN users ON users.name = sessions.user_name
	WHERE sessions.token_hash = $1
		AND (users.seat_session = $1 OR NOT EXISTS (
			SELECT 1
			FROM sessions AS others
			WHERE others.user_name = users.name
				AND others.token_hash <> $1
				AND others.expires_at > $2
				AND others.expires_at <= $3
				AND others.seen_at > $4
		))`

// SeatOf is the office whose counter its user leaves when a session ends: where they were at one
// last, with this session or with one that has ended before it. It is empty while another session
// goes on with the counter, and for who was at none.
func (s *Service) SeatOf(ctx context.Context, token string) (office string, err error) {
	defer wrap(&err, "find a seat")
	now := s.opts.Now()
	err = s.db.QueryRowContext(ctx, selectSeat,
		hashToken(token), now.UnixMicro(), latest(now, s.opts.SessionLife), now.Add(-s.opts.SessionIdle).UnixMicro()).Scan(&office)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return office, err
}

package auth

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"strings"
	"time"
)

const (
	// pairingLife is how long a pairing code holds.
	pairingLife = 10 * time.Minute
	// codeLetters have no two that look alike.
	codeLetters = "23456789ACDEFGHJKMNPQRTUVWXY"
	codeLength  = 8
	// Codes that wait at once: of one network, and in all. They bound what those can fill who ask
	// without end.
	codesEach = 20
	codesMax  = 1000
)

// Place is what a device is for: its kind, and the office and the totem or display there.
type Place struct {
	Kind           DeviceKind
	Office, Target string
}

// Pairing is a device that isn't paired yet. Either the device asked, shows its code and waits for
// an administrator to confirm it, or an administrator invited a device, which whoever opens it with
// the code becomes.
type Pairing struct {
	ID string
	Place
	Invited   bool
	ExpiresAt time.Time
}

// AskPairing is for a device that shows the code. The token is nobody's until an administrator
// confirms the code; from then on it is the device's. The place is only what the device believes
// that it is for, and may be empty. Of a network that has many codes waiting, the oldest gives way,
// and when there are too many in all, that of the network that has the most.
func (s *Service) AskPairing(ctx context.Context, believed Place, network string) (p Pairing, code, token string, err error) {
	defer wrap(&err, "ask for pairing")
	for _, field := range []struct{ name, text string }{
		{"kind", string(believed.Kind)}, {"office", believed.Office}, {"target", believed.Target},
	} {
		if len(field.text) > maxID || !storable(field.text) {
			return Pairing{}, "", "", invalid(field.name, Malformed)
		}
	}
	token = newToken(devicePrefix)
	p, code, err = s.newPairing(ctx, believed, hashToken(token), network)
	return p, code, token, err
}

// InviteDevice makes the code with which a device becomes the one of a place, once. It returns
// Invalid of "kind", "office" or "target".
func (s *Service) InviteDevice(ctx context.Context, place Place) (p Pairing, code string, err error) {
	defer wrap(&err, "invite a device")
	if err := place.check(); err != nil {
		return Pairing{}, "", err
	}
	return s.newPairing(ctx, place, "", "")
}

// deleteOfMost has the oldest code of the network give way that has the most: a crowd that asks
// from everywhere gets in its own way, and not in that of the one device in front of somebody.
const deleteOfMost = `
	DELETE FROM pairings
	WHERE id = (
		SELECT id
		FROM pairings
		WHERE network = (
			SELECT network
			FROM pairings
			WHERE network <> ''
			GROUP BY network
			ORDER BY COUNT(*) DESC, MIN(expires_at), network
			LIMIT 1
		)
		ORDER BY expires_at, id
		LIMIT 1
	)`

// newPairing keeps a pairing; one without a token's hash is an invitation.
func (s *Service) newPairing(ctx context.Context, place Place, tokenHash, network string) (p Pairing, code string, err error) {
	now := s.opts.Now()
	p = Pairing{
		ID: strings.ToLower(rand.Text()[:16]), Place: place, Invited: tokenHash == "",
		ExpiresAt: now.Add(pairingLife).Truncate(time.Second).UTC(),
	}
	code = newCode()
	err = s.inTx(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM pairings WHERE expires_at <= $1 OR expires_at > $2`, now.UnixMicro(), latest(now, pairingLife)); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `
			DELETE FROM pairings
			WHERE network = $1 AND network <> '' AND id NOT IN (
				SELECT id FROM pairings WHERE network = $1 ORDER BY expires_at DESC, id LIMIT $2
			)`, network, codesEach-1); err != nil {
			return err
		}
		var waiting int
		if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM pairings WHERE network <> ''`).Scan(&waiting); err != nil {
			return err
		}
		if waiting >= codesMax && !p.Invited {
			if _, err := tx.ExecContext(ctx, deleteOfMost); err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, `
			INSERT INTO pairings (
				id,
				code_hash,
				token_hash,
				kind,
				office,
				target,
				network,
				expires_at
			) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			p.ID, hashToken(code), tokenHash, string(place.Kind), place.Office, place.Target, network, p.ExpiresAt.UnixMicro())
		return err
	})
	return p, code, err
}

// newCode is a short code that a person reads from a screen.
func newCode() string {
	b := make([]byte, codeLength)
	for i := range b {
		b[i] = codeLetters[randomBelow(len(codeLetters))]
	}
	return string(b)
}

// randomBelow is each number below n, all as likely.
func randomBelow(n int) int {
	var b [1]byte
	for {
		rand.Read(b[:])
		if v := int(b[0]); v < 256-256%n {
			return v % n
		}
	}
}

// spelled is a code as it is kept, however somebody typed it.
func spelled(code string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(codeLetters, r) {
			return r
		}
		return -1
	}, strings.ToUpper(code))
}

// ConfirmPairing pairs the device that shows the code, with a place: the device's token holds from
// now on. It returns Unknown of a code that is wrong, used or old, and Invalid of "kind", "office"
// or "target".
func (s *Service) ConfirmPairing(ctx context.Context, code string, place Place) (device Device, err error) {
	defer wrap(&err, "confirm a pairing")
	defer s.recent.forget()
	if err := place.check(); err != nil {
		return Device{}, err
	}
	err = s.inTx(ctx, func(tx *sql.Tx) error {
		found, err := s.take(ctx, tx, code, false)
		if err != nil {
			return err
		}
		device, err = s.addDevice(ctx, tx, place, found.tokenHash)
		return err
	})
	return device, err
}

// RedeemPairing makes who has an invitation's code the device that was invited, and gives its
// token. It returns Unknown of a code that is wrong, used or old.
func (s *Service) RedeemPairing(ctx context.Context, code string) (device Device, token string, err error) {
	defer wrap(&err, "redeem a pairing")
	token = newToken(devicePrefix)
	err = s.inTx(ctx, func(tx *sql.Tx) error {
		found, err := s.take(ctx, tx, code, true)
		if err != nil {
			return err
		}
		device, err = s.addDevice(ctx, tx, found.place, hashToken(token))
		return err
	})
	return device, token, err
}

// taken is what was known of a pairing that has been used.
type taken struct {
	place     Place
	tokenHash string
}

// take uses up a code: of two who have it, one gets it.
func (s *Service) take(ctx context.Context, tx *sql.Tx, code string, invited bool) (found taken, err error) {
	now, condition := s.opts.Now(), `token_hash <> ''`
	if invited {
		condition = `token_hash = ''`
	}
	err = tx.QueryRowContext(ctx, `
		DELETE FROM pairings
		WHERE code_hash = $1 AND expires_at > $2 AND expires_at <= $3 AND `+condition+`
		RETURNING kind, office, target, token_hash`, hashToken(spelled(code)), now.UnixMicro(), latest(now, pairingLife)).
		Scan(&found.place.Kind, &found.place.Office, &found.place.Target, &found.tokenHash)
	if errors.Is(err, sql.ErrNoRows) {
		err = &Error{Code: Unknown}
	}
	return found, err
}

// DismissPairing ends a code that waits. It returns Unknown.
func (s *Service) DismissPairing(ctx context.Context, id string) (err error) {
	defer wrap(&err, "dismiss a pairing")
	if !storable(id) {
		return &Error{Code: Unknown}
	}
	res, err := s.db.ExecContext(ctx, `DELETE FROM pairings WHERE id = $1`, id)
	return affected(res, err, &Error{Code: Unknown})
}

// Pairings lists the codes that wait, the newest first.
func (s *Service) Pairings(ctx context.Context) (list []Pairing, err error) {
	defer wrap(&err, "list pairings")
	return s.pairings(ctx, `TRUE`)
}

// PairingOf finds the pairing that waits for the holder of a token. It returns Unknown.
func (s *Service) PairingOf(ctx context.Context, id, token string) (p Pairing, err error) {
	defer wrap(&err, "find a pairing")
	if !storable(id) {
		return Pairing{}, &Error{Code: Unknown}
	}
	list, err := s.pairings(ctx, `id = $3 AND token_hash = $4`, id, hashToken(token))
	if err == nil && len(list) == 0 {
		err = &Error{Code: Unknown}
	}
	if err != nil {
		return Pairing{}, err
	}
	return list[0], nil
}

// pairings lists those that wait and for which a condition holds, whose arguments are numbered from
// $3.
func (s *Service) pairings(ctx context.Context, condition string, args ...any) ([]Pairing, error) {
	now := s.opts.Now()
	args = append([]any{now.UnixMicro(), latest(now, pairingLife)}, args...)
	rows, err := s.db.QueryContext(ctx, `
		SELECT
			id,
			kind,
			office,
			target,
			token_hash = '',
			expires_at
		FROM pairings
		WHERE expires_at > $1 AND expires_at <= $2 AND `+condition+`
		ORDER BY expires_at DESC, id`, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	list := []Pairing{}
	for rows.Next() {
		var p Pairing
		var expires int64
		if err := rows.Scan(&p.ID, &p.Kind, &p.Office, &p.Target, &p.Invited, &expires); err != nil {
			return nil, err
		}
		p.ExpiresAt = time.UnixMicro(expires).UTC()
		list = append(list, p)
	}
	return list, rows.Err()
}

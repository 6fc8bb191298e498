package auth

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"strings"
	"time"
)

// DeviceKind is what a paired device is for.
type DeviceKind string

// The kinds of devices.
const (
	Totem   DeviceKind = "totem"   // gives tickets
	Display DeviceKind = "display" // shows calls
)

// Device is a paired totem or display. Several may have the same target: a spare screen, a totem
// that was replaced.
type Device struct {
	ID             string
	Kind           DeviceKind
	Office, Target string // whose it is: the office, and the totem's or display's id there
	CreatedAt      time.Time
	SeenAt         time.Time // of its last use, to a minute; zero if never used
	Status         Status    // what it said of itself last; zero if nothing yet
}

// Status is what a totem says of itself.
type Status struct {
	Printer string    // how its printer is, by name: "ready", "paper_out"
	Reason  string    // more of it
	Since   time.Time // when that was said first
	Unsent  int       // tickets that it gave by itself and hasn't handed over
	Screen  string    // "1080x1920"
	Version string    // of its program
	// Refused are tickets that it gave by itself and the office didn't take, of late.
	Refused []Refused
}

// Refused is a ticket that a totem gave by itself and the office didn't take: whoever holds it
// waits for nothing.
type Refused struct {
	Number   string    `json:"number"`
	IssuedAt time.Time `json:"issued_at"`
	Reason   string    `json:"reason"` // of the refusal, by name
}

const maxID = 64 // bytes

// CreateDevice pairs a device and gives the token it will show from now on; the token isn't kept
// and can't be shown again. It returns Invalid of "kind", "office" or "target".
func (s *Service) CreateDevice(ctx context.Context, kind DeviceKind, office, target string) (device Device, token string, err error) {
	defer wrap(&err, "pair a device")
	place := Place{kind, office, target}
	if err := place.check(); err != nil {
		return Device{}, "", err
	}
	token = newToken(devicePrefix)
	device, err = s.addDevice(ctx, s.db, place, hashToken(token))
	if err != nil {
		return Device{}, "", err
	}
	return device, token, nil
}

// check returns Invalid of "kind", "office" or "target".
func (p Place) check() error {
	switch {
	case p.Kind != Totem && p.Kind != Display:
		return invalid("kind", Malformed)
	case p.Office == "" || len(p.Office) > maxID || !storable(p.Office):
		return invalid("office", Malformed)
	case p.Target == "" || len(p.Target) > maxID || !storable(p.Target):
		return invalid("target", Malformed)
	}
	return nil
}

// executor is a database or a transaction.
type executor interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

func (s *Service) addDevice(ctx context.Context, db executor, place Place, tokenHash string) (Device, error) {
	device := Device{
		ID:        strings.ToLower(rand.Text()[:16]),
		Kind:      place.Kind,
		Office:    place.Office,
		Target:    place.Target,
		CreatedAt: s.opts.Now().Truncate(time.Microsecond).UTC(),
	}
	_, err := db.ExecContext(ctx, `
		INSERT INTO devices (
			id,
			kind,
			office,
			target,
			token_hash,
			created_at,
			seen_at
		) VALUES ($1, $2, $3, $4, $5, $6, 0)`,
		device.ID, string(device.Kind), device.Office, device.Target, tokenHash, device.CreatedAt.UnixMicro())
	return device, err
}

// Devices lists the paired devices, by office, kind and target.
func (s *Service) Devices(ctx context.Context) (devices []Device, err error) {
	defer wrap(&err, "list devices")
	rows, err := s.db.QueryContext(ctx, `
		SELECT
			id,
			kind,
			office,
			target,
			created_at,
			seen_at,
			printer,
			printer_reason,
			printer_since,
			unsent,
			screen,
			version,
			refused
		FROM devices
		ORDER BY office, kind, target, created_at, id`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	devices = []Device{}
	for rows.Next() {
		var d Device
		var created, seen, since int64
		var refused string
		if err := rows.Scan(&d.ID, &d.Kind, &d.Office, &d.Target, &created, &seen,
			&d.Status.Printer, &d.Status.Reason, &since, &d.Status.Unsent, &d.Status.Screen, &d.Status.Version, &refused); err != nil {
			return nil, err
		}
		if refused != "" {
			if err := json.Unmarshal([]byte(refused), &d.Status.Refused); err != nil {
				return nil, err
			}
		}
		if since != 0 {
			d.Status.Since = time.UnixMicro(since).UTC()
		}
		d.CreatedAt = time.UnixMicro(created).UTC()
		if seen != 0 {
			d.SeenAt = time.UnixMicro(seen).UTC()
		}
		devices = append(devices, d)
	}
	return devices, rows.Err()
}

// NoteStatus keeps what a device says of itself. It returns Unknown, and Invalid of "version".
func (s *Service) NoteStatus(ctx context.Context, id string, st Status) (err error) {
	defer wrap(&err, "note a device's status")
	if len(st.Version) > maxID || !storable(st.Version) {
		return invalid("version", Malformed)
	}
	refused := ""
	if len(st.Refused) > 0 {
		b, err := json.Marshal(st.Refused)
		if err != nil {
			return err
		}
		refused = string(b)
	}
	res, err := s.db.ExecContext(ctx, `
		UPDATE devices SET
			printer_since = CASE WHEN printer = $2 AND printer_reason = $3 THEN printer_since ELSE $4 END,
			printer = $2,
			printer_reason = $3,
			unsent = $5,
			screen = $6,
			version = $7,
			refused = $8
		WHERE id = $1`,
		id, st.Printer, st.Reason, s.opts.Now().UnixMicro(), st.Unsent, st.Screen, st.Version, refused)
	return affected(res, err, &Error{Code: Unknown})
}

// RevokeDevice ends a device's token. It returns Unknown.
func (s *Service) RevokeDevice(ctx context.Context, id string) (err error) {
	defer wrap(&err, "revoke a device")
	defer s.recent.forget()
	if !storable(id) {
		return &Error{Code: Unknown}
	}
	res, err := s.db.ExecContext(ctx, `DELETE FROM devices WHERE id = $1`, id)
	return affected(res, err, &Error{Code: Unknown})
}

func (s *Service) identifyDevice(ctx context.Context, token string) (identity Identity, err error) {
	defer wrap(&err, "identify a device")
	hash := hashToken(token)
	identity.Kind = KindDevice
	var seen int64
	err = s.db.QueryRowContext(ctx, `
		SELECT
			id,
			kind,
			office,
			target,
			seen_at
		FROM devices
		WHERE token_hash = $1`, hash).
		Scan(&identity.Name, &identity.DeviceKind, &identity.Office, &identity.Target, &seen)
	if errors.Is(err, sql.ErrNoRows) {
		return Identity{}, &Error{Code: Unauthenticated}
	}
	if err != nil {
		return Identity{}, err
	}
	if now := s.opts.Now(); isOld(seen, now, deviceStep) {
		// If it fails, on a full disk say, the next use tries again: that is no reason to refuse
		// this one.
		_, _ = s.db.ExecContext(ctx, `UPDATE devices SET seen_at = $1 WHERE token_hash = $2`, now.UnixMicro(), hash)
	}
	return identity, nil
}

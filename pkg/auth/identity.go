package auth

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"slices"
	"strings"
)

// Role is what a user may do; each role may do all that the ones after it may.
type Role string

// The roles, from the greatest to the least.
const (
	Admin      Role = "admin"      // configures the office, manages users and devices
	Supervisor Role = "supervisor" // sees the figures and the journal
	Operator   Role = "operator"   // works at a counter
)

func (r Role) valid() bool { return r == Admin || r == Supervisor || r == Operator }

// Kind is what sort of party an [Identity] is.
type Kind string

// The kinds of identities. The zero Kind is nobody.
const (
	KindUser   Kind = "user"
	KindDevice Kind = "device"
	KindDev    Kind = "dev" // the development token: staff, admin and device at once
)

// Identity is whoever sends a request. The zero Identity is the public, who may do nothing.
type Identity struct {
	Kind Kind
	// Name is the user's login name or the device's id.
	Name string
	// FullName and Role are the user's.
	FullName string
	Role     Role
	// Offices are those that the user belongs to; none means all of them.
	Offices []string
	// Seat is the office at a counter of which the user was last, if it was with this session.
	Seat string
	// DeviceKind, Office and Target are the device's: what it is, in which office, and which totem
	// or display.
	DeviceKind     DeviceKind
	Office, Target string
}

// IsStaff says whether it is somebody who signed in, whatever the office.
func (i Identity) IsStaff() bool {
	return i.Kind == KindDev || i.Kind == KindUser && i.Role.valid()
}

// MayOperate says whether it may work at the counters of an office.
func (i Identity) MayOperate(office string) bool {
	return i.IsStaff() && i.belongs(office)
}

// MaySupervise says whether it may see the figures and the journal of an office.
func (i Identity) MaySupervise(office string) bool {
	return i.MayOperate(office) && (i.Kind == KindDev || i.Role == Supervisor || i.Role == Admin)
}

// MayAdminister says whether it may change the configuration of an office.
func (i Identity) MayAdminister(office string) bool {
	return i.MayOperate(office) && (i.Kind == KindDev || i.Role == Admin)
}

// MayManage says whether it may manage users and devices, which are the server's and not an
// office's: who belongs to some offices only could give itself the others.
func (i Identity) MayManage() bool {
	return i.Kind == KindDev || i.Kind == KindUser && i.Role == Admin && len(i.Offices) == 0
}

// MayIssue says whether it may issue tickets in an office: its staff may, and its totems.
func (i Identity) MayIssue(office string) bool {
	return i.MayOperate(office) || i.Is(Totem, office, i.Target)
}

func (i Identity) belongs(office string) bool {
	return i.Kind == KindDev || len(i.Offices) == 0 || slices.Contains(i.Offices, office)
}

// Is says whether it is the device of this kind that belongs to this target of this office, or may
// stand in for it in development.
func (i Identity) Is(kind DeviceKind, office, target string) bool {
	return i.Kind == KindDev ||
		i.Kind == KindDevice && i.DeviceKind == kind && i.Office == office && i.Target == target
}

// Actor names it in the journal: "user/anna", "totem/t1", "display/sala", "dev", or "public".
func (i Identity) Actor() string {
	switch i.Kind {
	case KindUser:
		return "user/" + i.Name
	case KindDevice:
		return string(i.DeviceKind) + "/" + i.Target
	case KindDev:
		return "dev"
	}
	return "public"
}

// Identify finds who holds a token, a session's or a device's. An unknown, expired or revoked one
// is Unauthenticated, and so is that of a disabled user. What was ended at another server may hold
// here for two seconds more.
func (s *Service) Identify(ctx context.Context, token string) (identity Identity, err error) {
	hash, now := hashToken(token), s.opts.Now()
	identity, known, forgot := s.recent.find(hash, now)
	if known {
		return identity, nil
	}
	if identity, err = s.identify(ctx, token, true); err != nil {
		return Identity{}, err
	}
	s.recent.keep(hash, identity, now, forgot)
	return identity, nil
}

// Holder is Identify for somebody who only goes on watching: that doesn't keep a session from
// running out.
func (s *Service) Holder(ctx context.Context, token string) (Identity, error) {
	if identity, known, _ := s.recent.find(hashToken(token), s.opts.Now()); known {
		return identity, nil
	}
	return s.identify(ctx, token, false)
}

// identify asks the database. Only if the session is used does it go on.
func (s *Service) identify(ctx context.Context, token string, used bool) (Identity, error) {
	switch {
	case strings.HasPrefix(token, sessionPrefix):
		return s.identifyUser(ctx, token, used)
	case strings.HasPrefix(token, devicePrefix):
		return s.identifyDevice(ctx, token)
	}
	return Identity{}, &Error{Code: Unauthenticated}
}

// Dev recognises the development token. Whether it may be used at all, and from where, is the
// caller's to check.
func (s *Service) Dev(token string) (Identity, bool) {
	if s.opts.DevToken == "" {
		return Identity{}, false
	}
	got, want := sha256.Sum256([]byte(token)), sha256.Sum256([]byte(s.opts.DevToken))
	if subtle.ConstantTimeCompare(got[:], want[:]) != 1 {
		return Identity{}, false
	}
	return Identity{Kind: KindDev, Name: "dev"}, true
}

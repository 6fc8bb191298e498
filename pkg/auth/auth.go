// Package auth knows who may do what: staff with names, passwords and roles, their sessions, and
// the tokens of paired devices. It keeps them in an SQL database, SQLite or PostgreSQL, through
// statements that both understand; the tables are in the project's one schema.
//
// It isn't about HTTP: cookies, headers and addresses are its caller's.
package auth

import (
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"
)

// Options tell a [Service] its rules. The zero value of each field but Now means its default.
type Options struct {
	// Now is the clock; required.
	Now func() time.Time
	// SessionLife is how long a session lasts at most; default 12 h, a clerk's day.
	SessionLife time.Duration
	// SessionIdle is how long a session lasts unused; default 4 h.
	SessionIdle time.Duration
	// Hash is what a password hash costs; the default is OWASP's for argon2id. Hashes made with
	// other parameters are renewed when their user signs in.
	Hash HashParams
	// MaxHashing is how many passwords are hashed at once; a few others wait. Default: half the
	// processors, since a queue has to be run beside it.
	MaxHashing int
	// DevToken is the token that [Service.Dev] accepts; empty accepts none.
	DevToken string
}

// Service is the way to users, sessions and devices. Its methods may be called from several
// goroutines at once.
type Service struct {
	db       *sql.DB
	opts     Options
	attempts attempts
	hashing  turns
	recent   recent
	secrets  sync.Map // by name, those that were read: [[]byte]
}

// New makes a service on a database that has the project's schema.
func New(db *sql.DB, opts Options) *Service {
	if opts.SessionLife == 0 {
		opts.SessionLife = 12 * time.Hour
	}
	if opts.SessionIdle == 0 {
		opts.SessionIdle = 4 * time.Hour
	}
	if opts.Hash == (HashParams{}) {
		opts.Hash = HashParams{MemoryKiB: 19 << 10, Passes: 2, Threads: 1}
	}
	if opts.MaxHashing == 0 {
		opts.MaxHashing = max(1, runtime.GOMAXPROCS(0)/2)
	}
	return &Service{
		db:       db,
		opts:     opts,
		attempts: newAttempts(),
		hashing:  newTurns(opts.MaxHashing),
	}
}

// Tokens begin with a word that says what they are, so that a leaked one is recognised; the rest is
// 256 random bits.
const (
	sessionPrefix = "ecs_"
	devicePrefix  = "ecd_"
	browserPrefix = "ecb_"
)

func newToken(prefix string) string {
	b := make([]byte, 32)
	rand.Read(b) // never fails: it ends the program instead
	return prefix + base64.RawURLEncoding.EncodeToString(b)
}

// hashToken is what the database keeps of a token. A token has too many bits to be guessed, so a
// fast hash will do.
func hashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// storable says whether a text fits into a column of either database: PostgreSQL takes neither NUL
// nor broken UTF-8. Nobody means other control characters either, nor those that turn the direction
// of what stands beside a name.
func storable(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) })
}

// How coarse the times of last use are: they cost a write. Whether a screen hangs dark on its wall
// should be known at other servers within minutes; of a session nobody needs it that fine.
const (
	sessionStep = 5 * time.Minute
	deviceStep  = time.Minute
)

// isOld says whether a time of last use is to be written anew. One that is still to come was
// written by a clock that was ahead.
func isOld(seen int64, now time.Time, step time.Duration) bool {
	return time.UnixMicro(seen).Sub(now).Abs() >= step
}

// latest is the last end that what lasts so long is believed to have. A later one was set by a
// clock that was ahead: once that is put right, it would hold for months or years. That it may be
// twice as long leaves room for a clock that was set back a little.
func latest(now time.Time, life time.Duration) int64 { return now.Add(2 * life).UnixMicro() }

// wrap adds the operation to an error on its way out, and marks a fault of the database as such.
// Arguments that could hold a secret don't belong in it.
func wrap(err *error, format string, args ...any) {
	if *err == nil {
		return
	}
	if CodeOf(*err) == "" && !errors.Is(*err, errHash) && !errors.Is(*err, ErrUnavailable) {
		*err = fmt.Errorf("%w: %w", ErrUnavailable, *err)
	}
	*err = fmt.Errorf("auth: "+format+": %w", append(args, *err)...)
}

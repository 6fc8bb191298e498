package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
)

const (
	minPassword = 12  // characters
	maxPassword = 256 // bytes
	saltBytes   = 16
	keyBytes    = 32
)

// HashParams are the costs of argon2id.
type HashParams struct {
	MemoryKiB uint32
	Passes    uint32
	Threads   uint8
}

// checkPassword applies the rules of NIST SP 800-63B: length counts, composition doesn't, and what
// is guessed first won't do. Names are the user's.
func checkPassword(password string, names ...string) error {
	switch {
	case utf8.RuneCountInString(password) < minPassword:
		return invalid("password", TooShort)
	case len(password) > maxPassword:
		return invalid("password", TooLong)
	case worth(password, ownWords(names...)) < minWorth:
		return invalid("password", TooEasy)
	}
	return nil
}

func derive(password string, salt []byte, p HashParams) []byte {
	return argon2.IDKey([]byte(password), salt, p.Passes, p.MemoryKiB, p.Threads, keyBytes)
}

// hash makes a PHC string of a password when it is this caller's turn: each takes tens of
// megabytes.
func (s *Service) hash(ctx context.Context, password string) (string, error) {
	end, err := s.hashing.take(ctx, true)
	if err != nil {
		return "", err
	}
	defer end()
	return s.phc(password), nil
}

// phc is hash for the caller whose turn it is.
func (s *Service) phc(password string) string {
	salt := make([]byte, saltBytes)
	rand.Read(salt)
	p := s.opts.Hash
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, p.MemoryKiB, p.Passes, p.Threads,
		b64.EncodeToString(salt), b64.EncodeToString(derive(password, salt, p)))
}

// verify compares a password with a PHC string, and says whether the string should be renewed. With
// an empty string it does the same work and answers no, so that the time doesn't tell whether a
// user exists. The caller has the turn.
func (s *Service) verify(password, phc string) (ok, stale bool, err error) {
	p, salt, want := s.opts.Hash, make([]byte, saltBytes), make([]byte, keyBytes)
	if phc != "" {
		if p, salt, want, err = parsePHC(phc); err != nil {
			return false, false, err
		}
	}
	same := subtle.ConstantTimeCompare(derive(password, salt, p), want) == 1
	return same && phc != "", p != s.opts.Hash, nil
}

var errHash = errors.New("stored password hash is damaged")

func parsePHC(phc string) (p HashParams, salt, key []byte, err error) {
	parts := strings.Split(phc, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return p, nil, nil, errHash
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &p.MemoryKiB, &p.Passes, &p.Threads); err != nil || p.Passes == 0 || p.Threads == 0 {
		return p, nil, nil, errHash
	}
	salt, errSalt := base64.RawStdEncoding.DecodeString(parts[4])
	key, errKey := base64.RawStdEncoding.DecodeString(parts[5])
	if errSalt != nil || errKey != nil || len(key) != keyBytes {
		return p, nil, nil, errHash
	}
	return p, salt, key, nil
}

// readablePassword is a random password of 100 bits that a person can copy from a screen:
// "k3mfa-…".
func readablePassword() string {
	b := make([]byte, 13)
	rand.Read(b)
	text := strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b))
	return text[0:5] + "-" + text[5:10] + "-" + text[10:15] + "-" + text[15:20]
}

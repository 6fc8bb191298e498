package auth

import (
	"errors"
	"fmt"
	"time"
)

// Code says what kind of refusal an [Error] is. The words are those of the API.
type Code string

// The codes of refusals.
const (
	Unauthenticated Code = "unauthenticated" // no valid session, token, or name and password
	Forbidden       Code = "forbidden"       // known, but not allowed
	RateLimited     Code = "rate_limited"    // too many failed sign-ins; see RetryAfter
	Invalid         Code = "invalid"         // Field is wrong, for the Reason given
	Busy            Code = "busy"            // too many sign-ins at once; see RetryAfter
	Unknown         Code = "unknown"         // no such user or device
)

// Reason says why a value is [Invalid]. Package words has the sentences.
type Reason string

// The reasons of [Invalid].
const (
	TooShort  Reason = "too_short"
	TooLong   Reason = "too_long"
	Malformed Reason = "malformed"
	TooEasy   Reason = "too_easy"
	Taken     Reason = "taken"
	LastAdmin Reason = "last_admin"
	Wrong     Reason = "wrong"
)

// ErrUnavailable marks a fault of the database, and an ended context: whoever asks may try again.
var ErrUnavailable = errors.New("accounts can't be reached")

// Error is a refusal. Anything else that this package returns is [ErrUnavailable], or a password
// hash that was damaged in the database.
type Error struct {
	Code Code
	// Field and Reason are set with Invalid.
	Field  string
	Reason Reason
	// RetryAfter is set with RateLimited and Busy: how long to wait, rounded up to a second.
	RetryAfter time.Duration
}

// Error says what was refused, without names or secrets.
func (e *Error) Error() string {
	switch e.Code {
	case Invalid:
		return fmt.Sprintf("invalid %s: %s", e.Field, e.Reason)
	case RateLimited:
		return fmt.Sprintf("rate limited for %v", e.RetryAfter)
	}
	return string(e.Code)
}

// CodeOf gives the code of a refusal, or "" when err isn't one.
func CodeOf(err error) Code {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return ""
}

func invalid(field string, reason Reason) error {
	return &Error{Code: Invalid, Field: field, Reason: reason}
}

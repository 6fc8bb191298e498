package web

import (
	"net/http"
	"regexp"
	"strings"
)

// CSP has browsers load nothing from elsewhere and run nothing inline.
const CSP = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; connect-src 'self'"

// hostForm is a host with or without a port, fit to stand in a header.
var hostForm = regexp.MustCompile(`^[A-Za-z0-9.\-\[\]:]{1,255}$`)

// Secure sets the headers that tell browsers to take nothing for what it isn't. host is that of the
// request.
func Secure(h http.Header, host string) {
	// Named, because older browsers don't count WebSockets as the page's own.
	if !hostForm.MatchString(host) {
		host = "localhost"
	}
	h.Set("Content-Security-Policy", CSP+" ws://"+host+" wss://"+host)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin") // the address of a ticket is its key
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
}

// Frameable lets pages of the same server show what is answered in a frame, once [Secure] has set
// the headers.
func Frameable(h http.Header) {
	const policy = "Content-Security-Policy"
	h.Set(policy, strings.Replace(h.Get(policy), "frame-ancestors 'none'", "frame-ancestors 'self'", 1))
}

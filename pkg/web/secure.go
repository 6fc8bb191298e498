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
	h.Set("Permissions-Policy", powers+"()")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
}

// Frameable lets pages of the same server, and of origins, show what is answered in a frame, once
// [Secure] has set the headers.
func Frameable(h http.Header, origins ...string) {
	const policy = "Content-Security-Policy"
	by := strings.Join(append([]string{"frame-ancestors 'self'"}, origins...), " ")
	h.Set(policy, strings.Replace(h.Get(policy), "frame-ancestors 'none'", by, 1))
}

// powers begins what pages may use of a device, as far as the microphone.
const powers = "camera=(), geolocation=(), microphone="

// AllowMicrophone, after [Secure], lets a page ask for the microphone.
func AllowMicrophone(h http.Header) { h.Set("Permissions-Policy", powers+"(self)") }

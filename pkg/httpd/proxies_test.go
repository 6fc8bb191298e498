package httpd_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/eliminacode/eliminacode/pkg/httpd"
)

// TestWhoseRequest has what proxies of several makes write about the client.
func TestWhoseRequest(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		from      string
		forwarded []string
		want      string
	}{
		{"192.0.2.7:4000", nil, "192.0.2.7"},
		{"192.0.2.7:4000", []string{"198.51.100.1"}, "192.0.2.7"}, // who isn't a proxy may say what they like
		{"10.0.0.1:4000", nil, "10.0.0.1"},
		{"10.0.0.1:4000", []string{"198.51.100.1"}, "198.51.100.1"},
		{"10.0.0.1:4000", []string{"198.51.100.1:5050"}, "198.51.100.1"},
		{"10.0.0.1:4000", []string{"203.0.113.9, 198.51.100.1"}, "198.51.100.1"},
		{"10.0.0.1:4000", []string{"198.51.100.1", "10.0.0.2"}, "198.51.100.1"},
		{"10.0.0.1:4000", []string{"198.51.100.1:80, 10.0.0.2:81"}, "198.51.100.1"},
		{"10.0.0.1:4000", []string{"198.51.100.1,"}, "198.51.100.1"},
		{"10.0.0.1:4000", []string{"2001:db8::7"}, "2001:db8::/64"},
		{"10.0.0.1:4000", []string{"[2001:db8::7]"}, "2001:db8::/64"},
		{"10.0.0.1:4000", []string{"[2001:db8::7]:5050"}, "2001:db8::/64"},
		{"10.0.0.1:4000", []string{`"[2001:db8::7]:5050"`}, "2001:db8::/64"},
		{"[::ffff:10.0.0.1]:4000", []string{"::ffff:198.51.100.1"}, "198.51.100.1"},
		{"10.0.0.1:4000", []string{"198.51.100.1, unknown"}, "unknown unknown"},
		{"10.0.0.1:4000", []string{"10.0.0.3"}, "10.0.0.3"},
	} {
		got, err := httpd.AddressOf([]string{"10.0.0.0/8"}, &http.Request{
			RemoteAddr: tt.from, Header: http.Header{"X-Forwarded-For": tt.forwarded},
		})
		if err != nil || got != tt.want {
			t.Errorf("%s, %q: %q, %v; want %q", tt.from, tt.forwarded, got, err, tt.want)
		}
	}
}

// TestUnnamedProxy has a proxy that the settings don't name: the log says so, once.
func TestUnnamedProxy(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	s := newServer(t, func(o *httpd.Options) { o.Log = slog.New(slog.NewTextHandler(&log, nil)) })
	for range 3 {
		s.public().with("X-Forwarded-For", "192.0.2.7").get("/api/v1/state").want(http.StatusOK)
	}
	s.stop()
	if got := strings.Count(log.String(), "a proxy that isn't named"); got != 1 {
		t.Errorf("%d lines: %s", got, log.String())
	}
}

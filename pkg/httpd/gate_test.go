package httpd_test

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/auth"
	"github.com/eliminacode/eliminacode/pkg/httpd"
)

// kept is a connection on which several requests are sent.
type kept struct {
	testing.TB
	conn net.Conn
	in   *bufio.Reader
}

func (s *server) keep() *kept {
	s.Helper()
	conn, err := net.Dial("tcp", s.web.Listener.Addr().String())
	if err != nil {
		s.Fatal(err)
	}
	s.Cleanup(func() { _ = conn.Close() })
	return &kept{s.TB, conn, bufio.NewReader(conn)}
}

// get returns the status, or 0 if the connection has been closed.
func (k *kept) get(path string, header http.Header) int {
	k.Helper()
	if err := k.conn.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
		k.Fatal(err)
	}
	var head strings.Builder
	_ = header.Write(&head)
	if _, err := fmt.Fprintf(k.conn, "GET %s HTTP/1.1\r\nHost: %s\r\n%s\r\n", path, k.conn.RemoteAddr(), head.String()); err != nil {
		return 0
	}
	resp, err := http.ReadResponse(k.in, nil)
	if err != nil {
		return 0
	}
	_, _ = io.Copy(io.Discard, resp.Body)
	_ = resp.Body.Close()
	return resp.StatusCode
}

// closedOf wants so many of the connections closed by the server.
func closedOf(t testing.TB, conns []*kept, want int) {
	t.Helper()
	closed := 0
	for _, k := range conns {
		_ = k.conn.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
		if _, err := k.in.Peek(1); errors.Is(err, io.EOF) || errors.Is(err, syscall.ECONNRESET) {
			closed++
		}
	}
	if closed != want {
		t.Errorf("%d of %d connections closed, want %d", closed, len(conns), want)
	}
}

// TestConnectionsOfOneAddress has an address that opens connections and says nothing: the office
// behind the same address goes on.
func TestConnectionsOfOneAddress(t *testing.T) {
	t.Parallel()
	s := newServer(t, withoutDev, func(o *httpd.Options) { o.Limits = httpd.Limits{StrangersEach: 60} })
	anna := s.user("anna", auth.Operator)
	counter, office, passer := s.public().with("Cookie", anna.header.Get("Cookie")).watch("view=counter&counter=2"), s.keep(), s.keep()
	phone := s.public().watch("view=public")
	counter.next("view", nil)
	phone.next("view", nil)
	if got := office.get("/api/v1/me", anna.header); got != http.StatusOK {
		t.Fatal(got)
	}
	if got := passer.get("/api/v1/state", nil); got != http.StatusOK {
		t.Fatal(got)
	}
	var crowd []*kept
	for range 180 {
		before := s.let.Load()
		crowd = append(crowd, s.keep())
		for here := false; !here; here = s.let.Load() > before { // a busy machine lets in several together later
			if got := passer.get("/healthz", nil); got != http.StatusOK { // who isn't quiet doesn't give way
				t.Fatalf("after %d connections: %d", len(crowd), got)
			}
		}
	}
	closedOf(t, crowd[:110], 110)
	if got := s.keep().get("/healthz", nil); got != http.StatusOK {
		t.Errorf("a new connection: %d", got)
	}
	if got := office.get("/api/v1/me", anna.header); got != http.StatusOK {
		t.Errorf("who has signed in: %d", got)
	}
	anna.issue("anagrafe")
	counter.next("view", nil)
	phone.next("view", nil)
}

// TestProxyHoldsManyConnections has a proxy's connections, which are many people's.
func TestProxyHoldsManyConnections(t *testing.T) {
	t.Parallel()
	s := newServer(t, withoutDev, func(o *httpd.Options) {
		o.Limits, o.Proxies = httpd.Limits{StrangersEach: 5}, []string{"127.0.0.0/8"}
	})
	var pool []*kept
	for range 30 {
		pool = append(pool, s.keep())
	}
	for _, k := range pool {
		if got := k.get("/healthz", nil); got != http.StatusOK {
			t.Fatal(got)
		}
	}
}

// TestConnectionsInAll has as many connections as there can be: a new one takes the place of the
// quietest stranger's.
func TestConnectionsInAll(t *testing.T) {
	t.Parallel()
	for name, limits := range map[string]httpd.Limits{"connections": {Connections: 12}, "strangers": {Strangers: 12}} {
		s := newServer(t, withoutDev, func(o *httpd.Options) { o.Limits = limits })
		var crowd []*kept
		for range 40 {
			crowd = append(crowd, s.keep())
		}
		last := s.keep()
		if got := last.get("/healthz", nil); got != http.StatusOK {
			t.Fatalf("%s: %d", name, got)
		}
		closedOf(t, crowd, 40-11)
	}
}

// noFiles is a listener on a machine that has no file left, for a while.
type noFiles struct {
	net.Listener
	left int
}

func (l *noFiles) Accept() (net.Conn, error) {
	if l.left--; l.left >= 0 {
		return nil, &net.OpError{Op: "accept", Net: "tcp", Err: syscall.EMFILE}
	}
	return l.Listener.Accept()
}

func TestOutOfFiles(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	s := newServer(t, func(o *httpd.Options) { o.Log = slog.New(slog.NewTextHandler(&log, nil)) })
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := s.httpd.Guard(&noFiles{inner, 50})
	t.Cleanup(func() { _ = l.Close() })
	for range 50 {
		if _, err := l.Accept(); !errors.Is(err, syscall.EMFILE) {
			t.Fatal(err)
		}
	}
	client, err := net.Dial("tcp", inner.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	conn, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	_ = conn.Close()
	if got := strings.Count(log.String(), "no connection can be accepted"); got != 1 || !strings.Contains(log.String(), "too many open files") {
		t.Errorf("%d lines: %s", got, log.String())
	}
}

// TestFilesAreLeft holds that the connections don't use up the files that a process may open,
// however few.
func TestFilesAreLeft(t *testing.T) {
	t.Parallel()
	for _, files := range []int{64, 128, 200, 256, 1024, 65536} {
		l := httpd.LimitsOf(files)
		if left := files - l.Connections; left < min(files/2, 128) {
			t.Errorf("of %d files %d are left for the rest", files, left)
		}
		if l.Viewers >= l.Connections {
			t.Errorf("of %d files: %d viewers leave none of %d connections for calls", files, l.Viewers, l.Connections)
		}
	}
}

package httpd_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/auth"
)

// unfinished opens connections that each begin a request and never end its body.
func (s *server) unfinished(n int, path, head, part string) (conns []net.Conn) {
	s.Helper()
	for range n {
		conn, err := net.Dial("tcp", s.web.Listener.Addr().String())
		if err != nil {
			s.Fatal(err)
		}
		s.Cleanup(func() { _ = conn.Close() })
		conns = append(conns, conn)
		_, err = fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\n%s\r\n\r\n%s", path, s.web.Listener.Addr(), head, part)
		if err != nil {
			s.Fatal(err)
		}
	}
	return conns
}

// answered reads the answer on a connection.
func answered(t testing.TB, conn net.Conn) int {
	t.Helper()
	if err := conn.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, resp.Body)
	_ = resp.Body.Close()
	return resp.StatusCode
}

// TestUnfinishedSignIns has many connections of one address that each send a large part of a
// sign-in and then nothing more.
func TestUnfinishedSignIns(t *testing.T) {
	s := newServer(t)
	s.user("anna", auth.Operator)
	heap := func() uint64 {
		runtime.GC() // what pools hold, such as the test's own validator's, goes with the second one
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := heap()
	part := strings.Repeat("x", 900_000)
	refused := s.unfinished(50, "/api/v1/login", "Content-Length: 990000", `{"name":"`)
	for _, conn := range refused {
		go func() { _, _ = io.WriteString(conn, part) }()
	}
	for _, conn := range refused {
		if got := answered(t, conn); got != http.StatusRequestEntityTooLarge {
			t.Errorf("990,000 bytes: %d", got)
		}
	}
	chunked := s.unfinished(100, "/api/v1/login", "Transfer-Encoding: chunked", "2000\r\n"+part[:0x2000])
	for _, conn := range chunked {
		if got := answered(t, conn); got != http.StatusRequestEntityTooLarge {
			t.Errorf("without an end: %d", got)
		}
	}
	// Those that are short enough wait for the rest of them, but not many, and not long.
	waiting := s.unfinished(200, "/api/v1/login", "Content-Length: 4000", part[:3000])
	for _, conn := range waiting[:200-32] {
		if got := answered(t, conn); got != http.StatusBadRequest {
			t.Errorf("cut off: %d", got)
		}
	}
	s.session("anna").get("/api/v1/me").want(http.StatusOK)
	if grown := int64(heap()) - int64(before); grown > 20<<20 {
		t.Errorf("%d bytes more on the heap", grown)
	}
	began := time.Now()
	for _, conn := range waiting[200-32:] {
		if got := answered(t, conn); got != http.StatusBadRequest {
			t.Errorf("slow: %d", got)
		}
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("waited %v for slow bodies", took)
	}
}

// TestBodyAfterAuthority has a configuration that is refused before it is read, and one by somebody
// who may.
func TestBodyAfterAuthority(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	for _, conn := range s.unfinished(5, "/api/v1/counters/2/next", "Content-Length: 900", "{") {
		if got := answered(t, conn); got != http.StatusUnauthorized {
			t.Errorf("a command of nobody: %d", got)
		}
	}
	s.user("anna", auth.Operator).with("If-Match", `"1"`).do(http.MethodPut, "/api/v1/config", `{"x":"`+strings.Repeat("x", 1<<19)+`"}`).
		refused(http.StatusForbidden, "forbidden", "")
	s.dev().with("If-Match", `"1"`).do(http.MethodPut, "/api/v1/config", `{"x":"`+strings.Repeat("x", 1<<19)+`"}`).
		refused(http.StatusBadRequest, "invalid", "x")
	s.dev().post("/api/v1/tickets", `{"channel":"`+strings.Repeat("x", 20_000)+`"}`).refused(http.StatusRequestEntityTooLarge, "invalid", "")
}

package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/journal/postgres/pgtest"
)

// status returns how a request is answered; 0: not at all.
func status(t *testing.T, url string) int {
	t.Helper()
	status, _ := page(t, url)
	return status
}

// page returns what a browser gets; status 0: nothing.
func page(t *testing.T, url string) (status int, body string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept", "text/html,*/*")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, ""
	}
	defer answer.Body.Close()
	b, _ := io.ReadAll(answer.Body)
	return answer.StatusCode, string(b)
}

// until waits for a condition.
func until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !holds(); {
		if time.Now().After(end) {
			t.Fatalf("never: %s", what)
		}
		<-time.After(50 * time.Millisecond)
	}
}

// TestDatabaseComesUpLater starts the server before its database, as a boot may: it says that it
// isn't ready, waits, and is there with it. What waiting doesn't mend ends it.
func TestDatabaseComesUpLater(t *testing.T) {
	t.Parallel()
	c := pgtest.New(t)
	database := c.Database(t)
	for name, wrong := range map[string]struct{ address, want string }{
		"Database": {c.Address("nowhere"), "there is no such database"},
		"Address":  {"postgres://nobody@[bad", "the address can't be understood"},
	} {
		if status, _, stderr := try(t, map[string]string{"ELIMINACODE_DATABASE": wrong.address}, "serve", "--listen", "127.0.0.1:0"); status != 2 || !strings.Contains(stderr, wrong.want) {
			t.Errorf("%s: status %d, %s", name, status, stderr)
		}
	}
	c.Stop(t)

	free, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := free.Addr().String()
	if err := free.Close(); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	stdout, stderr := newOutput(), newOutput()
	ended := make(chan int, 1)
	go func() {
		env := map[string]string{"ELIMINACODE_DATABASE": database}
		ended <- run(ctx, []string{"serve", "--listen", address}, stdout, stderr, func(k string) string { return env[k] })
	}()
	t.Cleanup(func() {
		stop()
		if status := <-ended; status != 0 {
			t.Errorf("the server ends with status %d: %s", status, stderr)
		}
	})
	until(t, "the server answers that it isn't ready", func() bool { return status(t, "http://"+address+"/readyz") == http.StatusServiceUnavailable })
	if got := status(t, "http://"+address+"/healthz"); got != http.StatusOK {
		t.Errorf("healthz of a server that waits: %d, want 200", got)
	}
	_, wall := page(t, "http://"+address+"/display/sala")
	for _, want := range []string{"aspetta la sua banca dati", "waits for its database", "failure-wall", `data-every="15"`} {
		if !strings.Contains(wall, want) {
			t.Errorf("the page of a monitor lacks %q while the server waits:\n%s", want, wall)
		}
	}
	for _, asset := range regexp.MustCompile(`"(/assets/[^"]+)"`).FindAllStringSubmatch(wall, -1) {
		if got := status(t, "http://"+address+asset[1]); got != http.StatusOK {
			t.Errorf("%s: %d while the server waits, want 200", asset[1], got)
		}
	}
	<-time.After(3 * time.Second)
	if n := strings.Count(stderr.String(), "waiting for the database"); n != 1 || !strings.Contains(stderr.String(), "connection refused") {
		t.Errorf("the log says %d times that the server waits, want once in three seconds, and why:\n%s", n, stderr)
	}
	if said := stderr.String(); strings.Contains(said, "usage") {
		t.Errorf("the log takes the outage for a wrong command line:\n%s", said)
	}
	told, tell := context.WithCancel(t.Context())
	time.AfterFunc(time.Second, tell)
	if status := run(told, []string{"serve", "--listen", "127.0.0.1:0"}, newOutput(), newOutput(), func(k string) string {
		return map[string]string{"ELIMINACODE_DATABASE": database}[k]
	}); status != 0 {
		t.Errorf("a server that is told to stop while it waits ends with status %d, want 0", status)
	}
	c.Start(t)
	until(t, "the server is ready", func() bool { return status(t, "http://"+address+"/readyz") == http.StatusOK })
}

//go:build linux

package escpos_test

import (
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/totem/escpos"
)

// startCUPS runs a CUPS of the test's own, with a folder and a socket of its own.
func startCUPS(t *testing.T) (stop func()) {
	t.Helper()
	dir, err := os.MkdirTemp("", "cups") // not TempDir: backends run as another user, who must get in
	must(t, err)
	t.Cleanup(func() { must(t, os.RemoveAll(dir)) })
	must(t, os.Chmod(dir, 0o755))
	var files strings.Builder
	for _, line := range []string{
		"ServerRoot root", "CacheDir cache", "RequestRoot spool", "StateDir state", "TempDir tmp",
		"AccessLog log/access", "ErrorLog log/error", "PageLog log/page",
	} {
		key, name, _ := strings.Cut(line, " ")
		folder, _, _ := strings.Cut(name, "/")
		must(t, os.MkdirAll(filepath.Join(dir, folder), 0o755))
		fmt.Fprintf(&files, "%s %s\n", key, filepath.Join(dir, name))
	}
	files.WriteString("SystemGroup root\n")
	socket := filepath.Join(dir, "sock")
	must(t, os.WriteFile(filepath.Join(dir, "files.conf"), []byte(files.String()), 0o600))
	must(t, os.WriteFile(filepath.Join(dir, "cupsd.conf"), []byte("Listen "+socket+`
Browsing Off
DefaultAuthType None
<Location />
Order allow,deny
Allow all
</Location>
<Location /admin>
Order allow,deny
Allow all
</Location>
<Policy default>
JobPrivateAccess default
JobPrivateValues default
<Limit Cancel-Job Get-Document Hold-Job>
Require user @OWNER @SYSTEM
Order deny,allow
</Limit>
<Limit All>
Order allow,deny
Allow all
</Limit>
</Policy>
`), 0o600))
	t.Setenv("CUPS_SERVER", socket)
	var said strings.Builder
	server := exec.Command("/usr/sbin/cupsd", "-f", "-c", filepath.Join(dir, "cupsd.conf"), "-s", filepath.Join(dir, "files.conf"))
	server.Stdout, server.Stderr = &said, &said
	if err := server.Start(); err != nil {
		t.Fatalf("%v: make setup-test installs cups", err)
	}
	stop = sync.OnceFunc(func() {
		_ = server.Process.Signal(os.Interrupt)
		_ = server.Wait() // it was told to end
	})
	t.Cleanup(stop)
	eventually(t, "CUPS answers", func() bool {
		conn, err := net.Dial("unix", socket)
		if err == nil {
			conn.Close()
		}
		return err == nil
	})
	return stop
}

// cupsRun runs one of CUPS' own commands.
func cupsRun(t *testing.T, name string, args ...string) {
	t.Helper()
	if out, err := exec.Command("/usr/sbin/"+name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s %q: %v\n%s", name, args, err, out)
	}
}

// sink is a printer that takes what comes, a connection at a time.
type sink struct {
	net.Listener
	mu   sync.Mutex
	jobs []string
}

func listen(t *testing.T, address string) *sink {
	t.Helper()
	listener, err := net.Listen("tcp", address)
	must(t, err)
	s := &sink{Listener: listener}
	t.Cleanup(func() { s.Close() })
	go func() {
		for {
			conn, err := s.Accept()
			if err != nil {
				return
			}
			b, _ := io.ReadAll(conn) // what came is what counts
			conn.Close()
			s.mu.Lock()
			s.jobs = append(s.jobs, string(b))
			s.mu.Unlock()
		}
	}()
	return s
}

func (s *sink) got() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.jobs)
}

// queue makes a raw queue to an address, and opens it.
func queue(t *testing.T, name, address, profileName string) *escpos.Printer {
	t.Helper()
	cupsRun(t, "lpadmin", "-p", name, "-E", "-v", "socket://"+address, "-m", "raw")
	p := profile(t, profileName)
	p.Done, p.Busy = 3*time.Second, 5*time.Second
	printer, err := escpos.Open("cups:"+name, p)
	must(t, err)
	t.Cleanup(printer.Close)
	return printer
}

// TestCUPS prints through Debian's CUPS, of which the test runs one.
func TestCUPS(t *testing.T) {
	stop := startCUPS(t)
	s := listen(t, "127.0.0.1:0")

	p := queue(t, "totem", s.Addr().String(), "escpos")
	first := job(t, p.Profile(), "A042")
	if got := p.Check(t.Context()); got != (escpos.Status{State: escpos.StateReady}) {
		t.Errorf("status %+v", got)
	}
	wantOutcome(t, p.Print(t.Context(), known(first)), escpos.Yes, "")
	mute := queue(t, "mute", s.Addr().String(), "generic")
	wantOutcome(t, mute.Print(t.Context(), known(first)), escpos.Unknown, escpos.ReasonNoWayBack)
	if got := s.got(); !slices.Equal(got, []string{string(first.Data), string(first.Data)}) {
		t.Errorf("the printer got %q", got)
	}

	// CUPS says that a queue is stopped, or takes no jobs.
	cupsRun(t, "cupsdisable", "totem")
	wantOutcome(t, p.Print(t.Context(), known(first)), escpos.Failed, escpos.ReasonStopped)
	if got := p.Status(); got != (escpos.Status{State: escpos.StateOffline, Reason: escpos.ReasonStopped}) {
		t.Errorf("status %+v", got)
	}
	cupsRun(t, "cupsenable", "totem")
	cupsRun(t, "cupsreject", "totem")
	wantOutcome(t, p.Print(t.Context(), known(first)), escpos.Failed, escpos.ReasonStopped)
	cupsRun(t, "cupsaccept", "totem")

	// A printer that is away: the job is taken back, and doesn't come out later.
	address := s.Addr().String()
	s.Close()
	wantOutcome(t, p.Print(t.Context(), known(first)), escpos.Unknown, escpos.ReasonNoAnswer)
	later := listen(t, address)
	wantOutcome(t, p.Print(t.Context(), known(job(t, p.Profile(), "A043"))), escpos.Yes, "")
	if got := later.got(); len(got) != 1 || !strings.Contains(got[0], "A043") {
		t.Errorf("when the printer was back it got %q", got)
	}

	nobody, err := escpos.Open("cups:nobody", profile(t, "escpos"))
	must(t, err)
	defer nobody.Close()
	wantOutcome(t, nobody.Print(t.Context(), known(first)), escpos.Failed, escpos.ReasonUnreachable)
	stop()
	wantOutcome(t, p.Print(t.Context(), known(first)), escpos.Failed, escpos.ReasonUnreachable)
}

// TestCUPSHeld cancels a job that CUPS never began to process: it surely wasn't printed.
func TestCUPSHeld(t *testing.T) {
	startCUPS(t)
	s := listen(t, "127.0.0.1:0")
	p := queue(t, "held", s.Addr().String(), "escpos")
	cupsRun(t, "lpadmin", "-p", "held", "-o", "job-hold-until-default=indefinite")
	wantOutcome(t, p.Print(t.Context(), known(job(t, p.Profile(), "A042"))), escpos.Failed, escpos.ReasonNoAnswer)
	if got := s.got(); len(got) > 0 {
		t.Errorf("the printer got %q", got)
	}
}

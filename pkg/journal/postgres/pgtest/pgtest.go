//go:build unix

// Package pgtest runs PostgreSQL for tests: the real server, in a folder of its
// own, gone when the tests end. Nothing is skipped where it isn't installed: a
// test that can't run has failed.
package pgtest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Cluster is a PostgreSQL server with its data.
type Cluster struct {
	bin  string // folder of PostgreSQL's programs
	dir  string // holds data and the socket
	port int
	as   *syscall.Credential // nil: whoever runs the tests

	databases atomic.Int64
	server    *server // nil while stopped
}

// Main runs the tests of a package with one cluster for all. Its TestMain is
//
//	func TestMain(m *testing.M) { os.Exit(pgtest.Main(m, &cluster)) }
func Main(m *testing.M, shared **Cluster) int {
	c, err := create()
	if err == nil {
		defer c.remove()
		err = c.start()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "pgtest:", err)
		return 1
	}
	*shared = c
	return m.Run()
}

// New starts a cluster for one test, which may stop and break it.
func New(tb testing.TB) *Cluster {
	tb.Helper()
	c, err := create()
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(c.remove)
	c.Start(tb)
	return c
}

// Database makes an empty database and returns its address.
func (c *Cluster) Database(tb testing.TB) string {
	tb.Helper()
	name := fmt.Sprintf("test_%d", c.databases.Add(1))
	c.exec(tb, "CREATE DATABASE "+name)
	return c.Address(name)
}

// Host returns the host and port of the server.
func (c *Cluster) Host() string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(c.port)) }

// Address returns the address of a database.
func (c *Cluster) Address(database string) string {
	return fmt.Sprintf("postgres://postgres@%s/%s?sslmode=disable", c.Host(), database)
}

// Start starts the server, and returns when it answers.
func (c *Cluster) Start(tb testing.TB) {
	tb.Helper()
	if err := c.start(); err != nil {
		tb.Fatal(err)
	}
}

// Stop stops the server as an administrator does: connections are cut, all is saved.
func (c *Cluster) Stop(tb testing.TB) {
	tb.Helper()
	if err := c.server.stop(syscall.SIGINT); err != nil {
		tb.Fatal(err)
	}
	c.server = nil
}

// Kill stops the server as a crash does: nothing is saved that wasn't durable.
func (c *Cluster) Kill(tb testing.TB) {
	tb.Helper()
	if err := c.server.stop(syscall.SIGQUIT); err != nil {
		tb.Fatal(err)
	}
	c.server = nil
}

// Standby makes and starts a standby, without which the cluster commits nothing any more.
func (c *Cluster) Standby(tb testing.TB) *Cluster {
	tb.Helper()
	s, err := c.standby()
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(s.remove)
	s.Start(tb)
	c.exec(tb, "ALTER SYSTEM SET synchronous_standby_names = '*'")
	c.exec(tb, "SELECT pg_reload_conf()")
	const wait = `
DO $$
BEGIN
    WHILE NOT EXISTS (SELECT FROM pg_stat_replication WHERE sync_state = 'sync') LOOP
        PERFORM pg_sleep(0.01);
        PERFORM pg_stat_clear_snapshot();
    END LOOP;
END $$`
	c.exec(tb, wait)
	return s
}

// Promote makes a standby the server that is written to.
func (c *Cluster) Promote(tb testing.TB) {
	tb.Helper()
	c.exec(tb, "SELECT pg_promote(wait => true)")
}

// Run runs one of PostgreSQL's programs to its end, in the folder of the cluster.
func (c *Cluster) Run(tb testing.TB, program string, args ...string) {
	tb.Helper()
	if err := c.run(program, args...); err != nil {
		tb.Fatal(err)
	}
}

func (c *Cluster) exec(tb testing.TB, statement string) {
	tb.Helper()
	ctx, cancel := context.WithTimeout(tb.Context(), time.Minute)
	defer cancel()
	conn, err := pgx.Connect(ctx, c.Address("postgres"))
	if err != nil {
		tb.Fatal(err)
	}
	_, err = conn.Exec(ctx, statement)
	if err = errors.Join(err, conn.Close(ctx)); err != nil {
		tb.Fatalf("%s: %v", statement, err)
	}
}

// create makes the folder of a cluster, and its data.
func create() (*Cluster, error) {
	c, err := newCluster()
	if err != nil {
		return nil, err
	}
	// A locale whose order isn't that of bytes, as towns have it.
	if err := c.run("initdb", "--pgdata="+c.data(), "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8",
		"--locale-provider=icu", "--icu-locale=it-IT", "--no-sync"); err != nil {
		c.remove()
		return nil, err
	}
	return c, nil
}

func (c *Cluster) standby() (*Cluster, error) {
	s, err := newCluster()
	if err != nil {
		return nil, err
	}
	source := fmt.Sprintf("host=127.0.0.1 port=%d user=postgres application_name=standby", c.port)
	if err := s.run("pg_basebackup", "--pgdata="+s.data(), "--dbname="+source, "--write-recovery-conf", "--checkpoint=fast", "--no-sync"); err != nil {
		s.remove()
		return nil, err
	}
	return s, nil
}

func newCluster() (*Cluster, error) {
	bin, err := programs()
	if err != nil {
		return nil, err
	}
	c := &Cluster{bin: bin}
	if c.dir, err = os.MkdirTemp("", "pgtest"); err != nil {
		return nil, err
	}
	if c.as, err = unprivileged(); err == nil && c.as != nil {
		err = os.Chown(c.dir, int(c.as.Uid), int(c.as.Gid))
	}
	if err == nil {
		c.port, err = freePort()
	}
	if err != nil {
		c.remove()
		return nil, err
	}
	return c, nil
}

func (c *Cluster) data() string { return filepath.Join(c.dir, "data") }

// remove stops the server and deletes all that it had.
func (c *Cluster) remove() {
	if c.server != nil {
		_ = c.server.stop(syscall.SIGQUIT) // its data goes anyway
	}
	_ = os.RemoveAll(c.dir)
}

// run runs one of PostgreSQL's programs to its end.
func (c *Cluster) run(program string, args ...string) error {
	cmd := exec.Command(filepath.Join(c.bin, program), args...)
	cmd.Dir = c.dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: c.as}
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", program, err, out)
	}
	return nil
}

// programs finds the newest PostgreSQL server of the machine: where Debian keeps
// its versions, or else in the path.
func programs() (string, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	if err != nil {
		return "", err
	}
	if len(found) > 0 {
		version := func(path string) int {
			n, _ := strconv.Atoi(strings.Split(path, "/")[4]) // a folder without a number comes last
			return n
		}
		return filepath.Dir(slices.MaxFunc(found, func(a, b string) int { return version(a) - version(b) })), nil
	}
	path, err := exec.LookPath("postgres")
	if err != nil {
		return "", errors.New("no PostgreSQL server here: install it (on Debian: apt-get install postgresql), these tests need the real one")
	}
	if path, err = filepath.EvalSymlinks(path); err != nil {
		return "", err
	}
	return filepath.Dir(path), nil
}

// unprivileged returns another user to run as when the tests run as root, which PostgreSQL refuses.
func unprivileged() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.ParseUint(u.Uid, 10, 32)
		if err != nil {
			return nil, err
		}
		gid, err := strconv.ParseUint(u.Gid, 10, 32)
		if err != nil {
			return nil, err
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
	}
	return nil, errors.New("PostgreSQL refuses to run as root, and there is no user postgres or nobody")
}

// freePort finds a port that nobody uses, below those that the system gives to
// outgoing connections: one of these could take it while the server is stopped.
func freePort() (port int, err error) {
	const from, to, tries = 20_000, 32_000, 100
	for range tries {
		port = from + rand.IntN(to-from)
		l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
		if err == nil {
			return port, l.Close()
		}
	}
	return 0, fmt.Errorf("no free port from %d to %d", from, to)
}

// server is a running postgres process.
type server struct {
	cmd   *exec.Cmd
	ready chan struct{} // closed once it answers
	done  chan struct{} // closed once it has ended
	mu    sync.Mutex
	said  []string // its last lines
}

func (c *Cluster) start() error {
	cmd := exec.Command(filepath.Join(c.bin, "postgres"), "-D", c.data(), "-p", strconv.Itoa(c.port), "-k", c.dir,
		"-c", "listen_addresses=127.0.0.1", "-c", "max_connections=200", "-c", "fsync=on", "-c", "wal_level=replica",
		"-c", "wal_retrieve_retry_interval=100ms", "-c", "lc_messages=C", "-c", "logging_collector=off", "-c", "log_destination=stderr")
	cmd.Dir = c.dir
	cmd.SysProcAttr = attributes(c.as)
	out, err := cmd.StderrPipe()
	if err != nil {
		return err
	}
	s := &server{cmd: cmd, ready: make(chan struct{}), done: make(chan struct{})}
	if err := s.run(bufio.NewScanner(out)); err != nil {
		return err
	}
	select {
	case <-s.ready:
		c.server = s
		return nil
	case <-s.done:
		return fmt.Errorf("postgres ended:\n%s", s.last())
	}
}

// run starts the process from a thread that outlives it: the kernel ends a
// process whose parent thread is gone, which spares the machine servers of killed tests.
func (s *server) run(lines *bufio.Scanner) error {
	started := make(chan error)
	go func() {
		lockThread()
		err := s.cmd.Start()
		started <- err
		if err != nil {
			return
		}
		defer close(s.done)
		ready := false
		for lines.Scan() {
			s.mu.Lock()
			s.said = append(s.said[max(0, len(s.said)-30):], lines.Text())
			s.mu.Unlock()
			if !ready && strings.Contains(lines.Text(), "ready to accept") {
				ready = true
				close(s.ready)
			}
		}
		_ = s.cmd.Wait() // how it ended is in what it said
	}()
	return <-started
}

func (s *server) stop(signal os.Signal) error {
	if err := s.cmd.Process.Signal(signal); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	select {
	case <-s.done:
		return nil
	case <-time.After(30 * time.Second):
		return errors.Join(fmt.Errorf("postgres doesn't end:\n%s", s.last()), s.cmd.Process.Kill())
	}
}

func (s *server) last() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.said, "\n")
}

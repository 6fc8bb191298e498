package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/view"
)

// output is what a program prints, readable while it runs.
type output struct {
	mu   sync.Mutex
	b    bytes.Buffer
	more chan struct{} // there is more than before; nil if nobody waits
}

func newOutput() *output { return &output{more: make(chan struct{}, 1)} }

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	select {
	case o.more <- struct{}{}:
	default:
	}
	return o.b.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

// try runs the program to its end.
func try(t *testing.T, env map[string]string, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, errs output
	status = run(t.Context(), args, &out, &errs, func(k string) string { return env[k] })
	return status, out.String(), errs.String()
}

func TestCommandLine(t *testing.T) {
	t.Parallel()
	busy, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = busy.Close() })
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	data := t.TempDir()
	if err := os.WriteFile(filepath.Join(data, "eliminacode.db"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		args   []string
		env    map[string]string
		status int
		out    string // in what is printed, on either side
	}{
		"version":          {args: []string{"version"}, out: "eliminacode unreleased"},
		"help":             {args: []string{"--help"}, out: "usage: eliminacode [command]"},
		"help of serve":    {args: []string{"serve", "--help"}, out: "-public-url"},
		"help of printer":  {args: []string{"printer", "--help"}, out: "-profile printer"},
		"printer's paper":  {args: []string{"printer", "--width", "70"}, status: 2, out: "write 80 or 58"},
		"unknown printer":  {args: []string{"printer", "--profile", "lexmark"}, status: 2, out: "but escpos, escpos-58"},
		"printer in use":   {args: []string{"printer", "--page", "127.0.0.1:0", "--listen", busy.Addr().String()}, status: 2, out: "perhaps by another printer"},
		"unknown command":  {args: []string{"sevre"}, status: 2, out: `unknown command "sevre"`},
		"wrong flag":       {args: []string{"serve", "--listen", "nowhere"}, status: 2, out: `--listen = "nowhere"`},
		"wrong flag alone": {args: []string{"--listen", "nowhere"}, status: 2, out: `--listen = "nowhere"`},
		"wrong setting":    {env: map[string]string{"ELIMINACODE_RETENTION_DAYS": "x"}, status: 2, out: "ELIMINACODE_RETENTION_DAYS"},
		"port in use":      {args: []string{"serve", "--listen", busy.Addr().String(), "--data", filepath.Join(t.TempDir(), "data")}, status: 2, out: "or choose another port, such as --listen=127.0.0.1:8081"},
		"data in a file":   {args: []string{"serve", "--listen", "127.0.0.1:0", "--data", file}, status: 2, out: file},
		"no database":      {args: []string{"config", "export"}, env: map[string]string{"ELIMINACODE_DATABASE": "postgres://nobody:hunter2@127.0.0.1:1/x?connect_timeout=1"}, status: 2, out: "(ELIMINACODE_DATABASE): the database can't be reached"},
		"no address":       {args: []string{"serve", "--listen", "127.0.0.1:0"}, env: map[string]string{"ELIMINACODE_DATABASE": "postgres://nobody:hunter2@[bad"}, status: 2, out: "(ELIMINACODE_DATABASE): the address can't be understood: cannot parse"},
		"config alone":     {args: []string{"config"}, status: 2, out: "config wants"},
		"export nothing":   {args: []string{"config", "export", "--data", filepath.Join(t.TempDir(), "wrong")}, status: 2, out: "no such file"},
		"admin alone":      {args: []string{"admin"}, status: 2, out: "admin wants reset"},
		"reset nothing":    {args: []string{"admin", "reset", "--data", data}, status: 2, out: "no administrator yet"},
		"backup no file":   {args: []string{"backup"}, status: 2, out: "backup wants the file"},
		"backup over":      {args: []string{"backup", file, "--data", data}, status: 2, out: "there already"},
		"backup nothing":   {args: []string{"backup", "x", "--data", filepath.Join(t.TempDir(), "none")}, status: 2, out: "none holds no database"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			status, stdout, stderr := try(t, c.env, c.args...)
			if status != c.status || !strings.Contains(stdout+stderr, c.out) {
				t.Errorf("status %d, want %d; printed %q and %q, want %q", status, c.status, stdout, stderr, c.out)
			}
			if status == 2 && strings.Count(stderr, "\n") != 1 {
				t.Errorf("a wrong setting is one line, not %q", stderr)
			}
			if strings.Contains(stderr, "hunter2") {
				t.Errorf("the secret is told: %q", stderr)
			}
		})
	}
}

// up runs a command that serves until the test ends, and returns its address.
func up(t *testing.T, stdout *output, env map[string]string, args ...string) string {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	var stderr output
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, append(args, "--listen", "127.0.0.1:0"), stdout, &stderr, func(k string) string { return env[k] })
	}()
	t.Cleanup(func() {
		stop()
		if status := <-ended; status != 0 {
			t.Errorf("the server ends with status %d: %s", status, stderr.String())
		}
	})
	for {
		if found := printedAddress.FindStringSubmatch(stdout.String()); found != nil { // it listens, and so it will answer
			return "http://127.0.0.1" + found[1]
		}
		select {
		case status := <-ended:
			ended <- status
			t.Fatalf("the server doesn't start: status %d: %s", status, stderr.String())
		case <-stdout.more:
		}
	}
}

var printedAddress = regexp.MustCompile(`http://localhost(:\d+)/console`)

func state(t *testing.T, url string) (v view.PublicPage) {
	t.Helper()
	r, err := http.Get(url + "/api/v1/state")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if err := json.NewDecoder(r.Body).Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

// eventually waits for something to become true of the public view.
func eventually(t *testing.T, url, what string, is func(view.PublicPage) bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for tick := time.NewTicker(50 * time.Millisecond); !is(state(t, url)); {
		select {
		case <-ctx.Done():
			t.Fatalf("never: %s", what)
		case <-tick.C:
		}
	}
}

func TestFirstStart(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	first := newOutput()
	t.Run("first", func(t *testing.T) {
		up(t, first, nil, "serve", "--data", data)
		for _, want := range []string{"/console", "/admin", "/totem", "mostrano un codice", "/display/sala", "/display/ingresso", "password «"} {
			if !strings.Contains(first.String(), want) {
				t.Errorf("the first start doesn't print %q:\n%s", want, first.String())
			}
		}
	})
	t.Run("second", func(t *testing.T) {
		second := newOutput()
		up(t, second, nil, "serve", "--data", data)
		for _, secret := range []string{"password «", "mostrano un codice"} {
			if strings.Contains(second.String(), secret) {
				t.Errorf("%q is printed once more:\n%s", secret, second.String())
			}
		}
		if status, _, stderr := try(t, nil, "serve", "--listen", "127.0.0.1:0", "--data", data); status == 0 || !strings.Contains(stderr, "in use") {
			t.Errorf("a second server on the same data: status %d, %s", status, stderr)
		}
	})
}

// TestStopWithASlowRequest stops the server, in order, while somebody is sending a request that
// never ends.
func TestStopWithASlowRequest(t *testing.T) {
	t.Parallel()
	var conn net.Conn
	t.Cleanup(func() { // after the server's end
		if conn != nil {
			_ = conn.Close()
		}
	})
	url := up(t, newOutput(), nil, "serve", "--data", filepath.Join(t.TempDir(), "data"))
	var err error
	if conn, err = new(net.Dialer).DialContext(t.Context(), "tcp", strings.TrimPrefix(url, "http://")); err != nil {
		t.Fatal(err)
	}
	const half = "POST /api/v1/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n"
	if _, err := conn.Write([]byte(half)); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(conn).ReadString('\n'); !strings.Contains(line, "100 Continue") { // it waits for the body
		t.Fatalf("%q, %v", line, err)
	}
}

// TestConfigBeside exports, changes and imports the configuration while the
// server runs, copies its data, and starts another server on the copy.
func TestConfigBeside(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	url := up(t, newOutput(), nil, "serve", "--data", data)

	status, exported, stderr := try(t, nil, "config", "export", "--data", data)
	var cfg queue.Config
	if err := json.Unmarshal([]byte(exported), &cfg); err != nil || status != 0 {
		t.Fatalf("export: status %d, %v, %s", status, err, stderr)
	}
	file := filepath.Join(t.TempDir(), "office.json")
	write := func() {
		t.Helper()
		b, err := json.Marshal(cfg)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cfg.Channels[0].Letter, cfg.Channels[1].Color = "AA", "#ffffff"
	write()
	if status, _, stderr := try(t, nil, "config", "check", file); status != 1 ||
		!strings.Contains(stderr, "channels[0].letter") || !strings.Contains(stderr, "channels[1].color") {
		t.Errorf("check: status %d, %s", status, stderr)
	}

	cfg.Name["en"] = "Relations office\u202e" // turned, it would turn what stands after it on a screen
	write()
	for _, args := range [][]string{{"check", file}, {"import", file, "--data", data}} {
		if status, _, stderr := try(t, nil, append([]string{"config"}, args...)...); status != 1 || !strings.Contains(stderr, "name.en: ") {
			t.Errorf("%s of what can't be seen: status %d, %s", args[0], status, stderr)
		}
	}

	cfg.Channels[0].Letter, cfg.Channels[1].Color = "Z", "#005a9e"
	cfg.Name = queue.Text{"it": "URP di prova"}
	write()
	if status, stdout, stderr := try(t, nil, "config", "import", file, "--data", data); status != 0 || !strings.Contains(stdout, "2") {
		t.Fatalf("import: status %d, %s%s", status, stdout, stderr)
	}
	eventually(t, url, "the server shows the new name", func(v view.PublicPage) bool { return v.Office.Name == "URP di prova" })
	if status, _, stderr := try(t, nil, "config", "import", file, "--data", data); status != 1 || !strings.Contains(stderr, "conflict") {
		t.Errorf("the same import again: status %d, %s", status, stderr)
	}
	status, stdout, stderr := try(t, nil, "config", "versions", "--data", data)
	if lines := strings.Split(strings.TrimSpace(stdout), "\n"); status != 0 || len(lines) != 2 ||
		!strings.HasPrefix(lines[0], "2  ") || !strings.HasSuffix(lines[0], "  system  channels, name") || !strings.HasPrefix(lines[1], "1  ") {
		t.Errorf("versions: status %d, %s%s", status, stdout, stderr)
	}
	for version, want := range map[string]string{"1": exported, "2": "URP di prova"} {
		if status, stdout, stderr := try(t, nil, "config", "export", "--version", version, "--data", data); status != 0 || !strings.Contains(stdout, want) {
			t.Errorf("export of version %s: status %d, %s%s", version, status, stdout, stderr)
		}
	}
	if status, _, stderr := try(t, nil, "config", "export", "--data", data, "--office", "cascine"); status != 2 || !strings.Contains(stderr, `no office "cascine"`) {
		t.Errorf("export of an office that isn't there: status %d, %s", status, stderr)
	}
	for _, none := range []string{"--version=3", "--version=x", "--version"} {
		if status, _, stderr := try(t, nil, "config", "export", "--data", data, none); status != 2 || !strings.Contains(stderr, "version") {
			t.Errorf("export %s: status %d, %s", none, status, stderr)
		}
	}
	// The command line doesn't switch figures by operator on: nobody would answer for it by name.
	cfg.Version, cfg.OperatorFigures = 2, queue.OperatorFigures{Enabled: true, Basis: "accordo"}
	write()
	if status, _, stderr := try(t, nil, "config", "import", file, "--data", data); status != 1 || !strings.Contains(stderr, "PUT /config") {
		t.Errorf("figures by operator: status %d, %s", status, stderr)
	}

	restored := filepath.Join(t.TempDir(), "restored")
	if err := os.Mkdir(restored, 0o700); err != nil {
		t.Fatal(err)
	}
	backup := filepath.Join(restored, "eliminacode.db")
	if status, _, stderr := try(t, nil, "backup", backup, "--data", data); status != 0 {
		t.Fatalf("backup: status %d, %s", status, stderr)
	}
	if status, _, _ := try(t, nil, "backup", backup, "--data", data); status != 2 {
		t.Error("a backup overwrites a file")
	}
	again := up(t, newOutput(), nil, "serve", "--data", restored)
	if got := state(t, again); got.Office.Name != "URP di prova" {
		t.Errorf("the copy has the office %q", got.Office.Name)
	}
}

// TestPrintedCommands has the commands that a server prints be those of this program, wherever it
// lies, to be pasted.
func TestPrintedCommands(t *testing.T) {
	t.Parallel()
	out := newOutput()
	up(t, out, nil, "serve", "--data", filepath.Join(t.TempDir(), "data"))
	for _, want := range []string{os.Args[0] + " printer & ELIMINACODE_SERVER=http", " " + os.Args[0] + " totem\n"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("it doesn't print %q but\n%s", want, out)
		}
	}
}

// TestAdminReset lets an administrator in again whose password is lost, while the server runs.
func TestAdminReset(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	first := newOutput()
	url := up(t, first, nil, "serve", "--data", data)
	old := between(t, first.String(), "password «", "»")

	if status, _, stderr := try(t, nil, "admin", "reset", "--data", data, "--user", "maria"); status != 2 || !strings.Contains(stderr, "there are: admin") {
		t.Errorf("reset of somebody unknown: status %d, %s", status, stderr)
	}
	status, stdout, stderr := try(t, nil, "admin", "reset", "--data", data)
	if status != 0 {
		t.Fatalf("reset: status %d, %s", status, stderr)
	}
	fresh := between(t, stdout, "«admin»: ", "\n")
	for password, want := range map[string]int{old: http.StatusUnauthorized, fresh: http.StatusOK} {
		body := strings.NewReader(`{"name":"admin","password":"` + password + `"}`)
		r, err := http.Post(url+"/api/v1/login", "application/json", body)
		if err != nil {
			t.Fatal(err)
		}
		_ = r.Body.Close()
		if r.StatusCode != want {
			t.Errorf("signing in after the reset: status %d, want %d", r.StatusCode, want)
		}
	}
}

// between returns what stands between two words of a text.
func between(t *testing.T, text, before, after string) string {
	t.Helper()
	_, rest, found := strings.Cut(text, before)
	word, _, ended := strings.Cut(rest, after)
	if !found || !ended {
		t.Fatalf("no word between %q and %q in:\n%s", before, after, text)
	}
	return word
}

func TestDemo(t *testing.T) {
	t.Parallel()
	url := up(t, newOutput(), nil, "demo")
	eventually(t, url, "the demo has people waiting and calls", func(v view.PublicPage) bool {
		waiting := 0
		for _, c := range v.Channels {
			waiting += c.Waiting
		}
		return v.Open && waiting > 10 && len(v.Calls) > 1
	})
}

// TestHelp holds every command that the usage lists to telling its settings where what was asked
// for is printed.
func TestHelp(t *testing.T) {
	t.Parallel()
	_, usage, _ := try(t, nil, "--help")
	listed := regexp.MustCompile(`(?m)^  (\w+) `).FindAllStringSubmatch(usage, -1)
	if len(listed) < 10 {
		t.Fatalf("only %d commands in %q", len(listed), usage)
	}
	for _, command := range listed {
		if command[1] == "version" {
			continue // it has no settings
		}
		t.Run(command[1], func(t *testing.T) {
			t.Parallel()
			for _, ask := range []string{"--help", "-help", "-h"} {
				status, stdout, stderr := try(t, nil, command[1], ask)
				if status != 0 || !strings.HasPrefix(stdout, "usage: eliminacode "+command[1]) || stderr != "" {
					t.Errorf("%s: status %d; printed %q and, as an error, %q", ask, status, stdout, stderr)
				}
			}
		})
	}
}

//go:build unix

package cluster_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path"
	"strings"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/cmd/eliminacode/programtest"
	"github.com/eliminacode/eliminacode/totem/escpos/virtual"
)

// TestTotemStops ends the agent as systemd does, in every situation: with status 0, within five
// seconds.
func TestTotemStops(t *testing.T) {
	t.Parallel()
	s := programtest.Start(t, programtest.Options{Name: "stops"})
	silent, err := net.Listen("tcp", "127.0.0.1:0") // takes connections, and answers nothing
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	server, token := "ELIMINACODE_SERVER="+s.URL(""), "ELIMINACODE_TOTEM_TOKEN="+programtest.DevToken
	nobody := "ELIMINACODE_SERVER=http://" + silent.Addr().String()
	for name, settings := range map[string][]string{
		"idle":             {server, token},
		"printer hangs":    {server, token, "ELIMINACODE_PRINTER=tcp://" + silent.Addr().String()},
		"server hangs":     {nobody, token},
		"no server":        {"ELIMINACODE_SERVER=http://127.0.0.1:1", token},
		"not paired":       {server},
		"nothing anywhere": {nobody, "ELIMINACODE_PRINTER=usb:/dev/usb/lp9"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := programtest.NewTotem(t, settings...)
			k.Start(t)
			if strings.Contains(strings.Join(settings, " "), server+" "+token) {
				k.Until(t, "online", func(s programtest.TotemStatus) bool { return s.Server.Online })
				if _, err := k.Do(t.Context(), http.MethodPost, "/api/v1/tickets", map[string]string{"channel": "anagrafe"}); err != nil {
					t.Error(err)
				}
			}
			if status, took := k.Stop(t); status != 0 || took > 5*time.Second {
				t.Errorf("status %d after %v, want 0 within 5 s", status, took)
			}
		})
	}
}

// TestTotemFolder has one agent at a time use a folder.
func TestTotemFolder(t *testing.T) {
	t.Parallel()
	folder := "ELIMINACODE_DATA=" + t.TempDir()
	k := programtest.NewTotem(t, folder)
	k.Start(t)
	other := exec.Command(programtest.Binary(t), "totem")
	other.Env = append(os.Environ(), folder, "ELIMINACODE_LISTEN=127.0.0.1:0")
	out, err := other.CombinedOutput()
	if other.ProcessState.ExitCode() != 2 || strings.Count(string(out), "\n") != 1 || !strings.Contains(string(out), "another agent uses this folder") {
		t.Errorf("%v: %s", err, out)
	}
}

// TestTotemDiskFull has the disk take nothing more: with the server tickets go on, without it the
// agent says why there are none, and goes on once there is room.
func TestTotemDiskFull(t *testing.T) {
	t.Parallel()
	s := programtest.Start(t, programtest.Options{Name: "disk"})
	k := newKiosk(t, s, "disk")
	online := func(s programtest.TotemStatus) bool { return s.Server.Online && s.Unsent == 0 }
	room := func(limit string) {
		t.Helper()
		out, err := exec.CommandContext(t.Context(), "prlimit", "--pid", fmt.Sprint(k.PID()), "--fsize="+limit+":unlimited").CombinedOutput()
		if err != nil {
			t.Fatalf("prlimit: %v\n%s", err, out)
		}
	}
	ask := func(key string) programtest.Answer {
		t.Helper()
		a, err := k.Do(t.Context(), http.MethodPost, "/api/v1/tickets", map[string]string{"channel": "anagrafe"}, "Idempotency-Key", key)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	// paper is whose tickets have come out, once there are n.
	paper := func(n int) string {
		t.Helper()
		ctx, cancel := context.WithTimeout(t.Context(), programtest.Patience)
		defer cancel()
		if err := k.printer.Wait(ctx, func(l virtual.Look) bool { return len(l.Tickets) >= n && !l.Printing }); err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, piece := range k.printer.Tickets() {
			for _, code := range piece.Paper.QRs() {
				ids = append(ids, path.Base(code))
			}
		}
		return strings.Join(ids, " ")
	}
	idOf := func(a programtest.Answer) string {
		t.Helper()
		var given struct{ ID string }
		if err := a.Into(&given); err != nil {
			t.Fatal(err)
		}
		return given.ID
	}
	room("100")
	first := ask("1")
	if first.Status != http.StatusCreated || strings.Contains(string(first.Body), `"offline":true`) {
		t.Errorf("with the server: %s", first)
	}
	if got, want := paper(1), idOf(first); got != want {
		t.Errorf("with the server, on paper: %s, want %s", got, want)
	}
	if got := k.Status(t); got.Disk != "full" {
		t.Errorf("it says: %+v", got)
	}
	k.cable.Cut()
	k.Until(t, "offline", func(s programtest.TotemStatus) bool { return !s.Server.Online })
	if a := ask("2"); a.Status != http.StatusServiceUnavailable || !strings.Contains(string(a.Body), "offline_disk") {
		t.Errorf("without the server: %s", a)
	}
	room("unlimited")
	again := ask("3")
	if again.Status != http.StatusCreated || !strings.Contains(string(again.Body), `"A900"`) {
		t.Errorf("with room again: %s", again)
	}
	if got, want := paper(2), idOf(first)+" "+idOf(again); got != want {
		t.Errorf("with room again, on paper: %s, want %s", got, want)
	}
	k.Kill()
	k.Start(t)
	if a := ask("3"); !strings.Contains(string(a.Body), `"A900"`) {
		t.Errorf("after a restart: %s", a)
	}
	k.cable.Mend()
	k.Until(t, "online", online)
	if a := ask("1"); !strings.Contains(string(a.Body), `"A001"`) {
		t.Errorf("the first one again: %s", a)
	}
	fourth := ask("4") // whatever was still to be printed comes before it
	if got, want := paper(3), idOf(first)+" "+idOf(again)+" "+idOf(fourth); got != want {
		t.Errorf("at the end, on paper: %s, want %s", got, want)
	}
}

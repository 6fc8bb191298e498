package eliminacode_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestDebianMonitor has the script write what makes a Debian boot into a monitor.
func TestDebianMonitor(t *testing.T) {
	t.Parallel()
	run := func(args ...string) (into string, err error) {
		into = t.TempDir()
		out, err := exec.Command("scripts/debian-monitor.sh", append([]string{"--into", into}, args...)...).CombinedOutput()
		if err != nil && !strings.Contains(string(out), "debian-monitor.sh") {
			t.Errorf("%v: %s", args, out)
		}
		return into, err
	}
	read := func(into, name string) string {
		t.Helper()
		b, err := os.ReadFile(filepath.Join(into, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}

	into, err := run("--rotate", "90", "--off", "19:00", "--on", "07:30", "--sound", "HDMI", "http://urp-server:8080/", "sala")
	if err != nil {
		t.Fatal(err)
	}
	for file, wants := range map[string][]string{
		"usr/local/lib/eliminacode-monitor/browser": {
			" http://urp-server:8080/display/sala\n", "insecure-origin-as-secure=http://urp-server:8080 ", "plughw:CARD=HDMI", "amixer -q -c HDMI",
			" --kiosk ", " --autoplay-policy=no-user-gesture-required ", " --js-flags='--no-opt --no-maglev' ",
		},
		"etc/eliminacode-monitor/sway.conf": {
			"transform 90\n", "seat * hide_cursor 1\n", " inhibit_idle open\n", "exec /usr/local/lib/eliminacode-monitor/screen off-between 19:00 07:30\n",
		},
		"etc/systemd/system/eliminacode-monitor-off.timer":   {"OnCalendar=*-*-* 19:00:00"},
		"etc/systemd/system/eliminacode-monitor-on.timer":    {"OnCalendar=*-*-* 07:30:00"},
		"etc/systemd/system/eliminacode-monitor-off.service": {"screen off"},
	} {
		for _, want := range wants {
			if got := read(into, file); !strings.Contains(got, want) {
				t.Errorf("%s has no %q:\n%s", file, want, got)
			}
		}
	}
	for _, script := range []string{"browser", "screen"} {
		if out, err := exec.Command("bash", "-n", filepath.Join(into, "usr/local/lib/eliminacode-monitor", script)).CombinedOutput(); err != nil {
			t.Errorf("%s: %s", script, out)
		}
	}

	if into, err = run("https://coda.comune.example.it"); err != nil {
		t.Fatal(err)
	}
	if got := read(into, "usr/local/lib/eliminacode-monitor/browser"); !strings.Contains(got, " https://coda.comune.example.it/display\n") {
		t.Errorf("without a display:\n%s", got)
	}
	if timers, _ := filepath.Glob(filepath.Join(into, "etc/systemd/system/*.timer")); timers != nil {
		t.Errorf("without times: %v", timers)
	}
	if got := read(into, "etc/eliminacode-monitor/sway.conf"); strings.Contains(got, "/screen") {
		t.Errorf("without times:\n%s", got)
	}

	for _, args := range [][]string{
		{},
		{"urp-server"},
		{"http://urp-server; reboot"},
		{"http://urp-server", "../admin"},
		{"--rotate", "45", "http://urp-server"},
		{"--off", "19:00", "http://urp-server"},
		{"--off", "19:00", "--on", "25:00", "http://urp-server"},
		{"--off", "19:00", "--on", "19:00", "http://urp-server"},
		{"--sound", "$(reboot)", "http://urp-server"},
		{"--loud", "http://urp-server"},
	} {
		_, err := run(args...)
		if exit, ok := errors.AsType[*exec.ExitError](err); !ok || exit.ExitCode() != 2 {
			t.Errorf("%q: %v", args, err)
		}
	}
}

// TestMonitorSwitchedOnAtNight has a monitor come up with its screen as the hour wants it.
func TestMonitorSwitchedOnAtNight(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if out, err := exec.Command("scripts/debian-monitor.sh", "--into", dir, "http://urp-server").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for name, script := range map[string]string{"date": `echo "$NOW"`, "swaymsg": `echo "$2"`} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct{ off, on, now, want string }{
		{"19:00", "07:30", "18:59", "on"},
		{"19:00", "07:30", "19:00", "off"},
		{"19:00", "07:30", "23:59", "off"},
		{"19:00", "07:30", "00:00", "off"},
		{"19:00", "07:30", "07:29", "off"},
		{"19:00", "07:30", "07:30", "on"},
		{"00:30", "07:30", "00:29", "on"},
		{"00:30", "07:30", "00:30", "off"},
		{"00:30", "07:30", "07:29", "off"},
		{"00:30", "07:30", "07:30", "on"},
	} {
		c := exec.Command(filepath.Join(dir, "usr/local/lib/eliminacode-monitor/screen"), "off-between", tt.off, tt.on)
		c.Env = append(os.Environ(), "PATH="+dir+":"+os.Getenv("PATH"), "NOW="+tt.now)
		if out, err := c.CombinedOutput(); err != nil || string(out) != "output * dpms "+tt.want+"\n" {
			t.Errorf("off from %s to %s, at %s: %v, %s", tt.off, tt.on, tt.now, err, out)
		}
	}
}

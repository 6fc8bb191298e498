//go:build unix

package main

import (
	"context"
	"maps"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestTotemSettings wants one clear line, which names the setting, and status 2 for each wrong one.
func TestTotemSettings(t *testing.T) {
	t.Parallel()
	busy, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = busy.Close() })
	for name, tt := range map[string]struct {
		env  map[string]string
		args []string
		want string
	}{
		"server":         {env: map[string]string{"ELIMINACODE_SERVER": "server:8080"}, want: "ELIMINACODE_SERVER"},
		"server's path":  {env: map[string]string{"ELIMINACODE_SERVER": "http://"}, want: "http://server:8080"},
		"token":          {env: map[string]string{"ELIMINACODE_TOTEM_TOKEN": "x"}, want: "ELIMINACODE_TOTEM_TOKEN: at least 8"},
		"listen":         {env: map[string]string{"ELIMINACODE_LISTEN": "8090"}, want: "ELIMINACODE_LISTEN"},
		"busy port":      {env: map[string]string{"ELIMINACODE_LISTEN": busy.Addr().String()}, want: "address already in use"},
		"printer":        {env: map[string]string{"ELIMINACODE_PRINTER": "lpt1"}, want: "tcp://"},
		"printer's port": {env: map[string]string{"ELIMINACODE_PRINTER": "tcp://printer:port"}, want: "ELIMINACODE_PRINTER"},
		"profile":        {env: map[string]string{"ELIMINACODE_PRINTER_PROFILE": "hp-laserjet"}, want: "epson-tm-t88"},
		"folder":         {env: map[string]string{"ELIMINACODE_DATA": "/dev/null/totem"}, want: "data ="},
		"argument":       {args: []string{"now"}, want: `unexpected argument "now"`},
		"flag":           {args: []string{"--office=urp"}, want: "eliminacode totem --help"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := map[string]string{"ELIMINACODE_DATA": filepath.Join(t.TempDir(), "totem"), "ELIMINACODE_LISTEN": "127.0.0.1:0"}
			maps.Copy(env, tt.env)
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()
			var out, errs output
			status := run(ctx, append([]string{"totem"}, tt.args...), &out, &errs, func(k string) string { return env[k] })
			if stderr := errs.String(); status != 2 || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, tt.want) {
				t.Errorf("status %d: %s", status, stderr)
			}
		})
	}
	status, stdout, _ := try(t, nil, "totem", "--help")
	if status != 0 || !strings.Contains(stdout, " -printer-profile") || !strings.Contains(stdout, "ELIMINACODE_TOTEM_TOKEN") {
		t.Errorf("help: status %d: %s", status, stdout)
	}
}

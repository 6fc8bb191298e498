package config_test

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/eliminacode/eliminacode/pkg/config"
)

func TestLoad(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "e.toml")
	if err := os.WriteFile(file, []byte("listen = \":1\"\noffice = \"file\"\nproxies = [\"10.0.0.0/8\", \"127.0.0.0/8\"]\nretention-days = 7\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	section, unknown, twice := filepath.Join(t.TempDir(), "voice.toml"), filepath.Join(t.TempDir(), "loud.toml"), filepath.Join(t.TempDir(), "twice.toml")
	for name, text := range map[string]string{
		section: "[voice]\ncommand = \"pico2wave -l {locale} -w {file} {text}\"\n", unknown: "[voice]\nloud = true\n",
		twice: "voice-command = \"espeak-ng --stdout\"\n[voice]\ncommand = \"pico2wave\"\n",
	} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	defaults := config.Settings{Listen: ":8080", Data: "./data", Office: "urp", Retention: 30}
	with := func(change func(*config.Settings)) *config.Settings {
		s := defaults
		change(&s)
		return &s
	}
	for name, c := range map[string]struct {
		args []string
		env  map[string]string
		want *config.Settings
		err  string
	}{
		"nothing": {want: &defaults},
		"file": {args: []string{"--config", file}, want: with(func(s *config.Settings) {
			s.Listen, s.Office, s.Retention, s.Proxies = ":1", "file", 7, []string{"10.0.0.0/8", "127.0.0.0/8"}
		})},
		"section":              {args: []string{"--config", section}, want: with(func(s *config.Settings) { s.VoiceCommand = "pico2wave -l {locale} -w {file} {text}" })},
		"unknown in a section": {args: []string{"--config", unknown}, err: `unknown setting "voice-loud"`},
		"twice":                {args: []string{"--config", twice}, err: `setting "voice-command" is there twice`},
		"environment, flag": {args: []string{"--config", file, "--listen", ":3"}, env: map[string]string{"ELIMINACODE_LISTEN": ":2", "ELIMINACODE_OFFICE": "env"}, want: with(func(s *config.Settings) {
			s.Listen, s.Office, s.Retention, s.Proxies = ":3", "env", 7, []string{"10.0.0.0/8", "127.0.0.0/8"}
		})},
		"dev": {args: []string{"--dev", "--clock=2026-03-02T09:00:00+01:00"}, env: map[string]string{"ELIMINACODE_DEV_TOKEN": "secret-token"}, want: with(func(s *config.Settings) {
			s.Dev, s.DevToken, s.Clock = true, "secret-token", time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
		})},
		"token without dev":   {env: map[string]string{"ELIMINACODE_DEV_TOKEN": "secret-token"}, want: &defaults},
		"public address":      {args: []string{"--public-url", "https://coda.example.it/"}, want: with(func(s *config.Settings) { s.PublicURL = "https://coda.example.it" })},
		"clock without dev":   {args: []string{"--clock=2026-03-02T09:00:00+01:00"}, err: "--clock: only with --dev"},
		"no port":             {args: []string{"--listen", "localhost"}, err: `--listen = "localhost": write it as host:port`},
		"environment no port": {env: map[string]string{"ELIMINACODE_LISTEN": "x"}, err: `ELIMINACODE_LISTEN = "x"`},
		"database":            {env: map[string]string{"ELIMINACODE_DATABASE": "mysql://root:hunter2@h/d"}, err: "ELIMINACODE_DATABASE: write it as postgres://"},
		"short token":         {args: []string{"--dev"}, env: map[string]string{"ELIMINACODE_DEV_TOKEN": "x"}, err: "ELIMINACODE_DEV_TOKEN: at least 8 characters"},
		"unknown flag":        {args: []string{"--lisen", ":1"}, err: "flag provided but not defined: -lisen"},
		"argument":            {args: []string{"now"}, err: `unexpected argument "now"`},
		"no file":             {args: []string{"--config", file + "x"}, err: "settings file: open"},
		"retention":           {args: []string{"--retention-days", "many"}, err: `--retention-days = "many": write a number of days`},
		"proxy":               {args: []string{"--proxies", "10.0.0.1"}, err: "write networks as 127.0.0.0/8"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := config.Load("serve", c.args, func(k string) string { return c.env[k] }, io.Discard)
			if c.err != "" {
				if err == nil || !strings.Contains(err.Error(), c.err) {
					t.Fatalf("error = %v, want one with %q", err, c.err)
				}
				if strings.Contains(err.Error(), "hunter2") {
					t.Errorf("the error tells the secret: %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("settings (-want +got):\n%s", diff)
			}
		})
	}
}

package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// replayed writes a log of a morning: one clerk, a visit of five minutes every four.
func replayed(t *testing.T) string {
	t.Helper()
	var log strings.Builder
	log.WriteString("arrived,called,ended,channel,counter,outcome\n")
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.FixedZone("", 3600))
	free := at
	for i := range 40 {
		arrived := at.Add(time.Duration(i) * 4 * time.Minute)
		called := free
		if arrived.After(free) {
			called = arrived
		}
		free = called.Add(5 * time.Minute)
		fmt.Fprintf(&log, "%s,%s,%s,anagrafe,1,served\n", arrived.Format(time.RFC3339), called.Format(time.RFC3339), free.Format(time.RFC3339))
	}
	name := filepath.Join(t.TempDir(), "visits.csv")
	if err := os.WriteFile(name, []byte(log.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestReplay(t *testing.T) {
	t.Parallel()
	log := replayed(t)
	status, out, errs := try(t, nil, "replay", log)
	if status != 0 || errs != "" {
		t.Fatalf("status %d, %s", status, errs)
	}
	var got map[string]any
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{
		"visits", "predicted", "mae_s", "bias_s", "coverage", "above", "mean_width_s", "pinball_s", "plain_mae_s", "by_channel", "by_hour", "by_day",
	} {
		if _, has := got[name]; !has {
			t.Errorf("%s is missing", name)
		}
	}
	if got["visits"] != 40. || got["predicted"].(float64) < 35 || got["mae_s"].(float64) > 300 {
		t.Errorf("%s", out)
	}
	if _, again, _ := try(t, nil, "replay", log); again != out {
		t.Errorf("the same log twice:\n%s\n%s", out, again)
	}
}

// TestReplayOfNobody has nobody come, and nobody wait: there are no errors, not errors of zero.
func TestReplayOfNobody(t *testing.T) {
	t.Parallel()
	const header, visit = "arrived,called,ended,channel,counter,outcome\n", "2026-03-02T09:00:00Z,2026-03-02T09:00:00Z,2026-03-02T09:05:00Z,anagrafe,1,served\n"
	for _, log := range []string{header, header + strings.Repeat(visit, 9)} {
		name := filepath.Join(t.TempDir(), "visits.csv")
		if err := os.WriteFile(name, []byte(log), 0o600); err != nil {
			t.Fatal(err)
		}
		_, out, _ := try(t, nil, "replay", name)
		var got map[string]any
		if err := json.Unmarshal([]byte(out), &got); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"mae_s", "bias_s", "coverage", "above", "mean_width_s", "pinball_s", "plain_mae_s"} {
			if x, has := got[name]; !has || x != nil {
				t.Errorf("%s is %v", name, x)
			}
		}
	}
}

// TestReplayOfNoLog wants one clear line and status 2.
func TestReplayOfNoLog(t *testing.T) {
	t.Parallel()
	wrong := filepath.Join(t.TempDir(), "wrong.csv")
	if err := os.WriteFile(wrong, []byte("arrived,called,ended,channel,counter,outcome\nyesterday,,,a,,left\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for want, args := range map[string][]string{
		"replay wants one file":                     {"replay"},
		"no such file":                              {"replay", wrong + "x"},
		`line 2: arrived: "yesterday" isn't a time`: {"replay", wrong},
		"flag provided but not defined: -fast":      {"replay", "--fast", wrong},
	} {
		status, out, errs := try(t, nil, args...)
		if status != 2 || out != "" || strings.Count(strings.TrimSpace(errs), "\n") != 0 || !strings.Contains(errs, want) {
			t.Errorf("%v: status %d, %q, %q; want %q", args, status, out, errs, want)
		}
	}
}

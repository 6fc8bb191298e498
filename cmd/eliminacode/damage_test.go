package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/eliminacode/eliminacode/pkg/journal/sqlite"
)

// TestDamageFoundLater breaks what is read only after the database was opened: the status and the
// advice are those of a database that can't be opened, whichever command finds it.
func TestDamageFoundLater(t *testing.T) {
	t.Parallel()
	for name, damage := range map[string]string{
		"Event": `UPDATE events SET body = SUBSTR(body, 1, 20) WHERE seq = 2; DELETE FROM snapshots`,
		"Gap":   `DELETE FROM events WHERE seq = 2; DELETE FROM snapshots`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			data := filepath.Join(t.TempDir(), "data")
			t.Run("Before", func(t *testing.T) {
				at(t, data, "2026-03-02T09:00:00+01:00", func(url string) { issueAt(t, url) })
			})
			j, err := sqlite.Open(t.Context(), filepath.Join(data, "eliminacode.db"), sqlite.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := j.DB().ExecContext(t.Context(), damage); err != nil {
				t.Fatal(err)
			}
			if err := j.Close(); err != nil {
				t.Fatal(err)
			}
			for _, args := range [][]string{{"serve", "--listen", "127.0.0.1:0"}, {"config", "export"}} {
				status, _, stderr := try(t, nil, append(args, "--data", data)...)
				said := strings.TrimSpace(stderr)
				said = said[strings.LastIndex(said, "\n")+1:]
				if status != 2 || !strings.Contains(said, "--data") || !strings.Contains(said, "restore a backup") || !strings.Contains(said, "office urp") {
					t.Errorf("%s: status %d, %s; want 2, and what to do", args[0], status, stderr)
				}
			}
		})
	}
}

//go:build unix

package sqlite_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/eliminacode/eliminacode/pkg/journal/journaltest"
)

// TestFileTakenAway holds that nothing is written any more, and the probe fails, when a file is
// moved away under the running server: what is written to a file without a name is lost. Once it is
// back, so is the journal.
func TestFileTakenAway(t *testing.T) {
	t.Parallel()

	for _, suffix := range []string{"", "-wal"} {
		t.Run("db"+suffix, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "eliminacode.db")
			j := open(t, path)
			defer j.Close()
			o := journaltest.NewOffice("urp")
			if err := j.Append(t.Context(), o.Begin(t)); err != nil {
				t.Fatal(err)
			}
			batch := breaks(t, o, 1)
			away := path + ".away"
			for _, put := range []func() error{
				func() error { return nil },
				func() error { return os.WriteFile(path+suffix, []byte("another"), 0o600) },
			} {
				if err := os.Rename(path+suffix, away); err != nil {
					t.Fatal(err)
				}
				if err := put(); err != nil {
					t.Fatal(err)
				}
				wantUnavailable(t, j.Append(t.Context(), batch), "moved, deleted or replaced")
				wantUnavailable(t, j.Ping(t.Context()), "moved, deleted or replaced")
				if err := os.Rename(away, path+suffix); err != nil {
					t.Fatal(err)
				}
			}
			if err := j.Ping(t.Context()); err != nil {
				t.Error(err)
			}
			if err := j.Append(t.Context(), batch); err != nil {
				t.Error(err)
			}
		})
	}
}

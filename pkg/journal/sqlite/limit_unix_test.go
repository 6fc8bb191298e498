//go:build unix

package sqlite_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/eliminacode/eliminacode/pkg/journal"
	"github.com/eliminacode/eliminacode/pkg/journal/journaltest"
)

// TestFileSizeLimit runs the test once more, in a process whose files can't grow: Ping says so as
// soon as no command can be carried out.
func TestFileSizeLimit(t *testing.T) {
	t.Parallel()

	const inside = "ELIMINACODE_TEST_FILE_LIMIT"
	if os.Getenv(inside) == "" {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestFileSizeLimit$", "-test.v")
		cmd.Env = append(os.Environ(), inside+"=1", "TMPDIR="+t.TempDir())
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	j := open(t, filepath.Join(t.TempDir(), "eliminacode.db"))
	defer j.Close()
	o := journaltest.NewOffice("urp")
	if err := j.Append(t.Context(), o.Begin(t)); err != nil {
		t.Fatal(err)
	}
	if err := j.Ping(t.Context()); err != nil {
		t.Fatal(err)
	}
	const limit = 1 << 20
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: limit, Max: limit}); err != nil {
		t.Fatal(err)
	}
	for i := range 1000 {
		if err := j.Append(t.Context(), breaks(t, o, 20)); err != nil {
			for range 5 {
				if err := j.Ping(t.Context()); !errors.Is(err, journal.ErrUnavailable) {
					t.Errorf("after %d commands none can be carried out, and Ping says %v", i, err)
				}
			}
			return
		}
	}
	t.Error("the limit was never reached")
}

package diary_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

// TestFolderNotDurable runs the test once more, in a process that has no file to spare: the new
// file is in its place, but it can't be made sure of. What is written after that isn't lost.
func TestFolderNotDurable(t *testing.T) {
	t.Parallel()
	const inside = "ELIMINACODE_TEST_FILES_LIMIT"
	if os.Getenv(inside) == "" {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestFolderNotDurable$", "-test.v")
		cmd.Env = append(os.Environ(), inside+"="+t.TempDir())
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	folder := filepath.Join(os.Getenv(inside), "totem")
	d, _ := open(t, folder)
	add(t, d, "one")
	next, err := os.Open(os.DevNull) // the new file gets its number, the folder none
	if err != nil {
		t.Fatal(err)
	}
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	scarce := syscall.Rlimit{Cur: uint64(next.Fd()) + 1, Max: limit.Max}
	if err := next.Close(); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &scarce); err != nil {
		t.Fatal(err)
	}
	if err := d.Rewrite([]byte("all of it")); err == nil {
		t.Fatal("nothing failed")
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	if d.Append(true, []byte("two")) != nil { // as it says: it has to be written anew
		if err := d.Rewrite([]byte("all of it")); err != nil {
			t.Fatal(err)
		}
		add(t, d, "two")
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	_, all := open(t, folder)
	want(t, all, "all of it", "two")
}

//go:build linux

package sqlite_test

import (
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
)

// TestLockOfAProgramBeingStarted closes a journal while a program is being started, which until it
// runs has the files of this one open: the next journal is admitted all the same.
func TestLockOfAProgramBeingStarted(t *testing.T) {
	t.Parallel()

	path := filepath.Join(t.TempDir(), "eliminacode.db")
	j := open(t, path)
	links, err := filepath.Glob("/proc/self/fd/*")
	if err != nil {
		t.Fatal(err)
	}
	copied := 0
	for _, link := range links {
		if to, err := os.Readlink(link); err != nil || to != path+".lock" && to != filepath.Dir(path) {
			continue
		}
		fd, err := strconv.Atoi(filepath.Base(link))
		if err != nil {
			t.Fatal(err)
		}
		if fd, err = syscall.Dup(fd); err != nil {
			t.Fatal(err)
		}
		defer syscall.Close(fd)
		copied++
	}
	if copied < 2 { // SQLite has the folder open at times as well
		t.Fatalf("%d files are open, want the lock's and the folder", copied)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	if err := open(t, path).Close(); err != nil {
		t.Error(err)
	}
}

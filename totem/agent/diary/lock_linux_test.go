package diary_test

import (
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
)

// TestLockOfAProgramBeingStarted closes a diary while a program is being started, which until it
// runs has the files of this one open: the next agent gets the folder all the same.
func TestLockOfAProgramBeingStarted(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	d, _ := open(t, folder)
	links, err := filepath.Glob("/proc/self/fd/*")
	if err != nil {
		t.Fatal(err)
	}
	copied := false
	for _, link := range links {
		if to, err := os.Readlink(link); err != nil || to != filepath.Join(folder, "lock") {
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
		copied = true
	}
	if !copied {
		t.Fatal("the lock's file isn't open")
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	d, _ = open(t, folder)
	_ = d.Close()
}

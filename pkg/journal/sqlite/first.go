package sqlite

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/eliminacode/eliminacode/pkg/journal"
)

// check refuses to take for a new installation what isn't one: a database that is empty, or not
// there, where earlier days have left signs.
func check(path string) error {
	info, err := os.Stat(path)
	there := err == nil
	if there && info.Size() > 0 {
		return nil
	}
	var signs []string
	sign := func(name string) {
		if info, err := os.Stat(name); err == nil && info.Size() > 0 {
			signs = append(signs, filepath.Base(name))
		}
	}
	sign(path + "-wal")
	sign(path + ".lock") // see markUsed
	if there {
		for _, pattern := range []string{"*.db", "*.db.*", "*.bak", "*.log"} {
			others, err := filepath.Glob(filepath.Join(filepath.Dir(path), pattern))
			if err != nil {
				return err
			}
			for _, name := range others {
				if !strings.HasPrefix(name, path) {
					sign(name)
				}
			}
		}
	}
	if len(signs) == 0 {
		return nil
	}
	state := "is not there"
	if there {
		state = "is empty"
	}
	return &journal.Error{Reason: journal.Damaged, Detail: fmt.Sprintf(
		"%s %s, but beside it there are signs of earlier days (%s); put the last copy that \"eliminacode backup\" made in its place, or, for a new installation, remove them or choose another folder",
		path, state, strings.Join(signs, ", "))}
}

// markUsed notes in the lock's file that there are tables now: without them, something is missing.
func markUsed(lock *os.File) error {
	if lock == nil {
		return nil
	}
	_, err := lock.WriteAt([]byte("eliminacode has data here: keep this file\n"), 0)
	return err
}

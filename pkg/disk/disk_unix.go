//go:build unix

package disk

import (
	"errors"
	"os"
	"syscall"
)

// Lock makes and locks a file for this process; [Unlock], or dying, frees it. It returns
// [ErrLocked] for one that another process has.
func Lock(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := lock(f); err != nil {
		return nil, errors.Join(&os.PathError{Op: "lock", Path: path, Err: err}, f.Close())
	}
	return f, nil
}

// LockFolder locks a folder as [Lock] does a file, where folders can be locked; some networks'
// can't.
func LockFolder(path string) (*os.File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	if err := lock(f); errors.Is(err, ErrLocked) {
		return nil, errors.Join(&os.PathError{Op: "lock", Path: path, Err: err}, f.Close())
	}
	return f, nil
}

func lock(f *os.File) error {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return ErrLocked
	}
	return err
}

// Unlock frees and closes a file or folder. To close it wouldn't do while another program is being
// started: until it runs, it has every file of this one open.
func Unlock(f *os.File) error {
	_ = syscall.Flock(int(f.Fd()), syscall.LOCK_UN) // it fails where nothing was locked
	return f.Close()
}

// SyncFolder makes the names of the files in a folder durable.
func SyncFolder(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

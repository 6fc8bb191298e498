package disk

import (
	"errors"
	"os"
	"syscall"
)

// Lock makes and opens a file that nobody else may open meanwhile. It returns [ErrLocked] for one
// that another process has.
func Lock(path string) (*os.File, error) {
	name, err := syscall.UTF16PtrFromString(path)
	if err != nil {
		return nil, err
	}
	const alone, sharing = 0, syscall.Errno(32) // the share mode; ERROR_SHARING_VIOLATION
	h, err := syscall.CreateFile(name, syscall.GENERIC_WRITE, alone, nil, syscall.OPEN_ALWAYS, syscall.FILE_ATTRIBUTE_NORMAL, 0)
	if errors.Is(err, sharing) {
		err = ErrLocked
	}
	if err != nil {
		return nil, &os.PathError{Op: "lock", Path: path, Err: err}
	}
	return os.NewFile(uintptr(h), path), nil
}

// LockFolder locks nothing: the lock's file can't be deleted here while it is open.
func LockFolder(string) (*os.File, error) { return nil, nil }

// Unlock closes a file, which frees it.
func Unlock(f *os.File) error { return f.Close() }

// SyncFolder does nothing: the file system keeps the names of files durable by itself.
func SyncFolder(string) error { return nil }

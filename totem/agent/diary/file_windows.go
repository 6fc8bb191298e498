package diary

import (
	"errors"
	"os"
	"syscall"
)

// lockFile makes and opens a file that nobody else may open meanwhile.
func lockFile(path string) (*os.File, error) {
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

// syncFolder does nothing: the file system keeps the names of files durable by itself.
func syncFolder(string) error { return nil }

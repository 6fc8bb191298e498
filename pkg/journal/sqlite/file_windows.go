package sqlite

import (
	"os"
	"syscall"
)

// lockFile makes and opens a file that nobody else may open meanwhile.
func lockFile(path string) (*os.File, error) {
	name, err := syscall.UTF16PtrFromString(path)
	if err != nil {
		return nil, err
	}
	const alone = 0 // the share mode
	h, err := syscall.CreateFile(name, syscall.GENERIC_WRITE, alone, nil, syscall.OPEN_ALWAYS, syscall.FILE_ATTRIBUTE_NORMAL, 0)
	if err != nil {
		return nil, &os.PathError{Op: "lock", Path: path, Err: err}
	}
	return os.NewFile(uintptr(h), path), nil
}

// syncFolder does nothing: the file system keeps the names of files durable by itself.
func syncFolder(string) error { return nil }

// lockFolder locks nothing: the lock's file can't be deleted here while it is open.
func lockFolder(string) (*os.File, error) { return nil, nil }

// unlock closes a file, which frees it.
func unlock(f *os.File) error { return f.Close() }

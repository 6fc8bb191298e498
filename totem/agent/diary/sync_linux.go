package diary

import (
	"os"
	"syscall"
)

// syncData makes what was written durable, with the file's length; its other properties can wait.
func syncData(f *os.File) error {
	return os.NewSyscallError("fdatasync", syscall.Fdatasync(int(f.Fd())))
}

package pgtest

import (
	"runtime"
	"syscall"
)

// attributes are those of a process that ends, without ceremony, when its parent does.
func attributes(as *syscall.Credential) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Credential: as, Pdeathsig: syscall.SIGQUIT}
}

// lockThread keeps the goroutine's thread for it alone, as long as it lives.
func lockThread() { runtime.LockOSThread() }

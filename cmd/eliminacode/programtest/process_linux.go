package programtest

import "syscall"

// attributes are those of a process that is killed when the thread ends that started it.
func attributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }

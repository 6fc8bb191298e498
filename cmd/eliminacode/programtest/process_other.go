//go:build unix && !linux

package programtest

import "syscall"

func attributes() *syscall.SysProcAttr { return nil }

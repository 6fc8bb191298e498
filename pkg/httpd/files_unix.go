//go:build unix

package httpd

import "syscall"

// openFiles is how many files this process may have open: the hard limit, to which Go raises it at
// the start.
func openFiles() int {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return 1024
	}
	return int(min(limit.Cur, 1<<20))
}

// Package disk is what the journals need of the file system beyond package os: files and folders
// that one process has at a time, and names that outlive a loss of power.
package disk

import "errors"

// ErrLocked says that another process has the file or the folder.
var ErrLocked = errors.New("in use by another process")

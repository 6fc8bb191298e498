//go:build !linux

package diary

import "os"

func syncData(f *os.File) error { return f.Sync() }

package sqlite

import (
	"os"

	"github.com/eliminacode/eliminacode/pkg/journal"
)

// files are the database and its log as they lay there when they were first looked at. A file that
// somebody deleted or replaced can still be written by who has it open, but nobody finds again what
// is in it.
type files []file

type file struct {
	path string
	was  os.FileInfo // nil until it is there
}

func newFiles(path string) files { return files{{path: path}, {path: path + "-wal"}} }

// inPlace returns an error if the files aren't those that were there.
func (list files) inPlace() error {
	for i := range list {
		f := &list[i]
		info, err := os.Stat(f.path)
		switch {
		case f.was == nil && err == nil:
			f.was = info
		case f.was != nil && (err != nil || !os.SameFile(f.was, info)):
			return &journal.Error{Reason: journal.Gone, Detail: f.path, Err: err}
		}
	}
	return nil
}

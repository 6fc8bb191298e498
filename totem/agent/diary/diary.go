// Package diary keeps records in one file that only grows: each with a checksum, and on the disk
// before anybody is told so. It knows nothing of what they say.
package diary

import (
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"sync"

	"github.com/eliminacode/eliminacode/pkg/disk"
)

const (
	fileName = "journal.log"
	newName  = "journal.new"
	lockName = "lock"
)

// errBroken is for a file of which it isn't known what its end holds: it is to be written anew.
var errBroken = errors.New("the journal's end isn't known after a failed write")

// Diary is the file. It belongs to one process at a time.
type Diary struct {
	folder string
	lock   *os.File

	mu     sync.Mutex
	file   *os.File
	size   int64 // of what is known to be whole
	broken bool
	closed bool // the folder may be another's
}

// Found is what a file held.
type Found struct {
	Records [][]byte
	// Damaged counts records in the middle that can't be read; the file was kept as it was, beside
	// the other, if there was room. A torn end isn't damage: nobody was told that it is there.
	Damaged int
}

// Open locks a folder, making it if there is none, and reads what its diary holds. It returns
// [disk.ErrLocked] for a folder that is in use.
func Open(folder string) (d *Diary, found Found, err error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, found, err
	}
	opened := &Diary{folder: folder}
	if opened.lock, err = disk.Lock(filepath.Join(folder, lockName)); err != nil {
		return nil, found, err
	}
	defer func() {
		if err != nil {
			_ = opened.Close() // the first error says more
		}
	}()
	if found, err = opened.read(); err != nil {
		return nil, found, err
	}
	return opened, found, disk.SyncFolder(folder)
}

// read opens the file and reads what it holds. Others follow behind the last whole record.
func (d *Diary) read() (found Found, err error) {
	d.file, err = os.OpenFile(filepath.Join(d.folder, fileName), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return found, err
	}
	content, err := io.ReadAll(d.file)
	if err != nil {
		return found, err
	}
	found.Records, d.size, found.Damaged = Read(content)
	if found.Damaged > 0 {
		_ = d.keepDamaged(content) // a disk that is full too keeps nobody from a ticket
	}
	if err := d.file.Truncate(d.size); err != nil {
		return found, err
	}
	_, err = d.file.Seek(d.size, io.SeekStart)
	return found, err
}

// keepDamaged keeps a file that a disk has spoilt for somebody to look at.
func (d *Diary) keepDamaged(content []byte) error {
	for n := 1; ; n++ {
		f, err := os.OpenFile(filepath.Join(d.folder, fmt.Sprintf("journal.damaged-%d", n)), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if errors.Is(err, os.ErrExist) && n < 100 {
			continue
		}
		if err != nil {
			return err
		}
		_, err = f.Write(content)
		if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
			_ = os.Remove(f.Name()) // a part of it helps nobody
		}
		return err
	}
}

var table = crc32.MakeTable(crc32.Castagnoli)

// sumLength is that of a checksum and the space after it.
const sumLength = 9

// line is a record as it stands in the file.
func line(record []byte) []byte {
	return fmt.Appendf(nil, "%08x %s\n", crc32.Checksum(record, table), record)
}

// Read returns the whole records of a file, how many bytes they take, up to the end of the last
// one, and how many between them are damaged.
func Read(content []byte) (records [][]byte, whole int64, damaged int) {
	doubtful, at := 0, int64(0)
	for len(content) > 0 {
		end := bytes.IndexByte(content, '\n')
		if end < 0 {
			break
		}
		at += int64(end) + 1
		if record, ok := parse(content[:end]); ok {
			records, whole = append(records, record), at
			damaged, doubtful = damaged+doubtful, 0
		} else {
			doubtful++
		}
		content = content[end+1:]
	}
	return records, whole, damaged
}

func parse(line []byte) (record []byte, ok bool) {
	if len(line) < sumLength || line[sumLength-1] != ' ' {
		return nil, false
	}
	sum, err := strconv.ParseUint(string(line[:sumLength-1]), 16, 32)
	record = line[sumLength:]
	return bytes.Clone(record), err == nil && crc32.Checksum(record, table) == uint32(sum)
}

// Append writes records, none of which has a line's end. If durable is set they are on the disk
// when it returns; else they outlive this process, but not a loss of power. After an error none of
// them is there, and the diary has to be written anew before it takes others.
func (d *Diary) Append(durable bool, records ...[]byte) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case d.closed:
		return os.ErrClosed
	case d.broken:
		return errBroken
	}
	var all []byte
	for _, r := range records {
		all = append(all, line(r)...)
	}
	_, err := d.file.Write(all)
	if err == nil && durable {
		err = syncData(d.file)
	}
	if err == nil {
		d.size += int64(len(all))
		return nil
	}
	d.broken = true
	_ = d.file.Truncate(d.size) // so that a restart doesn't find what nobody was told of
	return fmt.Errorf("write the journal: %w", err)
}

// Rewrite replaces all that the diary holds by other records that say the same. After an error it
// is as before, or holds them but may lose them: then it has to be written anew once more.
func (d *Diary) Rewrite(records ...[]byte) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return os.ErrClosed
	}
	var all []byte
	for _, r := range records {
		all = append(all, line(r)...)
	}
	file, err := d.replace(all)
	if err == nil {
		err = disk.SyncFolder(d.folder)
		_ = d.file.Close()                                           // it has no name any longer
		d.file, d.size, d.broken = file, int64(len(all)), err != nil // a loss of power could bring it back
	}
	if err != nil {
		return fmt.Errorf("write the journal anew: %w", err)
	}
	return nil
}

// replace puts a new file in the old one's place.
func (d *Diary) replace(content []byte) (*os.File, error) {
	name := filepath.Join(d.folder, newName)
	file, err := os.OpenFile(name, os.O_CREATE|os.O_TRUNC|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if _, err = file.Write(content); err == nil {
		err = file.Sync()
	}
	if err == nil {
		err = os.Rename(name, filepath.Join(d.folder, fileName))
	}
	if err != nil {
		return nil, errors.Join(err, file.Close(), os.Remove(name))
	}
	return file, nil
}

// Size is how long the file is, in bytes.
func (d *Diary) Size() int64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.size
}

// Close makes durable what isn't yet, and gives the folder free. Nothing is written after it: that
// returns [os.ErrClosed].
func (d *Diary) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.closed = true
	var err error
	if d.file != nil {
		err = errors.Join(d.file.Sync(), d.file.Close())
	}
	return errors.Join(err, disk.Unlock(d.lock))
}

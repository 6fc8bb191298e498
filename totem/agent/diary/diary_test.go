package diary_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/eliminacode/eliminacode/pkg/disk"
	"github.com/eliminacode/eliminacode/totem/agent/diary"
)

func open(t *testing.T, folder string) (*diary.Diary, []string) {
	t.Helper()
	d, found, err := diary.Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	if found.Damaged > 0 {
		t.Fatalf("%d records are damaged", found.Damaged)
	}
	return d, texts(found.Records)
}

func texts(records [][]byte) (list []string) {
	for _, r := range records {
		list = append(list, string(r))
	}
	return list
}

func want(t *testing.T, got []string, want ...string) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Fatalf("the diary holds %q, want %q", got, want)
	}
}

func add(t *testing.T, d *diary.Diary, records ...string) {
	t.Helper()
	for _, r := range records {
		if err := d.Append(true, []byte(r)); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAppendAndRead(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "new")
	d, empty := open(t, folder)
	want(t, empty)
	add(t, d, "one", "two")
	if err := d.Append(false, []byte("three"), []byte("")); err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	d, all := open(t, folder)
	want(t, all, "one", "two", "three", "")
	if err := d.Rewrite([]byte("all of it")); err != nil {
		t.Fatal(err)
	}
	add(t, d, "more")
	_ = d.Close()
	_, all = open(t, folder)
	want(t, all, "all of it", "more")
	info, err := os.Stat(filepath.Join(folder, "journal.log"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("the file is %v, %v; want it for its owner alone", info.Mode(), err)
	}
}

// TestClosed writes to a diary that was closed, as somebody may who was late: the folder is
// another's, who loses nothing.
func TestClosed(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	late, _ := open(t, folder)
	add(t, late, "one")
	if err := late.Close(); err != nil {
		t.Fatal(err)
	}
	d, _ := open(t, folder)
	add(t, d, "two")
	if err := late.Append(true, []byte("late")); !errors.Is(err, os.ErrClosed) {
		t.Errorf("append: %v", err)
	}
	if err := late.Rewrite([]byte("late")); !errors.Is(err, os.ErrClosed) {
		t.Errorf("rewrite: %v", err)
	}
	add(t, d, "three")
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	_, all := open(t, folder)
	want(t, all, "one", "two", "three")
}

// TestDamageNotKept opens a damaged file that can't be kept for somebody to look at.
func TestDamageNotKept(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	content := []byte("rubbish\n00000000 \n") // the sum of nothing
	if err := os.WriteFile(filepath.Join(folder, "journal.log"), content, 0o600); err != nil {
		t.Fatal(err)
	}
	for n := range 100 {
		if err := os.Mkdir(filepath.Join(folder, fmt.Sprintf("journal.damaged-%d", n+1)), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	d, found, err := diary.Open(folder)
	if err != nil || found.Damaged != 1 {
		t.Fatalf("%d damaged, %v", found.Damaged, err)
	}
	add(t, d, "next")
	_ = d.Close()
}

// TestNotReadable wants an error for a file that can't be opened, and the folder free again.
func TestNotReadable(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	if err := os.Mkdir(filepath.Join(folder, "journal.log"), 0o700); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, _, err := diary.Open(folder); err == nil || errors.Is(err, disk.ErrLocked) {
			t.Fatalf("a folder in the file's place: %v", err)
		}
	}
}

// TestTornEnd cuts the file at every byte of its last record: the ones before are there, and others
// can follow.
func TestTornEnd(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	name := filepath.Join(folder, "journal.log")
	d, _ := open(t, folder)
	add(t, d, "one")
	whole := d.Size()
	add(t, d, "two")
	_ = d.Close()
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for cut := int(whole); cut < len(content); cut++ {
		for _, rest := range [][]byte{nil, bytes.Repeat([]byte{0}, 20), []byte("\x00\nrubbish\n")} {
			if err := os.WriteFile(name, append(bytes.Clone(content[:cut]), rest...), 0o600); err != nil {
				t.Fatal(err)
			}
			d, all := open(t, folder)
			want(t, all, "one")
			add(t, d, "next")
			_ = d.Close()
			d, all = open(t, folder)
			want(t, all, "one", "next")
			_ = d.Close()
		}
	}
}

func TestDamage(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	name := filepath.Join(folder, "journal.log")
	d, _ := open(t, folder)
	add(t, d, "one", "two", "three")
	_ = d.Close()
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	spoilt := bytes.Replace(content, []byte("two"), []byte("twa"), 1)
	if err := os.WriteFile(name, spoilt, 0o600); err != nil {
		t.Fatal(err)
	}
	d, found, err := diary.Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	want(t, texts(found.Records), "one", "three")
	if kept, err := os.ReadFile(filepath.Join(folder, "journal.damaged-1")); found.Damaged != 1 || err != nil || !bytes.Equal(kept, spoilt) {
		t.Fatalf("%d damaged, and kept of it %q, %v; want 1 and the whole file", found.Damaged, kept, err)
	}
}

func TestOneProcess(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	d, _ := open(t, folder)
	if _, _, err := diary.Open(folder); !errors.Is(err, disk.ErrLocked) {
		t.Fatalf("a second one gets %v, want ErrLocked", err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	d, _ = open(t, folder)
	_ = d.Close()
}

// FuzzRead reads anything: every record it finds is one that was written, those before any rubbish
// are found, and reading again what was whole finds the same.
func FuzzRead(f *testing.F) {
	folder := f.TempDir()
	d, _, err := diary.Open(folder)
	if err != nil {
		f.Fatal(err)
	}
	if err := d.Append(false, []byte("one"), []byte(`{"k":"two"}`)); err != nil {
		f.Fatal(err)
	}
	_ = d.Close()
	written, err := os.ReadFile(filepath.Join(folder, "journal.log"))
	if err != nil {
		f.Fatal(err)
	}
	for _, rubbish := range []string{"", "\n", "00000000 \n", "zzzzzzzz one\n", "\x00\x00", string(written), "0\n" + string(written), string(written[:5])} {
		f.Add([]byte(rubbish))
	}
	f.Fuzz(func(t *testing.T, rubbish []byte) {
		records, whole, _ := diary.Read(append(bytes.Clone(written), rubbish...))
		if len(records) < 2 || string(records[0]) != "one" || whole < int64(len(written)) {
			t.Fatalf("what was whole before the rubbish isn't found: %q", records)
		}
		records, whole, _ = diary.Read(rubbish)
		again, end, damaged := diary.Read(rubbish[:whole])
		if whole > int64(len(rubbish)) || end != whole || fmt.Sprint(texts(again)) != fmt.Sprint(texts(records)) {
			t.Fatalf("read again: %q to %d with %d damaged, first %q to %d", again, end, damaged, records, whole)
		}
	})
}

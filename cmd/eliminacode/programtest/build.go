//go:build unix

// Package programtest builds the real program and runs it for tests, as an administrator does: on a
// free port, with a clock that starts on a Monday morning. What a test starts ends with it.
package programtest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

var (
	folder    string // of the program, made by Main
	installed = sync.OnceValues(func() (string, error) { return build("eliminacode", "CGO_ENABLED=0", "-trimpath") })
	racing    = sync.OnceValues(func() (string, error) { return build("eliminacode-race", "CGO_ENABLED=1", "-race") })
)

// Main runs the tests of a package, and removes the program that was built for them. Its TestMain
// is
//
//	func TestMain(m *testing.M) { os.Exit(programtest.Main(m.Run)) }
func Main(run func() int) int {
	var err error
	if folder, err = os.MkdirTemp("", "eliminacode-program-"); err != nil {
		fmt.Fprintln(os.Stderr, "programtest:", err)
		return 1
	}
	defer os.RemoveAll(folder)
	return run()
}

// Binary returns the file of the program as it is installed, built once for all tests of a package.
func Binary(tb testing.TB) string {
	tb.Helper()
	return must(tb, installed)
}

func must(tb testing.TB, built func() (string, error)) string {
	tb.Helper()
	file, err := built()
	if err != nil {
		tb.Fatal(err)
	}
	return file
}

// build builds the program with the flags of `make build`, or those of the tests, so that what they
// compiled serves.
func build(name, cgo, flag string) (string, error) {
	if folder == "" {
		return "", errors.New("programtest: the package has no TestMain that calls programtest.Main")
	}
	file := filepath.Join(folder, name)
	cmd := exec.Command("go", "build", flag, "-buildvcs=false", "-o", file, "github.com/eliminacode/eliminacode/cmd/eliminacode")
	cmd.Env = append(os.Environ(), cgo)
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return file, nil
}

// Package e2e drives the real program in a real browser, as the people do who use it.
package e2e_test

import (
	"os"
	"testing"

	"github.com/eliminacode/eliminacode/cmd/eliminacode/programtest"
)

func TestMain(m *testing.M) {
	os.Exit(programtest.Main(func() int {
		defer func() {
			if common.stop != nil {
				common.stop()
			}
		}()
		return m.Run()
	}))
}

// serve starts the program on a Monday morning, for browsers that come back to where it was.
func serve(t testing.TB) *programtest.Server {
	t.Helper()
	s := programtest.Start(t, programtest.Options{Name: "e2e", SamePort: true})
	if s.Password() == "" {
		t.Fatal("the first start printed no password")
	}
	return s
}

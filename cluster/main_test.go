//go:build unix

// Package cluster runs several of the real servers on one real PostgreSQL, breaks what can break
// between them, and holds what they answered against what the journal has.
package cluster_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/eliminacode/eliminacode/pkg/journal/postgres/pgtest"
)

// soakRounds names the environment variable with the number of rounds of the tests that go by
// chance, a few without it.
const soakRounds = "ELIMINACODE_SOAK_ROUNDS"

var (
	cluster *pgtest.Cluster // for the tests that don't stop it
	binary  string
)

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "eliminacode-cluster-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	binary = filepath.Join(dir, "eliminacode")
	status := 1
	if err := build(); err != nil {
		fmt.Fprintln(os.Stderr, err)
	} else {
		status = pgtest.Main(m, &cluster)
	}
	_ = os.RemoveAll(dir) // only the binary is in it
	os.Exit(status)
}

// build builds the program, with the race detector if the tests have it.
func build() error {
	args := []string{"build", "-o", binary}
	if raceDetector {
		args = append(args, "-race")
	}
	if out, err := exec.Command("go", append(args, "../cmd/eliminacode")...).CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %w\n%s", err, out)
	}
	return nil
}

// rounds is how many rounds a test does that does n without the setting.
func rounds(t *testing.T, n int) int {
	t.Helper()
	v := os.Getenv(soakRounds)
	if v == "" {
		return n
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < 1 {
		t.Fatalf("%s=%q: write a number of rounds", soakRounds, v)
	}
	return n
}

package main

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden file")

func TestGolden(t *testing.T) {
	t.Parallel()

	var out, errs bytes.Buffer
	if status := run([]string{"testdata/view"}, &out, &errs); status != 0 {
		t.Fatalf("status %d: %s", status, &errs)
	}
	golden := filepath.Join("testdata", "wire.d.ts")
	if *update {
		if err := os.WriteFile(golden, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), out.String()); diff != "" {
		t.Errorf("declarations differ from %s (-want +got):\n%s", golden, diff)
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()

	file := filepath.Join(t.TempDir(), "wire.d.ts")
	check := func() (int, string) {
		var out, errs bytes.Buffer
		status := run([]string{"-check", "-out", file, "testdata/view"}, &out, &errs)
		return status, errs.String()
	}
	if status, _ := check(); status != 1 {
		t.Errorf("status %d for a missing file, want 1", status)
	}
	if err := os.WriteFile(file, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	if status, errs := check(); status != 1 || !strings.Contains(errs, "stale") {
		t.Errorf("status %d, %q for a stale file, want 1 and the word stale", status, errs)
	}
	if got, err := os.ReadFile(file); err != nil || string(got) != "old" {
		t.Errorf("-check changed the file to %q, %v", got, err)
	}
	var out, errs bytes.Buffer
	if status := run([]string{"-out", file, "testdata/view"}, &out, &errs); status != 0 {
		t.Fatalf("status %d: %s", status, &errs)
	}
	if status, errs := check(); status != 0 {
		t.Errorf("status %d for a fresh file: %s", status, errs)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()

	tests := map[string]struct{ source, want string }{
		"no tag":           {"type A struct { B int `json:\"b\"`; C int }", "A.C: no name in a json tag"},
		"channel":          {"type A struct { B chan int `json:\"b\"` }", "A.B: no TypeScript for a Go ChanType"},
		"function":         {"type A struct { B func() `json:\"b\"` }", "A.B: no TypeScript for a Go FuncType"},
		"complex":          {"type A struct { B complex128 `json:\"b\"` }", "A.B: unknown type complex128"},
		"duration":         {"import \"time\"\ntype A struct { B time.Duration `json:\"b\"` }", "A.B: no TypeScript for time.Duration"},
		"elsewhere":        {"import \"net/netip\"\ntype A struct { B []netip.Addr `json:\"b\"` }", "A.B: no TypeScript for net/netip.Addr"},
		"own JSON":         {"type A struct { B B `json:\"b\"` }\ntype B int\nfunc (*B) MarshalJSON() ([]byte, error) { return nil, nil }", "ts tag"},
		"embedded text":    {"type A struct { B; C int `json:\"c\"` }\ntype B string", "B can't be embedded"},
		"embedded pointer": {"type A struct { *B; C int `json:\"c\"` }\ntype B struct { D int `json:\"d\"` }", "B | null can't be embedded"},
		"nothing":          {"type A struct { B int }", "no exported struct has a json tag"},
		"not Go":           {"type", "expected"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			dir := t.TempDir()
			for file, text := range map[string]string{"go.mod": "module m\n", "a.go": "package a\n" + test.source} {
				if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			var out, errs bytes.Buffer
			if status := run([]string{dir}, &out, &errs); status != 1 {
				t.Errorf("status %d, want 1", status)
			}
			if !strings.Contains(errs.String(), test.want) {
				t.Errorf("message %q, want it to contain %q", errs.String(), test.want)
			}
			if out.Len() > 0 {
				t.Errorf("output in spite of an error: %s", &out)
			}
		})
	}
}

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestModule writes a group in every language that has it, notices when the file is stale, and
// refuses a group that there isn't.
func TestModule(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, catalogue := range map[string]string{
		"it.json": `{"greet": {"hi": "L'ora <b> è \"{n}\"", "all": {"one": "uno", "other": "{n}"}}, "more": {"a": "b"}}`,
		"fr.json": `{"greet": {"hi": "L'heure <b> est \"{n}\"", "all": "{n}"}}`,
		"en.json": `{"greet": {"hi": "The hour <b> is \"{n}\"", "all": {"one": "one", "other": "{n}"}}, "more": {"a": "b"}}`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(catalogue), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out, more := filepath.Join(dir, "catalogue.js"), filepath.Join(dir, "more.js")
	for _, step := range []struct {
		status int
		args   []string
		group  string
	}{
		{1, []string{"-check", "-out", out, "-more", more, dir}, "greet"},
		{0, []string{"-out", out, "-more", more, dir}, "greet"},
		{0, []string{"-check", "-out", out, "-more", more, dir}, "greet"},
		{1, []string{"-check", "-out", out, "-more", more, dir}, "more"},
		{1, []string{"-out", out, "-more", more, dir}, "nothing"},
		{2, []string{dir}, "greet"},
		{2, []string{"-out", out, dir}, "greet"},
		{2, []string{"-out", out, "-more", more, dir, "greet"}, "greet"},
	} {
		var said strings.Builder
		if status := run(step.args, []string{step.group}, &said); status != step.status {
			t.Errorf("jsgen %v: status %d, want %d; %s", step.args, status, step.status, said.String())
		}
	}
	for file, wants := range map[string][]string{
		out:  {"export const greet = {\n  it: {\n", `"hi": "L'ora <b> è \"{n}\""`, `"other": "{n}"`, "\n  en: {\n"},
		more: {"import * as catalogue from './catalogue.js';\n", "export const greet = {\n  fr: {\n", "\nObject.assign(catalogue.greet, greet);\n"},
	} {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range wants {
			if !strings.Contains(string(b), want) {
				t.Errorf("%s has no %s:\n%s", file, want, b)
			}
		}
	}
}

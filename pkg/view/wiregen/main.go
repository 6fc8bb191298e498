// Command wiregen writes the TypeScript declarations of the wire types, so that the browser modules
// are checked against what the server really sends.
//
// It reads the Go files of one package and declares every exported struct that has a json tag, and
// every type of this module that those reach, in this or another package:
//
//	json name            property name; a field without a tag is an error, "-" is left out
//	omitempty, omitzero  optional property
//	pointer              T | null; T when optional or in a slice
//	time.Time            string, and so is any type of this module with MarshalText
//	named basic type     alias in the package itself, the basic type when it comes from another
//	json.RawMessage, any unknown
//	embedded struct      extends
//
// A field's tag ts:"…" overrides its type. A type that the generator doesn't know is an error that
// names the field. It uses the standard library alone and does not type-check.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// run is the command. It returns the exit status: 0 done, 1 a fault in the sources or a stale file
// with -check, 2 a wrong command line.
func run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("wiregen", flag.ContinueOnError)
	flags.SetOutput(stderr)
	out := flags.String("out", "", "the `file` to write; standard output if empty")
	check := flags.Bool("check", false, "write nothing, fail if the file is not up to date")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	if flags.NArg() != 1 || (*check && *out == "") {
		fmt.Fprintln(stderr, "usage: wiregen [-check] [-out FILE] PACKAGE-FOLDER")
		return 2
	}
	if err := generateTo(flags.Arg(0), *out, *check, stdout); err != nil {
		fmt.Fprintf(stderr, "wiregen: %v\n", err)
		return 1
	}
	return 0
}

func generateTo(dir, out string, check bool, stdout io.Writer) error {
	want, err := generate(dir)
	if err != nil {
		return err
	}
	if out == "" {
		_, err := stdout.Write(want)
		return err
	}
	if !check {
		return os.WriteFile(out, want, 0o644)
	}
	have, err := os.ReadFile(out)
	if err != nil {
		return err
	}
	if !bytes.Equal(have, want) {
		return fmt.Errorf("%s is stale: run make generate", out)
	}
	return nil
}

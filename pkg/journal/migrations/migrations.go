// Package migrations brings the tables of both engines up to schema.sql.
//
// A new database is made from schema.sql. NNNN.sql here brings a database of the
// version before to version NNNN, with statements that both engines understand;
// there is no way back. Whoever changes schema.sql adds the file, and the version
// in schema.sql's last line; the tests compare the two ways to arrive.
package migrations

import (
	"embed"
	"fmt"

	"github.com/eliminacode/eliminacode"
)

//go:embed *.sql
var files embed.FS

// Version is the version of schema.sql.
func Version() int {
	entries, err := files.ReadDir(".")
	if err != nil {
		panic(err) // it is inside the program
	}
	return 1 + len(entries) // the first version has no file
}

// From returns the scripts that bring a database of a version to the present
// one, to be run in order in one transaction; 0 stands for a database without
// tables. It refuses one that a newer program has used.
func From(version int) ([]string, error) {
	switch {
	case version == 0:
		return []string{eliminacode.Schema}, nil
	case version < 0 || version > Version():
		return nil, fmt.Errorf("the database is of version %d, and this eliminacode knows versions up to %d: use a newer eliminacode", version, Version())
	}
	var steps []string
	for v := version + 1; v <= Version(); v++ {
		script, err := files.ReadFile(fmt.Sprintf("%04d.sql", v))
		if err != nil {
			return nil, err
		}
		steps = append(steps, string(script), fmt.Sprintf("UPDATE schema_version SET version = %d;", v))
	}
	return steps, nil
}

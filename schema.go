// Package eliminacode carries what lies at the top of the repository into the
// program: an embedded file can't be above the package that embeds it.
package eliminacode

import _ "embed"

// Schema is schema.sql: the statements that make a new database, of either engine.
//
//go:embed schema.sql
var Schema string

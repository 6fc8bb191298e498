// Package displays holds the pages that show the state of an office: the monitors, the public page,
// the page of one's own ticket, and the library that they and the other clients share. It serves
// nothing and decides nothing.
package displays

import "embed"

// FS has every file that a browser may load, by its path below displays/: "lib/base.css",
// "monitor/index.html". The pages in public, ticket/index.html and invitation/index.html are
// templates, see [Public], [Text], [Ticket] and [Invitation].
//
//go:embed lib/*.css lib/*.js lib/icon.svg lib/icon-*.png lib/fonts lib/voice invitation monitor pair public ticket
var FS embed.FS

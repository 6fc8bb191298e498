// Package totem holds the kiosk's screen.
package totem

import "embed"

// FS holds the files of the screen, below screen/; tests are left out.
//
//go:embed screen/index.html screen/totem.css
//go:embed screen/countdown.js screen/flow.js screen/reader.js screen/result.js screen/start.js screen/texts.js screen/tools.js screen/totem.js
var FS embed.FS

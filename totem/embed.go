// Package totem holds the kiosk's screen.
package totem

import "embed"

// FS holds the files of the screen, below screen/; tests are left out.
//
//go:embed screen/index.html screen/*.css
//go:embed screen/countdown.js screen/flow.js screen/icons.js screen/pager.js screen/reader.js screen/result.js screen/spoken.js
//go:embed screen/start.js screen/texts.js screen/tools.js screen/totem.js
var FS embed.FS

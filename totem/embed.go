// Package totem holds the kiosk's screen.
package totem

import "embed"

// FS holds the files of the screen, below screen/; tests are left out.
//
//go:embed screen/index.html screen/*.css screen/words/*.js
//go:embed screen/choices.js screen/countdown.js screen/fit.js screen/flow.js screen/guide.js screen/icons.js screen/keyboard.js
//go:embed screen/languages.js screen/pager.js screen/reach.js screen/reader.js screen/result.js screen/refusal.js screen/search.js
//go:embed screen/spoken.js screen/start.js screen/texts.js screen/ticket.js screen/tiles.js screen/tools.js screen/totem.js
var FS embed.FS

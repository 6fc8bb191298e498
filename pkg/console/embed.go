// Package console holds the pages of the staff: the clerk's console, the login
// and the administration.
package console

import "embed"

// FS holds the files of the pages; tests are left out.
//
//go:embed *.html *.css
//go:embed actionbar.js actions.js admin.js alarms.js choose.js console.js current.js desk.js devices.js dialog.js keyed.js
//go:embed lists.js login.js outcomes.js questions.js session.js toast.js users.js words.js
var FS embed.FS

// Package console holds the pages of the staff: the clerk's console, the login, the administration
// and the simulator.
package console

import "embed"

// FS holds the files of the pages; tests are left out.
//
//go:embed *.html styles/*.css
//go:embed actionbar.js actions.js admin.js alarms.js bell.js choose.js commands.js console.js current.js day.js desk.js deskquestions.js devices.js
//go:embed displays.js displaysdraft.js displaysfields.js displaysform.js displayslists.js displaysoffice.js displayspreview.js displayswords.js
//go:embed dialog.js draft.js forgotten.js lists.js login.js outcomes.js pairing.js paper.js password.js places.js questions.js reasons.js session.js toast.js users.js words.js
//go:embed chart.js chartscale.js simulator.js simulatorcharts.js simulatordays.js simulatorquestion.js simulatorwords.js staffpages.js stream.js
//go:embed voice.js voiceclip.js voicefiles.js voicerecorder.js voicesound.js voicetap.js
var FS embed.FS

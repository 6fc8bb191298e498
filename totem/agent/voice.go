package agent

import (
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/voice"
)

// longestSay is how long a sentence of the spoken guide may be, in characters.
const longestSay = 500

// postSay answers how a sentence of the spoken guide is said; null if nothing says it.
func (a *Agent) postSay(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Language string `json:"language"`
		Text     string `json:"text"`
	}
	if err := decode(r, &in); err != nil {
		return err
	}
	if !queue.IsLanguage(in.Language) {
		return queue.Refuse(queue.Invalid, queue.ReasonNotALanguage, "language", in.Language).At("language")
	}
	switch text := strings.TrimSpace(in.Text); {
	case text == "":
		return queue.Refuse(queue.Invalid, queue.ReasonTextMissing).At("text")
	case utf8.RuneCountInString(text) > longestSay:
		return queue.Refuse(queue.Invalid, queue.ReasonTextTooLong, "max", longestSay).At("text")
	}
	var out struct {
		Say *voice.Utterance `json:"say"`
	}
	if u, ok := a.opt.Voice.Text(in.Language, in.Text); ok {
		out.Say = &u
	}
	return send(w, http.StatusOK, out)
}

// voiceFile answers what the spoken guide plays.
func (a *Agent) voiceFile(w http.ResponseWriter, r *http.Request) error {
	ok, err := a.opt.Voice.Serve(w, r, r.PathValue("file"))
	if err == nil && !ok {
		return nowhere(w, r)
	}
	return err
}

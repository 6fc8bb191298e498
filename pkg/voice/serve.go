package voice

import (
	"bytes"
	"errors"
	"net/http"
	"strings"
	"time"
)

// Serve answers what a page plays, by its name below /voice/: the index of a voice, its clips, or
// the sound of a sentence that was named. Addresses that hold a tag of the content, or are of what
// is always said in one way, may be kept for good. It returns false, and answers nothing, if there
// is none of this name.
func (v *Voice) Serve(w http.ResponseWriter, r *http.Request, name string) (ok bool, err error) {
	if sentence, said := strings.CutPrefix(name, "said/"); said {
		content, err := v.Said(r.Context(), sentence)
		switch {
		case errors.Is(err, ErrUnsaid):
			return false, nil
		case err != nil:
			return false, err
		}
		send(w, r, content, "audio/wav", true)
		return true, nil
	}
	content, kind, ok := v.File(name)
	if ok {
		send(w, r, content, kind, false)
	}
	return ok, nil
}

func send(w http.ResponseWriter, r *http.Request, content []byte, kind string, forGood bool) {
	tagged, header := tag(content), w.Header()
	header.Set("Content-Type", kind)
	header.Set("ETag", `"`+tagged+`"`)
	header.Set("Cache-Control", "no-cache")
	if forGood || r.URL.RawQuery == tagged {
		header.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
}

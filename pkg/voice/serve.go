package voice

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"os"
	"strings"
	"time"
)

// Serve answers what a page plays, by its name below /voice/: the index of a voice, its clips, or
// the sound of a sentence that was named. Addresses that hold a tag of the content, or are of what
// is always said in one way, may be kept for good. It returns false, and answers nothing, if there
// is none of this name.
func (v *Voice) Serve(w http.ResponseWriter, r *http.Request, name string) (ok bool, err error) {
	if content, kind, ok := v.File(name); ok {
		send(w, r, bytes.NewReader(content), kind, tag(content), false)
		return true, nil
	}
	// A file isn't read here: who takes it slowly must not have the memory of all of it.
	f, tag, said := (*os.File)(nil), "", false
	if tag, said = strings.CutPrefix(name, "said/"); said {
		if f, err = v.Said(r.Context(), tag); errors.Is(err, ErrUnsaid) {
			return false, nil
		} else if err != nil {
			return false, err
		}
	} else if f, tag, ok = v.own.open(name); !ok {
		return false, nil
	}
	defer f.Close()
	send(w, r, f, "audio/wav", tag, said)
	return true, nil
}

func send(w http.ResponseWriter, r *http.Request, content io.ReadSeeker, kind, tag string, forGood bool) {
	header := w.Header()
	header.Set("Content-Type", kind)
	header.Set("ETag", `"`+tag+`"`)
	header.Set("Cache-Control", "no-cache")
	if forGood || r.URL.RawQuery == tag {
		header.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	http.ServeContent(w, r, "", time.Time{}, content)
}

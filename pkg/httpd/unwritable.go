package httpd

import (
	"bytes"
	"encoding/json"
	"unicode"

	"github.com/eliminacode/eliminacode/pkg/queue"
)

// unwritable finds the first text of a JSON body that [queue.Unwritable] finds. What is no JSON has
// none. Passwords nobody reads: any character is good in them.
func unwritable(body []byte) (field string, found bool) {
	// Most bodies can't have any: as JSON they are escapes, or not ASCII.
	if !bytes.ContainsFunc(body, func(r rune) bool { return r == '\\' || r > unicode.MaxASCII }) {
		return "", false
	}
	var tree any
	if json.Unmarshal(body, &tree) != nil {
		return "", false
	}
	list := queue.Unwritable(tree, "password", "old", "new")
	if len(list) == 0 {
		return "", false
	}
	return list[0], true
}

package httpd

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
)

// secrets are the fields that nobody reads, in which any character is good.
var secrets = []string{"password", "old", "new"}

// unwritable finds the first text of a JSON body, by its path such as "name.it", that has
// characters which can't be seen: controls, NUL among them, which one of the databases doesn't
// take, and those that turn the direction of what stands beside them. What is no JSON has none.
func unwritable(body []byte) (field string, found bool) {
	// Most bodies can't have any: as JSON they are escapes, or not ASCII.
	if !bytes.ContainsFunc(body, func(r rune) bool { return r == '\\' || r > unicode.MaxASCII }) {
		return "", false
	}
	var tree any
	if json.Unmarshal(body, &tree) != nil {
		return "", false
	}
	return unwritableIn(tree, "")
}

func unwritableIn(v any, path string) (field string, found bool) {
	switch v := v.(type) {
	case string:
		return path, strings.ContainsFunc(v, invisible)
	case []any:
		for i, item := range v {
			if field, found = unwritableIn(item, fmt.Sprintf("%s[%d]", path, i)); found {
				return field, true
			}
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if slices.Contains(secrets, key) {
				continue
			}
			inner := strings.TrimPrefix(path+"."+key, ".")
			if strings.ContainsFunc(key, invisible) {
				return path, true
			}
			if field, found = unwritableIn(v[key], inner); found {
				return field, true
			}
		}
	}
	return "", false
}

// invisible says whether a character is a control or turns the direction of writing.
func invisible(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)
}

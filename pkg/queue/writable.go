package queue

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
)

// Unwritable returns the path, such as "name.it", of each text of a JSON document that has
// characters which can't be seen: controls, NUL among them, which one of the databases doesn't
// take, and those that turn the direction of what stands beside them. The document is as
// [json.Unmarshal] makes it of an any; fields with the names in secrets aren't looked at. What to
// bring along is a list: its texts may have line ends.
func Unwritable(document any, secrets ...string) []string {
	return unwritable(nil, document, "", secrets, false)
}

func unwritable(found []string, v any, path string, secrets []string, lines bool) []string {
	switch v := v.(type) {
	case string:
		if strings.ContainsFunc(v, func(r rune) bool { return invisible(r) && !(lines && r == '\n') }) {
			found = append(found, path)
		}
	case []any:
		for i, item := range v {
			found = unwritable(found, item, fmt.Sprintf("%s[%d]", path, i), secrets, lines)
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			switch {
			case slices.Contains(secrets, key):
			case strings.ContainsFunc(key, invisible):
				found = append(found, path)
			default:
				found = unwritable(found, v[key], strings.TrimPrefix(path+"."+key, "."), secrets, lines || key == "bring")
			}
		}
	}
	return found
}

// invisible says whether a character is a control, takes no room, turns the direction of writing or
// breaks a line. The joiners are parts of words in some scripts, and some marks of Arabic stand
// around numbers.
func invisible(r rune) bool {
	const nonJoiner, joiner = '\u200c', '\u200d'
	if r == nonJoiner || r == joiner || unicode.Is(unicode.Prepended_Concatenation_Mark, r) {
		return false
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp)
}

// validateTexts looks for what can't be seen in any text of the configuration, ids included.
func (c *Config) validateTexts(f *faults) {
	var document any
	body, err := json.Marshal(c)
	if err != nil || json.Unmarshal(body, &document) != nil {
		return // another rule says what is wrong with a number that can't be written
	}
	for _, path := range Unwritable(document) {
		f.add(path, ReasonUnwritable, "field", path)
	}
}

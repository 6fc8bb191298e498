package displays

import (
	"fmt"
	"html/template"
)

func parse(paths ...string) (*template.Template, error) {
	t := template.New(paths[0])
	for _, path := range paths {
		source, err := FS.ReadFile(path)
		if err == nil {
			_, err = t.Parse(string(source))
		}
		if err != nil {
			return nil, fmt.Errorf("displays: %w", err)
		}
	}
	return t, nil
}

// minutes rounds seconds to whole minutes, and by fives from ten up, as lib/text.js does.
func minutes(seconds int) int {
	whole := max(1, (seconds+30)/60)
	if whole > 10 {
		whole = (whole + 2) / 5 * 5
	}
	return whole
}

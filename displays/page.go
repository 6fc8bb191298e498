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

package web

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
)

// FS holds the style sheet and the script of [Failure], to be served among the [Assets] below
// "pkg/web".
//
//go:embed failure.css failure.js
var FS embed.FS

//go:embed failure.html
var failureSource string

var failurePage = template.Must(template.New("failure").Parse(failureSource))

// Failure is the page that says what went wrong, on every face. Its texts are by language, Italian
// and English.
type Failure struct {
	Status int
	Wall   bool              // it hangs on a wall, where nobody can follow a link
	What   map[string]string // what happened
	Next   map[string]string // what to do now
	Every  int               // seconds after which the page tries again by itself; 0: it doesn't
	Again  bool              // offers to try again
	SignIn bool              // offers to sign in
	Home   string            // the public page of the office
}

// HTML fills in the page.
func (f *Failure) HTML() ([]byte, error) {
	var b bytes.Buffer
	if err := failurePage.Execute(&b, f); err != nil {
		return nil, fmt.Errorf("write the page of a failure: %w", err)
	}
	return b.Bytes(), nil
}

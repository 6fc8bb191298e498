package queue

import (
	_ "embed"
	"encoding/json"
	"strings"
)

// empoli is the configuration of a new installation, as the administration would export it.
//
//go:embed empoli.json
var empoli string

// Default returns the configuration of a new installation: the public-relations office of Empoli's
// town hall. It is a document like any other, which [Configure] checks before an office has it.
func Default() *Config {
	c := new(Config)
	d := json.NewDecoder(strings.NewReader(empoli))
	d.DisallowUnknownFields()
	if err := d.Decode(c); err != nil {
		panic("empoli.json: " + err.Error()) // the program was built of a broken file
	}
	return c
}

package preview

import (
	"fmt"
	"maps"
	"slices"

	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/totem/paper"
)

// Unprintable is a text of a configuration with characters that no printer shows: on paper there
// are empty boxes in their place.
type Unprintable struct {
	Path       string // of the text in the document: "channels[0].bring.it"
	Characters string // each once
}

// UnprintableIn finds them in all that tickets show, in every language.
func UnprintableIn(c *queue.Config) (list []Unprintable) {
	look := func(path string, text queue.Text) {
		for _, lang := range slices.Sorted(maps.Keys(text)) {
			if missing := paper.Unprintable(text[lang]); len(missing) > 0 {
				list = append(list, Unprintable{path + "." + lang, string(missing)})
			}
		}
	}
	look("name", c.Name)
	for i := range c.Channels {
		ch := &c.Channels[i]
		name := "name"
		if len(ch.Public) > 0 {
			name = "public_name"
		}
		look(fmt.Sprintf("channels[%d].%s", i, name), ch.Label())
		look(fmt.Sprintf("channels[%d].bring", i), ch.Bring)
	}
	for i := range c.Services {
		look(fmt.Sprintf("services[%d].bring", i), c.Services[i].Bring)
	}
	look("paper.line", c.Paper.Line)
	return list
}

package queue

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image/png"
	"slices"
	"strings"
)

const (
	armsMost = 64 << 10 // bytes of a picture of the town's arms
	armsDots = 1024     // of its width and of its height
)

func (c *Config) validatePaper(f *faults) {
	p := &c.Paper
	if len(p.Arms) > 0 && !printable(p.Arms) {
		f.add("paper.arms", ReasonNotAPicture, "kilobytes", armsMost>>10, "dots", armsDots)
	}
	f.name("paper.line", p.Line, false)
	for i, part := range p.Parts {
		path := fmt.Sprintf("paper.parts[%d]", i)
		switch {
		case !slices.Contains(Parts[:], part):
			f.add(path, ReasonUnknownPart, "part", part, "parts", listed(Parts[:]))
		case slices.Contains(p.Parts[:i], part):
			f.add(path, ReasonPartTwice, "part", part)
		}
	}
}

// printable reports whether it is a picture that a totem can take: a small PNG that can be read.
func printable(encoded string) bool {
	picture, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil || len(picture) > armsMost {
		return false
	}
	size, err := png.DecodeConfig(bytes.NewReader(picture))
	if err != nil || size.Width > armsDots || size.Height > armsDots {
		return false
	}
	_, err = png.Decode(bytes.NewReader(picture))
	return err == nil
}

// listed names all of a list, for people.
func listed[S ~string](list []S) string {
	names := make([]string, len(list))
	for i, name := range list {
		names[i] = string(name)
	}
	return strings.Join(names, ", ")
}

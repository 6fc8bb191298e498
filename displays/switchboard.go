package displays

import (
	"strings"

	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/view"
	"github.com/eliminacode/eliminacode/pkg/words"
)

// said names a part of what a switchboard says.
type said string

const (
	saidOpen     said = "open"
	saidFull     said = "full"     // open, but tickets are over
	saidClosed   said = "closed"   // while people still wait
	saidReopens  said = "reopens"  // closed, until a known time
	saidNotKnown said = "no_hours" // closed, until nobody knows when
	saidNobody   said = "nobody"
	saidPeople   said = "people"
	saidChannel  said = "channel"
	saidWait     said = "wait" // of a channel
)

func switchboard(what said, args queue.Args) queue.Text {
	return words.Say("switchboard", string(what), args)
}

// Switchboard says in a sentence how many people wait, for which channels, and how long who comes
// now would: for who answers the telephone, or for a machine that does.
func Switchboard(v *view.PublicPage) queue.Text {
	people, channels := 0, []queue.Text{}
	for i := range v.Channels {
		if c := &v.Channels[i]; c.Waiting > 0 {
			people += c.Waiting
			channels = append(channels, inChannel(c))
		}
	}
	said := switchboard(saidNobody, nil)
	if people > 0 {
		said = switchboard(saidPeople, queue.Args{"n": people, "channels": listed(channels, "; ")})
	}
	switch {
	case v.Open && v.ClosesAt != nil:
		said = switchboard(saidOpen, queue.Args{"time": *v.ClosesAt, "people": said})
	case v.Situation == view.IsFull:
		said = switchboard(saidFull, queue.Args{"people": said})
	case people > 0:
		said = switchboard(saidClosed, queue.Args{"people": said})
	case v.OpensAt != nil:
		said = switchboard(saidReopens, queue.Args{"when": words.Coming(*v.OpensAt, v.At)})
	default:
		said = switchboard(saidNotKnown, nil)
	}
	if unattended(v) {
		said = listed([]queue.Text{said, words.Unattended()}, " ")
	}
	for lang := range said { // plain text has neither directions to keep apart nor lines to break
		said[lang] = strings.NewReplacer(words.Apart, "", words.ApartEnd, "", "\u2060", "").Replace(said[lang])
	}
	return said
}

func inChannel(c *view.Channel) queue.Text {
	args := queue.Args{"channel": c.Names, "people": c.Waiting}
	if c.Wait == nil {
		return switchboard(saidChannel, args)
	}
	wait := queue.Text{}
	for _, lang := range words.Languages {
		wait[lang] = words.Wait(lang, c.Wait.Low, c.Wait.High)
	}
	args["wait"] = wait
	return switchboard(saidWait, args)
}

// listed makes texts one, in each language.
func listed(texts []queue.Text, between string) queue.Text {
	all := queue.Text{}
	for _, lang := range words.Languages {
		var parts []string
		for _, t := range texts {
			parts = append(parts, t[lang])
		}
		all[lang] = strings.Join(parts, between)
	}
	return all
}

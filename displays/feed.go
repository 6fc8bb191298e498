package displays

import (
	"encoding/xml"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/view"
)

// feed is an Atom feed (RFC 4287).
type feed struct {
	XMLName  xml.Name  `xml:"http://www.w3.org/2005/Atom feed"`
	Language string    `xml:"xml:lang,attr"`
	ID       string    `xml:"id"`
	Title    string    `xml:"title"`
	Updated  time.Time `xml:"updated"`
	Links    []link    `xml:"link"`
	Author   string    `xml:"author>name"`
	Entries  []entry   `xml:"entry"`
}

type link struct {
	Rel  string `xml:"rel,attr"`
	Href string `xml:"href,attr"`
}

type entry struct {
	ID      string    `xml:"id"`
	Title   string    `xml:"title"`
	Updated time.Time `xml:"updated"`
	Link    link      `xml:"link"`
	Content string    `xml:"content"`
}

// Feed writes the notices and the closures to come as an Atom feed. since says from when on,
// without a break, a configuration has held something.
func Feed(p PublicPage, since func(holds func(c *queue.Config) bool) time.Time) ([]byte, error) {
	page := p.Origin + p.Path + "/affluenza?lang=" + p.Language
	f := &feed{
		Language: p.Language, ID: "urn:eliminacode:" + p.Public.Office.ID, Title: p.Say("feed") + " – " + p.In(p.Public.Office.Names),
		Updated: since(func(*queue.Config) bool { return true }), Author: p.In(p.Public.Office.Names),
		Links: []link{{"self", p.Origin + p.Path + "/avvisi.atom?lang=" + p.Language}, {"alternate", page}},
	}
	add := func(id, text string, at time.Time) {
		title, _, _ := strings.Cut(text, "\n")
		f.Entries = append(f.Entries, entry{
			ID: f.ID + ":" + id, Title: title, Updated: at, Link: link{"alternate", page}, Content: text,
		})
		if at.After(f.Updated) {
			f.Updated = at
		}
	}
	for _, n := range p.Public.Notices {
		add("notice:"+n.ID, p.In(n.Texts), since(func(c *queue.Config) bool { return shows(c, n) }))
	}
	for _, x := range p.Guide.Changes {
		if !x.Holiday {
			add(fmt.Sprint("change:", x.From, ":", x.To), p.changeSaid(x), since(func(c *queue.Config) bool { return has(c, x) }))
		}
	}
	b, err := xml.MarshalIndent(f, "", " ")
	if err != nil {
		return nil, fmt.Errorf("write the feed: %w", err)
	}
	return append([]byte(xml.Header), b...), nil
}

// shows is whether a configuration has a notice as it is, or the notice of a season.
func shows(c *queue.Config, n view.Notice) bool {
	return slices.ContainsFunc(c.Notices, func(x queue.Notice) bool { return x.ID == n.ID && x.Text.In("it") == n.Text }) ||
		slices.ContainsFunc(c.Channels, func(ch queue.Channel) bool { return "season-"+string(ch.ID) == n.ID && ch.Notice.In("it") == n.Text })
}

// has is whether a configuration has a change of the hours.
func has(c *queue.Config, change view.Change) bool {
	return slices.ContainsFunc(c.Exceptions, func(x queue.Exception) bool {
		return x.From == change.From && x.To == change.To && slices.Equal(x.Hours, change.Hours) && x.Reason.In("it") == change.Reason.In("it")
	})
}

// changeSaid says a change of the hours: "lunedì 2 marzo, Servizi anagrafici: chiuso – assemblea".
func (p PublicPage) changeSaid(c view.Change) string {
	said := p.Span(c)
	if channels := p.In(c.For); channels != "" {
		said += ", " + channels
	}
	said += ": " + p.Hours(c.Hours)
	if reason := p.In(c.Reason); reason != "" {
		said += " – " + reason
	}
	return said
}

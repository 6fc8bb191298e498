// Package told is what the paper of a ticket says by what the server tells of the office and of the
// ticket. A totem prints it; the administration draws it before anybody does.
package told

import (
	"encoding/base64"
	"image"
	"time"

	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/view"
	"github.com/eliminacode/eliminacode/totem/paper"
)

// OnPaper is what a copy of a ticket says, 0 being the first, with the arms of [Arms].
func OnPaper(office *view.TotemPage, arms image.Image, said *view.Ticket, copied int) paper.Ticket {
	zone := Zone(office.Office.TimeZone)
	t := paper.Ticket{
		Number: said.Number, Language: said.Language, Ahead: said.Ahead, URL: said.URL, Offline: said.Offline,
		Priority: said.Class == queue.Priority, Copy: copied, Issued: said.IssuedAt.In(zone),
		Office: office.Office.Names.In("it"), Line: office.Paper.Line.In(said.Language), Arms: arms,
	}
	if w := said.Wait; w != nil {
		t.Wait = &paper.Range{Low: time.Duration(w.Low) * time.Second, High: time.Duration(w.High) * time.Second}
	}
	if said.Offline || copied > 0 { // it was so when it was given, if it was known at all
		t.Ahead, t.Wait = -1, nil
	}
	if said.Slot != nil {
		t.Slot = said.Slot.In(zone)
	}
	for i := range office.Channels {
		if c := &office.Channels[i]; c.ID == said.Channel {
			t.Channel, t.ChannelIt, t.Bring = c.Names.In(said.Language), c.Names.In("it"), c.Bring.In(said.Language)
		}
	}
	for _, part := range office.Paper.Parts {
		t.Parts = append(t.Parts, string(part))
	}
	return t
}

// Arms reads the town's arms; nil: there are none that can be read.
func Arms(office *view.TotemPage) image.Image {
	b, err := base64.StdEncoding.DecodeString(office.Paper.Arms)
	if err != nil || len(b) == 0 {
		return nil
	}
	arms, err := paper.Arms(b)
	if err != nil {
		return nil
	}
	return arms
}

// Zone is the time zone with a name, else Italy's.
func Zone(name string) *time.Location {
	if loc, err := time.LoadLocation(name); err == nil && name != "" {
		return loc
	}
	if loc, err := time.LoadLocation("Europe/Rome"); err == nil {
		return loc
	}
	return time.Local
}

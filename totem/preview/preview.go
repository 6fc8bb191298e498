// Package preview shows what a totem would print under a configuration, without a totem, a printer
// or a citizen: a sample ticket as the views have it, made into the bytes of a job as the totem
// makes them, and drawn from these.
package preview

import (
	"bytes"
	"fmt"
	"image/png"
	"slices"
	"time"

	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/view"
	"github.com/eliminacode/eliminacode/pkg/words"
	"github.com/eliminacode/eliminacode/totem/escpos"
	"github.com/eliminacode/eliminacode/totem/escpos/virtual"
	"github.com/eliminacode/eliminacode/totem/paper"
	"github.com/eliminacode/eliminacode/totem/told"
)

// Wish says which ticket to show.
type Wish struct {
	Channel  queue.ChannelID
	Class    queue.Class
	Language string // one of words.Spoken, or of the configuration's
	Width    int    // of the paper, in millimetres: one of [Widths]
	Offline  bool   // given without the server
}

// Widths are those of paper, in millimetres, each with a profile of a printer of which nothing
// else is known.
var Widths = []int{80, 58}

var profiles = map[int]string{80: escpos.DefaultProfile, 58: escpos.DefaultProfile + "-58"}

// ReasonWidth refuses paper that no printer has.
const ReasonWidth queue.Reason = "paper_width"

// Preview is the paper.
type Preview struct {
	Picture       []byte // a PNG, a point for each dot of the printer
	Width, Height int    // in points
	Text          string // what it says, a paragraph a line
}

// The sample ticket. Its numbers and its id are as long as most.
const (
	sampleID      = "ANTEPRIMAANTEPRIMAANTEPRIM"
	sampleNumber  = 42
	offlineNumber = 942
	sampleAhead   = 3
	sampleSlot    = time.Hour
	// sampleLow and sampleHigh are how long it is expected to wait.
	sampleLow, sampleHigh queue.Seconds = 10 * 60, 20 * 60
)

// Draw shows the ticket that is wished for, as an office would give it at the scene's time. Of the
// scene's state only the configuration counts, of which Draw changes nothing. It returns Invalid of
// "class", "language" or "width", or UnknownChannel.
func Draw(scene *view.Scene, w Wish) (*Preview, error) {
	profile, known := escpos.ProfileByName(profiles[w.Width])
	channel := scene.State.Config.Channel(w.Channel)
	switch {
	case profiles[w.Width] == "" || !known:
		return nil, queue.Refuse(queue.Invalid, ReasonWidth).At("width")
	case channel == nil:
		return nil, queue.Refuse(queue.UnknownChannel, queue.ReasonUnknownChannel, "channel", w.Channel).At("channel")
	case !slices.Contains([]queue.Class{queue.Standard, queue.Priority, queue.Appointment}, w.Class),
		w.Class == queue.Appointment && w.Offline: // which no totem gives by itself
		return nil, queue.Refuse(queue.Invalid, queue.ReasonUnknownClass, "class", w.Class).At("class")
	case !slices.Contains(words.Spoken, w.Language) && !slices.Contains(scene.State.Config.Languages, w.Language):
		return nil, queue.Refuse(queue.Invalid, queue.ReasonNotALanguage, "language", w.Language).At("language")
	}
	office := view.NewTotemPage(inSeason(scene), "")
	return draw(told.OnPaper(office, told.Arms(office), view.NewTicket(scene, sample(scene, w), sampleAhead), 0), profile)
}

// sample is the ticket that is wished for, as it would be given now.
func sample(scene *view.Scene, w Wish) *queue.Ticket {
	t := &queue.Ticket{
		ID: sampleID, Channel: w.Channel, Class: w.Class, Language: w.Language, State: queue.Waiting, Issued: scene.Now, Entered: scene.Now,
		Offline: w.Offline, Expected: &queue.Expected{Low: sampleLow, Likely: (sampleLow + sampleHigh) / 2, High: sampleHigh},
	}
	n := sampleNumber
	if w.Offline {
		n = offlineNumber
	}
	t.Number = fmt.Sprintf("%s%03d", scene.State.Config.Channel(w.Channel).Letter, n)
	if w.Class == queue.Appointment {
		t.Slot = scene.Now.Add(sampleSlot).Truncate(sampleSlot / 4)
	}
	return t
}

// inSeason is the scene with all of its channels, also those that the public sees at another time
// of the year.
func inSeason(scene *view.Scene) *view.Scene {
	all := *scene
	all.State = scene.State.Clone()
	cfg := *scene.State.Config
	cfg.Channels = slices.Clone(cfg.Channels)
	for i := range cfg.Channels {
		cfg.Channels[i].Season = nil
	}
	all.State.Config = &cfg
	return &all
}

// draw prints a ticket, and draws the paper.
func draw(said paper.Ticket, p escpos.Profile) (*Preview, error) {
	job, err := paper.Print(said, p)
	if err != nil {
		return nil, err
	}
	text, err := paper.Words(said, p)
	if err != nil {
		return nil, err
	}
	picture, err := virtual.Draw(job, p.Dots)
	if err != nil {
		return nil, fmt.Errorf("preview: %w", err)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, picture); err != nil {
		return nil, fmt.Errorf("preview: %w", err)
	}
	size := picture.Bounds().Size()
	return &Preview{Picture: b.Bytes(), Width: size.X, Height: size.Y, Text: text}, nil
}

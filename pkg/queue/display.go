package queue

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/eliminacode/eliminacode/pkg/calendar"
)

// Display is a monitor.
type Display struct {
	ID       DisplayID   `json:"id"`
	Name     Text        `json:"name"`
	Layout   Layout      `json:"layout,omitempty"`   // empty: [LayoutHall]
	Channels []ChannelID `json:"channels,omitempty"` // empty: all
	Counter  CounterID   `json:"counter,omitempty"`  // of [LayoutCounter]
	Playlist []Slide     `json:"playlist,omitempty"` // of [LayoutPlaylist]
	// Paired lets only the device that is paired with the display see it, and the staff; else its
	// address is open.
	Paired bool `json:"paired,omitempty"`

	Sound  bool                `json:"sound"`            // chime and voice, where no other display of its room has them
	Room   string              `json:"room,omitempty"`   // whose displays share one sound; empty: that of all which name none
	Volume int                 `json:"volume,omitempty"` // percent; 0: 100
	Gong   Gong                `json:"gong,omitempty"`   // empty: [GongTwoTone]
	Quiet  []calendar.Interval `json:"quiet,omitempty"`  // hours of each day without sound

	// Inches are the screen's diagonal and Metres from how far away it is read: both or neither.
	// By them the page makes its letters large enough.
	Inches float64 `json:"inches,omitempty"`
	Metres float64 `json:"metres,omitempty"`

	Look Look `json:"look,omitzero"`
}

// Layout is what a display shows, and how.
type Layout string

// The layouts of displays.
const (
	LayoutHall     Layout = "sala"     // the last call large, every call that holds, who waits
	LayoutChannels Layout = "channels" // the board of some channels: their calls, who waits and how long
	LayoutEntrance Layout = "entrance" // for whoever comes in: which service is for what, how crowded, how to get a ticket
	LayoutCounter  Layout = "counter"  // the sign over one counter
	LayoutPlaylist Layout = "playlist" // pictures, films and texts, which give way to every call
)

// Layouts lists every layout.
var Layouts = [...]Layout{LayoutHall, LayoutChannels, LayoutEntrance, LayoutCounter, LayoutPlaylist}

// Gong is the sound before a call.
type Gong string

// The sounds before a call.
const (
	GongTwoTone   Gong = "two-tone"
	GongThreeTone Gong = "three-tone"
	GongBell      Gong = "bell"
	GongNone      Gong = "none" // the voice alone
)

// Gongs lists every sound.
var Gongs = [...]Gong{GongTwoTone, GongThreeTone, GongBell, GongNone}

// Look is how a display differs from others of its layout. Files are those of the server's folder
// for media.
type Look struct {
	Accent     string `json:"accent,omitempty"`     // "#004d99"; white text on it must be readable
	Background string `json:"background,omitempty"` // "#0b1a2b"; black or white text on it must be easy to read
	Arms       string `json:"arms,omitempty"`       // the file of the town's arms
	Picture    string `json:"picture,omitempty"`    // the file of a picture behind it all
}

// Slide is a part of a display's playlist: a text, or the file of a picture or of a film without
// sound.
type Slide struct {
	Text    Text    `json:"text,omitempty"`
	File    string  `json:"file,omitempty"`
	Seconds Seconds `json:"seconds,omitempty"` // 0: twelve, and a film as long as it is
}

// Voice says what is spoken in the whole office.
type Voice struct {
	// TicketLanguage has a call repeated in the language of its ticket.
	TicketLanguage bool `json:"ticket_language,omitempty"`
}

const (
	maxSlides = 100
	maxOnDeck = 5
	maxRoom   = 64 // characters of its name
)

var (
	// mediaForm is what a file's name may be: no folder, nothing hidden.
	mediaForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)
	pictures  = []string{".png", ".jpg", ".jpeg", ".webp", ".svg"}
	films     = []string{".mp4", ".webm"}
)

// mediaTypes are those of the files that displays may show.
var mediaTypes = map[string]string{
	".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".webp": "image/webp", ".svg": "image/svg+xml",
	".mp4": "video/mp4", ".webm": "video/webm",
}

// MediaType is the media type of a file that displays may show, by its name; empty: they may not.
func MediaType(name string) string {
	if !mediaForm.MatchString(name) {
		return ""
	}
	return mediaTypes[strings.ToLower(path.Ext(name))]
}

// Files lists the files that the display shows, each once, in the order of the document.
func (d *Display) Files() []string {
	files := []string{}
	add := func(file string) {
		if file != "" && !slices.Contains(files, file) {
			files = append(files, file)
		}
	}
	add(d.Look.Arms)
	add(d.Look.Picture)
	for i := range d.Playlist {
		add(d.Playlist[i].File)
	}
	return files
}

func (c *Config) validateDisplays(f *faults) {
	ids := map[string]bool{}
	for i := range c.Displays {
		d, path := &c.Displays[i], fmt.Sprintf("displays[%d]", i)
		f.id(path+".id", string(d.ID), ids)
		f.name(path+".name", d.Name, true)
		for j, id := range d.Channels {
			f.channel(fmt.Sprintf("%s.channels[%d]", path, j), c, id)
		}
		if d.Layout != "" && !slices.Contains(Layouts[:], d.Layout) {
			f.add(path+".layout", ReasonNotOneOf, "value", d.Layout, "values", listed(Layouts[:]))
		}
		switch {
		case d.Counter != "" && c.Counter(d.Counter) == nil:
			f.add(path+".counter", ReasonUnknownCounter, "counter", d.Counter)
		case d.Counter == "" && d.Layout == LayoutCounter:
			f.add(path+".counter", ReasonCounterMissing)
		}
		if d.Gong != "" && !slices.Contains(Gongs[:], d.Gong) {
			f.add(path+".gong", ReasonNotOneOf, "value", d.Gong, "values", listed(Gongs[:]))
		}
		if d.Volume < 0 || d.Volume > 100 {
			f.add(path+".volume", ReasonNotInRange, "min", 0, "max", 100)
		}
		if utf8.RuneCountInString(d.Room) > maxRoom {
			f.add(path+".room", ReasonTextTooLong, "max", maxRoom)
		}
		f.intervals(path+".quiet", d.Quiet)
		d.validateSize(f, path)
		d.Look.validate(f, path+".look")
		d.validatePlaylist(f, path+".playlist")
	}
}

// validateSize wants a screen and a distance that there are, or neither.
func (d *Display) validateSize(f *faults, path string) {
	if d.Inches == 0 && d.Metres == 0 {
		return
	}
	switch {
	case d.Inches == 0:
		f.add(path+".inches", ReasonHalfSize)
	case !(d.Inches >= 7 && d.Inches <= 120):
		f.add(path+".inches", ReasonNotInRange, "min", 7, "max", 120)
	}
	switch {
	case d.Metres == 0:
		f.add(path+".metres", ReasonHalfSize)
	case !(d.Metres >= 0.5 && d.Metres <= 30):
		f.add(path+".metres", ReasonNotInRange, "min", 0.5, "max", 30)
	}
}

// enhanced is the contrast of text that is to be read from afar: WCAG 2.2, 1.4.6.
const enhanced = 7

func (l *Look) validate(f *faults, path string) {
	if c := l.Accent; c != "" {
		f.colour(path+".accent", c)
	}
	switch c := l.Background; {
	case c == "":
	case !colorForm.MatchString(c):
		f.add(path+".background", ReasonNotAColour)
	case contrastWithWhite(c) < enhanced && contrastWithBlack(c) < enhanced:
		f.add(path+".background", ReasonColourBetween, "color", c)
	}
	f.media(path+".arms", l.Arms, pictures)
	f.media(path+".picture", l.Picture, pictures)
}

// contrastWithBlack is the contrast ratio of black text on the colour "#rrggbb", 1 to 21.
func contrastWithBlack(color string) float64 { return 21 / contrastWithWhite(color) }

// media refuses what isn't the name of a file of one of the kinds; empty: none.
func (f *faults) media(at, name string, kinds []string) {
	if name == "" {
		return
	}
	if MediaType(name) == "" || !slices.Contains(kinds, strings.ToLower(path.Ext(name))) {
		f.add(at, ReasonNotAMediaFile, "name", name, "kinds", listed(kinds))
	}
}

func (d *Display) validatePlaylist(f *faults, path string) {
	switch {
	case d.Layout == LayoutPlaylist && len(d.Playlist) == 0, len(d.Playlist) > maxSlides:
		f.add(path, ReasonSlideCount, "min", 1, "max", maxSlides)
	}
	for i := range d.Playlist {
		s, path := &d.Playlist[i], fmt.Sprintf("%s[%d]", path, i)
		f.name(path+".text", s.Text, s.File == "")
		f.media(path+".file", s.File, append(slices.Clone(pictures), films...))
		if s.Seconds != 0 && !(s.Seconds >= 3 && s.Seconds <= 3600) {
			f.add(path+".seconds", ReasonNotInRange, "min", 3, "max", 3600)
		}
	}
}

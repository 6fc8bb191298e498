package escpos

import (
	"slices"
	"time"
)

// WayBack is how a printer tells what becomes of a job.
type WayBack string

// The ways back.
const (
	// WayBackNone is a printer that never says anything.
	WayBackNone WayBack = "none"
	// WayBackAsk is one that answers DLE EOT at once, and in order after a job.
	WayBackAsk WayBack = "ask"
	// WayBackASB is one that moreover tells changes by itself (automatic status back).
	WayBackASB WayBack = "asb"
	// WayBackFull is Custom's: six bytes with all there is to know, for DLE EOT 20. It says whether
	// the printer is at work, and whether a ticket is in its mouth: the job is watched until it is
	// done, since nothing is known to be answered in order. ESC v isn't: Custom's manuals (KM216H
	// p. 23, TG02H p. 67) have it answered at once, even when the buffer is full.
	WayBackFull WayBack = "full"
)

// ImageCommand is how a printer takes a picture.
type ImageCommand string

// The image commands.
const (
	// ImageRaster is GS v 0: Epson calls it obsolete, and nearly every printer has it.
	ImageRaster ImageCommand = "GS v 0"
	// ImageGraphics is GS ( L: store, then print.
	ImageGraphics ImageCommand = "GS ( L"
)

// Profile is what is known of a kind of printer. Sequences are written as they are sent.
type Profile struct {
	Name   string // as in ELIMINACODE_PRINTER_PROFILE
	Title  string
	Source string // where it is from

	Dots     int  // printed across
	DPI      int  // dots to the inch
	Units    int  // of ESC J to a dot
	Columns  int  // characters of font A across
	CodePage byte // of ESC t: 16 is WPC1252, 19 is CP858

	NativeQR bool // has GS ( k; otherwise a QR code is sent as a picture
	Image    ImageCommand
	Reset    string // begins a job
	Cut      string // ends it
	CutFeed  int    // lines to feed before Cut, where the command doesn't

	WayBack WayBack
	// Guess says that silence means that there is no way back, rather than that the printer is off.
	Guess bool
	// Ack asks for an answer in order: it comes once all before it is done. Empty: there is none.
	Ack string
	// Recover takes the printer out of an error whose cause was removed.
	Recover string
	// Presenter is how long it holds a ticket out before it lets it fall; 0 if it has none.
	Presenter time.Duration
	// Full says what the bits of Custom's full status mean; they differ from model to model.
	Full []FullBit

	Answer time.Duration // how long to wait for a status
	Done   time.Duration // how long a job may take
	Busy   time.Duration // how long it may take while the printer says that it is at work
}

// The sequences that more than one profile has.
const (
	reset       = "\x1b@"
	cutFeed     = "\x1dV\x42\x00" // GS V 66 0: feed to the cutter, partial cut
	cutPartial  = "\x1dV\x01"     // GS V 1: where it stands
	cutTotal    = "\x1bi"         // ESC i
	cutPresent  = "\x1cP\x04\x01E\x1e"
	ackGSr      = "\x1dr\x01" // GS r 1
	recoverDLE  = "\x10\x05\x02"
	pageWPC1252 = 16
	pageCP858   = 19
)

// DefaultProfile is for a printer of which nothing is known: it is asked, and taken as one without
// a way back if it never answers.
const DefaultProfile = "escpos"

// Profiles returns all profiles, in the order in which to offer them.
func Profiles() []Profile {
	return []Profile{
		common("escpos", "ESC/POS, 80 mm").guessing(),
		common("escpos-58", "ESC/POS, 58 mm").guessing().narrow(),
		common("generic", "ESC/POS without a way back, 80 mm").mute(),
		common("generic-58", "ESC/POS without a way back, 58 mm").mute().narrow(),
		epsonTMT88(),
		epson("epson-tm-t20", "Epson TM-T20, 80 mm", "escpos-printer-db TM-T20II"),
		epson("epson-tm-t20-58", "Epson TM-T20, 58 mm", "escpos-printer-db TM-T20II").narrow(),
		customVKP80III(),
		customVKP80III().named("custom-vkp80iii-58", "Custom VKP80III, 58 mm").narrow(),
		customTG2480H(),
		customTG2480H().named("custom-tg2480h-58", "Custom TG2480H, 58 mm").narrow(),
		star("star-escpos", "Star in ESC/POS mode, 80 mm"),
		star("star-escpos-58", "Star in ESC/POS mode, 58 mm").narrow(),
	}
}

// ProfileByName returns the profile with a name; without a name the default one.
func ProfileByName(name string) (Profile, bool) {
	if name == "" {
		name = DefaultProfile
	}
	profiles := Profiles()
	i := slices.IndexFunc(profiles, func(p Profile) bool { return p.Name == name })
	if i < 0 {
		return Profile{}, false
	}
	return profiles[i], true
}

// common is what the cloned printers have in common.
func common(name, title string) Profile {
	return Profile{
		Name: name, Title: title, Source: "escpos-printer-db default; the clones' manuals (CBM-1000, CT-S310, STP-103)",
		Dots: 576, DPI: 203, Units: 1, Columns: 48, CodePage: pageWPC1252,
		Image: ImageRaster, Reset: reset, Cut: cutFeed,
		WayBack: WayBackAsk, Ack: ackGSr,
		Answer: time.Second, Done: 10 * time.Second, Busy: 30 * time.Second,
	}
}

func epson(name, title, source string) Profile {
	p := common(name, title)
	p.Source = source + "; TM-T88III p. 318-320 (status), TM-T81 p. 105 (QR)"
	p.NativeQR, p.Image = true, ImageGraphics
	p.WayBack, p.Recover = WayBackASB, recoverDLE
	return p
}

// epsonTMT88 has its own width, and moves by half dots.
func epsonTMT88() Profile {
	p := epson("epson-tm-t88", "Epson TM-T88", "escpos-printer-db TM-T88V")
	p.Dots, p.DPI, p.Units, p.Columns = 512, 180, 2, 42
	return p
}

// customVKP80III has a presenter: FS P cuts, holds the ticket out by 20 mm with the mouth blinking,
// and lets it fall after 30 s. There is no GS r in its manual.
func customVKP80III() Profile {
	p := common("custom-vkp80iii", "Custom VKP80III, 80 mm")
	p.Source = "Commands manual 915DX010100 as in github.com/quobox/vkp80iii; KPM300 p. 66 (full status); not tried on the device"
	p.Columns = 42
	p.Cut, p.Ack = cutPresent, ""
	p.WayBack, p.Full, p.Presenter = WayBackFull, customFull(), 30*time.Second
	return p
}

func customTG2480H() Profile {
	p := common("custom-tg2480h", "Custom TG2480H, 80 mm")
	p.Source = "VKP80II/TG2480H command reference (CP858, ESC i), TerminalClient drivers (full status); not tried on the device"
	p.Columns, p.CodePage = 42, pageCP858
	p.Cut, p.CutFeed, p.Ack = cutTotal, 5, ""
	p.WayBack, p.Full = WayBackFull, customFull()
	return p
}

func star(name, title string) Profile {
	p := common(name, title)
	p.Source = "Star's ESC/POS emulation follows Epson's; not tried on the device"
	p.Cut, p.CutFeed, p.Guess = cutPartial, 5, true
	return p
}

func (p Profile) guessing() Profile {
	p.Guess = true
	return p
}

func (p Profile) mute() Profile {
	p.WayBack, p.Ack = WayBackNone, ""
	return p
}

func (p Profile) narrow() Profile {
	p.Dots, p.Columns = 384, 32
	return p
}

func (p Profile) named(name, title string) Profile {
	p.Name, p.Title = name, title
	return p
}

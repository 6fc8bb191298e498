// Package paper says what a ticket holds, and makes of it the bytes of a printer's job: by the
// printer's own letters where it has them, drawn where it hasn't. It names no person.
package paper

import (
	"fmt"
	"image"
	"slices"
	"strings"
	"time"

	"github.com/eliminacode/eliminacode/pkg/words"
	"github.com/eliminacode/eliminacode/totem/escpos"
)

// Ticket is what a ticket says. Its texts are in its language, where the office has them in it.
type Ticket struct {
	Office    string      // whose waiting room it is for
	Number    string      // "A042"
	Channel   string      // the public label
	ChannelIt string      // the same in Italian
	Issued    time.Time   // in the office's time zone
	Language  string      // one of words.Spoken; else Italian
	Ahead     int         // tickets before it; negative: not known
	Wait      *Range      // nil: not known
	Bring     string      // what the holder needs at the counter
	URL       string      // the page of this ticket; empty: none
	Line      string      // the town's own
	Offline   bool        // given while the server was away
	Arms      image.Image // the town's, as of Arms; nil: none
	Priority  bool
	Slot      time.Time // of an appointment, in the office's time zone; zero: none
	Copy      int       // how often it was printed before
	Parts     []string  // which parts, in their order; empty: DefaultParts
}

// Range is how long something takes, at the least and at the most.
type Range struct{ Low, High time.Duration }

// A part of a ticket. Where there is nothing to say, it takes no room.
type part struct {
	name  string
	print func(*sheet, *Ticket) error
	must  bool // never left out: without it a ticket misleads
}

// parts in the order that they have by default.
var parts = []part{
	{"arms", (*sheet).arms, false},
	{"office", (*sheet).office, false},
	{"number", (*sheet).turn, true},
	{"channel", (*sheet).channel, false},
	{"class", (*sheet).class, true},
	{"reprint", (*sheet).reprint, true},
	{"ahead", (*sheet).ahead, false},
	{"wait", (*sheet).wait, false},
	{"offline", (*sheet).offline, true},
	{"bring", (*sheet).bring, false},
	{"qr", (*sheet).page, false},
	{"keep", (*sheet).keep, false},
	{"time", (*sheet).issued, false},
	{"line", (*sheet).line, false},
	{"privacy", (*sheet).privacy, false},
}

// DefaultParts are all parts, in the order that they have if nothing else is configured.
func DefaultParts() []string {
	names := make([]string, len(parts))
	for i, p := range parts {
		names[i] = p.name
	}
	return names
}

// Print returns the whole job of a ticket, for printers of a profile: from the reset to the cut.
// The same ticket gives the same bytes.
func Print(t Ticket, p escpos.Profile) ([]byte, error) {
	s, err := set(t, p)
	if err != nil {
		return nil, err
	}
	s.e.Align(left)
	s.e.Cut()
	return s.e.Bytes(), nil
}

// Words are what the same ticket says to who reads it, in whatever letters, a paragraph a line.
func Words(t Ticket, p escpos.Profile) (string, error) {
	s, err := set(t, p)
	if err != nil {
		return "", err
	}
	return invisible.Replace(strings.Join(s.said, "\n")), nil
}

// invisible makes of characters that keep a line together what is read in their place.
var invisible = strings.NewReplacer(string(hardSpace), " ", string(joiner), "")

// set puts a ticket on paper that isn't cut yet.
func set(t Ticket, p escpos.Profile) (*sheet, error) {
	chosen, err := choose(t.Parts)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(words.Spoken, t.Language) {
		t.Language = italian
	}
	s := newSheet(p)
	for _, part := range chosen {
		if err := part.print(s, &t); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// choose finds the parts by their names. One that must be there and isn't named follows the others;
// the number comes first.
func choose(names []string) ([]part, error) {
	if len(names) == 0 {
		return parts, nil
	}
	var chosen []part
	for _, name := range names {
		i := slices.IndexFunc(parts, func(p part) bool { return p.name == name })
		if i < 0 {
			return nil, fmt.Errorf("paper: parts: %q is none: use %s", name, strings.Join(DefaultParts(), ", "))
		}
		if slices.ContainsFunc(chosen, func(p part) bool { return p.name == name }) {
			return nil, fmt.Errorf("paper: parts: %q is there twice", name)
		}
		chosen = append(chosen, parts[i])
	}
	for _, p := range parts {
		switch {
		case !p.must || slices.Contains(names, p.name):
		case p.name == "number":
			chosen = slices.Insert(chosen, 0, p)
		default:
			chosen = append(chosen, p)
		}
	}
	return chosen, nil
}

// Gaps between parts, in dots.
const (
	near = 10
	far  = 24
)

// own is the voice of what the ticket says by itself, in its language.
func own(t *Ticket) voice { return voice{t.Language, drawnLanguages[t.Language]} }

// given is the voice of what was configured, which may be in any language.
func given(t *Ticket) voice { return voice{language: t.Language} }

var inItalian = voice{language: italian}

func (s *sheet) arms(t *Ticket) error {
	if t.Arms == nil {
		return nil
	}
	picture, err := inBlack(t.Arms, s.profile.Dots/3)
	if err != nil {
		return err
	}
	defer s.space(near)
	return s.picture(picture)
}

func (s *sheet) office(t *Ticket) error {
	defer s.space(near)
	return s.text(t.Office, given(t), strong)
}

func (s *sheet) turn(t *Ticket) error {
	s.space(near)
	defer s.space(near)
	return s.number(t.Number)
}

func (s *sheet) channel(t *Ticket) error {
	v := given(t)
	v.drawn = drawnLanguages[t.Language] && t.Channel != t.ChannelIt
	if err := s.text(t.Channel, v, large, tallB, strong); err != nil {
		return err
	}
	if t.ChannelIt != t.Channel {
		s.space(near / 2)
		return s.text(t.ChannelIt, inItalian, small)
	}
	return nil
}

// class says why the ticket is called out of turn, in Italian too, for who must let its holder
// pass.
func (s *sheet) class(t *Ticket) error {
	if t.Priority {
		if err := s.beside(t, tallB, phrasePriority, nil); err != nil {
			return err
		}
	}
	if t.Slot.IsZero() {
		return nil
	}
	return s.beside(t, tallB, phraseAppointment, map[string]any{"time": t.Slot.Format("15:04")})
}

func (s *sheet) reprint(t *Ticket) error {
	if t.Copy < 1 {
		return nil
	}
	return s.beside(t, strong, phraseReprint, map[string]any{"n": t.Copy})
}

// beside prints a phrase in the ticket's language and, smaller, in Italian.
func (s *sheet) beside(t *Ticket, l look, what phrase, args map[string]any) error {
	s.space(near)
	if err := s.text(say(t.Language, what, args), own(t), l); err != nil {
		return err
	}
	if t.Language == italian {
		return nil
	}
	return s.text(say(italian, what, args), inItalian, small)
}

// booked reports whether the ticket's turn is a time, however few are before it.
func (t *Ticket) booked() bool { return t.Slot.After(t.Issued) }

func (s *sheet) ahead(t *Ticket) error {
	if t.booked() || t.Ahead < 0 {
		return nil
	}
	s.space(far)
	return s.text(ahead(t.Language, t.Ahead), own(t), tallB, strong)
}

func (s *sheet) wait(t *Ticket) error {
	if t.booked() || t.Wait == nil {
		return nil
	}
	s.space(near)
	return s.text(wait(t.Language, *t.Wait), own(t), tallB, strong)
}

func (s *sheet) offline(t *Ticket) error {
	if !t.Offline {
		return nil
	}
	s.space(far)
	if err := s.beside(t, tallB, phraseOffline, nil); err != nil {
		return err
	}
	return s.text(say(t.Language, phraseOfflineMeans, nil), own(t), small)
}

func (s *sheet) bring(t *Ticket) error {
	things := paragraphs(t.Bring)
	if len(things) == 0 {
		return nil
	}
	s.space(far)
	heading := strong
	heading.start = true
	if err := s.text(say(t.Language, phraseBring, nil), own(t), heading); err != nil {
		return err
	}
	item := list
	item.bullet = len(things) > 1
	return s.text(t.Bring, given(t), item)
}

func (s *sheet) page(t *Ticket) error {
	if t.URL == "" {
		return nil
	}
	s.space(near)
	if err := s.code(t.URL); err != nil {
		return err
	}
	return s.text(say(t.Language, phraseScan, nil), own(t), small)
}

func (s *sheet) keep(t *Ticket) error {
	s.space(far)
	if err := s.text(say(t.Language, phraseKeep, nil), own(t), strong); err != nil {
		return err
	}
	return s.text(say(t.Language, phraseWatch, nil), own(t), small)
}

func (s *sheet) issued(t *Ticket) error {
	if t.Issued.IsZero() {
		return nil
	}
	s.space(far)
	if err := s.text(words.Dated(t.Language, t.Issued), own(t), small); err != nil {
		return err
	}
	if t.Language == italian {
		return nil
	}
	return s.text(words.Dated(italian, t.Issued), inItalian, small)
}

func (s *sheet) line(t *Ticket) error {
	s.space(near)
	return s.text(t.Line, given(t), small)
}

func (s *sheet) privacy(t *Ticket) error {
	s.space(near)
	return s.text(say(t.Language, phrasePrivacy, nil), own(t), small)
}

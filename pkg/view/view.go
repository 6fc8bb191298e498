// Package view derives what each audience sees from the state of an office: the
// JSON that goes over the wire. Views are whole and small; the newest replaces
// the older. The package decides nothing and keeps nothing, and its views hold
// on to nothing that the state will change: they are read while it goes on.
package view

//go:generate go run ./wiregen -out ../../displays/lib/wire.d.ts .

import (
	"time"

	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/estimate"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/voice"
	"github.com/eliminacode/eliminacode/pkg/words"
)

// Message is what a WebSocket client gets, at once and after every change.
type Message struct {
	Type string    `json:"type"` // "view"
	Seq  int64     `json:"seq"`
	At   time.Time `json:"at"`
	View any       `json:"view"`
}

// Office says whose view this is.
type Office struct {
	ID        string     `json:"id"`
	Name      string     `json:"name"` // Italian
	Names     queue.Text `json:"names"`
	Languages []string   `json:"languages"`
	TimeZone  string     `json:"time_zone"`
}

// PublicPage is what anybody may see.
type PublicPage struct {
	Office Office    `json:"office"`
	Seq    int64     `json:"seq"`
	At     time.Time `json:"at"`
	Opening
	Level    *Level    `json:"level" ts:"'calm' | 'usual' | 'busy' | 'very_busy' | null"` // how crowded it is, as in [Crowding]
	Channels []Channel `json:"channels"`                                                  // those that exist for the public today
	Calls    []Call    `json:"calls"`                                                     // where people are expected, newest first; see [queue.State.Calls]
	Absent   []Missed  `json:"absent"`                                                    // missed their call and may come back, those longest so first
	Notices  []Notice  `json:"notices"`
	Counters []Counter `json:"counters"`
}

// Channel is a channel as the public sees it.
type Channel struct {
	ID         queue.ChannelID `json:"id"`
	Letter     string          `json:"letter"`
	Color      string          `json:"color"` // white text on it is readable
	Name       string          `json:"name"`  // the public label, Italian
	Names      queue.Text      `json:"names"`
	Hints      queue.Text      `json:"hints"`
	Bring      queue.Text      `json:"bring"`       // what to bring along
	Open       bool            `json:"open"`        // gives tickets now
	Closed     queue.Text      `json:"closed"`      // why not, when it doesn't; {} when open
	Waiting    int             `json:"waiting"`     // people
	Wait       *Wait           `json:"wait"`        // null: not known
	Ending     bool            `json:"ending"`      // its tickets are likely to end within half an hour, for the day or until it opens again
	LastCalled *string         `json:"last_called"` // number of the newest call of the day; null: none yet
	OnDeck     []string        `json:"on_deck"`     // numbers that are asked to come near, the next one first
}

// Wait is an expected wait in seconds: eight in ten fall between Low and High.
type Wait struct {
	Low    int `json:"low_s"`
	Likely int `json:"likely_s"`
	High   int `json:"high_s"`
}

// newWait returns the wait of one of those whose waits are expected; nil if it isn't known.
func newWait[K comparable](waits map[K]estimate.Wait, of K) *Wait {
	w, known := waits[of]
	if !known {
		return nil
	}
	return toldWait(w.Expected())
}

// toldWait returns the wait as it is told.
func toldWait(e queue.Expected) *Wait {
	return &Wait{Low: int(e.Low), Likely: int(e.Likely), High: int(e.High)}
}

// Call is a ticket invited to a counter.
type Call struct {
	ID       int64           `json:"id"` // rises
	Number   string          `json:"number"`
	Channel  queue.ChannelID `json:"channel"`
	Letter   string          `json:"letter"`
	Color    string          `json:"color"`
	Counter  queue.CounterID `json:"counter"`
	Where    queue.Text      `json:"where"` // the counter's name and place
	At       time.Time       `json:"at"`    // of the last announcement
	Recalled bool            `json:"recalled"`
	Times    int             `json:"times"`    // announcements so far: id and times name one announcement
	Holds    bool            `json:"holds"`    // its ticket is called or being served there
	Language string          `json:"language"` // of its ticket
	// Say is how to speak it, one language after another; empty for one that isn't to be spoken any
	// more.
	Say []voice.Utterance `json:"say"`
}

// Missed is a ticket that was called, whose holder didn't come.
type Missed struct {
	Number  string          `json:"number"`
	Channel queue.ChannelID `json:"channel"`
	Letter  string          `json:"letter"`
	Color   string          `json:"color"`
	Counter queue.CounterID `json:"counter"`
	Where   queue.Text      `json:"where"` // the counter's name and place
}

// Notice is a message of public interest.
type Notice struct {
	ID    string     `json:"id"`
	Text  string     `json:"text"` // Italian
	Texts queue.Text `json:"texts"`
	// Say is how to read it aloud; empty: it is only shown.
	Say []voice.Utterance `json:"say"`
}

// Counter is a counter as everybody may see it.
type Counter struct {
	ID     queue.CounterID  `json:"id"`
	Names  queue.Text       `json:"names"`
	Status queue.DeskStatus `json:"status" ts:"'closed' | 'open' | 'paused'"`
}

// NewPublicPage derives the public view of an office. It is made once for a scene.
func NewPublicPage(scene *Scene) *PublicPage {
	if scene.public == nil {
		scene.public = newPublicPage(scene)
	}
	return scene.public
}

func newPublicPage(scene *Scene) *PublicPage {
	s := scene.State
	now := scene.now()
	v := &PublicPage{
		Office:   newOffice(scene.Office, s.Config),
		Seq:      s.Seq,
		At:       now.Truncate(time.Millisecond),
		Opening:  newOpening(s, now),
		Level:    scene.Level,
		Channels: newChannels(scene, now),
		Calls:    newCalls(scene),
		Absent:   newAbsent(scene),
		Notices:  newNotices(scene, calendar.DateOf(now)),
		Counters: []Counter{},
	}
	for i := range s.Config.Counters {
		c := &s.Config.Counters[i]
		v.Counters = append(v.Counters, Counter{ID: c.ID, Names: c.Name, Status: s.Counters[c.ID].Status})
	}
	return v
}

func newOffice(id string, c *queue.Config) Office {
	return Office{ID: id, Name: c.Name.In("it"), Names: c.Name, Languages: c.Languages, TimeZone: c.TimeZone}
}

// newChannels lists the channels of the season, and one out of season for as long as people wait
// for it.
func newChannels(scene *Scene, now time.Time) []Channel {
	s := scene.State
	list := []Channel{}
	for i := range s.Config.Channels {
		c := &s.Config.Channels[i]
		waiting := s.Waiting(c.ID)
		if !c.Season.Contains(calendar.DateOf(now)) && waiting == 0 {
			continue
		}
		v := Channel{
			ID: c.ID, Letter: c.Letter, Color: c.Color,
			Name: c.Label().In("it"), Names: c.Label(), Hints: orEmpty(c.Hint), Bring: orEmpty(c.Bring),
			Open: true, Closed: queue.Text{}, Waiting: waiting, Wait: newWait(scene.Waits.Now[c.ID], queue.Standard), OnDeck: onDeck(s, c, now),
		}
		if last := s.LastCalled(c.ID); last != "" {
			v.LastCalled = &last
		}
		if refusal := s.Issuable(c.ID, now); refusal != nil {
			v.Open, v.Closed = false, words.Refusal(refusal)
		} else if fit, known := scene.Waits.Fits[c.ID]; known {
			v.Ending = fit.Soon < s.Config.Policy.Promise()
		}
		list = append(list, v)
	}
	return list
}

// onDeck are the numbers of a channel that are asked to come near.
func onDeck(s *queue.State, c *queue.Channel, now time.Time) []string {
	numbers := []string{}
	for _, t := range s.OnDeck(c, now) {
		numbers = append(numbers, t.Number)
	}
	return numbers
}

// newAbsent lists the absent who may come back.
func newAbsent(s *Scene) []Missed {
	list := []Missed{}
	for _, t := range s.State.Aside() {
		if t.State != queue.Absent {
			continue
		}
		v := Missed{Number: t.Number, Channel: t.Channel, Counter: t.Counter}
		v.Letter, v.Color, v.Where = invited(s.State.Config, t.Channel, t.Counter)
		list = append(list, v)
	}
	return list
}

func newCalls(s *Scene) []Call {
	list := []Call{}
	for _, c := range s.State.Calls() {
		list = append(list, NewCall(s, &c))
	}
	return list
}

// NewCall derives a call as everybody sees it.
func NewCall(s *Scene, c *queue.Call) Call {
	v := Call{
		ID: c.ID, Number: c.Number, Channel: c.Channel, Counter: c.Counter,
		At: c.At, Recalled: c.Times > 1, Times: c.Times, Holds: c.Holds,
		Language: c.Language, Say: newSay(s, c),
	}
	v.Letter, v.Color, v.Where = invited(s.State.Config, c.Channel, c.Counter)
	return v
}

// invited is how a ticket of a channel is marked, and where a counter is; empty for what the
// configuration no longer has.
func invited(c *queue.Config, channel queue.ChannelID, counter queue.CounterID) (letter, color string, at queue.Text) {
	at = queue.Text{}
	if ch := c.Channel(channel); ch != nil {
		letter, color = ch.Letter, ch.Color
	}
	if desk := c.Counter(counter); desk != nil {
		at = where(desk)
	}
	return letter, color, at
}

// spokenFor is how long after its announcement a call is spoken.
const spokenFor = time.Minute

// newSay is how to speak a call: in Italian, then in its ticket's language where the office wants
// that.
func newSay(s *Scene, c *queue.Call) []voice.Utterance {
	say := []voice.Utterance{}
	desk := s.State.Config.Counter(c.Counter)
	if s.Voice == nil || desk == nil || !c.Holds || s.Now.Sub(c.At) > spokenFor {
		return say
	}
	languages := []string{"it"}
	if s.State.Config.Voice.TicketLanguage && c.Language != "it" {
		languages = append(languages, c.Language)
	}
	for _, lang := range languages {
		if u, ok := s.Voice.Call(lang, c.Number, desk.Name.In(lang), desk.Place.In(lang)); ok {
			say = append(say, u)
		}
	}
	return say
}

// where is a counter's name and place.
func where(c *queue.Counter) queue.Text {
	if len(c.Place) == 0 {
		return c.Name
	}
	t := queue.Text{}
	for lang, name := range c.Name {
		t[lang] = name
		if place := c.Place.In(lang); place != "" {
			t[lang] = name + ", " + place
		}
	}
	return t
}

func newNotices(s *Scene, today calendar.Date) []Notice {
	c, list := s.State.Config, []Notice{}
	for i := range c.Notices {
		if n := &c.Notices[i]; n.Shown(today) {
			v := Notice{ID: n.ID, Text: n.Text.In("it"), Texts: n.Text, Say: []voice.Utterance{}}
			if n.Spoken && s.Voice != nil {
				v.Say = append(v.Say, s.Voice.Notice(n.Text)...)
			}
			list = append(list, v)
		}
	}
	for i := range c.Channels {
		ch := &c.Channels[i]
		if ch.Season != nil && len(ch.Notice) > 0 && ch.Season.Contains(today) {
			list = append(list, Notice{ID: "season-" + string(ch.ID), Text: ch.Notice.In("it"), Texts: ch.Notice, Say: []voice.Utterance{}})
		}
	}
	return list
}

func orEmpty(t queue.Text) queue.Text {
	if t == nil {
		return queue.Text{}
	}
	return t
}

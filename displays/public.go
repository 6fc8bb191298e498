package displays

import (
	"html/template"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/view"
	"github.com/eliminacode/eliminacode/pkg/words"
)

// PublicPage is what [Public] takes: how busy an office is, in one language.
type PublicPage struct {
	Public *view.PublicPage
	Guide  *view.Guide
	// Crowding is how full it is and usually is; nil: not known.
	Crowding *view.Crowding
	// Language is one of [PublicLanguages].
	Language string
	// Path is what stands before the paths of the office's pages, "/offices/cascine"; empty for the
	// default office. Origin stands before it where one is known: "https://coda.example.it".
	Path, Origin string
}

// Public parses the public page, a template of [PublicPage].
func Public() (*template.Template, error) { return parse("public/parts.html", "public/index.html") }

// Widget parses the page for a frame in another site, a template of [PublicPage].
func Widget() (*template.Template, error) {
	return parse("public/parts.html", "public/widget.html")
}

// Badge parses the picture for another site, a template of [PublicPage].
func Badge() (*template.Template, error) { return parse("public/badge.html") }

// A Topic is what a [TextPage] is about.
type Topic string

// The topics.
const (
	Privacy       Topic = "privacy"
	Accessibility Topic = "accessibility"
	OpenData      Topic = "opendata"
)

// topics are the parts of a page of text, each a heading and what it means.
var topics = map[Topic][]string{
	Privacy:       {"ticket", "own", "pages", "staff", "kept", "rights"},
	Accessibility: {"made", "checked", "lacking", "report"},
	OpenData:      {"rows", "few", "use"},
}

// TextPage is what [Text] takes: a page that says how things are, in one language.
type TextPage struct {
	PublicPage

	About     Topic
	Retention int    // days that detailed events are kept; 0: for good
	Files     []File // that the page leads to
}

// File is something to load, by its address.
type File struct{ Href, Name string }

// Text parses the pages of text, a template of [TextPage].
func Text() (*template.Template, error) { return parse("public/parts.html", "public/text.html") }

// Topic is what the page is about, by its name.
func (p TextPage) Topic() string { return string(p.About) }

// Parts are the parts of the page, by their names.
func (p TextPage) Parts() []string { return topics[p.About] }

// Told is what a part of the page says.
func (p TextPage) Told(part string) template.HTML {
	name := part + "_means"
	if part == "kept" && p.Retention == 0 {
		name = "kept_always"
	}
	return marked(p.SayOf(p.Topic(), name, "n", p.Retention, "office", p.Public.Office.Names))
}

// PublicLanguages are the languages that the public page of an office with these languages offers.
func PublicLanguages(configured []string) []string {
	said := words.LanguagesOf("page")
	return slices.DeleteFunc(words.Offered(configured), func(lang string) bool { return !slices.Contains(said, lang) })
}

// Dir is the direction of the page's language.
func (p PublicPage) Dir() string { return dirOf(p.Language) }

// Choices are the languages that the reader may choose.
func (p PublicPage) Choices() (list []Choice) {
	for _, lang := range PublicLanguages(p.Public.Office.Languages) {
		list = append(list, Choice{lang, words.Said(lang, "ticket", "name", nil), dirOf(lang)})
	}
	return list
}

// Words are what the page's script says.
func (p PublicPage) Words() any { return words.Tables([]string{p.Language}, "page", "wait") }

// Say is something that the page says, with pairs of a name and a value. Moments are said as times
// of the office's day.
func (p PublicPage) Say(name string, pairs ...any) string { return p.SayOf("page", name, pairs...) }

// SayOf is Say for another group of package words.
func (p PublicPage) SayOf(group, name string, pairs ...any) string {
	return words.Said(p.Language, group, name, argsOf(p.Public.At.Location(), pairs))
}

// In is a text of the configuration in the page's language alone, for its title.
func (p PublicPage) In(t queue.Text) string { return t.In(p.Language) }

// Text is a text of the configuration, marked as Italian where it isn't in the page's language.
func (p PublicPage) Text(t queue.Text) template.HTML { return marked(words.Within(p.Language, t)) }

// Lines are the lines of a text of the configuration.
func (p PublicPage) Lines(t queue.Text) (list []template.HTML) {
	for line := range strings.Lines(t.In(p.Language)) {
		if line = strings.TrimSpace(line); line != "" {
			list = append(list, p.Text(queue.Text{p.languageOf(t): line}))
		}
	}
	return list
}

// languageOf is the language in which the page shows a text.
func (p PublicPage) languageOf(t queue.Text) string {
	if t[p.Language] != "" {
		return p.Language
	}
	return "it"
}

// Clock is a moment as a time of the office's day.
func (p PublicPage) Clock(t time.Time) string { return t.In(p.Public.At.Location()).Format("15:04") }

// Coming is a moment to come.
func (p PublicPage) Coming(t time.Time) string {
	return words.Coming(t.In(p.Public.At.Location()), p.Public.At)[p.Language]
}

// News is what whoever comes must know of the opening; empty on a usual day.
func (p PublicPage) News() template.HTML {
	return marked(openingNews(p.Language, p.Public.Opening, p.Public.At))
}

// Counted is something that is said of a number, with the number in it large.
func (p PublicPage) Counted(name string, n int) template.HTML {
	said, _ := counted(p.Say(name, "n", n), n)
	return said
}

// Wait says how long it will take; empty where it isn't known.
func (p PublicPage) Wait(w *view.Wait) string {
	if w == nil {
		return ""
	}
	return words.Wait(p.Language, w.Low, w.High)
}

// Unattended is whether nobody can say how long it will take, for at least one channel: no counter
// is open.
func (p PublicPage) Unattended() bool { return unattended(p.Public) }

func unattended(v *view.PublicPage) bool {
	unknown := func(c view.Channel) bool { return c.Open && c.Wait == nil }
	return v.Open && !v.Attended && slices.ContainsFunc(v.Channels, unknown)
}

// Kept is in how many of a hundred cases people waited as they were told, lately; 0: not known.
func (p PublicPage) Kept() int {
	if p.Crowding == nil || p.Crowding.Kept == nil {
		return 0
	}
	k := p.Crowding.Kept
	return (100*k.AsTold + k.Told/2) / k.Told
}

// Called is whether anybody has been called today.
func (p PublicPage) Called() bool {
	return slices.ContainsFunc(p.Public.Channels, func(c view.Channel) bool { return c.LastCalled != nil })
}

// Desks is how many counters are open.
func (p PublicPage) Desks() (n int) {
	for _, c := range p.Public.Counters {
		if c.Status == queue.DeskOpen {
			n++
		}
	}
	return n
}

// Level is how busy it is, by its name; empty: not known.
func (p PublicPage) Level() string {
	if p.Public.Level == nil {
		return ""
	}
	return string(*p.Public.Level)
}

// ShutToday is whether the office doesn't open at all on this day.
func (p PublicPage) ShutToday() bool {
	return len(p.Guide.Days) > 0 && len(p.Guide.Days[0].Hours) == 0
}

// BadgeText says in few words how it is: how many wait, or that the office is closed.
func (p PublicPage) BadgeText() string {
	if !p.Public.Open {
		if p.Public.OpensAt == nil {
			return p.Shut()
		}
		return p.Say("badge_closed", "state", p.Shut(), "when", p.Coming(*p.Public.OpensAt))
	}
	people := 0
	for i := range p.Public.Channels {
		people += p.Public.Channels[i].Waiting
	}
	return p.Say("people", "n", people)
}

// Shut says in a word that no tickets are given.
func (p PublicPage) Shut() string {
	if p.Public.Situation == view.IsFull {
		return p.Say("full")
	}
	return p.Say("closed")
}

// Wide is how wide a text is in the badge, in pixels: fonts differ, so the text is fitted to it.
func (p PublicPage) Wide(text string) int { return 7 * utf8.RuneCountInString(text) }

// Add adds numbers.
func (p PublicPage) Add(numbers ...int) (sum int) {
	for _, n := range numbers {
		sum += n
	}
	return sum
}

// Trial is whether nothing stands in the office's journal but how it was set up.
func (p PublicPage) Trial() bool { return !p.Public.Open && p.Public.Seq <= 2 }

// A Card is what one part of the page shows, with the page.
type Card struct {
	Page    PublicPage
	Channel view.Channel
	Call    view.Call
	Notice  view.Notice
}

// Cards are the channels.
func (p PublicPage) Cards() (list []Card) {
	for _, c := range p.Public.Channels {
		list = append(list, Card{Page: p, Channel: c})
	}
	return list
}

// Calls are where people are expected.
func (p PublicPage) Calls() (list []Card) {
	for _, c := range p.Public.Calls {
		list = append(list, Card{Page: p, Call: c})
	}
	return list
}

// Notices are the messages of public interest.
func (p PublicPage) Notices() (list []Card) {
	for _, n := range p.Public.Notices {
		list = append(list, Card{Page: p, Notice: n})
	}
	return list
}

// Blank is a card of nothing yet, which the page's script fills in.
func (p PublicPage) Blank() Card { return Card{Page: p} }

// Day says a day: "lunedì 2 marzo".
func (p PublicPage) Day(d calendar.Date) string { return words.Day(p.Language, d.In(time.UTC, 0)) }

// Date says a day without its weekday: "2 marzo".
func (p PublicPage) Date(d calendar.Date) string { return words.Date(p.Language, d.In(time.UTC, 0)) }

// Feast is the name of a public holiday, or says that it is the town's own.
func (p PublicPage) Feast(d calendar.Date) template.HTML {
	if name := calendar.Holiday(d); name != "" {
		return p.Text(queue.Text{"it": name})
	}
	return p.Text(queue.Text{p.Language: p.Say("patron")})
}

// Hours says stretches of opening: "08:00–12:30, 15:00–18:00"; that it is closed where there are
// none.
func (p PublicPage) Hours(list []calendar.Interval) string {
	if len(list) == 0 {
		return p.Say("shut")
	}
	said := make([]string, len(list))
	for i, iv := range list {
		said[i] = p.Say("between", "from", clock(iv.From), "to", clock(iv.To))
	}
	return strings.Join(said, ", ")
}

func clock(c calendar.Clock) string {
	text, _ := c.MarshalText() // never fails
	return string(text)
}

// HasContact is whether the office says how to reach it.
func (p PublicPage) HasContact() bool { return p.Guide.Contact != queue.Contact{} }

// Dial is a telephone number as a link has it.
func (p PublicPage) Dial(phone string) string {
	return strings.NewReplacer(" ", "", ".", "", "/", "", "-", "").Replace(phone)
}

// Span says the days of a change of hours: one, or the first and the last.
func (p PublicPage) Span(c view.Change) string {
	if c.From == c.To {
		return p.Day(c.From)
	}
	return p.Say("from_to", "from", p.Day(c.From), "to", p.Day(c.To))
}

// Season says in which period a channel exists.
func (p PublicPage) Season(s *view.Season) string {
	if s.Now {
		return p.Say("season_until", "to", p.Date(s.To))
	}
	return p.Say("season", "from", p.Date(s.From), "to", p.Date(s.To))
}

package displays

import (
	"cmp"
	"fmt"
	"html/template"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/view"
	"github.com/eliminacode/eliminacode/pkg/words"
)

// TicketPage is what [Ticket] takes.
type TicketPage struct {
	Visit *view.TicketPage
	// Language is one of words.Spoken.
	Language string
	// Query is what the page's own addresses end in, "?lang=ar"; empty: nothing was chosen.
	Query template.URL
	// Path is what stands before the paths of the office's pages, "/offices/cascine"; empty for the
	// default office.
	Path string
	// Refused is what the page says of what its holder wanted and couldn't have: "not_cancelled" or
	// "not_postponed" of the group "ticket" of package words; empty: nothing was refused.
	Refused string
}

// Ticket parses the page of one's own ticket, a template of [TicketPage].
func Ticket() (*template.Template, error) { return parse("public/parts.html", "ticket/index.html") }

// Dir is the direction of the page's language.
func (p TicketPage) Dir() string { return dirOf(p.Language) }

// dirOf is the direction in which a language is written.
func dirOf(lang string) string {
	if words.RightToLeft(lang) {
		return "rtl"
	}
	return "ltr"
}

// Beside is the language that stands beside the page's: Italian, and beside that English.
func (p TicketPage) Beside() string {
	if p.Language == "it" {
		return "en"
	}
	return "it"
}

// A Choice is a language that the reader may choose.
type Choice struct {
	Language, Name, Dir string
}

// LanguagesOf are the languages that a ticket's page offers: the office's, and the ticket's own.
func LanguagesOf(visit *view.TicketPage) []string {
	languages := slices.Clone(visit.Public.Office.Languages)
	if visit.Ticket != nil {
		languages = append(languages, visit.Ticket.Language)
	}
	return words.Offered(languages)
}

// Choices are the languages that the reader may choose.
func (p TicketPage) Choices() (list []Choice) {
	if p.Visit.Public == nil {
		return nil
	}
	for _, lang := range LanguagesOf(p.Visit) {
		list = append(list, Choice{lang, words.Said(lang, "ticket", "name", nil), dirOf(lang)})
	}
	return list
}

// State names how it stands with the ticket, in the groups "visit" and "advice" of package words:
// its state, or "near".
func (p TicketPage) State() string {
	if p.Visit.Near {
		return "near"
	}
	return string(p.Visit.Ticket.State)
}

// Sooner says who was called before the ticket although they came after it, and why.
func (p TicketPage) Sooner() (list []queue.Text) {
	for _, u := range p.Visit.Sooner {
		list = append(list, p.Say("sooner", string(u.Why), "number", u.Number, "time", cmp.Or(u.Slot, &p.Visit.At)))
	}
	return list
}

// Manifest is what a browser must know to install a ticket's page as an app (W3C, Web Application
// Manifest).
type Manifest struct {
	ID         string `json:"id"`
	Name       string `json:"name"`
	ShortName  string `json:"short_name"`
	Lang       string `json:"lang"`
	Dir        string `json:"dir"`
	StartURL   string `json:"start_url"`
	Scope      string `json:"scope"`
	Display    string `json:"display"`
	Background string `json:"background_color"`
	Theme      string `json:"theme_color"`
	Icons      []Icon `json:"icons"`
}

// Icon is a picture of an installed page.
type Icon struct {
	Source  string `json:"src"`
	Sizes   string `json:"sizes"`
	Type    string `json:"type"`
	Purpose string `json:"purpose"`
}

// Manifest is that of the page, of a ticket that is known.
func (p TicketPage) Manifest() Manifest {
	number, path := p.Visit.Ticket.Number, p.Path+"/t/"+string(p.Visit.Ticket.ID)
	icon := func(size string) Icon {
		return Icon{"/assets/displays/lib/icon-" + size + ".png", size + "x" + size, "image/png", "any maskable"}
	}
	return Manifest{
		ID: path, Name: number + " · " + p.Visit.Public.Office.Names.In(p.Language), ShortName: number,
		Lang: p.Language, Dir: p.Dir(), StartURL: path + string(p.Query), Scope: path, Display: "standalone",
		Background: "#ffffff", Theme: "#0066cc", Icons: []Icon{icon("192"), icon("512")},
	}
}

// Words are what the page's script says, in the page's language and the one beside it.
func (p TicketPage) Words() any {
	return words.Tables([]string{p.Language, p.Beside()}, "ticket", "visit", "advice", "sooner", "paper", "wait")
}

// Say is something that the page says: a group and a name of package words, and pairs of a name
// and a value. Moments are said as times of the office's day.
func (p TicketPage) Say(group, name string, pairs ...any) queue.Text {
	return words.Say(group, name, argsOf(p.Visit.At.Location(), pairs))
}

// In is a text in the page's language alone, for its title.
func (p TicketPage) In(t queue.Text) string { return words.Within(p.Language, t) }

// Two is a text with the one beside it, as two in ticket/ticket.js writes it.
func (p TicketPage) Two(t queue.Text) template.HTML { return p.two(t, marked(p.In(t))) }

// Turn says when a waiting ticket will be called: after how many others, or about the time of its
// appointment, however few are before it. Empty for one that doesn't wait.
func (p TicketPage) Turn() template.HTML {
	t := p.Visit.Ticket
	text := queue.Text{}
	switch early := t.Slot != nil && p.Visit.At.Before(*t.Slot); {
	case t.State != queue.Waiting:
	case early && p.Visit.Late:
		text = p.Say("ticket", "late", "time", t.Slot)
	case early:
		text = p.Say("ticket", "at_slot", "time", t.Slot)
	case t.Ahead > 0:
		text = p.Say("paper", "ahead", "n", t.Ahead)
		if said, found := counted(p.In(text), t.Ahead); found {
			return p.two(text, said)
		}
	default:
		text = p.Say("ticket", "next")
	}
	if len(text) == 0 {
		return ""
	}
	return p.two(text, `<strong class="soon">`+marked(p.In(text))+`</strong>`)
}

func (p TicketPage) two(t queue.Text, first template.HTML) template.HTML {
	if first == "" {
		return ""
	}
	all := `<span>` + first + `</span>`
	if second := t[p.Beside()]; second != "" && second != t.In(p.Language) {
		all += ` <span class="en" lang="` + template.HTML(p.Beside()) + `" dir="ltr">` + marked(second) + `</span>`
	}
	return all
}

// marked marks what is set apart in a sentence as Italian.
func marked(said string) template.HTML {
	return template.HTML(strings.NewReplacer(words.Apart, `<bdi lang="it">`, words.ApartEnd, `</bdi>`).Replace(template.HTMLEscapeString(said)))
}

// counted marks what is said of a number, with the number in it, where it is found, large.
func counted(said string, n int) (_ template.HTML, found bool) {
	before, after, found := strings.Cut(said, strconv.Itoa(n))
	if !found {
		return marked(said), false
	}
	return marked(before) + `<strong>` + template.HTML(strconv.Itoa(n)) + `</strong>` + marked(after), true
}

// argsOf are pairs of a name and a value. Moments become times of the day in a zone.
func argsOf(loc *time.Location, pairs []any) queue.Args {
	args := queue.Args{}
	for i := 0; i+1 < len(pairs); i += 2 {
		value := pairs[i+1]
		switch v := value.(type) {
		case time.Time:
			value = v.In(loc).Format("15:04")
		case *time.Time:
			value = v.In(loc).Format("15:04")
		}
		args[fmt.Sprint(pairs[i])] = value
	}
	return args
}

// News is what whoever waits must know of the opening; empty on a usual day.
func (p TicketPage) News() queue.Text {
	if p.Visit.Public == nil {
		return nil
	}
	text := queue.Text{}
	opening := p.Visit.Public.Opening
	for _, lang := range []string{p.Language, p.Beside()} {
		if opening.Situation == view.IsAttended && p.Visit.Attended {
			text[lang] = joined(told(lang, opening, p.Visit.At), words.Said(lang, "ticket", "anyway", nil))
		} else {
			text[lang] = openingWords(lang, opening, p.Visit.At)
		}
	}
	return text
}

// Advice says what to do now.
func (p TicketPage) Advice() queue.Text {
	t := p.Visit.Ticket
	switch {
	case t.State == queue.Expired && p.Visit.Public != nil && p.Visit.Public.Ended:
		return p.News()
	case t.State == queue.Absent && t.Until != nil:
		return p.Say("ticket", "absent_until", "time", t.Until)
	}
	return p.Say("advice", p.State())
}

// Wait says how long it will take, or that no counter is open; empty where nothing is known.
func (p TicketPage) Wait() queue.Text {
	t, public := p.Visit.Ticket, p.Visit.Public
	w := t.Wait
	switch {
	case w == nil && t.State == queue.Waiting && !p.Visit.Late && public != nil && public.Open && !public.Attended:
		return words.Unattended()
	case w == nil:
		return nil
	}
	said := queue.Text{}
	for _, lang := range []string{p.Language, p.Beside()} {
		said[lang] = words.Wait(lang, w.Low, w.High)
	}
	return p.Say("paper", "wait", "wait", said)
}

// Postpone says what it means to let others go first.
func (p TicketPage) Postpone() queue.Text {
	about := queue.Text{}
	for _, lang := range []string{p.Language, p.Beside()} {
		about[lang] = words.About(lang, p.Visit.PostponeBy)
	}
	return p.Say("ticket", "postpone_means", "minutes", about)
}

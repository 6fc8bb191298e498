package words

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	cldr "golang.org/x/text/feature/plural"
	"golang.org/x/text/language"

	"github.com/eliminacode/eliminacode/pkg/queue"
)

// groups are the catalogue's groups with the type whose constants name their phrases, and who
// declares some; and with further names.
var groups = map[string]struct {
	of    string
	dir   []string
	names []string
}{
	"states":      {"TicketState", []string{"../queue"}, nil},
	"visit":       {"TicketState", []string{"../queue"}, []string{"near"}},
	"advice":      {"TicketState", []string{"../queue"}, []string{"near"}},
	"sooner":      {"WhySooner", []string{"../view"}, nil},
	"why":         {"Why", []string{"../queue"}, nil},
	"printed":     {"Printing", []string{"../queue"}, nil},
	"printer":     {"", nil, []string{"cover_open", "cutter_error", "error", "none", "offline", "paper_low", "paper_out", "ready"}},
	"unprinted":   {"Reason", []string{"../../totem/escpos"}, []string{"agent_lost", "agent_restarted", "disk", "not_drawn"}}, // these the agent's
	"next":        {"face", []string{"../httpd"}, nil},
	"opening":     {"Situation", []string{"../view"}, nil},
	"fate":        {"Situation", []string{"../view"}, nil},
	"moments":     {"moment", []string{"."}, nil},
	"switchboard": {"said", []string{"../../displays"}, nil},
	"weekdays":    {"", nil, []string{"friday", "monday", "saturday", "sunday", "thursday", "tuesday", "wednesday"}},
	"months":      {"", nil, []string{"april", "august", "december", "february", "january", "july", "june", "march", "may", "november", "october", "september"}},
	"ticket": {"", nil, []string{
		"absent_until", "anyway", "at_slot", "cancel", "cancel_means", "cancel_yes", "code_gone", "code_gone_means", "crowding", "issued", "label", "languages", "late",
		"name", "next", "not_cancelled", "not_given", "not_given_means", "not_now", "not_postponed", "notified", "postpone", "postpone_means", "postpone_yes", "privacy", "sooner", "sound", "sound_on", "take", "take_means", "unknown", "unknown_means",
	}},
	"page": {"", nil, []string{
		"accessibility", "opendata", "address", "back", "badge_closed", "feed", "more", "best", "best_hours", "best_wait", "between", "bring", "busy", "calls", "calm", "changes", "closed", "closes",
		"contact", "day", "day_closed", "day_empty", "day_most_people", "day_most_wait", "day_none", "day_now", "day_people", "day_usual", "day_waits", "description",
		"desks", "email", "ending", "kept", "fri", "full", "from_to", "heat_0", "heat_1", "heat_2", "heat_3", "heat_4", "heat_now", "holiday", "hours", "how", "how_go",
		"how_queues", "how_scan", "how_take", "last", "level", "live", "mon", "no_calls", "no_calls_now", "no_data", "notices", "now", "open", "opens",
		"patron", "people", "phone", "privacy", "sat", "season", "season_until", "services", "shut", "site", "skip", "sun", "table", "table_called", "table_day",
		"table_half", "table_nine", "table_people", "table_time", "table_wait", "table_week", "thu", "title", "today", "trial", "tue", "updated", "usual", "very_busy",
		"wait", "wed", "week", "week_means", "when", "when_none",
	}},
	"opendata":      {"", nil, []string{"few", "few_means", "file", "intro", "licence", "line", "record", "rows", "rows_means", "use", "use_means"}},
	"privacy":       {"", nil, []string{"intro", "kept", "kept_always", "kept_means", "own", "own_means", "pages", "pages_means", "rights", "rights_means", "staff", "staff_means", "ticket", "ticket_means"}},
	"accessibility": {"", nil, []string{"checked", "checked_means", "intro", "lacking", "lacking_means", "made", "made_means", "report", "report_means"}},
	"wait":          {"wait", []string{"."}, nil},
	"refused":       {"", nil, []string{"called", "closed", "full", "many"}},
	"connection":    {"", nil, []string{"connecting", "last", "lost", "stale"}},
	"paper":         {"phrase", []string{".", "../../totem/paper"}, nil},
	"reasons":       {"Reason", []string{"../queue", "../engine", "../audience", "../httpd", "../auth", "../../totem/agent", "../../totem/preview"}, nil},
}

// TestCatalogue wants a phrase in every language for each name that the program has, and none for
// others; the same placeholders in all languages; and every name used.
func TestCatalogue(t *testing.T) {
	t.Parallel()
	for group, from := range groups {
		names := slices.Sorted(slices.Values(append(constants(t, from.of, from.dir...), from.names...)))
		if len(names) < 4 {
			t.Errorf("%s: only %d names found: %v", group, len(names), names)
		}
		for _, lang := range LanguagesOf(group) {
			phrases := spoken(lang, group)
			if diff := cmp.Diff(names, slices.Sorted(maps.Keys(phrases))); diff != "" {
				t.Errorf("%s.json, %s (-names +phrases):\n%s", lang, group, diff)
			}
			for name, p := range phrases {
				if p.Other == "" && (group != "advice" || name != "serving") && group != "fate" {
					t.Errorf("%s.json: %s.%s is empty", lang, group, name)
				}
				first := catalogues[Languages[0]][group][name]
				if diff := cmp.Diff(placeholders(first.Other), placeholders(p.Other)); diff != "" {
					t.Errorf("%s.%s has other placeholders in %s: %s", group, name, lang, diff)
				}
				checkForms(t, lang, group+"."+name, p)
			}
		}
	}
	for _, lang := range Spoken {
		for group := range readOne(lang) {
			if _, known := groups[group]; !known || !slices.Contains(LanguagesOf(group), lang) {
				t.Errorf("%s.json has %s, which nobody says", lang, group)
			}
		}
	}
}

// checkForms wants a phrase with forms to have those of its language, each with no other arguments
// than the phrase, and to have them wherever people are counted.
func checkForms(t *testing.T, lang, name string, p Phrase) {
	t.Helper()
	if p.forms == nil {
		if name == "paper.ahead" && lang != "zh" {
			t.Errorf("%s.json: %s counts without forms", lang, name)
		}
		return
	}
	if !slices.Contains(placeholders(p.Other), "{n}") {
		t.Errorf("%s.json: %s has forms without {n}", lang, name)
	}
	want := map[string]bool{pluralOther: true}
	for n := range 200 {
		want[plural(lang, n)] = true
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(p.forms))); diff != "" {
		t.Errorf("%s.json: %s (-forms of the language +its):\n%s", lang, name, diff)
	}
	for form, text := range p.forms {
		for _, placeholder := range placeholders(text) {
			if text == "" || !slices.Contains(placeholders(p.Other), placeholder) {
				t.Errorf("%s.json: %s, %s: %q", lang, name, form, text)
			}
		}
	}
}

// TestPlural holds the rules of plurals to Unicode's.
func TestPlural(t *testing.T) {
	t.Parallel()
	names := map[cldr.Form]string{
		cldr.Zero: pluralZero, cldr.One: pluralOne, cldr.Two: pluralTwo, cldr.Few: pluralFew, cldr.Many: pluralMany, cldr.Other: pluralOther,
	}
	for _, lang := range Spoken {
		for n := range 2000 {
			if got, want := plural(lang, n), names[cldr.Cardinal.MatchPlural(language.MustParse(lang), n, 0, 0, 0, 0)]; got != want {
				t.Errorf("%s: %d is %q, want %q", lang, n, got, want)
			}
		}
	}
}

func TestPaper(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		lang, name string
		args       queue.Args
		want       string
	}{
		{"it", "ahead", queue.Args{"n": 1}, "1 persona prima di te"},
		{"it", "ahead", queue.Args{"n": 12}, "12 persone prima di te"},
		{"fr", "ahead", queue.Args{"n": 1}, "1 personne avant vous"},
		{"ro", "ahead", queue.Args{"n": 3}, "3 persoane înaintea dumneavoastră"},
		{"ro", "ahead", queue.Args{"n": 20}, "20 de persoane înaintea dumneavoastră"},
		{"uk", "ahead", queue.Args{"n": 2}, "Перед вами 2 людини"},
		{"uk", "ahead", queue.Args{"n": 11}, "Перед вами 11 людей"},
		{"uk", "ahead", queue.Args{"n": 21}, "Перед вами 21 людина"},
		{"ar", "ahead", queue.Args{"n": 2}, "شخصان قبلك"},
		{"ar", "ahead", queue.Args{"n": 7}, "7 أشخاص قبلك"},
		{"ar", "ahead", queue.Args{"n": 100}, "100 شخص قبلك"},
		{"zh", "ahead", queue.Args{"n": 1}, "您前面还有 1 人"},
		{"de", "offline", nil, "Senza rete"},
		{"de", "wait", queue.Args{"wait": Wait("de", 600, 900)}, "Attesa prevista: 10–\u206015 minuti"},
		{"ar", "wait", queue.Args{"wait": Wait("ar", 600, 900)}, "وقت الانتظار: من 10 إلى 15 دقيقة"},
	} {
		if got := Paper(tt.lang, tt.name, tt.args); got != tt.want {
			t.Errorf("%s, %s: %q, want %q", tt.lang, tt.name, got, tt.want)
		}
	}
}

func TestDated(t *testing.T) {
	t.Parallel()
	monday := time.Date(2026, time.March, 2, 9, 41, 0, 0, time.UTC)
	for lang, want := range map[string]string{
		"it": "lunedì 2 marzo 2026, ore 09:41",
		"en": "Monday 2 March 2026, 09:41",
		"fr": "lundi 2 mars 2026, 09:41",
		"es": "lunes 2 de marzo de 2026, 09:41",
		"ro": "luni, 2 martie 2026, ora 09:41",
		"sq": "e hënë, 2 mars 2026, ora 09:41",
		"uk": "понеділок, 2 березня 2026 р., 09:41",
		"ar": "الاثنين 2 مارس 2026، الساعة 09:41",
		"zh": "2026年3月2日 星期一 09:41",
		"de": "lunedì 2 marzo 2026, ore 09:41",
	} {
		if got := Dated(lang, monday); got != want {
			t.Errorf("%s: %q, want %q", lang, got, want)
		}
	}
	if got, want := Dated("fr", monday.AddDate(0, 0, -1)), "dimanche 1er mars 2026, 09:41"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestReason(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, time.March, 2, 8, 30, 0, 0, time.UTC)
	for _, tt := range []struct {
		why    queue.Reason
		args   queue.Args
		it, en string
	}{
		{queue.ReasonOfficeClosed, nil, "La sede è chiusa.", "The office is closed."},
		{queue.ReasonDailyLimit, queue.Args{"n": 1}, "Il biglietto di oggi è finito: tornare un altro giorno.", "Today's only ticket has been given: please come another day."},
		{queue.ReasonDailyLimit, queue.Args{"n": 30}, "I 30 biglietti di oggi sono finiti: tornare un altro giorno.", "All 30 tickets of today have been given: please come another day."},
		{queue.ReasonOfficeOpensOn, queue.Args{"opens": at}, "La sede è chiusa: riapre il 02/03/2026 alle 08:30.", "The office is closed: opens again on 2 March 2026 at 08:30."},
		{queue.ReasonTicketAlready, queue.Args{"state": queue.Serving}, "Il biglietto è già allo sportello.", "The ticket is already at the counter."},
		{
			queue.ReasonConfigFaulty,
			queue.Args{"fault": queue.Fault{Path: "name.it", Reason: queue.ReasonItalianMissing}},
			"La configurazione ha errori: name.it: Manca il testo italiano.", "The configuration has faults: name.it: The Italian text is missing.",
		},
		{queue.ReasonNotInRange, queue.Args{"min": 0.5, "max": 30}, "Deve essere da 0,5 a 30.", "Must be from 0.5 to 30."},
		{queue.ReasonUnknownCounter, queue.Args{"counter": queue.CounterID("{counter}")}, "Lo sportello «{counter}» non esiste.", "There is no counter “{counter}”."},
	} {
		if diff := cmp.Diff(queue.Text{"it": tt.it, "en": tt.en}, Reason(tt.why, tt.args)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.why, diff)
		}
	}
}

// TestComing says a time to come as displays/test/text.test.js has it.
func TestComing(t *testing.T) {
	t.Parallel()
	rome, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	monday := time.Date(2026, time.March, 2, 9, 41, 0, 0, rome)
	for _, tt := range []struct {
		now, at time.Time
		it, en  string
	}{
		{monday, time.Date(2026, time.March, 2, 14, 30, 0, 0, rome), "alle 14:30", "at 14:30"},
		{monday, time.Date(2026, time.March, 3, 8, 0, 0, 0, rome), "domani alle 08:00", "tomorrow at 08:00"},
		{monday.UTC(), time.Date(2026, time.March, 7, 8, 30, 0, 0, rome), "sabato alle 08:30", "on Saturday at 08:30"},
		{monday, time.Date(2026, time.March, 9, 8, 0, 0, 0, rome), "il 9 marzo alle 08:00", "on 9 March at 08:00"},
		{monday, time.Date(2026, time.April, 1, 8, 0, 0, 0, rome), "il 1º aprile alle 08:00", "on 1 April at 08:00"},
		// The night in which the clocks go forward is short, but it is one night.
		{time.Date(2026, time.March, 28, 12, 0, 0, 0, rome), time.Date(2026, time.March, 30, 8, 0, 0, 0, rome), "lunedì alle 08:00", "on Monday at 08:00"},
	} {
		got := Coming(tt.at, tt.now)
		if diff := cmp.Diff(queue.Text{"it": tt.it, "en": tt.en}, queue.Text{"it": got["it"], "en": got["en"]}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.at, diff)
		}
	}
}

func placeholders(phrase string) []string {
	found := placeholder.FindAllString(phrase, -1)
	slices.Sort(found)
	return slices.Compact(found)
}

// constants returns the values of the constants of a type, of those files that aren't tests,
// sorted. Each must be used where it is declared or in another of the packages, and each refusal
// give one of them.
func constants(t *testing.T, of string, dirs ...string) (values []string) {
	t.Helper()
	uses, declared := map[string]int{}, map[string]bool{}
	for _, dir := range dirs {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			source, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			file, err := parser.ParseFile(token.NewFileSet(), name, source, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(file, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.Ident:
					uses[n.Name]++
				case *ast.CallExpr:
					if f := typeName(n.Fun); f == "Refuse" || f == "refuse" || f == "invalid" || f == "add" {
						if literal, ok := n.Args[0].(*ast.BasicLit); ok && f != "invalid" && f != "add" {
							t.Errorf("%s has a code without a name: %s", name, literal.Value)
						}
						if literal, ok := n.Args[min(1, len(n.Args)-1)].(*ast.BasicLit); ok && literal.Kind == token.STRING {
							t.Errorf("%s has a reason without a name: %s", name, literal.Value)
						}
					}
				case *ast.ValueSpec:
					if typeName(n.Type) == of && len(n.Values) == 1 {
						literal, ok := n.Values[0].(*ast.BasicLit)
						if !ok {
							return true
						}
						value, err := strconv.Unquote(literal.Value)
						if err != nil {
							t.Fatal(err)
						}
						values = append(values, value)
						declared[n.Names[0].Name] = true
					}
				}
				return true
			})
		}
	}
	for name := range declared {
		if uses[name] < 2 {
			t.Errorf("%s is declared, and never used", name)
		}
	}
	slices.Sort(values)
	return slices.Compact(values)
}

func typeName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

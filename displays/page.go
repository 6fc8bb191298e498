package displays

import (
	"encoding/json"
	"fmt"
	"html/template"
	"time"

	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/view"
	"github.com/eliminacode/eliminacode/pkg/words"
)

// PublicPage is what [Public] takes.
type PublicPage struct {
	Public *view.PublicPage
}

// Public parses the public page, a template of [PublicPage].
func Public() (*template.Template, error) { return parse("public/index.html") }

func parse(path string) (*template.Template, error) {
	source, err := FS.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("displays: %w", err)
	}
	t, err := template.New(path).Funcs(Funcs()).Parse(string(source))
	if err != nil {
		return nil, fmt.Errorf("displays: %w", err)
	}
	return t, nil
}

// Funcs are the functions that the templates call. Times are shown in the zone that they carry;
// local gives one the zone of another.
func Funcs() template.FuncMap {
	return template.FuncMap{
		"time":    func(t time.Time) string { return t.Format("15:04") },
		"local":   func(t, like time.Time) time.Time { return t.In(like.Location()) },
		"coming":  func(lang string, t, now time.Time) string { return words.Coming(t.In(now.Location()), now)[lang] },
		"visit":   words.Visit,
		"text":    func(t queue.Text) string { return t.In("it") },
		"en":      english,
		"minutes": minutes,
		"opening": openingWords,
		"news":    openingNews,
		"json":    jsonOf,
	}
}

// english is the English text where it says more than the Italian beside it.
func english(t queue.Text) string {
	if t["en"] == t.In("it") {
		return ""
	}
	return t["en"]
}

// minutes rounds seconds to whole minutes, and by fives from ten up, as lib/text.js does.
func minutes(seconds int) int {
	whole := max(1, (seconds+30)/60)
	if whole > 10 {
		whole = (whole + 2) / 5 * 5
	}
	return whole
}

func jsonOf(v any) (string, error) {
	b, err := json.Marshal(v)
	return string(b), err
}

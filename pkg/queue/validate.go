package queue

import (
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/eliminacode/eliminacode/pkg/calendar"
)

// Fault is one thing wrong in a configuration.
type Fault struct {
	Path string `json:"path"` // "channels[2].letter"
	Text Text   `json:"message"`
}

// String gives the fault in a language, with its path.
func (f Fault) String(lang string) string { return f.Path + ": " + f.Text.In(lang) }

var (
	idForm    = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,31}$`)
	colorForm = regexp.MustCompile(`^#[0-9a-f]{6}$`)
)

// faults collects what is wrong, each with its path.
type faults []Fault

func (f *faults) add(path, it, en string, args ...any) {
	*f = append(*f, Fault{Path: path, Text: Text{"it": fmt.Sprintf(it, args...), "en": fmt.Sprintf(en, args...)}})
}

// Validate returns every fault of the configuration, in the order of the document; none if it may be used.
func (c *Config) Validate() []Fault {
	var f faults
	f.name("name", c.Name, true)
	if _, err := time.LoadLocation(c.TimeZone); err != nil || c.TimeZone == "" || c.TimeZone == "Local" {
		f.add("time_zone", "Il fuso orario %q non esiste: per l'Italia è Europe/Rome.", "There is no time zone %q: Italy's is Europe/Rome.", c.TimeZone)
	}
	if len(c.Languages) == 0 {
		f.add("languages", "Indicare almeno una lingua, per esempio \"it\".", "Name at least one language, such as \"it\".")
	}
	f.week("hours", &c.Hours)
	if c.PatronSaint != "" && !(len(c.PatronSaint) == 5 && calendar.Date("2024-"+c.PatronSaint).Valid()) {
		f.add("patron_saint", "Scrivere mese e giorno, per esempio 11-30.", "Write month and day, such as 11-30.")
	}
	c.validateExceptions(&f)
	c.validatePolicy(&f)
	c.validateChannels(&f)
	c.validateCounters(&f)
	c.validateRest(&f)
	return f
}

func (f *faults) name(path string, t Text, need bool) {
	if need && strings.TrimSpace(t["it"]) == "" {
		f.add(path+".it", "Manca il testo italiano.", "The Italian text is missing.")
	}
	for _, lang := range slices.Sorted(maps.Keys(t)) {
		if len(lang) < 2 || len(lang) > 8 {
			f.add(path, "%q non è il codice di una lingua.", "%q is not the code of a language.", lang)
		}
		if utf8.RuneCountInString(t[lang]) > 300 {
			f.add(path+"."+lang, "Testo troppo lungo: al massimo 300 caratteri.", "Text too long: at most 300 characters.")
		}
	}
}

func (f *faults) id(path, id string, seen map[string]bool) {
	switch {
	case !idForm.MatchString(id):
		f.add(path, "%q non va bene: usare lettere minuscole, cifre e trattini, al massimo 32.", "%q won't do: use lower-case letters, digits and hyphens, at most 32.", id)
	case seen[id]:
		f.add(path, "%q c'è già.", "%q is there already.", id)
	}
	seen[id] = true
}

func (f *faults) seconds(path string, s Seconds) {
	if !(s >= 0 && s <= 7*24*3600) {
		f.add(path, "Deve essere da 0 a 604800 secondi.", "Must be from 0 to 604800 seconds.")
	}
}

func (f *faults) intervals(path string, list []calendar.Interval) {
	var last calendar.Clock
	for i, iv := range list {
		switch {
		case iv.From < 0 || iv.To > 24*60 || iv.To <= iv.From:
			f.add(fmt.Sprintf("%s[%d]", path, i), "La fine deve venire dopo l'inizio.", "The end must come after the beginning.")
		case iv.From < last:
			f.add(fmt.Sprintf("%s[%d]", path, i), "Si sovrappone all'intervallo precedente.", "Overlaps the interval before it.")
		}
		last = iv.To
	}
}

func (f *faults) week(path string, w *calendar.Week) {
	for i, day := range []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"} {
		f.intervals(path+"."+day, w.On(time.Weekday(i)))
	}
}

func (f *faults) patience(path string, p map[Class]Seconds) {
	for _, class := range slices.Sorted(maps.Keys(p)) {
		if class.index() < 0 {
			f.add(path, "La classe %q non esiste.", "There is no class %q.", class)
		}
		f.seconds(path+"."+string(class), p[class])
	}
}

func (f *faults) channel(path string, c *Config, id ChannelID) {
	if c.Channel(id) == nil {
		f.add(path, "Il canale %q non esiste.", "There is no channel %q.", id)
	}
}

func (c *Config) validateExceptions(f *faults) {
	for i := range c.Exceptions {
		x, path := &c.Exceptions[i], fmt.Sprintf("exceptions[%d]", i)
		if !x.From.Valid() || !x.To.Valid() || x.To < x.From {
			f.add(path, "Scrivere due date come 2026-08-14, la prima non dopo la seconda.", "Write two dates such as 2026-08-14, the first not after the second.")
		}
		f.intervals(path+".hours", x.Hours)
		for j, id := range x.Only {
			f.channel(fmt.Sprintf("%s.channels[%d]", path, j), c, id)
		}
		f.name(path+".reason", x.Reason, false)
	}
}

func (c *Config) validatePolicy(f *faults) {
	p := &c.Policy
	f.patience("policy.patience_s", p.Patience)
	for _, s := range []struct {
		name  string
		value Seconds
	}{
		{"help_after_s", p.HelpAfter},
		{"absent_grace_s", p.AbsentGrace},
		{"absent_delay_s", p.AbsentDelay},
		{"recall_every_s", p.RecallEvery},
		{"requeue_avoid_s", p.RequeueAvoid},
		{"undo_for_s", p.UndoFor},
		{"hoard_window_s", p.HoardWindow},
	} {
		f.seconds("policy."+s.name, s.value)
	}
	if p.RecallMax < 0 || p.RecallMax > 100 {
		f.add("policy.recall_max", "Deve essere da 0 a 100.", "Must be from 0 to 100.")
	}
	if p.HoardMax < 0 || p.HoardMax > 1000 {
		f.add("policy.hoard_max", "Deve essere da 0 a 1000.", "Must be from 0 to 1000.")
	}
}

func (c *Config) validateChannels(f *faults) {
	if len(c.Channels) == 0 || len(c.Channels) > 26 {
		f.add("channels", "Servono da 1 a 26 canali.", "There must be 1 to 26 channels.")
	}
	ids, letters := map[string]bool{}, map[string]bool{}
	for i := range c.Channels {
		ch, path := &c.Channels[i], fmt.Sprintf("channels[%d]", i)
		f.id(path+".id", string(ch.ID), ids)
		switch {
		case len(ch.Letter) != 1 || ch.Letter < "A" || ch.Letter > "Z":
			f.add(path+".letter", "Serve una lettera maiuscola, da A a Z.", "One capital letter from A to Z is needed.")
		case letters[ch.Letter]:
			f.add(path+".letter", "La lettera %s è già di un altro canale.", "The letter %s is another channel's already.", ch.Letter)
		}
		letters[ch.Letter] = true
		switch {
		case !colorForm.MatchString(ch.Color):
			f.add(path+".color", "Scrivere il colore come #0066cc.", "Write the colour as #0066cc.")
		case contrastWithWhite(ch.Color) < 4.5:
			f.add(path+".color", "Il bianco su %s non si legge (contrasto %.1f, serve 4.5): scegliere un colore più scuro.", "White on %s can't be read (contrast %.1f, 4.5 is needed): choose a darker colour.", ch.Color, contrastWithWhite(ch.Color))
		}
		f.name(path+".name", ch.Name, true)
		f.name(path+".public_name", ch.Public, len(ch.Public) > 0)
		f.name(path+".hint", ch.Hint, false)
		f.name(path+".notice", ch.Notice, false)
		if ch.Season != nil && !ch.Season.Valid() {
			f.add(path+".season", "Scrivere due date (2026-09-01) o due giorni di ogni anno (09-01).", "Write two dates (2026-09-01) or two days of every year (09-01).")
		}
		if ch.Hours != nil {
			f.week(path+".hours", ch.Hours)
		}
		if ch.DailyLimit < 0 || ch.DailyLimit > 100_000 {
			f.add(path+".daily_limit", "Deve essere da 0 (nessun limite) a 100000.", "Must be from 0 (no limit) to 100000.")
		}
		c.validateServed(f, path+".id", ch.ID)
		f.seconds(path+".last_ticket_s", ch.LastTicket)
		f.seconds(path+".service_time_s", ch.ServiceTime)
		f.patience(path+".patience_s", ch.Patience)
	}
}

// validateServed wants a counter for every ticket of a channel: nobody may wait for ever.
func (c *Config) validateServed(f *faults, path string, id ChannelID) {
	var served [len(Classes)]bool
	for i := range c.Counters {
		_, _, serves := c.Counters[i].further(id, &c.Policy)
		for j, class := range Classes {
			served[j] = served[j] || serves && c.Counters[i].calls(class)
		}
	}
	if served == [len(Classes)]bool{} {
		f.add(path, "Nessuno sportello serve il canale %q: aggiungerlo a uno sportello.", "No counter serves the channel %q: add it to one.", id)
		return
	}
	for j, class := range Classes {
		if !served[j] {
			f.add(path, "Nessuno sportello che serve il canale %q chiama la classe %q: toglierle la riserva in uno sportello.",
				"No counter that serves the channel %q calls the class %q: lift a counter's reservation.", id, class)
		}
	}
}

func (c *Config) validateCounters(f *faults) {
	if len(c.Counters) == 0 || len(c.Counters) > 200 {
		f.add("counters", "Servono da 1 a 200 sportelli.", "There must be 1 to 200 counters.")
	}
	ids := map[string]bool{}
	for i := range c.Counters {
		d, path := &c.Counters[i], fmt.Sprintf("counters[%d]", i)
		f.id(path+".id", string(d.ID), ids)
		f.name(path+".name", d.Name, true)
		f.name(path+".place", d.Place, false)
		seen := map[ChannelID]bool{}
		for j, s := range d.Serves {
			at := fmt.Sprintf("%s.serves[%d]", path, j)
			f.channel(at+".channel", c, s.Channel)
			f.seconds(at+".after_s", s.After)
			if seen[s.Channel] {
				f.add(at+".channel", "Il canale %q è elencato due volte.", "The channel %q is listed twice.", s.Channel)
			}
			seen[s.Channel] = true
		}
		if d.Others != OthersHelp && d.Others != OthersIdle && d.Others != OthersNever {
			f.add(path+".others", "Scrivere help, idle o never.", "Write help, idle or never.")
		}
		for j, class := range d.Classes {
			if class.index() < 0 {
				f.add(fmt.Sprintf("%s.classes[%d]", path, j), "La classe %q non esiste.", "There is no class %q.", class)
			}
		}
	}
}

func (c *Config) validateRest(f *faults) {
	ids := map[string]bool{}
	for i := range c.Services {
		s, path := &c.Services[i], fmt.Sprintf("services[%d]", i)
		f.id(path+".id", s.ID, ids)
		f.name(path+".name", s.Name, true)
		if s.Channel != "" {
			f.channel(path+".channel", c, s.Channel)
		}
	}
	ids = map[string]bool{}
	for i := range c.Displays {
		d, path := &c.Displays[i], fmt.Sprintf("displays[%d]", i)
		f.id(path+".id", string(d.ID), ids)
		f.name(path+".name", d.Name, true)
		for j, id := range d.Channels {
			f.channel(fmt.Sprintf("%s.channels[%d]", path, j), c, id)
		}
	}
	ids = map[string]bool{}
	for i := range c.Notices {
		n, path := &c.Notices[i], fmt.Sprintf("notices[%d]", i)
		f.id(path+".id", n.ID, ids)
		f.name(path+".text", n.Text, true)
		if n.From != "" && !n.From.Valid() || n.To != "" && !n.To.Valid() {
			f.add(path, "Scrivere le date come 2026-08-14.", "Write dates such as 2026-08-14.")
		} else if n.From != "" && n.To != "" && n.To < n.From {
			f.add(path, "La fine viene prima dell'inizio.", "The end comes before the beginning.")
		}
	}
	switch o := c.OperatorFigures; {
	case o.Enabled && strings.TrimSpace(o.Basis) == "":
		f.add("operator_figures.basis",
			"Attenzione: le cifre per operatore sono un controllo a distanza dei lavoratori. Servono un accordo sindacale o l'autorizzazione dell'Ispettorato del lavoro (Statuto dei lavoratori, art. 4) e l'informativa al personale. Per cifre come queste il Garante ha sanzionato Roma (500.000 €) e il suo fornitore (40.000 €). Scrivere qui l'accordo o l'autorizzazione, con la data.",
			"Warning: figures by operator watch workers from afar. They need an agreement with the unions or the labour inspectorate's authorisation (Italian Workers' Statute, art. 4), and the staff must be told. For figures like these the data-protection authority fined Rome (500,000 €) and its supplier (40,000 €). Write the agreement or authorisation here, with its date.")
	case utf8.RuneCountInString(o.Basis) > 300:
		f.add("operator_figures.basis", "Testo troppo lungo: al massimo 300 caratteri.", "Text too long: at most 300 characters.")
	}
}

// contrastWithWhite is the contrast ratio of white text on the colour "#rrggbb",
// 1 to 21, as WCAG 2.2 defines it.
func contrastWithWhite(color string) float64 {
	var luminance float64
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, _ := strconv.ParseUint(color[1+2*i:3+2*i], 16, 8)
		luminance += weight * linear(float64(n)/255)
	}
	return 1.05 / (luminance + 0.05)
}

// linear is an sRGB component, 0 to 1, without its gamma.
func linear(v float64) float64 {
	if v <= 0.04045 {
		return v / 12.92
	}
	return math.Pow((v+0.055)/1.055, 2.4)
}

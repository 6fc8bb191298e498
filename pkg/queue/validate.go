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

var (
	idForm       = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,31}$`)
	languageForm = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$`)
	colorForm    = regexp.MustCompile(`^#[0-9a-f]{6}$`)
	phoneForm    = regexp.MustCompile(`^\+?[0-9][0-9 ./-]{2,29}$`)
	emailForm    = regexp.MustCompile(`^[^\s@<>"]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$`)
	ipaForm      = regexp.MustCompile(`^[A-Za-z0-9_-]{2,20}$`)
	webForm      = regexp.MustCompile(`^https?://[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*(:[0-9]{1,5})?([/?#][^\s<>"]*)?$`)
)

// IsLanguage reports whether a name has the form of a language's, such as "it" or "zh-Hant".
func IsLanguage(name string) bool { return languageForm.MatchString(name) }

const (
	maxConfigText = 300           // characters of a text that people read
	maxSeconds    = 7 * 24 * 3600 // of any duration
)

// MaxCounters is how many counters an office has at most.
const MaxCounters = 200

// faults collects what is wrong, each with its path.
type faults []Fault

// add takes the arguments by name and value in turn.
func (f *faults) add(path string, why Reason, args ...any) {
	*f = append(*f, Fault{Path: path, Reason: why, Args: argsOf(args)})
}

// Validate returns every fault of the configuration, in the order of the document; none if it may
// be used.
func (c *Config) Validate() []Fault {
	var f faults
	f.name("name", c.Name, true)
	if _, err := time.LoadLocation(c.TimeZone); err != nil || c.TimeZone == "" || c.TimeZone == "Local" {
		f.add("time_zone", ReasonUnknownTimeZone, "zone", c.TimeZone)
	}
	if len(c.Languages) == 0 {
		f.add("languages", ReasonNoLanguage)
	}
	f.week("hours", &c.Hours)
	if c.PatronSaint != "" && !(len(c.PatronSaint) == 5 && calendar.Date("2024-"+c.PatronSaint).Valid()) {
		f.add("patron_saint", ReasonNotMonthDay)
	}
	c.validateTown(&f)
	c.validateTexts(&f)
	c.validateExceptions(&f)
	c.validatePolicy(&f)
	c.validateChannels(&f)
	c.validateCounters(&f)
	c.validateRest(&f)
	c.validateDisplays(&f)
	c.validatePaper(&f)
	return f
}

func (f *faults) name(path string, t Text, need bool) {
	if need && strings.TrimSpace(t["it"]) == "" {
		f.add(path+".it", ReasonItalianMissing)
	}
	for _, lang := range slices.Sorted(maps.Keys(t)) {
		if len(lang) < 2 || len(lang) > 8 {
			f.add(path, ReasonNotALanguage, "language", lang)
		}
		if utf8.RuneCountInString(t[lang]) > maxConfigText {
			f.add(path+"."+lang, ReasonTextTooLong, "max", maxConfigText)
		}
	}
}

func (f *faults) id(path, id string, seen map[string]bool) {
	switch {
	case !idForm.MatchString(id):
		f.add(path, ReasonNotAnID, "id", id)
	case seen[id]:
		f.add(path, ReasonIDTwice, "id", id)
	}
	seen[id] = true
}

func (f *faults) seconds(path string, s Seconds) {
	if !(s >= 0 && s <= maxSeconds) {
		f.add(path, ReasonNotInRange, "min", 0, "max", maxSeconds)
	}
}

func (f *faults) intervals(path string, list []calendar.Interval) {
	var last calendar.Clock
	for i, iv := range list {
		switch {
		case iv.From < 0 || iv.To > 24*60 || iv.To <= iv.From:
			f.add(fmt.Sprintf("%s[%d]", path, i), ReasonEndBeforeStart)
		case iv.From < last:
			f.add(fmt.Sprintf("%s[%d]", path, i), ReasonOverlaps)
		}
		last = iv.To
	}
}

// colour wants one on which white text is readable.
func (f *faults) colour(path, color string) {
	switch {
	case !colorForm.MatchString(color):
		f.add(path, ReasonNotAColour)
	case contrastWithWhite(color) < 4.5:
		f.add(path, ReasonColourTooLight, "color", color, "contrast", fmt.Sprintf("%.1f", contrastWithWhite(color)))
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
			f.add(path, ReasonUnknownClass, "class", class)
		}
		f.seconds(path+"."+string(class), p[class])
	}
}

func (f *faults) channel(path string, c *Config, id ChannelID) {
	if c.Channel(id) == nil {
		f.add(path, ReasonUnknownChannel, "channel", id)
	}
}

// validateTown judges how the office is reached, and whose its data are.
func (c *Config) validateTown(f *faults) {
	for _, part := range []struct {
		path, text string
		form       *regexp.Regexp
		why        Reason
	}{
		{"contact.address", c.Contact.Address, nil, ""},
		{"contact.phone", c.Contact.Phone, phoneForm, ReasonNotAPhone},
		{"contact.email", c.Contact.Email, emailForm, ReasonNotAnEmail},
		{"contact.url", c.Contact.URL, webForm, ReasonNotAnAddress},
		{"publisher.name", c.Publisher.Name, nil, ""},
		{"publisher.ipa", c.Publisher.IPA, ipaForm, ReasonNotAnIPACode},
	} {
		switch {
		case utf8.RuneCountInString(part.text) > maxConfigText:
			f.add(part.path, ReasonTextTooLong, "max", maxConfigText)
		case part.text != "" && part.form != nil && !part.form.MatchString(part.text):
			f.add(part.path, part.why)
		}
	}
}

func (c *Config) validateExceptions(f *faults) {
	for i := range c.Exceptions {
		x, path := &c.Exceptions[i], fmt.Sprintf("exceptions[%d]", i)
		if !x.From.Valid() || !x.To.Valid() || x.To < x.From {
			f.add(path, ReasonNotTwoDates)
		}
		f.intervals(path+".hours", x.Hours)
		for j, id := range x.Only {
			f.channel(fmt.Sprintf("%s.channels[%d]", path, j), c, id)
		}
		f.name(path+".reason", x.Reason, false)
		if j := slices.IndexFunc(c.Exceptions[:i], func(y Exception) bool { return x.disagree(&y) }); j >= 0 {
			f.add(path, ReasonContradicts, "other", fmt.Sprintf("exceptions[%d]", j))
		}
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
		{"postpone_s", p.Postpone},
		{"recall_every_s", p.RecallEvery},
		{"requeue_avoid_s", p.RequeueAvoid},
		{"sent_patience_s", p.SentPatience},
		{"appointment_early_s", Seconds(p.appointmentEarly().Seconds())},
		{"undo_for_s", p.UndoFor},
		{"hoard_window_s", p.HoardWindow},
		{"forgotten_after_s", p.ForgottenAfter},
	} {
		f.seconds("policy."+s.name, s.value)
	}
	if p.PassedOver != "" && p.PassedOver != PassedServed && p.PassedOver != PassedAbsent {
		f.add("policy.passed_over", ReasonUnknownPassedOver)
	}
	if p.RecallMax < 0 || p.RecallMax > 100 {
		f.add("policy.recall_max", ReasonNotInRange, "min", 0, "max", 100)
	}
	if p.FitChance != 0 && !(p.FitChance >= 0.5 && p.FitChance <= 0.99) {
		f.add("policy.fit_chance", ReasonNotInRange, "min", 0.5, "max", 0.99)
	}
	if p.HoardMax < 0 || p.HoardMax > 1000 {
		f.add("policy.hoard_max", ReasonNotInRange, "min", 0, "max", 1000)
	}
	if p.OfflineNumbers < 0 || p.OfflineNumbers > offlineMost {
		f.add("policy.offline_numbers", ReasonNotInRange, "min", 0, "max", offlineMost)
	}
}

func (c *Config) validateChannels(f *faults) {
	if len(c.Channels) == 0 || len(c.Channels) > 26 {
		f.add("channels", ReasonChannelCount, "min", 1, "max", 26)
	}
	ids, letters := map[string]bool{}, map[string]bool{}
	for i := range c.Channels {
		ch, path := &c.Channels[i], fmt.Sprintf("channels[%d]", i)
		f.id(path+".id", string(ch.ID), ids)
		switch {
		case len(ch.Letter) != 1 || ch.Letter < "A" || ch.Letter > "Z":
			f.add(path+".letter", ReasonNotALetter)
		case letters[ch.Letter]:
			f.add(path+".letter", ReasonLetterTwice, "letter", ch.Letter)
		}
		letters[ch.Letter] = true
		f.colour(path+".color", ch.Color)
		f.name(path+".name", ch.Name, true)
		f.name(path+".public_name", ch.Public, len(ch.Public) > 0)
		f.name(path+".hint", ch.Hint, false)
		f.name(path+".bring", ch.Bring, false)
		f.name(path+".notice", ch.Notice, false)
		if ch.Season != nil && !ch.Season.Valid() {
			f.add(path+".season", ReasonNotASeason)
		}
		if ch.Hours != nil {
			f.week(path+".hours", ch.Hours)
		}
		for _, limit := range []struct {
			name string
			n    int
		}{{"daily_limit", ch.DailyLimit}, {"interval_limit", ch.IntervalLimit}} {
			if limit.n < 0 || limit.n > 100_000 {
				f.add(path+"."+limit.name, ReasonNotInRange, "min", 0, "max", 100_000)
			}
		}
		c.validateServed(f, path+".id", ch.ID)
		f.seconds(path+".last_ticket_s", ch.LastTicket)
		f.seconds(path+".service_time_s", ch.ServiceTime)
		f.patience(path+".patience_s", ch.Patience)
		if ch.OnDeck < 0 || ch.OnDeck > maxOnDeck {
			f.add(path+".on_deck", ReasonNotInRange, "min", 0, "max", maxOnDeck)
		}
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
		f.add(path, ReasonChannelUnserved, "channel", id)
		return
	}
	for j, class := range Classes {
		if !served[j] {
			f.add(path, ReasonClassUnserved, "channel", id, "class", class)
		}
	}
}

func (c *Config) validateCounters(f *faults) {
	if len(c.Counters) == 0 || len(c.Counters) > MaxCounters {
		f.add("counters", ReasonCounterCount, "min", 1, "max", MaxCounters)
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
				f.add(at+".channel", ReasonChannelTwice, "channel", s.Channel)
			}
			seen[s.Channel] = true
		}
		if d.Others != OthersHelp && d.Others != OthersIdle && d.Others != OthersNever {
			f.add(path+".others", ReasonUnknownOthers)
		}
		for j, class := range d.Classes {
			if class.index() < 0 {
				f.add(fmt.Sprintf("%s.classes[%d]", path, j), ReasonUnknownClass, "class", class)
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
		f.name(path+".words", s.Words, false)
		f.name(path+".bring", s.Bring, false)
		if s.Channel != "" {
			f.channel(path+".channel", c, s.Channel)
		}
	}
	ids = map[string]bool{}
	for i := range c.Notices {
		n, path := &c.Notices[i], fmt.Sprintf("notices[%d]", i)
		f.id(path+".id", n.ID, ids)
		f.name(path+".text", n.Text, true)
		if n.From != "" && !n.From.Valid() || n.To != "" && !n.To.Valid() {
			f.add(path, ReasonNotADate)
		} else if n.From != "" && n.To != "" && n.To < n.From {
			f.add(path, ReasonEndBeforeStart)
		}
	}
	switch o := c.OperatorFigures; {
	case o.Enabled && strings.TrimSpace(o.Basis) == "":
		f.add("operator_figures.basis", ReasonFiguresWarning)
	case utf8.RuneCountInString(o.Basis) > maxConfigText:
		f.add("operator_figures.basis", ReasonTextTooLong, "max", maxConfigText)
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

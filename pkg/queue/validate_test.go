package queue_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	"image/png"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// picture is a PNG of noise in base64.
func picture(t *testing.T, wide, high int) string {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, wide, high))
	noise := rand.New(rand.NewPCG(1, 2))
	for i := range img.Pix {
		img.Pix[i] = byte(noise.Uint32())
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(b.Bytes())
}

// TestPaperIsValid takes what a ticket may show.
func TestPaperIsValid(t *testing.T) {
	t.Parallel()
	c := queue.Default()
	c.Paper = queue.Paper{Arms: picture(t, 96, 120), Line: queue.Text{"it": "Grazie"}, Parts: queue.Parts[:]}
	c.Channels[1].Bring = queue.Text{"it": "Una fototessera\n22 euro"} // a thing on each line
	c.Policy.OfflineNumbers = 1000
	if faults := c.Validate(); len(faults) > 0 {
		t.Errorf("%+v", faults)
	}
}

func TestDefaultIsValid(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]*queue.Config{"default": queue.Default(), "plain": plain()} {
		for _, f := range c.Validate() {
			t.Errorf("%s: %+v", name, f)
		}
	}
}

// TestValidate breaks the default configuration in one way a row.
func TestValidate(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("è", 301)
	hours := func(iv ...calendar.Interval) []calendar.Interval { return iv }
	for _, tt := range []struct {
		path  string
		spoil func(c *queue.Config)
	}{
		{"name.it", func(c *queue.Config) { c.Name = queue.Text{"en": "Office"} }},
		{"name.it", func(c *queue.Config) { c.Name["it"] = "  " }},
		{"name", func(c *queue.Config) { c.Name["x"] = "?" }},
		{"name.it", func(c *queue.Config) { c.Name["it"] = "Anagrafe\u202e" }},
		{"counters[1].name.it", func(c *queue.Config) { c.Counters[1].Name["it"] = "Sportello\n2" }},
		{"channels[0].name.en", func(c *queue.Config) { c.Channels[0].Name["en"] = "Registry\x00" }},
		{"name.en", func(c *queue.Config) { c.Name["en"] = long }},
		{"time_zone", func(c *queue.Config) { c.TimeZone = "" }},
		{"time_zone", func(c *queue.Config) { c.TimeZone = "Local" }},
		{"time_zone", func(c *queue.Config) { c.TimeZone = "Italy/Empoli" }},
		{"languages", func(c *queue.Config) { c.Languages = nil }},
		{"hours.mon[0]", func(c *queue.Config) { c.Hours.Mon = hours(calendar.Interval{From: 600, To: 600}) }},
		{"hours.tue[0]", func(c *queue.Config) { c.Hours.Tue = hours(calendar.Interval{From: -1, To: 600}) }},
		{"hours.sun[0]", func(c *queue.Config) { c.Hours.Sun = hours(calendar.Interval{From: 600, To: 1441}) }},
		{"hours.sat[1]", func(c *queue.Config) {
			c.Hours.Sat = hours(calendar.Interval{From: 600, To: 700}, calendar.Interval{From: 699, To: 800})
		}},
		{"patron_saint", func(c *queue.Config) { c.PatronSaint = "30-11" }},
		{"patron_saint", func(c *queue.Config) { c.PatronSaint = "02-30" }},
		{"publisher.name", func(c *queue.Config) { c.Publisher.Name = long }},
		{"publisher.ipa", func(c *queue.Config) { c.Publisher.IPA = "Comune di Empoli" }},
		{"publisher.ipa", func(c *queue.Config) { c.Publisher.IPA = "c_d403:D.1" }},
		{"contact.address", func(c *queue.Config) { c.Contact.Address = long }},
		{"contact.address", func(c *queue.Config) { c.Contact.Address = "via Del Papa\n41" }},
		{"contact.phone", func(c *queue.Config) { c.Contact.Phone = "chiedere in portineria" }},
		{"contact.phone", func(c *queue.Config) { c.Contact.Phone = "0571 757999;isub=1" }},
		{"contact.email", func(c *queue.Config) { c.Contact.Email = "urp" }},
		{"contact.email", func(c *queue.Config) { c.Contact.Email = "urp@comune.empoli.fi.it?bcc=a@b.it" }},
		{"contact.url", func(c *queue.Config) { c.Contact.URL = "www.comune.empoli.fi.it" }},
		{"contact.url", func(c *queue.Config) { c.Contact.URL = "javascript://comune.empoli.fi.it/" }},
		{"contact.url", func(c *queue.Config) { c.Contact.URL = "https://" + long }},

		{"paper.arms", func(c *queue.Config) { c.Paper.Arms = "no base64" }},
		{"paper.arms", func(c *queue.Config) { c.Paper.Arms = base64.StdEncoding.EncodeToString([]byte("no picture")) }},
		{"paper.arms", func(c *queue.Config) { c.Paper.Arms = picture(t, 1025, 1) }},
		{"paper.arms", func(c *queue.Config) { c.Paper.Arms = picture(t, 1, 1025) }},
		{"paper.arms", func(c *queue.Config) { c.Paper.Arms = picture(t, 300, 300) }},       // noise: more than 64 kB
		{"paper.arms", func(c *queue.Config) { c.Paper.Arms = picture(t, 100, 100)[:400] }}, // cut off
		{"paper.line.it", func(c *queue.Config) { c.Paper.Line = queue.Text{"it": long} }},
		{"paper.line.it", func(c *queue.Config) { c.Paper.Line = queue.Text{"it": "due\nrighe"} }},
		{"paper.parts[1]", func(c *queue.Config) { c.Paper.Parts = []queue.Part{"qr", "sponsor"} }},
		{"paper.parts[2]", func(c *queue.Config) { c.Paper.Parts = []queue.Part{"qr", "number", "qr"} }},
		{"policy.offline_numbers", func(c *queue.Config) { c.Policy.OfflineNumbers = -1 }},
		{"policy.offline_numbers", func(c *queue.Config) { c.Policy.OfflineNumbers = 1001 }},
		{"channels[1].bring.it", func(c *queue.Config) { c.Channels[1].Bring["it"] = long }},
		{"channels[1].bring.it", func(c *queue.Config) { c.Channels[1].Bring["it"] = "una fototessera\r\n22 euro" }},
		{"services[2].bring.en", func(c *queue.Config) { c.Services[2].Bring["en"] = long }},
		{"services[2].words.en", func(c *queue.Config) { c.Services[2].Words["en"] = long }},
		{"policy.passed_over", func(c *queue.Config) { c.Policy.PassedOver = "gone" }},
		{"policy.forgotten_after_s", func(c *queue.Config) { c.Policy.ForgottenAfter = -1 }},
		{"channels[0].interval_limit", func(c *queue.Config) { c.Channels[0].IntervalLimit = -1 }},
		{"exceptions[1]", func(c *queue.Config) { // as long, on a day in common
			c.Exceptions = []queue.Exception{{From: "2026-08-10", To: "2026-08-11"}, {From: "2026-08-11", To: "2026-08-12", Hours: hours(calendar.Interval{From: 9, To: 99})}}
		}},
		{"exceptions[2]", func(c *queue.Config) { // for a channel in common
			c.Exceptions = []queue.Exception{
				{From: "2026-08-10", To: "2026-08-20"},
				{From: "2026-08-11", To: "2026-08-11", Only: []queue.ChannelID{"anagrafe", "protocollo"}},
				{From: "2026-08-11", To: "2026-08-11", Only: []queue.ChannelID{"anagrafe"}, Reason: queue.Text{"it": "Guasto"}},
			}
		}},
		{"exceptions[0]", func(c *queue.Config) { c.Exceptions = []queue.Exception{{From: "2026-08-15", To: "2026-08-14"}} }},
		{"exceptions[0]", func(c *queue.Config) { c.Exceptions = []queue.Exception{{From: "2026-02-29", To: "2026-03-01"}} }},
		{"exceptions[1].hours[0]", func(c *queue.Config) {
			day := queue.Exception{From: "2026-08-14", To: "2026-08-14"}
			wrong := day
			wrong.Hours = hours(calendar.Interval{From: 2, To: 1})
			c.Exceptions = []queue.Exception{day, wrong}
		}},
		{"exceptions[0].channels[1]", func(c *queue.Config) {
			c.Exceptions = []queue.Exception{{From: "2026-08-14", To: "2026-08-14", Only: []queue.ChannelID{"anagrafe", "niente"}}}
		}},
		{"exceptions[0].reason.it", func(c *queue.Config) {
			c.Exceptions = []queue.Exception{{From: "2026-08-14", To: "2026-08-14", Reason: queue.Text{"it": long}}}
		}},

		{"policy.patience_s", func(c *queue.Config) { c.Policy.Patience["vip"] = 0 }},
		{"policy.patience_s.standard", func(c *queue.Config) { c.Policy.Patience[queue.Standard] = -1 }},
		{"policy.help_after_s", func(c *queue.Config) { c.Policy.HelpAfter = queue.Seconds(math.NaN()) }},
		{"policy.absent_grace_s", func(c *queue.Config) { c.Policy.AbsentGrace = 604801 }},
		{"policy.absent_delay_s", func(c *queue.Config) { c.Policy.AbsentDelay = -0.5 }},
		{"policy.recall_every_s", func(c *queue.Config) { c.Policy.RecallEvery = -1 }},
		{"policy.sent_patience_s", func(c *queue.Config) { c.Policy.SentPatience = -1 }},
		{"policy.appointment_early_s", func(c *queue.Config) { c.Policy.AppointmentEarly = new(queue.Seconds(-1)) }},
		{"policy.requeue_avoid_s", func(c *queue.Config) { c.Policy.RequeueAvoid = queue.Seconds(math.Inf(1)) }},
		{"policy.undo_for_s", func(c *queue.Config) { c.Policy.UndoFor = -1 }},
		{"policy.hoard_window_s", func(c *queue.Config) { c.Policy.HoardWindow = -1 }},
		{"policy.recall_max", func(c *queue.Config) { c.Policy.RecallMax = -1 }},
		{"policy.recall_max", func(c *queue.Config) { c.Policy.RecallMax = 101 }},
		{"policy.hoard_max", func(c *queue.Config) { c.Policy.HoardMax = -1 }},
		{"policy.hoard_max", func(c *queue.Config) { c.Policy.HoardMax = 1001 }},

		{"channels", func(c *queue.Config) {
			for len(c.Channels) < 27 {
				c.Channels = append(c.Channels, c.Channels[0])
			}
		}},
		{"channels[1].id", func(c *queue.Config) { c.Channels = append(c.Channels[:1:1], c.Channels...) }},
		{"channels[5].id", func(c *queue.Config) { c.Channels[5].ID = "Permessi sosta" }},
		{"channels[0].id", func(c *queue.Config) { c.Channels[0].ID = "" }},
		{"channels[5].letter", func(c *queue.Config) { c.Channels[5].Letter = "r" }},
		{"channels[5].letter", func(c *queue.Config) { c.Channels[5].Letter = "È" }},
		{"channels[5].letter", func(c *queue.Config) { c.Channels[5].Letter = "AB" }},
		{"channels[5].letter", func(c *queue.Config) { c.Channels[5].Letter = "A" }},
		{"channels[0].on_deck", func(c *queue.Config) { c.Channels[0].OnDeck = 6 }},
		{"displays[0].layout", func(c *queue.Config) { c.Displays[0].Layout = "hall" }},
		{"displays[0].counter", func(c *queue.Config) { c.Displays[0].Layout = queue.LayoutCounter }},
		{"displays[0].counter", func(c *queue.Config) { c.Displays[0].Counter = "9" }},
		{"displays[0].gong", func(c *queue.Config) { c.Displays[0].Gong = "loud" }},
		{"displays[0].volume", func(c *queue.Config) { c.Displays[0].Volume = 101 }},
		{"displays[0].room", func(c *queue.Config) { c.Displays[0].Room = long }},
		{"displays[0].quiet[0]", func(c *queue.Config) { c.Displays[0].Quiet = hours(calendar.Interval{From: 9, To: 9}) }},
		{"displays[0].metres", func(c *queue.Config) { c.Displays[0].Inches = 43 }},
		{"displays[0].inches", func(c *queue.Config) { c.Displays[0].Inches, c.Displays[0].Metres = 3, 5 }},
		{"displays[0].look.accent", func(c *queue.Config) { c.Displays[0].Look.Accent = "#777777" }},
		{"displays[0].look.background", func(c *queue.Config) { c.Displays[0].Look.Background = "#808080" }},
		{"displays[0].look.background", func(c *queue.Config) { c.Displays[0].Look.Background = "red" }},
		{"displays[0].look.arms", func(c *queue.Config) { c.Displays[0].Look.Arms = "../stemma.png" }},
		{"displays[0].look.picture", func(c *queue.Config) { c.Displays[0].Look.Picture = "film.mp4" }},
		{"displays[0].playlist", func(c *queue.Config) { c.Displays[0].Layout = queue.LayoutPlaylist }},
		{"displays[0].playlist[0].text.it", func(c *queue.Config) { c.Displays[0].Playlist = []queue.Slide{{}} }},
		{"displays[0].playlist[1].file", func(c *queue.Config) {
			c.Displays[0].Playlist = []queue.Slide{{File: "Film.MP4"}, {File: "film"}}
		}},
		{"displays[0].playlist[0].seconds", func(c *queue.Config) {
			c.Displays[0].Playlist = []queue.Slide{{File: "film.webm", Seconds: 1}}
		}},
		{"channels[0].color", func(c *queue.Config) { c.Channels[0].Color = "blu" }},
		{"channels[0].color", func(c *queue.Config) { c.Channels[0].Color = "#0066CC" }},
		{"channels[0].color", func(c *queue.Config) { c.Channels[0].Color = "#777777" }}, // 4.48 to 1
		{"channels[0].name.it", func(c *queue.Config) { c.Channels[0].Name = nil }},
		{"channels[0].public_name.it", func(c *queue.Config) { c.Channels[0].Public = queue.Text{"en": "Desk"} }},
		{"channels[0].hint.en", func(c *queue.Config) { c.Channels[0].Hint["en"] = long }},
		{"channels[3].notice", func(c *queue.Config) { c.Channels[3].Notice["quattordici"] = "?" }},
		{"channels[3].season", func(c *queue.Config) { c.Channels[3].Season = &calendar.Season{From: "09-31", To: "10-31"} }},
		{"channels[3].season", func(c *queue.Config) { c.Channels[3].Season = &calendar.Season{From: "2026-09-01", To: "10-31"} }},
		{"channels[3].season", func(c *queue.Config) { c.Channels[3].Season = &calendar.Season{From: "2027-09-01", To: "2026-10-31"} }},
		{"channels[3].season", func(c *queue.Config) { c.Channels[3].Season = &calendar.Season{} }},
		{"channels[0].hours.fri[0]", func(c *queue.Config) {
			c.Channels[0].Hours = &calendar.Week{Fri: hours(calendar.Interval{From: 9, To: 8})}
		}},
		{"channels[0].daily_limit", func(c *queue.Config) { c.Channels[0].DailyLimit = -1 }},
		{"channels[0].daily_limit", func(c *queue.Config) { c.Channels[0].DailyLimit = 100_001 }},
		{"channels[0].last_ticket_s", func(c *queue.Config) { c.Channels[0].LastTicket = -1 }},
		{"channels[0].service_time_s", func(c *queue.Config) { c.Channels[0].ServiceTime = -1 }},
		{"channels[0].patience_s.priority", func(c *queue.Config) {
			c.Channels[0].Patience = map[queue.Class]queue.Seconds{queue.Priority: -1}
		}},

		{"counters", func(c *queue.Config) { c.Counters = nil }},
		{"counters", func(c *queue.Config) {
			for len(c.Counters) < 201 {
				c.Counters = append(c.Counters, c.Counters[0])
			}
		}},
		{"counters[1].id", func(c *queue.Config) { c.Counters[1].ID = "1" }},
		{"counters[0].name.it", func(c *queue.Config) { c.Counters[0].Name = nil }},
		{"counters[0].place.it", func(c *queue.Config) { c.Counters[0].Place = queue.Text{"it": long} }},
		{"counters[0].serves[0].channel", func(c *queue.Config) { c.Counters[0].Serves[0].Channel = "niente" }},
		{"counters[0].serves[1].channel", func(c *queue.Config) {
			c.Counters[0].Serves = append(c.Counters[0].Serves, c.Counters[0].Serves[0])
		}},
		{"counters[0].serves[0].after_s", func(c *queue.Config) { c.Counters[0].Serves[0].After = -1 }},
		{"counters[0].others", func(c *queue.Config) { c.Counters[0].Others = "" }},
		{"counters[0].classes[0]", func(c *queue.Config) { c.Counters[0].Classes = []queue.Class{"vip"} }},

		{"channels[0].id", func(c *queue.Config) { // a standard ticket of it would never be called
			for i := range c.Counters {
				c.Counters[i].Classes = []queue.Class{queue.Priority, queue.Appointment}
			}
		}},
		{"channels[2].id", func(c *queue.Config) {
			c.Counters[3].Classes = []queue.Class{queue.Standard}
			for i := range c.Counters {
				c.Counters[i].Others = queue.OthersNever
			}
		}},

		{"services[1].id", func(c *queue.Config) { c.Services[1].ID = c.Services[0].ID }},
		{"services[0].name.it", func(c *queue.Config) { c.Services[0].Name = nil }},
		{"services[0].channel", func(c *queue.Config) { c.Services[0].Channel = "niente" }},
		{"displays[4].id", func(c *queue.Config) { c.Displays[4].ID = "sala" }},
		{"displays[0].name.it", func(c *queue.Config) { c.Displays[0].Name = nil }},
		{"displays[1].channels[0]", func(c *queue.Config) { c.Displays[1].Channels[0] = "niente" }},
		{"operator_figures.basis", func(c *queue.Config) { c.OperatorFigures = queue.OperatorFigures{Enabled: true, Basis: " \n"} }},
		{"operator_figures.basis", func(c *queue.Config) { c.OperatorFigures.Basis = long }},
		{"notices[0].id", func(c *queue.Config) { c.Notices = []queue.Notice{{ID: "-", Text: queue.Text{"it": "x"}}} }},
		{"notices[0].text.it", func(c *queue.Config) { c.Notices = []queue.Notice{{ID: "a"}} }},
		{"notices[0]", func(c *queue.Config) {
			c.Notices = []queue.Notice{{ID: "a", Text: queue.Text{"it": "x"}, From: "oggi"}}
		}},
	} {
		c := queue.Default()
		tt.spoil(c)
		faults := c.Validate()
		if !slices.ContainsFunc(faults, func(f queue.Fault) bool { return f.Path == tt.path && f.Reason != "" }) {
			t.Errorf("no fault at %s, but %v", tt.path, faults)
		}
	}
}

// TestLongestText counts characters, as its message says, not bytes.
func TestLongestText(t *testing.T) {
	t.Parallel()
	c := queue.Default()
	c.Name["it"] = strings.Repeat("è", 300)
	if faults := c.Validate(); len(faults) > 0 {
		t.Errorf("a name of 300 letters: %v", faults)
	}
	s, now := opened(t)
	must(t, s, queue.Pause{Counter: "1", Reason: strings.Repeat("è", 200)}, now)
	_, _, err := s.Execute(queue.Command{By: "dev", Do: queue.Pause{Counter: "2", Reason: strings.Repeat("e", 201)}}, now)
	if codeOf(t, err) != queue.Invalid {
		t.Errorf("a reason of 201 letters: %v", err)
	}
}

// TestNoChannels stands apart: everything that names a channel is at fault too.
func TestNoChannels(t *testing.T) {
	t.Parallel()
	c := queue.Default()
	c.Channels = nil
	if faults := c.Validate(); len(faults) < 2 || faults[0].Path != "channels" {
		t.Errorf("faults of an office without channels: %v", faults)
	}
}

// TestFaultsKeepTheirOrder wants the same faults in the same order every time.
func TestFaultsKeepTheirOrder(t *testing.T) {
	t.Parallel()
	spoiled := func() *queue.Config {
		c := queue.Default()
		c.Name = queue.Text{"it": "x", "a": "x", "b": "x", "c": "x", "d": "x"}
		c.Policy.Patience = map[queue.Class]queue.Seconds{"a": -1, "b": -1, "c": -1, "d": -1}
		return c
	}
	var first []string
	for range 20 {
		var all []string
		for _, f := range spoiled().Validate() {
			all = append(all, fmt.Sprint(f))
		}
		if first == nil {
			first = all
		}
		if !slices.Equal(all, first) {
			t.Fatalf("now %q, before %q", all, first)
		}
	}
}

func TestConfigureRefusesFaults(t *testing.T) {
	t.Parallel()
	s, now := opened(t)
	c := queue.Default()
	c.Channels[0].Letter = "?"
	_, _, err := s.Execute(queue.Command{ID: "x", Do: queue.Configure{Config: c, Version: 1}}, now)
	r, ok := err.(*queue.Refusal)
	if !ok || r.Code != queue.Invalid || len(r.Faults) != 1 || r.Faults[0].Path != "channels[0].letter" {
		t.Errorf("refusal: %+v", err)
	}
	_, _, err = s.Execute(queue.Command{ID: "y", Do: queue.Configure{Version: 1}}, now)
	if r, ok = err.(*queue.Refusal); !ok || r.Field != "config" {
		t.Errorf("refusal without a configuration: %+v", err)
	}
}

// TestOperatorFigures switches the figures by clerk on and off: a person does, and the office notes
// since when.
func TestOperatorFigures(t *testing.T) {
	t.Parallel()
	s, now := opened(t)
	put := func(by string, figures queue.OperatorFigures) error {
		now = now.Add(time.Minute)
		c := *s.Config
		c.OperatorFigures = figures
		_, _, err := s.Execute(queue.Command{By: by, Do: queue.Configure{Config: &c, Version: c.Version}}, now)
		return err
	}
	want := func(what string, err error, enabled bool, since time.Time) {
		t.Helper()
		if got := s.Config.OperatorFigures; err != nil || got.Enabled != enabled || !got.Since.Equal(since) {
			t.Errorf("%s: %+v, %v; want %t since %v", what, got, err, enabled, since)
		}
	}
	on := queue.OperatorFigures{Enabled: true, Basis: "accordo sindacale del 12/01/2026", Since: now.AddDate(-1, 0, 0)}
	for _, by := range []string{"system", "totem/user/", "public", ""} {
		if r, ok := put(by, on).(*queue.Refusal); !ok || r.Field != "operator_figures.enabled" {
			t.Errorf("switched on by %q: %+v", by, r)
		}
	}
	if _, _, err := new(queue.State).Execute(queue.Command{By: "system", Do: queue.Configure{Config: func() *queue.Config {
		c := queue.Default()
		c.OperatorFigures = on
		return c
	}()}}, now); err == nil {
		t.Error("an office begins with the figures switched on")
	}
	want("off", nil, false, time.Time{})
	err := put("user/ada", on)
	first := now
	want("on", err, true, first)
	on.Basis = "accordo sindacale del 3/02/2026"
	want("another basis", put("system", on), true, first) // it is on already
	want("off again", put("system", queue.OperatorFigures{Basis: on.Basis, Since: first}), false, time.Time{})
	err = put("dev", on)
	want("on again", err, true, now)
}

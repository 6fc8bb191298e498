package queue_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"

	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/words"
)

// mornings are days on which histories begin: an ordinary one, the eves of both
// clock changes, the eve of a new year and of a holiday.
var mornings = []string{
	"2026-03-02T09:00:00+01:00",
	"2026-03-28T21:30:00+01:00",
	"2026-10-24T21:30:00+02:00",
	"2026-12-31T11:00:00+01:00",
	"2026-04-24T17:50:00+02:00",
}

func moment(t failer, s string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return at.In(rome(t))
}

func rome(t failer) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatalf("%v", err)
	}
	return loc
}

// plain is a small valid office: channels a, b and c with the letters A, B and C,
// counters 1 to 3 that serve them all, open day and night, all limits off.
func plain() *queue.Config {
	always := []calendar.Interval{{From: 0, To: 24 * 60}}
	c := &queue.Config{
		Name: queue.Text{"it": "Sede"}, TimeZone: "Europe/Rome", Languages: []string{"it"},
		Hours:    calendar.Week{Mon: always, Tue: always, Wed: always, Thu: always, Fri: always, Sat: always, Sun: always},
		Policy:   queue.Policy{Patience: map[queue.Class]queue.Seconds{queue.Standard: 1200}, AbsentGrace: 1800, AppointmentEarly: new(queue.Seconds(0)), UndoFor: 60},
		Services: []queue.Service{{ID: "carta", Name: queue.Text{"it": "Carta"}}, {ID: "atto", Name: queue.Text{"it": "Atto"}}},
	}
	for _, id := range []string{"a", "b", "c"} {
		c.Channels = append(c.Channels, queue.Channel{
			ID: queue.ChannelID(id), Letter: string(id[0] - 'a' + 'A'), Color: "#0066cc",
			Name: queue.Text{"it": id}, ServiceTime: 300,
		})
	}
	for _, id := range []queue.CounterID{"1", "2", "3"} {
		c.Counters = append(c.Counters, queue.Counter{ID: id, Name: queue.Text{"it": string(id)}, Others: queue.OthersHelp})
	}
	return c
}

// drawOffice varies the plain office in every setting that the rules read.
func drawOffice(t *rapid.T) *queue.Config {
	c := plain()
	seconds := func(name string, of ...queue.Seconds) queue.Seconds { return rapid.SampledFrom(of).Draw(t, name) }
	if rapid.Bool().Draw(t, "office hours") {
		day := []calendar.Interval{{From: 8 * 60, To: 13 * 60}, {From: 14 * 60, To: 18*60 + 30}}
		c.Hours = calendar.Week{Mon: day, Tue: day, Wed: day, Thu: day, Fri: day, Sat: day[:1]}
	}
	p := &c.Policy
	p.Patience = map[queue.Class]queue.Seconds{
		queue.Standard: seconds("standard", 0, 600, 1200), queue.Priority: seconds("priority", 0, 60),
	}
	p.HelpAfter = seconds("help", 0, 120, 600)
	p.AbsentGrace = seconds("grace", 60, 1800)
	p.AbsentDelay = seconds("delay", 0, 300)
	p.Postpone = seconds("postpone", 0, 300, 600)
	p.RecallEvery = seconds("recall every", 0, 20)
	p.RecallMax = rapid.IntRange(0, 2).Draw(t, "recall max")
	p.PassedOver = rapid.SampledFrom([]queue.PassedOver{"", queue.PassedServed, queue.PassedAbsent}).Draw(t, "passed over")
	p.ForgottenAfter = seconds("forgotten", 0, 600)
	p.RequeueAvoid = seconds("avoid", 0, 300)
	p.SentPatience = seconds("sent patience", 0, 60, 600)
	p.AppointmentEarly = nil
	if rapid.IntRange(0, 3).Draw(t, "says early") > 0 {
		p.AppointmentEarly = new(seconds("early", 0, 60, 1200))
	}
	p.UndoFor = seconds("undo", 30, 3600)
	p.OfflineNumbers = rapid.SampledFrom([]int{0, 1, 3, 300, 1000}).Draw(t, "offline numbers")
	p.HoardMax = rapid.SampledFrom([]int{0, 0, 3}).Draw(t, "hoard max")
	p.HoardWindow = 60
	for i := range c.Channels {
		varyChannel(t, &c.Channels[i])
	}
	drawExceptions(t, c)
	for i := range c.Counters {
		varyCounter(t, &c.Counters[i])
	}
	if c.Counters[0].Others == queue.OthersNever {
		c.Counters[0].Others = queue.OthersIdle // somebody serves every channel, or the configuration is refused
	}
	c.Counters[0].Classes = nil // and every class
	return c
}

func varyChannel(t *rapid.T, ch *queue.Channel) {
	ch.DailyLimit = rapid.SampledFrom([]int{0, 0, 0, 4}).Draw(t, "limit")
	ch.IntervalLimit = rapid.SampledFrom([]int{0, 0, 0, 3}).Draw(t, "limit of an opening")
	ch.LastTicket = rapid.SampledFrom([]queue.Seconds{0, 0, 1800}).Draw(t, "last ticket")
	if rapid.IntRange(0, 3).Draw(t, "own hours") == 0 {
		day := []calendar.Interval{{From: 8*60 + 30, To: 13*60 + 30}, {From: 18 * 60, To: 24 * 60}}
		ch.Hours = &calendar.Week{Mon: day, Tue: day[:1], Wed: day, Thu: day, Fri: day[1:], Sat: day, Sun: day[:1]}
	}
	ch.FitHours = rapid.IntRange(0, 3).Draw(t, "fit") == 0
	if rapid.IntRange(0, 2).Draw(t, "own patience") == 0 {
		ch.Patience = map[queue.Class]queue.Seconds{queue.Standard: 300, queue.Appointment: 30}
	}
}

// drawExceptions closes and opens days around those on which histories begin, as far as they don't
// contradict each other.
func drawExceptions(t *rapid.T, c *queue.Config) {
	for range rapid.SampledFrom([]int{0, 0, 1, 3}).Draw(t, "exceptions") {
		from := calendar.Date(rapid.SampledFrom(mornings).Draw(t, "from")[:len("2006-01-02")])
		x := queue.Exception{From: from, To: from}
		for range rapid.IntRange(0, 2).Draw(t, "more days") {
			x.To = x.To.Next()
		}
		x.Only = rapid.SampledFrom([][]queue.ChannelID{nil, {"a"}, {"a", "b"}}).Draw(t, "only")
		x.Hours = rapid.SampledFrom([][]calendar.Interval{nil, {{From: 9 * 60, To: 12 * 60}}, {{From: 0, To: 10 * 60}, {From: 16 * 60, To: 24 * 60}}}).Draw(t, "hours")
		before := c.Exceptions
		c.Exceptions = append(slices.Clone(before), x)
		if len(c.Validate()) > 0 {
			c.Exceptions = before
		}
	}
}

func varyCounter(t *rapid.T, c *queue.Counter) {
	c.Others = rapid.SampledFrom([]queue.Others{queue.OthersHelp, queue.OthersIdle, queue.OthersNever}).Draw(t, "others")
	for _, id := range rapid.SampledFrom([][]queue.ChannelID{nil, {"a"}, {"b"}, {"b", "a"}}).Draw(t, "serves") {
		after := rapid.SampledFrom([]queue.Seconds{0, 240}).Draw(t, "after")
		c.Serves = append(c.Serves, queue.Serve{Channel: id, After: after})
	}
	if rapid.IntRange(0, 4).Draw(t, "reserved") == 0 {
		c.Classes = []queue.Class{queue.Priority, queue.Appointment}
	}
}

// script draws the commands of one history.
type script struct {
	now     time.Time
	latest  time.Time // that was shown so far
	issued  int
	sent    int
	version int64
	last    queue.Command
	config  *queue.Config
	office  *queue.State
	totems  map[string]*totem
	kiosks  int       // tickets that they gave by themselves
	wild    bool      // the clock now and then goes wrong
	right   time.Time // what it showed if it didn't
}

// leap has a wild clock go wrong by up to months, or be set right; ok is false where it does
// neither.
func (sc *script) leap(t *rapid.T) (ok bool) {
	if !sc.wild {
		return false
	}
	switch n := rapid.IntRange(0, 9).Draw(t, "leap"); {
	case n < 1:
		sc.now = sc.right.Add(time.Duration(rapid.SampledFrom([]int{-49, -24, -3, 3, 14, 24, 25, 4000}).Draw(t, "hours wrong")) * time.Hour)
	case n < 3:
		sc.now = sc.right
	default:
		return false
	}
	sc.latest = sc.now
	return true
}

// begin draws an office and gives the command that sets it up.
func begin(t *rapid.T, morning time.Time) (*script, queue.Command) {
	sc := &script{now: morning, latest: morning, right: morning, version: 1, config: drawOffice(t), totems: newTotems()}
	return sc, queue.Command{ID: "setup", By: "user/admin", Do: queue.Configure{Config: sc.config}}
}

// pass draws the next time: the clock mostly creeps, sometimes jumps over hours or midnight,
// sometimes steps back a little.
func (sc *script) pass(t *rapid.T) {
	before := sc.now
	switch n := rapid.IntRange(0, 39).Draw(t, "time"); {
	case n < 24:
		sc.now = sc.now.Add(time.Duration(rapid.IntRange(0, 90).Draw(t, "seconds")) * time.Second)
	case n < 32:
		sc.now = sc.now.Add(time.Duration(rapid.IntRange(1, 900_000).Draw(t, "ms")) * time.Millisecond)
	case n < 35:
		sc.now = sc.latest.Add(-time.Duration(rapid.IntRange(1, 290).Draw(t, "back")) * time.Second)
	case n < 38:
		sc.now = sc.now.Add(time.Duration(rapid.IntRange(1, 5).Draw(t, "hours")) * time.Hour)
	case n < 39: // to the second around midnight
		y, m, d := sc.now.Date()
		sc.now = time.Date(y, m, d+1, 0, 0, rapid.IntRange(-1, 1).Draw(t, "midnight"), 0, sc.now.Location())
	}
	if sc.now.After(sc.latest) {
		sc.latest = sc.now
	}
	sc.right = sc.right.Add(max(0, sc.now.Sub(before)))
}

// step draws the next command and its time.
func (sc *script) step(t *rapid.T) (queue.Command, time.Time) {
	if !sc.leap(t) {
		sc.pass(t)
	}
	if sc.sent > 0 && rapid.IntRange(0, 14).Draw(t, "again") == 0 {
		return sc.last, sc.now
	}
	sc.sent++
	by := rapid.SampledFrom([]string{"user/maria", "user/maria", "user/luca", "dev", "dev", "totem/t1", "totem/t2", "public"}).Draw(t, "by")
	sc.last = queue.Command{ID: fmt.Sprint("c", sc.sent), By: by, Do: sc.action(t, by)}
	if rapid.IntRange(0, 9).Draw(t, "saw") == 0 {
		saw := rapid.SampledFrom([]queue.TicketID{"", "", "t1", "t2", "t3"}).Draw(t, "current")
		sc.last.Current = &saw
	}
	return sc.last, sc.now
}

func (sc *script) action(t *rapid.T, by string) queue.Action {
	counter := func() queue.CounterID {
		return rapid.SampledFrom([]queue.CounterID{"1", "1", "1", "2", "2", "2", "3", "3", "9"}).Draw(t, "counter")
	}
	channel := func() queue.ChannelID {
		return rapid.SampledFrom([]queue.ChannelID{"a", "a", "a", "b", "b", "b", "c", "c", "z"}).Draw(t, "channel")
	}
	ticket := func() queue.TicketID {
		if sc.kiosks > 0 && rapid.IntRange(0, 3).Draw(t, "a totem's") == 0 {
			return queue.TicketID(fmt.Sprint("k", rapid.IntRange(1, sc.kiosks).Draw(t, "ticket")))
		}
		return queue.TicketID(fmt.Sprint("t", rapid.IntRange(1, sc.issued+1).Draw(t, "ticket")))
	}
	fresh := func() queue.TicketID {
		if rapid.IntRange(0, 19).Draw(t, "used id") == 0 {
			id := queue.TicketID(fmt.Sprint("t", rapid.IntRange(1, sc.issued+1).Draw(t, "ticket")))
			if !sc.asked(id) { // nobody guesses what a totem made
				return id
			}
		}
		sc.issued++
		return queue.TicketID(fmt.Sprint("t", sc.issued))
	}
	kind := rapid.SampledFrom(kinds).Draw(t, "do")
	switch kind {
	case "issue":
		return sc.issue(t, by, fresh(), channel())
	case "open":
		return queue.Open{Counter: counter(), Operator: rapid.SampledFrom([]string{"maria", "maria", "luca"}).Draw(t, "operator"), TakeOver: rapid.Bool().Draw(t, "take over")}
	case "close":
		return queue.Close{Counter: counter(), Forgotten: rapid.IntRange(0, 3).Draw(t, "forgotten") == 0}
	case "pause":
		return queue.Pause{Counter: counter(), Reason: "caffè"}
	case "resume":
		return queue.Resume{Counter: counter()}
	case "alarm":
		return queue.Alarm{Counter: counter()}
	case "calm":
		return queue.Calm{Counter: counter()}
	case "next":
		return queue.Next{Counter: counter(), Outcomes: outcomes(t)}
	case "call":
		return queue.CallTicket{Counter: counter(), Ticket: ticket()}
	case "number":
		return queue.CallTicket{Counter: counter(), Number: fmt.Sprint(rapid.SampledFrom([]string{"A", "b 00", "C0", "?"}).Draw(t, "letter"), rapid.IntRange(0, 6).Draw(t, "number"))}
	case "recall":
		return queue.Recall{Counter: counter()}
	case "start":
		return queue.Start{Counter: counter()}
	case "done":
		return queue.Done{Counter: counter(), Outcomes: outcomes(t)}
	case "absent":
		return queue.MarkAbsent{Counter: counter()}
	case "hold":
		return queue.Hold{Counter: counter(), Reason: "modulo", For: rapid.SampledFrom([]time.Duration{0, 0, 5 * time.Minute, -1}).Draw(t, "for")}
	case "requeue":
		return queue.Requeue{Counter: counter()}
	case "transfer":
		return queue.Transfer{
			Counter: counter(), Channel: rapid.SampledFrom([]queue.ChannelID{"", "a", "b", "c", "z"}).Draw(t, "to"),
			ToCounter: rapid.SampledFrom([]queue.CounterID{"", "", "1", "2", "9"}).Draw(t, "to counter"),
			Return:    rapid.Bool().Draw(t, "return"), Outcomes: outcomes(t),
		}
	case "walkin":
		return queue.WalkIn{Counter: counter(), Ticket: fresh(), Channel: channel()}
	case "undo":
		return queue.Undo{Counter: counter()}
	case "cancel":
		return queue.Cancel{Ticket: ticket(), Reason: "rinuncia"}
	case "postpone":
		return queue.Postpone{Ticket: ticket()}
	case "reinstate":
		return queue.Reinstate{Counter: rapid.SampledFrom([]queue.CounterID{"", "1", "9"}).Draw(t, "counter"), Ticket: ticket()}
	case "configure":
		return sc.configure(t)
	case "fit":
		return queue.Fit{Channel: channel(), Fits: rapid.Bool().Draw(t, "fits")}
	case "lease", "give", "hand over":
		name := rapid.SampledFrom([]string{"t1", "t1", "t2"}).Draw(t, "totem")
		return sc.totems[name].act(t, sc, kind)
	case "printed":
		a := queue.Printed{Ticket: ticket(), Result: rapid.SampledFrom([]queue.Printing{queue.PrintYes, queue.PrintFailed, queue.PrintUnknown, "perhaps"}).Draw(t, "result")}
		a.Reason = rapid.SampledFrom([]string{"", "paper_out", "no paper"}).Draw(t, "why")
		if rapid.Bool().Draw(t, "says copy") {
			a.Copy = new(rapid.IntRange(0, 2).Draw(t, "copy"))
		}
		return a
	case "reprint":
		return queue.Reprint{
			Ticket: ticket(), Totem: rapid.SampledFrom([]string{"", "t1", "t2"}).Draw(t, "at"),
			Else: rapid.SampledFrom([]string{"", "t1"}).Draw(t, "only"), Own: rapid.SampledFrom([]string{"", "", "t1"}).Draw(t, "own"),
			Made:   rapid.SampledFrom([]queue.Printing{"", "", "", queue.PrintYes, queue.PrintUnknown, "perhaps"}).Draw(t, "made"),
			Reason: rapid.SampledFrom([]string{"", "", "", "paper_out"}).Draw(t, "why"),
		}
	case "roll":
		return sc.roll(t, channel(), fresh)
	}
	return queue.Tick{}
}

// kinds are the verbs, the usual ones more often.
var kinds = slices.Concat(
	slices.Repeat([]string{"issue"}, 10), slices.Repeat([]string{"next"}, 7), slices.Repeat([]string{"open"}, 6),
	slices.Repeat([]string{"undo", "call", "transfer", "done"}, 3), slices.Repeat([]string{"recall", "absent", "hold", "start"}, 2),
	slices.Repeat([]string{"give", "hand over"}, 3), []string{"lease", "printed", "printed", "reprint", "roll"},
	[]string{"close", "pause", "resume", "alarm", "calm", "number", "requeue", "walkin", "cancel", "reinstate", "reinstate", "configure", "tick", "fit", "fit", "postpone", "postpone"},
)

// known is what the office has of a ticket; nil: nothing.
func (sc *script) known(id queue.TicketID) *queue.Ticket {
	if sc.office == nil {
		return nil
	}
	return sc.office.Known(id)
}

// asked reports whether a totem has asked for a ticket with the id and heard no answer: it may give
// it by itself.
func (sc *script) asked(id queue.TicketID) bool {
	for _, m := range sc.totems {
		given := slices.ContainsFunc(m.queue, func(a queue.IssueOffline) bool { return a.Ticket == id })
		if given || slices.Contains(m.lost, id) {
			return true
		}
	}
	return false
}

func (sc *script) issue(t *rapid.T, by string, id queue.TicketID, channel queue.ChannelID) queue.Action {
	a := queue.Issue{Ticket: id, Channel: channel, Class: rapid.SampledFrom([]queue.Class{"", "", "", queue.Standard, queue.Priority, queue.Priority, queue.Appointment, "vip"}).Draw(t, "class")}
	if a.Class == queue.Appointment || rapid.IntRange(0, 19).Draw(t, "slot of another class") == 0 {
		a.Slot = sc.now.Add(time.Duration(rapid.IntRange(-30, 60).Draw(t, "slot")) * time.Minute)
	}
	if name, ok := strings.CutPrefix(by, "totem/"); ok {
		a.Totem, a.Print = name, true
		lost := rapid.Bool().Draw(t, "answer lost")
		if used := sc.known(id); lost && (used == nil || used.Totem == name) { // its ids are nobody else's
			sc.totems[name].lost = append(sc.totems[name].lost, id)
		}
	} else if a.Print = rapid.IntRange(0, 3).Draw(t, "print") == 0; a.Print {
		a.Printer = "t1"
	}
	return a
}

// configure draws a change: a channel less, with or without a way for those who
// wait there, a counter less, letters swapped; now and then from an old version.
func (sc *script) configure(t *rapid.T) queue.Action {
	c := *sc.config
	c.Channels, c.Counters = slices.Clone(c.Channels), slices.Clone(c.Counters)
	if rapid.Bool().Draw(t, "swap letters") {
		c.Channels[0].Letter, c.Channels[1].Letter = "B", "A"
	}
	a := queue.Configure{Config: &c, Version: sc.version}
	if rapid.Bool().Draw(t, "less channels") {
		c.Channels = c.Channels[:2]
		if rapid.Bool().Draw(t, "move") {
			a.Move = map[queue.ChannelID]queue.ChannelID{"c": rapid.SampledFrom([]queue.ChannelID{"a", "a", "z"}).Draw(t, "to")}
		}
	}
	if rapid.Bool().Draw(t, "less counters") {
		c.Counters = c.Counters[:2]
	}
	if rapid.IntRange(0, 2).Draw(t, "close") == 0 { // an extraordinary closure; the next change opens again
		c.Hours, c.Exceptions = calendar.Week{}, nil
		for i := range c.Channels {
			c.Channels[i].Hours = nil
		}
	}
	switch rapid.IntRange(0, 5).Draw(t, "bad") {
	case 0:
		a.Version++
	case 1:
		c.TimeZone = "Marte/Olympus"
	}
	return a
}

func outcomes(t *rapid.T) []queue.Outcome {
	return rapid.SampledFrom([][]queue.Outcome{
		nil, nil,
		{{Service: "carta", Quantity: 1}},
		{{Service: "atto", Quantity: 999}, {Service: "carta", Quantity: 2}},
		{{Service: "carta", Quantity: 0}},
		{{Service: "niente", Quantity: 1}},
	}).Draw(t, "outcomes")
}

// history plays a whole drawn history and shows every step to see, with the state's
// JSON as it was if before is set; the clock is one that goes wrong if wild is.
func history(t *rapid.T, morning time.Time, steps int, before, wild bool, see func(s *queue.State, c queue.Command, now time.Time, was []byte, events []queue.Event, a queue.Answer, err error)) *queue.State {
	sc, setup := begin(t, morning)
	sc.wild = wild
	s := new(queue.State)
	sc.office = s
	play := func(c queue.Command, now time.Time) {
		var was []byte
		if before {
			was = stateJSON(t, s)
		}
		events, a, err := s.Execute(c, now)
		if s.Config != nil {
			sc.version = s.Config.Version
		}
		see(s, c, now, was, events, a, err)
	}
	play(setup, morning)
	for range steps {
		c, now := sc.step(t)
		play(c, now)
	}
	return s
}

// failer is what both kinds of tests can do.
type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

func stateJSON(t failer, s *queue.State) []byte {
	t.Helper()
	b, err := json.Marshal(s)
	if err != nil {
		t.Fatalf("marshal the state: %v", err)
	}
	return b
}

// codeOf gives the code of a refusal, "" for none; any other error fails.
func codeOf(t failer, err error) queue.Code {
	t.Helper()
	if err == nil {
		return ""
	}
	r, ok := errors.AsType[*queue.Refusal](err)
	if !ok {
		t.Fatalf("an error that is no refusal: %v", err)
	}
	whole(t, words.Refusal(r))
	for _, f := range r.Faults {
		whole(t, words.Fault(f))
	}
	return r.Code
}

// whole checks that a sentence is there in every language, with all that it names.
func whole(t failer, said queue.Text) {
	t.Helper()
	for _, lang := range words.Languages {
		if s := said[lang]; !strings.Contains(s, " ") && s != "Chiuso." && s != "Closed." || strings.ContainsAny(s, "{}") || strings.Contains(s, "%!") {
			t.Fatalf("not a whole sentence in %s: %q", lang, s)
		}
	}
}

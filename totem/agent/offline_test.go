package agent_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/totem/agent"
	"github.com/eliminacode/eliminacode/totem/escpos"
)

// checkHanded checks that the office has each ticket once, with the number that its holder saw, at
// the time at which it was given.
func checkHanded(k *kiosk, s *town, given ...paper) {
	k.Helper()
	k.online()
	events := s.events(queue.TicketIssued, queue.TicketRenumbered)
	last := map[queue.TicketID]string{}
	issued := map[queue.TicketID]int{}
	var order, want []queue.TicketID
	for _, e := range events {
		last[e.Ticket] = e.Number
		if e.Kind == queue.TicketIssued {
			issued[e.Ticket]++
		}
		if e.Offline {
			order = append(order, e.Ticket)
		}
	}
	for _, p := range given {
		if last[p.ID] != p.Number || issued[p.ID] != 1 {
			k.Errorf("the office has ticket %s as %q, %d times; its holder saw %s", p.ID, last[p.ID], issued[p.ID], p.Number)
		}
		t := s.ticket(string(p.ID))
		if t == nil {
			k.Errorf("the office doesn't know %s any more", p.Number)
			continue
		}
		if d := t.Issued.Sub(p.IssuedAt); d.Abs() > 2*time.Second {
			k.Errorf("%s was given at %v, for the office at %v", p.Number, p.IssuedAt, t.Issued)
		}
		if t.Offline && !slices.ContainsFunc(events, func(e queue.Event) bool { return e.Ticket == p.ID && e.Kind == queue.TicketRenumbered }) {
			want = append(want, p.ID)
		}
	}
	order = slices.DeleteFunc(order, func(id queue.TicketID) bool { return !slices.Contains(want, id) })
	if !slices.Equal(order, want) {
		k.Errorf("handed over in the order %v, given in %v", order, want)
	}
}

// TestServerDown cuts the link: the agent goes on by its own numbers, says so, and hands everything
// over once it is back. Online numbers go on without a gap.
func TestServerDown(t *testing.T) {
	t.Parallel()
	s := newTown(t)
	k := newKiosk(s)
	k.online()
	first := k.take("1")
	s.set(cut)
	k.offline()
	second, third := k.take("2"), k.takeFor("3", "protocollo")
	if first.Number != "A001" || first.Offline || second.Number != "A900" || !second.Offline || third.Number != "P900" {
		t.Errorf("given were %s, %s and %s", first.Number, second.Number, third.Number)
	}
	if st := k.status(); st.Unsent != 2 || st.Left["A"] != 99 {
		t.Errorf("while the server is away: %+v", st)
	}
	if again := k.take("2"); again.ID != second.ID || again.Number != second.Number {
		t.Errorf("the same key got %s, then %s", second.Number, again.Number)
	}
	if r := k.ask("2", "protocollo"); r.status != http.StatusUnprocessableEntity {
		t.Errorf("the same key for something else: %s", r.code())
	}
	s.set(none)
	checkHanded(k, s, first, second, third)
	if fourth := k.take("4"); fourth.Number != "A002" || fourth.Offline {
		t.Errorf("then %s", fourth.Number)
	}
	k.until("printed", func() bool { return len(k.printer.printed()) == 4 })
	if got := k.printer.printed(); !slices.Equal(got, []string{"A001", "A900", "P900", "A002"}) {
		t.Errorf("on paper: %v", got)
	}
	k.until("told", func() bool { return s.ticket(string(second.ID)).Printed == queue.PrintYes })
}

// TestServerHangs has the server take requests and answer none: one citizen waits, in vain, and the
// next ones don't.
func TestServerHangs(t *testing.T) {
	t.Parallel()
	s := newTown(t)
	k := newKiosk(s)
	k.online()
	s.mu.Lock()
	s.fault = hangs // connections stay
	s.mu.Unlock()
	p := k.take("1")
	if again := k.take("2"); !p.Offline || !again.Offline {
		t.Errorf("offline %v, the next one %v", p.Offline, again.Offline)
	}
	if n := s.hanging(); n > 1 { // 0: the session noticed before anybody asked
		t.Errorf("%d citizens waited for the server", n)
	}
	s.set(cut)
	s.set(none)
	checkHanded(k, s, p)
}

// TestServerRefuses has the server, or what is before it, say that it isn't available.
func TestServerRefuses(t *testing.T) {
	t.Parallel()
	s := newTown(t)
	k := newKiosk(s)
	k.online()
	s.set(refuses)
	p := k.take("1")
	if !p.Offline {
		t.Error("the ticket isn't the agent's own")
	}
	s.set(none)
	checkHanded(k, s, p)
}

// TestAnswerLost loses the answer to a ticket that the server gave: its holder has the agent's
// number, and there is one ticket, with that.
func TestAnswerLost(t *testing.T) {
	t.Parallel()
	s := newTown(t)
	k := newKiosk(s)
	k.online()
	s.set(loses)
	p := k.take("1")
	if !p.Offline || s.lostAnswers() == 0 {
		t.Fatalf("offline %v, %d answers lost", p.Offline, s.lostAnswers())
	}
	s.set(none)
	checkHanded(k, s, p)
	if got := s.events(queue.TicketRenumbered); len(got) != 1 || got[0].Number != p.Number {
		t.Errorf("renumbered: %+v", got)
	}
	if got := k.printer.printed(); !slices.Equal(got, []string{p.Number}) {
		t.Errorf("on paper: %v", got)
	}
	if p := k.take("2"); p.Number != "A002" {
		t.Errorf("the next number online is %s, want A002", p.Number)
	}
}

// TestMovedToAnotherOffice pairs a totem with another office while it has a ticket that nobody has
// heard of: it isn't called there, where its holder isn't, and the totem says that it wasn't taken.
func TestMovedToAnotherOffice(t *testing.T) {
	t.Parallel()
	s := newTown(t)
	s.must(s.engine.Create(t.Context(), "cascine", queue.Default()))
	k := newKiosk(s, func(o *agent.Options) { o.Token = s.pair("totem") })
	k.online()
	s.set(cut)
	k.offline()
	p := k.take("1")
	k.restart(func(o *agent.Options) { o.Token = s.pairWith("cascine", "totem") })
	s.set(none)
	k.online()
	s.must(s.engine.Read(t.Context(), "cascine", func(st *queue.State, _ time.Time) {
		if st.Known(p.ID) != nil {
			t.Errorf("%s is in the other office's queue", p.Number)
		}
	}))
	if got := k.status().Refused; len(got) != 1 || got[0].Number != p.Number || got[0].Reason != "other_office" {
		t.Errorf("refused: %+v", got)
	}
	if next := k.take("2"); next.Offline || next.Number != "A001" {
		t.Errorf("in the other office: %s", next.Number)
	}
}

// TestWishOffline wants what the server would refuse to be refused without it too: it would refuse
// the ticket later, when its holder has gone to sit down.
func TestWishOffline(t *testing.T) {
	t.Parallel()
	s := newTown(t)
	k := newKiosk(s)
	k.online()
	wishes := []map[string]string{
		{"channel": "anagrafe", "language": "x"},
		{"channel": "anagrafe", "language": "it@"},
		{"channel": "anagrafe", "class": "first"},
		{"channel": "bar"},
		{"channel": ""},
	}
	var with []string
	for _, w := range wishes {
		with = append(with, k.do(http.MethodPost, "/api/v1/tickets", w).code())
	}
	s.set(cut)
	k.offline()
	for i, w := range wishes {
		if got := k.do(http.MethodPost, "/api/v1/tickets", w).code(); got != with[i] {
			t.Errorf("%q: with the server %s, without it %s", w, with[i], got)
		}
	}
}

// TestLeaseLost loses the answers by which a new totem gets its numbers: it gets the same ones each
// time that it asks.
func TestLeaseLost(t *testing.T) {
	t.Parallel()
	s := newTown(t)
	s.set(loses)
	k := newKiosk(s)
	k.until("some answers lost", func() bool { return s.lostAnswers() > 2 })
	s.set(none)
	k.online()
	if got := s.events(queue.NumbersLeased); len(got) != 1 {
		t.Errorf("numbers were reserved %d times", len(got))
	}
	s.set(cut)
	k.offline()
	if p := k.take("1"); p.Number != "A900" {
		t.Errorf("the first number is %s", p.Number)
	}
}

// TestRestartOffline ends the agent while the server is away, in order or not: it knows all that it
// knew.
func TestRestartOffline(t *testing.T) {
	t.Parallel()
	for name, again := range map[string]func(*kiosk){"restarted": func(k *kiosk) { k.restart() }, "killed": (*kiosk).kill} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newTown(t)
			k := newKiosk(s)
			k.online()
			s.set(cut)
			k.offline()
			first := k.take("1")
			k.until("printed", func() bool { return k.ticket(string(first.ID)).Printed == "yes" })
			again(k)
			begin := time.Now()
			same, second := k.take("1"), k.take("2")
			if took := time.Since(begin); took > 5*time.Second {
				t.Errorf("after the start it took %v", took)
			}
			if same.ID != first.ID || same.Number != first.Number || second.Number != "A901" {
				t.Errorf("before %s, then %s and %s", first.Number, same.Number, second.Number)
			}
			if d := second.IssuedAt.Sub(s.now()); d.Abs() > 10*time.Second {
				t.Errorf("the agent is %v off", d)
			}
			k.until("printed", func() bool { return k.ticket(string(second.ID)).Printed == "yes" })
			again(k)
			s.set(none)
			checkHanded(k, s, first, second)
			if got := k.printer.printed(); len(got) != 2 {
				t.Errorf("on paper: %v", got)
			}
		})
	}
}

// TestRestartAfterOnline asks again, without the server, for a ticket that the server gave before
// the agent was restarted: the answer is that one.
func TestRestartAfterOnline(t *testing.T) {
	t.Parallel()
	s := newTown(t)
	k := newKiosk(s)
	k.online()
	first := k.take("1")
	s.set(cut)
	k.restart()
	if again := k.take("1"); again.Number != first.Number || again.Offline {
		t.Errorf("%s, then %s", first.Number, again.Number)
	}
	if got := k.printer.printed(); len(got) != 1 {
		t.Errorf("on paper: %v", got)
	}
}

// TestRestartWhilePrinting ends the agent in the middle of a job: what became of it isn't known,
// the server hears so, and it isn't printed again.
func TestRestartWhilePrinting(t *testing.T) {
	t.Parallel()
	s := newTown(t)
	k := newKiosk(s)
	k.online()
	release := k.printer.hold()
	first := k.take("1")
	s.set(cut)
	k.offline()
	second := k.take("2")
	k.until("printing", func() bool { return len(k.printer.printed()) == 1 })
	k.stop()
	release()
	k.start()
	if p := k.take("1"); p.Printed != "unknown" {
		t.Errorf("printed: %s", p.Printed)
	}
	s.set(none)
	checkHanded(k, s, first, second)
	for _, p := range []paper{first, second} {
		k.until("told", func() bool { return s.ticket(string(p.ID)).Printed == queue.PrintUnknown })
	}
	if got := k.printer.printed(); len(got) > 2 {
		t.Errorf("on paper: %v", got)
	}
}

// TestStopWhileAsking ends the agent while the server is being asked for a ticket: whoever asked
// has it, on paper.
func TestStopWhileAsking(t *testing.T) {
	t.Parallel()
	s := newTown(t)
	k := newKiosk(s)
	k.online()
	s.mu.Lock()
	s.fault = hangs // connections stay
	s.mu.Unlock()
	got := make(chan reply, 1)
	go func() { got <- k.ask("1", "anagrafe") }()
	k.until("the server being asked", func() bool { return s.hanging() > 0 })
	k.stop()
	var p paper
	if err := json.Unmarshal((<-got).body, &p); err != nil || p.Number == "" {
		t.Fatalf("%+v, %v; want a ticket", p, err)
	}
	if got := k.printer.printed(); len(got) != 1 || got[0] != p.Number {
		t.Errorf("on paper: %v, want %s", got, p.Number)
	}
}

// TestLeaseUsedUp gives all numbers that the totem has: then it says so.
func TestLeaseUsedUp(t *testing.T) {
	t.Parallel()
	s := newTown(t)
	s.configure(func(c *queue.Config) { c.Policy.OfflineNumbers = 3 })
	k := newKiosk(s)
	k.online()
	s.set(cut)
	k.offline()
	var given []paper
	for i := range 3 {
		given = append(given, k.take(fmt.Sprint(i)))
	}
	if r := k.ask("more", "anagrafe"); r.code() != "503 unavailable offline_numbers_gone" {
		t.Errorf("once they are gone: %s", r.code())
	}
	if k.status().Left["A"] != 0 {
		t.Errorf("left: %v", k.status().Left)
	}
	given = append(given, k.takeFor("other", "protocollo"))
	s.set(none)
	checkHanded(k, s, given...)
	if p := k.take("more"); p.Number != "A001" {
		t.Errorf("with the server: %s", p.Number)
	}
	s.pass(24 * time.Hour)
	s.set(cut)
	k.offline()
	s.set(none)
	k.online() // it hears the time
	s.set(cut)
	k.offline()
	if p := k.take("tomorrow"); p.Number != given[0].Number {
		t.Errorf("on the next day: %s", p.Number)
	}
}

// TestAnswerLostWithoutNumbers loses the answer to a ticket while the totem has no number of its
// own: the server takes back what nobody holds, and whoever asks again gets another.
func TestAnswerLostWithoutNumbers(t *testing.T) {
	t.Parallel()
	s := newTown(t)
	s.configure(func(c *queue.Config) { c.Policy.OfflineNumbers = 1 })
	k := newKiosk(s)
	k.online()
	s.set(cut)
	k.offline()
	first := k.take("1")
	s.set(none)
	k.online()
	s.set(loses)
	for range 2 {
		if r := k.ask("2", "anagrafe"); r.code() != "503 unavailable offline_numbers_gone" {
			t.Errorf("without a number: %s", r.code())
		}
	}
	if s.lostAnswers() == 0 {
		t.Fatal("no answer was lost")
	}
	k.restart()
	s.set(none)
	k.online()
	k.until("taken back", func() bool { return len(s.events(queue.TicketCancelled)) == 1 })
	second, again := k.take("2"), k.take("2")
	if second.Number != "A002" || again.ID != second.ID || again.State != queue.Waiting {
		t.Errorf("then %s, %s and %+v", first.Number, second.Number, again)
	}
	checkHanded(k, s, first, second)
	k.until("printed", func() bool { return len(k.printer.printed()) == 2 })
	if got := k.printer.printed(); !slices.Equal(got, []string{first.Number, second.Number}) {
		t.Errorf("on paper: %v", got)
	}
}

// TestConfigurationOld gives tickets of channels that the office has meanwhile dropped: they wait
// in the channel that has the letter now, else in the first.
func TestConfigurationOld(t *testing.T) {
	t.Parallel()
	s, k := newCutOff(t)
	s.configure(func(c *queue.Config) {
		gone := func(id queue.ChannelID) bool { return id == "altri-servizi" || id == "protocollo" }
		for _, ch := range c.Channels {
			if ch.ID == "protocollo" {
				ch.ID = "registrazioni"
				c.Channels = append(c.Channels, ch)
			}
		}
		c.Channels = slices.DeleteFunc(c.Channels, func(c queue.Channel) bool { return gone(c.ID) })
		c.Services = slices.DeleteFunc(c.Services, func(sv queue.Service) bool { return gone(sv.Channel) })
		for i := range c.Counters {
			c.Counters[i].Serves = slices.DeleteFunc(c.Counters[i].Serves, func(sv queue.Serve) bool { return gone(sv.Channel) })
		}
		for i := range c.Displays {
			c.Displays[i].Channels = slices.DeleteFunc(c.Displays[i].Channels, gone)
		}
	})
	lettered, other := k.takeFor("1", "protocollo"), k.takeFor("2", "altri-servizi")
	s.set(none)
	checkHanded(k, s, lettered, other)
	for want, p := range map[queue.ChannelID]paper{"registrazioni": lettered, "anagrafe": other} {
		if t := s.ticket(string(p.ID)); t.State != queue.Waiting || t.Channel != want {
			k.Errorf("%s is %s in %s, want it to wait in %s", p.Number, t.State, t.Channel, want)
		}
	}
	if r := k.ask("3", "altri-servizi"); r.code() != "404 unknown_channel unknown_channel" {
		t.Errorf("once the configuration is new: %s", r.code())
	}
}

// TestClockSetWhileRunning sets the machine's clock at a kiosk that is at work: neither the times
// nor the numbers heed it, whether the server is there or not, nor what it is told afterwards.
func TestClockSetWhileRunning(t *testing.T) {
	t.Parallel()
	s := newTown(t)
	var set atomic.Int64 // by how much, a duration
	k := newKiosk(s, func(o *agent.Options) {
		o.Wall = func() time.Time { return s.now().Add(time.Duration(set.Load())) }
	})
	k.online()
	var given []paper
	take := func() {
		t.Helper()
		p := k.take(fmt.Sprint(len(given)))
		if d := s.now().Sub(p.IssuedAt); d.Abs() > 5*time.Second {
			t.Errorf("%s was given %v ago", p.Number, d)
		}
		given = append(given, p)
	}
	for _, step := range []time.Duration{time.Hour, -3 * time.Hour, 26 * time.Hour, -70 * 365 * 24 * time.Hour, 10 * 365 * 24 * time.Hour, 0} {
		set.Store(int64(step))
		take()
		s.set(cut)
		k.offline()
		take()
		set.Store(-int64(step))
		take()
		s.set(none)
		k.online() // what it notes of the machine's clock, it notes now
		take()
	}
	want := []string{
		"A001", "A900", "A901", "A002", "A003", "A902", "A903", "A004", "A005", "A904", "A905", "A006",
		"A007", "A906", "A907", "A008", "A009", "A908", "A909", "A010", "A011", "A910", "A911", "A012",
	}
	var numbers []string
	for _, p := range given {
		numbers = append(numbers, p.Number)
	}
	if !slices.Equal(numbers, want) {
		t.Errorf("numbers %v, want %v", numbers, want)
	}
	checkHanded(k, s, given...)
}

// TestClockWrong restarts the agent, without the server, on a machine whose clock has gone wrong:
// the paper's time is the best guess, no number comes twice, and the office hears the true time.
func TestClockWrong(t *testing.T) {
	t.Parallel()
	for name, wall := range map[string]time.Time{
		"battery": time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC),
		"future":  time.Date(2036, 5, 1, 12, 0, 0, 0, time.UTC),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newTown(t)
			k := newKiosk(s)
			k.online()
			s.set(cut)
			k.offline()
			first := k.take("1")
			s.pass(20 * time.Minute)
			k.restart(func(o *agent.Options) { o.Wall = func() time.Time { return wall } })
			second := k.take("2")
			if second.Number != "A901" || second.IssuedAt.Before(first.IssuedAt.Add(-time.Second)) || second.IssuedAt.After(s.now()) {
				t.Errorf("given at %v as %s, after %v", second.IssuedAt, second.Number, first.IssuedAt)
			}
			s.set(none)
			k.online()
			if d := s.now().Sub(s.ticket(string(second.ID)).Issued); d.Abs() > 10*time.Second {
				t.Errorf("for the office it was given %v before now", d)
			}
		})
	}
}

// TestDayEnded hands over on the next day what was given before: it is recorded in its day, and the
// numbers begin anew.
func TestDayEnded(t *testing.T) {
	t.Parallel()
	s, k := newCutOff(t)
	p := k.take("1")
	s.pass(24 * time.Hour)
	s.set(none)
	k.online()
	if got := s.ticket(string(p.ID)); got == nil || got.State != queue.Expired || got.Issued.Sub(p.IssuedAt).Abs() > 2*time.Second {
		t.Errorf("the office has of %s, given at %v: %+v", p.Number, p.IssuedAt, got)
	}
	s.set(cut)
	k.offline()
	next := k.take("2")
	if next.Number != "A900" || next.ID == p.ID {
		t.Errorf("on the next day: %s", next.Number)
	}
	s.set(none)
	checkHanded(k, s, next)
}

// TestPairedAgain takes the kiosk's right away: it gives nothing more, shows a code, and once it is
// confirmed as another totem hands over what it has. Its numbers are new ones.
func TestPairedAgain(t *testing.T) {
	t.Parallel()
	s := newTown(t)
	token := s.pair("totem")
	k := newKiosk(s, func(o *agent.Options) { o.Token = token })
	k.online()
	s.set(cut)
	k.offline()
	p := k.take("1")
	var devices []struct{ ID, Kind string }
	s.call(http.StatusOK, http.MethodGet, "/devices", nil, &devices)
	for _, d := range devices {
		if d.Kind == "totem" && d.ID != "" {
			s.call(http.StatusNoContent, http.MethodDelete, "/devices/"+d.ID, nil, nil)
		}
	}
	s.set(none)
	k.until("unpaired", func() bool { return !k.status().Paired })
	if r := k.ask("2", "anagrafe"); r.code() != "503 unavailable totem_unpaired" {
		t.Errorf("not paired: %s", r.code())
	}
	if r := k.do(http.MethodGet, "/api/v1/ws?view=totem", nil); r.status != http.StatusUnauthorized {
		t.Errorf("the view of a kiosk that isn't paired: %s", r.code())
	}
	k.confirm(s, "other")
	checkHanded(k, s, p)
	if next := k.take("3"); next.Offline {
		t.Error("the next ticket isn't the server's")
	}
	s.set(cut)
	k.offline()
	if next := k.take("4"); next.Number != "A800" {
		t.Errorf("without the server, as another totem: %s", next.Number)
	}
	s.set(none)
	k.restart() // with the refused token still in its settings
	k.online()
}

// TestWithoutPrinter gives tickets without any printer.
func TestWithoutPrinter(t *testing.T) {
	t.Parallel()
	s := newTown(t)
	k := newKiosk(s)
	k.printer.be(escpos.Status{State: escpos.StateNone, Reason: escpos.ReasonNoPrinter}, escpos.Outcome{Result: escpos.Failed})
	k.online()
	first := k.take("1")
	s.set(cut)
	k.offline()
	second := k.take("2")
	if first.Printed != "no" || second.Printed != "no" || len(k.printer.printed()) > 0 {
		t.Errorf("printed: %s, %s; jobs %v", first.Printed, second.Printed, k.printer.printed())
	}
	s.set(none)
	checkHanded(k, s, first, second)
}

// TestClockSetBack has the server's clock be set back a little while the link is cut in between:
// who came later is later.
func TestClockSetBack(t *testing.T) {
	t.Parallel()
	s, k := newCutOff(t)
	first := k.take("1")
	s.pass(-5 * time.Second)
	k.reconnect(s)
	second := k.take("2")
	if second.IssuedAt.Before(first.IssuedAt) {
		t.Errorf("the first one at %v, the second at %v", first.IssuedAt, second.IssuedAt)
	}
	s.set(none)
	k.online()
	s.inOrder(first, second)
}

// TestClockSetBackAfterAGuess has the agent guess the time of a ticket, and the server's clock be
// set back a little before it hears of it: who came later is later.
func TestClockSetBackAfterAGuess(t *testing.T) {
	t.Parallel()
	s, k := newCutOff(t)
	s.pass(20 * time.Second) // since it has its numbers
	k.reconnect(s)
	first := k.take("1")
	k.restart()
	second := k.take("2")
	s.pass(-5 * time.Second)
	s.set(none)
	k.online()
	s.inOrder(first, second)
}

// TestClockMovesAfterAGuess has the agent hear the time twice before it can hand over what it gave
// by a guess, and the server's clock be moved in between: who came later is later.
func TestClockMovesAfterAGuess(t *testing.T) {
	t.Parallel()
	s, k := newCutOff(t)
	s.pass(20 * time.Second) // since it has its numbers
	k.reconnect(s)
	k.restart()
	first := k.take("1")
	k.restart()
	s.pass(-time.Second)
	s.answerFor(http.StatusBadGateway, "/tickets")
	k.until("told the time, and can't hand over", func() bool { return s.answeredFor() > 2 })
	second := k.take("2")
	if !first.Offline || !second.Offline {
		t.Fatalf("given without the server: %v, %v", first.Offline, second.Offline)
	}
	s.pass(5 * time.Second)
	s.set(none)
	k.until("handed over", func() bool { return k.status().Unsent == 0 })
	s.inOrder(first, second)
}

// TestHandOverRefused has the office refuse a ticket that the totem gave without it: nobody is told
// that it was handed over, the ones after it are, and whoever looks after the totem hears of it
// until it is of no use.
func TestHandOverRefused(t *testing.T) {
	t.Parallel()
	s := newTown(t)
	token := s.pair("t1")
	k := newKiosk(s, func(o *agent.Options) { o.Token = token })
	k.online()
	s.set(cut)
	k.offline()
	refused := k.take("1")
	s.call(http.StatusCreated, http.MethodPost, "/tickets/offline?totem=forger", map[string]any{
		"ticket": "AAAAAAAAAAAAAAAAAAAAAAAAAA", "number": refused.Number, "channel": "anagrafe", "issued_at": s.now().Format(time.RFC3339), "printed": "yes",
	}, nil)
	taken := k.take("2")
	if st := k.status(); st.Unsent != 2 || len(st.Refused) != 0 {
		t.Errorf("while the server is away: unsent %d, refused %v", st.Unsent, st.Refused)
	}
	type told struct{ Number, Reason, Message string }
	shown := func() (list []told) {
		t.Helper()
		var devices []struct {
			Unsent  int
			Refused []told
		}
		s.call(http.StatusOK, http.MethodGet, "/devices", nil, &devices)
		for _, d := range devices {
			list = append(list, d.Refused...)
		}
		return list
	}
	want := told{refused.Number, "number_used", "Il numero A900 è già di un altro biglietto."}
	s.set(none)
	checkHanded(k, s, taken)
	if s.ticket(string(refused.ID)) != nil {
		t.Fatal("the office has taken what it was to refuse")
	}
	for _, when := range []string{"at once", "after a restart"} {
		st := k.status()
		if len(st.Refused) != 1 || st.Refused[0].Number != refused.Number || st.Refused[0].Reason != "number_used" || !st.Refused[0].IssuedAt.Equal(refused.IssuedAt) || st.Unsent != 0 {
			t.Errorf("%s: unsent %d, refused %+v", when, st.Unsent, st.Refused)
		}
		k.until("told", func() bool { return slices.Equal(shown(), []told{want}) })
		k.restart()
		k.online()
	}
	s.set(cut)
	k.offline()
	s.pass(49 * time.Hour)
	s.set(none)
	k.until("forgotten", func() bool { return len(k.status().Refused) == 0 && len(shown()) == 0 })
}

package forecast_test

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/eliminacode/eliminacode/pkg/engine"
	"github.com/eliminacode/eliminacode/pkg/estimate"
	"github.com/eliminacode/eliminacode/pkg/forecast"
	"github.com/eliminacode/eliminacode/pkg/journal"
	"github.com/eliminacode/eliminacode/pkg/journal/journaltest"
	"github.com/eliminacode/eliminacode/pkg/journal/sqlite"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

var monday = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// bench is an office whose waits are forecast, played by hand.
type bench struct {
	t       *testing.T
	state   *queue.State
	of      *forecast.Forecasts
	also    *forecast.Forecasts // another server's
	changes int                 // how often tickets ended, or were given again
	wanted  chan queue.Action
	told    atomic.Int32 // how often other waits were
	end     context.CancelFunc
	ended   chan struct{}
}

// begin runs forecasts of a store in a bubble of time.
func begin(t *testing.T, j *sqlite.Journal, s *queue.State) *bench {
	t.Helper()
	b := &bench{t: t, state: s, wanted: make(chan queue.Action, 100), ended: make(chan struct{})}
	b.of = forecast.New(forecast.Options{
		Do: func(_ context.Context, _ string, c queue.Command) error {
			b.wanted <- c.Do
			return nil
		},
		DB: j.DB(), Visits: j.Visits, Told: func(context.Context, string) { b.told.Add(1) }, Now: time.Now, Log: slog.New(slog.DiscardHandler),
	})
	ctx, cancel := context.WithCancel(t.Context())
	b.end = cancel
	go func() {
		defer close(b.ended)
		b.of.Run(ctx)
	}()
	return b
}

func (b *bench) do(actions ...queue.Action) {
	b.t.Helper()
	for _, a := range actions {
		events, _, err := b.state.Execute(queue.Command{By: "dev", Do: a}, time.Now())
		if err != nil {
			b.t.Fatalf("%T: %v", a, err)
		}
		for _, e := range events {
			if e.Kind == queue.ChannelFilled || e.Kind == queue.ChannelFreed {
				b.changes++
			}
		}
		c := engine.Change{Office: "urp", State: b.state, Now: time.Now(), Events: events}
		b.of.Changed(c)
		if b.also != nil {
			b.also.Changed(c)
		}
	}
	synctest.Wait()
}

// wait lets time pass, and then has the office do what the forecasts want done.
func (b *bench) wait(d time.Duration) {
	b.t.Helper()
	time.Sleep(d)
	synctest.Wait()
	for {
		select {
		case a := <-b.wanted:
			b.do(a)
		default:
			return
		}
	}
}

func (b *bench) stop() {
	b.end()
	<-b.ended
}

func open(t *testing.T) *sqlite.Journal {
	t.Helper()
	j, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "eliminacode.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return j
}

// office is one in the middle of its day.
func office(t *testing.T) *queue.State {
	t.Helper()
	s := new(queue.State)
	cfg := queue.Default()
	cfg.Hours.Sat = cfg.Hours.Mon
	if _, _, err := s.Execute(queue.Command{By: "dev", Do: queue.Configure{Config: cfg}}, time.Now()); err != nil {
		t.Fatal(err)
	}
	return s
}

func now(b *bench) (estimate.Wait, bool) {
	w, ok := b.of.Waits("urp").Now["anagrafe"][queue.Standard]
	return w, ok
}

// TestForecasts has waits follow an office: what happens, and time alone.
func TestForecasts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(monday))
		j := open(t)
		defer j.Close()
		s := office(t)
		b := begin(t, j, s)
		defer b.stop()
		b.do(queue.Issue{Ticket: "x", Channel: "anagrafe"})
		if w, ok := now(b); ok {
			t.Errorf("nobody is at the counters, and it says %v", w)
		}
		b.do(queue.Open{Counter: "1"})
		b.wait(time.Second)
		first, ok := now(b)
		if !ok || b.told.Load() == 0 {
			t.Fatalf("%v is said, %d times it is told", first, b.told.Load())
		}
		for i := range 12 {
			b.do(queue.Issue{Ticket: queue.TicketID(rune('a' + i)), Channel: "anagrafe"})
		}
		b.wait(time.Second)
		more, _ := now(b)
		if more.Likely < first.Likely+20*time.Minute {
			t.Errorf("behind twelve more it takes %v instead of %v", more.Likely, first.Likely)
		}
		b.do(queue.Next{Counter: "1"})
		b.wait(time.Second)
		before := b.of.Waits("urp").Tickets["a"]
		b.wait(3 * time.Minute)
		if after := b.of.Waits("urp").Tickets["a"]; after.Likely >= before.Likely {
			t.Errorf("three minutes later it takes %v, and before %v", after.Likely, before.Likely)
		}
		b.of.Lost("urp")
		if w, ok := now(b); ok {
			t.Errorf("the journal can't be read, and it says %v", w)
		}
	})
}

// TestLearnedIsKept has an office stop and start: what it has learned it knows.
func TestLearnedIsKept(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(monday))
		j := open(t)
		defer j.Close()
		s := office(t)
		b := begin(t, j, s)
		b.do(queue.Open{Counter: "1"})
		serve := func(n int, lasts time.Duration) {
			for range n {
				b.do(queue.Issue{Ticket: queue.TicketID(time.Now().String()), Channel: "anagrafe"}, queue.Next{Counter: "1"})
				time.Sleep(lasts)
			}
		}
		serve(25, 20*time.Minute) // as nobody would have thought
		b.do(queue.Issue{Ticket: "x", Channel: "anagrafe"})
		b.wait(time.Second)
		before, _ := now(b)
		b.stop()
		b = begin(t, j, s)
		b.do(queue.Issue{Ticket: "y", Channel: "anagrafe"}, queue.Cancel{Ticket: "y"})
		b.wait(time.Second)
		after, ok := now(b)
		b.stop()
		if !ok || after.Likely < before.Likely*3/4 || before.Likely < 15*time.Minute {
			t.Errorf("before the stop it took %v, after it %v", before.Likely, after.Likely)
		}
	})
}

// fitting is an office whose second channel gives tickets to who will be served before it closes,
// each visit taking so long.
func fitting(t *testing.T, lasts queue.Seconds) *queue.State {
	t.Helper()
	s := office(t)
	cfg := *s.Config
	cfg.Channels = slices.Clone(cfg.Channels)
	cfg.Channels[1].FitHours, cfg.Channels[1].ServiceTime = true, lasts
	if _, _, err := s.Execute(queue.Command{By: "dev", Do: queue.Configure{Config: &cfg, Version: cfg.Version}}, time.Now()); err != nil {
		t.Fatal(err)
	}
	return s
}

// TestLastUsefulTicket has more people come towards closing time than can be served: tickets end,
// it is said half an hour ahead, and they are given again when many leave.
func TestLastUsefulTicket(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(time.Date(2026, 3, 2, 15, 0, 0, 0, time.UTC))) // it closes at 17:30 UTC
		j := open(t)
		defer j.Close()
		s := fitting(t, 600)
		b := begin(t, j, s)
		defer b.stop()
		b.do(queue.Open{Counter: "1"})
		var given []queue.TicketID
		said, free := false, true
		for time.Now().UTC().Hour() < 17 && free { // one every three minutes, each taking ten
			id := queue.TicketID(fmt.Sprint(len(given)))
			if s.Issuable("anagrafe", time.Now()) == nil {
				b.do(queue.Issue{Ticket: id, Channel: "anagrafe"})
				given = append(given, id)
			} else {
				free = false
			}
			if s.Current("1") == nil || len(given)%4 == 0 {
				b.do(queue.Next{Counter: "1"})
			}
			b.wait(3 * time.Minute)
			fit := b.of.Waits("urp").Fits["anagrafe"]
			said = said || free && fit.Now >= 0.9 && fit.Soon < 0.9
		}
		if free || len(given) < 5 || !said {
			t.Fatalf("%d tickets were given, and that they end soon was said: %v", len(given), said)
		}
		for _, id := range given {
			if s.Tickets[id].State == queue.Waiting {
				b.do(queue.Cancel{Ticket: id})
			}
		}
		b.wait(time.Second)
		if s.Issuable("anagrafe", time.Now()) == nil {
			t.Error("tickets are given as soon as they have ended")
		}
		b.wait(6 * time.Minute)
		if r := s.Issuable("anagrafe", time.Now()); r != nil {
			t.Errorf("nobody waits any more, and no tickets are given: %v", r)
		}
	})
}

// TestTwoServers has two servers of an office disagree about who will be served before it closes:
// they don't contradict each other all the time.
func TestTwoServers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(monday))
		knows, other := open(t), open(t)
		defer knows.Close()
		defer other.Close()
		s := fitting(t, 300)
		b := begin(t, knows, s)
		b.do(queue.Open{Counter: "1"})
		for i := range 15 { // as the other server won't hear
			b.do(queue.Issue{Ticket: queue.TicketID(fmt.Sprint("slow", i)), Channel: "anagrafe"}, queue.Next{Counter: "1"})
			b.wait(20 * time.Minute)
		}
		second := begin(t, other, s)
		b.also = second.of
		second.wanted = b.wanted
		defer b.stop()
		defer second.stop()
		for i := range 9 {
			b.do(queue.Issue{Ticket: queue.TicketID(fmt.Sprint(i)), Channel: "anagrafe"})
		}
		b.changes = 0
		for range 240 {
			b.wait(15 * time.Second)
		}
		if b.changes < 4 || b.changes > 26 {
			t.Errorf("in an hour tickets ended, or were given again, %d times", b.changes)
		}
	})
}

// TestLearnsFromTheJournal has an office be brought up to date that has been in use for days: what
// its visits were like is known at once.
func TestLearnsFromTheJournal(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(monday))
		j := open(t)
		defer j.Close()
		o := journaltest.NewOffice("urp")
		do := func(batch journal.Batch) {
			if err := j.Append(t.Context(), batch); err != nil {
				t.Fatal(err)
			}
		}
		for day := range 3 {
			o.Now = monday.AddDate(0, 0, day-5) // Wednesday to Friday
			if day == 0 {
				do(o.Begin(t))
			} else {
				do(o.Do(t, queue.Tick{}, queue.Open{Counter: "1"}))
			}
			for i := range 5 { // as nobody would have thought
				do(o.Do(t, queue.Issue{Ticket: queue.TicketID(fmt.Sprint(day, i)), Channel: "anagrafe"}, queue.Next{Counter: "1"}))
				o.Now = o.Now.Add(20 * time.Minute)
				do(o.Do(t, queue.Done{Counter: "1"}))
			}
		}
		b := begin(t, j, o.State)
		b.do(queue.Issue{Ticket: "x", Channel: "anagrafe"}, queue.Open{Counter: "1"}, queue.Next{Counter: "1"}, queue.Issue{Ticket: "y", Channel: "anagrafe"})
		b.wait(time.Second)
		if w, ok := now(b); !ok || w.Likely < 30*time.Minute {
			t.Errorf("behind two who take twenty minutes each it takes %v", w)
		}
		b.stop()
		var kept bool
		if err := j.DB().QueryRowContext(t.Context(), `SELECT COUNT(*) > 0 FROM learned`).Scan(&kept); err != nil || !kept {
			t.Errorf("it is kept: %v, %v", kept, err)
		}
	})
}

// TestLetGo has nobody in an office for an hour: it is forgotten, and what it has learned isn't.
func TestLetGo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(monday))
		j := open(t)
		defer j.Close()
		b := begin(t, j, office(t))
		defer b.stop()
		b.do(queue.Open{Counter: "1"})
		for i := range 15 { // as nobody would have thought
			b.do(queue.Issue{Ticket: queue.TicketID(fmt.Sprint(i)), Channel: "anagrafe"}, queue.Next{Counter: "1"})
			b.wait(20 * time.Minute)
		}
		b.do(queue.Issue{Ticket: "x", Channel: "anagrafe"})
		b.wait(time.Second)
		before, _ := now(b)
		b.do(queue.Close{Counter: "1"}, queue.Cancel{Ticket: "x"})
		b.wait(time.Hour)
		if w, ok := now(b); ok {
			t.Errorf("nobody is there, and it says %v", w)
		}
		b.do(queue.Open{Counter: "1"}, queue.Issue{Ticket: "y", Channel: "anagrafe"}, queue.Next{Counter: "1"}, queue.Issue{Ticket: "z", Channel: "anagrafe"})
		b.wait(time.Second)
		if after, ok := now(b); !ok || after.Likely < before.Likely/2 || before.Likely < 15*time.Minute {
			t.Errorf("before it was let go it took %v, after it %v", before.Likely, after.Likely)
		}
	})
}

// TestStopAtOnce stops a server while it begins: nothing is kept over what was learned earlier.
func TestStopAtOnce(t *testing.T) {
	t.Parallel()
	j := open(t)
	defer j.Close()
	if _, err := j.DB().ExecContext(t.Context(), `INSERT INTO learned (office, history) VALUES ('urp', '{"much": true}')`); err != nil {
		t.Fatal(err)
	}
	s := new(queue.State)
	if _, _, err := s.Execute(queue.Command{By: "dev", Do: queue.Configure{Config: queue.Default()}}, monday); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for range 40 { // it is chance what it sees first: the office or the end
		f := forecast.New(forecast.Options{
			Do: func(context.Context, string, queue.Command) error { return nil },
			DB: j.DB(), Visits: j.Visits, Told: func(context.Context, string) {}, Now: func() time.Time { return monday }, Log: slog.New(slog.DiscardHandler),
		})
		f.Changed(engine.Change{Office: "urp", State: s, Now: monday, Anew: true})
		f.Run(ctx)
	}
	var kept string
	if err := j.DB().QueryRowContext(t.Context(), `SELECT history FROM learned`).Scan(&kept); err != nil || kept != `{"much": true}` {
		t.Errorf("kept is %.100s, %v", kept, err)
	}
}

// TestClockSetBack has the clock be right again: waits are worked out as ever.
func TestClockSetBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(monday))
		j := open(t)
		defer j.Close()
		s := office(t)
		b := begin(t, j, s)
		b.stop()
		var ahead atomic.Int64
		ahead.Store(int64(time.Hour))
		b.of = forecast.New(forecast.Options{
			Do: func(context.Context, string, queue.Command) error { return nil },
			DB: j.DB(), Visits: j.Visits, Told: func(context.Context, string) {}, Log: slog.New(slog.DiscardHandler),
			Now: func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) },
		})
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			b.of.Run(ctx)
		}()
		b.do(queue.Open{Counter: "1"}, queue.Issue{Ticket: "x", Channel: "anagrafe"})
		b.wait(time.Second)
		ahead.Store(0)
		before, _ := now(b)
		for i := range 9 {
			b.do(queue.Issue{Ticket: queue.TicketID(fmt.Sprint(i)), Channel: "anagrafe"})
		}
		b.wait(time.Second)
		if after, _ := now(b); after.Likely < before.Likely+10*time.Minute {
			t.Errorf("behind nine more it takes %v instead of %v", after.Likely, before.Likely)
		}
		cancel()
		<-ended
	})
}

// TestLostEndsNoTickets has the journal lost just before it would be said that nobody else fits.
func TestLostEndsNoTickets(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(time.Date(2026, 3, 2, 16, 0, 0, 0, time.UTC))) // it closes at 17:30 UTC
		j := open(t)
		defer j.Close()
		s := fitting(t, 600)
		b := begin(t, j, s)
		defer b.stop()
		b.do(queue.Open{Counter: "1"})
		for i := range 60 {
			b.do(queue.Issue{Ticket: queue.TicketID(fmt.Sprint(i)), Channel: "anagrafe"})
		}
		b.of.Lost("urp")
		b.wait(time.Second)
		if r := s.Issuable("anagrafe", time.Now()); r != nil {
			t.Errorf("of a state that may be old it is said that nobody fits: %v", r)
		}
		b.of.Changed(engine.Change{Office: "urp", State: s, Now: time.Now()})
		b.wait(time.Second)
		if s.Issuable("anagrafe", time.Now()) == nil {
			t.Error("sixty wait an hour before closing, and tickets are given")
		}
	})
}

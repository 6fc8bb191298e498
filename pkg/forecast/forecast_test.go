package forecast_test

import (
	"context"
	"log/slog"
	"path/filepath"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/eliminacode/eliminacode/pkg/engine"
	"github.com/eliminacode/eliminacode/pkg/estimate"
	"github.com/eliminacode/eliminacode/pkg/forecast"
	"github.com/eliminacode/eliminacode/pkg/journal/sqlite"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

var monday = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// bench is an office whose waits are forecast, played by hand.
type bench struct {
	t     *testing.T
	state *queue.State
	of    *forecast.Forecasts
	told  atomic.Int32 // how often other waits were
	end   context.CancelFunc
	ended chan struct{}
}

// begin runs forecasts of a store in a bubble of time.
func begin(t *testing.T, j *sqlite.Journal, s *queue.State) *bench {
	t.Helper()
	b := &bench{t: t, state: s, ended: make(chan struct{})}
	b.of = forecast.New(forecast.Options{
		DB: j.DB(), Told: func(context.Context, string) { b.told.Add(1) }, Now: time.Now, Log: slog.New(slog.DiscardHandler),
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
		b.of.Changed(engine.Change{Office: "urp", State: b.state, Now: time.Now(), Events: events})
	}
	synctest.Wait()
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
		time.Sleep(time.Second)
		synctest.Wait()
		first, ok := now(b)
		if !ok || b.told.Load() == 0 {
			t.Fatalf("%v is said, %d times it is told", first, b.told.Load())
		}
		for i := range 12 {
			b.do(queue.Issue{Ticket: queue.TicketID(rune('a' + i)), Channel: "anagrafe"})
		}
		time.Sleep(time.Second)
		synctest.Wait()
		more, _ := now(b)
		if more.Likely < first.Likely+20*time.Minute {
			t.Errorf("behind twelve more it takes %v instead of %v", more.Likely, first.Likely)
		}
		b.do(queue.Next{Counter: "1"})
		time.Sleep(time.Second)
		synctest.Wait()
		before := b.of.Waits("urp").Tickets["a"]
		time.Sleep(3 * time.Minute)
		synctest.Wait()
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
		time.Sleep(time.Second)
		synctest.Wait()
		before, _ := now(b)
		b.stop()
		b = begin(t, j, s)
		b.do(queue.Issue{Ticket: "y", Channel: "anagrafe"}, queue.Cancel{Ticket: "y"})
		time.Sleep(time.Second)
		synctest.Wait()
		after, ok := now(b)
		b.stop()
		if !ok || after.Likely < before.Likely*3/4 || before.Likely < 15*time.Minute {
			t.Errorf("before the stop it took %v, after it %v", before.Likely, after.Likely)
		}
	})
}

package escpos_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/eliminacode/eliminacode/totem/escpos"
)

// watch notes what a printer tells, until the test ends.
func watch(t *testing.T, p *escpos.Printer) (told func() []escpos.Status) {
	t.Helper()
	var mu sync.Mutex
	var all []escpos.Status
	ctx, cancel := context.WithCancel(t.Context())
	var done sync.WaitGroup
	done.Go(func() {
		p.Watch(ctx, func(s escpos.Status) {
			mu.Lock()
			defer mu.Unlock()
			all = append(all, s)
		})
	})
	t.Cleanup(func() { cancel(); done.Wait() })
	return func() []escpos.Status {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(all)
	}
}

func TestWatch(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		p := open(t, f, "escpos")
		told := watch(t, p)
		step := func(change func(*fake)) {
			time.Sleep(13_700 * time.Millisecond) // never while it is being asked
			f.change(change)
		}
		step(func(f *fake) { f.eot[3] = 0x1e })
		step(func(f *fake) { f.eot = [4]byte{0x1a, 0x32, 0x12, 0x7e} })
		step(func(f *fake) { f.cutPower() })
		step(func(f *fake) { f.off, f.eot = false, newFake().eot })
		time.Sleep(5 * time.Second)
		want := []escpos.Status{
			{State: escpos.StateReady},
			{State: escpos.StatePaperLow},
			{State: escpos.StatePaperOut, Reason: escpos.ReasonPaperOut},
			{State: escpos.StateOffline, Reason: escpos.ReasonUnreachable},
			{State: escpos.StateReady},
		}
		if got := told(); !slices.Equal(got, want) {
			t.Errorf("told %v, want %v", got, want)
		}
		time.Sleep(time.Hour)
		p.Close()
		synctest.Wait()
		f.mu.Lock()
		defer f.mu.Unlock()
		if f.calls > 3600/10+50 {
			t.Errorf("%d connections in an hour", f.calls)
		}
		if f.jobs > 0 {
			t.Errorf("%d bytes were sent to be printed", f.jobs)
		}
	})
}

// TestJobBeforeCheck has somebody wait for a ticket while a printer that is away is called.
func TestJobBeforeCheck(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.void = true
		p := open(t, f, "escpos")
		go p.Check(t.Context())
		synctest.Wait()
		f.change(func(f *fake) { f.void = false })
		start := time.Now()
		wantOutcome(t, p.Print(t.Context(), known(job(t, p.Profile(), "A042"))), escpos.Yes, "")
		if took := time.Since(start); took > time.Second {
			t.Errorf("the job waited for the check: %s", took)
		}
	})
}

// TestPresenter holds a ticket out: somebody takes it, or it falls.
func TestPresenter(t *testing.T) {
	t.Parallel()

	for _, tt := range []struct {
		after time.Duration
		want  escpos.Reason
	}{
		{4 * time.Second, escpos.ReasonTicketTaken},
		{30 * time.Second, escpos.ReasonTicketNotTaken},
	} {
		t.Run(string(tt.want), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newFake()
				p := open(t, f, "custom-vkp80iii")
				told := watch(t, p)
				time.Sleep(time.Second)
				wantOutcome(t, p.Print(t.Context(), known(job(t, p.Profile(), "A042"))), escpos.Yes, "")
				time.Sleep(tt.after)
				f.change(func(f *fake) { f.presents = false })
				time.Sleep(time.Minute)
				want := []escpos.Status{
					{State: escpos.StateReady},
					{State: escpos.StateReady, Reason: escpos.ReasonTicketInMouth},
					{State: escpos.StateReady, Reason: tt.want},
				}
				if got := told(); !slices.Equal(got, want) {
					t.Errorf("told %v, want %v", got, want)
				}
				wantOutcome(t, p.Print(t.Context(), known(job(t, p.Profile(), "A043"))), escpos.Yes, "")
				if got := p.Status(); got.Reason != escpos.ReasonTicketInMouth {
					t.Errorf("after the next job: %v", got)
				}
			})
		})
	}
}

func TestNone(t *testing.T) {
	t.Parallel()

	p, err := escpos.Open("none", profile(t, ""))
	must(t, err)
	defer p.Close()
	if got := p.Status().State; got != escpos.StateNone {
		t.Errorf("state %s", got)
	}
	wantOutcome(t, p.Print(t.Context(), known(escpos.Job{Data: []byte("A042")})), escpos.Failed, escpos.ReasonNoPrinter)
}

func TestAddresses(t *testing.T) {
	t.Parallel()

	for address, good := range map[string]bool{
		"tcp://10.0.0.7:9100": true, "tcp://printer": true, "tcp://[::1]": true, "tcp:10.0.0.7": false, "tcp://": false, "tcp://a/b": false,
		"usb:/dev/usb/lp0": true, "usb:lp0": false, "usb:": false,
		"cups:totem": true, "cups:": false, "cups:a/b": false,
		"none": true, "": true, "lpt1": false, "http://printer": false,
	} {
		p, err := escpos.Open(address, profile(t, ""))
		if (err == nil) != good {
			t.Errorf("%q: %v", address, err)
		}
		if err == nil {
			p.Close()
		}
	}
}

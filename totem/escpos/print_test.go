package escpos_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/eliminacode/eliminacode/totem/escpos"
)

// job is a ticket of a number.
func job(t *testing.T, p escpos.Profile, number string) escpos.Job {
	t.Helper()
	e := escpos.NewEncoder(p)
	must(t, e.Line(number))
	e.Cut()
	return escpos.Job{Title: number, Data: e.Bytes()}
}

// known is the next job, which is known.
func known(j escpos.Job) escpos.Next { return func() (escpos.Job, bool) { return j, true } }

// open opens a fake printer by TCP; the bubble's end finds goroutines that are left.
func open(t *testing.T, f *fake, name string) *escpos.Printer {
	t.Helper()
	p, err := escpos.Open("tcp://printer:9100", profile(t, name), escpos.WithDial(f.dial))
	must(t, err)
	t.Cleanup(p.Close)
	return p
}

func wantOutcome(t *testing.T, got escpos.Outcome, result escpos.Result, reason escpos.Reason) {
	t.Helper()
	if want := (escpos.Outcome{Result: result, Reason: reason}); got != want {
		t.Errorf("outcome %+v, want %+v", got, want)
	}
}

func TestPrint(t *testing.T) {
	t.Parallel()

	paperOut := [4]byte{0x1a, 0x32, 0x12, 0x7e}
	for _, tt := range []struct {
		name, profile string
		set           func(*fake)
		result        escpos.Result
		reason        escpos.Reason
		state         escpos.State
		sent          bool
	}{
		{"ready", "escpos", func(*fake) {}, escpos.Yes, "", escpos.StateReady, true},
		{"ready, Epson", "epson-tm-t88", func(*fake) {}, escpos.Yes, "", escpos.StateReady, true},
		{"ready, Custom", "custom-tg2480h", func(*fake) {}, escpos.Yes, "", escpos.StateReady, true},
		{"paper low", "escpos", func(f *fake) { f.eot = [4]byte{0x12, 0x12, 0x12, 0x1e} }, escpos.Yes, "", escpos.StatePaperLow, true},
		{"low in the answer alone", "escpos", func(f *fake) { f.sensor = 0x03 }, escpos.Yes, "", escpos.StatePaperLow, true},
		{"low, Custom", "custom-tg2480h", func(f *fake) { f.full = [4]byte{0x04} }, escpos.Yes, "", escpos.StatePaperLow, true},
		{"paper out", "escpos", func(f *fake) { f.eot = paperOut }, escpos.Failed, escpos.ReasonPaperOut, escpos.StatePaperOut, false},
		{"paper out, Custom", "custom-tg2480h", func(f *fake) { f.full = [4]byte{0x01} }, escpos.Failed, escpos.ReasonPaperOut, escpos.StatePaperOut, false},
		{"cover", "escpos", func(f *fake) { f.eot = [4]byte{0x1a, 0x16, 0x12, 0x12} }, escpos.Failed, escpos.ReasonCoverOpen, escpos.StateCoverOpen, false},
		{"cutter", "epson-tm-t20", func(f *fake) { f.eot = [4]byte{0x1a, 0x52, 0x1a, 0x12} }, escpos.Failed, escpos.ReasonCutterError, escpos.StateCutterError, false},
		{"offline", "escpos", func(f *fake) { f.eot = [4]byte{0x1a, 0x12, 0x12, 0x12} }, escpos.Failed, escpos.ReasonOffline, escpos.StateOffline, false},
		{"jam", "custom-vkp80iii", func(f *fake) { f.full = [4]byte{0, 0, 0x40} }, escpos.Failed, escpos.ReasonJam, escpos.StateError, false},
		{"refused", "escpos", func(f *fake) { f.off = true }, escpos.Failed, escpos.ReasonUnreachable, escpos.StateOffline, false},
		{"no answer to the call", "escpos", func(f *fake) { f.void = true }, escpos.Failed, escpos.ReasonUnreachable, escpos.StateOffline, false},
		{"silent, as none that guesses", "epson-tm-t88", func(f *fake) { f.mute = true }, escpos.Failed, escpos.ReasonNoAnswer, escpos.StateOffline, false},
		{"silent", "escpos", func(f *fake) { f.mute = true }, escpos.Unknown, escpos.ReasonNoWayBack, escpos.StateReady, true},
		{"tells how it is and no more", "escpos", func(f *fake) { f.noAcks = true }, escpos.Unknown, escpos.ReasonNoWayBack, escpos.StateReady, true},
		{"stuck", "epson-tm-t88", func(f *fake) { f.noAcks = true }, escpos.Failed, escpos.ReasonNoAnswer, escpos.StateOffline, false},
		{"without a way back", "generic", func(*fake) {}, escpos.Unknown, escpos.ReasonNoWayBack, escpos.StateReady, true},
		{"goes on without paper", "escpos", func(f *fake) { f.sensor = 0x0c }, escpos.Unknown, escpos.ReasonPaperOut, escpos.StatePaperOut, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newFake()
				tt.set(f)
				p := open(t, f, tt.profile)
				wantOutcome(t, p.Print(t.Context(), known(job(t, p.Profile(), "A042"))), tt.result, tt.reason)
				if got := p.Status().State; got != tt.state {
					t.Errorf("state %s, want %s", got, tt.state)
				}
				p.Close()
				synctest.Wait()
				if sent := f.jobs > 0; sent != tt.sent {
					t.Errorf("%d bytes of the job were sent", f.jobs)
				}
			})
		})
	}
}

// TestPowerCut cuts the printer's power at each byte of a job: unless nothing went, nobody knows;
// and when the power is back nothing comes by itself.
func TestPowerCut(t *testing.T) {
	t.Parallel()

	data := job(t, profile(t, "escpos"), "A042").Data
	for at := 1; at <= len(data)+1; at++ {
		t.Run(fmt.Sprint(at), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newFake()
				p := open(t, f, "escpos")
				wantOutcome(t, p.Print(t.Context(), known(job(t, p.Profile(), "A041"))), escpos.Yes, "")
				f.change(func(f *fake) { f.jobs, f.at, f.then = 0, at, (*fake).cutPower })
				if at > len(data) { // between the last byte and the answer
					f.change(func(f *fake) { f.at, f.then, f.noAcks = 0, nil, true })
					time.AfterFunc(2*time.Second, func() { f.change((*fake).cutPower) })
				}
				wantOutcome(t, p.Print(t.Context(), known(job(t, p.Profile(), "A042"))), escpos.Unknown, escpos.ReasonLinkLost)
				wantOutcome(t, p.Print(t.Context(), known(job(t, p.Profile(), "A043"))), escpos.Failed, escpos.ReasonUnreachable)

				f.change(func(f *fake) { f.off, f.noAcks, f.then = false, false, nil })
				wantOutcome(t, p.Print(t.Context(), known(job(t, p.Profile(), "A044"))), escpos.Yes, "")
				f.change(func(f *fake) {
					if last := f.papers[len(f.papers)-1]; last != "A044" {
						t.Errorf("the last paper is %q, all are %q", last, f.papers)
					}
					if n := count(f.papers, "A042"); n > 1 {
						t.Errorf("A042 came %d times", n)
					}
				})
			})
		})
	}
}

func count(papers []string, number string) int {
	n := 0
	for _, paper := range papers {
		if paper == number {
			n++
		}
	}
	return n
}

// TestInterrupted loses the link in the middle of a picture, without the printer's power: it takes
// what comes next for the rest of the picture.
func TestInterrupted(t *testing.T) {
	t.Parallel()

	for _, name := range []string{"escpos", "generic"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newFake()
				p := open(t, f, name)
				f.at, f.then = 12, func(f *fake) {
					f.cutPower()
					f.off, f.picture = false, 5000
				}
				wantOutcome(t, p.Print(t.Context(), known(job(t, p.Profile(), "A042"))), escpos.Unknown, escpos.ReasonLinkLost)
				p.Print(t.Context(), known(job(t, p.Profile(), "A043")))
				p.Close()
				synctest.Wait()
				if len(f.papers) != 2 || f.papers[1] != "A043" {
					t.Errorf("papers %q: what was left isn't cut off, or the next ticket is lost", f.papers)
				}
			})
		})
	}
}

// TestLateAnswer has a printer answer a job when nobody waits for it any longer: it isn't taken for
// the answer to the next one.
func TestLateAnswer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		p := open(t, f, "escpos")
		wantOutcome(t, p.Print(t.Context(), known(job(t, p.Profile(), "A041"))), escpos.Yes, "")

		f.change(func(f *fake) { f.noAcks = true })
		ctx, cancel := context.WithTimeout(t.Context(), 4*time.Second)
		defer cancel()
		wantOutcome(t, p.Print(ctx, known(job(t, p.Profile(), "A042"))), escpos.Unknown, escpos.ReasonCancelled)

		f.change(func(f *fake) { // the next job is never done
			f.noAcks, f.owed = false, 1
			f.at, f.then = f.jobs+1, func(f *fake) { f.noAcks = true }
		})
		wantOutcome(t, p.Print(t.Context(), known(job(t, p.Profile(), "A043"))), escpos.Unknown, escpos.ReasonNoAnswer)
	})
}

func TestSlow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		p := open(t, f, "escpos")
		wantOutcome(t, p.Print(t.Context(), known(job(t, p.Profile(), "A041"))), escpos.Yes, "")
		start := time.Now()
		f.change(func(f *fake) { f.slow = 15 * time.Second }) // and says all the time that it is well
		wantOutcome(t, p.Print(t.Context(), known(job(t, p.Profile(), "A042"))), escpos.Yes, "")
		f.change(func(f *fake) { f.slow = time.Hour })
		wantOutcome(t, p.Print(t.Context(), known(job(t, p.Profile(), "A043"))), escpos.Unknown, escpos.ReasonNoAnswer)
		if took := time.Since(start); took > 50*time.Second {
			t.Errorf("gave up after %s", took)
		}
		time.Sleep(2 * time.Hour) // until the fake has said all
	})
}

// TestAlarmWhilePrinting stops the printer in the middle of a job.
func TestAlarmWhilePrinting(t *testing.T) {
	t.Parallel()

	for name, tt := range map[string]struct {
		profile string
		happens func(*fake)
		reason  escpos.Reason
	}{
		"paper out":         {"escpos", func(f *fake) { f.eot, f.noAcks = [4]byte{0x1a, 0x32, 0x12, 0x72}, true }, escpos.ReasonPaperOut},
		"cutter":            {"epson-tm-t20", func(f *fake) { f.eot, f.noAcks = [4]byte{0x1a, 0x52, 0x1a, 0x12}, true }, escpos.ReasonCutterError},
		"cover":             {"escpos", func(f *fake) { f.eot, f.noAcks = [4]byte{0x1a, 0x16, 0x12, 0x12}, true }, escpos.ReasonCoverOpen},
		"paper out, Custom": {"custom-vkp80iii", func(f *fake) { f.full, f.noAcks = [4]byte{0x01}, true }, escpos.ReasonPaperOut},
		"silence":           {"escpos", func(f *fake) { f.mute = true }, escpos.ReasonNoAnswer},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newFake()
				p := open(t, f, tt.profile)
				f.at, f.then = 10, tt.happens
				start := time.Now()
				wantOutcome(t, p.Print(t.Context(), known(job(t, p.Profile(), "A042"))), escpos.Unknown, tt.reason)
				if took := time.Since(start); took > 12*time.Second {
					t.Errorf("the citizen was told after %s", took)
				}
			})
		})
	}
}

func TestHeadHotGoesOn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		p := open(t, f, "escpos")
		wantOutcome(t, p.Print(t.Context(), known(job(t, p.Profile(), "A041"))), escpos.Yes, "")
		f.change(func(f *fake) {
			f.slow = 12 * time.Second
			f.at, f.then = f.jobs+5, func(f *fake) { f.eot = [4]byte{0x1a, 0x52, 0x52, 0x12} }
		})
		time.AfterFunc(8*time.Second, func() { f.change(func(f *fake) { f.eot = newFake().eot }) })
		wantOutcome(t, p.Print(t.Context(), known(job(t, p.Profile(), "A042"))), escpos.Yes, "")
	})
}

func TestRecovers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.eot = [4]byte{0x1a, 0x52, 0x1a, 0x12}
		p := open(t, f, "epson-tm-t20")
		if got := p.Check(t.Context()).State; got != escpos.StateCutterError {
			t.Errorf("state %s", got)
		}
		f.change(func(f *fake) { f.eot = newFake().eot })
		wantOutcome(t, p.Print(t.Context(), known(job(t, p.Profile(), "A042"))), escpos.Yes, "")
	})
}

func TestCancelled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		p := open(t, f, "escpos")
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		wantOutcome(t, p.Print(ended, known(job(t, p.Profile(), "A041"))), escpos.Failed, escpos.ReasonCancelled)

		ctx, cancel := context.WithCancel(t.Context())
		f.change(func(f *fake) { f.at, f.then = 8, func(f *fake) { f.noAcks = true; cancel() } })
		wantOutcome(t, p.Print(ctx, known(job(t, p.Profile(), "A042"))), escpos.Unknown, escpos.ReasonCancelled)
		p.Close()
		synctest.Wait()
		if !slices.Equal(f.papers, []string{"A042"}) {
			t.Errorf("papers %q: half a ticket is worse than a whole one", f.papers)
		}
		wantOutcome(t, p.Print(t.Context(), known(job(t, p.Profile(), "A043"))), escpos.Failed, escpos.ReasonCancelled)
	})
}

// TestSilenceIsLearned asks a printer that never answered no more before each job, and notices
// between jobs when it begins to.
func TestSilenceIsLearned(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.mute = true
		p := open(t, f, "escpos")
		p.Print(t.Context(), known(job(t, p.Profile(), "A041")))
		start := time.Now()
		wantOutcome(t, p.Print(t.Context(), known(job(t, p.Profile(), "A042"))), escpos.Unknown, escpos.ReasonNoWayBack)
		if took := time.Since(start); took > 0 {
			t.Errorf("it took %s", took)
		}
		f.change(func(f *fake) { f.mute = false })
		p.Check(t.Context())
		wantOutcome(t, p.Print(t.Context(), known(job(t, p.Profile(), "A043"))), escpos.Yes, "")
	})
}

// TestNext has the printer be called before it is known what to print, and whether anything: no
// byte of a job goes before that, nor on what the printer said long ago.
func TestNext(t *testing.T) {
	t.Parallel()

	paperOut := func(f *fake) { f.eot = [4]byte{0x1a, 0x32, 0x12, 0x7e} }
	for _, tt := range []struct {
		name      string
		meanwhile func(*fake) // before the job is known
		late      time.Duration
		none      bool
		result    escpos.Result
		reason    escpos.Reason
		calls     int
	}{
		{"at once", func(*fake) {}, 0, false, escpos.Yes, "", 1},
		{"none", func(*fake) {}, 0, true, escpos.Failed, escpos.ReasonCancelled, 1},
		{"late", func(*fake) {}, 2 * time.Second, false, escpos.Yes, "", 2},
		{"late, and no paper any longer", paperOut, 2 * time.Second, false, escpos.Failed, escpos.ReasonPaperOut, 2},
		{"the printer hung up", func(f *fake) { f.cutPower(); f.off = false }, 0, false, escpos.Yes, "", 2},
		{"the printer is off", (*fake).cutPower, 0, false, escpos.Failed, escpos.ReasonUnreachable, 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newFake()
				p := open(t, f, "escpos")
				outcome := p.Print(t.Context(), func() (escpos.Job, bool) {
					f.change(func(f *fake) {
						if f.calls != 1 || f.jobs > 0 {
							t.Errorf("%d calls and %d bytes before there is a job", f.calls, f.jobs)
						}
						tt.meanwhile(f)
					})
					time.Sleep(tt.late)
					synctest.Wait()
					return job(t, p.Profile(), "A042"), !tt.none
				})
				wantOutcome(t, outcome, tt.result, tt.reason)
				p.Close()
				synctest.Wait()
				if sent := f.jobs > 0; sent != (tt.result == escpos.Yes) {
					t.Errorf("%d bytes of the job were sent", f.jobs)
				}
				if f.calls != tt.calls {
					t.Errorf("called %d times, want %d", f.calls, tt.calls)
				}
			})
		})
	}
}

// TestWatched prints on printers that answer nothing in order, and are known to have printed by
// their status alone. They take the whole job at once, and say at any time that there is paper.
func TestWatched(t *testing.T) {
	t.Parallel()

	const work = 4 * time.Second
	for _, tt := range []struct {
		name, profile string
		meanwhile     func(*fake) // in the middle of the work
		result        escpos.Result
		reason        escpos.Reason
		least, most   time.Duration
	}{
		{"done", "custom-tg2480h", func(*fake) {}, escpos.Yes, "", work, work + time.Second},
		{"presented", "custom-vkp80iii", func(*fake) {}, escpos.Yes, "", work, work + time.Second},
		{"paper out", "custom-tg2480h", func(f *fake) { f.full = [4]byte{0x01} }, escpos.Unknown, escpos.ReasonPaperOut, 0, work},
		{"jam", "custom-vkp80iii", func(f *fake) { f.full = [4]byte{0, 0, 0x40} }, escpos.Unknown, escpos.ReasonJam, 0, work},
		{"power", "custom-tg2480h", (*fake).cutPower, escpos.Unknown, escpos.ReasonLinkLost, 0, work},
		{"silence", "custom-tg2480h", func(f *fake) { f.mute = true }, escpos.Unknown, escpos.ReasonNoAnswer, work, 14 * time.Second},
		{"never in the mouth", "custom-vkp80iii", func(f *fake) { f.presents = false }, escpos.Unknown, escpos.ReasonNoAnswer, work, 14 * time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newFake()
				f.slow = work
				p := open(t, f, tt.profile)
				time.AfterFunc(work/2, func() { f.change(tt.meanwhile) })
				start := time.Now()
				wantOutcome(t, p.Print(t.Context(), known(job(t, p.Profile(), "A042"))), tt.result, tt.reason)
				if took := time.Since(start); took < tt.least || took > tt.most {
					t.Errorf("told after %s", took)
				}
			})
		})
	}
}

// TestBabble has a printer say without end what looks like answers: nobody waits for it for ever,
// and nothing of it makes a ticket printed.
func TestBabble(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		profile string
		want    escpos.Outcome
	}{
		{"escpos", escpos.Outcome{Result: escpos.Unknown, Reason: escpos.ReasonNoWayBack}},
		{"epson-tm-t88", escpos.Outcome{Result: escpos.Failed, Reason: escpos.ReasonNoAnswer}},
	} {
		t.Run(tt.profile, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newFake()
				f.babbles = 100 * time.Millisecond
				p := open(t, f, tt.profile)
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				wantOutcome(t, p.Print(ctx, known(job(t, p.Profile(), "A001"))), tt.want.Result, tt.want.Reason)
			})
		})
	}
}

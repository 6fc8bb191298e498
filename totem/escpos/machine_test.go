package escpos_test

import (
	"image"
	"strings"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/totem/escpos"
	"github.com/eliminacode/eliminacode/totem/escpos/virtual"
)

// machine runs a virtual printer of a profile's name, and opens it.
func machine(t *testing.T, name string) (*virtual.Machine, *escpos.Printer) {
	t.Helper()
	model, ok := virtual.ModelByName(name)
	if !ok {
		t.Fatalf("no model %s", name)
	}
	options := virtual.Options{Model: model}
	if model.Custom { // its status tells of its work, which takes time
		options.Speed = 300
	}
	m, err := virtual.Start(t.Context(), "127.0.0.1:0", options)
	must(t, err)
	t.Cleanup(m.Close)
	p := profile(t, name)
	p.Done, p.Busy = 2*time.Second, 4*time.Second
	printer, err := escpos.Open("tcp://"+m.Addr(), p)
	must(t, err)
	t.Cleanup(printer.Close)
	return m, printer
}

// ticket is a job with text, a picture and all that an encoder knows.
func ticket(t *testing.T, p escpos.Profile, number string) escpos.Job {
	t.Helper()
	e := escpos.NewEncoder(p)
	e.Align(escpos.Center)
	must(t, e.Line("Comune di Empoli: città"))
	e.Size(4, 6)
	e.Bold(true)
	must(t, e.Line(number))
	e.Size(1, 1)
	e.Bold(false)
	must(t, e.Raster(image.NewGray(image.Rect(0, 0, 200, 300))))
	if p.NativeQR {
		must(t, e.QR("https://empoli.example/t/ABC", 5))
	}
	e.FeedDots(40)
	e.Cut()
	return escpos.Job{Title: number, Data: e.Bytes()}
}

// TestMachine prints on the virtual printer of each model.
func TestMachine(t *testing.T) {
	t.Parallel()

	for _, model := range virtual.Models() {
		t.Run(model.Name, func(t *testing.T) {
			t.Parallel()
			m, p := machine(t, model.Name)
			want := escpos.Outcome{Result: escpos.Yes}
			if !model.Answers {
				want = escpos.Outcome{Result: escpos.Unknown, Reason: escpos.ReasonNoWayBack}
			}
			for _, number := range []string{"A042", "A043"} {
				if got := p.Print(t.Context(), known(ticket(t, p.Profile(), number))); got != want {
					t.Errorf("%s: %+v, want %+v", number, got, want)
				}
			}
			eventually(t, "two tickets", func() bool { return len(m.Tickets()) == 2 })
			for i, number := range []string{"A042", "A043"} {
				got := m.Tickets()[i]
				if got.Wrong != nil || got.Torn != "" || !strings.Contains(got.Paper.Text(), number) || !strings.Contains(got.Paper.Text(), "città") {
					t.Errorf("ticket %d: %q, torn %q: %v", i, got.Paper.Text(), got.Torn, got.Wrong)
				}
			}
		})
	}
}

// TestMachineFaults lets things go wrong while a ticket is being printed, and mends them.
func TestMachineFaults(t *testing.T) {
	t.Parallel()

	for fault, reason := range map[virtual.Fault]escpos.Reason{
		virtual.PaperOut:  escpos.ReasonPaperOut,
		virtual.CoverOpen: escpos.ReasonCoverOpen,
		virtual.Broken:    escpos.ReasonUnrecoverable,
		virtual.PowerOff:  escpos.ReasonLinkLost,
		virtual.CutterJam: escpos.ReasonCutterError,
		virtual.Deaf:      escpos.ReasonNoAnswer,
		virtual.Unplugged: escpos.ReasonNoAnswer,
	} {
		for _, name := range []string{"epson-tm-t88", "custom-tg2480h"} {
			t.Run(name+"/"+string(fault), func(t *testing.T) {
				t.Parallel()
				m, p := machine(t, name)
				wantOutcome(t, p.Print(t.Context(), known(ticket(t, p.Profile(), "A041"))), escpos.Yes, "")
				m.SetAfter(fault, 20)
				wantOutcome(t, p.Print(t.Context(), known(ticket(t, p.Profile(), "A042"))), escpos.Unknown, reason)
				if got := p.Print(t.Context(), known(ticket(t, p.Profile(), "A043"))); got.Result != escpos.Failed {
					t.Errorf("while it lasts: %+v", got)
				}
				m.Set(fault, false)
				eventually(t, "the next ticket is printed", func() bool {
					return p.Print(t.Context(), known(ticket(t, p.Profile(), "A044"))).Result == escpos.Yes
				})
				whole := map[string]int{}
				for _, paper := range m.Tickets() {
					text := paper.Paper.Text()
					if paper.Wrong != nil {
						t.Errorf("%q: %v", text, paper.Wrong)
					}
					n := 0
					for _, number := range []string{"A041", "A042", "A043", "A044"} {
						if strings.Contains(text, number) {
							n++
							whole[number]++
						}
					}
					if n > 1 {
						t.Errorf("two tickets on one paper: %q", text)
					}
				}
				if whole["A042"] > 1 || whole["A043"] > 0 || whole["A044"] != 1 {
					t.Errorf("came: %v", whole)
				}
			})
		}
	}
}

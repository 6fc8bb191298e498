//go:build unix

package cluster_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"path"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/cmd/eliminacode/programtest"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/totem/escpos/virtual"
)

// kiosk is a totem with its printer, in front of which one citizen after another stands.
type kiosk struct {
	*programtest.Totem
	name    string
	cable   *programtest.Cable
	printer *virtual.Machine

	mu    sync.Mutex
	seen  []citizen
	asked int
}

// citizen is somebody who saw a number.
type citizen struct {
	ID, Number, Key string
	Offline         bool
}

// TestTotem cuts the links and kills the server and the totems at random moments, while citizens
// take tickets. Whoever saw a number has one ticket, under that number; nobody else has the number;
// who came first is first; and no paper comes out twice.
func TestTotem(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	chance := rand.New(rand.NewPCG(seed, 0))
	began := time.Now()
	monday, err := time.Parse(time.RFC3339, programtest.Monday)
	if err != nil {
		t.Fatal(err)
	}
	clock := func() string { return monday.Add(time.Since(began)).Format(time.RFC3339Nano) }

	s := programtest.New(t, programtest.Options{Name: "totems", SamePort: true})
	s.Start(t, clock())
	manyNumbers(t, s)
	kiosks := []*kiosk{newKiosk(t, s, "first"), newKiosk(t, s, "second")}
	ctx, stop := context.WithCancel(t.Context())
	var citizens sync.WaitGroup
	for _, k := range kiosks {
		citizens.Go(func() { k.serve(ctx, t) })
	}
	for range rounds(t, 10) {
		k := kiosks[chance.IntN(len(kiosks))]
		pause(chance, 500)
		switch chance.IntN(4) {
		case 0:
			k.cable.Cut()
			pause(chance, 1500)
			k.cable.Mend()
		case 1:
			k.Kill()
			pause(chance, 200)
			k.Start(t)
		case 2:
			k.cable.Cut()
			pause(chance, 300)
			k.Kill()
			k.Start(t)
			pause(chance, 700)
			k.cable.Mend()
		case 3:
			s.Kill()
			pause(chance, 700)
			s.Start(t, clock())
		}
		if t.Failed() {
			break
		}
	}
	pause(chance, 1000)
	stop()
	citizens.Wait()
	for _, k := range kiosks {
		k.Until(t, "in step with the server", func(s programtest.TotemStatus) bool { return s.Server.Online && s.Unsent == 0 })
	}
	checkOffice(t, s, kiosks)
	for _, k := range kiosks {
		k.checkPaper(t)
	}
}

// pause waits for up to so many milliseconds.
func pause(chance *rand.Rand, most int) {
	<-time.After(time.Duration(chance.IntN(most)) * time.Millisecond)
}

// manyNumbers has the totems give as many tickets as anybody wants.
func manyNumbers(t *testing.T, s *programtest.Server) {
	t.Helper()
	var cfg queue.Config
	a := s.Want(t, http.StatusOK, http.MethodGet, "/api/v1/config", nil)
	if err := a.Into(&cfg); err != nil {
		t.Fatal(err)
	}
	cfg.Policy.OfflineNumbers, cfg.Policy.HoardMax = 1000, 0
	s.Want(t, http.StatusOK, http.MethodPut, "/api/v1/config", cfg, "If-Match", a.Header.Get("ETag"))
}

func newKiosk(t *testing.T, s *programtest.Server, name string) *kiosk {
	t.Helper()
	model, ok := virtual.ModelByName("epson-tm-t20") // takes codes as text, which the test can read
	if !ok {
		t.Fatal("no such printer")
	}
	printer, err := virtual.Start(t.Context(), "127.0.0.1:0", virtual.Options{Model: model})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(printer.Close)
	k := &kiosk{name: name, cable: programtest.NewCable(t, strings.TrimPrefix(s.URL(""), "http://")), printer: printer}
	k.Totem = programtest.NewTotem(t, "ELIMINACODE_SERVER=http://"+k.cable.Addr(), "ELIMINACODE_TOTEM_TOKEN="+programtest.DevToken,
		"ELIMINACODE_PRINTER=tcp://"+printer.Addr(), "ELIMINACODE_PRINTER_PROFILE="+model.Name)
	k.Start(t)
	k.Until(t, "online", func(s programtest.TotemStatus) bool { return s.Server.Online })
	return k
}

// serve has one citizen after another take a ticket, and some touch twice.
func (k *kiosk) serve(ctx context.Context, t *testing.T) {
	chance := rand.New(rand.NewPCG(rand.Uint64(), 0))
	for ctx.Err() == nil {
		k.asked++
		c := citizen{Key: fmt.Sprintf("%s-%d", k.name, k.asked)}
		if !k.ask(t, &c) {
			return
		}
		if chance.IntN(4) == 0 {
			again := citizen{Key: c.Key}
			if !k.ask(t, &again) {
				return
			}
			if again != c {
				t.Errorf("%s: %+v, and asked again %+v", k.name, c, again)
			}
		}
		k.mu.Lock()
		k.seen = append(k.seen, c)
		k.mu.Unlock()
		pause(chance, 60)
	}
}

// ask asks until there is a ticket, as a screen does.
func (k *kiosk) ask(t *testing.T, c *citizen) bool {
	late := time.After(programtest.Patience)
	for {
		a, err := k.Do(context.Background(), http.MethodPost, "/api/v1/tickets", map[string]string{"channel": "anagrafe"}, "Idempotency-Key", c.Key)
		if err == nil && a.Status == http.StatusCreated {
			if err := a.Into(c); err != nil {
				t.Error(err)
			}
			return err == nil
		}
		select {
		case <-late:
			t.Errorf("%s: no ticket within %v: %v %s", k.name, programtest.Patience, err, a)
			return false
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// checkOffice holds what citizens saw against what the office has.
func checkOffice(t *testing.T, s *programtest.Server, kiosks []*kiosk) {
	t.Helper()
	type known struct {
		number string
		since  time.Time
		times  int
		story  []string // how the office got to know it
	}
	office := map[string]*known{}
	for _, e := range s.Journal(t, "", 0) {
		id := string(e.Ticket)
		switch e.Kind {
		case queue.TicketIssued:
			if office[id] == nil {
				office[id] = &known{}
			}
			office[id].number, office[id].since = e.Number, e.Since
			office[id].times++
		case queue.TicketRenumbered:
			office[id].number, office[id].since = e.Number, e.Since
		default:
			continue
		}
		office[id].story = append(office[id].story, fmt.Sprintf("%s %s at %v, since %v", e.Kind, e.Number, e.At, e.Since))
	}
	holders := map[string]string{}
	offline := 0
	for _, k := range kiosks {
		before := &known{}
		for _, c := range k.seen {
			at := office[c.ID]
			if at == nil {
				t.Errorf("%s: nobody has ticket %s of %s", k.name, c.ID, c.Number)
				continue
			}
			if at.number != c.Number || at.times != 1 {
				t.Errorf("%s: the holder of %s saw %s; the office has %s, %d times", k.name, c.ID, c.Number, at.number, at.times)
			}
			if at.since.Before(before.since) {
				t.Errorf("%s: %s came after %s, and is before it by %v\n%q\n%q",
					k.name, at.number, before.number, before.since.Sub(at.since), before.story, at.story)
			}
			if c.Offline {
				offline++
			}
			before = at
		}
	}
	for id, at := range office {
		if other := holders[at.number]; other != "" {
			t.Errorf("%s is the number of %s and of %s", at.number, other, id)
		}
		holders[at.number] = id
	}
	t.Logf("%d tickets, %d of them without the server", len(office), offline)
}

// checkPaper looks for paper that came out twice.
func (k *kiosk) checkPaper(t *testing.T) {
	t.Helper()
	came := map[string]int{}
	for _, paper := range k.printer.Tickets() {
		if paper.Wrong != nil {
			t.Errorf("%s: rubbish on paper: %v", k.name, paper.Wrong)
		}
		if paper.Torn == "" && paper.Came > 1 {
			t.Errorf("%s: the same paper came out %d times", k.name, paper.Came)
		}
		for _, code := range paper.Paper.QRs() {
			if came[path.Base(code)]++; came[path.Base(code)] > 1 {
				t.Errorf("%s: ticket %s came out %d times", k.name, path.Base(code), came[path.Base(code)])
			}
		}
	}
	printed := 0
	for _, c := range k.seen {
		if came[c.ID] > 0 {
			printed++
		}
	}
	if printed == 0 {
		t.Errorf("%s: of %d tickets none is on paper", k.name, len(k.seen))
	}
	t.Logf("%s: %d of %d on paper", k.name, printed, len(k.seen))
}

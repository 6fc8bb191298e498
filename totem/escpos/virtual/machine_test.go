package virtual_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/totem/escpos/virtual"
)

const patience = 20 * time.Second

// machine starts one of the model.
func machine(t *testing.T, o virtual.Options) *virtual.Machine {
	t.Helper()
	m, err := virtual.Start(t.Context(), "127.0.0.1:0", o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Close)
	return m
}

func model(t *testing.T, name string) virtual.Options {
	t.Helper()
	m, ok := virtual.ModelByName(name)
	if !ok {
		t.Fatalf("no model %s", name)
	}
	return virtual.Options{Model: m}
}

// client is a program that prints.
type client struct {
	t *testing.T
	net.Conn
}

func dial(t *testing.T, m *virtual.Machine) client {
	t.Helper()
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", m.Addr())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	return client{t, conn}
}

func (c client) send(job string) client {
	c.t.Helper()
	if _, err := io.WriteString(c, job); err != nil {
		c.t.Fatal(err)
	}
	return c
}

// hears reads so many bytes as are wanted, and compares.
func (c client) hears(want string) {
	c.t.Helper()
	got := make([]byte, len(want))
	if n, err := io.ReadFull(c, got); err != nil || string(got) != want {
		c.t.Errorf("heard % X (%v), want % X", got[:n], err, want)
	}
}

// hearsNothing checks that no answer comes for a while.
func (c client) hearsNothing() {
	c.t.Helper()
	_ = c.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
	b := make([]byte, 1)
	if n, err := c.Read(b); n > 0 || !isTimeout(err) {
		c.t.Errorf("heard % X, %v", b[:n], err)
	}
	_ = c.SetReadDeadline(time.Now().Add(patience))
}

func isTimeout(err error) bool {
	timeout, ok := errors.AsType[net.Error](err)
	return ok && timeout.Timeout()
}

func await(t *testing.T, m *virtual.Machine, what string, wanted func(virtual.Look) bool) virtual.Look {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := m.Wait(ctx, wanted); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	return m.Look()
}

func tickets(n int) func(virtual.Look) bool {
	return func(l virtual.Look) bool { return len(l.Tickets) >= n }
}

// job is a ticket with a question behind the cut.
func job(number string) string { return start + number + "\n\x1bd\x08" + cut + "\x1dr\x01" }

func TestAnswers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, model    string
		fault          virtual.Fault
		eot            string // answers to DLE EOT 1 to 4
		full, question string // to DLE EOT 20 and GS r 1
	}{
		{"ready", "escpos", "", "\x12\x12\x12\x12", "", "\x00"},
		{"ready, Custom", "custom-vkp80iii", "", "\x12\x12\x12\x12", "\x10\x0f\x00\x00\x00\x00", "\x00"},
		{"near end", "custom-vkp80iii", virtual.PaperLow, "\x12\x12\x12\x1e", "\x10\x0f\x04\x00\x00\x00", "\x03"},
		{"no paper", "custom-vkp80iii", virtual.PaperOut, "\x1a\x32\x12\x7e", "\x10\x0f\x05\x00\x00\x00", ""},
		{"cover", "custom-tg2480h", virtual.CoverOpen, "\x1a\x16\x12\x12", "\x10\x0f\x00\x02\x00\x00", ""},
		{"broken", "epson-tm-t88", virtual.Broken, "\x1a\x52\x32\x12", "", ""},
		{"noise", "escpos", virtual.Garbage, "\xa5\x93\xa5\x93\xa5\x93\xa5\x93", "", "\xa5\x93"},
		{"deaf", "escpos", virtual.Deaf, "", "", ""},
		{"one way", "generic", "", "", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			m := machine(t, model(t, c.model))
			if c.fault != "" {
				m.Set(c.fault, true)
			}
			d := dial(t, m).send("\x10\x04\x01\x10\x04\x02\x10\x04\x03\x10\x04\x04")
			d.hears(c.eot)
			if c.full != "" {
				d.send("\x10\x04\x14").hears(c.full)
			}
			d.send("\x1dr\x01").hears(c.question)
			d.hearsNothing()
		})
	}
}

// TestInTurn checks that GS r and GS ( H are answered once the paper before them has moved, and DLE
// EOT at once, also within the dots of a picture.
func TestInTurn(t *testing.T) {
	t.Parallel()
	o := model(t, "escpos")
	o.Speed = 60
	m := machine(t, o)
	began := time.Now()
	d := dial(t, m).send(start + "A001\n\x1bd\x05" + cut + "\x1dr\x01\x1d(H\x06\x0000abcd\x10\x04\x01")
	d.hears("\x12")
	if looks := m.Look(); len(looks.Tickets) > 0 {
		t.Error("a status waits its turn")
	}
	d.hears("\x00\x37\x22abcd\x00")
	// Six lines of 33 rows, and 12 mm to the cutter.
	if took := time.Since(began); took < 600*time.Millisecond {
		t.Errorf("37 mm at 60 mm/s took %v", took)
	}
	if got := m.Tickets(); len(got) != 1 || got[0].Torn != "" || got[0].Paper.Text() != "A001" {
		t.Errorf("tickets %+v", got)
	}
	d.send("\x1dv0\x00\x03\x00\x01\x00\x10\x04\x01\n").hears("\x12")
}

// TestOneClient checks that another client is refused while there is one, and let in when it has
// gone.
func TestOneClient(t *testing.T) {
	t.Parallel()
	m := machine(t, model(t, "escpos"))
	first := dial(t, m).send("\x10\x04\x01")
	first.hears("\x12")
	second := dial(t, m)
	if _, err := second.Read(make([]byte, 1)); err == nil || isTimeout(err) {
		t.Errorf("a second client: %v, want a reset", err)
	}
	for range 20 { // a connection a job
		_ = first.Close()
		first = dial(t, m).send(job("A001"))
		first.hears("\x00")
	}
	if got := m.Tickets(); len(got) != 20 || got[19].Came != 20 {
		t.Errorf("%d tickets, want 20 alike", len(got))
	}
}

func TestIdleClient(t *testing.T) {
	t.Parallel()
	o := model(t, "escpos")
	o.Idle = 50 * time.Millisecond
	m := machine(t, o)
	if _, err := dial(t, m).Read(make([]byte, 1)); err == nil || isTimeout(err) {
		t.Errorf("an idle client: %v, want a reset", err)
	}
}

// TestPaperOut ends the paper in the middle of a ticket: what has come out is torn, and the machine
// prints the rest once there is paper, whether its client is still there or not.
func TestPaperOut(t *testing.T) {
	t.Parallel()
	m := machine(t, model(t, "escpos"))
	m.SetAfter(virtual.PaperOut, 4)
	d := dial(t, m).send("\x1da\x0f")
	d.hears("\x10\x00\x00\x00")
	d.send(job("A001\nA002\nA003"))
	d.hears("\x18\x00\x0f\x00")
	d.send("\x10\x04\x02\x10\x04\x04").hears("\x32\x7e")
	look := await(t, m, "a torn ticket", tickets(1))
	torn := look.Tickets[0]
	if torn.Torn != virtual.PaperOut || torn.Paper.Text() != "A001" || look.Online {
		t.Errorf("torn %q: %q", torn.Torn, torn.Paper.Text())
	}
	_ = d.Close()
	await(t, m, "the client's end", func(l virtual.Look) bool { return !l.Client })
	m.Set(virtual.PaperOut, false)
	rest := await(t, m, "the rest", tickets(2)).Tickets[1]
	if !rest.Rest || rest.Torn != "" || rest.Paper.Text() != "A002\nA003" {
		t.Errorf("the rest: %+v, %q", rest, rest.Paper.Text())
	}
}

// TestCoverOpen holds a ticket up, and lets it go on.
func TestCoverOpen(t *testing.T) {
	t.Parallel()
	m := machine(t, model(t, "escpos"))
	m.SetAfter(virtual.CoverOpen, 4)
	d := dial(t, m).send(job("A001\nA002"))
	await(t, m, "the cover", func(l virtual.Look) bool { return !l.Online })
	d.send("\x10\x04\x01\x10\x04\x02").hears("\x1a\x16")
	m.Set(virtual.CoverOpen, false)
	d.hears("\x00")
	if got := m.Tickets(); len(got) != 1 || got[0].Paper.Text() != "A001\nA002" {
		t.Errorf("tickets %+v", got)
	}
}

// TestCutterJam keeps the answer back until the paper is cut, or throws the rest away when it is
// told to.
func TestCutterJam(t *testing.T) {
	t.Parallel()
	m := machine(t, model(t, "escpos"))
	m.Set(virtual.CutterJam, true)
	d := dial(t, m).send("\x10\x04\x01")
	d.hears("\x12") // it jams when it cuts
	d.send(job("A001") + job("A002"))
	await(t, m, "the jam", func(l virtual.Look) bool { return l.Jammed })
	d.send("\x10\x04\x01\x10\x04\x03").hears("\x1a\x1a")
	d.hearsNothing()
	m.Set(virtual.CutterJam, false)
	d.hears("\x00\x00")
	m.Set(virtual.CutterJam, true)
	d.send(job("A003") + job("A004"))
	await(t, m, "the jam", func(l virtual.Look) bool { return l.Jammed })
	d.send("\x10\x05\x02")
	look := await(t, m, "nothing that waits", func(l virtual.Look) bool { return l.Waiting == 0 })
	m.Set(virtual.CutterJam, false)
	d.send(job("A005")).hears("\x00")
	if got := m.Tickets(); len(got) != 4 || got[2].Torn != virtual.Cleared || got[3].Paper.Text() != "A005" {
		t.Errorf("tickets %+v, before %+v", got, look.Tickets)
	}
}

// TestPowerOff cuts the power in the middle of a ticket: the client is reset, nobody can connect,
// and what waited is lost.
func TestPowerOff(t *testing.T) {
	t.Parallel()
	m := machine(t, model(t, "escpos"))
	m.SetAfter(virtual.PowerOff, 5)
	d := dial(t, m).send("\x1da\x0f")
	d.hears("\x10\x00\x00\x00")
	d.send(job("A001\nA002") + job("A003"))
	if _, err := d.Read(make([]byte, 1)); err == nil || isTimeout(err) || errors.Is(err, io.EOF) {
		t.Errorf("at the end of the power the client has %v, want a reset", err)
	}
	if conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", m.Addr()); err == nil {
		_ = conn.Close()
		t.Error("a machine without power lets somebody in")
	}
	m.Set(virtual.PowerOff, false)
	again := dial(t, m).send(job("A004"))
	again.hears("\x00")
	again.hearsNothing()
	got := m.Tickets()
	if len(got) != 2 || got[0].Torn != virtual.PowerOff || got[0].Paper.Text() != "A001" || got[1].Paper.Text() != "A004" || got[1].Rest {
		t.Errorf("tickets %+v", got)
	}
}

// TestUnplugged leaves connections as they are, with nothing going through.
func TestUnplugged(t *testing.T) {
	t.Parallel()
	m := machine(t, model(t, "escpos"))
	d := dial(t, m).send("\x10\x04\x01")
	d.hears("\x12")
	m.Set(virtual.Unplugged, true)
	d.send(job("A001"))
	d.hearsNothing()
	if len(m.Tickets()) > 0 {
		t.Error("something was printed")
	}
	m.Set(virtual.Unplugged, false)
	d.hears("\x00")
}

// TestRubbish prints what it doesn't know as printers do, and says so.
func TestRubbish(t *testing.T) {
	t.Parallel()
	m := machine(t, model(t, "escpos"))
	d := dial(t, m)
	d.send("ok\n\x1bqx\n" + cut + "\x1dr\x01").hears("\x00")
	d.send(job("A002")).hears("\x00")
	got := m.Tickets()
	if wrong, ok := errors.AsType[*virtual.Error](got[0].Wrong); !ok || wrong.Offset != 3 || !strings.Contains(got[0].Paper.Text(), "▒") {
		t.Errorf("%v: %q", got[0].Wrong, got[0].Paper.Text())
	}
	if got[1].Wrong != nil {
		t.Errorf("the next one: %v", got[1].Wrong)
	}
}

// TestHalfACommand leaves a picture half sent: the next job's bytes become its dots, as they do in
// printers.
func TestHalfACommand(t *testing.T) {
	t.Parallel()
	m := machine(t, model(t, "escpos"))
	d := dial(t, m).send(start + "\x1dv0\x00\x48\x00\x01\x00" + strings.Repeat("\xff", 71))
	await(t, m, "the first job", func(l virtual.Look) bool { return l.Waiting == 79 })
	_ = d.Close()
	dial(t, m).send("X" + "A002\n" + cut + "\x1dr\x01").hears("\x00")
	if got := m.Tickets(); len(got) != 1 || len(got[0].Paper.Pictures) != 1 || got[0].Paper.Text() != "A002" {
		t.Errorf("tickets %+v", got)
	}
}

// TestTearOff takes paper by hand: cut tickets from the mouth, and what wasn't cut.
func TestTearOff(t *testing.T) {
	t.Parallel()
	m := machine(t, model(t, "custom-vkp80iii"))
	d := dial(t, m).send(start + "A001\n\x1cP\x04\x01E\x1e\x1dr\x01")
	d.hears("\x00")
	d.send("\x10\x04\x14").hears("\x10\x0f\x20\x00\x00\x00")
	m.TearOff()
	d.send("\x10\x04\x14").hears("\x10\x0f\x00\x00\x00\x00")
	d.send("A002\n\x1bd\x06\x1dr\x01").hears("\x00")
	if look := m.Look(); look.Hanging == 0 || m.Hanging().Bounds().Dy() != look.Hanging {
		t.Errorf("%d rows look out, in a picture of %v", look.Hanging, m.Hanging().Bounds())
	}
	m.TearOff()
	if got := m.Tickets(); len(got) != 2 || got[1].Torn != virtual.ByHand || !got[1].Taken {
		t.Errorf("tickets %+v", got)
	}
}

// TestIdentity asks what the machine is.
func TestIdentity(t *testing.T) {
	t.Parallel()
	m := machine(t, model(t, "epson-tm-t20"))
	dial(t, m).send("\x1dIB\x1dIC\x1dI\x02\x1br\x00\x1dr\x02\x1bv").hears("_ELIMINACODE\x00_epson-tm-t20\x00\x02\x00\x00")
}

// TestAtOnce asks Custom's printers for the paper while they are at work: the answer, unlike that
// of others, doesn't mean that all before it is done.
func TestAtOnce(t *testing.T) {
	t.Parallel()
	o := model(t, "custom-vkp80iii")
	o.Speed = 20
	m := machine(t, o)
	d := dial(t, m).send(start + "A001\nA001\nA001\n\x1cP\x04\x01E\x1e\x1bv")
	d.hears("\x00")
	if got := m.Tickets(); len(got) != 0 {
		t.Error("the answer came after the ticket")
	}
	await(t, m, "work", func(l virtual.Look) bool { return l.Printing })
	d.send("\x10\x04\x14").hears("\x10\x0f\x00\x0c\x00\x00")
	await(t, m, "the ticket", func(l virtual.Look) bool { return len(l.Tickets) == 1 })
	d.send("\x10\x04\x14").hears("\x10\x0f\x20\x00\x00\x00")
}

// TestSlow answers late.
func TestSlow(t *testing.T) {
	t.Parallel()
	m := machine(t, model(t, "escpos"))
	m.Set(virtual.Slow, true)
	began := time.Now()
	dial(t, m).send("a\n" + cut + "\x1dr\x01").hears("\x00")
	if took := time.Since(began); took < 800*time.Millisecond { // 16 mm at 15 mm/s
		t.Errorf("a slow machine took %v", took)
	}
}

// TestOldPictures checks that what a machine remembers is bounded, and how often a ticket came
// isn't forgotten.
func TestOldPictures(t *testing.T) {
	t.Parallel()
	m := machine(t, model(t, "escpos"))
	d := dial(t, m)
	d.send(strings.Repeat("a\n"+cut, 300) + "\x1dr\x01").hears("\x00")
	got := m.Tickets()
	if len(got) != 300 || got[299].Came != 300 || got[0].Paper.Height() != 0 || got[0].Paper.Text() != "a" || got[299].Paper.Blank() {
		t.Errorf("%d tickets", len(got))
	}
	if !bytes.Equal(got[298].Paper.Image().Pix, got[299].Paper.Image().Pix) {
		t.Error("tickets alike look different")
	}
}

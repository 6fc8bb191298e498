package httpd_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/auth"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// paper is what the API says of a ticket that somebody holds, or will.
type paper struct {
	ID          string    `json:"id"`
	Number      string    `json:"number"`
	Channel     string    `json:"channel"`
	State       string    `json:"state"`
	IssuedAt    time.Time `json:"issued_at"`
	Ahead       int       `json:"ahead"`
	Printed     string    `json:"printed"`
	PrintReason string    `json:"print_reason"`
	Reprints    int       `json:"reprints"`
	Offline     bool      `json:"offline"`
}

type block struct {
	Letter   string
	From, To int
}

type totemView struct {
	Services []struct {
		ID      string
		Words   queue.Text
		Bring   queue.Text
		OnTotem bool `json:"on_totem"`
	}
	Channels []struct {
		ID    string
		Bring queue.Text
	}
	Paper struct {
		Arms  string
		Line  queue.Text
		Parts []string
	}
	Print []struct {
		Ticket paper
		Copy   int
	}
}

// ticketID is one that a totem makes.
func ticketID(letter string) string { return strings.Repeat(letter, 26) }

// blocks are the numbers that the totem has now.
func (c client) blocks(body string) (list []block) {
	c.Helper()
	var out struct {
		Blocks []block
		At     time.Time
	}
	c.post("/api/v1/leases", body).want(http.StatusOK).read(&out)
	if !out.At.Equal(c.clock.now()) {
		c.Errorf("at %v, want %v", out.At, c.clock.now())
	}
	return out.Blocks
}

// handOver hands over a ticket that was given so long ago.
func (c client) handOver(id, number string, ago time.Duration) *answer {
	c.Helper()
	return c.post("/api/v1/tickets/offline", fmt.Sprintf(`{"ticket":%q,"number":%q,"channel":"anagrafe","issued_at":%q,"printed":"yes"}`,
		ticketID(id), number, c.clock.now().Add(-ago).Format(time.RFC3339)))
}

// TestPrinted tells what became of the paper of a ticket that a totem gave.
func TestPrinted(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	totem, ada := s.device(auth.Totem, "t1"), s.user("ada", auth.Operator)
	var mine, plain paper
	asked := `{"channel":"anagrafe","print":true,"ticket":"` + ticketID("A") + `"}`
	keyed := totem.with("Idempotency-Key", "k")
	for range 2 { // the answer was lost: it is the same ticket
		keyed.post("/api/v1/tickets", asked).want(http.StatusCreated).read(&mine)
		if mine.ID != ticketID("A") || mine.Number != "A001" || mine.Printed != "pending" || mine.Offline {
			t.Fatalf("%+v", mine)
		}
	}
	totem.post("/api/v1/tickets", asked).refused(http.StatusBadRequest, "invalid", "ticket")
	totem.post("/api/v1/tickets", `{"channel":"anagrafe"}`).want(http.StatusCreated).read(&plain)
	if plain.Printed != "no" {
		t.Errorf("nobody prints it, and it is %s", plain.Printed)
	}
	ada.post("/api/v1/tickets", strings.Replace(asked, "AA", "BB", 1)).refused(http.StatusBadRequest, "invalid", "ticket")
	totem.post("/api/v1/tickets", `{"channel":"anagrafe","ticket":"short"}`).refused(http.StatusBadRequest, "invalid", "ticket")

	path := "/api/v1/tickets/" + mine.ID
	said := func(c client, body string, want paper) {
		t.Helper()
		var got paper
		c.post(path+"/printed", body).want(http.StatusOK).read(&got)
		got.IssuedAt, got.Ahead = time.Time{}, 0
		want.ID, want.Number, want.Channel, want.State = mine.ID, "A001", "anagrafe", "waiting"
		if got != want {
			t.Errorf("%s:\n got %+v\nwant %+v", body, got, want)
		}
	}
	said(totem, `{"result":"failed","reason":"paper_out"}`, paper{Printed: "failed", PrintReason: "paper_out"})
	seq := s.seq()
	said(totem, `{"result":"failed","reason":"paper_out"}`, paper{Printed: "failed", PrintReason: "paper_out"})
	said(totem, `{"result":"unknown"}`, paper{Printed: "failed", PrintReason: "paper_out"}) // a totem that starts again: it is known
	if s.seq() != seq {
		t.Error("saying it again is an event")
	}
	var got paper
	totem.post(path+"/reprint", "").want(http.StatusOK).read(&got)
	if got.Printed != "pending" || got.Reprints != 1 || got.Number != "A001" {
		t.Errorf("%+v", got)
	}
	said(totem, `{"result":"yes","copy":0}`, paper{Printed: "pending", Reprints: 1}) // of the first copy
	said(ada, `{"result":"yes","copy":1}`, paper{Printed: "yes", Reprints: 1})
	s.public().get(path).want(http.StatusOK).read(&got)
	if got.Printed != "yes" || got.Reprints != 1 {
		t.Errorf("its holder is told %+v", got)
	}

	totem.post(path+"/printed", `{}`).refused(http.StatusBadRequest, "invalid", "result")
	totem.post(path+"/printed", `{"result":"pending"}`).refused(http.StatusBadRequest, "invalid", "result")
	totem.post(path+"/printed", `{"result":"yes","reason":"Carta!"}`).refused(http.StatusBadRequest, "invalid", "reason")
	totem.post("/api/v1/tickets/NONE/printed", `{"result":"yes"}`).refused(http.StatusNotFound, "unknown_ticket", "ticket")
}

// TestReprint wants copies of totems, which see them among what they are to print.
func TestReprint(t *testing.T) {
	t.Parallel()
	s := newServer(t, withoutDev)
	s.user("capo", auth.Admin)
	ada := s.user("ada", auth.Operator)
	var staffs paper
	ada.post("/api/v1/tickets", `{"channel":"anagrafe","print":true}`).want(http.StatusCreated).read(&staffs)
	if staffs.Printed != "no" {
		t.Errorf("nobody can print it, and it is %s", staffs.Printed)
	}
	ada.post("/api/v1/tickets/"+staffs.ID+"/reprint", "").refused(http.StatusConflict, "conflict", "totem")

	first := s.device(auth.Totem, "t1")
	screen := first.watch("view=totem")
	wants := func(v *viewer, jobs ...string) {
		t.Helper()
		var page totemView
		v.next("view", &page)
		got := []string{}
		for _, p := range page.Print {
			got = append(got, fmt.Sprint(p.Ticket.Number, "/", p.Copy))
		}
		if !slices.Equal(got, append([]string{}, jobs...)) {
			t.Errorf("to print: %v, want %v", got, jobs)
		}
	}
	wants(screen)
	ada.post("/api/v1/tickets/"+staffs.ID+"/reprint", "").want(http.StatusOK) // by the only one
	wants(screen, "A001/1")
	first.post("/api/v1/tickets/"+staffs.ID+"/printed", `{"result":"yes","copy":1}`).want(http.StatusOK)
	wants(screen)
	ada.post("/api/v1/tickets", `{"channel":"anagrafe","print":true}`).want(http.StatusCreated).read(&staffs)
	wants(screen, "A002/0")

	second := s.device(auth.Totem, "t2")
	var own paper
	second.post("/api/v1/tickets", `{"channel":"anagrafe","print":true}`).want(http.StatusCreated).read(&own)
	wants(screen, "A002/0")
	other := second.watch("view=totem")
	wants(other) // what it gives it prints by itself
	path := "/api/v1/tickets/" + own.ID + "/reprint"
	first.post(path, "").refused(http.StatusForbidden, "forbidden", "")
	second.post(path, `{"totem":"t1"}`).refused(http.StatusForbidden, "forbidden", "")
	second.post(path, "").want(http.StatusOK)
	wants(other, "A003/1")
	wants(screen, "A002/0")
	keyed := ada.with("Idempotency-Key", "again")
	for range 2 { // once
		var got paper
		keyed.post(path, `{"totem":"t1"}`).want(http.StatusOK).read(&got)
		if got.Reprints != 2 {
			t.Errorf("%+v", got)
		}
	}
	wants(screen, "A002/0", "A003/2")
	wants(other)
	made := second.with("Idempotency-Key", "made")
	for range 2 { // it has printed it: nobody is to
		var got paper
		made.post(path, `{"made":"failed","reason":"paper_out"}`).want(http.StatusOK).read(&got)
		if got.Reprints != 3 || got.Printed != "failed" || got.PrintReason != "paper_out" {
			t.Errorf("%+v", got)
		}
	}
	wants(screen, "A002/0")
	second.post(path, `{"made":"pending"}`).refused(http.StatusBadRequest, "invalid", "made")
	second.post(path, `{"made":"yes","reason":"Carta!"}`).refused(http.StatusBadRequest, "invalid", "reason")
	keyed.post(path, `{"totem":"t2"}`).refused(http.StatusUnprocessableEntity, "invalid", "Idempotency-Key")
	ada.delete("/api/v1/tickets/" + own.ID).want(http.StatusOK)
	ada.post(path, "").refused(http.StatusConflict, "conflict", "")
}

// TestLeases has two totems get numbers of their own, which nobody else gives.
func TestLeases(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	first, second := s.device(auth.Totem, "t1"), s.device(auth.Totem, "t2")
	ofA := func(list []block) block {
		t.Helper()
		if len(list) != len(queue.Default().Channels) {
			t.Errorf("%d blocks: %v", len(list), list)
		}
		return list[slices.IndexFunc(list, func(b block) bool { return b.Letter == "A" })]
	}
	for range 2 { // what it has already
		if b := ofA(first.blocks(`{"fresh":false}`)); b != (block{"A", 900, 999}) {
			t.Errorf("the first totem: %v", b)
		}
	}
	if b := ofA(second.blocks("")); b != (block{"A", 800, 899}) {
		t.Errorf("the second totem: %v", b)
	}
	fresh := first.with("Idempotency-Key", "new folder")
	for range 2 { // one that starts with an empty folder, once
		if b := ofA(fresh.blocks(`{"fresh":true}`)); b != (block{"A", 700, 799}) {
			t.Errorf("the first totem, anew: %v", b)
		}
	}
	if b := ofA(s.device(auth.Totem, "t1").blocks("")); b != (block{"A", 600, 699}) { // a spare one
		t.Errorf("another device by the same name: %v", b)
	}
	s.user("ada", auth.Admin).post("/api/v1/leases", "").refused(http.StatusForbidden, "forbidden", "")
	if got := s.dev().issue("anagrafe"); got.Number != "A001" {
		t.Errorf("online: %s", got.Number)
	}
}

// TestHandOver has a totem hand over what it gave by itself.
func TestHandOver(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	totem := s.device(auth.Totem, "t1")
	totem.blocks("")
	s.clock.pass(time.Hour)
	s.dev().issue("anagrafe")
	var got paper
	for _, status := range []int{http.StatusCreated, http.StatusOK} {
		totem.handOver("A", "A900", 10*time.Minute).want(status).read(&got)
		if got.ID != ticketID("A") || got.Number != "A900" || got.State != "waiting" || got.Ahead != 0 || got.Printed != "yes" || !got.Offline ||
			!got.IssuedAt.Equal(s.clock.now().Add(-10*time.Minute)) {
			t.Errorf("%+v", got)
		}
	}
	// The server had it: only the answer was lost.
	totem.post("/api/v1/tickets", `{"channel":"anagrafe","print":true,"ticket":"`+ticketID("B")+`"}`).want(http.StatusCreated).read(&got)
	if got.Number != "A002" {
		t.Fatalf("%+v", got)
	}
	totem.handOver("B", "A901", 0).want(http.StatusOK).read(&got)
	if got.Number != "A901" || got.Ahead != 2 || !got.Offline || got.Printed != "yes" {
		t.Errorf("%+v", got)
	}
	if got := s.dev().issue("anagrafe"); got.Number != "A003" {
		t.Errorf("online: %s", got.Number)
	}
	refusals := map[string]*answer{
		"number_not_leased": totem.handOver("C", "A100", 0),
		"number_used":       totem.handOver("C", "A900", 0),
		"ticket_id_used":    totem.handOver("A", "A902", 0),
	}
	for reason, a := range refusals {
		field := "number"
		if reason == "ticket_id_used" {
			field = "ticket"
		}
		a.refused(http.StatusConflict, "conflict", field)
		a.contains(`"reason":"` + reason + `"`)
	}
	s.device(auth.Totem, "t2").handOver("G", "A905", 0).want(http.StatusCreated) // the same machine, paired anew
	totem.handOver("C", "B900x", 0).refused(http.StatusBadRequest, "invalid", "number")
	totem.post("/api/v1/tickets/offline", `{"ticket":"x","number":"A910","channel":"anagrafe","issued_at":"2026-03-02T09:00:00+01:00"}`).refused(http.StatusBadRequest, "invalid", "ticket")
	totem.post("/api/v1/tickets/offline", `{"ticket":"`+ticketID("D")+`","number":"A910","channel":"anagrafe"}`).refused(http.StatusBadRequest, "invalid", "issued_at")

	s.clock.pass(24 * time.Hour) // the next day
	totem.handOver("E", "A910", 24*time.Hour).want(http.StatusCreated).read(&got)
	if got.State != "expired" || !got.IssuedAt.Equal(s.clock.now().Add(-24*time.Hour)) {
		t.Errorf("%+v", got)
	}
	totem.handOver("E", "A910", 24*time.Hour).want(http.StatusOK)
	totem.post("/api/v1/tickets/"+ticketID("E")+"/printed", `{"result":"failed"}`).want(http.StatusOK)
	totem.handOver("F", "A910", 0).want(http.StatusCreated) // today
	kinds := s.dev().get("/api/v1/journal?after=0").want(http.StatusOK).body
	for _, kind := range []string{"numbers_leased", "ticket_renumbered", "ticket_printed"} {
		if !strings.Contains(string(kinds), kind) {
			t.Errorf("the journal doesn't show %s", kind)
		}
	}
}

// TestRoll gives the tickets of a roll of paper.
func TestRoll(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.device(auth.Totem, "t1").blocks("")
	s.dev().issue("anagrafe")
	ada := s.user("ada", auth.Operator)
	who := ada
	roll := func(body string) (numbers []string) {
		t.Helper()
		var out struct{ Tickets []paper }
		who.with("Idempotency-Key", body).post("/api/v1/tickets/roll", body).want(http.StatusCreated).read(&out)
		for i, p := range out.Tickets {
			numbers = append(numbers, p.Number)
			if p.State != "waiting" || p.Printed != "no" || i > 0 && p.Ahead != out.Tickets[i-1].Ahead+1 {
				t.Errorf("%+v", p)
			}
		}
		return numbers
	}
	for range 2 { // the answer was lost
		if got := roll(`{"channel":"anagrafe","first":57,"last":59}`); !slices.Equal(got, []string{"A057", "A058", "A059"}) {
			t.Errorf("%v", got)
		}
	}
	if got := roll(`{"channel":"anagrafe","last":60}`); !slices.Equal(got, []string{"A060"}) {
		t.Errorf("%v", got)
	}
	if got := s.dev().issue("anagrafe"); got.Number != "A061" {
		t.Errorf("then online: %s", got.Number)
	}
	for body, field := range map[string]string{
		`{"channel":"anagrafe","last":61}`:               "last",
		`{"channel":"anagrafe","first":30,"last":70}`:    "first",
		`{"channel":"anagrafe","first":899,"last":900}`:  "last",
		`{"channel":"anagrafe","first":900,"last":1001}`: "last",
	} {
		a, code := ada.post("/api/v1/tickets/roll", body), "conflict"
		if a.StatusCode == http.StatusBadRequest {
			code = "invalid"
		} else {
			a.want(http.StatusConflict)
		}
		a.refused(a.StatusCode, code, field)
	}
	ada.post("/api/v1/tickets/roll", `{"channel":"bar","last":61}`).refused(http.StatusNotFound, "unknown_channel", "channel")
	who = s.dev()
	s.clock.pass(12 * time.Hour) // closed; they have their numbers all the same
	roll(`{"channel":"anagrafe","last":63}`)
}

// TestTotemStatus shows what a totem says of itself among the devices.
func TestTotemStatus(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	totem := s.device(auth.Totem, "t1")
	type status struct {
		Target  string
		Unsent  int
		Screen  string
		Version string
		Printer *struct {
			State, Reason string
			Since         time.Time
		}
	}
	deviceOf := func(target string) status {
		t.Helper()
		var list []status
		s.dev().get("/api/v1/devices").want(http.StatusOK).read(&list)
		return list[slices.IndexFunc(list, func(d status) bool { return d.Target == target })]
	}
	device := func() status { return deviceOf("t1") }
	if d := device(); d.Printer != nil || d.Unsent != 0 {
		t.Errorf("%+v", d)
	}
	low := s.clock.now()
	say := `{"printer":{"state":"paper_low","reason":"near_end"},"unsent":3,"screen":"1080x1920","version":"1.2"}`
	for range 2 {
		totem.post("/api/v1/totems/status", say).want(http.StatusNoContent)
		s.clock.pass(time.Minute)
	}
	d := device()
	if d.Printer == nil || d.Printer.State != "paper_low" || d.Printer.Reason != "near_end" || !d.Printer.Since.Equal(low) || d.Unsent != 3 || d.Screen != "1080x1920" || d.Version != "1.2" {
		t.Errorf("%+v", d)
	}
	totem.post("/api/v1/totems/status", `{"printer":{"state":"ready"}}`).want(http.StatusNoContent)
	if d := device(); d.Printer.State != "ready" || !d.Printer.Since.Equal(s.clock.now()) || d.Unsent != 0 {
		t.Errorf("%+v", d)
	}
	for body, field := range map[string]string{
		`{}`:                            "printer.state",
		`{"printer":{"state":"Carta"}}`: "printer.state",
		`{"printer":{"state":"ready","reason":"è"}}`:                                "printer.reason",
		`{"printer":{"state":"ready"},"unsent":-1}`:                                 "unsent",
		`{"printer":{"state":"ready"},"screen":"wide"}`:                             "screen",
		`{"printer":{"state":"ready"},"version":"` + strings.Repeat("1", 65) + `"}`: "version",
	} {
		totem.post("/api/v1/totems/status", body).refused(http.StatusBadRequest, "invalid", field)
	}
	// So does one that has the development token, which nobody paired.
	first := s.clock.now()
	for range 2 {
		s.dev().post("/api/v1/totems/status", say).want(http.StatusNoContent)
		s.clock.pass(time.Minute)
	}
	if d := deviceOf("dev"); d.Printer == nil || d.Printer.State != "paper_low" || !d.Printer.Since.Equal(first) || d.Unsent != 3 {
		t.Errorf("%+v", d)
	}
}

// TestTotemPage shows a totem what is done here, and what its paper shows.
func TestTotemPage(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.configure(func(c *queue.Config) {
		c.Paper = queue.Paper{Line: queue.Text{"it": "Grazie"}, Parts: []queue.Part{queue.PartNumber, queue.PartQR}}
		c.Channels[1].Bring = queue.Text{"it": "un documento"}
		c.Services[2].Words, c.Services[2].OnTotem = queue.Text{"it": "ci, documento"}, true
	})
	var page totemView
	s.device(auth.Totem, "t1").watch("view=totem").next("view", &page)
	if page.Channels[1].Bring["it"] != "un documento" || page.Paper.Line["it"] != "Grazie" || !slices.Equal(page.Paper.Parts, []string{"number", "qr"}) || page.Print == nil {
		t.Errorf("%+v", page)
	}
	if v := page.Services[2]; v.Words["it"] != "ci, documento" || !v.OnTotem || v.ID != "carta-identita" {
		t.Errorf("%+v", v)
	}
}

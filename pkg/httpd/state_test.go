package httpd_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/eliminacode/eliminacode/pkg/queue"
)

func TestState(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.dev().at("2", "open", "").want(http.StatusOK)
	for range 10 {
		s.dev().issue("anagrafe")
		s.dev().at("2", "next", "").want(http.StatusOK)
	}
	s.dev().issue("anagrafe")
	var got struct {
		Office struct {
			ID   string `json:"id"`
			Name string `json:"name"`
		} `json:"office"`
		Seq      int64     `json:"seq"`
		At       time.Time `json:"at"`
		Open     bool      `json:"open"`
		OpensAt  any       `json:"opens_at"`
		ClosesAt time.Time `json:"closes_at"`
		Channels []struct {
			ID         string  `json:"id"`
			Letter     string  `json:"letter"`
			Name       string  `json:"name"`
			Color      string  `json:"color"`
			Open       bool    `json:"open"`
			Waiting    int     `json:"waiting"`
			LastCalled *string `json:"last_called"`
		} `json:"channels"`
		Calls []struct {
			Number string `json:"number"`
		} `json:"calls"`
		Notices []any `json:"notices"`
	}
	s.public().get("/api/v1/state").want(http.StatusOK).read(&got)
	if got.Office.ID != office || got.Office.Name != "URP del Comune di Empoli" || got.Seq != s.seq() || !got.At.Equal(start) || !got.Open || got.OpensAt != nil {
		t.Errorf("%+v", got)
	}
	if !got.ClosesAt.Equal(start.Add(9*time.Hour + 30*time.Minute)) {
		t.Errorf("closes at %v", got.ClosesAt)
	}
	if len(got.Channels) != 3 { // no seasonal one in March
		t.Fatalf("%+v", got.Channels)
	}
	c := got.Channels[1]
	if c.ID != "anagrafe" || c.Letter != "A" || c.Name != "Servizi anagrafici" || c.Color != "#00695c" || !c.Open || c.Waiting != 1 || c.LastCalled == nil || *c.LastCalled != "A010" {
		t.Errorf("%+v", c)
	}
	if len(got.Calls) < 8 || got.Calls[0].Number != "A010" || got.Calls[1].Number != "A009" {
		t.Errorf("%+v", got.Calls)
	}
	if got.Notices == nil {
		t.Error("notices are null")
	}
	s.public().get("/api/v1/offices/urp/state").want(http.StatusOK)
	s.public().get("/api/v1/offices/luna/state").refused(http.StatusNotFound, "unknown_office", "")
}

// calls are what the public sees of where people are expected, "A001 at 2" each, with a star while
// that holds.
func (s *server) calls() (list []string, last map[string]string) {
	s.Helper()
	var got struct {
		Channels []struct {
			ID         string  `json:"id"`
			LastCalled *string `json:"last_called"`
		} `json:"channels"`
		Calls []struct {
			Number  string `json:"number"`
			Counter string `json:"counter"`
			Holds   bool   `json:"holds"`
		} `json:"calls"`
	}
	s.public().get("/api/v1/state").want(http.StatusOK).read(&got)
	for _, c := range got.Calls {
		call := c.Number + " at " + c.Counter
		if c.Holds {
			call += "*"
		}
		list = append(list, call)
	}
	last = map[string]string{}
	for _, c := range got.Channels {
		if c.LastCalled != nil {
			last[c.ID] = *c.LastCalled
		}
	}
	return list, last
}

func (s *server) wantCalls(last map[string]string, calls ...string) {
	s.Helper()
	got, numbers := s.calls()
	if diff := cmp.Diff(calls, got); diff != "" {
		s.Errorf("calls (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(last, numbers); diff != "" {
		s.Errorf("last called (-want +got):\n%s", diff)
	}
}

// TestLiveCallStays while twelve others are called after it.
func TestLiveCallStays(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	dev := s.dev()
	for _, c := range []string{"1", "2"} {
		dev.at(c, "open", "").want(http.StatusOK)
	}
	dev.issue("protocollo")
	dev.at("1", "next", "").want(http.StatusOK)
	var want []string
	for n := range 12 {
		dev.issue("anagrafe")
		dev.at("2", "next", "").want(http.StatusOK)
		want = append(want, fmt.Sprintf("A%03d at 2", 12-n))
	}
	want[0] += "*"
	want[11] = "P001 at 1*"
	s.wantCalls(map[string]string{"anagrafe": "A012", "protocollo": "P001"}, want...)
	dev.at("1", "recall", "").want(http.StatusOK)
	s.wantCalls(map[string]string{"anagrafe": "A012", "protocollo": "P001"}, append([]string{want[11]}, want[:11]...)...)
}

// TestCallTakenBack is shown no longer: people are sent to one counter.
func TestCallTakenBack(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	dev := s.dev()
	for _, c := range []string{"2", "3"} {
		dev.at(c, "open", "").want(http.StatusOK)
	}
	dev.issue("anagrafe")
	dev.at("3", "next", "").want(http.StatusOK)
	dev.at("3", "requeue", "").want(http.StatusOK)
	last := map[string]string{"anagrafe": "A001"}
	s.wantCalls(last)
	dev.at("2", "next", "").want(http.StatusOK)
	s.wantCalls(last, "A001 at 2*")
	dev.at("2", "hold", "").want(http.StatusOK)
	s.wantCalls(last)
	dev.at("2", "call", `{"number":"A001"}`).want(http.StatusOK)
	dev.at("2", "transfer", `{"channel":"protocollo"}`).want(http.StatusOK)
	s.wantCalls(last)
	dev.at("2", "undo", "").want(http.StatusOK)
	s.wantCalls(last, "A001 at 2*")
	dev.at("2", "undo", "").refused(http.StatusConflict, "conflict", "")

	dev.issue("anagrafe")
	dev.at("3", "next", "").want(http.StatusOK)
	dev.at("2", "recall", "").want(http.StatusOK)
	last["anagrafe"] = "A002"
	s.wantCalls(last, "A001 at 2*", "A002 at 3*") // the day's newest call is still A002's
	dev.at("3", "undo", "").want(http.StatusOK)
	last["anagrafe"] = "A001"
	s.wantCalls(last, "A001 at 2*")
	dev.at("2", "done", "").want(http.StatusOK)
	s.wantCalls(last, "A001 at 2")
}

// TestPublicIsCompressed has what everybody asks for all the time answered in the form that they
// take, under one tag, and says that it comes in two.
func TestPublicIsCompressed(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	mine := s.dev().issue("anagrafe")
	for _, path := range []string{"/api/v1/state", "/", "/affluenza", "/t/" + mine.ID} {
		plain := s.public().with("Accept-Encoding", "identity").get(path).want(http.StatusOK).headers("Content-Encoding", "", "Vary", "Accept-Encoding")
		packed := s.public().outside().with("Accept-Encoding", "br, gzip").get(path).want(http.StatusOK).headers("Content-Encoding", "gzip", "Vary", "Accept-Encoding", "ETag", plain.Header.Get("ETag"))
		z, err := gzip.NewReader(bytes.NewReader(packed.body))
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if body, err := io.ReadAll(z); err != nil || !bytes.Equal(body, plain.body) || len(packed.body)*2 > len(body) {
			t.Errorf("%s: %d bytes, compressed %d, unpacked %d, %v", path, len(plain.body), len(packed.body), len(body), err)
		}
	}
	tag := s.public().get("/api/v1/state").Header.Get("ETag")
	s.public().with("Accept-Encoding", "gzip").with("If-None-Match", tag).get("/api/v1/state").want(http.StatusNotModified).headers("Content-Encoding", "", "Vary", "Accept-Encoding")
	if got := s.public().with("Accept-Encoding", "gzip").get("/api/v1/tickets/none"); got.Header.Get("Content-Encoding") != "" {
		t.Error("a few words are compressed")
	}
}

func TestStateIsCached(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	get := func(tag string) *answer { return s.public().with("If-None-Match", tag).get("/api/v1/state") }
	first := get(`"none"`).want(http.StatusOK)
	first.headers("Cache-Control", "public, max-age=1", "Access-Control-Allow-Origin", "*")
	tag := first.Header.Get("ETag")
	if a := get(tag).want(http.StatusNotModified).headers("ETag", tag, "Cache-Control", "public, max-age=1"); len(a.body) > 0 {
		t.Errorf("304 with a body: %q", a.body)
	}
	get(`"other", ` + tag).want(http.StatusNotModified)
	get("*").want(http.StatusNotModified)
	s.clock.pass(5 * time.Second) // nothing but the time has changed
	get(tag).want(http.StatusNotModified)
	s.clock.pass(-time.Hour) // the machine's clock was wrong
	at := func(want time.Time) {
		t.Helper()
		var got struct {
			At time.Time `json:"at"`
		}
		get(`"none"`).want(http.StatusOK).read(&got)
		if !got.At.Equal(want) {
			t.Errorf("at %v, want %v", got.At, want)
		}
	}
	at(start) // the office's time stands still at first: several servers may disagree
	s.clock.pass(time.Minute)
	at(s.clock.now())
	s.dev().issue("anagrafe")
	if again := get(tag).want(http.StatusOK).Header.Get("ETag"); again == tag {
		t.Errorf("the tag %s stayed", tag)
	}
}

func TestClosedOffice(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.clock.pass(10 * time.Hour)
	var got struct {
		Open     bool      `json:"open"`
		OpensAt  time.Time `json:"opens_at"`
		ClosesAt any       `json:"closes_at"`
		Channels []struct {
			Open   bool              `json:"open"`
			Closed map[string]string `json:"closed"`
		} `json:"channels"`
	}
	s.public().get("/api/v1/state").want(http.StatusOK).read(&got)
	if got.Open || got.ClosesAt != nil || !got.OpensAt.Equal(start.Add(23*time.Hour)) {
		t.Errorf("%+v", got)
	}
	if got.Channels[0].Open || !strings.Contains(got.Channels[0].Closed["it"], "03/03/2026") {
		t.Errorf("%+v", got.Channels[0])
	}
}

func TestConfig(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	const path = "/api/v1/config"
	var cfg queue.Config
	s.dev().get(path).want(http.StatusOK).headers("ETag", `"1"`, "Cache-Control", "no-store").read(&cfg)
	if cfg.Version != 1 || len(cfg.Channels) != 6 || len(cfg.Counters) != 4 || len(cfg.Displays) != 5 {
		t.Errorf("%+v", cfg)
	}
	put := func(tag string, change func(*queue.Config)) *answer {
		t.Helper()
		next := *queue.Default()
		change(&next)
		b, err := json.Marshal(next)
		if err != nil {
			t.Fatal(err)
		}
		return s.dev().with("If-Match", tag).do(http.MethodPut, path, string(b))
	}
	rename := func(c *queue.Config) { c.Name["it"] = "URP di Empoli" }
	seq := s.seq()
	for _, tag := range []string{"", "*", `"0"`, `"2"`, "uno"} {
		put(tag, rename).refused(http.StatusPreconditionFailed, "precondition_failed", "")
	}
	if s.seq() != seq {
		t.Error("a refused change was made")
	}
	put(`"1"`, rename).want(http.StatusOK).headers("ETag", `"2"`).read(&cfg)
	if cfg.Version != 2 || cfg.Name["it"] != "URP di Empoli" {
		t.Errorf("version %d, name %v", cfg.Version, cfg.Name)
	}
	put(`"1"`, rename).refused(http.StatusPreconditionFailed, "precondition_failed", "")
	put(`W/"2"`, rename).want(http.StatusOK).headers("ETag", `"3"`)

	r := put(`"3"`, func(c *queue.Config) {
		c.Name["it"] = ""
		c.Channels[2].Letter = "A"
		c.Channels[0].Color = "#ffff00"
		c.Counters[0].Serves[0].Channel = "bar"
	}).refused(http.StatusUnprocessableEntity, "invalid", "")
	paths := map[string]bool{}
	for _, f := range r.Faults {
		if f.Message == "" {
			t.Errorf("%s has no message", f.Path)
		}
		paths[f.Path] = true
	}
	for _, want := range []string{"name.it", "channels[2].letter", "channels[0].color", "counters[0].serves[0].channel"} {
		if !paths[want] {
			t.Errorf("no fault of %s in %+v", want, r.Faults)
		}
	}
	s.dev().get(path).headers("ETag", `"3"`)
}

func TestConfigKeepsTickets(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.dev().issue("altri-servizi")
	cfg := queue.Default()
	without := cfg.Channels[:0:0]
	for _, c := range cfg.Channels {
		if c.ID != "altri-servizi" {
			without = append(without, c)
		}
	}
	cfg.Channels = without
	cfg.Counters[3].Serves = cfg.Counters[3].Serves[1:]
	cfg.Services = nil
	cfg.Displays = nil
	b, err := json.Marshal(cfg)
	if err != nil {
		t.Fatal(err)
	}
	put := func(query string) *answer {
		return s.dev().with("If-Match", `"1"`).do(http.MethodPut, "/api/v1/config"+query, string(b))
	}
	put("").refused(http.StatusConflict, "conflict", "move")
	put("?move=altri-servizi").refused(http.StatusBadRequest, "invalid", "move")
	put("?move=altri-servizi:bar").refused(http.StatusNotFound, "unknown_channel", "channel")
	put("?move=altri-servizi:anagrafe").want(http.StatusOK)
	s.dev().at("2", "open", "").want(http.StatusOK)
	var got called
	s.dev().at("2", "next", "").want(http.StatusOK).read(&got)
	if got.Ticket.Number != "S001" || got.Ticket.Channel != "anagrafe" {
		t.Errorf("%+v", got.Ticket)
	}
}

func TestNewOffice(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	b, err := json.Marshal(queue.Default())
	if err != nil {
		t.Fatal(err)
	}
	put := func(name string) *answer {
		return s.dev().with("If-None-Match", "*").do(http.MethodPut, "/api/v1/offices/"+name+"/config", string(b))
	}
	put("ponte-a-elsa").want(http.StatusOK).headers("ETag", `"1"`)
	put("ponte-a-elsa").refused(http.StatusConflict, "conflict", "")
	put("Ponte%20a%20Elsa").refused(http.StatusBadRequest, "invalid", "office")
	// Its numbers are its own.
	s.dev().issue("anagrafe")
	var got ticket
	a := s.dev().post("/api/v1/offices/ponte-a-elsa/tickets", `{"channel":"anagrafe"}`).want(http.StatusCreated)
	a.read(&got)
	if got.Number != "A001" {
		t.Errorf("%+v", got)
	}
	a.headers("Location", "/api/v1/offices/ponte-a-elsa/tickets/"+got.ID)
	s.public().get(a.Header.Get("Location")).want(http.StatusOK)
	s.public().get("/api/v1/tickets/"+got.ID).refused(http.StatusNotFound, "unknown_ticket", "")
}

func TestJournal(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.dev().issue("anagrafe")
	type event struct {
		Seq    int64  `json:"seq"`
		Kind   string `json:"kind"`
		By     string `json:"by"`
		Number string `json:"number"`
	}
	read := func(query string) (list []event) {
		t.Helper()
		s.dev().get("/api/v1/journal"+query).want(http.StatusOK).headers("Cache-Control", "no-store").read(&list)
		return list
	}
	all := read("")
	if len(all) != 3 || all[0].Kind != "config_changed" || all[0].Seq != 1 || all[1].Kind != "day_started" || all[2] != (event{3, "ticket_issued", "dev", "A001"}) {
		t.Errorf("%+v", all)
	}
	if got := read("?after=2"); len(got) != 1 || got[0].Seq != 3 {
		t.Errorf("%+v", got)
	}
	if got := read("?after=0&limit=2"); len(got) != 2 {
		t.Errorf("%+v", got)
	}
	if got := read("?after=3"); got == nil || len(got) != 0 {
		t.Errorf("%+v", got)
	}
	for _, query := range []string{"after=-1", "after=x", "after=99999999999999999999"} {
		s.dev().get("/api/v1/journal?"+query).refused(http.StatusBadRequest, "invalid", "after")
	}
	for _, query := range []string{"limit=0", "limit=1001", "limit=x"} {
		s.dev().get("/api/v1/journal?"+query).refused(http.StatusBadRequest, "invalid", "limit")
	}
	s.dev().get("/api/v1/offices/luna/journal").refused(http.StatusNotFound, "unknown_office", "")
}

func TestStats(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	c := s.dev()
	c.at("2", "open", "").want(http.StatusOK)
	gone := c.issue("anagrafe")
	c.delete("/api/v1/tickets/" + gone.ID).want(http.StatusOK)
	c.issue("anagrafe")
	c.issue("protocollo")
	s.clock.pass(25 * time.Minute)
	c.at("2", "next", "").want(http.StatusOK)
	c.at("2", "start", "").want(http.StatusOK)
	s.clock.pass(3 * time.Minute)
	c.at("2", "done", `{"outcomes":[{"service":"carta-identita","quantity":2}]}`).want(http.StatusOK)

	type times struct {
		Count int     `json:"count"`
		Mean  float64 `json:"mean_s"`
	}
	type row struct {
		Key       string  `json:"key"`
		Issued    int     `json:"issued"`
		Served    int     `json:"served"`
		Cancelled int     `json:"cancelled"`
		Left      int     `json:"left"`
		Quantity  int     `json:"quantity"`
		Wait      times   `json:"wait"`
		Service   times   `json:"service"`
		Late      float64 `json:"late"`
	}
	served, waited := times{1, 180}, times{2, 750} // of who gave up at once, too
	tests := map[string][]row{
		"": {{"2026-03-02", 3, 1, 1, 1, 0, waited, served, 0.5}},
		"from=2026-03-02&to=2026-03-02&by=channel": {
			{"anagrafe", 2, 1, 1, 1, 0, waited, served, 0.5},
			{"protocollo", 1, 0, 0, 0, 0, times{}, times{}, 0},
		},
		"by=service":                    {{"carta-identita", 1, 1, 0, 0, 2, times{1, 1500}, served, 1}},
		"by=weekday":                    {{"1", 3, 1, 1, 1, 0, waited, served, 0.5}},
		"by=hour":                       {{"09", 3, 1, 1, 1, 0, waited, served, 0.5}},
		"from=2026-02-01&to=2026-02-28": {},
	}
	for query, want := range tests {
		var got []row
		c.get("/api/v1/stats?"+query).want(http.StatusOK).headers("Content-Type", "application/json", "Cache-Control", "no-store").read(&got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", query, diff)
		}
	}
	csv := c.with("Accept", "text/csv").get("/api/v1/stats?by=channel").want(http.StatusOK)
	c.get("/api/v1/stats?by=channel&format=csv").want(http.StatusOK).headers("Content-Type", "text/csv; charset=utf-8")
	c.with("Accept", "text/csv").get("/api/v1/stats?format=json").want(http.StatusOK).headers("Content-Type", "application/json")
	c.get("/api/v1/stats?format=xml").refused(http.StatusBadRequest, "invalid", "format")
	csv.headers("Content-Type", "text/csv; charset=utf-8", "Vary", "Accept")
	lines := strings.Split(strings.TrimSpace(string(csv.body)), "\n")
	if len(lines) != 3 || !strings.HasPrefix(lines[0], "channel,issued,served,") || !strings.HasPrefix(lines[1], "anagrafe,2,1,0,1,1,0,0,750.0,") {
		t.Errorf("%q", lines)
	}
	for _, query := range []string{"from=ieri", "to=2026-02-30", "by=clerk", "from=2026-03-02&to=2026-03-01"} {
		field := query[strings.LastIndexAny(query, "&")+1:]
		field, _, _ = strings.Cut(field, "=")
		c.get("/api/v1/stats?"+query).refused(http.StatusBadRequest, "invalid", field)
	}
}

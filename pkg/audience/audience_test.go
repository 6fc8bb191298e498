package audience_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/eliminacode/eliminacode/pkg/audience"
	"github.com/eliminacode/eliminacode/pkg/engine"
	"github.com/eliminacode/eliminacode/pkg/live"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

var start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// office is one with a ticket "mine", and an audience that looks at it.
func office(t *testing.T) (*audience.Audience, *queue.State) {
	t.Helper()
	s := new(queue.State)
	for _, a := range []queue.Action{queue.Configure{Config: queue.Default()}, queue.Issue{Ticket: "mine", Channel: "anagrafe"}} {
		if _, _, err := s.Execute(queue.Command{By: "system", Do: a}, start); err != nil {
			t.Fatal(err)
		}
	}
	var one sync.Mutex // as the office's goroutine
	return audience.New(audience.Options{
		Read: func(_ context.Context, _ string, look func(*queue.State, time.Time)) error {
			one.Lock()
			defer one.Unlock()
			look(s, start)
			return nil
		},
		Base: func(string) string { return "https://coda.example.it" },
		Now:  func() time.Time { return start },
		Log:  slog.New(slog.DiscardHandler),
	}), s
}

// idOf names something that the office has, of a kind.
var idOf = map[string]string{"display": "sala", "counter": "2", "totem": "", "public": "", "ticket": "mine"}

// TestKinds watches a view of every kind: it is there at once and after every change, until the
// office lacks what it is about. What the office lacks from the beginning is refused.
func TestKinds(t *testing.T) {
	t.Parallel()
	a, s := office(t)
	hall := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := a.Hub.Serve(w, r, live.Watch{Topic: r.URL.Query().Get("topic")}); err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(hall.Close)
	t.Cleanup(func() { _ = a.Hub.Shutdown(context.Background()) })
	if len(idOf) != len(audience.Kinds) {
		t.Fatalf("%d kinds are tried of %d", len(idOf), len(audience.Kinds))
	}
	next := map[string]func() (string, error){}
	for _, k := range audience.Kinds {
		id, known := idOf[k.Name]
		topic := audience.Topic{Office: "urp", Kind: k.Name, ID: id}
		if err := audience.Missing(s, topic); err != nil || !known || k.ByID != (id != "") {
			t.Errorf("%s: %v", k.Name, err)
		}
		if k.ByID && audience.Missing(s, audience.Topic{Office: "urp", Kind: k.Name, ID: "none"}) == nil {
			t.Errorf("%s: one that there isn't may be watched", k.Name)
		}
		conn, _, err := websocket.DefaultDialer.DialContext(t.Context(), strings.Replace(hall.URL, "http", "ws", 1)+"?topic="+strings.ReplaceAll(topic.String(), "\n", "%0a"), nil)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close() })
		next[k.Name] = func() (string, error) {
			_ = conn.SetReadDeadline(time.Now().Add(10 * time.Second))
			_, b, err := conn.ReadMessage()
			return string(b), err
		}
	}
	if err := audience.Missing(s, audience.Topic{Office: "urp", Kind: "everything"}); err == nil {
		t.Error("a view of an unknown kind may be watched")
	}
	wantAll := func(seq int64, but ...string) {
		t.Helper()
		for name, next := range next {
			got, err := next()
			if slices.Contains(but, name) {
				if err == nil {
					t.Errorf("%s is still shown", name)
				}
				continue
			}
			var m struct {
				Type string
				Seq  int64
			}
			if err := json.Unmarshal([]byte(got), &m); err != nil || m.Type != "view" || m.Seq != seq {
				t.Errorf("%s: %v, %s; want a view at %d", name, err, got, seq)
			}
		}
	}
	wantAll(s.Seq)
	less := *queue.Default()
	less.Displays, less.Counters = less.Displays[1:], slices.DeleteFunc(slices.Clone(less.Counters), func(c queue.Counter) bool { return c.ID == "2" })
	if _, _, err := s.Execute(queue.Command{By: "user/maria", Do: queue.Configure{Config: &less, Version: 1}}, start); err != nil {
		t.Fatal(err)
	}
	a.Changed(engine.Change{Office: "urp", State: s, Now: start})
	wantAll(s.Seq, "display", "counter")
	a.Changed(engine.Change{Office: "urp2", State: s, Now: start}) // another office's is nobody's here
	a.Lost("urp")
	wantAll(0, "display", "counter", "totem", "public", "ticket")
}

// TestPublicIsFresh answers the public view again until it is told of a change, or a second old.
func TestPublicIsFresh(t *testing.T) {
	t.Parallel()
	a, s := office(t)
	public := func() *audience.Public {
		t.Helper()
		p, err := a.Public(t.Context(), "urp")
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	first := public()
	if _, _, err := s.Execute(queue.Command{By: "user/maria", Do: queue.Issue{Ticket: "next", Channel: "anagrafe"}}, start); err != nil {
		t.Fatal(err)
	}
	if public() != first {
		t.Error("made anew, though nothing was told")
	}
	a.Changed(engine.Change{Office: "urp", State: s, Now: start})
	if p := public(); p.View.Seq != s.Seq || p.ETag == first.ETag {
		t.Errorf("after a change: seq %d, want %d; %s", p.View.Seq, s.Seq, p.ETag)
	}
}

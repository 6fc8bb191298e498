package view_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/view"
)

func TestDisplayWriter(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	s := new(queue.State)
	cfg := queue.Default()
	cfg.Notices = []queue.Notice{{ID: "n", Text: queue.Text{"it": `Un "avviso" <b>&`, "en": "A notice"}}}
	for i, a := range []queue.Action{
		queue.Configure{Config: cfg},
		queue.Open{Counter: "2", Operator: "maria"},
		queue.Issue{Ticket: "t1", Channel: "anagrafe"},
		queue.Issue{Ticket: "t2", Channel: "protocollo"},
		queue.Next{Counter: "2"},
	} {
		if _, _, err := s.Execute(queue.Command{ID: fmt.Sprint(i), By: "dev", Do: a}, now); err != nil {
			t.Fatalf("%T: %v", a, err)
		}
	}
	scene := &view.Scene{Office: "urp", State: s, Now: now}
	public := view.NewPublicPage(scene)
	writer, err := view.NewDisplayWriter(scene)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range cfg.Displays {
		v, ok := view.NewDisplayPage(scene, d.ID)
		if !ok {
			t.Fatalf("no display %s", d.ID)
		}
		got, err := writer.Message(v)
		if err != nil {
			t.Fatal(err)
		}
		want, err := json.Marshal(view.Message{Type: "view", Seq: public.Seq, At: public.At, View: v})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(decode(t, want), decode(t, got)); diff != "" {
			t.Errorf("display %s (-json.Marshal +Message):\n%s", d.ID, diff)
		}
		if len(got) != len(want) { // a name may stand twice in what decodes well
			t.Errorf("display %s: %d bytes, want %d: %s", d.ID, len(got), len(want), got)
		}
	}
}

func decode(t *testing.T, b []byte) (v any) {
	t.Helper()
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatalf("%v: %s", err, b)
	}
	return v
}

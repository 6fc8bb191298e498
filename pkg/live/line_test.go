package live_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"

	"github.com/eliminacode/eliminacode/pkg/live"
)

// TestOneViewerAlone has two viewers of one topic, each of whom is heard and answered alone.
func TestOneViewerAlone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRoom(t, live.Options{})
		var heard []string
		var lines []*live.Line
		left := map[*live.Line]int{}
		r.hear = func(from *live.Line, message []byte) {
			heard, lines = append(heard, string(message)), append(lines, from)
		}
		r.left = func(l *live.Line) { left[l]++ }
		one, other := r.dial(t, "a", nil), r.dial(t, "a", nil)
		say := func(conn *websocket.Conn, kind int, message string) {
			t.Helper()
			if err := conn.WriteMessage(kind, []byte(message)); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
		}
		say(one, websocket.TextMessage, "I am one")
		say(one, websocket.BinaryMessage, "not text")
		say(other, websocket.TextMessage, "I am other")
		if len(heard) != 2 || heard[0] != "I am one" || heard[1] != "I am other" || lines[0] == lines[1] {
			t.Fatalf("heard %q on %v", heard, lines)
		}
		if !lines[0].Send("sound", []byte("yours")) {
			t.Error("nobody there")
		}
		read(t, one, "yours")
		r.hub.Publish("a", []byte("view"))
		read(t, one, "view")
		read(t, other, "view") // and nothing before it
		_ = one.Close()
		synctest.Wait()
		if len(left) != 1 || left[lines[0]] != 1 {
			t.Errorf("left: %v", left)
		}
		if lines[0].Send("sound", []byte("yours")) {
			t.Error("sent to one that has gone")
		}
		r.hub.Publish("a", []byte("view 2"))
		read(t, other, "view 2")
	})
}

// TestNotesOfASlowViewer has one that takes nothing while it is told more and more.
func TestNotesOfASlowViewer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRoom(t, live.Options{})
		var line *live.Line
		r.hear = func(from *live.Line, _ []byte) { line = from }
		conn := r.dial(t, "a", nil)
		if err := conn.WriteMessage(websocket.TextMessage, []byte("hello")); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		line.Send("first", []byte("first")) // is being written, to somebody who doesn't read
		synctest.Wait()
		for _, kind := range []string{"a", "b", "c", "d"} {
			if !line.Send(kind, []byte("old "+kind)) {
				t.Errorf("no room for %s", kind)
			}
		}
		if line.Send("e", []byte("e")) {
			t.Error("room without end")
		}
		if !line.Send("b", []byte("new b")) {
			t.Error("no room for a newer one of its kind")
		}
		for _, want := range []string{"first", "old a", "new b", "old c", "old d"} {
			read(t, conn, want)
		}
		line.Send("late", []byte("late")) // it never takes this one, and is cut as for a view
		time.Sleep(11 * time.Second)
		if s := r.hub.Stats(); s.Slow != 1 || s.Viewers != 0 {
			t.Errorf("%+v", s)
		}
	})
}

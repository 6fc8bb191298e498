package live

import (
	"io"
	"slices"
	"sync"

	"github.com/gorilla/websocket"
)

// maxNotes is how many kinds of messages may wait for one viewer alone.
const maxNotes = 4

// Line is the way to and from one viewer alone, see [Watch.Hear]. Its methods may be called from
// several goroutines at once.
type Line struct {
	viewer *viewer
	hear   func(*Line, []byte)
	left   func(*Line)

	mu    sync.Mutex
	notes []note
}

// note is a message for one viewer alone that isn't written yet.
type note struct {
	kind  string
	frame *websocket.PreparedMessage
}

// Send has a message sent to this viewer alone, beside the views of its topic. It doesn't wait. A
// message of the same kind that isn't written yet is replaced. It answers false if the viewer has
// gone, or is so slow that four other kinds wait for it.
func (l *Line) Send(kind string, message []byte) bool {
	n := note{kind, prepare(websocket.TextMessage, message)}
	l.mu.Lock()
	switch i := slices.IndexFunc(l.notes, func(n note) bool { return n.kind == kind }); {
	case i >= 0:
		l.notes[i] = n
	case len(l.notes) == maxNotes:
		l.mu.Unlock()
		return false
	default:
		l.notes = append(l.notes, n)
	}
	l.mu.Unlock()
	return l.viewer.wake()
}

// flush writes what waits.
func (l *Line) flush() error {
	l.mu.Lock()
	notes := l.notes
	l.notes = nil
	l.mu.Unlock()
	for _, n := range notes {
		if err := l.viewer.conn.WritePreparedMessage(n.frame); err != nil {
			return err
		}
	}
	return nil
}

// next waits for the viewer's next message, and tells it if it is text.
func (l *Line) next() error {
	kind, r, err := l.viewer.conn.NextReader()
	if err != nil || kind != websocket.TextMessage {
		return err
	}
	message, err := io.ReadAll(r)
	if err == nil {
		l.hear(l, message)
	}
	return err
}

package escpos

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"
)

const (
	// chunk is how much is handed over at once: each piece has the profile's time to go.
	chunk = 4096
	// idleRead is how long to rest when a device says that it has nothing, as usblp may at once.
	idleRead = 20 * time.Millisecond
	// backlog is how many answers are kept; nobody is asked that many questions.
	backlog = 256
)

// duplex is what bytes go through: a connection, or a device's file.
type duplex interface {
	io.ReadWriteCloser
	SetWriteDeadline(t time.Time) error
}

// line is an open way to a printer. A goroutine reads what the printer says until the line is
// closed or broken.
type line struct {
	conn    duplex
	answers chan Answer
	gone    chan struct{} // the reader has ended
	stop    chan struct{}
	once    sync.Once
}

// newLine starts to listen. heard, if any, is told of what the printer says unasked.
func newLine(conn duplex, w WayBack, pauses bool, heard func(Answer)) *line {
	l := &line{conn: conn, answers: make(chan Answer, backlog), gone: make(chan struct{}), stop: make(chan struct{})}
	go l.listen(NewDecoder(w), pauses, heard)
	return l
}

// listen reads until the end. On a device that pauses, reading nothing isn't the end.
func (l *line) listen(decoder *Decoder, pauses bool, heard func(Answer)) {
	defer close(l.gone)
	buf := make([]byte, 512)
	for {
		n, err := l.conn.Read(buf)
		for _, answer := range decoder.Decode(buf[:n]) {
			if answer.Kind == Automatic && heard != nil {
				heard(answer)
			}
			l.keep(answer)
		}
		if err != nil && (!pauses || !errors.Is(err, io.EOF)) {
			return
		}
		if n == 0 && !l.rest() {
			return
		}
	}
}

// keep puts an answer where it is waited for; the oldest gives way.
func (l *line) keep(answer Answer) {
	for {
		select {
		case l.answers <- answer:
			return
		default:
		}
		select {
		case <-l.answers:
		default:
		}
	}
}

// rest waits a moment, and reports whether the line is still wanted.
func (l *line) rest() bool {
	select {
	case <-l.stop:
		return false
	case <-time.After(idleRead):
		return true
	}
}

// broken reports whether nothing will be heard any longer.
func (l *line) broken() bool {
	select {
	case <-l.gone:
		return true
	default:
		return false
	}
}

// forget drops what was said before, so that it isn't taken for the answer to what is asked next.
func (l *line) forget() {
	for {
		select {
		case <-l.answers:
		default:
			return
		}
	}
}

// send hands bytes over, each piece within a time, and returns how many went. It doesn't stop
// halfway because nobody waits any longer, but then it hurries.
func (l *line) send(ctx context.Context, data []byte, within time.Duration) (int, error) {
	defer context.AfterFunc(ctx, func() { _ = l.conn.SetWriteDeadline(time.Now().Add(lastWords)) })()
	sent := 0
	for sent < len(data) {
		if ctx.Err() != nil {
			within = min(within, lastWords)
		}
		if err := l.conn.SetWriteDeadline(time.Now().Add(within)); err != nil {
			return sent, err
		}
		n, err := l.conn.Write(data[sent:min(sent+chunk, len(data))])
		if sent += n; err != nil {
			return sent, err
		}
	}
	return sent, nil
}

// await returns the next answer of a kind, or false if none came in time.
func (l *line) await(ctx context.Context, kind Kind, within time.Duration) (Answer, bool) {
	timer := time.NewTimer(within)
	defer timer.Stop()
	for {
		select {
		case answer := <-l.answers:
			if answer.Kind == kind {
				return answer, true
			}
			continue
		default:
		}
		select {
		case answer := <-l.answers:
			if answer.Kind == kind {
				return answer, true
			}
		case <-l.gone:
			if len(l.answers) == 0 {
				return Answer{}, false
			}
		case <-timer.C:
			return Answer{}, false
		case <-ctx.Done():
			return Answer{}, false
		}
	}
}

// finish closes the line once the printer has, or after a while: a printer without a way back that
// is closed upon may lose the end of the job.
func (l *line) finish(within time.Duration) {
	if half, ok := l.conn.(interface{ CloseWrite() error }); ok && half.CloseWrite() == nil {
		select {
		case <-l.gone:
		case <-time.After(within):
		}
	}
	l.close()
}

// close ends the line and waits for its reader.
func (l *line) close() {
	l.once.Do(func() {
		close(l.stop)
		_ = l.conn.Close() // nothing is lost: what matters was answered
	})
	<-l.gone
}

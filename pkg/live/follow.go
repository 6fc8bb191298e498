package live

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/gorilla/websocket"
)

const (
	// dialWait is how long a connection may take to be made.
	dialWait = 5 * time.Second
	// followMax is the longest message that is taken from a server, in bytes.
	followMax = 4 << 20
)

// Refused is a server's answer over HTTP to somebody who wanted to follow one of its views.
type Refused struct{ Status int }

func (r *Refused) Error() string { return fmt.Sprintf("live: the server answers %d", r.Status) }

// Follow is the other end of [Hub.Serve]: it connects to a WebSocket and tells each message until
// the connection or ctx ends, and returns why. silence is how long the server may say nothing, not
// even a pulse or a ping. It returns a *[Refused] if the server doesn't let it in.
func Follow(ctx context.Context, url string, header http.Header, silence time.Duration, tell func(message []byte)) error {
	dialer := websocket.Dialer{HandshakeTimeout: dialWait, ReadBufferSize: 16 << 10}
	conn, answer, err := dialer.DialContext(ctx, url, header)
	if answer != nil && err != nil {
		return &Refused{answer.StatusCode}
	}
	if err != nil {
		return fmt.Errorf("live: follow: %w", err)
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	conn.SetReadLimit(followMax)
	alive := func() { _ = conn.SetReadDeadline(time.Now().Add(silence)) }
	pong := conn.PingHandler()
	conn.SetPingHandler(func(data string) error {
		alive()
		return pong(data)
	})
	for {
		alive()
		_, message, err := conn.ReadMessage()
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err != nil {
			return fmt.Errorf("live: follow: %w", err)
		}
		tell(message)
	}
}

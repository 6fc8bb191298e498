// Package client is the API's client in Go: what the totem's agent, the demo and tests say to a
// server. It repeats nothing and keeps nothing; that is for those who know what a call means.
package client

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/eliminacode/eliminacode/pkg/live"
)

// answerMax is the longest answer that is read, in bytes.
const answerMax = 4 << 20

// Client makes calls in somebody's name.
type Client struct {
	Server string // "http://server:8080"
	Token  string // of a device or session; empty: nobody's
	Office string // whose calls; empty: the default one's
	// As is the totem that the development token stands in for; empty: as the server has it.
	As   string
	HTTP *http.Client
}

// Call is one call of the API.
type Call struct {
	Method, Path string // below /api/v1, see also [Client.Of]
	Body         any    // sent as JSON; nil: none
	Key          string // Idempotency-Key; empty: none
	Language     string // of messages; empty: the server's
}

// Error is a refusal, or what something on the way to the server answered: that has no code.
type Error struct {
	Status int
	Code   string `json:"code"`
	Reason string `json:"reason"`
	Text   string `json:"message"`
	Body   []byte // as it was sent
}

func (e *Error) Error() string {
	return fmt.Sprintf("the server answers %d: %s", e.Status, cmp.Or(e.Text, e.Code, "nothing to understand"))
}

// Away reports whether an error tells that the server couldn't answer, rather than that it refused.
// What became of the call isn't known then.
func Away(err error) bool {
	return err != nil && (Status(err) == 0 || Status(err) >= http.StatusInternalServerError)
}

// Status is the status of a server's refusal; 0 for any other error. What has no code comes from
// something on the way, such as a proxy or a guest network's page, whatever its status says.
func Status(err error) int {
	if refused, ok := errors.AsType[*Error](err); ok && refused.Code != "" {
		return refused.Status
	}
	return 0
}

// Of is the path of a call that is about the client's office.
func (c *Client) Of(path string) string {
	if c.Office == "" {
		return path
	}
	return "/offices/" + url.PathEscape(c.Office) + path
}

func (c *Client) as() string {
	if c.As == "" {
		return ""
	}
	return "?totem=" + url.QueryEscape(c.As)
}

// Do makes a call and reads its answer into out, unless that is nil or there is none. It returns an
// *[Error] for a refusal.
func (c *Client) Do(ctx context.Context, call Call, out any) error {
	body, err := c.send(ctx, call)
	if err != nil || out == nil || len(body) == 0 {
		return err
	}
	if err := json.Unmarshal(body, out); err != nil {
		return fmt.Errorf("%s %s: %w", call.Method, call.Path, err)
	}
	return nil
}

func (c *Client) send(ctx context.Context, call Call) ([]byte, error) {
	var sent io.Reader = http.NoBody
	if call.Body != nil {
		b, err := json.Marshal(call.Body)
		if err != nil {
			return nil, err
		}
		sent = bytes.NewReader(b)
	}
	r, err := http.NewRequestWithContext(ctx, call.Method, c.Server+"/api/v1"+call.Path+c.as(), sent)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Accept", "application/json")
	for name, value := range map[string]string{"Idempotency-Key": call.Key, "Accept-Language": call.Language} {
		if value != "" {
			r.Header.Set(name, value)
		}
	}
	if call.Body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if c.Token != "" {
		r.Header.Set("Authorization", "Bearer "+c.Token)
	}
	answer, err := c.HTTP.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, answerMax))
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", call.Method, call.Path, err)
	}
	if answer.StatusCode < http.StatusMultipleChoices {
		return body, nil
	}
	failed := struct{ Error *Error }{&Error{}}
	_ = json.Unmarshal(body, &failed) // what before the server answered may be no JSON
	if failed.Error == nil {
		failed.Error = &Error{}
	}
	failed.Error.Status, failed.Error.Body = answer.StatusCode, body
	return nil, failed.Error
}

// Follow watches a view until the connection or ctx ends, and returns why. The server gives a pulse
// every few seconds: it may be silent for as long as that.
func (c *Client) Follow(ctx context.Context, view url.Values, silence time.Duration, tell func(message []byte)) error {
	header := http.Header{}
	if c.Token != "" {
		header.Set("Authorization", "Bearer "+c.Token)
	}
	view.Set("tick", "1")
	if c.As != "" {
		view.Set("totem", c.As)
	}
	address := "ws" + strings.TrimPrefix(c.Server, "http") + "/api/v1" + c.Of("/ws") + "?" + view.Encode()
	return live.Follow(ctx, address, header, silence, tell)
}

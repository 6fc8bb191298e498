package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// Wish is what a citizen asks a totem for.
type Wish struct {
	Channel  string     `json:"channel"`
	Class    string     `json:"class,omitempty"`
	Language string     `json:"language,omitempty"`
	Slot     *time.Time `json:"slot,omitempty"`
}

// Order is a wish as a totem hands it on, with the id that the ticket will have.
type Order struct {
	Wish
	Ticket string `json:"ticket"`
	Print  bool   `json:"print"`
}

// Block is a range of numbers that a totem gives by itself while the server is away.
type Block struct {
	Letter string `json:"letter"`
	From   int    `json:"from"`
	To     int    `json:"to"`
}

// Leases are all blocks of a totem, and the server's time.
type Leases struct {
	Blocks []Block   `json:"blocks"`
	At     time.Time `json:"at"`
}

// Printed is what became of a ticket's paper.
type Printed struct {
	Result string `json:"result"`
	Reason string `json:"reason,omitempty"`
	Copy   *int   `json:"copy,omitempty"` // nil: the last one
}

// Offline is a ticket that a totem gave by itself.
type Offline struct {
	Ticket   string    `json:"ticket"`
	Number   string    `json:"number"`
	Channel  string    `json:"channel"`
	Class    string    `json:"class,omitempty"`
	Language string    `json:"language,omitempty"`
	IssuedAt time.Time `json:"issued_at"`
	Printed  string    `json:"printed"`
	Reason   string    `json:"reason,omitempty"`
}

// TotemStatus is how a totem is.
type TotemStatus struct {
	Printer PrinterStatus `json:"printer"`
	Unsent  int           `json:"unsent"`
	Screen  string        `json:"screen,omitempty"`
	Version string        `json:"version"`
	Refused []Refused     `json:"refused,omitempty"` // the office didn't take them
}

// Refused is a ticket that a totem gave by itself and the office didn't take.
type Refused struct {
	Number   string    `json:"number"`
	IssuedAt time.Time `json:"issued_at"`
	Reason   string    `json:"reason"` // of the refusal, by name
}

// PrinterStatus is how a totem's printer is.
type PrinterStatus struct {
	State  string `json:"state"`
	Reason string `json:"reason,omitempty"`
}

// about makes a call that is about a ticket, and returns that, as JSON. Any other answer is an
// error: it isn't the server's, and what became of the call isn't known.
func (c *Client) about(ctx context.Context, id string, call Call) (ticket json.RawMessage, err error) {
	if err := c.Do(ctx, call, &ticket); err != nil {
		return nil, err
	}
	var got struct{ ID string }
	if err := json.Unmarshal(ticket, &got); err != nil || got.ID != id {
		return nil, fmt.Errorf("%s %s: the answer isn't about the ticket", call.Method, call.Path)
	}
	return ticket, nil
}

// Issue has the server give a ticket, as JSON.
func (c *Client) Issue(ctx context.Context, o Order, language string) (ticket json.RawMessage, err error) {
	return c.about(ctx, o.Ticket, Call{Method: http.MethodPost, Path: c.Of("/tickets"), Body: o, Key: o.Ticket, Language: language})
}

// Invite is what somebody wants a ticket for, who wants it on the phone alone.
type Invite struct {
	Channel  string `json:"channel"`
	Class    string `json:"class,omitempty"`
	Language string `json:"language,omitempty"`
}

// Invite makes an address that becomes a ticket once it is opened, as JSON.
func (c *Client) Invite(ctx context.Context, in Invite, language string) (invitation json.RawMessage, err error) {
	err = c.Do(ctx, Call{Method: http.MethodPost, Path: c.Of("/invitations"), Body: in, Language: language}, &invitation)
	return invitation, err
}

// Ticket reads a ticket, as JSON.
func (c *Client) Ticket(ctx context.Context, id string) (ticket json.RawMessage, err error) {
	return c.about(ctx, id, Call{Method: http.MethodGet, Path: c.ticketPath(id)})
}

// Cancel gives a ticket's place up.
func (c *Client) Cancel(ctx context.Context, id, language string) (ticket json.RawMessage, err error) {
	return c.about(ctx, id, Call{Method: http.MethodDelete, Path: c.ticketPath(id), Language: language})
}

// Reprint wants a ticket printed again: the totem that is to do so finds it in its view.
func (c *Client) Reprint(ctx context.Context, id, key, language string) (ticket json.RawMessage, err error) {
	call := Call{Method: http.MethodPost, Path: c.ticketPath(id) + "/reprint", Body: struct{}{}, Key: key, Language: language}
	return c.about(ctx, id, call)
}

// Copied tells of a copy that was printed while the server was away. The key has it count once.
func (c *Client) Copied(ctx context.Context, id, key, result, reason string) error {
	body := struct {
		Made   string `json:"made"`
		Reason string `json:"reason,omitempty"`
	}{result, reason}
	return c.Do(ctx, Call{Method: http.MethodPost, Path: c.ticketPath(id) + "/reprint", Body: body, Key: key}, nil)
}

// Printed tells what became of a ticket's paper.
func (c *Client) Printed(ctx context.Context, id string, p Printed) error {
	_, err := c.about(ctx, id, Call{Method: http.MethodPost, Path: c.ticketPath(id) + "/printed", Body: p})
	return err
}

// HandOver tells of a ticket that was given while the server was away. To do it again is harmless.
func (c *Client) HandOver(ctx context.Context, o Offline) error {
	_, err := c.about(ctx, o.Ticket, Call{Method: http.MethodPost, Path: c.Of("/tickets/offline"), Body: o})
	return err
}

// Lease asks for the totem's blocks of numbers; fresh ones for a totem that doesn't know which of
// them it has used: by the same key the same ones, however often it has to ask.
func (c *Client) Lease(ctx context.Context, fresh bool, key string) (l Leases, err error) {
	body := struct {
		Fresh bool `json:"fresh"`
	}{fresh}
	err = c.Do(ctx, Call{Method: http.MethodPost, Path: c.Of("/leases"), Body: body, Key: key}, &l)
	if err == nil && l.At.IsZero() {
		err = errors.New("the answer has no time: it isn't the server's")
	}
	return l, err
}

// Report tells how a totem is.
func (c *Client) Report(ctx context.Context, s TotemStatus) error {
	return c.Do(ctx, Call{Method: http.MethodPost, Path: c.Of("/totems/status"), Body: s}, nil)
}

func (c *Client) ticketPath(id string) string { return c.Of("/tickets/" + url.PathEscape(id)) }

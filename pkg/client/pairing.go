package client

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// Asked is a pairing that waits for an administrator to confirm its code.
type Asked struct {
	ID         string    `json:"id"`
	Code       string    `json:"code"`
	Secret     string    `json:"secret"` // the device's token once the code is confirmed
	ConfirmURL string    `json:"confirm_url"`
	QR         string    `json:"qr"` // of that address, an image as a data URL
	ExpiresAt  time.Time `json:"expires_at"`
}

// Paired says how far a pairing is.
type Paired struct {
	State  string `json:"state"` // waiting or paired
	Kind   string `json:"kind"`
	Office string `json:"office"`
	Target string `json:"target"`
}

// AskPairing asks for a code for a totem.
func (c *Client) AskPairing(ctx context.Context, target string) (a Asked, err error) {
	body := map[string]string{"kind": "totem", "target": target}
	err = c.Do(ctx, Call{Method: http.MethodPost, Path: "/pairings", Body: body}, &a)
	return a, err
}

// Pairing says how far a pairing is; the client's token is the pairing's secret.
func (c *Client) Pairing(ctx context.Context, id string) (p Paired, err error) {
	err = c.Do(ctx, Call{Method: http.MethodGet, Path: "/pairings/" + url.PathEscape(id)}, &p)
	return p, err
}

// Redeem uses up an invitation's code and returns the device's token.
func (c *Client) Redeem(ctx context.Context, code, language string) (token string, p Paired, err error) {
	var answer struct {
		Device struct{ Kind, Office, Target string }
		Token  string
	}
	call := Call{Method: http.MethodPost, Path: "/pairings/redeem", Body: map[string]string{"code": code}, Language: language}
	err = c.Do(ctx, call, &answer)
	d := answer.Device
	return answer.Token, Paired{State: "paired", Kind: d.Kind, Office: d.Office, Target: d.Target}, err
}

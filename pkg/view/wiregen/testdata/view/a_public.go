// Package view is the fixture of the generator's golden test.
package view

import (
	"encoding/json"
	"time"

	domain "example.test/wire/queue"
)

// Public is what everyone may see.
//
// It has a second paragraph.
type Public struct {
	Header
	// Channels are in the order of the office.
	Channels []Channel                  `json:"channels"`
	Waits    map[domain.ChannelID]*Wait `json:"waits"`
	Ends     []*Wait                    `json:"ends"`
	Grid     [2][]float64               `json:"grid,omitempty"`
	Raw      json.RawMessage            `json:"raw"`
	Any      any                        `json:"any"`
	Code     []byte                     `json:"code"` // base64
	Opens    domain.Clock               `json:"opens"`
	Outcome  *domain.Outcome            `json:"outcome,omitempty"`
	Note     *string                    `json:"note"`
	Big      int64                      `json:"big,string"`
	Point    struct {
		X int `json:"x"`
		Y int `json:"y,omitempty"`
	} `json:"point"`
	Kind    string        `json:"kind" ts:"\"public\" | \"display\""`
	Odd     bool          `json:"odd-name"`
	Page    Page[Channel] `json:"page"`
	Secret  string        `json:"-"`
	private int
}

// Header is shared by all views.
type Header struct {
	Seq domain.Seq `json:"seq"`
	At  time.Time  `json:"at,omitzero"`
}
